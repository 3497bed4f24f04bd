//! The command line: the only home of stdout and stderr.
//!
//! In order: [`args`] says what can be typed; a file for each subcommand runs it; [`scrape`] and [`assemble`] are the two
//! halves of [`build`], which [`build_all`] does for a whole library with its [`index`], and [`update`] does both again
//! for what changed; [`status`] says how far a crawl is. [`generate`] writes a config and [`estimate`] says what a crawl
//! takes, both by a [`survey`] of the site. [`inspect`] shows one page at any of its [`stages`], and [`check`] reads a
//! record again and says how well a profile fits it. [`mcp`] serves all of these to agents. Everything below this module returns values and errors; here they become words, JSON and exit
//! codes. Nothing here knows how a page is fetched or read.

pub mod again;
pub mod agent_args;
pub mod args;
pub mod assemble;
pub mod barred;
pub mod board;
pub mod browser;
pub mod build;
pub mod build_all;
pub mod check;
pub mod check_words;
pub mod config;
pub mod config_args;
pub mod config_source;
pub mod crawl_folder;
pub mod crawl_words;
pub mod demo;
pub mod demo_site;
pub mod doctor;
pub mod documents;
pub mod enhance;
pub mod estimate;
pub mod exit;
pub mod extract;
pub mod failure;
pub mod fetchers;
pub mod folder_args;
pub mod generate;
pub mod generate_selectors;
pub mod index;
pub mod inspect;
pub mod install;
pub mod interactions;
pub mod judge;
pub mod library_args;
pub mod library_folder;
pub mod library_report;
pub mod live_line;
pub mod mcp;
pub mod numbers;
pub mod one_page;
pub mod package;
pub mod package_crawl;
pub mod page_links;
pub mod parent;
pub mod pauses;
pub mod printer;
pub mod profiles;
pub mod progress;
pub mod progress_lines;
pub mod quality;
pub mod recorded;
pub mod rendering;
pub mod reread;
pub mod scrape;
pub mod search;
pub mod set_aside;
pub mod skill_args;
pub mod stages;
pub mod status;
pub mod stop;
pub mod suggest;
pub mod summary;
pub mod surroundings;
pub mod survey;
pub mod survey_args;
pub mod survey_evidence;
pub mod survey_fetcher;
pub mod survey_progress;
pub mod system_words;
pub mod table;
pub mod take_back;
pub mod tuning_args;
pub mod update;
pub mod update_words;
pub mod usage_error;
pub mod validate;
pub mod watch;
pub mod words;
pub mod workers;

use clap::Parser;
use clap::error::ErrorKind;
use tracing_subscriber::EnvFilter;

use args::{Cli, Command, OutputArgs};
use exit::ExitCode;
use failure::Failure;
use printer::{Format, Printer, Verbosity};

/// Parses the command line, runs it, and says how it ended.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // clap writes help to stdout and errors to stderr; a closed pipe is not worth a word.
            let _ = error.print();
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::Success,
                _ => {
                    usage_error::say_to_programs(&error);
                    ExitCode::Usage
                }
            };
        }
    };
    log_to_stderr();
    stop::outlive_full_files();
    if cli.output.until_eof {
        parent::end_with_standard_input();
    }
    let printer = printer_of(cli.output);
    match run_command(&cli.command, &printer) {
        Ok(code) => code,
        Err(failure) => {
            printer.failure(&failure);
            failure.code
        }
    }
}

fn run_command(command: &Command, printer: &Printer) -> Result<ExitCode, Failure> {
    match command {
        Command::Generate(args) => generate::run(args, printer),
        Command::Estimate(args) => estimate::run(args, printer),
        Command::Build(args) => build::run(args, printer),
        Command::Scrape(args) => scrape::run(args, printer),
        Command::Update(args) => update::run(args, printer),
        Command::Status(args) => status::run(args, printer),
        Command::Package(args) => package::run(args, printer),
        Command::Install(args) => install::run(args, printer),
        Command::Validate(args) => validate::run(args, printer),
        Command::Index(args) => index::run(args, printer),
        Command::Extract(args) => extract::run(args, printer),
        Command::Inspect(args) => inspect::run(args, printer),
        Command::Check(args) => check::run(args, printer),
        Command::Config(command) => config::run(command, printer),
        Command::Search(args) => search::run(args, printer),
        Command::Mcp(args) => mcp::run(args, printer),
        Command::Demo(args) => demo::run(args, printer),
        Command::Doctor(args) => doctor::run(args, printer),
        Command::Completions(args) => documents::completions(args, printer),
        Command::Man(args) => documents::man(args, printer),
        Command::Browser(command) => browser::run(command, printer),
    }
}

fn printer_of(output: OutputArgs) -> Printer {
    let verbosity = match (output.quiet, output.verbose) {
        (true, _) => Verbosity::Quiet,
        (false, true) => Verbosity::Verbose,
        (false, false) => Verbosity::Normal,
    };
    let printer = Printer::new(verbosity, if output.json { Format::Json } else { Format::Text });
    if output.progress.is_some() { printer.with_progress_lines() } else { printer }
}

/// Traces for those who look for a fault, as `RUST_LOG` asks; silent otherwise.
fn log_to_stderr() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("off"));
    // It fails only when a test has set one up already.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}
