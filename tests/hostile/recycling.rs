//! Tabs and browsers are replaced before what pages leave behind in them adds up, and no page notices.

use std::time::{Duration, Instant};

use skillcrawl::fetch::browser::{Browser, BrowserOptions};

use crate::processes::{of_group, wait_until_async, wait_until_gone};
use crate::render::{check_healthy, dom, options, render};
use crate::server::{Gate, Server};

const QUICK: &str = "<main>Some text that stands here.</main>";
/// A page that is in work until its gate is opened, or given up after a quarter of a minute. Each page asks by its own
/// address: of two that ask for the same one the browser holds the second back until the first has its answer.
const HELD: &str = "<main></main><script>
    fetch('/gate?' + location.pathname).then(() => document.querySelector('main').append('It came.'))</script>";

/// A server with a gate.
fn gated() -> (Server, Gate) {
    let gate = Gate::default();
    (Server::start([("/gate".to_owned(), gate.reply())]), gate)
}

/// Waits until so many pages wait at the gate.
async fn wait_until_held(server: &Server, pages: usize) {
    let held = || server.seen().iter().filter(|path| path.starts_with("/gate?")).count();
    wait_until_async("the pages wait at their gate", || held() >= pages).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_is_replaced_after_its_pages() {
    let server = Server::start([]);
    let mut options = BrowserOptions { tabs: 1, ..options(&server) };
    options.recycling.pages_per_tab = 3;
    let browser = Browser::launch(options).await.unwrap();
    // What a tab remembers from page to page tells one from the next.
    let count = "<main></main><script>
        sessionStorage.pages = Number(sessionStorage.pages ?? 0) + 1;
        document.querySelector('main').append(`Page ${sessionStorage.pages} of this tab.`)</script>";
    let mut counted = Vec::new();
    for _ in 0..7 {
        let html = dom(render(&browser, &server, "/page", count).await);
        counted.push(html.split("Page ").nth(1).unwrap()[..1].to_owned());
    }
    assert_eq!(counted, ["1", "2", "3", "1", "2", "3", "1"]);
    check_healthy(&browser, &server, 1).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_replaced_after_its_pages_and_ends_with_its_last() {
    let (server, gate) = gated();
    let mut options = BrowserOptions { page_timeout: Duration::from_secs(30), ..options(&server) };
    options.recycling.pages_per_browser = 3;
    let browser = Browser::launch(options).await.unwrap();
    let first = browser.process_id().await.unwrap();
    for number in 0..2 {
        dom(render(&browser, &server, &format!("/page-{number}"), QUICK).await);
    }
    let late = render(&browser, &server, "/late", HELD);
    let another = async {
        wait_until_held(&server, 1).await;
        dom(render(&browser, &server, "/page-2", QUICK).await);
        // The late page and two others were begun in the first browser; it lives for the late one.
        assert_ne!(browser.process_id().await, Some(first));
        assert!(!of_group(first, "").is_empty(), "the first browser was not waited for");
        gate.open();
    };
    let (late, ()) = tokio::join!(late, another);
    assert!(dom(late).contains("It came."));
    wait_until_gone(first).await;
    check_healthy(&browser, &server, 2).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_replaced_at_the_memory_limit() {
    let (server, gate) = gated();
    let mut options = BrowserOptions { tabs: 3, page_timeout: Duration::from_secs(30), ..options(&server) };
    options.recycling.memory_limit = 400 << 20;
    let browser = Browser::launch(options).await.unwrap();
    let first = browser.process_id().await.unwrap();
    // Without content they are in work until the gate opens, or are given up, which is as good here.
    let keeps = "<aside>Kept.</aside><main></main><script>globalThis.kept = [];
        for (let n = 0; n < 11; n++) kept.push(new Uint8Array(2e7).fill(1));
        fetch('/gate?' + location.pathname).then(() => document.querySelector('main').append('It came.'))</script>";
    let others = async {
        wait_until_held(&server, 2).await;
        // Both together are past the limit; neither is ended for that, and the browser gets no further page.
        let since = Instant::now();
        while browser.process_id().await == Some(first) {
            assert!(since.elapsed() < Duration::from_secs(60), "the browser is not replaced");
            dom(render(&browser, &server, "/page", QUICK).await);
        }
        gate.open();
    };
    let (one, other, ()) = tokio::join!(
        render(&browser, &server, "/one", keeps),
        render(&browser, &server, "/other", keeps),
        others
    );
    assert!(dom(one).contains("Kept.") && dom(other).contains("Kept."));
    check_healthy(&browser, &server, 3).await;
    wait_until_gone(first).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_ends_a_replaced_browser_too() {
    let (server, _gate) = gated();
    let mut options = BrowserOptions { page_timeout: Duration::from_secs(30), ..options(&server) };
    options.recycling.pages_per_browser = 1;
    let browser = Browser::launch(options).await.unwrap();
    let first = browser.process_id().await.unwrap();
    let late = render(&browser, &server, "/late", HELD);
    let close = async {
        wait_until_held(&server, 1).await;
        dom(render(&browser, &server, "/page", QUICK).await);
        let second = browser.process_id().await.unwrap();
        assert_ne!(second, first);
        browser.close().await;
        wait_until_gone(first).await;
        wait_until_gone(second).await;
    };
    let (late, ()) = tokio::join!(late, close);
    assert!(matches!(late, skillcrawl::fetch::browser::RenderOutcome::Failed { .. }), "{late:?}");
}
