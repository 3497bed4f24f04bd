//! The extractor against HTML that means harm: whatever comes, it neither panics, nor overflows its stack, nor takes time
//! or memory without bound, and it says the same twice.
//!
//! Pages come from proptest (arbitrary text and bytes, gold pages cut up and put together again) and from a list of what
//! pages have been seen to do, or could. `PROPTEST_CASES=100000 cargo test --release --test hostile_html` fuzzes at length.

// The helpers of a test may panic like the test itself.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use proptest::prelude::{ProptestConfig, Strategy, any, proptest};
use skillcrawl::config::ExtractRules;
use skillcrawl::extract::{outlinks, page_shape, read_page};
use skillcrawl::fetched::{Dom, Exchange, Fetched};
use skillcrawl::markdown::to_markdown;
use skillcrawl::profile::Profiles;
use skillcrawl::url::CanonicalUrl;

/// Workers of rayon have no more.
const STACK: usize = 2 * 1024 * 1024;

/// What a page may cost, even unoptimised on a busy machine. Nothing here is larger than a few megabytes.
const LONGEST: Duration = Duration::from_secs(60);

/// How much longer than its HTML a page's Markdown may be: links are made absolute, lines in lists indented.
const GROWTH: usize = 64;

fn profiles() -> &'static Profiles {
    static PROFILES: LazyLock<Profiles> = LazyLock::new(|| Profiles::builtin().unwrap());
    &PROFILES
}

fn page(body: Vec<u8>, is_rendered: bool) -> Fetched {
    let url = CanonicalUrl::parse("https://docs.example/guide/page").unwrap();
    let html = String::from_utf8_lossy(&body).into_owned();
    Fetched {
        exchange: Some(Exchange {
            target: url.clone(),
            request_headers: Vec::new(),
            status: 200,
            response_headers: vec![("content-type".to_owned(), "text/html".to_owned())],
            body,
        }),
        dom: is_rendered.then(|| Dom { html, settled: true, loaded: Vec::new(), routed: false }),
        twin: None,
        fetched_at: Timestamp::UNIX_EPOCH,
        url,
    }
}

/// Reads a page in every way that a crawl does, on a small stack.
fn read(body: impl Into<Vec<u8>>, is_rendered: bool) -> String {
    let body = body.into();
    let size = body.len();
    let began = Instant::now();
    let work = move || {
        let fetched = page(body, is_rendered);
        outlinks(&fetched, profiles(), &ExtractRules::default());
        page_shape(&fetched);
        to_markdown(&read_page(&fetched, profiles(), &ExtractRules::default()).document)
    };
    let markdown =
        std::thread::Builder::new().stack_size(STACK).spawn(work).unwrap().join().expect("no panic");
    let took = began.elapsed();
    assert!(took < LONGEST, "{size} bytes took {took:?}");
    assert!(markdown.len() <= GROWTH * size + 4096, "{size} bytes became {}", markdown.len());
    markdown
}

#[test]
fn a_hundred_thousand_levels() {
    let tags = [
        "div",
        "p",
        "section",
        "span",
        "b",
        "a href=x",
        "em",
        "sup",
        "code",
        "pre",
        "kbd",
        "h2",
        "ul><li",
        "ol><li",
        "dl><dd",
        "dl class='py function'><dd",
        "blockquote",
        "details",
        "details><summary",
        "table><tr><td",
        "figure",
        "x-box",
        "svg><g",
        "math><mrow",
        "mjx-container",
        "template",
        "ruby",
        "label",
        "form",
        "button",
        "select",
        "font",
        "nobr",
        "object",
        "div class=admonition",
        "div role=tabpanel",
        "div class=highlight",
        "div class=docstring",
        "iframe",
        "noscript",
        "div class=tabbed-set",
        "math><msup><mi>x</mi",
        "frameset",
        "p><font",
        "li",
        "td",
    ];
    for tag in tags {
        let html = format!("<main><p>before {}deep text", format!("<{tag}>").repeat(100_000));
        let markdown = read(html, false);
        // Frames, controls and drawings have no text for a reader; all others must keep it.
        let is_silent = [
            "svg",
            "template",
            "button",
            "select",
            "iframe",
            "noscript",
            "object",
            "frameset",
            "math",
            "mjx",
            "details><",
        ];
        assert!(
            markdown.contains("deep text") || is_silent.iter().any(|silent| tag.starts_with(silent)),
            "{tag} lost its text: {:?}",
            markdown.get(..200)
        );
    }
}

#[test]
fn absurd_tables() {
    let spans = "<td colspan=4294967295 rowspan=4294967295>x";
    read(format!("<main><table>{}</table>", format!("<tr>{spans}{spans}").repeat(2000)), false);
    read(format!("<main><table><tr>{}</table>", spans.repeat(20_000)), false);
    read(
        "<main><table><tr><td colspan=-1 rowspan=0>x<td colspan=99999999999999999999>y</table>".to_owned(),
        false,
    );
    let long = read(format!("<main><table>{}</table>", "<tr><td>a<td>b".repeat(20_000)), false);
    assert_eq!(long.lines().count(), 20_002);
    read(format!("<main>{}", "<table><caption>c<tbody><tr><th>".repeat(300)), false);
}

#[test]
fn much_of_one_thing() {
    let pages = [
        "<br>".repeat(200_000),
        "<p>a".repeat(100_000),
        "<li>a".repeat(100_000),
        format!("<pre>{}</pre>", "<span class=k>a</span>\n".repeat(40_000)),
        format!("<pre>{}</pre>", "<div class=line>a</div>".repeat(40_000)),
        "<pre>a</pre>".repeat(20_000),
        "<div><pre>a</pre></div>".repeat(10_000),
        format!("<div>{}<pre>a</pre></div>", "<span>x.js</span>".repeat(30_000)),
        "<a href='#a'>a</a>".repeat(40_000),
        "<h2>a<a href='#a' class=headerlink>#</a></h2>".repeat(10_000),
        format!("<h2>{}</h2>", "<a href='#a' class=headerlink>b</a>".repeat(2000)),
        "<sup><a href='#fn1'>1</a></sup>".repeat(20_000),
        "<ol><li id=fn1>a</ol>".repeat(5000),
        "<dl class='py method'><dt class=sig>a()<dd>b".repeat(2000),
        "<div class=admonition><p class=admonition-title>a</p>".repeat(400),
        format!(
            "<div><div role=tablist>{}</div>{}</div>",
            "<b role=tab>a</b>".repeat(1000),
            "<div role=tabpanel>b</div>".repeat(1000)
        ),
        "<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>".repeat(5000),
        "<details><summary>a</summary>b</details>".repeat(10_000),
        "<nav><ul><li><a href=a>b</a></ul></nav>".repeat(5000),
        "&amp;&#x41;&unknown;".repeat(50_000),
        format!("<p class='{}'>a", "b ".repeat(200_000)),
        format!("<p {}>a", "b=c ".repeat(50_000)),
        format!("<p title='{}'>a", "b".repeat(1_000_000)),
        "*_`[]()<>#|\\~!".repeat(20_000),
        "[[[[[[[[[[".repeat(20_000),
        format!("<table><tr><td>{}</table>", "<p>a|b</p>".repeat(20_000)),
        "<b>a</b><i>b</i>".repeat(40_000),
        "\u{200B}\u{E0041}\u{202E}".repeat(50_000),
        "a\u{301}".repeat(200_000),
        "<!--".repeat(100_000),
        "<script>".repeat(10_000),
        "</div>".repeat(100_000),
        "<".repeat(500_000),
        "\0".repeat(100_000),
    ];
    for html in pages {
        read(format!("<main><p>Some words of a page that has a beginning.</p>{html}"), false);
    }
}

/// What is put into pages: tags that the extractor treats in some way, whole and broken.
const PIECES: [&str; 40] = [
    "<main>",
    "</main>",
    "<table>",
    "</table>",
    "<tr>",
    "<td colspan=9>",
    "<th rowspan=9>",
    "<pre>",
    "</pre>",
    "<pre class=language-js>",
    "<code>",
    "</code>",
    "<ul>",
    "<li>",
    "</ul>",
    "<ol start=99999999999999999999>",
    "<dl>",
    "<dt>",
    "<dd>",
    "<dl class='py class'><dt class=sig>",
    "<div class='admonition note'>",
    "<div role=tablist>",
    "<b role=tab>",
    "<div role=tabpanel>",
    "<details>",
    "<summary>",
    "<h1 id=a>",
    "<h7>",
    "<a href='http://[::1'>",
    "<a href='#fn1'>",
    "<li id=fn1>",
    "<math><mover><mi>",
    "<span class=katex>",
    "<template shadowrootmode=open>",
    "<svg><title>",
    "<p style='display:none'>",
    "<plaintext>",
    "<!--",
    "<![CDATA[",
    "\u{202E}",
];

/// A gold page after some cuts, copies and insertions.
fn mutated() -> impl Strategy<Value = String> {
    let step =
        (any::<proptest::sample::Index>(), any::<proptest::sample::Index>(), 0_usize..6, 0..PIECES.len());
    let steps = proptest::collection::vec(step, 1..12);
    (proptest::sample::select(gold_pages()), steps).prop_map(|(html, steps)| {
        let mut letters: Vec<char> = html.chars().collect();
        for (at, length, kind, piece) in steps {
            if letters.is_empty() {
                break;
            }
            let start = at.index(letters.len());
            let end = (start + length.index(400)).min(letters.len());
            let cut: Vec<char> = letters[start..end].to_vec();
            match kind {
                0 => drop(letters.drain(start..end)),
                1 => drop(letters.splice(start..start, cut)),
                2 => drop(letters.splice(start..start, cut.repeat(8))),
                3 => letters.truncate(start),
                4 => letters.splice(start..end, cut.into_iter().rev()).for_each(drop),
                _ => drop(letters.splice(start..start, PIECES[piece].chars())),
            }
        }
        letters.into_iter().collect()
    })
}

fn gold_pages() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages");
    let mut folders: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders.iter().map(|folder| std::fs::read_to_string(folder.join("source.html")).unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn mutated_pages(html in mutated(), is_rendered in any::<bool>()) {
        let first = read(html.clone(), is_rendered);
        proptest::prop_assert_eq!(first, read(html, is_rendered));
    }

    #[test]
    fn pieces(parts in proptest::collection::vec(proptest::sample::select(PIECES.as_slice()), 0..200), text in ".{0,40}") {
        read(parts.join(&text), true);
    }

    #[test]
    fn any_bytes(body in proptest::collection::vec(any::<u8>(), 0..4000)) {
        read(body, false);
    }

    #[test]
    fn any_text(text in "\\PC{0,2000}") {
        read(format!("<main>{text}"), true);
    }
}
