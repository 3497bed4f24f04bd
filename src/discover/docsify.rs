//! docsify: `_sidebar.md`, the menu that its pages are shown beside.

use pulldown_cmark::{Event, Parser, Tag};

use super::Knows;
use crate::url::CanonicalUrl;

/// The pages of a menu: routes behind `#`, or paths where the pages that are known are paths.
pub(super) fn sidebar(text: &str, address: &CanonicalUrl, knows: &Knows<'_>) -> Vec<CanonicalUrl> {
    let routes: Vec<String> = Parser::new(text)
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. }) => route_of(&dest_url),
            _ => None,
        })
        .collect();
    let hash = |route: &String| address.join(&format!("./#/{route}")).ok();
    let path = |route: &String| address.join(&format!("./{route}")).ok();
    let known = |address_of: &dyn Fn(&String) -> Option<CanonicalUrl>| {
        let is_page = |route: &&String| !route.is_empty() && address_of(route).is_some_and(|url| knows(&url));
        routes.iter().filter(is_page).count()
    };
    if known(&path) > known(&hash) {
        routes.iter().filter_map(path).collect()
    } else {
        routes.iter().filter_map(hash).collect()
    }
}

/// The route that docsify makes of a link: without its ending, and of a folder for its README.
fn route_of(link: &str) -> Option<String> {
    let link = link.strip_prefix("#/").unwrap_or(link);
    let link = link.split(['?', '#']).next().unwrap_or_default();
    if link.contains("://") || link.starts_with("//") || link.starts_with("mailto:") {
        return None;
    }
    let link = link.trim_start_matches("./").trim_start_matches('/');
    let page = link.strip_suffix(".md").unwrap_or(link);
    Some(page.strip_suffix("README").unwrap_or(page).to_owned())
}

#[cfg(test)]
mod tests {
    use super::sidebar;
    use crate::url::CanonicalUrl;

    #[test]
    fn links_become_routes_or_paths() {
        let address = CanonicalUrl::parse("https://d.example/doc/_sidebar.md").unwrap();
        let menu = "- [Home](/)\n- [Guide](guide/install.md 'Install')\n  - [Part](/guide/?id=part)\n- [Deep](#/a/b)\n\
                    - [R](api/README.md)\n- [Out](https://x.example/y)\n";
        let pages = |known: &str| {
            let found = sidebar(menu, &address, &|url| url.as_str().ends_with(known));
            found
                .iter()
                .map(|url| url.as_str().trim_start_matches("https://d.example").to_owned())
                .collect::<Vec<_>>()
        };
        let hash = ["/doc/#/", "/doc/#/guide/install", "/doc/#/guide/", "/doc/#/a/b", "/doc/#/api/"];
        assert_eq!(pages("nothing"), hash);
        assert_eq!(pages("#/guide/install"), hash);
        assert_eq!(
            pages("doc/guide/install"),
            ["/doc/", "/doc/guide/install", "/doc/guide/", "/doc/a/b", "/doc/api/"]
        );
    }
}
