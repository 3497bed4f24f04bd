//! A library on disk: the skills that are in it, and its index.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use super::assemble::write_failure;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use crate::library::read::{ReadError, SkillTexts, entry};
use crate::library::{Entry, json, readme, router, sort};
use crate::skill::package::package;

/// The index that was written.
#[derive(Debug)]
pub struct Indexed {
    /// The skills, in the order of the index.
    pub entries: Vec<Entry>,
    /// The files of the index; none where there is no skill.
    pub files: Vec<PathBuf>,
}

/// A folder with a `SKILL.md`.
struct Found {
    category: Option<String>,
    name: String,
    folder: PathBuf,
}

/// Writes `README.md` and `index.json` of a library anew, from its folders alone. What is no skill is left alone and
/// told of; so is a skill that cannot be read.
///
/// # Errors
///
/// A [`Failure`] when the folder cannot be read, or an index is in the way that somebody else wrote.
pub fn write_index(library: &Path, printer: &Printer) -> Result<Indexed, Failure> {
    let mut foreign = Vec::new();
    let found = find(library, &mut foreign)?;
    for folder in foreign {
        printer.note(&format!("`{}` is no skill and is left alone", folder.display()));
    }
    let read: Vec<Result<Entry, NoEntry>> = found.par_iter().map(read).collect();
    let mut entries = Vec::new();
    for (found, read) in found.iter().zip(read) {
        match read {
            Ok(entry) => entries.push(entry),
            Err(NoEntry::Skill(ReadError::Router)) => {}
            Err(error) => {
                let failure = Failure::new(error);
                let folder = found.folder.display();
                printer.warning(&format!("`{folder}` is left out of the index: {}", failure.message));
            }
        }
    }
    sort(&mut entries);
    tell_doubles(&entries, printer);
    let texts = [
        ("README.md", readme::readme(&entries), readme::is_ours as fn(&str) -> bool),
        ("index.json", json::index_json(&entries), json::is_ours),
    ];
    if entries.is_empty() && texts.iter().all(|(name, _, _)| !library.join(name).exists()) {
        return Ok(Indexed { entries, files: Vec::new() });
    }
    for (name, _, is_ours) in &texts {
        let there = library.join(name);
        if fs::read(&there).is_ok_and(|there| !is_ours(&String::from_utf8_lossy(&there))) {
            let error = anyhow!("`{}` was written by somebody else, so it is not replaced", there.display());
            return Err(Failure::new(error).hint("move it away, or choose another folder for the library"));
        }
    }
    let mut files = Vec::new();
    for (name, text, _) in &texts {
        files.push(write(library, name, text)?);
    }
    Ok(Indexed { entries, files })
}

/// The skills at the top of the library and in the folders there, by path.
fn find(library: &Path, foreign: &mut Vec<PathBuf>) -> Result<Vec<Found>, Failure> {
    let mut found = Vec::new();
    for (name, folder) in folders(library)? {
        if is_skill(&name, &folder) {
            found.push(Found { category: None, name, folder });
            continue;
        }
        let (skills, others): (Vec<_>, Vec<_>) =
            folders(&folder)?.into_iter().partition(|(name, folder)| is_skill(name, folder));
        if skills.is_empty() || folder.join("SKILL.md").exists() {
            foreign.push(folder);
            continue;
        }
        foreign.extend(others.into_iter().map(|(_, folder)| folder));
        let in_category = |(skill, folder)| Found { category: Some(name.clone()), name: skill, folder };
        found.extend(skills.into_iter().map(in_category));
    }
    Ok(found)
}

/// The folders in a folder by name; hidden ones are somebody's own.
fn folders(folder: &Path) -> Result<Vec<(String, PathBuf)>, Failure> {
    let cannot = || format!("cannot read `{}`", folder.display());
    let mut folders = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(cannot)? {
        let path = entry.with_context(cannot)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() && !name.starts_with('.') {
            folders.insert(name, path);
        }
    }
    Ok(folders.into_iter().collect())
}

/// Whether a folder holds a skill. `NAME.invalid`, which a build may leave, does not: its name is none of a skill.
fn is_skill(name: &str, folder: &Path) -> bool {
    let is_name = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    is_name && folder.join("SKILL.md").is_file()
}

/// Why a folder has no entry.
#[derive(Debug, thiserror::Error)]
enum NoEntry {
    #[error("cannot read its `SKILL.md`")]
    File(#[source] std::io::Error),
    #[error(transparent)]
    Skill(#[from] ReadError),
}

fn read(found: &Found) -> Result<Entry, NoEntry> {
    let text = |path: PathBuf| fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let beside = |ending: &str| found.folder.with_file_name(format!("{}{ending}", found.name));
    let skill_md = fs::read_to_string(found.folder.join("SKILL.md")).map_err(NoEntry::File)?;
    let references = fs::read_dir(found.folder.join("references")).into_iter().flatten().flatten();
    let references = references.map(|entry| entry.path());
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    let references = references.filter(|path| path.extension().is_some_and(|end| end == "md"));
    let mut references: Vec<(String, String)> =
        references.filter_map(|path| Some((name(&path)?, text(path)?))).collect();
    references.sort_unstable();
    let provenance = text(found.folder.join("skill.json"));
    let checklist = text(beside(".qa.json"));
    let texts = SkillTexts {
        name: &found.name,
        category: found.category.as_deref(),
        skill_md: &skill_md,
        references: &references,
        provenance: provenance.as_deref(),
        checklist: checklist.as_deref(),
        zip_bytes: fs::metadata(beside(".zip")).ok().map(|data| data.len()),
    };
    Ok(entry(&texts)?)
}

/// A skill that stands in two categories was moved by its config, and the older one stayed.
fn tell_doubles(entries: &[Entry], printer: &Printer) {
    let mut paths: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for entry in entries {
        paths.entry(&entry.name).or_default().push(format!("`{}`", entry.path()));
    }
    for paths in paths.values().filter(|paths| paths.len() > 1) {
        printer.warning(&format!("one skill stands in {} places: {}", paths.len(), paths.join(", ")));
    }
}

/// Writes a file beside its place and renames it; one that is the same stays.
fn write(library: &Path, name: &str, text: &str) -> Result<PathBuf, Failure> {
    let path = library.join(name);
    if fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(path);
    }
    let beside = library.join(format!(".{name}.partial"));
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, &path))
        .with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(path)
}

/// Writes the skill that says which skill of the library to open, and its zip; returns both.
///
/// # Errors
///
/// A [`Failure`] when they cannot be written.
pub fn write_router(library: &Path, entries: &[Entry], printer: &Printer) -> Result<Vec<PathBuf>, Failure> {
    // A path such as `.` names no folder; what it leads to does.
    let named = library.canonicalize().with_context(|| format!("cannot read `{}`", library.display()))?;
    let name = named.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let skill = router::router(entries, &name);
    if entries.iter().any(|entry| entry.path() == skill.name) {
        let error = anyhow!("a skill of the library has the name of its router, `{}`", skill.name);
        return Err(Failure::new(error).hint("give the folder of the library another name"));
    }
    let written = skill.write_to(library).map_err(|error| write_failure(error, printer))?;
    let zip = library.join(format!("{}.zip", skill.name));
    package(&written.folder, &zip)
        .with_context(|| format!("cannot zip `{}`", written.folder.display()))
        .map_err(Failure::new)?;
    Ok(vec![written.folder, zip])
}

/// Makes sure that a library can be where the command line says.
///
/// # Errors
///
/// A [`Failure`] with exit code 2 where a file is there.
pub fn check_library(library: &Path) -> Result<(), Failure> {
    if library.exists() && !library.is_dir() {
        let error = anyhow!("`{}` is a file, where a folder for the library is wanted", library.display());
        return Err(Failure::with_code(error, ExitCode::Usage).hint("choose another folder with `--library`"));
    }
    Ok(())
}
