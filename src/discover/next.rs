//! Next.js: `_next/static/ID/_buildManifest.js`, which lists the routes of the pages router.

use crate::url::CanonicalUrl;

/// Routes that are no pages for readers.
const OWN_ROUTES: [&str; 5] = ["/_app", "/_error", "/_document", "/404", "/500"];

/// The static routes of a build manifest. A route with a parameter (`/docs/[...slug]`) does not say which pages it makes.
pub(super) fn build_manifest(text: &str, address: &CanonicalUrl) -> Vec<CanonicalUrl> {
    let Some((base, _)) = address.path().split_once("/_next/") else { return Vec::new() };
    let routes = sorted_pages(text).unwrap_or_default().into_iter().filter(|route| {
        let is_own = OWN_ROUTES.contains(route) || route.starts_with("/api/");
        route.starts_with('/') && !route.contains(['[', '\\']) && !is_own
    });
    routes.filter_map(|route| address.join(&format!("{base}{route}")).ok()).collect()
}

/// The texts in the list behind the key `sortedPages`. The file is a script whose keys and quotes depend on the version.
fn sorted_pages(text: &str) -> Option<Vec<&str>> {
    let (_, rest) = text.split_once("sortedPages")?;
    let rest = rest.trim_start_matches(['"', '\'']).trim_start().strip_prefix(':')?.trim_start();
    let mut rest = rest.strip_prefix('[')?;
    let mut pages = Vec::new();
    loop {
        rest = rest.trim_start_matches(|letter: char| letter == ',' || letter.is_whitespace());
        let quote = rest.chars().next().filter(|letter| matches!(letter, '"' | '\''));
        let Some((page, after)) = quote.and_then(|quote| rest.get(1..)?.split_once(quote)) else {
            return Some(pages);
        };
        pages.push(page);
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::build_manifest;
    use crate::url::CanonicalUrl;

    fn check(text: &str, pages: &[&str]) {
        let address =
            CanonicalUrl::parse("https://d.example/base/_next/static/id/_buildManifest.js").unwrap();
        let found = build_manifest(text, &address);
        assert_eq!(found.iter().map(|url| url.path()).collect::<Vec<_>>(), pages, "{text}");
    }

    #[test]
    fn static_routes_are_pages() {
        check(
            "self.__BUILD_MANIFEST=function(s){return{__rewrites:{beforeFiles:[]},\"/\":[s],sortedPages:[\"/\",\"/_app\",\
             \"/api/hello\",\"/docs/[...slug]\",\"/docs/guide\"]}}(\"a\"),self.__BUILD_MANIFEST_CB&&self.__BUILD_MANIFEST_CB()",
            &["/base/", "/base/docs/guide"],
        );
        check("self.__BUILD_MANIFEST = {\n 'sortedPages': [\n  '/a', '/_error',\n ]\n};", &["/base/a"]);
        check("self.__BUILD_MANIFEST = {sortedPages:[\"/a\",\"/b", &["/base/a"]);
        check("self.__BUILD_MANIFEST = {}", &[]);
    }
}
