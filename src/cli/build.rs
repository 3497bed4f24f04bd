//! `skillcrawl build`: a site, or a recorded archive, becomes a skill; with `--all`, a library of them.

use std::path::Path;

use super::args::{BuildArgs, CrawlArgs};
use super::assemble::{Built, assemble, write_failure};
use super::build_all;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::profiles::load_profiles;
use super::quality;
use super::scrape::{self, Scraped};
use super::skill_args::SkillArgs;
use super::summary::{self, Pages};
use super::surroundings::Surroundings;
use crate::config::SiteConfig;
use crate::skill::checklist::Checklist;
use crate::skill::write::check_place;

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when there is no skill in the end; the last good one is then as it was.
pub fn run(args: &BuildArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let Some(config) = &args.config else { return build_all::run(args, printer) };
    let config = scrape::configured(config, &args.crawl, printer)?;
    let how = How { crawl: &args.crawl, output: &args.output, skill: &args.skill };
    build(&config, &how, printer).map(|(code, _)| code)
}

/// How a skill is built, as typed.
#[derive(Clone, Copy, Debug)]
pub struct How<'a> {
    /// The crawl.
    pub crawl: &'a CrawlArgs,
    /// Where the skill is written.
    pub output: &'a Path,
    /// The skill.
    pub skill: &'a SkillArgs,
}

/// Builds the skill of a config and reports it; also returns the exit code.
///
/// # Errors
///
/// A [`Failure`] when there is no skill in the end.
pub fn build(config: &SiteConfig, how: &How<'_>, printer: &Printer) -> Result<(ExitCode, Built), Failure> {
    let Done { scraped, built, checklist, code } =
        build_beside(config, how, &Surroundings::default(), printer)?;
    let pages = pages(scraped.as_ref(), &built);
    summary::say_pages(&pages, printer);
    if checklist.barred().is_empty() {
        summary::say_nothing_there(&pages, printer);
    }
    if let Some(scraped) = &scraped {
        summary::say_rendering(&scraped.rendering, printer);
        summary::say_docs_root(scraped, printer);
    }
    summary::say_skill(&built, printer);
    let quality = quality::judge(&checklist, how.output, how.skill, printer);
    let code = if code == ExitCode::Success { quality } else { code };
    let text = format!("{}\n{}", built.skill.display(), built.zip.display());
    let mut result = summary::build_result(config, scraped.as_ref(), &built, &pages);
    result["quality"] = serde_json::json!(checklist);
    printer.result(&text, &result);
    Ok((code, built))
}

/// A skill that was built.
pub struct Done {
    /// The crawl, unless a record was read.
    pub scraped: Option<Scraped>,
    /// The skill.
    pub built: Built,
    /// How good it is.
    pub checklist: Checklist,
    /// How its crawl ended.
    pub code: ExitCode,
}

/// Builds the skill of a config, beside other builds of the process where there are any, and reports nothing.
///
/// # Errors
///
/// A [`Failure`] when there is no skill in the end.
pub fn build_beside(
    config: &SiteConfig,
    how: &How<'_>,
    surroundings: &Surroundings<'_>,
    printer: &Printer,
) -> Result<Done, Failure> {
    let profiles = load_profiles(&config.extract)?;
    // A crawl can take hours, so a place that cannot be written to is found before it.
    check_place(how.output, &config.name).map_err(|error| write_failure(error, printer))?;
    let (archive, scraped, code) = match &how.crawl.replay {
        Some(archive) => (archive.clone(), None, ExitCode::Success),
        None => {
            let scraped = scrape::scrape_beside(config, &profiles, how.crawl, surroundings, printer)?;
            let code = scrape::end(&scraped.summary)?;
            (scraped.crawl.clone(), Some(scraped), code)
        }
    };
    let _turn = surroundings.turn_to_assemble();
    let built = assemble(&archive, config, &profiles, (how.output, how.skill), printer)?;
    let checklist = quality::settle(&built, quality::counted_in(&archive), config, how.output)?;
    Ok(Done { scraped, built, checklist, code })
}

/// What became of the pages of a build.
pub fn pages(scraped: Option<&Scraped>, built: &Built) -> Pages {
    summary::built_pages(scraped.map(|scraped| summary::crawled_pages(&scraped.summary)), built)
}
