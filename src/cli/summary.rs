//! The end of a run in words and as JSON: pages kept, skipped by reason, failed by cause.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use super::assemble::Built;
use super::barred::same_for_most;
use super::printer::Printer;
use super::rendering::{RenderingSummary, rendering_sentences};
use super::scrape::Scraped;
use crate::config::SiteConfig;
use crate::crawl::CrawlSummary;
use crate::skill::checklist::nothing_there;

/// So many addresses without a page are no chance any more.
const MANY: u64 = 10;

/// What became of the pages.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Pages {
    /// Pages that were kept.
    pub kept: u64,
    /// Pages that were not wanted or not allowed, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Pages that failed, by cause.
    pub failed: BTreeMap<String, u64>,
}

/// The pages of a crawl.
pub fn crawled_pages(summary: &CrawlSummary) -> Pages {
    let mut skipped = summary.tally.skipped.clone();
    if summary.counts.redirected > 0 {
        skipped.insert("redirected".to_owned(), summary.counts.redirected);
    }
    if summary.tally.out_of_scope_links > 0 {
        *skipped.entry("out_of_scope".to_owned()).or_insert(0) += summary.tally.out_of_scope_links;
    }
    Pages { kept: summary.counts.kept, skipped, failed: summary.tally.failed.clone() }
}

/// The pages of a build: those of the crawl if there was one, with what the second half left out.
pub fn built_pages(crawled: Option<Pages>, built: &Built) -> Pages {
    let mut pages = crawled.unwrap_or_default();
    pages.kept = u64::try_from(built.kept).unwrap_or(u64::MAX);
    for (reason, count) in &built.skipped {
        *pages.skipped.entry((*reason).to_owned()).or_insert(0) += u64::try_from(*count).unwrap_or(u64::MAX);
    }
    pages
}

/// Says on stderr what became of the pages.
pub fn say_pages(pages: &Pages, printer: &Printer) {
    printer.line(&format!("{} kept", count(pages.kept)));
    for (reason, number) in &pages.skipped {
        let remark = if reason == "max_pages" { " (`max_pages` is reached; raise it to go on)" } else { "" };
        printer.line(&format!("{} skipped: {}{remark}", count(*number), reason.replace('_', " ")));
    }
    for (cause, number) in &pages.failed {
        printer.line(&format!("{} failed: {cause}", count(*number)));
    }
    if !pages.failed.is_empty() {
        printer.note("the same command asks once more for what failed");
    }
}

/// Says on stderr that hardly an address led to a page, where that is so.
pub fn say_nothing_there(pages: &Pages, printer: &Printer) {
    let nothing_there = nothing_there(&pages.skipped);
    if nothing_there >= MANY && nothing_there > pages.kept {
        printer.warning("most addresses answered that nothing is there");
        printer.note(
            "the site may answer a crawler otherwise than a visitor, or `base_url` is not where its pages are; \
             `report.jsonl` names each",
        );
    }
}

/// Says on stderr how the pages were had.
pub fn say_rendering(rendering: &RenderingSummary, printer: &Printer) {
    for sentence in rendering_sentences(rendering) {
        printer.line(&sentence);
    }
}

/// Says on stderr where the documentation seems to be, if it is not where the config says.
pub fn say_docs_root(scraped: &Scraped, printer: &Printer) {
    if let Some(docs_root) = &scraped.docs_root {
        printer.warning("the page at `base_url` does not look like documentation");
        printer.note(&format!("it links to `{docs_root}`; set `base_url` to that folder"));
    }
}

fn count(pages: u64) -> String {
    let word = if pages == 1 { "page" } else { "pages" };
    format!("{pages:>5} {word}")
}

/// The result of `scrape` for programs.
pub fn scrape_result(config: &SiteConfig, scraped: &Scraped, pages: &Pages) -> Value {
    json!({
        "name": config.name,
        "crawl": scraped.crawl,
        "pages": pages,
        "rendering": scraped.rendering,
        "docs_root": scraped.docs_root,
        "same_page": same_for_most(&scraped.summary.tally, pages.kept),
        "limit_reached": scraped.summary.limit_reached,
        "end": scraped.summary.end,
    })
}

/// The result of `build` for programs.
pub fn build_result(config: &SiteConfig, scraped: Option<&Scraped>, built: &Built, pages: &Pages) -> Value {
    json!({
        "name": config.name,
        "skill": built.skill,
        "zip": built.zip,
        "skill_file": built.skill_file,
        "crawl": scraped.map(|scraped| &scraped.crawl),
        "pages": pages,
        "rendering": scraped.map(|scraped| &scraped.rendering),
        "docs_root": scraped.and_then(|scraped| scraped.docs_root.as_ref()),
        "limit_reached": scraped.is_some_and(|scraped| scraped.summary.limit_reached),
        "references": built.references,
        "folded": built.folded,
        "profiles": built.profiles,
        "findings": built.findings,
        "parts": built.parts,
        "enhanced": built.enhanced,
        "warnings": built.warnings,
    })
}

/// Says on stderr what the skill holds and where it lies.
pub fn say_skill(built: &Built, printer: &Printer) {
    let profiles: Vec<String> =
        built.profiles.iter().map(|(name, pages)| format!("{name} ({pages})")).collect();
    printer.line(&format!("read with the profile {}", profiles.join(", ")));
    if built.folded > 0 {
        let (noun, verb) = if built.folded == 1 { ("section", "stands") } else { ("sections", "stand") };
        printer.line(&format!("{} {noun} that {verb} on another page folded into a link", built.folded));
    }
    for (kind, number) in &built.warnings {
        printer.detail(&format!("{number} × {}", kind.replace('_', " ")));
    }
    for finding in &built.findings {
        printer.line(&finding.to_string());
    }
    let files = built.references.len();
    if !built.parts.is_empty() {
        printer.line(&format!("it is a router to {} parts beside it", built.parts.len()));
    }
    let noun = if files == 1 { "reference file" } else { "reference files" };
    printer.line(&format!("the skill is valid: SKILL.md and {files} {noun} in {}", built.skill.display()));
}
