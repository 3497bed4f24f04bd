//! What the engine's tests share: a config, a site by script, an archive in memory, and one way to crawl.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use futures::FutureExt;
use futures::future::BoxFuture;
use jiff::Timestamp;
use skillcrawl::config::{
    Discover, ExtractRules, FetchRules, Politeness, Recycling, RenderMode, ScopeRules, SiteConfig, SkillRules,
};
use skillcrawl::crawl::{Crawl, CrawlError, CrawlEvent, CrawlSummary, FoundLink, PageLinks, Recorder, crawl};
use skillcrawl::discover::Listing;
use skillcrawl::fetch::{Answer, FetchRequest, Fetcher, RedirectBy, Want};
use skillcrawl::fetched::{Dom, Exchange, Fetched};
use skillcrawl::frontier::{
    Checks, Form, FoundBy, Frontier, HostClocks, KnownPage, Outcome, ReportLine, Update,
};
use skillcrawl::url::CanonicalUrl;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// A config that asks without a pause and discovers by links only.
pub fn config(base_url: &str) -> SiteConfig {
    let base_url = url(base_url);
    SiteConfig {
        name: "test".to_owned(),
        description: None,
        scope: ScopeRules {
            start_urls: vec![base_url.clone()],
            base_url,
            include: vec![],
            exclude: vec![],
            max_pages: None,
            discover: Discover {
                sitemap: false,
                llms_txt: false,
                links: true,
                navigation: true,
                indexes: false,
            },
            repository: None,
        },
        politeness: Politeness { delay: Duration::ZERO, user_agent: "skillcrawl/0 (test)".to_owned() },
        fetch: FetchRules {
            router: true,
            render: RenderMode::Never,
            page_timeout: Duration::from_secs(30),
            concurrency: 4,
            retries: 2,
            recycling: Recycling::default(),
        },
        extract: ExtractRules::default(),
        skill: SkillRules::default(),
    }
}

pub fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).unwrap()
}

/// The archive: what it holds outlives a crawl that is dropped.
#[derive(Clone, Default)]
pub struct Archive {
    pub pages: Arc<Mutex<Vec<KnownPage>>>,
    /// Every page as it was recorded, in order.
    pub captures: Arc<Mutex<Vec<Fetched>>>,
    pub exchanges: Arc<Mutex<Vec<String>>>,
    pub listings: Arc<Mutex<Vec<Exchange>>>,
    /// The path and the reason of every page that ended, in order.
    pub gone: Arc<Mutex<Vec<String>>>,
    /// The paths of all 304, in order.
    pub not_modified: Arc<Mutex<Vec<String>>>,
    /// Records the page with this path, then fails: the kill between record and settlement.
    pub dies_after: Option<&'static str>,
}

impl Archive {
    pub fn paths(&self) -> Vec<String> {
        let mut paths: Vec<_> =
            self.pages.lock().unwrap().iter().map(|page| page.url.path().to_owned()).collect();
        paths.sort();
        paths
    }
}

impl Recorder for Archive {
    fn record_page(&mut self, page: &Fetched, outlinks: &[CanonicalUrl]) -> io::Result<()> {
        let form = Some(Form::of(page.dom.as_ref().map(Dom::form)));
        let known = KnownPage {
            url: page.url.clone(),
            form,
            outlinks: outlinks.to_vec(),
            fetched_at: Some(page.fetched_at),
        };
        let mut pages = self.pages.lock().unwrap();
        // A page that was recorded as sent may be recorded once more when it is rendered.
        pages.retain(|there| there.url != known.url || there.form == known.form);
        pages.push(known);
        drop(pages);
        self.captures.lock().unwrap().push(page.clone());
        if self.dies_after == Some(page.url.path()) { Err(io::Error::other("killed")) } else { Ok(()) }
    }

    fn recorded_page(&mut self, url: &CanonicalUrl) -> io::Result<Option<Fetched>> {
        Ok(self.captures.lock().unwrap().iter().rev().find(|page| page.url == *url).cloned())
    }

    fn recorded_exchange(&mut self, url: &CanonicalUrl) -> io::Result<Option<Fetched>> {
        let listings = self.listings.lock().unwrap();
        let exchange = listings.iter().rev().find(|exchange| exchange.target == *url).cloned();
        let fetched_at = Timestamp::UNIX_EPOCH;
        Ok(exchange.map(|exchange| Fetched {
            url: url.clone(),
            fetched_at,
            exchange: Some(exchange),
            dom: None,
            twin: None,
        }))
    }

    fn record_gone(&mut self, url: &CanonicalUrl, outcome: &Outcome, _at: Timestamp) -> io::Result<()> {
        self.pages.lock().unwrap().retain(|there| there.url.key() != url.key());
        let why = match outcome {
            Outcome::Skipped(reason) => reason.word(),
            _ => "redirected",
        };
        self.gone.lock().unwrap().push(format!("{} {why}", url.path()));
        Ok(())
    }

    fn record_not_modified(&mut self, answer: &Exchange, _at: Timestamp) -> io::Result<()> {
        self.not_modified.lock().unwrap().push(answer.target.path().to_owned());
        Ok(())
    }

    fn record_exchange(&mut self, exchange: &Exchange, _at: Timestamp) -> io::Result<()> {
        self.exchanges.lock().unwrap().push(exchange.target.to_string());
        self.listings.lock().unwrap().push(exchange.clone());
        Ok(())
    }
}

/// What the scripted site answers at a URL.
#[derive(Clone)]
pub enum Script {
    /// A body with links.
    Page(String),
    /// Markdown; whoever asks for a page's Markdown gets nothing else.
    Markdown(String),
    /// A body with its ETag: who has it gets a 304.
    Tagged(&'static str, String),
    Refused(u16),
    Redirect(&'static str),
    NotAPage,
    Fails,
    /// 429 with `Retry-After` in seconds, this many times; then a page without links.
    Busy {
        times: usize,
        retry_after: Option<u64>,
    },
}

/// A site that exists in a table. Anything else is 404. Each answer takes 100 ms.
#[derive(Default)]
pub struct ScriptedFetcher {
    site: HashMap<String, Script>,
    log: Mutex<Vec<(String, Instant)>>,
}

impl ScriptedFetcher {
    pub fn new(site: &[(&str, Script)]) -> Self {
        let site = site.iter().map(|(url, script)| ((*url).to_owned(), script.clone())).collect();
        Self { site, log: Mutex::default() }
    }

    /// The URLs that were asked for, in order.
    pub fn asked(&self) -> Vec<String> {
        self.log.lock().unwrap().iter().map(|(url, _)| url.clone()).collect()
    }

    pub fn times_asked(&self, url: &str) -> usize {
        self.asked().iter().filter(|asked| *asked == url).count()
    }

    pub fn times(&self) -> Vec<Instant> {
        self.log.lock().unwrap().iter().map(|(_, when)| *when).collect()
    }

    fn answer(&self, request: &FetchRequest) -> Answer {
        let address = request.url.as_str();
        match self.site.get(address) {
            None => Answer::Refused { status: 404 },
            Some(Script::Page(_)) if request.want == Want::Markdown => {
                Answer::NotAPage { media_type: Some("text/html".to_owned()) }
            }
            Some(Script::Page(body)) => page(&request.url, body),
            Some(Script::Markdown(body)) => {
                let Answer::Page(mut fetched) = page(&request.url, body) else { unreachable!() };
                let exchange = fetched.exchange.as_mut().unwrap();
                exchange.response_headers = vec![("content-type".to_owned(), "text/markdown".to_owned())];
                Answer::Page(fetched)
            }
            Some(Script::Tagged(etag, body)) => {
                let known = request.validators.as_ref().and_then(|validators| validators.etag.as_deref());
                let Answer::Page(mut fetched) = page(&request.url, body) else { unreachable!() };
                let exchange = fetched.exchange.as_mut().unwrap();
                exchange.response_headers.push(("etag".to_owned(), (*etag).to_owned()));
                if known != Some(*etag) {
                    return Answer::Page(fetched);
                }
                (exchange.status, exchange.body) = (304, vec![]);
                Answer::NotModified(fetched)
            }
            Some(Script::Refused(status)) => Answer::Refused { status: *status },
            Some(Script::Redirect(to)) => {
                Answer::Redirect { to: request.url.join(to).unwrap(), by: RedirectBy::Http }
            }
            Some(Script::NotAPage) => Answer::NotAPage { media_type: Some("application/pdf".to_owned()) },
            Some(Script::Fails) => {
                Answer::Failed { cause: "connection lost".to_owned(), status: None, retry_after: None }
            }
            Some(Script::Busy { times, retry_after }) if self.times_asked(address) <= *times => {
                let retry_after = retry_after.map(Duration::from_secs);
                Answer::Failed { cause: "HTTP 429".to_owned(), status: Some(429), retry_after }
            }
            Some(Script::Busy { .. }) => page(&request.url, ""),
        }
    }
}

fn page(url: &CanonicalUrl, body: &str) -> Answer {
    Answer::Page(Box::new(Fetched {
        url: url.clone(),
        fetched_at: Timestamp::UNIX_EPOCH,
        exchange: Some(Exchange {
            target: url.document(),
            request_headers: vec![],
            status: 200,
            response_headers: vec![("content-type".to_owned(), "text/html".to_owned())],
            body: body.as_bytes().to_vec(),
        }),
        dom: None,
        twin: None,
    }))
}

impl Fetcher for ScriptedFetcher {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer> {
        async move {
            self.log.lock().unwrap().push((request.url.to_string(), Instant::now()));
            tokio::time::sleep(Duration::from_millis(100)).await;
            self.answer(&request)
        }
        .boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }
}

/// A page that links to these.
pub fn links(targets: &[&str]) -> Script {
    Script::Page(targets.iter().map(|target| format!("<a href=\"{target}\">x</a>")).collect())
}

pub fn text(body: &str) -> Script {
    Script::Page(body.to_owned())
}

/// The links of a page as the tests write them; those behind `<nav>` belong to the menu.
pub fn outlinks(page: &Fetched) -> Vec<FoundLink> {
    let body = String::from_utf8_lossy(&page.exchange.as_ref().unwrap().body).into_owned();
    let (content, menu) = body.split_once("<nav>").unwrap_or((&body, ""));
    let of = |html: &str, found_by: FoundBy| -> Vec<FoundLink> {
        let targets = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        targets.filter_map(|target| Some((page.url.join(target).ok()?, found_by))).collect()
    };
    [of(content, FoundBy::Content), of(menu, FoundBy::Navigation)].concat()
}

/// The listings that a page points to as the tests write them: `<index src="…">` and `<feed src="…">`.
pub fn listings(page: &Fetched) -> Vec<Listing> {
    let body = String::from_utf8_lossy(&page.exchange.as_ref().unwrap().body).into_owned();
    let targets = |mark: &str| -> Vec<CanonicalUrl> {
        let named = body.split(mark).skip(1).filter_map(|rest| rest.split('"').next());
        named.map(|target| page.url.join(target).unwrap()).collect()
    };
    let indexes = targets("<index src=\"").into_iter().map(Listing::Index);
    indexes.chain(targets("<feed src=\"").into_iter().map(Listing::Sitemap)).collect()
}

/// How a crawl went.
pub struct Run {
    pub result: Result<CrawlSummary, CrawlError>,
    pub report: Vec<ReportLine>,
    pub checks: Checks,
    pub events: Vec<CrawlEvent>,
}

impl Run {
    pub fn summary(&self) -> &CrawlSummary {
        self.result.as_ref().unwrap()
    }

    /// The report as `path outcome reason detail`, one line each.
    pub fn lines(&self) -> Vec<String> {
        let line = |line: &ReportLine| {
            let words = [Some(line.outcome.clone()), line.reason.clone(), line.detail.clone()];
            let words: Vec<String> = words.into_iter().flatten().collect();
            format!("{} {}", line.url.path(), words.join(" "))
        };
        self.report.iter().map(line).collect()
    }
}

/// Opens the frontier in the folder and crawls.
pub async fn run(folder: &Path, config: &SiteConfig, fetcher: &dyn Fetcher, archive: &Archive) -> Run {
    run_until(folder, config, fetcher, archive, CancellationToken::new()).await
}

pub async fn run_until(
    folder: &Path,
    config: &SiteConfig,
    fetcher: &dyn Fetcher,
    archive: &Archive,
    stop: CancellationToken,
) -> Run {
    run_with(folder, config, fetcher, archive, stop, HostClocks::with_jitter(|_| Duration::ZERO)).await
}

pub async fn run_with(
    folder: &Path,
    config: &SiteConfig,
    fetcher: &dyn Fetcher,
    archive: &Archive,
    stop: CancellationToken,
    hosts: HostClocks,
) -> Run {
    let frontier = Frontier::open(folder, config, hosts).unwrap();
    run_in(frontier, config, fetcher, archive, stop).await
}

/// Asks what changed since the folder was crawled, or goes on with that.
pub async fn update(folder: &Path, config: &SiteConfig, fetcher: &dyn Fetcher, archive: &Archive) -> Run {
    update_until(folder, config, fetcher, archive, CancellationToken::new()).await
}

pub async fn update_until(
    folder: &Path,
    config: &SiteConfig,
    fetcher: &dyn Fetcher,
    archive: &Archive,
    stop: CancellationToken,
) -> Run {
    let hosts = HostClocks::with_jitter(|_| Duration::ZERO);
    let mut frontier = Frontier::open(folder, config, hosts).unwrap();
    let update = Update { started_at: Timestamp::now(), first_warc: 2 };
    frontier.begin_update(update, config.fetch.render != RenderMode::Never, &[]).unwrap();
    run_in(frontier, config, fetcher, archive, stop).await
}

async fn run_in(
    mut frontier: Frontier,
    config: &SiteConfig,
    fetcher: &dyn Fetcher,
    archive: &Archive,
    stop: CancellationToken,
) -> Run {
    let events = Mutex::new(Vec::new());
    let mut recorder = archive.clone();
    let recorded = archive.pages.lock().unwrap().clone();
    let result = crawl(
        Crawl {
            config,
            fetcher,
            recorder: &mut recorder,
            recorded,
            outlinks: &|page| PageLinks { listings: listings(page), ..PageLinks::plain(outlinks(page)) },
            is_same: &|recorded, page| {
                let body = |page: &Fetched| page.exchange.as_ref().map(|exchange| exchange.body.clone());
                let html = |page: &Fetched| page.dom.as_ref().map(|dom| dom.html.clone());
                recorded.url == page.url && body(recorded) == body(page) && html(recorded) == html(page)
            },
            events: &|event| events.lock().unwrap().push(event),
            stop,
        },
        &mut frontier,
    )
    .await;
    let report = frontier.report().unwrap();
    let checks = frontier.checks().unwrap();
    Run { result, report, checks, events: events.into_inner().unwrap() }
}

/// What a loopback server answers at a path.
#[derive(Clone, Default)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
    /// How long the server thinks.
    pub after: Duration,
}

impl Reply {
    pub fn html(body: &str) -> Self {
        Self::of(200, &[("content-type", "text/html; charset=utf-8")], body)
    }

    pub fn text(body: &str) -> Self {
        Self::of(200, &[("content-type", "text/plain")], body)
    }

    pub fn redirect(to: &str) -> Self {
        Self::of(302, &[("location", to)], "")
    }

    pub fn of(status: u16, headers: &[(&'static str, &str)], body: impl AsRef<[u8]>) -> Self {
        let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { status, headers, body: body.as_ref().to_vec(), after: Duration::ZERO }
    }
}

/// One request as the server saw it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub path: String,
    pub at: std::time::Instant,
    pub headers: axum::http::HeaderMap,
}

/// A server on a loopback port, with a log. Its replies may depend on how often the path was asked for before.
pub struct Server {
    pub base: String,
    pub seen: Arc<Mutex<Vec<Seen>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    pub async fn start(reply: impl Fn(&str, usize) -> Reply + Clone + Send + Sync + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let log = seen.clone();
        let handler = move |request: axum::extract::Request| {
            let path = request.uri().path_and_query().unwrap().to_string();
            let before = {
                let mut log = log.lock().unwrap();
                let before = log.iter().filter(|seen| seen.path == path).count();
                let (at, headers) = (std::time::Instant::now(), request.headers().clone());
                log.push(Seen { path: path.clone(), at, headers });
                before
            };
            let reply = reply(&path, before);
            async move {
                tokio::time::sleep(reply.after).await;
                let mut response = axum::response::Response::builder().status(reply.status);
                for (name, value) in &reply.headers {
                    response = response.header(*name, value);
                }
                response.body(axum::body::Body::from(reply.body)).unwrap()
            }
        };
        let app = axum::Router::new().fallback(handler);
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { base, seen, task }
    }

    pub fn url(&self, path: &str) -> CanonicalUrl {
        url(&format!("{}{path}", self.base))
    }

    pub fn paths(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|seen| seen.path.clone()).collect()
    }

    pub fn times(&self) -> Vec<std::time::Instant> {
        self.seen.lock().unwrap().iter().map(|seen| seen.at).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}
