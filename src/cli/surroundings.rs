//! What a crawl shares with the others of the process, and who is told how far it is.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio_util::sync::CancellationToken;

use crate::crawl::CrawlEvent;
use crate::fetch::browser::Machine;
use crate::frontier::HostClocks;

/// What a crawl shares with the others of the process.
#[derive(Clone, Default)]
pub struct Surroundings<'a> {
    /// The clocks of the hosts.
    pub hosts: HostClocks,
    /// The others; `None` for a crawl that has the process to itself.
    pub others: Option<Others<'a>>,
}

/// What there is only beside others.
#[derive(Clone)]
pub struct Others<'a> {
    /// What they may render together.
    pub machine: Machine,
    /// Ends all of them in good order.
    pub stop: CancellationToken,
    /// Told of every step of this one, in place of a line of progress of its own.
    pub watch: &'a (dyn Fn(Step<'_>) + Send + Sync),
    /// Whose turn it is to assemble a skill: one takes all cores.
    pub assembly: &'a Mutex<()>,
}

/// A step on the way of a site to its skill.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// Something happened in its crawl.
    Crawl(&'a CrawlEvent),
    /// Its skill is assembled as soon as it is its turn.
    Assembly,
}

impl<'a> Surroundings<'a> {
    /// Waits for the turn to assemble a skill, which lasts as long as what is returned.
    pub fn turn_to_assemble(&self) -> Option<MutexGuard<'a, ()>> {
        let others = self.others.as_ref()?;
        (others.watch)(Step::Assembly);
        Some(others.assembly.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
