//! How a survey asks for pages: over HTTP, and a few of them in the browser too, within a number of requests.
//!
//! Every request to the site counts, those of the browser's pages too. When the number is reached, the survey ends in good
//! order. The browser is started only when there is a page to be shown in it: one that is empty as sent, or one whose
//! scripts and styles are few enough.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio_util::sync::CancellationToken;

use super::fetchers::launch;
use super::judge::SiteJudge;
use super::printer::Printer;
use crate::config::{RenderMode, SiteConfig};
use crate::extract::{kept_letters, read_page};
use crate::fetch::adaptive::PageJudge;
use crate::fetch::browser::BrowserFetcher;
use crate::fetch::http::{HttpFetcher, HttpSetupError};
use crate::fetch::judged::Finding;
use crate::fetch::{Answer, FetchRequest, Fetcher, Want};
use crate::fetched::Fetched;
use crate::forge::Repository;
use crate::profile::Profiles;
use crate::survey::evidence::SHELL;
use crate::url::{CanonicalUrl, PageKey};

/// So many requests are left for pages when one is shown in the browser.
const KEPT_BACK: u64 = 2;

/// The number of requests that a survey may make.
#[derive(Debug)]
pub struct Budget {
    allowed: AtomicU64,
    /// What holds whatever is allowed.
    ceiling: AtomicU64,
    spent: AtomicU64,
    stop: CancellationToken,
}

impl Budget {
    /// So many requests; `stop` is cancelled with the last.
    pub fn new(allowed: u64, stop: CancellationToken) -> Self {
        Self {
            allowed: AtomicU64::new(allowed),
            ceiling: AtomicU64::new(u64::MAX),
            spent: AtomicU64::new(0),
            stop,
        }
    }

    /// Allows so many in all, if that is more.
    pub fn raise(&self, allowed: u64) {
        self.allowed.fetch_max(allowed, Ordering::Relaxed);
    }

    /// Allows so many in all and never more.
    pub fn lower(&self, allowed: u64) {
        self.ceiling.fetch_min(allowed, Ordering::Relaxed);
    }

    /// What was asked so far.
    pub fn spent(&self) -> u64 {
        self.spent.load(Ordering::Relaxed)
    }

    /// Ends the survey.
    pub fn end(&self) {
        self.stop.cancel();
    }

    fn left(&self) -> u64 {
        let allowed = self.allowed.load(Ordering::Relaxed).min(self.ceiling.load(Ordering::Relaxed));
        allowed.saturating_sub(self.spent())
    }

    /// Takes requests; `false` where there are none left.
    fn take(&self, requests: u64) -> bool {
        let may = self.left() > 0;
        self.spent.fetch_add(requests * u64::from(may), Ordering::Relaxed);
        if self.left() == 0 {
            self.stop.cancel();
        }
        may
    }
}

/// How many pages are shown in the browser, and how readily.
#[derive(Clone, Copy, Debug)]
pub struct Showing {
    /// The most pages.
    pub most: u32,
    /// Whether also pages that hold their text as sent are shown.
    pub eager: bool,
}

/// Asks for pages on behalf of a survey.
pub struct SurveyFetcher<'a> {
    http: Arc<HttpFetcher>,
    config: &'a SiteConfig,
    profiles: &'a Profiles,
    judge: Arc<SiteJudge>,
    chrome: Option<&'a Path>,
    printer: &'a Printer,
    budget: Arc<Budget>,
    showing: Showing,
    browser: tokio::sync::Mutex<Stage>,
    shown: Mutex<Shown>,
    /// A site that shows nothing without the browser cannot be looked at without it.
    needs_browser: AtomicBool,
}

/// The browser, as far as it is needed.
enum Stage {
    Down,
    Running(Box<BrowserFetcher>),
    Missing,
}

#[derive(Default)]
struct Shown {
    count: u32,
    /// What the dearest page cost.
    cost: u64,
    needs: HashMap<PageKey, bool>,
    missing: Option<String>,
    /// Documents of which several routes are pages.
    shells: HashMap<PageKey, Fetched>,
}

impl<'a> SurveyFetcher<'a> {
    /// A fetcher for the site of a config.
    ///
    /// # Errors
    ///
    /// [`HttpSetupError`] when the HTTP client cannot be set up.
    pub fn new(
        (config, profiles): (&'a SiteConfig, &'a Profiles),
        judge: Arc<SiteJudge>,
        (chrome, printer): (Option<&'a Path>, &'a Printer),
        budget: Arc<Budget>,
        showing: Showing,
    ) -> Result<Self, HttpSetupError> {
        let site = config.scope.base_url.authority();
        let forge = config.scope.repository.as_ref().map(Repository::authorities).unwrap_or_default();
        let http = HttpFetcher::new(site, &config.politeness.user_agent, config.fetch.page_timeout)?;
        Ok(Self {
            http: Arc::new(http.with_sites(forge)),
            config,
            profiles,
            judge,
            chrome,
            printer,
            budget,
            showing,
            browser: tokio::sync::Mutex::new(Stage::Down),
            shown: Mutex::default(),
            needs_browser: AtomicBool::new(false),
        })
    }

    /// Whether a page needs the browser; `None` where it was not shown there.
    pub fn needs_browser(&self, url: &CanonicalUrl) -> Option<bool> {
        self.shown().needs.get(&url.key()).copied()
    }

    /// Why there is no browser, if one was wanted.
    pub fn missing_browser(&self) -> Option<String> {
        self.shown().missing.clone()
    }

    fn shown(&self) -> std::sync::MutexGuard<'_, Shown> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(&self, request: FetchRequest) -> Answer {
        if request.want != Want::Page {
            return self.ask(request).await;
        }
        let url = request.url.clone();
        let answer = match self.shell_of(&url) {
            Some(shell) => Answer::Page(Box::new(Fetched { url: url.clone(), ..shell })),
            None => self.ask(request).await,
        };
        let Answer::Page(page) = answer else { return answer };
        self.keep_shell(&page);
        if self.is_worth_showing(&page) { self.show(page).await } else { Answer::Page(page) }
    }

    async fn ask(&self, request: FetchRequest) -> Answer {
        if !self.budget.take(1) {
            return Answer::Failed {
                cause: "the survey is over".to_owned(),
                status: None,
                retry_after: None,
            };
        }
        self.http.fetch(request).await
    }

    /// Several routes of one document cost one request.
    fn shell_of(&self, url: &CanonicalUrl) -> Option<Fetched> {
        url.route()?;
        self.shown().shells.get(&url.document().key()).cloned()
    }

    fn keep_shell(&self, page: &Fetched) {
        if page.url.route().is_some() || self.shown().shells.is_empty() {
            let shell = Fetched { dom: None, ..page.clone() };
            self.shown().shells.insert(page.url.document().key(), shell);
        }
    }

    fn is_worth_showing(&self, page: &Fetched) -> bool {
        let Some(exchange) = page.exchange.as_ref().filter(|exchange| exchange.is_html()) else {
            return false;
        };
        if self.config.fetch.render == RenderMode::Never || self.config.scope.repository.is_some() {
            return false;
        }
        let (count, dearest, is_missing) = {
            let shown = self.shown();
            (shown.count, shown.cost, shown.missing.is_some())
        };
        let left = self.budget.left();
        if is_missing || count >= self.showing.most {
            return false;
        }
        let letters = self.letters(page);
        let cost = if count == 0 { loads(&exchange.body) } else { dearest };
        if letters < SHELL || self.needs_browser.load(Ordering::Relaxed) {
            return count == 0 || cost < left;
        }
        // What is read well as sent is shown only where that costs a part of what is left.
        let share = if self.showing.eager { left } else { left / 3 };
        cost <= share
    }

    /// The letters of a page's content.
    fn letters(&self, page: &Fetched) -> usize {
        kept_letters(&read_page(page, self.profiles, &self.config.extract).document)
    }

    /// Shows a page in the browser, and compares the two forms.
    async fn show(&self, page: Box<Fetched>) -> Answer {
        let mut stage = self.browser.lock().await;
        if matches!(*stage, Stage::Down) {
            *stage = match launch((self.chrome, None), self.config, self.profiles, self.printer).await {
                Ok(browser) => {
                    let http: Arc<dyn Fetcher> = Arc::clone(&self.http) as _;
                    Stage::Running(Box::new(BrowserFetcher::new(http, browser)))
                }
                Err(failure) => {
                    self.shown().missing = Some(failure.message);
                    Stage::Missing
                }
            };
        }
        let Stage::Running(browser) = &*stage else { return Answer::Page(page) };
        let before = browser.browser().asked_own_hosts();
        let most = before + self.budget.left().saturating_sub(KEPT_BACK).max(1);
        browser.browser().limit_own_hosts(most);
        let answer = browser.render(Box::clone(&page)).await;
        let is_cut = browser.browser().asked_own_hosts() >= most;
        let cost = browser.browser().asked_own_hosts().saturating_sub(before);
        self.budget.take(cost);
        {
            let mut shown = self.shown();
            shown.count += 1;
            shown.cost = shown.cost.max(cost);
        }
        match answer {
            // What lacked a script says nothing of what a visitor sees; where there is no more than that, it is all there is.
            Answer::Page(rendered) if is_cut && self.letters(&page) >= SHELL => {
                Answer::Page(Box::new(Fetched { dom: None, ..*rendered }))
            }
            Answer::Page(rendered) => {
                self.note(&rendered);
                Answer::Page(rendered)
            }
            Answer::Redirect { .. } => answer,
            // As sent it is a page all the same.
            _ => Answer::Page(page),
        }
    }

    fn note(&self, rendered: &Fetched) {
        let needs = match self.judge.compare(rendered).finding {
            Finding::Same => false,
            Finding::MoreLinks | Finding::Different | Finding::Hidden => true,
            Finding::Inconclusive => return,
        };
        let letters = self.letters(&Fetched { dom: None, ..rendered.clone() });
        self.shown().needs.insert(rendered.url.key(), needs);
        if needs && letters < SHELL {
            self.needs_browser.store(true, Ordering::Relaxed);
        }
        let is_over = {
            let shown = self.shown();
            shown.count >= self.showing.most || shown.cost >= self.budget.left()
        };
        if is_over && self.needs_browser.load(Ordering::Relaxed) {
            self.budget.end();
        }
    }
}

/// What a document asks its host for when it is shown, as far as it says so itself: scripts and styles.
fn loads(body: &[u8]) -> u64 {
    let text = String::from_utf8_lossy(body).to_lowercase();
    let tags = |start: &str, mark: &str| {
        let found = text.match_indices(start).filter(|(at, _)| {
            let tag = text.get(*at..).unwrap_or_default();
            let tag = tag.split('>').next().unwrap_or_default();
            tag.contains(mark)
        });
        u64::try_from(found.count()).unwrap_or(u64::MAX)
    };
    tags("<script", "src=") + tags("<link", "stylesheet") + tags("<link", "modulepreload")
}

impl Fetcher for SurveyFetcher<'_> {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer> {
        self.answer(request).boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {
            if let Stage::Running(browser) = &*self.browser.lock().await {
                browser.close().await;
            }
        }
        .boxed()
    }
}

#[cfg(test)]
mod tests {
    use tokio_util::sync::CancellationToken;

    use super::{Budget, loads};

    #[test]
    fn a_budget_ends_and_a_ceiling_stays() {
        let stop = CancellationToken::new();
        let budget = Budget::new(2, stop.clone());
        budget.raise(9);
        budget.lower(3);
        budget.raise(20);
        assert!(budget.take(1) && budget.take(1) && !stop.is_cancelled());
        assert!(budget.take(1) && stop.is_cancelled());
        assert!(!budget.take(1));
        assert_eq!(budget.spent(), 3);
    }

    #[test]
    fn scripts_and_styles_are_counted() {
        let page = "<link rel=stylesheet href=a><LINK rel=modulepreload href=b><link rel=icon href=c><script src=d></script>\
                    <script>inline</script>";
        assert_eq!(loads(page.as_bytes()), 3);
    }
}
