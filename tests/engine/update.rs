//! Asking what changed since a site was crawled.

use std::sync::Mutex;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use skillcrawl::config::{Discover, RenderMode, SiteConfig};
use skillcrawl::fetch::{Answer, FetchRequest, Fetcher, Want};
use skillcrawl::fetched::{Dom, Exchange, Fetched};
use skillcrawl::frontier::{Frontier, HostClocks, Kind};
use tempfile::TempDir;

use crate::support::{Archive, Run, Script, ScriptedFetcher, config, links, run, text, update};

const BASE: &str = "https://d.example/docs/";

fn tagged(etag: &'static str, targets: &[&str]) -> Script {
    let Script::Page(body) = links(targets) else { unreachable!() };
    Script::Tagged(etag, body)
}

fn site(pages: &[(&str, Script)]) -> ScriptedFetcher {
    let pages: Vec<(String, Script)> =
        pages.iter().map(|(path, script)| (format!("https://d.example{path}"), script.clone())).collect();
    let pages: Vec<(&str, Script)> =
        pages.iter().map(|(url, script)| (url.as_str(), script.clone())).collect();
    ScriptedFetcher::new(&pages)
}

/// A crawled site, and what an update of its next form brings.
struct Crawled {
    folder: TempDir,
    archive: Archive,
    config: SiteConfig,
}

impl Crawled {
    async fn new(config: SiteConfig, pages: &[(&str, Script)]) -> Self {
        let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
        run(folder.path(), &config, &site(pages), &archive).await.result.unwrap();
        Self { folder, archive, config }
    }

    async fn update(&self, fetcher: &dyn Fetcher) -> Run {
        update(self.folder.path(), &self.config, fetcher, &self.archive).await
    }

    /// As the command line does once all is written.
    fn end(&self) {
        let mut frontier = Frontier::open(self.folder.path(), &self.config, HostClocks::default()).unwrap();
        frontier.end_update().unwrap();
    }
}

fn paths(fetcher: &ScriptedFetcher) -> Vec<String> {
    let mut paths: Vec<String> =
        fetcher.asked().iter().map(|url| url.trim_start_matches("https://d.example").to_owned()).collect();
    paths.sort();
    paths
}

#[tokio::test(start_paused = true)]
async fn what_did_not_change_costs_one_conditional_request_a_page() {
    let pages = [
        ("/robots.txt", Script::Tagged("\"r\"", "User-agent: *\nDisallow: /docs/x\n".to_owned())),
        ("/docs/", tagged("\"1\"", &["a", "b"])),
        ("/docs/a", tagged("\"2\"", &["gone"])),
        ("/docs/b", text("without validators")),
    ];
    let crawled = Crawled::new(config(BASE), &pages).await;
    let recorded = crawled.archive.captures.lock().unwrap().len();
    let fetcher = site(&pages);
    let run = crawled.update(&fetcher).await;
    assert_eq!(paths(&fetcher), ["/docs/", "/docs/a", "/docs/b", "/robots.txt"]);
    assert_eq!(*crawled.archive.not_modified.lock().unwrap(), ["/robots.txt", "/docs/", "/docs/a"]);
    assert_eq!(crawled.archive.captures.lock().unwrap().len(), recorded, "nothing is recorded anew");
    assert_eq!((run.checks.unchanged, run.checks.recorded, run.checks.due), (3, 0, 0));
    assert_eq!(run.summary().counts.kept, 3);
}

#[tokio::test(start_paused = true)]
async fn changed_pages_are_recorded_and_followed() {
    let crawled = Crawled::new(
        config(BASE),
        &[("/docs/", tagged("\"1\"", &["a", "was-missing"])), ("/docs/a", tagged("\"2\"", &[]))],
    )
    .await;
    let fetcher = site(&[
        ("/docs/", tagged("\"1b\"", &["a", "new", "was-missing"])),
        ("/docs/a", tagged("\"2\"", &[])),
        ("/docs/new", tagged("\"3\"", &[])),
        ("/docs/was-missing", tagged("\"4\"", &[])),
    ]);
    let run = crawled.update(&fetcher).await;
    assert_eq!(crawled.archive.paths(), ["/docs/", "/docs/", "/docs/a", "/docs/new", "/docs/was-missing"]);
    assert_eq!((run.checks.unchanged, run.checks.recorded), (1, 1));
    assert_eq!(run.summary().counts.kept, 4);
}

#[tokio::test(start_paused = true)]
async fn pages_end_by_the_servers_word_only() {
    let paths = ["gone", "moved", "pdf", "forbidden", "broken", "away"];
    let mut pages = vec![("/docs/", links(&paths))];
    let addresses = paths.map(|path| format!("/docs/{path}"));
    pages.extend(addresses.iter().map(|path| (path.as_str(), text("text"))));
    let crawled = Crawled::new(config(BASE), &pages).await;
    let fetcher = site(&[
        ("/docs/", links(&paths)),
        ("/docs/gone", Script::Refused(410)),
        ("/docs/moved", Script::Redirect("target")),
        ("/docs/target", text("text")),
        ("/docs/pdf", Script::NotAPage),
        ("/docs/forbidden", Script::Refused(403)),
        ("/docs/broken", Script::Fails),
        ("/docs/away", Script::Redirect("https://elsewhere.example/")),
    ]);
    let run = crawled.update(&fetcher).await;
    let mut gone = crawled.archive.gone.lock().unwrap().clone();
    gone.sort();
    let expected = [
        "/docs/away out_of_scope",
        "/docs/gone http_status",
        "/docs/moved redirected",
        "/docs/pdf not_a_page",
    ];
    assert_eq!(gone, expected);
    assert_eq!(crawled.archive.paths(), ["/docs/", "/docs/broken", "/docs/forbidden", "/docs/target"]);
    let failed: Vec<(&str, u64)> =
        run.checks.failed.iter().map(|(cause, count)| (cause.as_str(), *count)).collect();
    assert_eq!(failed, [("HTTP 403", 1), ("connection lost", 1)]);
    assert_eq!(run.summary().counts.kept, 4);
}

#[tokio::test(start_paused = true)]
async fn pages_that_change_places_are_both_kept() {
    let crawled = Crawled::new(
        config(BASE),
        &[("/docs/", links(&["a", "b"])), ("/docs/a", Script::Redirect("b")), ("/docs/b", text("B"))],
    )
    .await;
    assert_eq!(crawled.archive.paths(), ["/docs/", "/docs/b"]);
    let fetcher =
        site(&[("/docs/", links(&["a", "b"])), ("/docs/a", text("B")), ("/docs/b", Script::Redirect("a"))]);
    crawled.update(&fetcher).await.result.unwrap();
    assert_eq!(crawled.archive.paths(), ["/docs/", "/docs/a"]);
}

#[tokio::test(start_paused = true)]
async fn a_redirect_without_end_leaves_the_record_alone() {
    let crawled = Crawled::new(config(BASE), &[("/docs/", links(&["a"])), ("/docs/a", text("A"))]).await;
    // The slash comes and goes.
    let fetcher = site(&[
        ("/docs/", links(&["a"])),
        ("/docs/a", Script::Redirect("/docs/a/")),
        ("/docs/a/", Script::Redirect("/docs/a")),
    ]);
    let run = crawled.update(&fetcher).await;
    assert_eq!(run.checks.failed.keys().collect::<Vec<_>>(), ["redirect loop"]);
    assert_eq!(crawled.archive.paths(), ["/docs/", "/docs/a"]);
}

#[tokio::test(start_paused = true)]
async fn robots_that_refuse_end_a_page_and_robots_that_fail_do_not() {
    let robots = |rules: &str| ("/robots.txt", text(rules));
    let pages = [("/docs/", links(&["a"])), ("/docs/a", text("A"))];
    let with = |robots: (&'static str, Script)| [vec![robots], pages.to_vec()].concat();
    let crawled = Crawled::new(config(BASE), &with(robots("User-agent: *\nAllow: /\n"))).await;

    let fetcher = site(&with(("/robots.txt", Script::Fails)));
    let run = crawled.update(&fetcher).await;
    assert_eq!(crawled.archive.paths(), ["/docs/", "/docs/a"]);
    assert_eq!(run.checks.failed.values().sum::<u64>(), 2, "{:?}", run.checks);
    crawled.end();

    let fetcher = site(&with(robots("User-agent: *\nDisallow: /docs/a\n")));
    let run = crawled.update(&fetcher).await;
    assert_eq!(crawled.archive.paths(), ["/docs/"]);
    assert_eq!(*crawled.archive.gone.lock().unwrap(), ["/docs/a robots_disallow"]);
    assert_eq!(run.summary().counts.kept, 1);
}

#[tokio::test(start_paused = true)]
async fn a_sitemap_spares_what_it_says_to_be_old() {
    let entry = |path: &str, lastmod: &str| {
        format!("<url><loc>https://d.example/docs/{path}</loc><lastmod>{lastmod}</lastmod></url>")
    };
    let sitemap = |of_b: &str| {
        format!(
            "<urlset>{}{}{}</urlset>",
            entry("", "2020-01-01"),
            entry("a", "2020-01-01"),
            entry("b", of_b)
        )
    };
    let mut config = config(BASE);
    config.scope.discover = Discover { sitemap: true, ..config.scope.discover };
    let pages = |sitemap: Script| {
        [
            ("/robots.txt", text("Sitemap: https://d.example/sitemap.xml")),
            ("/sitemap.xml", sitemap),
            ("/docs/", text("home")),
            ("/docs/a", text("A")),
            ("/docs/b", text("B")),
        ]
    };
    let old = Script::Tagged("\"s\"", sitemap("2020-01-01"));
    let crawled = Crawled::new(config, &pages(old.clone())).await;
    assert_eq!(crawled.archive.paths().len(), 3);

    let fetcher = site(&pages(old));
    let run = crawled.update(&fetcher).await;
    assert_eq!(paths(&fetcher), ["/robots.txt", "/sitemap.xml"]);
    assert_eq!((run.checks.spared, run.checks.unchanged), (3, 0));
    assert_eq!(*crawled.archive.not_modified.lock().unwrap(), ["/sitemap.xml"]);
    crawled.end();

    let tomorrow = Timestamp::now() + jiff::SignedDuration::from_hours(24);
    let fetcher = site(&pages(Script::Tagged("\"t\"", sitemap(&tomorrow.to_string()))));
    crawled.update(&fetcher).await.result.unwrap();
    assert_eq!(paths(&fetcher), ["/docs/b", "/robots.txt", "/sitemap.xml"]);
}

#[tokio::test(start_paused = true)]
async fn a_killed_update_goes_on_with_what_it_has_not_asked() {
    let targets: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
    let addresses: Vec<String> = targets.iter().map(|target| format!("/docs/{target}")).collect();
    let pages = |etag: &'static str| {
        let mut pages = vec![("/docs/", tagged("\"home\"", &targets))];
        pages.extend(addresses.iter().enumerate().map(|(number, path)| {
            let etag = if number % 3 == 0 { etag } else { "\"same\"" };
            (path.as_str(), Script::Tagged(etag, etag.to_owned()))
        }));
        pages
    };
    let crawled = Crawled::new(config(BASE), &pages("\"old\"")).await;
    let fetcher = site(&pages("\"new\""));
    for kill in [350, 250, 150] {
        let update = crawled.update(&fetcher);
        let _ = tokio::time::timeout(Duration::from_millis(kill), update).await;
    }
    // A crawl that comes in between goes on with it as well.
    let run = run(crawled.folder.path(), &crawled.config, &fetcher, &crawled.archive).await;
    assert_eq!(run.checks.due, 0);
    assert_eq!((run.checks.recorded, run.checks.unchanged), (7, 14));
    let answered = crawled.archive.not_modified.lock().unwrap().clone();
    for path in &answered {
        assert_eq!(answered.iter().filter(|other| *other == path).count(), 1, "{path} was asked again");
    }
    let captures = crawled.archive.captures.lock().unwrap();
    let new = captures.iter().filter(|page| page.exchange.as_ref().unwrap().body == b"\"new\"").count();
    assert_eq!(new, 7, "every changed page is recorded once");
}

#[tokio::test(start_paused = true)]
async fn max_pages_holds_in_an_update_and_makes_room_for_what_is_new() {
    let mut config = config(BASE);
    config.scope.max_pages = Some(3);
    let pages = [
        ("/docs/", links(&["a", "b", "c"])),
        ("/docs/a", text("A")),
        ("/docs/b", text("B")),
        ("/docs/c", text("C")),
    ];
    let crawled = Crawled::new(config, &pages).await;
    assert_eq!(crawled.archive.paths(), ["/docs/", "/docs/a", "/docs/b"]);
    let fetcher = site(&[pages[0].clone(), pages[2].clone(), pages[3].clone()]);
    let run = crawled.update(&fetcher).await;
    assert_eq!(crawled.archive.paths(), ["/docs/", "/docs/b", "/docs/c"]);
    assert_eq!(run.summary().counts.kept, 3);
}

/// A site of one shell whose content is data that a script loads.
struct Application {
    data: &'static str,
    rendered: Mutex<usize>,
    asked: Mutex<Vec<bool>>,
}

impl Application {
    fn showing(data: &'static str) -> Self {
        Self { data, rendered: Mutex::default(), asked: Mutex::default() }
    }
}

impl Fetcher for Application {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer> {
        async move {
            if request.want == Want::Text {
                return Answer::Refused { status: 404 };
            }
            let known = request.validators.is_some();
            self.asked.lock().unwrap().push(known);
            let page = Fetched {
                url: request.url.clone(),
                fetched_at: Timestamp::UNIX_EPOCH,
                exchange: Some(Exchange {
                    target: request.url.document(),
                    request_headers: vec![],
                    status: if known { 304 } else { 200 },
                    response_headers: vec![("etag".to_owned(), "\"shell\"".to_owned())],
                    body: if known { vec![] } else { b"<div id=app></div>".to_vec() },
                }),
                dom: None,
                twin: None,
            };
            if known { Answer::NotModified(Box::new(page)) } else { self.render(Box::new(page)).await }
        }
        .boxed()
    }

    fn render(&self, mut fetched: Box<Fetched>) -> BoxFuture<'_, Answer> {
        *self.rendered.lock().unwrap() += 1;
        let html = self.data.to_owned();
        fetched.dom = Some(Dom { html, settled: true, loaded: vec![], routed: false });
        futures::future::ready(Answer::Page(fetched)).boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }
}

#[tokio::test(start_paused = true)]
async fn what_only_the_browser_shows_is_rendered_though_its_shell_is_the_same() {
    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let mut config = config(BASE);
    config.fetch.render = RenderMode::Always;
    run(folder.path(), &config, &Application::showing("one"), &archive).await.result.unwrap();

    let fetcher = Application::showing("two");
    let run = update(folder.path(), &config, &fetcher, &archive).await;
    assert_eq!(*fetcher.asked.lock().unwrap(), [true], "the document itself is asked for by its validators");
    assert_eq!((*fetcher.rendered.lock().unwrap(), run.checks.recorded), (1, 1));
    let last = archive.captures.lock().unwrap().last().unwrap().clone();
    assert_eq!(last.dom.unwrap().html, "two");
    assert_eq!(last.exchange.unwrap().body, b"<div id=app></div>");

    let mut frontier = Frontier::open(folder.path(), &config, HostClocks::default()).unwrap();
    frontier.end_update().unwrap();
    drop(frontier);
    let run = update(folder.path(), &config, &Application::showing("two"), &archive).await;
    assert_eq!((run.checks.recorded, run.checks.unchanged), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_listing_that_changed_brings_its_new_pages() {
    let mut config = config(BASE);
    config.scope.discover = Discover { llms_txt: true, ..config.scope.discover };
    let crawled = Crawled::new(
        config,
        &[
            ("/docs/", text("home")),
            ("/docs/llms.txt", text("- [A](https://d.example/docs/a)")),
            ("/docs/a", text("A")),
        ],
    )
    .await;
    let fetcher = site(&[
        ("/docs/", text("home")),
        ("/docs/llms.txt", text("- [A](https://d.example/docs/a)\n- [B](https://d.example/docs/b)")),
        ("/docs/a", text("A")),
        ("/docs/b", text("B")),
    ]);
    let run = crawled.update(&fetcher).await;
    assert_eq!(crawled.archive.paths(), ["/docs/", "/docs/a", "/docs/b"]);
    assert!(run.report.iter().any(|line| line.kind == Kind::LlmsTxt && line.outcome == "done"));
}
