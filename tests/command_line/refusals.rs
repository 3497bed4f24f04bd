//! What the system refuses is said plainly, and nothing is lost by it: a full disk, a folder that cannot be written, a
//! folder that is in use.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use skillcrawl::archive::Archive;

use crate::support::sandbox::{Run, Sandbox, finish};
use crate::support::server::{Canned, Site, SiteServer};

const PAGES: usize = 60;

/// How long a page is where its length does not matter.
const SHORT: usize = 300;

/// Pages of numbers, which do not pack well, so that the archive grows with each.
fn site(words_a_page: usize) -> Site {
    let mut site = Site::default().with("/robots.txt", Canned::text("User-agent: *\nAllow: /\n"));
    let mut state = 0x5eed_u64;
    for number in 0..PAGES {
        let words: Vec<String> = (0..words_a_page)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                format!("{:x}", state >> 33)
            })
            .collect();
        let next = (number + 1) % PAGES;
        let html = format!(
            "<html><body><main><h1>Page {number}</h1><p>{}</p><a href='/page/{next}'>next</a></main></body></html>",
            words.join(" ")
        );
        site = site.with(&format!("/page/{number}"), Canned::html(html));
    }
    site
}

fn served(words_a_page: usize) -> (SiteServer, Sandbox) {
    let server = SiteServer::start(site(words_a_page));
    let sandbox = Sandbox::new();
    let config = json!({
        "name": "docs", "base_url": server.url("/"), "start_urls": [server.url("/page/0")], "rate_limit": 0,
        "discover": ["links"],
    });
    sandbox.config("docs", &config);
    (server, sandbox)
}

/// Scrapes while no file may grow beyond so many kilobytes: to a program, a disk that is full.
fn scrape_within(sandbox: &Sandbox, kilobytes: u32) -> Run {
    let program = sandbox.command(&[]);
    let mut shell = Command::new("bash");
    shell
        .args(["-c", &format!("ulimit -f {kilobytes}; exec \"$0\" scrape docs --render never")])
        .arg(program.get_program())
        .current_dir(sandbox.path("."))
        .env("NO_COLOR", "1")
        .stdin(Stdio::null());
    finish(&mut shell)
}

/// An error and a hint, one line each.
#[track_caller]
fn check_plain(run: &Run, says: &str) {
    assert_eq!(run.code, 1, "{}", run.stderr);
    let errors: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("error: ")).collect();
    let hints: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("hint: ")).collect();
    assert_eq!((errors.len(), hints.len()), (1, 1), "{}", run.stderr);
    assert!(errors[0].contains(says), "`{says}` is not in: {}", run.stderr);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
}

/// The next run, with the cause gone, gets every page and asks for none that was recorded.
#[track_caller]
fn check_completes(server: &SiteServer, sandbox: &Sandbox) {
    let recorded: BTreeSet<String> = match Archive::open(&sandbox.path("crawls/docs")) {
        Ok(archive) => archive.page_urls().map(|url| url.path().to_owned()).collect(),
        Err(_) => BTreeSet::new(),
    };
    let asked = server.paths().len();
    let run = sandbox.run(&["scrape", "docs", "--render", "never", "--json"]).expect_code(0);
    assert_eq!(run.json()["pages"]["kept"], PAGES, "{}", run.stdout);
    let again: Vec<String> =
        server.paths()[asked..].iter().filter(|path| recorded.contains(*path)).cloned().collect();
    assert!(again.is_empty(), "{again:?}");
    let archive = Archive::open(&sandbox.path("crawls/docs")).unwrap();
    assert_eq!(archive.pages().filter(Result::is_ok).count(), PAGES);
}

#[test]
fn a_disk_that_fills_up_ends_the_crawl_and_the_next_goes_on() {
    // With long pages the archive comes to the limit first, with short ones the database.
    for (words_a_page, kilobytes, says) in [(15_000, 1_000, "failed to record"), (SHORT, 240, "database")] {
        let (server, sandbox) = served(words_a_page);
        check_plain(&scrape_within(&sandbox, kilobytes), says);
        let (early, late) = (server.count("/page/3"), server.count(&format!("/page/{}", PAGES - 1)));
        assert_eq!((early, late), (1, 0), "it ended on the way: {:?}", server.paths());
        check_completes(&server, &sandbox);
    }
}

#[test]
fn a_disk_that_is_full_at_the_beginning_is_told() {
    let (server, sandbox) = served(SHORT);
    for kilobytes in [0, 1, 20, 60] {
        let run = scrape_within(&sandbox, kilobytes);
        check_plain(&run, "");
    }
    check_completes(&server, &sandbox);
}

#[test]
fn a_file_where_a_folder_belongs_is_named() {
    for (taken, named) in [
        ("crawls", "`crawls"),
        ("crawls/docs", "`crawls/docs"),
        ("crawls/docs/archive", "`crawls/docs/archive`"),
    ] {
        let (server, sandbox) = served(SHORT);
        std::fs::create_dir_all(sandbox.path(taken).parent().unwrap()).unwrap();
        sandbox.write(taken, "mine");
        let run = sandbox.run(&["scrape", "docs", "--render", "never"]);
        check_plain(&run, named);
        assert_eq!(sandbox.read(taken), "mine");
        assert!(server.paths().is_empty(), "{:?}", server.paths());
        std::fs::remove_file(sandbox.path(taken)).unwrap();
        check_completes(&server, &sandbox);
    }
}

#[test]
fn a_database_that_is_none_is_named() {
    for spoil in [
        |path: &std::path::Path| std::fs::create_dir(path),
        |path: &std::path::Path| {
            std::fs::write(path, "not a database, but long enough to be looked at ".repeat(20))
        },
    ] {
        let (server, sandbox) = served(SHORT);
        std::fs::create_dir_all(sandbox.path("crawls/docs")).unwrap();
        spoil(&sandbox.path("crawls/docs/crawl.db")).unwrap();
        let run = sandbox.run(&["scrape", "docs", "--render", "never"]);
        check_plain(&run, "`crawls/docs/crawl.db`");
        assert!(server.paths().is_empty(), "{:?}", server.paths());
    }
}

#[test]
fn a_folder_that_is_in_use_is_left_to_its_crawl() {
    let (server, sandbox) = served(SHORT);
    let config = json!({
        "name": "docs", "base_url": server.url("/"), "start_urls": [server.url("/page/0")], "rate_limit": 0.05,
        "discover": ["links"],
    });
    sandbox.config("docs", &config);
    let mut child = sandbox.command(&["scrape", "docs", "--render", "never", "--quiet"]).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while server.paths().is_empty() {
        assert!(Instant::now() < deadline, "nothing was asked for in a minute");
        std::thread::sleep(Duration::from_millis(10));
    }
    let second = sandbox.run(&["scrape", "docs", "--render", "never"]);
    check_plain(&second, "`crawls/docs` is in use by another crawl");
    assert!(child.wait().unwrap().success(), "the first goes on to its end");
    for number in 0..PAGES {
        assert_eq!(server.count(&format!("/page/{number}")), 1);
    }
}
