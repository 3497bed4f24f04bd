//! From archive to skill, stage by stage: read this second.
//!
//! Pages become readings, readings become references, references become a skill. It is pure apart from reading the
//! iterator that it is handed: no clock, no network, and the same pages give the same bytes in whatever order they come.
//! A page that cannot be used is a line of the report, never the end of the run.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::hash::Hash;

use jiff::Timestamp;
use rayon::iter::{IntoParallelIterator, IntoParallelRefIterator, ParallelExtend, ParallelIterator};
use serde::Serialize;

use crate::config::SiteConfig;
use crate::document::{Block, Document};
use crate::extract::{Audit, Reading, Warning, drop_repeated};
use crate::fetched::Fetched;
use crate::forge::Repository;
use crate::markdown::to_markdown;
use crate::render::Source;
use crate::skill::limits::Limits;
use crate::skill::pages::navigation::{Navigation, NavigationCollector};
use crate::skill::pages::reference::Reference;
use crate::skill::pages::repository_files::RepositoryFiles;
use crate::skill::pages::suspicious;
use crate::skill::pages::titles::drop_numbers;
use crate::skill::pages::unheaded::rename_unheaded;
use crate::skill::parts::{Skills, build_parts};
use crate::skill::{Plan, Skill};
use crate::url::{CanonicalUrl, PageKey};

/// How many pages are in memory as HTML at a time.
const CHUNK: usize = 32;

/// Reads one page.
pub type Reader<'a> = dyn Fn(&Fetched) -> Reading + Sync + 'a;

/// What came of an archive.
#[derive(Clone, Debug)]
pub struct Assembly {
    /// The skill, not yet on disk; the router to its parts where it was too large to be one.
    pub skill: Skill,
    /// The parts, each a skill of its own; mostly there are none.
    pub parts: Vec<Skill>,
    /// A line for every page of the archive, by URL.
    pub pages: Vec<PageReport>,
}

/// What came of one page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageReport {
    /// The page.
    pub url: CanonicalUrl,
    /// What came of it.
    pub outcome: PageOutcome,
    /// The profile that read it.
    pub profile: String,
    /// Which form of it was read.
    pub source: Source,
    /// What was odd about it.
    pub warnings: Vec<Warning>,
    /// What was kept out of it, and what came of its code.
    pub audit: Audit,
}

/// What came of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PageOutcome {
    /// It is a page of the skill.
    Kept {
        /// The file it stands in, as `references/guide.md`.
        file: String,
    },
    /// Nothing was found in it besides its title.
    Empty,
    /// It holds the same as another page.
    Duplicate {
        /// The page that was kept.
        of: CanonicalUrl,
    },
}

/// Why no skill came of an archive.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The archive cannot be read further.
    #[error("cannot read the recorded pages")]
    Archive(#[source] Box<dyn Error + Send + Sync>),
    /// The archive holds no page at all.
    #[error("there are no recorded pages")]
    NoPages,
    /// Every page was empty.
    #[error("of {} recorded page(s), none holds any text", pages.len())]
    NothingExtracted {
        /// What came of each page.
        pages: Vec<PageReport>,
    },
    /// Every page holds what all of them hold, and nothing besides.
    #[error("the {} recorded pages all show the same, and nothing of their own", pages.len())]
    AllTheSame {
        /// What came of each page.
        pages: Vec<PageReport>,
    },
}

/// Assembles a skill from recorded pages. Which pages belong to it (scope, `max_pages`) is decided before.
///
/// # Errors
///
/// [`PipelineError`] when the pages cannot be read, or none of them holds anything.
pub fn assemble<E>(
    pages: impl IntoIterator<Item = Result<Fetched, E>>,
    config: &SiteConfig,
    limits: &Limits,
    read: &Reader<'_>,
) -> Result<Assembly, PipelineError>
where
    E: Error + Send + Sync + 'static,
{
    let mut pages = read_pages(pages, read)?;
    if let Some(repository) = &config.scope.repository {
        show_files(&mut pages, repository);
    }
    let all_held_text = pages.iter().all(|page| holds_text(&page.reading.document));
    drop_repeated(pages.iter_mut().map(|page| (&page.url, &mut page.reading)));
    drop_numbers(pages.iter_mut().map(|page| &mut page.reading.document));
    let mut navigation = NavigationCollector::default();
    for page in &pages {
        let document = &page.reading.document;
        navigation.add(&page.url, &document.navigation);
        navigation.add_contents(&page.url, &document.title, &document.contents);
    }
    let (references, mut reports): (Vec<Option<Reference>>, Vec<PageReport>) =
        pages.into_par_iter().map(refer).unzip();
    let references = references.into_iter().flatten().collect();
    let mut duplicates = BTreeMap::new();
    let navigation = navigation.merge(&config.scope.base_url);
    let mut references = fold_duplicates(references, &navigation, &config.scope.base_url, &mut duplicates);
    rename_unheaded(&mut references, &navigation, &config.scope.base_url);
    if references.is_empty() {
        return Err(if reports.is_empty() {
            PipelineError::NoPages
        } else if all_held_text {
            PipelineError::AllTheSame { pages: reports }
        } else {
            PipelineError::NothingExtracted { pages: reports }
        });
    }
    let known: Vec<_> = duplicates.iter().map(|(alias, page)| (alias.clone(), page.clone())).collect();
    let plan = Plan { navigation: &navigation, known: &known, config, limits };
    let Skills { main: skill, parts } = build_parts(references, &plan);
    settle_outcomes(&mut reports, &skill, &duplicates);
    Ok(Assembly { skill, parts, pages: reports })
}

/// A page after reading, without its HTML.
struct ReadPage {
    url: CanonicalUrl,
    fetched_at: Timestamp,
    reading: Reading,
}

/// Reads all pages on all cores, in their order, with few of them in memory as HTML at a time.
fn read_pages<E>(
    pages: impl IntoIterator<Item = Result<Fetched, E>>,
    read: &Reader<'_>,
) -> Result<Vec<ReadPage>, PipelineError>
where
    E: Error + Send + Sync + 'static,
{
    let mut read_pages = Vec::new();
    let mut pages = pages.into_iter();
    loop {
        let chunk: Result<Vec<Fetched>, E> = pages.by_ref().take(CHUNK).collect();
        let chunk = chunk.map_err(|cause| PipelineError::Archive(Box::new(cause)))?;
        if chunk.is_empty() {
            return Ok(read_pages);
        }
        let read_page = |fetched: &Fetched| ReadPage {
            url: fetched.url.clone(),
            fetched_at: fetched.fetched_at,
            reading: read(fetched),
        };
        read_pages.par_extend(chunk.par_iter().map(read_page));
    }
}

/// Turns the files of a repository into the pages that show them to people.
fn show_files(pages: &mut [ReadPage], repository: &Repository) {
    let files = RepositoryFiles::new(repository, pages.iter().map(|page| &page.url));
    for page in pages {
        if let Some(shown) = files.show(&page.url, &mut page.reading.document) {
            page.url = shown;
        }
    }
}

/// The reference that a page makes, if it holds anything, and its line of the report.
fn refer(page: ReadPage) -> (Option<Reference>, PageReport) {
    let ReadPage { url, fetched_at, reading } = page;
    let markdown = to_markdown(&reading.document);
    let reference = Reference::new(&url, fetched_at, &reading, &markdown);
    let mut warnings = reading.warnings;
    warnings.extend(suspicious::warnings(reference.as_ref(), &reading.audit));
    let report = PageReport {
        url,
        outcome: PageOutcome::Empty,
        profile: reading.profile,
        source: reading.source,
        warnings,
        audit: reading.audit,
    };
    (reference, report)
}

/// Whether there is something besides headings.
fn holds_text(document: &Document) -> bool {
    document.blocks.iter().any(|block| !matches!(block, Block::Heading { .. } | Block::Rule))
}

/// Keeps one reference of each page and of each content. Of several captures of a page the latest is kept, of several
/// addresses of one content the base URL, else one that the navigation lists, else the shortest.
fn fold_duplicates(
    mut references: Vec<Reference>,
    navigation: &Navigation,
    base: &CanonicalUrl,
    duplicates: &mut BTreeMap<CanonicalUrl, CanonicalUrl>,
) -> Vec<Reference> {
    references.sort_by(|left, right| {
        right.fetched_at.cmp(&left.fetched_at).then_with(|| left.digest.cmp(&right.digest))
    });
    let mut keys: HashMap<PageKey, CanonicalUrl> = HashMap::new();
    references.retain(|reference| keep_first(&mut keys, reference.url.key(), &reference.url, duplicates));
    references.sort_by_key(|reference| {
        let url = reference.url.as_str();
        let unlisted = navigation.page(&reference.url).is_none();
        (reference.url.key() != base.key(), unlisted, url.len(), url.to_owned())
    });
    let mut contents: HashMap<String, CanonicalUrl> = HashMap::new();
    references
        .retain(|reference| keep_first(&mut contents, reference.digest.clone(), &reference.url, duplicates));
    references
}

fn keep_first<K: Eq + Hash>(
    seen: &mut HashMap<K, CanonicalUrl>,
    identity: K,
    url: &CanonicalUrl,
    duplicates: &mut BTreeMap<CanonicalUrl, CanonicalUrl>,
) -> bool {
    match seen.entry(identity) {
        Entry::Occupied(first) => {
            duplicates.insert(url.clone(), first.get().clone());
            false
        }
        Entry::Vacant(vacant) => {
            vacant.insert(url.clone());
            true
        }
    }
}

/// Fills in what became of each page that holds something: its file, or the page that stands for it.
fn settle_outcomes(
    reports: &mut Vec<PageReport>,
    skill: &Skill,
    duplicates: &BTreeMap<CanonicalUrl, CanonicalUrl>,
) {
    reports.sort_by(|left, right| left.url.cmp(&right.url));
    // Two captures of one address are one line.
    reports.dedup_by(|left, right| left.url == right.url);
    for report in reports {
        if let Some(file) = skill.file_of(&report.url) {
            report.outcome = PageOutcome::Kept { file: file.to_owned() };
        } else if let Some(kept) = duplicates.get(&report.url) {
            report.outcome = PageOutcome::Duplicate { of: kept.clone() };
        }
    }
}
