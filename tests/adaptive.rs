//! `render: auto` from the command line, in real Chromium: what is rendered, what is not, that the skill is the same, and
//! that no document is asked for twice.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]
#![allow(dead_code, reason = "the helpers are shared with other tests")]

mod support;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::generated;
use crate::support::sandbox::Sandbox;
use crate::support::server::{Canned, Site, SiteServer};

/// The lines of a crawl's report: of URLs, then of templates.
fn report(sandbox: &Sandbox, name: &str) -> (Vec<Value>, Vec<Value>) {
    let text = sandbox.read(&format!("crawls/{name}/report.jsonl"));
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (templates, urls): (Vec<Value>, Vec<Value>) =
        lines.into_iter().partition(|line| line.get("rendering").is_some());
    (urls, templates.into_iter().map(|line| line["rendering"].clone()).collect())
}

/// The paths of the kept pages, by whether they were rendered.
fn kept(urls: &[Value], rendered: bool) -> BTreeSet<String> {
    let of =
        |line: &&Value| line["outcome"] == "done" && line["kind"] == "page" && line["rendered"] == rendered;
    let path = |line: &Value| line["url"].as_str().unwrap().splitn(4, '/').nth(3).unwrap().to_owned();
    urls.iter().filter(of).map(path).collect()
}

/// No page was asked for twice.
#[track_caller]
fn check_asked_once(server: &SiteServer, is_page: impl Fn(&str) -> bool) {
    let mut asked: BTreeMap<String, usize> = BTreeMap::new();
    for path in server.paths().into_iter().filter(|path| is_page(path)) {
        *asked.entry(path).or_default() += 1;
    }
    let twice: Vec<_> = asked.iter().filter(|(_, times)| **times > 1).collect();
    assert!(!asked.is_empty() && twice.is_empty(), "asked twice: {twice:?}");
}

/// The references of a skill by file.
fn references(sandbox: &Sandbox, skill: &str) -> BTreeMap<String, String> {
    let folder = format!("output/{skill}/references");
    let files = sandbox.files(&folder);
    files.into_iter().map(|file| (file.clone(), sandbox.read(&format!("{folder}/{file}")))).collect()
}

/// Builds a generated site with `auto` and with `always`, and compares the skills.
fn check_static(generator: &str) {
    let generated = generated::site(generator);
    let server = SiteServer::start(Site::folder(&generated.root).fallback(generated.fallback.as_deref()));
    let exclude: Vec<&str> =
        generated.others.iter().map(String::as_str).filter(|path| *path != "/index.html").collect();
    let (sandbox, other) = (Sandbox::new(), Sandbox::new());
    let config = json!({
        "name": "manual", "base_url": server.url("/"), "description": "The manual.", "rate_limit": 0,
        "url_patterns": {"exclude": exclude},
    });
    sandbox.config("manual", &config);
    other.config("manual", &config);
    let run = sandbox.run_with_browser(&["build", "manual", "--json"]).expect_code(0);
    check_asked_once(&server, |path| path.ends_with('/') || path.ends_with(".html"));
    let (urls, templates) = report(&sandbox, "manual");
    let (sent, rendered) = (kept(&urls, false), kept(&urls, true));
    assert!(templates.iter().any(|template| template["decision"] == "http"), "{templates:#?}");
    assert!(templates.iter().all(|template| template["decision"] != "browser"), "{templates:#?}");
    assert!(templates.iter().all(|template| template["unchecked"] == 0), "{templates:#?}");
    assert!(sent.len() >= 8, "as sent: {sent:?}, rendered: {rendered:?}");
    let summary = &run.json()["rendering"];
    assert_eq!((&summary["sent"], &summary["rendered"]), (&json!(sent.len()), &json!(rendered.len())));
    assert!(run.stderr.contains("over HTTP alone the pages hold the same"), "{}", run.stderr);

    other.run_with_browser(&["build", "manual", "--render", "always"]).expect_code(0);
    let (auto, always) = (references(&sandbox, "manual"), references(&other, "manual"));
    assert_eq!(sandbox.read("output/manual/SKILL.md"), other.read("output/manual/SKILL.md"));
    assert_eq!(auto.keys().collect::<Vec<_>>(), always.keys().collect::<Vec<_>>());
    for (file, text) in &auto {
        assert!(*text == always[file], "{file} differs:\n{}", first_difference(text, &always[file]));
    }
}

fn first_difference(one: &str, other: &str) -> String {
    let differs = one.lines().zip(other.lines()).find(|(one, other)| one != other);
    differs.map(|(one, other)| format!("auto:   {one}\nalways: {other}")).unwrap_or_default()
}

#[test]
fn a_static_site_by_mkdocs_material_comes_over_http() {
    check_static("mkdocs-material");
}

#[test]
fn a_static_site_by_sphinx_comes_over_http() {
    check_static("sphinx-pydata");
}

#[test]
fn a_site_that_renders_itself_goes_through_the_browser() {
    let generated = generated::site("docsify-history");
    let server = SiteServer::start(Site::folder(&generated.root).fallback(generated.fallback.as_deref()));
    let sandbox = Sandbox::new();
    let config = json!({"name": "docs", "base_url": server.url("/"), "rate_limit": 0});
    sandbox.config("docs", &config);
    let run = sandbox.run_with_browser(&["scrape", "docs", "--json"]).expect_code(0);
    let (urls, mut templates) = report(&sandbox, "docs");
    assert_eq!(kept(&urls, false), BTreeSet::new());
    assert!(kept(&urls, true).len() >= generated.routes.len());
    // The sources of its pages lie beside them, and hold less than the browser shows.
    templates.retain(|known| known["cheaper"] != "markdown");
    assert_eq!(templates.len(), 1, "{templates:#?}");
    assert_eq!(templates[0]["decision"], "browser");
    assert_eq!(templates[0]["evidence"][0]["finding"], "different", "{templates:#?}");
    assert!(run.stderr.contains("over HTTP alone they hold less"), "{}", run.stderr);
}

const PAGES: usize = 70;
/// Where the static template holds a page that a script fills; it looks like any other.
const ODD: std::ops::Range<usize> = 26..50;

/// Static pages, among them a stretch that the site's own script fills, and an application in another layout.
fn mixed_site() -> Site {
    let words = "A paragraph of a page that is there without any script, long enough to count as content.";
    let menu: String = (0..PAGES)
        .map(|number| format!("<li><a href='/guide/{number}'>Guide {number}</a></li>"))
        .chain((0..4).map(|number| format!("<li><a href='/app/{number}'>App {number}</a></li>")))
        .collect();
    let page = |class: &str, main: &str| {
        Canned::html(format!(
            "<!doctype html><html><head><title>Mixed</title><script src='/fill.js' defer></script></head>\
             <body class='{class}'><nav><ul>{menu}</ul></nav><main>{main}</main></body></html>"
        ))
    };
    // Nothing in its markup tells a page that the script fills.
    let script = "for (const place of document.querySelectorAll('[data-more]')) {\n  \
                  const number = Number(location.pathname.split('/').pop());\n  \
                  if (location.pathname.startsWith('/guide/') && (number < 26 || number >= 50)) continue;\n  \
                  place.textContent = 'Only the browser shows the story of ' + location.pathname + ', told at length.';\n}";
    let mut site = Site::default()
        .with("/robots.txt", Canned::text("User-agent: *\nAllow: /\n"))
        .with(
            "/fill.js",
            Canned { headers: vec![("content-type", "text/javascript".into())], ..Canned::text(script) },
        )
        .with("/", page("guide", &format!("<h1>Mixed</h1><p>{words}</p>")));
    for number in 0..PAGES {
        let main = format!("<h1>Guide {number}</h1><p>{words}</p><p data-more>More follows.</p>");
        site = site.with(&format!("/guide/{number}"), page("guide", &main));
    }
    for number in 0..4 {
        site = site
            .with(&format!("/app/{number}"), page("app", &format!("<h1>App {number}</h1><p data-more></p>")));
    }
    site
}

#[test]
fn a_mixed_site_is_complete_in_the_end() {
    let server = SiteServer::start(mixed_site());
    let sandbox = Sandbox::new();
    let config = json!({
        "name": "docs", "base_url": server.url("/"), "rate_limit": 0, "concurrency": 1, "discover": ["links", "navigation"],
    });
    sandbox.config("docs", &config);
    let run = sandbox.run_with_browser(&["build", "docs", "--json", "--verbose"]).expect_code(0);
    check_asked_once(&server, |path| path == "/" || path.starts_with("/guide/") || path.starts_with("/app/"));

    let (urls, templates) = report(&sandbox, "docs");
    assert_eq!(kept(&urls, true).len() + kept(&urls, false).len(), PAGES + 5);
    let texts = references(&sandbox, "docs").into_values().collect::<Vec<_>>().join("\n");
    for path in
        ODD.map(|number| format!("guide/{number}")).chain((0..4).map(|number| format!("app/{number}")))
    {
        assert!(
            texts.contains(&format!("Only the browser shows the story of /{path},")),
            "{path} is not complete"
        );
    }
    let of = |class: &str| {
        templates.iter().find(|known| known["template"].as_str().unwrap().contains(class)).unwrap()
    };
    let (guide, app) = (of("body.guide"), of("body.app"));
    assert_eq!(
        (&guide["decision"], &app["decision"]),
        (&json!("browser"), &json!("browser")),
        "{templates:#?}"
    );
    assert_eq!(app["evidence"][0]["finding"], "different");
    let failed = guide["checks"].as_array().unwrap().last().unwrap();
    assert_eq!(failed["finding"], "different", "{guide:#?}");
    assert!(failed["dom"]["letters"].as_u64() > failed["sent"]["letters"].as_u64(), "{failed:#?}");
    let taken_back = guide["taken_back"].as_array().unwrap();
    assert!(!taken_back.is_empty(), "{guide:#?}");
    assert!(kept(&urls, false).len() > 10, "what was confirmed before stays as sent: {guide:#?}");
    let summary = &run.json()["rendering"];
    assert_eq!(summary["taken_back"], taken_back.len());
    assert!(run.stderr.contains("rendered after a check"), "{}", run.stderr);
    assert!(run.stderr.contains("/guide/3 (as sent)"), "{}", run.stderr);
    assert!(run.stderr.contains("/app/1 (rendered)"), "{}", run.stderr);
}

/// A crawl that is killed goes on with what it learned, and forgets no page that was in doubt.
#[test]
fn a_killed_crawl_forgets_neither_decision_nor_doubt() {
    let server = SiteServer::start(mixed_site());
    let sandbox = Sandbox::new();
    let config = json!({
        "name": "docs", "base_url": server.url("/"), "rate_limit": 0.05, "concurrency": 1, "discover": ["links", "navigation"],
    });
    sandbox.config("docs", &config);
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(120);
    let asked = || server.paths().iter().filter(|path| path.starts_with("/guide/")).count();
    for wanted in [15, 32] {
        server.answer_only("/guide/", wanted + 4 - asked());
        let mut child = sandbox.start_with_browser(&["scrape", "docs"]);
        while asked() < wanted {
            assert!(std::time::Instant::now() < deadline, "nothing happened for two minutes");
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    server.answer_all();
    sandbox.run_with_browser(&["build", "docs"]).expect_code(0);
    let texts = references(&sandbox, "docs").into_values().collect::<Vec<_>>().join("\n");
    for number in ODD {
        assert!(texts.contains(&format!("story of /guide/{number},")), "/guide/{number} is not complete");
    }
    let (_, templates) = report(&sandbox, "docs");
    let guide =
        templates.iter().find(|known| known["template"].as_str().unwrap().contains("body.guide")).unwrap();
    assert!(guide["evidence"].as_array().unwrap().len() >= 3, "the evidence of all runs is told: {guide:#?}");
    assert_eq!(guide["unchecked"], 0);
}

const SHELLS: usize = 16;

/// Pages that a script fills from their data, each with its Markdown beside it.
fn shell_site() -> Site {
    let words =
        "A paragraph that is nowhere in the HTML as the server sends it, long enough to count as content.";
    let menu: String =
        (0..SHELLS).map(|number| format!("<li><a href='/guide/{number}'>Guide {number}</a></li>")).collect();
    let script = "fetch('/data' + location.pathname + '.json').then(answer => answer.json()).then(data => {\n  \
                  document.querySelector('main').innerHTML = data.html;\n})";
    let javascript = |text: &str| Canned {
        headers: vec![("content-type", "text/javascript".into())],
        ..Canned::text(text)
    };
    let mut site = Site::default()
        .with("/robots.txt", Canned::text("User-agent: *\nAllow: /\n"))
        .with("/fill.js", javascript(script))
        .with(
            "/",
            Canned::html(format!(
                "<!doctype html><html><head><title>Start</title></head><body class=start><nav><ul>{menu}</ul></nav>\
                 <main><h1>Start</h1><p>Where everything begins, told in one long enough paragraph of words.</p></main></body></html>"
            )),
        );
    for number in 0..SHELLS {
        let shell = "<!doctype html><html><head><title>Docs</title><script src='/fill.js' defer></script></head>\
                     <body class=shell><main></main></body></html>";
        let html = format!(
            "<h1>Guide {number}</h1><p>This is guide {number}. {words}</p><pre><code class='language-rust'>let page = {number};</code></pre>\
             <table><tr><th>Key</th><th>Use</th></tr><tr><td>name</td><td>guide</td></tr></table>"
        );
        let markdown = format!(
            "# Guide {number}\n\nThis is guide {number}. {words}\n\n```rust\nlet page = {number};\n```\n\n| Key | Use |\n| --- | --- |\n| name | guide |\n"
        );
        site = site
            .with(&format!("/guide/{number}"), Canned::html(shell))
            .with(&format!("/data/guide/{number}.json"), Canned::text(json!({ "html": html }).to_string()))
            .with(
                &format!("/guide/{number}.md"),
                Canned { headers: vec![("content-type", "text/markdown".into())], ..Canned::text(markdown) },
            );
    }
    site
}

#[test]
fn markdown_that_holds_what_the_browser_shows_spares_it() {
    let server = SiteServer::start(shell_site());
    let (sandbox, other) = (Sandbox::new(), Sandbox::new());
    let config = json!({
        "name": "docs", "base_url": server.url("/"), "description": "The docs.", "rate_limit": 0, "concurrency": 1,
        "discover": ["links", "navigation"],
    });
    sandbox.config("docs", &config);
    other.config("docs", &config);
    let run = sandbox.run_with_browser(&["build", "docs", "--json"]).expect_code(0);
    check_asked_once(&server, |path| path.starts_with("/guide/"));
    let (urls, templates) = report(&sandbox, "docs");
    let known = templates.iter().find(|known| known["cheaper"] == "markdown").unwrap();
    assert_eq!(known["decision"], "markdown", "{known:#?}");
    assert_eq!(
        kept(&urls, true).len() + kept(&urls, false).len(),
        SHELLS + 1,
        "no Markdown is a page of its own"
    );
    // Two tell that the browser is needed, three that the Markdown does, and the last is checked.
    let from_data = server.paths().iter().filter(|path| path.starts_with("/data/")).count();
    assert_eq!(from_data, 6, "{known:#?}");
    assert_eq!(run.json()["rendering"]["from_markdown"], SHELLS - 6);
    assert!(run.stderr.contains("read from the site's own Markdown"), "{}", run.stderr);

    other.run_with_browser(&["build", "docs", "--render", "always"]).expect_code(0);
    let (auto, always) = (references(&sandbox, "docs"), references(&other, "docs"));
    assert_eq!(auto.keys().collect::<Vec<_>>(), always.keys().collect::<Vec<_>>());
    for (file, text) in &auto {
        assert!(*text == always[file], "{file} differs:\n{}", first_difference(text, &always[file]));
    }
}
