//! One page for `inspect`: from a file, from a record, or from the network, where a crawl of just this page gets it, so
//! that robots.txt, redirects and pauses are as in any other crawl.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, anyhow};

use super::args::{CrawlArgs, InspectArgs, RenderArg};
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::recorded;
use super::scrape::{end, scrape};
use crate::archive::Archive;
use crate::config::{
    DEFAULT_USER_AGENT, Discover, ExtractRules, FetchRules, Politeness, Recycling, RenderMode, ScopeRules,
    SiteConfig, SkillRules,
};
use crate::fetched::{Dom, Exchange, Fetched, Markup, UNDATED, markup_of};
use crate::profile::Profiles;
use crate::url::CanonicalUrl;

/// What a file's address is taken for where nobody says it.
const NOWHERE: &str = "http://localhost/";
/// The name of the crawl that gets a page.
const CRAWL: &str = "page";
/// How many of the nearest addresses are named.
const NEAREST: usize = 3;

/// The page that the command line means.
///
/// # Errors
///
/// A [`Failure`] when there is no such file, the record has no such page, or the site does not give it.
pub fn get(
    args: &InspectArgs,
    config: Option<&SiteConfig>,
    (profiles, rules): (&Profiles, &ExtractRules),
    printer: &Printer,
) -> Result<Fetched, Failure> {
    if let Some(record) = &args.from {
        return from_record(&args.page, record, printer);
    }
    if Path::new(&args.page).is_file() {
        return from_file(&args.page, args.url.as_deref());
    }
    let url = CanonicalUrl::parse(&args.page).map_err(|_| {
        let error = anyhow!("`{}` is neither a URL nor a file", args.page);
        Failure::with_code(error, ExitCode::Usage)
            .hint("give an address with `https://`, a file, or name a record with `--from`")
    })?;
    from_network(&url, args, config, (profiles, rules), printer)
}

fn from_file(path: &str, url: Option<&str>) -> Result<Fetched, Failure> {
    let name = Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or("page");
    let address = url.map_or_else(|| format!("{NOWHERE}{name}"), str::to_owned);
    let url = CanonicalUrl::parse(&address).map_err(|error| Failure::with_code(error, ExitCode::Usage))?;
    let bytes = std::fs::read(path)
        .with_context(|| format!("cannot read `{path}`"))
        .map_err(|error| Failure::with_code(error, ExitCode::Usage))?;
    let text = || String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned();
    let (exchange, dom, twin) = match markup_of("text/plain", &format!("/{name}")) {
        Some(Markup::Markdown) => (None, None, Some(text())),
        // Only Markdown is what sites serve beside their pages; the rest is there as an answer or not at all.
        Some(Markup::ReStructuredText) => (Some(as_answer(&url, "text/x-rst", bytes)), None, None),
        Some(Markup::Notebook) => (Some(as_answer(&url, "application/x-ipynb+json", bytes)), None, None),
        None => (None, Some(Dom { html: text(), settled: true, loaded: Vec::new(), routed: false }), None),
    };
    Ok(Fetched { url, fetched_at: UNDATED, exchange, dom, twin })
}

/// A file as a server would answer it that knows what it is.
fn as_answer(url: &CanonicalUrl, media_type: &str, body: Vec<u8>) -> Exchange {
    Exchange {
        target: url.document(),
        request_headers: Vec::new(),
        status: 200,
        response_headers: vec![("content-type".to_owned(), media_type.to_owned())],
        body,
    }
}

fn from_record(page: &str, record: &Path, printer: &Printer) -> Result<Fetched, Failure> {
    let archive = recorded::open(record)?;
    for warning in archive.warnings() {
        printer.warning(&warning.to_string());
    }
    let url = match CanonicalUrl::parse(page) {
        Ok(url) => Some(url),
        Err(_) => the_only_one_that_ends_with(&archive, page),
    };
    let found = url.map(|url| archive.page(&url.key())).transpose().map_err(Failure::new)?.flatten();
    found.ok_or_else(|| {
        let error = anyhow!("`{}` has no page `{page}`", record.display());
        Failure::with_code(error, ExitCode::Usage).hint_if(nearest_hint(&archive, page))
    })
}

/// The end of an address is enough where it means one page only.
fn the_only_one_that_ends_with(archive: &Archive, page: &str) -> Option<CanonicalUrl> {
    let bare = page.trim_matches('/');
    let mut matching = archive
        .page_urls()
        .filter(|url| !bare.is_empty() && url.as_str().trim_end_matches('/').ends_with(bare));
    let first = matching.next()?;
    matching.next().is_none().then(|| first.clone())
}

fn nearest_hint(archive: &Archive, page: &str) -> Option<String> {
    let mut near: Vec<(f64, &str)> = archive
        .page_urls()
        .map(|url| {
            let whole = strsim::normalized_levenshtein(page, url.as_str());
            let path = strsim::normalized_levenshtein(
                page.trim_start_matches('/'),
                url.path().trim_start_matches('/'),
            );
            (whole.max(path), url.as_str())
        })
        .collect();
    near.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(right.1)));
    let names: Vec<String> = near.iter().take(NEAREST).map(|(_, url)| format!("`{url}`")).collect();
    (!names.is_empty())
        .then(|| format!("the nearest of its {} pages are {}", archive.len(), names.join(", ")))
}

fn from_network(
    url: &CanonicalUrl,
    args: &InspectArgs,
    config: Option<&SiteConfig>,
    (profiles, rules): (&Profiles, &ExtractRules),
    printer: &Printer,
) -> Result<Fetched, Failure> {
    let folder = tempfile::tempdir().context("cannot make a folder for the page")?;
    let crawl = CrawlArgs {
        replay: None,
        crawls: folder.path().to_owned(),
        render: args.render,
        max_pages: None,
        fresh: false,
        browser: args.browser.clone(),
    };
    let config = config_of_page(url, args.render, config, rules)?;
    let scraped = scrape(&config, profiles, &crawl, printer).map_err(|failure| match failure.code {
        ExitCode::Failure => {
            failure.hint("check the address in a browser, or take the page from a record with `--from`")
        }
        _ => failure,
    })?;
    end(&scraped.summary)?;
    let archive = recorded::open(&scraped.crawl)?;
    let page = archive.pages().next().transpose().map_err(Failure::new)?;
    page.ok_or_else(|| Failure::new(anyhow!("`{url}` was not recorded")))
}

/// A site of one page. Its scope is the whole host, so that a redirect is followed there.
fn config_of_page(
    url: &CanonicalUrl,
    render: Option<RenderArg>,
    config: Option<&SiteConfig>,
    rules: &ExtractRules,
) -> Result<SiteConfig, Failure> {
    let defaults = FetchRules {
        router: true,
        render: RenderMode::Auto,
        page_timeout: Duration::from_secs(30),
        concurrency: 1,
        retries: 3,
        recycling: Recycling::default(),
    };
    let mut fetch = config.map_or(defaults, |config| config.fetch.clone());
    fetch.render = render.map_or(fetch.render, RenderArg::mode);
    let politeness =
        Politeness { delay: Duration::from_millis(500), user_agent: DEFAULT_USER_AGENT.to_owned() };
    Ok(SiteConfig {
        name: CRAWL.to_owned(),
        description: None,
        scope: ScopeRules {
            base_url: url.join("/").map_err(Failure::new)?,
            start_urls: vec![url.clone()],
            include: Vec::new(),
            exclude: Vec::new(),
            max_pages: Some(1),
            discover: Discover {
                sitemap: false,
                llms_txt: false,
                links: false,
                navigation: false,
                indexes: false,
            },
            repository: None,
        },
        politeness: config.map_or(politeness, |config| config.politeness.clone()),
        fetch,
        extract: rules.clone(),
        skill: SkillRules::default(),
    })
}
