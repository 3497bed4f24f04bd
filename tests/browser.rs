//! Rendering in real Chromium against loopback servers. Where there is no Chromium and none can be installed, these
//! tests fail.

#![expect(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests fail as tests do")]

#[path = "support/chrome.rs"]
mod chrome;
#[path = "support/rendered_site.rs"]
mod rendered_site;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures::FutureExt;
use futures::future::BoxFuture;
use skillcrawl::config::Recycling;
use skillcrawl::fetch::browser::{
    Browser, BrowserFetcher, BrowserOptions, Machine, MachineLimits, RenderFailure, RenderOutcome,
};
use skillcrawl::fetch::{Answer, FetchRequest, Fetcher, RedirectBy, Want};
use skillcrawl::fetched::{Exchange, Fetched};

use rendered_site::{RenderedSite as Site, dom};

/// Options for a site, with two tabs.
fn options(site: &Site) -> BrowserOptions {
    BrowserOptions { tabs: 2, ..site.options() }
}

#[track_caller]
fn check(outcome: RenderOutcome, holds: &str) {
    let dom = dom(outcome);
    assert!(dom.html.contains(holds), "no `{holds}` in {}", dom.html);
    assert!(dom.settled, "not settled: {}", dom.html);
}

#[track_caller]
fn check_failed(outcome: RenderOutcome, says: &str) {
    match outcome {
        RenderOutcome::Failed { cause } => assert_eq!(cause.to_string(), says),
        other => panic!("did not fail: {other:?}"),
    }
}

const LATER: &str = "<!DOCTYPE html><title>t</title><main id=m>Loading…</main><script>
    setTimeout(async () => {
        const answer = await fetch('/text?delay=700');
        document.getElementById('m').textContent = await answer.text();
    }, 400);
    </script>";

#[tokio::test(flavor = "multi_thread")]
async fn content_that_is_fetched_late_is_awaited() {
    let site = Site::serve(&[("/text", "text/plain", "it came by fetch")]).await;
    check(site.render_alone(LATER).await, "<main id=\"m\">it came by fetch</main>");
}

#[tokio::test(flavor = "multi_thread")]
async fn modules_that_arrive_late_are_awaited_and_beacons_that_never_end_are_not() {
    let site = Site::serve(&[
        ("/late.js", "text/javascript", "document.querySelector('main').append('by module')"),
        ("/beacon", "text/plain", ""),
    ])
    .await;
    let html = format!(
        "<main>{}</main><script type=module>fetch('/beacon?delay=600000'); import('/late.js?delay=1500')</script>",
        "words ".repeat(100)
    );
    check(site.render_alone(&html).await, "by module");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_tab_renders_what_mounts_only_when_visible() {
    let site = Site::serve(&[]).await;
    let browser = Browser::launch(BrowserOptions { tabs: 4, ..options(&site) }).await.unwrap();
    let html = "<main><p id=seen>Loading</p><div style='height:5000px'></div><p id=below></p></main><script>
        const mount = (id) => new IntersectionObserver((entries, observer) => {
            if (!entries.some((entry) => entry.isIntersecting)) return;
            requestAnimationFrame(() => { document.getElementById(id).textContent = `mounted ${id}`; });
            observer.disconnect();
        }).observe(document.getElementById(id));
        mount('seen');
        mount('below');
        </script>";
    let pages = (0..12).map(|number| {
        let (site, browser) = (&site, &browser);
        async move { site.render(browser, &format!("page-{number}"), html).await }
    });
    for outcome in futures::future::join_all(pages).await {
        let html = dom(outcome).html;
        assert!(html.contains("mounted seen") && html.contains("mounted below"), "{html}");
    }
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn shadow_roots_are_composed_and_frames_inlined() {
    let site = Site::serve(&[("/inner/frame.html", "text/html", "<p>in a frame <a href=x>x</a></p>")]).await;
    let html =
        "<main><my-card><b>slotted</b></my-card><iframe src='/inner/frame.html'></iframe></main><script>
        customElements.define('my-card', class extends HTMLElement {
            connectedCallback() {
                const root = this.attachShadow({ mode: 'open' });
                root.innerHTML = '<style>p { color: red }</style><p>before <slot></slot> after</p>';
            }
        });
        </script>";
    let html = dom(site.render_alone(html).await).html;
    assert!(html.contains("<my-card><p>before <b>slotted</b> after</p></my-card>"), "{html}");
    assert!(html.contains("in a frame"), "{html}");
    assert!(html.contains(&format!("href=\"{}inner/x\"", site.base)), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_visitor_cannot_see_is_marked() {
    let site = Site::serve(&[]).await;
    let html = "<!DOCTYPE html><body><main>
        <p id=a style='display:none'>x</p><p id=b style='visibility:hidden'>x<i style='visibility:visible'>y</i></p>
        <p id=c style='opacity:0'>x</p><p id=d style='font-size:0'>x</p>
        <p id=e style='position:absolute;left:-9999px'>x</p><p id=f style='color:#fff'>x</p>
        <p id=g style='width:1px;height:1px;overflow:hidden'>x</p><p id=h>x</p>
        <p id=i style='background:#000'><span id=j style='color:#fff'>x</span></p>
        <details id=k><summary>s</summary><pre style='overflow:auto'>x</pre></details>
        <p id=l style='color:oklch(1 0 0)'>x</p></main>";
    let html = dom(site.render_alone(html).await).html;
    let marks: BTreeMap<&str, Option<&str>> = html
        .split("id=\"")
        .skip(1)
        .map(|rest| {
            let tag = rest.split('>').next().unwrap();
            (
                &rest[..1],
                tag.split_once("data-skillcrawl-hidden=\"").map(|(_, why)| why.trim_end_matches('"')),
            )
        })
        .collect();
    let marked = |why| Some(why);
    let expected = BTreeMap::from([
        ("a", marked("display")),
        ("b", None),
        ("c", marked("opacity")),
        ("d", marked("size")),
        ("e", marked("offscreen")),
        ("f", marked("colour")),
        ("g", marked("size")),
        ("h", None),
        ("i", None),
        ("j", None),
        ("k", None),
        ("l", marked("colour")),
    ]);
    assert_eq!(marks, expected, "{html}");
    assert!(html.contains("<span data-skillcrawl-hidden=\"visibility\">x</span><i"), "{html}");
    assert!(html.contains("<pre style=\"overflow:auto\">x</pre>"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn scripts_are_left_out_and_fingerprints_stay() {
    let site = Site::serve(&[("/a.js", "text/javascript", "")]).await;
    let html = "<!DOCTYPE html><head><!-- made by a generator --><meta name=generator content=Gen><style>p{}</style>
        <script src=/a.js></script><script>var secret</script></head><main><pre>\n\nx</pre>
        <script type='math/tex'>a<b</script><template>no</template>&lt;&nbsp;<img alt='a\"b'><!-- gone --></main>";
    let html = dom(site.render_alone(html).await).html;
    for holds in [
        "<!DOCTYPE html><html><head><!-- made by a generator --><meta name=\"generator\" content=\"Gen\">",
        "<script src=\"/a.js\"></script>",
        "<pre>\n\nx</pre>",
        "<script type=\"math/tex\">a<b</script>&lt;&nbsp;<img alt=\"a&quot;b\"></main>",
    ] {
        assert!(html.contains(holds), "no `{holds}` in {html}");
    }
    assert!(!html.contains("secret") && !html.contains("p{}"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn dialogs_and_reloads_do_not_hold_a_page() {
    let site = Site::serve(&[]).await;
    check(
        site.render_alone(
            "<main></main><script>alert(1); document.querySelector('main').append('after')</script>",
        )
        .await,
        "after",
    );
    let reloads = "<main>text</main><script>
        if (!sessionStorage.done) { sessionStorage.done = 1; location.reload(); } else document.querySelector('main').append(' again');
        </script>";
    check(site.render_alone(reloads).await, "text again");
    check_failed(
        site.render_alone("<main>x</main><script>location.reload()</script>").await,
        "reloads without end",
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_leads_elsewhere_is_reported_and_nobody_is_asked() {
    let site = Site::serve(&[("/elsewhere", "text/html", "no")]).await;
    let browser = Browser::launch(options(&site)).await.unwrap();
    for (html, to) in [
        ("<script>location.replace('/elsewhere#top')</script>", "elsewhere"),
        ("<meta http-equiv=refresh content='0; url=/elsewhere'><p>moved", "elsewhere"),
        ("<meta http-equiv=refresh content='3; url=/elsewhere'><main>moved", "elsewhere"),
        ("<form action=/elsewhere></form><script>document.forms[0].submit()</script>", "elsewhere?"),
    ] {
        let to = RenderOutcome::Redirect { to: site.url(to) };
        assert_eq!(site.render(&browser, "page", html).await, to, "{html}");
    }
    let stays = "<main></main><script>
        history.pushState(null, '', '/pushed'); location.hash = '#/route';
        document.querySelector('main').append('at ' + location.pathname + location.hash);
        </script>";
    match site.render(&browser, "page", stays).await {
        RenderOutcome::Renamed { to, dom } => {
            assert_eq!(to, site.url("pushed#/route"));
            assert!(dom.html.contains("at /pushed#/route"), "{}", dom.html);
        }
        other => panic!("not renamed: {other:?}"),
    }
    assert_eq!(site.asked(), Vec::<String>::new());
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn routes_of_one_document_are_loaded_afresh() {
    let site = Site::serve(&[]).await;
    let browser = Browser::launch(BrowserOptions { tabs: 1, ..options(&site) }).await.unwrap();
    let html =
        "<main></main><script>document.querySelector('main').append('route ' + location.hash)</script>";
    for route in ["#/one", "#/two"] {
        check(site.render(&browser, route, html).await, &format!("<main>route {route}</main>"));
    }
    browser.close().await;
}

/// Answers every URL with one document, and counts.
struct OneDocument {
    media_type: &'static str,
    html: &'static str,
    asked: Mutex<Vec<String>>,
}

impl Fetcher for OneDocument {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer> {
        self.asked.lock().unwrap().push(request.url.to_string());
        let exchange = Exchange {
            target: request.url.clone(),
            request_headers: Vec::new(),
            status: 200,
            response_headers: vec![("Content-Type".to_owned(), self.media_type.to_owned())],
            body: self.html.as_bytes().to_vec(),
        };
        let fetched_at = "2026-01-01T00:00:00Z".parse().unwrap();
        let fetched =
            Fetched { url: request.url, fetched_at, exchange: Some(exchange), dom: None, twin: None };
        async move { Answer::Page(Box::new(fetched)) }.boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_fetcher_renders_html_and_asks_for_a_shell_once() {
    let site = Site::serve(&[]).await;
    let inner = Arc::new(OneDocument {
        media_type: "text/html; charset=utf-8",
        html: "<main></main><script>
            if (location.hash === '#/moved') location.replace('/new');
            document.querySelector('main').append('route ' + location.hash)</script>",
        asked: Mutex::default(),
    });
    let browser = Browser::launch(options(&site)).await.unwrap();
    let fetcher = BrowserFetcher::new(inner.clone(), browser);
    let fetch = async |path: &str, want: Want| fetcher.fetch(FetchRequest::new(site.url(path), want)).await;
    for route in ["#/one", "#/two"] {
        let Answer::Page(page) = fetch(route, Want::Page).await else { panic!("no page") };
        assert_eq!(page.url, site.url(route));
        assert!(page.dom.unwrap().html.contains(&format!("route {route}")));
        assert_eq!(page.exchange.unwrap().target, site.base);
    }
    let moved = fetch("#/moved", Want::Page).await;
    let Answer::Redirect { to, by: RedirectBy::Page } = moved else { panic!("{moved:?}") };
    assert_eq!(to, site.url("new"));
    let Answer::Page(text) = fetch("robots.txt", Want::Text).await else { panic!("no text") };
    assert_eq!(text.dom, None);
    assert_eq!(*inner.asked.lock().unwrap(), [site.base.to_string(), site.url("robots.txt").to_string()]);
    fetcher.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_text_needs_and_private_hosts_are_never_asked() {
    let site = Site::serve(&[
        ("/ok.js", "text/javascript", "fetched.push('ok')"),
        (
            "/w.js",
            "text/javascript",
            "
        fetch(OWN + '/from-worker').finally(() => fetch(PRIVATE).catch(() => 0).finally(() => postMessage(1)));
        try { new WebSocket(PRIVATE.replace('http', 'ws')); } catch {}",
        ),
    ])
    .await;
    let other = Site::serve(&[]).await;
    let away = other.base.as_str();
    let html = format!(
        "<link rel=icon href=/icon.png><link rel=prefetch href=/next>
        <style>@font-face {{ font-family: f; src: url(/font.woff) }} p {{ font-family: f; background: url(/bg.png) }}</style>
        <main><p>{words}</p><img src=/a.png><img src={away}b.png><video src=/c.mp4 autoplay></video>
        <iframe src={away}frame></iframe><iframe srcdoc=\"<script src='{away}srcdoc.js'></script>\"></iframe>
        <iframe sandbox=allow-scripts srcdoc=\"<script src='{away}sandboxed.js'></script>\"></iframe></main>
        <script>var fetched = []</script><script src=/ok.js></script><script src={away}no.js></script><script>
        fetch('{away}xhr').catch(() => 0); fetch('http://localhost:1/').catch(() => 0);
        navigator.sendBeacon('/beacon', 'x'); new EventSource('/events'); new WebSocket('{ws}');
        window.open('/popup');
        const link = document.createElement('a');
        Object.assign(link, {{ href: '{away}popup', target: '_blank' }}).click();
        const code = `var PRIVATE = '{away}worker', OWN = '${{location.origin}}'; importScripts(OWN + '/w.js')`;
        const worker = new Worker(URL.createObjectURL(new Blob([code])));
        worker.onmessage = () => document.querySelector('main').append('worker done');
        new Worker('/w.js');
        setTimeout(() => document.querySelector('main').append(fetched + ' done'), 300);
        </script>",
        ws = away.replace("http", "ws"),
        words = "words ".repeat(100)
    );
    let html = dom(site.render_alone(&html).await).html;
    assert!(html.contains("ok done") && html.contains("worker done"), "{html}");
    assert_eq!(other.asked(), Vec::<String>::new());
    let mut asked = site.asked();
    asked.sort();
    assert_eq!(asked, ["/from-worker", "/ok.js", "/w.js"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_loop_costs_its_tab_only() {
    let site = Site::serve(&[]).await;
    let options = BrowserOptions { page_timeout: Duration::from_secs(8), ..options(&site) };
    let browser = Browser::launch(options).await.unwrap();
    let endless = site.render(&browser, "endless", "<main>x</main><script>while (true) {}</script>");
    let neighbours = async {
        for number in 0..10 {
            check(site.render(&browser, &format!("n-{number}"), "<main>fine</main>").await, "fine");
        }
    };
    let (endless, ()) = tokio::join!(endless, neighbours);
    check_failed(endless, "page deadline passed");
    check(site.render(&browser, "after", "<main>fine</main>").await, "fine");
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_9_of_chromium_the_page_in_work_and_the_next_one_render() {
    let site = Site::serve(&[("/begun", "text/plain", "")]).await;
    let browser = Browser::launch(options(&site)).await.unwrap();
    check(site.render(&browser, "one", "<main>one</main>").await, "one");
    let first = browser.process_id().await.unwrap();
    let two = "<main></main><script>fetch('/begun').then(() =>
        setTimeout(() => document.querySelector('main').append('two'), 3000))</script>";
    let (rendered, ()) = tokio::join!(site.render(&browser, "two", two), async {
        site.wait_until_asked("/begun", 1).await;
        kill(first);
    });
    check(rendered, "<main>two</main>");
    check(site.render(&browser, "three", "<main>three</main>").await, "three");
    assert_ne!(browser.process_id().await.unwrap(), first);
    browser.close().await;
    assert_eq!(
        site.render(&browser, "four", "").await,
        RenderOutcome::Failed { cause: RenderFailure::Closed }
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_renderer_crashes_twice_fails_at_once() {
    let site = Site::serve(&[("/slow", "text/plain", "")]).await;
    let options = BrowserOptions { tabs: 1, page_timeout: Duration::from_secs(600), ..options(&site) };
    let browser = Browser::launch(options).await.unwrap();
    check(site.render(&browser, "one", "<main>one</main>").await, "one");
    let group = browser.process_id().await.unwrap();
    let since = Instant::now();
    let slow = "/slow?delay=600000";
    let two = format!("<main></main><script>fetch('{slow}')</script>");
    let (rendered, ()) = tokio::join!(site.render(&browser, "two", &two), async {
        for time in 1..=2 {
            site.wait_until_asked(slow, time).await;
            for process in
                processes().iter().filter(|process| process.group == group && process.has("--type=renderer"))
            {
                kill(process.id);
            }
        }
    });
    check_failed(rendered, "renderer crashed");
    assert!(since.elapsed() < Duration::from_secs(120), "long before its deadline");
    check(site.render(&browser, "three", "<main>three</main>").await, "three");
    assert_eq!(browser.process_id().await, Some(group));
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_behind_when_dropped() {
    let site = Site::serve(&[]).await;
    let browser = Browser::launch(options(&site)).await.unwrap();
    check(site.render(&browser, "one", "<main>one</main>").await, "one");
    let (group, profile) = (browser.process_id().await.unwrap(), profile_of(&browser).await);
    assert!(profile.is_dir());
    drop(browser);
    assert_gone(group, &profile);
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_that_share_a_machine_take_turns_and_all_pages_render() {
    let site = Site::serve(&[]).await;
    let machine = Machine::new(MachineLimits { pages: 2, browsers: 1, memory: 2 << 30 });
    let options = || BrowserOptions {
        machine: Some(machine.clone()),
        // Those that have had their pages are replaced meanwhile.
        recycling: Recycling { pages_per_browser: 4, ..Recycling::default() },
        ..options(&site)
    };
    let mut browsers = Vec::new();
    for _ in 0..3 {
        let browser = Browser::launch(options()).await.unwrap();
        assert_eq!(browser.process_id().await, None, "none is started before it has a page");
        browsers.push(browser);
    }
    let host = site.base.authority().host_port().to_owned();
    let running = || {
        let is_ours = |word: &String| word.starts_with("--proxy-bypass-list") && word.ends_with(&host);
        let ours: Vec<Process> =
            processes().into_iter().filter(|process| process.arguments.iter().any(is_ours)).collect();
        // What a browser starts bears its words for a moment, some of it in a group of its own.
        let is_child = |process: &Process| ours.iter().any(|other| other.id == process.parent);
        let first = ours.iter().filter(|process| process.id == process.group && !is_child(process));
        first.map(|process| process.id).collect::<Vec<u32>>()
    };
    let render = async {
        let pages = browsers.iter().enumerate().map(|(number, browser)| {
            let site = &site;
            async move {
                for page in 0..3 {
                    let html = format!("<main>page {page} of {number}</main>");
                    let paths = [format!("{number}-{page}"), format!("{number}-{page}-b")];
                    let (one, other) = tokio::join!(
                        site.render(browser, &paths[0], &html),
                        site.render(browser, &paths[1], &html)
                    );
                    check(one, &html);
                    check(other, &html);
                }
            }
        });
        futures::future::join_all(pages).await;
    };
    let watch = async {
        loop {
            // The table is read line by line, and one may end and the next begin meanwhile: those that are in it twice
            // ran at the same time.
            let mut running_now = tokio::task::block_in_place(running);
            if running_now.len() > 1 {
                let again = tokio::task::block_in_place(running);
                running_now.retain(|process| again.contains(process));
            }
            assert!(running_now.len() <= 1, "{running_now:?} run at a time");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::select! {
        () = render => {}
        () = watch => {}
    }
    for browser in &browsers {
        browser.close().await;
    }
    assert_eq!(running(), [] as [u32; 0]);
}

fn kill(process: u32) {
    let process = rustix::process::Pid::from_raw(process.try_into().unwrap()).unwrap();
    // A spare renderer may have ended by itself meanwhile.
    let _ = rustix::process::kill_process(process, rustix::process::Signal::KILL);
}

/// The folder that holds the browser's profile, from its command line.
async fn profile_of(browser: &Browser) -> PathBuf {
    let id = browser.process_id().await.unwrap();
    let process = processes().into_iter().find(|process| process.id == id).unwrap();
    let profile = process.arguments.iter().find_map(|word| word.strip_prefix("--user-data-dir=")).unwrap();
    Path::new(profile).parent().unwrap().to_owned()
}

#[track_caller]
fn assert_gone(group: u32, profile: &Path) {
    let since = Instant::now();
    loop {
        let left: Vec<Process> = processes()
            .into_iter()
            .filter(|process| {
                process.group == group
                    || process.arguments.iter().any(|word| word.contains(profile.to_str().unwrap()))
            })
            .collect();
        if left.is_empty() && !profile.exists() {
            return;
        }
        assert!(since.elapsed() < Duration::from_secs(20), "left: {left:?}, profile: {}", profile.exists());
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[derive(Debug)]
struct Process {
    id: u32,
    parent: u32,
    group: u32,
    arguments: Vec<String>,
}

impl Process {
    fn has(&self, argument: &str) -> bool {
        self.arguments.iter().any(|word| word == argument)
    }
}

/// Every process that lives; the dead that wait to be reaped are not there any more.
fn processes() -> Vec<Process> {
    let listing =
        std::process::Command::new("ps").args(["-eo", "pid=,ppid=,pgid=,stat=,args="]).output().unwrap();
    String::from_utf8_lossy(&listing.stdout)
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            let mut number = || words.next()?.parse().ok();
            let (id, parent, group) = (number()?, number()?, number()?);
            let lives = !words.next()?.starts_with('Z');
            lives.then(|| Process { id, parent, group, arguments: words.map(str::to_owned).collect() })
        })
        .collect()
}
