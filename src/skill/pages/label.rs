//! Names that a person would choose for a group of pages: words, never a number, a date, a version or a file type.

use url::form_urlencoded;

use crate::content_print::MONTHS;
use crate::url::CanonicalUrl;

/// The longest name, in characters.
const LONGEST: usize = 60;
/// Words that name no subject: file types, versions, languages, the fact that it is documentation.
const EMPTY_WORDS: [&str; 33] = [
    "html",
    "htm",
    "md",
    "mdx",
    "php",
    "txt",
    "pdf",
    "json",
    "rst",
    "latest",
    "stable",
    "main",
    "master",
    "dev",
    "nightly",
    "next",
    "current",
    "version",
    "versions",
    "docs",
    "doc",
    "documentation",
    "en",
    "us",
    "index",
    "home",
    "pages",
    "page",
    "tree",
    "blob",
    "www",
    "content",
    "site",
];
/// Words that are written in capitals.
const CAPITALS: [&str; 26] = [
    "api", "cli", "faq", "sdk", "ui", "gpu", "cpu", "tpu", "rl", "llm", "llms", "http", "sql", "json",
    "yaml", "toml", "rest", "sft", "dpo", "grpo", "ppo", "lora", "css", "html", "url", "io",
];

/// A heading of the site's navigation as the name of a group; `None` when it names no subject.
pub fn of_heading(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = strip_numbering(text.trim_start_matches(|character: char| !character.is_alphanumeric()));
    let text = without_lone_quotes(once(text.trim_end_matches([':', ' ', '.', '¶', '»', '›', '#'])));
    let text = text.as_str();
    let words: Vec<String> = words(text);
    // Sphinx writes `<no title>` for a page without a heading.
    let telling = words != ["no", "title"] && words.iter().any(|word| !is_date_or_number(word));
    (telling && text.chars().filter(|character| character.is_alphabetic()).count() >= 2).then(|| cut(text))
}

/// A label without the marks of a quotation that only begins or ends in it: of `“How-to” guides` the first is cut off.
fn without_lone_quotes(text: &str) -> String {
    let count = |mark: char| text.chars().filter(|character| *character == mark).count();
    let lone = count('“') != count('”') || !count('"').is_multiple_of(2);
    if lone { text.replace(['“', '”', '"'], "") } else { text.to_owned() }
}

/// Menus that show a label twice, once for the link and once for the switch, say `Guide Guide`.
fn once(text: &str) -> &str {
    match text.split_at_checked(text.len() / 2) {
        Some((first, second)) if second.strip_prefix(' ') == Some(first) => first,
        _ => text,
    }
}

/// The name within its longest length, cut between words.
fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let start: String = text.chars().take(LONGEST).collect();
    start
        .rsplit_once(' ')
        .map_or(start.as_str(), |(words, _)| words)
        .trim_end_matches([',', ':', '-', ' '])
        .to_owned()
}

/// Whether a name says no more than that there is documentation.
pub fn is_generic(name: &str) -> bool {
    words(name).iter().all(|word| is_empty_word(word))
}

/// Whether a segment of a URL's path names an edition of the documentation: a version, its state, a language.
pub fn is_edition(segment: &str) -> bool {
    let lower = segment.to_lowercase();
    let states = ["latest", "stable", "main", "master", "dev", "nightly", "next", "current", "en", "en-us"];
    let digits = lower.strip_prefix('v').unwrap_or(&lower);
    let version = digits.contains('.') && digits.chars().all(|c| c.is_ascii_digit() || c == '.');
    let major = lower.starts_with('v') && !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
    states.contains(&lower.as_str()) || version || major
}

/// A segment of a URL's path as the name of a group; `None` when it names no subject.
pub fn of_segment(segment: &str) -> Option<String> {
    let plus = segment.replace('+', "%2B");
    let decoded = form_urlencoded::parse(plus.as_bytes()).next().map(|(name, _)| name.into_owned())?;
    let spaced: String =
        decoded.chars().map(|character| if "-_.~".contains(character) { ' ' } else { character }).collect();
    let heading = of_heading(&spaced)?;
    let telling = words(&heading).iter().any(|word| !is_empty_word(word));
    telling.then(|| with_capitals(&heading))
}

/// A page's title from its address, for a page that has none.
pub fn of_url(url: &CanonicalUrl) -> String {
    segments(url)
        .iter()
        .rev()
        .find_map(|segment| of_segment(segment))
        .unwrap_or_else(|| url.host().to_owned())
}

/// The path of a page as words: hash routes as paths, index files as their folder, no extension.
pub fn segments(url: &CanonicalUrl) -> Vec<String> {
    let path = url.route().map_or(url.path(), |route| route.trim_start_matches('!'));
    let path = path.split('?').next().unwrap_or_default();
    let mut segments: Vec<String> =
        path.split('/').filter(|segment| !segment.is_empty()).map(str::to_owned).collect();
    if let Some(last) = segments.pop() {
        let stem = [".html", ".htm", ".md", ".mdx", ".php", ".rst", ".txt"]
            .iter()
            .find_map(|extension| last.strip_suffix(extension))
            .unwrap_or(&last);
        if !matches!(stem.to_ascii_lowercase().as_str(), "index" | "readme") {
            segments.push(stem.to_owned());
        }
    }
    segments
}

/// Numbering before a title: `1.`, `2.3`, `08 -`, `IV.` is left since it may be a word.
fn strip_numbering(text: &str) -> &str {
    let rest = text.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.');
    // The number of `8-bit optimizers` is part of a word; that of `08-optimizers` is none.
    let compound = rest.starts_with('-')
        && rest.chars().nth(1).is_some_and(char::is_alphabetic)
        && rest.contains(' ')
        && !text.starts_with('0');
    let numbered = rest.len() < text.len() && rest.starts_with([' ', ')', '-', ':', '_']) && !compound;
    if numbered { rest.trim_start_matches([' ', ')', '-', ':', '_']) } else { without_number(text) }
}

/// A title without the number of its section, as books have it: `2.3 Sails`, `Chapter 4. Ports`, `II. Ports`,
/// `A.3 Knots`. A number alone is a title.
pub fn without_number(text: &str) -> &str {
    let kinds = ["Chapter ", "Part ", "Appendix ", "Section ", "§ ", "§"];
    let named = kinds.iter().find_map(|kind| text.strip_prefix(kind));
    let Some((number, rest)) = named.unwrap_or(text).split_once([' ', '\u{a0}']) else { return text };
    let ends = number.ends_with(['.', ':']);
    let parts: Vec<&str> = number.trim_end_matches(['.', ':']).split('.').collect();
    let digits =
        |part: &&str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    let letters = |part: &&str| {
        let roman = part.bytes().all(|byte| b"IVXLC".contains(&byte));
        !part.is_empty() && (roman || part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_uppercase()))
    };
    let counts = match parts.as_slice() {
        [one] => digits(one) || letters(one) && ends,
        [first, others @ ..] => (digits(first) || letters(first)) && others.iter().all(digits),
        [] => false,
    };
    let rest = rest.trim_start_matches([' ', '\u{a0}', '-', '–', '—']);
    if counts && rest.chars().any(char::is_alphabetic) { rest } else { text }
}

fn words(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn is_date_or_number(word: &str) -> bool {
    let letters: String = word.chars().filter(|character| character.is_alphabetic()).collect();
    let digits = word.len() > letters.len();
    let version =
        digits && matches!(letters.as_str(), "v" | "rc" | "r" | "x" | "vx" | "th" | "st" | "nd" | "rd");
    let month =
        MONTHS.iter().any(|month| letters == *month || letters.len() == 3 && month.starts_with(&letters));
    letters.is_empty() || version || month || letters == "v" || letters == "x"
}

fn is_empty_word(word: &str) -> bool {
    is_date_or_number(word) || EMPTY_WORDS.contains(&word)
}

fn with_capitals(text: &str) -> String {
    let words = text.split(' ').enumerate().map(|(index, word)| {
        if CAPITALS.contains(&word.to_lowercase().as_str()) {
            word.to_uppercase()
        } else if index == 0 {
            capitalised(word)
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::{of_heading, of_segment, segments};
    use crate::url::CanonicalUrl;

    #[test]
    fn headings_become_words() {
        let check =
            |text: &str, label: Option<&str>| assert_eq!(of_heading(text).as_deref(), label, "{text}");
        check("1. Getting  started", Some("Getting started"));
        check("🚀 Quick start:", Some("Quick start"));
        check("3D models", Some("3D models"));
        check("8-bit optimizers", Some("8-bit optimizers"));
        check("08-Optimizers and more", Some("Optimizers and more"));
        check("Chapter 4. Ports", Some("Ports"));
        check("Part II. Ports", Some("Ports"));
        check("A.3 Knots", Some("Knots"));
        check("IV. Knots", Some("Knots"));
        check("Appendix B. Flags", Some("Flags"));
        check("I am a boat", Some("I am a boat"));
        check("Part of a boat", Some("Part of a boat"));
        check("“How-to” guides", Some("How-to guides"));
        check("Guide Guide", Some("Guide"));
        check("2020", None);
        check("v1.2.3", None);
        check("March 2024", None);
        check("08", None);
        check("训练", Some("训练"));
    }

    #[test]
    fn segments_become_words() {
        let check =
            |text: &str, label: Option<&str>| assert_eq!(of_segment(text).as_deref(), label, "{text}");
        check("fine-tuning_guide", Some("Fine tuning guide"));
        check("api", Some("API"));
        check("08.md", None);
        check("2020", None);
        check("2024-05-01", None);
        check("v2.1", None);
        check("latest", None);
        check("en", None);
        check("docs", None);
    }

    #[test]
    fn addresses_become_segments() {
        let check = |url: &str, wanted: &[&str]| {
            assert_eq!(segments(&CanonicalUrl::parse(url).unwrap()), wanted, "{url}");
        };
        check("https://d.example/docs/guide/index.html", &["docs", "guide"]);
        check("https://d.example/docs/a.html", &["docs", "a"]);
        check("https://d.example/#/guide/a?x=1", &["guide", "a"]);
        check("https://d.example/docs/README.md", &["docs"]);
    }
}
