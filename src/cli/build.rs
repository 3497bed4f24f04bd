//! `skillcrawl build`: a site, or a recorded archive, becomes a skill.

use super::args::BuildArgs;
use super::assemble::{Built, assemble, write_failure};
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::profiles::load_profiles;
use super::scrape;
use super::summary;
use crate::config::SiteConfig;
use crate::skill::write::check_place;

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when there is no skill in the end; the last good one is then as it was.
pub fn run(args: &BuildArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let config = scrape::configured(&args.crawl, printer)?;
    build(&config, args, printer).map(|(code, _)| code)
}

/// Builds the skill of a config and reports it; also returns the exit code.
///
/// # Errors
///
/// A [`Failure`] when there is no skill in the end.
pub fn build(config: &SiteConfig, args: &BuildArgs, printer: &Printer) -> Result<(ExitCode, Built), Failure> {
    let profiles = load_profiles(&config.extract)?;
    // A crawl can take hours, so a place that cannot be written to is found before it.
    check_place(&args.output, &config.name).map_err(|error| write_failure(error, printer))?;
    let (archive, scraped, code) = match &args.crawl.replay {
        Some(archive) => (archive.clone(), None, ExitCode::Success),
        None => {
            let scraped = scrape::scrape(config, &profiles, &args.crawl, printer)?;
            let code = scrape::end(&scraped.summary)?;
            (scraped.crawl.clone(), Some(scraped), code)
        }
    };
    let built = assemble(&archive, config, &profiles, (&args.output, &args.skill), printer)?;
    let crawled = scraped.as_ref().map(|scraped| summary::crawled_pages(&scraped.summary));
    let pages = summary::built_pages(crawled, &built);
    summary::say_pages(&pages, printer);
    if let Some(scraped) = &scraped {
        summary::say_rendering(&scraped.rendering, printer);
        summary::say_docs_root(scraped, printer);
    }
    summary::say_skill(&built, printer);
    let text = format!("{}\n{}", built.skill.display(), built.zip.display());
    printer.result(&text, &summary::build_result(config, scraped.as_ref(), &built, &pages));
    Ok((code, built))
}
