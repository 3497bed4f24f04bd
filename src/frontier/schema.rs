//! The tables of a crawl.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::FrontierError;

/// Raised when the tables change; a folder with another number is refused.
const VERSION: i64 = 1;

/// `state` is one of `pending`, `leased`, `done`, `redirected`, `skipped`, `failed`. `reason` is the word of a
/// `SkipReason`, `detail` what there is to say: a rule, a cause, the target of a redirect. Times are milliseconds since
/// 1970. Links that leave the site are counted by the hash of their key; nobody needs their text.
const TABLES: &str = "
    CREATE TABLE candidates (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        page_key TEXT NOT NULL,
        url TEXT NOT NULL,
        authority TEXT NOT NULL,
        found_by TEXT NOT NULL,
        depth INTEGER NOT NULL,
        hops INTEGER NOT NULL,
        referrer TEXT,
        state TEXT NOT NULL,
        reason TEXT,
        detail TEXT,
        tries INTEGER NOT NULL DEFAULT 0,
        not_before INTEGER NOT NULL DEFAULT 0,
        settled_at INTEGER,
        UNIQUE (page_key, kind)
    ) STRICT;
    CREATE INDEX candidates_in_turn ON candidates (authority, depth, id) WHERE state = 'pending';
    CREATE TABLE robots (
        authority TEXT PRIMARY KEY,
        fetched_at INTEGER NOT NULL,
        robots TEXT NOT NULL
    ) STRICT;
    CREATE TABLE hosts (host TEXT PRIMARY KEY, not_before INTEGER NOT NULL) STRICT;
    CREATE TABLE out_of_scope (key_hash INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
";

/// Opens the database and makes the tables if they are not there.
///
/// With a write-ahead log and `synchronous = NORMAL`, a transaction survives the death of the process without a disk
/// flush for each. When the machine itself dies, the last ones may be lost, never torn; the archive then knows more
/// pages than the database, and [`super::Frontier::restore`] takes them from there.
pub(super) fn open(path: &Path) -> Result<Connection, FrontierError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.set_prepared_statement_cache_capacity(64);
    match connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))? {
        VERSION => {}
        0 => {
            let transaction = connection.unchecked_transaction()?;
            transaction.execute_batch(TABLES)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
            transaction.commit()?;
        }
        other => {
            return Err(FrontierError::Corrupt {
                value: format!("format {other}"),
                expected: "a crawl of this version of skillcrawl",
            });
        }
    }
    Ok(connection)
}
