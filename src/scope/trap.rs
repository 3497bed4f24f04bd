//! Addresses that lead on and on: paths that repeat themselves, paths without a bottom, addresses without an end.
//!
//! What is told here is told by the address alone. Traps that only show in what the pages say (calendars, combinations
//! of parameters) are the frontier's to learn.

use crate::url::CanonicalUrl;

/// The most folders below the base folder. The deepest documentation (packages of Java, generated APIs) has half of it.
const MAX_DEPTH: usize = 20;

/// The longest address; longer ones are made by programs that add to what they were given.
const MAX_LENGTH: usize = 2_000;

/// How often the same run of folders follows itself before it is taken for a link that is relative to the wrong page.
const MAX_REPEATS: usize = 3;

/// The longest run of folders whose repetition is looked for.
const LONGEST_RUN: usize = 4;

/// Why an address is a trap, in words for the report; `below` is its path below the base folder.
pub(super) fn trap(url: &CanonicalUrl, below: &str) -> Option<&'static str> {
    if url.as_str().len() > MAX_LENGTH {
        return Some("endless address");
    }
    let route = url.route().unwrap_or_default();
    let segments: Vec<&str> =
        below.split('/').chain(route.split('/')).filter(|segment| !segment.is_empty()).collect();
    if segments.len() > MAX_DEPTH {
        return Some("very deep path");
    }
    repeats(&segments).then_some("repeating path")
}

/// Whether a run of segments follows itself [`MAX_REPEATS`] times.
fn repeats(segments: &[&str]) -> bool {
    (1..=LONGEST_RUN).any(|run| {
        segments.windows(run * MAX_REPEATS).any(|window| {
            let (first, rest) = window.split_at(run);
            rest.chunks(run).all(|chunk| chunk == first)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::trap;
    use crate::url::CanonicalUrl;

    fn check(below: &str, expected: Option<&str>) {
        let url = CanonicalUrl::parse(&format!("https://d.example{below}")).unwrap();
        assert_eq!(trap(&url, url.path()), expected, "{below}");
    }

    #[test]
    fn paths_that_go_on_and_on() {
        check("/guide/start.html", None);
        check("/std/vec/vec.html", None);
        check("/a/a/b", None);
        check("/guide/guide/guide/x", Some("repeating path"));
        check("/x/a/b/a/b/a/b", Some("repeating path"));
        check("/#/a/b/a/b/a/b", Some("repeating path"));
        let deep: String = (0..21).map(|level| format!("/level{level}")).collect();
        check(&deep, Some("very deep path"));
        check(&format!("/a?{}", "b".repeat(2_000)), Some("endless address"));
    }
}
