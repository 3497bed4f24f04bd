//! What the database knows for the sake of listings: how many there are, what they said, and which pages are known.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use super::FrontierError;
use super::candidate::{Candidate, Kind};
use crate::url::CanonicalUrl;

/// The most sitemaps that are asked for in one crawl; an index of a whole company's hosts may name hundreds.
const MAX_SITEMAPS: i64 = 50;

/// The most other listings of a kind: a site may be made of several parts with an index each, and each costs a request.
const MAX_OTHERS: i64 = 20;

/// Whether one more candidate of this kind may be added. Pages have no limit here.
pub(super) fn has_room(connection: &Connection, kind: Kind) -> Result<bool, FrontierError> {
    let most = match kind {
        Kind::Page => return Ok(true),
        Kind::Sitemap => MAX_SITEMAPS,
        Kind::LlmsTxt | Kind::Index | Kind::Commit | Kind::Tree | Kind::Nothing => MAX_OTHERS,
    };
    // The second condition lets SQLite use the index of listings.
    let mut statement =
        connection.prepare_cached("SELECT count(*) FROM candidates WHERE kind = ?1 AND kind <> 'page'")?;
    let there: i64 = statement.query_row([kind.word()], |row| row.get(0))?;
    Ok(there < most)
}

/// Takes over what a sitemap says of a candidate that is known already; of two times the later one.
pub(super) fn note_lastmod(connection: &Connection, candidate: &Candidate) -> Result<(), FrontierError> {
    let Some(lastmod) = candidate.lastmod.map(Timestamp::as_millisecond) else { return Ok(()) };
    connection
        .prepare_cached(
            "UPDATE candidates SET lastmod = max(ifnull(lastmod, ?3), ?3) WHERE page_key = ?1 AND kind = ?2",
        )?
        .execute(params![candidate.url.key().as_str(), candidate.kind.word(), lastmod])?;
    Ok(())
}

/// Whether a page is known, in whatever state and spelling.
pub(super) fn knows_page(connection: &Connection, url: &CanonicalUrl) -> Result<bool, FrontierError> {
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM candidates WHERE page_key = ?1 AND kind = 'page'")?;
    let row: Option<i64> = statement.query_row([url.key().as_str()], |row| row.get(0)).optional()?;
    Ok(row.is_some())
}
