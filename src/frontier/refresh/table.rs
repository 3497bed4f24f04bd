//! The statements on the table of what is to be checked in an update.

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::due::is_due;
use super::{Checks, Refreshed, Update};
use crate::fetched::Validators;
use crate::frontier::kept::Form;
use crate::frontier::lease::{Check, Lease};
use crate::frontier::outcome::SkipReason;
use crate::frontier::resume::KnownPage;
use crate::frontier::store::{NewState, ROW_COLUMNS, Row, row_of};
use crate::frontier::{FrontierError, doubt, likeness, store};
use crate::url::{Authority, CanonicalUrl, PageKey};

/// An update that rested longer than this begins anew: what it checked may have changed since.
const LONGEST_REST: SignedDuration = SignedDuration::from_hours(24);

/// Ends a page. Returns how many pages became pending that were left out since they were the same as this one.
pub(in crate::frontier) fn end_page(
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
pub(in crate::frontier) fn settle(
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
pub(in crate::frontier) fn give_back(connection: &Connection, id: i64) -> Result<(), FrontierError> {
    connection.execute("UPDATE refresh SET state = 'due' WHERE id = ?1 AND state = 'in_work'", [id])?;
    Ok(())
}

/// Gives back what an earlier run had in work.
pub(in crate::frontier) fn release(connection: &Connection) -> Result<(), FrontierError> {
    connection.execute("UPDATE refresh SET state = 'due' WHERE state = 'in_work'", [])?;
    Ok(())
}

/// The update that is under way; one whose note cannot be read is none.
pub(in crate::frontier) fn running(connection: &Connection) -> Result<Option<Update>, FrontierError> {
    let mut statement = connection.prepare("SELECT value FROM meta WHERE name = 'update'")?;
    let text: Option<String> = statement.query_row([], |row| row.get(0)).optional()?;
    Ok(text.and_then(|text| {
        let (started_at, first_warc) = text.split_once(' ')?;
        let started_at = Timestamp::from_millisecond(started_at.parse().ok()?).ok()?;
        Some(Update { started_at, first_warc: first_warc.parse().ok()? })
    }))
}

/// Settles a due page that the archive holds anew: the kill came before the database knew.
pub(in crate::frontier) fn settle_recorded(
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

pub(in crate::frontier) fn checks(connection: &Connection) -> Result<Checks, FrontierError> {
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

pub(in crate::frontier) fn start(
    connection: &Connection,
    update: Update,
    rendered: bool,
) -> Result<Update, FrontierError> {
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

pub(in crate::frontier) fn has_rested(
    connection: &Connection,
    update: Update,
    now: Timestamp,
) -> Result<bool, FrontierError> {
    let last: Option<i64> =
        connection.query_row("SELECT max(checked_at) FROM refresh", [], |row| row.get(0))?;
    let last = last.and_then(|last| Timestamp::from_millisecond(last).ok());
    let last = last.unwrap_or(update.started_at).max(update.started_at);
    Ok(now.duration_since(last) > LONGEST_REST)
}

pub(in crate::frontier) fn note_lastmod(
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
pub(in crate::frontier) enum Wake {
    /// What was answered with something that was no page to keep.
    NoPage,
    /// What led elsewhere too, or held the same as another page.
    Anything,
}

/// Makes a page pending again; says whether there was one to be.
pub(in crate::frontier) fn wake(
    connection: &Connection,
    key: &PageKey,
    what: Wake,
) -> Result<bool, FrontierError> {
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

pub(in crate::frontier) fn checked(
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

pub(in crate::frontier) fn due_again(
    connection: &Connection,
    id: i64,
    not_before: Timestamp,
) -> Result<(), FrontierError> {
    connection
        .prepare_cached("UPDATE refresh SET state = 'due', tries = tries + 1, not_before = ?2 WHERE id = ?1")?
        .execute(params![id, not_before.as_millisecond()])?;
    Ok(())
}

pub(in crate::frontier) fn fail_all(
    connection: &Connection,
    authority: &Authority,
    cause: &str,
) -> Result<(), FrontierError> {
    connection.execute(
        "UPDATE refresh SET state = 'failed', result = ?2 WHERE state = 'due' AND authority = ?1",
        [authority.as_str(), cause],
    )?;
    Ok(())
}

pub(in crate::frontier) fn is_listing_open(connection: &Connection) -> Result<bool, FrontierError> {
    let mut statement = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM candidates WHERE kind <> 'page' AND kind <> 'nothing' AND state = 'pending')",
    )?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

pub(in crate::frontier) fn first_listing(
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
pub(in crate::frontier) fn is_any_unchecked(connection: &Connection) -> Result<bool, FrontierError> {
    let mut statement = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM refresh WHERE state IN ('due', 'in_work'))")?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

pub(in crate::frontier) fn first_due(
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

pub(in crate::frontier) fn soonest_listing(
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

pub(in crate::frontier) fn soonest_due(
    connection: &Connection,
    authority: &Authority,
) -> Result<Option<Timestamp>, FrontierError> {
    let mut statement = connection
        .prepare_cached("SELECT min(not_before) FROM refresh WHERE state = 'due' AND authority = ?1")?;
    let when: Option<i64> = statement.query_row([authority.as_str()], |row| row.get(0))?;
    Ok(when.and_then(|when| Timestamp::from_millisecond(when).ok()))
}

pub(in crate::frontier) fn check_of(connection: &Connection, id: i64) -> Result<Check, FrontierError> {
    let mut statement =
        connection.prepare_cached("SELECT etag, last_modified, needs_browser FROM refresh WHERE id = ?1")?;
    Ok(statement.query_row([id], |row| {
        let validators = Validators { etag: row.get(0)?, last_modified: row.get(1)? };
        let validators = (validators != Validators::default()).then_some(validators);
        Ok(Check { validators, needs_browser: row.get(2)? })
    })?)
}
