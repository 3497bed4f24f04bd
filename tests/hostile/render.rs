//! Pages by themselves, in one browser: what they show, and that no tab is leaked.

use std::time::Duration;

use skillcrawl::fetch::browser::{Browser, BrowserOptions, RenderFailure, RenderJob, RenderOutcome};
use skillcrawl::fetched::Exchange;
use skillcrawl::url::CanonicalUrl;

use crate::server::{Server, canned, never};
use crate::support::chrome::chrome;

/// Options for a site at this server.
pub fn options(server: &Server) -> BrowserOptions {
    BrowserOptions {
        chrome: Some(chrome().to_owned()),
        tabs: 2,
        page_timeout: Duration::from_secs(8),
        allowed_authority: Some(CanonicalUrl::parse(&server.url("/")).unwrap().authority()),
        host_rules: Some("MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost".to_owned()),
        ..BrowserOptions::default()
    }
}

/// Renders `html` as the answer of the server to `path`, with further header lines.
pub async fn render_with(
    browser: &Browser,
    server: &Server,
    path: &str,
    headers: &[(&str, &str)],
    html: &str,
) -> RenderOutcome {
    let url = CanonicalUrl::parse(&server.url(path)).unwrap();
    let mut response_headers = vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())];
    response_headers.extend(headers.iter().map(|(name, value)| (name.to_string(), value.to_string())));
    let document = Exchange {
        target: url.document(),
        request_headers: Vec::new(),
        status: 200,
        response_headers,
        body: html.as_bytes().to_vec(),
    };
    browser.render(RenderJob { url: &url, document: &document, application: None }).await
}

/// Renders `html` as the answer of the server to `path`.
pub async fn render(browser: &Browser, server: &Server, path: &str, html: &str) -> RenderOutcome {
    render_with(browser, server, path, &[], html).await
}

/// The HTML of a page that was rendered.
#[track_caller]
pub fn dom(outcome: RenderOutcome) -> String {
    match outcome {
        RenderOutcome::Dom(dom) => dom.html,
        other => panic!("not rendered: {other:?}"),
    }
}

/// Fails the test unless the page failed with this cause.
#[track_caller]
pub fn check_failed(outcome: &RenderOutcome, with: &RenderFailure) {
    assert!(matches!(outcome, RenderOutcome::Failed { cause } if cause == with), "{outcome:?}");
}

/// Fails the test unless a harmless page still renders, and no more pages are open than the browser has tabs.
pub async fn check_healthy(browser: &Browser, server: &Server, tabs: usize) {
    let html = dom(render(browser, server, "/healthy", "<main>A harmless page.</main>").await);
    assert!(html.contains("A harmless page."), "{html}");
    let mut open = None;
    // A lost tab takes some seconds to close.
    for _ in 0..100 {
        open = browser.open_pages().await;
        if open.is_some_and(|open| open <= tabs) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{open:?} pages are open, of {tabs} tabs");
}

/// Each page leaves its tab in order, or the tab is closed.
#[tokio::test(flavor = "multi_thread")]
async fn no_page_leaks_a_tab() {
    let server = Server::start([("/file".to_owned(), never())]);
    let options = BrowserOptions { page_timeout: Duration::from_secs(3), ..options(&server) };
    let browser = Browser::launch(options).await.unwrap();
    for hostile in [
        "while (true) {}",
        "const again = () => Promise.resolve().then(again); again()",
        "onunload = onpagehide = onbeforeunload = () => { while (true) {} }",
        "for (let n = 0; n < 20; n++) { open('/x'); const a = document.createElement('a'); a.href = '/y' + n; a.target = '_blank'; a.click() }",
        "setInterval(() => { const f = document.createElement('form'); f.target = '_blank'; f.action = '/z'; document.body.append(f); f.submit() }, 5)",
        "setInterval(() => alert(1))",
        "for (let n = 0; n < 8; n++) new Worker(URL.createObjectURL(new Blob(['while (true) {}'])))",
        "for (let n = 0; n < 100000; n++) document.body.append(document.createElement('iframe'))",
        "const a = document.createElement('a'); a.href = '/file'; a.download = 'x'; a.click()",
    ] {
        let html = format!("<main>Some text.</main><script>{hostile}</script>");
        let (one, other) = tokio::join!(
            render(&browser, &server, "/hostile", &html),
            render(&browser, &server, "/neighbour", "<main>A neighbour.</main>")
        );
        assert!(
            matches!(
                &one,
                RenderOutcome::Dom(_) | RenderOutcome::Failed { cause: RenderFailure::DeadlinePassed }
            ),
            "{hostile}: {one:?}"
        );
        assert!(dom(other).contains("A neighbour."), "{hostile}");
        check_healthy(&browser, &server, 2).await;
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn policies_of_the_site_do_not_keep_our_scripts_out() {
    let server = Server::start([(
        "/frame".to_owned(),
        canned("200 OK", &["Content-Type: text/html", "X-Frame-Options: DENY"], "no"),
    )]);
    let browser = Browser::launch(options(&server)).await.unwrap();
    for policy in [
        "default-src 'none'",
        "script-src 'none'; require-trusted-types-for 'script'",
        "sandbox",
        "sandbox allow-scripts",
    ] {
        let headers = [("content-security-policy", policy), ("x-frame-options", "DENY")];
        let html = "<main>Under a policy.</main><iframe src=/frame></iframe><iframe sandbox srcdoc='<p>In a sandbox.'></iframe>";
        let html = dom(render_with(&browser, &server, "/page", &headers, html).await);
        assert!(html.contains("Under a policy."), "{policy}: {html}");
    }
    check_healthy(&browser, &server, 2).await;
    browser.close().await;
}

/// A page may break everything that it can reach: what reads it lives in a world of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_breaks_the_language_is_read_all_the_same() {
    let server = Server::start([]);
    let browser = Browser::launch(options(&server)).await.unwrap();
    let html = "<main>Some text.</main><div id=hidden style='display:none'>Secret.</div><script>
        const fail = () => { throw new Error('broken') };
        for (const name of ['push', 'pop', 'map', 'filter', 'some', 'every', 'join']) Array.prototype[name] = fail;
        String.prototype.replace = String.prototype.trim = RegExp.prototype.exec = fail;
        Object.getOwnPropertyNames = Object.getOwnPropertyDescriptors = Object.entries = Object.create = fail;
        Map.prototype.get = Map.prototype.set = Set.prototype.has = Promise.prototype.then = Promise.resolve = fail;
        globalThis.JSON = globalThis.setTimeout = globalThis.setInterval = globalThis.requestAnimationFrame = undefined;
        globalThis.MutationObserver = globalThis.PerformanceObserver = globalThis.IntersectionObserver = undefined;
        performance.now = () => 0;
        Date.now = () => 0;
        getComputedStyle = () => ({ display: 'block' });
        Document.prototype.querySelector = Element.prototype.querySelector = () => null;
        Element.prototype.getBoundingClientRect = Element.prototype.closest = fail;
        for (const name of ['children', 'attributes', 'localName', 'shadowRoot', 'innerHTML'])
            Object.defineProperty(Element.prototype, name, { get: fail });
        for (const name of ['childNodes', 'lastChild', 'textContent', 'nodeType'])
            Object.defineProperty(Node.prototype, name, { get: fail });
        Object.defineProperty(document, 'documentElement', { get: fail });
        addEventListener('error', (event) => { while (document.body) document.body.remove(); });
        globalThis.skillcrawl = { settle: fail, snapshot: () => ({ html: 'forged' }) };
        </script>";
    let html = dom(render(&browser, &server, "/page", html).await);
    assert!(html.contains("<main>Some text.</main>"), "{html}");
    assert!(html.contains("data-skillcrawl-hidden=\"display\">Secret."), "{html}");
    assert!(!html.contains("forged"), "{html}");
    check_healthy(&browser, &server, 2).await;
    browser.close().await;
}

/// A page that knows us can neither speak for us nor be held up by it.
#[tokio::test(flavor = "multi_thread")]
async fn our_marks_are_ours() {
    let server = Server::start([]);
    let browser = Browser::launch(options(&server)).await.unwrap();
    let html = "<main data-skillcrawl-hidden=display>Some text.
        <p data-skillcrawl-frame='http://elsewhere.invalid/' data-skillcrawl-anything=x>More text.</p></main><script>
        addEventListener('skillcrawl:reveal', (event) => { event.preventDefault(); event.stopImmediatePropagation() }, true);
        setInterval(() => dispatchEvent(new Event('skillcrawl:reveal', { cancelable: true })), 5);
        new IntersectionObserver((entries, observer) => { while (false); }).observe(document.body);
        </script>";
    let html = dom(render(&browser, &server, "/page", html).await);
    assert!(html.contains("Some text.") && html.contains("<p>More text.</p>"), "{html}");
    assert!(!html.contains("data-skillcrawl"), "{html}");
    browser.close().await;
}
