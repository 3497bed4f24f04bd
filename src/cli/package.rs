//! `skillcrawl package`: a skill folder becomes a zip, under one name or two.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use serde::Serialize;

use super::args::{PackageArgs, PackageFormat};
use super::exit::ExitCode;
use super::failure::Failure;
use super::package_crawl::assemble_if_missing;
use super::printer::Printer;
use super::validate::skill_folder;
use super::words::count_of;
use crate::skill::package::{PackageError, package_as};

#[derive(Serialize)]
struct Packaged<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    zip: Option<&'a PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skill: Option<&'a PathBuf>,
    files: usize,
    bytes: u64,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when the folder is no valid skill, or the zip cannot be written.
pub fn run(args: &PackageArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    if let Some(folder) = args.output.as_deref().filter(|output| output.is_dir()) {
        let error = anyhow!("`{}` is a folder, where the zip is to be written", folder.display());
        return Err(Failure::with_code(error, ExitCode::Usage).hint("name the file, as `--output NAME.zip`"));
    }
    assemble_if_missing(&args.skill_dir, printer)?;
    skill_folder(&args.skill_dir)?;
    let base = match &args.output {
        Some(file) => file.clone(),
        None => beside(&args.skill_dir)?,
    };
    // A file that was named is written under that name.
    let named = |ending: &str| {
        let is_only = args.format != PackageFormat::Both && args.output.is_some();
        if is_only { base.clone() } else { base.with_extension(ending) }
    };
    let zip = (args.format != PackageFormat::Skill).then(|| named("zip"));
    let skill = (args.format != PackageFormat::Zip).then(|| named("skill"));
    let paths: Vec<PathBuf> = zip.iter().chain(&skill).cloned().collect();
    let Some((first, others)) = paths.split_first() else { return Ok(ExitCode::Success) };
    let packaged = package_as(&args.skill_dir, first, others).map_err(package_failure)?;
    printer.line(&format!("packed {}, {} bytes", count_of(packaged.files, "file"), packaged.bytes));
    let lines: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
    let (zip, skill) = (zip.as_ref(), skill.as_ref());
    let value = Packaged { zip, skill, files: packaged.files, bytes: packaged.bytes };
    printer.result(&lines.join("\n"), &value);
    Ok(ExitCode::Success)
}

/// `NAME.zip` beside the folder. A path such as `.` names no folder; what it leads to does.
fn beside(folder: &Path) -> Result<PathBuf, Failure> {
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
        PackageError::Read(_) | PackageError::Write { .. } => None,
    };
    Failure::new(error).hint_if(hint)
}
