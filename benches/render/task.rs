//! What the contestants are asked to do: a site, its pages, and what each has to hold.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::Value;

use crate::check::{Expected, ExpectedPages};
use crate::server::Server;
use crate::site::{self, File, Files, Router};

/// Resolves once the application of `site` says that a page is complete.
const APP_DONE: &str = "new Promise((resolve) => { if (document.documentElement?.dataset.done) resolve(); \
                        else addEventListener('app:done', resolve, { once: true }); })";
/// Resolves once React has taken over the document of a Docusaurus site.
const HYDRATED: &str = "new Promise((resolve) => { const look = () => \
                        document.documentElement?.dataset.hasHydrated === 'true' ? resolve() : setTimeout(look, 10); look(); })";

/// A site to crawl.
#[derive(Clone, Debug)]
pub struct Task {
    /// Its name.
    pub name: &'static str,
    /// The root of its scope.
    pub base: String,
    /// All pages.
    pub urls: Vec<String>,
    /// What each has to hold.
    pub expected: ExpectedPages,
    /// Pages that are rendered at once.
    pub tabs: usize,
    /// Whether a reused tab has to leave a page before it shows the next, because only the fragment differs.
    pub leave: bool,
    /// A script's promise that a page is complete, in the site's own word.
    pub done: &'static str,
}

impl Task {
    /// Has the server serve our own application.
    pub fn application(server: &Server, router: Router, pages: usize, tabs: usize) -> Self {
        // `localhost` is another host than `127.0.0.1`, though the same machine.
        let tracker = format!("http://localhost:{}/t.js", server.address.port());
        server.serve(site::files(pages, &tracker));
        let expected = site::expected(router, pages);
        let urls: Vec<String> = expected.iter().map(|(path, _)| server.url(path)).collect();
        Self {
            name: if router == Router::Hash { "application, hash routes" } else { "application" },
            base: server.url(router.base()),
            expected: urls.iter().cloned().zip(expected.into_iter().map(|(_, expected)| expected)).collect(),
            urls,
            tabs,
            leave: router == Router::Hash,
            done: APP_DONE,
        }
    }

    /// Builds the manual with Docusaurus, unless that is done, and has the server serve it.
    ///
    /// # Errors
    ///
    /// When the build fails.
    pub fn docusaurus(server: &Server, tabs: usize) -> anyhow::Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let sites = root.join("target/fixtures/sites");
        let mut build = Command::new("python3");
        build.arg(root.join("fixtures/generators/build.py")).arg("docusaurus").arg("--out").arg(&sites);
        if !build.status().context("cannot run python3")?.success() {
            bail!("Docusaurus could not build the manual");
        }
        let text = std::fs::read_to_string(sites.join("docusaurus.json"))?;
        let description: Value = serde_json::from_str(&text)?;
        let mut files = Files::new();
        read_folder(&sites.join("docusaurus"), "", &mut files)?;
        server.serve(files);
        let mut expected = BTreeMap::new();
        for (route, page) in description["routes"].as_object().context("no routes")? {
            let truth = &description["truth"][page.as_str().unwrap_or_default()];
            expected.insert(server.url(route), finished(truth));
        }
        Ok(Self {
            name: "Docusaurus",
            base: server.url("/"),
            urls: expected.keys().cloned().collect(),
            expected,
            tabs,
            leave: false,
            done: HYDRATED,
        })
    }
}

/// A page of the manual after React has taken over: every heading and block of code, and React's own mark.
fn finished(truth: &Value) -> Expected {
    let count = |key: &str| truth[key].as_array().map_or(0, Vec::len);
    Expected {
        texts: vec!["data-has-hydrated=\"true\"".to_owned()],
        counts: vec![
            ("<h2".to_owned(), headings(truth, 2)),
            ("<pre".to_owned(), count("code")),
            ("<table".to_owned(), count("tables")),
        ],
    }
}

fn headings(truth: &Value, level: u64) -> usize {
    let all = truth["headings"].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().filter(|heading| heading["level"].as_u64() == Some(level)).count()
}

fn read_folder(folder: &Path, path: &str, files: &mut Files) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().into_string().ok().context("a file name that is no text")?;
        if entry.file_type()?.is_dir() {
            read_folder(&entry.path(), &format!("{path}/{name}"), files)?;
            continue;
        }
        let address = if name == "index.html" { format!("{path}/") } else { format!("{path}/{name}") };
        files.insert(address, File { media_type: media_type(&name), body: std::fs::read(entry.path())? });
    }
    Ok(())
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html",
        "js" => "text/javascript",
        "css" => "text/css",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
