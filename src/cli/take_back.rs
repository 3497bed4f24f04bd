//! An update after which little is left of a site is taken back: it may have turned into a sign-in, or be down.
//!
//! Record and skill are then as they were before, and the next update begins where this one did. Nothing is taken back
//! from a site that answers with errors that pass (`HTTP 503`): its pages stay as they are recorded anyway.

use anyhow::anyhow;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::barred::{WHAT_IT_MAY_BE, same_for_most};
use super::crawl_folder::{CrawlFolder, frontier_failure};
use super::failure::Failure;
use super::scrape::end;
use super::words::count;
use crate::archive::{Archive, ArchiveError};
use crate::config::SiteConfig;
use crate::crawl::{CrawlEnd, CrawlSummary};
use crate::extract::{SIGN_IN, read_page};
use crate::frontier::{Frontier, Remains};
use crate::profile::Profiles;
use crate::url::CanonicalUrl;

/// What is said of a record to which nothing happened.
const UNHARMED: &str = "the earlier record and its skill are as they were";

/// What to do where the site is to be taken as it is.
const OTHERWISE: &str = "where the site is like that from now on, `build --fresh` records it anew";

/// Settles whether what an update brought stays, by what is left of the site. Outside of updates nothing is done.
///
/// # Errors
///
/// The [`Failure`] of the crawl; one that says what is left of the site, where the update was taken back; and one of its
/// own when record or database cannot be read or written.
pub fn settle(
    folder: &CrawlFolder,
    (config, profiles): (&SiteConfig, &Profiles),
    frontier: &mut Frontier,
    ended: Result<CrawlSummary, Failure>,
) -> Result<CrawlSummary, Failure> {
    let Some(remains) = frontier.remains().map_err(frontier_failure)? else { return ended };
    let Some(lost) = lost(folder, (config, profiles), remains)? else {
        if ended.as_ref().is_ok_and(|summary| summary.end == CrawlEnd::Complete) {
            frontier.confirm_update().map_err(frontier_failure)?;
        }
        return ended;
    };
    frontier.take_back_update(config).map_err(frontier_failure)?;
    remove_taken_back(folder, frontier)?;
    Err(match ended {
        Err(failure) => {
            let hint = failure.hint.as_ref().map(|hint| format!("{hint}; {UNHARMED}"));
            failure.hint(hint.unwrap_or_else(|| UNHARMED.to_owned()))
        }
        Ok(summary) => match end(&summary) {
            Err(failure) => failure.hint(UNHARMED),
            Ok(_) => failure(&lost, &summary),
        },
    })
}

/// Removes the WARCs of an update that was taken back, this time or by a process that was killed before it came to that.
///
/// # Errors
///
/// A [`Failure`] when they cannot be removed.
pub fn remove_taken_back(folder: &CrawlFolder, frontier: &mut Frontier) -> Result<(), Failure> {
    if let Some(number) = frontier.taken_back().map_err(frontier_failure)? {
        folder.take_back(number)?;
        frontier.forget_taken_back().map_err(frontier_failure)?;
    }
    Ok(())
}

/// What is lost of a site, in words; `None` where enough is left.
fn lost(
    folder: &CrawlFolder,
    site: (&SiteConfig, &Profiles),
    remains: Remains,
) -> Result<Option<String>, Failure> {
    let Remains { kept_before, kept, .. } = remains;
    if remains.is_most_gone() {
        return Ok(Some(format!("the site shows {} in place of {kept_before}", count(kept, "page"))));
    }
    let sign_in = sign_ins(folder, site, remains.first_warc)?;
    if sign_in * 2 > kept {
        return Ok(Some(format!(
            "{sign_in} of {} now ask to sign in and hold nothing else",
            count(kept, "page")
        )));
    }
    Ok(remains.is_most_alike().then(|| format!("most of {} now show the same", count(kept, "page"))))
}

/// How many of the pages that were recorded anew ask to sign in and hold nothing else.
fn sign_ins(
    folder: &CrawlFolder,
    (config, profiles): (&SiteConfig, &Profiles),
    first_warc: u32,
) -> Result<u64, Failure> {
    let archive = match Archive::open(folder.path()) {
        Ok(archive) => archive,
        Err(ArchiveError::NotAnArchive { .. }) => return Ok(0),
        Err(error) => return Err(Failure::new(error)),
    };
    let urls: Vec<&CanonicalUrl> = archive.pages_from(first_warc).collect();
    let asks = |url: &&CanonicalUrl| -> Result<u64, Failure> {
        let Some(page) = archive.page(&url.key()).map_err(Failure::new)? else { return Ok(0) };
        let warnings = read_page(&page, profiles, &config.extract).warnings;
        Ok(u64::from(warnings.iter().any(|warning| warning.kind == SIGN_IN)))
    };
    let found: Result<Vec<u64>, Failure> = urls.par_iter().map(asks).collect();
    Ok(found?.into_iter().sum())
}

fn failure(lost: &str, summary: &CrawlSummary) -> Failure {
    let same = same_for_most(&summary.tally, summary.counts.kept);
    let same = same.map(|page| format!("; {}", page.sentence())).unwrap_or_default();
    Failure::new(anyhow!("{lost}{same}")).hint(format!("{WHAT_IT_MAY_BE}; {UNHARMED}; {OTHERWISE}"))
}
