//! The next step of an update: a listing, then a page that is due; both as robots.txt allows and its host's clock permits.

use jiff::Timestamp;

use super::table::{
    check_of, fail_all, first_due, first_listing, is_any_unchecked, is_listing_open, soonest_due,
    soonest_listing,
};
use crate::frontier::lease::{Lease, Next, RobotsLease, Turn};
use crate::frontier::next::earlier;
use crate::frontier::outcome::SkipReason;
use crate::frontier::queue::Queue;
use crate::frontier::robots_cache::RobotsState;
use crate::frontier::store::{self, NewState, Row};
use crate::frontier::{Frontier, FrontierError, Permit, Slot};
use crate::robots::{Robots, Verdict};
use crate::url::Authority;

/// What an update has to do next.
pub(in crate::frontier) enum Checking {
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

impl Frontier {
    /// The next step of an update: a listing as long as there are any, then a page that is due. What is new waits until
    /// all that is kept was asked: a page may only have changed its address.
    pub(in crate::frontier) fn next_check(&mut self, now: Timestamp) -> Result<Checking, FrontierError> {
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
