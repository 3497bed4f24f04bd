//! `skillcrawl generate`: a config after a look at the site, with what speaks for it; and `estimate` on sites that real
//! generators built.

use serde_json::{Value, json};

use crate::estimate::check;
use crate::support::generated;
use crate::support::sandbox::{Run, Sandbox};
use crate::support::server::{Canned, Site, SiteServer};

/// A page with words of its own.
fn page(title: &str, body: &str) -> Canned {
    Canned::html(format!(
        "<!doctype html><html lang=en><head><title>{title}</title></head><body><main><h1>{title}</h1>\
         <p>{title} renames many files at once by patterns that are shown before anything happens. It runs on each system \
         that has a shell, takes no configuration, and writes down what it did, so that each step can be undone later \
         with one command.</p>{body}</main></body></html>"
    ))
}

fn links(paths: &[String]) -> String {
    paths.iter().map(|path| format!("<a href=\"{path}\">{path}</a> ")).collect()
}

fn finding(result: &Value, about: &str) -> String {
    let findings = result["findings"].as_array().unwrap_or_else(|| panic!("{result:#}"));
    let found = findings.iter().find(|finding| finding["about"] == about);
    found.and_then(|finding| finding["found"].as_str()).unwrap_or_default().to_owned()
}

/// The config that was written loads, and every other command takes it.
#[track_caller]
fn round_trip(sandbox: &Sandbox, run: &Run, name: &str) -> Value {
    let result = run.json();
    let written: Value = serde_json::from_str(&sandbox.read(&format!("configs/{name}.json"))).unwrap();
    assert_eq!(result["config"], written);
    assert_eq!(result["file"], format!("configs/{name}.json"));
    assert_eq!(result["next"], format!("skillcrawl estimate {name}"));
    sandbox.run(&["config", "validate", name]).expect_code(0);
    sandbox.run(&["config", "show", name]).expect_code(0);
    written
}

#[track_caller]
fn look_at_generated(site: &str, generator: &str, needs_js: bool) {
    let generated = generated::site(site);
    let server = SiteServer::start(Site::folder(&generated.root).fallback(generated.fallback.as_deref()));
    let sandbox = Sandbox::new();
    let run = sandbox
        .run_with_browser(&["generate", &server.url("/"), "--name", "manual", "--json"])
        .expect_code(0);
    let result = run.json();
    let profile = result["generator"].as_str().unwrap_or_default();
    assert!(profile.starts_with(generator), "{result:#}");
    assert_eq!(result["needs_js"], needs_js, "{result:#}");
    if site != "sphinx-pydata" {
        let groups = json!(["Getting started", "Guides", "Reference", "Explanation", "Help"]);
        assert_eq!(result["navigation"], groups, "{result:#}");
    }
    let mut config = round_trip(&sandbox, &run, "manual");
    assert!(config["description"].as_str().is_none_or(|text| text.chars().count() <= 1024));
    assert!(config.get("categories").is_none(), "{config:#}");
    config["rate_limit"] = json!(0);
    config["name"] = json!("site");
    check(&[&server], &config);
}

#[test]
fn docsify() {
    look_at_generated("docsify-hash", "docsify", true);
}

#[test]
fn mkdocs_material() {
    look_at_generated("mkdocs-material", "mkdocs-material", false);
}

#[test]
fn sphinx() {
    look_at_generated("sphinx-pydata", "sphinx", false);
}

#[test]
fn docusaurus() {
    look_at_generated("docusaurus", "docusaurus", false);
}

#[test]
fn a_front_page_leads_to_the_documentation() {
    let paths: Vec<String> = (0..8).map(|number| format!("/docs/page{number}")).collect();
    let mut site = Site::default()
        .with("/", page("Tool", "<a href=/pricing>Pricing</a> <a href=/docs/>Documentation</a>"))
        .with("/pricing", page("Pricing", ""))
        .with("/docs/", page("Tool documentation", &links(&paths)));
    for path in &paths {
        site = site.with(path, page(path, ""));
    }
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["generate", &server.url("/"), "--name", "tool", "--render", "never", "--json"]);
    let run = run.expect_code(0);
    let config = round_trip(&sandbox, &run, "tool");
    assert_eq!(config["base_url"], server.url("/docs/"), "{config:#}");
    assert!(run.stderr.contains("is no documentation, and says that it is there"), "{}", run.stderr);
    let description = config["description"].as_str().unwrap();
    assert!(description.starts_with("Tool documentation renames many files"), "{description}");
    assert!(server.count("/robots.txt") <= 2, "{:?}", server.paths());
}

#[test]
fn a_redirect_and_other_editions() {
    let names = ["intro", "install", "usage", "faq", "hooks"];
    let own: Vec<String> = names.iter().map(|name| format!("/docs/{name}")).collect();
    let others: Vec<String> = ["v1.2", "fr"]
        .iter()
        .flat_map(|edition| names.iter().map(move |name| format!("/docs/{edition}/{name}")))
        .collect();
    let mut site = Site::default()
        .with("/", Canned::redirect("/docs/"))
        .with("/docs/", page("Tool", &links(&[own.clone(), others.clone()].concat())));
    for path in own.iter().chain(&others) {
        site = site.with(path, page(path, ""));
    }
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["generate", &server.url("/"), "--name", "tool", "--render", "never", "--json"]);
    let run = run.expect_code(0);
    let config = round_trip(&sandbox, &run, "tool");
    assert_eq!(config["base_url"], server.url("/docs/"), "{config:#}");
    assert_eq!(config["url_patterns"]["exclude"], json!(["/v1.2/", "/fr/"]), "{config:#}");
    let result = run.json();
    assert_eq!(finding(&result, "versions"), "left out: `v1.2`");
    assert_eq!(finding(&result, "languages"), "this is `en`; left out: `fr`");
    assert_eq!(finding(&result, "pages"), "6", "{result:#}");
    let kept = sandbox.run(&["scrape", "tool", "--render", "never", "--json"]).expect_code(0).json();
    assert_eq!(kept["pages"]["kept"], 6, "{kept:#}");
}

#[test]
fn the_rate_is_that_of_the_site_and_categories_come_from_folders() {
    let paths: Vec<String> = (0..10)
        .map(|number| format!("/{}/page{number}", if number % 2 == 0 { "guide" } else { "reference" }))
        .collect();
    let llms = "# Tool\n\n> Tool renames many files at once, and shows what would happen before it does.\n\n- [a](/guide/page0)\n";
    let mut site = Site::default()
        .with("/robots.txt", Canned::text("User-agent: *\nCrawl-delay: 0.7\nDisallow: /reference/page9\n"))
        .with("/llms.txt", Canned::text(llms))
        .with("/", page("Tool", &links(&paths)));
    for path in &paths {
        site = site.with(path, page(path, ""));
    }
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["generate", &server.url("/"), "--render", "never", "--json"]).expect_code(0);
    let config = round_trip(&sandbox, &run, "tool");
    assert_eq!(config["rate_limit"], 0.7, "{config:#}");
    assert_eq!(config["categories"], json!({"guide": ["guide"], "reference": ["reference"]}), "{config:#}");
    assert_eq!(
        config["description"],
        "Tool renames many files at once, and shows what would happen before it does."
    );
    assert!(finding(&run.json(), "robots.txt").contains("refuses 1"), "{}", run.stdout);
    let seen = server.seen();
    assert!(seen.iter().all(|seen| seen.user_agent.starts_with("skillcrawl/")));
    assert!(!server.paths().contains(&"/reference/page9".to_owned()));
}

#[test]
fn nothing_is_overwritten_and_a_dry_run_writes_nothing() {
    let server = SiteServer::start(Site::default().with("/", page("Tool", "")));
    let sandbox = Sandbox::new();
    sandbox.write("configs/tool.json", "mine");
    let url = server.url("/");
    let run = sandbox.run(&["generate", &url, "--name", "tool", "--render", "never"]).expect_code(2);
    assert!(
        run.stderr.contains("`configs/tool.json` is there already") && run.stderr.contains("--force"),
        "{}",
        run.stderr
    );
    assert_eq!(server.paths(), [""; 0], "it is told before anybody is asked");
    let run =
        sandbox.run(&["generate", &url, "--name", "tool", "--render", "never", "--dry-run"]).expect_code(0);
    let printed: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&printed["name"], &printed["base_url"]), (&json!("tool"), &json!(url)));
    assert_eq!(sandbox.read("configs/tool.json"), "mine");
    std::fs::create_dir(sandbox.path("configs/schema")).unwrap();
    sandbox.write("configs/schema/config.schema.json", "{}");
    sandbox.run(&["generate", &url, "--name", "tool", "--render", "never", "--force"]).expect_code(0);
    let written: Value = serde_json::from_str(&sandbox.read("configs/tool.json")).unwrap();
    assert_eq!(written["$schema"], "./schema/config.schema.json");
    sandbox.run(&["config", "validate", "tool"]).expect_code(0);
}

#[test]
fn what_cannot_be_looked_at_is_a_template_that_says_so() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["generate", "https://docs.tool.example/en/latest/", "--offline"]).expect_code(0);
    assert!(
        run.stderr.contains("warning: nothing in this config was verified: nobody was asked"),
        "{}",
        run.stderr
    );
    sandbox.run(&["config", "validate", "tool"]).expect_code(0);
    sandbox.run(&["generate", "https://github.com/acme/batchmv", "--offline"]).expect_code(0);
    sandbox.run(&["config", "validate", "batchmv"]).expect_code(0);
    // A port that nobody listens on.
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let url = format!("http://{closed}/");
    let run = sandbox.run(&["generate", &url, "--name", "gone", "--json"]).expect_code(0);
    assert_eq!(run.json()["verified"], false, "{}", run.stdout);
    assert!(run.stderr.contains("nothing in this config was verified"), "{}", run.stderr);
    sandbox.run(&["config", "validate", "gone"]).expect_code(0);
}

#[test]
fn robots_that_refuse_the_site_leave_no_config() {
    let site = Site::default()
        .with("/robots.txt", Canned::text("User-agent: *\nDisallow: /\n"))
        .with("/", page("Tool", ""));
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["generate", &server.url("/"), "--name", "tool"]).expect_code(4);
    assert!(
        run.stderr.contains("robots.txt does not allow") && run.stderr.contains("hint:"),
        "{}",
        run.stderr
    );
    assert_eq!(server.paths(), ["/robots.txt"]);
    assert_eq!(sandbox.files("configs"), [""; 0]);
    for word in ["not an address", "tool"] {
        let run = sandbox.run(&["generate", word]).expect_code(2);
        assert!(run.stderr.contains("is no address"), "{}", run.stderr);
    }
    let run = sandbox.run(&["generate", &server.url("/"), "--output", "tool.json"]).expect_code(2);
    assert!(run.stderr.contains("called like a file") && run.stderr.contains("hint:"), "{}", run.stderr);
    assert_eq!(server.paths(), ["/robots.txt"]);
}

#[test]
fn a_server_that_asks_for_patience_is_asked_more_slowly() {
    let paths: Vec<String> = (0..4).map(|number| format!("/page{number}")).collect();
    let busy = Canned { status: 429, headers: vec![("retry-after", "1".to_owned())], body: String::new() };
    let mut site = Site::default().with("/", page("Tool", &links(&paths)));
    for path in &paths {
        site = site.with(path, if path == "/page2" { busy.clone() } else { page(path, "") });
    }
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["generate", &server.url("/"), "--name", "tool", "--render", "never", "--json"]);
    let config = round_trip(&sandbox, &run.expect_code(0), "tool");
    assert_eq!(config["rate_limit"], 1.0, "{config:#}");
}

#[test]
fn a_server_that_gives_no_page_verifies_nothing() {
    let busy = Canned { status: 429, headers: vec![("retry-after", "900".to_owned())], body: String::new() };
    let server = SiteServer::start(Site::default().with("/", busy));
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["generate", &server.url("/"), "--name", "tool", "--json"]).expect_code(0);
    assert_eq!(run.json()["why"], "the server asks for patience", "{}", run.stdout);
    sandbox.config("tool", &json!({"name": "tool", "base_url": server.url("/")}));
    let run = sandbox.run(&["estimate", "tool"]).expect_code(1);
    assert!(run.stderr.contains("the server asks for patience"), "{}", run.stderr);
}

/// The classes around the content, and of it.
const LAYOUT: (&str, &str) = ("zq-frame", "zq-right");

/// A page of a layout that no profile knows: neither elements nor names say where its content is.
fn unknown(title: &str, menu: &[String], (frame, layout): (&str, &str)) -> Canned {
    let words = |part: usize| -> String {
        let word = |number: usize| format!("{title}{part}x{number}");
        (0..30).map(word).collect::<Vec<_>>().join(" ")
    };
    let paragraphs: String =
        (0..4).map(|part| format!("<div class=\"zq-line\">{}.</div>", words(part))).collect();
    Canned::html(format!(
        "<!doctype html><html lang=en><head><title>{title}</title></head><body><div class=\"{frame}\"><div class=\"zq-left\">\
         {}</div><div class=\"{layout}\"><h1 class=\"zq-head\">{title}</h1>{paragraphs}</div></div><div class=\"zq-low\">All of \
         this may be used freely by everybody, as the licence says in more words.</div></body></html>",
        links(menu)
    ))
}

fn look_at_unknown(front: (&str, &str)) -> (Sandbox, Run) {
    let names = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta"];
    let paths: Vec<String> = names.iter().map(|name| format!("/docs/{name}")).collect();
    let mut site = Site::default().with("/docs/", unknown("tool", &paths, front));
    for (name, path) in names.iter().zip(&paths) {
        site = site.with(path, unknown(name, &paths, LAYOUT));
    }
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    let run = sandbox
        .run(&["generate", &server.url("/docs/"), "--name", "tool", "--render", "never", "--json"])
        .expect_code(0);
    (sandbox, run)
}

#[test]
fn selectors_for_a_layout_that_no_profile_knows() {
    let (sandbox, run) = look_at_unknown(LAYOUT);
    let config = round_trip(&sandbox, &run, "tool");
    assert_eq!(config["selectors"]["main_content"], "div.zq-right", "{:#}", run.json());
    assert!(
        run.stderr.contains("`div.zq-right` for the content: it is on 8 of 8 pages and holds"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("no selector finds the content of 8 of 8 pages"), "{}", run.stderr);
}

#[test]
fn selectors_that_miss_a_page_are_not_proposed() {
    let (sandbox, run) = look_at_unknown(("zq-house", "zq-hall"));
    let config = round_trip(&sandbox, &run, "tool");
    assert!(config.get("selectors").is_none(), "{config:#}");
    assert!(run.stderr.contains("matches 7 of 8 pages"), "{}", run.stderr);
    assert!(run.stderr.contains("then `skillcrawl check tool --suggest`"), "{}", run.stderr);
}

#[test]
fn a_survey_says_what_it_does() {
    let paths: Vec<String> = (0..2).map(|number| format!("/page{number}")).collect();
    let busy = Canned { status: 429, headers: vec![("retry-after", "1".to_owned())], body: String::new() };
    let mut site = Site::default()
        .with("/", page("Tool", &links(&paths)))
        .with("/robots.txt", Canned::text("User-agent: *\nCrawl-delay: 1\n"));
    for path in &paths {
        site = site.with(path, if path == "/page1" { busy.clone() } else { page(path, "") });
    }
    let server = SiteServer::start(site);
    let url = server.url("/");
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["generate", &url, "--render", "never", "--dry-run", "--json"]).expect_code(0);
    run.json();
    for said in [
        format!("looking at {url} with about 30 requests\n"),
        "asks for 1 s between two requests\n".to_owned(),
        "asks for patience until ".to_owned(),
    ] {
        assert!(run.stderr.contains(&said), "{}", run.stderr);
    }
    let server = SiteServer::start(Site::default().with("/", page("Tool", "")));
    let words = ["generate", &server.url("/"), "--render", "never", "--dry-run", "--quiet"];
    assert_eq!(sandbox.run(&words).expect_code(0).stderr, "");
}
