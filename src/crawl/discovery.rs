//! What lists pages: robots.txt names sitemaps, sitemaps and llms.txt name pages.

use std::io::Read;

use flate2::read::MultiGzDecoder;

use super::ask_robots::RobotsAnswer;
use super::events::CrawlEvent;
use super::{Crawl, CrawlError};
use crate::discover::llms_txt::parse_llms_txt;
use crate::discover::sitemap::parse_sitemap;
use crate::fetched::Fetched;
use crate::frontier::{Candidate, CrawlClock, FoundBy, Frontier, Kind, Lease};
use crate::robots::{Robots, RobotsTxt};
use crate::url::{Authority, CanonicalUrl};

/// The most that a packed sitemap may unpack to (sitemaps.org).
const MAX_UNPACKED: u64 = 50 * 1024 * 1024;

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
            let text = RobotsTxt::parse(body(&file));
            named = text.sitemaps().iter().filter_map(|url| file.url.join(url).ok()).collect();
            Robots::Rules(text.rules_for(crawl.config.politeness.product_token()))
        }
    };
    let sitemaps =
        if crawl.config.scope.discover.sitemap { sitemaps(frontier, authority, named) } else { vec![] };
    frontier.set_robots(authority, robots.clone(), &sitemaps, clock.now())?;
    (crawl.events)(CrawlEvent::Robots { authority: authority.clone(), robots });
    Ok(())
}

/// The pages and further sitemaps that a listing names.
pub(super) fn take_listing(
    crawl: &mut Crawl<'_>,
    lease: &Lease,
    file: &Fetched,
) -> Result<Vec<Candidate>, CrawlError> {
    record_listing(crawl, file)?;
    let found = match lease.kind {
        Kind::Page | Kind::Nothing => Vec::new(),
        Kind::LlmsTxt => {
            let text = String::from_utf8_lossy(body(file));
            let pages = parse_llms_txt(&text, &file.url);
            pages.into_iter().map(|url| lease.found(url, FoundBy::LlmsTxt)).collect()
        }
        Kind::Sitemap => {
            let sitemap = parse_sitemap(&unpacked(body(file)));
            let pages = sitemap.pages.into_iter().map(|url| lease.found(url, FoundBy::Sitemap));
            let further = sitemap.sitemaps.into_iter().map(|url| Candidate::listing(url, Kind::Sitemap));
            pages.chain(further).collect()
        }
    };
    (crawl.events)(CrawlEvent::Listed { url: lease.url.clone(), urls: found.len() });
    Ok(found)
}

/// The sitemaps that robots.txt names, or the places where one usually is; of the site's own host only.
fn sitemaps(frontier: &Frontier, authority: &Authority, named: Vec<CanonicalUrl>) -> Vec<Candidate> {
    let scope = frontier.scope();
    let places = || ["sitemap.xml", "/sitemap.xml"].iter().filter_map(|name| scope.file(name));
    let urls: Vec<CanonicalUrl> = if *authority != scope.base_url().authority() {
        Vec::new()
    } else if named.is_empty() {
        places().collect()
    } else {
        named
    };
    urls.into_iter().map(|url| Candidate::listing(url, Kind::Sitemap)).collect()
}

fn record_listing(crawl: &mut Crawl<'_>, file: &Fetched) -> Result<(), CrawlError> {
    let Some(exchange) = &file.exchange else { return Ok(()) };
    crawl
        .recorder
        .record_exchange(exchange, file.fetched_at)
        .map_err(|cause| CrawlError::Record { url: file.url.clone(), cause })
}

fn body(file: &Fetched) -> &[u8] {
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
