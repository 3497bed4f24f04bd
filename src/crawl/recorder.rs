//! Where the engine puts what it fetched.

use std::io;

use jiff::Timestamp;

use crate::fetched::{Exchange, Fetched};
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

    /// Records what was fetched besides pages: robots.txt, sitemaps, llms.txt.
    ///
    /// # Errors
    ///
    /// As for a page.
    fn record_exchange(&mut self, exchange: &Exchange, at: Timestamp) -> io::Result<()>;
}
