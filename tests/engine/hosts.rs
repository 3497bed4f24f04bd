//! Politeness towards hosts that are slow, broken or gone; over restarts, and between crawls of one process.

use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use skillcrawl::config::SiteConfig;
use skillcrawl::crawl::{CrawlEnd, CrawlError, CrawlEvent};
use skillcrawl::fetch::{Answer, FetchRequest, Fetcher};
use skillcrawl::fetched::{Exchange, Fetched};
use skillcrawl::frontier::{CrawlClock, Frontier, HostClocks, HostMemory};
use skillcrawl::url::CanonicalUrl;
use tempfile::TempDir;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::support::{Archive, Run, config, run, run_with};

const BASE: &str = "https://d.example/docs/";

/// How a host does at a time since the crawl's first request.
#[derive(Clone, Copy)]
enum Health {
    Good,
    Busy,
    Down,
}

/// Hosts of many pages, each page linking to the next five; `health` says how they do when. An answer takes 50 ms.
struct Hosts<F> {
    pages: usize,
    health: F,
    started: Instant,
    log: Mutex<Vec<(String, Instant)>>,
}

impl<F: Fn(&str, Duration) -> Health + Send + Sync> Hosts<F> {
    fn new(pages: usize, health: F) -> Self {
        Self { pages, health, started: Instant::now(), log: Mutex::default() }
    }

    /// When a host was asked for pages, robots.txt aside, since the beginning.
    fn times(&self, host: &str) -> Vec<Duration> {
        let log = self.log.lock().unwrap();
        log.iter()
            .filter(|(asked, _)| asked.contains(host) && !asked.ends_with(".txt"))
            .map(|(_, at)| *at - self.started)
            .collect()
    }

    fn answer(&self, url: &CanonicalUrl, health: Health) -> Answer {
        let failed =
            |cause: &str, status| Answer::Failed { cause: cause.to_owned(), status, retry_after: None };
        if url.path().ends_with(".txt") {
            return Answer::Refused { status: 404 };
        }
        match health {
            Health::Down => return failed("connection refused", None),
            Health::Busy => return failed("HTTP 429", Some(429)),
            Health::Good => {}
        }
        let number: usize = url.path().rsplit('/').next().unwrap().parse().unwrap_or(0);
        let links = (number * 5 + 1..=number * 5 + 5).filter(|link| *link < self.pages);
        let body: String = links.map(|link| format!("<a href=\"/docs/{link}\">x</a>")).collect();
        let exchange = Exchange {
            target: url.clone(),
            request_headers: vec![],
            status: 200,
            response_headers: vec![],
            body: body.into_bytes(),
        };
        Answer::Page(Box::new(Fetched {
            url: url.clone(),
            fetched_at: Timestamp::UNIX_EPOCH,
            exchange: Some(exchange),
            dom: None,
            twin: None,
        }))
    }
}

impl<F: Fn(&str, Duration) -> Health + Send + Sync> Fetcher for Hosts<F> {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer> {
        async move {
            self.log.lock().unwrap().push((request.url.to_string(), Instant::now()));
            let health = (self.health)(request.url.host(), self.started.elapsed());
            tokio::time::sleep(Duration::from_millis(50)).await;
            self.answer(&request.url, health)
        }
        .boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }
}

fn paced(base: &str, delay: Duration) -> SiteConfig {
    let mut config = config(base);
    config.politeness.delay = delay;
    config
}

/// The gaps between requests in a span of seconds.
fn gaps(times: &[Duration], seconds: std::ops::Range<u64>) -> Vec<Duration> {
    let within: Vec<Duration> =
        times.iter().copied().filter(|time| seconds.contains(&time.as_secs())).collect();
    within.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

async fn crawl_on(folder: &Path, config: &SiteConfig, fetcher: &dyn Fetcher, hosts: &HostClocks) -> Run {
    run_with(folder, config, fetcher, &Archive::default(), CancellationToken::new(), hosts.clone()).await
}

#[tokio::test(start_paused = true)]
async fn a_busy_host_is_asked_more_slowly_and_trusted_again_step_by_step() {
    let second = Duration::from_secs(1);
    // For a quarter of a minute in its second minute it asks for patience.
    let fetcher =
        Hosts::new(300, |_, at| if (60..75).contains(&at.as_secs()) { Health::Busy } else { Health::Good });
    let run = run(TempDir::new().unwrap().path(), &paced(BASE, second), &fetcher, &Archive::default()).await;
    assert_eq!(run.summary().counts.kept, 300, "nothing is lost");
    let times = fetcher.times("d.example");
    assert!(gaps(&times, 0..60).iter().all(|gap| *gap < second * 2));
    // It asked for patience four or five times, after 1, 2, 4 and 8 seconds.
    let refused = times.iter().filter(|at| (60..75).contains(&at.as_secs())).count();
    assert!((3..=5).contains(&refused), "{refused}");
    let after = gaps(&times, 80..4000);
    assert!(after.iter().all(|gap| *gap >= second), "never faster than the config says");
    assert!(after[..8].iter().all(|gap| *gap >= second * 8), "not at once: {:?}", &after[..12]);
    assert!(after.windows(2).all(|pair| pair[1] <= pair[0] + Duration::from_millis(5)), "slowly: {after:?}");
    assert!(after[after.len() - 20..].iter().all(|gap| *gap < second * 2), "but in the end: {after:?}");
}

#[tokio::test(start_paused = true)]
async fn a_host_that_comes_back_after_a_rest_is_crawled_to_the_end() {
    let fetcher =
        Hosts::new(200, |_, at| if (5..60).contains(&at.as_secs()) { Health::Down } else { Health::Good });
    let mut config = paced(BASE, Duration::from_millis(200));
    config.fetch.retries = 6;
    let run = run(TempDir::new().unwrap().path(), &config, &fetcher, &Archive::default()).await;
    assert_eq!(run.summary().counts.kept, 200, "nothing is lost");
    let while_down = fetcher.times("d.example").iter().filter(|at| (5..60).contains(&at.as_secs())).count();
    assert!(while_down <= 15, "{while_down} requests to a host that is down");
    assert!(
        run.events
            .iter()
            .any(|event| matches!(event, CrawlEvent::Rests { cause, .. } if cause == "connection refused"))
    );
}

#[tokio::test(start_paused = true)]
async fn a_host_that_is_gone_is_given_up() {
    // Paused time passes, the wall clock does not: later runs begin by a clock that shows what has passed.
    let clock = CrawlClock::start();
    let folder = TempDir::new().unwrap();
    let archive = Archive::default();
    let fetcher = Hosts::new(1000, |_, at| if at.as_secs() < 20 { Health::Good } else { Health::Down });
    let config = paced(BASE, Duration::from_millis(100));
    let first = run(folder.path(), &config, &fetcher, &archive).await;
    let counts = first.summary().counts;
    assert!(counts.kept > 50 && counts.queued == 0 && counts.in_work == 0, "{counts:?}");
    let asked_in_vain = fetcher.times("d.example").iter().filter(|at| at.as_secs() >= 20).count();
    assert!(asked_in_vain < 25, "{asked_in_vain} requests for {} pages", counts.failed);
    let reason = "the host failed on and on: connection refused";
    assert!(
        first.summary().tally.failed.get(reason).is_some_and(|pages| *pages > 100),
        "{:?}",
        first.summary().tally
    );
    let rests = first.events.iter().filter(|event| matches!(event, CrawlEvent::Rests { .. })).count();
    assert_eq!(rests, 6);
    let given_up: Vec<u64> = first
        .events
        .iter()
        .filter_map(|event| match event {
            CrawlEvent::GivenUp { pages, cause, .. } if cause == reason => Some(*pages),
            _ => None,
        })
        .collect();
    assert!(given_up.iter().sum::<u64>() > 100, "{given_up:?}");

    // Still gone: one request tells, and nobody waits for half an hour again.
    let gone = Hosts::new(1000, |_, _| Health::Down);
    let hosts = HostClocks::default().by(CrawlClock::start_at(clock.now()));
    let second = run_with(folder.path(), &config, &gone, &archive, CancellationToken::new(), hosts).await;
    assert_eq!(second.summary().counts.kept, counts.kept);
    assert_eq!(gone.times("d.example").len(), 1);

    // Back again: all that had failed is there.
    let back = Hosts::new(1000, |_, _| Health::Good);
    let hosts = HostClocks::default().by(CrawlClock::start_at(clock.now()));
    let third = run_with(folder.path(), &config, &back, &archive, CancellationToken::new(), hosts).await;
    assert!(third.summary().counts.failed == 0 && third.summary().counts.kept > counts.kept);
}

#[tokio::test(start_paused = true)]
async fn seeds_that_fail_are_told_at_once() {
    let mut config = config(BASE);
    config.fetch.retries = 30;
    let fetcher = Hosts::new(1, |_, _| Health::Down);
    let started = Instant::now();
    let run = run(TempDir::new().unwrap().path(), &config, &fetcher, &Archive::default()).await;
    assert!(
        matches!(&run.result, Err(CrawlError::Unreachable { cause, .. }) if cause == "connection refused")
    );
    assert_eq!(fetcher.times("d.example").len(), 10);
    assert!(started.elapsed() < Duration::from_secs(400), "no rest: {:?}", started.elapsed());
}

#[tokio::test(start_paused = true)]
async fn politeness_outlives_a_kill() {
    let folder = TempDir::new().unwrap();
    let archive = Archive::default();
    let config = paced(BASE, Duration::from_secs(20));
    let fetcher = Hosts::new(300, |_, _| Health::Good);
    let killed_after = Duration::from_millis(40_200);
    // Both runs begin at one time, however long the machine takes between them.
    let began = Timestamp::now();
    let hosts = || HostClocks::with_jitter(|_| Duration::ZERO).by(CrawlClock::start_at(began));
    let killed = run_with(folder.path(), &config, &fetcher, &archive, CancellationToken::new(), hosts());
    assert!(tokio::time::timeout(killed_after, killed).await.is_err());
    let asked = fetcher.times("d.example");
    assert_eq!(asked.len(), 2, "robots.txt first: {asked:?}");

    // The new run believes to be at the beginning of the first.
    let hosts = hosts();
    let frontier = Frontier::open(folder.path(), &config, hosts.clone()).unwrap();
    let authority = config.scope.base_url.authority();
    let wait = hosts.memory(&authority).unwrap().not_before.duration_since(hosts.time().now());
    assert!((58..=60).contains(&wait.as_secs()), "the time of the last request is known: {wait:?}");
    drop(frontier);
}

#[tokio::test(start_paused = true)]
async fn a_slow_down_and_a_rest_outlive_a_kill() {
    let config = paced(BASE, Duration::from_secs(1));
    let authority = config.scope.base_url.authority();
    for (health, is_learned) in [
        (Health::Busy, (|memory| memory.slow_downs >= 3) as fn(HostMemory) -> bool),
        (Health::Down, |memory| memory.failures >= 10 && memory.rests >= 1),
    ] {
        let fetcher = Hosts::new(300, |_, at| if at.as_secs() < 10 { Health::Good } else { health });
        let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
        let killed = run(folder.path(), &config, &fetcher, &archive);
        assert!(tokio::time::timeout(Duration::from_secs(45), killed).await.is_err());
        let hosts = HostClocks::default();
        let frontier = Frontier::open(folder.path(), &config, hosts.clone()).unwrap();
        let memory = hosts.memory(&authority).unwrap();
        assert!(is_learned(memory), "{memory:?}");
        drop(frontier);
    }
}

#[tokio::test(start_paused = true)]
async fn two_skills_of_one_host_share_its_slow_down_and_other_hosts_do_not() {
    let fetcher = Hosts::new(40, |host, at| {
        if host == "d.example" && (10..20).contains(&at.as_secs()) { Health::Busy } else { Health::Good }
    });
    let second = Duration::from_secs(1);
    let hosts = HostClocks::default();
    let folders: Vec<TempDir> = (0..4).map(|_| TempDir::new().unwrap()).collect();
    let configs =
        [BASE, BASE, "https://e.example/docs/", "https://f.example/docs/"].map(|base| paced(base, second));
    let crawls = configs
        .iter()
        .zip(&folders)
        .map(|(config, folder)| crawl_on(folder.path(), config, &fetcher, &hosts));
    let started = Instant::now();
    let runs = futures::future::join_all(crawls).await;
    for run in &runs {
        let summary = run.summary();
        assert_eq!((summary.counts.kept, summary.end), (40, CrawlEnd::Complete), "{summary:?}");
    }
    for host in ["d.example", "e.example", "f.example"] {
        let times = fetcher.times(host);
        assert!(times.windows(2).all(|pair| pair[1] - pair[0] >= second), "{host}: {times:?}");
    }
    // The two that share a host take turns; the others go on beside them.
    assert_eq!(fetcher.times("d.example").len(), 80 + refused(&fetcher.times("d.example")));
    let others_over = fetcher.times("e.example").last().copied().unwrap();
    assert!(others_over < started.elapsed() * 2 / 3, "{others_over:?} of {:?}", started.elapsed());
}

fn refused(times: &[Duration]) -> usize {
    times.iter().filter(|at| (10..20).contains(&at.as_secs())).count()
}
