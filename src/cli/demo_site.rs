//! The bundled site's server: a few files from the program itself, on loopback.

use std::io;

use axum::Router;
use axum::body::Body;
use axum::http::{Response, StatusCode, Uri, header};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

/// The port that is tried first, so that two runs of the demo give the same addresses.
const USUAL_PORT: u16 = 8642;

/// The files of `fixtures/sites/spa/`, by path below the root.
const FILES: &[(&str, &[u8])] = &[
    ("app.js", include_bytes!("../../fixtures/sites/spa/app.js")),
    ("content/guides.html", include_bytes!("../../fixtures/sites/spa/content/guides.html")),
    ("content/guides.json", include_bytes!("../../fixtures/sites/spa/content/guides.json")),
    ("content/guides/ci.html", include_bytes!("../../fixtures/sites/spa/content/guides/ci.html")),
    ("content/guides/music.html", include_bytes!("../../fixtures/sites/spa/content/guides/music.html")),
    ("content/guides/photos.html", include_bytes!("../../fixtures/sites/spa/content/guides/photos.html")),
    ("content/home.html", include_bytes!("../../fixtures/sites/spa/content/home.html")),
    ("content/hooks-events.html", include_bytes!("../../fixtures/sites/spa/content/hooks-events.html")),
    ("content/hooks.html", include_bytes!("../../fixtures/sites/spa/content/hooks.html")),
    ("content/install.html", include_bytes!("../../fixtures/sites/spa/content/install.html")),
    ("content/menu.json", include_bytes!("../../fixtures/sites/spa/content/menu.json")),
    ("content/patterns.html", include_bytes!("../../fixtures/sites/spa/content/patterns.html")),
    ("content/private/notes.html", include_bytes!("../../fixtures/sites/spa/content/private/notes.html")),
    (
        "content/reference/commands.html",
        include_bytes!("../../fixtures/sites/spa/content/reference/commands.html"),
    ),
    (
        "content/reference/config.html",
        include_bytes!("../../fixtures/sites/spa/content/reference/config.html"),
    ),
    (
        "content/reference/options.json",
        include_bytes!("../../fixtures/sites/spa/content/reference/options.json"),
    ),
    ("content/undo.html", include_bytes!("../../fixtures/sites/spa/content/undo.html")),
    ("img/flow.svg", include_bytes!("../../fixtures/sites/spa/img/flow.svg")),
    ("img/mark.svg", include_bytes!("../../fixtures/sites/spa/img/mark.svg")),
    ("index.html", include_bytes!("../../fixtures/sites/spa/index.html")),
    ("option-card.js", include_bytes!("../../fixtures/sites/spa/option-card.js")),
    ("robots.txt", include_bytes!("../../fixtures/sites/spa/robots.txt")),
    ("sitemap.xml", include_bytes!("../../fixtures/sites/spa/sitemap.xml")),
    ("style.css", include_bytes!("../../fixtures/sites/spa/style.css")),
];

/// Files that name the address of the site, and what stands for it in them.
const TEMPLATES: [&str; 2] = ["robots.txt", "sitemap.xml"];
const ORIGIN: &str = "{{origin}}";

/// A running server; it ends when this is dropped.
#[derive(Debug)]
pub struct DemoSite {
    port: u16,
    _runtime: Runtime,
}

impl DemoSite {
    /// Serves the site on loopback.
    ///
    /// # Errors
    ///
    /// Whatever keeps a port from being bound.
    pub fn start() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let listener = runtime.block_on(bind())?;
        let port = listener.local_addr()?.port();
        let router = Router::new().fallback(move |uri: Uri| async move { answer(uri.path(), port) });
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Self { port, _runtime: runtime })
    }

    /// The root of the site.
    pub fn base_url(&self) -> String {
        format!("{}/", origin(self.port))
    }
}

fn origin(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

async fn bind() -> io::Result<TcpListener> {
    match TcpListener::bind(("127.0.0.1", USUAL_PORT)).await {
        Ok(listener) => Ok(listener),
        Err(_) => TcpListener::bind(("127.0.0.1", 0)).await,
    }
}

/// A file, or the application itself for every path that one of its routes may have.
fn answer(path: &str, port: u16) -> Response<Body> {
    let name = path.trim_start_matches('/');
    let looks_like_page = !name.rsplit('/').next().unwrap_or_default().contains('.');
    let wanted = if looks_like_page { "index.html" } else { name };
    let file = FILES.iter().find(|(file, _)| *file == wanted);
    let (status, body) = match file {
        Some((name, body)) if TEMPLATES.contains(name) => {
            (StatusCode::OK, String::from_utf8_lossy(body).replace(ORIGIN, &origin(port)).into())
        }
        Some((_, body)) => (StatusCode::OK, Body::from(*body)),
        None => (StatusCode::NOT_FOUND, Body::from("not found")),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, media_type(wanted));
    response
}

fn media_type(file: &str) -> header::HeaderValue {
    header::HeaderValue::from_static(match file.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "xml" => "application/xml",
        _ => "text/plain; charset=utf-8",
    })
}

#[cfg(test)]
mod tests {
    use super::FILES;

    #[test]
    fn every_file_of_the_site_is_bundled() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sites/spa");
        let mut pending = vec![root.clone()];
        let mut found = Vec::new();
        while let Some(folder) = pending.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    pending.push(path);
                } else {
                    found.push(path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        // The expectations of the tests lie beside the site and are no part of it.
        found.retain(|file| file != "site.json");
        found.sort();
        let bundled: Vec<&str> = FILES.iter().map(|(file, _)| *file).collect();
        assert_eq!(bundled, found);
    }
}
