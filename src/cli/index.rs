//! `skillcrawl index`: the index of a library is written anew.

use anyhow::anyhow;
use serde_json::json;

use super::args::IndexArgs;
use super::exit::ExitCode;
use super::failure::Failure;
use super::library_folder::{write_index, write_router};
use super::printer::Printer;
use super::words::count_of;

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when there is no skill in the folder, or its index cannot be written.
pub fn run(args: &IndexArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let library = &args.library;
    if !library.is_dir() {
        let error = anyhow!("there is no folder `{}`", library.display());
        return Err(Failure::with_code(error, ExitCode::Usage)
            .hint("give the folder of a library; `skillcrawl build --all` makes one"));
    }
    let indexed = write_index(library, printer)?;
    if indexed.entries.is_empty() {
        let error = anyhow!("there is no skill in `{}`", library.display());
        return Err(Failure::with_code(error, ExitCode::Usage)
            .hint("skills are looked for in this folder and in the folders in it"));
    }
    let mut written = indexed.files;
    if args.router {
        written.extend(write_router(library, &indexed.entries, printer)?);
    }
    printer.line(&count_of(indexed.entries.len(), "skill"));
    let files: Vec<String> = written.iter().map(|file| file.display().to_string()).collect();
    printer.result(&files.join("\n"), &json!({ "files": written, "skills": indexed.entries }));
    Ok(ExitCode::Success)
}
