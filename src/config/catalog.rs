//! The catalog: all configs of a folder, in the order in which they are built.
//!
//! Names and texts in, entries out; which files there are is for the caller to find. A config that does not load is an
//! entry too: one bad file keeps nobody from the others.

use std::collections::HashSet;
use std::path::PathBuf;

use super::SiteConfig;
use super::error::ConfigError;
use super::load;
use super::nearest::nearest;

/// The folder that a library of skills is written to, unless another is named.
pub const LIBRARY: &str = "claude-ai-research-skills";

/// One config of the catalog.
#[derive(Debug)]
pub struct Entry {
    /// The name of the skill; of a config that does not load, the name of its file.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// The config.
    pub config: Result<SiteConfig, EntryError>,
    /// Remarks on what was changed or had no effect.
    pub notes: Vec<String>,
}

/// Why an entry cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// Its config does not load.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Another config has the same name, and would be crawled into the same folder.
    #[error("`{}` has the name of another config, `{name}`", path.display())]
    SameName {
        /// The file.
        path: PathBuf,
        /// The name.
        name: String,
    },
}

/// Which configs of the catalog are meant; nothing given means all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Those of a build phase.
    pub phase: Option<u32>,
    /// Those of a tier.
    pub tier: Option<u32>,
    /// Those of these names.
    pub only: Vec<String>,
}

/// A name that no config has.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no config of the name `{name}`")]
pub struct UnknownName {
    /// The name as typed.
    pub name: String,
    /// The known name that was probably meant.
    pub suggestion: Option<String>,
}

/// Reads all configs: file and text of each, or why it has none. They come in the order of phase, tier and name; without
/// a phase or a tier after those that have one.
pub fn catalog(files: impl IntoIterator<Item = (PathBuf, Result<String, std::io::Error>)>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = files.into_iter().map(|(path, text)| entry(path, text)).collect();
    entries.sort_by(|left, right| (order(left), &left.path).cmp(&(order(right), &right.path)));
    let mut names = HashSet::new();
    for entry in &mut entries {
        if entry.config.is_ok() && !names.insert(entry.name.clone()) {
            let (path, name) = (entry.path.clone(), entry.name.clone());
            entry.config = Err(EntryError::SameName { path, name });
        }
    }
    entries
}

/// Takes what is meant out of the catalog. A config that does not load has neither phase nor tier that could keep it out,
/// so it is left out by its name alone.
///
/// # Errors
///
/// [`UnknownName`] where a name is asked for that no config has.
pub fn choose(catalog: Vec<Entry>, choice: &Choice) -> Result<Vec<Entry>, UnknownName> {
    for name in &choice.only {
        if !catalog.iter().any(|entry| entry.name == *name) {
            let known = catalog.iter().map(|entry| entry.name.as_str());
            return Err(UnknownName {
                name: name.clone(),
                suggestion: nearest(name, known).map(str::to_owned),
            });
        }
    }
    let is_meant = |entry: &Entry| {
        let named = choice.only.is_empty() || choice.only.contains(&entry.name);
        let Ok(config) = &entry.config else { return named };
        let place = config.skill.library.as_ref();
        let phase = choice.phase.is_none_or(|phase| place.and_then(|place| place.phase) == Some(phase));
        let tier = choice.tier.is_none_or(|tier| place.and_then(|place| place.tier) == Some(tier));
        named && phase && tier
    };
    Ok(catalog.into_iter().filter(is_meant).collect())
}

fn entry(path: PathBuf, text: Result<String, std::io::Error>) -> Entry {
    let text = text.map_err(|cause| ConfigError::Read { path: path.clone(), cause });
    match text.and_then(|text| load::parse(&text, &path)) {
        Ok(loaded) => {
            Entry { name: loaded.config.name.clone(), path, config: Ok(loaded.config), notes: loaded.notes }
        }
        Err(error) => {
            let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
            Entry { name, path, config: Err(error.into()), notes: Vec::new() }
        }
    }
}

fn order(entry: &Entry) -> (u32, u32, &str) {
    let place = entry.config.as_ref().ok().and_then(|config| config.skill.library.as_ref());
    let phase = place.and_then(|place| place.phase).unwrap_or(u32::MAX);
    let tier = place.and_then(|place| place.tier).unwrap_or(u32::MAX);
    (phase, tier, &entry.name)
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{Choice, Entry, catalog, choose};

    fn config(name: &str, library: &str) -> (std::path::PathBuf, Result<String, io::Error>) {
        let text =
            format!("{{\"name\": \"{name}\", \"base_url\": \"https://d.example/\", \"library\": {library}}}");
        (format!("configs/{name}.json").into(), Ok(text))
    }

    fn all() -> Vec<Entry> {
        catalog([
            config("late", "{\"phase\": 2, \"tier\": 1}"),
            config("plain", "{}"),
            config("second", "{\"phase\": 1, \"tier\": 2}"),
            ("configs/bad.json".into(), Ok("{".to_owned())),
            config("b-first", "{\"phase\": 1, \"tier\": 1}"),
            config("a-first", "{\"phase\": 1, \"tier\": 1}"),
            ("configs/gone.json".into(), Err(io::Error::other("no such file"))),
            ("configs/z-again.json".into(), config("late", "{}").1),
        ])
    }

    fn names(entries: &[Entry]) -> Vec<&str> {
        entries.iter().map(|entry| entry.name.as_str()).collect()
    }

    #[track_caller]
    fn check(choice: Choice, expected: &[&str]) {
        assert_eq!(names(&choose(all(), &choice).unwrap()), expected);
    }

    #[test]
    fn the_order_is_phase_then_tier_then_name() {
        let entries = all();
        assert_eq!(names(&entries), ["a-first", "b-first", "second", "late", "bad", "gone", "late", "plain"]);
        let failed: Vec<String> =
            entries.iter().filter_map(|entry| entry.config.as_ref().err().map(ToString::to_string)).collect();
        assert_eq!(failed.len(), 3, "{failed:?}");
        assert_eq!(failed[2], "`configs/z-again.json` has the name of another config, `late`");
    }

    #[test]
    fn phase_tier_and_names_choose() {
        let only = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        check(
            Choice { phase: Some(1), ..Choice::default() },
            &["a-first", "b-first", "second", "bad", "gone", "late"],
        );
        check(Choice { only: only(&["plain", "second"]), ..Choice::default() }, &["second", "plain"]);
        check(Choice { phase: Some(1), tier: Some(2), only: only(&["plain", "second"]) }, &["second"]);
        let unknown = choose(all(), &Choice { only: only(&["secnod"]), ..Choice::default() }).unwrap_err();
        assert_eq!(unknown.suggestion.as_deref(), Some("second"));
        assert_eq!(unknown.to_string(), "there is no config of the name `secnod`");
    }
}
