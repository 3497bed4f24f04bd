//! Where configs are written: one that is there stays, unless it is to be replaced.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::cli::exit::ExitCode;
use crate::cli::failure::Failure;

/// Writes the text of a config as `FOLDER/NAME.json`.
///
/// # Errors
///
/// A [`Failure`] where a file is in the way or the disk refuses.
pub fn write(text: &str, folder: &Path, name: &str, force: bool) -> Result<PathBuf, Failure> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let file = folder.join(format!("{name}.json"));
    let written = if force {
        std::fs::write(&file, text)
    } else {
        let open = OpenOptions::new().write(true).create_new(true).open(&file);
        open.and_then(|mut new| new.write_all(text.as_bytes()))
    };
    match written {
        Ok(()) => Ok(file),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(in_the_way(&file)),
        Err(error) => {
            Err(Failure::new(anyhow::Error::new(error).context(format!("cannot write `{}`", file.display()))))
        }
    }
}

/// The failure of a config whose file is there already.
pub fn in_the_way(file: &Path) -> Failure {
    let error = anyhow!("`{}` is there already", file.display());
    Failure::with_code(error, ExitCode::Usage).hint("replace it with `--force`, or choose another name")
}
