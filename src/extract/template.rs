//! What a page is built like, read from the text of its HTML: pages of one template are made by one program in one way.
//!
//! A fingerprint needs no tree. One walk over the tags takes some hundred megabytes a second, so it can be asked of
//! every page of a crawl. Words that name the page itself (numbers, hashes, paths) are left out of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::extract::tags::{Piece, Tag, pieces};
use crate::fetched::Fetched;
use crate::render::sent_html;
use crate::url::CanonicalUrl;

/// A page with fewer letters outside of tags is next to empty.
const HOLLOW: usize = 200;
/// The longest mark; what is longer names a page, not a kind of page.
const LONGEST_MARK: usize = 48;
/// What pages say that need a script, in lower case.
const ASKING: [&str; 4] = ["loading...", "loading\u{2026}", "enable javascript", "javascript is required"];
/// Elements whose classes tell one layout from another; the first of each, since content has articles and asides too.
const LANDMARKS: [&str; 4] = ["html", "body", "main", "article"];
/// Containers that a script may fill.
const CONTAINERS: [&str; 5] = ["div", "main", "section", "article", "app"];

/// How a page is built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageShape {
    /// The generator and the layout: equal for pages of one template.
    pub template: String,
    /// What on the page may be the work of a script: its scripts, custom elements, empty containers, frames.
    pub marks: BTreeSet<String>,
}

/// Reads the shape of a page from what the server sent; empty where that is no HTML.
pub fn page_shape(fetched: &Fetched) -> PageShape {
    sent_html(fetched).map(|html| shape_of(&html, &own_words(&fetched.url))).unwrap_or_default()
}

/// The words of the last part of a page's path, by which its layout may name it.
fn own_words(url: &CanonicalUrl) -> Vec<String> {
    let path = url.as_url().path();
    let last = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
    let name = last.rsplit_once('.').map_or(last, |(name, _)| name);
    words(name).map(str::to_lowercase).collect()
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(['-', '_']).filter(|word| !word.is_empty())
}

fn shape_of(html: &str, own: &[String]) -> PageShape {
    let mut layout = BTreeMap::new();
    let mut generator = String::new();
    let mut marks = BTreeSet::new();
    let mut letters = 0;
    let mut empty_container: Option<String> = None;
    for piece in pieces(html) {
        match piece {
            Piece::Open(tag) => {
                empty_container = None;
                if tag.name == "meta"
                    && tag.attribute("name").is_some_and(|name| name.eq_ignore_ascii_case("generator"))
                {
                    generator = stem(&tag.attribute("content").unwrap_or_default());
                }
                if let Some(kind) = landmark(&tag) {
                    layout.entry(kind).or_insert_with(|| with_classes(&tag, own));
                }
                marks.extend(mark(&tag));
                marks.extend(data_attributes(&tag));
                if CONTAINERS.contains(&tag.name) {
                    empty_container = Some(container(&tag));
                }
            }
            Piece::Close => marks.extend(empty_container.take()),
            Piece::Script { tag, text } => {
                empty_container = None;
                marks.extend(script(&tag, text));
            }
            Piece::Text(text) if text.trim().is_empty() => {}
            Piece::Text(text) => {
                empty_container = None;
                letters += text.chars().filter(|letter| letter.is_alphanumeric()).count();
                let lower = text.trim().to_lowercase();
                if lower.len() < 200 && ASKING.iter().any(|asking| lower.contains(asking)) {
                    marks.insert("asks for a script".to_owned());
                }
            }
        }
    }
    if letters < HOLLOW {
        marks.insert("next to empty".to_owned());
    }
    marks.retain(|mark| mark.len() <= LONGEST_MARK);
    let layout: Vec<String> = layout.into_values().collect();
    PageShape { template: format!("{generator}|{}", layout.join(" ")), marks }
}

/// Which landmark a tag is, in the order in which they are named.
fn landmark(tag: &Tag<'_>) -> Option<usize> {
    let known = LANDMARKS.iter().position(|name| *name == tag.name);
    known.or_else(|| tag.attribute("role").is_some_and(|role| role == "main").then_some(LANDMARKS.len()))
}

fn with_classes(tag: &Tag<'_>, own: &[String]) -> String {
    let classes = tag.attribute("class").unwrap_or_default();
    let tells = |word: &&str| is_of_template(word) && !names_page(word, own);
    let mut words: Vec<&str> = classes.split_ascii_whitespace().filter(tells).collect();
    words.sort_unstable();
    words.dedup();
    words.iter().fold(tag.name.to_owned(), |landmark, word| format!("{landmark}.{word}"))
}

/// Whether a class says how the page is built, not which page it is.
fn is_of_template(word: &str) -> bool {
    word.len() <= 32
        && word.bytes().filter(|byte| *byte == b'-').count() <= 2
        && word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-' || byte == b'_')
        && !word.split('-').any(|part| part == "id" || part == "slug")
}

/// Whether a class names the very page: every word of its address is in it.
fn names_page(class: &str, own: &[String]) -> bool {
    let class = class.to_lowercase();
    !own.is_empty() && own.iter().all(|own| words(&class).any(|word| word == own))
}

fn mark(tag: &Tag<'_>) -> Option<String> {
    match tag.name {
        "iframe" | "canvas" | "object" | "embed" => Some(format!("<{}>", tag.name)),
        name if name.contains('-') => Some(format!("<{}>", stem(name))),
        _ => None,
    }
}

/// The names of a tag's `data-` attributes: by these, scripts find the places that they fill.
fn data_attributes(tag: &Tag<'_>) -> Vec<String> {
    if !tag.mentions("data-") {
        return Vec::new();
    }
    let names = tag.attributes().map(|(name, _)| name).filter(|name| name.starts_with("data-"));
    names.map(|name| format!("[{}]", stem(name))).collect()
}

/// An empty container by its identity or its kind.
fn container(tag: &Tag<'_>) -> String {
    let id = tag.attribute("id").map(|id| format!("#{}", stem(&id)));
    let class =
        || tag.attribute("class").and_then(|classes| Some(format!(".{}", stem(classes.split(' ').next()?))));
    format!("empty {}{}", tag.name, id.or_else(class).unwrap_or_default())
}

/// A script by its file, its type, or how its text begins: the call or the variable, not what is in it.
fn script(tag: &Tag<'_>, text: &str) -> Option<String> {
    if let Some(src) = tag.attribute("src") {
        let path = src.split(['?', '#']).next().unwrap_or_default();
        let file = path.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
        let name = stem(file.split('.').next().unwrap_or_default());
        return Some(format!("script {name}"));
    }
    let kind = tag.attribute("type").filter(|kind| !kind.contains("javascript") && kind != "module");
    if let Some(kind) = kind {
        return Some(format!("script of {}", stem(&kind)));
    }
    let end = text.find(['\'', '"', '`', '=', '(', '{', '[', ';']).unwrap_or(text.len());
    let words: Vec<&str> = text.get(..end)?.split_whitespace().take(3).collect();
    Some(format!("inline {}", stem(&words.join(" "))))
}

/// A name without what changes from page to page and from build to build: numbers and hashes.
fn stem(name: &str) -> String {
    let parts = name.split(|letter: char| letter.is_whitespace() || "-_.~,".contains(letter));
    let words = parts.filter(|word| !is_number_or_hash(word));
    let letters = |word: &str| word.chars().filter(|letter| !letter.is_ascii_digit()).collect::<String>();
    words.map(letters).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-").to_lowercase()
}

fn is_number_or_hash(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    digits == word.len()
        || (word.len() >= 6 && digits >= 2 && word.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::{own_words, shape_of};
    use crate::url::CanonicalUrl;

    fn marks(html: &str) -> Vec<String> {
        shape_of(html, &[]).marks.into_iter().collect()
    }

    const WORDS: &str = "Twelve words make a sentence that a reader would take for a page of some documentation, and \
                         twice as many make one that nobody would take for an empty page, which is what is wanted here \
                         and now, so that the other marks stand alone in what these tests compare.";

    #[test]
    fn one_program_in_one_way_is_one_template() {
        let page = |class: &str, id: &str| {
            let url = CanonicalUrl::parse("https://d.example/core/data-types.html").unwrap();
            let html = format!(
                "<html><head><meta name=generator content='Site 3.7.0'></head><body class='wide {class}' id={id}>\
                 <nav class=menu></nav><main><p>{WORDS}</p></main></body></html>"
            );
            shape_of(&html, &own_words(&url))
        };
        assert_eq!(page("docs-doc-id-intro", "a"), page("postid-7", "b"));
        assert_eq!(page("core-data_types", "a"), page("", "a"));
        assert_eq!(page("", "a").template, "site|html body.wide main");
        assert_ne!(page("", "a").template, page("blog", "a").template);
    }

    #[test]
    fn scripts_are_known_by_file_type_or_beginning() {
        let html = format!(
            "<p>{WORDS}</p><script src='/js/app.3f9a1c77.min.js?v=2'></script><script src=\"lib-10.2.js\"></script>\
             <script type='application/ld+json'>{{\"@id\": \"/page-1\"}}</script>\
             <script>DOCS.page = 'guide/install';</script><script>window.x(1)</script>"
        );
        assert_eq!(
            marks(&html),
            [
                "inline docs-page",
                "inline window-x",
                "script app",
                "script lib",
                "script of application/ld+json"
            ]
        );
    }

    #[test]
    fn what_scripts_fill_is_marked() {
        let html = format!(
            "<p>{WORDS}</p><div id=root></div><div class='chart wide'> </div><div>x</div><x-tabs>a</x-tabs>\
             <p data-fill=now title='data-x'>a</p>"
        );
        assert_eq!(marks(&html), ["<x-tabs>", "[data-fill]", "empty div#root", "empty div.chart"]);
        assert_eq!(marks("<div id=app>Loading\u{2026}</div>"), ["asks for a script", "next to empty"]);
    }

    #[test]
    fn what_is_no_markup_is_not_read_as_such() {
        let html = format!(
            "<!-- <x-a></x-a> --><p>{WORDS}</p><style>a > b {{ }}</style><script>if (a < b) '<x-b>'</script>\
             <textarea><x-c></textarea><p title='<x-d>'>1 < 2"
        );
        assert_eq!(marks(&html), ["inline if"]);
    }
}
