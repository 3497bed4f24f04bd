//! What pages do, seen in the report of a whole crawl.

use serde_json::json;

use crate::crawl::{Case, check_crawl};
use crate::server::{Reply, Server, canned, html, never};

/// A page with some content and a hostile part.
fn page(hostile: &str) -> Reply {
    html(format!("<title>t</title><main><h1>Page</h1><p>Some text that stands here.</p></main>{hostile}"))
}

fn script(hostile: &str) -> Reply {
    page(&format!("<script>{hostile}</script>"))
}

#[test]
fn wherever_a_page_leads_is_a_named_outcome() {
    let server = check([leads(), asks(), waits()].concat());
    assert_eq!(server.seen().iter().filter(|path| *path == "/reload").count(), 1);
}

/// By themselves: those that take a processor each leave little to the pages beside them.
#[test]
fn whatever_a_page_takes_is_a_named_outcome() {
    let server = check([hogs(), grows()].concat());
    for page in ["/loop", "/microtasks"] {
        assert_eq!(server.seen().iter().filter(|path| *path == page).count(), 1, "{page}");
    }
}

fn check(cases: Vec<Case>) -> Server {
    let loads = vec![
        ("/target", page("")),
        ("/nothing", never()),
        ("/hog.js", canned("200 OK", &["Content-Type: text/javascript"], "while (true) {}")),
        (
            "/file",
            canned("200 OK", &["Content-Disposition: attachment", "Content-Type: application/zip"], "PK"),
        ),
    ];
    // What a page does to its browser is not tried again by asking its server again.
    check_crawl(cases, loads, &json!({ "retries": 2 }))
}

/// Pages that lead elsewhere.
fn leads() -> Vec<Case> {
    vec![
        ("/refresh", page("<meta http-equiv=refresh content='0;url=/target'>"), &["redirected"]),
        (
            "/refresh-out",
            page("<meta http-equiv=refresh content='0;url=http://elsewhere.invalid/'>"),
            &["skipped out_of_scope"],
        ),
        ("/refresh-itself", page("<meta http-equiv=refresh content=0>"), &["failed reloads without end"]),
        ("/refresh-file", page("<meta http-equiv=refresh content='0;url=file:///etc/passwd'>"), &["done"]),
        (
            "/refresh-script",
            page("<meta http-equiv=refresh content='0;url=javascript:while(true){}'>"),
            &["done"],
        ),
        ("/script", script("location = '/target'"), &["redirected"]),
        ("/script-out", script("location = 'http://elsewhere.invalid/'"), &["skipped out_of_scope"]),
        ("/script-loop-a", script("location = '/script-loop-b'"), &["redirected", "failed redirect loop"]),
        ("/script-loop-b", script("location = '/script-loop-a'"), &["redirected", "failed redirect loop"]),
        ("/script-data", script("location = 'data:text/html,x'"), &["done"]),
        ("/script-file", script("location = 'file:///etc/passwd'"), &["done"]),
        ("/script-crash", script("location = 'chrome://crash'"), &["done"]),
        (
            "/script-blob",
            script("location = URL.createObjectURL(new Blob(['x'], { type: 'text/html' }))"),
            &["done", "failed"],
        ),
        ("/reload", script("location.reload()"), &["failed reloads without end"]),
        ("/reload-later", script("setTimeout(() => location.reload(), 10)"), &["failed reloads without end"]),
        (
            "/push-state",
            script("let n = 0; setInterval(() => history.pushState(0, '', '/pushed-' + n++))"),
            &["done"],
        ),
        ("/hash", script("let n = 0; setInterval(() => { location.hash = n++ })"), &["done"]),
        (
            "/frame-leads-out",
            page("<iframe srcdoc=\"<script>top.location = '/target'</script>\"></iframe>"),
            &["redirected", "done"],
        ),
    ]
}

/// Pages that ask the visitor for something.
fn asks() -> Vec<Case> {
    vec![
        (
            "/dialogs",
            script("alert(1); confirm(2); prompt(3); print(); onload = () => { alert(4); print() }"),
            &["done"],
        ),
        ("/dialogs-without-end", script("setInterval(() => alert(1))"), &["done"]),
        (
            "/before-unload",
            script(
                "onbeforeunload = (event) => { event.preventDefault(); return 'stay' }; onunload = () => { while (true) {} }",
            ),
            &["done"],
        ),
        (
            "/popups",
            script(
                "for (let n = 0; n < 50; n++) { window.open('/target?' + n); const a = document.createElement('a'); a.href = '/target?a' + n; a.target = '_blank'; a.click() }",
            ),
            &["done"],
        ),
        (
            "/popups-without-end",
            page(
                "<iframe></iframe><script>setInterval(() => { frames[0].open('/target?f'); const a = document.createElement('a'); a.href = '/target?b'; a.target = '_blank'; document.body.append(a); a.click() }, 20)</script>",
            ),
            &["done"],
        ),
        (
            "/download",
            script(
                "const a = document.createElement('a'); a.href = '/file'; a.download = 'x'; document.body.append(a); a.click()",
            ),
            &["done"],
        ),
        (
            "/download-blob",
            script(
                "const a = document.createElement('a'); a.href = URL.createObjectURL(new Blob(['x'])); a.download = 'x'; a.click()",
            ),
            &["done"],
        ),
        ("/download-frame", page("<iframe src=/file></iframe>"), &["done"]),
        (
            "/protocols",
            page(
                "<a id=m href='mailto:a@b.invalid'>m</a><iframe src='tel:1'></iframe><script>m.click(); location = 'foo://bar'</script>",
            ),
            &["done"],
        ),
        (
            "/full-screen",
            script(
                "document.documentElement.requestFullscreen().catch(() => 0); document.body.requestPointerLock?.()",
            ),
            &["done"],
        ),
    ]
}

/// Pages with parts that never come.
fn waits() -> Vec<Case> {
    vec![
        ("/image", page("<img src=/nothing>"), &["done"]),
        ("/frame", page("<iframe src=/nothing></iframe>"), &["done"]),
        (
            "/lazy-frame",
            page("<div style='height:9000px'></div><iframe loading=lazy src=/nothing></iframe>"),
            &["done"],
        ),
        ("/async-script", page("<script async src=/nothing></script>"), &["done"]),
        ("/blocking-script", page("<script src=/nothing></script><p>never"), &["done"]),
        ("/module", page("<script type=module>import '/nothing'</script>"), &["done"]),
        ("/style", page("<link rel=stylesheet href=/nothing>"), &["done"]),
        (
            "/font",
            page("<style>@font-face { font-family: f; src: url(/nothing) } p { font-family: f }</style>"),
            &["done"],
        ),
        ("/fetch", script("fetch('/nothing')"), &["done"]),
        (
            "/xhr-now",
            script("const x = new XMLHttpRequest(); x.open('GET', '/nothing', false); x.send()"),
            &["failed page deadline passed"],
        ),
        (
            "/await",
            html(
                "<main></main><script type=module>await new Promise(() => 0); document.body.append('never')</script>",
            ),
            &["done"],
        ),
    ]
}

/// Pages that take the processor.
fn hogs() -> Vec<Case> {
    vec![
        (
            "/push-state-at-once",
            script("let n = 0; while (true) history.pushState(0, '', '/pushed-' + n++)"),
            &["failed page deadline passed"],
        ),
        ("/loop", script("while (true) {}"), &["failed page deadline passed"]),
        (
            "/loop-later",
            script("setTimeout(() => { while (true) {} }, 300)"),
            &["failed page deadline passed", "done"],
        ),
        (
            "/loop-in-frame",
            page("<iframe srcdoc='<script>while (true) {}</script>'></iframe>"),
            &["failed page deadline passed"],
        ),
        ("/loop-in-worker", script("for (let n = 0; n < 4; n++) new Worker('/hog.js')"), &["done"]),
        (
            "/loop-in-wasm",
            script(
                "new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11]))).exports.f()",
            ),
            &["failed page deadline passed"],
        ),
        (
            "/microtasks",
            script("const again = () => Promise.resolve().then(again); again()"),
            &["failed page deadline passed"],
        ),
        (
            "/mutations",
            script("setInterval(() => { document.querySelector('p').textContent = Math.random() })"),
            &["done"],
        ),
        (
            "/mutations-at-once",
            script(
                "new MutationObserver(() => document.body.toggleAttribute('x')).observe(document.body, { attributes: true }); document.body.toggleAttribute('x')",
            ),
            &["failed page deadline passed"],
        ),
        (
            "/frames-of-time",
            script(
                "const f = () => { const t = performance.now(); while (performance.now() < t + 200); requestAnimationFrame(f) }; f()",
            ),
            &["done", "failed page deadline passed"],
        ),
        ("/regex", script("/(a+)+$/.test('a'.repeat(60) + 'b')"), &["failed page deadline passed"]),
    ]
}

/// Pages that grow.
fn grows() -> Vec<Case> {
    vec![
        (
            "/grows",
            script(
                "setInterval(() => { for (let n = 0; n < 500; n++) document.querySelector('main').append(document.createElement('p'), 'text') })",
            ),
            &["done", "failed page deadline passed"],
        ),
        (
            "/grows-at-once",
            script("while (true) document.body.append(document.createElement('p'))"),
            &["failed page deadline passed", "failed renderer crashed", "failed too much memory"],
        ),
        (
            "/deep",
            script(
                "let at = document.body; for (let n = 0; n < 100000; n++) at = at.appendChild(document.createElement('div')); at.append('deep')",
            ),
            &["done", "failed renderer crashed", "failed page deadline passed"],
        ),
        (
            "/deep-markup",
            html(format!("<main>text{}deep", "<div>".repeat(100_000))),
            &["done", "failed renderer crashed", "failed page deadline passed"],
        ),
        (
            "/frames",
            script("for (let n = 0; n < 100000; n++) document.body.append(document.createElement('iframe'))"),
            &["done", "failed page deadline passed", "failed renderer crashed"],
        ),
        ("/attribute", script("document.body.setAttribute('data-x', 'x'.repeat(5_000_000))"), &["done"]),
        ("/address", page(&format!("<a href='/{}'>x</a>", "x".repeat(1_000_000))), &["done"]),
        (
            "/text",
            script("document.querySelector('main').append('x'.repeat(60_000_000))"),
            &["failed document too large", "failed page deadline passed", "failed too much memory"],
        ),
        (
            "/written-again",
            script(
                "setTimeout(() => { document.write('<main>Written after all was loaded.</main>'); document.close() }, 200)",
            ),
            &["done"],
        ),
        ("/written-for-ever", script("setInterval(() => document.write('<p>more'), 5)"), &["done"]),
    ]
}
