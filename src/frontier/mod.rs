//! The frontier: which URL comes next, and when.
//!
//! In order: a [`Candidate`] is added when its URL is in scope and its page is not known yet; [`Frontier::next`] hands
//! the first one that robots.txt allows and its host's clock permits out as a [`Lease`]; [`Frontier::settle`] ends
//! the lease with an [`Outcome`] and adds what the page linked to, both or neither. A page that was kept as sent may get a
//! second turn, to be rendered from its record (`doubt`). All of it lives in SQLite, so that a crawl killed at any moment
//! goes on where it was; in memory are the leases and, of each authority, the URLs that are next in turn (`queue`).
//! Changes are written together, before anything is waited for (`database`).
//!
//! A page has one identity, [`crate::url::CanonicalUrl::key`]; the spelling that was found first is the one asked for.
//! A `survey` changes the order alone. Every URL ends with one outcome, and none vanishes. The frontier opens no socket
//! and writes no archive, and `now` is an argument. There is no other source of URLs to fetch, which is what makes the
//! crawl polite.

mod aliases;
pub mod backoff;
mod before;
mod breaker;
mod candidate;
mod clock;
mod contents;
mod database;
mod doubt;
mod error;
mod families;
mod host_clock;
mod host_news;
mod host_store;
mod kept;
mod lease;
mod likeness;
mod listings;
mod lock;
mod next;
mod outcome;
mod queue;
mod redirect;
mod refresh;
mod remembered;
mod report;
mod resume;
mod robots_cache;
mod same_page;
mod schema;
mod slow_down;
mod status;
mod store;
mod survey;

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::Path;

use jiff::Timestamp;
use rusqlite::ErrorCode;

use crate::config::{RenderMode, SiteConfig};
use crate::scope::Scope;
use crate::url::{Authority, CanonicalUrl, PageKey};

pub use before::Remains;
pub use breaker::{Patience, Setback};
pub use candidate::{Candidate, FoundBy, Kind};
pub use clock::CrawlClock;
pub use error::FrontierError;
pub use host_clock::{Further, HostClocks, HostMemory, Pace, Permit, Slot};
pub use kept::{Form, Kept, KnownTemplate, Standing, TemplateNote};
pub use lease::{Check, Lease, Next, RobotsLease};
pub use likeness::ContentVerdict;
pub use lock::FolderLock;
pub use outcome::{Outcome, SkipReason};
pub use refresh::{Checks, Refreshed, Update, is_due};
pub use remembered::{carry_hosts, remember_hosts};
pub use report::{Counts, Forms, ReportLine, Tally};
pub use resume::KnownPage;
pub use same_page::SamePage;
pub use slow_down::Throttled;
pub use status::{CrawlStatus, PausedHost, UpdateStatus, status};

use database::Database;
use host_store::HostStore;
use lease::{Returned, Turn};
use likeness::Likeness;
use queue::Queue;
use robots_cache::RobotsCache;
use store::{NewState, Row};

/// The queue of one crawl.
pub struct Frontier {
    database: Database,
    scope: Scope,
    hosts: HostClocks,
    host_store: HostStore,
    /// Whether a host was asked, or told something, since the database last heard of the hosts.
    were_hosts_asked: bool,
    pace: Pace,
    max_pages: Option<u64>,
    /// What is next of every authority that has rows; a site has one or two.
    queues: HashMap<Authority, Queue>,
    /// The authorities in turn; the one that was asked last is the last.
    in_turn: VecDeque<Authority>,
    robots: RobotsCache,
    likeness: Likeness,
    counts: Counts,
    /// Leases of pages that are out, which will count as kept if all goes well.
    leased_pages: u64,
    /// Those that are out, by number.
    leases: HashMap<u64, Leased>,
    last_lease: u64,
    returned: Returned,
    /// Whether there may be pages that are to be rendered again.
    may_render_again: bool,
    /// Whether pages are to be compared and rendered again; set by the config's mode of rendering.
    judges: bool,
    /// The update that is under way.
    update: Option<Update>,
    /// Where few URLs are to stand for the site: their order.
    survey: Option<survey::Survey>,
    /// Pages that this run made pending again since something names them now; once is enough.
    woken: HashSet<PageKey>,
    _lock: FolderLock,
}

/// A lease that is out.
struct Leased {
    id: i64,
    kind: Kind,
    authority: Authority,
    turn: Turn,
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
        let path = folder.join("crawl.db");
        let connection = schema::open(&path).map_err(|error| match error {
            FrontierError::Database(cause) if cause.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
                FrontierError::NotADatabase { path: path.display().to_string() }
            }
            FrontierError::Database(cause) => {
                FrontierError::OpenDatabase { path: path.display().to_string(), cause }
            }
            other => other,
        })?;
        let mut frontier = Self {
            likeness: Likeness::load(&connection, &config.scope)?,
            database: Database::new(connection),
            scope: Scope::new(&config.scope)?,
            hosts,
            host_store: HostStore::default(),
            were_hosts_asked: false,
            pace: remembered::pace_of(config),
            max_pages: config.scope.max_pages.map(|pages| u64::try_from(pages).unwrap_or(u64::MAX)),
            queues: HashMap::new(),
            in_turn: VecDeque::new(),
            robots: RobotsCache::default(),
            counts: Counts::default(),
            leased_pages: 0,
            leases: HashMap::new(),
            last_lease: 0,
            returned: Returned::default(),
            may_render_again: true,
            judges: config.fetch.render == RenderMode::Auto,
            update: None,
            survey: None,
            woken: HashSet::new(),
            _lock: lock,
        };
        frontier.resume(folder, config)?;
        Ok(frontier)
    }

    /// Hands out few URLs that stand for the site from now on, instead of all of them breadth first: the seed URLs, then at
    /// most so many files that list pages, then pages from all over the site. The caller ends it when it has seen enough.
    pub fn begin_survey(&mut self, listings: u32) {
        self.survey = Some(survey::Survey::new(listings));
    }

    /// Adds candidates that belong to the site and are not known yet, all or none.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn add(&mut self, candidates: &[Candidate]) -> Result<(), FrontierError> {
        let scope = &self.scope;
        let added = self.database.change(|connection| store::admit_all(connection, scope, candidates))?;
        let seeds = candidates.iter().filter(|candidate| candidate.found_by == FoundBy::Seed);
        seeds.for_each(|seed| self.likeness.note_seed(&seed.url));
        self.note_added(added);
        Ok(())
    }

    /// Ends a lease and adds what was found through it, both or neither. Returns how it really ended: a redirect may turn
    /// out to be a loop or to leave the site.
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
        let scope = &self.scope;
        let (outcome, state, added) = self.database.change(|connection| {
            let outcome = match outcome {
                Outcome::Redirected { to } => redirect::follow(connection, scope, lease, to)?,
                other => other,
            };
            let state = NewState::of(&outcome, lease, now);
            match lease.turn {
                Turn::First | Turn::Check => store::set_state(connection, lease.id, &state, now)?,
                Turn::Again => doubt::settle(connection, lease.id, &outcome, now)?,
            }
            let mut added = store::admit_all(connection, scope, found)?;
            if let NewState::Redirected { to } = &state {
                added.extend(store::admit_all(connection, scope, &[lease.redirected(to.clone())])?);
            }
            Ok((outcome, state, added))
        })?;
        if let NewState::Redirected { to } = &state {
            self.likeness.note_redirect(&lease.url, to);
            if lease.found_by == FoundBy::Seed {
                self.likeness.note_seed(to);
            }
        }
        self.may_render_again |= lease.turn == Turn::Again || may_send_back(&outcome);
        self.end_lease(lease.ticket.number);
        if let Some(survey) = &mut self.survey
            && lease.kind == Kind::Page
        {
            survey.note_found(lease, &added);
        }
        if lease.turn == Turn::First {
            self.note_settled(lease.kind, &state);
            self.note_pending(lease, state);
        }
        self.note_added(added);
        if self.database.is_due(now) {
            self.write(now)?;
        }
        Ok(outcome)
    }

    /// Whether there is something that a kill of the process would undo.
    pub fn has_unwritten(&self) -> bool {
        self.database.has_unwritten() || self.were_hosts_asked
    }

    /// Writes what was changed, and what is to be remembered of the hosts: afterwards no kill of the process can undo it.
    /// To be called before anything is waited for.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails; what was not written is then taken back.
    pub fn write(&mut self, now: Timestamp) -> Result<(), FrontierError> {
        if self.were_hosts_asked {
            self.were_hosts_asked = false;
            let (hosts, host_store) = (&self.hosts, &mut self.host_store);
            for authority in &self.in_turn {
                let Some(memory) = hosts.memory(authority) else { continue };
                if host_store.is_news(authority, &memory, now) {
                    self.database.change(|connection| host_store.save(connection, authority, &memory))?;
                }
            }
        }
        self.database.write()
    }

    /// Gives leases back that will not be settled, so that they are pending again, and writes everything.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn release_leases(&mut self) -> Result<(), FrontierError> {
        self.database.change(doubt::release)?;
        self.database.change(refresh::release)?;
        self.write(self.hosts.time().now())?;
        self.robots.forget_asked();
        self.leases.clear();
        self.leased_pages = 0;
        self.queues.values_mut().for_each(|queue| *queue = Queue::unknown());
        self.recount()
    }

    /// The templates of the site with what the fetcher noted of each, by name.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn templates(&self) -> Result<Vec<KnownTemplate>, FrontierError> {
        doubt::templates(self.database.read())
    }

    /// Whether pages that were kept as sent wait to be compared or rendered.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn is_in_doubt(&self) -> Result<bool, FrontierError> {
        doubt::is_any(self.database.read())
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

    /// Whether a page is known, in whatever state and spelling.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn knows_page(&self, url: &CanonicalUrl) -> Result<bool, FrontierError> {
        listings::knows_page(self.database.read(), &self.scope.upgraded(url))
    }

    /// Ends a lease, unless it is over already.
    fn end_lease(&mut self, number: u64) -> Option<Leased> {
        let leased = self.leases.remove(&number)?;
        if leased.turn == Turn::First && leased.kind == Kind::Page {
            self.leased_pages = self.leased_pages.saturating_sub(1);
            self.counts.in_work = self.counts.in_work.saturating_sub(1);
        }
        Some(leased)
    }

    /// Puts a lease that is to be tried again where its turn is.
    fn note_pending(&mut self, lease: &Lease, state: NewState) {
        let Some(queue) = self.queues.get_mut(&lease.url.authority()) else { return };
        match state {
            NewState::Pending { not_before, .. } => queue.wait(not_before),
            NewState::Respelled { url, hops } => {
                let Lease { id, kind, found_by, depth, tries, .. } = *lease;
                queue.offer(Row { id, url, kind, found_by, depth, hops, tries });
            }
            _ => {}
        }
    }

    fn note_settled(&mut self, kind: Kind, state: &NewState) {
        if kind == Kind::Page {
            self.counts.add(state.word());
        }
    }

    fn note_added(&mut self, added: Vec<store::Added>) {
        for store::Added { row, authority, state } in added {
            if row.kind == Kind::Page {
                self.counts.add(state);
            }
            if !self.queues.contains_key(&authority) {
                self.set_pace(&authority, None);
                self.in_turn.push_back(authority.clone());
                self.queues.insert(authority.clone(), Queue::empty());
            }
            if state == "pending"
                && let Some(queue) = self.queues.get_mut(&authority)
            {
                queue.offer(row);
            }
        }
    }

    /// Lets the queues ask the database anew: rows became pending behind their back.
    fn forget_queues(&mut self) {
        self.queues.values_mut().for_each(|queue| *queue = Queue::unknown());
    }

    fn recount(&mut self) -> Result<(), FrontierError> {
        self.counts = report::counts(self.database.read())?;
        Ok(())
    }
}

/// Whether a page that ends like this may send pages back to be rendered.
fn may_send_back(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Done(kept) if kept.template.is_some())
}

impl Drop for Frontier {
    /// Every change is whole, so what is not written yet may as well be.
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let now = self.hosts.time().now();
            // Nobody is there to hear of an error, and the next run heals what was lost.
            let _ = self.write(now);
        }
    }
}

/// The URL that a column holds.
fn url_of(text: &str) -> Result<CanonicalUrl, FrontierError> {
    CanonicalUrl::parse(text)
        .map_err(|_| FrontierError::Corrupt { value: text.to_owned(), expected: "a URL" })
}
