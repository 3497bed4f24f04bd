//! `skillcrawl config list`: which configs there are.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::cli::args::ConfigListArgs;
use crate::cli::config_source::{CONFIGS, known_configs, load_file};
use crate::cli::exit::ExitCode;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::config::LibraryPlace;
use crate::url::CanonicalUrl;

/// A config in the list.
#[derive(Debug, Serialize)]
pub struct Listed {
    /// What commands call it.
    pub name: String,
    /// The file.
    pub config: PathBuf,
    /// Where the documentation is; `None` where the config does not load.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<CanonicalUrl>,
    /// Whether the files of a repository are read.
    pub repository: bool,
    /// Seconds between two requests to one host.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate_limit: Option<f64>,
    /// The category folder of the library.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Priority, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<u32>,
    /// Build phase, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<u32>,
    /// What is wrong with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Runs the command: a line for each config on stdout.
///
/// # Errors
///
/// None: a config that does not load is in the list, with what is wrong.
pub fn run(args: &ConfigListArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let mut listed: Vec<Listed> = config_files().iter().map(|file| list(file)).collect();
    listed.retain(|config| {
        args.tier.is_none_or(|tier| config.tier == Some(tier))
            && args.phase.is_none_or(|phase| config.phase == Some(phase))
    });
    let width = listed.iter().map(|config| config.name.len()).max().unwrap_or(0);
    let lines: Vec<String> = listed.iter().map(|config| in_words(config, width)).collect();
    if lines.is_empty() {
        let which = if args.tier.or(args.phase).is_some() { " of this tier and phase" } else { "" };
        printer.note(&format!("there is no config{which} in `{CONFIGS}/` here"));
    }
    printer.result(&lines.join("\n"), &listed);
    Ok(ExitCode::Success)
}

/// The files of `configs/`, by name; a folder that is not there holds none.
pub fn config_files() -> Vec<PathBuf> {
    let file = |name: &String| Path::new(CONFIGS).join(format!("{name}.json"));
    known_configs().iter().map(file).collect()
}

fn list(file: &Path) -> Listed {
    let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let config = file.to_owned();
    match load_file(file) {
        Ok(loaded) => {
            let LibraryPlace { folder, tier, phase } = loaded.config.skill.library.unwrap_or_default();
            Listed {
                name,
                config,
                base_url: Some(loaded.config.scope.base_url),
                repository: loaded.config.scope.repository.is_some(),
                rate_limit: Some(loaded.config.politeness.delay.as_secs_f64()),
                folder,
                tier,
                phase,
                error: None,
            }
        }
        Err(failure) => Listed {
            name,
            config,
            base_url: None,
            repository: false,
            rate_limit: None,
            folder: None,
            tier: None,
            phase: None,
            error: Some(failure.message),
        },
    }
}

fn in_words(config: &Listed, width: usize) -> String {
    let name = &config.name;
    if let Some(error) = &config.error {
        return format!("{name:<width$}  does not load: {error}");
    }
    let url = config.base_url.as_ref().map(ToString::to_string).unwrap_or_default();
    let number = |word: &str, number: Option<u32>| {
        number.map_or_else(String::new, |number| format!("  {word} {number}"))
    };
    let folder = config.folder.as_ref().map_or_else(String::new, |folder| format!("  {folder}"));
    format!("{name:<width$}  {url}{folder}{}{}", number("tier", config.tier), number("phase", config.phase))
}
