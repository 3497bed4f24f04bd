//! Which paths a command of a config uses: the config itself, the profiles, and what the config's name is written to.

use std::path::Path;

use crate::config::load;
use crate::mcp::error::ToolError;
use crate::mcp::roots::Roots;

/// The folder of configs, crawls, skills and profiles, as the command line has them.
pub const CONFIGS: &str = "configs";
const CRAWLS: &str = "crawls";
const SELECTORS: &str = "selectors";
/// The folder of skills.
pub const OUTPUT: &str = "output";
/// The longest config that is read, in bytes.
const LONGEST_CONFIG: u64 = 4 << 20;

/// Allows the files that a command reads of a config: the file, by its path or its name in `configs/`, and the profiles.
///
/// # Errors
///
/// A [`ToolError`] when one of them lies outside.
pub fn reads(config: &str, roots: &Roots) -> Result<String, ToolError> {
    roots.place(config)?;
    if is_name(config) {
        roots.place(&format!("{CONFIGS}/{config}.json"))?;
    }
    profiles(roots)?;
    Ok(config.to_owned())
}

/// As [`reads`], and all that is written under the config's name: its crawl, its skill folder and the files beside it.
///
/// # Errors
///
/// A [`ToolError`] when one of them lies outside.
pub fn builds(config: &str, roots: &Roots) -> Result<String, ToolError> {
    reads(config, roots)?;
    if let Some(name) = name_of(config, roots) {
        named(&name, roots)?;
    }
    Ok(config.to_owned())
}

/// Allows what is written under a name.
///
/// # Errors
///
/// A [`ToolError`] when one of them lies outside.
pub fn named(name: &str, roots: &Roots) -> Result<(), ToolError> {
    roots.tree(&format!("{CRAWLS}/{name}"))?;
    roots.tree(&format!("{OUTPUT}/{name}"))?;
    for ending in ["zip", "skill", "changes.md", "qa.json"] {
        roots.place(&format!("{OUTPUT}/{name}.{ending}"))?;
    }
    Ok(())
}

/// Allows the profiles of the working folder, which every command that reads pages reads too.
///
/// # Errors
///
/// A [`ToolError`] when a link among them leads out.
pub fn profiles(roots: &Roots) -> Result<(), ToolError> {
    roots.tree(SELECTORS).map(|_| ())
}

/// Allows all configs.
///
/// # Errors
///
/// A [`ToolError`] when a link among them leads out.
pub fn configs(roots: &Roots) -> Result<(), ToolError> {
    roots.tree(CONFIGS).map(|_| ())
}

/// Whether a config may be meant by its name alone.
fn is_name(config: &str) -> bool {
    let path = Path::new(config);
    path.components().count() == 1 && path.extension().is_none()
}

/// The name in a config; `None` where there is no config or it does not load, which the command will say.
pub fn name_of(config: &str, roots: &Roots) -> Option<String> {
    let given = roots.base().join(config);
    let named = roots.base().join(CONFIGS).join(format!("{config}.json"));
    let path = if given.is_file() { given } else { Some(named).filter(|_| is_name(config))? };
    if path.metadata().ok()?.len() > LONGEST_CONFIG {
        return None;
    }
    let text = std::fs::read_to_string(&path).ok()?;
    load::parse(&text, &path).ok().map(|loaded| loaded.config.name)
}
