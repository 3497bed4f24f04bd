//! Updates: asking a complete crawl's pages whether they changed.
//!
//! [`Frontier::begin_update`] makes every kept page *due* and every listing pending, in one transaction. The listings
//! come first, since a `lastmod` in a sitemap spares its page the question ([`is_due`]); then each due page is handed out
//! once, with what is known of it, and [`Frontier::settle_refresh`] says what came of it. A page stays kept while it is
//! due, so nothing else of the frontier need know of updates. All of it is in the database: an update that was killed goes
//! on with the pages that are still due.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use super::candidate::{Candidate, Kind};
use super::kept::{Form, Kept, TemplateNote};
use super::lease::{Check, Lease, Next, RobotsLease, Turn};
use super::likeness::{self, ContentVerdict};
use super::next::earlier;
use super::outcome::{Outcome, SkipReason};
use super::queue::Queue;
use super::resume::KnownPage;
use super::robots_cache::{RobotsCache, RobotsState};
use super::store::{NewState, ROW_COLUMNS, Row, row_of};
use super::{Frontier, FrontierError, Permit, Slot, doubt, redirect, store};
use crate::content_print::ContentPrint;
use crate::fetched::Validators;
use crate::robots::{Robots, Verdict};
use crate::url::{Authority, CanonicalUrl, PageKey};

/// A `lastmod` that is older than the last check by less than this is not relied upon: a page is written before it is
/// published, and caches hold its old form for a while.
const MARGIN: SignedDuration = SignedDuration::from_hours(24);

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// A day ends twelve hours later in the west than at Greenwich.
const LONGEST_DAY: SignedDuration = SignedDuration::from_hours(36);

/// How long a sitemap is believed that a page did not change: some never set a new `lastmod`.
const LONGEST_TRUST: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An update that rested longer than this begins anew: what it checked may have changed since.
const LONGEST_REST: SignedDuration = SignedDuration::from_hours(24);

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

/// Whether a page must be asked, from when it was last seen and what a sitemap says of its last change. What is not said
/// decides nothing; the beginning of a day may mean any moment of that day, anywhere.
pub fn is_due(last_seen: Option<Timestamp>, lastmod: Option<Timestamp>, now: Timestamp) -> bool {
    let (Some(last_seen), Some(lastmod)) = (last_seen, lastmod) else { return true };
    let is_day = lastmod.as_millisecond().rem_euclid(DAY.as_millis() as i64) == 0;
    let latest = if is_day { lastmod.saturating_add(LONGEST_DAY) } else { Ok(lastmod) };
    let published = latest.and_then(|latest| latest.saturating_add(MARGIN));
    published.map_or(true, |published| published >= last_seen)
        || now.duration_since(last_seen) > LONGEST_TRUST
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

/// Ends a page. Returns how many pages became pending that were left out since they were the same as this one.
fn end_page(
    connection: &Connection,
    lease: &Lease,
    state: &NewState,
    now: Timestamp,
) -> Result<usize, FrontierError> {
    store::set_state(connection, lease.id, state, now)?;
    connection.prepare_cached("UPDATE candidates SET standing = NULL WHERE id = ?1")?.execute([lease.id])?;
    connection.prepare_cached("DELETE FROM refresh WHERE id = ?1")?.execute([lease.id])?;
    likeness::forget_print(connection, &lease.url)?;
    let (duplicate, alias) =
        (SkipReason::Duplicate { of: lease.url.clone() }, SkipReason::Alias { of: lease.url.clone() });
    let mut statement = connection.prepare_cached(
        "UPDATE candidates SET state = 'pending', reason = NULL, detail = NULL, tries = 0, not_before = 0
         WHERE kind = 'page' AND state = 'skipped' AND reason IN (?1, ?2) AND detail = ?3",
    )?;
    Ok(statement.execute(params![duplicate.word(), alias.word(), lease.url.as_str()])?)
}

/// Ends the check of a page that stays.
fn settle(
    connection: &Connection,
    lease: &Lease,
    end: &Refreshed,
    now: Timestamp,
) -> Result<(), FrontierError> {
    match end {
        Refreshed::Unchanged { validators, note } => {
            checked(connection, lease.id, "unchanged", validators.as_ref(), now)?;
            // A page that was had the cheaper way again has nothing to say: its record was confirmed once.
            match note.as_ref().filter(|note| note.state.is_some()) {
                Some(note) => doubt::note_template(connection, note),
                None => Ok(()),
            }
        }
        Refreshed::Changed(kept) => {
            store::set_state(connection, lease.id, &NewState::Done(kept.clone()), now)?;
            checked(connection, lease.id, "changed", None, now)
        }
        Refreshed::Gone(_) => Ok(()),
        Refreshed::Respelled(url) => {
            connection
                .prepare_cached("UPDATE candidates SET url = ?2 WHERE id = ?1")?
                .execute(params![lease.id, url.as_str()])?;
            due_again(connection, lease.id, now)
        }
        Refreshed::Retry { after, .. } => {
            due_again(connection, lease.id, now.saturating_add(*after).unwrap_or(Timestamp::MAX))
        }
        Refreshed::Failed { cause } => {
            connection
                .prepare_cached("UPDATE refresh SET state = 'failed', result = ?2 WHERE id = ?1")?
                .execute(params![lease.id, cause])?;
            Ok(())
        }
    }
}

/// Gives back a page whose lease was dropped.
pub(super) fn give_back(connection: &Connection, id: i64) -> Result<(), FrontierError> {
    connection.execute("UPDATE refresh SET state = 'due' WHERE id = ?1 AND state = 'in_work'", [id])?;
    Ok(())
}

/// Gives back what an earlier run had in work.
pub(super) fn release(connection: &Connection) -> Result<(), FrontierError> {
    connection.execute("UPDATE refresh SET state = 'due' WHERE state = 'in_work'", [])?;
    Ok(())
}

/// The update that is under way; one whose note cannot be read is none.
pub(super) fn running(connection: &Connection) -> Result<Option<Update>, FrontierError> {
    let mut statement = connection.prepare("SELECT value FROM meta WHERE name = 'update'")?;
    let text: Option<String> = statement.query_row([], |row| row.get(0)).optional()?;
    Ok(text.and_then(|text| {
        let (started_at, first_warc) = text.split_once(' ')?;
        let started_at = Timestamp::from_millisecond(started_at.parse().ok()?).ok()?;
        Some(Update { started_at, first_warc: first_warc.parse().ok()? })
    }))
}

/// Settles a due page that the archive holds anew: the kill came before the database knew.
pub(super) fn settle_recorded(
    connection: &Connection,
    page: &KnownPage,
    update: Update,
) -> Result<(), FrontierError> {
    // Times of pages are rounded to the second, so the second of the start proves nothing.
    let is_new = page.fetched_at.is_some_and(|at| at.duration_since(update.started_at).as_secs() >= 1);
    if !is_new {
        return Ok(());
    }
    let changed = connection
        .prepare_cached(
            "UPDATE refresh SET state = 'checked', result = 'changed', etag = NULL, last_modified = NULL,
                 checked_at = ?2
             WHERE state = 'due' AND id = (SELECT id FROM candidates WHERE page_key = ?1 AND kind = 'page')",
        )?
        .execute(params![page.url.key().as_str(), page.fetched_at.map(|at| at.as_millisecond())])?;
    if changed > 0 && page.form.is_some_and(Form::is_provisional) {
        // Nobody knows which comparison would speak for it.
        connection
            .prepare_cached(
                "UPDATE candidates SET standing = 'again'
                 WHERE page_key = ?1 AND kind = 'page' AND template IS NOT NULL",
            )?
            .execute([page.url.key().as_str()])?;
    }
    Ok(())
}

pub(super) fn checks(connection: &Connection) -> Result<Checks, FrontierError> {
    let mut statement = connection
        .prepare("SELECT state, coalesce(result, ''), count(*) FROM refresh GROUP BY state, result")?;
    let mut rows = statement.query([])?;
    let mut checks = Checks::default();
    while let Some(row) = rows.next()? {
        let (state, result): (String, String) = (row.get(0)?, row.get(1)?);
        let count = u64::from(row.get::<_, u32>(2)?);
        match (state.as_str(), result.as_str()) {
            ("checked", "changed") => checks.recorded += count,
            ("checked", "lastmod") => checks.spared += count,
            ("checked", _) => checks.unchanged += count,
            ("failed", _) => *checks.failed.entry(result).or_insert(0) += count,
            _ => checks.due += count,
        }
    }
    Ok(checks)
}

fn start(connection: &Connection, update: Update, rendered: bool) -> Result<Update, FrontierError> {
    connection.execute(
        "INSERT OR REPLACE INTO meta VALUES ('update', ?1)",
        [format!("{} {}", update.started_at.as_millisecond(), update.first_warc)],
    )?;
    connection.execute(
        "DELETE FROM refresh WHERE id NOT IN (SELECT id FROM candidates WHERE kind = 'page' AND state = 'done')",
        [],
    )?;
    connection.execute(
        "INSERT INTO refresh (id, authority, state, needs_browser)
         SELECT id, authority, 'due', ?1 AND coalesce(form, 'sent') <> 'sent'
         FROM candidates WHERE kind = 'page' AND state = 'done'
         ON CONFLICT (id) DO UPDATE SET state = 'due', result = NULL, needs_browser = excluded.needs_browser,
             tries = 0, not_before = 0",
        [rendered],
    )?;
    // The files of a commit are those of the commit for ever: which list is asked, what names the commit says.
    connection.execute(
        "UPDATE candidates SET state = 'pending', tries = 0, not_before = 0
         WHERE kind <> 'page' AND kind <> 'nothing' AND state IN ('done', 'redirected')
             AND (kind <> 'tree' OR NOT EXISTS (SELECT 1 FROM candidates WHERE kind = 'commit'))",
        [],
    )?;
    // The copies are too old for this update; what they say is asked again.
    connection.execute("UPDATE robots SET fetched_at = 0", [])?;
    Ok(update)
}

fn has_rested(connection: &Connection, update: Update, now: Timestamp) -> Result<bool, FrontierError> {
    let last: Option<i64> =
        connection.query_row("SELECT max(checked_at) FROM refresh", [], |row| row.get(0))?;
    let last = last.and_then(|last| Timestamp::from_millisecond(last).ok());
    let last = last.unwrap_or(update.started_at).max(update.started_at);
    Ok(now.duration_since(last) > LONGEST_REST)
}

fn note_lastmod(
    connection: &Connection,
    url: &CanonicalUrl,
    lastmod: Timestamp,
    now: Timestamp,
) -> Result<(), FrontierError> {
    let mut statement = connection.prepare_cached(
        "SELECT refresh.id, coalesce(max(checked_at, settled_at), checked_at, settled_at)
         FROM refresh JOIN candidates USING (id)
         WHERE page_key = ?1 AND kind = 'page'
             AND (refresh.state = 'due' OR refresh.state = 'checked' AND refresh.result = 'lastmod')",
    )?;
    let row = statement
        .query_row([url.key().as_str()], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?)));
    let Some((id, last_seen)) = row.optional()? else { return Ok(()) };
    let last_seen = last_seen.and_then(|at| Timestamp::from_millisecond(at).ok());
    // Of two sitemaps that disagree, the one counts that says more.
    let (state, result) =
        if is_due(last_seen, Some(lastmod), now) { ("due", None) } else { ("checked", Some("lastmod")) };
    connection
        .prepare_cached("UPDATE refresh SET state = ?2, result = ?3 WHERE id = ?1")?
        .execute(params![id, state, result])?;
    Ok(())
}

/// What is made pending again.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wake {
    /// What was answered with something that was no page to keep.
    NoPage,
    /// What led elsewhere too, or held the same as another page.
    Anything,
}

/// Makes a page pending again; says whether there was one to be.
fn wake(connection: &Connection, key: &PageKey, what: Wake) -> Result<bool, FrontierError> {
    let mut statement = connection.prepare_cached(
        "UPDATE candidates SET state = 'pending', reason = NULL, detail = NULL, tries = 0, not_before = 0, hops = 0
         WHERE page_key = ?1 AND kind = 'page'
             AND (state = 'skipped' AND reason IN (?2, ?3, ?4, ?5)
                 OR ?6 AND (state = 'redirected' OR state = 'skipped' AND reason = ?7))",
    )?;
    let woken = statement.execute(params![
        key.as_str(),
        SkipReason::HttpStatus(0).word(),
        SkipReason::NotAPage { media_type: None }.word(),
        SkipReason::NoIndex.word(),
        SkipReason::SoftNotFound.word(),
        what == Wake::Anything,
        "duplicate",
    ])?;
    Ok(woken > 0)
}

fn checked(
    connection: &Connection,
    id: i64,
    result: &str,
    validators: Option<&Validators>,
    now: Timestamp,
) -> Result<(), FrontierError> {
    // A 304 leaves what is known as it is; a new record counts by itself.
    let keeps = result == "unchanged" && validators.is_none();
    connection
        .prepare_cached(
            "UPDATE refresh SET state = 'checked', result = ?2, checked_at = ?3,
                 etag = CASE WHEN ?4 THEN etag ELSE ?5 END,
                 last_modified = CASE WHEN ?4 THEN last_modified ELSE ?6 END
             WHERE id = ?1",
        )?
        .execute(params![
            id,
            result,
            now.as_millisecond(),
            keeps,
            validators.and_then(|validators| validators.etag.as_deref()),
            validators.and_then(|validators| validators.last_modified.as_deref()),
        ])?;
    Ok(())
}

fn due_again(connection: &Connection, id: i64, not_before: Timestamp) -> Result<(), FrontierError> {
    connection
        .prepare_cached("UPDATE refresh SET state = 'due', tries = tries + 1, not_before = ?2 WHERE id = ?1")?
        .execute(params![id, not_before.as_millisecond()])?;
    Ok(())
}

fn fail_all(connection: &Connection, authority: &Authority, cause: &str) -> Result<(), FrontierError> {
    connection.execute(
        "UPDATE refresh SET state = 'failed', result = ?2 WHERE state = 'due' AND authority = ?1",
        [authority.as_str(), cause],
    )?;
    Ok(())
}

fn is_listing_open(connection: &Connection) -> Result<bool, FrontierError> {
    let mut statement = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM candidates WHERE kind <> 'page' AND kind <> 'nothing' AND state = 'pending')",
    )?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

fn first_listing(
    connection: &Connection,
    authority: &Authority,
    leased: &[i64],
    now: Timestamp,
) -> Result<Option<Row>, FrontierError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {ROW_COLUMNS} FROM candidates
         WHERE state = 'pending' AND kind <> 'page' AND kind <> 'nothing' AND authority = ?1 AND not_before <= ?2
         ORDER BY depth, id"
    ))?;
    let mut rows = statement.query(params![authority.as_str(), now.as_millisecond()])?;
    while let Some(row) = rows.next()? {
        let row = row_of(row)??;
        if !leased.contains(&row.id) {
            return Ok(Some(row));
        }
    }
    Ok(None)
}

/// Whether pages are due, or being asked.
fn is_any_unchecked(connection: &Connection) -> Result<bool, FrontierError> {
    let mut statement = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM refresh WHERE state IN ('due', 'in_work'))")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

fn first_due(
    connection: &Connection,
    authority: &Authority,
    now: Timestamp,
) -> Result<Option<Row>, FrontierError> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM refresh WHERE state = 'due' AND authority = ?1 AND not_before <= ?2 ORDER BY id LIMIT 1",
    )?;
    let found = statement.query_row(params![authority.as_str(), now.as_millisecond()], |row| row.get(0));
    let Some(id): Option<i64> = found.optional()? else { return Ok(None) };
    let mut statement =
        connection.prepare_cached(&format!("SELECT {ROW_COLUMNS} FROM candidates WHERE id = ?1"))?;
    let row = statement.query_row([id], row_of).optional()?.transpose()?;
    let mut statement = connection.prepare_cached("SELECT tries FROM refresh WHERE id = ?1")?;
    let tries = statement.query_row([id], |row| row.get(0))?;
    Ok(row.map(|mut row| {
        row.tries = tries;
        row
    }))
}

fn soonest_listing(
    connection: &Connection,
    authority: &Authority,
) -> Result<Option<Timestamp>, FrontierError> {
    let mut statement = connection.prepare_cached(
        "SELECT min(not_before) FROM candidates
         WHERE state = 'pending' AND kind <> 'page' AND kind <> 'nothing' AND authority = ?1 AND not_before > 0",
    )?;
    let when: Option<i64> = statement.query_row([authority.as_str()], |row| row.get(0))?;
    Ok(when.and_then(|when| Timestamp::from_millisecond(when).ok()))
}

fn soonest_due(connection: &Connection, authority: &Authority) -> Result<Option<Timestamp>, FrontierError> {
    let mut statement = connection
        .prepare_cached("SELECT min(not_before) FROM refresh WHERE state = 'due' AND authority = ?1")?;
    let when: Option<i64> = statement.query_row([authority.as_str()], |row| row.get(0))?;
    Ok(when.and_then(|when| Timestamp::from_millisecond(when).ok()))
}

fn check_of(connection: &Connection, id: i64) -> Result<Check, FrontierError> {
    let mut statement =
        connection.prepare_cached("SELECT etag, last_modified, needs_browser FROM refresh WHERE id = ?1")?;
    Ok(statement.query_row([id], |row| {
        let validators = Validators { etag: row.get(0)?, last_modified: row.get(1)? };
        let validators = (validators != Validators::default()).then_some(validators);
        Ok(Check { validators, needs_browser: row.get(2)? })
    })?)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::is_due;

    const SEEN: &str = "2026-03-10T12:00:00Z";
    const NOW: &str = "2026-03-20T12:00:00Z";

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[track_caller]
    fn check(last_seen: &str, lastmod: &str, expected: bool) {
        assert_eq!(
            is_due(Some(moment(last_seen)), Some(moment(lastmod)), moment(NOW)),
            expected,
            "{lastmod}"
        );
    }

    #[test]
    fn a_sitemap_spares_what_it_says_to_be_old() {
        check(SEEN, "2026-03-01T00:00:00Z", false);
        check(SEEN, "2026-03-08T09:00:00+02:00", false);
        check(SEEN, "2026-03-12T00:00:00Z", true);
        check(SEEN, "2026-03-12T00:00:00.5Z", true);
    }

    #[test]
    fn what_changed_shortly_before_it_was_seen_is_asked() {
        check(SEEN, "2026-03-10T11:00:00Z", true);
        // It may have been the evening of that day, in the far west, and published in the night.
        check(SEEN, "2026-03-08T00:00:00Z", true);
        check(SEEN, "2026-03-08T00:00:01Z", false);
    }

    #[test]
    fn nothing_said_decides_nothing_and_no_sitemap_is_believed_for_ever() {
        check("2026-01-10T12:00:00Z", "2020-01-01T00:00:00Z", true);
        let now = moment(NOW);
        assert!(is_due(None, Some(moment("2020-01-01T00:00:00Z")), now));
        assert!(is_due(Some(now), None, now));
    }
}
