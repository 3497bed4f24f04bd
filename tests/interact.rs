//! What the browser clicks and scrolls to see all of a page: pages that behave as the frameworks do, read to Markdown
//! with the profiles of the binary. Where there is no Chromium and none can be installed, these tests fail.

#![expect(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests fail as tests do")]

#[path = "support/chrome.rs"]
mod chrome;
#[expect(dead_code, reason = "the truth about the pages is for other tests")]
#[path = "support/generated.rs"]
mod generated;
#[path = "interact/libraries.rs"]
mod libraries;
#[expect(dead_code, reason = "what was asked for is for other tests")]
#[path = "support/server.rs"]
mod server;
#[path = "interact/site.rs"]
mod site;

use std::path::Path;

use generated::GeneratedSite;
use server::SiteServer;
use site::{Page, Site};

/// The parts of Hugging Face's doc-builder: rows of `div`s whose options are switched together, with the choice in the
/// query; the panel is filled anew each time.
const HUGGING_FACE: &str = r#"<!DOCTYPE html><title>Loom</title><body>
<div class="SVELTE_HYDRATER" data-target="SideMenu"><nav><a href="/docs/loom/other">Other</a></nav></div>
<div class="prose-doc prose relative"><h1>Loom</h1><p>Weaves from any language.</p>
<div id=app></div><p>That is all.</p></div>
<script>
const chosen = {};
const groups = [];
function row(id, options, before) {
  chosen[id] ??= Object.keys(options)[0];
  app.insertAdjacentHTML('beforeend', before + '<div class="flex space-x-2"></div> <div class="language-select"></div>');
  const panel = app.lastElementChild, row = panel.previousElementSibling;
  const tabs = Object.keys(options).map((option) => {
    const tab = document.createElement('div');
    tab.textContent = option;
    tab.onclick = () => {
      chosen[id] = option;
      history.replaceState(history.state, '', '?' + id + '=' + option);
      groups.forEach((draw) => draw());
    };
    row.append(tab);
    return tab;
  });
  const draw = () => {
    tabs.forEach((tab) => { tab.className = 'flex rounded-lg ' + (chosen[id] === tab.textContent ? 'bg-black' : 'cursor-pointer'); });
    panel.innerHTML = options[chosen[id]];
  };
  groups.push(draw);
  draw();
}
const code = (language, text) => `<div class="code-block relative"><pre class="language-${language} ">${text}</pre></div>`;
row('lang', { Python: '<p>With pip.</p>' + code('python', 'import loom'), Rust: code('rust', 'use loom;'), Node: '' }, '<h2>Install</h2>');
row('lang', { Python: code('python', 'loom.weave()'), Rust: code('rust', 'loom::weave()'), Node: code('js', 'loom.weave(1)') }, '<h2>Use</h2>');
row('task', { SFT: '<p>Supervised.</p>', DPO: '<p>Preferences.<span style="display:none">ignore all of this</span></p>' }, '<h2>Train</h2>');
</script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn hugging_face_fills_a_panel_when_its_tab_is_chosen() {
    let page = Site::serve(&[]).await.read(HUGGING_FACE).await;
    assert_eq!(
        page.markdown,
        "# Loom\n\nWeaves from any language.\n\n## Install\n\n**Python**\n\nWith pip.\n\n```python\nimport loom\n```\n\n\
         **Rust**\n\n```rust\nuse loom;\n```\n\n## Use\n\n**Python**\n\n```python\nloom.weave()\n```\n\n**Rust**\n\n\
         ```rust\nloom::weave()\n```\n\n**Node**\n\n```javascript\nloom.weave(1)\n```\n\n## Train\n\n**SFT**\n\nSupervised.\n\n\
         **DPO**\n\nPreferences.\n\nThat is all.\n",
    );
    // Python → Rust → Node → Python for both rows at once, SFT → DPO → SFT.
    assert_eq!(page.clicks, 5);
    assert!(page.html.contains("ignore all of this"), "marked, not lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_interactions_only_the_chosen_panel_is_there() {
    let page = Site::serve(&[]).await.without_interactions().read(HUGGING_FACE).await;
    assert!(
        page.markdown.contains("import loom") && !page.markdown.contains("use loom;"),
        "{}",
        page.markdown
    );
    assert_eq!(page.clicks, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_that_are_all_in_the_page_are_not_clicked() {
    let page = Site::serve(&[])
        .await
        .read(
            "<main><h1>T</h1><div class=tabs><div role=tablist><button role=tab aria-selected=true id=a aria-controls=pa>A\
             </button><button role=tab id=b aria-controls=pb>B</button></div><div role=tabpanel id=pa aria-labelledby=a>\
             <p>One panel.</p></div><div role=tabpanel id=pb aria-labelledby=b hidden><p>Two panels.</p></div></div></main>\
             <script>document.querySelector('.tabs').onclick = () => document.body.append('clicked')</script>",
        )
        .await;
    page.check("# T\n\n**A**\n\nOne panel.\n\n**B**\n\nTwo panels.\n");
    assert_eq!(page.clicks, 0);
}

/// As Nextra 4 writes tabs: the row and the panels directly in the text, all panels in the page.
#[tokio::test(flavor = "multi_thread")]
async fn tabs_without_a_wrapper_are_bound_to_their_panels() {
    let page = Site::serve(&[])
        .await
        .read(
            "<!DOCTYPE html><title>t</title><article><main><h1>Loose</h1><p>Text that stands before the tabs, long enough to be \
             no caption of them.</p><div role=tablist><button role=tab id=ta aria-controls=a aria-selected=true>A</button>\
             <button role=tab id=tb aria-controls=b>B</button></div><div><div role=tabpanel id=a><p>In A.</p></div>\
             <div role=tabpanel id=b hidden style='display:none'><p>In B.<i style='display:none'>no</i></p></div></div>\
             <p>After the tabs.</p><div role=tablist><button role=tab aria-selected=true>C</button><button role=tab>D</button></div>\
             <div><div role=tabpanel>In C.</div><div role=tabpanel style='display:none'>In D.</div></div></main></article>",
        )
        .await;
    page.check(
        "# Loose\n\nText that stands before the tabs, long enough to be no caption of them.\n\n**A**\n\nIn A.\n\n**B**\n\n\
         In B.\n\nAfter the tabs.\n\n**C**\n\nIn C.\n\n**D**\n\nIn D.\n",
    );
    assert_eq!(page.clicks, 0);
}

/// Tabs inside of a tab, links among the tabs of another row, a panel that comes by `fetch`.
const NESTED: &str = r#"<!DOCTYPE html><title>t</title><main><h1>Nested</h1>
<div><div role=tablist id=outer></div><div role=tabpanel id=panel></div></div>
<div role=tablist><a role=tab href="/a" aria-selected=true>Page A</a><a role=tab href="/b">Page B</a></div><div role=tabpanel>Of page A.</div>
</main><script>
function tabs(row, panel, options) {
  row.innerHTML = Object.keys(options).map((name) => `<button role=tab>${name}</button>`).join('');
  const choose = async (tab) => {
    for (const other of row.children) other.setAttribute('aria-selected', other === tab);
    panel.innerHTML = 'Loading…';
    const text = options[tab.textContent];
    panel.innerHTML = text.startsWith('/') ? await (await fetch(text)).text() : text;
    const inner = panel.querySelector('[role=tablist]');
    if (inner) tabs(inner, inner.nextElementSibling, { pip: '<p>pip install.</p>', uv: '<p>uv add.</p>' });
  };
  for (const tab of row.children) tab.addEventListener('mousedown', () => choose(tab));
  choose(row.firstElementChild);
}
tabs(outer, panel, {
  Linux: '<div role=tablist></div><div role=tabpanel></div>',
  Mac: '/mac?delay=400',
});
</script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn tabs_within_tabs_and_panels_that_are_fetched() {
    let page = Site::serve(&[("/mac", "text/html", "<p>From the server.</p>")]).await.read(NESTED).await;
    page.check(
        "# Nested\n\n**Linux**\n\n**pip**\n\npip install.\n\n**uv**\n\nuv add.\n\n**Mac**\n\nFrom the server.\n\n\
         [Page A](BASE/a)[Page B](BASE/b)\n\nOf page A.\n",
    );
    assert!(page.clicks <= 4, "{}", page.clicks);
}

#[tokio::test(flavor = "multi_thread")]
async fn accordions_of_which_one_closes_the_other_are_all_read() {
    let page = Site::serve(&[])
        .await
        .read(
            "<!DOCTYPE html><title>t</title><main><h1>Questions</h1><p>Some of them are asked often.</p><div id=all></div></main>\
             <script>['One', 'Two', 'Three'].forEach((name) => {\
             all.insertAdjacentHTML('beforeend', `<h3><button aria-expanded=false aria-controls=c${name}>${name}</button></h3>\
             <div id=c${name} hidden></div>`);});\
             all.onclick = ({ target }) => { const open = target.getAttribute('aria-expanded') !== 'true';\
             for (const other of all.querySelectorAll('button')) { const on = other === target && open;\
             other.setAttribute('aria-expanded', on); const panel = document.getElementById('c' + other.textContent);\
             panel.hidden = !on; panel.innerHTML = on ? `<p>Answer ${other.textContent}.</p>` : ''; } };</script>",
        )
        .await;
    for answer in ["Answer One.", "Answer Two.", "Answer Three."] {
        assert!(page.markdown.contains(answer), "{}", page.markdown);
    }
    assert_eq!(page.clicks, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folded_menu_is_opened_and_its_links_are_found() {
    let site = Site::serve(&[]).await;
    let html = "<!DOCTYPE html><title>t</title><nav aria-label='Docs sidebar'><ul><li><a href=/one>One</a></li><li id=more>\
             <button aria-expanded=false>More</button></li><li><button aria-expanded=false aria-haspopup=menu>Version\
             </button></li></ul></nav><main><h1>Hello</h1><p>The menu holds more than it shows.</p></main><script>\
             document.addEventListener('click', ({ target }) => { if (target.ariaExpanded !== 'false') return;\
             target.ariaExpanded = true; const inner = target.textContent === 'More' ?\
             '<li><a href=/two>Two</a></li><li><button aria-expanded=false>Deeper</button></li>' : '<li><a href=/three>Three</a></li>';\
             target.insertAdjacentHTML('afterend', `<ul>${inner}</ul>`); });</script>";
    let page = site.read(html).await;
    assert_eq!(page.links, ["/one", "/two", "/three"]);
    assert_eq!(page.clicks, 2);
    let again = site.read(html).await;
    assert_eq!((again.links.len(), again.clicks), (1, 2), "a menu is the same on all pages");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_box_is_declined_and_left_out() {
    let page = Site::serve(&[])
        .await
        .read(
            "<!DOCTYPE html><title>t</title><main id=m><h1>Hello</h1><p>This page has some text of its own.</p></main>\
             <div id=onetrust-consent-sdk><p>We value your privacy.</p><button id=accept>Accept</button>\
             <button id=onetrust-reject-all-handler>Reject</button></div><script>\
             accept.onclick = () => m.append('accepted');\
             document.getElementById('onetrust-reject-all-handler').onclick = () => m.append('declined');</script>",
        )
        .await;
    assert!(page.markdown.contains("declined") && !page.markdown.contains("accepted"), "{}", page.markdown);
    assert!(!page.html.contains("We value"), "{}", page.html);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_loaded_on_scrolling_is_there_where_the_profile_says_so() {
    let html = "<!DOCTYPE html><title>t</title><main><h1>List</h1><p>It grows on scrolling.</p><div id=box \
        style='height:200px;overflow:auto'></div></main><script>let next = 1; const add = () => {\
        for (let i = 0; i < 10 && next <= 45; i += 1) box.insertAdjacentHTML('beforeend', `<p>Line ${next++}</p>`); };\
        add(); box.onscroll = () => { if (box.scrollTop + box.clientHeight > box.scrollHeight - 20) add(); };</script>";
    let site = Site::serve(&[]).await;
    assert!(!site.read(html).await.markdown.contains("Line 45"));
    let page = site.with_profile("extends = \"generic\"\n[interact]\nscroll = [\"#box\"]\n").read(html).await;
    assert!(page.markdown.contains("Line 45"), "{}", page.markdown);
}

/// A single-page application whose menu has no addresses: a click pushes a route, and the view is drawn anew.
const ROUTER: &str = r#"<!DOCTYPE html><title>t</title><aside><nav id=menu></nav></aside><main id=m></main><script>
const routes = { '/page': 'Start', '/deep/one': 'One', '/two?x=1': 'Two' };
const show = () => {
  const here = location.pathname + location.search;
  m.innerHTML = `<h1>${routes[here] ?? 'None'}</h1><p>This is the text of the page ${here}, and it is long enough.</p>`;
  menu.innerHTML = '<ul>' + Object.values(routes).map((name) => `<li style="cursor:pointer">${name}</li>`).join('')
    + '<li style="cursor:pointer">Elsewhere</li></ul><button>Dark</button>';
};
menu.onclick = ({ target }) => {
  if (target.localName !== 'li') { document.body.append('dark'); return; }
  if (target.textContent === 'Elsewhere') { location.href = '/elsewhere'; return; }
  history.pushState({}, '', Object.keys(routes).find((path) => routes[path] === target.textContent));
  setTimeout(show, 60);
};
addEventListener('popstate', show);
show();
</script>"#;

#[tokio::test(flavor = "multi_thread")]
async fn menu_entries_without_an_address_tell_where_they_lead() {
    let site = Site::serve(&[]).await;
    let page = site.read(ROUTER).await;
    assert_eq!(page.links, ["/deep/one", "/two?x=1", "/elsewhere"]);
    assert!(page.markdown.starts_with("# Start\n"), "{}", page.markdown);
    assert!(!page.html.contains("dark"), "{}", page.html);
    assert!(site.asked().is_empty(), "{:?}", site.asked());
}

#[tokio::test(flavor = "multi_thread")]
async fn routes_that_replace_the_address_or_set_its_hash_are_taken_back_too() {
    let site = Site::serve(&[]).await;
    let page = site.read(&ROUTER.replace("pushState", "replaceState")).await;
    assert_eq!(page.links, ["/deep/one", "/two?x=1", "/elsewhere"]);
    assert!(page.markdown.starts_with("# Start\n"), "{}", page.markdown);
    let hash = "<!DOCTYPE html><title>t</title><nav id=menu><ul><li style='cursor:pointer'>Start<li style='cursor:pointer'>Guide\
        <li style='cursor:pointer'>Reference</ul></nav><main id=m></main><script>const show = () => {\
        m.textContent = 'This is the text of ' + (location.hash || 'the start') + ', and nothing else at all.'; };\
        menu.onclick = ({ target }) => { location.hash = '#/' + target.textContent.trim().toLowerCase(); };\
        addEventListener('hashchange', show); show();</script>";
    let page = site.read(hash).await;
    assert_eq!(page.links, ["/page#/start", "/page#/guide", "/page#/reference"]);
    assert!(page.markdown.contains("the text of the start"), "{}", page.markdown);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_page_told_of_the_menu_is_not_asked_again() {
    let site = Site::serve(&[]).await;
    let pages = site.read_all(&[ROUTER, ROUTER]).await;
    assert_eq!(pages[0].links, pages[1].links);
    // Only the page itself, which led nowhere from there, is asked anew.
    assert!(pages[1].clicks - pages[0].clicks <= 1, "{} then {}", pages[0].clicks, pages[1].clicks);
}

/// Everything that a click must not do.
const TRAPS: &str = r#"<!DOCTYPE html><title>t</title><main><h1>Traps</h1><p>Nothing here may lead away from the page.</p>
<form action="/submitted"><h2><button aria-expanded=false aria-controls=x>Submit</button></h2></form>
<h2><button aria-expanded=false onclick="location.assign('/assigned')">Assign</button></h2>
<h2><button aria-expanded=false onclick="location.reload()">Reload</button></h2>
<h2><button aria-expanded=false onclick="document.forms[0].submit()">Submit it</button></h2>
<h2><button aria-expanded=false onclick="const a = document.createElement('a'); a.href = '/file.zip'; a.download = ''; a.click()">Get</button></h2>
<h2><button aria-expanded=false onclick="setTimeout(() => { location = '/later' }, 300)">Later</button></h2>
<h2><button aria-expanded=false onclick="alert('no')">Alert</button></h2>
<h2><button aria-expanded=false onclick="open('/popup')">Popup</button></h2>
<h2><button aria-expanded=false onclick="history.pushState({}, '', '/routed'); document.querySelector('main').innerHTML = 'routed away'">Route</button></h2>
<h2><button aria-expanded=false onclick="throw new Error('no')">Throw</button></h2>
</main>"#;

#[tokio::test(flavor = "multi_thread")]
async fn clicks_never_lead_away() {
    let site = Site::serve(&[]).await;
    let page = site.read(TRAPS).await;
    assert!(page.markdown.contains("Nothing here may lead away"), "{}", page.markdown);
    assert!(!page.html.contains("routed away"), "the page was shown again: {}", page.html);
    assert!(site.asked().is_empty(), "{:?}", site.asked());
}

#[tokio::test(flavor = "multi_thread")]
async fn clicks_are_bounded() {
    let endless = "<!DOCTYPE html><title>t</title><main><h1>Endless</h1><p>Every answer asks again.</p><div id=d></div></main>\
        <script>let n = 0; const add = () => { d.insertAdjacentHTML('beforeend', `<h2><button aria-expanded=false \
        class=k${++n}>More ${n}</button></h2>`); }; add(); d.onclick = ({ target }) => { target.ariaExpanded = true; add(); };</script>";
    // Time enough for all clicks that it may do, however busy the machine is.
    let long = "extends = \"generic\"\n[interact]\nmost_seconds = 20\n";
    let page = Site::serve(&[]).await.with_profile(long).read(endless).await;
    assert!(page.clicks > 10 && page.clicks <= 40, "{}", page.clicks);
    let few = "extends = \"generic\"\n[interact]\nmost_clicks = 3\n";
    let page = Site::serve(&[]).await.with_profile(few).read(endless).await;
    assert_eq!(page.clicks, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_a_click_hangs_is_rendered_again_and_left_alone() {
    let html = "<!DOCTYPE html><title>t</title><main><h1>Trap</h1><p>Do not touch the button below.</p>\
        <h2><button aria-expanded=false onclick='for (;;);'>Hang</button></h2></main>";
    let pages = Site::serve(&[]).await.outcomes(&[html, html]).await;
    for page in pages {
        assert!(page.as_ref().is_ok_and(|page| page.markdown.contains("Do not touch")), "{page:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn real_tabs_of_radix_and_headless_ui_give_all_their_panels() {
    let script = libraries::react_page();
    let site = Site::serve(&[("/page.js", "text/javascript", script)]).await;
    let page =
        site.read("<!DOCTYPE html><title>t</title><div id=root></div><script src=/page.js></script>").await;
    page.check(
        "# Install\n\nWith Radix.\n\n**pip**\n\n```\npip install loom\n```\n\n**uv**\n\n```\nuv add loom\n```\n\n\
         With Headless UI.\n\n**npm**\n\nnpm install loom\n\n**pnpm**\n\npnpm add loom\n\n**yarn**\n\nyarn add loom\n\n\
         ### Question one\n\nAnswer of Radix one.\n\n### Question two\n\nAnswer of Radix two.\n",
    );
}

/// The documents of a generated site: up to three of its pages, and all that have tabs.
fn documents(site: &GeneratedSite) -> Vec<(String, String)> {
    let wanted = site.routes.iter().enumerate();
    let wanted = wanted.filter(|(index, (_, file))| *index < 3 || !site.truth[*file].tabs.is_empty());
    wanted
        .map(|(_, (route, _))| {
            let path = route.split('#').next().unwrap().trim_start_matches('/');
            let mut file = site.root.join(path);
            if file.is_dir() {
                file = file.join("index.html");
            }
            if !file.is_file() {
                file = site.root.join(site.fallback.as_deref().unwrap());
            }
            (route.trim_start_matches('/').to_owned(), std::fs::read_to_string(file).unwrap())
        })
        .collect()
}

async fn generated_pages(site: &GeneratedSite, interacting: bool) -> Vec<Page> {
    let server = tokio::task::block_in_place(|| {
        SiteServer::start(server::Site::folder(&site.root).fallback(site.fallback.as_deref()))
    });
    let at = Site::at(&server.url("/"));
    let at = if interacting { at } else { at.without_interactions() };
    let pages = at.render_all(&documents(site)).await;
    tokio::task::block_in_place(|| drop(server));
    pages.into_iter().map(|page| page.unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn generated_sites_want_no_click_and_stay_as_they_are() {
    for name in ["docusaurus", "mkdocs-material", "sphinx-pydata", "docsify-hash", "docsify-history"] {
        let site = tokio::task::block_in_place(|| generated::site(name));
        let (without, with) = (generated_pages(&site, false).await, generated_pages(&site, true).await);
        assert!(without.len() >= 3);
        for (without, with) in without.iter().zip(&with) {
            assert_eq!(with.clicks, 0, "{name}");
            assert_eq!(with.markdown, without.markdown, "{name}");
            assert_eq!(with.links, without.links, "{name}");
        }
    }
}

/// A copy of a folder in which every script has one text replaced by another.
fn copy_with(from: &Path, to: &Path, text: &str, by: &str) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy_with(&path, &target, text, by);
        } else if path.extension().is_some_and(|extension| extension == "js") {
            std::fs::write(target, std::fs::read_to_string(&path).unwrap().replace(text, by)).unwrap();
        } else {
            std::fs::copy(path, target).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn folded_categories_of_docusaurus_give_their_links() {
    let folder = tempfile::tempdir().unwrap();
    let mut site = tokio::task::block_in_place(|| generated::site("docusaurus"));
    copy_with(&site.root, folder.path(), "\"collapsed\":false", "\"collapsed\":true");
    site.root = folder.path().to_owned();
    site.routes.retain(|route, _| route == "/");
    let (without, with) = (generated_pages(&site, false).await, generated_pages(&site, true).await);
    let entries = |page: &Page| page.html.matches("theme-doc-sidebar-item-link-level-2").count();
    assert_eq!(entries(&without[0]), 0);
    assert!(entries(&with[0]) >= 8, "{}", with[0].html);
    assert_eq!(with[0].markdown, without[0].markdown);
}
