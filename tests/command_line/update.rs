//! `skillcrawl update`: a site is asked what changed, and no more than that is asked, written and told.

use std::collections::BTreeMap;
use std::time::SystemTime;

use serde_json::{Value, json};

use crate::resume::wait_until;
use crate::support::sandbox::{Run, Sandbox};
use crate::support::server::{Canned, Site, SiteServer};

const TOPICS: [&str; 4] = ["install", "usage", "config", "errors"];

/// A page with a paragraph of its own and a menu.
fn page(title: &str, words: &str, links: &[&str]) -> Canned {
    let links: String = links.iter().map(|link| format!("<li><a href=\"/{link}\">{link}</a></li>")).collect();
    Canned::html(format!(
        "<html><head><title>{title}</title></head><body><nav><ul>{links}</ul></nav><main><h1>{title}</h1>\
         <p>{words} This page is about {title}, and says enough about it to be kept as a page of its own.</p>\
         </main></body></html>"
    ))
}

/// The pages of a small site by path, with a robots.txt and no other listing.
fn pages() -> BTreeMap<String, Canned> {
    let mut pages: BTreeMap<String, Canned> = TOPICS
        .iter()
        .map(|topic| (format!("/{topic}"), page(topic, "First words.", &TOPICS).tagged(topic)))
        .collect();
    pages.insert("/".to_owned(), page("Home", "Welcome.", &TOPICS).tagged("home"));
    pages.insert("/robots.txt".to_owned(), Canned::text("User-agent: *\nAllow: /\n").tagged("robots"));
    pages
}

fn site(pages: BTreeMap<String, Canned>) -> Site {
    Site { canned: pages, ..Site::default() }
}

/// A site that was built, on a server and in a folder of its own.
fn built(pages: BTreeMap<String, Canned>, discover: &[&str]) -> (SiteServer, Sandbox) {
    let server = SiteServer::start(site(pages));
    let sandbox = Sandbox::new();
    let config = json!({
        "name": "docs", "base_url": server.url("/"), "rate_limit": 0, "render": "never", "discover": discover,
        "retries": 0,
    });
    sandbox.config("docs", &config);
    sandbox.run(&["build", "docs"]).expect_code(0);
    (server, sandbox)
}

/// Name, time and bytes of every file below `output/` and of the zip.
fn output(sandbox: &Sandbox) -> BTreeMap<String, (SystemTime, Vec<u8>)> {
    let files = sandbox.files("output").into_iter();
    files
        .map(|name| {
            let path = sandbox.path("output").join(&name);
            let modified = path.metadata().unwrap().modified().unwrap();
            (name, (modified, std::fs::read(path).unwrap()))
        })
        .collect()
}

fn asked(server: &SiteServer) -> Vec<String> {
    let mut paths = server.paths();
    paths.sort();
    paths
}

/// The addresses of a list of changes, as paths.
fn paths(run: &Run, list: &str, key: &str) -> Vec<String> {
    let result = run.json();
    let entries = result["changes"][list].as_array().unwrap();
    let path = |entry: &Value| {
        let url = entry[key].as_str().unwrap();
        format!("/{}", url.splitn(4, '/').nth(3).unwrap())
    };
    entries.iter().map(path).collect()
}

/// Whatever an update did, the archive gives the same skill again.
fn check_replay(sandbox: &Sandbox) {
    sandbox.run(&["build", "docs", "--replay", "crawls/docs", "--output", "again"]).expect_code(0);
    let bytes = |folder: &str| -> Vec<(String, Vec<u8>)> {
        let files = sandbox.files(folder).into_iter().filter(|name| !name.ends_with(".changes.md"));
        files.map(|name| (name.clone(), std::fs::read(sandbox.path(folder).join(name)).unwrap())).collect()
    };
    assert_eq!(bytes("output"), bytes("again"));
}

#[test]
fn nothing_changed_means_the_same_bytes_and_one_conditional_request_a_page() {
    let (server, sandbox) = built(pages(), &["links", "navigation"]);
    let before = output(&sandbox);
    server.serve(site(pages()));
    let run = sandbox.run(&["update", "docs", "--json"]).expect_code(0);
    assert!(server.seen().iter().all(|seen| seen.conditional), "{:?}", server.seen());
    assert_eq!(asked(&server), ["/", "/config", "/errors", "/install", "/robots.txt", "/usage"]);
    assert_eq!(output(&sandbox), before, "no file is another, and none is new");
    let result = run.json();
    assert_eq!((&result["changed"], &result["unchanged"]), (&json!(false), &json!(5)), "{result}");
    assert!(run.stderr.contains("nothing changed: 5 pages as they were"), "{}", run.stderr);
    check_replay(&sandbox);
}

#[test]
fn without_validators_the_content_decides() {
    let without = |noise: &str| -> BTreeMap<String, Canned> {
        let mut pages = pages();
        for page in pages.values_mut() {
            page.headers.retain(|(name, _)| *name != "etag");
            // What no reader sees: the page is another at each request.
            page.body =
                page.body.replace("<head>", &format!("<head><meta name=\"nonce\" content=\"{noise}\">"));
        }
        pages
    };
    let (server, sandbox) = built(without("1"), &["links", "navigation"]);
    let before = output(&sandbox);
    server.serve(site(without("2")));
    sandbox.run(&["update", "docs"]).expect_code(0);
    assert_eq!(asked(&server).len(), 6, "{:?}", server.paths());
    assert_eq!(output(&sandbox), before);
}

#[test]
fn a_sitemap_spares_pages_that_did_not_change() {
    let (server, sandbox) = built(pages(), &["links", "navigation"]);
    let with_sitemap = || {
        let lastmod = "<lastmod>2020-01-31</lastmod>";
        let url = |path: &str| format!("<url><loc>{}</loc>{lastmod}</url>", server.url(path));
        let entries: String =
            pages().keys().filter(|path| !path.ends_with(".txt")).map(|path| url(path)).collect();
        let mut pages = pages();
        let sitemap = Canned::text(format!("<urlset>{entries}</urlset>")).tagged("sitemap");
        pages.insert("/sitemap.xml".to_owned(), sitemap);
        let robots = Canned::text(format!("Sitemap: {}\n", server.url("/sitemap.xml")));
        pages.insert("/robots.txt".to_owned(), robots.tagged("with sitemap"));
        pages
    };
    let config = json!({
        "name": "docs", "base_url": server.url("/"), "rate_limit": 0, "render": "never",
        "discover": ["sitemap", "links", "navigation"],
    });
    sandbox.config("docs", &config);
    server.serve(site(with_sitemap()));
    sandbox.run(&["build", "docs", "--fresh"]).expect_code(0);
    let before = output(&sandbox);
    server.serve(site(with_sitemap()));
    let run = sandbox.run(&["update", "docs", "--json"]).expect_code(0);
    assert_eq!(asked(&server), ["/robots.txt", "/sitemap.xml"]);
    assert_eq!(output(&sandbox), before);
    assert_eq!(run.json()["checks"]["spared"], 5, "{}", run.stdout);
}

#[test]
fn what_changed_is_told_and_rebuilt_and_nothing_else() {
    let (server, sandbox) = built(pages(), &["links", "navigation"]);
    let before = output(&sandbox);
    let mut changed = pages();
    // One changed, one new, one gone, one moved.
    changed.insert("/install".to_owned(), page("install", "Other words.", &TOPICS).tagged("install 2"));
    let menu = ["install", "usage", "config", "faq"];
    changed.insert("/".to_owned(), page("Home", "Welcome.", &menu).tagged("home 2"));
    changed.insert("/faq".to_owned(), page("faq", "Questions.", &menu));
    changed.remove("/errors");
    changed.insert("/usage".to_owned(), Canned { status: 301, ..Canned::redirect("/using") });
    changed.insert("/using".to_owned(), page("using", "First words.", &menu));
    server.serve(site(changed.clone()));

    let run = sandbox.run(&["update", "docs", "--json"]).expect_code(0);
    assert_eq!(paths(&run, "added", "url"), ["/faq"]);
    assert_eq!(paths(&run, "changed", "url"), ["/install"]);
    assert_eq!(paths(&run, "moved", "from"), ["/usage"]);
    assert_eq!(paths(&run, "moved", "to"), ["/using"]);
    assert_eq!(paths(&run, "gone", "url"), ["/errors"]);
    let result = run.json();
    assert_eq!(result["unchanged"], 2, "the home page has another menu, and says the same: {result}");
    let diff = result["changes"]["changed"][0]["diff"].as_str().unwrap();
    assert!(diff.contains("-First words.") && diff.contains("+Other words."), "{diff}");
    for line in ["added    http", "changed  http", "moved    http", "gone     http"] {
        assert!(run.stderr.contains(line), "{}", run.stderr);
    }

    let told = sandbox.read("output/docs.changes.md");
    for part in
        ["## Added (1)", "## Changed (1)", "## Moved (1)", "## Gone (1)", "+Other words.", "(HTTP 404)"]
    {
        assert!(told.contains(part), "{part} is not in\n{told}");
    }
    let skill = sandbox.read("output/docs/skill.json");
    assert!(skill.contains("/using\"") && skill.contains("/faq\""), "{skill}");
    assert!(!skill.contains("/usage\"") && !skill.contains("/errors\""), "{skill}");
    check_replay(&sandbox);

    // The next one finds nothing, and leaves the last changes where they are.
    let after = output(&sandbox);
    assert_ne!(after, before);
    server.serve(site(changed));
    let run = sandbox.run(&["update", "docs", "--json"]).expect_code(0);
    assert_eq!(run.json()["changed"], false, "{}", run.stdout);
    assert_eq!(output(&sandbox), after);
    assert_eq!(server.count("/errors"), 0, "{:?}", server.paths());
}

#[test]
fn files_that_say_the_same_keep_their_time() {
    let mut many = pages();
    let names: Vec<String> = (0..40).map(|number| format!("area{}/topic{number}", number % 2)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let long =
        |words: &str| format!("{words} {}", "A sentence that makes the page long enough. ".repeat(120));
    for name in &names {
        many.insert(format!("/{name}"), page(name, &long(name), &[]).tagged(name));
    }
    many.insert("/".to_owned(), page("Home", "Welcome.", &names).tagged("home"));
    let (server, sandbox) = built(many.clone(), &["links", "navigation"]);
    let before = output(&sandbox);
    many.insert("/area0/topic0".to_owned(), page("area0/topic0", &long("Changed"), &[]).tagged("2"));
    server.serve(site(many));
    sandbox.run(&["update", "docs"]).expect_code(0);
    let after = output(&sandbox);
    let reference = |name: &&String| name.starts_with("docs/references/") && !name.ends_with("index.md");
    let (same, other): (Vec<&String>, Vec<&String>) =
        before.keys().filter(reference).partition(|name| before[*name] == after[*name]);
    assert!(!same.is_empty() && other.len() == 1, "as they were: {same:?}, written anew: {other:?}");
}

#[test]
fn an_update_that_is_killed_goes_on_and_leaves_the_skill_alone() {
    let (server, sandbox) = built(pages(), &["links", "navigation"]);
    let before = output(&sandbox);
    let mut changed = pages();
    changed.insert("/".to_owned(), page("Home", "Hello.", &TOPICS).tagged("home 2"));
    server.serve(site(changed));
    // Slow enough to be killed between two pages, and with one page in work at the kill, however late answers come.
    let config = sandbox.read("configs/docs.json");
    let config = config.replace("\"rate_limit\": 0", "\"rate_limit\": 0.4, \"concurrency\": 1");
    sandbox.write("configs/docs.json", &config);
    let mut child = sandbox.command(&["update", "docs", "--quiet"]).spawn().unwrap();
    wait_until(|| server.paths().len() >= 4);
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(output(&sandbox), before, "the last good skill is untouched");
    let status = sandbox.run(&["status", "docs", "--json"]).expect_code(0).json();
    assert_eq!((&status["state"], &status["command"]), (&json!("stopped"), &json!("skillcrawl update docs")));

    let first = server.paths();
    let run = sandbox.run(&["update", "docs", "--json"]).expect_code(0);
    let second = server.paths()[first.len()..].to_vec();
    // The page that was in work when the kill came may be asked once more; robots.txt was read before the first page.
    let again = second.iter().filter(|path| first[..first.len() - 1].contains(path)).collect::<Vec<_>>();
    assert!(again.is_empty(), "{first:?}, then {second:?}");
    assert_eq!(paths(&run, "changed", "url"), ["/"], "also what changed before the kill is told");
    check_replay(&sandbox);
}

#[test]
fn data_behind_a_document_that_stays_the_same_is_noticed() {
    let pages = |words: &str| -> BTreeMap<String, Canned> {
        let shell = "<html><head><title>Loading</title></head><body><main></main><script>
            fetch('/data' + location.pathname + '.json').then((answer) => answer.text()).then((text) => {
                document.querySelector('main').innerHTML = text;
            });
            </script></body></html>";
        let mut pages = BTreeMap::new();
        for number in 0..3 {
            pages.insert(format!("/page/{number}"), Canned::html(shell).tagged("shell"));
            let words = if number == 1 { words } else { "First words." };
            let text = format!(
                "<h1>Page {number}</h1><p>{words} Nothing of sentence {number} is in the document that the server sends.</p>\
                 <a href='/page/{}'>next</a>",
                (number + 1) % 3
            );
            pages.insert(format!("/data/page/{number}.json"), Canned::text(text));
        }
        pages
    };
    let server = SiteServer::start(site(pages("First words.")));
    let sandbox = Sandbox::new();
    let config = json!({
        "name": "docs", "base_url": server.url("/"), "start_urls": [server.url("/page/0")], "rate_limit": 0,
        "discover": ["links"],
    });
    sandbox.config("docs", &config);
    sandbox.run_with_browser(&["build", "docs"]).expect_code(0);
    let before = output(&sandbox);

    server.serve(site(pages("First words.")));
    let run = sandbox.run_with_browser(&["update", "docs", "--json"]).expect_code(0);
    assert_eq!(run.json()["unchanged"], 3, "{}", run.stdout);
    assert_eq!(output(&sandbox), before);
    let documents = server.seen().into_iter().filter(|seen| seen.path.starts_with("/page/"));
    assert!(documents.into_iter().all(|seen| seen.conditional), "{:?}", server.seen());

    server.serve(site(pages("Other words.")));
    let run = sandbox.run_with_browser(&["update", "docs", "--json"]).expect_code(0);
    assert_eq!(paths(&run, "changed", "url"), ["/page/1"]);
    check_replay(&sandbox);
}

#[test]
fn pages_that_cannot_be_asked_stay_and_are_counted() {
    let (server, sandbox) = built(pages(), &["links", "navigation"]);
    let mut broken = pages();
    broken.insert("/usage".to_owned(), Canned { status: 403, ..Canned::text("no") });
    server.serve(site(broken));
    let run = sandbox.run(&["update", "docs", "--json"]).expect_code(3);
    assert_eq!(run.json()["checks"]["failed"], json!({"HTTP 403": 1}), "{}", run.stdout);
    assert!(sandbox.read("output/docs/skill.json").contains("/usage\""));
    assert!(run.stderr.contains("1 could not be asked and stay as they were: HTTP 403"), "{}", run.stderr);
}

#[test]
fn there_must_be_a_complete_crawl() {
    let server = SiteServer::start(site(pages()));
    let sandbox = Sandbox::new();
    let config = |rate_limit: f64| json!({"name": "docs", "base_url": server.url("/"), "rate_limit": rate_limit, "render": "never"});
    sandbox.config("docs", &config(30.0));
    let run = sandbox.run(&["update", "docs"]).expect_code(2);
    assert!(run.stderr.contains("error: there is no crawl of `docs` in `crawls`"), "{}", run.stderr);
    assert!(run.stderr.contains("hint: build it first, with `skillcrawl build docs`"), "{}", run.stderr);

    let mut child = sandbox.command(&["scrape", "docs", "--quiet"]).spawn().unwrap();
    wait_until(|| !server.paths().is_empty() && sandbox.path("crawls/docs/archive").exists());
    child.kill().unwrap();
    child.wait().unwrap();
    let run = sandbox.run(&["update", "docs"]).expect_code(2);
    assert!(run.stderr.contains("hint: "), "{}", run.stderr);
    assert!(!sandbox.path("output").exists());
}
