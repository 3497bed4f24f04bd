//! From references to a skill folder.
//!
//! In order:
//!
//! 1. [`mod@pages`]: references become pages with a place in the site's navigation, and what several pages repeat is folded.
//! 2. [`mod@layout`]: pages are packed into files of a good size, links are turned inwards, and the index is written.
//! 3. [`mod@skill_md`]: the sections of `SKILL.md` are put together within a budget; [`mod@provenance`] writes `skill.json`.
//!    [`mod@parts`] makes several skills of one that is too large, [`mod@router`] the skill that says which of several to
//!    open, and [`mod@enhance`] checks what somebody else wrote.
//! 4. The folder: [`mod@write`] puts it on disk, [`mod@validate`] checks it, [`mod@package`] zips it, [`mod@install`] copies it
//!    to an agent; [`mod@checklist`] says how good it is, [`mod@changes`] compares the pages of two, and [`mod@search`] finds
//!    the sections that say most about some words.
//!
//! All of them read and write Markdown by [`mod@text`].
//!
//! Everything but the folder is values in, values out. Nothing here asks a network or a clock,
//! nothing invents text: every sentence of a skill is the site's own or counts what is there. The same references give
//! the same bytes.

mod beside;
pub mod changes;
pub mod checklist;
pub mod enhance;
pub mod files;
pub mod frontmatter;
pub mod install;
pub mod layout;
pub mod limits;
pub mod package;
pub mod pages;
pub mod parts;
pub mod provenance;
pub mod router;
pub mod search;
pub mod skill_md;
pub mod text;
pub mod validate;
pub mod write;

use std::collections::BTreeMap;

use crate::config::SiteConfig;
use crate::forge::Repository;
use crate::skill::enhance::PageOutline;
use crate::skill::layout::aliases::Aliases;
use crate::skill::layout::index::index;
use crate::skill::layout::references::ReferenceFile;
use crate::skill::layout::sections::sections;
use crate::skill::layout::{Layout, lay_out};
use crate::skill::limits::Limits;
use crate::skill::pages::fold::{Folded, fold};
use crate::skill::pages::importance::inlinks;
use crate::skill::pages::navigation::Navigation;
use crate::skill::pages::place::places;
use crate::skill::pages::reference::{Reference, drop_shared_descriptions, settle_titles};
use crate::skill::pages::usage::used;
use crate::skill::provenance::provenance;
use crate::skill::skill_md::facts::facts;
use crate::skill::skill_md::opening::site_description;
use crate::skill::skill_md::tool_name::tool_name;
use crate::skill::skill_md::{Overview, skill_md};
use crate::url::CanonicalUrl;

/// A skill in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skill {
    /// Its name, which is also the name of its folder.
    pub name: String,
    /// What SKILL.md calls it.
    pub title: String,
    /// Its files: path within the folder, with `/`, and text.
    pub files: BTreeMap<String, String>,
    /// The reference files in reading order, with the pages in each.
    pub references: Vec<ReferenceFile>,
    /// The sections that stand on another page already and were folded into a link.
    pub folded: Vec<Folded>,
    /// What is known of each page, in reading order.
    pub outline: Vec<PageOutline>,
    /// For every page, the file within the folder that it stands in, or begins in.
    places: BTreeMap<CanonicalUrl, String>,
}

impl Skill {
    /// The file within the folder that holds a page, as `references/guide.md`.
    pub fn file_of(&self, url: &CanonicalUrl) -> Option<&str> {
        self.places.get(url).map(String::as_str)
    }
}

/// What a skill is built by besides its pages.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// The site's menus.
    pub navigation: &'a Navigation,
    /// Addresses that are no page of the skill, with the page that stands for each.
    pub known: &'a [(CanonicalUrl, CanonicalUrl)],
    /// The config.
    pub config: &'a SiteConfig,
    /// How large files may get.
    pub limits: &'a Limits,
}

/// Builds a skill from its pages. The order of `references` does not matter; there must be at least one.
pub fn build(references: Vec<Reference>, plan: &Plan<'_>) -> Skill {
    build_titled(references, plan, None)
}

/// The same with a title of its own, as a part of a larger skill has it.
fn build_titled(mut references: Vec<Reference>, plan: &Plan<'_>, title: Option<String>) -> Skill {
    let Plan { navigation, known, config, limits } = *plan;
    references.sort_by(|left, right| left.url.cmp(&right.url));
    let start = start_page(&references, config);
    settle_titles(&mut references, navigation, start);
    let title = title.unwrap_or_else(|| tool_name(config, &references, start));
    let site_description = site_description(&references, &title);
    drop_shared_descriptions(&mut references);
    let places = places(&references, navigation, &config.skill.categories);
    let folds = fold(&mut references, &places);
    let aliases = Aliases::new(&references, known).with_headings(folds.moved);
    let layout = Layout { title: &title, places: &places, aliases: &aliases, start, limits: *limits };
    let reference_files = lay_out(&mut references, &layout);
    let facts = facts(config, &references, start);
    let overview = Overview {
        title: &title,
        config,
        references: &references,
        files: &reference_files,
        sections: &sections(&reference_files),
        start,
        inlinks: &inlinks(&references),
        used: &used(&references),
        site_description: site_description.as_deref(),
        facts: &facts,
    };

    let mut files = BTreeMap::from([
        ("SKILL.md".to_owned(), skill_md(&overview)),
        ("skill.json".to_owned(), provenance(&overview)),
    ]);
    let most = limits.settled().max_tokens;
    for (name, text) in index(&title, &reference_files, &references, most) {
        files.insert(format!("references/{name}"), text);
    }
    for file in &reference_files {
        files.insert(format!("references/{}", file.name), file.text.clone());
    }
    let places = reference_files.iter().rev().flat_map(|file| {
        let urls = file.pages.iter().filter_map(|page| references.get(page.reference));
        urls.map(|reference| (reference.url.clone(), format!("references/{}", file.name)))
    });
    let places = places.collect();
    let outline = outline(&reference_files, &references);
    Skill {
        name: config.name.clone(),
        title,
        files,
        references: reference_files,
        outline,
        folded: folds.sections,
        places,
    }
}

/// What is known of each page, in reading order.
fn outline(files: &[ReferenceFile], references: &[Reference]) -> Vec<PageOutline> {
    let pages = files.iter().flat_map(|file| file.pages.iter().map(move |page| (file, page)));
    let own = pages.filter(|(_, page)| !page.continued);
    let outlines = own.filter_map(|(file, page)| {
        let reference = references.get(page.reference)?;
        Some(PageOutline {
            url: reference.url.clone(),
            title: page.title.clone(),
            place: format!("references/{}#{}", file.name, page.anchor),
            summary: reference.summary(),
            symbols: reference.symbols.iter().map(|symbol| symbol.name.clone()).collect(),
        })
    });
    outlines.collect()
}

/// The page that a visitor comes to first: the base URL, else the first seed, else the page at the root of the base URL's
/// folder; `None` where the site has no such page.
fn start_page(references: &[Reference], config: &SiteConfig) -> Option<usize> {
    let scope = &config.scope;
    let root = pages::label::segments(&scope.base_url);
    let keys = std::iter::once(&scope.base_url).chain(&scope.start_urls).map(CanonicalUrl::key);
    keys.filter_map(|key| references.iter().position(|reference| reference.url.key() == key))
        .next()
        .or_else(|| front_file(references, scope.repository.as_ref()?))
        .or_else(|| references.iter().position(|reference| pages::label::segments(&reference.url) == root))
        .or_else(|| references.iter().position(|reference| introduces(reference, root.len())))
}

/// The README of the repository, or of the folder of it that is read.
fn front_file(references: &[Reference], repository: &Repository) -> Option<usize> {
    let depth = |reference: &Reference| {
        let file = repository.shown_file(&reference.url)?;
        repository.is_readme(&file.path).then(|| (file.path.matches('/').count(), file.path))
    };
    let readmes = references.iter().enumerate().filter_map(|(index, page)| Some((depth(page)?, index)));
    readmes.min().map(|(_, index)| index)
}

/// Whether a page at the top of the site presents itself as its introduction.
fn introduces(reference: &Reference, root: usize) -> bool {
    let title = reference.title.to_lowercase();
    let words = ["introduction", "overview", "welcome", "getting started", "what is", "readme"];
    pages::label::segments(&reference.url).len() <= root + 1
        && words.iter().any(|word| title.starts_with(word))
}
