//! When a page that is had in a cheaper way than a load is to be had both ways and compared.
//!
//! Pages are kept in batches. A check begins a new one, so that it speaks for the pages before it and not for those that
//! come while it is under way. Checks are close at first and twice as far apart after each, up to a limit: what agreed
//! all along is unlikely to differ next, and a page that shows something new is compared for that reason anyway. However
//! far apart, no page stays as it is that does not lie between two checks which agreed.

/// Of this many pages that the cheaper way would do for, one is compared at first.
pub const CHECK_EVERY: u64 = 20;
/// Checks are at most this many pages apart.
const MOST_APART: u64 = 80;
/// How many compared pages must agree before the cheaper way is trusted.
pub(super) const AGREEING: usize = 3;

/// What this run knows of the pages of one group.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sampling {
    /// Pages that were had the cheaper way since the last check began.
    unchecked: u64,
    /// Of how many pages the next is compared.
    apart: u64,
    batch: u64,
}

impl Default for Sampling {
    fn default() -> Self {
        Self { unchecked: 0, apart: CHECK_EVERY, batch: 0 }
    }
}

impl Sampling {
    /// After an earlier run that left so many pages unchecked.
    pub(super) fn resume(unchecked: u64) -> Self {
        Self { unchecked, ..Self::default() }
    }

    /// Whether the next page is to be compared.
    pub(super) fn is_check(&mut self) -> bool {
        if self.unchecked + 1 < self.apart {
            self.unchecked += 1;
            return false;
        }
        self.unchecked = 0;
        self.apart = MOST_APART.min(self.apart * 2);
        self.batch += 1;
        true
    }

    /// A check came to nothing: the next page takes its place.
    pub(super) fn abandon(&mut self) {
        self.unchecked = self.apart - 1;
    }

    /// The batch of the next page.
    pub(super) fn batch(self) -> u64 {
        self.batch
    }

    /// The cheaper way is trusted from here on, and a new batch begins.
    pub(super) fn begin(&mut self) {
        self.apart = CHECK_EVERY;
        self.batch += 1;
    }
}
