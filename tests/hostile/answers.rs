//! What servers answer.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::crawl::{Case, check_crawl};
use crate::server::{canned, endless, html, never, send};

const HTML: &str = "Content-Type: text/html";
const PAGE: &str = "<main><h1>Page</h1><p>Some text that stands here.</p></main>";

#[test]
fn every_answer_is_a_named_outcome() {
    check_crawl(
        [statuses(), kinds(), redirects(), bodies()].concat(),
        vec![("/target", html(PAGE))],
        &json!({}),
    );
}

#[test]
fn a_page_of_10_mb_is_kept() {
    let config = json!({ "page_timeout": 60 });
    check_crawl(vec![("/10-mb", html(large(10)), &["done"])], vec![], &config);
}

fn statuses() -> Vec<Case> {
    vec![
        ("/204", canned("204 No Content", &[], ""), &["skipped not_a_page"]),
        ("/200-empty", canned("200 OK", &[HTML], ""), &["skipped not_a_page text/html"]),
        ("/404-empty", canned("404 Not Found", &[], ""), &["skipped http_status 404"]),
        ("/404-page", canned("404 Not Found", &[HTML], PAGE), &["skipped http_status 404"]),
        ("/410", canned("410 Gone", &[HTML], PAGE), &["skipped http_status 410"]),
        ("/418", canned("418 I'm a teapot", &[], ""), &["skipped http_status 418"]),
        ("/500-empty", canned("500 Internal Server Error", &[], ""), &["failed HTTP 500"]),
        ("/500-page", canned("500 Internal Server Error", &[HTML], PAGE), &["failed HTTP 500"]),
        ("/999", canned("999 Denied", &[], ""), &["skipped http_status 999"]),
    ]
}

fn kinds() -> Vec<Case> {
    let attachment = "Content-Disposition: attachment; filename=a.html";
    vec![
        (
            "/pdf",
            canned("200 OK", &["Content-Type: application/pdf"], "%PDF-1.7"),
            &["skipped not_a_page application/pdf"],
        ),
        (
            "/zip",
            canned("200 OK", &["Content-Type: application/zip"], "PK"),
            &["skipped not_a_page application/zip"],
        ),
        ("/attachment", canned("200 OK", &[HTML, attachment], PAGE), &["skipped not_a_page text/html"]),
        (
            "/html-as-text",
            canned("200 OK", &["Content-Type: text/plain"], PAGE),
            &["skipped not_a_page text/plain"],
        ),
        ("/json-as-html", canned("200 OK", &[HTML], "{\"a\": \"text enough to be one\"}"), &["done"]),
        ("/binary-as-html", canned("200 OK", &[HTML], [0, 159, 146, 150, 1, 2, 255]), &["done", "failed"]),
        ("/no-type", canned("200 OK", &[], "<!doctype html><main>Text without a type.</main>"), &["done"]),
        (
            "/invalid-utf8",
            canned("200 OK", &[HTML], b"<meta charset=utf-8><main>caf\xe9 \xff\xfe text</main>"),
            &["done"],
        ),
    ]
}

fn redirects() -> Vec<Case> {
    let to = |location: &str| canned("302 Found", &[&format!("Location: {location}")], "");
    vec![
        ("/to-target", to("/target"), &["redirected"]),
        ("/to-itself", to("/to-itself"), &["failed redirect loop"]),
        ("/loop-a", to("/loop-b"), &["redirected", "failed redirect loop"]),
        ("/loop-b", to("/loop-a"), &["redirected", "failed redirect loop"]),
        ("/to-elsewhere", to("http://elsewhere.invalid/"), &["skipped out_of_scope"]),
        ("/to-private", to("http://169.254.169.254/latest/meta-data/"), &["skipped out_of_scope"]),
        ("/to-file", to("file:///etc/passwd"), &["skipped http_status 302"]),
        ("/to-javascript", to("javascript:alert(1)"), &["skipped http_status 302"]),
        ("/to-nowhere", canned("302 Found", &[], ""), &["skipped http_status 302"]),
    ]
}

fn bodies() -> Vec<Case> {
    let start = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n";
    let short = format!("HTTP/1.1 200 OK\r\n{HTML}\r\nContent-Length: 5000\r\n\r\n{PAGE}");
    let headers =
        "X-Filler: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n";
    let second = Duration::from_secs(1);
    vec![
        ("/never", never(), &["failed timed out"]),
        ("/drip", endless(start, "1\r\na\r\n", second), &["failed timed out"]),
        ("/drip-headers", endless("HTTP/1.1 200 OK\r\n", "X-A: b\r\n", second), &["failed timed out"]),
        (
            "/headers-without-end",
            endless("HTTP/1.1 200 OK\r\n", headers, Duration::ZERO),
            &["failed message head is too large"],
        ),
        (
            "/body-without-end",
            endless(start, &format!("4000\r\n{}\r\n", "x".repeat(0x4000)), Duration::ZERO),
            &["failed document too large", "failed timed out"],
        ),
        ("/closes", Arc::new(move |stream| send(stream, short.as_bytes())), &["failed"]),
        ("/no-http", Arc::new(|stream| send(stream, b"SSH-2.0-x\r\n\r\n")), &["failed"]),
        (
            "/gzip-bomb",
            canned("200 OK", &[HTML, "Content-Encoding: gzip"], bomb()),
            &["failed document too large"],
        ),
        (
            "/gzip-broken",
            canned("200 OK", &[HTML, "Content-Encoding: gzip"], "no gzip"),
            &["failed body cannot be decoded"],
        ),
        ("/60-mb", html(large(60)), &["failed document too large"]),
    ]
}

fn large(megabytes: usize) -> String {
    let paragraph = format!("<p>{}</p>\n", "words and more words ".repeat(48));
    format!("<main><h1>Large</h1>{}</main>", paragraph.repeat(megabytes * 1_000_000 / paragraph.len()))
}

/// 200 MB of spaces in some 200 KB.
fn bomb() -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let spaces = vec![b' '; 1 << 20];
    for _ in 0..200 {
        encoder.write_all(&spaces).unwrap();
    }
    encoder.finish().unwrap()
}
