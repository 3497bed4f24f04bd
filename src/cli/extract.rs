//! `skillcrawl extract`: recorded pages become Markdown files, one a page, with a map from address to file.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use rayon::iter::{IntoParallelRefIterator, ParallelExtend, ParallelIterator};
use serde::Serialize;

use super::args::ExtractArgs;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::profiles::load_profiles;
use super::recorded;
use super::words::count_of;
use crate::archive::Archive;
use crate::config::ExtractRules;
use crate::extract::{Reading, drop_repeated, read_page};
use crate::fetched::Fetched;
use crate::markdown::to_markdown;
use crate::profile::Profiles;
use crate::render::Source;
use crate::url::CanonicalUrl;

/// How many pages are in memory as HTML at a time.
const CHUNK: usize = 64;

#[derive(Serialize)]
struct MapLine {
    url: String,
    path: String,
    profile: String,
    source: Source,
    warnings: Vec<&'static str>,
}

#[derive(Serialize)]
struct Extracted {
    pages: usize,
    empty: usize,
    map: PathBuf,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when the pages cannot be read or a file cannot be written.
pub fn run(args: &ExtractArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let rules = ExtractRules { profile: args.profile.clone(), ..ExtractRules::default() };
    let profiles = load_profiles(&rules)?;
    let archive = recorded::open(&args.pages)?;
    for warning in archive.warnings() {
        printer.warning(&warning.to_string());
    }
    let mut pages = read_pages(&archive, &profiles, &rules)?;
    std::fs::create_dir_all(&args.out).with_context(|| format!("cannot make `{}`", args.out.display()))?;
    drop_repeated(pages.iter_mut().map(|(url, reading)| (&*url, reading)));
    let texts: Vec<String> = pages.par_iter().map(|(_, reading)| to_markdown(&reading.document)).collect();
    let mut map = String::new();
    let mut extracted = Extracted { pages: 0, empty: 0, map: args.out.join("map.jsonl") };
    for ((url, reading), markdown) in pages.iter().zip(&texts) {
        let line = map_line(url, reading, extracted.pages);
        write_file(&args.out.join(&line.path), markdown)?;
        let json = serde_json::to_string(&line).map_err(Failure::new)?;
        // Writing to a string cannot fail.
        let _ = writeln!(map, "{json}");
        extracted.pages += 1;
        if markdown.trim().is_empty() {
            extracted.empty += 1;
            printer.warning(&format!("nothing was found in {url}"));
        }
    }
    write_file(&extracted.map, &map)?;
    printer.line(&format!(
        "{} extracted, {} of them empty",
        count_of(extracted.pages, "page"),
        extracted.empty
    ));
    printer.result(&extracted.map.display().to_string(), &extracted);
    Ok(ExitCode::Success)
}

/// Reads every page, with few of them in memory as HTML at a time.
fn read_pages(
    archive: &Archive,
    profiles: &Profiles,
    rules: &ExtractRules,
) -> Result<Vec<(CanonicalUrl, Reading)>, Failure> {
    let mut read = Vec::new();
    let mut pages = archive.pages();
    loop {
        let chunk: Result<Vec<Fetched>, _> = pages.by_ref().take(CHUNK).collect();
        let chunk = chunk.map_err(Failure::new)?;
        if chunk.is_empty() {
            return Ok(read);
        }
        read.par_extend(chunk.par_iter().map(|page| (page.url.clone(), read_page(page, profiles, rules))));
    }
}

fn map_line(url: &CanonicalUrl, reading: &Reading, number: usize) -> MapLine {
    MapLine {
        url: url.as_str().to_owned(),
        path: format!("{number:05}.md"),
        profile: reading.profile.clone(),
        source: reading.source,
        warnings: reading.warnings.iter().map(|warning| warning.kind).collect(),
    }
}

fn write_file(path: &Path, text: &str) -> Result<(), Failure> {
    std::fs::write(path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(())
}
