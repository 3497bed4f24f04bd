//! What a fetcher says of a page that it had in a cheaper way than by loading it in the browser, or that it compared
//! with such a page.
//!
//! Pages come in groups for which one comparison speaks: those of one template, where HTTP alone may do, and those of one
//! application, where its own router may lead from page to page. A page that was had the cheaper way is provisional until
//! a later comparison of its group agrees; where one does not, it is loaded after all.

use serde::{Deserialize, Serialize};

use super::Answer;
use crate::fetched::Fetched;

/// A page with what it told about its group.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The page; with its rendered document where it was rendered.
    pub page: Fetched,
    /// What it told.
    pub note: Note,
}

/// What a page told about its group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The group's name.
    pub group: String,
    /// What it means for the pages that are provisional.
    pub verdict: Verdict,
    /// Pages are kept in batches, and a check begins a new one: it speaks for pages of its own batch and those before,
    /// not for what came while it was under way.
    pub batch: u64,
    /// What is known of the group by now, as JSON, where that changed: for the report, and as [`EarlierGroup`] for the
    /// next run.
    pub state: Option<String>,
}

/// What a page means for those of its group that are provisional.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing.
    None,
    /// They hold what a load would have given.
    Confirmed,
    /// They may not.
    Refuted,
}

/// What an earlier run left of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierGroup {
    /// The last [`Note::state`].
    pub state: String,
    /// How many pages were kept provisionally since the last agreeing check.
    pub unchecked: u64,
}

/// What the comparison of a page's two forms found.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// In one word.
    pub finding: Finding,
    /// What it rests on, as a JSON object for the report.
    pub evidence: serde_json::Value,
}

/// The result of a comparison of a page's cheaper form with that of a load.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// Both forms hold the same.
    Same,
    /// The same text, but links or menu entries that nothing else has led to yet.
    MoreLinks,
    /// The loaded form holds other content.
    Different,
    /// The loaded form holds nothing else, but hides some of what the other has.
    Hidden,
    /// It cannot be told: the page did not settle, or holds next to nothing in either form.
    Inconclusive,
}

impl Note {
    /// A note that says nothing about other pages.
    pub(super) fn plain(group: String, batch: u64) -> Self {
        Self { group, verdict: Verdict::None, batch, state: None }
    }
}

/// The answer that a page with its note is.
pub(super) fn judged(page: Box<Fetched>, note: Note) -> Answer {
    Answer::Judged(Box::new(Judged { page: *page, note }))
}
