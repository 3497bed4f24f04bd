//! A record read again with a profile, on all cores.

use std::path::{Path, PathBuf};

use rayon::iter::{IntoParallelRefIterator, IntoParallelRefMutIterator, ParallelIterator};

use super::args::CheckArgs;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::recorded;
use crate::archive::Archive;
use crate::config::{ExtractRules, ScopeRules, SiteConfig};
use crate::extract::{drop_repeated, survey_page};
use crate::fetched::Fetched;
use crate::markdown::to_markdown;
use crate::profile::Profiles;
use crate::scope::{Judgement, Scope};
use crate::tune::ReadAgain;
use crate::url::CanonicalUrl;

/// A record, open, with those of its pages that the config asks for.
#[derive(Debug)]
pub struct Record {
    archive: Archive,
    path: PathBuf,
    urls: Vec<CanonicalUrl>,
}

impl Record {
    /// Opens the record that the command line names, or else that of the config's crawl.
    ///
    /// # Errors
    ///
    /// A [`Failure`] when there is none, or it holds no page of the site.
    pub fn open(args: &CheckArgs, config: &SiteConfig, printer: &Printer) -> Result<Self, Failure> {
        let path = args.replay.clone().unwrap_or_else(|| args.crawls.join(&config.name));
        let archive = recorded::open(&path).map_err(|failure| match (&args.replay, failure.code) {
            (None, ExitCode::Usage) => failure.hint(format!(
                "record the site first, with `skillcrawl scrape {}`, or name a record with `--replay`",
                args.config
            )),
            _ => failure,
        })?;
        for warning in archive.warnings() {
            printer.warning(&warning.to_string());
        }
        let urls = in_scope(&archive, &config.scope)?;
        if urls.is_empty() {
            return Err(recorded::nothing_of(&archive, &path));
        }
        Ok(Self { archive, path, urls })
    }

    /// Takes the pages that another config asks for.
    ///
    /// # Errors
    ///
    /// A [`Failure`] when it asks for none of the record.
    pub fn select(&mut self, config: &SiteConfig) -> Result<(), Failure> {
        let urls = in_scope(&self.archive, &config.scope)?;
        if urls.is_empty() {
            return Err(recorded::nothing_of(&self.archive, &self.path));
        }
        self.urls = urls;
        Ok(())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The pages that the config asks for, in the order of the record.
    pub fn urls(&self) -> &[CanonicalUrl] {
        &self.urls
    }

    /// One page.
    ///
    /// # Errors
    ///
    /// A [`Failure`] when it cannot be read.
    pub fn page(&self, url: &CanonicalUrl) -> Result<Option<Fetched>, Failure> {
        self.archive.page(&url.key()).map_err(Failure::new)
    }

    /// Reads every page with the profile, one a core in memory as HTML at a time.
    ///
    /// # Errors
    ///
    /// A [`Failure`] when a page of the record cannot be read.
    pub fn read(&self, profiles: &Profiles, rules: &ExtractRules) -> Result<Vec<ReadAgain>, Failure> {
        let read = |url: &CanonicalUrl| -> Result<Option<ReadAgain>, Failure> {
            let Some(fetched) = self.page(url)? else { return Ok(None) };
            let survey = survey_page(&fetched, profiles, rules);
            Ok(Some(ReadAgain { url: url.clone(), survey, markdown: String::new() }))
        };
        let pages: Result<Vec<Option<ReadAgain>>, Failure> = self.urls.par_iter().map(read).collect();
        let mut pages: Vec<ReadAgain> = pages?.into_iter().flatten().collect();
        drop_repeated(pages.iter_mut().map(|page| (&page.url, &mut page.survey.reading)));
        pages.par_iter_mut().for_each(|page| page.markdown = to_markdown(&page.survey.reading.document));
        Ok(pages)
    }
}

/// The pages of the record in the config's scope, up to its `max_pages`.
fn in_scope(archive: &Archive, rules: &ScopeRules) -> Result<Vec<CanonicalUrl>, Failure> {
    let scope = Scope::new(rules).map_err(|error| Failure::with_code(error, ExitCode::Usage))?;
    let most = rules.max_pages.unwrap_or(usize::MAX);
    let urls = archive.page_urls().filter(|url| scope.judge(url) == Judgement::InScope);
    Ok(urls.take(most).cloned().collect())
}
