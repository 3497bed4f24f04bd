//! What to do about a site that is too large for one skill, or hardly one.

use std::collections::BTreeMap;

use serde::Serialize;

use super::editions::other_editions;
use super::evidence::Evidence;
use super::extent::Extent;
use super::naming::slug;
use super::strata::Strata;
use super::{real, whole};
use crate::config::SiteConfig;
use crate::url::CanonicalUrl;

/// One skill holds so many pages well.
pub const FEWEST: u64 = 50;
/// See [`FEWEST`].
pub const MOST: u64 = 500;
/// Sections that readers of a skill miss the least.
const SPARED: [&str; 14] = [
    "blog",
    "news",
    "changelog",
    "changelogs",
    "release-notes",
    "releases",
    "whats-new",
    "tags",
    "tag",
    "categories",
    "community",
    "events",
    "archive",
    "authors",
];

/// What to do about the size of a site.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Remarks {
    /// A sentence each.
    pub sentences: Vec<String>,
    /// The pages of each section, as expected; the largest first.
    pub sections: Vec<Section>,
    /// Patterns that would leave out what is missed the least.
    pub exclude: Vec<String>,
    /// Configs for parts of the site, of at most [`MOST`] pages each where the sections allow.
    pub split: Vec<Part>,
}

/// A section of a site: a folder below its base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// The folder, as `/guide/`.
    pub path: String,
    /// Its pages, as expected.
    pub pages: u64,
}

/// A part of a site that could be a skill by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// A name for it.
    pub name: String,
    /// The folders in it, as patterns of `include`.
    pub include: Vec<String>,
    /// Its pages, as expected.
    pub pages: u64,
}

/// Remarks on the extent of a site.
pub fn remarks(evidence: &Evidence, extent: &Extent, config: &SiteConfig) -> Remarks {
    let sections = sections(evidence, extent, config);
    let mut remarks = Remarks::default();
    let most = config.scope.max_pages.and_then(|most| u64::try_from(most).ok());
    if let Some(most) = most.filter(|most| *most < extent.likely) {
        remarks.sentences.push(format!("`max_pages` ends the crawl at {most} pages"));
    }
    if extent.high < FEWEST {
        remarks.sentences.push(format!(
            "fewer than {FEWEST} pages: a small skill; see whether `base_url` is the folder of the whole documentation"
        ));
    } else if extent.likely > MOST {
        remarks
            .sentences
            .push(format!("more than {MOST} pages: leave sections out, or split it into several skills"));
        remarks.exclude = sections
            .iter()
            .filter(|section| is_spared(section))
            .map(|section| section.path.clone())
            .collect();
        let left: u64 =
            sections.iter().filter(|section| !is_spared(section)).map(|section| section.pages).sum();
        if left > MOST {
            remarks.split = split(&sections, config);
        }
    }
    remarks.sections = sections;
    remarks
}

fn is_spared(section: &Section) -> bool {
    SPARED.contains(&section.path.trim_matches('/').rsplit('/').next().unwrap_or_default())
}

/// Sections with their pages, scaled to what is expected of the site.
fn sections(evidence: &Evidence, extent: &Extent, config: &SiteConfig) -> Vec<Section> {
    let strata = Strata::of(evidence, &other_editions(evidence));
    let counted = evidence.pages.iter().enumerate().filter(|(at, page)| {
        strata.of_page.get(*at).copied().flatten().is_some()
            && !matches!(page.fate, super::evidence::Fate::Lost(_))
    });
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut known = 0;
    for (_, page) in counted {
        known += 1;
        if let Some(path) = section_of(&page.url, &config.scope.base_url) {
            *counts.entry(path).or_default() += 1;
        }
    }
    #[allow(clippy::cast_precision_loss)]
    let scale = (extent.likely as f64 / real(known.max(1))).max(1.0);
    let mut sections: Vec<Section> = counts
        .into_iter()
        .filter(|(_, pages)| *pages > 1)
        .map(|(path, pages)| Section { path, pages: whole(real(pages) * scale) })
        .collect();
    sections.sort_by(|left, right| right.pages.cmp(&left.pages).then_with(|| left.path.cmp(&right.path)));
    sections
}

/// The first folder below the base folder, with its path from the root.
fn section_of(url: &CanonicalUrl, base: &CanonicalUrl) -> Option<String> {
    let (folder, _) = base.path().rsplit_once('/')?;
    let below = url.path().strip_prefix(folder)?.trim_start_matches('/');
    let (name, rest) = below.split_once('/').unwrap_or((below, ""));
    // A page of its own is a section only where others lie below it.
    let is_folder = !rest.is_empty() || below.ends_with('/');
    (is_folder && !name.is_empty()).then(|| format!("{folder}/{name}/"))
}

/// Sections put together, in their order by size, to parts that one skill holds.
fn split(sections: &[Section], config: &SiteConfig) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for section in sections.iter().filter(|section| !is_spared(section)) {
        let room = parts.iter_mut().find(|part| part.pages + section.pages <= MOST);
        match room {
            Some(part) => {
                part.include.push(section.path.clone());
                part.pages += section.pages;
            }
            None => {
                let name = section.path.trim_matches('/').rsplit('/').next().unwrap_or_default();
                parts.push(Part {
                    name: slug(&format!("{}-{name}", config.name)),
                    include: vec![section.path.clone()],
                    pages: section.pages,
                });
            }
        }
    }
    parts
}
