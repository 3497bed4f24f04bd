//! All lists of selectors of a profile by name, for those who count and compare them.

use super::{SelectorProfile, Selectors};

impl SelectorProfile {
    /// The lists that say how a page is read, under the keys that they have in a profile's file.
    ///
    /// What the browser clicks and waits for is not among them: it acts before a page is recorded, and what it clicked may
    /// be gone afterwards.
    pub fn lists(&self) -> Vec<(&'static str, &Selectors)> {
        vec![
            ("main_content", &self.main_content),
            ("title", &self.title),
            ("breadcrumbs", &self.breadcrumbs),
            ("remove", &self.remove),
            ("keep", &self.keep),
            ("detect.markers", &self.detect.markers),
            ("dissolve", &self.dissolve),
            ("table.grids", &self.table.grids),
            ("code.blocks", &self.code.blocks),
            ("code.tables", &self.code.tables),
            ("code.remove", &self.code.remove),
            ("code.lines", &self.code.lines),
            ("code.captions", &self.code.captions),
            ("tabs.sets", &self.tabs.sets),
            ("tabs.labels", &self.tabs.labels),
            ("tabs.panels", &self.tabs.panels),
            ("admonition.blocks", &self.admonition.blocks),
            ("admonition.titles", &self.admonition.titles),
            ("api.entries", &self.api.entries),
            ("api.signatures", &self.api.signatures),
            ("api.descriptions", &self.api.descriptions),
            ("api.names", &self.api.names),
            ("api.labels", &self.api.labels),
            ("api.classifiers", &self.api.classifiers),
            ("api.parameters", &self.api.parameters),
            ("api.lines", &self.api.lines),
            ("footnote.references", &self.footnote.references),
            ("footnote.notes", &self.footnote.notes),
            ("navigation.containers", &self.navigation.containers),
            ("navigation.contents", &self.navigation.contents),
            ("navigation.items", &self.navigation.items),
            ("navigation.groups", &self.navigation.groups),
        ]
    }
}
