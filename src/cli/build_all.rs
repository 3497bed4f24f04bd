//! `skillcrawl build --all`: the skills of all configs, side by side, become a library.
//!
//! In order: the configs are chosen; each site is crawled and its skill assembled, so many at a time, with one set of host
//! clocks and one bound on rendering for all; the index is written from what is there in the end; and a report says how
//! each site ended. What stops one site stops no other. Each has its own crawl folder, so that a run that was cut short
//! goes on, and what is crawled already is not asked for again.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use anyhow::{Context, anyhow};

use super::again::command_to_go_on;
use super::args::{BuildArgs, CrawlArgs};
use super::board::Board;
use super::build::{Done, How, build_beside};
use super::config_source::config_failure;
use super::exit::ExitCode;
use super::failure::Failure;
use super::library_args::LibraryArgs;
use super::library_folder::{check_library, write_index, write_router};
use super::library_report::{self, SiteReport};
use super::printer::{Printer, Verbosity};
use super::quality;
use super::scrape::overridden;
use super::stop::{interrupted, stop_on_signals};
use super::surroundings::{Others, Step, Surroundings};
use super::table::SiteState;
use super::workers::in_parallel;
use crate::config::SiteConfig;
use crate::config::catalog::{Entry, EntryError, UnknownName, catalog, choose};
use crate::fetch::browser::Machine;
use crate::frontier::{HostClocks, remember_hosts};
use crate::scope::Scope;

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when no config is meant; what happens to one site is in the report.
pub fn run(args: &BuildArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    check_library(&args.library.library)?;
    if let Some(records) = args.crawl.replay.as_deref().filter(|records| !records.is_dir()) {
        let error = anyhow!("there is no folder `{}`", records.display());
        return Err(Failure::with_code(error, ExitCode::Usage).hint(
            "with `--all`, `--replay` names a folder with a record for each site, as `NAME/pages.jsonl`",
        ));
    }
    let entries = chosen(&args.library, printer)?;
    let board = Board::start(entries.iter().map(|entry| entry.name.clone()), *printer);
    let hosts = HostClocks::default();
    remember(&entries, args, &hosts);
    let machine = Machine::here();
    let stop = stop_on_signals(*printer);
    let assembly = Mutex::new(());
    let began = Instant::now();
    let build = |index: usize, entry: &Entry| {
        let began = Instant::now();
        if stop.is_cancelled() {
            return (Err(interrupted()), 0.0);
        }
        board.begin(index);
        let watch = |step: Step<'_>| board.on_step(index, step);
        let others =
            Others { machine: machine.clone(), stop: stop.clone(), watch: &watch, assembly: &assembly };
        let surroundings = Surroundings { hosts: hosts.clone(), others: Some(others) };
        (site(entry, args, &surroundings, printer), began.elapsed().as_secs_f64())
    };
    let sites = in_parallel(&entries, args.library.jobs.into(), build, |index, entry, brought| {
        let (built, seconds) = brought.unwrap_or_else(|words| (Err(fault(&words)), 0.0));
        let report = match built {
            Ok(done) => SiteReport::built(&entry.name, &done, seconds),
            Err(failure) => without(&entry.name, failure, stop.is_cancelled(), seconds),
        };
        board.end(index, report.state(), report.kept(), &report.sentence());
        report
    });
    board.finish();
    let is_interrupted = stop.is_cancelled();
    // What is left is done in a moment, and a signal ends it.
    stop.cancel();
    conclude(args, &sites, is_interrupted, began, printer)
}

/// Takes over what earlier runs remember of the hosts of all sites, before the first of them is asked anything. What cannot
/// be read is for the site itself to tell.
fn remember(entries: &[Entry], args: &BuildArgs, hosts: &HostClocks) {
    if args.crawl.replay.is_some() {
        return;
    }
    for (entry, config) in entries.iter().filter_map(|entry| Some((entry, entry.config.as_ref().ok()?))) {
        if let Err(error) = remember_hosts(&args.crawl.crawls.join(&entry.name), config, hosts) {
            tracing::debug!(site = entry.name, %error, "nothing is remembered of its hosts");
        }
    }
}

/// Writes the index and the report.
fn conclude(
    args: &BuildArgs,
    sites: &[SiteReport],
    is_interrupted: bool,
    began: Instant,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let library = &args.library.library;
    let mut code = library_report::code(sites, is_interrupted);
    let index = match index(args, printer) {
        Ok(files) => files,
        Err(failure) => {
            printer.failure_beside(&failure);
            code = if code == ExitCode::Success { ExitCode::Incomplete } else { code };
            Vec::new()
        }
    };
    let count = sites.iter().filter(|site| site.kept().is_some()).count();
    printer.line(&format!("{count} of {} skills in {:.0} s", sites.len(), began.elapsed().as_secs_f64()));
    if is_interrupted {
        printer.line(&format!("run `{}` again to go on", command_to_go_on()));
    }
    let value = library_report::value(sites, library, &index, code);
    printer.result(&library_report::text(sites, library, &index), &value);
    Ok(code)
}

/// Writes the index of what is there, whoever built it and when.
fn index(args: &BuildArgs, printer: &Printer) -> Result<Vec<PathBuf>, Failure> {
    let library = &args.library.library;
    if !library.is_dir() {
        return Ok(Vec::new());
    }
    let indexed = write_index(library, printer)?;
    let mut files = indexed.files;
    if args.skill.router.is_some() && !indexed.entries.is_empty() {
        files.extend(write_router(library, &indexed.entries, printer)?);
    }
    Ok(files)
}

/// The configs that the command line means, in the order of their build.
fn chosen(args: &LibraryArgs, printer: &Printer) -> Result<Vec<Entry>, Failure> {
    let folder = &args.configs;
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .with_context(|| format!("cannot read the folder of configs `{}`", folder.display()))
        .map_err(|error| {
            Failure::with_code(error, ExitCode::Usage).hint("name the folder of the configs with `--configs`")
        })?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "json") && path.is_file())
        .collect();
    paths.sort_unstable();
    let files = paths.into_iter().map(|path| {
        let text = std::fs::read_to_string(&path);
        (path, text)
    });
    let chosen = choose(catalog(files), &args.choice()).map_err(|error| unknown_name(&error, folder))?;
    if chosen.is_empty() {
        let error = anyhow!("no config in `{}` is of this phase, tier and name", folder.display());
        return Err(Failure::with_code(error, ExitCode::Usage)
            .hint("leave out `--phase`, `--tier` or `--only`, or write a config as the README shows"));
    }
    for entry in &chosen {
        for note in &entry.notes {
            printer.note(&format!("{}: {note}", entry.path.display()));
        }
    }
    Ok(chosen)
}

fn unknown_name(error: &UnknownName, folder: &Path) -> Failure {
    let failure = Failure::with_code(anyhow!("{error} in `{}`", folder.display()), ExitCode::Usage);
    match &error.suggestion {
        Some(name) => failure.hint(format!("did you mean `{name}`?")),
        None => failure.hint(format!("`ls {}` shows the names", folder.display())),
    }
}

/// Builds the skill of one site.
fn site(
    entry: &Entry,
    args: &BuildArgs,
    surroundings: &Surroundings<'_>,
    printer: &Printer,
) -> Result<Done, Failure> {
    let config = match &entry.config {
        Ok(config) => overridden(config.clone(), &args.crawl),
        Err(error) => return Err(entry_failure(error)),
    };
    Scope::new(&config.scope)
        .with_context(|| format!("cannot use `url_patterns` in `{}`", entry.path.display()))
        .map_err(|error| Failure::with_code(error, ExitCode::Usage))?;
    let crawl = CrawlArgs {
        replay: args.crawl.replay.as_deref().map(|records| record_of(&config.name, records)).transpose()?,
        crawls: args.crawl.crawls.clone(),
        render: args.crawl.render,
        max_pages: args.crawl.max_pages,
        fresh: args.crawl.fresh,
        browser: args.crawl.browser.clone(),
    };
    let output = output(&config, &args.library.library);
    let how = How { crawl: &crawl, output: &output, skill: &args.skill };
    // What is said of one site would be lost among what is said of the others; how it ended is in the report.
    let verbosity = match printer.verbosity() {
        Verbosity::Verbose => Verbosity::Verbose,
        Verbosity::Normal | Verbosity::Quiet => Verbosity::Quiet,
    };
    let printer = Printer::new(verbosity, printer.format());
    let done = build_beside(&config, &how, surroundings, &printer)?;
    let quality = quality::judge(&done.checklist, &output, &args.skill, &printer);
    let code = if done.code == ExitCode::Success { quality } else { done.code };
    Ok(Done { code, ..done })
}

/// The folder of the library that a skill is written to.
fn output(config: &SiteConfig, library: &Path) -> PathBuf {
    match config.skill.library.as_ref().and_then(|place| place.folder.as_ref()) {
        Some(folder) => library.join(folder),
        None => library.to_owned(),
    }
}

/// The record of a site in a folder of records: `NAME/pages.jsonl`, a package in `NAME/`, a crawl folder, or a file `NAME.…`.
fn record_of(name: &str, records: &Path) -> Result<PathBuf, Failure> {
    let folder = records.join(name);
    let files = ["pages.jsonl".to_owned(), format!("{name}.wacz"), format!("{name}.warc.gz")];
    let inside = files.iter().map(|file| folder.join(file));
    let beside = ["wacz", "warc.gz", "jsonl"].map(|end| records.join(format!("{name}.{end}")));
    let crawl = Some(folder.clone()).filter(|folder| folder.is_dir());
    let found = inside.chain(beside).find(|file| file.is_file()).or(crawl);
    found.ok_or_else(|| {
        let error = anyhow!("there is no record of it in `{}`", records.display());
        Failure::with_code(error, ExitCode::Usage)
            .hint(format!("put one at `{}`", folder.join("pages.jsonl").display()))
    })
}

fn entry_failure(error: &EntryError) -> Failure {
    match error {
        EntryError::Config(error) => config_failure(error),
        EntryError::SameName { .. } => Failure::with_code(anyhow!("{error}"), ExitCode::Usage)
            .hint("give it another name; a crawl and a skill are known by it"),
    }
}

/// The report of a site that has no skill.
fn without(name: &str, failure: Failure, is_stopped: bool, seconds: f64) -> SiteReport {
    let state = match failure.code {
        ExitCode::Interrupted if is_stopped => SiteState::Interrupted,
        ExitCode::Interrupted => SiteState::PutOff,
        _ => SiteState::Failed,
    };
    // What is to be done about an interruption is the same for all.
    let failure = (state != SiteState::Interrupted).then_some(failure);
    SiteReport::without(name, state, failure, seconds)
}

/// The failure of a site whose build panicked.
fn fault(words: &str) -> Failure {
    Failure::new(anyhow!("a fault in the program: {words}"))
        .hint("the other sites are not touched by it; run the same command again to go on")
}
