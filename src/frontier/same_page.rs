//! The page that most addresses lead to, if there is one: a sign-in, a consent page, or an error under status 200.
//!
//! Addresses lead there by a redirect, by showing word for word what it shows, or by showing what the server also shows
//! where nothing is. What is behind a `?` counts as little as in the address of a sign-in that names where to go on.

use rusqlite::{Connection, OptionalExtension, Row};
use serde::Serialize;

use super::{FrontierError, likeness};

/// How many of the addresses that others lead to are looked at, those with the most first.
const MOST_TARGETS: u32 = 5;

/// A page that other addresses lead to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SamePage {
    /// The page, without what is behind a `?`.
    pub url: String,
    /// How many other addresses lead there by a redirect or by the same words.
    pub addresses: u64,
    /// How many were left out because they show what the server shows where nothing is, where this page does too.
    pub not_there: u64,
    /// Whether it is among the pages that are kept.
    pub kept: bool,
}

/// The page that the most addresses lead to; `None` where none leads elsewhere.
pub(super) fn same_page(connection: &Connection) -> Result<Option<SamePage>, FrontierError> {
    let led = led_to(connection)?;
    let shown = shown_for_nothing(connection)?;
    Ok(match (led, shown) {
        (Some(led), Some(shown)) if led.url == shown.url => {
            Some(SamePage { not_there: shown.not_there, kept: true, ..led })
        }
        (Some(led), Some(shown)) if led.addresses > shown.addresses + shown.not_there => Some(led),
        (led, shown) => shown.or(led),
    })
}

/// The page that the most addresses lead to by a redirect or by the same words. Where several pages are kept that differ
/// only behind the `?`, they are no one page; a page that gets or loses parameters leads to itself.
fn led_to(connection: &Connection) -> Result<Option<SamePage>, FrontierError> {
    let query = format!(
        "SELECT {detail} AS target, count(DISTINCT {url}) FROM candidates
         WHERE kind = 'page' AND detail IS NOT NULL AND {url} <> {detail}
           AND (state = 'redirected' OR (state = 'skipped' AND reason IN ('duplicate', 'out_of_scope')))
         GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST_TARGETS}",
        url = plain("url"),
        detail = plain("detail")
    );
    let mut targets = connection.prepare(&query)?;
    let mut kept = connection.prepare(&format!(
        "SELECT count(*) FROM candidates WHERE kind = 'page' AND state = 'done' AND {} = ?1",
        plain("url")
    ))?;
    let mut rows = targets.query([])?;
    while let Some(row) = rows.next()? {
        let (url, addresses): (String, u32) = (row.get(0)?, row.get(1)?);
        let pages: u32 = kept.query_row([&url], |row| row.get(0))?;
        if pages <= 1 {
            return Ok(Some(SamePage { url, addresses: addresses.into(), not_there: 0, kept: pages > 0 }));
        }
    }
    Ok(None)
}

/// A kept page that holds what the server shows where nothing is, with the other addresses that were left out for that.
fn shown_for_nothing(connection: &Connection) -> Result<Option<SamePage>, FrontierError> {
    let query = format!(
        "WITH shown AS (
             SELECT {page} AS page FROM contents JOIN candidates ON candidates.url = contents.url
             WHERE frame = ?1 AND kind = 'page' AND state = 'done' ORDER BY contents.url LIMIT 1)
         SELECT page,
             (SELECT count(*) FROM candidates WHERE kind = 'page' AND state = 'skipped'
                 AND reason = 'duplicate' AND {detail} = page AND {url} <> page),
             (SELECT count(*) FROM candidates WHERE kind = 'page' AND state = 'skipped'
                 AND reason = 'soft_404' AND {url} <> page)
         FROM shown",
        page = plain("contents.url"),
        url = plain("url"),
        detail = plain("detail")
    );
    let mut statement = connection.prepare(&query)?;
    for frame in likeness::frames_of_nothing(connection)? {
        let page = |row: &Row<'_>| {
            let (addresses, not_there) = (row.get::<_, u32>(1)?.into(), row.get::<_, u32>(2)?.into());
            Ok(SamePage { url: row.get(0)?, addresses, not_there, kept: true })
        };
        if let Some(page) = statement.query_row([frame.cast_signed()], page).optional()? {
            return Ok(Some(page));
        }
    }
    Ok(None)
}

/// An address without what is behind its `?`, in SQL.
fn plain(column: &str) -> String {
    format!("substr({column}, 1, instr({column} || '?', '?') - 1)")
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{SamePage, same_page};
    use crate::frontier::schema;

    /// A crawl in which these addresses ended so: address, state, reason, detail.
    fn crawl(rows: &[(&str, &str, Option<&str>, Option<&str>)]) -> Option<SamePage> {
        let folder = tempfile::tempdir().unwrap();
        let connection: Connection = schema::open(&folder.path().join("crawl.db")).unwrap();
        for (path, state, reason, to) in rows {
            let [url, detail] =
                [Some(*path), *to].map(|path| path.map(|path| format!("https://d.example{path}")));
            connection
                .execute(
                    "INSERT INTO candidates (kind, page_key, url, authority, found_by, depth, hops, state, reason, detail)
                     VALUES ('page', ?1, ?1, 'd.example', 'content', 1, 0, ?2, ?3, ?4)",
                    rusqlite::params![url, state, reason, detail],
                )
                .unwrap();
        }
        same_page(&connection).unwrap()
    }

    #[test]
    fn redirects_and_copies_lead_to_one_page() {
        let found = crawl(&[
            ("/a", "redirected", None, Some("/in?next=/a")),
            ("/b", "redirected", None, Some("/in?next=/b")),
            ("/c", "skipped", Some("duplicate"), Some("/in?next=/a")),
            ("/in?next=/a", "done", None, None),
            ("/in?next=/b", "skipped", Some("duplicate"), Some("/in?next=/a")),
            ("/d", "redirected", None, Some("/e")),
        ]);
        let page =
            SamePage { url: "https://d.example/in".to_owned(), addresses: 3, not_there: 0, kept: true };
        assert_eq!(found, Some(page));
    }

    #[test]
    fn pages_that_differ_behind_the_question_mark_are_no_one_page() {
        let found = crawl(&[
            ("/wiki/a", "redirected", None, Some("/index?title=a")),
            ("/wiki/b", "redirected", None, Some("/index?title=b")),
            ("/index?title=a", "done", None, None),
            ("/index?title=b", "done", None, None),
            ("/index?title=c", "redirected", None, Some("/index?title=c&lang=en")),
        ]);
        assert_eq!(found, None);
        assert_eq!(crawl(&[]), None);
    }
}
