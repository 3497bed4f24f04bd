//! What the checklist asks, as `items.toml` has it.

use std::sync::LazyLock;

use serde::Deserialize;

/// One item as it is written down.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Definition {
    pub id: String,
    pub title: String,
    pub measure: Measure,
    pub unit: Unit,
    pub how: String,
    pub points: f64,
    pub pass: Bounds,
    pub remark: Option<Bounds>,
}

/// The numbers that an item can look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Measure {
    Selected,
    Found,
    Kept,
    Failed,
    Answered,
    Examples,
    IllNamed,
    Code,
    Packages,
    Placed,
    Addressing,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Unit {
    #[serde(rename = "percent")]
    Percent,
    #[serde(rename = "pages")]
    Pages,
    #[serde(rename = "code blocks")]
    CodeBlocks,
    #[serde(rename = "files")]
    Files,
    #[serde(rename = "packages")]
    Packages,
    #[serde(rename = "folders")]
    Folders,
}

impl Unit {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Percent => "percent",
            Self::Pages => "pages",
            Self::CodeBlocks => "code blocks",
            Self::Files => "files",
            Self::Packages => "packages",
            Self::Folders => "folders",
        }
    }
}

/// A span of numbers, its ends included.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bounds {
    pub at_least: Option<f64>,
    pub at_most: Option<f64>,
}

impl Bounds {
    pub(super) fn holds(self, value: f64) -> bool {
        self.at_least.is_none_or(|least| value >= least) && self.at_most.is_none_or(|most| value <= most)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Definitions {
    item: Vec<Definition>,
}

/// The items in order. They are part of the program; a test reads them, so they are never missing.
pub(super) fn definitions() -> &'static [Definition] {
    static ITEMS: LazyLock<Vec<Definition>> = LazyLock::new(|| read().unwrap_or_default());
    &ITEMS
}

fn read() -> Result<Vec<Definition>, toml::de::Error> {
    toml::from_str::<Definitions>(include_str!("items.toml")).map(|definitions| definitions.item)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::read;

    #[test]
    fn the_items_can_be_read_and_make_a_hundred_points() {
        let items = read().unwrap();
        let ids: BTreeSet<&str> = items.iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids.len(), items.len(), "each has an id of its own");
        assert_eq!(items.iter().map(|item| item.points).sum::<f64>(), 100.0);
    }
}
