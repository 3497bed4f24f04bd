//! `skillcrawl inspect`: one page, at any stage of its way from the server to Markdown.

use super::args::InspectArgs;
use super::config_source::load_config;
use super::exit::ExitCode;
use super::failure::Failure;
use super::one_page;
use super::printer::Printer;
use super::profiles::choose_profile;
use super::stages;
use crate::extract::read_page;

/// Runs the command: the stage on stdout; how the page was read, and what was odd, on stderr.
///
/// # Errors
///
/// A [`Failure`] when the page cannot be had, or was not recorded in the form that is asked for.
pub fn run(args: &InspectArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let config = args.config.as_deref().map(|config| load_config(config, printer)).transpose()?;
    let rules = config.as_ref().map(|config| config.extract.clone()).unwrap_or_default();
    let (profiles, rules) = choose_profile(args.profile.as_deref(), &rules)?;
    let fetched = one_page::get(args, config.as_ref(), (&profiles, &rules), printer)?;
    let reading = read_page(&fetched, &profiles, &rules);
    let shown = stages::show(args.stage, &fetched, &reading, (&profiles, &rules))?;
    printer.line(&format!("{}: {}", fetched.url, stages::how_it_was_read(&reading)));
    for warning in &reading.warnings {
        printer.warning(&warning.message);
    }
    printer.result(&shown.text, &stages::for_programs(args.stage, &fetched, &reading, &shown));
    Ok(ExitCode::Success)
}
