//! The typed page: trees of blocks and inlines, much as pandoc's AST has them.
//!
//! This is the seam between reading HTML and writing Markdown. It carries meaning, not appearance: no classes, no
//! markup, links already absolute, text already cleaned of what a visitor could not see.

use serde::{Deserialize, Serialize};

use crate::url::CanonicalUrl;

/// A page of documentation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// The page's title in plain text; empty where the page has none.
    pub title: String,
    /// What the page's `title` element names besides the page, which is mostly the site; all of it where it has one part
    /// and that is not the first heading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// The page's own one-line description (`meta name=description`).
    pub description: Option<String>,
    /// BCP 47 language tag of the page.
    pub language: Option<String>,
    /// Where the page stands in the site, outermost first, without the page itself.
    pub breadcrumbs: Vec<String>,
    /// The version of the software that the page says it is about.
    pub version: Option<String>,
    /// The licence that the page states for itself or for what it documents, as an identifier of the SPDX list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<String>,
    /// When the page was last changed, as it says itself: a date, or a date and a time (ISO 8601).
    pub modified: Option<String>,
    /// The page before this one in the site's own order.
    pub previous: Option<CanonicalUrl>,
    /// The page after this one in the site's own order.
    pub next: Option<CanonicalUrl>,
    /// The site's navigation as this page shows it.
    pub navigation: Vec<NavigationItem>,
    /// The pages below this one, as the table of contents in its text lists them; empty where it has none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contents: Vec<NavigationItem>,
    /// The main content in document order.
    pub blocks: Vec<Block>,
}

/// An entry of a site's navigation: a page, a group of entries, or both.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NavigationItem {
    /// The label in plain text.
    pub title: String,
    /// The page it leads to; `None` for a mere heading of a group.
    pub url: Option<CanonicalUrl>,
    /// The entries below it, in order.
    pub children: Vec<NavigationItem>,
}

/// A block of content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Block {
    /// A heading, level 1 to 6.
    Heading {
        /// 1 to 6.
        level: u8,
        /// The anchor that links point at.
        id: Option<String>,
        /// Its text.
        content: Vec<Inline>,
    },
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// An ordered, unordered or task list.
    List(List),
    /// A block of code, to the letter.
    Code(CodeBlock),
    /// A table.
    Table(Table),
    /// A note, warning, tip and the like.
    Admonition {
        /// The kind in lower case as the page states it: `note`, `warning`, `deprecated`.
        kind: String,
        /// The title as shown, when it says more than the kind.
        title: Option<Vec<Inline>>,
        /// What it says.
        content: Vec<Block>,
    },
    /// Terms with their definitions; API entries are such lists too, with the signature as a code block.
    DefinitionList(Vec<Definition>),
    /// A quotation.
    Quote(Vec<Block>),
    /// Alternatives of which a visitor sees one at a time; all are kept.
    Tabs(Vec<Tab>),
    /// A disclosure that a visitor can open.
    Details {
        /// The label.
        summary: Vec<Inline>,
        /// What opening it shows.
        content: Vec<Block>,
    },
    /// Displayed mathematics in TeX.
    Math(String),
    /// The text of a footnote.
    Footnote {
        /// The label that references use.
        label: String,
        /// The note.
        content: Vec<Block>,
    },
    /// A thematic break.
    Rule,
}

/// A list of items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct List {
    /// The number of the first item of an ordered list; `None` for an unordered one.
    pub start: Option<u64>,
    /// The items in order.
    pub items: Vec<ListItem>,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListItem {
    /// For a task list: whether the box is ticked.
    pub checked: Option<bool>,
    /// What the item holds.
    pub content: Vec<Block>,
}

/// A block of code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CodeBlock {
    /// The language that the page states, if only by the name of a file, normalised (`python`, not `ipython3`); never guessed.
    pub language: Option<String>,
    /// A file name or caption shown with the block.
    pub caption: Option<String>,
    /// The code to the letter, without a trailing line break.
    pub text: String,
}

/// A table; every row has as many cells as the table has columns, spans are filled with empty cells.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Table {
    /// The caption.
    pub caption: Vec<Inline>,
    /// Header cells; empty where the table has none.
    pub header: Vec<Vec<Inline>>,
    /// Alignment by column; shorter than the table where none is stated.
    pub alignment: Vec<Alignment>,
    /// The rows of the body, each a list of cells.
    pub rows: Vec<Vec<Vec<Inline>>>,
}

/// How a column is aligned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Alignment {
    /// Nothing stated.
    #[default]
    None,
    /// To the left.
    Left,
    /// Centred.
    Center,
    /// To the right.
    Right,
}

/// A term or API entry with its definitions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Definition {
    /// The term or terms; a signature is one `Inline::Code`.
    pub terms: Vec<Vec<Inline>>,
    /// Each definition's blocks.
    pub definitions: Vec<Vec<Block>>,
}

/// One tab.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tab {
    /// What its button says.
    pub label: String,
    /// Its panel.
    pub content: Vec<Block>,
}

/// A run of content within a block.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Inline {
    /// Plain text with white space folded.
    Text(String),
    /// Inline code, to the letter.
    Code(String),
    /// A key to press (`kbd`).
    Keyboard(String),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Struck out.
    Strikethrough(Vec<Inline>),
    /// Subscript.
    Subscript(Vec<Inline>),
    /// Superscript.
    Superscript(Vec<Inline>),
    /// A link.
    Link {
        /// The target, absolute; `#anchor` of another page included.
        url: String,
        /// What it shows.
        content: Vec<Inline>,
    },
    /// An image.
    Image {
        /// The source, absolute.
        url: String,
        /// The text for those who do not see it.
        alt: String,
    },
    /// Mathematics in TeX.
    Math(String),
    /// A reference to a footnote by its label.
    FootnoteReference(String),
    /// A line break that the author set.
    Break,
}

/// The plain text of inlines: code and text as they stand, images by their alternative text.
pub fn plain_text(inlines: &[Inline]) -> String {
    let mut text = String::new();
    push_plain_text(inlines, &mut text);
    text.trim().to_owned()
}

fn push_plain_text(inlines: &[Inline], text: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(run) | Inline::Code(run) | Inline::Keyboard(run) | Inline::Math(run) => {
                text.push_str(run);
            }
            Inline::Emphasis(content)
            | Inline::Strong(content)
            | Inline::Strikethrough(content)
            | Inline::Subscript(content)
            | Inline::Superscript(content)
            | Inline::Link { content, .. } => push_plain_text(content, text),
            Inline::Image { alt, .. } => text.push_str(alt),
            Inline::Break => text.push(' '),
            Inline::FootnoteReference(_) => {}
        }
    }
}
