//! After a crash: which pages are recorded, though nobody else may know.

use std::path::Path;

use jiff::Timestamp;

use crate::archive::error::ArchiveError;
use crate::archive::files::warcs_in;
use crate::archive::page_info::{PAGE_INFO, PageInfo};
use crate::archive::record::Fields;
use crate::archive::scan::{MAX_BLOCK, Scanner};
use crate::archive::segment::Segment;
use crate::url::CanonicalUrl;

/// How many of the newest files may hold pages that nobody else knows of: the last one, and the one before it if the
/// writer had only just moved on.
const NEWEST: usize = 2;

/// A page that is complete in the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedPage {
    /// The page's address.
    pub url: CanonicalUrl,
    /// Where it led.
    pub outlinks: Vec<CanonicalUrl>,
    /// When it was fetched.
    pub fetched_at: Timestamp,
}

/// The complete pages of the newest files of a folder, in the order of their recording. What a crash cut off is no
/// page, and no error.
///
/// # Errors
///
/// [`ArchiveError::Read`] when a file cannot be read.
pub(crate) fn recorded_pages(folder: &Path) -> Result<Vec<RecordedPage>, ArchiveError> {
    let files = warcs_in(folder)?;
    let mut pages = Vec::new();
    for path in files.iter().skip(files.len().saturating_sub(NEWEST)) {
        let segment = Segment::of_file(path)?;
        let mut scanner = Scanner::new(&segment, keep_page_info)?;
        while let Some(record) = scanner.next()? {
            if !is_page_info(&record.fields) {
                continue;
            }
            if let Ok(info) = PageInfo::parse(&record.block) {
                let PageInfo { url, outlinks, fetched_at, gone, .. } = info;
                // What is known of a page that is gone is nothing to go on from.
                pages.retain(|page: &RecordedPage| gone.is_none() || page.url.key() != url.key());
                if gone.is_some() {
                    continue;
                }
                pages.push(RecordedPage { url, outlinks, fetched_at });
            }
        }
    }
    Ok(pages)
}

fn keep_page_info(fields: &Fields) -> u64 {
    if is_page_info(fields) { MAX_BLOCK } else { 0 }
}

fn is_page_info(fields: &Fields) -> bool {
    fields.kind() == "resource" && fields.target().is_some_and(|target| target.starts_with(PAGE_INFO))
}
