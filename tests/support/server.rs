//! A loopback server that writes down every request: what was asked, when, and by whom.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode, header};
use tokio::runtime::Runtime;

/// How often a request that has to wait looks whether it may be answered.
const WAIT: Duration = Duration::from_millis(5);

/// One request as the server saw it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// Path and query.
    pub path: String,
    /// When it came.
    pub at: Instant,
    /// The `User-Agent` header.
    pub user_agent: String,
    /// The `Host` header.
    pub host: String,
    /// Whether the request named what the client has already.
    #[allow(dead_code, reason = "not every test program asks")]
    pub conditional: bool,
}

/// A scripted answer, which wins over the files.
#[derive(Clone, Debug)]
pub struct Canned {
    /// The status code.
    pub status: u16,
    /// Header lines.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

impl Canned {
    /// With an `ETag`: who names it gets a 304.
    #[allow(dead_code, reason = "not every test program asks")]
    pub fn tagged(mut self, etag: &str) -> Self {
        self.headers.push(("etag", format!("\"{etag}\"")));
        self
    }

    /// An HTML page.
    pub fn html(body: impl Into<String>) -> Self {
        Self {
            status: 200,
            headers: vec![("content-type", "text/html; charset=utf-8".into())],
            body: body.into(),
        }
    }

    /// Plain text, as robots.txt.
    pub fn text(body: impl Into<String>) -> Self {
        Self { status: 200, headers: vec![("content-type", "text/plain".into())], body: body.into() }
    }

    /// A redirect.
    pub fn redirect(to: impl Into<String>) -> Self {
        Self { status: 302, headers: vec![("location", to.into())], body: String::new() }
    }
}

/// What a site server serves.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Files below this folder.
    pub root: Option<PathBuf>,
    /// The file that answers paths without a file, for routers that use the history of the browser.
    pub fallback: Option<String>,
    /// Answers by path.
    pub canned: BTreeMap<String, Canned>,
    /// Answers that are made up when somebody asks; path and query in, `None` for none.
    pub computed: Option<fn(&str) -> Option<Canned>>,
}

impl Site {
    /// The files of a folder.
    pub fn folder(root: impl Into<PathBuf>) -> Self {
        Self { root: Some(root.into()), ..Self::default() }
    }

    /// With an answer of its own for a path.
    pub fn with(mut self, path: &str, answer: Canned) -> Self {
        self.canned.insert(path.to_owned(), answer);
        self
    }

    /// With answers that are made up when somebody asks.
    pub fn computed(mut self, answer: fn(&str) -> Option<Canned>) -> Self {
        self.computed = Some(answer);
        self
    }

    /// With a file for paths that have none.
    pub fn fallback(mut self, file: Option<&str>) -> Self {
        self.fallback = file.map(str::to_owned);
        self
    }
}

/// A running server; it ends when this is dropped.
pub struct SiteServer {
    address: SocketAddr,
    shared: Shared,
    _runtime: Runtime,
}

#[derive(Clone)]
struct Shared {
    site: Arc<Mutex<Arc<Site>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
    allowance: Arc<Mutex<Option<Allowance>>>,
}

/// How many more requests of a kind are answered.
struct Allowance {
    begins: String,
    left: usize,
}

impl Shared {
    fn may_answer(&self, path: &str) -> bool {
        let mut allowance = self.allowance.lock().unwrap();
        let Some(allowance) = allowance.as_mut().filter(|allowance| path.starts_with(&allowance.begins))
        else {
            return true;
        };
        let may = allowance.left > 0;
        allowance.left = allowance.left.saturating_sub(1);
        may
    }
}

impl SiteServer {
    /// Serves a site on a free loopback port.
    pub fn start(site: Site) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let site = Arc::new(Mutex::new(Arc::new(site)));
        let shared = Shared { site, seen: Arc::default(), allowance: Arc::default() };
        let router = Router::new().fallback(answer).with_state(shared.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { address, shared, _runtime: runtime }
    }

    /// Serves another site from now on, and forgets what was asked.
    #[allow(dead_code, reason = "not every test program asks")]
    pub fn serve(&self, site: Site) {
        *self.shared.site.lock().unwrap() = Arc::new(site);
        self.shared.seen.lock().unwrap().clear();
    }

    /// Answers so many further requests for what begins like this, and lets all others wait: a crawl that is to be killed
    /// in the middle does not come to its end before, however late the test is.
    #[allow(dead_code, reason = "not every test program kills a crawl")]
    pub fn answer_only(&self, begins: &str, requests: usize) {
        let allowance = Allowance { begins: begins.to_owned(), left: requests };
        *self.shared.allowance.lock().unwrap() = Some(allowance);
    }

    /// Answers everything again.
    #[allow(dead_code, reason = "not every test program kills a crawl")]
    pub fn answer_all(&self) {
        *self.shared.allowance.lock().unwrap() = None;
    }

    /// `http://127.0.0.1:PORT` with the path appended.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Every request so far, in order.
    pub fn seen(&self) -> Vec<Seen> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// The paths asked for so far, in order.
    pub fn paths(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.path).collect()
    }

    /// How often a path was asked for.
    pub fn count(&self, path: &str) -> usize {
        self.paths().iter().filter(|seen| *seen == path).count()
    }
}

async fn answer(State(shared): State<Shared>, request: Request) -> Response<Body> {
    // The body is of no interest, and it would have to be shared between threads across the waits below.
    let (head, _) = request.into_parts();
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let text = |name| head.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("").to_owned();
    let seen = Seen {
        path: path.clone(),
        at: Instant::now(),
        user_agent: text(header::USER_AGENT),
        host: text(header::HOST),
        conditional: ["if-none-match", "if-modified-since"]
            .iter()
            .any(|name| head.headers.contains_key(*name)),
    };
    shared.seen.lock().unwrap().push(seen);
    while !shared.may_answer(&path) {
        tokio::time::sleep(WAIT).await;
    }
    let site = Arc::clone(&shared.site.lock().unwrap());
    let computed = || site.computed.and_then(|answer| answer(&path));
    if let Some(canned) = site.canned.get(&path).cloned().or_else(computed) {
        let etag = canned.headers.iter().find(|(name, _)| *name == "etag").map(|(_, etag)| etag.as_str());
        if let Some(etag) = etag.filter(|etag| *etag == text(header::IF_NONE_MATCH)) {
            let response = Response::builder().status(StatusCode::NOT_MODIFIED);
            return response.header("etag", etag).body(Body::empty()).unwrap();
        }
        let mut response = Response::builder().status(canned.status);
        for (name, value) in &canned.headers {
            response = response.header(*name, value);
        }
        return response.body(Body::from(canned.body)).unwrap();
    }
    file_answer(&site, head.uri.path()).await
}

async fn file_answer(site: &Site, path: &str) -> Response<Body> {
    let not_found =
        || Response::builder().status(StatusCode::NOT_FOUND).body(Body::from("not found")).unwrap();
    let Some(root) = &site.root else { return not_found() };
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let relative = Path::new(decoded.trim_start_matches('/'));
    if relative.components().any(|part| !matches!(part, Component::Normal(_))) {
        return not_found();
    }
    let mut file = root.join(relative);
    if file.is_dir() {
        if !path.ends_with('/') {
            let moved = Response::builder().status(StatusCode::MOVED_PERMANENTLY);
            return moved.header(header::LOCATION, format!("{path}/")).body(Body::empty()).unwrap();
        }
        file = file.join("index.html");
    }
    if !file.is_file() && file.with_extension("html").is_file() && file.extension().is_none() {
        file.set_extension("html");
    }
    if !file.is_file() {
        match &site.fallback {
            // A missing asset is missing; only what looks like a page falls back to the application.
            Some(fallback) if file.extension().is_none_or(|extension| extension == "html") => {
                file = root.join(fallback);
            }
            _ => return not_found(),
        }
    }
    match tokio::fs::read(&file).await {
        Ok(body) => Response::builder()
            .header(header::CONTENT_TYPE, media_type(&file))
            .body(Body::from(body))
            .unwrap(),
        Err(_) => not_found(),
    }
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" | "htm" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "md" => "text/markdown; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "xml" => "application/xml",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
