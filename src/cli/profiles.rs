//! The selector profiles of a run: those of the program, and those of the folder `selectors/` where there is one.

use std::path::Path;

use anyhow::{Context, anyhow};

use super::exit::ExitCode;
use super::failure::Failure;
use crate::config::ExtractRules;
use crate::config::nearest::nearest;
use crate::profile::{ProfileError, ProfileText, Profiles};

/// The folder whose profiles add to the program's own, or stand in for them.
pub const SELECTORS: &str = "selectors";

/// Loads the profiles, and makes sure that what the config names and overrides is right before anything is fetched.
///
/// # Errors
///
/// A [`Failure`] with exit code 2 that names the profile's file and line, or the selector of the config.
pub fn load_profiles(rules: &ExtractRules) -> Result<Profiles, Failure> {
    load_with(Vec::new(), rules)
}

/// The profiles with the one that an argument names, as a name or as a TOML file, chosen for every page; without an
/// argument what the rules choose.
///
/// # Errors
///
/// A [`Failure`] with exit code 2: there is no such profile (with the nearest name), or the file is none.
pub fn choose_profile(
    argument: Option<&str>,
    rules: &ExtractRules,
) -> Result<(Profiles, ExtractRules), Failure> {
    let Some(argument) = argument else { return Ok((load_profiles(rules)?, rules.clone())) };
    let path = Path::new(argument);
    let is_file = path.extension().is_some_and(|end| end == "toml") || path.components().count() > 1;
    if !is_file {
        let rules = ExtractRules { profile: Some(argument.to_owned()), ..rules.clone() };
        return Ok((load_profiles(&rules)?, rules));
    }
    if !path.is_file() {
        let failure = Failure::with_code(anyhow!("there is no profile file `{argument}`"), ExitCode::Usage);
        return Err(failure.hint("give a TOML file, or the name of a profile"));
    }
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the profile `{argument}`"))
        .map_err(|error| Failure::with_code(error, ExitCode::Usage))?;
    load_text(text, path, rules)
}

/// The profiles with one more, whose text is given, chosen for every page; `path` names it in messages.
///
/// # Errors
///
/// A [`Failure`] with exit code 2 when the text is no profile.
pub fn load_text(
    text: String,
    path: &Path,
    rules: &ExtractRules,
) -> Result<(Profiles, ExtractRules), Failure> {
    let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or("profile").to_owned();
    let rules = ExtractRules { profile: Some(name.clone()), ..rules.clone() };
    let profiles = load_with(vec![ProfileText { name, path: path.to_owned(), text }], &rules)?;
    Ok((profiles, rules))
}

fn load_with(texts: Vec<ProfileText>, rules: &ExtractRules) -> Result<Profiles, Failure> {
    let folder = Some(Path::new(SELECTORS)).filter(|folder| folder.is_dir());
    let profiles = Profiles::with_texts(folder, texts).map_err(profile_failure)?;
    let chosen = match &rules.profile {
        Some(name) => Some(profiles.get(name).map_err(profile_failure)?),
        // Overrides are the same for every profile that a page may turn out to need.
        None => profiles.iter().next(),
    };
    if let Some(profile) = chosen {
        profile.with_overrides(&rules.selectors).map_err(profile_failure)?;
    }
    Ok(profiles)
}

fn profile_failure(error: ProfileError) -> Failure {
    let hint = match &error {
        ProfileError::Unknown { name, known } => {
            nearest(name, known.iter().map(String::as_str)).map(|name| format!("did you mean `{name}`?"))
        }
        _ => None,
    };
    Failure::with_code(error, ExitCode::Usage).hint_if(hint)
}
