//! Search indexes that are JSON, or a script around JSON: MkDocs, Docusaurus, Quarto, Antora, Docsy, Just the Docs,
//! Minimal Mistakes.
//!
//! They differ in everything but this: somewhere in them are entries, and an entry names its page by one of a few keys. The
//! file is read once from front to back and no tree is made of it, since an index may have tens of megabytes.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::MAX_ENTRIES;
use crate::url::CanonicalUrl;

/// Keys of an entry that hold the address of its page.
const ADDRESSES: [&str; 5] = ["location", "url", "u", "href", "ref"];

/// Keys of what is no list of entries and large: the words and where they stand.
const SKIPPED: [&str; 6] = ["index", "fieldVectors", "invertedIndex", "text", "content", "body"];

/// The longest text that is taken for an address.
const LONGEST: usize = 2_000;

/// The pages that a search index names. An entry for a heading names its page once more.
pub(super) fn search_index(body: &[u8], address: &CanonicalUrl) -> Vec<CanonicalUrl> {
    let text = String::from_utf8_lossy(body);
    let Some(start) = text.find(['{', '[']) else { return Vec::new() };
    let mut found = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(text.get(start..).unwrap_or_default());
    // What was read before a break counts.
    let _ = Walk { found: &mut found, place: Place::Anywhere }.deserialize(&mut reader);
    let Ok(root) = address.join(root_of(address)) else { return Vec::new() };
    let mut seen = std::collections::HashSet::new();
    found.retain(|text| seen.insert(text.clone()));
    found.iter().filter_map(|text| root.join(text).ok()).collect()
}

/// What the addresses are relative to: the folder of the index, or the one above where the index has a folder of its own,
/// as MkDocs gives it.
fn root_of(address: &CanonicalUrl) -> &'static str {
    if address.path().ends_with("/search/search_index.json") { "../" } else { "./" }
}

/// Reads any value and takes note of the addresses in it.
struct Walk<'a> {
    found: &'a mut Vec<String>,
    place: Place,
}

#[derive(Clone, Copy)]
enum Place {
    Anywhere,
    /// Behind a key that holds an address.
    Address,
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if SKIPPED.contains(&key.as_str()) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let place = if ADDRESSES.contains(&key.as_str()) { Place::Address } else { Place::Anywhere };
            map.next_value_seed(Walk { found: self.found, place })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(Walk { found: self.found, place: Place::Anywhere })?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        let is_address = text.len() <= LONGEST && !text.contains(char::is_whitespace);
        if matches!(self.place, Place::Address) && is_address {
            // Headings of one page follow one another, so that this alone drops most of the repetition.
            let page = if text.contains("#/") { text } else { text.split('#').next().unwrap_or_default() };
            let is_new = self.found.last().is_none_or(|last| last != page);
            if is_new && self.found.len() < 4 * MAX_ENTRIES {
                self.found.push(page.to_owned());
            }
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::search_index;
    use crate::url::CanonicalUrl;

    fn check(address: &str, body: &str, pages: &[&str]) {
        let address = CanonicalUrl::parse(&format!("https://d.example{address}")).unwrap();
        let found = search_index(body.as_bytes(), &address);
        let paths: Vec<&str> = found.iter().map(|url| url.path()).collect();
        assert_eq!(paths, pages, "{body}");
    }

    #[test]
    fn mkdocs_names_pages_relative_to_the_folder_above() {
        check(
            "/docs/search/search_index.json",
            r##"{"config":{"lang":["en"]},"docs":[{"location":"","title":"Home","text":"<a href='/x'>"},{"location":"guide/"},
            {"location":"guide/#step"},{"location":"../out/"},{"location":"a.html#b"}],"index":{"ref":"zz"}}"##,
            &["/docs/", "/docs/guide/", "/out/", "/docs/a.html"],
        );
    }

    #[test]
    fn docusaurus_names_pages_from_the_root_of_the_host() {
        check(
            "/search-index.json",
            r##"[{"documents":[{"i":1,"t":"A","u":"/docs/a","b":["X"]}],"index":{"u":"no"}},{"documents":
            [{"i":2,"t":"H","u":"/docs/a","h":"#h","p":1},{"i":3,"u":"/docs/b"}]}]"##,
            &["/docs/a", "/docs/b"],
        );
        check(
            "/search-doc.json",
            r##"{"searchDocs":[{"title":"A","type":0,"sectionRef":"#","url":"/p/a"},{"type":1,"url":"/p/a#h"}],"options":{}}"##,
            &["/p/a"],
        );
    }

    #[test]
    fn others_and_scripts_around_json() {
        check("/q/search.json", r##"[{"objectID":"a.html","href":"a.html#x","title":"A"}]"##, &["/q/a.html"]);
        check("/i.json", r##"[{"ref":"/docs/x/","title":"X","excerpt":"e"}]"##, &["/docs/x/"]);
        check("/search-data.json", r##"{"0":{"doc":"D","url":"/d/#t","relUrl":"/d/#t"}}"##, &["/d/"]);
        check(
            "/search-index.js",
            r##"antoraSearch.initSearch(lunr, {"index":{"url":"/no"},"store":{"documents":{"1":{"id":1,"url":"/c/p.html"}}}})"##,
            &["/c/p.html"],
        );
        check(
            "/lunr-store.js",
            r##"var store = [{"title":"A","url": "/a/","teaser": null},{"url":"/b/""##,
            &["/a/", "/b/"],
        );
        check("/x.json", r##"{"url":["/no"],"href":"two words","ref":7,"u":null,"location":true}"##, &[]);
    }
}
