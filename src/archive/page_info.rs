//! The record that makes a page complete: `urn:pageinfo:URL`, written last of a page's records.
//!
//! It names the page's other records by `WARC-Concurrent-To`, and says in JSON what these cannot: whether the document
//! had settled, where the page led, and which responses are not the page's own but what it loaded to make its content
//! from. A group of records without it was cut off and is no page.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::archive::error::Flaw;
use crate::archive::record::RecordId;
use crate::url::CanonicalUrl;

/// The target of a page's rendered document is this and the page's URL.
pub(crate) const DOM: &str = "urn:dom:";
/// The target of a page's Markdown twin is this and the page's URL.
pub(crate) const MARKDOWN: &str = "urn:markdown:";
/// The target of a page's own record is this and the page's URL.
pub(crate) const PAGE_INFO: &str = "urn:pageinfo:";

/// What the page's own record says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct PageInfo {
    /// The page's address, with its route if it has one.
    pub(crate) url: CanonicalUrl,
    /// When the answer was complete.
    pub(crate) fetched_at: Timestamp,
    /// Whether the rendered document stood still; `None` where none was rendered.
    pub(crate) settled: Option<bool>,
    /// Whether the site's own router led to the rendered document.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) routed: bool,
    /// The status of the HTTP response, if there was one.
    pub(crate) status: Option<u16>,
    /// Why there is no such page any more, as a word (`http_status`, `redirected`): the page ends with this record, and
    /// earlier records of it are history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) gone: Option<String>,
    /// Where the page led.
    #[serde(default)]
    pub(crate) outlinks: Vec<CanonicalUrl>,
    /// The records of what the page loaded to make its content from, in order, by their `WARC-Record-ID`. They are not
    /// named by `WARC-Concurrent-To`, where a reader that does not know them would take one for the page.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) loaded: Vec<RecordId>,
}

impl PageInfo {
    /// Reads the block of a page's own record.
    ///
    /// # Errors
    ///
    /// [`Flaw::PageInfo`] when it is not of this shape.
    pub(crate) fn parse(block: &[u8]) -> Result<Self, Flaw> {
        serde_json::from_slice(block).map_err(|cause| Flaw::PageInfo(cause.to_string()))
    }
}
