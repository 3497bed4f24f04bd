//! The files that list pages of the site, as far as a page points to them: feeds and sitemaps in its head, and the indexes
//! that its generator wrote, which the profile names.

use scraper::ElementRef;

use crate::discover::Listing;
use crate::extract::alternates::has_relation;
use crate::extract::page::Page;
use crate::profile::{DiscoverRules, SelectorProfile};
use crate::url::CanonicalUrl;

/// Media types of feeds.
const FEEDS: [&str; 2] = ["application/rss+xml", "application/atom+xml"];

/// The listings that a page points to, in no particular order of worth; some may stand there twice.
pub(super) fn find(page: &Page<'_>, profile: &SelectorProfile) -> Vec<Listing> {
    let heads = page.names().with_attribute(page.html(), "rel").filter(|link| link.value().name() == "link");
    let sitemaps = heads.filter(|link| has_relation(*link, "sitemap") || is_feed(*link));
    let mut listings: Vec<Listing> =
        sitemaps.filter_map(|link| address(page, link.attr("href")?)).map(Listing::Sitemap).collect();
    listings.extend(indexes(page, &profile.discover));
    listings
}

fn is_feed(link: ElementRef<'_>) -> bool {
    let media_type = link.attr("type").unwrap_or_default();
    has_relation(link, "alternate") && FEEDS.iter().any(|feed| media_type.trim().eq_ignore_ascii_case(feed))
}

fn indexes(page: &Page<'_>, rules: &DiscoverRules) -> Vec<Listing> {
    let mut listings = Vec::new();
    if !rules.indexes.is_empty() {
        let root = root(page, rules);
        listings.extend(rules.indexes.iter().filter_map(|name| match &root {
            Some(root) => root.join(&format!("./{name}")).ok().map(Listing::Index),
            None => Some(Listing::IndexAtRoot(name.clone())),
        }));
    }
    if !rules.scripts.is_empty() {
        let sources =
            page.names().with_attribute(page.html(), "src").filter(|from| from.value().name() == "script");
        let named = sources.filter_map(|script| address(page, script.attr("src")?));
        let is_index =
            |url: &CanonicalUrl| rules.scripts.iter().any(|end| url.path().ends_with(end.as_str()));
        listings.extend(named.filter(is_index).map(Listing::Index));
    }
    for attribute in &rules.attributes {
        let elements = page.names().with_attribute(page.html(), attribute);
        let named = elements.filter_map(|element| address(page, element.attr(attribute)?));
        listings.extend(named.map(Listing::Index));
    }
    listings
}

/// The root of the documentation, where the page tells it: by an attribute, or by where its scripts and style sheets lie.
/// What the page does not lie below is no root of it; some sites keep their scripts elsewhere.
fn root(page: &Page<'_>, rules: &DiscoverRules) -> Option<CanonicalUrl> {
    let holds = |root: &CanonicalUrl| {
        root.authority() == page.url().authority()
            && root.path().ends_with('/')
            && page.url().path().starts_with(root.path())
    };
    let by_attribute = rules.root_attributes.iter().find_map(|attribute| {
        let element = page.names().with_attribute(page.html(), attribute).next()?;
        let address = element.attr(attribute).map(str::trim).filter(|address| !address.is_empty())?;
        let address = format!("{}/", address.trim_end_matches('/'));
        page.url().document().join(&address).ok().filter(holds)
    });
    by_attribute.or_else(|| {
        let names = ["src", "href"].into_iter();
        let mut files = names.flat_map(|name| {
            let elements = page.names().with_attribute(page.html(), name);
            let files = elements.filter(|element| matches!(element.value().name(), "script" | "link"));
            files.filter_map(move |element| address(page, element.attr(name)?))
        });
        files.find_map(|file| root_before(&file, &rules.root_before).filter(holds))
    })
}

/// The folder that stands before one of the parts in a path.
fn root_before(file: &CanonicalUrl, parts: &[String]) -> Option<CanonicalUrl> {
    let at = parts.iter().find_map(|part| file.path().find(part.as_str()))?;
    file.document().join(&format!("{}/", file.path().get(..at)?)).ok()
}

fn address(page: &Page<'_>, reference: &str) -> Option<CanonicalUrl> {
    page.base().join(reference).ok()
}
