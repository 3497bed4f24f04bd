//! `package` of a skill that was only scraped: the recorded crawl of that name becomes the folder first.

use std::path::Path;

use super::assemble::assemble;
use super::config_source::{find, load_config};
use super::failure::Failure;
use super::printer::Printer;
use super::profiles::load_profiles;
use super::skill_args::SkillArgs;
use super::summary;

/// Where crawls are kept unless a command line says otherwise.
const CRAWLS: &str = "crawls";

/// Assembles `OUTPUT/NAME` from `crawls/NAME` where the folder is missing, and the crawl and a config of that name are
/// there. Without them nothing is done.
///
/// # Errors
///
/// A [`Failure`] when the config does not load or the record makes no skill.
pub fn assemble_if_missing(skill: &Path, printer: &Printer) -> Result<(), Failure> {
    let Some(name) = skill.file_name().and_then(|name| name.to_str()) else { return Ok(()) };
    let crawl = Path::new(CRAWLS).join(name);
    if skill.exists() || !crawl.is_dir() || find(name).is_err() {
        return Ok(());
    }
    let config = load_config(name, printer)?;
    // A config of another name would write another folder than the one that is asked for.
    if config.name != name {
        return Ok(());
    }
    let profiles = load_profiles(&config.extract)?;
    let output = skill.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let built = assemble(&crawl, &config, &profiles, (output, &SkillArgs::default()), printer)?;
    summary::say_skill(&built, printer);
    Ok(())
}
