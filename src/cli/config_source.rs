//! Which file a CONFIG argument means, and the config in it.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use crate::config::SiteConfig;
use crate::config::error::ConfigError;
use crate::config::load::{self, LoadedConfig};
use crate::config::nearest::nearest;
use crate::scope::Scope;

/// The folder that bare names are looked up in.
pub const CONFIGS: &str = "configs";

/// Loads the config that the argument names, and tells the user what had no effect.
///
/// # Errors
///
/// A [`Failure`] with exit code 2 when there is no such config or it does not load.
pub fn load_config(argument: &str, printer: &Printer) -> Result<SiteConfig, Failure> {
    let path = find(argument)?;
    let loaded = load_file(&path)?;
    for note in &loaded.notes {
        printer.note(&format!("{}: {note}", path.display()));
    }
    Ok(loaded.config)
}

/// Loads the config of a file, patterns included.
///
/// # Errors
///
/// A [`Failure`] with exit code 2 that says what is wrong in which line.
pub fn load_file(path: &Path) -> Result<LoadedConfig, Failure> {
    let loaded = load::parse(&read_text(path)?, path).map_err(|error| config_failure(&error))?;
    Scope::new(&loaded.config.scope)
        .with_context(|| format!("cannot use `url_patterns` in `{}`", path.display()))
        .map_err(|error| Failure::with_code(error, ExitCode::Usage))?;
    Ok(loaded)
}

/// The text of a config.
///
/// # Errors
///
/// A [`Failure`] with exit code 2 when it cannot be read.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    let bytes = std::fs::read(path)
        .with_context(|| format!("cannot read the config `{}`", path.display()))
        .map_err(|error| Failure::with_code(error, ExitCode::Usage))?;
    String::from_utf8(bytes).map_err(|_| {
        let error = anyhow!("the config `{}` is not UTF-8 text", path.display());
        Failure::with_code(error, ExitCode::Usage).hint("save it as UTF-8")
    })
}

/// What is wrong with a config, with what to do about it.
pub fn config_failure(error: &ConfigError) -> Failure {
    Failure::with_cause(error, ExitCode::Usage).hint_if(error.hint())
}

/// The file that the argument means: a path as given, or `configs/NAME.json` for a bare name.
///
/// # Errors
///
/// A [`Failure`] with exit code 2 when there is neither.
pub fn find(argument: &str) -> Result<PathBuf, Failure> {
    let given = Path::new(argument);
    if given.is_file() {
        return Ok(given.to_owned());
    }
    let is_bare = given.components().count() == 1 && given.extension().is_none();
    let named = Path::new(CONFIGS).join(format!("{argument}.json"));
    if is_bare && named.is_file() {
        return Ok(named);
    }
    let looked =
        if is_bare { format!("`{argument}` or `{}`", named.display()) } else { format!("`{argument}`") };
    let failure = Failure::with_code(anyhow!("there is no config {looked}"), ExitCode::Usage);
    let known = known_configs();
    let name = given.file_stem().and_then(|stem| stem.to_str()).unwrap_or(argument);
    Err(match nearest(name, known.iter().map(String::as_str)) {
        Some(name) => failure.hint(format!("did you mean `{name}`?")),
        None => failure.hint("give the path of a config, or the name of one in `configs/`"),
    })
}

/// The names of the configs in `configs/`, sorted.
pub fn known_configs() -> Vec<String> {
    let mut known: Vec<String> = std::fs::read_dir(CONFIGS)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.strip_suffix(".json")?.to_owned()))
        .collect();
    known.sort_unstable();
    known
}
