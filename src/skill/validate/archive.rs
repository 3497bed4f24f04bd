//! Reads a skill from a zip without unpacking it to disk, and refuses what no honest zip has: paths that lead out of its
//! folder, links, entries that hide each other, and files that grow without end.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::contents::{Contents, is_markdown};
use super::{Finding, error};

/// The most entries of a skill; beyond, nothing is read.
const MOST_ENTRIES: usize = 20_000;
/// The most bytes that all files of a skill unpack to.
const MOST_BYTES: u64 = 200_000_000;
/// How much larger than in the zip a file may be, once it is larger than [`SMALL`]. Text shrinks to a third or a tenth.
const MOST_GROWTH: u64 = 200;
const SMALL: u64 = 1_000_000;

/// Reads the skill in a zip file. What is refused is a finding, and not read.
pub(super) fn read(file: File, findings: &mut Vec<Finding>) -> Result<Contents, ZipError> {
    let packed = file.metadata()?.len();
    let mut archive = ZipArchive::new(file)?;
    let mut contents = Contents { packed: Some(packed), ..Contents::default() };
    if archive.len() > MOST_ENTRIES {
        let message = format!("{} entries; a skill has at most {MOST_ENTRIES}", archive.len());
        findings.push(error("", "zip-bomb", message));
        return Ok(contents);
    }
    if archive.has_duplicate_names() {
        let message = "two entries have the same name, so that one hides the other".to_owned();
        findings.push(error("", "duplicate-entry", message));
    }
    if archive.has_overlapping_files()? {
        let message = "entries share their bytes, as they do in files that grow without end".to_owned();
        findings.push(error("", "zip-bomb", message));
        return Ok(contents);
    }
    let mut left = MOST_BYTES;
    let mut tops = BTreeSet::new();
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index)?;
        let name = entry.name()?.into_owned();
        if let Some(finding) = refusal(&entry, &name, left) {
            findings.push(finding);
            continue;
        }
        let (top, relative) = name.split_once('/').unwrap_or(("", &name));
        tops.insert(top.to_owned());
        if entry.is_dir() {
            continue;
        }
        let mut bytes = Vec::new();
        // What an entry says of its size is not to be believed.
        let read = entry.by_ref().take(left + 1).read_to_end(&mut bytes)? as u64;
        if read > left {
            findings.push(too_large(&name));
            break;
        }
        left -= read;
        contents.add(relative.to_owned(), read, is_markdown(relative).then_some(bytes), findings);
    }
    contents.name = top_folder(&tops, findings);
    Ok(contents)
}

/// Why an entry is not read.
fn refusal(entry: &ZipFile<'_, File>, name: &str, left: u64) -> Option<Finding> {
    let absolute = name.starts_with(['/', '\\']) || name.get(1..2) == Some(":");
    if absolute || name.contains(['\\', '\0']) || name.split('/').any(|part| part == ".." || part == ".") {
        let message = "the path of the entry leads out of the folder that it is unpacked to".to_owned();
        return Some(error(name, "unsafe-path", message));
    }
    if entry.is_symlink() {
        return Some(error(name, "symlink", "symbolic links do not belong in a skill".to_owned()));
    }
    if entry.encrypted() {
        return Some(error(name, "encrypted", "the entry is encrypted, so nobody can look at it".to_owned()));
    }
    let growth = entry.size() / entry.compressed_size().max(1);
    let grows = entry.size() > SMALL && growth > MOST_GROWTH;
    (grows || entry.size() > left).then(|| too_large(name))
}

fn too_large(name: &str) -> Finding {
    let message = format!(
        "the entry unpacks to far more than it is in the zip, or all to more than {MOST_BYTES} bytes"
    );
    error(name, "zip-bomb", message)
}

/// The one folder that all entries stand in.
fn top_folder(tops: &BTreeSet<String>, findings: &mut Vec<Finding>) -> String {
    let named: Vec<&str> = tops.iter().map(String::as_str).collect();
    match named.as_slice() {
        [one] if !one.is_empty() => (*one).to_owned(),
        _ => {
            let names: Vec<String> = named
                .iter()
                .map(|name| if name.is_empty() { "no folder".to_owned() } else { format!("`{name}/`") })
                .collect();
            let message = format!("a zip holds the skill in one folder; this one has {}", names.join(", "));
            findings.push(error("", "top-folder", message));
            named.iter().find(|name| !name.is_empty()).map_or_else(String::new, |name| (*name).to_owned())
        }
    }
}
