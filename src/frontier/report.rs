//! What became of every URL: lines for `report.jsonl`, counts for progress, a tally for the summary.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row};
use serde::Serialize;

use super::candidate::{FoundBy, Kind};
use super::kept::Form;
use super::same_page::{SamePage, same_page};
use super::store::{found_by_of, kind_of};
use super::{Frontier, FrontierError, url_of};
use crate::url::CanonicalUrl;

/// What became of one URL.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReportLine {
    /// The URL in the spelling that was, or would have been, asked for.
    pub url: CanonicalUrl,
    /// What was expected there.
    pub kind: Kind,
    /// `done`, `redirected`, `skipped`, `failed`, or `pending` when the crawl was interrupted.
    pub outcome: String,
    /// For a skipped URL the word of its reason, as `robots_disallow`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The rule, the cause of the failure, the media type, the status, or where a redirect leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// For a page that was kept: whether it went through the browser. Missing where the form was never noted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rendered: Option<bool>,
    /// Whether the site's own router led to it from another of its pages.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub routed: bool,
    /// For a rendered page: whether its content stood still before time was up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<bool>,
    /// How often it was tried again.
    pub retries: u32,
    /// Who named it first.
    pub found_by: FoundBy,
    /// How many links lie between it and a seed URL.
    pub depth: u32,
    /// The URL on which it was found first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referrer: Option<CanonicalUrl>,
}

/// How many pages are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Fetched and recorded.
    pub kept: u64,
    /// Waiting for their turn.
    pub queued: u64,
    /// Being fetched.
    pub in_work: u64,
    /// Leading elsewhere.
    pub redirected: u64,
    /// Not wanted or not allowed.
    pub skipped: u64,
    /// Failed for good.
    pub failed: u64,
}

/// Skips and failures of pages by their reasons.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Skipped pages by the word of the reason.
    pub skipped: BTreeMap<String, u64>,
    /// Failed pages by cause.
    pub failed: BTreeMap<String, u64>,
    /// Kept pages by form.
    pub forms: Forms,
    /// Distinct links that left the site and were not followed.
    pub out_of_scope_links: u64,
    /// The page that the most other addresses lead to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same_page: Option<SamePage>,
}

/// Kept pages by form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Forms {
    /// As sent over HTTP alone.
    pub sent: u64,
    /// Rendered.
    pub rendered: u64,
    /// Those of the rendered to which the site's own router led.
    pub routed: u64,
    /// Those of the rendered whose content did not stand still before time was up.
    pub unsettled: u64,
}

impl Frontier {
    /// Hands over a line for every URL, in the order of URLs, one at a time: there may be a million.
    ///
    /// # Errors
    ///
    /// The first error of `take`, and [`FrontierError`] when the database fails.
    pub fn report_to<E: From<FrontierError>>(
        &self,
        take: &mut dyn FnMut(ReportLine) -> Result<(), E>,
    ) -> Result<(), E> {
        each_line(self.database.read(), take)
    }

    /// The lines of the report, all at once.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn report(&self) -> Result<Vec<ReportLine>, FrontierError> {
        lines(self.database.read())
    }

    /// The pages that the seed URLs led to, as lines of the report.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn seeds(&self) -> Result<Vec<ReportLine>, FrontierError> {
        seeds(self.database.read())
    }

    /// How many pages were skipped for which reason and failed with which cause.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when the database fails.
    pub fn tally(&self) -> Result<Tally, FrontierError> {
        tally(self.database.read())
    }
}

impl Counts {
    pub(super) fn add(&mut self, state: &str) {
        self.add_many(state, 1);
    }

    fn add_many(&mut self, state: &str, pages: u64) {
        match state {
            "done" => self.kept += pages,
            "pending" => self.queued += pages,
            "redirected" => self.redirected += pages,
            "skipped" => self.skipped += pages,
            _ => self.failed += pages,
        }
    }
}

const COLUMNS: &str = "url, kind, state, reason, detail, tries, found_by, depth, referrer, form";

/// Hands over every line in the order of URLs.
pub(super) fn each_line<E: From<FrontierError>>(
    connection: &Connection,
    take: &mut dyn FnMut(ReportLine) -> Result<(), E>,
) -> Result<(), E> {
    select(connection, &format!("SELECT {COLUMNS} FROM candidates ORDER BY url, kind"), take)
}

pub(super) fn lines(connection: &Connection) -> Result<Vec<ReportLine>, FrontierError> {
    let mut lines = Vec::new();
    each_line(connection, &mut |line| -> Result<(), FrontierError> {
        lines.push(line);
        Ok(())
    })?;
    Ok(lines)
}

pub(super) fn seeds(connection: &Connection) -> Result<Vec<ReportLine>, FrontierError> {
    let mut lines = Vec::new();
    let query = format!("SELECT {COLUMNS} FROM candidates WHERE found_by = 'seed' ORDER BY id");
    select(connection, &query, &mut |line| -> Result<(), FrontierError> {
        lines.push(line);
        Ok(())
    })?;
    Ok(lines)
}

pub(super) fn counts(connection: &Connection) -> Result<Counts, FrontierError> {
    let mut counts = Counts::default();
    let mut statement =
        connection.prepare("SELECT state, count(*) FROM candidates WHERE kind = 'page' GROUP BY state")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        counts.add_many(&row.get::<_, String>(0)?, row.get::<_, u32>(1)?.into());
    }
    Ok(counts)
}

pub(super) fn tally(connection: &Connection) -> Result<Tally, FrontierError> {
    let group = |column: &str, state: &str| -> Result<BTreeMap<String, u64>, FrontierError> {
        let mut statement = connection.prepare(&format!(
            "SELECT coalesce({column}, ''), count(*) FROM candidates
             WHERE kind = 'page' AND state = ?1 GROUP BY {column}"
        ))?;
        let rows = statement.query_map([state], |row| Ok((row.get(0)?, u64::from(row.get::<_, u32>(1)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    Ok(Tally {
        forms: forms(connection)?,
        skipped: group("reason", "skipped")?,
        failed: group("detail", "failed")?,
        out_of_scope_links: connection
            .query_row("SELECT count(*) FROM out_of_scope", [], |row| row.get::<_, u32>(0))?
            .into(),
        same_page: same_page(connection)?,
    })
}

fn forms(connection: &Connection) -> Result<Forms, FrontierError> {
    let mut statement = connection.prepare(
        "SELECT form, count(*) FROM candidates WHERE kind = 'page' AND state = 'done' AND form IS NOT NULL
         GROUP BY form",
    )?;
    let mut rows = statement.query([])?;
    let mut forms = Forms::default();
    while let Some(row) = rows.next()? {
        let count = u64::from(row.get::<_, u32>(1)?);
        match form_of(&row.get::<_, String>(0)?)? {
            Form::Sent => forms.sent += count,
            Form::Rendered => forms.rendered += count,
            Form::Routed => {
                forms.rendered += count;
                forms.routed += count;
            }
            Form::Unsettled => {
                forms.rendered += count;
                forms.unsettled += count;
            }
        }
    }
    Ok(forms)
}

fn form_of(word: &str) -> Result<Form, FrontierError> {
    Form::of_word(word).ok_or_else(|| FrontierError::Corrupt { value: word.to_owned(), expected: "a form" })
}

fn select<E: From<FrontierError>>(
    connection: &Connection,
    query: &str,
    take: &mut dyn FnMut(ReportLine) -> Result<(), E>,
) -> Result<(), E> {
    let failed = |error: rusqlite::Error| FrontierError::from(error);
    let mut statement = connection.prepare(query).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        take(line(row)?)?;
    }
    Ok(())
}

fn line(row: &Row<'_>) -> Result<ReportLine, FrontierError> {
    let outcome: String = row.get("state")?;
    let kind = kind_of(&row.get::<_, String>("kind")?)?;
    let is_kept_page = kind == Kind::Page && outcome == "done";
    let form = row.get::<_, Option<String>>("form")?.filter(|_| is_kept_page);
    let form = form.as_deref().map(form_of).transpose()?;
    Ok(ReportLine {
        url: url_of(&row.get::<_, String>("url")?)?,
        kind,
        rendered: form.map(Form::is_rendered),
        settled: form.filter(|form| form.is_rendered()).map(|form| form != Form::Unsettled),
        routed: form == Some(Form::Routed),
        outcome,
        reason: row.get("reason")?,
        detail: row.get("detail")?,
        retries: row.get("tries")?,
        found_by: found_by_of(&row.get::<_, String>("found_by")?)?,
        depth: row.get("depth")?,
        referrer: row.get::<_, Option<String>>("referrer")?.as_deref().map(url_of).transpose()?,
    })
}
