//! From HTML and a profile to a typed document.

use crate::document::Document;
use crate::render::Source;

/// What reading a page gave.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The page.
    pub document: Document,
    /// The name of the profile that read it.
    pub profile: String,
    /// Which form of the page was read.
    pub source: Source,
    /// What was odd about it.
    pub warnings: Vec<Warning>,
}

/// Something odd about a page that did not keep it from being read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Warning {
    /// A stable word for programs, as `main_content_missing`.
    pub kind: &'static str,
    /// A sentence for people.
    pub message: String,
}
