//! Whether a page that a contestant brought is the whole page.

use std::collections::BTreeMap;
use std::path::Path;

/// What the HTML of a page has to hold.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Texts that stand in it.
    pub texts: Vec<String>,
    /// Texts that stand in it at least so often.
    pub counts: Vec<(String, usize)>,
}

/// The pages of a site by their address.
pub type ExpectedPages = BTreeMap<String, Expected>;

/// The HTML that a contestant brought, by address.
pub type Brought = BTreeMap<String, String>;

/// How many pages are whole, and what is wrong with the first few that are not.
#[derive(Debug)]
pub struct Verdict {
    /// Pages that hold everything.
    pub whole: usize,
    /// A line each for up to five others.
    pub faults: Vec<String>,
}

/// Compares what was brought with what there is.
pub fn check(expected: &ExpectedPages, brought: &Brought) -> Verdict {
    let mut verdict = Verdict { whole: 0, faults: Vec::new() };
    for (url, expected) in expected {
        let fault = match brought.get(url) {
            None => Some("is missing".to_owned()),
            Some(html) => fault(expected, html),
        };
        match fault {
            None => verdict.whole += 1,
            Some(fault) if verdict.faults.len() < 5 => verdict.faults.push(format!("{url} {fault}")),
            Some(_) => {}
        }
    }
    verdict
}

fn fault(expected: &Expected, html: &str) -> Option<String> {
    if let Some(text) = expected.texts.iter().find(|text| !html.contains(text.as_str())) {
        return Some(format!("lacks `{text}`"));
    }
    let short = expected.counts.iter().find(|(text, least)| html.matches(text.as_str()).count() < *least);
    short.map(|(text, least)| {
        format!("has `{text}` {} times and not {least}", html.matches(text.as_str()).count())
    })
}

/// Reads what a script left: `pages.json` from address to file, and the files.
///
/// # Errors
///
/// When a file is missing or is no JSON.
pub fn read_brought(folder: &Path) -> anyhow::Result<Brought> {
    let index: BTreeMap<String, String> =
        serde_json::from_str(&std::fs::read_to_string(folder.join("pages.json"))?)?;
    index.into_iter().map(|(url, file)| Ok((url, std::fs::read_to_string(folder.join(file))?))).collect()
}
