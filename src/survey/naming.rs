//! What to call a skill of which only the address is known.

use crate::scope::edition::names_edition;
use crate::url::CanonicalUrl;

/// The longest name that the Agent Skills specification allows.
const LONGEST: usize = 64;
/// Words of addresses that name no tool.
const EMPTY: [&str; 16] = [
    "www",
    "docs",
    "doc",
    "documentation",
    "manual",
    "handbook",
    "dev",
    "developer",
    "developers",
    "api",
    "help",
    "learn",
    "index",
    "html",
    "guide",
    "pages",
];

/// A name from an address: the first folder that says something, else the first such part of the host, else words of the
/// title; lower-case letters, digits and single hyphens.
pub fn name_of(url: &CanonicalUrl, title: Option<&str>) -> String {
    let (folder, _) = url.path().rsplit_once('/').unwrap_or_default();
    let from_path = folder.split('/').find(|word| says_something(word));
    let labels: Vec<&str> = url.host().split('.').collect();
    let is_number = labels.iter().all(|label| label.bytes().all(|byte| byte.is_ascii_digit()))
        || url.host().contains(':');
    let from_host = (!is_number)
        .then(|| {
            labels
                .iter()
                .take(labels.len().saturating_sub(1).max(1))
                .find(|word| says_something(word))
                .copied()
        })
        .flatten();
    let candidates = [from_path, from_host, title, Some("docs")];
    candidates.into_iter().flatten().map(slug).find(|name| !name.is_empty()).unwrap_or_default()
}

/// The name of a repository, whose address is that of its owner and its own.
pub fn name_of_repository(url: &CanonicalUrl) -> Option<String> {
    let name = url.path().split('/').filter(|segment| !segment.is_empty()).nth(1)?;
    Some(slug(name.strip_suffix(".git").unwrap_or(name))).filter(|name| !name.is_empty())
}

fn says_something(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    !word.is_empty() && !EMPTY.contains(&word.as_str()) && !names_edition(&word)
}

/// A text as the name of a skill, or a part of one.
pub fn slug(text: &str) -> String {
    let mut name = String::new();
    for letter in text.to_lowercase().chars() {
        if letter.is_ascii_alphanumeric() {
            name.push(letter);
        } else if !name.is_empty() && !name.ends_with('-') {
            name.push('-');
        }
    }
    name.chars().take(LONGEST).collect::<String>().trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::name_of;
    use crate::url::CanonicalUrl;

    #[test]
    fn names_come_from_what_says_something() {
        for (url, name) in [
            ("https://docs.tool.example/en/latest/", "tool"),
            ("https://tool.pages.example/", "tool"),
            ("https://tool.example/", "tool"),
            ("https://hub.example/docs/trainer/index", "trainer"),
            ("https://code.example/owner/my_repo/", "owner"),
            ("http://127.0.0.1:8000/", "the-manual"),
        ] {
            assert_eq!(name_of(&CanonicalUrl::parse(url).unwrap(), Some("The Manual")), name, "{url}");
        }
    }
}
