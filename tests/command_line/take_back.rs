//! An update of a site that has turned into something else, or is down, loses nothing: record, database and skill stay as
//! they were, and the next update, when the site is back, brings what changed.

use std::collections::BTreeMap;

use serde_json::json;

use crate::support::sandbox::{Run, Sandbox};
use crate::support::server::{Canned, Site, SiteServer};

const TOPICS: [&str; 12] = [
    "install", "usage", "config", "errors", "logging", "network", "storage", "themes", "plugins", "testing",
    "release", "support",
];

const LOGIN: &str = "<html><head><title>Sign in</title></head><body><main><h1>Sign in to your account</h1>\
    <form><label>Password <input type='password'></label><button>Sign in</button></form>\
    <p>Ask the administrator of your workspace where you have none, or have forgotten it, and read the terms of service\
    and the rules on how personal data are kept before you use this part of the site for the first time.</p>\
    </main></body></html>";

/// A page with words that no other page holds, and a menu.
fn page(topic: &str, words: &str) -> Canned {
    let links: String =
        TOPICS.iter().map(|link| format!("<li><a href=\"/{link}\">{link}</a></li>")).collect();
    let own: Vec<String> = ('a'..='z').map(|letter| format!("{topic}{letter}")).collect();
    Canned::html(format!(
        "<html><head><title>{topic}</title></head><body><nav><ul>{links}</ul></nav><main><h1>About {topic}</h1>\
         <p>{words} There is more to know of it: {}.</p></main></body></html>",
        own.join(" ")
    ))
}

/// The site in good health, of so many topics; the words are those of its first topic.
fn site(words: &str) -> Site {
    let mut canned: BTreeMap<String, Canned> =
        TOPICS.iter().map(|topic| (format!("/{topic}"), page(topic, "First words.").tagged(topic))).collect();
    canned.insert("/install".to_owned(), page("install", words).tagged(words));
    canned.insert("/".to_owned(), page("home", "Welcome.").tagged("home"));
    canned.insert("/robots.txt".to_owned(), Canned::text("User-agent: *\nAllow: /\n"));
    Site { canned, ..Site::default() }
}

/// A site that was built, on a server and in a folder of its own.
fn built() -> (SiteServer, Sandbox) {
    let server = SiteServer::start(site("First words."));
    let sandbox = Sandbox::new();
    let config = json!({
        "name": "docs", "base_url": server.url("/"), "rate_limit": 0, "render": "never", "retries": 0,
        "discover": ["links", "navigation"],
    });
    sandbox.config("docs", &config);
    sandbox.run(&["build", "docs"]).expect_code(0);
    (server, sandbox)
}

/// The bytes of the skill and of the record, by name; the database has other bytes after each run.
fn kept(sandbox: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    let files = |folder: &str| -> Vec<String> {
        sandbox.files(folder).into_iter().map(|name| format!("{folder}/{name}")).collect()
    };
    let names = [files("output"), files("crawls")].concat();
    let is_kept = |name: &&String| {
        name.starts_with("output/")
            || name.ends_with(".wacz")
            || name.contains("/archive/")
            || name.ends_with(".jsonl")
    };
    names
        .iter()
        .filter(is_kept)
        .map(|name| (name.clone(), std::fs::read(sandbox.path(name)).unwrap()))
        .collect()
}

fn update(sandbox: &Sandbox) -> Run {
    sandbox.run(&["update", "docs", "--json"])
}

#[track_caller]
fn check_unharmed(sandbox: &Sandbox, server: Option<&SiteServer>, before: &BTreeMap<String, Vec<u8>>) {
    let now = kept(sandbox);
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&now), names(before));
    let other: Vec<&String> = now.keys().filter(|name| now[*name] != before[*name]).collect();
    assert!(other.is_empty(), "other bytes: {other:?}");
    let status = sandbox.run(&["status", "docs", "--json"]).expect_code(0).json();
    assert_eq!((&status["state"], &status["counts"]["kept"]), (&json!("complete"), &json!(13)), "{status}");

    let asked = server.map(|server| server.paths().len());
    sandbox.run(&["build", "docs"]).expect_code(0);
    assert_eq!(server.map(|server| server.paths().len()), asked, "the record is complete");
    sandbox.run(&["build", "docs", "--replay", "crawls/docs"]).expect_code(0);
    assert!(kept(sandbox) == *before, "what is built of the record is as it was");
}

/// Updates from a site that shows something else, then from the site that is back.
#[track_caller]
fn check_taken_back(barred: Site, says: &[&str]) {
    let (server, sandbox) = built();
    let before = kept(&sandbox);
    for _ in 0..2 {
        server.serve(barred.clone());
        let run = update(&sandbox);
        assert!(run.code != 0, "{}", run.stderr);
        for words in says.iter().chain(&["the earlier record and its skill are as they were"]) {
            assert!(run.stderr.contains(words), "`{words}` is not in: {}", run.stderr);
        }
        assert_eq!(run.stderr.matches("error: ").count(), 1, "{}", run.stderr);
        check_unharmed(&sandbox, Some(&server), &before);
    }
    check_back(&server, &sandbox);
}

/// Updates from the site that is back, with one page changed.
#[track_caller]
fn check_back(server: &SiteServer, sandbox: &Sandbox) {
    server.serve(site("Other words."));
    let result = update(sandbox).expect_code(0).json();
    let changes = &result["changes"];
    assert_eq!(changes["changed"].as_array().unwrap().len(), 1, "{result:#}");
    assert_eq!(changes["changed"][0]["url"], server.url("/install"), "{result:#}");
    for list in ["added", "moved", "gone"] {
        assert_eq!(changes[list], json!([]), "{result:#}");
    }
    assert_eq!(result["unchanged"], 12, "{result:#}");
}

/// A site at which every address but the files for crawlers has this answer.
fn everywhere(answer: fn(&str) -> Option<Canned>) -> Site {
    let none = || Canned { status: 404, ..Canned::text("nothing") };
    let files = ["/robots.txt", "/sitemap.xml", "/llms.txt", "/llms-full.txt"];
    files.iter().fold(Site::default().computed(answer), |site, path| site.with(path, none()))
}

#[test]
fn a_redirect_of_every_page_to_a_sign_in_is_taken_back() {
    let plain = everywhere(|path| {
        Some(if path == "/signin" { Canned::html(LOGIN) } else { Canned::redirect("/signin") })
    });
    let says =
        ["the site shows 1 page in place of 13", "most addresses lead to one and the same page", "/signin>"];
    check_taken_back(plain, &says);
    let with_the_way_back = everywhere(|path| {
        let sign_in = path.starts_with("/signin");
        Some(if sign_in { Canned::html(LOGIN) } else { Canned::redirect(format!("/signin?next={path}")) })
    });
    check_taken_back(with_the_way_back, &["/signin>"]);
}

#[test]
fn a_redirect_of_every_page_out_of_the_site_is_taken_back() {
    let barred = everywhere(|_| Some(Canned::redirect("https://id.example/login")));
    check_taken_back(barred, &["https://id.example/login", "that looks like a sign-in"]);
}

#[test]
fn a_form_to_sign_in_at_every_address_is_taken_back() {
    let says = ["ask to sign in and hold nothing else", "hint: it may be"];
    check_taken_back(everywhere(|_| Some(Canned::html(LOGIN))), &says);
    let naming = |path: &str| {
        let words = format!("read{}", path.replace('/', " "));
        Some(Canned::html(LOGIN.replace("your account", &words)))
    };
    check_taken_back(everywhere(naming), &says);
    // As such forms often have it: nobody is to keep them.
    let unkept =
        |_: &str| Some(Canned::html(LOGIN.replace("<head>", "<head><meta name='robots' content='noindex'>")));
    check_taken_back(everywhere(unkept), &["noindex"]);
}

#[test]
fn one_and_the_same_error_at_every_address_is_taken_back() {
    let sorry = |_: &str| {
        Some(Canned::html(
            "<html><head><title>Docs</title></head><body><main><h1>Sorry</h1><p>Please try again later.</p></main>\
             </body></html>",
        ))
    };
    check_taken_back(everywhere(sorry), &["now show the same"]);
    let check = |path: &str| {
        let number: usize = path.bytes().map(usize::from).sum();
        Some(Canned::html(format!(
            "<html><head><title>Just a moment</title></head><body><main><h1>Checking your browser</h1><p>This is done \
             by itself. Your browser will show what you asked for as soon as it is over. Please allow some seconds. \
             Number of your request: {number}</p></main></body></html>"
        )))
    };
    check_taken_back(everywhere(check), &["now show the same"]);
}

#[test]
fn pages_that_are_all_gone_or_forbidden_are_taken_back() {
    check_taken_back(Site::default(), &["HTTP 404"]);
    let forbidden = site("First words.").with("/robots.txt", Canned::text("User-agent: *\nDisallow: /\n"));
    check_taken_back(forbidden, &["robots.txt"]);
}

#[test]
fn pages_that_the_site_refuses_to_show_stay_and_nothing_is_taken_back() {
    let (server, sandbox) = built();
    let before = kept(&sandbox);
    server.serve(everywhere(|_| Some(Canned { status: 403, ..Canned::text("no") })));
    let run = update(&sandbox).expect_code(3);
    assert!(run.stderr.contains("no page could be asked: 13 pages as they were"), "{}", run.stderr);
    assert!(run.stderr.contains("13 could not be asked and stay as they were: HTTP 403"), "{}", run.stderr);
    sandbox.run(&["build", "docs", "--replay", "crawls/docs"]).expect_code(0);
    let now = kept(&sandbox);
    let skill = before.keys().filter(|name| name.starts_with("output/")).collect::<Vec<_>>();
    assert!(!skill.is_empty() && skill.iter().all(|name| now[*name] == before[*name]));
    check_back(&server, &sandbox);
}

#[test]
fn a_server_that_cannot_be_reached_leaves_all_as_it_was() {
    let (server, sandbox) = built();
    let before = kept(&sandbox);
    drop(server);
    let run = update(&sandbox).expect_code(3);
    assert!(run.stderr.contains("no page could be asked: 13 pages as they were"), "{}", run.stderr);
    let now = kept(&sandbox);
    assert!(before.keys().filter(|name| name.starts_with("output/")).all(|name| now[name] == before[name]));
    sandbox.run(&["build", "docs", "--replay", "crawls/docs"]).expect_code(0);
}

#[test]
fn what_a_killed_process_left_of_an_update_that_was_taken_back_goes_with_the_next_run() {
    let (server, sandbox) = built();
    let before = kept(&sandbox);
    server.serve(Site::default());
    assert!(update(&sandbox).code != 0);
    check_unharmed(&sandbox, Some(&server), &before);
    // As it is between the two steps of taking back: the database is as before, the record of the update still there.
    let database = rusqlite::Connection::open(sandbox.path("crawls/docs/crawl.db")).unwrap();
    database.execute("INSERT INTO meta VALUES ('taken_back', '7')", []).unwrap();
    drop(database);
    let left = ["skillcrawl-00007.warc.gz", "skillcrawl-00008.warc.gz"];
    let archive = sandbox.path("crawls/docs/archive");
    std::fs::create_dir_all(&archive).unwrap();
    for name in left {
        std::fs::write(archive.join(name), "Not even a whole record").unwrap();
    }
    check_back(&server, &sandbox);
    for name in left {
        assert!(!archive.join(name).exists(), "{name} is still there");
    }
}

#[test]
fn half_of_a_site_may_go() {
    let (server, sandbox) = built();
    let mut smaller = site("First words.");
    TOPICS[..6].iter().for_each(|topic| {
        smaller.canned.remove(&format!("/{topic}"));
    });
    server.serve(smaller);
    let result = update(&sandbox).expect_code(0).json();
    assert_eq!(result["changes"]["gone"].as_array().unwrap().len(), 6, "{result:#}");
}
