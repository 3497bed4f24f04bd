//! The whole loop against a loopback server; what counts is the server's own log.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use skillcrawl::config::SiteConfig;
use skillcrawl::crawl::{Crawl, PageLinks, Recorder, crawl};
use skillcrawl::fetch::http::HttpFetcher;
use skillcrawl::fetched::{Exchange, Fetched};
use skillcrawl::frontier::{Frontier, HostClocks, KnownPage, Outcome};
use skillcrawl::url::CanonicalUrl;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::support::{Archive, Reply, Run, Server, config, gzip, outlinks, run};

async fn crawl_once(config: &SiteConfig) -> (Run, Archive) {
    let archive = Archive::default();
    let fetcher = http(config);
    (run(TempDir::new().unwrap().path(), config, &fetcher, &archive).await, archive)
}

fn http(config: &SiteConfig) -> HttpFetcher {
    let site = config.scope.base_url.authority();
    HttpFetcher::new(site, &config.politeness.user_agent, config.fetch.page_timeout).unwrap()
}

#[tokio::test]
async fn a_site_is_crawled_politely() {
    let server = Server::start(|path, _| match path {
        "/robots.txt" => Reply::text("User-agent: *\nDisallow: /docs/private\nSitemap: /docs/map.xml\n"),
        "/docs/map.xml" => Reply::of(200, &[("content-type", "application/xml")], ""),
        "/docs/" => {
            Reply::html("<a href=\"a\"><a href=\"b\"><a href=\"private\"><a href=\"out\"><a href=\"in\">")
        }
        "/docs/out" => Reply::redirect("http://127.0.0.2:9/secret"),
        "/docs/in" => Reply::redirect("/docs/a/"),
        "/docs/a" | "/docs/b" => Reply::html("<p>x"),
        _ => Reply::of(404, &[], ""),
    })
    .await;
    let mut config = config(&format!("{}/docs/", server.base));
    config.politeness.delay = Duration::from_millis(120);
    config.scope.discover.sitemap = true;
    let started = Instant::now();
    let (run, archive) = crawl_once(&config).await;
    assert_eq!(archive.paths(), ["/docs/", "/docs/a", "/docs/b"]);
    let mut asked = server.paths();
    assert_eq!(asked.first().map(String::as_str), Some("/robots.txt"), "before the first page");
    asked.sort();
    assert_eq!(
        asked,
        ["/docs/", "/docs/a", "/docs/b", "/docs/in", "/docs/map.xml", "/docs/out", "/robots.txt"]
    );
    // The server sees arrivals, and on a busy machine one may be late and the next in time; but the nth request never
    // arrives before n delays have passed. Gap by gap, paused time proves it.
    for (n, at) in (0_u32..).zip(server.times()) {
        assert!(at - started >= config.politeness.delay * n, "request {n} after {:?}", at - started);
    }
    assert_eq!(run.summary().tally.skipped.get("out_of_scope"), Some(&1));
    assert_eq!(run.summary().tally.skipped.get("robots_disallow"), Some(&1));
}

#[tokio::test]
async fn a_packed_sitemap_is_read() {
    let base: Arc<OnceLock<String>> = Arc::default();
    let known = base.clone();
    let server = Server::start(move |path, _| match path {
        "/robots.txt" => Reply::text("Sitemap: /map.xml.gz"),
        "/map.xml.gz" => {
            let map = format!("<urlset><url><loc>{}/a</loc></url></urlset>", known.get().unwrap());
            Reply::of(200, &[("content-type", "application/gzip")], gzip(&map))
        }
        _ => Reply::html("<p>x"),
    })
    .await;
    base.set(server.base.clone()).unwrap();
    let mut config = config(&server.base);
    config.scope.discover.sitemap = true;
    let (_, archive) = crawl_once(&config).await;
    assert_eq!(archive.paths(), ["/", "/a"]);
}

#[tokio::test]
async fn retry_after_is_heeded() {
    let server = Server::start(|path, before| match (path, before) {
        ("/robots.txt", _) => Reply::of(404, &[], ""),
        ("/", _) => Reply::html("<a href=\"busy\">"),
        ("/busy", 0) => Reply::of(429, &[("retry-after", "2")], ""),
        ("/busy", _) => Reply::html("<a href=\"after\">"),
        _ => Reply::html("<p>x"),
    })
    .await;
    let (run, _) = crawl_once(&config(&server.base)).await;
    assert_eq!(run.summary().counts.kept, 3);
    assert_eq!(server.paths(), ["/robots.txt", "/", "/busy", "/busy", "/after"]);
    let times = server.times();
    assert!(times[3] - times[2] >= Duration::from_secs(2));
}

#[tokio::test]
async fn an_unreachable_robots_txt_closes_the_site() {
    let server = Server::start(|path, _| match path {
        "/robots.txt" => Reply::of(503, &[], ""),
        _ => Reply::html("<p>x"),
    })
    .await;
    let mut config = config(&server.base);
    config.fetch.retries = 1;
    let (run, archive) = crawl_once(&config).await;
    assert_eq!(server.paths(), ["/robots.txt", "/robots.txt"]);
    assert!(archive.paths().is_empty());
    assert!(run.result.unwrap_err().to_string().ends_with("could not be reached: robots.txt: HTTP 503"));
}

const PAGES: usize = 60;

/// A record a line, written and known to the system before the page counts as recorded.
struct FileArchive(fs::File);

impl Recorder for FileArchive {
    fn record_page(&mut self, page: &Fetched, outlinks: &[CanonicalUrl]) -> io::Result<()> {
        let links: Vec<&str> = outlinks.iter().map(CanonicalUrl::as_str).collect();
        self.0.write_all(format!("{} {}\n", page.url, links.join(" ")).as_bytes())
    }

    fn record_gone(&mut self, _url: &CanonicalUrl, _outcome: &Outcome, _at: Timestamp) -> io::Result<()> {
        Ok(())
    }

    fn record_exchange(&mut self, _exchange: &Exchange, _at: Timestamp) -> io::Result<()> {
        Ok(())
    }
}

fn recorded(file: &Path) -> Vec<KnownPage> {
    let text = fs::read_to_string(file).unwrap_or_default();
    let page = |line: &str| {
        let mut urls = line.split_whitespace().map(|text| CanonicalUrl::parse(text).unwrap());
        Some(KnownPage { url: urls.next()?, form: None, outlinks: urls.collect(), fetched_at: None })
    };
    text.split_inclusive('\n').filter(|line| line.ends_with('\n')).filter_map(page).collect()
}

/// The process that is killed: crawls the server of [`killed_and_resumed`]. By itself it has nothing to do.
#[tokio::test]
async fn child_of_killed_and_resumed() {
    let Ok(base) = std::env::var("SKILLCRAWL_TEST_BASE") else { return };
    let folder = PathBuf::from(std::env::var("SKILLCRAWL_TEST_FOLDER").unwrap());
    let mut config = config(&base);
    config.politeness.delay = Duration::from_millis(5);
    let hosts = HostClocks::default();
    let mut frontier = Frontier::open(&folder, &config, hosts).unwrap();
    let file = folder.join("archive");
    let recorded = recorded(&file);
    let mut recorder = FileArchive(fs::File::options().create(true).append(true).open(&file).unwrap());
    let job = Crawl {
        config: &config,
        fetcher: &http(&config),
        recorder: &mut recorder,
        recorded,
        outlinks: &|page| PageLinks::plain(outlinks(page)),
        is_same: &|_, _| false,
        events: &|_| {},
        stop: CancellationToken::new(),
    };
    crawl(job, &mut frontier).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_and_resumed() {
    // The server answers so many pages and then falls silent, so that no child comes to its end before it is killed,
    // however late it is.
    let (answered, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (counted, limit) = (Arc::clone(&answered), Arc::clone(&most));
    let server = Server::start(move |path, _| match path.trim_start_matches('/').parse::<usize>() {
        Ok(n) if n < PAGES => {
            let page = format!("<a href=\"/{}\"><a href=\"/{}\">", 2 * n + 1, 2 * n + 2);
            let is_silent = counted.fetch_add(1, Ordering::SeqCst) >= limit.load(Ordering::SeqCst);
            let after = if is_silent { Duration::from_secs(3600) } else { Duration::from_millis(10) };
            Reply { after, ..Reply::html(&page) }
        }
        _ if path == "/" => Reply::html("<a href=\"/0\">"),
        _ => Reply::of(404, &[], ""),
    })
    .await;
    let folder = TempDir::new().unwrap();
    let archive = folder.path().join("archive");
    let child = || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "loopback::child_of_killed_and_resumed"])
            .env("SKILLCRAWL_TEST_BASE", &server.base)
            .env("SKILLCRAWL_TEST_FOLDER", folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap()
    };
    let (mut recorded_at_kill, mut asked_after) = (Vec::new(), Vec::new());
    for goal in [3, 14, 27, 40] {
        // Some more than the goal, so that it is in the middle of its work when it is killed in time.
        let missing = goal + 8 - recorded(&archive).len();
        most.store(answered.load(Ordering::SeqCst) + missing, Ordering::SeqCst);
        let mut process = child();
        while recorded(&archive).len() < goal {
            assert!(process.try_wait().unwrap().is_none(), "it ended before it could be killed");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        process.kill().unwrap();
        process.wait().unwrap();
        recorded_at_kill.push(recorded(&archive));
        asked_after.push(server.paths().len());
    }
    most.store(usize::MAX, Ordering::SeqCst);
    let mut last = child();
    let status = tokio::task::spawn_blocking(move || last.wait().unwrap()).await.unwrap();
    assert!(status.success());

    let pages: Vec<String> = recorded(&archive).iter().map(|page| page.url.path().to_owned()).collect();
    let expected: BTreeSet<String> = (0..PAGES).map(|n| format!("/{n}")).chain(["/".to_owned()]).collect();
    assert_eq!(pages.len(), expected.len(), "nothing twice");
    assert_eq!(pages.into_iter().collect::<BTreeSet<_>>(), expected, "nothing lost");
    let asked = server.paths();
    for (recorded, asked_before) in recorded_at_kill.iter().zip(asked_after) {
        for page in recorded {
            assert!(!asked[asked_before..].contains(&page.url.path().to_owned()), "{} again", page.url);
        }
    }
}
