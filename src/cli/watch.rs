//! `check --watch`: read the record again whenever a profile or the config changes, and say what that changed.
//!
//! The files are few, so their times and sizes are asked for twice a second; that needs no crate, works on every file
//! system, and notices editors that write beside and rename.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Context;
use tokio::runtime::Runtime;
use tokio_util::sync::CancellationToken;

use super::args::CheckArgs;
use super::check::{Checked, check};
use super::check_words::{comparison_text, report_text};
use super::config_source::{find, load_config};
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::profiles::SELECTORS;
use super::reread::Record;
use super::stop::stop_on_signals;
use crate::tune::compare;

/// How often the files are looked at.
const INTERVAL: Duration = Duration::from_millis(500);

/// What a file was like when it was last looked at.
type Stamps = BTreeMap<PathBuf, Option<(SystemTime, u64)>>;

/// Runs the command until a signal ends it. With `--json` there is a value for each change.
///
/// # Errors
///
/// A [`Failure`] when the record cannot be read at first; what is wrong later is said, and watching goes on.
pub fn run(args: &CheckArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let config_path = find(&args.config)?;
    let mut seen = stamps(&config_path, args);
    let config = load_config(&args.config, printer)?;
    let mut record = Record::open(args, &config, printer)?;
    let mut last = check(&record, &config, args, printer)?;
    printer.result(&report_text(&last.report, printer.verbosity()), &last.report);
    let stop = stop_on_signals(*printer);
    let _over = stop.clone().drop_guard();
    let clock = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let clock = clock.context("cannot start the clock")?;
    printer.line("watching the profiles and the config; Ctrl-C ends it");
    while is_left_alone(&clock, &stop) {
        let mut now = stamps(&config_path, args);
        if now == seen {
            continue;
        }
        // A file that is being written is read when it stands still.
        while now != seen && is_left_alone(&clock, &stop) {
            seen = now;
            now = stamps(&config_path, args);
        }
        if stop.is_cancelled() {
            break;
        }
        match again(args, &mut record, &last, printer) {
            Ok(checked) => last = checked,
            Err(failure) => printer.failure(&failure),
        }
    }
    printer.line("stopped");
    Ok(ExitCode::Success)
}

/// Reads the record with what the files say now, and prints the difference.
fn again(
    args: &CheckArgs,
    record: &mut Record,
    last: &Checked,
    printer: &Printer,
) -> Result<Checked, Failure> {
    let config = load_config(&args.config, printer)?;
    record.select(&config)?;
    let checked = check(record, &config, args, printer)?;
    let comparison = compare(&last.pages, &checked.pages, args.worst);
    let kept = format!(
        "{:.1} % of the visible text kept, before {:.1} %",
        checked.report.kept_percent, last.report.kept_percent
    );
    let text = comparison_text(&comparison, "against the last state", args.worst);
    printer.result(&format!("{text}\n{kept}\n"), &comparison);
    Ok(checked)
}

/// Waits a moment; `false` when a signal came instead.
fn is_left_alone(clock: &Runtime, stop: &CancellationToken) -> bool {
    clock.block_on(async { tokio::time::timeout(INTERVAL, stop.cancelled()).await.is_err() })
}

/// The times and sizes of everything that a reading depends on.
fn stamps(config: &Path, args: &CheckArgs) -> Stamps {
    let mut files = vec![config.to_owned()];
    files.extend(args.profile.as_ref().map(PathBuf::from));
    let folder = std::fs::read_dir(SELECTORS).into_iter().flatten();
    let profiles = folder.filter_map(|entry| Some(entry.ok()?.path()));
    files.extend(profiles.filter(|path| path.extension().is_some_and(|end| end == "toml")));
    let stamp = |path: &Path| {
        let metadata = std::fs::metadata(path).ok()?;
        Some((metadata.modified().ok()?, metadata.len()))
    };
    files.into_iter().map(|path| (path.clone(), stamp(&path))).collect()
}
