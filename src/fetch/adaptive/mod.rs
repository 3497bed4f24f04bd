//! As much browser as a site needs: rendering by template, with HTTP alone where that gives the same.
//!
//! In order: the server is asked for the document once; the `PageJudge` tells the page's template from it; what was
//! `learned` of that template says whether the page is kept as sent, rendered, or rendered and compared. The browser is
//! served the very bytes that HTTP gave, so each rendered page shows both forms and a comparison costs no request.
//!
//! The first pages of a template are compared. While they agree, the rest comes over HTTP, save for one page in
//! [`CHECK_EVERY`] and any page that shows a mark (a script, a custom element, an empty container) which no compared
//! page of its template had. A page that differs for a mark of its own sends the pages with that mark to the browser;
//! one that differs without puts the template back, and tells the frontier so that what was kept since the last
//! agreeing check is rendered too. Where the browser is needed, the site's own Markdown of a page may hold what it shows
//! (`markdown`): that is found out, trusted and checked in the same way. A page that is addressed by a hash route always needs the browser.
//!
//! This module reads no HTML and knows no profile: both are the judge's. It never asks the server twice for a document.

mod learned;
mod markdown;
mod ways;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;

use super::errands::Errands;
use super::judged::{Comparison, EarlierGroup, Note, judged};
use super::{Answer, FetchRequest, Fetcher, Want};
use crate::fetched::{Exchange, Fetched};
use crate::url::CanonicalUrl;

pub use super::sampling::CHECK_EVERY;
use learned::{Cheaper, Learned, Plan};

/// Tells pages apart and compares their forms; pure, and called where it may take its time.
pub trait PageJudge: Send + Sync {
    /// What the page is built like, from what the server sent.
    fn template(&self, page: &Fetched) -> Template;

    /// What the rendered form of a page has beyond the form as sent.
    fn compare(&self, page: &Fetched) -> Comparison;

    /// Where the page says that its Markdown is, in what the server sent.
    fn markdown_named(&self, page: &Fetched) -> Option<CanonicalUrl>;

    /// What the rendered form of a page has that the page as sent with its Markdown has not.
    fn compare_markdown(&self, page: &Fetched) -> Comparison;
}

/// What a page is built like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Equal for pages that are built alike.
    pub name: String,
    /// What may set the page apart from others of its template, above all what may be the work of a script: a page with a
    /// mark that its template did not show before is compared before it is trusted.
    pub marks: BTreeSet<String>,
}

/// Pages for which one comparison speaks, and of what.
#[derive(Clone, Debug)]
struct Group {
    name: String,
    marks: BTreeSet<String>,
    cheaper: Cheaper,
}

/// Fetches over HTTP and renders where that is needed.
pub struct AdaptiveFetcher {
    http: Arc<dyn Fetcher>,
    browser: Arc<dyn Fetcher>,
    judge: Arc<dyn PageJudge>,
    templates: Mutex<BTreeMap<String, Learned>>,
}

impl AdaptiveFetcher {
    /// A fetcher that asks the server through `http` and renders through `browser`, with what an earlier run learned.
    /// An earlier state that cannot be read is learned anew.
    pub fn new(
        http: Arc<dyn Fetcher>,
        browser: Arc<dyn Fetcher>,
        judge: Arc<dyn PageJudge>,
        earlier: &[EarlierGroup],
    ) -> Self {
        let learned = earlier.iter().filter_map(Learned::resume);
        let templates = learned.map(|learned| (learned.template.clone(), learned)).collect();
        Self { http, browser, judge, templates: Mutex::new(templates) }
    }

    async fn fetch_page(&self, request: FetchRequest) -> Answer {
        if request.url.route().is_some() {
            return self.browser.fetch(request).await;
        }
        let (url, errands) = (request.url.clone(), request.errands.clone());
        match self.http.fetch(request).await {
            Answer::Page(page) if is_html(&page) => self.judge_page(page, errands.as_deref()).await,
            answer @ Answer::Refused { .. } => self.browser.take_renamed(&url).map_or(answer, Answer::Page),
            answer => answer,
        }
    }

    async fn judge_page(&self, page: Box<Fetched>, errands: Option<&dyn Errands>) -> Answer {
        let (page, group) = self.group_of(page).await;
        let (plan, batch) = self.learned(&group, &page.url, |learned| learned.plan(&group.marks));
        tracing::debug!(url = %page.url, template = group.name, ?plan, "judged");
        match plan {
            Plan::AsSent => judged(page, Note::plain(group.name, batch)),
            Plan::Render => match errands {
                Some(errands) => self.markdown_or_render(page, group, errands).await,
                None => self.render_as(page, group).await,
            },
            Plan::Compare => self.load_as(page, group, Some(batch)).await,
        }
    }

    async fn render_again(&self, page: Box<Fetched>) -> Answer {
        // What has a rendered form is in doubt for the browser's own reasons.
        if page.url.route().is_some() || page.dom.is_some() || !is_html(&page) {
            return self.browser.render(page).await;
        }
        let (page, mut group) = self.group_of(page).await;
        if page.twin.is_some() {
            group = group.with_markdown();
        }
        let batch = self.learned(&group, &page.url, |learned| learned.plan_again(&group.marks));
        self.load_as(page, group, batch).await
    }

    async fn render_as(&self, page: Box<Fetched>, group: Group) -> Answer {
        match self.browser.render(page).await {
            Answer::Page(page) => judged(page, Note::plain(group.name, 0)),
            answer => answer,
        }
    }

    /// Loads a page in the browser, and compares its forms where that is to speak for a batch. What is loaded needs no
    /// Markdown beside it.
    async fn load_as(&self, page: Box<Fetched>, group: Group, compare_for: Option<u64>) -> Answer {
        let url = page.url.clone();
        let mut page = match self.browser.load(page).await {
            Answer::Page(page) => page,
            answer => {
                self.learned(&group, &url, Learned::abandon);
                return answer;
            }
        };
        let Some(batch) = compare_for.filter(|_| page.dom.is_some()) else {
            page.twin = None;
            return judged(page, Note::plain(group.name, 0));
        };
        let judge = Arc::clone(&self.judge);
        let cheaper = group.cheaper;
        let compared = tokio::task::spawn_blocking(move || {
            let comparison = match cheaper {
                Cheaper::Sent => judge.compare(&page),
                Cheaper::Markdown => judge.compare_markdown(&page),
            };
            page.twin = None;
            (page, comparison)
        });
        match compared.await {
            Ok((page, comparison)) => {
                let (verdict, state) = self.learned(&group, &page.url, |learned| {
                    let verdict = learned.learn(&page.url, &group.marks, comparison);
                    (verdict, learned.state())
                });
                judged(page, Note { group: group.name, verdict, batch, state })
            }
            Err(cause) => {
                self.learned(&group, &url, Learned::abandon);
                Answer::Failed { cause: format!("not compared: {cause}"), status: None, retry_after: None }
            }
        }
    }

    async fn group_of(&self, page: Box<Fetched>) -> (Box<Fetched>, Group) {
        let judge = Arc::clone(&self.judge);
        let sent = page.clone();
        // A document may have megabytes, and the engine is one task.
        let told = tokio::task::spawn_blocking(move || judge.template(&sent)).await;
        // A template of its own has no pages that agree, so the page is rendered.
        let unknown = || Template { name: format!("unknown: {}", page.url), marks: BTreeSet::new() };
        let Template { name, marks } = told.unwrap_or_else(|_| unknown());
        (page, Group { name, marks, cheaper: Cheaper::Sent })
    }

    fn learned<T>(&self, group: &Group, page: &CanonicalUrl, ask: impl FnOnce(&mut Learned) -> T) -> T {
        let mut templates = self.lock();
        let learned = templates
            .entry(group.name.clone())
            .or_insert_with(|| Learned::new(group.name.clone(), page.clone(), group.cheaper));
        ask(learned)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Learned>> {
        self.templates.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fetcher for AdaptiveFetcher {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer> {
        match request.want {
            Want::Page => self.fetch_page(request).boxed(),
            Want::Text | Want::Markdown => self.http.fetch(request),
        }
    }

    fn render(&self, fetched: Box<Fetched>) -> BoxFuture<'_, Answer> {
        self.render_again(fetched).boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {
            self.browser.close().await;
            self.http.close().await;
        }
        .boxed()
    }
}

fn is_html(page: &Fetched) -> bool {
    page.exchange.as_ref().is_some_and(Exchange::is_html)
}
