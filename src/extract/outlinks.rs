//! Where a page leads: the links that a crawler may follow.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Selector};

use crate::config::ExtractRules;
use crate::extract::dom::name;
use crate::extract::page::Page;
use crate::extract::{main_content, metadata};
use crate::fetched::Fetched;
use crate::profile::{Profiles, SelectorProfile};
use crate::url::CanonicalUrl;

/// A link of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlink {
    /// Where to; not checked against scope or robots.
    pub url: CanonicalUrl,
    /// Where it stands.
    pub source: LinkSource,
}

/// Where a link stands in its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkSource {
    /// In the main content.
    Content,
    /// In a menu, sidebar, header or footer.
    Navigation,
    /// `<link rel=next>`, or a link with `rel=next`.
    Next,
}

/// The links of a page in document order, each address once; content counts before navigation.
///
/// Every form of the page is asked, the rendered one first, since menus may exist in only one of them. A page with
/// `meta name=robots content=nofollow` has none; `rel=nofollow` on a single link is no reason to leave it out.
pub fn outlinks(fetched: &Fetched, profiles: &Profiles, rules: &ExtractRules) -> Vec<Outlink> {
    let mut found = Found::default();
    for rendered in crate::render::renderings(fetched) {
        let page = Page::parse(&rendered);
        if metadata::forbids_following(page.html()) {
            return Vec::new();
        }
        let profile = page.profile(profiles, rules);
        collect(&page, &profile, &mut found);
    }
    found.links
}

/// Links by first appearance.
#[derive(Default)]
struct Found {
    links: Vec<Outlink>,
    index: HashMap<CanonicalUrl, usize>,
}

impl Found {
    fn add(&mut self, url: CanonicalUrl, source: LinkSource) {
        match self.index.get(&url) {
            Some(known) => {
                if let Some(link) = self.links.get_mut(*known) {
                    link.source = link.source.min(source);
                }
            }
            None => {
                self.index.insert(url.clone(), self.links.len());
                self.links.push(Outlink { url, source });
            }
        }
    }
}

fn collect(page: &Page<'_>, profile: &SelectorProfile, found: &mut Found) {
    let Ok(selector) = Selector::parse("a[href], area[href], link[rel~=next][href]") else { return };
    let inside = content_links(page.html(), profile);
    for link in page.html().select(&selector) {
        let Some(url) = link.attr("href").and_then(|href| page.base().join(href).ok()) else { continue };
        let url = match &profile.navigation.anchor_parameter {
            Some(parameter) => url.without_parameter(parameter),
            None => url,
        };
        let is_next = link
            .attr("rel")
            .is_some_and(|rel| rel.split_whitespace().any(|word| word.eq_ignore_ascii_case("next")));
        let source = if inside.contains(&link.id()) {
            LinkSource::Content
        } else if is_next {
            LinkSource::Next
        } else {
            LinkSource::Navigation
        };
        found.add(url, source);
    }
}

/// The links of the main content without what the profile takes out of it.
fn content_links(html: &Html, profile: &SelectorProfile) -> HashSet<NodeId> {
    let mut inside = HashSet::new();
    let Some((root, _)) = main_content::find(html, profile) else { return inside };
    let mut pending = vec![*root];
    while let Some(node) = pending.pop() {
        if let Some(element) = ElementRef::wrap(node) {
            if element.id() != root.id() && profile.remove.matches(element) {
                continue;
            }
            if matches!(name(element), "a" | "area") {
                inside.insert(element.id());
            }
        }
        pending.extend(node.children());
    }
    inside
}
