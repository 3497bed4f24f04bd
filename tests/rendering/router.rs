//! From page to page by the site's own router: small applications of our own, whose routers do what they should or do not.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::sandbox::Sandbox;
use crate::server::{Canned, Site, SiteServer};

const PAGES: usize = 30;

/// An application with a router over the history or the hash. `ROUTE` is what it does with a link of its own.
const APPLICATION: &str = r#"
    const byHash = document.documentElement.dataset.router === 'hash';
    const nameOf = (url) => (byHash ? url.hash.slice(2) : url.pathname.split('/').pop()) || 'page-1';
    const addressOf = (name) => (byHash ? `/docs/#/${name}` : `/docs/${name}`);
    let routes = 0;
    const draw = async () => {
        const name = nameOf(new URL(location));
        const { words } = await (await fetch(`/content/${name}.json`)).json();
        const tail = `<p>The end of ${name}.</p>`;
        document.title = name;
        document.querySelector('main').innerHTML = `<h1>${name}</h1>` + words.map((text) => `<p>${text}</p>`).join('') + TAIL;
    };
    const menu = Array.from({ length: COUNT }, (_, i) => `<li><a href="${addressOf(`page-${i + 1}`)}">page-${i + 1}</a></li>`);
    document.body.innerHTML = `<nav><ul>${menu.join('')}</ul></nav><main></main>`;
    const route = (link, event) => { ROUTE };
    document.addEventListener('click', (event) => {
        const link = event.target.closest('a');
        if (link && !byHash) route(link, event);
    });
    addEventListener('hashchange', () => { routes += 1; draw(); });
    draw();
"#;
/// What a router does with a click.
const GOES: &str = "event.preventDefault(); routes += 1; history.pushState({}, '', link.href); draw();";

struct Crawled {
    server: SiteServer,
    /// Markdown by page.
    pages: BTreeMap<String, String>,
    report: Vec<Value>,
    words: String,
}

/// Crawls an application in which each page has a number of paragraphs of its own.
fn crawl(kind: &str, route: &str, tail: &str, settings: Value) -> Crawled {
    let shell = format!(
        "<!DOCTYPE html><html data-router={kind}><head><title>App</title></head><body><script src=/app.js></script></body></html>"
    );
    let script =
        APPLICATION.replace("ROUTE", route).replace("TAIL", tail).replace("COUNT", &PAGES.to_string());
    let javascript =
        Canned { headers: vec![("content-type", "text/javascript".into())], ..Canned::text(&script) };
    let mut site = Site::default().with("/app.js", javascript).with("/docs/", Canned::html(&shell));
    for number in 1..=PAGES {
        let words: Vec<String> = (0..number % 4 + 3)
            .map(|at| {
                format!("Paragraph {at} of page {number} has words enough to be some content of its own.")
            })
            .collect();
        site = site
            .with(
                &format!("/content/page-{number}.json"),
                Canned::text(json!({ "words": words }).to_string()),
            )
            .with(&format!("/docs/page-{number}"), Canned::html(&shell));
    }
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    let mut config =
        json!({"name": "docs", "base_url": server.url("/docs/"), "rate_limit": 0, "concurrency": 2});
    config.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    sandbox.config("docs", &config);
    let run = sandbox.run_with_browser(&["scrape", "docs"]).expect_code(0);
    let report: Vec<Value> = sandbox
        .read("crawls/docs/report.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    sandbox.run(&["extract", "crawls/docs", "--out", "out"]).expect_code(0);
    let pages = sandbox
        .read("out/map.jsonl")
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            let path = line["url"].as_str().unwrap().replace(&server.url(""), "");
            (path, sandbox.read(&format!("out/{}", line["path"].as_str().unwrap())))
        })
        .map(|(path, text)| (path, text.replace(&server.url(""), "")))
        .collect();
    Crawled { server, pages, report, words: run.stderr }
}

impl Crawled {
    #[track_caller]
    fn assert_whole(&self) {
        for number in 1..=PAGES {
            let path = format!("page-{number}");
            // The application begins with its first page, which then stands under one of the two addresses, and only there.
            let is_it = |known: &&String| {
                known.rsplit('/').next() == Some(&path) || (number == 1 && known.ends_with("/docs/"))
            };
            let found: Vec<&String> = self.pages.keys().filter(is_it).collect();
            assert_eq!(found.len(), 1, "{path}: {:?}", self.pages.keys());
            let text = &self.pages[found[0]];
            assert!(text.contains(&format!("The end of {path}.")), "{path}: {text}\n{:#?}", self.report);
        }
    }

    fn routed(&self) -> usize {
        self.report.iter().filter(|line| line["routed"] == json!(true)).count()
    }

    /// What the report says about the application's router.
    fn routing(&self) -> &Value {
        let mut lines = self.report.iter().filter_map(|line| line.get("routing"));
        let first = lines.next().unwrap_or_else(|| panic!("nothing about routing in {:#?}", self.report));
        assert!(lines.next().is_none());
        first
    }
}

#[test]
fn pages_that_the_router_led_to_are_those_that_a_load_gives() {
    for (kind, render) in [("history", "auto"), ("hash", "always")] {
        let loaded = crawl(kind, GOES, "tail", json!({"render": render, "router": false}));
        let routed = crawl(kind, GOES, "tail", json!({"render": render}));
        loaded.assert_whole();
        assert_eq!(routed.pages, loaded.pages, "{kind} {render}");
        assert_eq!(loaded.routed(), 0);
        assert!(routed.routed() >= PAGES / 2, "{kind} {render}: {:#?}", routed.report);
        let routing = routed.routing();
        assert_eq!(routing["decision"], "router", "{routing:#}");
        assert_eq!((&routing["unchecked"], &routing["taken_back"]), (&json!(0), &json!([])));
        assert!(!routing["checks"].as_array().unwrap().is_empty(), "the last page is compared: {routing:#}");
        assert!(routed.words.contains("by the site's own router"), "{}", routed.words);
        assert_eq!(routed.server.count("/docs/page-7"), usize::from(kind == "history"));
    }
}

#[test]
fn pages_are_loaded_after_all_once_the_router_leaves_something_out() {
    // After some pages it forgets the end of each.
    for tail in ["(routes < 5 ? tail : '')", "(routes < 1 ? tail : '')"] {
        let crawled = crawl("history", GOES, tail, json!({"render": "always"}));
        crawled.assert_whole();
        assert_eq!(crawled.routing()["decision"], "load");
        assert_eq!(crawled.routed(), 0);
        assert_eq!(crawled.server.count("/docs/page-7"), 1, "what is loaded again comes from the record");
    }
}

#[test]
fn links_that_no_router_takes_are_followed_by_loads() {
    for route in
        ["", "event.preventDefault();", "event.preventDefault(); location.href = 'https://other.example/';"]
    {
        let crawled = crawl("history", route, "tail", json!({"render": "always"}));
        crawled.assert_whole();
        assert_eq!(crawled.routed(), 0);
        assert_eq!(crawled.server.count("/docs/page-7"), 1);
    }
}
