//! What a file holds, in the words of the navigation: the groups that are whole in it, and pages of the others.

use std::collections::BTreeSet;

use crate::skill::layout::categorize::{PagePart, pages_in};
use crate::skill::layout::group::{Group, Member, pages_of};
use crate::skill::layout::naming::{MOST_NAMES, Piece, REST, ROOT, Titles};
use crate::skill::pages::label;

/// Describes the pages of one file.
pub fn piece(parts: Vec<PagePart>, root: &Group, titles: &Titles, start: Option<usize>) -> Piece {
    let pages = pages_in(&parts);
    let mut trail: Vec<&Group> = Vec::new();
    let mut around = root;
    while let Some(inner) = holder(around, &pages) {
        trail.push(inner);
        around = inner;
    }
    let mut piece = Piece {
        group: trail.first().map_or_else(String::new, |group| group.title.clone()),
        within: trail.get(1..).and_then(<[&Group]>::last).map(|group| group.title.clone()),
        labels: Vec::new(),
        slugs: Vec::new(),
        torn: false,
        pages: parts,
    };
    if let [part] = piece.pages.as_slice()
        && (part.from.is_some() || part.range.end < titles.length(part.reference))
    {
        let heading = part.from.as_deref().and_then(label::of_heading);
        let called = part.called.clone().and_then(|called| label::of_heading(&called));
        piece.labels = std::iter::once(titles.label(part.reference)).chain(heading.clone()).collect();
        piece.slugs = std::iter::once(titles.slug(part.reference)).chain(called.or(heading)).collect();
        piece.torn = true;
        return piece;
    }
    let all = pages_of(around);
    let opens = all.first().is_some_and(|first| {
        pages.contains(first) && titles.label(*first).eq_ignore_ascii_case(&around.title)
    });
    let whole = all.len() == pages.len();
    let at_root = trail.is_empty();
    // All of a group bears its name; all of the site is the overview of it.
    if whole || (opens && !at_root) {
        return piece;
    }
    describe(around, &pages, titles, &mut piece);
    // Of pages that stand nowhere there is no name; the start page says what they are.
    let loose = at_root && groups_among(root, &pages) == 0;
    if loose && start.is_some_and(|start| pages.contains(&start)) {
        piece.labels = vec![ROOT.to_owned()];
        piece.slugs = piece.labels.clone();
    } else if loose && piece.labels.len() > MOST_NAMES && has_start_elsewhere(root, start, &pages) {
        piece.labels = vec![REST.to_owned()];
        piece.slugs = piece.labels.clone();
    }
    piece
}

/// The group within this one that alone holds all of the pages.
fn holder<'a>(group: &'a Group, pages: &BTreeSet<usize>) -> Option<&'a Group> {
    group.members.iter().find_map(|member| match member {
        Member::Group(inner) => {
            let held = pages_of(inner);
            pages.iter().all(|page| held.contains(page)).then_some(inner)
        }
        Member::Page(_) => None,
    })
}

/// Names what stands in the file: a group where it is whole, else its groups and pages.
fn describe(group: &Group, pages: &BTreeSet<usize>, titles: &Titles, piece: &mut Piece) {
    for member in &group.members {
        match member {
            Member::Page(page) if pages.contains(page) => {
                piece.labels.push(titles.label(*page));
                piece.slugs.push(titles.slug(*page));
            }
            Member::Page(_) => {}
            Member::Group(inner) => {
                let held = pages_of(inner);
                let here = held.iter().filter(|page| pages.contains(page)).count();
                if here == held.len() {
                    piece.labels.push(inner.title.clone());
                    piece.slugs.push(inner.title.clone());
                } else if here > 0 {
                    describe(inner, pages, titles, piece);
                }
            }
        }
    }
}

fn groups_among(root: &Group, pages: &BTreeSet<usize>) -> usize {
    let groups = root.members.iter().filter_map(|member| match member {
        Member::Group(group) => Some(group),
        Member::Page(_) => None,
    });
    groups.filter(|group| pages_of(group).iter().any(|page| pages.contains(page))).count()
}

fn has_start_elsewhere(root: &Group, start: Option<usize>, pages: &BTreeSet<usize>) -> bool {
    let loose = root.members.iter().filter(|member| matches!(member, Member::Page(_))).count();
    start.is_some_and(|start| !pages.contains(&start)) && loose < pages.len() * 2
}
