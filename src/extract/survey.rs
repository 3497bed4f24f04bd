//! A page as who tunes a profile wants to know it: the reading, which selectors matched, and how much text there was to
//! take.

use scraper::{ElementRef, Html};

use crate::config::ExtractRules;
use crate::document::Document;
use crate::extract::dom::name;
use crate::extract::hidden::{is_hidden, is_never_shown};
use crate::extract::measure::{content_size, letters};
use crate::extract::page::Page;
use crate::extract::{Reading, read_page_looking};
use crate::fetched::Fetched;
use crate::profile::{Profiles, SelectorProfile};
use crate::render::{Rendered, Source, renderings};

/// What tuning wants to know of a page.
#[derive(Clone, Debug)]
pub struct Survey {
    /// What was read.
    pub reading: Reading,
    /// The selectors that match somewhere in the form that was read: the key of their list in
    /// [`SelectorProfile::lists`], and their place in it. `None` where no HTML was read.
    pub matched: Option<Vec<(&'static str, usize)>>,
    /// The letters that a visitor can see anywhere in the page, white space aside.
    pub visible: usize,
}

/// Reads a page, and looks on the way at the form of it that is read.
pub fn survey_page(fetched: &Fetched, profiles: &Profiles, rules: &ExtractRules) -> Survey {
    let mut seen = Vec::new();
    let reading = read_page_looking(fetched, profiles, rules, &mut |page, profile| {
        if page.source() != Source::Twin {
            let matched = matched_selectors(page, profile);
            seen.push((page.source(), matched, visible_letters(page.html(), profile)));
        }
    });
    // The reference of an API description is read beside the page that shows it.
    let form = match reading.source {
        Source::OpenApi => seen.into_iter().next(),
        source => seen.into_iter().find(|(seen, _, _)| *seen == source),
    };
    match form {
        Some((_, matched, visible)) => Survey { reading, matched: Some(matched), visible },
        None => {
            let visible = content_size(&reading.document.blocks);
            Survey { reading, matched: None, visible }
        }
    }
}

/// The HTML that a reading was made from; `None` where that was Markdown or nothing. The reference of an API description
/// is read beside the page that shows it.
pub fn form_read(fetched: &Fetched, source: Source) -> Option<Rendered> {
    let mut forms = renderings(fetched).into_iter();
    match source {
        Source::Twin => None,
        Source::OpenApi => forms.find(|form| form.source != Source::Twin),
        source => forms.find(|form| form.source == source),
    }
}

/// The letters of a document, white space aside: what was kept of what was visible.
pub fn kept_letters(document: &Document) -> usize {
    content_size(&document.blocks)
}

fn matched_selectors(page: &Page<'_>, profile: &SelectorProfile) -> Vec<(&'static str, usize)> {
    let lists = profile.lists().into_iter();
    lists
        .flat_map(|(key, list)| list.present(page.html(), page.names()).map(move |place| (key, place)))
        .collect()
}

fn visible_letters(html: &Html, profile: &SelectorProfile) -> usize {
    let body = html.root_element().child_elements().find(|element| name(*element) == "body");
    let mut count = 0;
    let mut pending = vec![*body.unwrap_or_else(|| html.root_element())];
    while let Some(node) = pending.pop() {
        if let Some(text) = node.value().as_text() {
            count += letters(text).chars().count();
        } else if ElementRef::wrap(node).is_none_or(|element| is_visible(element, profile)) {
            pending.extend(node.children());
        }
    }
    count
}

fn is_visible(element: ElementRef<'_>, profile: &SelectorProfile) -> bool {
    !is_never_shown(element) && (!is_hidden(element) || profile.keep.matches(element))
}
