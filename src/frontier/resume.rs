//! Going on where an earlier run was.
//!
//! At opening, what was leased, what failed and what was written off for want of room is pending again, robots
//! refusals too, since the file may have changed; and the scope is asked anew about what it left out or let in. Then
//! [`Frontier::restore`] brings the database in line with the archive, which is the truth: a page with a record is
//! done though the kill came before the database knew, and a page without one is not, whatever the database says.

use std::collections::HashSet;
use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use sha2::{Digest, Sha256};

use super::candidate::{Candidate, FoundBy, Kind};
use super::kept::Form;
use super::outcome::SkipReason;
use super::queue::Queue;
use super::store::admit_all;
use super::{Frontier, FrontierError, doubt, refresh, store, url_of};
use crate::config::SiteConfig;
use crate::scope::{Judgement, Scope};
use crate::url::{Authority, CanonicalUrl};

/// A page whose record the archive holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPage {
    /// Its address.
    pub url: CanonicalUrl,
    /// Which form of it is recorded; `None` where that is not known.
    pub form: Option<Form>,
    /// The links that were taken from it.
    pub outlinks: Vec<CanonicalUrl>,
    /// When it was fetched, where that is known.
    pub fetched_at: Option<Timestamp>,
}

impl Frontier {
    /// Settles the pages that the archive holds and adds their links, all in one transaction; pages that were thought
    /// done but have no record are pending again. `pages` must be all that the archive holds.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn restore(&mut self, pages: &[KnownPage]) -> Result<(), FrontierError> {
        let (scope, judges, update) = (&self.scope, self.judges, self.update);
        self.database.change(|connection| {
            let mut keys: HashSet<u64> = HashSet::with_capacity(pages.len());
            // The pages of a site share most of their links.
            let mut links_seen: HashSet<&str> = HashSet::new();
            for page in pages {
                keys.insert(digest(page.url.key().as_str()));
                let depth = settle_recorded(connection, page, judges)?;
                if let Some(update) = update {
                    refresh::settle_recorded(connection, page, update)?;
                }
                let links = page.outlinks.iter().filter(|url| links_seen.insert(url.as_str()));
                let links = links.map(|url| Candidate {
                    url: url.clone(),
                    kind: Kind::Page,
                    found_by: FoundBy::Content,
                    depth: depth + 1,
                    hops: 0,
                    referrer: Some(page.url.clone()),
                    lastmod: None,
                });
                admit_all(connection, scope, &links.collect::<Vec<_>>())?;
            }
            requeue_unrecorded(connection, &keys)
        })?;
        self.database.write()?;
        self.note_authorities()?;
        self.recount()
    }

    /// Makes an opened database fit for a new run with this config.
    pub(super) fn resume(&mut self, folder: &Path, config: &SiteConfig) -> Result<(), FrontierError> {
        let scope = &self.scope;
        self.database.change(|connection| {
            check_site(connection, folder, &config.scope.base_url)?;
            check_product_token(connection, config.politeness.product_token())?;
            doubt::release(connection)?;
            refresh::release(connection)?;
            connection.execute(
                "UPDATE candidates SET state = 'pending', reason = NULL, detail = NULL, tries = 0, not_before = 0
                 WHERE state = 'failed' OR state = 'skipped' AND reason IN (?1, ?2)",
                [SkipReason::MaxPages.word(), SkipReason::RobotsDisallow { rule: String::new() }.word()],
            )?;
            judge_again(connection, scope)
        })?;
        self.database.write()?;
        self.update = refresh::running(self.database.read())?;
        self.note_authorities()?;
        self.recount()
    }

    /// Makes a queue for every authority that has rows, and sets its pace from the config and from what is stored of it.
    pub(super) fn note_authorities(&mut self) -> Result<(), FrontierError> {
        self.queues.clear();
        self.in_turn.clear();
        for authority in authorities(self.database.read())? {
            let robots = super::robots_cache::load(self.database.read(), &authority)?;
            self.set_pace(&authority, robots.and_then(|(robots, _)| robots.crawl_delay()));
            if let Some(memory) = self.host_store.load(self.database.read(), &authority)? {
                self.hosts.remember(&authority, &memory);
            }
            self.in_turn.push_back(authority.clone());
            self.queues.insert(authority, Queue::unknown());
        }
        self.may_render_again = true;
        Ok(())
    }
}

/// Every authority that has rows.
fn authorities(connection: &Connection) -> Result<Vec<Authority>, FrontierError> {
    let mut statement = connection.prepare("SELECT min(url) FROM candidates GROUP BY authority")?;
    let mut rows = statement.query([])?;
    let mut authorities = Vec::new();
    while let Some(row) = rows.next()? {
        authorities.push(url_of(&row.get::<_, String>(0)?)?.authority());
    }
    Ok(authorities)
}

/// Stands for a key in a set of all pages, which would be large with the keys themselves.
fn digest(key: &str) -> u64 {
    let digest = Sha256::digest(key.as_bytes());
    digest.iter().take(8).fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// Refuses a folder that holds pages of another host; one that holds none yet is emptied for the new site.
fn check_site(connection: &Connection, folder: &Path, base_url: &CanonicalUrl) -> Result<(), FrontierError> {
    let there = swap_meta(connection, "base_url", base_url.as_str())?;
    let Some(there) = there.filter(|there| there != base_url.as_str()) else { return Ok(()) };
    if url_of(&there)?.authority().host_port() == base_url.authority().host_port() {
        return Ok(());
    }
    let kept: i64 =
        connection.query_row("SELECT count(*) FROM candidates WHERE state = 'done'", [], |row| row.get(0))?;
    if kept > 0 {
        let (folder, wanted) = (folder.display().to_string(), base_url.to_string());
        return Err(FrontierError::OtherSite { folder, there, wanted });
    }
    connection.execute("DELETE FROM candidates", [])?;
    connection.execute("DELETE FROM out_of_scope", [])?;
    Ok(())
}

/// Stored rules are those of one product token; another one must read the file itself.
fn check_product_token(connection: &Connection, token: &str) -> Result<(), FrontierError> {
    if swap_meta(connection, "product_token", token)?.is_some_and(|there| there != token) {
        connection.execute("DELETE FROM robots", [])?;
    }
    Ok(())
}

fn swap_meta(connection: &Connection, name: &str, value: &str) -> Result<Option<String>, FrontierError> {
    let mut statement = connection.prepare("SELECT value FROM meta WHERE name = ?1")?;
    let there = statement.query_map([name], |row| row.get(0))?.next().transpose()?;
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?1, ?2)", [name, value])?;
    Ok(there)
}

/// Asks the scope of this run about what is pending and about what an earlier scope left out.
fn judge_again(connection: &Connection, scope: &Scope) -> Result<(), FrontierError> {
    let mut statement = connection.prepare(
        "SELECT id, url, found_by, hops, state, CASE reason WHEN 'out_of_scope' THEN detail END
         FROM candidates WHERE kind = 'page' AND (state = 'pending' OR reason IN ('excluded', 'out_of_scope'))",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id: i64 = row.get(0)?;
        let (found_by, hops) = (store::found_by_of(&row.get::<_, String>(2)?)?, row.get(3)?);
        let candidate = Candidate { found_by, hops, ..Candidate::seed(url_of(&row.get::<_, String>(1)?)?) };
        let is_wanted = match row.get::<_, Option<String>>(5)? {
            Some(redirects_to) => scope.contains(&url_of(&redirects_to)?),
            None => store::judge(scope, &candidate) == Judgement::InScope,
        };
        match (is_wanted, row.get::<_, String>(4)?.as_str()) {
            (true, "skipped") => set_plain(connection, id, "pending", None)?,
            (false, "pending") => set_plain(connection, id, "skipped", Some("excluded"))?,
            _ => {}
        }
    }
    Ok(())
}

fn set_plain(
    connection: &Connection,
    id: i64,
    state: &str,
    reason: Option<&str>,
) -> Result<(), FrontierError> {
    connection
        .prepare_cached("UPDATE candidates SET state = ?2, reason = ?3, detail = NULL WHERE id = ?1")?
        .execute(params![id, state, reason])?;
    Ok(())
}

/// Makes the row of a recorded page done, with a row of its own if it has none. Returns its depth.
///
/// Where pages are judged, one that is recorded as sent and that the database did not know as done is rendered from its
/// record: the kill came before its template was noted, and nobody knows which comparison would speak for it.
fn settle_recorded(connection: &Connection, page: &KnownPage, judges: bool) -> Result<u32, FrontierError> {
    let url = &page.url;
    let is_doubtful = match page.form {
        Some(Form::Sent) => judges,
        Some(Form::Routed) => true,
        Some(Form::Rendered | Form::Unsettled) | None => false,
    };
    connection
        .prepare_cached(
            "INSERT INTO candidates (kind, page_key, url, authority, found_by, depth, hops, state, form, standing)
             VALUES ('page', ?1, ?2, ?3, 'content', 1, 0, 'done', ?4, ?5)
             ON CONFLICT DO UPDATE SET state = 'done', reason = NULL,
                 detail = CASE state WHEN 'done' THEN detail END,
                 standing = CASE state WHEN 'done' THEN standing ELSE excluded.standing END,
                 form = coalesce(excluded.form, form)",
        )?
        .execute(params![
            url.key().as_str(),
            url.as_str(),
            url.authority().as_str(),
            page.form.map(Form::word),
            is_doubtful.then_some("again"),
        ])?;
    let mut statement =
        connection.prepare_cached("SELECT depth FROM candidates WHERE page_key = ?1 AND kind = 'page'")?;
    Ok(statement.query_row([url.key().as_str()], |row| row.get(0))?)
}

fn requeue_unrecorded(connection: &Connection, recorded: &HashSet<u64>) -> Result<(), FrontierError> {
    let mut statement =
        connection.prepare("SELECT id, page_key FROM candidates WHERE kind = 'page' AND state = 'done'")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if !recorded.contains(&digest(&row.get::<_, String>(1)?)) {
            set_plain(connection, row.get(0)?, "pending", None)?;
        }
    }
    Ok(())
}
