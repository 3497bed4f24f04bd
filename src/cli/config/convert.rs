//! `skillcrawl config convert`: configs of the existing format in this program's own words.

use anyhow::anyhow;

use super::place::write;
use crate::cli::args::ConfigConvertArgs;
use crate::cli::config_source::{config_failure, find, read_text};
use crate::cli::exit::ExitCode;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::config::canonical::{convert, to_text};

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
    let mut written = Vec::new();
    for config in &converted.configs {
        let name = config.name.as_deref().unwrap_or("config");
        written.push(write(&to_text(config), folder, name, args.force)?);
    }
    let lines: Vec<String> = written.iter().map(|file| file.display().to_string()).collect();
    printer.result(&lines.join("\n"), &written);
    Ok(ExitCode::Success)
}
