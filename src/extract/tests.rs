//! The reader as a whole: which form of a page is read, and what hostile HTML does to it.

use std::sync::LazyLock;

use jiff::Timestamp;
use proptest::prelude::{ProptestConfig, proptest};

use super::{LinkSource, extract, leads, outlinks, read_page};
use crate::config::ExtractRules;
use crate::discover::Listing;
use crate::fetched::{Dom, Exchange, Fetched};
use crate::markdown::to_markdown;
use crate::profile::Profiles;
use crate::render::{Rendered, Source, renderings};
use crate::url::CanonicalUrl;

pub(super) fn page(sent: Option<&str>, dom: Option<&str>, twin: Option<&str>) -> Fetched {
    let url = CanonicalUrl::parse("https://docs.example/guide/page").unwrap();
    Fetched {
        exchange: sent.map(|html| Exchange {
            target: url.clone(),
            request_headers: Vec::new(),
            status: 200,
            response_headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
            body: html.as_bytes().to_vec(),
        }),
        dom: dom.map(|html| Dom { html: html.to_owned(), settled: true, loaded: Vec::new(), routed: false }),
        twin: twin.map(str::to_owned),
        fetched_at: Timestamp::UNIX_EPOCH,
        url,
    }
}

/// Compiling them takes longer than reading a page.
pub(super) fn profiles() -> &'static Profiles {
    static PROFILES: LazyLock<Profiles> = LazyLock::new(|| Profiles::builtin().unwrap());
    &PROFILES
}

fn markdown_of(fetched: &Fetched) -> String {
    let reading = read_page(fetched, profiles(), &ExtractRules::default());
    to_markdown(&reading.document)
}

pub(super) fn check(html: &str, markdown: &str) {
    assert_eq!(markdown_of(&page(None, Some(&format!("<main>{html}</main>")), None)), markdown);
}

#[test]
fn the_form_that_holds_more_is_read() {
    let read =
        |sent, dom, twin| read_page(&page(sent, dom, twin), profiles(), &ExtractRules::default()).source;
    let (short, long) =
        ("<main><p>Hello.</p></main>", "<main><p>Hello.</p><pre>a listing that is long enough</pre></main>");
    assert_eq!(read(Some(short), Some(short), None), Source::Dom);
    assert_eq!(read(Some(long), Some(short), None), Source::Sent);
    assert_eq!(read(Some("<div id=app></div>"), Some(short), None), Source::Dom);
    // A rendered page says itself what it shows; a page as sent may be no more than the shell of one.
    let more = Some("# much more\n\nthan the page has to say for itself");
    assert_eq!(read(Some(short), Some(short), more), Source::Dom);
    assert_eq!(read(Some(short), None, more), Source::Twin);
    assert_eq!(read(Some(short), None, Some("Hello.")), Source::Sent);
    assert_eq!(read(Some("<div id=app></div>"), None, Some("# twin")), Source::Twin);
}

#[test]
fn a_formula_that_a_script_drew_is_read_once_and_as_its_author_wrote_it() {
    let math = |tex: &str, mathml: &str| -> [String; 2] {
        let drawn = format!(
            "<mjx-container><mjx-assistive-mml><math>{mathml}</math></mjx-assistive-mml></mjx-container>"
        );
        [tex.to_owned(), drawn]
    };
    let [lead, drawn_lead] = math("\\(d = 0.5\\)", "<mi>d</mi><mo>=</mo><mn>0.5</mn>");
    let most = "<mi>T</mi><mo>≈</mo><mo movablelimits=true>max</mo><mrow><mo>(</mo><mi>d</mi><mo>,</mo>\
        <mfrac><mi>t</mi><mi>c</mi></mfrac><mo>)</mo></mrow>";
    let [long, drawn_long] = math("\\[T \\approx \\max\\left(d, \\frac{t}{c}\\right)\\]", most);
    let page_of = |inline: &str, displayed: &str, more: &str| {
        format!(
            "<main><p>The delay <span class=math>{inline}</span> counts.</p><div class=math>{displayed}</div>{more}\
             <p>That is all.</p></main>"
        )
    };
    let (sent, dom) = (page_of(&lead, &long, ""), page_of(&drawn_lead, &drawn_long, ""));
    let expected = "The delay $d = 0.5$ counts.\n\n$$\nT \\approx \\max\\left(d, \\frac{t}{c}\\right)\n$$\n";
    let whole = format!("{expected}\nThat is all.\n");
    assert_eq!(markdown_of(&page(Some(&sent), Some(&dom), None)), whole);
    // A formula that only the script made leaves the others to be told by how they look.
    let dom = page_of(&drawn_lead, &drawn_long, "<p>More: <math><mi>x</mi></math>.</p>");
    let with_more = format!("{expected}\nMore: $x$.\n\nThat is all.\n");
    assert_eq!(markdown_of(&page(Some(&sent), Some(&dom), None)), with_more);
    // Without the page as sent there is only the drawing.
    let drawn = markdown_of(&page(None, Some(&dom), None));
    assert!(drawn.contains("T \\approx \\max ( d , \\frac{t}{c} )"), "{drawn}");
}

#[test]
fn what_the_rendered_page_hides_is_not_read_from_the_page_as_sent() {
    let sent = "<main><p>Hello.</p><p class=gone>Text that a style sheet hides, and that is long enough to count.</p>\
        <p>Panel of a closed tab.</p><p>Seen elsewhere.</p></main>";
    let dom = "<main><p>Hello.</p><p class=gone data-skillcrawl-hidden=display>Text that a style sheet hides, and that \
        is long enough to count.</p><div role=tabpanel data-skillcrawl-hidden=display><p>Panel of a closed tab.</p></div>\
        <p data-skillcrawl-hidden=display>Seen elsewhere.</p><p>Seen elsewhere.</p></main>";
    let both = page(Some(sent), Some(dom), None);
    let expected = "Hello.\n\nPanel of a closed tab.\n\nSeen elsewhere.\n";
    assert_eq!(markdown_of(&both), expected);
    // The same where the sent form is the one that is read.
    let longer = sent.replace("</main>", "<pre>a listing that rendering took away</pre></main>");
    let reading = read_page(&page(Some(&longer), Some(dom), None), profiles(), &ExtractRules::default());
    assert_eq!(reading.source, Source::Sent);
    assert_eq!(
        to_markdown(&reading.document),
        format!("{expected}\n```\na listing that rendering took away\n```\n")
    );
}

#[test]
fn what_is_sent_twice_does_not_make_the_sent_form_the_fuller_one() {
    let part = "<p>A part for wide windows and for narrow ones.</p>";
    let sent =
        format!("<main>{part}{part}<noscript>This page needs scripts to be seen, please.</noscript></main>");
    let reading = read_page(
        &page(Some(&sent), Some(&format!("<main>{part}</main>")), None),
        profiles(),
        &ExtractRules::default(),
    );
    assert_eq!(reading.source, Source::Dom);
}

#[test]
fn the_source_of_a_drawn_diagram_is_taken_over() {
    let diagram = "<pre class=mermaid>graph LR\n  A --> B</pre>";
    let sent = format!("<main><h2>Flow</h2><p>As drawn:</p>{diagram}<p>And on.</p><div id=api></div></main>");
    let table = "<table><tr><th>Name</th><th>Meaning</th></tr><tr><td>first</td><td>It is filled by a script.</td></tr></table>";
    let dom =
        "<main><h2>Flow</h2><p>As drawn:</p><div class=mermaid><svg><text>A</text></svg></div><p>And on.</p>\
        <div id=api>TABLE</div></main>"
            .replace("TABLE", table);
    let reading = read_page(&page(Some(&sent), Some(&dom), None), profiles(), &ExtractRules::default());
    assert_eq!(reading.source, Source::Dom);
    assert_eq!(
        to_markdown(&reading.document),
        "## Flow\n\nAs drawn:\n\n```mermaid\ngraph LR\n  A --> B\n```\n\nAnd on.\n\n| Name | Meaning |\n| --- | --- |\n\
         | first | It is filled by a script. |\n"
    );
}

#[test]
fn twins_keep_their_markdown() {
    let twin = "# Twin\n\n> [!WARNING]\n> Hot.\n\n- [x] done\n\n| a | b |\n| --- | ---: |\n| `1` | 2 |\n\nEnd $x^2$.[^1]\n\n[^1]: Note.\n";
    assert_eq!(markdown_of(&page(None, None, Some(twin))), twin);
}

#[test]
fn code_is_kept_to_the_letter() {
    check("<pre><code>a<br>b</code></pre>", "```\na\nb\n```\n");
    check(
        "<pre><div class=line>a</div><div class=line></div><div class=line>b</div></pre>",
        "```\na\n\nb\n```\n",
    );
    check(
        "<pre><span class=line>a</span>\n<span class=line></span>\n<span class=line>b</span></pre>",
        "```\na\n\nb\n```\n",
    );
    check("<pre class='language-text'>x</pre>", "```\nx\n```\n");
    check("<div class='highlight highlight-source-c++'><pre>x</pre></div>", "```cpp\nx\n```\n");
    check("<pre class='brush: js; toolbar: false'>x</pre>", "```javascript\nx\n```\n");
    check("<pre class=rust><code>x</code></pre>", "```rust\nx\n```\n");
    check("<pre><code class='hljs language-perl' data-highlighted=yes>x</code></pre>", "```\nx\n```\n");
    check("<pre><code class='language-perl hljs' data-highlighted=yes>x</code></pre>", "```perl\nx\n```\n");
    check("<pre data-language=py>x</pre>", "```python\nx\n```\n");
}

#[test]
fn what_a_visitor_cannot_see_stays_out() {
    check(
        "<p>seen<span style='font-size:0'>no</span><!-- no --><span data-skillcrawl-hidden>no</span>\u{E0041}</p>\
         <div hidden>no</div><script>no</script><template>no</template><noscript>no</noscript>\
         <p style='position:absolute;left:-9999px'>no</p>",
        "seen\n",
    );
}

#[test]
fn outlinks_know_where_they_stand() {
    let html = "<link rel=next href=next><nav><a href='../'>Home</a><a href=b#x>B</a></nav>\
                <main><a href=b rel=nofollow>b</a><a href='mailto:a@b.example'>m</a><a href='#top'>t</a></main>";
    let found = |html: &str| {
        let links = outlinks(&page(Some(html), None, None), profiles(), &ExtractRules::default());
        links.into_iter().map(|link| (link.url.path().to_owned(), link.source)).collect::<Vec<_>>()
    };
    assert_eq!(
        found(html),
        [
            ("/guide/next".to_owned(), LinkSource::Next),
            ("/".to_owned(), LinkSource::Navigation),
            ("/guide/b".to_owned(), LinkSource::Content),
            ("/guide/page".to_owned(), LinkSource::Content),
        ]
    );
    assert!(found(&format!("<meta name=robots content='noindex, NoFollow'>{html}")).is_empty());
}

#[test]
fn other_languages_are_not_followed_and_the_proper_address_is() {
    let head = "<html lang=en-US><link rel=canonical href=/proper><link rel=alternate hreflang=fr href=/fr/page>\
                <link rel=alternate hreflang=en href=/guide/page><link rel=alternate hreflang=x-default href=/x>";
    let body = "<nav><a href=/fr/page>Français</a><a rel=alternate hreflang=de href=/de/>Deutsch</a>\
                <a hreflang=fr href=/other>a French text</a><a rel=alternate hreflang=en-GB href=/gb>GB</a></nav>";
    let found = |html: &str| {
        let links = outlinks(&page(Some(html), None, None), profiles(), &ExtractRules::default());
        links.into_iter().map(|link| (link.url.path().to_owned(), link.source)).collect::<Vec<_>>()
    };
    let menu = |path: &str| (path.to_owned(), LinkSource::Navigation);
    let canonical = ("/proper".to_owned(), LinkSource::Canonical);
    assert_eq!(found(&format!("{head}{body}")), [canonical, menu("/other"), menu("/gb")]);
    // A page that does not say its language has no other one, and one that names itself says nothing new.
    let own = "<link rel=canonical href='/guide/page/index.html'><nav><a rel=alternate hreflang=de href=/de/>x</a></nav>";
    assert_eq!(found(own), [menu("/de/")]);
}

#[test]
fn the_own_markdown_of_a_page_is_no_further_page() {
    let html = "<link rel=alternate type=text/markdown href=/raw/x.md><main><a href=/guide/page.md>View as Markdown</a>\
                <a href=/guide/page/index.md>M</a><a href=/raw/x.md>M</a><a href=/guide/other.md>Other</a></main>";
    let links = outlinks(&page(Some(html), None, None), profiles(), &ExtractRules::default());
    let paths: Vec<&str> = links.iter().map(|link| link.url.path()).collect();
    assert_eq!(paths, ["/guide/other.md"]);
}

#[test]
fn a_page_points_to_files_that_list_pages() {
    let listings = |html: &str| {
        let page = page(Some(html), None, None);
        let found = leads(&page, profiles(), &ExtractRules::default(), "skillcrawl").listings;
        let told = found.into_iter().map(|listing| match listing {
            Listing::Sitemap(url) => format!("sitemap {}", url.path()),
            Listing::Index(url) => format!("index {}", url.path()),
            Listing::IndexAtRoot(name) => format!("at root {name}"),
        });
        told.collect::<Vec<_>>()
    };
    assert_eq!(
        listings(
            "<link rel=alternate type=application/rss+xml href=/feed.xml><link rel=sitemap href=/map.xml>\
             <link rel=alternate type=text/markdown href=/page.md><a rel=sitemap href=/x>x</a>"
        ),
        ["sitemap /feed.xml", "sitemap /map.xml"]
    );
    let sphinx = "<script src='../_static/doctools.js'></script><div class=sphinxsidebar></div>";
    assert_eq!(listings(sphinx), ["index /objects.inv", "index /searchindex.js"]);
    let below = |root: &str| listings(&format!("<html data-content_root='{root}'>{sphinx}"));
    assert_eq!(below("./"), ["index /guide/objects.inv", "index /guide/searchindex.js"]);
    let elsewhere = "<script src='https://cdn.example/_static/doctools.js'></script>";
    assert_eq!(listings(elsewhere), ["at root objects.inv", "at root searchindex.js"]);
    assert!(listings(&format!("<meta name=robots content=nofollow>{sphinx}")).is_empty());
    let nextra = "<div id=__next><nav class=nextra-nav-container></nav></div>\
                  <script src='/base/_next/static/x1/_buildManifest.js'></script>";
    assert_eq!(listings(nextra), ["index /base/_next/static/x1/_buildManifest.js"]);
}

#[test]
fn an_unknown_page_is_read_by_its_text_and_says_so() {
    let html = "<div class=menu><a href=a>A link to somewhere else entirely</a></div>\
                <div class=box><p>The text of the page, long enough to be found.</p><p>More of it.</p></div>";
    let reading = read_page(&page(Some(html), None, None), profiles(), &ExtractRules::default());
    let kinds: Vec<&str> = reading.warnings.iter().map(|warning| warning.kind).collect();
    assert_eq!(kinds, ["profile_generic", "main_content_missing"]);
    let markdown = to_markdown(&reading.document);
    assert_eq!(markdown, "The text of the page, long enough to be found.\n\nMore of it.\n");
}

#[test]
fn a_hundred_thousand_levels_do_no_harm() {
    for tag in ["div", "ul><li", "blockquote", "b", "span", "table><tr><td", "dl><dd", "details", "a href=x"]
    {
        let html =
            format!("<main>{}deep text{}", format!("<{tag}>").repeat(100_000), "</div>".repeat(100_000));
        assert!(markdown_of(&page(Some(&html), None, None)).contains("deep text"), "{tag}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_html_panics(parts in proptest::collection::vec(part(), 0..60)) {
        let html = parts.concat();
        let first = markdown_of(&page(Some(&html), None, None));
        proptest::prop_assert_eq!(&first, &markdown_of(&page(Some(&html), None, None)));
        proptest::prop_assert!(first.ends_with('\n'));
    }

    #[test]
    fn no_profile_panics(parts in proptest::collection::vec(part(), 0..40)) {
        let fetched = page(Some(&parts.concat()), None, None);
        let rendered: Vec<Rendered> = renderings(&fetched);
        for profile in profiles().iter() {
            for rendered in &rendered {
                let (document, _) = extract(rendered, profile);
                to_markdown(&document);
            }
        }
    }
}

/// Tags that the reader treats in some way, whole and broken, and text between them.
fn part() -> impl proptest::strategy::Strategy<Value = String> {
    const PARTS: [&str; 56] = [
        "<main>",
        "<article>",
        "<h1 id=a>",
        "</h1>",
        "<p>",
        "</p>",
        "<ul>",
        "<ol start=7>",
        "<li>",
        "</ul>",
        "<dl>",
        "<dt>",
        "<dd>",
        "</dl>",
        "<dl class='py class'><dt class=sig>",
        "<table>",
        "<tr>",
        "<th colspan=3>",
        "<td rowspan=9>",
        "</table>",
        "<pre>",
        "<pre class=language-js>",
        "</pre>",
        "<code>",
        "</code>",
        "<div class=highlight>",
        "<div class='admonition tip'>",
        "<p class=admonition-title>",
        "</div>",
        "<details>",
        "<summary>",
        "</details>",
        "<blockquote>",
        "</blockquote>",
        "<div role=tablist>",
        "<b role=tab>",
        "<div role=tabpanel>",
        "<span class=katex>",
        "<annotation encoding=application/x-tex>",
        "<math><mfrac>",
        "<a href='#x'>",
        "</a>",
        "<a href=y>",
        "<img src=z alt='['>",
        "<b>",
        "<em>",
        "</em>",
        "<sup>",
        "<br>",
        "<input type=checkbox checked>",
        "<li id='fn:1'>",
        "<a href='#fn:1' class=footnote-ref>",
        "<hr>",
        "<script>",
        "</script>",
        "<span style='display:",
    ];
    proptest::prop_oneof![
        proptest::sample::select(PARTS.as_slice()).prop_map(str::to_owned),
        "[ -~\\né😀\u{200B}]{0,12}",
    ]
}

use proptest::strategy::Strategy as _;

#[test]
fn tabs_that_the_browser_collected_are_read_as_it_saw_them() {
    check(
        "<h2>Use</h2><div class=outer><div role=tablist></div><div data-skillcrawl-tabs><div data-skillcrawl-tab>A &lt;b&gt;\
         </div><div data-skillcrawl-panel><div role=tabpanel><p>One.<span data-skillcrawl-hidden=display>no</span></p></div>\
         </div><div data-skillcrawl-tab>B</div><div data-skillcrawl-panel><pre class=language-rust>let x;</pre></div></div></div>",
        "## Use\n\n**A \\<b>**\n\nOne.\n\n**B**\n\n```rust\nlet x;\n```\n",
    );
}

#[test]
fn the_header_of_an_accordion_is_a_heading() {
    check(
        "<h3 id=q><button aria-expanded=true>Why?</button></h3><div role=region><p>Because.</p></div><h3><button>Copy</button></h3>",
        "### Why?\n\nBecause.\n",
    );
}

#[test]
fn labels_directly_before_their_panels_are_tabs_and_nothing_around_them_is_lost() {
    let tabs = "<ul role=tablist><li role=tab aria-controls=b>B<li role=tab aria-controls=a>A</ul><div><div role=tabpanel id=a>\
                <p>One.</div><div role=tabpanel id=b><p>Two.</div></div>";
    let expected = "Before.\n\n**A**\n\nOne.\n\n**B**\n\nTwo.\n\nBetween.\n";
    check(&format!("<div><p>Before.</p>{tabs}<p>Between.</p></div>"), expected);
}

#[test]
fn a_table_by_role_is_a_table() {
    check(
        "<div role=table><div role=rowgroup><div role=row><span role=columnheader>Key</span><span role=columnheader>Use</span>\
         </div></div><div role=rowgroup><div role=row><div role=cell>a</div><div role=cell>b</div></div></div></div>",
        "| Key | Use |\n| --- | --- |\n| a | b |\n",
    );
}

#[test]
fn the_kind_of_an_admonition_is_the_first_that_is_written() {
    check(
        "<div class='theme-admonition theme-admonition-note alert alert--secondary'><p>Look.</p></div>",
        "> [!NOTE]\n> Look.\n",
    );
    check(
        "<div class='callout looks' data-callout-type=warning><p>Look.</p></div>",
        "> [!WARNING]\n> Look.\n",
    );
}

#[test]
fn what_stands_behind_labels_that_are_no_tabs_is_read() {
    let panel = "<div role=tabpanel><p>One.</div>";
    check(&format!("<nav role=tablist><a role=tab>A</a></nav><div>{panel}</div>"), "One.\n");
    check(&format!("<div role=tablist></div><div>{panel}</div>"), "One.\n");
    check(
        &format!("<div role=tablist><p role=tab>A</p></div><div>{panel}<p>More.</p></div>"),
        "A\n\nOne.\n\nMore.\n",
    );
}
