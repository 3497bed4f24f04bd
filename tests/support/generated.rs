//! The manual as real documentation generators build it, with what each page must show.
//!
//! `fixtures/generators/build.py` does the work, once: it installs the generators as pinned, builds what is not up to
//! date below `target/fixtures/`, and lets test programs that run at the same time wait for each other.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

/// A built site.
#[derive(Clone, Debug)]
pub struct GeneratedSite {
    /// The generator, as `fixtures/generators/build.py` names it.
    pub name: String,
    /// What people call the generator, as `Docusaurus 3`.
    #[allow(dead_code, reason = "the matrix asks for it")]
    pub title: String,
    /// The generator's version, as pinned.
    pub version: String,
    /// Whether its pages hold their content only after their scripts have run, or somebody has clicked.
    #[allow(dead_code, reason = "the matrix asks for it")]
    pub rendered: bool,
    /// The folder of static files that are the site.
    pub root: PathBuf,
    /// The file that answers for every unknown path, if the site's routing needs that.
    pub fallback: Option<String>,
    /// From the path of an address, or `/#` and its route, to the page of the manual that is there.
    pub routes: BTreeMap<String, String>,
    /// Paths of pages that the generator adds by itself, as `/genindex.html`.
    pub others: Vec<String>,
    /// What each page of the manual shows on this site, by its file.
    pub truth: BTreeMap<String, PageTruth>,
}

/// What a faithful copy of a page holds; every list in the order of the source.
#[derive(Clone, Debug)]
pub struct PageTruth {
    /// All headings: level and text.
    pub headings: Vec<(u64, String)>,
    /// All blocks of code, those inside of lists, admonitions, tabs and definitions included.
    pub code: Vec<CodeTruth>,
    /// All tables.
    pub tables: Vec<TableTruth>,
    /// The labels of each set of tabs.
    pub tabs: Vec<Vec<String>>,
    /// The terms of all definition lists; API signatures among them.
    pub definitions: Vec<String>,
}

/// A block of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeTruth {
    /// The language that the source states; `None` for plain text.
    pub language: Option<String>,
    /// The code to the letter, without a trailing line break.
    pub text: String,
}

/// A table, its cells as plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableTruth {
    /// The header.
    pub header: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<String>>,
}

/// The site of one generator, built if need be. Fails the test, with what the build said, if that does not work.
#[track_caller]
pub fn site(name: &str) -> GeneratedSite {
    static SITES: Mutex<BTreeMap<String, GeneratedSite>> = Mutex::new(BTreeMap::new());
    let mut sites = SITES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(site) = sites.get(name) {
        return site.clone();
    }
    let site = build(name);
    sites.insert(name.to_owned(), site.clone());
    site
}

#[track_caller]
fn build(name: &str) -> GeneratedSite {
    try_build(name).unwrap_or_else(|output| panic!("the site `{name}` cannot be built:\n{output}"))
}

/// The site of one generator, or what the build said.
pub fn try_build(name: &str) -> Result<GeneratedSite, String> {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = crate_root.join("target/fixtures/sites");
    let mut command = Command::new("python3");
    command.arg(crate_root.join("fixtures/generators/build.py")).arg(name).arg("--out").arg(&out);
    let output = command.output().unwrap_or_else(|error| panic!("cannot run python3: {error}"));
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        return Err(String::from_utf8_lossy(&said).into_owned());
    }
    let path = out.join(name).with_extension("json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    Ok(read(out.join(name), &serde_json::from_str(&text).unwrap()))
}

fn read(root: PathBuf, site: &Value) -> GeneratedSite {
    GeneratedSite {
        name: text(&site["generator"]),
        title: text(&site["title"]),
        version: text(&site["version"]),
        rendered: site["rendered"].as_bool().unwrap(),
        root,
        fallback: optional(&site["fallback"]),
        routes: entries(&site["routes"]).map(|(route, page)| (route.clone(), text(page))).collect(),
        others: texts(&site["others"]),
        truth: entries(&site["truth"]).map(|(page, truth)| (page.clone(), page_truth(truth))).collect(),
    }
}

fn page_truth(truth: &Value) -> PageTruth {
    PageTruth {
        headings: list(&truth["headings"], |heading| {
            (heading["level"].as_u64().unwrap(), text(&heading["text"]))
        }),
        code: list(&truth["code"], |code| CodeTruth {
            language: optional(&code["language"]),
            text: text(&code["text"]),
        }),
        tables: list(&truth["tables"], |table| TableTruth {
            header: texts(&table["header"]),
            rows: list(&table["rows"], texts),
        }),
        tabs: list(&truth["tabs"], texts),
        definitions: texts(&truth["definitions"]),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("not a text: {value}")).to_owned()
}

fn optional(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn texts(value: &Value) -> Vec<String> {
    list(value, text)
}

fn list<T>(value: &Value, read: impl Fn(&Value) -> T) -> Vec<T> {
    value.as_array().unwrap_or_else(|| panic!("not a list: {value}")).iter().map(read).collect()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().unwrap_or_else(|| panic!("not an object: {value}")).iter()
}
