//! `skillcrawl config validate`: what is wrong with configs, and what somebody should look at.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use serde::Serialize;

use super::list::config_files;
use crate::cli::args::ConfigValidateArgs;
use crate::cli::config_source::{find, load_file};
use crate::cli::exit::ExitCode;
use crate::cli::failure::Failure;
use crate::cli::printer::Printer;
use crate::cli::profiles::load_profiles;
use crate::config::SiteConfig;
use crate::scope::{Judgement, Scope};

/// A host may be asked this often without anybody minding, in seconds between two requests.
const GENTLE: f64 = 0.2;

/// What was found in one config.
#[derive(Debug, Serialize)]
pub struct Checked {
    /// The file.
    pub config: PathBuf,
    /// Whether every command accepts it.
    pub valid: bool,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
    /// What a person should look at.
    pub notes: Vec<String>,
}

/// Runs the command: a line for each config on stdout, exit code 2 when one of them does not load.
///
/// # Errors
///
/// A [`Failure`] when there is no such config, or none at all.
pub fn run(args: &ConfigValidateArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let files = match args.configs.as_slice() {
        [] => config_files(),
        named => named.iter().map(|name| find(name)).collect::<Result<_, _>>()?,
    };
    if files.is_empty() {
        return Err(Failure::with_code(anyhow!("there is no config to check"), ExitCode::Usage)
            .hint("name one, or run the command where there is a folder `configs/`"));
    }
    let checked: Vec<Checked> = files.iter().map(|file| check(file)).collect();
    let lines: Vec<String> = checked.iter().map(in_words).collect();
    printer.result(&lines.join("\n"), &checked);
    let all_valid = checked.iter().all(|checked| checked.valid);
    Ok(if all_valid { ExitCode::Success } else { ExitCode::Usage })
}

/// Checks one config: that it loads, that its profile and selectors are right, and that its seeds are in its scope.
pub fn check(file: &Path) -> Checked {
    let found = load_file(file).and_then(|loaded| {
        load_profiles(&loaded.config.extract)?;
        seeds_are_in_scope(&loaded.config)?;
        let notes = loaded.notes.into_iter().chain(remarks(&loaded.config)).collect();
        Ok(notes)
    });
    let config = file.to_owned();
    match found {
        Ok(notes) => Checked { config, valid: true, error: None, hint: None, notes },
        Err(failure) => Checked {
            config,
            valid: false,
            error: Some(failure.message),
            hint: failure.hint,
            notes: Vec::new(),
        },
    }
}

fn seeds_are_in_scope(config: &SiteConfig) -> Result<(), Failure> {
    let scope = Scope::new(&config.scope).map_err(|error| Failure::with_code(error, ExitCode::Usage))?;
    // The address of a repository is no page: its files are.
    let outside = config.scope.start_urls.iter().find(|url| scope.judge(url) != Judgement::InScope);
    match outside.filter(|_| config.scope.repository.is_none()) {
        None => Ok(()),
        Some(url) => {
            let why = match scope.judge(url) {
                Judgement::Excluded(Some(pattern)) => format!("`url_patterns.exclude` has `{pattern}`"),
                Judgement::Excluded(None) => "no `url_patterns.include` matches it".to_owned(),
                _ => format!("it is not below `{}`", config.scope.base_url),
            };
            let error = anyhow!("the seed `{url}` is out of scope: {why}");
            Err(Failure::with_code(error, ExitCode::Usage)
                .hint("change the patterns, or choose another `base_url` or `start_urls`"))
        }
    }
}

/// What loads and is still worth a look.
fn remarks(config: &SiteConfig) -> Vec<String> {
    let mut remarks = Vec::new();
    match &config.description {
        None => remarks.push("there is no `description`; it will be taken from the site".to_owned()),
        Some(text) if !text.to_lowercase().contains("use when") => {
            remarks.push("`description` does not say when to use the skill".to_owned());
        }
        Some(_) => {}
    }
    if config.politeness.delay.as_secs_f64() < GENTLE {
        remarks.push(format!(
            "`rate_limit` is {}; hosts of others deserve {GENTLE} or more",
            config.politeness.delay.as_secs_f64()
        ));
    }
    if config.scope.max_pages.is_none() {
        remarks.push("`max_pages` has no limit".to_owned());
    }
    remarks
}

fn in_words(checked: &Checked) -> String {
    let file = checked.config.display();
    let mut lines = match &checked.error {
        None => vec![format!("{file}: valid")],
        Some(error) => vec![format!("{file}: {error}")],
    };
    lines.extend(checked.hint.iter().map(|hint| format!("  hint: {hint}")));
    lines.extend(checked.notes.iter().map(|note| format!("  note: {note}")));
    lines.join("\n")
}
