//! Boxes of notes and sets of tabs, told by what they hold: a note begins with a line that says what kind it is, and of the
//! panels of tabs all but one are hidden. Only what is so wherever its class stands is suggested.

use std::collections::{BTreeMap, BTreeSet};

use scraper::ElementRef;

use crate::extract::dom::{ancestry, descendants, name, text_of};
use crate::extract::hidden::is_hidden;
use crate::extract::infer::Finding;
use crate::extract::infer::candidate::of_element;
use crate::extract::infer::evidence::SitePages;
use crate::profile::SelectorProfile;

/// What notes say of themselves, in lower case.
const KINDS: [&str; 9] =
    ["note", "tip", "hint", "info", "important", "warning", "caution", "danger", "attention"];
/// The fewest pages that a selector must be right on.
const LEAST: usize = 2;
/// The share of the elements of a selector, in per cent, for which it must be right.
const SHARE: usize = 90;
/// The longest label of a tab, in bytes.
const LONGEST_LABEL: usize = 40;
/// The most tabs of a set.
const MOST_TABS: usize = 24;

/// What the boxes of the pages suggest.
#[derive(Default)]
pub(super) struct Boxes {
    pub(super) notes: Vec<Finding>,
    pub(super) note_titles: Vec<Finding>,
    pub(super) tab_sets: Vec<Finding>,
    pub(super) tab_labels: Vec<Finding>,
    pub(super) tab_panels: Vec<Finding>,
}

impl Boxes {
    /// Everything that was found.
    pub(super) fn parts(&self) -> impl Iterator<Item = &Finding> {
        let tabs = self.tab_sets.iter().chain(&self.tab_labels).chain(&self.tab_panels);
        tabs.chain(&self.notes).chain(&self.note_titles)
    }
}

/// How often a selector was right.
#[derive(Default)]
struct Count {
    right: usize,
    all: usize,
    pages: BTreeSet<usize>,
}

/// The counts of one question by selector.
#[derive(Default)]
struct Tally(BTreeMap<(u8, String), Count>);

impl Tally {
    fn add(&mut self, at: usize, element: ElementRef<'_>, is_right: bool) {
        for found in of_element(element).into_iter().filter(|found| found.base.contains(['.', '='])) {
            let count = self.0.entry((found.rank, found.selector())).or_default();
            count.all += 1;
            if is_right {
                count.right += 1;
                count.pages.insert(at);
            }
        }
    }

    /// The selector that is right most often, where one is right wherever it matches.
    fn best(&self, what: &str) -> Vec<Finding> {
        let is_sure = |count: &Count| count.pages.len() >= LEAST && count.right * 100 >= count.all * SHARE;
        let sure = self.0.iter().filter(|(_, count)| is_sure(count));
        // Of equals the first by rank and name.
        let best = sure.rev().max_by_key(|(_, count)| count.right);
        let finding = |((_, selector), count): (&(u8, String), &Count)| Finding {
            selector: selector.clone(),
            evidence: format!(
                "{what} in {} of {} elements, on {} pages",
                count.right,
                count.all,
                count.pages.len()
            ),
        };
        best.map(finding).into_iter().collect()
    }
}

/// The boxes of notes and the tabs that the base does not know yet.
pub(super) fn infer(site: &SitePages<'_>, base: &SelectorProfile) -> Boxes {
    let (mut notes, mut titles) = (Tally::default(), Tally::default());
    let (mut sets, mut labels, mut panels) = (Tally::default(), Tally::default(), Tally::default());
    for (at, page) in site.pages.iter().enumerate() {
        let Some(root) = page.root() else { continue };
        for element in descendants(root).filter(|element| name(*element) != "pre") {
            let is_known = |above: ElementRef<'_>| {
                base.admonition.blocks.matches(above) || base.tabs.sets.matches(above)
            };
            if ancestry(element).take_while(|above| above.id() != root.id()).any(is_known) {
                continue;
            }
            let above = element.parent().and_then(ElementRef::wrap);
            notes.add(at, element, note_title(element).is_some());
            let is_title = above.and_then(note_title).is_some_and(|title| title.id() == element.id());
            titles.add(at, element, is_title);
            sets.add(at, element, tabs_of(element).is_some());
            let set = ancestry(element).skip(1).take(2).find_map(tabs_of);
            let is_of = |parts: &[ElementRef<'_>]| parts.iter().any(|part| part.id() == element.id());
            labels.add(at, element, set.as_ref().is_some_and(|(labels, _)| is_of(labels)));
            panels.add(at, element, set.as_ref().is_some_and(|(_, panels)| is_of(panels)));
        }
    }
    let mut boxes = Boxes { notes: notes.best("begins with the kind of a note"), ..Boxes::default() };
    if !boxes.notes.is_empty() {
        boxes.note_titles = titles.best("says the kind of a note");
    }
    let (sets, labels, panels) = (
        sets.best("has as many labels as panels, all but one hidden"),
        labels.best("is a label of such tabs"),
        panels.best("is a panel of such tabs"),
    );
    // One of the three alone would read nothing.
    if !sets.is_empty() && !labels.is_empty() && !panels.is_empty() {
        (boxes.tab_sets, boxes.tab_labels, boxes.tab_panels) = (sets, labels, panels);
    }
    boxes
}

/// The line that says what kind of note an element is, where it begins with one and says more than that.
fn note_title(element: ElementRef<'_>) -> Option<ElementRef<'_>> {
    if !matches!(name(element), "div" | "aside" | "section" | "blockquote") {
        return None;
    }
    let mut children = element.children().filter(|child| {
        child.value().is_element() || child.value().as_text().is_some_and(|text| !text.trim().is_empty())
    });
    let title = children.next().and_then(ElementRef::wrap)?;
    let is_kind = |text: &str| KINDS.contains(&text.trim().trim_end_matches(':').to_lowercase().as_str());
    (is_kind(&text_of(*title)) && children.next().is_some()).then_some(title)
}

/// The labels and panels of an element that holds a row of labels and as many panels, of which one is shown.
fn tabs_of(element: ElementRef<'_>) -> Option<(Vec<ElementRef<'_>>, Vec<ElementRef<'_>>)> {
    let mut parts = element.child_elements();
    let labels: Vec<_> = parts.next()?.child_elements().take(MOST_TABS + 1).collect();
    let is_label = |label: &ElementRef<'_>| {
        let text = text_of(**label);
        matches!(name(*label), "button" | "a" | "li" | "div" | "span" | "label")
            && !text.trim().is_empty()
            && text.len() <= LONGEST_LABEL
    };
    if !(2..=MOST_TABS).contains(&labels.len()) || !labels.iter().all(is_label) {
        return None;
    }
    let panels: Vec<_> = parts.take(MOST_TABS + 1).collect();
    let hidden = panels.iter().filter(|panel| is_hidden(**panel)).count();
    (panels.len() == labels.len() && hidden + 1 == panels.len()).then_some((labels, panels))
}
