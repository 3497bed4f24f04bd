//! `skillcrawl check`: a recorded crawl read again, and how well the profile fits it; the site is not asked.

use std::time::Instant;

use serde_json::json;

use super::args::{CheckArgs, LimitArgs};
use super::check_words::{comparison_text, limit_sentence, report_text};
use super::config_source::load_config;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::profiles::choose_profile;
use super::reread::Record;
use super::words::count_of;
use super::{suggest, watch};
use crate::config::SiteConfig;
use crate::extract::locate;
use crate::tune::{
    BrokenLimit, CheckReport, Comparison, Limits, ReadAgain, broken_limits, compare, holds_text, report,
};

/// How many repeated texts are looked for in the HTML.
const LOCATED: usize = 20;

/// A record as a profile reads it.
#[derive(Debug)]
pub struct Checked {
    /// The pages.
    pub pages: Vec<ReadAgain>,
    /// What they sum up to.
    pub report: CheckReport,
}

/// Runs the command: the report on stdout, exit code 3 when a limit is broken.
///
/// # Errors
///
/// A [`Failure`] when there is no record, or no such config or profile.
pub fn run(args: &CheckArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    if args.watch {
        return watch::run(args, printer);
    }
    let config = load_config(&args.config, printer)?;
    let record = Record::open(args, &config, printer)?;
    if args.suggest {
        return suggest::run(args, &config, &record, printer);
    }
    let checked = check(&record, &config, args, printer)?;
    let comparison = against(&record, &config, args, &checked.pages)?;
    let broken = broken_limits(&checked.report, comparison.as_ref(), &limits(&args.limits));
    let mut text = report_text(&checked.report, printer.verbosity());
    if let (Some(comparison), Some(name)) = (&comparison, &args.against) {
        text = format!("{text}\n\n{}", comparison_text(comparison, &format!("against {name}"), args.worst));
    }
    printer.result(&text, &for_programs(&config, &record, &checked.report, comparison.as_ref(), &broken));
    for limit in &broken {
        printer.warning(&limit_sentence(limit));
    }
    Ok(if broken.is_empty() { ExitCode::Success } else { ExitCode::Incomplete })
}

/// Reads the record with the profile that the command line or the config names.
///
/// # Errors
///
/// A [`Failure`] when there is no such profile, or a page cannot be read.
pub fn check(
    record: &Record,
    config: &SiteConfig,
    args: &CheckArgs,
    printer: &Printer,
) -> Result<Checked, Failure> {
    let begun = Instant::now();
    let (profiles, rules) = choose_profile(args.profile.as_deref(), &config.extract)?;
    let pages = record.read(&profiles, &rules)?;
    let mut report = report(&pages, &profiles, &rules, args.worst);
    for repeated in report.repeated.iter_mut().take(LOCATED) {
        let holder = pages.iter().find(|page| holds_text(&page.survey.reading.document, &repeated.text));
        if let Some(fetched) = holder.map(|page| record.page(&page.url)).transpose()?.flatten() {
            repeated.stands_in = locate(&fetched, &repeated.text, &profiles, &rules);
        }
    }
    let seconds = begun.elapsed().as_secs_f32();
    printer.line(&format!(
        "{} of {} read in {seconds:.1} s",
        count_of(pages.len(), "page"),
        record.path().display()
    ));
    Ok(Checked { pages, report })
}

fn against(
    record: &Record,
    config: &SiteConfig,
    args: &CheckArgs,
    now: &[ReadAgain],
) -> Result<Option<Comparison>, Failure> {
    let Some(old) = &args.against else { return Ok(None) };
    let (profiles, rules) = choose_profile(Some(old), &config.extract)?;
    Ok(Some(compare(&record.read(&profiles, &rules)?, now, args.worst)))
}

fn limits(args: &LimitArgs) -> Limits {
    Limits {
        max_empty: args.max_empty,
        max_thin: args.max_thin,
        max_unselected: args.max_unselected,
        max_repeated: args.max_repeated,
        max_untagged: args.max_untagged,
        max_dead: args.max_dead,
        max_lost: args.max_lost,
    }
}

fn for_programs(
    config: &SiteConfig,
    record: &Record,
    report: &CheckReport,
    comparison: Option<&Comparison>,
    broken: &[BrokenLimit],
) -> serde_json::Value {
    json!({
        "name": config.name,
        "record": record.path(),
        "report": report,
        "comparison": comparison,
        "broken_limits": broken,
    })
}
