//! What the crawls of earlier runs remember of their hosts, taken over before any of them goes on: one may have asked a
//! host that another one is about to ask.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::Connection;

use super::host_clock::{HostClocks, HostMemory, Pace};
use super::host_store::HostStore;
use super::{FrontierError, lock, schema, status};
use crate::config::SiteConfig;
use crate::url::{Authority, CanonicalUrl};

/// The pace of hosts that a config asks for.
pub(super) fn pace_of(config: &SiteConfig) -> Pace {
    Pace {
        delay: config.politeness.delay,
        max_in_flight: u32::try_from(config.fetch.concurrency).unwrap_or(u32::MAX).max(1),
    }
}

/// Takes over what the crawl in a folder remembers of its hosts; nothing where there is no crawl.
///
/// # Errors
///
/// [`FrontierError`] when the database cannot be read, or is of another version of the program.
pub fn remember_hosts(folder: &Path, config: &SiteConfig, hosts: &HostClocks) -> Result<(), FrontierError> {
    let database = folder.join("crawl.db");
    if !database.is_file() {
        return Ok(());
    }
    let connection = status::open(&database, lock::is_held(folder)?)?;
    schema::check_current(&connection, folder)?;
    for (authority, memory) in read(&connection)? {
        hosts.set_pace(&authority, pace_of(config));
        hosts.remember(&authority, &memory);
    }
    Ok(())
}

/// Writes what the crawl in one folder remembers of its hosts into the crawl of another, in place of what that remembers
/// of the same hosts.
///
/// # Errors
///
/// [`FrontierError`] when one of the databases cannot be read or written, or is of another version of the program.
pub fn carry_hosts(from: &Path, to: &Path) -> Result<(), FrontierError> {
    let source = from.join("crawl.db");
    if !source.is_file() {
        return Ok(());
    }
    let known = read(&status::open(&source, true)?)?;
    let target = Connection::open(to.join("crawl.db"))?;
    schema::check_current(&target, to)?;
    let mut store = HostStore::default();
    for (authority, memory) in &known {
        store.save(&target, authority, memory)?;
    }
    Ok(())
}

fn read(connection: &Connection) -> Result<Vec<(Authority, HostMemory)>, FrontierError> {
    let mut statement =
        connection.prepare("SELECT host, not_before, slow_downs, failures, rests FROM hosts")?;
    let rows = statement.query_map([], |row| {
        let not_before = Timestamp::from_millisecond(row.get(1)?).unwrap_or(Timestamp::MIN);
        let (slow_downs, failures, rests) = (row.get(2)?, row.get(3)?, row.get(4)?);
        Ok((row.get::<_, String>(0)?, HostMemory { not_before, slow_downs, failures, rests }))
    })?;
    let mut known = Vec::new();
    for row in rows {
        let (host, memory) = row?;
        // Clocks are kept by name and port, whatever the scheme.
        let url = CanonicalUrl::parse(&format!("https://{host}/"));
        known.extend(url.ok().map(|url| (url.authority(), memory)));
    }
    Ok(known)
}
