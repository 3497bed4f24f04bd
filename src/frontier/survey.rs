//! The order of a survey: few URLs that stand for the whole site.
//!
//! A crawl goes breadth first, since it comes to everything in the end. A survey ends after some twenty requests. Of what
//! is pending it hands out, in order: the seed URLs; the files that list pages, as many as were agreed on; then pages,
//! one level of the site after the other and again from the top, in each level from the folder that was looked at least.
//! A level whose pages lead to nothing new waits for the others.
//!
//! What is handed out obeys everything that a crawl obeys: scope, robots.txt and the clocks of the hosts.

use std::collections::HashMap;

use super::candidate::{FoundBy, Kind};
use super::lease::Lease;
use super::store::{Added, Row};
use crate::url::CanonicalUrl;

/// After so many pages of a level that led to nothing new, the other levels come first.
const ENOUGH_BARREN: u32 = 2;
/// Levels further down take their turns together. In a site that is no tree, a chain of links would make a level of each
/// page, and what the lists name would be looked at least.
const LAST_LEVEL: u32 = 2;

/// What a survey has handed out so far.
#[derive(Debug)]
pub(super) struct Survey {
    listings_left: u32,
    levels: HashMap<Stratum, Level>,
    /// Pages handed out by the folder that they lie in.
    folders: HashMap<String, u32>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Level {
    asked: u32,
    /// Pages that nothing had led to before.
    news: usize,
}

impl Survey {
    /// Nothing was handed out yet; of listings there are to be so many at most.
    pub(super) fn new(listings: u32) -> Self {
        Self { listings_left: listings, levels: HashMap::new(), folders: HashMap::new() }
    }

    /// Which of the pending rows comes next.
    pub(super) fn choose(&self, rows: Vec<Row>) -> Option<Row> {
        rows.into_iter().filter(|row| row.kind == Kind::Page || self.listings_left > 0).min_by_key(|row| {
            let level = self.levels.get(&stratum_of(row)).copied().unwrap_or_default();
            let is_barren = level.asked >= ENOUGH_BARREN && level.news == 0;
            let rank = match (row.kind, row.found_by) {
                (Kind::Page, FoundBy::Seed) => 0,
                (Kind::Page, _) => 2,
                _ => 1,
            };
            if rank < 2 {
                return (rank, false, row.depth, (0, 0), 0, u64::try_from(row.id).unwrap_or_default());
            }
            let folder = self.folders.get(folder_of(row)).copied().unwrap_or_default();
            (rank, is_barren, level.asked, stratum_of(row), folder, draw(&row.url))
        })
    }

    /// Takes note of what is handed out, or refused in its turn.
    pub(super) fn note_asked(&mut self, row: &Row) {
        if row.kind != Kind::Page {
            self.listings_left = self.listings_left.saturating_sub(1);
        } else if row.found_by != FoundBy::Seed {
            self.levels.entry(stratum_of(row)).or_default().asked += 1;
            *self.folders.entry(folder_of(row).to_owned()).or_default() += 1;
        }
    }

    /// Takes note of what a page that was handed out led to.
    pub(super) fn note_found(&mut self, lease: &Lease, added: &[Added]) {
        let news = added.iter().filter(|added| added.row.kind == Kind::Page && added.state == "pending");
        let stratum = stratum(lease.found_by, lease.depth, &lease.url);
        self.levels.entry(stratum).or_default().news += news.count();
    }
}

/// A level, and in it the pages with as many folders: a chapter and its sections lead to different things.
type Stratum = (u32, usize);

/// All that listings name is one level, whatever they are nested in.
fn stratum(found_by: FoundBy, depth: u32, url: &CanonicalUrl) -> Stratum {
    let level = match found_by {
        FoundBy::Sitemap | FoundBy::LlmsTxt | FoundBy::Index | FoundBy::Tree => 0,
        _ => depth.min(LAST_LEVEL),
    };
    (level, url.path().split('/').filter(|segment| !segment.is_empty()).count())
}

fn stratum_of(row: &Row) -> Stratum {
    stratum(row.found_by, row.depth, &row.url)
}

fn folder_of(row: &Row) -> &str {
    let text = row.url.as_str().split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    text.rsplit_once('/').map_or(text, |(folder, _)| folder)
}

/// A number that depends on the address alone and tells nothing about it (FNV-1a), so that a survey is the same each time
/// and still a fair draw. The host does not count: a copy of a site is looked at as the site is.
fn draw(url: &CanonicalUrl) -> u64 {
    let authority = url.authority();
    let below = url.as_str().strip_prefix(authority.as_str()).unwrap_or(url.as_str());
    below.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::Survey;
    use crate::frontier::candidate::{FoundBy, Kind};
    use crate::frontier::store::Row;
    use crate::url::CanonicalUrl;

    fn row(id: i64, path: &str, kind: Kind, found_by: FoundBy, depth: u32) -> Row {
        let url = CanonicalUrl::parse(&format!("https://d.example{path}")).unwrap();
        Row { id, url, kind, found_by, depth, hops: 0, tries: 0 }
    }

    fn site() -> Vec<Row> {
        let mut rows = vec![
            row(1, "/", Kind::Page, FoundBy::Seed, 0),
            row(2, "/sitemap.xml", Kind::Sitemap, FoundBy::Discovery, 0),
            row(3, "/objects.inv", Kind::Index, FoundBy::Discovery, 2),
            row(4, "/a/", Kind::Page, FoundBy::Content, 1),
            row(5, "/b/", Kind::Page, FoundBy::Content, 1),
        ];
        rows.extend((0..4).map(|number| {
            let path = format!("/{}/{number}", if number < 3 { "a" } else { "b" });
            row(10 + number, &path, Kind::Page, FoundBy::Content, 2)
        }));
        rows
    }

    #[test]
    fn listings_come_before_pages_and_levels_take_turns() {
        let mut survey = Survey::new(1);
        let mut left = site();
        let mut order = Vec::new();
        while let Some(row) = survey.choose(left) {
            survey.note_asked(&row);
            order.push(row.url.path().to_owned());
            left =
                site().into_iter().filter(|row| !order.iter().any(|path| path == row.url.path())).collect();
        }
        assert_eq!(order[..2], ["/", "/sitemap.xml"], "of two listings one was agreed on");
        assert!(!order.contains(&"/objects.inv".to_owned()));
        let depth = |path: &String| path.trim_matches('/').split('/').count();
        let depths: Vec<usize> = order[2..].iter().map(depth).collect();
        assert_eq!(depths, [1, 2, 1, 2, 2, 2], "{order:?}");
        let folders: Vec<&str> =
            order[2..].iter().filter(|path| depth(path) == 2).map(|path| &path[..2]).collect();
        assert_ne!(folders[0], folders[1], "{order:?}");
    }
}
