//! Where the engine puts what it fetched.

use std::io;

use jiff::Timestamp;

use crate::fetched::{Exchange, Fetched};
use crate::frontier::Outcome;
use crate::url::CanonicalUrl;

/// Keeps what was fetched. The engine settles a page only after its record is durable, so both methods return when a
/// kill of the process can no longer undo them.
pub trait Recorder {
    /// Records a page and the links that are followed from it.
    ///
    /// # Errors
    ///
    /// Whatever keeps the record from being durable; the crawl ends with it.
    fn record_page(&mut self, page: &Fetched, outlinks: &[CanonicalUrl]) -> io::Result<()>;

    /// Gives back the newest record of a page, so that it can be rendered without asking the server again. `None` where
    /// there is none, or where this recorder cannot read; the page is then fetched anew.
    ///
    /// # Errors
    ///
    /// Whatever keeps the record from being read; the crawl ends with it.
    fn recorded_page(&mut self, _url: &CanonicalUrl) -> io::Result<Option<Fetched>> {
        Ok(None)
    }

    /// Gives back the newest answer of an address that is no page: a robots.txt, a sitemap. `None` as for a page.
    ///
    /// # Errors
    ///
    /// As for a page.
    fn recorded_exchange(&mut self, _url: &CanonicalUrl) -> io::Result<Option<Fetched>> {
        Ok(None)
    }

    /// Records that there is no such page any more, and why.
    ///
    /// # Errors
    ///
    /// As for a page.
    fn record_gone(&mut self, url: &CanonicalUrl, outcome: &Outcome, at: Timestamp) -> io::Result<()>;

    /// Records that the server still has what is recorded of an address: its 304.
    ///
    /// # Errors
    ///
    /// As for a page.
    fn record_not_modified(&mut self, _answer: &Exchange, _at: Timestamp) -> io::Result<()> {
        Ok(())
    }

    /// Records what was fetched besides pages: robots.txt, sitemaps, llms.txt.
    ///
    /// # Errors
    ///
    /// As for a page.
    fn record_exchange(&mut self, exchange: &Exchange, at: Timestamp) -> io::Result<()>;
}
