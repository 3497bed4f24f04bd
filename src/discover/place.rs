//! Where a listing lies says what it is about: a sitemap speaks for its folder and what is below (sitemaps.org, "Sitemap
//! file location"), and `/fr/sitemap.xml` is no help to a crawl of `/en/`.

use crate::url::CanonicalUrl;

/// Whether a listing may name pages below `root`, the folder of the documentation: it lies above, in or below it. A folder
/// that is there for sitemaps counts as the one that it lies in.
pub fn may_list(listing: &CanonicalUrl, root: &CanonicalUrl) -> bool {
    let folder: Vec<&str> = folder(listing).filter(|name| !is_for_sitemaps(name)).collect();
    folder.into_iter().zip(self::folder(root)).all(|(one, other)| one == other)
}

/// Whether a listing that another one names may list pages below `root`. What lies beside it is meant for what it is meant
/// for, wherever the site keeps them.
pub fn may_list_from(named: &CanonicalUrl, from: &CanonicalUrl, root: &CanonicalUrl) -> bool {
    folder(named).eq(folder(from)) || may_list(named, root)
}

/// Whether a listing lies in the folder of the documentation or below.
pub fn is_below(listing: &CanonicalUrl, root: &CanonicalUrl) -> bool {
    let mut names = folder(listing);
    folder(root).all(|name| names.next() == Some(name))
}

/// The places where a sitemap usually is, of those that the named ones do not make needless: each costs a request. A site
/// below a folder of its host often has a sitemap there that the host's robots.txt does not know of, so the folder is
/// asked unless a named one lies in it; the root of the host is asked where no named one may list the site at all.
pub fn usual_sitemaps(root: &CanonicalUrl, named: &[CanonicalUrl]) -> Vec<CanonicalUrl> {
    let mut places = Vec::new();
    if !named.iter().any(|listing| is_below(listing, root)) {
        places.extend(root.join("./sitemap.xml"));
    }
    if !named.iter().any(|listing| may_list(listing, root)) {
        places.extend(root.join("/sitemap.xml"));
    }
    places.retain(|place| !named.contains(place));
    places.dedup();
    places
}

/// The names of the folders that a file lies in.
fn folder(url: &CanonicalUrl) -> impl Iterator<Item = &str> {
    let folder = url.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    folder.split('/').filter(|name| !name.is_empty())
}

fn is_for_sitemaps(name: &str) -> bool {
    name.to_ascii_lowercase().contains("sitemap")
}

#[cfg(test)]
mod tests {
    use super::{may_list, usual_sitemaps};
    use crate::url::CanonicalUrl;

    fn url(path: &str) -> CanonicalUrl {
        CanonicalUrl::parse(&format!("https://d.example{path}")).unwrap()
    }

    #[test]
    fn a_listing_speaks_for_its_folder() {
        for (listing, root, expected) in [
            ("/sitemap.xml", "/en/stable/", true),
            ("/en/sitemap.xml", "/en/stable/", true),
            ("/en/stable/api/sitemap.xml", "/en/stable/", true),
            ("/fr/sitemap.xml", "/en/stable/", false),
            ("/en/v1.2/sitemap.xml", "/en/stable/", false),
            ("/sitemaps/pages-1.xml.gz", "/en/stable/", true),
            ("/fr/sitemap.xml", "/", true),
        ] {
            assert_eq!(may_list(&url(listing), &url(root)), expected, "{listing} for {root}");
        }
    }

    #[test]
    fn usual_places_are_asked_only_where_they_may_add_something() {
        let places = |root: &str, named: &[&str]| {
            let named: Vec<CanonicalUrl> = named.iter().map(|path| url(path)).collect();
            let places = usual_sitemaps(&url(root), &named);
            places.iter().map(|place| place.path().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(places("/docs/", &[]), ["/docs/sitemap.xml", "/sitemap.xml"]);
        assert_eq!(places("/docs/", &["/sitemap.xml"]), ["/docs/sitemap.xml"]);
        assert_eq!(places("/docs/", &["/docs/map.xml"]), [""; 0]);
        assert_eq!(places("/docs/", &["/blog/map.xml"]), ["/docs/sitemap.xml", "/sitemap.xml"]);
        assert_eq!(places("/", &[]), ["/sitemap.xml"]);
        assert_eq!(places("/", &["/blog/map.xml"]), [""; 0]);
    }
}
