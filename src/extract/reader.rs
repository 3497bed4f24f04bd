//! Walks the main content and turns elements into blocks: the one place that knows the order of questions.
//!
//! Each element is asked in turn: is it left out, does the profile know it as a construct (tabs, admonition, code, API
//! entry, footnote), what does its name say, and else what do its children say. The constructs live in a file each.

use std::collections::{HashMap, HashSet};

use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Node};

use crate::document::{Block, Inline};
use crate::extract::dom::{self, ancestry, name};
use crate::extract::flow::Flow;
use crate::extract::frame::{self, Frame};
use crate::extract::hidden::is_left_out;
use crate::extract::page::Page;
use crate::extract::{
    admonition, api, citation, code, definition, details, footnote, heading, inline, line_block, links, list,
    math, media, table, tabs,
};
use crate::profile::SelectorProfile;
use crate::url::CanonicalUrl;

/// The deepest nesting that is read as structure; below it only text is taken, so that no stack overflows.
const MAX_DEPTH: usize = 100;

/// Elements that begin a line of their own (HTML §15.3.3).
fn is_block_name(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "legend"
            | "li"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "optgroup"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "template"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "xmp"
    )
}

/// What reading a page needs at every element.
pub(super) struct Reader<'a> {
    /// How the generator writes.
    pub(super) profile: &'a SelectorProfile,
    /// What relative links resolve against.
    pub(super) base: &'a CanonicalUrl,
    /// The page itself: what `#anchor` belongs to.
    pub(super) page: &'a CanonicalUrl,
    /// Labels of footnotes by the id of the note.
    pub(super) footnotes: HashMap<String, String>,
    /// Boxes around listings.
    pub(super) frames: HashMap<NodeId, Frame>,
    /// Elements with a block somewhere inside.
    block_holders: HashSet<NodeId>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(page: &Page<'a>, root: ElementRef<'_>, profile: &'a SelectorProfile) -> Self {
        Self {
            profile,
            base: page.base(),
            page: page.url(),
            footnotes: footnote::labels(page, root, profile),
            frames: frame::find(root, profile),
            block_holders: find_block_holders(root),
        }
    }

    /// Whether a block stands somewhere inside of the element.
    pub(super) fn holds_block(&self, element: ElementRef<'_>) -> bool {
        self.block_holders.contains(&element.id())
    }
}

/// The blocks inside of an element.
pub(super) fn read_blocks(reader: &Reader<'_>, element: ElementRef<'_>, depth: usize) -> Vec<Block> {
    let mut flow = Flow::default();
    read_children(reader, element, &mut flow, depth);
    flow.finish()
}

/// Reads what is inside of an element into a flow.
pub(super) fn read_children(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) {
    for child in element.children() {
        read_node(reader, child, flow, depth);
    }
}

/// Reads a node into a flow.
pub(super) fn read_node(reader: &Reader<'_>, node: NodeRef<'_, Node>, flow: &mut Flow, depth: usize) {
    if let Some(text) = node.value().as_text() {
        flow.push_inline(Inline::Text(text.to_string()));
    } else if let Some(element) = ElementRef::wrap(node) {
        read_element(reader, element, flow, depth + 1);
    }
}

fn read_element(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) {
    // Sources of math are asked for first: MathJax hides the one form of them that can be read.
    if math::is_math(element) {
        return math::read(element, flow);
    }
    if is_left_out(element, reader.profile) || tabs::stands_behind_row(reader, element) {
        return;
    }
    if depth > MAX_DEPTH {
        return flow.push_inline(Inline::Text(inline::flat_text(reader, element)));
    }
    if reader.profile.dissolve.matches(element) {
        flow.end_line();
        read_children(reader, element, flow, depth);
        return flow.end_line();
    }
    if read_construct(reader, element, flow, depth) {
        return;
    }
    match name(element) {
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => heading::read(reader, element, flow, depth),
        _ if heading::is_heading(reader, element) => heading::read(reader, element, flow, depth),
        "ul" | "ol" | "menu" => list::read(reader, element, flow, depth),
        "dl" => definition::read(reader, element, flow, depth),
        "table" => table::read(reader, element, flow, depth),
        _ if table::is_table_by_role(element) || reader.profile.table.grids.matches(element) => {
            table::read(reader, element, flow, depth)
        }
        "blockquote" => {
            let content = read_blocks(reader, element, depth);
            if !content.is_empty() {
                flow.push(Block::Quote(content));
            }
        }
        "details" => details::read(reader, element, flow, depth),
        "hr" => flow.push(Block::Rule),
        "iframe" | "video" | "audio" => media::read_embedded(reader, element, flow),
        "a" if reader.holds_block(element) => links::read_block_link(reader, element, flow, depth),
        tag if is_block_name(tag) => {
            flow.end_line();
            read_children(reader, element, flow, depth);
            flow.end_line();
        }
        _ if reader.holds_block(element) => read_children(reader, element, flow, depth),
        _ => inline::read(reader, element, flow.line(), depth),
    }
}

/// Reads an element that is a construct of documentation; says whether it is one.
fn read_construct(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) -> bool {
    let profile = reader.profile;
    if media::is_diagram(element) {
        media::read_diagram(element, flow);
    } else if tabs::is_collected(element) || profile.tabs.sets.matches(element) {
        return tabs::read(reader, element, flow, depth);
    } else if profile.tabs.rows.matches(element) {
        return tabs::read_row(reader, element, flow, depth);
    } else if profile.admonition.blocks.matches(element) {
        return admonition::read(reader, element, flow, depth);
    } else if reader.frames.contains_key(&element.id())
        || code::is_block(reader, element)
        || code::is_lone_listing(element)
    {
        code::read(reader, element, flow);
    } else if profile.code.captions.matches(element) {
        flow.set_caption(inline::read_line(reader, element, depth));
    } else if name(element) != "dl" && profile.api.entries.matches(element) {
        api::read_entry(reader, element, flow, depth);
    } else if profile.api.descriptions.matches(element) && api::is_described_above(reader, element) {
        // The entry before took it along.
    } else if profile.api.signatures.matches(element) && !heading::is_heading(reader, element) {
        api::read_declaration(reader, element, flow);
    } else if profile.footnote.notes.matches(element) {
        footnote::read(reader, element, flow, depth);
    } else if citation::is_citation(element) {
        citation::read(reader, element, flow, depth);
    } else if line_block::is_line_block(element) {
        line_block::read(reader, element, flow, depth);
    } else {
        return false;
    }
    true
}

/// Whether the element begins a line of its own.
pub(super) fn is_block(element: ElementRef<'_>) -> bool {
    is_block_name(name(element)) || math::is_display(element)
}

/// Marks the ancestors of every block, each once.
fn find_block_holders(root: ElementRef<'_>) -> HashSet<NodeId> {
    let mut holders = HashSet::new();
    for block in dom::descendants(root).filter(|element| is_block(*element)) {
        for ancestor in ancestry(block).skip(1) {
            if !holders.insert(ancestor.id()) || ancestor.id() == root.id() {
                break;
            }
        }
    }
    holders
}
