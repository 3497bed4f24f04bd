//! Names of files: such that every system unpacks them, and that a reader can choose by them.

use std::collections::BTreeMap;

use super::contents::Contents;
use super::{Finding, error, warning};
use crate::skill::pages::label;

/// Endings of files, which are no subject.
const FILE_TYPES: [&str; 24] = [
    "asciidoc", "css", "csv", "gif", "htm", "html", "ico", "ipynb", "jpeg", "jpg", "json", "md", "mdx",
    "pdf", "php", "png", "rst", "svg", "toml", "txt", "webp", "xml", "yaml", "yml",
];

/// Checks the names of all files.
pub(super) fn check_names(contents: &Contents, findings: &mut Vec<Finding>) {
    let mut folded: BTreeMap<String, &str> = BTreeMap::new();
    for path in contents.files.keys() {
        if !path.bytes().all(|byte| byte.is_ascii_graphic()) {
            let message =
                "names of files are ASCII without spaces, so that every system unpacks them".to_owned();
            findings.push(error(path, "file-name", message));
        }
        if let Some(other) = folded.insert(path.to_lowercase(), path) {
            let message =
                format!("differs from `{other}` by capitals only; one of them is lost on many systems");
            findings.push(error(path, "case-collision", message));
        }
        let stem = path.strip_prefix("references/").and_then(|name| name.strip_suffix(".md"));
        if stem.is_some_and(|stem| !is_telling(stem)) {
            let message =
                "the name is a number, a date or a file type; it says nothing of the subject".to_owned();
            findings.push(warning(path, "untelling-name", message));
        }
    }
}

/// Whether the name of a reference file, without its ending, names a subject: not a number, a date or a file type.
pub fn is_telling(stem: &str) -> bool {
    let is_type = FILE_TYPES.contains(&stem.to_ascii_lowercase().as_str());
    // Some languages have names of one letter.
    let is_letter = stem.len() == 1 && stem.bytes().all(|byte| byte.is_ascii_alphabetic());
    !is_type && (is_letter || label::of_heading(&stem.replace(['-', '_', '/'], " ")).is_some())
}

#[cfg(test)]
mod tests {
    use super::is_telling;

    #[test]
    fn names_that_say_something() {
        for stem in ["guide", "api-2", "fine-tuning", "v2-migration", "c-api", "c", "index"] {
            assert!(is_telling(stem), "{stem}");
        }
        for stem in ["08", "2020", "2020-05-01", "may-2020", "v2", "png", "html"] {
            assert!(!is_telling(stem), "{stem}");
        }
    }
}
