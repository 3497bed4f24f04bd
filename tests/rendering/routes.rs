//! Which pages there are: small applications of our own, crawled to their end, must give exactly the pages that they have.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use skillcrawl::fetch::browser::{Browser, RenderOutcome};

use crate::rendered_site::{RenderedSite, dom};
use crate::sandbox::Sandbox;
use crate::server::{Canned, Site, SiteServer};

/// Crawls a site and returns the addresses of its pages below the root, sorted.
fn pages_of(server: &SiteServer, base: &str, render: &str) -> BTreeSet<String> {
    let sandbox = Sandbox::new();
    let config = json!({"name": "docs", "base_url": server.url(base), "rate_limit": 0, "render": render});
    sandbox.config("docs", &config);
    let run = sandbox.run_with_browser(&["build", "docs", "--json"]).expect_code(0);
    let provenance: Value = serde_json::from_str(&sandbox.read("output/docs/skill.json")).unwrap();
    let root = server.url("");
    let urls: Vec<String> = provenance["pages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|page| page["url"].as_str().unwrap().trim_start_matches(&root).to_owned())
        .collect();
    let distinct: BTreeSet<String> = urls.iter().cloned().collect();
    assert_eq!(urls.len(), distinct.len(), "{urls:?}\n{}", run.stderr);
    distinct
}

/// The pages of the application below, each with text of its own.
const PAGES: [&str; 17] = [
    "/start",
    "/guide",
    "/guide/deep",
    "/by-data",
    "/by-click",
    "/by-location",
    "/from-shadow",
    "/from-frame",
    "/from-area",
    "/from-next",
    "/blank",
    "/pushed",
    "/docs?a=one.md",
    "/docs?a=two.md",
    "/base/relative",
    "/unknown",
    "/api",
];

/// An application whose router uses the history of the browser. Every document is the same; what it shows, it decides by
/// its address.
const APPLICATION: &str = r##"
    const base = document.createElement('base');
    base.href = '/base/';
    document.head.append(base);
    const next = document.createElement('link');
    next.rel = 'next'; next.href = '/from-next';
    document.head.append(next);

    customElements.define('side-menu', class extends HTMLElement {
        connectedCallback() {
            this.attachShadow({ mode: 'open' }).innerHTML = `<nav><a href="/from-shadow">From shadow</a>
                <ul style="display:none"><li><a href="/guide/deep">Deep</a></ul></nav>`;
        }
    });

    // Old names and the root lead on, by themselves.
    const moved = { '/': '/start', '/old': '/guide', '/made-up': '/unknown' }[location.pathname];
    if (moved) history[location.pathname === '/old' ? 'pushState' : 'replaceState'](null, '', moved);
    // This only remembers what is open.
    if (location.pathname === '/guide') history.replaceState(null, '', '/guide?tab=two#section');

    const name = location.pathname + (location.pathname === '/docs' ? location.search : '');
    const text = `This page is called ${name.replace(/\W+/g, ' ')} and says so, ${name}, at some length: `;
    const start = `
        <p><a href="/guide#section">Guide</a> <a href="/guide/">again</a> <a href="/start#top">Top</a> <a href="/old">Old</a>
        <a href="/blank" target="_blank">Blank</a> <a href="/made-up">Made up</a> <a href="relative">Relative</a>
        <a href="/docs?a=one.md">One</a> <a href="/docs?a=two.md#part">Two</a> <a href="/api">API</a>
        <a href="mailto:a@b.example">Mail</a> <a href="javascript:void(0)">Nothing</a></p>
        <button data-href="/by-data">By data</button>
        <div onclick="location.href='/by-click'">By click</div>
        <div onclick="window.location.assign('/by-location')">By location</div>
        <div onclick="location.href='/not-' + this.id">Computed</div>
        <map name="m"><area href="/from-area" alt="Area"></map>
        <iframe srcdoc='<p>A frame <a href="/from-frame">from frame</a></p>'></iframe>`;
    const sections = [1, 2, 3].map((number) => `<h2 id="s${number}" style="margin-top:2000px">Section ${number}</h2>`).join('');
    setTimeout(() => {
        document.body.innerHTML = `<side-menu></side-menu><main><h1>${name}</h1><p>${text.repeat(4)}</p>
            ${name === '/start' ? start : ''}${name === '/api' ? sections : ''}</main>`;
        if (name === '/start') {
            // A menu that is there only after its data came, and whose links the router takes over.
            fetch('/menu.json').then((answer) => answer.json()).then((paths) => setTimeout(() => {
                for (const path of paths) {
                    const link = document.createElement('a');
                    link.href = path; link.textContent = path;
                    link.onclick = (event) => { event.preventDefault(); history.pushState(null, '', path); };
                    document.querySelector('main').append(link);
                }
            }, 400));
        }
        if (name === '/api') {
            // The address follows the scrolling.
            const spy = new IntersectionObserver((entries) => entries.forEach((entry) => {
                if (entry.isIntersecting) history.replaceState(null, '', `/api/${entry.target.id}`);
            }));
            document.querySelectorAll('h2').forEach((heading) => spy.observe(heading));
        }
    }, 50);
    "##;

#[test]
fn an_application_that_routes_by_history_gives_each_of_its_pages_once() {
    let shell = "<!DOCTYPE html><html><head><title>App</title></head><body><script src='/app.js'></script></body></html>";
    let script =
        Canned { headers: vec![("content-type", "text/javascript".into())], ..Canned::text(APPLICATION) };
    let mut site = Site::default()
        .with("/app.js", script)
        .with("/menu.json", Canned::text("[\"/pushed\", \"/start\"]"))
        .with("/", Canned::html(shell));
    for path in
        PAGES.iter().chain(&["/old", "/made-up", "/guide/", "/not-"]).filter(|path| **path != "/unknown")
    {
        site = site.with(path, Canned::html(shell));
    }
    let expected: BTreeSet<String> = PAGES.iter().map(|path| (*path).to_owned()).collect();
    for render in ["always", "auto"] {
        let server = SiteServer::start(site.clone());
        assert_eq!(pages_of(&server, "/", render), expected, "{render}");
        assert_eq!(server.count("/start"), 1);
        assert_eq!(server.count("/guide") + server.count("/guide/"), 1);
    }
}

#[test]
fn an_application_that_routes_by_hash_gives_each_of_its_pages_once() {
    let shell = r##"<!DOCTYPE html><html><head><title>App</title></head><body><div id="app">Loading…</div><script>
        const draw = () => {
            const route = location.hash.replace(/^#!?/, '').split(/[?#]/)[0];
            if (route === '' || route === '/') return location.replace('#/intro');
            document.getElementById('app').innerHTML = `<main><h1>Page ${route}</h1>
                <p>${`The page ${route} has these words. `.repeat(9)}</p></main>
                <aside><a href="#/intro">Intro</a><a href="#/one">One</a><a href="#/one?id=part">Part</a>
                <a href="#/one#part">Part</a><a href="#!/two">Two</a><a href="#part">Part</a><a href="#!">Nothing</a>
                <a href="#/three?lang=de">Three</a></aside>`;
        };
        addEventListener('hashchange', draw);
        fetch('/config.json').finally(() => setTimeout(draw, 300));
        </script></body></html>"##;
    let site = Site::default().with("/app/", Canned::html(shell)).with("/config.json", Canned::text("{}"));
    let expected = ["/app/#/intro", "/app/#/one", "/app/#!/two", "/app/#/three?lang=de"];
    for render in ["always", "auto"] {
        let server = SiteServer::start(site.clone());
        assert_eq!(pages_of(&server, "/app/", render), expected.map(str::to_owned).into(), "{render}");
        assert_eq!(server.count("/app/"), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_calls_itself_another_is_reported_under_that_name() {
    let site = RenderedSite::serve(&[]).await;
    let browser = Browser::launch(site.options()).await.unwrap();
    let text = "words ".repeat(60);
    let named = |script: &str| {
        format!("<main>{text}</main><script>history.replaceState(null, '', {script})</script>")
    };
    for (path, script, to) in [
        ("docs", "'/docs/intro'", Some("docs/intro")),
        ("docs", "'/docs/'", None),
        ("docs", "'/docs?tab=x#part'", None),
        ("app", "'#/intro'", Some("app#/intro")),
        ("app#/intro", "'#/intro?id=part'", None),
    ] {
        let outcome = site.render(&browser, path, &named(script)).await;
        match to {
            None => assert!(dom(outcome).settled, "{path} {script}"),
            Some(expected) => {
                let RenderOutcome::Renamed { to, dom } = outcome else {
                    panic!("{path} {script}: {outcome:?}")
                };
                assert_eq!(to, site.url(expected), "{path} {script}");
                assert!(dom.html.contains("words"));
            }
        }
    }
    browser.close().await;
}
