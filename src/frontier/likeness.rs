//! Whether an address, or what it holds, is only more of what is known already.
//!
//! Before a page is asked for: its family may have shown enough ([`super::families`]), it may be another spelling of a
//! page that is known ([`super::aliases`]), or of another version or language ([`crate::scope::edition`]). When it was
//! fetched: it may hold word for word what another page holds, or what the server says where nothing is. What is
//! learned of families and spellings is learned anew in each run; fingerprints are in the database.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::aliases::{Aliases, is_spelling};
use super::candidate::{FoundBy, Kind};
use super::families::Families;
use super::lease::Lease;
use super::outcome::SkipReason;
use super::store::Row;
use super::{FrontierError, url_of};
use crate::config::ScopeRules;
use crate::content_print::ContentPrint;
use crate::scope::edition::{Edition, EditionKind, EditionVerdict, OwnEditions};
use crate::url::{Authority, CanonicalUrl, PageKey};

/// How many pages of an edition must stand in the site's own before all of it is taken for another one.
const ENOUGH_COUNTERPARTS: u32 = 3;

/// The longest that a page may be which says that it was not found, in words.
const LONGEST_NOT_FOUND: u32 = 300;

/// How many earlier redirects are learned from when a crawl goes on.
const EARLIER_REDIRECTS: u32 = 1_000;

/// What was learned of the site's pages.
#[derive(Debug)]
pub(super) struct Likeness {
    families: Families,
    aliases: Aliases,
    own_editions: OwnEditions,
    /// Editions with the number of their pages that stand in the site's own too.
    other_editions: HashMap<Edition, u32>,
    /// What each authority says where nothing is.
    not_found: HashMap<Authority, NotFound>,
    /// The row that was found worth asking for last; it may have to wait for its host.
    cleared: Option<i64>,
}

/// What a server answers at an address that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
enum NotFound {
    Asked,
    /// An error, as it should be.
    Honest,
    /// A page.
    Page(ContentPrint),
}

/// Whether a page is worth asking for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Worth {
    Asking,
    /// Not before the page without parameters is settled.
    AskingLater,
    Nothing(SkipReason),
}

/// What a page's content is to the pages that are known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentVerdict {
    /// Why it is neither kept nor followed, if it is not.
    pub drop: Option<SkipReason>,
    /// Whether it raises the question what the server says where nothing is.
    pub asks_for_nothing: bool,
}

impl Likeness {
    /// What an earlier run left, and what the config names.
    pub(super) fn load(connection: &Connection, rules: &ScopeRules) -> Result<Self, FrontierError> {
        let mut likeness = Self {
            families: Families::default(),
            aliases: Aliases::default(),
            own_editions: OwnEditions::default(),
            other_editions: HashMap::new(),
            not_found: HashMap::new(),
            cleared: None,
        };
        likeness.note_seed(&rules.base_url);
        rules.include.iter().for_each(|pattern| likeness.own_editions.note_pattern(pattern));
        for (url, _) in pairs(connection, "SELECT url, url FROM candidates WHERE found_by = 'seed'")? {
            likeness.note_seed(&url_of(&url)?);
        }
        let redirects = format!(
            "SELECT url, detail FROM candidates WHERE state = 'redirected' AND kind = 'page' LIMIT {EARLIER_REDIRECTS}"
        );
        for (from, to) in pairs(connection, &redirects)? {
            likeness.note_redirect(&url_of(&from)?, &url_of(&to)?);
        }
        for (name, state) in pairs(connection, "SELECT name, value FROM meta WHERE name LIKE 'not_found:%'")?
        {
            let authority = url_of(name.trim_start_matches("not_found:"))?.authority();
            if let Ok(state) = serde_json::from_str(&state) {
                likeness.not_found.insert(authority, state);
            }
        }
        Ok(likeness)
    }

    /// Takes in an address that the user named, or to which one led.
    pub(super) fn note_seed(&mut self, url: &CanonicalUrl) {
        self.own_editions.note(url);
    }

    /// Takes in that an address leads to another.
    pub(super) fn note_redirect(&mut self, from: &CanonicalUrl, to: &CanonicalUrl) {
        self.aliases.observe(from, to);
    }

    /// Judges whether a page is worth asking for, by what is known before.
    pub(super) fn before_asking(
        &mut self,
        connection: &Connection,
        row: &Row,
    ) -> Result<Worth, FrontierError> {
        if row.kind != Kind::Page || row.found_by == FoundBy::Seed || self.cleared == Some(row.id) {
            return Ok(Worth::Asking);
        }
        let url = &row.url;
        if let Some(why) = self.families.closed(url) {
            return Ok(Worth::Nothing(SkipReason::Trap { why: why.to_owned() }));
        }
        for of in self.aliases.of(url) {
            if is_known(connection, &of.key())? {
                return Ok(Worth::Nothing(SkipReason::Alias { of }));
            }
        }
        if let Some(reason) = self.other_edition(connection, url)? {
            return Ok(Worth::Nothing(reason));
        }
        // Where parameters turn out to mean nothing, the page without them is the one to keep.
        if let Some(plain) = without_query(url)
            && has_state(connection, &plain.key(), "'pending'")?
        {
            return Ok(Worth::AskingLater);
        }
        self.families.note_asked(url);
        self.cleared = Some(row.id);
        Ok(Worth::Asking)
    }

    fn other_edition(
        &mut self,
        connection: &Connection,
        url: &CanonicalUrl,
    ) -> Result<Option<SkipReason>, FrontierError> {
        let (edition, counterparts) = match self.own_editions.judge(url) {
            EditionVerdict::Own => return Ok(None),
            EditionVerdict::Other(edition) => return Ok(Some(reason_of(edition))),
            EditionVerdict::OtherIf { edition, counterparts } => (edition, counterparts),
        };
        let so_far = self.other_editions.get(&edition).copied().unwrap_or_default();
        if so_far >= ENOUGH_COUNTERPARTS {
            return Ok(Some(reason_of(edition)));
        }
        for counterpart in counterparts {
            if is_known(connection, &counterpart.key())? {
                self.other_editions.insert(edition.clone(), so_far + 1);
                return Ok(Some(reason_of(edition)));
            }
        }
        Ok(None)
    }

    /// Judges what a page holds, when it is fetched for the first time.
    pub(super) fn judge(
        &mut self,
        connection: &Connection,
        lease: &Lease,
        print: &ContentPrint,
        says_not_found: bool,
    ) -> Result<ContentVerdict, FrontierError> {
        let mut verdict = ContentVerdict::default();
        if lease.found_by == FoundBy::Seed {
            return Ok(verdict);
        }
        let not_found = self.not_found.get(&lease.url.authority());
        if let Some(NotFound::Page(page)) = not_found
            && page.is_alike(print)
        {
            verdict.drop = Some(SkipReason::SoftNotFound);
            return Ok(verdict);
        }
        let is_unknown = not_found.is_none();
        let same = page_with_same_words(connection, print, &lease.url)?;
        verdict.asks_for_nothing = is_unknown
            && ((says_not_found && print.words <= LONGEST_NOT_FOUND)
                || same.as_ref().is_some_and(|of| !is_spelling(&lease.url, of))
                || (same.is_none() && is_like_another(connection, print, &lease.url)?));
        if verdict.asks_for_nothing {
            self.not_found.insert(lease.url.authority(), NotFound::Asked);
        }
        if let Some(of) = same {
            self.aliases.observe(&lease.url, &of);
            self.families.note_same(&lease.url);
            verdict.drop = Some(SkipReason::Duplicate { of });
            return Ok(verdict);
        }
        self.refute_aliases(connection, &lease.url)?;
        let trap = self.families.note_content(&lease.url, print);
        verdict.drop = trap.map(|why| SkipReason::Trap { why: why.to_owned() });
        Ok(verdict)
    }

    /// Judges what a page holds that was kept before.
    pub(super) fn judge_again(
        &mut self,
        lease: &Lease,
        print: &ContentPrint,
        says_not_found: bool,
    ) -> ContentVerdict {
        if lease.found_by == FoundBy::Seed {
            return ContentVerdict::default();
        }
        let authority = lease.url.authority();
        match self.not_found.get(&authority) {
            Some(NotFound::Page(page)) if page.is_alike(print) => {
                ContentVerdict { drop: Some(SkipReason::SoftNotFound), asks_for_nothing: false }
            }
            None if says_not_found && print.words <= LONGEST_NOT_FOUND => {
                self.not_found.insert(authority, NotFound::Asked);
                ContentVerdict { drop: None, asks_for_nothing: true }
            }
            _ => ContentVerdict::default(),
        }
    }

    /// A page that holds something of its own though by some rule it would be another, known one refutes the rule.
    fn refute_aliases(&mut self, connection: &Connection, url: &CanonicalUrl) -> Result<(), FrontierError> {
        for other in self.aliases.doubted(url) {
            if is_kept(connection, &other.key())? {
                self.aliases.refute(url, &other);
            }
        }
        Ok(())
    }

    /// Takes in what a server answers at an address that is not there: the page that it shows, if it shows one. Returns
    /// the pages that were kept before and hold the same but for their own addresses; seed URLs are never among them.
    pub(super) fn set_not_found(
        &mut self,
        connection: &Connection,
        authority: &Authority,
        page: Option<ContentPrint>,
    ) -> Result<Vec<CanonicalUrl>, FrontierError> {
        let state = page.map_or(NotFound::Honest, NotFound::Page);
        if let Ok(text) = serde_json::to_string(&state) {
            connection.execute(
                "INSERT OR REPLACE INTO meta VALUES (?1, ?2)",
                [format!("not_found:{}", authority.as_str()), text],
            )?;
        }
        self.not_found.insert(authority.clone(), state);
        let Some(print) = page else { return Ok(Vec::new()) };
        let mut statement = connection.prepare(
            "SELECT contents.url FROM contents JOIN candidates ON candidates.url = contents.url
             WHERE frame = ?1 AND kind = 'page' AND state = 'done' AND found_by <> 'seed'",
        )?;
        let urls: Vec<String> =
            statement.query_map([print.frame.cast_signed()], |row| row.get(0))?.collect::<Result<_, _>>()?;
        let urls = urls.iter().map(|url| url_of(url)).collect::<Result<Vec<_>, _>>()?;
        Ok(urls.into_iter().filter(|url| url.authority() == *authority).collect())
    }
}

/// What the pages look like, numbers and addresses aside, that servers show where nothing is.
pub(super) fn frames_of_nothing(connection: &Connection) -> Result<Vec<u64>, FrontierError> {
    let states =
        pairs(connection, "SELECT name, value FROM meta WHERE name LIKE 'not_found:%' ORDER BY name")?;
    let frame = |(_, state): &(String, String)| match serde_json::from_str(state) {
        Ok(NotFound::Page(page)) => Some(page.frame),
        _ => None,
    };
    Ok(states.iter().filter_map(frame).collect())
}

/// Notes what a page holds that is kept.
pub(super) fn note_print(
    connection: &Connection,
    url: &CanonicalUrl,
    print: &ContentPrint,
) -> Result<(), FrontierError> {
    if print.is_telling() {
        connection.prepare_cached("INSERT OR IGNORE INTO contents VALUES (?1, ?2, ?3, ?4)")?.execute(
            params![print.digest.cast_signed(), print.words, print.frame.cast_signed(), url.as_str()],
        )?;
    }
    Ok(())
}

/// Forgets what a page held that holds something else now, or is gone.
pub(super) fn forget_print(connection: &Connection, url: &CanonicalUrl) -> Result<(), FrontierError> {
    connection.prepare_cached("DELETE FROM contents WHERE url = ?1")?.execute([url.as_str()])?;
    Ok(())
}

/// Ends a page that was kept in another way after all.
pub(super) fn take_back(
    connection: &Connection,
    page: &CanonicalUrl,
    reason: &SkipReason,
) -> Result<(), FrontierError> {
    connection.execute(
        "UPDATE candidates SET state = 'skipped', reason = ?2, detail = ?3, standing = NULL
         WHERE url = ?1 AND kind = 'page' AND state = 'done'",
        params![page.as_str(), reason.word(), reason.detail()],
    )?;
    connection.execute(
        "DELETE FROM refresh WHERE id IN (SELECT id FROM candidates WHERE url = ?1 AND kind = 'page')",
        [page.as_str()],
    )?;
    forget_print(connection, page)
}

/// Another page with the same words.
fn page_with_same_words(
    connection: &Connection,
    print: &ContentPrint,
    url: &CanonicalUrl,
) -> Result<Option<CanonicalUrl>, FrontierError> {
    if !print.is_telling() {
        return Ok(None);
    }
    let mut statement =
        connection.prepare_cached("SELECT url FROM contents WHERE digest = ?1 AND words = ?2")?;
    let there: Option<String> =
        statement.query_row(params![print.digest.cast_signed(), print.words], |row| row.get(0)).optional()?;
    let there = there.as_deref().map(url_of).transpose()?;
    Ok(there.filter(|there| there.key() != url.key()))
}

/// Whether another page has the same words but for numbers and addresses.
fn is_like_another(
    connection: &Connection,
    print: &ContentPrint,
    url: &CanonicalUrl,
) -> Result<bool, FrontierError> {
    let mut statement =
        connection.prepare_cached("SELECT EXISTS (SELECT 1 FROM contents WHERE frame = ?1 AND url <> ?2)")?;
    Ok(print.is_telling()
        && statement.query_row(params![print.frame.cast_signed(), url.as_str()], |row| row.get(0))?)
}

/// The address without its parameters, if it has some.
fn without_query(url: &CanonicalUrl) -> Option<CanonicalUrl> {
    url.as_url().query()?;
    let mut plain = url.as_url().clone();
    plain.set_query(None);
    CanonicalUrl::from_url(plain).ok()
}

/// Whether there is such a page, waiting or kept.
fn is_known(connection: &Connection, key: &PageKey) -> Result<bool, FrontierError> {
    has_state(connection, key, "'pending', 'done'")
}

fn is_kept(connection: &Connection, key: &PageKey) -> Result<bool, FrontierError> {
    has_state(connection, key, "'done'")
}

fn has_state(connection: &Connection, key: &PageKey, states: &str) -> Result<bool, FrontierError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT EXISTS (SELECT 1 FROM candidates WHERE page_key = ?1 AND kind = 'page' AND state IN ({states}))"
    ))?;
    Ok(statement.query_row([key.as_str()], |row| row.get(0))?)
}

fn reason_of(edition: Edition) -> SkipReason {
    let name = edition.name;
    match edition.kind {
        EditionKind::Version => SkipReason::OtherVersion { name },
        EditionKind::Language => SkipReason::OtherLanguage { name },
    }
}

fn pairs(connection: &Connection, query: &str) -> Result<Vec<(String, String)>, FrontierError> {
    let mut statement = connection.prepare(query)?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
