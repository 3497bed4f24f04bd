//! When a page that is had in a cheaper way than a load is to be had both ways and compared.
//!
//! Pages are kept in batches. A check begins a new one, so that it speaks for the pages before it and not for those that
//! come while it is under way.

/// Of this many pages that the cheaper way would do for, one is compared.
pub const CHECK_EVERY: u64 = 20;
/// How many compared pages must agree before the cheaper way is trusted.
pub(super) const AGREEING: usize = 3;

/// What this run knows of the pages of one group.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sampling {
    /// Pages that were had the cheaper way since the last check began.
    unchecked: u64,
    batch: u64,
}

impl Sampling {
    /// After an earlier run that left so many pages unchecked.
    pub(super) fn resume(unchecked: u64) -> Self {
        Self { unchecked, batch: 0 }
    }

    /// Whether the next page is to be compared.
    pub(super) fn is_check(&mut self) -> bool {
        if self.unchecked + 1 < CHECK_EVERY {
            self.unchecked += 1;
            return false;
        }
        self.unchecked = 0;
        self.batch += 1;
        true
    }

    /// A check came to nothing: the next page takes its place.
    pub(super) fn abandon(&mut self) {
        self.unchecked = CHECK_EVERY - 1;
    }

    /// The batch of the next page.
    pub(super) fn batch(self) -> u64 {
        self.batch
    }

    /// The cheaper way is trusted from here on, and a new batch begins.
    pub(super) fn begin(&mut self) {
        self.batch += 1;
    }
}
