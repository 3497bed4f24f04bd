//! `skillcrawl validate`: what is wrong with a skill, as a folder or as a zip.

use std::path::Path;

use anyhow::anyhow;

use super::args::ValidateArgs;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use crate::skill::validate::{Rules, examine, size_profiles};

/// Runs the command: the report on stdout, exit code 3 when the skill is not valid, or, with `--strict`, not without
/// warnings.
///
/// # Errors
///
/// A [`Failure`] when there is no such folder or file.
pub fn run(args: &ValidateArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    if !args.skill.is_file() {
        skill_folder(&args.skill)?;
    }
    let size = size_profiles().iter().find(|profile| Some(&profile.name) == args.size.as_ref());
    let rules = Rules { max_tokens: args.max_tokens.get(), size: size.cloned() };
    let report = examine(&args.skill, &rules);
    printer.result(&report.to_text(), &report);
    let passes = report.valid && (!args.strict || report.findings.is_empty());
    Ok(if passes { ExitCode::Success } else { ExitCode::Incomplete })
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
    let error = match path.exists() {
        true => anyhow!("`{}` is a file, where the folder of a skill is wanted", path.display()),
        false => anyhow!("there is no folder `{}`", path.display()),
    };
    Err(Failure::with_code(error, ExitCode::Usage).hint("give the folder that holds `SKILL.md`"))
}
