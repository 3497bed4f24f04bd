//! A loopback site whose pages are rendered one by one.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use skillcrawl::fetch::browser::{Browser, BrowserOptions, RenderJob, RenderOutcome};
use skillcrawl::fetched::{Dom, Exchange};
use skillcrawl::url::CanonicalUrl;

use super::chrome::chrome;

/// What the site serves besides the documents, and what it was asked for.
pub struct RenderedSite {
    /// Its root.
    pub base: CanonicalUrl,
    asked: Arc<Mutex<Vec<String>>>,
}

#[derive(Clone, Default)]
struct Files {
    files: BTreeMap<&'static str, (&'static str, &'static str)>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl RenderedSite {
    /// Serves `(path, media type, body)`. A query `delay=N` delays the answer by N milliseconds, `chunk=N` sends each
    /// line of it N milliseconds after the one before.
    pub async fn serve(files: &[(&'static str, &'static str, &'static str)]) -> Self {
        let files = Files {
            files: files.iter().map(|(path, kind, body)| (*path, (*kind, *body))).collect(),
            ..Files::default()
        };
        let asked = Arc::clone(&files.asked);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = CanonicalUrl::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let router = Router::new().fallback(answer).with_state(files);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { base, asked }
    }

    /// A browser that may ask this site and nobody else.
    pub fn options(&self) -> BrowserOptions {
        BrowserOptions {
            chrome: Some(chrome().to_owned()),
            allowed_authority: Some(self.base.authority()),
            host_rules: Some("MAP * ~NOTFOUND , EXCLUDE 127.0.0.1".to_owned()),
            ..BrowserOptions::default()
        }
    }

    /// An address of the site.
    pub fn url(&self, path: &str) -> CanonicalUrl {
        self.base.join(path).unwrap()
    }

    /// The paths asked for so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Waits until something was asked for so often, half a minute at most.
    #[allow(dead_code, reason = "not every test program waits for it")]
    pub async fn wait_until_asked(&self, path: &str, times: usize) {
        let since = Instant::now();
        while self.asked().iter().filter(|asked| *asked == path).count() < times {
            assert!(since.elapsed() < Duration::from_secs(30), "waited in vain: {:?}", self.asked());
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Renders `html` as the document of `path`.
    pub async fn render(&self, browser: &Browser, path: &str, html: &str) -> RenderOutcome {
        let url = self.url(path);
        let document = Exchange {
            target: url.document(),
            request_headers: Vec::new(),
            status: 200,
            response_headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
            body: html.as_bytes().to_vec(),
        };
        browser.render(RenderJob { url: &url, document: &document, application: None }).await
    }

    /// Renders one page in a browser of its own.
    pub async fn render_alone(&self, html: &str) -> RenderOutcome {
        let browser = Browser::launch(self.options()).await.unwrap();
        let outcome = self.render(&browser, "page", html).await;
        browser.close().await;
        outcome
    }
}

/// The document of a page that was rendered.
#[track_caller]
pub fn dom(outcome: RenderOutcome) -> Dom {
    match outcome {
        RenderOutcome::Dom(dom) => dom,
        other => panic!("not rendered: {other:?}"),
    }
}

async fn answer(State(files): State<Files>, request: Request) -> Response {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    files.asked.lock().unwrap().push(path.clone());
    tokio::time::sleep(millis(&path, "delay=").unwrap_or_default()).await;
    let chunk = millis(&path, "chunk=");
    let path = path.split('?').next().unwrap_or_default();
    let Some((kind, body)) = files.files.get(path) else {
        return axum::http::StatusCode::NOT_FOUND.into_response();
    };
    let Some(pause) = chunk else { return ([(CONTENT_TYPE, *kind)], *body).into_response() };
    let lines = futures::stream::unfold(body.split_inclusive('\n'), move |mut rest| async move {
        let line = rest.next()?;
        tokio::time::sleep(pause).await;
        Some((Ok::<_, std::convert::Infallible>(line), rest))
    });
    ([(CONTENT_TYPE, *kind)], axum::body::Body::from_stream(lines)).into_response()
}

fn millis(path: &str, name: &str) -> Option<Duration> {
    let (_, rest) = path.split_once(name)?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().map(Duration::from_millis)
}
