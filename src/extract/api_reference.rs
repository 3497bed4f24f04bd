//! The reference that a viewer of API descriptions shows (Swagger UI, Redoc, RapiDoc, Scalar, Stoplight Elements), made
//! from the description and not from the page: the page draws its operations only when somebody opens them.
//!
//! In order: find the descriptions that the page loaded or holds in a script, read what the page says around the viewer,
//! and put the reference behind it. A page that shows no viewer keeps its own words, unless they are plainly a part of
//! the description's.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::{ElementRef, Html, Selector};

use crate::config::ExtractRules;
use crate::document::{Block, Document};
use crate::extract::dom::{ancestry, name};
use crate::extract::main_content;
use crate::extract::measure::content_size;
use crate::extract::page::Page;
use crate::extract::reader::{Reader, read_blocks};
use crate::extract::{Reading, Warning, read_forms, warning};
use crate::fetched::Fetched;
use crate::markdown::to_markdown;
use crate::openapi::{ApiReference, Description, embedded, is_description, reference};
use crate::profile::{GENERIC, Profiles, SelectorProfile};
use crate::render::{Rendered, Source, markdown_to_html, renderings};
use crate::url::CanonicalUrl;

/// The elements of the viewers.
const VIEWERS: &str = ".swagger-ui, #swagger-ui, redoc, .redoc-wrap, #redoc, #redoc-container, rapi-doc, rapi-doc-mini, \
     elements-api, elements-stoplight-project, .sl-elements, .sl-elements-api, .scalar-app, .scalar-api-reference, \
     script#api-reference, #api-reference[data-url], #api-reference[data-configuration]";
/// What a page that may hold a description says somewhere.
const MENTIONS: [&str; 8] =
    ["swagger", "Swagger", "redoc", "Redoc", "ReDoc", "rapi-doc", "api-reference", "elements-api"];
/// Elements and attributes that hold a description in JSON.
const HOLDERS: &str = "script:not([src]), [data-configuration], [data-spec]";
/// Less text than this beside the viewer is no prose.
const LEAST_PROSE: usize = 40;

/// What a page shows of APIs.
pub(super) struct Found {
    descriptions: Vec<Description>,
    /// Whether an element of a known viewer is there.
    has_viewer: bool,
    /// What stood in the way of reading a description.
    faults: Vec<String>,
}

/// The descriptions of a page, and what kept one from being read; `None` where there is none.
pub(super) fn find(fetched: &Fetched) -> Option<Found> {
    let loaded = fetched.dom.as_ref().map(|dom| dom.loaded.as_slice()).unwrap_or_default();
    if loaded.is_empty() && !mentions_viewer(fetched) {
        return None;
    }
    let mut found = Found { descriptions: Vec::new(), has_viewer: false, faults: Vec::new() };
    found.read_loaded(fetched);
    for form in renderings(fetched).iter().filter(|form| form.source != Source::Twin) {
        let page = Page::parse(form);
        found.has_viewer |= !viewers(page.html()).is_empty();
        if found.descriptions.is_empty() && found.has_viewer {
            found.descriptions.extend(held(page.html(), page.url()));
        }
    }
    (!found.descriptions.is_empty() || !found.faults.is_empty()).then_some(found)
}

/// Whether the page is an API reference, and which of its links are the viewer's own: routes to the operations of the
/// reference that is made of the page.
pub(super) fn own_routes(html: &Html) -> HashSet<NodeId> {
    let viewers: HashSet<NodeId> = viewers(html).iter().map(|viewer| viewer.id()).collect();
    let links = html.root_element().descendent_elements().filter(|element| name(*element) == "a");
    links
        .filter(|link| ancestry(*link).any(|above| viewers.contains(&above.id())))
        .map(|link| link.id())
        .collect()
}

/// The page as a reference; `reading` is what it says by itself.
pub(super) fn read(
    fetched: &Fetched,
    found: &Found,
    reading: Reading,
    profiles: &Profiles,
    rules: &ExtractRules,
) -> Reading {
    let generic = profiles.get(GENERIC).ok().cloned().unwrap_or_default();
    let markdown = |text: &str| blocks_of(text, &fetched.url, &generic);
    let references: Vec<ApiReference> = found
        .descriptions
        .iter()
        .map(|description| reference(description, &fetched.url, &markdown))
        .filter(|reference| !reference.blocks.is_empty())
        .collect();
    if references.is_empty() || (!found.has_viewer && !is_part_of(&reading, &references)) {
        let mut reading = reading;
        reading.warnings.extend(found.fault_warnings());
        return reading;
    }
    let prose =
        found.has_viewer.then(|| read_forms(fetched, profiles, rules, remove_viewers, &mut |_, _| ()));
    let prose = prose.filter(|prose| content_size(&prose.document.blocks) >= LEAST_PROSE);
    compose(reading, prose, references, found)
}

/// Prose first, then each reference.
fn compose(
    reading: Reading,
    prose: Option<Reading>,
    references: Vec<ApiReference>,
    found: &Found,
) -> Reading {
    let operations: usize = references.iter().map(|reference| reference.operations).sum();
    let addresses: Vec<String> =
        found.descriptions.iter().map(|description| format!("`{}`", description.url())).collect();
    let message = format!(
        "the reference of {operations} operations was made from the API description of {}",
        addresses.join(", ")
    );
    let mut warnings = vec![warning("api_description_read", &message)];
    warnings.extend(found.fault_warnings());
    let is_alone = prose.is_none() && references.len() == 1;
    let title = references.iter().map(|reference| reference.title.clone()).find(|title| !title.is_empty());
    let mut document = match prose {
        Some(prose) => prose.document,
        None => Document {
            title: title.unwrap_or(reading.document.title),
            blocks: Vec::new(),
            site: reading.document.site,
            description: reading.document.description,
            language: reading.document.language,
            breadcrumbs: reading.document.breadcrumbs,
            version: reading.document.version,
            license: reading.document.license,
            modified: reading.document.modified,
            previous: reading.document.previous,
            next: reading.document.next,
            navigation: reading.document.navigation,
            contents: reading.document.contents,
        },
    };
    for mut reference in references {
        if !is_alone {
            reference.blocks.iter_mut().for_each(lower_heading);
        }
        document.blocks.extend(reference.blocks);
    }
    Reading { document, profile: reading.profile, source: Source::OpenApi, warnings, audit: reading.audit }
}

fn lower_heading(block: &mut Block) {
    if let Block::Heading { level, .. } = block {
        *level = level.saturating_add(1).min(6);
    }
}

/// Whether a page without a known viewer says nothing but a part of what its description says: it names the API, and
/// holds less than half as much.
fn is_part_of(reading: &Reading, references: &[ApiReference]) -> bool {
    let size: usize = references.iter().map(|reference| content_size(&reference.blocks)).sum();
    if content_size(&reading.document.blocks) * 2 > size {
        return false;
    }
    let text = to_markdown(&reading.document);
    references.iter().any(|reference| !reference.title.is_empty() && text.contains(&reference.title))
}

impl Found {
    /// Whether there is a description to make a reference from.
    pub(super) fn is_described(&self) -> bool {
        !self.descriptions.is_empty()
    }

    fn fault_warnings(&self) -> impl Iterator<Item = Warning> {
        self.faults.iter().map(|fault| warning("api_description_unreadable", fault))
    }

    /// The descriptions among what the page loaded; all of it may be parts of each.
    fn read_loaded(&mut self, fetched: &Fetched) {
        let Some(dom) = &fetched.dom else { return };
        let texts: Vec<(&CanonicalUrl, String)> = dom
            .loaded
            .iter()
            .map(|exchange| (&exchange.target, String::from_utf8_lossy(&exchange.body).into_owned()))
            .collect();
        for (place, (url, text)) in texts.iter().enumerate() {
            // The initializer of Swagger UI.
            if url.path().ends_with(".js") {
                let value = embedded(text);
                self.descriptions
                    .extend(value.and_then(|value| Description::from_value(url, value, Vec::new()).ok()));
                continue;
            }
            if !is_description(text.as_bytes()) {
                continue;
            }
            let parts = texts.iter().enumerate().filter(|(other, _)| *other != place);
            match Description::parse(url, text, parts.map(|(_, (url, text))| (*url, text.as_str()))) {
                Ok(description) => self.descriptions.push(description),
                Err(error) => self.faults.push(format!("`{url}`: {error}")),
            }
        }
    }
}

/// The description that a script or an attribute of the page holds.
fn held(html: &Html, url: &CanonicalUrl) -> Option<Description> {
    let selector = Selector::parse(HOLDERS).ok()?;
    html.select(&selector).find_map(|holder| {
        let stated = holder.attr("data-configuration").or_else(|| holder.attr("data-spec"));
        let text = stated.map_or_else(|| holder.text().collect::<String>(), str::to_owned);
        let whole =
            is_description(text.as_bytes()).then(|| Description::parse(url, &text, []).ok()).flatten();
        whole.or_else(|| Description::from_value(url, embedded(&text)?, Vec::new()).ok())
    })
}

/// The outermost elements of viewers.
fn viewers(html: &Html) -> Vec<ElementRef<'_>> {
    let Ok(selector) = Selector::parse(VIEWERS) else { return Vec::new() };
    let all: Vec<ElementRef<'_>> = html.select(&selector).collect();
    let ids: HashSet<NodeId> = all.iter().map(|viewer| viewer.id()).collect();
    let is_inner = |viewer: ElementRef<'_>| ancestry(viewer).skip(1).any(|above| ids.contains(&above.id()));
    all.into_iter().filter(|viewer| !is_inner(*viewer)).collect()
}

/// Takes the viewers out of a page. It is parsed anew, since a detached node is still found by selectors.
fn remove_viewers(html: &mut Html) {
    let ids: Vec<NodeId> = viewers(html).iter().map(|viewer| viewer.id()).collect();
    for id in ids {
        if let Some(mut node) = html.tree.get_mut(id) {
            node.detach();
        }
    }
    *html = Html::parse_document(&html.html());
}

/// The blocks of a piece of Markdown on the page.
fn blocks_of(markdown: &str, url: &CanonicalUrl, profile: &SelectorProfile) -> Vec<Block> {
    let html = markdown_to_html(markdown);
    let rendered = Rendered { url: url.clone(), base: url.clone(), html, source: Source::Twin };
    let page = Page::parse(&rendered);
    let root = main_content::find(&page, profile).map(|(root, _)| root);
    let root = root.unwrap_or_else(|| page.html().root_element());
    read_blocks(&Reader::new(&page, root, profile), root, 0)
}

/// Whether any form of the page names a viewer, its letters as they are usually written.
fn mentions_viewer(fetched: &Fetched) -> bool {
    let names = |text: &str| MENTIONS.iter().any(|word| text.contains(word));
    fetched.dom.as_ref().is_some_and(|dom| names(&dom.html))
        || fetched.exchange.as_ref().is_some_and(|exchange| names(&String::from_utf8_lossy(&exchange.body)))
}
