//! `skillcrawl update`: a crawled site is asked what changed, and its skill is built again from the answer.
//!
//! In order: the crawl is done again as far as pages changed (`crawl/refresh.rs`), the skill is assembled from the whole
//! archive as ever, and what came of each page is told. Files of the skill that come out as they were are not touched. An
//! update that is cut short anywhere goes on at the next one: what it compares with is the archive as it was when it
//! began, and it ends only after all is written.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use jiff::Timestamp;
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::again::quoted;
use super::args::{CrawlArgs, UpdateArgs};
use super::assemble::{assemble, write_failure};
use super::crawl_folder::frontier_failure;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::profiles::load_profiles;
use super::quality;
use super::scrape::{self, Crawled, Task, crawl_site};
use super::status::no_crawl;
use super::update_words::{Updated, reason_in_words, result, say};
use crate::archive::{Archive, ArchiveError};
use crate::config::SiteConfig;
use crate::extract::read_page;
use crate::frontier::{Frontier, FrontierError, Kind, status};
use crate::markdown::to_markdown;
use crate::profile::Profiles;
use crate::scope::{Judgement, Scope};
use crate::skill::changes::{self, Changes, Ends, PageState, changes};
use crate::skill::pages::reference::Reference;
use crate::skill::write::check_place;
use crate::url::{CanonicalUrl, PageKey};

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when there is no complete crawl to begin with, or no skill in the end; the last good one is then as it
/// was.
pub fn run(args: &UpdateArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let crawl_args = crawl_args(args);
    let config = scrape::configured(&args.config, &crawl_args, printer)?;
    let profiles = load_profiles(&config.extract)?;
    check_place(&args.output, &config.name).map_err(|error| write_failure(error, printer))?;
    check_crawl(args, &config)?;

    let mut crawled = crawl_site(&config, &profiles, &crawl_args, Task::Update, printer)?;
    let crawl_code = scrape::end(&crawled.summary)?;
    let checks = crawled.frontier.checks().map_err(frontier_failure)?;
    let (changes, same) = compare(&crawled, &config, &profiles)?;
    let built = assemble(crawled.folder.path(), &config, &profiles, (&args.output, &args.skill), printer)?;
    let crawl = quality::counted_in(crawled.folder.path());
    let checklist = quality::settle(&built, crawl, &config, &args.output)?;
    let quality = quality::judge(&checklist, &args.output, &args.skill, printer);
    let file = write_changes(&changes, same, &config, &args.output)?;
    crawled.frontier.end_update().map_err(frontier_failure)?;

    let code = if checks.failed.is_empty() { crawl_code } else { ExitCode::Incomplete };
    let code = if code == ExitCode::Success { quality } else { code };
    let updated = Updated { checks, changes, same, file, built };
    say(&updated, printer);
    let (text, mut value) = result(&config, &crawled, &updated);
    value["quality"] = serde_json::json!(checklist);
    printer.result(&text, &value);
    Ok(code)
}

fn crawl_args(args: &UpdateArgs) -> CrawlArgs {
    CrawlArgs {
        replay: None,
        crawls: args.crawls.clone(),
        render: None,
        max_pages: args.max_pages,
        fresh: false,
        browser: args.browser.clone(),
    }
}

/// Refuses to begin where no crawl is, or one that never came to its end.
fn check_crawl(args: &UpdateArgs, config: &SiteConfig) -> Result<(), Failure> {
    let folder = args.crawls.join(&config.name);
    let found = match status(&folder, Timestamp::now()) {
        // It is brought up to date when it is opened.
        Err(FrontierError::Outdated { .. }) => return Ok(()),
        found => found.map_err(frontier_failure)?,
    };
    let Some(found) = found.filter(|found| found.last_active.is_some()) else {
        return Err(no_crawl(&config.name, &args.crawls)
            .hint(format!("build it first, with `skillcrawl build {}`", quoted(&args.config))));
    };
    if found.complete || found.running || found.update.is_some() {
        return Ok(());
    }
    let error = anyhow!("the crawl in `{}` is not complete, so there is nothing to update", folder.display());
    Err(Failure::with_code(error, ExitCode::Usage)
        .hint(format!("finish it first, with `skillcrawl build {}`", quoted(&args.config))))
}

/// What became of the pages, and how many are as they were.
fn compare(crawled: &Crawled, config: &SiteConfig, profiles: &Profiles) -> Result<(Changes, usize), Failure> {
    let Some(update) = crawled.frontier.update() else { return Ok((Changes::default(), 0)) };
    let path = crawled.folder.path();
    let scope = Scope::new(&config.scope).map_err(|error| Failure::with_code(error, ExitCode::Usage))?;
    let in_scope = |url: &&CanonicalUrl| scope.judge(url) == Judgement::InScope;
    let new = Archive::open(path).map_err(Failure::new)?;
    let old = match Archive::open_before(path, update.first_warc) {
        Ok(old) => Some(old),
        Err(ArchiveError::NotAnArchive { .. }) => None,
        Err(error) => return Err(Failure::new(error)),
    };
    let new_keys: HashMap<PageKey, &CanonicalUrl> =
        new.page_urls().filter(in_scope).map(|url| (url.key(), url)).collect();
    let touched: HashSet<PageKey> = new.pages_from(update.first_warc).map(CanonicalUrl::key).collect();
    // A page that lies where it lay is the same.
    let before: Vec<&CanonicalUrl> = old
        .iter()
        .flat_map(Archive::page_urls)
        .filter(in_scope)
        .filter(|url| touched.contains(&url.key()) || !new_keys.contains_key(&url.key()))
        .collect();
    let after: Vec<&CanonicalUrl> =
        new_keys.iter().filter(|(key, _)| touched.contains(key)).map(|(_, url)| *url).collect();
    let states = |archive: &Archive, urls: &[&CanonicalUrl]| states(archive, urls, config, profiles);
    let before = old.as_ref().map(|old| states(old, &before)).transpose()?.unwrap_or_default();
    let after = states(&new, &after)?;
    let found = changes(&before, &after, &ends(&crawled.frontier, &before)?);
    let fresh = found.added.len() + found.changed.len() + found.moved.len();
    Ok((found, new_keys.len().saturating_sub(fresh)))
}

/// The pages as the skill has them; those without any text are no pages of it.
fn states(
    archive: &Archive,
    urls: &[&CanonicalUrl],
    config: &SiteConfig,
    profiles: &Profiles,
) -> Result<Vec<PageState>, Failure> {
    let state = |url: &&CanonicalUrl| -> Result<Option<PageState>, Failure> {
        let Some(page) = archive.page(&url.key()).map_err(Failure::new)? else { return Ok(None) };
        let reading = read_page(&page, profiles, &config.extract);
        let markdown = to_markdown(&reading.document);
        // A file of a repository is the same file at each commit, and so is what it links to.
        let file = config.scope.repository.as_ref().and_then(|repository| repository.raw_file(&page.url));
        let lasting = config.scope.repository.as_ref().zip(file).and_then(|(repository, file)| {
            let url = repository.page_url("HEAD", &file.path)?;
            Some((url, markdown.replace(&file.reference, "HEAD")))
        });
        let (url, markdown) = lasting.unwrap_or((page.url.clone(), markdown));
        Ok(Reference::new(&url, page.fetched_at, &reading, &markdown).map(PageState::from))
    };
    let states: Result<Vec<Option<PageState>>, Failure> = urls.par_iter().map(state).collect();
    let mut states: Vec<PageState> = states?.into_iter().flatten().collect();
    states.sort_by(|left, right| left.url.cmp(&right.url));
    Ok(states)
}

/// Why the pages that ended did so.
fn ends(frontier: &Frontier, before: &[PageState]) -> Result<Ends, Failure> {
    let mut ends = Ends::default();
    if before.is_empty() {
        return Ok(ends);
    }
    for line in frontier.report().map_err(frontier_failure)? {
        if line.kind != Kind::Page {
            continue;
        }
        let detail = line.detail.clone().unwrap_or_default();
        if line.outcome == "redirected" {
            ends.redirects.extend(CanonicalUrl::parse(&detail).ok().map(|to| (line.url.key(), to)));
        } else if let Some(reason) = &line.reason {
            ends.reasons.insert(line.url.key(), reason_in_words(reason, &detail));
        }
    }
    Ok(ends)
}

/// Writes the changes beside the skill, not into it: the skill of a site is the same however it came about. Where nothing
/// changed, the last changes stay.
fn write_changes(
    found: &Changes,
    same: usize,
    config: &SiteConfig,
    output: &Path,
) -> Result<Option<PathBuf>, Failure> {
    if found.is_empty() {
        return Ok(None);
    }
    let now = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
    let pages = if same == 1 { "page is as it was" } else { "pages are as they were" };
    let intro =
        format!("<{}> was asked what changed; the answer of {now}. {same} {pages}.", config.scope.base_url);
    let text = changes::to_markdown(found, &format!("What changed in {}", config.name), &intro);
    let path = output.join(format!("{}.changes.md", config.name));
    let beside = output.join(format!(".{}.changes.partial", config.name));
    std::fs::write(&beside, text)
        .and_then(|()| std::fs::rename(&beside, &path))
        .with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(Some(path))
}
