//! From places to files: the groups of the navigation become categories of a size that is good to read.
//!
//! In order: the places form a tree; layers that hold everything are taken off; a group too large for one file is cut
//! by its own groups, then by pages, and only a page that alone is over the cap is cut at its headings; pieces too
//! small for a file join their neighbours. A category is named by the groups and pages it holds.

use std::ops::Range;

use crate::skill::group::{Group, Member, pages_of, take_off_wrappers};
use crate::skill::label;
use crate::skill::limits::Limits;
use crate::skill::naming::{MOST_NAMES, Piece, REST, ROOT, name};
use crate::skill::outline::headings;
use crate::skill::place::Place;
use crate::skill::reference::Reference;

/// A reference file to be: its name and what stands in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// The top-level group that it belongs to; empty for the site's loose pages.
    pub group: String,
    /// Its title, unique in the skill.
    pub title: String,
    /// Its file name without extension, unique in the skill.
    pub slug: String,
    /// The pages in order.
    pub pages: Vec<PagePart>,
}

/// A page, or for a page over the cap a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PagePart {
    /// The index of the reference.
    pub reference: usize,
    /// The bytes of its Markdown that stand here.
    pub range: Range<usize>,
    /// For every part of a torn page but the first: the heading that it begins with.
    pub from: Option<String>,
}

/// Sorts references into categories. Every byte of every reference is in exactly one of them.
pub fn categorize(
    references: &[Reference],
    places: &[Place],
    start: Option<usize>,
    limits: &Limits,
) -> Vec<Category> {
    let mut order: Vec<usize> = (0..references.len()).collect();
    order.sort_by_key(|index| {
        let position = places.get(*index).map_or(usize::MAX, |place| place.position);
        (start != Some(*index), position, references.get(*index).map(|reference| reference.url.clone()))
    });
    let mut root = Group::new("");
    for index in order {
        let Some(place) = places.get(index) else { continue };
        root.insert(&place.trail, index);
    }
    take_off_wrappers(&mut root);
    let cutter = Cutter { references, places, limits };
    let pieces = cutter.join_small_singles(cutter.root_pieces(&root), start);
    name(pieces, references)
}

struct Cutter<'a> {
    references: &'a [Reference],
    places: &'a [Place],
    limits: &'a Limits,
}

impl Cutter<'_> {
    fn root_pieces(&self, root: &Group) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut run = Vec::new();
        for member in &root.members {
            match member {
                Member::Page(page) => run.push(*page),
                Member::Group(group) => {
                    pieces.extend(self.run_pieces("", &std::mem::take(&mut run)));
                    pieces.extend(self.group_pieces(&group.title, group, Vec::new()));
                }
            }
        }
        pieces.extend(self.run_pieces("", &run));
        pieces
    }

    /// The pieces of a group: one if it fits, else those of its members, small neighbours joined.
    fn group_pieces(&self, top: &str, group: &Group, labels: Vec<String>) -> Vec<Piece> {
        let all = pages_of(group);
        if self.size(&all) <= self.limits.comfortable() {
            return vec![self.whole(top, labels, &all)];
        }
        let mut pieces = Vec::new();
        let mut run = Vec::new();
        for member in &group.members {
            match member {
                Member::Page(page) => run.push(*page),
                Member::Group(inner) => {
                    self.push_run(top, group, &labels, &mut run, &mut pieces);
                    pieces.extend(self.group_pieces(top, inner, vec![inner.title.clone()]));
                }
            }
        }
        self.push_run(top, group, &labels, &mut run, &mut pieces);
        self.join_neighbours(pieces)
    }

    /// The pages of a group that stand in none of its groups. Where they begin with the group's own page, their first
    /// piece opens the group and bears its name alone.
    fn push_run(
        &self,
        top: &str,
        group: &Group,
        labels: &[String],
        run: &mut Vec<usize>,
        pieces: &mut Vec<Piece>,
    ) {
        let run = std::mem::take(run);
        let own = run.first().is_some_and(|page| self.title(*page).eq_ignore_ascii_case(&group.title));
        let opens = pieces.is_empty() && own;
        let mut new = self.run_pieces(top, &run);
        if let (true, Some(first)) = (opens, new.first_mut())
            && !first.torn
        {
            first.labels = labels.to_vec();
        }
        pieces.extend(new);
    }

    /// Cuts a run of pages into pieces of about equal size.
    fn run_pieces(&self, top: &str, run: &[usize]) -> Vec<Piece> {
        let total = self.size(run);
        let count = if total <= self.limits.comfortable() { 1 } else { total.div_ceil(self.limits.target) };
        let share = total.div_ceil(count.max(1));
        let mut pieces: Vec<Piece> = Vec::new();
        let mut open: Vec<usize> = Vec::new();
        for page in run {
            let size = self.size(&[*page]);
            // A page that nearly fills a file has one of its own, so that its name says what is in it.
            let large = count > 1 && size * 5 >= self.limits.target * 3;
            let full = !open.is_empty() && self.size(&open) + size / 2 > share;
            if full || large || size > self.limits.cap {
                pieces.extend(self.closed(top, &mut open));
            }
            if size > self.limits.cap {
                pieces.extend(self.torn(top, *page));
            } else {
                open.push(*page);
            }
            if large {
                pieces.extend(self.closed(top, &mut open));
            }
        }
        pieces.extend(self.closed(top, &mut open));
        pieces
    }

    fn closed(&self, top: &str, open: &mut Vec<usize>) -> Option<Piece> {
        let pages = std::mem::take(open);
        let labels = pages.iter().map(|page| self.title(*page)).collect();
        (!pages.is_empty()).then(|| self.whole(top, labels, &pages))
    }

    fn whole(&self, top: &str, labels: Vec<String>, pages: &[usize]) -> Piece {
        let part = |page: &usize| PagePart { reference: *page, range: 0..self.size(&[*page]), from: None };
        Piece {
            group: top.to_owned(),
            labels,
            pages: pages.iter().map(part).collect(),
            bytes: self.size(pages),
            torn: false,
        }
    }

    /// A page over the cap, cut before headings so that each part is as near to the target as they allow.
    fn torn(&self, top: &str, page: usize) -> Vec<Piece> {
        let Some(reference) = self.references.get(page) else { return Vec::new() };
        let markdown = &reference.markdown;
        let mut cuts: Vec<(usize, Option<String>)> = vec![(0, None)];
        let borders: Vec<_> = headings(markdown).into_iter().filter(|heading| heading.outermost).collect();
        for (at, heading) in borders.iter().enumerate() {
            let last = cuts.last().map_or(0, |(start, _)| *start);
            let end = borders.get(at + 1).map_or(markdown.len(), |next| next.range.start);
            if heading.range.start > last && end - last > self.limits.target {
                cuts.push((heading.range.start, Some(heading.text.clone())));
            }
        }
        let ends = cuts.iter().skip(1).map(|(start, _)| *start).chain([markdown.len()]);
        cuts.iter()
            .zip(ends)
            .map(|((start, from), end)| Piece {
                group: top.to_owned(),
                labels: std::iter::once(self.title(page))
                    .chain(from.as_deref().and_then(label::of_heading))
                    .take(2)
                    .collect(),
                pages: vec![PagePart { reference: page, range: *start..end, from: from.clone() }],
                bytes: end - start,
                torn: true,
            })
            .collect()
    }

    /// Joins pieces of one group that are too small for a file with the piece before or after them.
    fn join_neighbours(&self, pieces: Vec<Piece>) -> Vec<Piece> {
        let mut joined: Vec<Piece> = Vec::new();
        for piece in pieces {
            let small = |piece: &Piece| piece.bytes < self.limits.small();
            match joined.last_mut() {
                Some(last)
                    if (small(last) || small(&piece))
                        && last.bytes + piece.bytes <= self.limits.target
                        && !last.torn
                        && !piece.torn =>
                {
                    last.labels.extend(piece.labels);
                    last.pages.extend(piece.pages);
                    last.bytes += piece.bytes;
                }
                _ => joined.push(piece),
            }
        }
        joined
    }

    /// Gathers the small pieces of a single page at the top into one: the site's loose pages, with its start page.
    fn join_small_singles(&self, pieces: Vec<Piece>, start: Option<usize>) -> Vec<Piece> {
        let loose = |piece: &Piece| {
            let single = piece.pages.len() == 1 || piece.group.is_empty();
            single && piece.bytes < self.limits.small() && !piece.torn
        };
        let mut kept: Vec<Piece> = Vec::new();
        let mut gathered: Option<usize> = None;
        for piece in pieces {
            let room = gathered.and_then(|at| kept.get_mut(at));
            match room {
                Some(home) if loose(&piece) && home.bytes + piece.bytes <= self.limits.target => {
                    home.labels = [self.labels_of(home), self.labels_of(&piece)].concat();
                    home.group.clear();
                    home.pages.extend(piece.pages);
                    home.bytes += piece.bytes;
                }
                _ => {
                    if loose(&piece) {
                        gathered = Some(kept.len());
                    }
                    kept.push(piece);
                }
            }
        }
        for piece in kept.iter_mut().filter(|piece| piece.group.is_empty() && !piece.torn) {
            let holds_start = piece.pages.iter().any(|part| Some(part.reference) == start);
            if holds_start {
                piece.labels = vec![ROOT.to_owned()];
            } else if piece.pages.len() > MOST_NAMES {
                piece.labels = vec![REST.to_owned()];
            }
        }
        kept
    }

    /// What a piece is called among others: its labels, or its group.
    fn labels_of(&self, piece: &Piece) -> Vec<String> {
        match (piece.labels.is_empty(), piece.group.is_empty()) {
            (true, false) => vec![piece.group.clone()],
            _ => piece.labels.clone(),
        }
    }

    /// What a page is called in a title: the shorter of its title and its name in the navigation.
    fn title(&self, page: usize) -> String {
        let title = self.references.get(page).map(|reference| reference.title.clone()).unwrap_or_default();
        let label = self.places.get(page).and_then(|place| place.label.clone());
        label.filter(|label| label.chars().count() < title.chars().count()).unwrap_or(title)
    }

    fn size(&self, pages: &[usize]) -> usize {
        pages
            .iter()
            .filter_map(|page| self.references.get(*page))
            .map(|reference| reference.markdown.len())
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::{Category, categorize};
    use crate::extract::{Audit, Reading};
    use crate::render::Source;
    use crate::skill::limits::Limits;
    use crate::skill::place::Place;
    use crate::skill::reference::Reference;
    use crate::url::CanonicalUrl;

    const LIMITS: Limits = Limits { target: 1_000, cap: 2_000, max_tokens: 2_000 };

    fn reference(title: &str, markdown: &str) -> Reference {
        let url = CanonicalUrl::parse(&format!("https://d.example/{title}")).unwrap();
        let document = crate::document::Document { title: title.into(), ..Default::default() };
        let reading = Reading {
            document,
            profile: "test".into(),
            source: Source::Sent,
            warnings: vec![],
            audit: Audit::default(),
        };
        Reference::new(&url, jiff::Timestamp::UNIX_EPOCH, &reading, markdown).unwrap()
    }

    /// Pages as `group/group/title size`, categories as `slug: titles`.
    fn check(pages: &[&str], wanted: &[&str]) {
        let mut references = Vec::new();
        let mut places = Vec::new();
        for (position, page) in pages.iter().enumerate() {
            let (path, size) = page.rsplit_once(' ').unwrap();
            let mut trail: Vec<String> = path.split('/').map(str::to_owned).collect();
            references.push(reference(&trail.pop().unwrap(), &"x".repeat(size.parse().unwrap())));
            places.push(Place { trail, position, label: None });
        }
        let categories = categorize(&references, &places, Some(0), &LIMITS);
        let line = |category: &Category| {
            let titles = category.pages.iter().map(|part| references[part.reference].title.clone());
            format!("{}: {}", category.slug, titles.collect::<Vec<_>>().join(" "))
        };
        assert_eq!(categories.iter().map(line).collect::<Vec<_>>(), wanted);
    }

    #[test]
    fn groups_become_files() {
        check(&["Guide/a 300", "Guide/b 300", "API/c 300", "API/d 300"], &["guide: a b", "api: c d"]);
    }

    #[test]
    fn a_layer_around_everything_is_taken_off() {
        check(
            &["Docs/Guide/a 300", "Docs/Guide/b 300", "Docs/API/c 300", "Docs/API/d 300"],
            &["guide: a b", "api: c d"],
        );
    }

    #[test]
    fn loose_small_pages_stand_together() {
        check(
            &["home 100", "Guide/a 300", "Guide/b 300", "faq 100", "Glossary/c 100"],
            &["overview: home faq c", "guide: a b"],
        );
    }

    #[test]
    fn large_groups_are_cut_by_their_groups_then_by_pages() {
        check(
            &["G/X/a 800", "G/X/b 200", "G/Y/c 500", "G/Y/d 500", "G/Y/e 500", "H/f 300", "H/g 300"],
            &["g-x: a b", "g-c-and-d: c d", "g-e: e", "h: f g"],
        );
        check(
            &[
                "Set/a 200",
                "Set/b 200",
                "Set/c 200",
                "Set/d 200",
                "Set/e 200",
                "Set/f 200",
                "Set/g 200",
                "Set/h 200",
            ],
            &["set-a-to-d: a b c d", "set-e-to-h: e f g h"],
        );
    }

    #[test]
    fn only_a_page_over_the_cap_is_cut_and_nothing_is_lost() {
        let section = |name: &str| format!("## {name}\n\n```\n# no heading\n```\n\n{}\n\n", "y".repeat(700));
        let markdown = ["One", "Two", "Three"].map(section).concat();
        let references = [reference("Big", &markdown), reference("Whole", &"z".repeat(1_900))];
        let place = |position| Place { trail: vec!["G".into()], position, label: None };
        let categories = categorize(&references, &[place(0), place(1)], None, &LIMITS);
        let titles: Vec<&str> = categories.iter().map(|category| category.title.as_str()).collect();
        assert_eq!(titles, ["G: Big", "G: Big: Two", "G: Big: Three", "G: Whole"]);
        let parts =
            categories[..3].iter().map(|category| &references[0].markdown[category.pages[0].range.clone()]);
        assert_eq!(parts.collect::<String>(), references[0].markdown);
    }
}
