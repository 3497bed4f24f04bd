//! How far a crawl is, read from outside: another process may be crawling all the while, and is not disturbed.
//!
//! The database is opened for reading only. Its write-ahead log lets any number of readers in beside the one that
//! writes, and the folder's lock is not taken.

use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, ErrorCode, OpenFlags, params};
use serde::Serialize;

use super::refresh::{self, Checks};
use super::report::{self, Counts, Tally};
use super::{FrontierError, lock, schema};

/// The span at the end of a crawl whose pages make its rate.
const RATE_SPAN: SignedDuration = SignedDuration::from_mins(5);

/// How far a crawl is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CrawlStatus {
    /// The base URL of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Whether a process crawls at this moment.
    pub running: bool,
    /// Whether every URL has its outcome and nothing is left to ask.
    pub complete: bool,
    /// Pages by state.
    pub counts: Counts,
    /// Listings (sitemaps and the like) that are still to be asked.
    pub listings: u64,
    /// Skips by reason and failures by cause.
    pub tally: Tally,
    /// Pages that wait to be compared or rendered from their record.
    pub doubtful: u64,
    /// When a URL was settled last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_active: Option<Timestamp>,
    /// Pages a second in the last minutes of the crawl's work; `None` where there are too few to tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pages_per_second: Option<f64>,
    /// Hosts that asked for patience, and until when.
    pub paused: Vec<PausedHost>,
    /// The update that is under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update: Option<UpdateStatus>,
}

/// A host that is not asked for a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PausedHost {
    /// Name and port.
    pub host: String,
    /// Nothing is asked of it before.
    pub until: Timestamp,
}

/// How far an update is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UpdateStatus {
    /// When it began.
    pub started_at: Timestamp,
    /// What it has checked.
    #[serde(flatten)]
    pub checks: Checks,
}

/// Reads how far the crawl in a folder is; `None` where there is no crawl.
///
/// # Errors
///
/// [`FrontierError`] when the database cannot be read, or is of another version of the program.
pub fn status(folder: &Path, now: Timestamp) -> Result<Option<CrawlStatus>, FrontierError> {
    let database = folder.join("crawl.db");
    if !database.is_file() {
        return Ok(None);
    }
    let running = lock::is_held(folder)?;
    let connection = open(&database, running)?;
    schema::check_current(&connection, folder).map_err(|error| match error {
        FrontierError::Database(cause) if cause.sqlite_error_code() == Some(ErrorCode::NotADatabase) => {
            FrontierError::NotADatabase { path: database.display().to_string() }
        }
        other => other,
    })?;
    // One moment for all numbers, however busy the crawl is.
    let transaction = connection.unchecked_transaction()?;
    let counts = report::counts(&transaction)?;
    let listings = count(&transaction, "kind <> 'page' AND state = 'pending'")?;
    let doubtful = count(&transaction, "standing IN ('doubtful', 'again', 'in_work')")?;
    let update = match refresh::running(&transaction)? {
        Some(update) => {
            Some(UpdateStatus { started_at: update.started_at, checks: refresh::checks(&transaction)? })
        }
        None => None,
    };
    let last_active = last_active(&transaction)?;
    Ok(Some(CrawlStatus {
        base_url: base_url(&transaction)?,
        running,
        complete: !running
            && update.is_none()
            && counts.queued + counts.in_work + listings + doubtful == 0
            && last_active.is_some(),
        pages_per_second: last_active.map(|last| rate(&transaction, last)).transpose()?.flatten(),
        last_active,
        counts,
        listings,
        tally: report::tally(&transaction)?,
        doubtful,
        paused: paused(&transaction, now)?,
        update,
    }))
}

/// Opens a database for reading. One that nobody has open and that has no log beside it is opened as one that does not
/// change, so that no file appears beside it.
pub(super) fn open(database: &Path, running: bool) -> Result<Connection, FrontierError> {
    let log = database.with_extension("db-wal");
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = if running || log.exists() {
        Connection::open_with_flags(database, flags)?
    } else {
        let path = database.display().to_string();
        let path = path.replace('%', "%25").replace('?', "%3f").replace('#', "%23");
        Connection::open_with_flags(format!("file:{path}?immutable=1"), flags | OpenFlags::SQLITE_OPEN_URI)?
    };
    connection.busy_timeout(std::time::Duration::from_secs(5))?;
    Ok(connection)
}

fn count(connection: &Connection, condition: &str) -> Result<u64, FrontierError> {
    let query = format!("SELECT count(*) FROM candidates WHERE {condition}");
    Ok(connection.query_row(&query, [], |row| row.get::<_, u32>(0))?.into())
}

fn base_url(connection: &Connection) -> Result<Option<String>, FrontierError> {
    let mut statement = connection.prepare("SELECT value FROM meta WHERE name = 'base_url'")?;
    Ok(statement.query_map([], |row| row.get(0))?.next().transpose()?)
}

fn last_active(connection: &Connection) -> Result<Option<Timestamp>, FrontierError> {
    let latest = "SELECT max(coalesce((SELECT max(settled_at) FROM candidates), 0),
                             coalesce((SELECT max(checked_at) FROM refresh), 0))";
    let last: i64 = connection.query_row(latest, [], |row| row.get(0))?;
    Ok(Timestamp::from_millisecond(last).ok().filter(|_| last > 0))
}

/// Pages asked in the last minutes before a moment, by the time between the first and the last of them.
fn rate(connection: &Connection, last: Timestamp) -> Result<Option<f64>, FrontierError> {
    let since = last.saturating_sub(RATE_SPAN).map_or(0, |since| since.as_millisecond());
    let query = "SELECT count(*), max(at) - min(at) FROM (
                     SELECT settled_at AS at FROM candidates WHERE kind = 'page' AND settled_at >= ?1
                     UNION ALL
                     SELECT checked_at FROM refresh WHERE checked_at >= ?1 AND result = 'unchanged')";
    let (pages, span): (u32, Option<i64>) =
        connection.query_row(query, params![since], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let seconds = SignedDuration::from_millis(span.unwrap_or(0)).as_secs_f64();
    Ok((pages > 1 && seconds > 0.0).then(|| f64::from(pages - 1) / seconds))
}

fn paused(connection: &Connection, now: Timestamp) -> Result<Vec<PausedHost>, FrontierError> {
    let mut statement =
        connection.prepare("SELECT host, not_before FROM hosts WHERE not_before > ?1 ORDER BY host")?;
    let rows = statement
        .query_map([now.as_millisecond()], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
    let mut paused = Vec::new();
    for row in rows {
        let (host, until) = row?;
        paused.extend(Timestamp::from_millisecond(until).ok().map(|until| PausedHost { host, until }));
    }
    Ok(paused)
}
