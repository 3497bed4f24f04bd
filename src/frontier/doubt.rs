//! Pages that were had in a cheaper way than by loading them in the browser, and may have to be loaded after all.
//!
//! A fetcher keeps pages as the server sent them while a template's comparisons agree, and as the site's own router
//! showed them while an application's do; both are called templates here. Each such page is *doubtful* until the next
//! comparison of its template: that confirms it, or sends it back to be rendered from its record, which asks the server
//! nothing. So a page that stays as it is lies between two comparisons that agreed. A page that waits to be rendered again stays kept all the while, and all of this is in the database, so a
//! kill forgets none.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::kept::{Form, Kept, KnownTemplate, Standing, TemplateNote};
use super::outcome::Outcome;
use super::store::{ROW_COLUMNS, Row, row_of};
use super::{FrontierError, url_of};
use crate::url::Authority;

/// Notes the form of a page that is kept now, and what it says about its template.
pub(super) fn note_kept(
    connection: &Connection,
    id: i64,
    kept: &Kept,
    is_again: bool,
) -> Result<(), FrontierError> {
    let Some(note) = &kept.template else {
        return set(connection, id, kept.form, None, is_again.then_some("taken_back"));
    };
    note_state(connection, note)?;
    let standing = match (kept.form.is_provisional(), is_refuted(connection, &note.name)?) {
        (true, true) => Some("again"),
        (true, false) => Some("doubtful"),
        (false, _) if is_again && note.standing == Standing::Unchanged => Some("taken_back"),
        (false, _) => None,
    };
    set(connection, id, kept.form, Some(note), standing)?;
    note_verdict(connection, note)
}

/// Takes in what a page tells about its template, where the page's own record stays as it is.
pub(super) fn note_template(connection: &Connection, note: &TemplateNote) -> Result<(), FrontierError> {
    note_state(connection, note)?;
    note_verdict(connection, note)
}

fn note_state(connection: &Connection, note: &TemplateNote) -> Result<(), FrontierError> {
    if let Some(state) = &note.state {
        connection
            .prepare_cached(
                "INSERT INTO templates (name, refuted, state) VALUES (?1, 0, ?2)
                 ON CONFLICT DO UPDATE SET state = excluded.state",
            )?
            .execute([&note.name, state])?;
    }
    Ok(())
}

fn note_verdict(connection: &Connection, note: &TemplateNote) -> Result<(), FrontierError> {
    match note.standing {
        Standing::Unchanged => Ok(()),
        Standing::Confirmed => move_doubtful(connection, &note.name, Some(note.batch), None),
        Standing::Refuted => {
            connection
                .prepare_cached(
                    "INSERT INTO templates (name, refuted, state) VALUES (?1, 1, '{}')
                     ON CONFLICT DO UPDATE SET refuted = 1",
                )?
                .execute([&note.name])?;
            move_doubtful(connection, &note.name, None, Some("again"))
        }
    }
}

/// The first page of an authority that is to be rendered again and whose time has come.
pub(super) fn first_ready(
    connection: &Connection,
    authority: &Authority,
    now: Timestamp,
) -> Result<Option<Row>, FrontierError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {ROW_COLUMNS} FROM candidates
         WHERE standing = 'again' AND state = 'done' AND authority = ?1 AND not_before <= ?2 ORDER BY id LIMIT 1"
    ))?;
    statement.query_row(params![authority.as_str(), now.as_millisecond()], row_of).optional()?.transpose()
}

/// When the first page of an authority may be rendered again.
pub(super) fn soonest(
    connection: &Connection,
    authority: &Authority,
) -> Result<Option<Timestamp>, FrontierError> {
    let mut statement = connection.prepare_cached(
        "SELECT min(not_before) FROM candidates
         WHERE standing = 'again' AND state = 'done' AND authority = ?1",
    )?;
    let when: Option<i64> = statement.query_row([authority.as_str()], |row| row.get(0))?;
    Ok(when.and_then(|when| Timestamp::from_millisecond(when).ok()))
}

pub(super) fn begin(connection: &Connection, id: i64) -> Result<(), FrontierError> {
    connection.prepare_cached("UPDATE candidates SET standing = 'in_work' WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Undoes [`begin`].
pub(super) fn give_back(connection: &Connection, id: i64) -> Result<(), FrontierError> {
    connection.prepare_cached("UPDATE candidates SET standing = 'again' WHERE id = ?1")?.execute([id])?;
    Ok(())
}

/// Leaves the pages of an authority as they are, since its host cannot be asked for what rendering them would need.
pub(super) fn give_up(
    connection: &Connection,
    authority: &Authority,
    reason: &str,
) -> Result<(), FrontierError> {
    connection
        .prepare_cached(
            "UPDATE candidates SET standing = 'taken_back', detail = ?2
             WHERE standing = 'again' AND state = 'done' AND authority = ?1",
        )?
        .execute([authority.as_str(), reason])?;
    Ok(())
}

/// Ends the second turn of a page. It is kept whatever comes of it; what went wrong stands beside it.
pub(super) fn settle(
    connection: &Connection,
    id: i64,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<(), FrontierError> {
    let (standing, not_before, detail) = match outcome {
        Outcome::Done(kept) => return note_kept(connection, id, kept, true),
        Outcome::Retry { after, cause } => {
            let not_before = now.saturating_add(*after).unwrap_or(Timestamp::MAX);
            ("again", not_before.as_millisecond(), cause.clone())
        }
        Outcome::Failed { cause } => ("taken_back", 0, format!("not rendered: {cause}")),
        Outcome::Redirected { to } => ("taken_back", 0, format!("rendered, it leads to {to}")),
        Outcome::Skipped(reason) => ("taken_back", 0, format!("not rendered: {}", reason.word())),
    };
    connection
        .prepare_cached(
            "UPDATE candidates SET standing = ?2, not_before = ?3, detail = ?4, tries = tries + (?2 = 'again')
             WHERE id = ?1",
        )?
        .execute(params![id, standing, not_before, detail])?;
    Ok(())
}

/// At the end of a run, or after it was killed: gives back the pages that were to be rendered again, and puts what is
/// doubtful before the batches of the next run.
pub(super) fn release(connection: &Connection) -> Result<(), FrontierError> {
    connection.execute("UPDATE candidates SET standing = 'again' WHERE standing = 'in_work'", [])?;
    connection.execute("UPDATE candidates SET batch = 0 WHERE standing = 'doubtful'", [])?;
    Ok(())
}

/// Whether a page waits to be confirmed or rendered again.
pub(super) fn is_any(connection: &Connection) -> Result<bool, FrontierError> {
    let mut statement = connection.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM candidates WHERE standing IN ('doubtful', 'again', 'in_work'))",
    )?;
    Ok(statement.query_row([], |row| row.get(0))?)
}

/// At the end of a crawl: sends the last doubtful page of each template back, so that it is compared and its verdict
/// counts for those before it. Returns whether there was one.
pub(super) fn compare_the_last(connection: &Connection) -> Result<bool, FrontierError> {
    let changed = connection.execute(
        "UPDATE candidates SET standing = 'again'
         WHERE id IN (SELECT max(id) FROM candidates WHERE standing = 'doubtful' GROUP BY template)",
        [],
    )?;
    Ok(changed > 0)
}

/// The templates by name.
pub(super) fn templates(connection: &Connection) -> Result<Vec<KnownTemplate>, FrontierError> {
    let mut statement = connection.prepare("SELECT name, state FROM templates ORDER BY name")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        found.push(KnownTemplate {
            state: row.get(1)?,
            doubtful: doubtful(connection, &name)?,
            as_sent: as_sent(connection, &name)?,
            taken_back: taken_back(connection, &name)?,
            name,
        });
    }
    Ok(found)
}

fn doubtful(connection: &Connection, template: &str) -> Result<u64, FrontierError> {
    let mut statement = connection
        .prepare_cached("SELECT count(*) FROM candidates WHERE template = ?1 AND standing = 'doubtful'")?;
    Ok(statement.query_row([template], |row| row.get::<_, u32>(0))?.into())
}

fn as_sent(connection: &Connection, template: &str) -> Result<u64, FrontierError> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*) FROM candidates WHERE template = ?1 AND form = 'sent' AND state = 'done'",
    )?;
    Ok(statement.query_row([template], |row| row.get::<_, u32>(0))?.into())
}

fn taken_back(
    connection: &Connection,
    template: &str,
) -> Result<Vec<crate::url::CanonicalUrl>, FrontierError> {
    let mut statement = connection.prepare_cached(
        "SELECT url FROM candidates WHERE template = ?1 AND standing IN ('again', 'in_work', 'taken_back') ORDER BY url",
    )?;
    let urls: Vec<String> = statement.query_map([template], |row| row.get(0))?.collect::<Result<_, _>>()?;
    urls.iter().map(|url| url_of(url)).collect()
}

fn set(
    connection: &Connection,
    id: i64,
    form: Form,
    note: Option<&TemplateNote>,
    standing: Option<&str>,
) -> Result<(), FrontierError> {
    connection
        .prepare_cached(
            "UPDATE candidates SET form = ?2, template = coalesce(?3, template), standing = ?4, batch = ?5
             WHERE id = ?1",
        )?
        .execute(params![
            id,
            form.word(),
            note.map(|note| &note.name),
            standing,
            note.map_or(0, |note| number(note.batch)),
        ])?;
    Ok(())
}

fn number(batch: u64) -> i64 {
    i64::try_from(batch).unwrap_or(i64::MAX)
}

fn is_refuted(connection: &Connection, template: &str) -> Result<bool, FrontierError> {
    let mut statement = connection.prepare_cached("SELECT refuted FROM templates WHERE name = ?1")?;
    let refuted: Option<bool> = statement.query_row([template], |row| row.get(0)).optional()?;
    Ok(refuted.unwrap_or(false))
}

/// Settles the doubtful pages of a template, up to a batch or all of them.
fn move_doubtful(
    connection: &Connection,
    template: &str,
    up_to: Option<u64>,
    standing: Option<&str>,
) -> Result<(), FrontierError> {
    connection
        .prepare_cached(
            "UPDATE candidates SET standing = ?2, not_before = 0, tries = 0
             WHERE template = ?1 AND standing = 'doubtful' AND batch <= ?3",
        )?
        .execute(params![template, standing, up_to.map_or(i64::MAX, number)])?;
    Ok(())
}
