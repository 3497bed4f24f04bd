//! What lists pages: robots.txt and pages name listings, listings name pages and further listings.
//!
//! What a listing says is read in [`crate::discover`]; here it becomes candidates.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use jiff::Timestamp;

use super::ask_robots::RobotsAnswer;
use super::events::CrawlEvent;
use super::{Crawl, CrawlError, repository};
use crate::config::Discover;
use crate::discover::index::{is_page_of_links, parse_index};
use crate::discover::llms_full::parse_llms_full;
use crate::discover::llms_txt::{LlmsTxt, parse_llms_txt};
use crate::discover::place::{may_list_from, usual_sitemaps};
use crate::discover::sitemap::{Entry, Sitemap, parse_sitemap};
use crate::discover::{Knows, Listing};
use crate::fetched::Fetched;
use crate::frontier::{Candidate, CrawlClock, FoundBy, Frontier, Kind, Lease};
use crate::robots::{Robots, RobotsTxt};
use crate::scope::{Judgement, Scope};
use crate::url::{Authority, CanonicalUrl};

/// The most that a packed sitemap may unpack to (sitemaps.org).
const MAX_UNPACKED: u64 = 50 * 1024 * 1024;

/// How deep listings may be nested. The protocol knows an index and the sitemaps in it; some sites have an index of indexes.
const MAX_NESTING: u32 = 3;

/// How much deeper than its page an index stands in the queue.
const INDEX_DEPTH: u32 = 2;

/// Takes in what the server said of robots.txt: the rules, and the sitemaps of the site.
pub(super) fn take_robots(
    crawl: &mut Crawl<'_>,
    frontier: &mut Frontier,
    clock: &CrawlClock,
    authority: &Authority,
    answer: RobotsAnswer,
) -> Result<(), CrawlError> {
    let mut named = Vec::new();
    let robots = match answer {
        RobotsAnswer::Missing => Robots::AllowAll,
        RobotsAnswer::Unreachable { cause } => Robots::Unreachable { cause },
        RobotsAnswer::File(file) => {
            record_listing(crawl, &file)?;
            rules_of(crawl, &file, &mut named)
        }
        RobotsAnswer::Unmodified { file, answer } => {
            record_not_modified(crawl, &answer)?;
            rules_of(crawl, &file, &mut named)
        }
    };
    let is_site = crawl.config.scope.repository.is_none();
    let sitemaps = if crawl.config.scope.discover.sitemap && is_site {
        sitemaps(frontier, authority, named)
    } else {
        vec![]
    };
    frontier.set_robots(authority, robots.clone(), &sitemaps, clock.now())?;
    (crawl.events)(CrawlEvent::Robots { authority: authority.clone(), robots });
    Ok(())
}

/// The rules of a robots.txt for this crawler; the sitemaps that it names are added.
fn rules_of(crawl: &Crawl<'_>, file: &Fetched, named: &mut Vec<CanonicalUrl>) -> Robots {
    let text = RobotsTxt::parse(body(file));
    named.extend(text.sitemaps().iter().filter_map(|url| file.url.join(url).ok()));
    Robots::Rules(text.rules_for(crawl.config.politeness.product_token()))
}

/// The places of `llms.txt`: the folder of the documentation, and the root of its host.
pub(super) fn llms_txts(scope: &Scope) -> Vec<Candidate> {
    let mut places: Vec<CanonicalUrl> =
        ["llms.txt", "/llms.txt"].iter().filter_map(|name| scope.file(name)).collect();
    places.dedup();
    places.into_iter().map(|url| Candidate::listing(url, Kind::LlmsTxt)).collect()
}

/// The listings that a page points to, as far as the config lets them be asked for. Feeds and sitemaps count on seed URLs
/// only: what the whole site has is named there, while some sites have a feed for every page. An index waits for the pages
/// that the first ones link to: it names all pages in no order of worth, which must not push what the menus show over the
/// page limit, and how the site spells its pages has shown by then.
pub(super) fn listings_of(
    scope: &Scope,
    discover: Discover,
    lease: &Lease,
    listings: Vec<Listing>,
) -> Vec<Candidate> {
    let candidate = |listing| match listing {
        Listing::Sitemap(url) if discover.sitemap && lease.found_by == FoundBy::Seed => {
            Some((url, Kind::Sitemap, 0))
        }
        Listing::Index(url) if discover.indexes => Some((url, Kind::Index, lease.depth + INDEX_DEPTH)),
        Listing::IndexAtRoot(name) if discover.indexes => {
            Some((scope.file(&name)?, Kind::Index, lease.depth + INDEX_DEPTH))
        }
        _ => None,
    };
    let named = listings.into_iter().filter_map(candidate);
    named
        .map(|(url, kind, depth)| {
            let referrer = Some(lease.url.clone());
            Candidate { referrer, depth, ..Candidate::listing(url, kind) }
        })
        .collect()
}

/// The pages and further listings that a listing names, new or as it is `recorded`. In an update, what a listing says of
/// the last change of pages spares them the question, and what a listing that changed names is asked although it was no
/// page before.
pub(super) fn take_listing(
    crawl: &mut Crawl<'_>,
    frontier: &mut Frontier,
    now: Timestamp,
    lease: &Lease,
    file: &Fetched,
    recorded: Option<&Fetched>,
) -> Result<Vec<Candidate>, CrawlError> {
    let is_new = recorded.is_none_or(|recorded| body(recorded) != body(file));
    if is_new {
        record_listing(crawl, file)?;
    }
    // When the database fails, the page is unknown here, and settling the lease tells of the failure.
    let knows = |url: &CanonicalUrl| frontier.knows_page(url).unwrap_or(false);
    let is_html = lease.kind == Kind::Index && is_page_of_links(&file.url);
    let found: Vec<Candidate> = if is_html {
        let links = (crawl.outlinks)(file).links;
        links.into_iter().map(|(url, _)| lease.found(url, FoundBy::Index)).collect()
    } else if lease.kind.is_of_repository() {
        repository::take_listing(crawl, lease, file)?
    } else {
        candidates(lease, file, frontier.scope(), &knows)
    };
    if lease.kind == Kind::Commit {
        frontier.wake_trees(&found)?;
    }
    if lease.kind == Kind::Tree && !found.is_empty() {
        repository::retire_others(crawl, frontier, lease, now)?;
    }
    frontier.note_lastmods(&found, now)?;
    if is_new {
        frontier.wake(&found)?;
    }
    (crawl.events)(CrawlEvent::Listed { url: lease.url.clone(), urls: found.len() });
    Ok(found)
}

/// What a listing that is no page names.
fn candidates(lease: &Lease, file: &Fetched, scope: &Scope, knows: &Knows<'_>) -> Vec<Candidate> {
    let body = body(file);
    match lease.kind {
        Kind::Page | Kind::Nothing | Kind::Commit | Kind::Tree => Vec::new(),
        Kind::Index => {
            let pages = parse_index(body, &file.url, knows);
            pages.into_iter().map(|url| lease.found(url, FoundBy::Index)).collect()
        }
        Kind::LlmsTxt => {
            let text = String::from_utf8_lossy(body);
            let (pages, files) = match is_whole_text(&file.url) {
                true => (parse_llms_full(&text, &file.url, knows), Vec::new()),
                false => {
                    let LlmsTxt { pages, files } = parse_llms_txt(&text, &file.url, knows);
                    let files = further_llms_files(files, &pages, &file.url, scope);
                    (pages, files)
                }
            };
            let pages = pages.into_iter().map(|url| lease.found(url, FoundBy::LlmsTxt));
            pages.chain(files.into_iter().map(|url| further(lease, url, Kind::LlmsTxt))).collect()
        }
        Kind::Sitemap => {
            let Sitemap { pages, sitemaps } = parse_sitemap(&unpacked(body));
            let pages = pages.into_iter().map(|Entry { url, lastmod }| Candidate {
                lastmod,
                // However deep the sitemap was nested, its pages are one step away from the site.
                depth: 1,
                ..lease.found(url, FoundBy::Sitemap)
            });
            let is_wanted = |entry: &Entry| {
                let root = scope.file("");
                let is_nested_well = lease.depth + 1 < MAX_NESTING;
                is_nested_well && root.is_none_or(|root| may_list_from(&entry.url, &file.url, &root))
            };
            let further = sitemaps
                .into_iter()
                .filter(is_wanted)
                .map(|Entry { url, lastmod }| Candidate { lastmod, ..further(lease, url, Kind::Sitemap) });
            pages.chain(further).collect()
        }
    }
}

/// A listing that another one names.
fn further(lease: &Lease, url: CanonicalUrl, kind: Kind) -> Candidate {
    Candidate { depth: lease.depth + 1, referrer: Some(lease.url.clone()), ..Candidate::listing(url, kind) }
}

/// The files that a `llms.txt` names and that are worth a request: those of parts of the site, and the whole text only where
/// the list itself has no page of the site, since that text is large and names no others.
fn further_llms_files(
    files: Vec<CanonicalUrl>,
    pages: &[CanonicalUrl],
    from: &CanonicalUrl,
    scope: &Scope,
) -> Vec<CanonicalUrl> {
    let lists_pages = pages.iter().any(|url| scope.judge(&scope.upgraded(url)) == Judgement::InScope);
    let root = scope.file("");
    let is_about_us = |url: &CanonicalUrl| root.as_ref().is_none_or(|root| may_list_from(url, from, root));
    files.into_iter().filter(|url| is_about_us(url) && !(lists_pages && is_whole_text(url))).collect()
}

/// Whether a file of this family holds the text of the pages rather than a list of them: all but `llms.txt`.
fn is_whole_text(url: &CanonicalUrl) -> bool {
    !url.path().ends_with("/llms.txt")
}

/// The sitemaps that robots.txt names, and the usual places as far as these do not make them needless; of the site's own
/// host only.
fn sitemaps(frontier: &Frontier, authority: &Authority, named: Vec<CanonicalUrl>) -> Vec<Candidate> {
    let scope = frontier.scope();
    if *authority != scope.base_url().authority() {
        return Vec::new();
    }
    let (own, _): (Vec<_>, Vec<_>) =
        named.into_iter().partition(|url| scope.is_same_host(&scope.upgraded(url)));
    let usual = scope.file("").map(|root| usual_sitemaps(&root, &own)).unwrap_or_default();
    own.into_iter().chain(usual).map(|url| Candidate::listing(url, Kind::Sitemap)).collect()
}

fn record_listing(crawl: &mut Crawl<'_>, file: &Fetched) -> Result<(), CrawlError> {
    let Some(exchange) = &file.exchange else { return Ok(()) };
    crawl
        .recorder
        .record_exchange(exchange, file.fetched_at)
        .map_err(|cause| CrawlError::Record { url: file.url.clone(), cause })
}

/// Records the server's 304 for a file or a page.
pub(super) fn record_not_modified(crawl: &mut Crawl<'_>, answer: &Fetched) -> Result<(), CrawlError> {
    let Some(exchange) = &answer.exchange else { return Ok(()) };
    crawl
        .recorder
        .record_not_modified(exchange, answer.fetched_at)
        .map_err(|cause| CrawlError::Record { url: answer.url.clone(), cause })
}

pub(super) fn body(file: &Fetched) -> &[u8] {
    file.exchange.as_ref().map(|exchange| exchange.body.as_slice()).unwrap_or_default()
}

/// The body of a `.xml.gz`, as far as it unpacks; any other body as it is.
fn unpacked(body: &[u8]) -> Vec<u8> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return body.to_vec();
    }
    let mut text = Vec::new();
    // A broken end does not make the entries before it wrong.
    let _ = MultiGzDecoder::new(body).take(MAX_UNPACKED).read_to_end(&mut text);
    text
}
