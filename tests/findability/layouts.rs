//! The lines that a search looks at, and the file that each names: of our layout and of the naive one.

use std::collections::{BTreeMap, BTreeSet};

use skillcrawl::skill::Skill;
use skillcrawl::url::CanonicalUrl;

use crate::bm25::Index;

/// Lines, each of which names a file.
pub struct Layout {
    index: Index,
    files: Vec<String>,
}

impl Layout {
    fn new(lines: Vec<(String, String)>) -> Self {
        let index = Index::new(lines.iter().map(|(line, _)| line.as_str()));
        Self { index, files: lines.into_iter().map(|(_, file)| file).collect() }
    }

    /// The files that the best lines name, each once.
    pub fn search(&self, question: &str) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for line in self.index.search(question) {
            let file = &self.files[line];
            if !found.contains(file) {
                found.push(file.clone());
            }
        }
        found
    }
}

/// Every line of `SKILL.md` and of the index that links to a reference file.
pub fn ours(skill: &Skill) -> Layout {
    let mut lines = Vec::new();
    for (name, text) in &skill.files {
        let page = skill.references.iter().any(|file| name.ends_with(&format!("/{}", file.name)));
        let index = name.starts_with("references/index") && !page;
        if !index && name != "SKILL.md" {
            continue;
        }
        lines.extend(text.lines().filter_map(|line| {
            let file = skill.references.iter().find(|file| links_to(line, &file.name))?;
            Some((line.to_owned(), file.name.clone()))
        }));
    }
    Layout::new(lines)
}

fn links_to(line: &str, file: &str) -> bool {
    [format!("({file}#"), format!("({file})"), format!("(references/{file}#"), format!("(references/{file})")]
        .iter()
        .any(|link| line.contains(link.as_str()))
}

/// A file for each first segment of the addresses below what all share, and an index of the pages' titles.
pub fn naive(skill: &Skill, files: &BTreeMap<String, String>) -> Layout {
    let mut lines = BTreeSet::new();
    for (url, title) in pages(skill) {
        let file = &files[url];
        lines.insert((format!("- [{title}]({file})"), file.clone()));
    }
    Layout::new(lines.into_iter().collect())
}

/// The file in which the naive layout puts each page, by address.
pub fn naive_files(skill: &Skill) -> BTreeMap<String, String> {
    let shared = shared(skill);
    let file = |url: &str| {
        let below = path(url).split_off(shared);
        // A page at the top stands with its like.
        if below.len() < 2 { "index".to_owned() } else { below[0].clone() }
    };
    pages(skill).into_iter().map(|(url, _)| (url.to_owned(), file(url))).collect()
}

fn shared(skill: &Skill) -> usize {
    let paths: Vec<Vec<String>> = pages(skill).iter().map(|(url, _)| path(url)).collect();
    let first = paths.first().cloned().unwrap_or_default();
    let same = |path: &Vec<String>| path.iter().zip(&first).take_while(|(left, right)| left == right).count();
    paths.iter().map(|path| same(path).min(path.len().saturating_sub(1))).min().unwrap_or(0)
}

fn path(url: &str) -> Vec<String> {
    let url = CanonicalUrl::parse(url).unwrap();
    let path = url.route().unwrap_or(url.path());
    path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}

/// Address and title of every page.
fn pages(skill: &Skill) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    for file in &skill.references {
        for (title, rest) in crate::questions::pages_of(&file.text) {
            found.push((crate::questions::source_of(rest), title));
        }
    }
    found
}
