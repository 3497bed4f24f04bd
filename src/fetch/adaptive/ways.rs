//! How the Markdown of a page can be asked for, and which of these ways a site knows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::fetched::Fetched;
use crate::url::CanonicalUrl;

/// A way that failed for so many pages, and for more than it worked for, is not tried again.
const FAILURES: u32 = 2;

/// A way to ask for the Markdown of a page. In this order they are tried until one is known to work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Way {
    /// At the address that the page names.
    Named,
    /// At `/a/index.md` of the page `/a/`.
    Index,
    /// At `/a/b.md` of the page `/a/b`, `/a/b/` or `/a/b.html`.
    Path,
    /// At the page's own address, by `Accept: text/markdown`, of a server that says by `Vary: Accept` that it heeds that
    /// (RFC 9110 §12.5.5). No other page is asked for twice.
    Accept,
}

/// How the ways did for the pages of a group.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Ways(BTreeMap<Way, Tally>);

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Tally {
    found: u32,
    missed: u32,
}

impl Ways {
    /// The ways that are worth trying for a page, those first that worked more often.
    pub(super) fn to_try(&self, page: &Fetched, named: Option<CanonicalUrl>) -> Vec<(Way, CanonicalUrl)> {
        let mut ways: Vec<(Way, CanonicalUrl)> = addresses(&page.url, named);
        ways.retain(|(way, _)| *way != Way::Accept || negotiates(page));
        ways.retain(|(way, _)| {
            let Tally { found, missed } = self.tally(*way);
            missed < FAILURES || missed <= found
        });
        ways.sort_by_key(|(way, _)| std::cmp::Reverse(self.tally(*way).found));
        ways
    }

    /// Takes note of whether there was Markdown.
    pub(super) fn note(&mut self, way: Way, was_there: bool) {
        let tally = self.0.entry(way).or_default();
        *(if was_there { &mut tally.found } else { &mut tally.missed }) += 1;
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn tally(&self, way: Way) -> Tally {
        self.0.get(&way).copied().unwrap_or_default()
    }
}

/// Whether the server says that what it answers depends on what is accepted.
fn negotiates(page: &Fetched) -> bool {
    let headers = page.exchange.iter().flat_map(|exchange| &exchange.response_headers);
    let vary = headers.filter(|(name, _)| name.eq_ignore_ascii_case("vary"));
    vary.flat_map(|(_, value)| value.split(',')).any(|name| name.trim().eq_ignore_ascii_case("accept"))
}

/// Where the Markdown of a page may be, by way. An address with a query is made up from other things than its path.
fn addresses(page: &CanonicalUrl, named: Option<CanonicalUrl>) -> Vec<(Way, CanonicalUrl)> {
    let mut found: Vec<(Way, CanonicalUrl)> = named.into_iter().map(|url| (Way::Named, url)).collect();
    let mut add = |way: Way, path: String| {
        if let Ok(url) = page.document().join(&path) {
            found.push((way, url));
        }
    };
    if page.as_url().query().is_none() {
        let path = page.path();
        let stem = [".html", ".htm"].iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path);
        if let Some(folder) = stem.strip_suffix('/') {
            add(Way::Index, format!("{folder}/index.md"));
        }
        let stem = stem.trim_end_matches('/');
        if !stem.is_empty() && !stem.ends_with(".md") {
            add(Way::Path, format!("{stem}.md"));
        }
    }
    found.push((Way::Accept, page.document()));
    found
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Way, Ways};
    use crate::fetched::{Exchange, Fetched};
    use crate::url::CanonicalUrl;

    fn page(path: &str, vary: &str) -> Fetched {
        let url = CanonicalUrl::parse(&format!("https://d.example{path}")).unwrap();
        let exchange = Exchange {
            target: url.clone(),
            request_headers: Vec::new(),
            status: 200,
            response_headers: vec![("vary".to_owned(), vary.to_owned())],
            body: Vec::new(),
        };
        Fetched { url, fetched_at: Timestamp::UNIX_EPOCH, exchange: Some(exchange), dom: None, twin: None }
    }

    #[track_caller]
    fn check(page: &str, paths: &[&str]) {
        let ways = Ways::default().to_try(&self::page(page, "accept-encoding, Accept"), None);
        let found: Vec<&str> =
            ways.iter().map(|(_, url)| url.as_str().trim_start_matches("https://d.example")).collect();
        assert_eq!(found, paths);
    }

    #[test]
    fn the_address_is_made_of_that_of_the_page() {
        check("/a/b", &["/a/b.md", "/a/b"]);
        check("/a/b.html", &["/a/b.md", "/a/b.html"]);
        check("/a/", &["/a/index.md", "/a.md", "/a/"]);
        check("/", &["/index.md", "/"]);
        check("/a?version=2", &["/a?version=2"]);
        check("/a/b.md", &["/a/b.md"]);
        assert!(Ways::default().to_try(&page("/a?x=1", "Accept-Encoding"), None).is_empty());
    }

    #[test]
    fn what_worked_comes_first_and_what_failed_twice_is_left_out() {
        let page = page("/a/", "Accept");
        let mut ways = Ways::default();
        let known = |ways: &Ways| ways.to_try(&page, None).iter().map(|(way, _)| *way).collect::<Vec<_>>();
        ways.note(Way::Index, false);
        assert_eq!(known(&ways), [Way::Index, Way::Path, Way::Accept]);
        ways.note(Way::Path, true);
        assert_eq!(known(&ways), [Way::Path, Way::Index, Way::Accept]);
        ways.note(Way::Index, false);
        assert_eq!(known(&ways), [Way::Path, Way::Accept]);
        ways.note(Way::Path, false);
        ways.note(Way::Path, true);
        ways.note(Way::Path, false);
        assert_eq!(known(&ways), [Way::Path, Way::Accept], "it fails no more often than it works");
    }
}
