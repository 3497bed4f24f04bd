//! What the pages of a run teach about those to come: pages of one site share their scripts, and what one of them was
//! waited for in vain need not cost its time on each.
//!
//! Nothing here makes a page be read before its content stands still; it only says which things are no reason to wait.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many pages must have been held in vain by a thing before it is no reason to wait any more.
const MOST_IN_VAIN: u32 = 2;
/// What is remembered of each kind; pages decide the names, so their number is bounded.
const MOST_REMEMBERED: usize = 2_000;

/// What a run has learned; shared by its tabs.
#[derive(Debug, Default)]
pub(super) struct Lessons {
    known: Mutex<Known>,
    asked_own: AtomicU64,
    /// What pages may ask their own hosts for in all; zero for no limit.
    most_own: AtomicU64,
}

#[derive(Debug, Default)]
struct Known {
    /// Addresses of other hosts that did not answer, without their query.
    hung: BTreeSet<String>,
    /// What held a page while its content stayed as it was, and on how many pages.
    in_vain: BTreeMap<String, u32>,
    /// What was followed by more content, at least once.
    useful: BTreeSet<String>,
}

impl Lessons {
    /// A page asks its own host for something. Returns whether it may.
    pub(super) fn ask_own(&self) -> bool {
        let most = self.most_own.load(Ordering::Relaxed);
        if most > 0 && self.asked_own() >= most {
            return false;
        }
        self.asked_own.fetch_add(1, Ordering::Relaxed);
        true
    }

    /// Limits what pages ask their own hosts for, those before included; zero for no limit.
    pub(super) fn limit_own(&self, most: u64) {
        self.most_own.store(most, Ordering::Relaxed);
    }

    /// What pages asked their own hosts for so far, their documents aside.
    pub(super) fn asked_own(&self) -> u64 {
        self.asked_own.load(Ordering::Relaxed)
    }

    /// Whether an address did not answer on an earlier page.
    pub(super) fn hangs(&self, url: &str) -> bool {
        self.known().hung.contains(without_query(url))
    }

    /// An address did not answer in time.
    pub(super) fn hung(&self, url: &str) {
        let mut known = self.known();
        if known.hung.len() < MOST_REMEMBERED {
            known.hung.insert(without_query(url).to_owned());
        }
    }

    /// What no page need be waited for any more.
    pub(super) fn idle(&self) -> Vec<String> {
        let known = self.known();
        let is_idle = |name: &&String| !known.useful.contains(*name);
        let vain = known.in_vain.iter().filter(|(_, pages)| **pages >= MOST_IN_VAIN).map(|(name, _)| name);
        vain.filter(is_idle).cloned().collect()
    }

    /// A page was held by these, in vain or not.
    pub(super) fn held(&self, in_vain: Vec<String>, useful: Vec<String>) {
        let mut known = self.known();
        for name in useful {
            if known.useful.len() < MOST_REMEMBERED {
                known.useful.insert(name);
            }
        }
        for name in in_vain {
            if known.in_vain.len() < MOST_REMEMBERED || known.in_vain.contains_key(&name) {
                *known.in_vain.entry(name).or_insert(0) += 1;
            }
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Lessons;

    #[test]
    fn what_holds_pages_in_vain_is_forgiven_twice_and_never_once_it_brought_content() {
        let lessons = Lessons::default();
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        lessons.held(names(&["clock", "late"]), Vec::new());
        assert_eq!(lessons.idle(), names(&[]));
        lessons.held(names(&["clock", "late"]), Vec::new());
        assert_eq!(lessons.idle(), names(&["clock", "late"]));
        lessons.held(Vec::new(), names(&["late"]));
        assert_eq!(lessons.idle(), names(&["clock"]));
    }

    #[test]
    fn an_address_that_hung_is_known_whatever_its_query() {
        let lessons = Lessons::default();
        lessons.hung("https://stats.example/collect?page=1");
        assert!(lessons.hangs("https://stats.example/collect?page=2"));
        assert!(!lessons.hangs("https://stats.example/"));
    }
}
