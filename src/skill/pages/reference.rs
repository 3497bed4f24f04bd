//! One page of the skill.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::document::{Block, plain_text};
use crate::extract::Reading;
use crate::fetched::UNDATED;
use crate::render::Source;
use crate::skill::pages::excerpt::{Excerpts, excerpts};
use crate::skill::pages::label;
use crate::skill::pages::navigation::Navigation;
use crate::skill::pages::summary::summary;
use crate::skill::pages::symbols::{Symbol, symbols};
use crate::skill::pages::titles::{own_titles, unnumbered};
use crate::skill::text::clean::strip_unseen;
use crate::skill::text::outline::headings;
use crate::url::CanonicalUrl;

/// A page that was read and holds something.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The page's address.
    pub url: CanonicalUrl,
    /// The page's title in plain text; never empty.
    pub title: String,
    /// Whether a first-level heading of the content gives the title.
    pub is_headed: bool,
    /// What the page's `title` element names besides the page, which is mostly the site.
    pub site: Option<String>,
    /// Where the page says it stands, outermost first.
    pub breadcrumbs: Vec<String>,
    /// The page's own description, in plain text.
    pub description: Option<String>,
    /// The content as Markdown, without the heading that repeats the title.
    pub markdown: String,
    /// SHA-256 of the Markdown in lower-case hexadecimal.
    pub digest: String,
    /// When the page was fetched.
    pub fetched_at: Timestamp,
    /// The profile that read it.
    pub profile: String,
    /// Which form of the page was read.
    pub source: Source,
    /// The text and anchor of every heading that has one, in order.
    pub heading_ids: Vec<(String, String)>,
    /// The names it documents.
    pub symbols: Vec<Symbol>,
    /// What may be quoted of it.
    pub excerpts: Excerpts,
    /// The version of the software that it says it is about.
    pub version: Option<String>,
    /// The licence that it states beside its content, as an identifier of the SPDX list.
    pub license: Option<String>,
}

impl Reference {
    /// The page as a reference; `None` when it holds no text besides its title.
    pub fn new(url: &CanonicalUrl, fetched_at: Timestamp, reading: &Reading, markdown: &str) -> Option<Self> {
        let (markdown, _) = strip_unseen(&without_anchors(markdown));
        let document = &reading.document;
        let title = strip_unseen(&document.title).0;
        let (title, markdown) = split_title(split_anchor(&title, "[[", "]]").0, &markdown);
        // Sphinx writes `<no title>` for a page without a heading.
        let title = Some(title).filter(|title| title != "<no title>").unwrap_or_default();
        if !markdown.chars().any(char::is_alphanumeric) {
            return None;
        }
        let named = if title.is_empty() { label::of_url(url) } else { title };
        let description = document.description.as_deref().map(|text| strip_unseen(text.trim()).0);
        Some(Self {
            url: url.clone(),
            title: named.clone(),
            is_headed: document.blocks.iter().any(|block| matches!(block, Block::Heading { level: 1, .. })),
            site: document.site.as_deref().map(|text| strip_unseen(text.trim()).0),
            breadcrumbs: document.breadcrumbs.iter().map(|crumb| strip_unseen(crumb.trim()).0).collect(),
            description: description.filter(|text| !text.is_empty()),
            digest: HEXLOWER.encode(&Sha256::digest(markdown.as_bytes())),
            markdown,
            fetched_at,
            profile: reading.profile.clone(),
            source: reading.source,
            heading_ids: heading_ids(&document.blocks),
            symbols: symbols(&document.blocks),
            excerpts: excerpts(&named, &document.blocks),
            version: document.version.as_deref().map(|text| strip_unseen(text.trim()).0),
            license: document.license.clone(),
        })
    }

    /// When the page was fetched; `None` for a saved page that names no time.
    pub fn time(&self) -> Option<Timestamp> {
        (self.fetched_at != UNDATED).then_some(self.fetched_at)
    }

    /// One line of Markdown on what the page answers: its description, else a first sentence of its opening.
    pub fn summary(&self) -> Option<String> {
        summary(self.description.as_deref(), &self.excerpts)
    }
}

/// Takes from titles what most of them share, and gives pages that share a title their own: what the navigation calls
/// them, or, where most pages bear it (a book's name on every chapter), their first heading. Two pages called
/// "Installation" are both just that.
pub fn settle_titles(references: &mut [Reference], navigation: &Navigation, start: Option<usize>) {
    let titles = || references.iter().map(|reference| reference.title.clone());
    let (counts, kinds) = (counted(titles()), counted(titles().map(|title| unnumbered(&title))));
    let pages = references.len();
    for reference in references.iter_mut() {
        let count = counts.get(&reference.title).copied().unwrap_or_default();
        // Titles that differ by the number of the section alone are one.
        let kind = kinds.get(&unnumbered(&reference.title)).copied().unwrap_or_default();
        let is_of_site = kind * 2 > pages && kind > 1;
        if count < 2 && !is_of_site {
            continue;
        }
        let entry = navigation.page(&reference.url).and_then(|entry| label::of_heading(&entry.title));
        let heading = || headings(&reference.markdown).into_iter().next().map(|heading| heading.text);
        let heading = is_of_site.then(heading).flatten();
        if let Some(own) = entry.into_iter().chain(heading).find(|own| *own != reference.title) {
            let (title, markdown) = split_title(&own, &reference.markdown);
            (reference.title, reference.markdown) = (title, markdown);
        }
    }
    let titles: Vec<&str> = references.iter().map(|reference| reference.title.as_str()).collect();
    let own = own_titles(&titles, start.and_then(|start| titles.get(start).copied()));
    for (reference, title) in references.iter_mut().zip(own) {
        reference.title = title;
    }
}

fn counted(titles: impl Iterator<Item = String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for title in titles {
        *counts.entry(title).or_default() += 1;
    }
    counts
}

/// The title and the Markdown without the heading that says it again.
///
/// Pages whose `title` element carries the site's name as well have the shorter, better title in their first heading.
fn split_title(title: &str, markdown: &str) -> (String, String) {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let markdown = markdown.trim();
    let all = headings(markdown);
    let Some(first) = all.first().filter(|first| first.outermost && first.range.start == 0) else {
        return (title, markdown.to_owned());
    };
    let (left, right) = (title.to_lowercase(), first.text.to_lowercase());
    let same = !right.is_empty() && (left.contains(&right) || right.contains(&left));
    if !same {
        return (title, markdown.to_owned());
    }
    let rest = markdown.get(first.range.end..).unwrap_or_default().trim();
    let shorter = if title.is_empty() || first.text.len() < title.len() { first.text.clone() } else { title };
    (shorter, rest.to_owned())
}

fn heading_ids(blocks: &[Block]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for block in blocks {
        match block {
            Block::Heading { id, content, .. } => {
                let text = plain_text(content);
                let (text, own) = split_anchor(&text, "[[", "]]");
                found.extend(own.or(id.as_deref()).map(|id| (text.to_owned(), id.to_owned())));
            }
            Block::Admonition { content, .. } | Block::Details { content, .. } | Block::Quote(content) => {
                found.extend(heading_ids(content));
            }
            Block::Tabs(tabs) => found.extend(tabs.iter().flat_map(|tab| heading_ids(&tab.content))),
            Block::List(list) => found.extend(list.items.iter().flat_map(|item| heading_ids(&item.content))),
            Block::DefinitionList(definitions) => {
                let inner = definitions.iter().flat_map(|definition| &definition.definitions);
                found.extend(inner.flat_map(|blocks| heading_ids(blocks)));
            }
            _ => {}
        }
    }
    found
}

/// A heading without the anchor that some Markdown names behind it, and that anchor: `Trainer[[tool.Trainer]]`.
fn split_anchor<'a>(heading: &'a str, open: &str, close: &str) -> (&'a str, Option<&'a str>) {
    let inner = heading.trim_end().strip_suffix(close).and_then(|rest| rest.rsplit_once(open));
    let plain = |anchor: &str| !anchor.is_empty() && !anchor.contains(char::is_whitespace);
    match inner {
        Some((text, anchor)) if plain(anchor) && !text.trim().trim_start_matches('#').is_empty() => {
            (text.trim_end(), Some(anchor))
        }
        _ => (heading, None),
    }
}

/// Markdown whose headings name no anchors.
fn without_anchors(markdown: &str) -> String {
    let named = |range: &std::ops::Range<usize>| {
        let line = markdown.get(range.clone()).unwrap_or_default();
        line.contains("]]") || line.contains("\\]\\]")
    };
    let found: Vec<_> = headings(markdown).into_iter().filter(|heading| named(&heading.range)).collect();
    let mut text = markdown.to_owned();
    for heading in found.iter().rev() {
        let line = markdown.get(heading.range.clone()).unwrap_or_default();
        let line_break = if line.ends_with('\n') { "\n" } else { "" };
        let (plain, _) = split_anchor(line, "[[", "]]");
        let (plain, _) = split_anchor(plain, "\\[\\[", "\\]\\]");
        text.replace_range(heading.range.clone(), &format!("{}{line_break}", plain.trim_end()));
    }
    text
}

/// Drops descriptions that several pages share: they describe the site, not the page.
pub fn drop_shared_descriptions(references: &mut [Reference]) {
    let mut counts = BTreeMap::new();
    for description in references.iter().filter_map(|reference| reference.description.clone()) {
        *counts.entry(description).or_insert(0_usize) += 1;
    }
    for reference in references {
        reference.description = reference.description.take().filter(|text| counts.get(text) == Some(&1));
    }
}

/// A page for the tests of what is made of pages.
#[cfg(test)]
pub(crate) fn plain_reference(url: &str, title: &str, markdown: &str) -> Reference {
    let document = crate::document::Document { title: title.to_owned(), ..Default::default() };
    let reading = Reading {
        document,
        profile: "test".to_owned(),
        source: Source::Sent,
        warnings: Vec::new(),
        audit: crate::extract::Audit::default(),
    };
    let url = CanonicalUrl::parse(url).unwrap();
    Reference::new(&url, Timestamp::UNIX_EPOCH, &reading, markdown).unwrap()
}

#[cfg(test)]
mod tests {
    use super::{split_title, without_anchors};

    #[test]
    fn headings_name_no_anchors() {
        let check = |markdown: &str, plain: &str| assert_eq!(without_anchors(markdown), plain);
        check("## Fit\\[\\[tool.fit\\]\\]\n\nText\n", "## Fit\n\nText\n");
        check("## Fit[[tool.fit]]\n", "## Fit\n");
        check("## The `a[[0, 1]]` way\n", "## The `a[[0, 1]]` way\n");
        check("Text [[x]]\n", "Text [[x]]\n");
    }

    #[test]
    fn the_title_is_said_once() {
        let check = |title: &str, markdown: &str, parts: (&str, &str)| {
            assert_eq!(split_title(title, markdown), (parts.0.to_owned(), parts.1.to_owned()));
        };
        check("Guide", "# Guide\n\nText", ("Guide", "Text"));
        check("Guide - Tool docs", "# Guide\n\nText", ("Guide", "Text"));
        check("", "# Guide\n\nText", ("Guide", "Text"));
        check("Guide", "# Other\n\nText", ("Guide", "# Other\n\nText"));
        check("Guide", "Text\n\n# Guide", ("Guide", "Text\n\n# Guide"));
    }
}
