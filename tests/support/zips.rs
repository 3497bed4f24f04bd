//! What a skill's zip must be.

use std::fs::File;
use std::path::Path;

use zip::ZipArchive;

/// Fails the test unless the zip holds the skill in one top folder, with exactly one `SKILL.md`, sorted.
#[track_caller]
pub fn check_zip(path: &Path, name: &str) {
    let mut archive = ZipArchive::new(File::open(path).unwrap()).unwrap();
    let names: Vec<String> = (0..archive.len())
        .map(|index| archive.by_index(index).unwrap().name().unwrap().into_owned())
        .collect();
    let outside: Vec<&String> =
        names.iter().filter(|entry| !entry.starts_with(&format!("{name}/"))).collect();
    assert!(outside.is_empty(), "{} holds {outside:?} outside of {name}/", path.display());
    let skills: Vec<&String> = names.iter().filter(|entry| entry.ends_with("SKILL.md")).collect();
    assert_eq!(skills, [&format!("{name}/SKILL.md")]);
    let mut sorted = names.clone();
    sorted.sort();
    assert_eq!(names, sorted, "the entries are not sorted");
}
