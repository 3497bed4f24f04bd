//! Memory does not grow with the frontier.

use std::io;

use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use jiff::Timestamp;
use skillcrawl::crawl::{Crawl, PageLinks, Recorder, crawl};
use skillcrawl::fetch::{Answer, FetchRequest, Fetcher, Want};
use skillcrawl::fetched::{Exchange, Fetched};
use skillcrawl::frontier::{FoundBy, Frontier, FrontierError, HostClocks, Outcome};
use skillcrawl::url::CanonicalUrl;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::support::{config, url};

const HOSTS: usize = 20;

/// Answers at once.
struct Instantly;

impl Fetcher for Instantly {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer> {
        let Want::Page = request.want else { return ready(Answer::Refused { status: 404 }).boxed() };
        let page = Fetched {
            url: request.url,
            fetched_at: Timestamp::UNIX_EPOCH,
            exchange: None,
            dom: None,
            twin: None,
        };
        ready(Answer::Page(Box::new(page))).boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }
}

/// Counts what it is given.
#[derive(Default)]
struct Counted(usize);

impl Recorder for Counted {
    fn record_gone(&mut self, _url: &CanonicalUrl, _outcome: &Outcome, _at: Timestamp) -> io::Result<()> {
        Ok(())
    }

    fn record_page(&mut self, _: &Fetched, _: &[CanonicalUrl]) -> io::Result<()> {
        self.0 += 1;
        Ok(())
    }

    fn record_exchange(&mut self, _: &Exchange, _: Timestamp) -> io::Result<()> {
        Ok(())
    }
}

fn page(number: usize) -> CanonicalUrl {
    url(&format!("https://docs{}.example/en/stable/part-{}/page-{number}.html", number % HOSTS, number % 97))
}

/// A page leads to four new pages, wherever they are, and to two that are known.
fn links(page_url: &CanonicalUrl, pages: usize) -> PageLinks {
    let name = page_url.path().rsplit('-').next().unwrap();
    let number: usize = name.trim_end_matches(".html").parse().unwrap();
    let first = number * 4 + HOSTS;
    let numbers = (first..first + 4).filter(|link| *link < pages).chain([number / 2, number / 3]);
    // A link to another host is followed where the user named it, so each of these counts as a seed URL.
    PageLinks::plain(numbers.map(|link| (page(link), FoundBy::Seed)).collect())
}

/// The growth of the most memory that this process has had, in megabytes, over a crawl of so many pages.
async fn crawl_pages(pages: usize) -> f64 {
    let folder = TempDir::new().unwrap();
    let mut config = config(page(0).as_str());
    config.scope.start_urls = (0..HOSTS).map(page).collect();
    let before = peak_megabytes();
    let mut frontier = Frontier::open(folder.path(), &config, HostClocks::default()).unwrap();
    let mut recorder = Counted::default();
    let parts = Crawl {
        config: &config,
        fetcher: &Instantly,
        recorder: &mut recorder,
        recorded: Vec::new(),
        outlinks: &|fetched| links(&fetched.url, pages),
        is_same: &|_, _| false,
        events: &|_| {},
        stop: CancellationToken::new(),
    };
    let summary = crawl(parts, &mut frontier).await.unwrap();
    let wanted = u64::try_from(pages).unwrap();
    assert_eq!((summary.counts.kept, summary.counts.queued, summary.counts.in_work), (wanted, 0, 0));
    assert_eq!(recorder.0, pages, "each page once");
    let mut done = 0;
    frontier
        .report_to(&mut |line| -> Result<(), FrontierError> {
            done += usize::from(line.outcome == "done");
            Ok(())
        })
        .unwrap();
    assert_eq!(done, pages);
    peak_megabytes() - before
}

fn peak_megabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1000.0
}

/// Says to the process that is measured that it is the one.
const MEASURED: &str = "SKILLCRAWL_TEST_MEASURED";

/// The process that is measured. By itself it has nothing to do.
#[tokio::test]
async fn child_of_a_hundred_thousand_urls() {
    if std::env::var_os(MEASURED).is_none() {
        return;
    }
    let grown = crawl_pages(100_000).await;
    assert!(grown < 120.0, "{grown} MB");
}

/// In a process of its own: the other tests of this program, of which more run at a time on a larger machine, have their
/// own needs.
#[test]
fn a_hundred_thousand_urls_over_twenty_hosts_in_little_memory() {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "scale::child_of_a_hundred_thousand_urls"])
        .env(MEASURED, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

/// `cargo test --release --test engine -- --ignored a_million`, some 40 seconds.
#[tokio::test]
#[ignore = "minutes without optimisation"]
async fn a_million_urls_over_twenty_hosts_in_150_megabytes() {
    crawl_pages(1_000_000).await;
    let peak = peak_megabytes();
    assert!(peak < 150.0, "{peak} MB");
}
