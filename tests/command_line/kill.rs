//! A hundred kills in a crawl of a thousand pages.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;
use skillcrawl::archive::Archive;

use crate::support::sandbox::Sandbox;
use crate::support::server::{Canned, Site, SiteServer};

const PAGES: usize = 1000;
const KILLS: usize = 100;

/// A thousand pages, each linking to four more and some that are known.
fn site() -> Site {
    let mut site = Site::default().with("/robots.txt", Canned::text("User-agent: *\nAllow: /\n"));
    for number in 0..PAGES {
        let children = (1..=4).map(|child| number * 4 + child).filter(|child| *child < PAGES);
        let links: String = children
            .chain([number / 2, number / 3, number * 7 % PAGES])
            .map(|link| format!("<a href='/page/{link}'>page {link}</a> "))
            .collect();
        let text = "It says enough about itself to be a page of documentation, in one paragraph.";
        site = site.with(
            &format!("/page/{number}"),
            Canned::html(format!(
                "<html><body><main><h1>Page {number}</h1><p>{text}</p>{links}</main></body></html>"
            )),
        );
    }
    site
}

/// Numbers that are the same in every run of the test.
struct Dice(u64);

impl Dice {
    /// A number from 0 up to `most`.
    fn throw(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % (most + 1)
    }
}

/// The pages that the archive holds, as the next run will find them.
fn recorded(sandbox: &Sandbox) -> BTreeSet<String> {
    match Archive::open(&sandbox.path("crawls/docs")) {
        Ok(archive) => archive.page_urls().map(|url| url.path().to_owned()).collect(),
        Err(_) => BTreeSet::new(),
    }
}

fn check_database(path: &Path) {
    let database = rusqlite::Connection::open(path).unwrap();
    let verdict: String = database.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
}

fn pages_of(paths: &[String]) -> Vec<&String> {
    paths.iter().filter(|path| path.starts_with("/page/")).collect()
}

#[test]
fn a_hundred_kills_lose_nothing_double_nothing_and_break_nothing() {
    let server = SiteServer::start(site());
    let sandbox = Sandbox::new();
    let config = json!({
        "name": "docs", "base_url": server.url("/"), "start_urls": [server.url("/page/0")],
        "rate_limit": 0.003, "max_pages": 2 * PAGES, "discover": ["links"],
    });
    sandbox.config("docs", &config);
    let mut dice = Dice(0x5eed_0123_4567_89ab);
    let mut before = BTreeSet::new();
    for kill in 1..=KILLS {
        let asked_before = server.paths().len();
        let wanted = usize::try_from(dice.throw(11)).unwrap() + 1;
        // Few more than it is killed after, so that a hundred lives are not enough for all pages.
        server.answer_only("/page/", wanted + 2);
        let mut child = sandbox
            .command(&["scrape", "docs", "--render", "never", "--quiet"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        while pages_of(&server.paths()[asked_before..]).len() < wanted {
            assert!(Instant::now() < deadline, "nothing was asked before kill {kill}");
            assert!(child.try_wait().unwrap().is_none(), "the crawl was over before kill {kill}");
            std::thread::sleep(Duration::from_micros(500));
        }
        std::thread::sleep(Duration::from_micros(dice.throw(6_000)));
        child.kill().unwrap();
        child.wait().unwrap();

        let paths = server.paths();
        let again: Vec<&String> =
            pages_of(&paths[asked_before..]).into_iter().filter(|path| before.contains(*path)).collect();
        assert!(again.is_empty(), "recorded, and asked for again in life {kill}: {again:?}");
        let now = recorded(&sandbox);
        assert!(now.is_superset(&before), "kill {kill} lost {:?}", before.difference(&now));
        before = now;
        if kill % 10 == 0 {
            check_database(&sandbox.path("crawls/docs/crawl.db"));
        }
    }
    assert!((PAGES / 4..PAGES).contains(&before.len()), "{} pages in {KILLS} lives", before.len());

    server.answer_all();
    let asked_before = server.paths().len();
    let run = sandbox.run(&["scrape", "docs", "--render", "never", "--json"]).expect_code(0);
    assert_eq!(run.json()["pages"]["kept"], PAGES, "{}", run.stdout);
    let paths = server.paths();
    assert!(pages_of(&paths[asked_before..]).into_iter().all(|path| !before.contains(path)));
    check_database(&sandbox.path("crawls/docs/crawl.db"));
    let archive = Archive::open(&sandbox.path("crawls/docs")).unwrap();
    let pages: Vec<String> = archive.pages().map(|page| page.unwrap().url.path().to_owned()).collect();
    let distinct: BTreeSet<&String> = pages.iter().collect();
    assert_eq!((pages.len(), distinct.len()), (PAGES, PAGES), "each page once");
}
