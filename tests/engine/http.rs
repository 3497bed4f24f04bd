//! The HTTP fetcher against a loopback server: one answer for each thing a server can do.

use std::time::{Duration, Instant};

use skillcrawl::fetch::http::HttpFetcher;
use skillcrawl::fetch::{Answer, FetchRequest, Fetcher, Want};
use skillcrawl::fetched::{Fetched, Validators};
use skillcrawl::url::{Authority, CanonicalUrl};

use crate::support::{Reply, Server, gzip, url};

/// One whose patience no answer needs, however busy the machine is.
fn fetcher(site: &Authority) -> HttpFetcher {
    HttpFetcher::new(site.clone(), "skillcrawl/0 (test)", Duration::from_secs(60)).unwrap()
}

async fn ask(server: &Server, path: &str, want: Want) -> Answer {
    let url = server.url(path);
    fetcher(&url.authority()).fetch(FetchRequest::new(url, want)).await
}

async fn page(server: &Server, path: &str) -> Fetched {
    match ask(server, path, Want::Page).await {
        Answer::Page(fetched) => *fetched,
        other => panic!("{path}: {other:?}"),
    }
}

async fn media_type(server: &Server, path: &str) -> Option<String> {
    match ask(server, path, Want::Page).await {
        Answer::NotAPage { media_type } => media_type,
        other => panic!("{path}: {other:?}"),
    }
}

fn site(path: &str, _before: usize) -> Reply {
    let html = [("content-type", "text/html")];
    match path {
        "/page" => Reply::of(200, &[("content-type", "Text/HTML; charset=utf-8"), ("x-a", "1")], "<p>x"),
        "/packed" => {
            Reply::of(200, &[("content-type", "text/html"), ("content-encoding", "gzip")], gzip("<p>packed"))
        }
        "/guide.md" => Reply::text("# Guide"),
        "/untyped" => Reply::of(200, &[], "\n<!DOCTYPE html><p>x"),
        "/untyped.bin" => Reply::of(200, &[], "MZ"),
        "/notes.txt" => Reply::text("notes"),
        "/file" => Reply::of(200, &[("content-type", "application/pdf")], "%PDF"),
        "/download" => Reply::of(200, &[html[0], ("content-disposition", "attachment; filename=x")], "<p>"),
        "/nothing" => Reply::of(204, &html, ""),
        "/blank" => Reply::of(200, &html, " \n"),
        "/relative" => Reply::of(301, &[("location", "../page#part")], ""),
        "/mailto" => Reply::of(302, &[("location", "mailto:a@d.example")], ""),
        "/unchanged" => Reply::of(304, &[], ""),
        "/busy" => Reply::of(429, &[("retry-after", "7")], "slow down"),
        "/broken" => Reply::of(500, &html, "<p>oops"),
        "/slow" => Reply { after: Duration::from_secs(600), ..Reply::html("late") },
        "/robots.txt" => Reply::of(200, &[("content-type", "application/octet-stream")], "User-agent: *"),
        "/out" => Reply::redirect("http://169.254.169.254/latest/meta-data/"),
        _ => Reply::of(404, &html, "<p>not found"),
    }
}

#[tokio::test]
async fn pages_come_decoded_with_their_headers() {
    let server = Server::start(site).await;
    let fetched = page(&server, "/page#/route").await;
    let exchange = fetched.exchange.unwrap();
    assert_eq!(fetched.url, server.url("/page#/route"));
    assert_eq!(exchange.target, server.url("/page"));
    assert_eq!((exchange.status, exchange.body.as_slice()), (200, b"<p>x".as_slice()));
    assert_eq!(exchange.header("X-A"), Some("1"));
    assert_eq!(exchange.media_type().as_deref(), Some("text/html"));
    assert_eq!(fetched.fetched_at.subsec_nanosecond(), 0);

    let packed = page(&server, "/packed").await.exchange.unwrap();
    assert_eq!(packed.body, b"<p>packed");
    assert_eq!((packed.header("content-encoding"), packed.header("content-length")), (None, None));

    assert_eq!(page(&server, "/guide.md").await.exchange.unwrap().body, b"# Guide");
    page(&server, "/untyped").await;
    let seen = server.seen.lock().unwrap().first().unwrap().headers.clone();
    assert_eq!(seen["user-agent"], "skillcrawl/0 (test)");
    assert!(seen["accept"].to_str().unwrap().starts_with("text/html,"));
    assert!(!seen.contains_key("cookie") && !seen.contains_key("referer"));
}

#[tokio::test]
async fn what_is_no_page_is_told_apart() {
    let server = Server::start(site).await;
    assert_eq!(media_type(&server, "/file").await.as_deref(), Some("application/pdf"));
    assert_eq!(media_type(&server, "/notes.txt").await.as_deref(), Some("text/plain"));
    assert_eq!(media_type(&server, "/download").await.as_deref(), Some("text/html"));
    assert_eq!(media_type(&server, "/nothing").await.as_deref(), Some("text/html"));
    assert_eq!(media_type(&server, "/blank").await.as_deref(), Some("text/html"));
    assert_eq!(media_type(&server, "/untyped.bin").await, None);
    assert!(matches!(ask(&server, "/missing", Want::Page).await, Answer::Refused { status: 404 }));
    assert!(matches!(ask(&server, "/robots.txt", Want::Text).await, Answer::Page(_)));
}

#[tokio::test]
async fn redirects_are_answers() {
    let server = Server::start(site).await;
    let target = |answer: Answer| match answer {
        Answer::Redirect { to, .. } => to,
        other => panic!("{other:?}"),
    };
    assert_eq!(target(ask(&server, "/relative", Want::Page).await), server.url("/page"));
    let metadata = target(ask(&server, "/out#/route", Want::Page).await);
    assert_eq!(metadata.as_str(), "http://169.254.169.254/latest/meta-data/#/route", "the route goes along");
    assert!(matches!(ask(&server, "/mailto", Want::Page).await, Answer::Refused { status: 302 }));
    assert!(matches!(ask(&server, "/unchanged", Want::Page).await, Answer::Refused { status: 304 }));
    assert_eq!(server.paths().len(), 4, "no redirect was followed");
}

#[tokio::test]
async fn failures_that_pass_carry_their_cause() {
    let server = Server::start(site).await;
    let Answer::Failed { cause, status, retry_after } = ask(&server, "/busy", Want::Page).await else {
        panic!("no failure")
    };
    assert_eq!((cause.as_str(), status, retry_after), ("HTTP 429", Some(429), Some(Duration::from_secs(7))));
    assert!(matches!(ask(&server, "/broken", Want::Page).await, Answer::Failed { status: Some(500), .. }));

    let started = Instant::now();
    let slow = server.url("/slow");
    let impatient =
        HttpFetcher::new(slow.authority(), "skillcrawl/0 (test)", Duration::from_millis(700)).unwrap();
    let late = impatient.fetch(FetchRequest::new(slow, Want::Page)).await;
    assert!(matches!(&late, Answer::Failed { cause, status: None, .. } if cause == "timed out"), "{late:?}");
    assert!(started.elapsed() < Duration::from_secs(60), "long before an answer");

    let nobody = url(&server.base);
    drop(server);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let refused = fetcher(&nobody.authority()).fetch(FetchRequest::new(nobody, Want::Page)).await;
    assert!(matches!(&refused, Answer::Failed { cause, .. } if cause == "connection refused"), "{refused:?}");
}

#[tokio::test]
async fn private_networks_are_closed_but_for_the_site_itself() {
    let server = Server::start(site).await;
    let port = server.url("/").as_url().port().unwrap();
    let elsewhere = url("https://docs.example/").authority();
    let attempts = [
        server.url("/page"),
        // A name that resolves to loopback: the check is for the address.
        url(&format!("http://localhost:{port}/page")),
        url(&format!("http://[::ffff:127.0.0.1]:{port}/page")),
        url(&format!("http://0x7f.1:{port}/page")),
    ];
    for url in attempts {
        let answer = fetcher(&elsewhere).fetch(FetchRequest::new(url.clone(), Want::Page)).await;
        assert!(matches!(answer, Answer::PrivateAddress), "{url}: {answer:?}");
    }
    // The site's own address opens its own port, no other.
    let neighbour = CanonicalUrl::parse("http://127.0.0.1:1/").unwrap();
    let own = server.url("/").authority();
    let answer = fetcher(&own).fetch(FetchRequest::new(neighbour, Want::Page)).await;
    assert!(matches!(answer, Answer::PrivateAddress), "{answer:?}");
    assert!(server.paths().is_empty(), "no private address was asked");
}

#[tokio::test]
async fn what_is_known_is_asked_for_by_its_validators() {
    let server = Server::start(|path, before| match (path, before) {
        ("/page", 0) => Reply::of(
            200,
            &[
                ("content-type", "text/html"),
                ("etag", "W/\"a\""),
                ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ],
            "<p>x",
        ),
        _ => Reply::of(304, &[("etag", "W/\"a\"")], ""),
    })
    .await;
    let fetched = page(&server, "/page").await;
    let validators = Validators::of(&fetched.exchange.unwrap());
    let url = server.url("/page");
    let request = FetchRequest { validators, ..FetchRequest::new(url.clone(), Want::Page) };
    let answer = fetcher(&url.authority()).fetch(request).await;
    let Answer::NotModified(answer) = answer else { panic!("{answer:?}") };
    let exchange = answer.exchange.unwrap();
    assert_eq!((exchange.status, exchange.header("etag")), (304, Some("W/\"a\"")));
    let seen = server.seen.lock().unwrap();
    assert!(!seen[0].headers.contains_key("if-none-match"));
    assert_eq!(seen[1].headers["if-none-match"], "W/\"a\"");
    assert_eq!(seen[1].headers["if-modified-since"], "Sun, 06 Nov 1994 08:49:37 GMT");
    assert!(
        exchange.request_headers.iter().any(|(name, _)| name == "if-none-match"),
        "the record says how it was asked"
    );
}
