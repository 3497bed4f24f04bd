//! VitePress: `hashmap.json`, which gives the hash of every page's script.

use serde_json::{Map, Value};

use super::Knows;
use super::spelling::Spelling;
use crate::url::CanonicalUrl;

/// The most underscores of a name of which all readings are tried.
const MAX_UNDERSCORES: usize = 6;

/// The pages of a hash map. Its keys are file names in lower case in which an underscore stands for a slash, or for an
/// underscore: of several readings the one that is a known page wins, else that all are slashes. Without a known page to
/// learn from, pages have the ending that their files have.
pub(super) fn hash_map(body: &[u8], address: &CanonicalUrl, knows: &Knows<'_>) -> Vec<CanonicalUrl> {
    let Ok(map) = serde_json::from_slice::<Map<String, Value>>(body) else { return Vec::new() };
    let names: Vec<&str> = map.keys().filter_map(|key| key.strip_suffix(".md")).collect();
    let slashes: Vec<String> = names.iter().map(|name| name.replace('_', "/")).collect();
    let choices = [Spelling::Html, Spelling::Clean];
    let spelling = Spelling::learn(&choices, address, slashes.iter().map(String::as_str), knows)
        .unwrap_or(Spelling::Html);
    let reading = |name: &&str| {
        let known = readings(name).filter_map(|name| spelling.url(address, &name)).find(|url| knows(url));
        known.or_else(|| spelling.url(address, &name.replace('_', "/")))
    };
    names.iter().filter(|name| **name != "404").filter_map(reading).collect()
}

/// Every way to read the underscores of a name, all of them as slashes first; only that one where they are many.
fn readings(name: &str) -> impl Iterator<Item = String> {
    let count = name.matches('_').count();
    let ways = if count <= MAX_UNDERSCORES { 1_u32 << count } else { 1 };
    (0..ways).map(move |kept| {
        let mut at = 0;
        let letters = name.chars().map(|letter| {
            if letter != '_' {
                return letter;
            }
            at += 1;
            if kept >> (at - 1) & 1 == 1 { '_' } else { '/' }
        });
        letters.collect()
    })
}

#[cfg(test)]
mod tests {
    use super::hash_map;
    use crate::url::CanonicalUrl;

    #[test]
    fn keys_become_pages_in_the_spelling_of_the_site() {
        let address = CanonicalUrl::parse("https://d.example/v/hashmap.json").unwrap();
        let body = br#"{"index.md":"a","guide_getting-started.md":"b","guide_index.md":"c","api_my_page.md":"d","x":1}"#;
        let pages = |known: &[&str]| {
            let knows = |url: &CanonicalUrl| known.contains(&url.path());
            let found = hash_map(body, &address, &knows);
            found.iter().map(|url| url.path().trim_start_matches("/v/").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(pages(&[]), ["", "guide/getting-started.html", "guide/", "api/my/page.html"]);
        assert_eq!(
            pages(&["/v/guide/getting-started", "/v/api/my_page"]),
            ["", "guide/getting-started", "guide/", "api/my_page"]
        );
        assert_eq!(hash_map(b"[1]", &address, &|_| true), []);
    }
}
