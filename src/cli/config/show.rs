//! `skillcrawl config show`: what a config means, with every default written down.

use crate::cli::args::ConfigShowArgs;
use crate::cli::config_source::{config_failure, find, load_file, read_text};
use crate::cli::exit::ExitCode;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::config::canonical::{convert, to_text, with_defaults};

/// Runs the command: a config on stdout that means the same and leaves nothing to the program.
///
/// # Errors
///
/// A [`Failure`] when there is no such config or it does not load.
pub fn run(args: &ConfigShowArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let path = find(&args.config)?;
    load_file(&path)?;
    let converted = convert(&read_text(&path)?, &path).map_err(|error| config_failure(&error))?;
    for note in &converted.notes {
        printer.note(note);
    }
    for config in converted.configs {
        let full = with_defaults(config);
        printer.result(to_text(&full).trim_end(), &full);
    }
    Ok(ExitCode::Success)
}
