//! The URLs of one authority that are next in turn.
//!
//! The database holds all that are pending; here is only the beginning of their order, some hundred rows, so that memory
//! does not grow with the frontier and a lease costs no search. The order is breadth first, then that of discovery. URLs
//! that wait for a new try stay in the database until their time has come.

use std::collections::VecDeque;

use jiff::Timestamp;

use super::FrontierError;
use super::database::Database;
use super::store::{self, Row};
use crate::url::Authority;

/// The most rows that are held.
const MOST_ROWS: usize = 256;

/// The beginning of the order of an authority's pending URLs.
#[derive(Default)]
pub(super) struct Queue {
    /// In order, and without a gap: no pending row that is not leased and need not wait lies between two of them.
    rows: VecDeque<Row>,
    /// Whether these are all that there are.
    is_whole: bool,
    waiting: Waiting,
}

/// When the first of those that wait for a new try may be asked for.
#[derive(Clone, Copy, Default)]
enum Waiting {
    #[default]
    Unknown,
    None,
    Until(Timestamp),
}

impl Queue {
    /// A queue that knows nothing yet and asks the database.
    pub(super) fn unknown() -> Self {
        Self::default()
    }

    /// The queue of an authority that has no row yet.
    pub(super) fn empty() -> Self {
        Self { is_whole: true, waiting: Waiting::None, ..Self::default() }
    }

    /// The URL that is next in turn, if one may be asked for now. `leased` are the rows that are out.
    pub(super) fn first(
        &mut self,
        database: &mut Database,
        authority: &Authority,
        leased: &[i64],
        now: Timestamp,
    ) -> Result<Option<&Row>, FrontierError> {
        if let Some(when) = self.soonest(database, authority)?
            && when <= now
        {
            let due =
                database.change(|connection| store::take_waiting(connection, authority, now, MOST_ROWS))?;
            for row in due {
                self.offer(row);
            }
            self.waiting = Waiting::Unknown;
        }
        if self.rows.is_empty() && !self.is_whole {
            let limit = MOST_ROWS + leased.len();
            let rows = store::in_turn(database.read(), authority, limit)?;
            self.is_whole = rows.len() < limit;
            self.rows.extend(rows.into_iter().filter(|row| !leased.contains(&row.id)));
        }
        Ok(self.rows.front())
    }

    /// Holds one row, or none, whatever the order would be: somebody else has chosen.
    pub(super) fn hold(&mut self, row: Option<Row>) {
        self.rows.clear();
        self.rows.extend(row);
        self.is_whole = true;
    }

    /// Takes the first row out.
    pub(super) fn take(&mut self) -> Option<Row> {
        self.rows.pop_front()
    }

    /// When the first of those that wait for a new try may be asked for.
    pub(super) fn soonest(
        &mut self,
        database: &Database,
        authority: &Authority,
    ) -> Result<Option<Timestamp>, FrontierError> {
        if matches!(self.waiting, Waiting::Unknown) {
            let when = store::soonest(database.read(), authority)?;
            self.waiting = when.map_or(Waiting::None, Waiting::Until);
        }
        Ok(match self.waiting {
            Waiting::Until(when) => Some(when),
            Waiting::None | Waiting::Unknown => None,
        })
    }

    /// Notes a row that is pending now. It is taken in where it belongs, or left to the database where that is beyond
    /// what is held.
    pub(super) fn offer(&mut self, row: Row) {
        let place = self.rows.partition_point(|there| (there.depth, there.id) < (row.depth, row.id));
        if place == self.rows.len() && (!self.is_whole || place >= MOST_ROWS) {
            self.is_whole = false;
            return;
        }
        self.rows.insert(place, row);
        if self.rows.len() > MOST_ROWS {
            self.rows.pop_back();
            self.is_whole = false;
        }
    }

    /// Notes that a row waits for a new try.
    pub(super) fn wait(&mut self, until: Timestamp) {
        match self.waiting {
            Waiting::None => self.waiting = Waiting::Until(until),
            Waiting::Until(before) => self.waiting = Waiting::Until(before.min(until)),
            Waiting::Unknown => {}
        }
    }
}
