//! Every page stands once. A page that was too long for one file stands there in parts, each with what is its own.

use std::collections::BTreeMap;
use std::ops::Range;

use super::contents::Contents;
use super::{Finding, Severity, warning};
use crate::skill::text::outline::headings;

/// How a page in a reference file says where it comes from.
const SOURCE: &str = "Source: <";

/// Reports pages that stand twice: the same address with the same heading, or with the same text.
pub(super) fn check_pages(contents: &Contents, findings: &mut Vec<Finding>) {
    let mut seen: BTreeMap<&str, Vec<(&str, Page<'_>)>> = BTreeMap::new();
    for (file, text) in &contents.markdown {
        for page in pages(text) {
            let before = seen.entry(page.url).or_default();
            let again = |(_, other): &&(&str, Page<'_>)| {
                let is_part = is_numbered(&page.heading) || is_numbered(&other.heading);
                other.heading == page.heading || (other.text == page.text && !is_part)
            };
            if let Some((first, _)) = before.iter().find(again) {
                let message = format!("the page <{}> stands in `{first}` already", page.url);
                findings.push(Finding {
                    severity: Severity::Warning,
                    line: Some(page.line),
                    ..warning(file, "duplicate-page", message)
                });
            }
            before.push((file, page));
        }
    }
}

/// Whether a heading counts the parts of a page: a page that says one thing over and over is cut into parts that are the
/// same.
fn is_numbered(heading: &str) -> bool {
    let number = heading.strip_suffix(')').and_then(|heading| heading.rsplit_once(" (part "));
    number.is_some_and(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()))
}

struct Page<'a> {
    url: &'a str,
    heading: String,
    text: &'a str,
    line: usize,
}

/// The pages of a reference file: each heading of the second level that is followed by its source.
fn pages(text: &str) -> Vec<Page<'_>> {
    if !text.contains(SOURCE) {
        return Vec::new();
    }
    let tops: Vec<(String, Range<usize>)> = headings(text)
        .into_iter()
        .filter(|heading| heading.level <= 2 && heading.outermost)
        .map(|heading| (heading.text, heading.range))
        .collect();
    let ends = tops.iter().skip(1).map(|(_, next)| next.start).chain([text.len()]);
    let pages = tops.iter().zip(ends).filter_map(|((heading, range), end)| {
        let body = text.get(range.end..end)?.trim();
        let (url, text_after) = body.strip_prefix(SOURCE)?.split_once('>')?;
        let line = text.get(..range.start)?.matches('\n').count() + 1;
        Some(Page { url, heading: heading.clone(), text: text_after.trim(), line })
    });
    pages.collect()
}
