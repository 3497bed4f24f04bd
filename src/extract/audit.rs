//! What was kept out of a page, and what came of its code: for a report, not for the skill.
//!
//! Within the main content, everything that is hidden is told. Elsewhere, and in what no page shows anyway (comments,
//! templates, scripts, attributes), only what gives orders to an assistant is: menus and dialogs hide much, and nothing of
//! it is read.

use scraper::{ElementRef, Node};
use serde::Serialize;

use crate::document::{Block, Document};
use crate::extract::addressing::addressing;
use crate::extract::dom::{ancestry, name};
use crate::extract::hidden::{is_never_shown, why_hidden};
use crate::extract::invisible::{decoded, find_unseen};
use crate::extract::math;
use crate::extract::measure::letters;
use crate::extract::page::Page;
use crate::extract::text::one_line;
use crate::profile::SelectorProfile;

/// The most hidden texts that are told of one page.
const MOST: usize = 200;
/// The longest excerpt, in characters.
const LONGEST: usize = 160;
/// Attributes with fewer bytes give no orders.
const SHORTEST_ORDER: usize = 12;

/// What was seen in a page beside what was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// What a visitor does not see, in the order of the page.
    pub hidden: Vec<HiddenText>,
    /// Code blocks in the main content of the HTML that was read.
    pub code_in_html: u64,
    /// Those of them whose code was kept.
    pub code_kept: u64,
}

/// A text that a visitor does not see.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct HiddenText {
    /// What hides it, as `display` or `comment`.
    pub why: String,
    /// Its beginning on one line, without unseen characters.
    pub excerpt: String,
    /// Whether it gives orders to an assistant.
    pub addresses: bool,
}

/// Looks through a page that was read from `root`.
pub(super) fn audit(
    page: &Page<'_>,
    root: ElementRef<'_>,
    profile: &SelectorProfile,
    document: &Document,
) -> Audit {
    let mut audit = Audit::default();
    let mut codes = Vec::new();
    let mut pending = vec![(page.html().tree.root(), false, false)];
    while let Some((node, inside, in_code)) = pending.pop() {
        let (mut inside, mut in_code) = (inside, in_code);
        match node.value() {
            Node::Comment(comment) => audit.add_orders("comment", comment),
            Node::ProcessingInstruction(instruction) => audit.add_orders("comment", &instruction.data),
            Node::Text(text) if inside => audit.add_unseen(text),
            _ => {}
        }
        if let Some(element) = ElementRef::wrap(node) {
            inside |= element.id() == root.id();
            audit.look_at_attributes(element);
            if is_never_shown(element) && name(element) != "head" {
                audit.add_orders(name(element), &words_of(element));
                continue;
            }
            // A formula is shown in one form and read in another.
            if math::is_math(element) {
                audit.add_orders("formula", &words_of(element));
                continue;
            }
            let kept = profile.keep.matches(element) || profile.tabs.panels.matches(element);
            if let Some(why) = why_hidden(element).filter(|_| !kept) {
                let text = words_of(element);
                if inside && element.id() != root.id() && why != "repetition" {
                    audit.add(why, &text);
                    continue;
                }
                audit.add_orders(why, &text);
            }
            if inside && !in_code && name(element) == "pre" && is_shown(element, root, profile) {
                in_code = true;
                codes.push(letters(&element.text().collect::<String>()));
            }
        }
        pending.extend(node.children().rev().map(|child| (child, inside, in_code)));
    }
    // A gutter of line numbers is no code.
    codes.retain(|code| code.chars().any(|letter| !letter.is_numeric()));
    (audit.code_in_html, audit.code_kept) = count_codes(&codes, document);
    audit
}

impl Audit {
    fn add(&mut self, why: &str, text: &str) {
        let decoded = decoded(text);
        let excerpt = excerpt(if decoded.is_empty() { text } else { &decoded });
        let says_something = excerpt.chars().filter(|letter| letter.is_alphanumeric()).count() > 2;
        if says_something && self.hidden.len() < MOST {
            let addresses = addressing(text).is_some() || addressing(&decoded).is_some();
            self.hidden.push(HiddenText { why: why.to_owned(), excerpt, addresses });
        }
    }

    fn add_orders(&mut self, why: &str, text: &str) {
        if text.len() >= SHORTEST_ORDER
            && (addressing(text).is_some() || addressing(&decoded(text)).is_some())
        {
            self.add(why, text);
        }
    }

    /// Unseen characters within a text that is seen.
    fn add_unseen(&mut self, text: &str) {
        let mut found: Vec<char> = find_unseen(text)
            .iter()
            .filter_map(|(at, _)| text.get(*at..)?.chars().next())
            .filter(|character| *character != '\r')
            .collect();
        if found.is_empty() || self.hidden.len() >= MOST {
            return;
        }
        let said = decoded(text);
        found.sort_unstable();
        found.dedup();
        let names: Vec<String> =
            found.iter().take(4).map(|character| format!("U+{:04X}", u32::from(*character))).collect();
        let more = if found.len() > 4 { " and others" } else { "" };
        let reading = if said.is_empty() { String::new() } else { format!(" that read: {}", excerpt(&said)) };
        let is_usual = said.is_empty() && found.iter().all(|next| is_typesetting(*next));
        // What no typesetter needs is shown with the text that it stands in.
        let around =
            if said.is_empty() && !is_usual { format!(" in: {}", excerpt(text)) } else { String::new() };
        let entry = HiddenText {
            excerpt: format!("{}{more}{reading}{around}", names.join(", ")),
            why: if is_usual { "typesetting" } else { "characters" }.to_owned(),
            addresses: !said.is_empty() && addressing(&said).is_some(),
        };
        if !self.hidden.contains(&entry) {
            self.hidden.push(entry);
        }
    }

    /// Attributes that no visitor reads, where they give orders.
    fn look_at_attributes(&mut self, element: ElementRef<'_>) {
        for (attribute, value) in element.value().attrs() {
            let is_reading = !matches!(attribute, "class" | "id" | "style" | "href" | "src" | "d");
            if is_reading
                && value.len() >= SHORTEST_ORDER
                && value.contains(|letter: char| letter == ' ' || !letter.is_ascii())
            {
                self.add_orders(&format!("attribute {attribute}"), value);
            }
        }
    }
}

/// Characters that typesetters use to break or keep together words: told by their number alone.
fn is_typesetting(character: char) -> bool {
    matches!(character, '\u{200B}' | '\u{00AD}' | '\u{FEFF}' | '\u{2060}' | '\u{200C}' | '\u{200D}')
}

fn is_shown(element: ElementRef<'_>, root: ElementRef<'_>, profile: &SelectorProfile) -> bool {
    let path = ancestry(element).take_while(|above| above.id() != root.id());
    !path.into_iter().any(|above| profile.remove.matches(above))
}

/// How many code blocks there are, and how many of them were kept: whose text is code of the document, or which there
/// are as many of.
fn count_codes(codes: &[String], document: &Document) -> (u64, u64) {
    let mut kept = Vec::new();
    let mut all = String::new();
    collect(&document.blocks, &mut kept);
    kept.iter().for_each(|code| all.push_str(code));
    let missing = codes.iter().filter(|code| !all.contains(code.as_str())).count();
    let fewer = codes.len().saturating_sub(kept.len());
    let lost = missing.min(fewer);
    (codes.len() as u64, (codes.len() - lost) as u64)
}

/// The code of a document without its white space.
fn collect(blocks: &[Block], found: &mut Vec<String>) {
    for block in blocks {
        match block {
            Block::Code(code) => found.push(letters(&code.text)),
            Block::List(list) => list.items.iter().for_each(|item| collect(&item.content, found)),
            Block::Admonition { content, .. }
            | Block::Quote(content)
            | Block::Details { content, .. }
            | Block::Footnote { content, .. } => collect(content, found),
            Block::Tabs(tabs) => tabs.iter().for_each(|tab| collect(&tab.content, found)),
            Block::DefinitionList(list) => {
                list.iter().flat_map(|entry| &entry.definitions).for_each(|blocks| collect(blocks, found));
            }
            _ => {}
        }
    }
}

fn words_of(element: ElementRef<'_>) -> String {
    let mut words = String::new();
    for node in element.descendants() {
        let text: &str = match node.value() {
            Node::Text(text) => text,
            Node::Comment(comment) => comment,
            _ => "",
        };
        if !text.is_empty() {
            words.push_str(text);
            words.push(' ');
        }
        if let Some(alt) =
            ElementRef::wrap(node).and_then(|below| below.attr("alt").or_else(|| below.attr("value")))
        {
            words.push_str(alt);
            words.push(' ');
        }
        if words.len() > 20_000 {
            break;
        }
    }
    words
}

fn excerpt(text: &str) -> String {
    let line = one_line(text);
    if line.chars().count() <= LONGEST {
        return line;
    }
    line.chars().take(LONGEST).collect::<String>() + "…"
}
