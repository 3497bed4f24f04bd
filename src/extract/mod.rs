//! From HTML and a profile to a typed document.
//!
//! In order: `page` parses the HTML (after `nesting` took hostile depth out of it) and finds the profile,
//! `main_content` finds the element that holds the content, `reader` walks it and asks each element what it is,
//! and a file for each construct turns it into blocks: `heading`, `inline`, `links`, `list`, `code` with
//! `language`, `file_name` and `frame`, `table` with `cell`, `definition` and `api` with `signature`, `admonition`, `tabs`, `details`,
//! `line_block`, `footnote`, `citation`, `math` with `mathml` and `formulas`, `media`. Around them, `metadata` reads title, description and
//! breadcrumbs, `surroundings` version, date and the pages before and after, `navigation` the menu, and `outlinks` where
//! the page leads: `alternates` tells translations from links, `listings` finds the files that list pages. `hidden` and `text` keep out what a visitor cannot see; `repeated`, `boilerplate` and `stock` what is of
//! the site and not of the page, and `sign_in` tells pages that only let people in. `compare` (by `pieces`) says what a page's rendered form adds to the form as sent, and
//! `template` (by `tags`) which pages are built alike.
//! `api_reference` makes the reference of a page that shows an API description from that. `survey` tells those who tune a
//! profile what it matched, and `infer` suggests one.
//!
//! Nothing here names a site, asks a network, or fails: odd HTML is normal, and what is odd becomes a [`Warning`].

mod addressing;
mod admonition;
mod alternates;
mod api;
mod api_reference;
mod audit;
mod boilerplate;
mod cell;
mod citation;
mod code;
mod compare;
mod compare_markdown;
mod definition;
mod details;
mod directives;
mod docs_root;
mod dom;
mod file_name;
mod flow;
mod footnote;
mod forms;
mod formulas;
mod frame;
mod heading;
mod hidden;
mod hidden_style;
mod infer;
mod inline;
mod invisible;
mod language;
mod license;
mod line_block;
mod links;
mod list;
mod listings;
mod main_content;
mod math;
mod mathml;
mod measure;
mod media;
mod metadata;
mod navigation;
mod nesting;
mod not_found;
mod outlinks;
mod page;
mod pieces;
mod reader;
mod repeated;
mod sheet;
mod sign_in;
mod signature;
mod stock;
mod surroundings;
mod survey;
mod table;
mod tabs;
mod tags;
mod template;
mod text;

pub use addressing::{Addressing, addressing};
pub use admonition::is_admonition_kind;
pub use alternates::declared_markdown;
pub use audit::{Audit, HiddenText};
pub use compare::{FormComparison, Measure, compare_forms, compare_routed};
pub use compare_markdown::{MarkdownComparison, compare_markdown};
pub use hidden::HIDDEN_MARK;
pub use infer::{Finding, LEAST_PAGES, Suggestion, infer, locate};
pub use invisible::{Unseen, decoded, find_unseen, shown, unseen};
pub use license::{license_named, license_stated};
pub use outlinks::{Leads, LinkSource, Outlink, leads, outlinks};
pub use repeated::drop_repeated;
pub use sign_in::SIGN_IN;
pub use survey::{Survey, form_read, kept_letters, survey_page};
pub use template::{PageShape, page_shape};

use std::collections::HashSet;

use scraper::Html;

use crate::config::ExtractRules;
use crate::document::Document;
use crate::extract::forms::{carry_sources, hidden_texts, holds_more};
use crate::extract::main_content::Found;
use crate::extract::measure::has_content;
use crate::extract::page::{Page, is_generic};
use crate::extract::reader::{Reader, read_blocks};
use crate::fetched::Fetched;
use crate::profile::{GENERIC, Profiles, SelectorProfile};
use crate::render::{Rendered, Source, renderings};

/// What reading a page gave.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The page.
    pub document: Document,
    /// The name of the profile that read it.
    pub profile: String,
    /// Which form of the page was read.
    pub source: Source,
    /// What was odd about it.
    pub warnings: Vec<Warning>,
    /// What was kept out of it, and what came of its code.
    pub audit: Audit,
}

/// Something odd about a page that did not keep it from being read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Warning {
    /// A stable word for programs, as `main_content_missing`.
    pub kind: &'static str,
    /// A sentence for people.
    pub message: String,
}

/// Reads a page: every HTML form of it with the profile that fits, keeping the one that holds more.
///
/// Rendering sometimes deletes content (annotations, sources of diagrams), and what is sent is sometimes empty; where
/// both hold the same, the rendered form is read. What the rendered form marks as hidden counts in neither, and a diagram
/// that only the form not read has the source of is taken over. The Markdown twin is read where no HTML has content, and of
/// a page that was not rendered where it holds more than the HTML as sent.
/// Of a page that shows an API description the reference is made from that description.
pub fn read_page(fetched: &Fetched, profiles: &Profiles, rules: &ExtractRules) -> Reading {
    read_page_looking(fetched, profiles, rules, &mut |_, _| ())
}

/// The same; `look` sees each parsed form with its profile on the way.
fn read_page_looking(
    fetched: &Fetched,
    profiles: &Profiles,
    rules: &ExtractRules,
    look: &mut dyn FnMut(&Page<'_>, &SelectorProfile),
) -> Reading {
    let reading = read_forms(fetched, profiles, rules, |_| (), look);
    match api_reference::find(fetched) {
        Some(found) => api_reference::read(fetched, &found, reading, profiles, rules),
        None => reading,
    }
}

/// Reads every form of a page after `prepare` took out of it what is not to be read.
fn read_forms(
    fetched: &Fetched,
    profiles: &Profiles,
    rules: &ExtractRules,
    prepare: fn(&mut Html),
    look: &mut dyn FnMut(&Page<'_>, &SelectorProfile),
) -> Reading {
    let mut best: Option<(bool, Reading)> = None;
    let mut hidden = HashSet::new();
    for rendered in renderings(fetched) {
        let is_known = best.as_ref().is_some_and(|(has_content, _)| *has_content);
        if rendered.source == Source::Twin && is_known && fetched.dom.is_some() {
            continue;
        }
        let mut page = Page::parse_without(&rendered, prepare);
        let profile = page.profile(profiles, rules);
        look(&page, &profile);
        match rendered.source {
            Source::Dom => hidden = hidden_texts(&page, &profile),
            Source::Sent => page.forget(&hidden),
            Source::Twin | Source::OpenApi => {}
        }
        let (document, warnings, audit) = extract_page(&page, &profile);
        let has_content = has_content(&document.blocks);
        let name = profile.name.clone();
        let reading = Reading { document, profile: name, source: rendered.source, warnings, audit };
        if let Some((_, drawn)) = &mut best
            && (drawn.source, reading.source) == (Source::Dom, Source::Sent)
        {
            formulas::restore(&mut drawn.document, &reading.document);
        }
        best = match best {
            None => Some((has_content, reading)),
            Some((known, kept))
                if (!known && has_content) || holds_more(&reading.document.blocks, &kept.document.blocks) =>
            {
                Some((has_content, completed_by(reading, kept)))
            }
            Some((known, kept)) => Some((known, completed_by(kept, reading))),
        };
    }
    best.map_or_else(nothing_to_read, |(_, reading)| reading)
}

/// Reads one form of a page with a given profile.
pub fn extract(rendered: &Rendered, profile: &SelectorProfile) -> (Document, Vec<Warning>) {
    let (document, warnings, _) = extract_page(&Page::parse(rendered), profile);
    (document, warnings)
}

fn extract_page(page: &Page<'_>, profile: &SelectorProfile) -> (Document, Vec<Warning>, Audit) {
    let profile = &profile.for_page(page.names());
    let html = page.html();
    let mut warnings = Vec::new();
    if is_generic(profile) {
        warnings.push(warning(
            "profile_generic",
            "no profile recognised the page; it was read by landmarks and text density",
        ));
    }
    let found = main_content::find(page, profile);
    let root = found.map_or_else(|| html.root_element(), |(element, _)| element);
    if !matches!(found, Some((_, Found::Selected))) {
        let message = format!("no selector of profile `{}` matched content", profile.name);
        warnings.push(warning("main_content_missing", &message));
    }
    let reader = Reader::new(page, root, profile);
    let mut blocks = read_blocks(&reader, root, 0);
    if let Some(heading) = metadata::outer_heading(page, &reader, root, &blocks) {
        blocks.insert(0, heading);
    }
    if is_generic(profile) {
        stock::trim(&mut blocks);
    }
    if blocks.is_empty() {
        warnings.push(warning("content_empty", "the page has no content"));
    }
    if sign_in::asks_to_sign_in(root, &blocks) {
        warnings.push(warning(SIGN_IN, "the page asks to sign in and holds nothing else"));
    }
    let title = metadata::title(page, &reader, &blocks);
    let document = Document {
        site: metadata::site(page.html(), &blocks),
        description: metadata::description(page),
        language: metadata::language(html),
        breadcrumbs: metadata::breadcrumbs(page, &reader, &title),
        version: surroundings::version(page),
        license: license::license(page),
        modified: surroundings::modified(page),
        previous: surroundings::neighbour(page, "prev"),
        next: surroundings::neighbour(page, "next"),
        navigation: navigation::read(page, profile),
        contents: navigation::read_contents(page, profile),
        title,
        blocks,
    };
    let audit = audit::audit(page, root, profile, &document);
    (document, warnings, audit)
}

/// A menu, or the source of a diagram, may exist in only one form of a page.
fn completed_by(mut kept: Reading, other: Reading) -> Reading {
    if other.source == Source::Sent && kept.source == Source::Dom {
        carry_sources(&mut kept.document, &other.document);
    }
    // Markdown seldom says of itself what the head of the page says of it.
    if kept.source == Source::Twin {
        kept.document.description = kept.document.description.or(other.document.description);
        kept.document.language = kept.document.language.or(other.document.language);
    }
    kept.document.site = kept.document.site.or(other.document.site);
    if kept.document.navigation.is_empty() {
        kept.document.navigation = other.document.navigation;
    }
    if kept.document.contents.is_empty() {
        kept.document.contents = other.document.contents;
    }
    if kept.document.breadcrumbs.is_empty() {
        kept.document.breadcrumbs = other.document.breadcrumbs;
    }
    // What one form hides, the other may not tell of.
    let news: Vec<HiddenText> =
        other.audit.hidden.into_iter().filter(|text| !kept.audit.hidden.contains(text)).collect();
    kept.audit.hidden.extend(news);
    kept.document.version = kept.document.version.or(other.document.version);
    kept.document.license = kept.document.license.or(other.document.license);
    kept.document.modified = kept.document.modified.or(other.document.modified);
    kept.document.previous = kept.document.previous.or(other.document.previous);
    kept.document.next = kept.document.next.or(other.document.next);
    kept
}

fn nothing_to_read() -> Reading {
    Reading {
        document: Document::default(),
        profile: GENERIC.to_owned(),
        source: Source::Sent,
        warnings: vec![warning("content_empty", "the page has neither HTML nor Markdown")],
        audit: Audit::default(),
    }
}

fn warning(kind: &'static str, message: &str) -> Warning {
    Warning { kind, message: message.to_owned() }
}

#[cfg(test)]
mod construct_tests;
#[cfg(test)]
mod tests;
