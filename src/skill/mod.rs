//! From references to a skill folder.
//!
//! In order: [`mod@repository_files`] turns the links of a repository's files to what people are shown; [`mod@reference`] makes one page; [`mod@navigation`] merges what the pages show of the site's menu, and [`mod@place`]
//! says where each page stands in it; [`mod@categorize`] turns places into files of a good size; [`mod@references`], [`mod@index`],
//! [`mod@skill_md`] and [`mod@provenance`] write them; [`mod@write`] puts them on disk; [`mod@validate`] checks a folder against the
//! Agent Skills specification and [`mod@package`] zips it. [`mod@changes`] compares the pages of two skills, and
//! [`mod@router`] makes the skill that says which of several to open.
//!
//! Everything but `write`, `validate` and `package` is values in, values out. Nothing here asks a network or a clock,
//! nothing invents text: every sentence of a skill is the site's own or counts what is there. The same references give
//! the same bytes.

pub mod aliases;
pub mod blocks;
pub mod break_blocks;
pub mod budget;
pub mod categorize;
pub mod changes;
pub mod checklist;
pub mod clean;
pub mod contents;
pub mod description;
pub mod excerpt;
pub mod files;
pub mod fold;
pub mod frontmatter;
pub mod group;
pub mod index;
pub mod index_parts;
pub mod install;
pub mod label;
pub mod layout;
pub mod limits;
pub mod measure;
pub mod naming;
pub mod navigation;
pub mod outline;
pub mod package;
pub mod packing;
pub mod passage;
pub mod piece;
pub mod place;
pub mod portions;
pub mod provenance;
pub mod quick_start;
pub mod quote;
pub mod reading_list;
pub mod reference;
pub mod references;
pub mod repository_files;
pub mod router;
pub mod skill_md;
pub mod slug;
pub mod suspicious;
pub mod symbols;
pub mod targets;
pub mod tokens;
pub mod usage;
pub mod validate;
pub mod write;

use std::collections::BTreeMap;

use crate::config::SiteConfig;
use crate::forge::Repository;
use crate::skill::aliases::Aliases;
use crate::skill::fold::{Folded, fold};
use crate::skill::index::index;
use crate::skill::layout::{Layout, lay_out};
use crate::skill::limits::Limits;
use crate::skill::navigation::Navigation;
use crate::skill::place::places;
use crate::skill::provenance::provenance;
use crate::skill::reference::{Reference, drop_shared_descriptions, settle_titles};
use crate::skill::references::ReferenceFile;
use crate::skill::skill_md::{Overview, skill_md};
use crate::url::CanonicalUrl;

/// A skill in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skill {
    /// Its name, which is also the name of its folder.
    pub name: String,
    /// Its files: path within the folder, with `/`, and text.
    pub files: BTreeMap<String, String>,
    /// The reference files in reading order, with the pages in each.
    pub references: Vec<ReferenceFile>,
    /// The sections that stand on another page already and were folded into a link.
    pub folded: Vec<Folded>,
    /// For every page, the file within the folder that it stands in, or begins in.
    places: BTreeMap<CanonicalUrl, String>,
}

impl Skill {
    /// The file within the folder that holds a page, as `references/guide.md`.
    pub fn file_of(&self, url: &CanonicalUrl) -> Option<&str> {
        self.places.get(url).map(String::as_str)
    }
}

/// Builds a skill from its pages. The order of `references` does not matter; there must be at least one.
pub fn build(
    mut references: Vec<Reference>,
    navigation: &Navigation,
    known: &[(CanonicalUrl, CanonicalUrl)],
    config: &SiteConfig,
    limits: &Limits,
) -> Skill {
    references.sort_by(|left, right| left.url.cmp(&right.url));
    settle_titles(&mut references, navigation);
    drop_shared_descriptions(&mut references);
    let start = start_page(&references, config);
    let title = skill_md::title(config, &references, start);
    let places = places(&references, navigation, &config.skill.categories);
    let folds = fold(&mut references, &places);
    let aliases = Aliases::new(&references, known).with_headings(folds.moved);
    let layout = Layout { title: &title, places: &places, aliases: &aliases, start, limits: *limits };
    let reference_files = lay_out(&mut references, &layout);
    let overview =
        Overview { title: &title, config, references: &references, files: &reference_files, start };

    let mut files = BTreeMap::from([
        ("SKILL.md".to_owned(), skill_md(&overview)),
        ("skill.json".to_owned(), provenance(config, &references, &reference_files)),
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
    Skill { name: config.name.clone(), files, references: reference_files, folded: folds.sections, places }
}

/// The page that a visitor comes to first: the base URL, else the first seed, else the page at the root of the base URL's
/// folder; `None` where the site has no such page.
fn start_page(references: &[Reference], config: &SiteConfig) -> Option<usize> {
    let scope = &config.scope;
    let root = label::segments(&scope.base_url);
    let keys = std::iter::once(&scope.base_url).chain(&scope.start_urls).map(CanonicalUrl::key);
    keys.filter_map(|key| references.iter().position(|reference| reference.url.key() == key))
        .next()
        .or_else(|| front_file(references, scope.repository.as_ref()?))
        .or_else(|| references.iter().position(|reference| label::segments(&reference.url) == root))
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
    label::segments(&reference.url).len() <= root + 1 && words.iter().any(|word| title.starts_with(word))
}
