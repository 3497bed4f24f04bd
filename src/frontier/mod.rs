//! The frontier: which URL comes next, and when.
//!
//! In order: a [`Candidate`] is added when its URL is in scope and its page is not known yet; [`Frontier::next`] hands
//! the first one that robots.txt allows and its host's clock permits out as a [`Lease`]; [`Frontier::settle`] ends
//! the lease with an [`Outcome`] and adds what the page linked to, both in one transaction. A page that was kept as sent may get a
//! second turn, to be rendered from its record (`doubt`). All of it lives in SQLite,
//! so that a crawl killed at any moment goes on where it was.
//!
//! A page has one identity, [`crate::url::CanonicalUrl::key`]; the spelling that was found first is the one asked for.
//! Every URL ends with one outcome, and none vanishes. The frontier opens no socket and writes no
//! archive, and `now` is an argument. There is no other source of URLs to fetch, which is what makes the crawl polite.

pub mod backoff;
mod candidate;
mod clock;
mod doubt;
mod host_clock;
mod kept;
mod lease;
mod lock;
mod outcome;
mod redirect;
mod report;
mod resume;
mod robots_cache;
mod schema;
mod store;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;

use crate::config::{RenderMode, SiteConfig};
use crate::robots::{Robots, Verdict};
use crate::scope::{PatternError, Scope};
use crate::url::{Authority, CanonicalUrl};

pub use candidate::{Candidate, FoundBy, Kind};
pub use clock::CrawlClock;
pub use host_clock::{HostClocks, Pace, Permit, Slot};
pub use kept::{Form, Kept, KnownTemplate, Standing, TemplateNote};
pub use lease::{Lease, Next, RobotsLease};
pub use lock::FolderLock;
pub use outcome::{Outcome, SkipReason};
pub use report::{Counts, Forms, ReportLine, Tally};
pub use resume::KnownPage;

use lease::Turn;
use robots_cache::{RobotsCache, RobotsState};
use store::{NewState, Row};

/// The queue of one crawl.
pub struct Frontier {
    connection: Connection,
    scope: Scope,
    hosts: HostClocks,
    pace: Pace,
    max_pages: Option<u64>,
    /// Every authority that has rows; a site has one or two.
    authorities: BTreeSet<Authority>,
    robots: RobotsCache,
    counts: Counts,
    /// Leases of pages that are out, which will count as kept if all goes well.
    leased_pages: u64,
    leases: u64,
    /// Whether pages are to be compared and rendered again; set by the config's mode of rendering.
    judges: bool,
    _lock: FolderLock,
}

/// Why a frontier cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FrontierError {
    /// Another process crawls into this folder.
    #[error("`{folder}` is in use by another crawl")]
    Locked {
        /// The crawl folder.
        folder: String,
    },
    /// The folder holds pages of another site.
    #[error("`{folder}` holds a crawl of `{there}`, not of `{wanted}`")]
    OtherSite {
        /// The crawl folder.
        folder: String,
        /// The base URL that the folder was made for.
        there: String,
        /// The base URL of the config.
        wanted: String,
    },
    /// A pattern of the config is no valid glob.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// The folder or its files cannot be opened.
    #[error("failed to open `{path}`")]
    Open {
        /// The file or folder.
        path: String,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// The database failed.
    #[error("the crawl database failed")]
    Database(#[from] rusqlite::Error),
    /// The database holds what this program never wrote there.
    #[error("the crawl database holds `{value}` where {expected} belongs")]
    Corrupt {
        /// What stands there.
        value: String,
        /// What belongs there.
        expected: &'static str,
    },
}

impl Frontier {
    /// Opens the frontier in a crawl folder, making both if they are not there. What an earlier run left half done is
    /// pending again; so is what it failed at, and what it skipped for a reason that the config no longer gives.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Locked`] while another process crawls there, [`FrontierError::OtherSite`] when the folder
    /// holds pages of another host, and the errors of the file system and the database.
    pub fn open(folder: &Path, config: &SiteConfig, hosts: HostClocks) -> Result<Self, FrontierError> {
        let lock = FolderLock::take(folder)?;
        let connection = schema::open(&folder.join("crawl.db"))?;
        let mut frontier = Self {
            connection,
            scope: Scope::new(&config.scope)?,
            hosts,
            pace: Pace {
                delay: config.politeness.delay,
                max_in_flight: u32::try_from(config.fetch.concurrency).unwrap_or(u32::MAX).max(1),
            },
            max_pages: config.scope.max_pages.map(|pages| u64::try_from(pages).unwrap_or(u64::MAX)),
            authorities: BTreeSet::new(),
            robots: RobotsCache::default(),
            counts: Counts::default(),
            leased_pages: 0,
            leases: 0,
            judges: config.fetch.render == RenderMode::Auto,
            _lock: lock,
        };
        frontier.resume(folder, config)?;
        Ok(frontier)
    }

    /// Adds candidates that belong to the site and are not known yet, in one transaction.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn add(&mut self, candidates: &[Candidate]) -> Result<(), FrontierError> {
        let transaction = self.connection.unchecked_transaction()?;
        let added = store::admit_all(&transaction, &self.scope, candidates)?;
        transaction.commit()?;
        self.note_added(added);
        Ok(())
    }

    /// What can be done at this moment.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn next(&mut self, now: Timestamp) -> Result<Next, FrontierError> {
        let mut soonest = match self.next_again(now)? {
            Again::Next(next) => return Ok(next),
            Again::None { soonest } => soonest,
        };
        if self.max_pages.is_some_and(|most| self.counts.kept + self.leased_pages >= most) {
            return self.next_at_the_limit(soonest, now);
        }
        for authority in self.authorities.clone() {
            let Some(row) = store::first_ready(&self.connection, &authority, now)? else {
                soonest = earlier(soonest, store::soonest(&self.connection, &authority)?);
                continue;
            };
            let verdict = match self.robots.state(&self.connection, &authority, now)? {
                RobotsState::Asked => continue,
                RobotsState::Unknown => None,
                RobotsState::Known(robots) => Some(robots.verdict(&row.url)),
            };
            if let Some(Verdict::Disallowed(rule)) = verdict {
                return self.refuse(&row, SkipReason::RobotsDisallow { rule }, now);
            }
            match self.hosts.reserve(&authority, now) {
                Slot::Later(when) => soonest = earlier(soonest, Some(when)),
                Slot::Granted(permit) if verdict.is_some() => return self.lease(row, permit),
                Slot::Granted(permit) => {
                    self.robots.asked(&authority);
                    return Ok(Next::Robots(RobotsLease { authority, permit }));
                }
            }
        }
        Ok(match soonest {
            Some(when) => Next::Wait(until(now, when)),
            None if self.leases > 0 || self.robots.is_any_asked() => Next::Busy,
            None if doubt::compare_the_last(&self.connection)? => return self.next(now),
            None => Next::Finished,
        })
    }

    /// Ends a lease and adds what was found through it, in one transaction. Returns how it really ended: a redirect
    /// may turn out to be a loop or to leave the site.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails; the lease is pending again at the next opening.
    pub fn settle(
        &mut self,
        lease: &Lease,
        outcome: Outcome,
        found: &[Candidate],
        now: Timestamp,
    ) -> Result<Outcome, FrontierError> {
        let transaction = self.connection.unchecked_transaction()?;
        let outcome = match outcome {
            Outcome::Redirected { to } => redirect::follow(&transaction, &self.scope, lease, to)?,
            other => other,
        };
        let state = NewState::of(&outcome, lease, now);
        match lease.turn {
            Turn::First => store::set_state(&transaction, lease.id, &state, now)?,
            Turn::Again => doubt::settle(&transaction, lease.id, &outcome, now)?,
        }
        let mut added = store::admit_all(&transaction, &self.scope, found)?;
        if let NewState::Redirected { to } = &state {
            added.extend(store::admit_all(&transaction, &self.scope, &[lease.redirected(to.clone())])?);
        }
        transaction.commit()?;
        match lease.turn {
            Turn::First => {
                self.note_returned(lease.kind);
                self.note_settled(lease.kind, &state);
            }
            Turn::Again => self.leases = self.leases.saturating_sub(1),
        }
        self.note_added(added);
        Ok(outcome)
    }

    /// Gives leases back that will not be settled, so that they are pending again.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn release_leases(&mut self) -> Result<(), FrontierError> {
        store::release_leases(&self.connection)?;
        doubt::release(&self.connection)?;
        self.robots.forget_asked();
        self.leases = 0;
        self.leased_pages = 0;
        self.recount()
    }

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
        let transaction = self.connection.unchecked_transaction()?;
        robots_cache::save(&transaction, authority, &robots, now)?;
        let added = store::admit_all(&transaction, &self.scope, sitemaps)?;
        transaction.commit()?;
        self.set_pace(authority, robots.crawl_delay());
        self.robots.known(authority, robots, now);
        self.note_added(added);
        Ok(())
    }

    /// Asks nothing of a host before a time, also in later runs: it said `Retry-After`, 429 or 503.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn pause_host(&mut self, authority: &Authority, until: Timestamp) -> Result<(), FrontierError> {
        self.hosts.pause(authority, until);
        Ok(store::save_pause(&self.connection, authority, until)?)
    }

    /// The templates of the site with what the fetcher noted of each, by name.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn templates(&self) -> Result<Vec<KnownTemplate>, FrontierError> {
        doubt::templates(&self.connection)
    }

    /// Whether pages that were kept as sent wait to be compared or rendered.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn is_in_doubt(&self) -> Result<bool, FrontierError> {
        doubt::is_any(&self.connection)
    }

    /// How many pages are in which state; cheap.
    pub fn counts(&self) -> Counts {
        self.counts
    }

    /// The clocks of the hosts.
    pub fn hosts(&self) -> &HostClocks {
        &self.hosts
    }

    /// The scope that candidates are judged by.
    pub fn scope(&self) -> &Scope {
        &self.scope
    }

    /// A line for every URL, in the order of URLs.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn report(&self) -> Result<Vec<ReportLine>, FrontierError> {
        report::lines(&self.connection)
    }

    /// The pages that the seed URLs led to, as lines of the report.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn seeds(&self) -> Result<Vec<ReportLine>, FrontierError> {
        report::seeds(&self.connection)
    }

    /// How many pages were skipped for which reason and failed with which cause.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn tally(&self) -> Result<Tally, FrontierError> {
        report::tally(&self.connection)
    }

    /// The first page that is to be rendered from its record. It counts as kept, so no limit holds it up, and
    /// robots.txt was heeded when its document was asked for.
    fn next_again(&mut self, now: Timestamp) -> Result<Again, FrontierError> {
        let mut soonest = None;
        for authority in self.authorities.clone() {
            let Some(row) = doubt::first_ready(&self.connection, &authority, now)? else {
                soonest = earlier(soonest, doubt::soonest(&self.connection, &authority)?);
                continue;
            };
            match self.hosts.reserve(&authority, now) {
                Slot::Later(when) => soonest = earlier(soonest, Some(when)),
                Slot::Granted(permit) => {
                    doubt::begin(&self.connection, row.id)?;
                    self.leases += 1;
                    return Ok(Again::Next(Next::Again(row.into_lease(Turn::Again, permit))));
                }
            }
        }
        Ok(Again::None { soonest })
    }

    /// No more pages may be leased: wait for those that are out, then write off the rest.
    fn next_at_the_limit(
        &mut self,
        soonest: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Next, FrontierError> {
        if let Some(when) = soonest {
            return Ok(Next::Wait(until(now, when)));
        }
        if self.leases > 0 || self.robots.is_any_asked() {
            return Ok(Next::Busy);
        }
        if doubt::compare_the_last(&self.connection)? {
            return self.next(now);
        }
        store::skip_pending(&self.connection, &SkipReason::MaxPages)?;
        self.recount()?;
        Ok(Next::Finished)
    }

    fn refuse(&mut self, row: &Row, reason: SkipReason, now: Timestamp) -> Result<Next, FrontierError> {
        let state = NewState::Skipped(reason.clone());
        store::set_state(&self.connection, row.id, &state, now)?;
        self.counts.queued = self.counts.queued.saturating_sub(u64::from(row.kind == Kind::Page));
        self.note_settled(row.kind, &state);
        Ok(Next::Skipped { url: row.url.clone(), reason })
    }

    fn lease(&mut self, row: Row, permit: Permit) -> Result<Next, FrontierError> {
        store::set_leased(&self.connection, row.id)?;
        self.leases += 1;
        if row.kind == Kind::Page {
            self.leased_pages += 1;
            self.counts.queued = self.counts.queued.saturating_sub(1);
            self.counts.in_work += 1;
        }
        Ok(Next::Ready(row.into_lease(Turn::First, permit)))
    }

    fn note_returned(&mut self, kind: Kind) {
        self.leases = self.leases.saturating_sub(1);
        if kind == Kind::Page {
            self.leased_pages = self.leased_pages.saturating_sub(1);
            self.counts.in_work = self.counts.in_work.saturating_sub(1);
        }
    }

    fn note_settled(&mut self, kind: Kind, state: &NewState) {
        if kind == Kind::Page {
            self.counts.add(state.word());
        }
    }

    fn note_added(&mut self, added: Vec<store::Added>) {
        for row in added {
            if row.kind == Kind::Page {
                self.counts.add(row.state);
            }
            if !self.authorities.contains(&row.authority) {
                self.set_pace(&row.authority, None);
                self.authorities.insert(row.authority);
            }
        }
    }

    fn set_pace(&self, authority: &Authority, crawl_delay: Option<Duration>) {
        let delay = self.pace.delay.max(crawl_delay.unwrap_or_default());
        self.hosts.set_pace(authority, Pace { delay, ..self.pace });
    }

    fn recount(&mut self) -> Result<(), FrontierError> {
        self.counts = report::counts(&self.connection)?;
        Ok(())
    }
}

/// What there is to be rendered again.
enum Again {
    Next(Next),
    None { soonest: Option<Timestamp> },
}

fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    [one, other].into_iter().flatten().min()
}

fn until(now: Timestamp, when: Timestamp) -> Duration {
    Duration::try_from(when.duration_since(now)).unwrap_or_default()
}

/// The URL that a column holds.
fn url_of(text: &str) -> Result<CanonicalUrl, FrontierError> {
    CanonicalUrl::parse(text)
        .map_err(|_| FrontierError::Corrupt { value: text.to_owned(), expected: "a URL" })
}
