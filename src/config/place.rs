//! A skill's place in a library as it was typed, checked: its folder becomes part of a path.

use super::LibraryPlace;
use super::file::LibraryFile;

/// Checks the place that a config asks for.
///
/// # Errors
///
/// The key that is wrong, and what is wrong with it, continuing the sentence that begins with the key.
pub(super) fn place(typed: LibraryFile) -> Result<LibraryPlace, (&'static str, String)> {
    if let Some(folder) = typed.folder.as_deref().filter(|folder| !is_folder(folder)) {
        return Err(("library.folder", format!("is `{folder}`, which is no name of a folder")));
    }
    for (key, number) in [("library.tier", typed.tier), ("library.phase", typed.phase)] {
        if number == Some(0) {
            return Err((key, "is 0; they are counted from 1".to_owned()));
        }
    }
    Ok(LibraryPlace { folder: typed.folder, tier: typed.tier, phase: typed.phase })
}

/// Whether this names one folder on every system: letters, digits, hyphens, underscores and dots, none of them first but a
/// letter or a digit.
fn is_folder(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphanumeric())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_.".contains(letter))
}

#[cfg(test)]
mod tests {
    use super::place;
    use crate::config::file::LibraryFile;

    #[test]
    fn a_folder_is_one_name_and_numbers_begin_at_one() {
        let check = |folder: &str, tier: u32, wrong: Option<&str>| {
            let typed = LibraryFile { folder: Some(folder.to_owned()), tier: Some(tier), phase: Some(1) };
            assert_eq!(place(typed).err().map(|(key, _)| key), wrong, "{folder} {tier}");
        };
        check("3-fine-tuning", 1, None);
        for folder in ["", "..", ".hidden", "a/b", "a\\b", "/tmp", "-x", "a b"] {
            check(folder, 1, Some("library.folder"));
        }
        check("3-fine-tuning", 0, Some("library.tier"));
    }
}
