//! What the pages state of the tool besides its use: version, licence, date. Nothing is stated that they do not.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::SiteConfig;
use crate::extract::{license_named, license_stated};
use crate::skill::pages::label;
use crate::skill::pages::reference::Reference;
use crate::skill::text::outline::{headings, plain};
use crate::skill::text::quote::{sentences, shorten};

/// The longest version, in characters.
const LONGEST_VERSION: usize = 60;
/// How much of a licence's text names it, in bytes.
const LICENSE_HEAD: usize = 2_000;
/// Titles of pages that list what changed, the newest first.
const CHANGELOGS: [&str; 6] =
    ["changelog", "change log", "release notes", "what's new", "release history", "version history"];

/// What is known of the tool, each only where the site says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The version that the pages are about; of a repository, the commit that was read.
    pub version: Option<String>,
    /// The newest release that the changelog names, where that is not the version.
    pub release: Option<String>,
    /// The licence, as an identifier of the SPDX list.
    pub license: Option<String>,
    /// The day of the crawl, or its first and last day.
    pub fetched: Option<String>,
}

/// Gathers the facts.
pub fn facts(config: &SiteConfig, references: &[Reference], start: Option<usize>) -> Facts {
    let changelog = of_changelog(references);
    let version = commit(config, references)
        .or_else(|| {
            most_stated(
                references.iter().filter_map(|page| page.version.as_deref()).filter(|text| is_version(text)),
            )
        })
        .or_else(|| of_address(config))
        .or_else(|| changelog.clone());
    Facts {
        release: changelog.filter(|release| version.as_ref() != Some(release)),
        version: version.map(|version| shorten(&version, LONGEST_VERSION)),
        license: license(references, start),
        fetched: fetched(references),
    }
}

/// What more than half of those that state anything state.
fn most_stated<'a>(values: impl Iterator<Item = &'a str>) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    let all: usize = counts.values().sum();
    counts.into_iter().find(|(_, count)| count * 2 > all).map(|(value, _)| value.to_owned())
}

fn is_version(text: &str) -> bool {
    let text = text.trim();
    text.chars().any(|character| character.is_ascii_digit()) && text.split_whitespace().count() == 1
}

/// The version in the address of the documentation.
fn of_address(config: &SiteConfig) -> Option<String> {
    let is_version = |segment: &String| {
        let digits = segment.trim_start_matches('v');
        digits.contains('.') && digits.chars().all(|character| character.is_ascii_digit() || character == '.')
    };
    label::segments(&config.scope.base_url).into_iter().find(is_version)
}

/// The commit of the repository's files. Where they are of two, as after a crawl without a list, none is named.
fn commit(config: &SiteConfig, references: &[Reference]) -> Option<String> {
    let repository = config.scope.repository.as_ref()?;
    let files = references.iter().filter_map(|page| repository.shown_file(&page.url));
    let commits: BTreeSet<String> = files.map(|file| file.reference).collect();
    commits.first().filter(|_| commits.len() == 1).cloned()
}

/// The version of the first heading of the changelog that has one. Where several pages are changelogs, as of a tool and
/// its plug-ins, none speaks for all.
fn of_changelog(references: &[Reference]) -> Option<String> {
    let is_changelog = |page: &&Reference| {
        let title = page.title.to_lowercase();
        CHANGELOGS.iter().any(|name| title == *name || title.ends_with(&format!(" {name}")))
    };
    let mut pages = references.iter().filter(is_changelog);
    let page = pages.next().filter(|_| pages.next().is_none())?;
    headings(&page.markdown).iter().find_map(|heading| {
        let words =
            heading.text.split(|character: char| character.is_whitespace() || "[](),:".contains(character));
        words.map(|word| word.trim_start_matches('v')).find(|word| is_release(word)).map(str::to_owned)
    })
}

/// Whether a word is the number of a release: three or two numbers, possibly with a suffix, and no date.
fn is_release(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let numbers = parts.iter().take(2).all(|part| part.parse::<u32>().is_ok());
    let year = parts.first().is_some_and(|part| part.len() == 4);
    (2..=4).contains(&parts.len()) && numbers && !year
}

/// The licence that the pages agree on, that the page called so names, or that the start page states.
fn license(references: &[Reference], start: Option<usize>) -> Option<String> {
    let stated = references.iter().filter_map(|page| page.license.as_deref());
    let on_most = stated.clone().count() * 2 > references.len();
    let shared = || if on_most { most_stated(stated.clone()) } else { None };
    let is_license =
        |page: &&Reference| matches!(page.title.to_lowercase().as_str(), "license" | "licence" | "licensing");
    let own = || {
        let page = references.iter().find(is_license)?;
        license_named(head(&page.markdown))
    };
    let of_start = || {
        let page = references.get(start?)?;
        let section = section_on_license(&page.markdown);
        let sentence = || sentences(&plain(&page.markdown)).into_iter().find_map(license_stated);
        section
            .and_then(|section| license_stated(section).or_else(|| license_named(head(section))))
            .or_else(sentence)
    };
    shared().or_else(own).or_else(of_start).or_else(|| references.get(start?)?.license.clone())
}

/// What stands below the heading "License" of a page.
fn section_on_license(markdown: &str) -> Option<&str> {
    let all = headings(markdown);
    let at = all.iter().position(|heading| {
        let text = heading.text.to_lowercase();
        let letters = text.trim_matches(|character: char| !character.is_alphabetic());
        matches!(letters, "license" | "licence" | "licensing")
    })?;
    let end = all.get(at + 1).map_or(markdown.len(), |next| next.range.start);
    markdown.get(all.get(at)?.range.end..end)
}

fn head(text: &str) -> &str {
    let mut end = text.len().min(LICENSE_HEAD);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

fn fetched(references: &[Reference]) -> Option<String> {
    let times = references.iter().filter_map(Reference::time);
    let days = times.map(|time| time.strftime("%Y-%m-%d").to_string());
    let (first, last) = (days.clone().min()?, days.max()?);
    Some(if first == last { first } else { format!("{first} to {last}") })
}

#[cfg(test)]
mod tests {
    use super::{is_release, most_stated, section_on_license};

    #[test]
    fn releases_are_told_from_dates() {
        for word in ["1.2.3", "0.9", "2.0.0rc1", "10.4.1.2"] {
            assert!(is_release(word), "{word}");
        }
        for word in ["2024.05.01", "1", "a.b", "Unreleased", ""] {
            assert!(!is_release(word), "{word}");
        }
    }

    #[test]
    fn the_majority_speaks() {
        assert_eq!(most_stated(["2.1", "2.1", "2.0"].into_iter()).as_deref(), Some("2.1"));
        assert_eq!(most_stated(["2.1", "2.0"].into_iter()), None);
    }

    #[test]
    fn a_section_ends_at_the_next_heading() {
        assert_eq!(section_on_license("# T\n\n## 📄 License\n\nMIT\n\n## Next\n\nx"), Some("\nMIT\n\n"));
        assert_eq!(section_on_license("# T\n\nMIT"), None);
    }
}
