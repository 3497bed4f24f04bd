//! What Sphinx writes beside its pages: the inventory `objects.inv` and the search index `searchindex.js`.
//!
//! The inventory names every document and every object with its address; the search index names documents only, and
//! without their ending. Older inventories have no documents, so each of the two may know more than the other.

use std::collections::HashSet;
use std::io::Read;

use flate2::read::ZlibDecoder;

use super::Knows;
use super::spelling::Spelling;
use crate::url::CanonicalUrl;

/// The most that the packed part of an inventory may unpack to.
const MAX_UNPACKED: u64 = 50 * 1024 * 1024;

/// Lines of text before the packed part.
const HEADER_LINES: usize = 4;

/// Pages that Sphinx makes of the others and gives a label; they hold nothing of their own.
const GENERATED: [&str; 4] = ["genindex", "modindex", "py-modindex", "search"];

/// The pages of an inventory of version 2: documents first, then the pages of objects.
pub(super) fn inventory(body: &[u8], address: &CanonicalUrl) -> Vec<CanonicalUrl> {
    let mut packed = body;
    for _ in 0..HEADER_LINES {
        let Some(end) = packed.iter().position(|byte| *byte == b'\n') else { return Vec::new() };
        packed = packed.get(end + 1..).unwrap_or_default();
    }
    let mut text = Vec::new();
    // A broken end does not make the entries before it wrong.
    let _ = ZlibDecoder::new(packed).take(MAX_UNPACKED).read_to_end(&mut text);
    let text = String::from_utf8_lossy(&text);
    // A line that was cut names a page that does not exist.
    let text = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let (mut documents, mut others) = (Vec::new(), Vec::new());
    let mut seen = HashSet::new();
    for (role, page) in text.lines().filter_map(entry) {
        let pages = if role == "std:doc" { &mut documents } else { &mut others };
        // The same page stands in thousands of lines.
        if seen.insert((role == "std:doc", page.clone()))
            && let Ok(url) = address.join(&page)
        {
            pages.push(url);
        }
    }
    documents.append(&mut others);
    documents
}

/// Role and page of a line `NAME DOMAIN:ROLE PRIORITY URI TITLE`. Names may hold spaces; a `$` that ends a URI stands for
/// the name.
fn entry(line: &str) -> Option<(&str, String)> {
    let words: Vec<&str> = line.split(' ').collect();
    let role = (1..words.len()).find(|at| {
        words.get(*at).is_some_and(|word| word.contains(':'))
            && words.get(at + 1).is_some_and(|priority| priority.parse::<i64>().is_ok())
    })?;
    let name = words.get(..role)?.join(" ");
    let (role, uri) = (*words.get(role)?, *words.get(role + 2)?);
    if role == "std:label" && GENERATED.contains(&name.as_str()) {
        return None;
    }
    let uri = match uri.strip_suffix('$') {
        Some(start) => format!("{start}{name}"),
        None => uri.to_owned(),
    };
    let page = uri.split('#').next().unwrap_or_default();
    Some((role, if page.is_empty() { "./".to_owned() } else { page.to_owned() }))
}

/// The documents of a search index, once a page that is known shows how they are spelled; none before.
pub(super) fn search_index(text: &str, address: &CanonicalUrl, knows: &Knows<'_>) -> Vec<CanonicalUrl> {
    let names = document_names(text).unwrap_or_default();
    let choices = [Spelling::Html, Spelling::Folder];
    let Some(spelling) = Spelling::learn(&choices, address, names.iter().map(String::as_str), knows) else {
        return Vec::new();
    };
    names.iter().filter_map(|name| spelling.url(address, name)).collect()
}

/// The list behind the key `docnames`, which is a word in older versions and a text in newer ones.
fn document_names(text: &str) -> Option<Vec<String>> {
    text.match_indices("docnames").find_map(|(at, key)| {
        let rest = text.get(at + key.len()..)?;
        let rest = rest.strip_prefix('"').unwrap_or(rest).trim_start().strip_prefix(':')?.trim_start();
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Vec<String>>();
        values.next()?.ok()
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::{inventory, search_index};
    use crate::url::CanonicalUrl;

    fn address(name: &str) -> CanonicalUrl {
        CanonicalUrl::parse(&format!("https://d.example/en/{name}")).unwrap()
    }

    fn paths(urls: &[CanonicalUrl]) -> Vec<&str> {
        urls.iter().map(|url| url.path().trim_start_matches("/en/")).collect()
    }

    #[test]
    fn an_inventory_names_documents_and_where_objects_live() {
        let lines = "fit py:method 1 api/fit.html#mod.$ -\n\
                     a name with spaces std:term -1 glossary.html#term-a -\n\
                     genindex std:label -1 genindex.html Index\n\
                     api/fit std:doc -1 api/fit.html Fitting: a guide\n\
                     std::vec cpp:class 1 api/vec.html#_CPPv$ -\n\
                     guide/deep std:doc -1 guide/$.html Deep\n\
                     guide/own std:doc -1 $ Own\n\
                     index std:doc -1  Home\n";
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(lines.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        let head = b"# Sphinx inventory version 2\n# Project: x\n# Version: 1\n# The remainder is zlib.\n";
        let whole = [&head[..], &packed].concat();
        let pages = inventory(&whole, &address("objects.inv"));
        assert_eq!(
            paths(&pages),
            [
                "api/fit.html",
                "guide/$.html",
                "guide/own",
                "",
                "api/fit.html",
                "glossary.html",
                "api/vec.html"
            ]
        );
        // A cut file gives what can be read of it, and no noise.
        let cut = inventory(&whole[..whole.len() - 20], &address("objects.inv"));
        assert!(cut.iter().all(|page| pages.contains(page)), "{cut:?}");
        assert_eq!(inventory(head, &address("objects.inv")), []);
        assert_eq!(inventory(b"# Sphinx inventory version 2\n", &address("objects.inv")), []);
    }

    #[test]
    fn a_search_index_names_documents_as_known_pages_are_spelled() {
        let old = "Search.setIndex({docnames:[\"index\",\"guide/install\",\"api/index\"],filenames:[\"index.rst\"]})";
        let new = "Search.setIndex({\"alltitles\": {\"The docnames\": [[1, \"x\"]]}, \"docnames\": [\"index\", \
                   \"guide/install\", \"api/index\"], \"filenames\": [\"index.rst\"]})";
        let html = address("guide/install.html").key();
        let folder = address("guide/install/").key();
        for text in [old, new] {
            let found = search_index(text, &address("searchindex.js"), &|url| url.key() == html);
            assert_eq!(paths(&found), ["", "guide/install.html", "api/"]);
            let found = search_index(text, &address("searchindex.js"), &|url| url.key() == folder);
            assert_eq!(paths(&found), ["", "guide/install/", "api/"]);
            assert_eq!(search_index(text, &address("searchindex.js"), &|_| false), []);
        }
        assert_eq!(
            search_index("Search.setIndex({docnames:[\"a\",", &address("searchindex.js"), &|_| true),
            []
        );
    }
}
