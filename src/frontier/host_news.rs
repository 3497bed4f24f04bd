//! What is heard of a host: its robots.txt, that it asks for patience, that it fails, that it answers.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::breaker::{Patience, Setback};
use super::candidate::Candidate;
use super::host_clock::Pace;
use super::slow_down::Throttled;
use super::{Frontier, FrontierError, robots_cache, store};
use crate::robots::Robots;
use crate::url::Authority;

impl Frontier {
    /// Stores what robots.txt says, adapts the host's pace to it, and adds the sitemaps it names.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn set_robots(
        &mut self,
        authority: &Authority,
        robots: Robots,
        sitemaps: &[Candidate],
        now: Timestamp,
    ) -> Result<(), FrontierError> {
        let scope = &self.scope;
        let added = self.database.change(|connection| {
            robots_cache::save(connection, authority, &robots, now)?;
            store::admit_all(connection, scope, sitemaps)
        })?;
        self.were_hosts_asked = true;
        self.set_pace(authority, robots.crawl_delay());
        self.robots.known(authority, robots, now);
        self.note_added(added);
        Ok(())
    }

    /// What robots.txt of an authority says, where that is known: for what is asked beside a page that was handed out.
    pub fn known_robots(&self, authority: &Authority) -> Option<Arc<Robots>> {
        self.robots.get(authority)
    }

    /// Notes that a host asked for patience (429, 503), also for later runs: see [`super::HostClocks::throttled`].
    pub fn throttled(
        &mut self,
        authority: &Authority,
        now: Timestamp,
        retry_after: Option<Duration>,
    ) -> Throttled {
        self.were_hosts_asked = true;
        self.hosts.throttled(authority, now, retry_after)
    }

    /// Notes that a host gave no answer, or that of a broken server, also for later runs: see
    /// [`super::HostClocks::failed`]. While there is no page yet, it is not waited for.
    pub fn host_failed(&mut self, authority: &Authority, now: Timestamp, cause: &str) -> Setback {
        self.were_hosts_asked = true;
        let patience = if self.counts.kept > 0 { Patience::Rests } else { Patience::None };
        self.hosts.failed(authority, now, cause, patience)
    }

    /// Notes that a host answered as asked.
    pub fn host_answered(&mut self, authority: &Authority) {
        self.were_hosts_asked = true;
        self.hosts.succeeded(authority);
    }

    pub(super) fn set_pace(&self, authority: &Authority, crawl_delay: Option<Duration>) {
        let delay = self.pace.delay.max(crawl_delay.unwrap_or_default());
        self.hosts.set_pace(authority, Pace { delay, ..self.pace });
    }
}
