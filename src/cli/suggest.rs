//! `check --suggest`: a selector profile that the recorded pages suggest, and how it does beside the present one.

use std::path::PathBuf;

use anyhow::anyhow;

use super::args::CheckArgs;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::profiles::{choose_profile, load_profiles, load_text};
use super::reread::Record;
use crate::config::{ExtractRules, SiteConfig};
use crate::extract::{LEAST_PAGES, infer};
use crate::fetched::Fetched;
use crate::profile::Profiles;
use crate::tune::{CheckReport, report};

/// How many pages are compared, spread over the record: more would say the same.
const SAMPLE: usize = 60;

/// Runs the command: the profile on stdout, what it does beside the present one on stderr.
///
/// # Errors
///
/// A [`Failure`] when there is nothing to compare, or `--extends` names no profile.
pub fn run(
    args: &CheckArgs,
    config: &SiteConfig,
    record: &Record,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let profiles = load_profiles(&config.extract)?;
    if args.extends.is_some() {
        choose_profile(args.extends.as_deref(), &ExtractRules::default())?;
    }
    let sample = sample(record)?;
    let suggestion =
        infer(&sample, &profiles, &config.extract, args.extends.as_deref()).ok_or_else(|| {
            let error = anyhow!("fewer than {LEAST_PAGES} pages of `{}` are HTML", record.path().display());
            Failure::new(error).hint("a suggestion compares pages with each other: record more of the site")
        })?;
    drop(sample);
    // A profile cannot extend itself.
    let name = match suggestion.extends == config.name {
        true => format!("{}-site", config.name),
        false => config.name.clone(),
    };
    let text = suggestion.to_toml(&name);
    let path = PathBuf::from(format!("selectors/{name}.toml"));
    let suggested = summary(record, load_text(text.clone(), &path, &ExtractRules::default())?)?;
    let present = summary(record, (profiles, config.extract.clone()))?;
    for (name, report) in [("suggested", &suggested), ("present", &present)] {
        printer.line(&words(name, report));
    }
    let value = serde_json::json!({
        "toml": text,
        "suggestion": suggestion,
        "suggested": suggested,
        "present": present,
    });
    printer.result(text.trim_end(), &value);
    Ok(ExitCode::Success)
}

/// Pages from all over the record.
fn sample(record: &Record) -> Result<Vec<Fetched>, Failure> {
    let urls = record.urls();
    let step = urls.len().div_ceil(SAMPLE).max(1);
    let pages = urls.iter().step_by(step).map(|url| record.page(url));
    Ok(pages.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

fn summary(record: &Record, (profiles, rules): (Profiles, ExtractRules)) -> Result<CheckReport, Failure> {
    Ok(report(&record.read(&profiles, &rules)?, &profiles, &rules, 0))
}

fn words(name: &str, report: &CheckReport) -> String {
    format!(
        "{name} profile: {:.0} % of the visible text kept; pages without content: {}; not found by a selector: {}; \
         code blocks: {}, without a language: {}; blocks repeated by most pages: {}",
        report.kept_percent,
        report.empty.len(),
        report.unselected.len(),
        report.totals.code_blocks,
        report.totals.untagged_code,
        report.repeated.len()
    )
}
