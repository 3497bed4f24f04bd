//! From a fetched page to the HTML that is read: charset decoded, base URL found, source named.
//!
//! A page may be there twice, as sent and as rendered. This module turns each into a [`Rendered`]; which of them holds
//! more of the main content is for `extract` to find out.

use crate::url::CanonicalUrl;

/// HTML that is ready to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// The page's address.
    pub url: CanonicalUrl,
    /// What relative links resolve against: `<base href>` if the page has one, else its address.
    pub base: CanonicalUrl,
    /// The HTML as text.
    pub html: String,
    /// Where the HTML comes from.
    pub source: Source,
}

/// Where a page's HTML comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The body of the HTTP response.
    Sent,
    /// The document after JavaScript ran.
    Dom,
    /// The Markdown twin, turned into HTML.
    Twin,
}
