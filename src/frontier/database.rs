//! The database connection of a frontier, and when what changed in it is written.
//!
//! Changes are collected in one open transaction, which is written after so many changes, after some time, and always
//! before the crawl waits for anything. That is where the speed comes from; and a kill costs only what was not written,
//! which the next run heals: a page with a record is taken from the archive with its links, anything else is asked for
//! again.
//!
//! A change is all or nothing: where one fails, everything that was not written yet is taken back, and the frontier must
//! be opened anew.

use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

use super::FrontierError;

/// The most changes that wait to be written.
const MOST_CHANGES: u32 = 4_000;

/// The longest time for which one waits, while the crawl is busy all along.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_millis(500);

/// A connection with its open transaction, if there is one.
pub(super) struct Database {
    connection: Connection,
    unwritten: u32,
    /// When the first unwritten change was seen.
    since: Option<Timestamp>,
}

impl Database {
    pub(super) fn new(connection: Connection) -> Self {
        Self { connection, unwritten: 0, since: None }
    }

    /// For reading; it sees what is not written yet.
    pub(super) fn read(&self) -> &Connection {
        &self.connection
    }

    /// Changes something; see [`Database::write`] for when it is durable.
    pub(super) fn change<T>(
        &mut self,
        change: impl FnOnce(&Connection) -> Result<T, FrontierError>,
    ) -> Result<T, FrontierError> {
        if self.connection.is_autocommit() {
            self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        }
        let changed = change(&self.connection);
        match &changed {
            Ok(_) => self.unwritten = self.unwritten.saturating_add(1),
            Err(_) => self.take_back(),
        }
        changed
    }

    /// Whether there are changes that a kill would undo.
    pub(super) fn has_unwritten(&self) -> bool {
        self.unwritten > 0
    }

    /// Whether it is time to write, though nothing is waited for.
    pub(super) fn is_due(&mut self, now: Timestamp) -> bool {
        if self.unwritten == 0 {
            return false;
        }
        let since = *self.since.get_or_insert(now);
        self.unwritten >= MOST_CHANGES || now.duration_since(since) >= LONGEST_WAIT
    }

    /// Writes what was changed: afterwards no kill of the process can undo it.
    pub(super) fn write(&mut self) -> Result<(), FrontierError> {
        if !self.connection.is_autocommit()
            && let Err(error) = self.commit()
        {
            self.take_back();
            return Err(error.into());
        }
        self.unwritten = 0;
        self.since = None;
        Ok(())
    }

    fn commit(&self) -> rusqlite::Result<()> {
        self.connection.prepare_cached("COMMIT")?.execute([]).map(|_| ())
    }

    fn take_back(&mut self) {
        // Some failures, such as a full disk, have ended the transaction already.
        if !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
        self.unwritten = 0;
        self.since = None;
    }
}
