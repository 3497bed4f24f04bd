//! `skillcrawl validate`: what is wrong with a skill folder.

use std::path::Path;

use anyhow::anyhow;

use super::args::ValidateArgs;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use crate::skill::validate::{has_errors, validate};

/// Runs the command: findings on stdout, exit code 3 when one of them is an error.
///
/// # Errors
///
/// A [`Failure`] when there is no such folder.
pub fn run(args: &ValidateArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    skill_folder(&args.skill_dir)?;
    let findings = validate(&args.skill_dir);
    let lines: Vec<String> = findings.iter().map(ToString::to_string).collect();
    let text = if lines.is_empty() { "valid".to_owned() } else { lines.join("\n") };
    printer.result(&text, &findings);
    Ok(if has_errors(&findings) { ExitCode::Incomplete } else { ExitCode::Success })
}

/// Makes sure that a skill folder of the command line is there.
///
/// # Errors
///
/// A [`Failure`] with exit code 2 where it is not.
pub fn skill_folder(path: &Path) -> Result<(), Failure> {
    if path.is_dir() {
        return Ok(());
    }
    let error = anyhow!("there is no folder `{}`", path.display());
    Err(Failure::with_code(error, ExitCode::Usage).hint("give the folder that holds `SKILL.md`"))
}
