//! The selector profiles of a run: those of the program, and those of the folder `selectors/` where there is one.

use std::path::Path;

use super::exit::ExitCode;
use super::failure::Failure;
use crate::config::ExtractRules;
use crate::config::nearest::nearest;
use crate::profile::{ProfileError, Profiles};

/// The folder whose profiles add to the program's own, or stand in for them.
const SELECTORS: &str = "selectors";

/// Loads the profiles, and makes sure that what the config names and overrides is right before anything is fetched.
///
/// # Errors
///
/// A [`Failure`] with exit code 2 that names the profile's file and line, or the selector of the config.
pub fn load_profiles(rules: &ExtractRules) -> Result<Profiles, Failure> {
    let folder = Path::new(SELECTORS);
    let profiles = if folder.is_dir() { Profiles::with_folder(folder) } else { Profiles::builtin() };
    let profiles = profiles.map_err(profile_failure)?;
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
