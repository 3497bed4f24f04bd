//! What a first user runs into: wrong words, places that cannot be written to, damaged files, odd servers. Each is told
//! with what to do, in words that are the user's.

use serde_json::json;

use crate::support::sandbox::{Run, Sandbox, finish};
use crate::support::server::{Canned, Site, SiteServer};

fn page(title: &str) -> Canned {
    let text = "Enough words to be a page of documentation, all of them in one paragraph.";
    Canned::html(format!("<html><body><main><h1>{title}</h1><p>{text}</p></main></body></html>"))
}

/// A site of one page, and a config `docs` for it.
fn small_site() -> (SiteServer, Sandbox) {
    let server = SiteServer::start(Site::default().with("/", page("Guide")));
    let sandbox = Sandbox::new();
    sandbox.config("docs", &json!({"name": "docs", "base_url": server.url("/"), "rate_limit": 0}));
    (server, sandbox)
}

/// No words of the system's or a library's own.
#[track_caller]
fn check_words(run: &Run) {
    for foreign in ["os error", "EOCD", "Error code", "Some(", "at path \""] {
        assert!(!run.stderr.contains(foreign), "{}", run.stderr);
    }
}

#[test]
fn programs_get_json_for_a_command_line_that_is_wrong() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["scrape", "--json"]).expect_code(2);
    let error = run.json();
    assert_eq!(error["error"], "the following required arguments were not provided: <CONFIG>");
    assert!(error["hint"].as_str().unwrap().starts_with("usage: "), "{error}");
    assert_eq!(error["exit_code"], 2);
    let error = sandbox.run(&["--json", "scrap"]).expect_code(2).json();
    assert_eq!(error["hint"], "a similar subcommand exists: 'scrape'");
    let error = sandbox.run(&["build", "docs", "--json", "--max-pages", "0"]).expect_code(2).json();
    assert_eq!(error["error"], "invalid value '0' for '--max-pages <N>': use a whole number from 1 on");
    let error = sandbox.run(&["config", "--json"]).expect_code(2).json();
    assert!(error["error"].as_str().unwrap().contains("requires a subcommand"), "{error}");
    assert!(sandbox.run(&["scrape"]).expect_code(2).stdout.is_empty());
}

#[test]
fn starting_anew_without_a_browser_keeps_what_is_recorded() {
    let (_server, sandbox) = small_site();
    sandbox.run(&["scrape", "docs", "--render", "never"]).expect_code(0);
    let before = sandbox.files("crawls/docs");
    sandbox.run(&["build", "docs", "--fresh", "--chrome", "/nowhere/chromium"]).expect_code(5);
    assert_eq!(sandbox.files("crawls/docs"), before);
    sandbox.run(&["scrape", "docs", "--fresh", "--render", "never"]).expect_code(0);
}

#[test]
#[cfg(target_os = "linux")]
fn a_place_where_nothing_can_be_written_is_found_before_the_crawl() {
    let (server, sandbox) = small_site();
    // Nobody, not even root, makes files there.
    let run = sandbox.run(&["build", "docs", "--render", "never", "--output", "/proc/skills"]).expect_code(1);
    assert!(run.stderr.starts_with("error: cannot write `/proc/skills`: "), "{}", run.stderr);
    check_words(&run);
    assert!(server.paths().is_empty(), "{:?}", server.paths());
}

#[test]
#[cfg(target_os = "linux")]
fn a_result_that_is_cut_off_is_an_error() {
    let sandbox = Sandbox::new();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = finish(sandbox.command(&["config", "schema"]).stdout(full)).expect_code(1);
    assert!(run.stderr.starts_with("error: cannot write the result to stdout: "), "{}", run.stderr);
    assert!(run.stderr.contains("\nhint: make room"), "{}", run.stderr);
    check_words(&run);
}

#[test]
fn a_damaged_record_says_how_to_go_on() {
    let (_server, sandbox) = small_site();
    sandbox.run(&["scrape", "docs", "--render", "never"]).expect_code(0);
    let wacz = std::fs::read(sandbox.path("crawls/docs/docs.wacz")).unwrap();
    std::fs::write(sandbox.path("crawls/docs/docs.wacz"), &wacz[..wacz.len() / 2]).unwrap();
    let run = sandbox.run(&["build", "docs", "--render", "never"]).expect_code(1);
    let error = "error: `crawls/docs/docs.wacz` is not a readable WACZ file: it is no zip file, or only a part of one\n";
    assert_eq!(
        run.stderr,
        format!("{error}hint: put a whole copy of it back, or start anew with `--fresh`\n")
    );
    let run = sandbox.run(&["build", "docs", "--replay", "crawls/docs/docs.wacz"]).expect_code(1);
    assert!(run.stderr.starts_with(error) && run.stderr.contains("\nhint: fetch or copy"), "{}", run.stderr);
    sandbox.run(&["build", "docs", "--render", "never", "--fresh"]).expect_code(0);

    sandbox.write("crawls/docs/crawl.db", "this is no database, and long enough to be taken for one");
    let run = sandbox.run(&["status", "docs"]).expect_code(1);
    assert!(run.stderr.contains("`crawls/docs/crawl.db` is no database"), "{}", run.stderr);
    check_words(&run);
}

#[test]
fn a_record_without_pages_is_named() {
    let (_server, sandbox) = small_site();
    sandbox.write("none.jsonl", "");
    for command in ["build", "scrape", "check"] {
        let run = sandbox.run(&[command, "docs", "--replay", "none.jsonl"]).expect_code(1);
        assert!(
            run.stderr.starts_with("error: there are no recorded pages in `none.jsonl`\nhint: "),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn what_the_first_page_is_answered_with_decides_the_hint() {
    let refused = Canned { status: 403, ..page("Forbidden") };
    let site = Site::default()
        .with("/empty/", Canned::html(""))
        .with("/closed/", refused)
        .with("/round/", Canned::redirect("/round/"))
        .with("/file/", Canned { headers: vec![("content-type", "application/pdf".into())], ..page("x") });
    let server = SiteServer::start(site);
    for (place, error, hint) in [
        ("/empty/", "is no page: `text/html` with nothing in it, or a download\n", "in a browser\n"),
        ("/file/", "is no page: `application/pdf`\n", "in a browser\n"),
        ("/closed/", "is no page: HTTP 403\n", "whether the page is public\n"),
        ("/round/", "could not be reached: redirect loop\n", "cannot be crawled\n"),
    ] {
        let sandbox = Sandbox::new();
        let config = json!({"name": "docs", "base_url": server.url(place), "rate_limit": 0, "retries": 0});
        sandbox.config("docs", &config);
        let run = sandbox.run(&["build", "docs", "--render", "never"]).expect_code(1);
        assert!(run.stderr.contains(error) && run.stderr.ends_with(hint), "{}", run.stderr);
    }
}

#[test]
fn a_file_where_a_folder_is_meant_and_the_other_way_round_are_told_apart() {
    let (_server, sandbox) = small_site();
    sandbox.run(&["build", "docs", "--render", "never"]).expect_code(0);
    let run = sandbox.run(&["package", "output/docs.zip"]).expect_code(2);
    assert!(run.stderr.starts_with("error: `output/docs.zip` is a file, where"), "{}", run.stderr);
    let run = sandbox.run(&["package", "output/docs", "--output", "."]).expect_code(2);
    assert!(run.stderr.starts_with("error: `.` is a folder, where the zip"), "{}", run.stderr);
    sandbox.write("no.zip", "no zip");
    let run = sandbox.run(&["install", "no.zip", "--agent", "./skills"]).expect_code(1);
    assert!(run.stderr.contains("it is no zip file, or only a part of one"), "{}", run.stderr);
    sandbox.write("skills", "mine");
    let run = sandbox.run(&["install", "output/docs", "--agent", "./skills"]).expect_code(1);
    check_words(&run);
}

#[test]
fn configs_are_told_in_words_of_json() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["config", "list"]).expect_code(0);
    assert!(run.stdout.is_empty(), "{:?}", run.stdout);
    std::fs::write(sandbox.path("configs/bytes.json"), b"\xff\xfe{}").unwrap();
    sandbox.config("time", &json!({"name": "time", "base_url": "https://d.example", "page_timeout": "30s"}));
    sandbox.config(
        "none",
        &json!({"name": "none", "base_url": "https://d.example", "selectors": {"title": ""}}),
    );
    let run = sandbox.run(&["config", "validate"]).expect_code(2);
    for line in [
        "configs/bytes.json: the config `configs/bytes.json` is not UTF-8 text\n  hint: save it as UTF-8\n",
        "configs/none.json: `` is not a valid CSS selector (empty selector), in `selectors.title`\n",
        "line 4, column 23: `page_timeout`: expected a number, not the text \"30s\"\n",
    ] {
        assert!(format!("{}\n", run.stdout).contains(line), "{}", run.stdout);
    }
}

#[test]
fn a_site_that_hardly_has_what_it_links_to_is_told() {
    let links: String = (0..12).map(|number| format!("<a href='/gone-{number}'>chapter</a> ")).collect();
    let mut front = page("Guide");
    front.body = front.body.replace("</main>", &format!("<p>{links}</p></main>"));
    let server = SiteServer::start(Site::default().with("/", front));
    let sandbox = Sandbox::new();
    sandbox.config("docs", &json!({"name": "docs", "base_url": server.url("/"), "rate_limit": 0}));
    let run = sandbox.run(&["build", "docs", "--render", "never", "--json"]);
    assert!(run.stderr.contains("most addresses answered that nothing is there"), "{}", run.stderr);
    assert!(sandbox.read("output/docs.QA.md").contains("Addresses that lead to pages"));
    let checklist: serde_json::Value = serde_json::from_str(&sandbox.read("output/docs.qa.json")).unwrap();
    let items = checklist["items"].as_array().unwrap();
    let answered = items.iter().find(|item| item["id"] == "answered").unwrap();
    assert_eq!((&answered["verdict"], &answered["counts"]["nothing_there"]), (&json!("fail"), &json!(12)));
}
