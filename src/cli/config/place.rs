//! Where configs are written: one that is there stays, unless it is to be replaced.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::cli::exit::ExitCode;
use crate::cli::failure::Failure;

/// Writes the text of a config as `FOLDER/NAME.json`, whole or not at all.
///
/// # Errors
///
/// A [`Failure`] where a file is in the way, the folder is called like a file, or the disk refuses.
pub fn write(text: &str, folder: &Path, name: &str, force: bool) -> Result<PathBuf, Failure> {
    check_folder(folder)?;
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let file = folder.join(format!("{name}.json"));
    let written = if force { replace(text, folder, &file) } else { create(text, &file) };
    match written {
        Ok(()) => Ok(file),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(in_the_way(&file)),
        Err(error) => {
            Err(Failure::new(anyhow::Error::new(error).context(format!("cannot write `{}`", file.display()))))
        }
    }
}

/// Checks that a folder for configs is none that somebody meant as a file.
///
/// # Errors
///
/// A [`Failure`] where it is called like one and is not there.
pub fn check_folder(folder: &Path) -> Result<(), Failure> {
    if folder.extension().is_some_and(|end| end.eq_ignore_ascii_case("json")) && !folder.is_dir() {
        let error = anyhow!("`{}` is to be a folder, and is called like a file", folder.display());
        return Err(Failure::with_code(error, ExitCode::Usage)
            .hint("`--output` takes the folder; the file in it is called NAME.json"));
    }
    Ok(())
}

fn create(text: &str, file: &Path) -> io::Result<()> {
    let mut new = OpenOptions::new().write(true).create_new(true).open(file)?;
    new.write_all(text.as_bytes()).inspect_err(|_| {
        // What is left of it is no config.
        let _ = std::fs::remove_file(file);
    })
}

/// Written beside first, so that the one before stays where the disk is full.
fn replace(text: &str, folder: &Path, file: &Path) -> io::Result<()> {
    let beside = folder.join(format!(".{}.partial", std::process::id()));
    let written = std::fs::write(&beside, text).and_then(|()| std::fs::rename(&beside, file));
    written.inspect_err(|_| {
        let _ = std::fs::remove_file(&beside);
    })
}

/// The failure of a config whose file is there already.
pub fn in_the_way(file: &Path) -> Failure {
    let error = anyhow!("`{}` is there already", file.display());
    Failure::with_code(error, ExitCode::Usage).hint("replace it with `--force`, or choose another name")
}
