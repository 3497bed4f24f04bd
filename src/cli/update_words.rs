//! What an update brought, in words and as JSON.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::assemble::Built;
use super::printer::Printer;
use super::scrape::Crawled;
use super::summary;
use super::words::count_of;
use crate::config::SiteConfig;
use crate::frontier::Checks;
use crate::skill::changes::Changes;

/// What an update brought.
#[derive(Debug)]
pub struct Updated {
    /// What was asked.
    pub checks: Checks,
    /// What came of the pages.
    pub changes: Changes,
    /// How many pages are as they were.
    pub same: usize,
    /// Where the changes are written, if there are any.
    pub file: Option<PathBuf>,
    /// The skill.
    pub built: Built,
}

/// Why a page ended, in words, from the word and the detail of the report.
pub fn reason_in_words(reason: &str, detail: &str) -> String {
    match reason {
        "http_status" => format!("HTTP {detail}"),
        "noindex" => "asks not to be kept (`noindex`)".to_owned(),
        "robots_disallow" => format!("robots.txt does not allow it: {detail}"),
        "out_of_scope" => format!("leads out of scope, to {detail}"),
        "not_a_page" if !detail.is_empty() => format!("is no page any more but {detail}"),
        "not_a_page" => "is no page any more".to_owned(),
        reason => reason.replace('_', " "),
    }
}

/// Says on stderr what came of it.
pub fn say(updated: &Updated, printer: &Printer) {
    let Updated { checks, changes, same, .. } = updated;
    let asked = checks.unchanged + checks.recorded;
    if changes.is_empty() && asked + checks.spared == 0 && !checks.failed.is_empty() {
        printer.line(&format!("no page could be asked: {} as they were", pages(*same)));
    } else if changes.is_empty() {
        printer.line(&format!("nothing changed: {} as they were", pages(*same)));
    } else {
        for added in &changes.added {
            printer.line(&format!("added    {}", added.url));
        }
        for changed in &changes.changed {
            let difference = &changed.difference;
            let (more, less) = (difference.lines_added, difference.lines_removed);
            printer.line(&format!("changed  {} (+{more} −{less} lines)", changed.url));
        }
        for moved in &changes.moved {
            printer.line(&format!("moved    {} to {}", moved.from, moved.to));
        }
        for gone in &changes.gone {
            printer.line(&format!("gone     {} ({})", gone.url, gone.why));
        }
        printer.line(&format!(
            "{} added, {} changed, {} moved, {} gone; {} as they were",
            changes.added.len(),
            changes.changed.len(),
            changes.moved.len(),
            changes.gone.len(),
            pages(*same)
        ));
    }
    if checks.spared > 0 {
        printer.line(&format!(
            "{asked} asked; {} not, since the sitemap says that they did not change",
            checks.spared
        ));
    }
    for (cause, count) in &checks.failed {
        printer.warning(&format!("{count} could not be asked and stay as they were: {cause}"));
    }
    summary::say_skill(&updated.built, printer);
}

/// The result: for people and for programs.
pub fn result(config: &SiteConfig, crawled: &Crawled, updated: &Updated) -> (String, Value) {
    let Updated { checks, changes, same, file, built } = updated;
    let mut text = format!("{}\n{}", built.skill.display(), built.zip.display());
    if let Some(file) = file {
        text.push_str(&format!("\n{}", file.display()));
    }
    let failed = summary::crawled_pages(&crawled.summary).failed;
    let value = json!({
        "name": config.name,
        "skill": built.skill,
        "zip": built.zip,
        "skill_file": built.skill_file,
        "crawl": crawled.folder.path(),
        "changed": !changes.is_empty(),
        "changes": changes,
        "changes_file": file,
        "unchanged": same,
        "checks": checks,
        "pages": { "kept": built.kept, "failed": failed },
        "rendering": crawled.rendering,
        "limit_reached": crawled.summary.limit_reached,
        "references": built.references,
        "findings": built.findings,
    });
    (text, value)
}

fn pages(count: usize) -> String {
    count_of(count, "page")
}
