//! `skillcrawl status`: how far a crawl is, while it runs in another process and after.

use serde_json::json;

use crate::resume::wait_until;
use crate::support::sandbox::Sandbox;
use crate::support::server::{Canned, Site, SiteServer};

fn site() -> Site {
    let links: String = (0..8).map(|number| format!("<a href=\"/{number}\">{number}</a> ")).collect();
    let page = |title: &str| {
        Canned::html(format!(
            "<html><head><title>{title}</title></head><body><main><h1>{title}</h1><p>Words of the page {title}, \
             enough of them to be kept.</p>{links}<a href=\"/missing\">missing</a></main></body></html>"
        ))
    };
    (0..8).fold(Site::default().with("/", page("Home")), |site, number| {
        site.with(&format!("/{number}"), page(&format!("Page {number}")))
    })
}

fn sandbox(server: &SiteServer, rate_limit: f64) -> Sandbox {
    let sandbox = Sandbox::new();
    let config = json!({
        "name": "docs", "base_url": server.url("/"), "rate_limit": rate_limit, "render": "never",
        "discover": ["links"],
    });
    sandbox.config("docs", &config);
    sandbox
}

#[test]
fn a_running_crawl_is_told_of_and_not_disturbed() {
    let server = SiteServer::start(site());
    let sandbox = sandbox(&server, 0.3);
    let mut child = sandbox.command(&["scrape", "docs", "--quiet"]).spawn().unwrap();
    wait_until(|| server.paths().len() >= 4);
    let status = sandbox.run(&["status", "docs", "--json"]).expect_code(0).json();
    assert_eq!((&status["state"], &status["running"]), (&json!("running"), &json!(true)), "{status}");
    assert!(status["counts"]["kept"].as_u64().unwrap() > 0, "{status}");
    assert!(status["counts"]["queued"].as_u64().unwrap() > 0, "{status}");
    assert!(status["archive_bytes"].as_u64().unwrap() > 0, "{status}");
    assert!(status.get("command").is_none(), "there is nothing to go on with: {status}");
    assert!(child.wait().unwrap().success());

    let run = sandbox.run(&["status", "docs"]).expect_code(0);
    assert!(run.stdout.starts_with("docs: complete\n"), "{}", run.stdout);
    assert!(run.stdout.contains("9 kept, 0 queued"), "{}", run.stdout);
    assert!(run.stdout.contains("skipped   1: http status"), "{}", run.stdout);
    assert!(run.stdout.contains("update with `skillcrawl update docs`"), "{}", run.stdout);
}

#[test]
fn a_stopped_crawl_says_how_to_go_on() {
    let server = SiteServer::start(site());
    let sandbox = sandbox(&server, 0.3);
    let mut child = sandbox.command(&["scrape", "docs", "--quiet", "--crawls", "my crawls"]).spawn().unwrap();
    wait_until(|| server.paths().len() >= 3);
    child.kill().unwrap();
    child.wait().unwrap();
    let folder = sandbox.files("my crawls");
    let all = sandbox.run(&["status", "--crawls", "my crawls", "--json"]).expect_code(0).json();
    assert_eq!(all[0]["state"], "stopped", "{all}");
    assert_eq!(all[0]["command"], "skillcrawl build docs --crawls 'my crawls'", "{all}");
    assert_eq!(sandbox.files("my crawls"), folder, "it leaves no file behind");
}

#[test]
fn no_crawl_is_a_plain_error() {
    let server = SiteServer::start(site());
    let sandbox = sandbox(&server, 0.0);
    let run = sandbox.run(&["status", "docs"]).expect_code(2);
    assert!(run.stderr.contains("error: there is no crawl of `docs` in `crawls`"), "{}", run.stderr);
    assert!(run.stderr.contains("hint: start it with `skillcrawl build docs`"), "{}", run.stderr);
    let run = sandbox.run(&["status"]).expect_code(2);
    assert!(run.stderr.contains("error: there is no crawl in `crawls`"), "{}", run.stderr);
    let run = sandbox.run(&["status", "dcos"]).expect_code(2);
    assert!(run.stderr.contains("hint: did you mean `docs`?"), "{}", run.stderr);
}
