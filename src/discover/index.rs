//! The index files of documentation generators: bytes in, URLs out.
//!
//! Which file a site has is for the selector profile to say; what it is shows in the file. A file that is none of those
//! known here, such as the error page of a server that answers everything with 200, names nothing.

use super::{Knows, MAX_ENTRIES, docsify, next, search_index, sphinx, vitepress};
use crate::url::CanonicalUrl;

/// The pages that an index names, each once, those that matter most first. `knows` tells of a page whether it is known,
/// from which the endings of addresses are learned where the file leaves them out.
pub fn parse_index(body: &[u8], address: &CanonicalUrl, knows: &Knows<'_>) -> Vec<CanonicalUrl> {
    let mut pages = match form_of(body, address) {
        Some(Form::Inventory) => sphinx::inventory(body, address),
        Some(Form::SphinxSearch) => sphinx::search_index(&String::from_utf8_lossy(body), address, knows),
        Some(Form::VitePress) => vitepress::hash_map(body, address, knows),
        Some(Form::NextManifest) => next::build_manifest(&String::from_utf8_lossy(body), address),
        Some(Form::DocsifyMenu) => docsify::sidebar(&String::from_utf8_lossy(body), address, knows),
        Some(Form::Search) => search_index::search_index(body, address),
        None => Vec::new(),
    };
    let mut seen = std::collections::HashSet::new();
    pages.retain(|url| seen.insert(url.key()));
    pages.truncate(MAX_ENTRIES);
    pages
}

/// Whether an index is a page of links, to be read as one: mdBook's `toc.html`.
pub fn is_page_of_links(address: &CanonicalUrl) -> bool {
    address.path().ends_with(".html")
}

enum Form {
    Inventory,
    SphinxSearch,
    VitePress,
    NextManifest,
    DocsifyMenu,
    Search,
}

fn form_of(body: &[u8], address: &CanonicalUrl) -> Option<Form> {
    let head = body.trim_ascii_start();
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    if head.starts_with(b"# Sphinx inventory version 2") {
        return Some(Form::Inventory);
    }
    if head.starts_with(b"Search.setIndex(") {
        return Some(Form::SphinxSearch);
    }
    // From here on the name counts too, and an HTML page behind it is none of these.
    if head.starts_with(b"<") {
        return None;
    }
    match address.path().rsplit('/').next().unwrap_or_default() {
        "hashmap.json" => Some(Form::VitePress),
        "_buildManifest.js" => Some(Form::NextManifest),
        name if name.ends_with(".md") => Some(Form::DocsifyMenu),
        name if name.ends_with(".json") || name.ends_with(".js") => Some(Form::Search),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse_index;
    use crate::url::CanonicalUrl;

    #[test]
    fn an_error_page_names_nothing() {
        for name in ["objects.inv", "searchindex.js", "hashmap.json", "search.json", "_sidebar.md", "x.txt"] {
            let address = CanonicalUrl::parse(&format!("https://d.example/{name}")).unwrap();
            for body in ["<!doctype html><a href=\"/x\">404</a>", "", "\u{feff} ", "Not found", "null", "{"] {
                assert_eq!(parse_index(body.as_bytes(), &address, &|_| false), [], "{name}: {body}");
            }
        }
    }
}
