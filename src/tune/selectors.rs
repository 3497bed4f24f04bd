//! On how many pages each selector matched, so that dead ones show.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::config::ExtractRules;
use crate::profile::{GENERIC, Profiles, SelectorProfile, Selectors};
use crate::tune::ReadAgain;

/// A selector and the pages on which it matched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SelectorCount {
    /// The profile that read the pages.
    pub profile: String,
    /// The key of the list in the profile's file.
    pub list: &'static str,
    /// The selector as it was written.
    pub selector: String,
    /// Whether the profile, or the config, states it itself; `false` for what it inherits and for all of `generic`.
    pub own: bool,
    /// How many pages it matched.
    pub pages: usize,
    /// How many pages were read with the profile.
    pub of: usize,
}

/// Counts the selectors of every profile that read a page, in the order of its file.
pub fn count_selectors(pages: &[ReadAgain], profiles: &Profiles, rules: &ExtractRules) -> Vec<SelectorCount> {
    let mut matched: HashMap<(&str, &str, usize), usize> = HashMap::new();
    let mut read_with: BTreeMap<&str, usize> = BTreeMap::new();
    for page in pages {
        let Some(selectors) = &page.survey.matched else { continue };
        let name = page.survey.reading.profile.as_str();
        *read_with.entry(name).or_default() += 1;
        for (list, place) in selectors {
            *matched.entry((name, list, *place)).or_default() += 1;
        }
    }
    let mut counts = Vec::new();
    for (name, of) in read_with {
        // A profile that read pages is there, and its overrides were checked when it was loaded.
        let Ok(plain) = profiles.get(name) else { continue };
        let Ok(profile) = plain.with_overrides(&rules.selectors) else { continue };
        // What reads any page has much that a single site cannot have; it counts as if it was inherited from itself.
        let parent = match name {
            GENERIC => Some(plain),
            _ => plain.extends.as_deref().and_then(|parent| profiles.get(parent).ok()),
        };
        for (at, (list, selectors)) in profile.lists().into_iter().enumerate() {
            for (place, selector) in selectors.texts().enumerate() {
                counts.push(SelectorCount {
                    profile: name.to_owned(),
                    list,
                    selector: selector.to_owned(),
                    own: !is_inherited(parent, at, selector),
                    pages: matched.get(&(name, list, place)).copied().unwrap_or(0),
                    of,
                });
            }
        }
    }
    counts
}

fn is_inherited(parent: Option<&SelectorProfile>, list: usize, selector: &str) -> bool {
    let holds = |list: &Selectors| list.texts().any(|text| text == selector);
    parent.is_some_and(|parent| parent.lists().get(list).is_some_and(|(_, list)| holds(list)))
}
