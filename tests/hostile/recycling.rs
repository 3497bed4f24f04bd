//! Tabs and browsers are replaced before what pages leave behind in them adds up, and no page notices.

use std::time::Duration;

use skillcrawl::fetch::browser::{Browser, BrowserOptions};

use crate::processes::of_group;
use crate::render::{check_healthy, dom, options, render};
use crate::server::Server;

const QUICK: &str = "<main>Some text that stands here.</main>";
const LATE: &str =
    "<main></main><script>setTimeout(() => document.querySelector('main').append('It came.'), 4000)</script>";

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
    let server = Server::start([]);
    let mut options = BrowserOptions { page_timeout: Duration::from_secs(20), ..options(&server) };
    options.recycling.pages_per_browser = 3;
    let browser = Browser::launch(options).await.unwrap();
    let first = browser.process_id().await.unwrap();
    let later = LATE.replace("4000", "9000");
    let late = render(&browser, &server, "/late", &later);
    let others = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        for number in 0..3 {
            dom(render(&browser, &server, &format!("/page-{number}"), QUICK).await);
        }
        // The late page and two others were begun in the first browser; it lives for the late one.
        assert_ne!(browser.process_id().await, Some(first));
        assert!(!of_group(first, "").is_empty(), "the first browser was not waited for");
    };
    let (late, ()) = tokio::join!(late, others);
    assert!(dom(late).contains("It came."));
    assert!(of_group(first, "").is_empty(), "the first browser is still there");
    check_healthy(&browser, &server, 2).await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_replaced_at_the_memory_limit() {
    let server = Server::start([]);
    let mut options = options(&server);
    options.recycling.memory_limit = 400 << 20;
    let browser = Browser::launch(options).await.unwrap();
    let first = browser.process_id().await.unwrap();
    let keeps = "<main></main><script>globalThis.kept = [];
        for (let n = 0; n < 11; n++) kept.push(new Uint8Array(2e7).fill(1));
        setTimeout(() => document.querySelector('main').append('Kept.'), 1000)</script>";
    let (one, other) =
        tokio::join!(render(&browser, &server, "/one", keeps), render(&browser, &server, "/other", keeps));
    // Long before the last of it was kept, they were past the limit together; neither was ended for that.
    assert!(dom(one).contains("Kept.") && dom(other).contains("Kept."));
    check_healthy(&browser, &server, 2).await;
    assert_ne!(browser.process_id().await, Some(first));
    assert!(of_group(first, "").is_empty());
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_ends_a_replaced_browser_too() {
    let server = Server::start([]);
    let mut options = BrowserOptions { page_timeout: Duration::from_secs(30), ..options(&server) };
    options.recycling.pages_per_browser = 1;
    let browser = Browser::launch(options).await.unwrap();
    let first = browser.process_id().await.unwrap();
    let later = LATE.replace("4000", "18000");
    let late = render(&browser, &server, "/late", &later);
    let close = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        dom(render(&browser, &server, "/page", QUICK).await);
        let second = browser.process_id().await.unwrap();
        assert_ne!(second, first);
        browser.close().await;
        assert!(of_group(first, "").is_empty() && of_group(second, "").is_empty());
    };
    let (late, ()) = tokio::join!(late, close);
    assert!(matches!(late, skillcrawl::fetch::browser::RenderOutcome::Failed { .. }), "{late:?}");
}
