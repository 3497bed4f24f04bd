//! What is known of hosts, in the database: politeness outlives the process.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::FrontierError;
use super::host_clock::HostMemory;
use crate::url::Authority;

/// What the database holds, so that only what changed is written.
#[derive(Default)]
pub(super) struct HostStore {
    stored: HashMap<Authority, HostMemory>,
}

impl HostStore {
    /// What an earlier run remembered of a host.
    pub(super) fn load(
        &mut self,
        connection: &Connection,
        authority: &Authority,
    ) -> Result<Option<HostMemory>, FrontierError> {
        let row: Option<(i64, u32, u32, u32)> = connection
            .prepare_cached("SELECT not_before, slow_downs, failures, rests FROM hosts WHERE host = ?1")?
            .query_row([authority.host_port()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })
            .optional()?;
        let memory = row.map(|(not_before, slow_downs, failures, rests)| HostMemory {
            not_before: Timestamp::from_millisecond(not_before).unwrap_or(Timestamp::MIN),
            slow_downs,
            failures,
            rests,
        });
        if let Some(memory) = memory {
            self.stored.insert(authority.clone(), memory);
        }
        Ok(memory)
    }

    /// Whether the database should hear of this. That nothing may be asked before a time that has passed is no news.
    pub(super) fn is_news(&self, authority: &Authority, memory: &HostMemory, now: Timestamp) -> bool {
        match self.stored.get(authority) {
            None => memory.not_before > now || memory.slow_downs + memory.failures + memory.rests > 0,
            Some(there) => {
                (there.slow_downs, there.failures, there.rests)
                    != (memory.slow_downs, memory.failures, memory.rests)
                    || (memory.not_before > now && memory.not_before != there.not_before)
            }
        }
    }

    pub(super) fn save(
        &mut self,
        connection: &Connection,
        authority: &Authority,
        memory: &HostMemory,
    ) -> Result<(), FrontierError> {
        // A part of a millisecond is rounded up, so that no request is early.
        let not_before = memory.not_before.as_millisecond().saturating_add(1);
        connection
            .prepare_cached(
                "INSERT INTO hosts (host, not_before, slow_downs, failures, rests) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET not_before = excluded.not_before, slow_downs = excluded.slow_downs,
                     failures = excluded.failures, rests = excluded.rests",
            )?
            .execute(params![
                authority.host_port(),
                not_before,
                memory.slow_downs,
                memory.failures,
                memory.rests
            ])?;
        self.stored.insert(authority.clone(), *memory);
        Ok(())
    }
}
