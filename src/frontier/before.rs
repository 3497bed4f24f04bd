//! The crawl as it was before an update, kept beside what the update makes of it until that is worth keeping.
//!
//! A site may have turned into a sign-in, or be taken down, and an update would end page after page for it. So
//! [`Frontier::begin_update`] copies the tables first, in the transaction that begins the update; whoever runs the update
//! looks at what it left ([`Frontier::remains`]) and then either confirms it or takes it back. A crawl that was taken back
//! is the one that was there before, save for what hosts asked for, which is never forgotten. Its WARCs are not this
//! module's: it remembers from which number on they are to go until the caller says that they are gone.

use rusqlite::{Connection, OptionalExtension};

use super::likeness::Likeness;
use super::robots_cache::RobotsCache;
use super::{Frontier, FrontierError};
use crate::config::SiteConfig;

/// The tables that an update changes. `hosts` is not among them: who asked for patience has it.
const TABLES: [&str; 7] =
    ["candidates", "refresh", "contents", "templates", "robots", "out_of_scope", "meta"];

/// The name under which `meta` keeps the number of the first WARC of the update whose tables are copied.
const COPIED: &str = "before_update";

/// The name under which `meta` keeps the number from which on WARCs are to be removed.
const TAKEN_BACK: &str = "taken_back";

/// Fewer pages than this may well come to hold the same, or too little to tell.
const FEWEST_CONTENTS: u64 = 3;

/// What an update left of a crawl.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Remains {
    /// The number of the first WARC that is not from before.
    pub first_warc: u32,
    /// Pages that were kept before.
    pub kept_before: u64,
    /// Pages that are kept now, new ones among them.
    pub kept: u64,
    /// Contents of their own that the pages had before, numbers and dates aside.
    pub contents_before: u64,
    /// Contents of their own that the pages have now.
    pub contents: u64,
}

impl Remains {
    /// Whether there are less than half as many pages as before.
    pub fn is_most_gone(&self) -> bool {
        self.kept * 2 < self.kept_before
    }

    /// Whether the pages hold less than half as many contents as before: most show the same, or next to nothing.
    pub fn is_most_alike(&self) -> bool {
        self.contents_before >= FEWEST_CONTENTS && self.contents * 2 < self.contents_before
    }
}

impl Frontier {
    /// What the update that is under way left so far; `None` where there is none, or it is confirmed.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn remains(&self) -> Result<Option<Remains>, FrontierError> {
        let connection = self.database.read();
        let Some(first_warc) = number(connection, COPIED)?.filter(|_| self.update.is_some()) else {
            return Ok(None);
        };
        let (kept_before, contents_before) = (kept(connection, "before_")?, contents(connection, "before_")?);
        let (kept, contents) = (kept(connection, "")?, contents(connection, "")?);
        Ok(Some(Remains { first_warc, kept_before, kept, contents_before, contents }))
    }

    /// Keeps what the update brought so far: from now on it cannot be taken back.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn confirm_update(&mut self) -> Result<(), FrontierError> {
        self.database.change(forget)?;
        self.database.write()
    }

    /// Takes the update back: the crawl is as it was before it. The WARCs of the update are then to be removed, and
    /// [`Frontier::forget_taken_back`] to be called.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails; nothing is taken back then.
    pub fn take_back_update(&mut self, config: &SiteConfig) -> Result<(), FrontierError> {
        self.database.change(put_back)?;
        self.database.write()?;
        self.likeness = Likeness::load(self.database.read(), &config.scope)?;
        self.robots = RobotsCache::default();
        self.update = None;
        self.woken.clear();
        self.note_authorities()?;
        self.recount()
    }

    /// The number from which on WARCs belong to an update that was taken back, where they are to be removed.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn taken_back(&self) -> Result<Option<u32>, FrontierError> {
        number(self.database.read(), TAKEN_BACK)
    }

    /// Notes that the WARCs of the update that was taken back are gone.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn forget_taken_back(&mut self) -> Result<(), FrontierError> {
        self.database.change(|connection| {
            connection.execute("DELETE FROM meta WHERE name = ?1", [TAKEN_BACK])?;
            Ok(())
        })?;
        self.database.write()
    }
}

/// Copies the crawl as it is, unless that was done for an update that still may be taken back.
pub(super) fn keep(connection: &Connection, first_warc: u32) -> Result<(), FrontierError> {
    if number(connection, COPIED)?.is_some() {
        return Ok(());
    }
    for table in TABLES {
        connection.execute_batch(&format!(
            "DROP TABLE IF EXISTS before_{table}; CREATE TABLE before_{table} AS SELECT * FROM {table};"
        ))?;
    }
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", [COPIED, &first_warc.to_string()])?;
    Ok(())
}

/// Forgets the crawl as it was.
pub(super) fn forget(connection: &Connection) -> Result<(), FrontierError> {
    for table in TABLES {
        connection.execute_batch(&format!("DROP TABLE IF EXISTS before_{table};"))?;
    }
    connection.execute("DELETE FROM meta WHERE name = ?1", [COPIED])?;
    Ok(())
}

/// Puts the crawl back as it was.
fn put_back(connection: &Connection) -> Result<(), FrontierError> {
    let Some(first_warc) = number(connection, COPIED)? else { return Ok(()) };
    for table in TABLES {
        // A version of the program in between may have given the table a column more.
        let columns: String = connection.query_row(
            "SELECT group_concat(name, ', ') FROM pragma_table_info(?1)",
            [format!("before_{table}")],
            |row| row.get(0),
        )?;
        connection.execute_batch(&format!(
            "DELETE FROM {table}; INSERT INTO {table} ({columns}) SELECT {columns} FROM before_{table};"
        ))?;
    }
    forget(connection)?;
    connection.execute("DELETE FROM meta WHERE name = 'update'", [])?;
    connection
        .execute("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", [TAKEN_BACK, &first_warc.to_string()])?;
    Ok(())
}

fn number(connection: &Connection, name: &str) -> Result<Option<u32>, FrontierError> {
    let mut statement = connection.prepare("SELECT value FROM meta WHERE name = ?1")?;
    let text: Option<String> = statement.query_row([name], |row| row.get(0)).optional()?;
    Ok(text.and_then(|text| text.parse().ok()))
}

fn kept(connection: &Connection, prefix: &str) -> Result<u64, FrontierError> {
    count(
        connection,
        &format!("SELECT count(*) FROM {prefix}candidates WHERE kind = 'page' AND state = 'done'"),
    )
}

/// Contents that are told apart; a page of a few words has none.
fn contents(connection: &Connection, prefix: &str) -> Result<u64, FrontierError> {
    count(
        connection,
        &format!(
            "SELECT count(DISTINCT frame) FROM {prefix}contents
             WHERE url IN (SELECT url FROM {prefix}candidates WHERE kind = 'page' AND state = 'done')"
        ),
    )
}

fn count(connection: &Connection, query: &str) -> Result<u64, FrontierError> {
    Ok(connection.query_row(query, [], |row| row.get::<_, u32>(0))?.into())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{Remains, keep, number, put_back};
    use crate::frontier::schema;

    fn dump(connection: &Connection) -> Vec<(String, String)> {
        let mut statement = connection
            .prepare("SELECT url, state || coalesce(reason, '') FROM candidates ORDER BY url")
            .unwrap();
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn what_is_put_back_is_what_was_there() {
        let folder = tempfile::tempdir().unwrap();
        let connection = schema::open(&folder.path().join("crawl.db")).unwrap();
        let page = "INSERT INTO candidates (kind, page_key, url, authority, found_by, depth, hops, state)
                    VALUES ('page', ?1, ?1, 'd', 'content', 1, 0, 'done')";
        connection.execute(page, ["/a"]).unwrap();
        let before = dump(&connection);
        keep(&connection, 7).unwrap();
        connection.execute("UPDATE candidates SET state = 'skipped', reason = 'http_status'", []).unwrap();
        connection.execute(page, ["/b"]).unwrap();
        connection.execute("INSERT INTO meta VALUES ('update', '1 9')", []).unwrap();
        // An update that goes on keeps the copy that it has.
        keep(&connection, 9).unwrap();
        connection.execute_batch("ALTER TABLE candidates ADD COLUMN later INTEGER").unwrap();
        put_back(&connection).unwrap();
        assert_eq!(dump(&connection), before);
        assert_eq!(number(&connection, "taken_back").unwrap(), Some(7));
        assert_eq!(number(&connection, "update").unwrap(), None);
    }

    #[test]
    fn half_of_the_pages_may_go() {
        let kept = |kept_before, kept| Remains { kept_before, kept, ..Remains::default() }.is_most_gone();
        assert!(!kept(10, 5) && kept(10, 4) && kept(1, 0));
        let alike = |contents_before, contents| {
            Remains { contents_before, contents, ..Remains::default() }.is_most_alike()
        };
        assert!(!alike(10, 5) && alike(10, 1) && !alike(2, 0));
    }
}
