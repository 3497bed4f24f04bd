//! The frontier in its engine: discovery by links, to the report.

use std::io;
use std::path::Path;
use std::time::Instant;

use anyhow::bail;
use futures::FutureExt;
use futures::future::{BoxFuture, ready};
use jiff::Timestamp;
use skillcrawl::crawl::{Crawl, PageLinks, Recorder, crawl};
use skillcrawl::fetch::{Answer, FetchRequest, Fetcher, Want};
use skillcrawl::fetched::{Exchange, Fetched};
use skillcrawl::frontier::{FoundBy, Frontier, HostClocks, Outcome};
use skillcrawl::url::CanonicalUrl;
use tokio_util::sync::CancellationToken;

use crate::{Took, site};

/// Answers at once.
struct Instantly;

/// Keeps nothing.
struct Nowhere;

impl Fetcher for Instantly {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer> {
        let answer = match request.want {
            Want::Text | Want::Markdown => Answer::Refused { status: 404 },
            Want::Page => Answer::Page(Box::new(Fetched {
                url: request.url,
                fetched_at: Timestamp::UNIX_EPOCH,
                exchange: None,
                dom: None,
                twin: None,
            })),
        };
        ready(answer).boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }
}

impl Recorder for Nowhere {
    fn record_gone(&mut self, _url: &CanonicalUrl, _outcome: &Outcome, _at: Timestamp) -> io::Result<()> {
        Ok(())
    }

    fn record_page(&mut self, _: &Fetched, _: &[CanonicalUrl]) -> io::Result<()> {
        Ok(())
    }

    fn record_exchange(&mut self, _: &Exchange, _: Timestamp) -> io::Result<()> {
        Ok(())
    }
}

/// Crawls a site of so many pages and writes its report.
pub fn run(folder: &Path, size: u64) -> anyhow::Result<Took> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let config = site::config()?;
    let started = Instant::now();
    let mut frontier = Frontier::open(folder, &config, HostClocks::default())?;
    let summary = runtime.block_on(crawl(
        Crawl {
            config: &config,
            fetcher: &Instantly,
            recorder: &mut Nowhere,
            recorded: Vec::new(),
            outlinks: &|page| links_of(page, size),
            is_same: &|_, _| false,
            events: &|_| {},
            stop: CancellationToken::new(),
        },
        &mut frontier,
    ))?;
    let whole = started.elapsed();
    if summary.counts.kept != size || summary.counts.queued != 0 {
        bail!("of {size} pages the crawl left {:?}", summary.counts);
    }
    let mut lines = 0;
    frontier.report_to(&mut |_| -> anyhow::Result<()> {
        lines += 1;
        Ok(())
    })?;
    if lines != size {
        bail!("the report of {size} pages has {lines} lines");
    }
    Ok(Took { adding: None, whole })
}

fn links_of(page: &Fetched, size: u64) -> PageLinks {
    let links = site::number(&page.url)
        .into_iter()
        .flat_map(|number| site::links(number, size))
        // A link to another host is followed where the user named it.
        .filter_map(|number| Some((site::url(number).ok()?, FoundBy::Seed)))
        .collect();
    PageLinks::plain(links)
}
