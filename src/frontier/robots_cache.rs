//! What is known of each authority's robots.txt: in memory for a verdict a URL, in the database for the next run.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension, params};

use super::FrontierError;
use crate::robots::Robots;
use crate::url::Authority;

/// How long a copy may be used (RFC 9309 §2.4).
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// The copies of this run.
#[derive(Default)]
pub(super) struct RobotsCache {
    entries: HashMap<Authority, Entry>,
}

enum Entry {
    Asked,
    Known { robots: Arc<Robots>, fetched_at: Timestamp },
}

/// What is known at this moment.
pub(super) enum RobotsState<'a> {
    /// Nothing, or nothing fresh.
    Unknown,
    /// Somebody is asking.
    Asked,
    /// This.
    Known(&'a Robots),
}

impl RobotsCache {
    pub(super) fn state(
        &mut self,
        connection: &Connection,
        authority: &Authority,
        now: Timestamp,
    ) -> Result<RobotsState<'_>, FrontierError> {
        if !self.entries.contains_key(authority)
            && let Some((robots, fetched_at)) = load(connection, authority)?
        {
            self.known(authority, robots, fetched_at);
        }
        Ok(match self.entries.get(authority) {
            None => RobotsState::Unknown,
            Some(Entry::Asked) => RobotsState::Asked,
            Some(Entry::Known { robots, fetched_at }) if now.duration_since(*fetched_at) < LIFETIME => {
                RobotsState::Known(robots)
            }
            Some(Entry::Known { .. }) => RobotsState::Unknown,
        })
    }

    pub(super) fn asked(&mut self, authority: &Authority) {
        self.entries.insert(authority.clone(), Entry::Asked);
    }

    pub(super) fn known(&mut self, authority: &Authority, robots: Robots, fetched_at: Timestamp) {
        let robots = Arc::new(robots);
        self.entries.insert(authority.clone(), Entry::Known { robots, fetched_at });
    }

    /// What this run knows already, however old; the freshness was looked at when the page was handed out.
    pub(super) fn get(&self, authority: &Authority) -> Option<Arc<Robots>> {
        match self.entries.get(authority)? {
            Entry::Asked => None,
            Entry::Known { robots, .. } => Some(Arc::clone(robots)),
        }
    }

    pub(super) fn is_any_asked(&self) -> bool {
        self.entries.values().any(|entry| matches!(entry, Entry::Asked))
    }

    pub(super) fn forget_asked(&mut self) {
        self.entries.retain(|_, entry| !matches!(entry, Entry::Asked));
    }
}

pub(super) fn save(
    connection: &Connection,
    authority: &Authority,
    robots: &Robots,
    now: Timestamp,
) -> Result<(), FrontierError> {
    // An unreachable file is asked for anew by the next run, so it stays in memory only.
    if matches!(robots, Robots::Unreachable { .. }) {
        connection.execute("DELETE FROM robots WHERE authority = ?1", [authority.as_str()])?;
        return Ok(());
    }
    let text = serde_json::to_string(robots).unwrap_or_default();
    connection.execute(
        "INSERT OR REPLACE INTO robots VALUES (?1, ?2, ?3)",
        params![authority.as_str(), now.as_millisecond(), text],
    )?;
    Ok(())
}

/// A copy of an earlier run; one that cannot be read is as good as none.
pub(super) fn load(
    connection: &Connection,
    authority: &Authority,
) -> Result<Option<(Robots, Timestamp)>, FrontierError> {
    let row: Option<(i64, String)> = connection
        .prepare_cached("SELECT fetched_at, robots FROM robots WHERE authority = ?1")?
        .query_row([authority.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(row.and_then(|(fetched_at, text)| {
        Some((serde_json::from_str(&text).ok()?, Timestamp::from_millisecond(fetched_at).ok()?))
    }))
}
