//! The skills and configs that are there: below `output/` and in the folders of a library.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::config::catalog::LIBRARY;
use crate::mcp::roots::Roots;
use crate::mcp::tools::places::{CONFIGS, OUTPUT};

/// A skill on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SkillFolder {
    /// The name of its folder.
    pub name: String,
    /// The folder, relative to where commands run.
    pub folder: String,
    /// Its files by path within the folder, with their sizes in bytes: `SKILL.md`, `skill.json`, `references/*.md`.
    pub files: Vec<(String, u64)>,
}

/// The skills by name. One in `output/` stands before one of the same name in a library; what leads out of the roots is
/// left out.
pub fn skills(roots: &Roots) -> Vec<SkillFolder> {
    let mut found = BTreeMap::new();
    let categories = folders(LIBRARY, roots);
    let in_library = categories
        .iter()
        .flat_map(|category| std::iter::once(category.clone()).chain(folders(category, roots)));
    for folder in folders(OUTPUT, roots).into_iter().chain(in_library) {
        if let Some(skill) = skill(&folder, roots) {
            found.entry(skill.name.clone()).or_insert(skill);
        }
    }
    found.into_values().collect()
}

/// The configs by name, with the size of each file in bytes.
pub fn configs(roots: &Roots) -> Vec<(String, u64)> {
    let mut configs: Vec<(String, u64)> = entries(CONFIGS, roots)
        .into_iter()
        .filter_map(|(name, path)| Some((name.strip_suffix(".json")?.to_owned(), file_size(&path)?)))
        .collect();
    configs.sort();
    configs
}

/// The file of a config.
pub fn config_file(name: &str) -> String {
    format!("{CONFIGS}/{name}.json")
}

fn skill(folder: &str, roots: &Roots) -> Option<SkillFolder> {
    let name = Path::new(folder).file_name()?.to_str()?.to_owned();
    let own =
        |file: &str| Some((file.to_owned(), file_size(&roots.place(&format!("{folder}/{file}")).ok()?)?));
    let mut files = vec![own("SKILL.md")?];
    files.extend(own("skill.json"));
    let mut references: Vec<(String, u64)> = entries(&format!("{folder}/references"), roots)
        .into_iter()
        .filter(|(name, _)| name.ends_with(".md"))
        .filter_map(|(name, path)| Some((format!("references/{name}"), file_size(&path)?)))
        .collect();
    references.sort();
    files.extend(references);
    Some(SkillFolder { name, folder: folder.to_owned(), files })
}

/// The folders in a folder, as paths relative to where commands run, sorted.
fn folders(folder: &str, roots: &Roots) -> Vec<String> {
    let mut folders: Vec<String> = entries(folder, roots)
        .into_iter()
        .filter(|(_, path)| path.is_dir())
        .map(|(name, _)| format!("{folder}/{name}"))
        .collect();
    folders.sort();
    folders
}

/// What is in a folder and may be used, by name; hidden entries are left out.
fn entries(folder: &str, roots: &Roots) -> Vec<(String, PathBuf)> {
    let Ok(place) = roots.place(folder) else { return Vec::new() };
    let names = std::fs::read_dir(place).into_iter().flatten().flatten();
    names
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| !name.starts_with('.'))
        .filter_map(|name| {
            let path = roots.place(&format!("{folder}/{name}")).ok()?;
            Some((name, path))
        })
        .collect()
}

fn file_size(path: &Path) -> Option<u64> {
    path.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len())
}
