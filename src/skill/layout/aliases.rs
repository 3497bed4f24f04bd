//! Other addresses of the skill's pages: duplicates, redirects, other spellings, the edition that a site links to.
//!
//! An alias is used for links only, and only where it leads to one page and no other.

use std::collections::{BTreeMap, HashMap};

use crate::skill::pages::label::{is_edition, segments};
use crate::skill::pages::reference::Reference;
use crate::skill::text::outline::links;
use crate::url::{CanonicalUrl, PageKey};

/// Of a hundred links to other editions this many must be to one and the same, for it to be the pages' own.
const OWN_EDITION: usize = 95;

/// Other addresses of pages and headings.
#[derive(Debug, Default)]
pub struct Aliases {
    /// Pages that are known to be another: of a duplicate the page that was kept.
    pages: HashMap<PageKey, PageKey>,
    /// Pages by their spelling without scheme, `www`, and suffix; `None` where two share it.
    spellings: HashMap<String, Option<PageKey>>,
    /// Pages by their spelling without edition as well.
    editions: HashMap<String, Option<PageKey>>,
    /// What the edition is called to which the site's pages link beside their own spelling.
    edition: Option<String>,
    /// Headings that stand on another page: page and anchor, and where they are now.
    pub headings: BTreeMap<(PageKey, String), (PageKey, String)>,
}

impl Aliases {
    /// Learns from the pages and their links; `known` names addresses and the page that stands for each.
    pub fn new(references: &[Reference], known: &[(CanonicalUrl, CanonicalUrl)]) -> Self {
        let mut aliases = Self {
            pages: known
                .iter()
                .map(|(alias, page)| (alias.key(), page.key()))
                // Two captures of one page are no alias.
                .filter(|(alias, page)| alias != page)
                .collect(),
            ..Self::default()
        };
        for reference in references {
            let key = reference.url.key();
            enter(&mut aliases.spellings, spelling(&reference.url), &key);
            enter(&mut aliases.editions, without_edition(&reference.url).0, &key);
        }
        aliases.edition = aliases.own_edition(references);
        aliases
    }

    /// With headings that stand on another page, as they are known after folding.
    pub fn with_headings(self, headings: BTreeMap<(PageKey, String), (PageKey, String)>) -> Self {
        Self { headings, ..self }
    }

    /// The page that an address stands for.
    pub fn page(&self, url: &CanonicalUrl) -> Option<PageKey> {
        let mut known = self.pages.get(&url.key());
        // A duplicate may have been kept for one that is a duplicate itself.
        while let Some(next) = known.and_then(|key| self.pages.get(key)) {
            known = Some(next);
        }
        known.cloned().or_else(|| self.spellings.get(&spelling(url)).cloned().flatten()).or_else(|| {
            let (bare, edition) = without_edition(url);
            let own = !edition.is_empty() && self.edition.as_ref() == Some(&edition);
            own.then(|| self.editions.get(&bare).cloned().flatten()).flatten()
        })
    }

    /// The one edition that links of the pages name where the pages' own addresses name none or another.
    fn own_edition(&self, references: &[Reference]) -> Option<String> {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for reference in references {
            for (_, target) in links(&reference.markdown) {
                let Ok(url) = CanonicalUrl::parse(&target) else { continue };
                let (bare, edition) = without_edition(&url);
                let known = !edition.is_empty() && matches!(self.editions.get(&bare), Some(Some(_)));
                if known && !self.spellings.contains_key(&spelling(&url)) {
                    *counts.entry(edition).or_default() += 1;
                }
            }
        }
        let all: usize = counts.values().sum();
        let (edition, most) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        (most * 100 >= all * OWN_EDITION).then_some(edition)
    }
}

fn enter(map: &mut HashMap<String, Option<PageKey>>, spelling: String, key: &PageKey) {
    map.entry(spelling).and_modify(|known| *known = None).or_insert_with(|| Some(key.clone()));
}

/// An address without what spellings of one page differ in.
fn spelling(url: &CanonicalUrl) -> String {
    let query = url.as_url().query().map_or_else(String::new, |query| format!("?{query}"));
    format!("{}/{}{query}", host(url), segments(url).join("/"))
}

/// The same without the segments that name an edition, and those segments.
fn without_edition(url: &CanonicalUrl) -> (String, String) {
    let (editions, kept): (Vec<String>, Vec<String>) =
        segments(url).into_iter().partition(|segment| is_edition(segment));
    (format!("{}/{}", host(url), kept.join("/")), editions.join("/"))
}

fn host(url: &CanonicalUrl) -> String {
    url.host().trim_start_matches("www.").to_owned()
}

#[cfg(test)]
mod tests {
    use super::Aliases;
    use crate::skill::pages::reference::{Reference, plain_reference};
    use crate::url::CanonicalUrl;

    fn url(text: &str) -> CanonicalUrl {
        CanonicalUrl::parse(text).unwrap()
    }

    fn page(address: &str, markdown: &str) -> Reference {
        plain_reference(address, "Page", markdown)
    }

    #[test]
    fn spellings_and_duplicates_lead_to_the_page() {
        let pages = [page("https://d.example/docs/a.html", "x"), page("https://d.example/docs/b", "y")];
        let old = (url("https://d.example/old"), url("https://d.example/docs/b"));
        let aliases = Aliases::new(&pages, &[old]);
        let check = |from: &str, to: Option<&str>| {
            assert_eq!(aliases.page(&url(from)), to.map(|to| url(to).key()), "{from}");
        };
        check("http://www.d.example/docs/a", Some("https://d.example/docs/a.html"));
        check("https://d.example/docs/b.html", Some("https://d.example/docs/b"));
        check("https://d.example/old", Some("https://d.example/docs/b"));
        check("https://d.example/docs/c", None);
        check("https://other.example/docs/b", None);
    }

    #[test]
    fn the_one_edition_that_pages_link_to_is_their_own() {
        let other = |version: &str| format!("[b](https://d.example/docs/{version}/en/b)");
        let build = |links: &str| {
            Aliases::new(
                &[page("https://d.example/docs/a", links), page("https://d.example/docs/b", "y")],
                &[],
            )
        };
        let link = url("https://d.example/docs/v1.9.0/en/b");
        assert_eq!(build(&other("v1.9.0")).page(&link), Some(url("https://d.example/docs/b").key()));
        let two = build(&format!("{} {}", other("v1.9.0"), other("v1.8.0")));
        assert_eq!(two.page(&link), None, "which of them is the pages' own is not known");
    }
}
