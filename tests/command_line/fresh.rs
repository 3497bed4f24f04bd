//! `--fresh` begins anew and loses nothing: the record that was there stays until the new crawl has a page.

use std::fs;

use serde_json::json;

use crate::support::sandbox::{Run, Sandbox};
use crate::support::server::{Canned, Site, SiteServer};

fn site(words: &str) -> Site {
    let html = format!("<html><body><main><h1>Guide</h1><p>{words}</p></main></body></html>");
    Site::default().with("/", Canned::html(html))
}

const FIRST: &str = "The words of the guide as they were when it was recorded for the first time.";

/// A site that is recorded.
fn recorded() -> (SiteServer, Sandbox) {
    let server = SiteServer::start(site(FIRST));
    let sandbox = Sandbox::new();
    let config = json!({"name": "docs", "base_url": server.url("/"), "rate_limit": 0, "retries": 0});
    sandbox.config("docs", &config);
    sandbox.run(&["build", "docs", "--render", "never"]).expect_code(0);
    (server, sandbox)
}

fn fresh(sandbox: &Sandbox) -> Run {
    sandbox.run(&["build", "docs", "--render", "never", "--fresh"])
}

fn record(sandbox: &Sandbox) -> Vec<u8> {
    fs::read(sandbox.path("crawls/docs/docs.wacz")).unwrap()
}

/// The folders of crawls, those that are set aside among them.
fn folders(sandbox: &Sandbox) -> Vec<String> {
    let entries = fs::read_dir(sandbox.path("crawls")).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_site_that_is_down_leaves_the_record_as_it_was() {
    let (server, sandbox) = recorded();
    let (before, skill) = (record(&sandbox), sandbox.read("output/docs/SKILL.md"));
    let error = |status| Canned { status, ..Canned::text("no") };
    let down = [
        site(FIRST).with("/robots.txt", error(500)),
        Site::default().with("/", error(500)),
        Site::default(),
        site(FIRST).with("/robots.txt", Canned::text("User-agent: *\nDisallow: /\n")),
    ];
    for site in down {
        server.serve(site);
        let run = fresh(&sandbox);
        assert!(run.code != 0 && run.stderr.contains("the earlier record is as it was"), "{}", run.stderr);
        assert_eq!(run.stderr.matches("error: ").count(), 1, "{}", run.stderr);
        assert!(record(&sandbox) == before, "{}", run.stderr);
        assert_eq!(folders(&sandbox), ["docs"]);
        assert_eq!(sandbox.read("output/docs/SKILL.md"), skill);
    }
    drop(server);
    let run = fresh(&sandbox).expect_code(1);
    assert!(run.stderr.contains("the earlier record is as it was"), "{}", run.stderr);
    assert!(record(&sandbox) == before, "{}", run.stderr);
    // What is there is complete, and nobody needs to be asked for it.
    sandbox.run(&["build", "docs", "--render", "never"]).expect_code(0);
}

#[test]
fn a_new_record_takes_the_place_of_the_old_one() {
    let (server, sandbox) = recorded();
    server.serve(site("Quite other words, written since then, that no record holds as yet."));
    fresh(&sandbox).expect_code(0);
    assert_eq!(folders(&sandbox), ["docs"]);
    assert!(sandbox.read("output/docs/references/overview.md").contains("no record holds as yet"));
}

#[test]
fn what_a_killed_run_had_set_aside_is_settled_by_the_next() {
    let (server, sandbox) = recorded();
    let before = record(&sandbox);
    let [folder, aside] = ["crawls/docs", "crawls/.docs.before"].map(|path| sandbox.path(path));

    // Killed before it made its folder, and before its first page: what was there comes back.
    for has_folder in [false, true] {
        fs::rename(&folder, &aside).unwrap();
        if has_folder {
            fs::create_dir(&folder).unwrap();
        }
        let asked = server.paths().len();
        sandbox.run(&["build", "docs", "--render", "never"]).expect_code(0);
        assert_eq!(server.paths().len(), asked, "{:?}", server.paths());
        assert_eq!(folders(&sandbox), ["docs"]);
        assert!(record(&sandbox) == before);
    }

    // A disk that is full when the new database is made: it has no tables yet.
    fs::rename(&folder, &aside).unwrap();
    fs::create_dir(&folder).unwrap();
    sandbox.write("crawls/docs/crawl.db", "");
    sandbox.run(&["scrape", "docs", "--render", "never"]).expect_code(0);
    assert!(record(&sandbox) == before);

    // Killed after its first page: that is the record now, and the other one is gone.
    fs::create_dir(&aside).unwrap();
    fs::copy(sandbox.path("crawls/docs/crawl.db"), aside.join("crawl.db")).unwrap();
    let told = sandbox.run(&["status", "--json"]).expect_code(0).json();
    assert_eq!(told.as_array().map(Vec::len), Some(1), "{told}");
    sandbox.run(&["scrape", "docs", "--render", "never"]).expect_code(0);
    assert_eq!(folders(&sandbox), ["docs"]);
    assert!(record(&sandbox) == before);
}
