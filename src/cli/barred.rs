//! What stands before a site in place of its pages, from a crawl and from what was read of it, and how it is told.

use std::collections::BTreeMap;

use super::printer::Printer;
use crate::frontier::Tally;
use crate::pipeline::{PageOutcome, PageReport};
use crate::skill::checklist::{Checklist, Counts, SamePage};

/// What it may be, and what the user can do about it.
pub const WHAT_IT_MAY_BE: &str = "it may be a sign-in, a consent page, a check for robots or an error; see in a browser without a \
                    sign-in whether the pages are public";

/// The page that holds what the most other pages of a record hold, where there is one.
pub fn same_content(pages: &[PageReport]) -> Option<SamePage> {
    let mut copies: BTreeMap<&str, u64> = BTreeMap::new();
    for page in pages {
        if let PageOutcome::Duplicate { of } = &page.outcome {
            *copies.entry(of.as_str()).or_default() += 1;
        }
    }
    // Of several with as many the first by its address, whatever the order of the pages.
    let most = copies.into_iter().rev().max_by_key(|(_, copies)| *copies);
    most.map(|(url, copies)| SamePage {
        url: url.to_owned(),
        addresses: copies,
        not_there: 0,
        read: copies,
        kept: true,
    })
}

/// The page that the most addresses of a crawl lead to.
fn same_in_crawl(tally: &Tally) -> Option<SamePage> {
    tally.same_page.as_ref().map(|page| SamePage {
        url: page.url.clone(),
        addresses: page.addresses + page.not_there,
        not_there: page.not_there,
        read: 0,
        kept: page.kept,
    })
}

/// Joins what the crawl found to what was found in its record, and keeps a page only where it stands for most.
pub fn settle(counts: &mut Counts, tally: Option<&Tally>) {
    let found = counts.barred.same_page.take().into_iter().chain(tally.and_then(same_in_crawl));
    let same_page = found.reduce(SamePage::joined);
    counts.barred.same_page = same_page.filter(|page| page.stands_for_most(counts.pages_kept));
}

/// The page that most addresses of a crawl lead to, if there is one, of so many pages that it kept.
pub fn same_for_most(tally: &Tally, kept: u64) -> Option<SamePage> {
    same_in_crawl(tally).filter(|page| page.stands_for_most(kept))
}

/// Says on stderr that most addresses of a crawl lead to one page.
pub fn say_same(page: &SamePage, printer: &Printer) {
    printer.warning(&page.sentence());
    printer.note(WHAT_IT_MAY_BE);
}

/// Says on stderr what stands before a site, as its checklist has it.
pub fn say_checked(checklist: &Checklist, printer: &Printer) {
    let lines = checklist.barred();
    lines.iter().for_each(|line| printer.warning(line));
    if !lines.is_empty() {
        printer.note(WHAT_IT_MAY_BE);
    }
}
