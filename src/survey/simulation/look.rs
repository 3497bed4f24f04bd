//! A survey of a site by chance: its order is that of the frontier, and what it saw becomes evidence.

use std::collections::{BTreeMap, HashMap};

use super::sites::Site;
use crate::survey::evidence::{Evidence, Fate, How, ListingSeen, PageKnown, PageSeen, RobotsSeen};
use crate::survey::tests::{page_seen, url};

/// What is left of the requests of an estimate when robots.txt, the lists and the front page are read.
const LOOKS: usize = 14;
/// See `frontier::survey`.
const ENOUGH_BARREN: u32 = 2;
/// See `frontier::survey`.
const LAST_LEVEL: u32 = 2;

#[derive(Clone)]
struct Known {
    how: How,
    parent: Option<usize>,
    depth: u32,
}

type Level = (u32, usize);

#[derive(Default)]
struct Order {
    asked: HashMap<Level, u32>,
    news: HashMap<Level, usize>,
    folders: HashMap<String, u32>,
}

impl Order {
    fn next(&self, site: &Site, known: &BTreeMap<usize, Known>, looked: &[usize]) -> Option<usize> {
        let open = known.iter().filter(|(at, _)| !looked.contains(at));
        let rank = |at: usize, known: &Known| {
            let path = &site.pages[at].path;
            let level = level(known, path);
            let asked = self.asked.get(&level).copied().unwrap_or_default();
            let is_barren = asked >= ENOUGH_BARREN && !self.news.contains_key(&level);
            let folder = self.folders.get(folder(path)).copied().unwrap_or_default();
            (is_barren, asked, level, folder, draw(path))
        };
        open.min_by_key(|(at, known)| rank(**at, known)).map(|(at, _)| *at)
    }

    fn note(&mut self, known: &Known, path: &str, news: usize) {
        let level = level(known, path);
        *self.asked.entry(level).or_default() += 1;
        *self.folders.entry(folder(path).to_owned()).or_default() += 1;
        if news > 0 {
            *self.news.entry(level).or_default() += news;
        }
    }
}

fn level(known: &Known, path: &str) -> Level {
    let depth = if known.how == How::Listing { 0 } else { known.depth.min(LAST_LEVEL) };
    (depth, path.split('/').filter(|part| !part.is_empty()).count())
}

fn folder(path: &str) -> &str {
    path.trim_end_matches('/').rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn draw(path: &str) -> u64 {
    path.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// What a survey sees of a site.
pub(super) fn look(site: &Site) -> Evidence {
    let mut known = BTreeMap::from([(0, Known { how: How::Seed, parent: None, depth: 0 })]);
    let mut looked = Vec::new();
    let mut order = Order::default();
    visit(site, 0, &mut known, &mut looked, &mut order);
    for at in site.listed.iter().flatten() {
        known.entry(*at).or_insert(Known { how: How::Listing, parent: None, depth: 1 });
    }
    loop {
        let most = LOOKS.max((known.len() / 50).saturating_sub(6).min(54));
        if looked.len() > most {
            break;
        }
        let Some(at) = order.next(site, &known, &looked) else { break };
        visit(site, at, &mut known, &mut looked, &mut order);
    }
    evidence(site, &known, &looked)
}

fn visit(
    site: &Site,
    at: usize,
    known: &mut BTreeMap<usize, Known>,
    looked: &mut Vec<usize>,
    order: &mut Order,
) {
    let page = &site.pages[at];
    let own = known[&at].clone();
    let before = known.len();
    let links = page.menu.iter().map(|to| (to, How::Menu)).chain(page.links.iter().map(|to| (to, How::Link)));
    for (to, how) in links {
        known.entry(*to).or_insert(Known { how, parent: Some(at), depth: own.depth + 1 });
    }
    looked.push(at);
    if own.how != How::Seed {
        order.note(&own, &page.path, known.len() - before);
    }
}

fn evidence(site: &Site, known: &BTreeMap<usize, Known>, looked: &[usize]) -> Evidence {
    let mut pages: Vec<PageKnown> = known
        .iter()
        .map(|(at, known)| PageKnown {
            url: url(&site.pages[*at].path),
            how: known.how,
            parent: match known.how {
                How::Listing => Some(url("/sitemap.xml")),
                _ => known.parent.map(|parent| url(&site.pages[parent].path)),
            },
            fate: if looked.contains(at) { Fate::Kept } else { Fate::Pending },
        })
        .collect();
    pages.sort_by(|left, right| left.url.as_str().cmp(right.url.as_str()));
    let listing = |listed: &Vec<usize>| ListingSeen {
        url: url("/sitemap.xml"),
        kind: "sitemap".to_owned(),
        named: Some(listed.len()),
        unread: false,
    };
    Evidence {
        base_url: url("/"),
        landed: None,
        robots: RobotsSeen::default(),
        listings: site.listed.iter().map(listing).collect(),
        pages,
        looked_at: looked.iter().map(|at| seen(site, *at)).collect(),
        summary: None,
        docs_root: None,
        requests: 20,
        throttled: false,
        no_browser: None,
        is_repository: false,
    }
}

fn seen(site: &Site, at: usize) -> PageSeen {
    let page = &site.pages[at];
    let mut links: Vec<usize> = Vec::new();
    for to in page.menu.iter().chain(&page.links) {
        if !links.contains(to) {
            links.push(*to);
        }
    }
    page_seen(&page.path, links.iter().map(|to| url(&site.pages[*to].path)).collect())
}
