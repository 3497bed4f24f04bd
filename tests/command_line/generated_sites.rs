//! One Markdown source, real generators, known truth: the manual, built by each generator, crawled in Chromium and
//! turned into a skill, must come out with every page once and its code to the letter.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use skillcrawl::url::CanonicalUrl;

use crate::support::generated::{self, GeneratedSite};
use crate::support::markdown::{cells, code_blocks, headings, normal_text, words};
use crate::support::python::check_skill;
use crate::support::sandbox::Sandbox;
use crate::support::server::{Site, SiteServer};
use crate::support::zips::check_zip;

/// The least share of the source's code blocks that must be there to the letter and with their language.
const LEAST_CODE: f64 = 0.99;
/// The same for headings, table cells, and the labels of tabs and definitions, word for word.
const LEAST_TEXT: f64 = 0.99;

#[test]
fn docsify_with_hash_routing() {
    check_site("docsify-hash");
}

#[test]
fn docsify_with_history_routing() {
    check_site("docsify-history");
}

#[test]
fn mkdocs_material() {
    check_site("mkdocs-material");
}

#[test]
fn sphinx_with_the_pydata_theme() {
    check_site("sphinx-pydata");
}

#[test]
fn docusaurus() {
    check_site("docusaurus");
}

fn check_site(name: &str) {
    let generated = generated::site(name);
    let server = SiteServer::start(Site::folder(&generated.root).fallback(generated.fallback.as_deref()));
    let sandbox = Sandbox::new();
    let exclude: Vec<&str> =
        generated.others.iter().map(String::as_str).filter(|path| *path != "/index.html").collect();
    let config = json!({
        "name": "manual", "base_url": server.url("/"), "description": "The manual of skillcrawl.",
        "rate_limit": 0, "render": "always", "url_patterns": {"exclude": exclude},
    });
    sandbox.config("manual", &config);
    let run = sandbox.run_with_browser(&["build", "manual", "--json"]).expect_code(0);

    check_every_page_once(&generated, &server, &sandbox, &run.stderr);
    check_contents(&generated, &sandbox);
    check_skill(&sandbox.path("output/manual"));
    check_zip(&sandbox.path("output/manual.zip"), "manual");
    let host = server.url("").replace("http://", "");
    assert!(server.seen().iter().all(|seen| seen.host == host));
}

/// Each page of the manual is one page of the skill: none is missing, none is there twice.
fn check_every_page_once(generated: &GeneratedSite, server: &SiteServer, sandbox: &Sandbox, stderr: &str) {
    let provenance: Value = serde_json::from_str(&sandbox.read("output/manual/skill.json")).unwrap();
    let base = server.url("");
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for page in provenance["pages"].as_array().unwrap() {
        let url = page["url"].as_str().unwrap();
        let route = url.strip_prefix(&base).unwrap();
        let page = page_of(generated, route).unwrap_or_else(|| panic!("{url} is no page of the manual"));
        found.entry(page).or_default().push(url.to_owned());
    }
    let wanted: BTreeSet<&String> = generated.routes.values().collect();
    let missing: Vec<&&String> = wanted.iter().filter(|page| !found.contains_key(**page)).collect();
    assert!(missing.is_empty(), "{} misses {missing:?}\n{stderr}", generated.name);
    let twice: Vec<&Vec<String>> = found.values().filter(|urls| urls.len() > 1).collect();
    assert!(twice.is_empty(), "{} has twice: {twice:?}", generated.name);
}

/// The page of the manual at a route, in whichever of its spellings it was found.
fn page_of(generated: &GeneratedSite, route: &str) -> Option<String> {
    let key = |route: &str| CanonicalUrl::parse(&format!("http://site.example{route}")).unwrap().key();
    let wanted = key(route);
    generated.routes.iter().find(|(route, _)| key(route) == wanted).map(|(_, page)| page.clone())
}

/// What the references hold against the source: blocks of code as a multiset of text and language, and every heading,
/// table cell, tab and definition by its text.
fn check_contents(generated: &GeneratedSite, sandbox: &Sandbox) {
    let references: Vec<String> = sandbox
        .files("output/manual/references")
        .iter()
        .map(|file| sandbox.read(&format!("output/manual/references/{file}")))
        .collect();
    let mut code = Tally::new("code", LEAST_CODE, references.iter().flat_map(|text| code_keys(text)));
    let mut headings = Tally::new("headings", LEAST_TEXT, references.iter().flat_map(|text| headings(text)));
    let mut cells = Tally::new("cells", LEAST_TEXT, references.iter().flat_map(|text| cells(text)));
    let words = words(&references.join("\n"));
    let mut spoken = Tally::new("labels", LEAST_TEXT, std::iter::empty());
    for (page, truth) in &generated.truth {
        for block in &truth.code {
            code.expect(page, &code_key(block.language.as_deref().unwrap_or(""), &block.text));
        }
        for (_, heading) in &truth.headings {
            headings.expect(page, &self::words(heading));
        }
        for table in &truth.tables {
            for cell in table.header.iter().chain(table.rows.iter().flatten()).filter(|cell| !cell.is_empty())
            {
                cells.expect(page, &self::words(cell));
            }
        }
        for label in truth.tabs.iter().flatten().chain(&truth.definitions) {
            let label = self::words(label);
            spoken.expect_if(page, &label, words.contains(&label));
        }
    }
    println!("{} {}: {code}, {headings}, {cells}, {spoken}", generated.name, generated.version);
    for tally in [code, headings, cells, spoken] {
        tally.check(&generated.name);
    }
}

/// How much of what was expected is there; each found piece serves one expectation.
struct Tally {
    what: &'static str,
    least: f64,
    found: BTreeMap<String, usize>,
    total: u32,
    kept: u32,
    lost: Vec<String>,
}

impl Tally {
    fn new(what: &'static str, least: f64, found: impl Iterator<Item = String>) -> Self {
        let mut counts = BTreeMap::new();
        for piece in found {
            *counts.entry(piece).or_insert(0) += 1;
        }
        Self { what, least, found: counts, total: 0, kept: 0, lost: Vec::new() }
    }

    fn expect(&mut self, page: &str, piece: &str) {
        let left = self.found.get_mut(piece).filter(|count| **count > 0);
        let is_there = left.is_some();
        if let Some(count) = left {
            *count -= 1;
        }
        self.expect_if(page, piece, is_there);
    }

    fn expect_if(&mut self, page: &str, piece: &str, is_there: bool) {
        self.total += 1;
        if is_there {
            self.kept += 1;
        } else {
            self.lost.push(format!("{page}: {piece:?}"));
        }
    }

    #[track_caller]
    fn check(&self, site: &str) {
        assert!(self.total >= 20, "{site}: the truth holds only {} of {}", self.total, self.what);
        let share = f64::from(self.kept) / f64::from(self.total);
        assert!(share >= self.least, "{site}: {self}; lost:\n{}", self.lost.join("\n"));
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{} of {} {}", self.kept, self.total, self.what)
    }
}

fn code_keys(markdown: &str) -> Vec<String> {
    code_blocks(markdown).iter().map(|block| code_key(&block.language, &block.text)).collect()
}

fn code_key(language: &str, text: &str) -> String {
    format!("{}\n{}", normal_language(language), normal_text(text))
}

/// Names of one language, as highlighters use them for each other.
fn normal_language(language: &str) -> String {
    let language = language.to_lowercase();
    match language.as_str() {
        "js" => "javascript",
        "sh" | "shell" => "bash",
        "py" => "python",
        "yml" => "yaml",
        "docker" => "dockerfile",
        "text" | "none" | "plaintext" | "txt" => "",
        other => other,
    }
    .to_owned()
}
