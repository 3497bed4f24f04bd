//! However the program ends, no browser and no folder of one survives it.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use serde_json::json;
use skillcrawl::fetch::browser::Browser;

use crate::processes::{Process, assert_nothing_left, processes, signal, that_name, wait_until};
use crate::render::{dom, options, render};
use crate::server::{Reply, Server, html};
use crate::support::chrome::chrome;
use crate::support::sandbox::Sandbox;

/// A crawl that runs for longer than any of these tests lets it.
struct Running {
    child: Child,
    server: Server,
    temporary: PathBuf,
    /// The process groups of its browser, once they were seen.
    groups: BTreeSet<u32>,
    _sandbox: Sandbox,
}

fn start(pages_per_browser: usize) -> Running {
    let pages = (0..200).map(|number| {
        let links = format!("<a href='/page-{}'>a</a> <a href='/page-{}'>b</a>", number + 1, number + 2);
        let late =
            "<script>setTimeout(() => document.querySelector('main').append('It came.'), 300)</script>";
        (format!("/page-{number}"), html(format!("<main><p>Page {number}</p>{links}</main>{late}")))
    });
    let server = Server::start(pages.collect::<Vec<(String, Reply)>>());
    let sandbox = Sandbox::new();
    let temporary = sandbox.path("t");
    std::fs::create_dir(&temporary).unwrap();
    let config = json!({
        "name": "hostile", "base_url": server.url("/"), "start_urls": [server.url("/page-0")],
        "discover": ["links"], "rate_limit": 0, "render": "always", "concurrency": 2,
        "pages_per_browser": pages_per_browser,
    });
    sandbox.config("hostile", &config);
    let child = sandbox
        .command(&["scrape", "hostile", "--quiet"])
        .env("SKILLCRAWL_CHROME", chrome())
        .env("TMPDIR", &temporary)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    Running { child, server, temporary, groups: BTreeSet::new(), _sandbox: sandbox }
}

impl Running {
    fn wait_for_pages(&mut self) {
        wait_until("a few pages were asked for", || self.server.seen().len() > 6);
        // Where it is being replaced, it is only just starting now and then.
        let mut browser = Vec::new();
        wait_until("its browser runs", || {
            browser = that_name(&self.temporary);
            browser.len() > 3
        });
        self.groups = browser.iter().map(|process| process.group).collect();
    }

    fn send(&self, what: Signal) {
        signal(self.child.id(), what);
    }

    #[track_caller]
    fn check_nothing_left(&mut self) -> Option<i32> {
        let status = self.child.wait().unwrap();
        assert_nothing_left(&self.temporary);
        let is_left = |process: &Process| self.groups.contains(&process.group);
        wait_until("the browser's group is gone", || !processes().iter().any(is_left));
        status.code()
    }
}

#[test]
fn signals_leave_nothing() {
    for (what, code) in
        [(Signal::INT, Some(130)), (Signal::TERM, Some(130)), (Signal::HUP, None), (Signal::KILL, None)]
    {
        let mut running = start(2_000);
        running.wait_for_pages();
        running.send(what);
        assert_eq!(running.check_nothing_left(), code, "{what:?}");
    }
}

#[test]
fn a_second_interrupt_ends_at_once_and_leaves_nothing() {
    let mut running = start(2_000);
    running.wait_for_pages();
    running.send(Signal::INT);
    std::thread::sleep(Duration::from_millis(100));
    running.send(Signal::INT);
    let since = Instant::now();
    assert_eq!(running.check_nothing_left(), Some(130));
    assert!(since.elapsed() < Duration::from_secs(20));
}

/// At any moment of the browser's start, which takes half a second or some.
#[test]
fn kill_minus_nine_while_the_browser_starts_leaves_nothing() {
    for moment in [5, 15, 30, 60, 100, 200, 500] {
        let mut running = start(2_000);
        std::thread::sleep(Duration::from_millis(moment));
        running.send(Signal::KILL);
        assert_eq!(running.check_nothing_left(), None, "after {moment} ms");
    }
}

/// A browser for each page, so that one is always being replaced.
#[test]
fn kill_minus_nine_while_the_browser_is_replaced_leaves_nothing() {
    for moment in [0, 150, 400] {
        let mut running = start(1);
        running.wait_for_pages();
        std::thread::sleep(Duration::from_millis(moment));
        running.send(Signal::KILL);
        assert_eq!(running.check_nothing_left(), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_leaves_nothing() {
    let server = Server::start([]);
    let browser = Browser::launch(options(&server)).await.unwrap();
    let group = browser.process_id().await.unwrap();
    let panicked = tokio::spawn(async move {
        dom(render(&browser, &server, "/page", "<main>Some text.</main>").await);
        panic!("with a browser in hand");
    })
    .await;
    assert!(panicked.unwrap_err().is_panic());
    wait_until("the browser is gone", || processes().iter().all(|process| process.group != group));
}
