//! Deaths of a renderer, of the browser and of its helpers, while pages are in work.

use std::time::Duration;

use rustix::process::Signal;
use skillcrawl::fetch::browser::{Browser, BrowserOptions, RenderFailure, RenderOutcome};

use crate::processes::{of_group, signal, wait_until_gone};
use crate::render::{check_failed, check_healthy, dom, options, render};
use crate::server::Server;

/// Content that takes some seconds to come.
const LATE: &str =
    "<main></main><script>setTimeout(() => document.querySelector('main').append('It came.'), 4000)</script>";

async fn start(options: BrowserOptions) -> (Browser, u32) {
    let browser = Browser::launch(options).await.unwrap();
    let group = browser.process_id().await.unwrap();
    (browser, group)
}

/// Whichever of several pages was being rendered when the browser died, none is to blame for it yet.
#[tokio::test(flavor = "multi_thread")]
async fn pages_that_a_dying_browser_took_along_are_rendered_again() {
    let server = Server::start([]);
    let options = BrowserOptions { tabs: 4, page_timeout: Duration::from_secs(20), ..options(&server) };
    let (browser, group) = start(options).await;
    let pages = (0..6).map(|number| {
        let (browser, server) = (&browser, &server);
        async move { render(browser, server, &format!("/page-{number}"), LATE).await }
    });
    let death = async {
        tokio::time::sleep(Duration::from_secs(2)).await;
        signal(group, Signal::KILL);
    };
    let (rendered, ()) = tokio::join!(futures::future::join_all(pages), death);
    for outcome in rendered {
        assert!(dom(outcome).contains("It came."));
    }
    assert_ne!(browser.process_id().await, Some(group));
    check_healthy(&browser, &server, 4).await;
    browser.close().await;
}

/// What kills the browser whenever it is shown is shown twice, the second time by itself; its neighbours live.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_kills_the_browser_twice_is_failed_with_that_cause() {
    let server = Server::start([]);
    let options = BrowserOptions { tabs: 3, page_timeout: Duration::from_secs(20), ..options(&server) };
    let (browser, _) = start(options).await;
    // What a page cannot do by itself, as far as anybody knows, the test does for it.
    let html = format!("{LATE}<script>fetch('/killer-is-here')</script>");
    let showings = || server.seen().iter().filter(|path| *path == "/killer-is-here").count();
    let strike = async {
        for time in 1.. {
            while showings() < time {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            signal(browser.process_id().await.unwrap(), Signal::KILL);
        }
    };
    let killer = async {
        tokio::select! {
            outcome = render(&browser, &server, "/killer", &html) => outcome,
            () = strike => unreachable!("it strikes as long as it is let"),
        }
    };
    let neighbours = futures::future::join_all((0..2).map(|number| {
        let (browser, server) = (&browser, &server);
        async move { render(browser, server, &format!("/page-{number}"), LATE).await }
    }));
    let (killer, neighbours) = tokio::join!(killer, neighbours);
    check_failed(&killer, &RenderFailure::BrowserDied);
    assert_eq!(showings(), 2);
    for outcome in neighbours {
        assert!(dom(outcome).contains("It came."));
    }
    check_healthy(&browser, &server, 3).await;
    browser.close().await;
}

/// A browser that is stopped keeps its socket open and says nothing, as one that hangs does.
#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_hangs_is_replaced() {
    let server = Server::start([]);
    let (browser, group) = start(options(&server)).await;
    check_healthy(&browser, &server, 2).await;
    let stop = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        signal(group, Signal::STOP);
    };
    let (rendered, ()) = tokio::join!(render(&browser, &server, "/page", LATE), stop);
    assert!(dom(rendered).contains("It came."));
    assert_ne!(browser.process_id().await, Some(group));
    wait_until_gone(group).await;
    check_healthy(&browser, &server, 2).await;
    // The same between two pages.
    signal(browser.process_id().await.unwrap(), Signal::STOP);
    check_healthy(&browser, &server, 2).await;
    browser.close().await;
}

/// Chromium starts its helpers again by itself; a page that was using one may fail, the next may not.
#[tokio::test(flavor = "multi_thread")]
async fn a_helper_that_dies_costs_nothing_or_its_page() {
    let server = Server::start([]);
    let (browser, group) = start(options(&server)).await;
    for kind in [
        "network.mojom.NetworkService",
        "storage.mojom.StorageService",
        "--type=gpu-process",
        "--type=zygote",
    ] {
        let death = async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            of_group(group, kind).iter().for_each(|process| signal(process.id, Signal::KILL));
        };
        let (rendered, ()) = tokio::join!(render(&browser, &server, "/page", LATE), death);
        assert!(
            matches!(rendered, RenderOutcome::Dom(_) | RenderOutcome::Failed { .. }),
            "{kind}: {rendered:?}"
        );
        check_healthy(&browser, &server, 2).await;
    }
    browser.close().await;
}

/// A page that takes more memory than it may is ended itself, and nothing else is. It takes less than the language's own
/// limit, which would end it as well, by another name, where the look at its memory comes late.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_fills_the_memory_is_ended() {
    let server = Server::start([]);
    let mut options = BrowserOptions { page_timeout: Duration::from_secs(20), ..options(&server) };
    options.recycling.memory_limit = 512 << 20;
    let (browser, _) = start(options).await;
    for fill in [
        "const kept = []; setInterval(() => { if (kept.length < 80) kept.push(new Uint8Array(2e7).fill(1)) }, 50)",
        "const kept = []; while (true) { kept.push(new Array(1e6).fill(kept.length + 0.5)); if (kept.length > 100) kept.pop() }",
    ] {
        let html = format!(
            "<main>Some text.</main><script>{fill}; setInterval(() => document.querySelector('main').append(Math.random()), 10)</script>"
        );
        let (filler, neighbour) = tokio::join!(
            render(&browser, &server, "/filler", &html),
            render(&browser, &server, "/neighbour", LATE)
        );
        check_failed(&filler, &RenderFailure::TooMuchMemory);
        assert!(dom(neighbour).contains("It came."));
        check_healthy(&browser, &server, 2).await;
    }
    browser.close().await;
}
