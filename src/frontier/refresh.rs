//! Updates: asking a complete crawl's pages whether they changed.
//!
//! [`Frontier::begin_update`] makes every kept page *due* and every listing pending, in one transaction. The listings
//! come first, since a `lastmod` in a sitemap spares its page the question ([`is_due`]); then each due page is handed out
//! once, with what is known of it, and [`Frontier::settle_refresh`] says what came of it. A page stays kept while it is
//! due, so nothing else of the frontier need know of updates. All of it is in the database: an update that was killed goes
//! on with the pages that are still due.

mod due;
mod step;
mod table;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::before;
use super::candidate::{Candidate, Kind};
use super::kept::{Kept, TemplateNote};
use super::lease::Lease;
use super::likeness::{self, ContentVerdict};
use super::outcome::Outcome;
use super::robots_cache::RobotsCache;
use super::store::NewState;
use super::{Frontier, FrontierError, redirect, store};
use crate::content_print::ContentPrint;
use crate::fetched::Validators;
use crate::url::{CanonicalUrl, PageKey};

pub use due::is_due;
pub(super) use step::Checking;
pub(super) use table::{checks, give_back, release, running, settle_recorded};

use table::{Wake, end_page, has_rested, note_lastmod, settle, start, wake};

/// An update that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Update {
    /// When it began.
    pub started_at: Timestamp,
    /// The number of the first WARC that it may write to: what lies in earlier ones is what it compares with.
    pub first_warc: u32,
}

/// What came of asking whether a page changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refreshed {
    /// It holds what the record holds.
    Unchanged {
        /// The validators of the answer, where it was not a 304.
        validators: Option<Validators>,
        /// What it tells about its template.
        note: Option<TemplateNote>,
    },
    /// It was recorded anew.
    Changed(Kept),
    /// There is no such page any more: a redirect to another page, or a reason to skip it.
    Gone(Outcome),
    /// Another spelling of its address is to be asked.
    Respelled(CanonicalUrl),
    /// It failed in passing and is asked again.
    Retry {
        /// Not before this time has passed.
        after: Duration,
        /// What happened.
        cause: String,
    },
    /// It could not be asked; its record stands.
    Failed {
        /// What happened.
        cause: String,
    },
}

/// How far an update is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Checks {
    /// Pages that are still to be asked.
    pub due: u64,
    /// Pages that were asked and hold what their record holds.
    pub unchanged: u64,
    /// Pages that were not asked, since a sitemap says that they did not change.
    pub spared: u64,
    /// Pages that were recorded anew.
    pub recorded: u64,
    /// Pages that could not be asked, by cause; their records stand.
    pub failed: BTreeMap<String, u64>,
}

impl Frontier {
    /// Begins an update, or goes on with the one that is under way unless that has rested too long. Pages of the
    /// templates named need no browser even where theirs was used, nor does any page where nothing is `rendered`.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn begin_update(
        &mut self,
        update: Update,
        rendered: bool,
        without_browser: &[String],
    ) -> Result<Update, FrontierError> {
        let update = self.database.change(|connection| {
            before::keep(connection, update.first_warc)?;
            let update = match running(connection)? {
                Some(running) if !has_rested(connection, running, update.started_at)? => running,
                // What the interrupted one recorded is still news to whoever reads the skill.
                Some(rested) => {
                    start(connection, Update { first_warc: rested.first_warc, ..update }, rendered)?
                }
                None => start(connection, update, rendered)?,
            };
            for template in without_browser {
                connection
                    .prepare_cached(
                        "UPDATE refresh SET needs_browser = 0
                         WHERE id IN (SELECT id FROM candidates WHERE template = ?1)",
                    )?
                    .execute([template])?;
            }
            Ok(update)
        })?;
        self.database.write()?;
        self.robots = RobotsCache::default();
        self.update = Some(update);
        self.forget_queues();
        self.recount()?;
        Ok(update)
    }

    /// The update that is under way.
    pub fn update(&self) -> Option<Update> {
        self.update
    }

    /// Ends the update: what it brought was handed on.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn end_update(&mut self) -> Result<(), FrontierError> {
        self.database.change(|connection| {
            connection.execute("DELETE FROM meta WHERE name = 'update'", [])?;
            before::forget(connection)
        })?;
        self.database.write()?;
        self.update = None;
        Ok(())
    }

    /// How far the update is, or how the last one ended.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn checks(&self) -> Result<Checks, FrontierError> {
        checks(self.database.read())
    }

    /// Takes in what a listing says of the last change of pages; those that did not change since they were seen are not
    /// asked. Nothing happens outside of an update.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn note_lastmods(&mut self, found: &[Candidate], now: Timestamp) -> Result<(), FrontierError> {
        if self.update.is_none() {
            return Ok(());
        }
        let scope = &self.scope;
        self.database.change(|connection| {
            for candidate in found.iter().filter(|candidate| candidate.kind == Kind::Page) {
                if let Some(lastmod) = candidate.lastmod {
                    note_lastmod(connection, &scope.upgraded(&candidate.url), lastmod, now)?;
                }
            }
            Ok(())
        })
    }

    /// Makes pages pending again that were no pages when they were asked for: what changed names them now.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn wake(&mut self, candidates: &[Candidate]) -> Result<(), FrontierError> {
        if self.update.is_none() {
            return Ok(());
        }
        let keys = candidates.iter().filter(|candidate| candidate.kind == Kind::Page);
        let keys: Vec<PageKey> = keys.map(|candidate| candidate.url.key()).collect();
        self.wake_all(keys, Wake::NoPage)
    }

    /// Makes the lists of files pending again that what names the commit leads to.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn wake_trees(&mut self, candidates: &[Candidate]) -> Result<(), FrontierError> {
        if self.update.is_none() {
            return Ok(());
        }
        self.database.change(|connection| {
            let mut statement = connection.prepare_cached(
                "UPDATE candidates SET state = 'pending', tries = 0, not_before = 0, reason = NULL, detail = NULL
                 WHERE page_key = ?1 AND kind = 'tree'",
            )?;
            for candidate in candidates.iter().filter(|candidate| candidate.kind == Kind::Tree) {
                statement.execute([candidate.url.key().as_str()])?;
            }
            Ok(())
        })?;
        self.forget_queues();
        Ok(())
    }

    fn wake_all(&mut self, keys: Vec<PageKey>, what: Wake) -> Result<(), FrontierError> {
        let known = &self.woken;
        let woken = self.database.change(|connection| {
            let mut woken = Vec::new();
            for key in keys {
                if !known.contains(&key) && wake(connection, &key, what)? {
                    woken.push(key);
                }
            }
            Ok(woken)
        })?;
        if !woken.is_empty() {
            self.woken.extend(woken);
            self.forget_queues();
            self.recount()?;
        }
        Ok(())
    }

    /// How a due page really ends whose server leads to `to`. What the target was before this update is forgotten: two
    /// pages may have changed places.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn follow(&mut self, lease: &Lease, to: CanonicalUrl) -> Result<Outcome, FrontierError> {
        self.wake_all(vec![to.key()], Wake::Anything)?;
        redirect::follow(self.database.read(), &self.scope, lease, to)
    }

    /// Judges what a page holds that is kept, when it was sent anew: only that it says that nothing is there ends it. That
    /// another page holds the same does not, for that one may be about to end.
    pub fn judge_new_content(
        &mut self,
        lease: &Lease,
        print: &ContentPrint,
        says_not_found: bool,
    ) -> ContentVerdict {
        self.likeness.judge_again(lease, print, says_not_found)
    }

    /// Notes what a page holds that was recorded anew, in place of what it held.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails.
    pub fn note_new_content(
        &mut self,
        lease: &Lease,
        print: Option<&ContentPrint>,
    ) -> Result<(), FrontierError> {
        self.database.change(|connection| {
            likeness::forget_print(connection, &lease.url)?;
            print.map_or(Ok(()), |print| likeness::note_print(connection, &lease.url, print))
        })
    }

    /// Ends the lease of a due page and adds what was found through it, both or neither. What [`Refreshed`] says to be
    /// recorded or gone must be in the archive by then.
    ///
    /// # Errors
    ///
    /// [`FrontierError::Database`] when the database fails; the page is due again at the next opening.
    pub fn settle_refresh(
        &mut self,
        lease: &Lease,
        end: &Refreshed,
        found: &[Candidate],
        now: Timestamp,
    ) -> Result<(), FrontierError> {
        let mut found = found.to_vec();
        let gone = match end {
            Refreshed::Gone(outcome) => Some(NewState::of(outcome, lease, now)),
            _ => None,
        };
        if let Some(NewState::Redirected { to }) = &gone {
            found.push(lease.redirected(to.clone()));
        }
        let scope = &self.scope;
        let (added, freed) = self.database.change(|connection| {
            let freed = match &gone {
                Some(state) => end_page(connection, lease, state, now)?,
                None => {
                    settle(connection, lease, end, now)?;
                    0
                }
            };
            Ok((store::admit_all(connection, scope, &found)?, freed))
        })?;
        self.end_lease(lease.ticket.number);
        self.may_render_again = true;
        if let Some(state) = gone {
            self.counts.kept = self.counts.kept.saturating_sub(1);
            self.counts.add(state.word());
            if let NewState::Redirected { to } = &state {
                self.likeness.note_redirect(&lease.url, to);
            }
        }
        self.note_added(added);
        if freed > 0 {
            self.forget_queues();
            self.recount()?;
        }
        if self.database.is_due(now) {
            self.write(now)?;
        }
        Ok(())
    }
}
