//! A selector profile that the pages of one site suggest, by comparing them with each other.
//!
//! In order: `evidence` reads each page and tells text that is its own from text that other pages have too, `candidate`
//! names the selectors that an element suggests by its names, and a file for each question weighs them: `main_content`,
//! `title`, `code`, `navigation`, `boxes`, `noise`, `fingerprint`. `words` writes the profile down, with the evidence in comments.
//!
//! Nothing is learned about a host, and nothing is certain: what is written says how many pages speak for it.

mod boxes;
mod candidate;
mod code;
mod evidence;
mod fingerprint;
mod main_content;
mod navigation;
mod noise;
mod title;
mod words;

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::config::ExtractRules;
use crate::extract::infer::evidence::{Evidence, SitePages};
use crate::extract::page::Page;
use crate::fetched::Fetched;
use crate::profile::{GENERIC, Profiles};
use crate::render::{Rendered, Source};

pub use candidate::locate;

/// With fewer pages there is nothing to compare.
pub const LEAST_PAGES: usize = 3;

/// The share of pages, in per cent, that a profile must recognise for a suggestion to extend it.
const RECOGNISED: usize = 60;

/// A profile that pages suggest.
#[derive(Clone, Debug, Default, PartialEq, serde::Serialize)]
pub struct Suggestion {
    /// How many pages were compared.
    pub pages: usize,
    /// The profile that it extends.
    pub extends: String,
    /// Why that one.
    pub extends_because: String,
    /// Where the content is.
    pub main_content: Vec<Finding>,
    /// Where the title is.
    pub title: Vec<Finding>,
    /// What is no content.
    pub remove: Vec<Finding>,
    /// The blocks of code.
    pub code_blocks: Vec<Finding>,
    /// The names of files beside them.
    pub code_captions: Vec<Finding>,
    /// What is no code in them.
    pub code_remove: Vec<Finding>,
    /// Where the menu is.
    pub navigation: Vec<Finding>,
    /// What the generator calls itself, where no profile knows it.
    pub generator: Vec<Finding>,
    /// The sets of tabs.
    pub tab_sets: Vec<Finding>,
    /// Their labels.
    pub tab_labels: Vec<Finding>,
    /// Their panels.
    pub tab_panels: Vec<Finding>,
    /// The boxes of notes.
    pub notes: Vec<Finding>,
    /// The lines that say what kind of notes they are.
    pub note_titles: Vec<Finding>,
}

/// A selector with what speaks for it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// The selector.
    pub selector: String,
    /// What speaks for it, in a few words.
    pub evidence: String,
}

/// Compares pages of one site; `None` where too few of them are HTML. The best profile to build on is the one that
/// recognises most pages, unless one is named.
pub fn infer(
    pages: &[Fetched],
    profiles: &Profiles,
    rules: &ExtractRules,
    extends: Option<&str>,
) -> Option<Suggestion> {
    let forms: Vec<Rendered> = pages.par_iter().filter_map(best_form).collect();
    if forms.len() < LEAST_PAGES {
        return None;
    }
    let read: Vec<(Evidence<'_>, String)> = forms
        .par_iter()
        .map(|form| {
            let page = Page::parse(form);
            let recognised = page.profile(profiles, &ExtractRules { profile: None, ..rules.clone() });
            let name = recognised.name.clone();
            (Evidence::read(page), name)
        })
        .collect();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let mut evidence = Vec::new();
    for (page, name) in read {
        *names.entry(name).or_default() += 1;
        evidence.push(page);
    }
    let (extends, extends_because) = parent(&names, evidence.len(), extends);
    let base = profiles.get(&extends).ok().or_else(|| profiles.generic())?;
    let mut site = SitePages::compare(evidence);
    let main_content = main_content::infer(&site);
    site.find_roots(&main_content);
    let title = title::infer(&site, &main_content);
    let code = code::infer(&site, base);
    let navigation = navigation::infer(&site);
    let boxes = boxes::infer(&site, base);
    let generator = if extends == GENERIC { fingerprint::infer(&site) } else { Vec::new() };
    let mut remove = noise::infer(&site, base);
    // What says the kind of a note is alike everywhere, and no noise.
    remove.retain(|noise| boxes.parts().all(|part| part.selector != noise.selector));
    Some(Suggestion {
        pages: site.pages.len(),
        extends,
        extends_because,
        main_content,
        title,
        remove,
        code_blocks: code.blocks,
        code_captions: code.captions,
        code_remove: code.remove,
        navigation,
        generator,
        tab_sets: boxes.tab_sets,
        tab_labels: boxes.tab_labels,
        tab_panels: boxes.tab_panels,
        notes: boxes.notes,
        note_titles: boxes.note_titles,
    })
}

impl Suggestion {
    /// The profile as a TOML file; `name` is what the site's config is called.
    pub fn to_toml(&self, name: &str) -> String {
        words::to_toml(self, name)
    }
}

/// The rendered form where there is one: it has what scripts add, and knows what is hidden.
fn best_form(fetched: &Fetched) -> Option<Rendered> {
    let forms = crate::render::renderings(fetched).into_iter();
    forms.filter(|form| form.source != Source::Twin).min_by_key(|form| form.source != Source::Dom)
}

/// What the suggestion builds on, and why.
fn parent(names: &BTreeMap<String, usize>, pages: usize, wanted: Option<&str>) -> (String, String) {
    if let Some(wanted) = wanted {
        return (wanted.to_owned(), "as `--extends` says".to_owned());
    }
    let most = names.iter().filter(|(name, _)| *name != GENERIC).max_by_key(|(_, count)| **count);
    match most {
        Some((name, count)) if count * 100 >= pages * RECOGNISED => {
            (name.clone(), format!("recognises {count} of {pages} pages"))
        }
        _ => (GENERIC.to_owned(), "no other profile recognises most pages".to_owned()),
    }
}

#[cfg(test)]
mod tests;
