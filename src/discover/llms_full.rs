//! `llms-full.txt`: text in, URLs out.
//!
//! The file holds the text of every page of a site, one after another. It is never kept as a page, since its parts are
//! pages already; but many sites say of each part where it is from, and there it serves as a list. Lines that do are
//! `Source: URL`, `URL: …`, `url: /guide.md` in the front matter of a part, and headings `# Title (URL)`. Links in the text
//! are left alone: they are found on the pages themselves.

use super::Knows;
use super::llms_txt::pages_of;
use crate::url::CanonicalUrl;

/// Words before a colon that say where a part is from.
const KEYS: [&str; 7] = ["source", "url", "source url", "source_url", "page url", "canonical", "original"];

/// How many lines the front matter of a part may have.
const LONGEST_FRONT_MATTER: usize = 30;

/// Where the parts are from, in order. An HTML page, which some servers answer for any path, names nothing.
pub fn parse_llms_full(text: &str, address: &CanonicalUrl, knows: &Knows<'_>) -> Vec<CanonicalUrl> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.to_ascii_lowercase().starts_with("<!doctype") || text.starts_with("<html") {
        return Vec::new();
    }
    let mut found: Vec<CanonicalUrl> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut front_matter = 0;
    for line in text.lines().map(str::trim) {
        if let Some(mark) = ["```", "~~~"].into_iter().find(|mark| line.starts_with(mark)) {
            fence = match fence {
                Some(open) if open == mark => None,
                Some(open) => Some(open),
                None => Some(mark),
            };
            continue;
        }
        if fence.is_some() {
            continue;
        }
        if line == "---" {
            front_matter = if front_matter > 0 { 0 } else { LONGEST_FRONT_MATTER };
            continue;
        }
        let source = named_source(line).or_else(|| source_in_heading(line));
        // Outside of front matter a mere path may be anything, such as the path of an endpoint.
        let is_told = |text: &&str| front_matter > 0 || text.contains("://");
        found.extend(source.filter(is_told).and_then(|text| address.join(text).ok()));
        front_matter = front_matter.saturating_sub(1);
    }
    pages_of(found, knows)
}

/// The address in `Source: <https://…>`, however it is emphasised or quoted.
fn named_source(line: &str) -> Option<&str> {
    let (key, value) = line.split_once(':')?;
    let key = key.trim_matches(|letter: char| "#>*_- `".contains(letter)).to_ascii_lowercase();
    if !KEYS.contains(&key.as_str()) {
        return None;
    }
    let value = value.trim_matches(|letter: char| "*_<>\"'` ".contains(letter));
    let value = value.strip_prefix('[').and_then(|text| text.split(']').next()).unwrap_or(value);
    is_address(value).then_some(value)
}

/// The address at the end of a heading: `# Title (https://…)`.
fn source_in_heading(line: &str) -> Option<&str> {
    let (_, end) = line.strip_prefix('#')?.rsplit_once('(')?;
    let address = end.strip_suffix(')')?;
    (is_address(address) && address.contains("://")).then_some(address)
}

fn is_address(text: &str) -> bool {
    let is_one = text.starts_with("http://") || text.starts_with("https://") || text.starts_with('/');
    is_one && !text.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use super::parse_llms_full;
    use crate::url::CanonicalUrl;

    fn check(text: &str, paths: &[&str]) {
        let address = CanonicalUrl::parse("https://d.example/docs/llms-full.txt").unwrap();
        let found = parse_llms_full(text, &address, &|url| url.path() == "/docs/known");
        assert_eq!(found.iter().map(|url| url.path()).collect::<Vec<_>>(), paths, "{text}");
    }

    #[test]
    fn parts_say_where_they_are_from() {
        check(
            "# A\nSource: https://d.example/docs/a\n\nSee [b](https://d.example/docs/no).\n\n# B\n**URL:** \
             <https://d.example/docs/b>\n\n# C (https://d.example/docs/c)\n\n> Source: `https://d.example/docs/d`\n",
            &["/docs/a", "/docs/b", "/docs/c", "/docs/d"],
        );
        check("---\ntitle: X\nurl: /docs/x\n---\n\nText\n\nurl: /api/no\n", &["/docs/x"]);
        check(
            "---\nurl: /docs/known.md\n---\nT\n\n---\nurl: '/docs/e.md'\n---\n",
            &["/docs/known", "/docs/e"],
        );
    }

    #[test]
    fn code_and_prose_name_nothing() {
        check("```yaml\nurl: https://d.example/docs/no\n```\nThe source: see below. url: x\n# T (v2)\n", &[]);
        check("<!DOCTYPE html>\nSource: https://d.example/docs/no\n", &[]);
        check("# Call `GET` (see https://d.example/docs/no for more)\nSource:\n", &[]);
    }
}
