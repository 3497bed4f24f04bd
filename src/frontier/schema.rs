//! The tables of a crawl.

use std::cmp::Ordering;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;

use super::FrontierError;

/// What makes each format of the database out of the one before it. A step that was published never changes; a folder
/// of a later format is refused.
const STEPS: [&str; 6] = [TABLES, RENDERING, PACE, CONTENTS, LASTMOD, REFRESH];

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

/// How pages were kept. `form` is the word of a `Form`; NULL where a folder of the first format never said.
/// `standing` is NULL for a page whose form is final, `doubtful` for one that was kept as sent since its template was
/// last compared, `again` for one that is to be rendered from its record, `in_work` while that is done, and
/// `taken_back` afterwards; `batch` says which comparison will speak for a doubtful one. `templates.state` is the fetcher's own JSON.
const RENDERING: &str = "
    ALTER TABLE candidates ADD COLUMN form TEXT;
    ALTER TABLE candidates ADD COLUMN template TEXT;
    ALTER TABLE candidates ADD COLUMN standing TEXT;
    ALTER TABLE candidates ADD COLUMN batch INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX candidates_in_doubt ON candidates (template, id) WHERE standing = 'doubtful';
    CREATE INDEX candidates_again ON candidates (authority, id) WHERE standing = 'again';
    CREATE TABLE templates (name TEXT PRIMARY KEY, refuted INTEGER NOT NULL, state TEXT NOT NULL) STRICT;
";

/// Leases live in memory and are written nowhere: after a kill, what was leased is pending, which is what the database
/// says already. URLs that wait for a new try have an index of their own, and stand in the way of no others. What is
/// known of a host is what makes the next run as polite as this one was.
const PACE: &str = "
    UPDATE candidates SET state = 'pending' WHERE state = 'leased';
    DROP INDEX candidates_in_turn;
    CREATE INDEX candidates_in_turn ON candidates (authority, depth, id) WHERE state = 'pending' AND not_before = 0;
    CREATE INDEX candidates_waiting ON candidates (authority, not_before) WHERE state = 'pending' AND not_before > 0;
    ALTER TABLE hosts ADD COLUMN slow_downs INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE hosts ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE hosts ADD COLUMN rests INTEGER NOT NULL DEFAULT 0;
";

/// What the kept pages hold, by fingerprint ([`crate::content_print`]).
const CONTENTS: &str = "
    CREATE TABLE contents (
        digest INTEGER NOT NULL,
        words INTEGER NOT NULL,
        frame INTEGER NOT NULL,
        url TEXT NOT NULL,
        PRIMARY KEY (digest, words)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX contents_by_frame ON contents (frame);
";

/// When a page changed last, as the site's sitemap says; milliseconds since 1970, NULL where it does not say. Listings are
/// few among many pages, and are counted before one is added.
const LASTMOD: &str = "
    ALTER TABLE candidates ADD COLUMN lastmod INTEGER;
    CREATE INDEX candidates_of_listings ON candidates (kind) WHERE kind <> 'page';
";

/// What an update asks of the pages that are kept (see `refresh`). `state` is `due`, `in_work`, `checked` or `failed`;
/// `result` says what came of it: `unchanged`, `lastmod` (not asked for), `changed`, or the cause of a failure. The
/// validators are those of an answer that held the same as the record; NULL while the record's own count.
const REFRESH: &str = "
    CREATE TABLE refresh (
        id INTEGER PRIMARY KEY,
        authority TEXT NOT NULL,
        state TEXT NOT NULL,
        result TEXT,
        needs_browser INTEGER NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0,
        not_before INTEGER NOT NULL DEFAULT 0,
        checked_at INTEGER,
        etag TEXT,
        last_modified TEXT
    ) STRICT;
    CREATE INDEX refresh_due ON refresh (authority, id) WHERE state = 'due';
";

/// How much of the database is kept in memory, in KiB: enough for the upper parts of the indexes of some million URLs.
const CACHE: i64 = 40 * 1024;

/// How far the write-ahead log grows, in pages of 4 KiB, before it is moved into the database.
const LOG_PAGES: i64 = 4_000;

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
    connection.pragma_update(None, "cache_size", -CACHE)?;
    connection.pragma_update(None, "wal_autocheckpoint", LOG_PAGES)?;
    connection.set_prepared_statement_cache_capacity(64);
    bring_up_to_date(&connection)?;
    Ok(connection)
}

/// Refuses a database of another format than this version's, for who may only read.
pub(super) fn check_current(connection: &Connection, folder: &Path) -> Result<(), FrontierError> {
    let format = connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))?;
    match usize::try_from(format).unwrap_or(usize::MAX).cmp(&STEPS.len()) {
        Ordering::Equal => Ok(()),
        Ordering::Less => Err(FrontierError::Outdated { folder: folder.display().to_string() }),
        Ordering::Greater => Err(FrontierError::Corrupt {
            value: format!("format {format}"),
            expected: "a crawl of this version of skillcrawl",
        }),
    }
}

fn bring_up_to_date(connection: &Connection) -> Result<(), FrontierError> {
    let format = connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))?;
    let steps = usize::try_from(format).ok().and_then(|format| STEPS.get(format..)).ok_or_else(|| {
        FrontierError::Corrupt {
            value: format!("format {format}"),
            expected: "a crawl of this version of skillcrawl",
        }
    })?;
    if steps.is_empty() {
        return Ok(());
    }
    let transaction = connection.unchecked_transaction()?;
    for step in steps {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", i64::try_from(STEPS.len()).unwrap_or(i64::MAX))?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{TABLES, open};

    #[test]
    fn a_folder_of_the_first_format_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("crawl.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(TABLES).unwrap();
        old.execute_batch(
            "INSERT INTO candidates (kind, page_key, url, authority, found_by, depth, hops, state)
             VALUES ('page', 'k', 'https://d.example/', 'https://d.example', 'seed', 0, 0, 'done')",
        )
        .unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        drop(old);
        for _ in 0..2 {
            let lines = crate::frontier::report::lines(&open(&path).unwrap()).unwrap();
            assert_eq!(lines.len(), 1);
            assert_eq!((lines[0].outcome.as_str(), lines[0].rendered), ("done", None));
        }
    }

    #[test]
    fn a_folder_of_a_later_format_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("crawl.db");
        Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        assert!(open(&path).unwrap_err().to_string().contains("format 99"));
    }
}
