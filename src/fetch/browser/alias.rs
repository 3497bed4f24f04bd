//! Pages that give themselves another address while they load.

use crate::url::CanonicalUrl;

/// Whether a page that was asked for at `url` and calls itself `to` is another page: one that its application leads to,
/// as from a section to its first page, or from an old name to the new.
///
/// An anchor, a slash at the end or an index file makes no other page. A query makes one only if the page calls it its
/// canonical address as well: some choose a document by it, most remember an open tab.
pub(super) fn is_other_page(url: &CanonicalUrl, to: &CanonicalUrl, canonical: Option<&CanonicalUrl>) -> bool {
    if url.authority() != to.authority() || url.key() == to.key() {
        return false;
    }
    if without_query(url).key() != without_query(to).key() {
        return true;
    }
    canonical.is_some_and(|canonical| canonical.key() == to.key())
}

fn without_query(url: &CanonicalUrl) -> CanonicalUrl {
    let mut plain = url.as_url().clone();
    plain.set_query(None);
    // It was an `http(s)` URL before and is one still.
    CanonicalUrl::from_url(plain).unwrap_or_else(|_| url.clone())
}

#[cfg(test)]
mod tests {
    use super::is_other_page;
    use crate::url::CanonicalUrl;

    fn check(url: &str, to: &str, canonical: Option<&str>, expected: bool) {
        let parse = |path: &str| CanonicalUrl::parse(&format!("https://d.example{path}")).unwrap();
        let canonical = canonical.map(parse);
        assert_eq!(is_other_page(&parse(url), &parse(to), canonical.as_ref()), expected, "{url} → {to}");
    }

    #[test]
    fn another_path_or_route_is_another_page_and_a_query_only_if_canonical() {
        check("/docs", "/docs/intro", None, true);
        check("/old", "/new?tab=x#heading", None, true);
        check("/docs", "/docs/#heading", None, false);
        check("/docs/index.html", "/docs/", None, false);
        check("/docs", "/docs?tab=x", None, false);
        check("/docs", "/docs?tab=x", Some("/docs"), false);
        check("/docs", "/docs?page=intro.md", Some("/docs?page=intro.md"), true);
        check("/docs?page=intro.md", "/docs", None, false);
        check("/", "/#/", None, false);
        check("/#/", "/#/intro", None, true);
        check("/#/intro", "/intro", None, true);
        check("/#/intro", "/#/intro?id=heading", None, false);
    }
}
