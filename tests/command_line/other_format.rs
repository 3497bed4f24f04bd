//! Configs as another tool's users have them, in both of its shapes: they load unchanged and crawl a site.

use serde_json::{Value, json};

use crate::support::sandbox::Sandbox;
use crate::support::server::{Canned, Site, SiteServer};

fn site() -> SiteServer {
    let page = |title: &str, body: &str| {
        Canned::html(format!(
            "<title>{title} - Widgets</title><nav><a href=/docs/install>Install</a> <a href=/docs/api/shapes>Shapes</a> \
             <a href=/docs/blog/news>News</a></nav><div class=content><h1>{title}</h1><p>{body}</p>\
             <pre><code class=language-js>{title}()</code></pre></div>"
        ))
    };
    SiteServer::start(
        Site::default()
            .with(
                "/docs/",
                page("Widgets", "Widgets draws shapes on a page from a short description of each."),
            )
            .with(
                "/docs/install",
                page("Install", "Fetch the package and load it before the first shape is drawn."),
            )
            .with(
                "/docs/api/shapes",
                page("Shapes", "Every shape has a name, a place and a size in whole pixels."),
            )
            .with(
                "/docs/blog/news",
                page("News", "There is a new version, and it has more shapes than the last one."),
            ),
    )
}

/// The keys of a documentation site, as they are the same in both shapes.
fn documentation(base: &str) -> Value {
    json!({
        "base_url": base,
        "start_urls": [base, format!("{base}install")],
        "selectors": {"main_content": ".content", "title": "h1", "code_blocks": "pre code"},
        "url_patterns": {"include": ["/docs/"], "exclude": ["/blog/", ".css"]},
        "categories": {"getting_started": ["install", "quickstart"], "api": ["api", "reference"]},
        "rate_limit": 0.0,
        "max_pages": -1,
        "llms_txt_url": format!("{base}llms.txt"),
        "extract_api": true,
    })
}

fn check(config: &Value) {
    let sandbox = Sandbox::new();
    sandbox.config("widgets", config);
    sandbox.run(&["config", "validate", "widgets"]).expect_code(0);
    let run = sandbox.run(&["build", "widgets", "--render", "never", "--json"]).expect_code(0).json();
    assert_eq!(run["pages"]["kept"], 3, "{run}");
    let index = sandbox.read("output/widgets/references/index.md");
    for words in ["Shapes", "Install"] {
        assert!(index.contains(words), "{words} is missing:\n{index}");
    }
    assert!(!index.contains("News"), "{index}");
}

#[test]
fn the_flat_shape_crawls() {
    let server = site();
    let mut config = documentation(&server.url("/docs/"));
    let keys = json!({
        "name": "widgets",
        "description": "Widgets draws shapes. Use when drawing shapes with Widgets.",
        "version": "1.0.0",
        "async_mode": true,
        "workers": 4,
        "checkpoint": {"enabled": true, "interval": 1000},
        "split_strategy": "router",
    });
    config.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    check(&config);
}

#[test]
fn the_shape_with_sources_crawls() {
    let server = site();
    let mut source = documentation(&server.url("/docs/"));
    source["type"] = json!("documentation");
    check(&json!({
        "name": "widgets",
        "description": "Widgets draws shapes. Use when drawing shapes with Widgets.",
        "merge_mode": "rule-based",
        "sources": [source],
    }));
}
