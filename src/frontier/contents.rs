//! What pages hold, and what follows from it: whether a page is news, and whether it was one at all.

use super::likeness::{self, ContentVerdict};
use super::outcome::SkipReason;
use super::{Frontier, FrontierError, Lease, store};
use crate::content_print::ContentPrint;
use crate::url::{Authority, CanonicalUrl};

impl Frontier {
    /// Judges what a page holds, when it is fetched for the first time; `says_not_found` is whether its title or heading
    /// says that it is not there.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn judge_content(
        &mut self,
        lease: &Lease,
        print: &ContentPrint,
        says_not_found: bool,
    ) -> Result<ContentVerdict, FrontierError> {
        if lease.is_again() {
            return Ok(ContentVerdict::default());
        }
        self.likeness.judge(self.database.read(), lease, print, says_not_found)
    }

    /// Notes what a page holds that was recorded, so that others with the same content are known.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn note_content(&mut self, lease: &Lease, print: &ContentPrint) -> Result<(), FrontierError> {
        self.database.change(|connection| likeness::note_print(connection, &lease.url, print))
    }

    /// Notes what an authority answers at an address that is not there: what its page holds, if it shows one. Returns the
    /// pages that were kept before and turn out to be that page; the caller takes their records back and then calls
    /// [`Frontier::take_back`].
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn set_not_found(
        &mut self,
        authority: &Authority,
        page: Option<ContentPrint>,
    ) -> Result<Vec<CanonicalUrl>, FrontierError> {
        let likeness = &mut self.likeness;
        self.database.change(|connection| likeness.set_not_found(connection, authority, page))
    }

    /// The addresses of the pages that are kept.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn kept_pages(&self) -> Result<Vec<CanonicalUrl>, FrontierError> {
        store::kept_pages(self.database.read())
    }

    /// Ends pages that were kept in another way after all.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn take_back(&mut self, pages: &[CanonicalUrl], reason: &SkipReason) -> Result<(), FrontierError> {
        if pages.is_empty() {
            return Ok(());
        }
        self.database.change(|connection| {
            pages.iter().try_for_each(|page| likeness::take_back(connection, page, reason))
        })?;
        self.recount()
    }
}
