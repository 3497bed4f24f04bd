//! The fetcher that renders: the inner fetcher asks the server, the browser runs the page.
//!
//! A page is loaded, or had from another page of its `application` by the site's own router, where that is cheaper and
//! known to give the same.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt;
use futures::future::BoxFuture;

use super::application::{Applications, Plan, RouteJudge, name_of};
use super::{Browser, RenderJob, RenderOutcome};
use crate::fetch::judged::{EarlierGroup, Note, judged};
use crate::fetch::{Answer, FetchRequest, Fetcher, RedirectBy, Want};
use crate::fetched::{Dom, Exchange, Fetched, Validators};
use crate::url::CanonicalUrl;

/// How many of the last documents are kept: a hash-routed site has one, and it comes first.
const KEPT_SHELLS: usize = 4;
/// How many pages are kept until the address that they gave themselves is asked for.
const KEPT_RENAMED: usize = 8;
/// A larger document is no shell.
const LARGEST_SHELL: usize = 4 << 20;

/// Fetches through `inner` and renders every HTML page.
pub struct BrowserFetcher {
    inner: Arc<dyn Fetcher>,
    browser: Browser,
    router: Option<Router>,
    shells: Mutex<VecDeque<Fetched>>,
    renamed: Mutex<VecDeque<Fetched>>,
    asking: tokio::sync::Mutex<()>,
}

/// What it takes to go by the router of a site.
struct Router {
    judge: Arc<dyn RouteJudge>,
    applications: Applications,
}

impl BrowserFetcher {
    /// A fetcher that renders what `inner` fetches.
    pub fn new(inner: Arc<dyn Fetcher>, browser: Browser) -> Self {
        Self {
            inner,
            browser,
            router: None,
            shells: Mutex::default(),
            renamed: Mutex::default(),
            asking: tokio::sync::Mutex::default(),
        }
    }

    /// Goes by the site's own router where that gives what a load gives, by this judge and with what an earlier run learned.
    #[must_use]
    pub fn with_router(self, judge: Arc<dyn RouteJudge>, earlier: &[EarlierGroup]) -> Self {
        Self { router: Some(Router { judge, applications: Applications::resume(earlier) }), ..self }
    }

    /// The browser that renders.
    pub fn browser(&self) -> &Browser {
        &self.browser
    }

    async fn fetch_and_render(&self, request: FetchRequest) -> Answer {
        if request.want != Want::Page {
            return self.inner.fetch(request).await;
        }
        let url = request.url.clone();
        let answer = if url.route().is_some() {
            self.fetch_shell(&url).await
        } else {
            self.fetch_document(&url, request.validators).await
        };
        match answer {
            Answer::Page(mut fetched) => {
                fetched.url = url;
                self.render(fetched).await
            }
            Answer::Refused { .. } => self.take_renamed(&url).map_or(answer, Answer::Page),
            _ => answer,
        }
    }

    async fn fetch_document(&self, url: &CanonicalUrl, validators: Option<Validators>) -> Answer {
        let request = FetchRequest { validators, ..FetchRequest::new(url.document(), Want::Page) };
        let answer = self.inner.fetch(request).await;
        if let Answer::Page(fetched) = &answer {
            // Where it turns out that the site routes by hash, this was its shell.
            self.keep_shell(fetched);
        }
        answer
    }

    /// The document of a hash-routed page, asked for without a condition: it is one document for all its routes, and a
    /// route's own record says nothing about whether this run has it. Several of its routes may be in work at once; one of them asks the server.
    async fn fetch_shell(&self, url: &CanonicalUrl) -> Answer {
        let _turn = self.asking.lock().await;
        match self.shell_of(url) {
            Some(shell) => Answer::Page(Box::new(shell)),
            None => self.fetch_document(url, None).await,
        }
    }

    /// The rendered form of a page, by a load or by the router.
    async fn render(&self, mut fetched: Box<Fetched>) -> Answer {
        let (Some(router), Some(exchange)) = (&self.router, html_of(&fetched)) else {
            return self.load(fetched, None).await;
        };
        let name = name_of(exchange);
        if fetched.dom.as_ref().is_some_and(|dom| dom.routed) {
            return self.load_again(router, fetched, name).await;
        }
        let (plan, batch) = router.applications.plan(&name, &fetched.url);
        match plan {
            Plan::Load => self.load(fetched, None).await,
            Plan::Lead => match self.lead(router, &fetched, &name).await {
                Some(dom) => {
                    fetched.dom = Some(dom);
                    judged(fetched, Note::plain(name, batch))
                }
                None => self.load(fetched, Some(&name)).await,
            },
            Plan::Compare => {
                let routed = self.lead(router, &fetched, &name).await;
                self.load_and_compare(router, fetched, name, routed, batch).await
            }
        }
    }

    /// Loads a page that the router led to before.
    async fn load_again(&self, router: &Router, mut fetched: Box<Fetched>, name: String) -> Answer {
        let routed = fetched.dom.take();
        match router.applications.with(&name, &fetched.url, |known| known.plan_again()) {
            Some(batch) => self.load_and_compare(router, fetched, name, routed, batch).await,
            None => match self.load(fetched, None).await {
                Answer::Page(page) => judged(page, Note::plain(name, 0)),
                answer => answer,
            },
        }
    }

    async fn lead(&self, router: &Router, fetched: &Fetched, name: &str) -> Option<Dom> {
        let job = RenderJob { url: &fetched.url, document: html_of(fetched)?, application: Some(name) };
        let led = self.browser.lead(&job).await;
        router.applications.with(name, &fetched.url, |known| match &led {
            Ok(_) => known.has_led(),
            Err(why) => known.has_not_led(*why),
        });
        led.inspect_err(|why| tracing::debug!(url = %fetched.url, ?why, "not had by the router")).ok()
    }

    /// Loads a page and compares it with what the router gave, if it gave anything.
    async fn load_and_compare(
        &self,
        router: &Router,
        fetched: Box<Fetched>,
        name: String,
        routed: Option<Dom>,
        batch: u64,
    ) -> Answer {
        let url = fetched.url.clone();
        let abandon = || router.applications.with(&name, &url, |known| known.abandon());
        let (page, routed) = match (self.load(fetched, Some(&name)).await, routed) {
            (Answer::Page(page), Some(routed)) if page.dom.is_some() => (page, routed),
            (answer, _) => {
                abandon();
                return answer;
            }
        };
        let judge = Arc::clone(&router.judge);
        let compared = tokio::task::spawn_blocking(move || {
            let comparison = judge.compare_routed(&page, &routed);
            (page, comparison)
        });
        match compared.await {
            Ok((page, comparison)) => {
                let learn = |known: &mut super::application::Known| known.learn(&url, comparison, batch);
                let note = router.applications.with(&name, &url, learn);
                judged(page, note)
            }
            Err(cause) => {
                abandon();
                Answer::Failed { cause: format!("not compared: {cause}"), status: None, retry_after: None }
            }
        }
    }

    /// Loads a page in the browser; with the name of an application, it stays alive for its router.
    async fn load(&self, mut fetched: Box<Fetched>, application: Option<&str>) -> Answer {
        let Some(exchange) = html_of(&fetched) else { return Answer::Page(fetched) };
        match self.browser.render(RenderJob { url: &fetched.url, document: exchange, application }).await {
            RenderOutcome::Dom(dom) => {
                fetched.dom = Some(dom);
                Answer::Page(fetched)
            }
            RenderOutcome::Renamed { to, dom } => {
                self.keep_renamed(Fetched {
                    url: to.clone(),
                    fetched_at: fetched.fetched_at,
                    exchange: None,
                    dom: Some(dom),
                    twin: None,
                });
                Answer::Redirect { to, by: RedirectBy::Page }
            }
            RenderOutcome::Redirect { to } => Answer::Redirect { to, by: RedirectBy::Page },
            RenderOutcome::Failed { cause } if cause.may_pass() => {
                Answer::Failed { cause: cause.to_string(), status: Some(exchange.status), retry_after: None }
            }
            RenderOutcome::Failed { cause } => Answer::Broken { cause: cause.to_string() },
        }
    }

    /// Keeps a page that gave itself another address, until that address was asked for.
    fn keep_renamed(&self, fetched: Fetched) {
        let mut renamed = self.renamed.lock().unwrap_or_else(PoisonError::into_inner);
        if renamed.len() == KEPT_RENAMED {
            renamed.pop_front();
        }
        renamed.push_back(fetched);
    }

    /// The document of a hash-routed page, if it was fetched before.
    fn shell_of(&self, url: &CanonicalUrl) -> Option<Fetched> {
        let document = url.document();
        let shells = self.shells.lock().unwrap_or_else(PoisonError::into_inner);
        shells.iter().find(|shell| shell.url == document).cloned()
    }

    fn keep_shell(&self, fetched: &Fetched) {
        let small = fetched.exchange.as_ref().is_some_and(|exchange| exchange.body.len() <= LARGEST_SHELL);
        let mut shells = self.shells.lock().unwrap_or_else(PoisonError::into_inner);
        if !small || shells.iter().any(|shell| shell.url == fetched.url) {
            return;
        }
        if shells.len() == KEPT_SHELLS {
            shells.pop_front();
        }
        shells.push_back(fetched.clone());
    }
}

impl Fetcher for BrowserFetcher {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer> {
        self.fetch_and_render(request).boxed()
    }

    fn render(&self, fetched: Box<Fetched>) -> BoxFuture<'_, Answer> {
        async move {
            if fetched.url.route().is_none() {
                self.keep_shell(&fetched);
            }
            BrowserFetcher::render(self, fetched).await
        }
        .boxed()
    }

    fn load(&self, fetched: Box<Fetched>) -> BoxFuture<'_, Answer> {
        if fetched.url.route().is_none() {
            self.keep_shell(&fetched);
        }
        BrowserFetcher::load(self, fetched, None).boxed()
    }

    fn take_renamed(&self, url: &CanonicalUrl) -> Option<Box<Fetched>> {
        let mut renamed = self.renamed.lock().unwrap_or_else(PoisonError::into_inner);
        let at = renamed.iter().position(|page| page.url == *url)?;
        renamed.remove(at).map(Box::new)
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {
            self.browser.close().await;
            self.inner.close().await;
        }
        .boxed()
    }
}

fn html_of(page: &Fetched) -> Option<&Exchange> {
    page.exchange.as_ref().filter(|exchange| exchange.is_html())
}
