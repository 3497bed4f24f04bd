//! Surveys by hand: sites as a survey may have seen them, and what is said of them.

use std::collections::BTreeMap;

use super::evidence::{Evidence, Fate, How, ListingSeen, PageKnown, PageSeen, RobotsSeen};
use super::extent::{Extent, extent};
use crate::url::CanonicalUrl;

/// A site in the making: what is known of it, and what was looked at.
struct Site {
    pages: BTreeMap<String, PageKnown>,
    looked_at: Vec<PageSeen>,
    listings: Vec<ListingSeen>,
}

pub(super) fn url(path: &str) -> CanonicalUrl {
    CanonicalUrl::parse(&format!("https://d.example{path}")).unwrap()
}

/// A page that was looked at and leads to others, with nothing else to tell of it.
pub(super) fn page_seen(path: &str, links: Vec<CanonicalUrl>) -> PageSeen {
    PageSeen {
        url: url(path),
        title: path.to_owned(),
        description: None,
        language: None,
        version: None,
        opening: None,
        profile: "generic".to_owned(),
        selected: true,
        letters_as_sent: 900,
        bytes: 1000,
        tokens: 250,
        links,
        navigation: Vec::new(),
        needs_browser: None,
    }
}

impl Site {
    fn new() -> Self {
        let seed = PageKnown { url: url("/"), how: How::Seed, parent: None, fate: Fate::Pending };
        Self { pages: BTreeMap::from([("/".to_owned(), seed)]), looked_at: Vec::new(), listings: Vec::new() }
    }

    /// With pages that a sitemap names.
    fn listed(mut self, paths: &[String]) -> Self {
        for path in paths {
            let parent = Some(url("/sitemap.xml"));
            let page = PageKnown { url: url(path), how: How::Listing, parent, fate: Fate::Pending };
            self.pages.entry(path.clone()).or_insert(page);
        }
        self
    }

    /// With a page that was looked at and leads to others.
    fn looked(mut self, path: &str, links: &[String]) -> Self {
        for link in links {
            let parent = Some(url(path));
            let page = PageKnown { url: url(link), how: How::Link, parent, fate: Fate::Pending };
            self.pages.entry(link.clone()).or_insert(page);
        }
        self.pages.get_mut(path).unwrap().fate = Fate::Kept;
        self.looked_at.push(page_seen(path, links.iter().map(|link| url(link)).collect()));
        self
    }

    fn lost(mut self, path: &str) -> Self {
        self.pages.get_mut(path).unwrap().fate = Fate::Lost("http_status".to_owned());
        self
    }

    fn extent(self) -> Extent {
        extent(&Evidence {
            base_url: url("/"),
            landed: None,
            robots: RobotsSeen::default(),
            listings: self.listings,
            pages: self.pages.into_values().collect(),
            looked_at: self.looked_at,
            summary: None,
            docs_root: None,
            requests: 9,
            throttled: false,
            no_browser: None,
            is_repository: false,
        })
    }
}

fn paths(folder: &str, count: usize) -> Vec<String> {
    (0..count)
        .map(|number| {
            format!("{folder}{}", ["a", "b", "c", "d", "e", "f", "g"][number % 7].repeat(number / 7 + 1))
        })
        .collect()
}

/// The extent is about as many pages, and its range holds the truth.
#[track_caller]
fn check(extent: &Extent, likely: u64, truth: u64) {
    assert!(extent.likely.abs_diff(likely) * 20 <= likely, "not {likely}: {extent:?}");
    assert!(extent.low <= truth && truth <= extent.high, "not {truth}: {extent:?}");
}

#[test]
fn what_is_listed_whole_is_counted() {
    let all = paths("/guide/", 60);
    let mut site = Site::new().listed(&all).looked("/", &all[..4]);
    for at in 0..8 {
        site = site.looked(&all[at * 7], &all[at..at + 6]);
    }
    check(&site.extent(), 61, 61);
}

#[test]
fn sections_that_nobody_looked_at_are_like_the_others() {
    let sections: Vec<String> = paths("/", 6).iter().map(|path| format!("{path}/")).collect();
    let mut site = Site::new().looked("/", &sections);
    for section in &sections[..3] {
        site = site.looked(section, &paths(section, 10));
        site = site.looked(&format!("{section}a"), &paths(section, 10));
    }
    // Three of six sections hold ten pages each.
    check(&site.extent(), 67, 67);
}

#[test]
fn a_menu_that_is_everywhere_is_counted_once() {
    let menu = paths("/part/", 40);
    let mut site = Site::new().looked("/", &[menu[0].clone(), menu[1].clone()]);
    for path in &menu[..2] {
        site = site.looked(path, &menu);
    }
    for path in &menu[2..8] {
        site = site.looked(path, &menu);
    }
    check(&site.extent(), 41, 41);
}

#[test]
fn a_row_without_an_end_says_nothing() {
    let mut site = Site::new().looked("/", &["/calendar/2031/5".to_owned(), "/guide".to_owned()]);
    for month in 5..9 {
        site = site.looked(&format!("/calendar/2031/{month}"), &[format!("/calendar/2031/{}", month + 1)]);
    }
    let extent = site.extent();
    assert!(extent.likely <= 8, "{extent:?}");
}

#[test]
fn what_is_listed_and_gone_counts_less() {
    let all = paths("/guide/", 50);
    let mut site = Site::new().listed(&all).looked("/", &[]);
    for path in &all[..6] {
        site = site.looked(path, &all[..8]);
    }
    for path in &all[10..16] {
        site = site.lost(path);
    }
    let extent = site.extent();
    assert!((25..45).contains(&extent.likely), "{extent:?}");
    assert!(extent.reasons.iter().any(|reason| reason.contains("6 http status")), "{extent:?}");
}

#[test]
fn other_editions_are_not_counted() {
    let own = paths("/", 10);
    let other: Vec<String> = own.iter().map(|path| format!("/v1.2{path}")).collect();
    let site = Site::new().looked("/", &[own, other].concat());
    let extent = site.extent();
    assert_eq!(extent.likely, 11, "{extent:?}");
    assert!(extent.reasons.iter().any(|reason| reason.contains("10 other edition")), "{extent:?}");
}

#[test]
fn lists_that_were_not_read_are_like_those_that_were() {
    let mut site = Site::new().listed(&paths("/guide/", 30)).looked("/", &[]);
    let listing = |name: &str, unread: bool| ListingSeen {
        url: url(name),
        kind: "sitemap".to_owned(),
        named: (!unread).then_some(30),
        unread,
    };
    site.listings =
        vec![listing("/sitemap.xml", false), listing("/two.xml", true), listing("/three.xml", true)];
    let extent = site.extent();
    assert_eq!(extent.likely, 91, "{extent:?}");
    assert!(extent.low < 80 && extent.high > 100, "{extent:?}");
}
