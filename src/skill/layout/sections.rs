//! Where the sections of the pages stand in the reference files.

use std::collections::BTreeMap;

use crate::skill::layout::references::ReferenceFile;
use crate::skill::text::outline::headings;
use crate::skill::text::slug::Anchors;

/// A heading within a page of a reference file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The index of the file.
    pub file: usize,
    /// Its text.
    pub text: String,
    /// Its anchor in the file.
    pub anchor: String,
    /// Its level in the file; the pages' own headings have the second.
    pub level: u8,
}

/// The sections of all files by the index of their page's reference, in reading order, without the headings of the pages
/// themselves.
pub fn sections(files: &[ReferenceFile]) -> BTreeMap<usize, Vec<Section>> {
    let mut found: BTreeMap<usize, Vec<Section>> = BTreeMap::new();
    for (number, file) in files.iter().enumerate() {
        let mut anchors = Anchors::default();
        let mut page = None;
        for heading in headings(&file.text) {
            let anchor = anchors.next(&heading.text);
            if let Some(entry) = file.pages.iter().find(|entry| entry.anchor == anchor) {
                page = Some(entry.reference);
            } else if let Some(reference) = page.filter(|_| heading.outermost) {
                let section = Section { file: number, text: heading.text, anchor, level: heading.level };
                found.entry(reference).or_default().push(section);
            }
        }
    }
    found
}
