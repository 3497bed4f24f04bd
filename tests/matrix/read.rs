//! The pages of a built site as skillcrawl reads them: from their files, or, where a script draws them, from a crawl.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use serde_json::{Value, json};
use skillcrawl::archive::Archive;
use skillcrawl::config::ExtractRules;
use skillcrawl::extract::{Reading, drop_repeated, read_page};
use skillcrawl::fetched::{Dom, Fetched};
use skillcrawl::markdown::to_markdown;
use skillcrawl::profile::Profiles;
use skillcrawl::url::CanonicalUrl;

use crate::generated::GeneratedSite;
use crate::sandbox::Sandbox;
use crate::server::{Site, SiteServer};

/// How often a crawl is tried that missed a page.
const CRAWLS: usize = 3;

/// A page as it came out.
pub struct Page {
    /// The page of the manual.
    pub file: String,
    /// The profile that read it.
    pub profile: String,
    /// What came out.
    pub markdown: String,
}

/// All pages of the manual that the site has, by the manual's order of names.
pub fn pages(site: &GeneratedSite) -> Vec<Page> {
    let fetched = if site.rendered { crawl(site) } else { files(site) };
    let profiles = Profiles::builtin().unwrap();
    let mut readings: Vec<(String, Reading)> = fetched
        .iter()
        .map(|(file, page)| (file.clone(), read_page(page, &profiles, &ExtractRules::default())))
        .collect();
    let site = fetched.iter().zip(&mut readings);
    drop_repeated(site.map(|((_, page), (_, reading))| (&page.url, reading)));
    let page = |(file, reading): (String, Reading)| Page {
        file,
        markdown: to_markdown(&reading.document),
        profile: reading.profile,
    };
    readings.into_iter().map(page).collect()
}

/// Leaves the pages below `target/matrix/`, to look at.
pub fn write(site: &GeneratedSite, pages: &[Page]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/matrix").join(&site.name);
    for page in pages {
        let path = folder.join(&page.file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &page.markdown).unwrap();
    }
}

/// The page of the manual at a path, in whichever of its spellings.
pub fn page_at<'a>(site: &'a GeneratedSite, path: &str) -> Option<&'a String> {
    let key =
        |path: &str| CanonicalUrl::parse(&format!("http://manual.example{path}")).map(|url| url.key()).ok();
    let wanted = key(path)?;
    site.routes.iter().find(|(route, _)| key(route).as_ref() == Some(&wanted)).map(|(_, file)| file)
}

fn files(site: &GeneratedSite) -> BTreeMap<String, Fetched> {
    let page = |(route, file): (&String, &String)| {
        let path = site.root.join(route.trim_start_matches('/'));
        let path = if path.is_dir() { path.join("index.html") } else { path };
        let html =
            std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let fetched = Fetched {
            url: CanonicalUrl::parse(&format!("http://manual.example{route}")).unwrap(),
            fetched_at: Timestamp::UNIX_EPOCH,
            exchange: None,
            dom: Some(Dom { html, settled: true, loaded: Vec::new(), routed: false }),
            twin: None,
        };
        (file.clone(), fetched)
    };
    site.routes.iter().map(page).collect()
}

fn crawl(site: &GeneratedSite) -> BTreeMap<String, Fetched> {
    let server = SiteServer::start(Site::folder(&site.root).fallback(site.fallback.as_deref()));
    let starts: Vec<String> = site.routes.keys().map(|route| server.url(route)).collect();
    let config = json!({
        "name": "manual", "base_url": server.url("/"), "start_urls": starts, "description": "The manual.",
        "rate_limit": 0, "render": "always",
    });
    let mut best = BTreeMap::new();
    // What is scored here is the reading. On a machine that builds other things meanwhile a page may fail to load.
    for _ in 0..CRAWLS {
        let pages = crawl_once(site, &server, &config);
        if pages.len() > best.len() {
            best = pages;
        }
        if best.len() == site.routes.len() {
            break;
        }
    }
    best
}

fn crawl_once(site: &GeneratedSite, server: &SiteServer, config: &Value) -> BTreeMap<String, Fetched> {
    let sandbox = Sandbox::new();
    sandbox.config("manual", config);
    // Pages that the generator invents, such as `/404`, may fail; those of the manual are scored.
    sandbox.run_with_browser(&["scrape", "manual"]);
    let archive = Archive::open(&sandbox.path("crawls/manual")).unwrap();
    let base = server.url("");
    let mut pages = BTreeMap::new();
    for page in archive.pages() {
        let page = page.unwrap();
        let path = page.url.as_str().strip_prefix(&base).unwrap_or_default().to_owned();
        if let Some(file) = page_at(site, &path) {
            pages.insert(file.clone(), page);
        }
    }
    pages
}
