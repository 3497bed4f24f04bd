//! What comes next, and when.
//!
//! In order: pages that are to be rendered from their record; in an update, what is to be checked (`refresh`); then,
//! authority by authority, the first URL whose time has come, if robots.txt allows it and its host's clock grants a slot;
//! and where there is none, how long to wait.

use std::time::Duration;

use jiff::Timestamp;

use super::candidate::Kind;
use super::host_clock::{Permit, Slot};
use super::lease::{Next, RobotsLease, Turn};
use super::likeness::Worth;
use super::outcome::SkipReason;
use super::queue::Queue;
use super::refresh::{self, Checking};
use super::robots_cache::RobotsState;
use super::store::{NewState, Row};
use super::{Frontier, FrontierError, Leased, doubt, store};
use crate::robots::Verdict;
use crate::url::Authority;

/// How long a page with parameters waits for the one without before it is looked at again.
const VARIANT_WAIT: Duration = Duration::from_secs(1);

/// Of how many pending URLs a survey chooses; more than most sites have.
const MOST_SURVEYED: usize = 20_000;

/// What there is to be rendered again.
enum Again {
    Next(Next),
    None { soonest: Option<Timestamp> },
}

/// What was found at the head of a queue.
enum Found {
    Ready(Row, Permit),
    Robots(Permit),
    Refused(Row, SkipReason),
    /// A page that is to be asked for when the one without parameters is settled.
    Variant(Row),
    GivenUp(String),
}

impl Frontier {
    /// What can be done at this moment.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn next(&mut self, now: Timestamp) -> Result<Next, FrontierError> {
        self.take_back_dropped()?;
        let mut soonest = match self.next_again(now)? {
            Again::Next(next) => return Ok(next),
            Again::None { soonest } => soonest,
        };
        match self.next_check(now)? {
            Checking::Next(next) => return Ok(next),
            Checking::Hold { soonest: due } => {
                return Ok(match earlier(soonest, due) {
                    Some(when) => Next::Wait(until(now, when)),
                    None => Next::Busy,
                });
            }
            Checking::Over => {}
        }
        if self.max_pages.is_some_and(|most| self.counts.kept + self.leased_pages >= most) {
            return self.next_at_the_limit(soonest, now);
        }
        if let Some((authority, found)) = self.first_of_all(&mut soonest, now)? {
            return self.hand_out(authority, found, now);
        }
        Ok(match soonest {
            Some(when) => Next::Wait(until(now, when)),
            None if !self.leases.is_empty() || self.robots.is_any_asked() => Next::Busy,
            None if self.compare_the_last()? => return self.next(now),
            None => Next::Finished,
        })
    }

    /// The first thing that can be done, authority by authority in turn; else when there will be one.
    fn first_of_all(
        &mut self,
        soonest: &mut Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Option<(Authority, Found)>, FrontierError> {
        let leased: Vec<i64> = self.leases.values().map(|leased| leased.id).collect();
        for authority in &self.in_turn {
            let Some(queue) = self.queues.get_mut(authority) else { continue };
            if let Some(survey) = &self.survey {
                let pending = store::in_turn(self.database.read(), authority, MOST_SURVEYED)?;
                let free = pending.into_iter().filter(|row| !leased.contains(&row.id)).collect();
                queue.hold(survey.choose(free));
            }
            let Some(row) = queue.first(&mut self.database, authority, &leased, now)? else {
                let Some(when) = queue.soonest(&self.database, authority)? else { continue };
                if let Some(reason) = self.hosts.given_up(authority) {
                    return Ok(Some((authority.clone(), Found::GivenUp(reason))));
                }
                *soonest = earlier(*soonest, Some(when));
                continue;
            };
            let verdict = match self.robots.state(self.database.read(), authority, now)? {
                RobotsState::Asked => continue,
                RobotsState::Unknown => None,
                RobotsState::Known(robots) => Some(robots.verdict(&row.url)),
            };
            if let Some(Verdict::Disallowed(rule)) = verdict {
                let refused =
                    queue.take().map(|row| Found::Refused(row, SkipReason::RobotsDisallow { rule }));
                return Ok(refused.map(|refused| (authority.clone(), refused)));
            }
            match self.likeness.before_asking(self.database.read(), row)? {
                Worth::Asking => {}
                Worth::AskingLater => {
                    return Ok(queue.take().map(|row| (authority.clone(), Found::Variant(row))));
                }
                Worth::Nothing(reason) => {
                    return Ok(queue.take().map(|row| (authority.clone(), Found::Refused(row, reason))));
                }
            }
            match self.hosts.reserve(authority, now) {
                Slot::Later(when) => *soonest = earlier(*soonest, Some(when)),
                Slot::GivenUp(reason) => return Ok(Some((authority.clone(), Found::GivenUp(reason)))),
                Slot::Granted(permit) if verdict.is_none() => {
                    return Ok(Some((authority.clone(), Found::Robots(permit))));
                }
                Slot::Granted(permit) => {
                    return Ok(queue.take().map(|row| (authority.clone(), Found::Ready(row, permit))));
                }
            }
        }
        Ok(None)
    }

    fn hand_out(
        &mut self,
        authority: Authority,
        found: Found,
        now: Timestamp,
    ) -> Result<Next, FrontierError> {
        if let Some(place) = self.in_turn.iter().position(|there| *there == authority) {
            self.in_turn.rotate_left(place + 1);
        }
        if let (Some(survey), Found::Ready(row, _) | Found::Refused(row, _)) = (&mut self.survey, &found) {
            survey.note_asked(row);
        }
        Ok(match found {
            Found::Ready(row, permit) => {
                if row.kind == Kind::Page {
                    self.leased_pages += 1;
                    self.counts.queued = self.counts.queued.saturating_sub(1);
                    self.counts.in_work += 1;
                }
                Next::Ready(self.lease(authority, row, Turn::First, permit))
            }
            Found::Robots(permit) => {
                self.were_hosts_asked = true;
                self.robots.asked(&authority);
                Next::Robots(RobotsLease { authority, permit })
            }
            Found::Refused(row, reason) => self.refuse(row, reason, now)?,
            Found::Variant(row) => {
                let until = now.saturating_add(VARIANT_WAIT).unwrap_or(Timestamp::MAX);
                self.database.change(|connection| store::put_off(connection, row.id, until))?;
                if let Some(queue) = self.queues.get_mut(&authority) {
                    queue.wait(until);
                }
                Next::Wait(Duration::ZERO)
            }
            Found::GivenUp(cause) => self.give_up(authority, cause, now)?,
        })
    }

    pub(super) fn lease(
        &mut self,
        authority: Authority,
        row: Row,
        turn: Turn,
        permit: impl Into<Option<Permit>>,
    ) -> super::Lease {
        self.were_hosts_asked = true;
        self.last_lease += 1;
        let leased = Leased { id: row.id, kind: row.kind, authority, turn };
        self.leases.insert(self.last_lease, leased);
        row.into_lease(turn, self.returned.ticket(self.last_lease), permit)
    }

    /// Makes pending again what was leased and never settled.
    fn take_back_dropped(&mut self) -> Result<(), FrontierError> {
        for number in self.returned.take() {
            let Some(leased) = self.end_lease(number) else { continue };
            match leased.turn {
                Turn::First => {
                    self.counts.queued += u64::from(leased.kind == Kind::Page);
                    // The database has it as pending.
                    self.queues.insert(leased.authority, Queue::unknown());
                }
                Turn::Again => {
                    self.database.change(|connection| doubt::give_back(connection, leased.id))?;
                    self.may_render_again = true;
                }
                Turn::Check => {
                    self.database.change(|connection| refresh::give_back(connection, leased.id))?;
                }
            }
        }
        Ok(())
    }

    /// The first page that is to be rendered from its record. It counts as kept, so no limit holds it up, and
    /// robots.txt was heeded when its document was asked for.
    fn next_again(&mut self, now: Timestamp) -> Result<Again, FrontierError> {
        let mut soonest = None;
        if !self.may_render_again {
            return Ok(Again::None { soonest });
        }
        let mut are_some_left = false;
        for authority in &self.in_turn {
            let connection = self.database.read();
            let Some(row) = doubt::first_ready(connection, authority, now)? else {
                let when = doubt::soonest(connection, authority)?;
                are_some_left |= when.is_some();
                soonest = earlier(soonest, when);
                continue;
            };
            are_some_left = true;
            match self.hosts.reserve(authority, now) {
                Slot::Later(when) => soonest = earlier(soonest, Some(when)),
                // Its record is there, and what the page loads besides may be on another host.
                Slot::GivenUp(_) => {
                    let authority = authority.clone();
                    let reason = "not rendered: the host failed on and on";
                    self.database.change(|connection| doubt::give_up(connection, &authority, reason))?;
                    return self.next_again(now);
                }
                Slot::Granted(permit) => {
                    let authority = authority.clone();
                    self.database.change(|connection| doubt::begin(connection, row.id))?;
                    return Ok(Again::Next(Next::Again(self.lease(authority, row, Turn::Again, permit))));
                }
            }
        }
        self.may_render_again = are_some_left;
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
        if !self.leases.is_empty() || self.robots.is_any_asked() {
            return Ok(Next::Busy);
        }
        if self.compare_the_last()? {
            return self.next(now);
        }
        self.database.change(|connection| store::skip_pending(connection, &SkipReason::MaxPages))?;
        self.forget_queues();
        self.recount()?;
        Ok(Next::Finished)
    }

    fn compare_the_last(&mut self) -> Result<bool, FrontierError> {
        let is_any = self.database.change(doubt::compare_the_last)?;
        self.may_render_again |= is_any;
        Ok(is_any)
    }

    fn refuse(&mut self, row: Row, reason: SkipReason, now: Timestamp) -> Result<Next, FrontierError> {
        let state = NewState::Skipped(reason.clone());
        self.database.change(|connection| store::set_state(connection, row.id, &state, now))?;
        self.counts.queued = self.counts.queued.saturating_sub(u64::from(row.kind == Kind::Page));
        self.note_settled(row.kind, &state);
        if row.kind == Kind::Nothing {
            self.set_not_found(&row.url.authority(), None)?;
        }
        Ok(Next::Skipped { url: row.url, reason })
    }

    /// Fails what is left of a host that is given up. What is out of it comes back by itself.
    pub(super) fn give_up(
        &mut self,
        authority: Authority,
        cause: String,
        now: Timestamp,
    ) -> Result<Next, FrontierError> {
        let leased: Vec<i64> = self.leases.values().map(|leased| leased.id).collect();
        let pages = self
            .database
            .change(|connection| store::fail_pending(connection, &authority, &leased, &cause, now))?;
        self.counts.queued = self.counts.queued.saturating_sub(pages);
        self.counts.failed += pages;
        self.queues.insert(authority.clone(), Queue::unknown());
        Ok(Next::GivenUp { authority, pages, cause })
    }
}

pub(super) fn earlier(one: Option<Timestamp>, other: Option<Timestamp>) -> Option<Timestamp> {
    [one, other].into_iter().flatten().min()
}

fn until(now: Timestamp, when: Timestamp) -> Duration {
    Duration::try_from(when.duration_since(now)).unwrap_or_default()
}
