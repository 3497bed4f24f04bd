//! What a page holds at which element: text of its own, text that other pages have too, text of links.
//!
//! Lines are compared, not words: a line is all text that belongs to one block element. Menus, footers and banners are
//! lines that many pages have; what differs from page to page is most likely content. Headings are compared with
//! headings and links with links: the menu of every page has the title of each. The text of links is counted by
//! itself, since lists of links (a table of contents, the pages before and after) differ too. A heading is content
//! although it is a link.

use std::collections::{HashMap, HashSet};

use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Node};

use crate::extract::dom::{ancestry, name};
use crate::extract::hidden::{is_hidden, is_never_shown};
use crate::extract::infer::candidate::{Candidate, of_element, target};
use crate::extract::infer::{Finding, LEAST_PAGES};
use crate::extract::page::Page;
use crate::extract::reader::is_block;
use crate::url::CanonicalUrl;

/// The share of pages, in per cent, that must have a line for it to be shared.
const SHARED: usize = 30;
/// Letters of a heading count more: a page without its headings is worse than one without a sentence.
const HEADING_WEIGHT: usize = 3;
/// A page with fewer letters of its own speaks for nothing.
const LEAST_OWN: usize = 60;

/// The text below an element, in letters and digits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Sums {
    /// What few pages have, headings weighted.
    pub(super) own: usize,
    /// What many pages have.
    pub(super) shared: usize,
    /// What is the text of links.
    pub(super) linked: usize,
    /// Signs that are neither letters nor digits.
    pub(super) marks: usize,
}

impl Sums {
    pub(super) fn letters(self) -> usize {
        self.own + self.shared + self.linked
    }

    pub(super) fn is_empty(self) -> bool {
        self.letters() + self.marks == 0
    }
}

/// A run of text with the line that it is a part of.
struct Run {
    parent: NodeId,
    line: NodeId,
    letters: usize,
    marks: usize,
    is_linked: bool,
    is_heading: bool,
}

/// A page, read once.
pub(super) struct Evidence<'a> {
    pub(super) page: Page<'a>,
    runs: Vec<Run>,
    lines: HashMap<NodeId, String>,
    /// The elements by the selectors that they suggest.
    index: HashMap<String, Vec<NodeId>>,
    /// Links to pages of the same host, by element.
    pub(super) links: Vec<(NodeId, CanonicalUrl)>,
    pub(super) sums: HashMap<NodeId, Sums>,
    /// The element that holds the content, once that is known.
    pub(super) root: Option<NodeId>,
}

/// Where in a walk a node stands.
#[derive(Clone, Copy)]
struct Place {
    line: NodeId,
    is_linked: bool,
    is_heading: bool,
}

impl<'a> Evidence<'a> {
    pub(super) fn read(page: Page<'a>) -> Self {
        let mut evidence = Self {
            page,
            runs: Vec::new(),
            lines: HashMap::new(),
            index: HashMap::new(),
            links: Vec::new(),
            sums: HashMap::new(),
            root: None,
        };
        evidence.walk();
        evidence
    }

    fn walk(&mut self) {
        let (url, base) = (self.page.url().clone(), self.page.base().clone());
        let Some(body) =
            self.page.html().root_element().child_elements().find(|child| name(*child) == "body")
        else {
            return;
        };
        let start = Place { line: body.id(), is_linked: false, is_heading: false };
        let (mut runs, mut index, mut links) =
            (Vec::new(), HashMap::<String, Vec<NodeId>>::new(), Vec::new());
        let mut lines = HashMap::<NodeId, String>::new();
        let mut pending = vec![(*body, start)];
        while let Some((node, place)) = pending.pop() {
            if let Node::Text(text) = node.value() {
                let letters = text.chars().filter(|next| next.is_alphanumeric());
                let line = lines.entry(place.line).or_insert_with(|| kind_of(place).to_owned());
                let before = line.len();
                line.extend(letters);
                runs.push(Run {
                    parent: node.parent().map_or(place.line, |parent| parent.id()),
                    line: place.line,
                    letters: line.get(before..).unwrap_or_default().chars().count(),
                    marks: text
                        .chars()
                        .filter(|next| !next.is_alphanumeric() && !next.is_whitespace())
                        .count(),
                    is_linked: place.is_linked,
                    is_heading: place.is_heading,
                });
                continue;
            }
            let Some(element) = ElementRef::wrap(node) else { continue };
            if is_never_shown(element) || is_hidden(element) {
                continue;
            }
            for candidate in of_element(element) {
                index.entry(candidate.base).or_default().push(element.id());
            }
            if name(element) == "a"
                && let Some(target) = target(element, &base)
                && target.authority() == url.authority()
            {
                links.push((element.id(), target));
            }
            let inner = inside(element, place);
            // The last is taken first, so that the order is that of the document.
            pending.extend(node.children().rev().map(|child| (child, inner)));
        }
        (self.runs, self.lines, self.index, self.links) = (runs, lines, index, links);
    }

    /// The elements that a selector means, in document order.
    pub(super) fn matches(&self, candidate: &Candidate) -> Vec<ElementRef<'_>> {
        let ids = self.index.get(&candidate.base).map(Vec::as_slice).unwrap_or_default();
        let elements = ids.iter().filter_map(|id| self.element(*id));
        match &candidate.child {
            None => elements.collect(),
            Some(child) => elements
                .flat_map(|element| element.child_elements())
                .filter(|below| name(*below) == child)
                .collect(),
        }
    }

    pub(super) fn element(&self, id: NodeId) -> Option<ElementRef<'_>> {
        self.page.html().tree.get(id).and_then(ElementRef::wrap)
    }

    pub(super) fn sums_of(&self, element: ElementRef<'_>) -> Sums {
        self.sums.get(&element.id()).copied().unwrap_or_default()
    }

    /// The text of the whole page.
    pub(super) fn total(&self) -> Sums {
        self.sums.get(&self.page.html().root_element().id()).copied().unwrap_or_default()
    }

    /// Whether the page says enough of its own to speak for anything.
    pub(super) fn speaks(&self) -> bool {
        self.total().own >= LEAST_OWN
    }

    /// The element that holds the content.
    pub(super) fn root(&self) -> Option<ElementRef<'_>> {
        self.root.and_then(|id| self.element(id))
    }

    /// Whether an element stands in the content, or holds it.
    pub(super) fn is_beside_root(&self, element: ElementRef<'_>) -> bool {
        let Some(root) = self.root() else { return true };
        let is_above = |inner: ElementRef<'_>, outer: ElementRef<'_>| {
            ancestry(inner).any(|above| above.id() == outer.id())
        };
        !is_above(element, root) && !is_above(root, element)
    }

    fn weigh(&mut self, shared: &HashSet<&str>) {
        let mut sums: HashMap<NodeId, Sums> = HashMap::new();
        for run in &self.runs {
            let is_shared = self.lines.get(&run.line).is_some_and(|line| shared.contains(line.as_str()));
            let mut own = Sums { marks: run.marks, ..Sums::default() };
            match (is_shared, run.is_heading, run.is_linked) {
                (true, ..) => own.shared = run.letters,
                (false, true, _) => own.own = run.letters * HEADING_WEIGHT,
                (false, false, true) => own.linked = run.letters,
                (false, false, false) => own.own = run.letters,
            }
            let holder = self.page.html().tree.get(run.parent);
            for above in holder.into_iter().flat_map(with_ancestors) {
                let sum = sums.entry(above.id()).or_default();
                sum.own += own.own;
                sum.shared += own.shared;
                sum.linked += own.linked;
                sum.marks += own.marks;
            }
        }
        self.sums = sums;
    }
}

fn inside(element: ElementRef<'_>, place: Place) -> Place {
    let tag = name(element);
    Place {
        line: if is_block(element) { element.id() } else { place.line },
        is_linked: place.is_linked || tag == "a",
        is_heading: place.is_heading || matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6"),
    }
}

/// What a line is compared as.
fn kind_of(place: Place) -> &'static str {
    match (place.is_heading, place.is_linked) {
        (true, _) => "#",
        (false, true) => "@",
        (false, false) => "=",
    }
}

fn with_ancestors(node: NodeRef<'_, Node>) -> impl Iterator<Item = NodeRef<'_, Node>> {
    std::iter::successors(Some(node), |node| node.parent())
}

/// The pages of a site, compared with each other.
pub(super) struct SitePages<'a> {
    pub(super) pages: Vec<Evidence<'a>>,
}

impl<'a> SitePages<'a> {
    /// Tells the lines that many pages have from those that are a page's own.
    pub(super) fn compare(mut pages: Vec<Evidence<'a>>) -> Self {
        let mut pages_with: HashMap<String, usize> = HashMap::new();
        for page in &pages {
            let lines: HashSet<&String> = page.lines.values().filter(|line| line.len() > 1).collect();
            for line in lines {
                *pages_with.entry(line.clone()).or_default() += 1;
            }
        }
        let enough = (pages.len() * SHARED).div_ceil(100).max(LEAST_PAGES - 1);
        let shared: HashSet<&str> =
            pages_with.iter().filter(|(_, count)| **count >= enough).map(|(line, _)| line.as_str()).collect();
        pages.iter_mut().for_each(|page| page.weigh(&shared));
        Self { pages }
    }

    /// Takes down which element of each page holds the content.
    pub(super) fn find_roots(&mut self, main_content: &[Finding]) {
        for page in &mut self.pages {
            let found = main_content.iter().find_map(|finding| {
                let selector = scraper::Selector::parse(&finding.selector).ok()?;
                let matches = page.page.html().select(&selector);
                let best = matches.max_by_key(|element| page.sums_of(*element).letters())?;
                (page.sums_of(best).own > 0).then(|| best.id())
            });
            page.root = found;
        }
    }

    /// The pages that say enough to speak for anything.
    pub(super) fn speaking(&self) -> impl Iterator<Item = &Evidence<'a>> {
        self.pages.iter().filter(|page| page.speaks())
    }
}
