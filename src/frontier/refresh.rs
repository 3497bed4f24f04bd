//! Updates: asking a complete crawl's pages whether they changed.
//!
//! [`Frontier::begin_update`] makes every kept page *due* and every listing pending, in one transaction. The listings
//! come first, since a `lastmod` in a sitemap spares its page the question ([`is_due`]); then each due page is handed out
//! once, with what is known of it, and [`Frontier::settle_refresh`] says what came of it. A page stays kept while it is
//! due, so nothing else of the frontier need know of updates. All of it is in the database: an update that was killed goes
//! on with the pages that are still due.

mod due;
mod table;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::candidate::{Candidate, Kind};
use super::kept::{Kept, TemplateNote};
use super::lease::{Lease, Next, RobotsLease, Turn};
use super::likeness::{self, ContentVerdict};
use super::next::earlier;
use super::outcome::{Outcome, SkipReason};
use super::queue::Queue;
use super::robots_cache::{RobotsCache, RobotsState};
use super::store::{NewState, Row};
use super::{Frontier, FrontierError, Permit, Slot, redirect, store};
use crate::content_print::ContentPrint;
use crate::fetched::Validators;
use crate::robots::{Robots, Verdict};
use crate::url::{Authority, CanonicalUrl, PageKey};

pub use due::is_due;
pub(super) use table::{checks, give_back, release, running, settle_recorded};

use table::{
    Wake, check_of, end_page, fail_all, first_due, first_listing, has_rested, is_any_unchecked,
    is_listing_open, note_lastmod, settle, soonest_due, soonest_listing, start, wake,
};

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
            Ok(())
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

    /// The next step of an update: a listing as long as there are any, then a page that is due. What is new waits until
    /// all that is kept was asked: a page may only have changed its address.
    pub(super) fn next_check(&mut self, now: Timestamp) -> Result<Checking, FrontierError> {
        if self.update.is_none() {
            return Ok(Checking::Over);
        }
        let lists = is_listing_open(self.database.read())?;
        let leased: Vec<i64> = self.leases.values().map(|leased| leased.id).collect();
        let mut soonest = None;
        for authority in self.in_turn.clone() {
            let connection = self.database.read();
            let row = match lists {
                true => first_listing(connection, &authority, &leased, now)?,
                false => first_due(connection, &authority, now)?,
            };
            let Some(row) = row else {
                let soonest_of = if lists { soonest_listing } else { soonest_due };
                soonest = earlier(soonest, soonest_of(connection, &authority)?);
                continue;
            };
            let verdict = match self.robots.state(connection, &authority, now)? {
                RobotsState::Asked => continue,
                RobotsState::Unknown => None,
                RobotsState::Known(Robots::Unreachable { cause }) if !lists => {
                    let cause = format!("robots.txt unreachable: {cause}");
                    self.database.change(|connection| fail_all(connection, &authority, &cause))?;
                    continue;
                }
                RobotsState::Known(robots) => Some(robots.verdict(&row.url)),
            };
            if let Some(Verdict::Disallowed(rule)) = verdict {
                let reason = SkipReason::RobotsDisallow { rule };
                return Ok(Checking::Next(if lists {
                    self.refuse_listing(authority, &row, reason, now)?
                } else {
                    Next::Withdrawn { lease: Box::new(self.lease_to_check(authority, row, None)?), reason }
                }));
            }
            match self.hosts.reserve(&authority, now) {
                Slot::Later(when) => soonest = earlier(soonest, Some(when)),
                Slot::GivenUp(cause) if lists => {
                    return Ok(Checking::Next(self.give_up(authority, cause, now)?));
                }
                Slot::GivenUp(cause) => {
                    self.database.change(|connection| fail_all(connection, &authority, &cause))?;
                }
                Slot::Granted(permit) if verdict.is_none() => {
                    self.were_hosts_asked = true;
                    self.robots.asked(&authority);
                    return Ok(Checking::Next(Next::Robots(RobotsLease { authority, permit })));
                }
                Slot::Granted(permit) if lists => {
                    let lease = self.lease(authority.clone(), row, Turn::First, permit);
                    // The queue may hold it too, and leaves out what is leased when it asks the database.
                    self.queues.insert(authority, Queue::unknown());
                    return Ok(Checking::Next(Next::Ready(lease)));
                }
                Slot::Granted(permit) => {
                    let lease = self.lease_to_check(authority, row, Some(permit))?;
                    return Ok(Checking::Next(Next::Ready(lease)));
                }
            }
        }
        let is_open = lists || is_any_unchecked(self.database.read())?;
        let moves = soonest.is_some() || !self.leases.is_empty() || self.robots.is_any_asked();
        Ok(if is_open && moves { Checking::Hold { soonest } } else { Checking::Over })
    }

    fn lease_to_check(
        &mut self,
        authority: Authority,
        row: Row,
        permit: Option<Permit>,
    ) -> Result<Lease, FrontierError> {
        let check = self.database.change(|connection| {
            connection
                .prepare_cached("UPDATE refresh SET state = 'in_work' WHERE id = ?1")?
                .execute([row.id])?;
            check_of(connection, row.id)
        })?;
        Ok(Lease { check: Some(Box::new(check)), ..self.lease(authority, row, Turn::Check, permit) })
    }

    fn refuse_listing(
        &mut self,
        authority: Authority,
        row: &Row,
        reason: SkipReason,
        now: Timestamp,
    ) -> Result<Next, FrontierError> {
        let state = NewState::Skipped(reason.clone());
        self.database.change(|connection| store::set_state(connection, row.id, &state, now))?;
        self.queues.insert(authority, Queue::unknown());
        Ok(Next::Skipped { url: row.url.clone(), reason })
    }
}

/// What an update has to do next.
pub(super) enum Checking {
    /// This.
    Next(Next),
    /// Nothing before this time, or before a lease is settled.
    Hold {
        /// When there will be something.
        soonest: Option<Timestamp>,
    },
    /// All is checked, or there is no update.
    Over,
}
