//! `skillcrawl status`: how far a crawl is, running or stopped, without disturbing it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::again::quoted;
use super::args::StatusArgs;
use super::config_source::load_config;
use super::crawl_folder::frontier_failure;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use crate::frontier::{CrawlStatus, status};

/// The default of `--crawls`, which need not be said again.
const CRAWLS: &str = "crawls";

/// A crawl and how far it is.
#[derive(Debug, Serialize)]
struct Told {
    name: String,
    crawl: PathBuf,
    /// `running`, `complete` or `stopped`.
    state: &'static str,
    #[serde(flatten)]
    status: CrawlStatus,
    archive_bytes: u64,
    /// What goes on with it, or does the next thing; none while it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<String>,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when there is no such crawl, or its database cannot be read.
pub fn run(args: &StatusArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let now = Timestamp::now();
    match &args.config {
        Some(config) => {
            let name = name_of(config, &args.crawls, printer)?;
            let found = tell(&name, config, &args.crawls, now)?;
            let told = found.ok_or_else(|| {
                no_crawl(&name, &args.crawls)
                    .hint(format!("start it with `skillcrawl build {}`", quoted(config)))
            })?;
            printer.result(&in_words(&told, now), &told);
        }
        None => {
            let mut all = Vec::new();
            for name in names_in(&args.crawls) {
                all.extend(tell(&name, &name, &args.crawls, now)?);
            }
            if all.is_empty() {
                let error = anyhow!("there is no crawl in `{}`", args.crawls.display());
                return Err(Failure::with_code(error, ExitCode::Usage).hint(
                    "start one with `skillcrawl build CONFIG`, or name another folder with `--crawls`",
                ));
            }
            let text: Vec<String> = all.iter().map(|told| in_words(told, now)).collect();
            printer.result(&text.join("\n\n"), &all);
        }
    }
    Ok(ExitCode::Success)
}

/// The failure when a crawl is asked for that was never begun.
pub fn no_crawl(name: &str, crawls: &Path) -> Failure {
    let error = anyhow!("there is no crawl of `{name}` in `{}`", crawls.display());
    Failure::with_code(error, ExitCode::Usage)
}

/// The name of the crawl that the argument means: the name in a config, or that of a crawl whose config is elsewhere.
fn name_of(argument: &str, crawls: &Path, printer: &Printer) -> Result<String, Failure> {
    let is_crawl = || crawls.join(argument).join("crawl.db").is_file();
    match load_config(argument, printer) {
        Ok(config) => Ok(config.name),
        Err(_) if is_crawl() => Ok(argument.to_owned()),
        Err(failure) => Err(failure),
    }
}

/// The folders of crawls, by name.
fn names_in(crawls: &Path) -> Vec<String> {
    let entries = fs::read_dir(crawls).into_iter().flatten().filter_map(Result::ok);
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    // A record that `--fresh` has set aside is no crawl.
    names.retain(|name| !name.starts_with('.'));
    names.sort_unstable();
    names
}

fn tell(name: &str, config: &str, crawls: &Path, now: Timestamp) -> Result<Option<Told>, Failure> {
    let crawl = crawls.join(name);
    let Some(status) = status(&crawl, now).map_err(frontier_failure)? else { return Ok(None) };
    let state = match (status.running, status.complete) {
        (true, _) => "running",
        (false, true) => "complete",
        (false, false) => "stopped",
    };
    let word = match (status.complete, &status.update) {
        (true, _) | (false, Some(_)) => "update",
        (false, None) => "build",
    };
    let place = if crawls == Path::new(CRAWLS) {
        String::new()
    } else {
        format!(" --crawls {}", quoted(&crawls.display().to_string()))
    };
    let command = (!status.running).then(|| format!("skillcrawl {word} {}{place}", quoted(config)));
    let archive_bytes = archive_bytes(&crawl);
    Ok(Some(Told { name: name.to_owned(), crawl, state, status, archive_bytes, command }))
}

/// The size of what is recorded: loose and packed.
fn archive_bytes(crawl: &Path) -> u64 {
    let size_of = |folder: &Path, ending: &str| -> u64 {
        let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        let files = entries.filter(|entry| entry.file_name().to_string_lossy().ends_with(ending));
        files.filter_map(|entry| entry.metadata().ok()).map(|data| data.len()).sum()
    };
    size_of(&crawl.join("archive"), ".warc.gz") + size_of(crawl, ".wacz")
}

fn in_words(told: &Told, now: Timestamp) -> String {
    let CrawlStatus { counts, tally, .. } = &told.status;
    let mut lines = vec![format!("{}: {}", told.name, told.state)];
    if let Some(base_url) = &told.status.base_url {
        lines.push(format!("  site      {base_url}"));
    }
    lines.push(format!(
        "  pages     {} kept, {} queued, {} in work, {} redirected, {} skipped, {} failed",
        counts.kept, counts.queued, counts.in_work, counts.redirected, counts.skipped, counts.failed
    ));
    for (reason, count) in &tally.skipped {
        lines.push(format!("  skipped   {count}: {}", reason.replace('_', " ")));
    }
    for (cause, count) in &tally.failed {
        lines.push(format!("  failed    {count}: {cause}"));
    }
    if told.status.doubtful > 0 {
        lines
            .push(format!("  doubtful  {} to be compared or rendered from the record", told.status.doubtful));
    }
    if let Some(update) = &told.status.update {
        let checks = &update.checks;
        let failed: u64 = checks.failed.values().sum();
        lines.push(format!(
            "  update    since {:.0}: {} to ask, {} as they were, {} spared by the sitemap, {} recorded anew, {failed} failed",
            update.started_at, checks.due, checks.unchanged, checks.spared, checks.recorded
        ));
    }
    if let Some(last) = told.status.last_active {
        let rate =
            told.status.pages_per_second.map(|rate| format!(", {rate:.1} pages/s")).unwrap_or_default();
        lines.push(format!("  active    {last:.0}, {} ago{rate}", span(now.duration_since(last))));
    }
    for host in &told.status.paused {
        lines.push(format!("  paused    {} until {:.0}", host.host, host.until));
    }
    lines.push(format!("  archive   {}", size(told.archive_bytes)));
    if let Some(command) = &told.command {
        let what = if told.status.complete { "update with" } else { "go on with" };
        lines.push(format!("  next      {what} `{command}`"));
    }
    lines.join("\n")
}

/// A span in its largest unit.
fn span(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().max(0);
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// Bytes in the largest decimal unit, with one place.
fn size(bytes: u64) -> String {
    let (unit, word) = match bytes {
        0..1000 => return format!("{bytes} bytes"),
        1000..1_000_000 => (1000, "kB"),
        1_000_000..1_000_000_000 => (1_000_000, "MB"),
        _ => (1_000_000_000, "GB"),
    };
    let tenths = bytes / (unit / 10);
    format!("{}.{} {word}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::{size, span};

    #[test]
    fn sizes_and_spans_are_short() {
        assert_eq!(
            [size(999), size(1_250), size(3_999_999), size(12_000_000_000)],
            ["999 bytes", "1.2 kB", "3.9 MB", "12.0 GB"]
        );
        let spans = [-3, 90, 600, 10_000, 200_000].map(|seconds| span(SignedDuration::from_secs(seconds)));
        assert_eq!(spans, ["0 s", "90 s", "10 min", "2 h", "2 days"]);
    }
}
