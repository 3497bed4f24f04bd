//! `skillcrawl demo`: the main job, on a small application that is bundled with the program, in real Chromium.

use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};

use super::args::{CrawlArgs, DemoArgs};
use super::assemble::Built;
use super::browser::ensure_browser;
use super::build::{How, build};
use super::demo_site::DemoSite;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::skill_args::SkillArgs;
use super::words::count_of;
use crate::config::{SiteConfig, load};

/// What the bundled site is, with its name and description.
const SITE: &str = include_str!("../../fixtures/sites/spa/site.json");
/// Seconds between two requests: enough to be seen as polite, and the demo asks nobody but itself.
const RATE_LIMIT: f64 = 0.05;

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when there is no browser, or no skill in the end.
pub fn run(args: &DemoArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let chrome = ensure_browser(args.browser.chrome.as_deref(), printer)?;
    let site = DemoSite::start().context("cannot serve the bundled site")?;
    let base_url = site.base_url();
    printer
        .line(&format!("serving the bundled site at {base_url}; it shows nothing until JavaScript has run"));
    let config = config(&base_url)?;
    let mut browser = args.browser.clone();
    browser.chrome = Some(chrome);
    let crawl = CrawlArgs {
        replay: None,
        crawls: args.crawls.clone(),
        render: None,
        max_pages: None,
        fresh: true,
        browser,
    };
    let how = How { crawl: &crawl, output: &args.output, skill: &SkillArgs::default() };
    let (code, built) = build(&config, &how, printer)?;
    say_contents(&built, printer);
    Ok(code)
}

fn config(base_url: &str) -> Result<SiteConfig, Failure> {
    let site: Value = serde_json::from_str(SITE).map_err(Failure::new)?;
    let config = json!({
        "name": site["name"],
        "description": site["description"],
        "base_url": base_url,
        "rate_limit": RATE_LIMIT,
    });
    Ok(load::parse(&config.to_string(), Path::new("the bundled config")).map_err(Failure::new)?.config)
}

/// What the skill holds, in the order in which a reader would open it.
fn say_contents(built: &Built, printer: &Printer) {
    printer.line("");
    printer.line(&format!("{}/", built.skill.display()));
    printer.line("  SKILL.md                what it is for, quick start, where to read on");
    printer.line("  references/index.md     every page with what it answers, its names, sections and terms");
    for file in &built.references {
        printer.line(&format!("  references/{:<12} {}", file.file, count_of(file.pages, "page")));
    }
    printer.line("  skill.json              where each page came from");
    printer.line("");
    printer.line(
        "next: write a config for your own site, as the README shows, and run `skillcrawl build CONFIG`",
    );
}
