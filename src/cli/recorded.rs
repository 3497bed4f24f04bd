//! Recorded pages: the archive that a command line names, and which of its pages belong to the skill: those in the
//! config's scope, up to its `max_pages`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use anyhow::anyhow;

use super::exit::ExitCode;
use super::failure::Failure;
use crate::archive::{Archive, ArchiveError};
use crate::config::ScopeRules;
use crate::fetched::Fetched;
use crate::scope::{Judgement, PatternError, Scope};

/// Opens the archive that the command line names.
///
/// # Errors
///
/// A [`Failure`]; with exit code 2 when there is no such file or it is no archive.
pub fn open(path: &Path) -> Result<Archive, Failure> {
    let is_there = path.exists();
    Archive::open(path).map_err(|error| match error {
        ArchiveError::Read { .. } if !is_there => {
            let error = anyhow!("there is no recorded crawl `{}`", path.display());
            Failure::with_code(error, ExitCode::Usage)
                .hint("give a crawl folder, a `.warc.gz`, a `.wacz` or a `pages.jsonl`")
        }
        error @ ArchiveError::NotAnArchive { .. } => Failure::with_code(error, ExitCode::Usage),
        error if error.is_damage() => {
            Failure::new(error).hint("fetch or copy the file once more, or record the site anew")
        }
        error => Failure::new(error),
    })
}

/// The failure when an archive holds no page that the config asks for.
pub fn nothing_of(archive: &Archive, path: &Path) -> Failure {
    if archive.is_empty() { nothing_recorded(path) } else { nothing_in_scope(path) }
}

/// The failure when an archive holds no page at all.
pub fn nothing_recorded(archive: &Path) -> Failure {
    Failure::new(anyhow!("there are no recorded pages in `{}`", archive.display()))
        .hint("record the site first, with `skillcrawl scrape`")
}

/// The failure when an archive holds pages, but none that the config asks for.
pub fn nothing_in_scope(archive: &Path) -> Failure {
    Failure::new(anyhow!("no page of `{}` is in the scope of the config", archive.display()))
        .hint("compare the config's `base_url` and `url_patterns` with the addresses in the archive")
}

/// The rule of selection, and the count of what it left out.
#[derive(Debug)]
pub struct Selection {
    scope: Scope,
    max_pages: Option<usize>,
    skipped: RefCell<BTreeMap<&'static str, usize>>,
}

impl Selection {
    /// The selection that a config's scope makes.
    ///
    /// # Errors
    ///
    /// [`PatternError`] when a pattern of the config is no pattern.
    pub fn new(rules: &ScopeRules) -> Result<Self, PatternError> {
        Ok(Self { scope: Scope::new(rules)?, max_pages: rules.max_pages, skipped: RefCell::default() })
    }

    /// How many pages were left out so far, by reason.
    pub fn skipped(&self) -> BTreeMap<&'static str, usize> {
        self.skipped.borrow().clone()
    }

    fn skip(&self, reason: &'static str) {
        *self.skipped.borrow_mut().entry(reason).or_insert(0) += 1;
    }
}

/// Passes on the pages that the selection admits, and every error.
pub fn select<E>(
    pages: impl Iterator<Item = Result<Fetched, E>>,
    selection: &Selection,
) -> impl Iterator<Item = Result<Fetched, E>> {
    let mut kept = 0;
    pages.filter(move |page| {
        let Ok(page) = page else { return true };
        let reason = match selection.scope.judge(&page.url) {
            Judgement::InScope => None,
            Judgement::OutOfScope => Some("out_of_scope"),
            Judgement::Excluded(_) => Some("excluded"),
            Judgement::Asset => Some("not_a_page"),
            Judgement::Trap(_) => Some("trap"),
        };
        if let Some(reason) = reason {
            selection.skip(reason);
            return false;
        }
        if selection.max_pages.is_some_and(|most| kept >= most) {
            selection.skip("max_pages");
            return false;
        }
        kept += 1;
        true
    })
}
