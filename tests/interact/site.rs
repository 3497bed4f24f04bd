//! A loopback site whose pages are rendered with the interactions of the profiles, and read to Markdown.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use skillcrawl::cli::interactions::interactions;
use skillcrawl::config::ExtractRules;
use skillcrawl::extract::{outlinks, read_page};
use skillcrawl::fetch::browser::{Browser, BrowserOptions, Interactions, RenderJob, RenderOutcome};
use skillcrawl::fetched::{Exchange, Fetched};
use skillcrawl::markdown::to_markdown;
use skillcrawl::profile::Profiles;
use skillcrawl::url::CanonicalUrl;

use crate::chrome::chrome;

/// A site, and how its pages are rendered.
pub struct Site {
    base: CanonicalUrl,
    asked: Arc<Mutex<Vec<String>>>,
    profiles: Profiles,
    interactions: Interactions,
}

/// A page as it was read.
#[derive(Debug)]
pub struct Page {
    /// The rendered document.
    pub html: String,
    /// What was read from it.
    pub markdown: String,
    /// Paths of the links that lead to other pages.
    pub links: Vec<String>,
    /// Clicks of the site so far.
    pub clicks: u64,
}

impl Page {
    #[track_caller]
    pub fn check(&self, markdown: &str) {
        assert_eq!(self.markdown, markdown, "{}", self.html);
    }
}

#[derive(Clone)]
struct Files {
    files: Arc<BTreeMap<&'static str, (&'static str, &'static str)>>,
    asked: Arc<Mutex<Vec<String>>>,
}

async fn answer(State(files): State<Files>, request: Request) -> Response {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    files.asked.lock().unwrap().push(path.clone());
    let delay = path.split_once("delay=").and_then(|(_, millis)| millis.parse().ok());
    tokio::time::sleep(Duration::from_millis(delay.unwrap_or(0))).await;
    match files.files.get(path.split('?').next().unwrap_or_default()) {
        Some((kind, body)) => ([(CONTENT_TYPE, *kind)], *body).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

impl Site {
    /// Serves `(path, media type, body)`; a query `delay=N` delays the answer by N milliseconds.
    pub async fn serve(files: &[(&'static str, &'static str, &'static str)]) -> Self {
        let asked = Arc::default();
        let files = files.iter().map(|(path, kind, body)| (*path, (*kind, *body))).collect();
        let state = Files { files: Arc::new(files), asked: Arc::clone(&asked) };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(state);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { asked, ..Self::at(&base) }
    }

    /// The site that another server serves, at its address.
    pub fn at(base: &str) -> Self {
        let profiles = Profiles::builtin().unwrap();
        let interactions = interactions(&ExtractRules::default(), &profiles);
        Self { base: CanonicalUrl::parse(base).unwrap(), asked: Arc::default(), profiles, interactions }
    }

    /// With nothing to click.
    pub fn without_interactions(mut self) -> Self {
        self.interactions = Interactions::default();
        self
    }

    /// With one more profile, which the config names.
    pub fn with_profile(mut self, text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("mine.toml"), text).unwrap();
        self.profiles = Profiles::with_folder(folder.path()).unwrap();
        let rules = ExtractRules { profile: Some("mine".to_owned()), ..ExtractRules::default() };
        self.interactions = interactions(&rules, &self.profiles);
        self
    }

    /// What the server was asked for.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Renders and reads one page.
    pub async fn read(&self, html: &str) -> Page {
        self.read_all(&[html]).await.remove(0)
    }

    /// Renders and reads pages one after another in one browser.
    pub async fn read_all(&self, pages: &[&str]) -> Vec<Page> {
        self.outcomes(pages).await.into_iter().map(|page| page.unwrap()).collect()
    }

    /// As [`Site::read_all`], with the outcomes that are no page as text.
    pub async fn outcomes(&self, pages: &[&str]) -> Vec<Result<Page, String>> {
        let pages: Vec<(String, String)> =
            pages.iter().map(|html| ("page".to_owned(), (*html).to_owned())).collect();
        self.render_all(&pages).await
    }

    /// Renders documents, each at its path, one after another in one browser.
    pub async fn render_all(&self, pages: &[(String, String)]) -> Vec<Result<Page, String>> {
        let options = BrowserOptions {
            chrome: Some(chrome().to_owned()),
            tabs: 1,
            allowed_authority: Some(self.base.authority()),
            host_rules: Some("MAP * ~NOTFOUND , EXCLUDE 127.0.0.1".to_owned()),
            content_roots: self.profiles.content_roots(),
            interactions: self.interactions.clone(),
            // The clicks of a page have a part of its time, which a busy machine needs.
            page_timeout: Duration::from_secs(60),
            ..BrowserOptions::default()
        };
        let browser = Browser::launch(options).await.unwrap();
        let mut read = Vec::new();
        for (path, html) in pages {
            read.push(self.render(&browser, path, html).await);
        }
        browser.close().await;
        read
    }

    async fn render(&self, browser: &Browser, path: &str, html: &str) -> Result<Page, String> {
        let url = self.base.join(path).unwrap();
        let document = Exchange {
            target: url.document(),
            request_headers: Vec::new(),
            status: 200,
            response_headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
            body: html.as_bytes().to_vec(),
        };
        let dom = match browser.render(RenderJob { url: &url, document: &document, application: None }).await
        {
            RenderOutcome::Dom(dom) => dom,
            other => return Err(format!("{other:?}")),
        };
        let html = dom.html.clone();
        let fetched = Fetched {
            url: url.clone(),
            fetched_at: Timestamp::UNIX_EPOCH,
            exchange: None,
            dom: Some(dom),
            twin: None,
        };
        let rules = ExtractRules::default();
        let reading = read_page(&fetched, &self.profiles, &rules);
        let links = outlinks(&fetched, &self.profiles, &rules);
        let path = |link: &CanonicalUrl| link.as_str().replacen(self.base.as_str(), "/", 1);
        let away = links.iter().filter(|link| link.url != url);
        Ok(Page {
            html,
            markdown: to_markdown(&reading.document).replace(self.base.as_str(), "BASE/"),
            links: away.map(|link| path(&link.url)).collect(),
            clicks: self.interactions.clicks(),
        })
    }
}
