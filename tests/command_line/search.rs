//! `search`, and `package` of a site that was only scraped.

use serde_json::json;

use crate::support::sandbox::Sandbox;
use crate::support::server::{Canned, Site, SiteServer};
use crate::support::zips::check_zip;

fn page(title: &str, text: &str, links: &str) -> Canned {
    Canned::html(format!(
        "<html><head><title>{title}</title></head><body><main><h1>{title}</h1>{text}{links}</main></body></html>"
    ))
}

/// A sandbox with the crawl of a site of three pages, and nothing built.
fn scraped() -> (SiteServer, Sandbox) {
    let links =
        "<ul><li><a href='/retries.html'>Retries</a></li><li><a href='/install.html'>Install</a></li></ul>";
    let retries = "<p>What happens when a page fails.</p><h2>The policy</h2>\
                   <p>Set <code>max_retries</code> to say how often a page is asked for again.</p>";
    let site = Site::default()
        .with("/", page("Docs", "<p>Where everything begins.</p>", links))
        .with("/retries.html", page("Retries", retries, ""))
        .with("/install.html", page("Install", "<p>Get it with one command.</p>", ""));
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    sandbox.config(
        "docs",
        &json!({
            "name": "docs", "description": "How to use docs. Use when testing.", "base_url": server.url("/"),
            "render": "never", "rate_limit": 0.0,
        }),
    );
    sandbox.run(&["scrape", "docs"]).expect_code(0);
    (server, sandbox)
}

#[test]
fn a_scraped_site_is_packaged_and_searched() {
    let (_server, sandbox) = scraped();
    assert!(!sandbox.path("output").exists());
    let packaged = sandbox.run(&["package", "output/docs/", "--json"]).expect_code(0).json();
    check_zip(&sandbox.path(packaged["zip"].as_str().unwrap()), "docs");
    assert!(sandbox.path("output/docs/SKILL.md").is_file());

    let found =
        sandbox.run(&["search", "output/docs", "max retries", "policy", "--json"]).expect_code(0).json();
    let best = &found["hits"][0];
    assert!(best["heading"].as_array().unwrap().iter().any(|heading| heading == "The policy"), "{found}");
    assert!(best["excerpt"].as_str().unwrap().contains("`max_retries`"), "{found}");
    let file = sandbox.read(&format!("output/docs/{}", best["file"].as_str().unwrap()));
    let first = usize::try_from(best["first_line"].as_u64().unwrap()).unwrap();
    assert!(file.lines().nth(first - 1).unwrap().ends_with("The policy"), "{file}");
    let one = sandbox.run(&["search", "output/docs", "page", "--limit", "1"]).expect_code(0);
    assert!(one.stdout.contains("lines ") && !one.stdout.contains("\n\n"), "{}", one.stdout);
}

#[test]
fn what_cannot_be_searched_or_packaged_is_told() {
    let (_server, sandbox) = scraped();
    let missing = sandbox.run(&["package", "output/other"]).expect_code(2);
    assert!(missing.stderr.contains("there is no folder `output/other`"), "{}", missing.stderr);
    let missing = sandbox.run(&["search", "output/other", "words"]).expect_code(2);
    assert!(missing.stderr.contains("there is no folder"), "{}", missing.stderr);
    let empty = sandbox.run(&["search", "configs", "words"]).expect_code(2);
    assert!(empty.stderr.contains("there is no `SKILL.md`"), "{}", empty.stderr);
    sandbox.run(&["package", "output/docs"]).expect_code(0);
    let nothing = sandbox.run(&["search", "output/docs", "quaternion"]).expect_code(0);
    assert!(nothing.stdout.trim().is_empty() && nothing.stderr.contains("nothing in"), "{}", nothing.stderr);
    sandbox.run(&["search", "output/docs", "?!"]).expect_code(2);
}
