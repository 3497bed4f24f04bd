//! Families of addresses, and when one of them has shown enough.
//!
//! Addresses that differ in numbers or in their parameters alone are a family. A calendar is one, a listing under all
//! combinations of its filters another. What its pages hold says when to stop: after so many that tell nothing new in a
//! row, the rest is not asked for. A family of real pages, however many, stays open.

use std::collections::HashMap;

use crate::content_print::ContentPrint;
use crate::url::CanonicalUrl;

/// How many pages in a row may differ from earlier ones in numbers alone, where parameters tell them apart.
const MOST_ALIKE: u32 = 32;

/// How many addresses of one path may turn out to hold what another one holds.
const MOST_SAME: u32 = 3;

/// The most combinations of two and more parameters for one path.
const MOST_COMBINATIONS: u32 = 64;

/// How many pages of a family are remembered to compare with.
const REMEMBERED: usize = 4;

/// Parameters that page through time.
const DATE_PARAMETERS: [&str; 9] =
    ["date", "day", "week", "month", "year", "cal", "calendar", "tribe-bar-date", "ical"];

/// The families that were come across in this run.
#[derive(Debug, Default)]
pub(super) struct Families {
    by_shape: HashMap<String, Family>,
    by_path: HashMap<String, Queries>,
}

#[derive(Debug, Default)]
struct Family {
    prints: Vec<ContentPrint>,
    alike: u32,
    closed: Option<&'static str>,
}

#[derive(Debug, Default)]
struct Queries {
    combinations: u32,
    same: u32,
}

impl Families {
    /// Why an address is not worth asking for, by what its family has shown.
    pub(super) fn closed(&self, url: &CanonicalUrl) -> Option<&'static str> {
        if let Some(query) = url.as_url().query()
            && let Some(queries) = self.by_path.get(&path_of(url))
        {
            if queries.same >= MOST_SAME {
                return Some("parameters that change nothing");
            }
            if query.contains('&') && queries.combinations >= MOST_COMBINATIONS {
                return Some("endless combinations of parameters");
            }
        }
        self.by_shape.get(&shape_of(url)?)?.closed
    }

    /// Takes in that an address is asked for.
    pub(super) fn note_asked(&mut self, url: &CanonicalUrl) {
        if url.as_url().query().is_some_and(|query| query.contains('&')) {
            self.by_path.entry(path_of(url)).or_default().combinations += 1;
        }
    }

    /// Takes in that an address held what another of the site holds.
    pub(super) fn note_same(&mut self, url: &CanonicalUrl) {
        if url.as_url().query().is_some() {
            self.by_path.entry(path_of(url)).or_default().same += 1;
        }
    }

    /// Takes in what a page holds. Returns why it is not to be kept, if it is not.
    pub(super) fn note_content(&mut self, url: &CanonicalUrl, print: &ContentPrint) -> Option<&'static str> {
        if !print.is_telling() {
            return None;
        }
        let family = self.by_shape.entry(shape_of(url)?).or_default();
        if is_dated(url) && family.prints.iter().any(|earlier| earlier.is_alike(print)) {
            return Some("calendar");
        }
        // What stands at paths of its own is meant, however much it looks like its neighbours.
        let differs_in_numbers = url.as_url().query().is_some()
            && family.prints.iter().any(|earlier| earlier.frame == print.frame);
        family.alike = if differs_in_numbers { family.alike + 1 } else { 0 };
        if family.alike >= MOST_ALIKE {
            family.closed = Some("parameters that change numbers alone");
            return family.closed;
        }
        if family.prints.len() == REMEMBERED {
            family.prints.remove(0);
        }
        family.prints.push(*print);
        None
    }
}

/// The address without its query.
fn path_of(url: &CanonicalUrl) -> String {
    let mut url = url.document().as_url().clone();
    url.set_query(None);
    url.into()
}

/// The address with each number as `0` and each value of a parameter left out; `None` for one that has neither.
fn shape_of(url: &CanonicalUrl) -> Option<String> {
    let mut shape = String::new();
    let mut in_number = false;
    for letter in url.authority().as_str().chars().chain(url.path().chars()) {
        if !letter.is_ascii_digit() {
            shape.push(letter);
        } else if !in_number {
            shape.push('0');
        }
        in_number = letter.is_ascii_digit();
    }
    let has_number = url.path().bytes().any(|byte| byte.is_ascii_digit());
    let mut names: Vec<&str> = parameters(url).map(|(name, _)| name).collect();
    names.sort_unstable();
    for name in &names {
        shape.push('&');
        shape.push_str(name);
    }
    (has_number || !names.is_empty()).then_some(shape)
}

/// Whether the address names a day, a month or a year to look at.
fn is_dated(url: &CanonicalUrl) -> bool {
    let in_query = parameters(url).any(|(name, value)| {
        DATE_PARAMETERS.contains(&name.to_ascii_lowercase().as_str())
            && value.starts_with(|first: char| first.is_ascii_digit())
    });
    let segments: Vec<&str> = url.path().split('/').collect();
    let in_path = segments.windows(2).any(|pair| is_year(pair[0]) && is_small_number(pair[1]))
        || segments.iter().any(|segment| is_date(segment));
    in_query || in_path
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && (text.starts_with("19") || text.starts_with("20")) && is_number(text)
}

fn is_small_number(text: &str) -> bool {
    (1..=2).contains(&text.len()) && is_number(text)
}

/// `2031-05` and `2031-05-17`.
fn is_date(text: &str) -> bool {
    let text = text.strip_suffix(".html").unwrap_or(text);
    let mut parts = text.split('-');
    parts.next().is_some_and(is_year)
        && (1..=2).contains(&parts.clone().count())
        && parts.all(|part| part.len() == 2 && is_number(part))
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn parameters(url: &CanonicalUrl) -> impl Iterator<Item = (&str, &str)> {
    let query = url.as_url().query().unwrap_or_default();
    query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

#[cfg(test)]
mod tests {
    use super::{Families, is_dated, shape_of};
    use crate::content_print::ContentPrint;
    use crate::url::CanonicalUrl;

    fn url(path: &str) -> CanonicalUrl {
        CanonicalUrl::parse(&format!("https://d.example{path}")).unwrap()
    }

    fn print(path: &str, own: &str) -> ContentPrint {
        let text = format!("{own} {}", "words that every page of this family has ".repeat(5));
        ContentPrint::of(&text, &url(path))
    }

    #[test]
    fn shapes_and_dates() {
        assert_eq!(shape_of(&url("/a/b")), None);
        assert_eq!(shape_of(&url("/v12/p3?y=1&x=2")).unwrap(), "https://d.example/v0/p0&x&y");
        for path in
            ["/cal/2031/05", "/cal/2031/5/", "/2031-05-17", "/e?date=2031-01-01", "/e?month=3&year=2031"]
        {
            assert!(is_dated(&url(path)), "{path}");
        }
        for path in ["/2031/title", "/release-2031-05", "/v1/2", "/e?day=monday", "/a?x=2031"] {
            assert!(!is_dated(&url(path)), "{path}");
        }
    }

    #[test]
    fn a_calendar_is_one_page_and_a_blog_is_many() {
        let mut families = Families::default();
        assert_eq!(families.note_content(&url("/c/2031/05"), &print("/c/2031/05", "May 2031")), None);
        let june = print("/c/2031/06", "June 2031");
        assert_eq!(families.note_content(&url("/c/2031/06"), &june), Some("calendar"));
        for (path, own) in
            [("/blog/2031/05/x", "a story of its own"), ("/blog/2031/06/y", "quite another thing")]
        {
            assert_eq!(families.note_content(&url(path), &print(path, &own.repeat(9))), None);
        }
    }

    #[test]
    fn numbers_alone_close_a_family_and_words_keep_it_open() {
        let mut families = Families::default();
        for number in 0..60 {
            let path = format!("/opcode?n={number}");
            assert_eq!(families.closed(&url(&path)), None, "{path}");
            let own = ["add", "sub", "mul", "div", "jump"][number % 5].repeat(number + 1);
            assert_eq!(families.note_content(&url(&path), &print(&path, &own)), None);
        }
        let mut kept = |folder: &str| {
            let is_kept = |number: &u32| {
                let path = format!("{folder}{number}");
                let url = url(&path);
                families.closed(&url).is_none() && families.note_content(&url, &print(&path, "")).is_none()
            };
            (0..60).filter(is_kept).count()
        };
        assert_eq!(kept("/page?n="), 32);
        assert_eq!(kept("/page/"), 60);
    }

    #[test]
    fn combinations_end_and_single_parameters_do_not() {
        let mut families = Families::default();
        for number in 0..200 {
            assert_eq!(families.closed(&url(&format!("/wiki?title=page{number}"))), None);
            families.note_asked(&url(&format!("/wiki?title=page{number}")));
        }
        let mut is_open = |number: &u32| {
            let url = url(&format!("/list?sort=a&page={number}"));
            let is_open = families.closed(&url).is_none();
            families.note_asked(&url);
            is_open
        };
        assert_eq!((0..200).filter(|number| is_open(number)).count(), 64);
        for number in 0..3 {
            assert_eq!(families.closed(&url(&format!("/same?theme={number}"))), None);
            families.note_same(&url(&format!("/same?theme={number}")));
        }
        assert!(families.closed(&url("/same?theme=9")).is_some());
        assert_eq!(families.closed(&url("/same")), None);
    }
}
