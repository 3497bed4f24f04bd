//! What a skill holds, as the checks see it, whether it was read from a folder or from a zip.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, error};
use crate::skill::text::outline::headings;
use crate::skill::text::slug::Anchors;

/// The files of a skill.
#[derive(Debug, Default)]
pub(super) struct Contents {
    /// The name of the folder.
    pub name: String,
    /// Markdown files: path within the folder and text.
    pub markdown: BTreeMap<String, String>,
    /// For each Markdown file the anchors of its headings.
    pub anchors: BTreeMap<String, BTreeSet<String>>,
    /// All files: path within the folder, with `/`, and size in bytes.
    pub files: BTreeMap<String, u64>,
    /// The size of the zip that it was read from.
    pub packed: Option<u64>,
}

impl Contents {
    /// Takes note of a file. `bytes` are its content where it is Markdown.
    pub(super) fn add(
        &mut self,
        path: String,
        size: u64,
        bytes: Option<Vec<u8>>,
        findings: &mut Vec<Finding>,
    ) {
        match bytes.map(String::from_utf8) {
            Some(Ok(text)) => {
                self.anchors.insert(path.clone(), anchors_of(&text));
                self.markdown.insert(path.clone(), text);
            }
            Some(Err(_)) => findings.push(error(&path, "not-utf8", "the text is not UTF-8".to_owned())),
            None => {}
        }
        self.files.insert(path, size);
    }
}

/// Whether a file is read, and not only counted.
pub(super) fn is_markdown(path: &str) -> bool {
    path.ends_with(".md")
}

fn anchors_of(text: &str) -> BTreeSet<String> {
    let mut anchors = Anchors::default();
    headings(text).iter().map(|heading| anchors.next(&heading.text)).collect()
}
