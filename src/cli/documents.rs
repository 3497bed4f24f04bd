//! What the command line says of itself: completions for shells and manual pages.

use anyhow::Context;
use clap::{Command, CommandFactory};
use clap_complete::Generator;

use super::args::{Cli, CompletionsArgs, ManArgs};
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;

/// The name of the program as people type it.
const PROGRAM: &str = "skillcrawl";

/// Prints the completions of a shell.
///
/// # Errors
///
/// A [`Failure`] when they are no text.
pub fn completions(args: &CompletionsArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let mut command = Cli::command();
    command.set_bin_name(PROGRAM);
    command.build();
    let mut script = Vec::new();
    args.shell.generate(&command, &mut script);
    let script = String::from_utf8(script).map_err(Failure::new)?;
    printer.result(script.trim_end(), &script);
    Ok(ExitCode::Success)
}

/// Prints the manual page of the program, or writes those of all its commands into a folder.
///
/// # Errors
///
/// A [`Failure`] when the folder cannot be written to.
pub fn man(args: &ManArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let mut command = without_help(Cli::command());
    command.build();
    let Some(folder) = &args.output else {
        let page = page(command)?;
        printer.result(page.trim_end(), &page);
        return Ok(ExitCode::Success);
    };
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let cannot_write = || format!("cannot write into `{}`", folder.display());
    clap_mangen::generate_to(command, folder).with_context(cannot_write)?;
    printer.result(&folder.display().to_string(), folder);
    Ok(ExitCode::Success)
}

/// `help` says what the other pages say, so that it gets none.
fn without_help(command: Command) -> Command {
    command.disable_help_subcommand(true).mut_subcommands(without_help)
}

fn page(command: Command) -> Result<String, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).map_err(Failure::new)?;
    String::from_utf8(page).map_err(Failure::new)
}
