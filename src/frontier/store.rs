//! The statements on the table of candidates.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use super::candidate::{Candidate, FoundBy, Kind};
use super::doubt;
use super::host_clock::Permit;
use super::kept::Kept;
use super::lease::{Lease, Ticket, Turn};
use super::listings;
use super::outcome::{Outcome, SkipReason};
use super::{FrontierError, url_of};
use crate::scope::{Judgement, Scope};
use crate::url::{Authority, CanonicalUrl, PageKey};

/// A pending candidate.
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) url: CanonicalUrl,
    pub(super) kind: Kind,
    pub(super) found_by: FoundBy,
    pub(super) depth: u32,
    pub(super) hops: u32,
    pub(super) tries: u32,
}

/// What a row becomes.
pub(super) enum NewState {
    Pending { not_before: Timestamp, cause: String },
    Respelled { url: CanonicalUrl, hops: u32 },
    Done(Kept),
    Redirected { to: CanonicalUrl },
    Skipped(SkipReason),
    Failed { cause: String },
}

/// A row that was not there before.
pub(super) struct Added {
    pub(super) row: Row,
    pub(super) authority: Authority,
    pub(super) state: &'static str,
}

impl Row {
    pub(super) fn into_lease(self, turn: Turn, ticket: Ticket, permit: impl Into<Option<Permit>>) -> Lease {
        Lease {
            check: None,
            turn,
            ticket,
            id: self.id,
            url: self.url,
            kind: self.kind,
            found_by: self.found_by,
            depth: self.depth,
            hops: self.hops,
            tries: self.tries,
            _permit: permit.into(),
        }
    }
}

impl NewState {
    /// What an outcome makes of a lease's row. A redirect to another spelling of the same page is no end: the row takes
    /// that spelling and is asked for again.
    pub(super) fn of(outcome: &Outcome, lease: &Lease, now: Timestamp) -> Self {
        match outcome {
            Outcome::Done(kept) => Self::Done(kept.clone()),
            Outcome::Redirected { to } if to.key() == lease.url.key() => {
                Self::Respelled { url: to.clone(), hops: lease.hops + 1 }
            }
            Outcome::Redirected { to } => Self::Redirected { to: to.clone() },
            Outcome::Skipped(reason) => Self::Skipped(reason.clone()),
            Outcome::Retry { after, cause } => {
                let not_before = now.saturating_add(*after).unwrap_or(Timestamp::MAX);
                Self::Pending { not_before, cause: cause.clone() }
            }
            Outcome::Failed { cause } => Self::Failed { cause: cause.clone() },
        }
    }

    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Pending { .. } | Self::Respelled { .. } => "pending",
            Self::Done(_) => "done",
            Self::Redirected { .. } => "redirected",
            Self::Skipped(_) => "skipped",
            Self::Failed { .. } => "failed",
        }
    }

    fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Skipped(reason) => Some(reason.word()),
            _ => None,
        }
    }

    fn detail(&self) -> Option<String> {
        match self {
            Self::Done(_) | Self::Respelled { .. } => None,
            Self::Redirected { to } => Some(to.to_string()),
            Self::Skipped(reason) => reason.detail(),
            Self::Pending { cause, .. } | Self::Failed { cause } => Some(cause.clone()),
        }
    }
}

/// The first pending candidates of an authority: breadth first, then in the order of discovery. Those that wait for a
/// new try are not among them.
pub(super) fn in_turn(
    connection: &Connection,
    authority: &Authority,
    limit: usize,
) -> Result<Vec<Row>, FrontierError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {ROW_COLUMNS} FROM candidates
         WHERE state = 'pending' AND not_before = 0 AND authority = ?1 ORDER BY depth, id LIMIT ?2"
    ))?;
    let rows = statement.query_map(params![authority.as_str(), most(limit)], row_of)?;
    rows.map(|row| row?).collect()
}

/// Candidates of an authority that waited for a new try and whose time has come; they wait no longer.
pub(super) fn take_waiting(
    connection: &Connection,
    authority: &Authority,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<Row>, FrontierError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {ROW_COLUMNS} FROM candidates
         WHERE state = 'pending' AND not_before > 0 AND authority = ?1 AND not_before <= ?2
         ORDER BY not_before, id LIMIT ?3"
    ))?;
    let rows = statement.query_map(params![authority.as_str(), now.as_millisecond(), most(limit)], row_of)?;
    let rows: Vec<Row> = rows.map(|row| row?).collect::<Result<_, FrontierError>>()?;
    let mut update = connection.prepare_cached("UPDATE candidates SET not_before = 0 WHERE id = ?1")?;
    for row in &rows {
        update.execute([row.id])?;
    }
    Ok(rows)
}

fn most(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// The columns of a [`Row`], as [`row_of`] reads them.
pub(super) const ROW_COLUMNS: &str = "id, url, kind, found_by, depth, hops, tries";

/// Reads a row; the inner error is about what its columns hold.
pub(super) fn row_of(row: &rusqlite::Row<'_>) -> rusqlite::Result<Result<Row, FrontierError>> {
    let words: [String; 3] = [row.get(1)?, row.get(2)?, row.get(3)?];
    let numbers = (row.get(0)?, row.get(4)?, row.get(5)?, row.get(6)?);
    Ok(row_from(numbers, &words))
}

fn row_from(
    (id, depth, hops, tries): (i64, u32, u32, u32),
    [url, kind, found_by]: &[String; 3],
) -> Result<Row, FrontierError> {
    let (url, kind, found_by) = (url_of(url)?, kind_of(kind)?, found_by_of(found_by)?);
    Ok(Row { id, url, kind, found_by, depth, hops, tries })
}

/// When the first candidate of an authority that waits for a new try may be asked for.
pub(super) fn soonest(
    connection: &Connection,
    authority: &Authority,
) -> Result<Option<Timestamp>, FrontierError> {
    let mut statement = connection.prepare_cached(
        "SELECT min(not_before) FROM candidates
         WHERE state = 'pending' AND not_before > 0 AND authority = ?1",
    )?;
    let when: Option<i64> = statement.query_row([authority.as_str()], |row| row.get(0))?;
    Ok(when.and_then(|when| Timestamp::from_millisecond(when).ok()))
}

pub(super) fn set_state(
    connection: &Connection,
    id: i64,
    state: &NewState,
    now: Timestamp,
) -> Result<(), FrontierError> {
    match state {
        NewState::Pending { not_before, .. } => connection
            .prepare_cached("UPDATE candidates SET tries = tries + 1, not_before = ?2 WHERE id = ?1")?
            .execute(params![id, not_before.as_millisecond()])?,
        NewState::Respelled { url, hops } => connection
            .prepare_cached("UPDATE candidates SET url = ?2, hops = ?3 WHERE id = ?1")?
            .execute(params![id, url.as_str(), hops])?,
        _ => 0,
    };
    connection
        .prepare_cached(
            "UPDATE candidates SET state = ?2, reason = ?3, detail = ?4, settled_at = ?5 WHERE id = ?1",
        )?
        .execute(params![id, state.word(), state.reason(), state.detail(), now.as_millisecond()])?;
    match state {
        NewState::Done(kept) => doubt::note_kept(connection, id, kept, false),
        _ => Ok(()),
    }
}

/// The addresses of the pages that are kept.
pub(super) fn kept_pages(connection: &Connection) -> Result<Vec<CanonicalUrl>, FrontierError> {
    let mut statement = connection
        .prepare("SELECT url FROM candidates WHERE kind = 'page' AND state = 'done' ORDER BY id")?;
    let urls: Vec<String> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    urls.iter().map(|url| url_of(url)).collect()
}

/// Lets a pending row wait until a time.
pub(super) fn put_off(connection: &Connection, id: i64, until: Timestamp) -> Result<(), FrontierError> {
    connection
        .prepare_cached("UPDATE candidates SET not_before = ?2 WHERE id = ?1")?
        .execute(params![id, until.as_millisecond()])?;
    Ok(())
}

/// Fails everything of an authority that is pending and not among the leased. Returns how many pages these were.
pub(super) fn fail_pending(
    connection: &Connection,
    authority: &Authority,
    leased: &[i64],
    cause: &str,
    now: Timestamp,
) -> Result<u64, FrontierError> {
    let leased: Vec<String> = leased.iter().map(i64::to_string).collect();
    let mut pages = 0;
    for (is_page, kinds) in [(true, "= 'page'"), (false, "<> 'page'")] {
        let changed = connection.execute(
            &format!(
                "UPDATE candidates SET state = 'failed', detail = ?2, settled_at = ?3
                 WHERE state = 'pending' AND authority = ?1 AND kind {kinds} AND id NOT IN ({})",
                leased.join(", ")
            ),
            params![authority.as_str(), cause, now.as_millisecond()],
        )?;
        pages += if is_page { u64::try_from(changed).unwrap_or(u64::MAX) } else { 0 };
    }
    Ok(pages)
}

/// Writes off everything that is still pending.
pub(super) fn skip_pending(connection: &Connection, reason: &SkipReason) -> Result<(), FrontierError> {
    connection.execute(
        "UPDATE candidates SET state = 'skipped', reason = ?1, detail = ?2 WHERE state = 'pending'",
        params![reason.word(), reason.detail()],
    )?;
    Ok(())
}

/// Judges candidates and stores those that are new. Returns the rows that were added.
pub(super) fn admit_all(
    connection: &Connection,
    scope: &Scope,
    candidates: &[Candidate],
) -> Result<Vec<Added>, FrontierError> {
    let mut added = Vec::new();
    for candidate in candidates {
        let candidate = Candidate { url: scope.upgraded(&candidate.url), ..candidate.clone() };
        match judge(scope, &candidate) {
            Judgement::OutOfScope => count_out_of_scope(connection, &candidate.url.key())?,
            _ if !listings::has_room(connection, candidate.kind)? => {}
            judgement => added.extend(insert(connection, candidate, state_of(judgement))?),
        }
    }
    Ok(added)
}

/// What the config says of a candidate. A seed URL is asked for whatever the patterns say, since the user named it;
/// what it redirects to must lie in the site's folder. A listing must lie on the site's host.
pub(super) fn judge(scope: &Scope, candidate: &Candidate) -> Judgement {
    let inside = match (candidate.kind, candidate.found_by) {
        (Kind::Page, FoundBy::Seed) => candidate.hops == 0 || scope.contains(&candidate.url),
        (Kind::Page, _) => return scope.judge(&candidate.url),
        (Kind::Sitemap | Kind::LlmsTxt | Kind::Index | Kind::Nothing, _) => {
            scope.is_same_host(&candidate.url)
        }
        (Kind::Commit | Kind::Tree, _) => scope.may_list(&candidate.url),
    };
    if inside { Judgement::InScope } else { Judgement::OutOfScope }
}

fn state_of(judgement: Judgement) -> (&'static str, Option<SkipReason>) {
    match judgement {
        Judgement::InScope | Judgement::OutOfScope => ("pending", None),
        Judgement::Excluded(pattern) => ("skipped", Some(SkipReason::Excluded { pattern })),
        Judgement::Asset => ("skipped", Some(SkipReason::NotAPage { media_type: None })),
        Judgement::Trap(why) => ("skipped", Some(SkipReason::Trap { why: why.to_owned() })),
    }
}

fn insert(
    connection: &Connection,
    candidate: Candidate,
    (state, reason): (&'static str, Option<SkipReason>),
) -> Result<Option<Added>, FrontierError> {
    let authority = candidate.url.authority();
    let inserted = connection
        .prepare_cached(
            "INSERT INTO candidates
                 (kind, page_key, url, authority, found_by, depth, hops, referrer, state, reason, detail, lastmod)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            candidate.kind.word(),
            candidate.url.key().as_str(),
            candidate.url.as_str(),
            authority.as_str(),
            candidate.found_by.word(),
            candidate.depth,
            candidate.hops,
            candidate.referrer.as_ref().map(CanonicalUrl::as_str),
            state,
            reason.as_ref().map(SkipReason::word),
            reason.as_ref().and_then(SkipReason::detail),
            candidate.lastmod.map(Timestamp::as_millisecond),
        ])?;
    if inserted == 0 {
        listings::note_lastmod(connection, &candidate)?;
        return Ok(None);
    }
    let Candidate { url, kind, found_by, depth, hops, .. } = candidate;
    let row = Row { id: connection.last_insert_rowid(), url, kind, found_by, depth, hops, tries: 0 };
    Ok(Some(Added { row, authority, state }))
}

fn count_out_of_scope(connection: &Connection, key: &PageKey) -> Result<(), FrontierError> {
    let digest = Sha256::digest(key.as_str().as_bytes());
    let hash = digest.iter().take(8).fold(0_i64, |hash, byte| (hash << 8) | i64::from(*byte));
    connection
        .prepare_cached("INSERT INTO out_of_scope VALUES (?1) ON CONFLICT DO NOTHING")?
        .execute([hash])?;
    Ok(())
}

/// The state of a page and where it leads to if it is a redirect.
pub(super) fn redirect_target(
    connection: &Connection,
    kind: Kind,
    key: &PageKey,
) -> Result<Option<CanonicalUrl>, FrontierError> {
    let mut statement = connection.prepare_cached(
        "SELECT detail FROM candidates WHERE page_key = ?1 AND kind = ?2 AND state = 'redirected'",
    )?;
    let target: Option<String> =
        statement.query_row([key.as_str(), kind.word()], |row| row.get(0)).optional()?;
    target.as_deref().map(url_of).transpose()
}

pub(super) fn kind_of(word: &str) -> Result<Kind, FrontierError> {
    Kind::of_word(word).ok_or_else(|| FrontierError::Corrupt { value: word.to_owned(), expected: "a kind" })
}

pub(super) fn found_by_of(word: &str) -> Result<FoundBy, FrontierError> {
    FoundBy::of_word(word)
        .ok_or_else(|| FrontierError::Corrupt { value: word.to_owned(), expected: "a way of discovery" })
}
