//! What is taken out of a page: what a visitor has, and marks on what he cannot see.

use skillcrawl::fetch::browser::Browser;

use crate::rendered_site::{RenderedSite, dom};

/// Elements with an id each, and how they are marked. A missing mark lets an attack in, a false one loses content.
const MARKS: &[(&str, &str, Option<&str>)] = &[
    ("sheet", "<p id=sheet class=adopted>x</p>", Some("display")),
    ("folded", "<p id=folded style='content-visibility:hidden'><b>x</b></p>", Some("display")),
    ("found", "<p id=found hidden=until-found>x</p>", None),
    (
        "auto",
        "<div style='height:9000px'></div><section style='content-visibility:auto'><p id=auto>x</p></section>",
        None,
    ),
    ("collapsed", "<p id=collapsed style='visibility:collapse'>x</p>", Some("visibility")),
    ("row", "<table><tr style='visibility:collapse'><td id=row>x</table>", Some("visibility")),
    ("inset", "<p id=inset style='clip-path:inset(50%)'>x</p>", Some("size")),
    ("side", "<p id=side style='clip-path:inset(0 0 0 100%)'>x</p>", Some("size")),
    ("round", "<p id=round style='clip-path:circle(0px at 50% 50%)'>x</p>", Some("size")),
    ("line", "<p id=line style='clip-path:polygon(0 0, 0 0, 0 100%, 0 100%)'>x</p>", Some("size")),
    ("corner", "<p id=corner style='clip-path:inset(10px)'>x</p>", None),
    ("arrow", "<p id=arrow style='clip-path:polygon(0 0, 100% 50%, 0 100%)'>x</p>", None),
    ("scaled", "<p id=scaled style='transform:scale(0)'>x</p>", Some("size")),
    ("edge", "<p id=edge style='transform:scaleX(0)'>x</p>", Some("size")),
    ("scale", "<p id=scale style='scale:0'>x</p>", Some("size")),
    ("turned", "<p id=turned style='transform:rotate(3deg)'>x</p>", None),
    ("filter", "<p id=filter style='filter:opacity(0)'>x</p>", Some("opacity")),
    ("blur", "<p id=blur style='filter:opacity(0.9)'>x</p>", None),
    ("clear", "<p id=clear style='color:transparent'>x</p>", Some("colour")),
    ("fill", "<p id=fill style='-webkit-text-fill-color:#ffffff01'>x</p>", Some("colour")),
    ("ground", "<div style='background:#123'><p id=ground style='color:#112234'>x</p></div>", Some("colour")),
    ("card", "<div style='background:#123'><p id=card style='color:#fff'>x</p></div>", None),
    (
        "rainbow",
        "<p id=rainbow style='color:transparent;background:linear-gradient(red,blue);background-clip:text'>x</p>",
        None,
    ),
    ("picture", "<div style='background:url(/a.png)'><p id=picture style='color:#fff'>x</p></div>", None),
    ("opaque", "<p id=opaque style='opacity:0;transition:opacity 1s'>x</p>", Some("opacity")),
    ("pulsing", "<p id=pulsing style='opacity:0;animation:wobble 1s infinite'>x</p>", Some("opacity")),
    ("fading", "<p id=fading style='opacity:0;animation:appear 60s forwards'>x</p>", None),
    ("aos", "<div style='height:5000px'></div><p id=aos class=aos>x</p>", None),
    ("scrolled", "<p id=scrolled class=aos>x</p>", None),
    ("tiny", "<p id=tiny style='font-size:1px'>x</p>", Some("size")),
    ("small", "<p id=small style='font-size:7px'>x</p>", None),
    ("numbers", "<pre><span id=numbers style='user-select:none'>1</span> code</pre>", None),
    (
        "reader",
        "<p id=reader style='position:absolute;width:1px;height:1px;clip:rect(0,0,0,0);overflow:hidden'>x</p>",
        Some("size"),
    ),
    ("left", "<p id=left style='position:absolute;left:-9999px'>x</p>", Some("offscreen")),
    (
        "right",
        "<div style='overflow:hidden'><p id=right style='position:relative;left:9999px'>x</p></div>",
        Some("offscreen"),
    ),
    (
        "table",
        "<div style='overflow-x:auto;width:300px'><p style='width:9000px;position:relative'>x<b id=table style='position:absolute;left:6000px'>x</b></p></div>",
        None,
    ),
    ("indent", "<p id=indent style='text-indent:-9999px'>x</p>", Some("offscreen")),
    ("refused", "<p>x <img id=refused src=/a.png alt=x></p>", None),
    ("later", "<p>x <img id=later loading=lazy src=/a.png alt=x></p>", None),
    (
        "instead",
        "<img id=instead src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' data-src=/a.png alt=x>",
        None,
    ),
    ("pixel", "<img id=pixel src=/a.png width=1 height=1 alt=x>", Some("size")),
    ("closed", "<dialog id=closed>x</dialog>", Some("display")),
    ("opened", "<dialog id=opened>x</dialog>", None),
    ("details", "<details><summary>s</summary><p id=details>x</p></details>", None),
    ("inline", "<p id=inline class=shown style='display:none;opacity:0;color:red'>x</p>", None),
];

const STYLE: &str = "<style>
    @keyframes wobble { from { margin-left: 0 } to { margin-left: 5px } }
    @keyframes appear { from { opacity: 0 } to { opacity: 1 } }
    .aos { opacity: 0; transition: opacity 20s } .aos.in { opacity: 1 }
    .shown { display: block !important; opacity: 1 !important }
    </style>";

const SCRIPT: &str = "<script>
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('.adopted { display: none }');
    document.adoptedStyleSheets = [sheet];
    opened.show();
    new IntersectionObserver((entries) => entries.forEach((entry) => {
        if (entry.isIntersecting) entry.target.classList.add('in');
    }), { threshold: 0.5 }).observe(aos);
    addEventListener('scroll', () => {
        if (scrolled.getBoundingClientRect().top < innerHeight) scrolled.classList.add('in');
    });
    </script>";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_visitor_cannot_see_is_marked_and_nothing_else() {
    let site = RenderedSite::serve(&[]).await;
    let elements: String = MARKS.iter().map(|(_, html, _)| *html).collect();
    let html = format!("<!DOCTYPE html>{STYLE}<main>{elements}</main>{SCRIPT}");
    let html = dom(site.render_alone(&html).await).html;
    let wrong: Vec<String> = MARKS
        .iter()
        .filter_map(|(id, _, expected)| {
            let (_, rest) =
                html.split_once(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("no {id}: {html}"));
            let tag = rest.split('>').next().unwrap();
            let mark = tag.split_once("data-skillcrawl-hidden=\"").map(|(_, why)| why.trim_end_matches('"'));
            (mark != *expected).then(|| format!("{id}: {mark:?} instead of {expected:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}\n{html}", wrong.join("\n"));
    assert!(html.contains("<p id=\"inline\" class=\"shown\" style=\";color:red\">x</p>"), "{html}");
}

/// What is served, and what is taken.
const TAKEN: &[(&str, &str)] = &[
    (
        "<input type=checkbox checked><input type=checkbox><input type=radio name=r>",
        "<input type=\"checkbox\"><input type=\"checkbox\" checked=\"\"><input type=\"radio\" name=\"r\" checked=\"\">",
    ),
    ("<input id=typed value=before>", "<input id=\"typed\" value=\"typed in\">"),
    ("<input type=password value=a id=secret>", "<input type=\"password\" value=\"a\" id=\"secret\">"),
    ("<textarea id=area>before</textarea>", "<textarea id=\"area\">\n\n\n&lt;after&gt;</textarea>"),
    (
        "<select><option selected>one<option id=two>two</select>",
        "<option>one</option><option id=\"two\" selected=\"\">two</option>",
    ),
    (
        "<details id=more><summary>s</summary>x</details>",
        "<details id=\"more\" open=\"\"><summary>s</summary>x</details>",
    ),
    (
        "<x-declared><template shadowrootmode=open><b>in</b> <slot name=a>by default</slot><slot></slot></template>light</x-declared>",
        "<x-declared><b>in</b> by defaultlight</x-declared>",
    ),
    ("<x-closed></x-closed>", "<x-closed><i>behind closed doors</i></x-closed>"),
    ("<iframe srcdoc='<p>out <iframe srcdoc=&quot;<p>and in</p>&quot;></iframe>'></iframe>", "<p>and in</p>"),
    ("<iframe src='/frame.html'></iframe>", "<input value=\"in a frame\">"),
    (
        "<picture><source srcset='/wide.png 2x, /narrow.png'><img alt=a></picture>",
        "<img alt=\"a\" src=\"{base}narrow.png\">",
    ),
    (
        "<img src='data:image/gif;base64,R0lGODlhAQABAAAAACw=' srcset='/real.png 1x' alt=b>",
        "<img src=\"{base}real.png\" srcset=\"/real.png 1x\" alt=\"b\">",
    ),
    ("<canvas width=5>drawn</canvas>", "<canvas width=\"5\">drawn</canvas>"),
];

const CHANGES: &str = "<script>
    const [one, two_, three] = document.querySelectorAll('input');
    one.checked = false; two_.checked = true; three.checked = true;
    typed.value = 'typed in'; secret.value = 'secret'; area.value = '\\n\\n<after>'; two.selected = true; more.open = true;
    customElements.define('x-closed', class extends HTMLElement {
        constructor() { super(); this.attachShadow({ mode: 'closed' }).innerHTML = '<i>behind closed doors</i>'; }
    });
    </script>";

#[tokio::test(flavor = "multi_thread")]
async fn the_state_of_a_page_is_taken_and_not_what_it_was_served_as() {
    let site = RenderedSite::serve(&[(
        "/frame.html",
        "text/html",
        "<input id=i><script>i.value = 'in a frame'; i.removeAttribute('id')</script>",
    )])
    .await;
    let elements: String = TAKEN.iter().map(|(served, _)| *served).collect();
    let browser = Browser::launch(site.options()).await.unwrap();
    let html = format!("<!DOCTYPE html><main>{elements}</main>{CHANGES}");
    let html = dom(site.render(&browser, "page", &html).await).html;
    browser.close().await;
    for (_, taken) in TAKEN {
        let taken = taken.replace("{base}", site.base.as_str());
        assert!(html.contains(&taken), "no `{taken}` in {html}");
    }
    assert!(!html.contains("secret\" value=\"secret") && !html.contains("value=\"secret"), "{html}");
}

/// Elements with an id are properties of the global object, in every world of the page.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_may_call_its_elements_as_it_likes() {
    let site = RenderedSite::serve(&[]).await;
    let browser = Browser::launch(site.options()).await.unwrap();
    let html = "<!DOCTYPE html><main><h1 id=skillcrawl>skillcrawl</h1><form id=document></form>\
        <p id=performance>words</p><a id=getComputedStyle>here</a></main>";
    let taken = dom(site.render(&browser, "page", html).await);
    browser.close().await;
    assert!(taken.settled && taken.html.contains("<h1 id=\"skillcrawl\">skillcrawl</h1>"), "{}", taken.html);
}
