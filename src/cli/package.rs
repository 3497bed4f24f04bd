//! `skillcrawl package`: a skill folder becomes a zip.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;

use super::args::PackageArgs;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::validate::skill_folder;
use crate::skill::package::{PackageError, package};

#[derive(Serialize)]
struct Packaged<'a> {
    zip: &'a PathBuf,
    files: usize,
    bytes: u64,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when the folder is no valid skill or the zip cannot be written.
pub fn run(args: &PackageArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    skill_folder(&args.skill_dir)?;
    let zip = match &args.output {
        Some(zip) => zip.clone(),
        None => zip_beside(&args.skill_dir)?,
    };
    let packaged = package(&args.skill_dir, &zip).map_err(package_failure)?;
    printer.line(&format!("packed {} files, {} bytes", packaged.files, packaged.bytes));
    let text = packaged.path.display().to_string();
    printer.result(&text, &Packaged { zip: &packaged.path, files: packaged.files, bytes: packaged.bytes });
    Ok(ExitCode::Success)
}

/// `NAME.zip` beside the folder. A path such as `.` names no folder; what it leads to does.
fn zip_beside(folder: &Path) -> Result<PathBuf, Failure> {
    let named = match folder.file_name() {
        Some(_) => folder.components().as_path().to_owned(),
        None => folder.canonicalize().with_context(|| format!("cannot read `{}`", folder.display()))?,
    };
    let name = named.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(named.with_file_name(format!("{name}.zip")))
}

fn package_failure(error: PackageError) -> Failure {
    let hint = match &error {
        PackageError::NotASkill { folder, .. } => {
            Some(format!("`skillcrawl validate {}` lists everything that is wrong", folder.display()))
        }
        PackageError::Read { .. } | PackageError::Write { .. } => None,
    };
    Failure::new(error).hint_if(hint)
}
