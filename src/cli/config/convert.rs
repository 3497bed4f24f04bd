//! `skillcrawl config convert`: configs of the existing format in this program's own words.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::cli::args::ConfigConvertArgs;
use crate::cli::config_source::{config_failure, find, read_text};
use crate::cli::exit::ExitCode;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::config::canonical::{convert, to_text};
use crate::config::file::SiteConfigFile;

/// Runs the command: the configs on stdout, or as files of the folder that is named.
///
/// # Errors
///
/// A [`Failure`] when the config does not load, or a file is there already.
pub fn run(args: &ConfigConvertArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let path = find(&args.config)?;
    let converted = convert(&read_text(&path)?, &path).map_err(|error| config_failure(&error))?;
    for note in &converted.notes {
        printer.note(note);
    }
    let Some(folder) = &args.output else {
        if let [config] = converted.configs.as_slice() {
            printer.result(to_text(config).trim_end(), config);
            return Ok(ExitCode::Success);
        }
        let error = anyhow!("`{}` holds {} documentation sites", path.display(), converted.configs.len());
        return Err(Failure::with_code(error, ExitCode::Usage)
            .hint("name a folder with `--output`, where each becomes a file of its own"));
    };
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let mut written = Vec::new();
    for config in &converted.configs {
        written.push(write(config, folder, args.force)?);
    }
    let lines: Vec<String> = written.iter().map(|file| file.display().to_string()).collect();
    printer.result(&lines.join("\n"), &written);
    Ok(ExitCode::Success)
}

/// Writes a config as `NAME.json`. One that is there stays, unless it is to be replaced.
///
/// # Errors
///
/// A [`Failure`] where a file is in the way or the disk refuses.
pub fn write(config: &SiteConfigFile, folder: &Path, force: bool) -> Result<PathBuf, Failure> {
    let file = folder.join(format!("{}.json", config.name.as_deref().unwrap_or("config")));
    let text = to_text(config);
    let written = if force {
        std::fs::write(&file, text)
    } else {
        let open = OpenOptions::new().write(true).create_new(true).open(&file);
        open.and_then(|mut new| new.write_all(text.as_bytes()))
    };
    match written {
        Ok(()) => Ok(file),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let error = anyhow!("`{}` is there already", file.display());
            Err(Failure::with_code(error, ExitCode::Usage).hint("replace it with `--force`"))
        }
        Err(error) => {
            Err(Failure::new(anyhow::Error::new(error).context(format!("cannot write `{}`", file.display()))))
        }
    }
}
