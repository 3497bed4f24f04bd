//! Document to GitHub-flavoured Markdown.
//!
//! In order: [`to_markdown`] puts the title first, `block` writes each block to lines, `list`, `table` and `code` their
//! constructs, `inline` writes the runs within a line, and `escape` keeps text from being read as markup. What is
//! written reads back as the same document (CommonMark 0.31, GFM 0.29): only what must be escaped is escaped, and HTML
//! stands only where Markdown has no form (keys, subscript and superscript, breaks in table cells).
//!
//! Where Markdown has no form for a construct, these are used:
//!
//! | construct | form |
//! |---|---|
//! | admonition | an alert (`> [!WARNING]`) where the kind is one of the five, else a quotation with a bold title |
//! | tabs | each label in bold, then its panel |
//! | disclosure | its label in bold, then its content |
//! | definitions | a list of bold terms (or signatures as code), definitions indented below |
//! | caption of code | `title="…"` behind the language, as MkDocs and Docusaurus have it; in bold above without one |

mod block;
mod code;
mod escape;
mod inline;
mod list;
mod table;

use crate::document::{Block, Document, Inline};

/// The Markdown of a document: it begins with `# title` where the page has one, and ends with one line break.
pub fn to_markdown(document: &Document) -> String {
    let mut blocks = document.blocks.as_slice();
    // A rule at the very beginning would be read as the border of front matter.
    while let [Block::Rule, rest @ ..] = blocks {
        blocks = rest;
    }
    let mut text = String::new();
    // A page that begins with a heading of its own, of whatever level, has its title in sight.
    if !matches!(blocks.first(), Some(Block::Heading { .. }))
        && !has_title(blocks)
        && !document.title.is_empty()
    {
        let content = vec![Inline::Text(document.title.clone())];
        text.push_str(&block::write(&Block::Heading { level: 1, id: None, content }));
        text.push_str("\n\n");
    }
    text.push_str(&block::write_all(blocks));
    let length = text.trim_end().len();
    text.truncate(length);
    text.push('\n');
    text
}

fn has_title(blocks: &[Block]) -> bool {
    blocks.iter().any(|block| matches!(block, Block::Heading { level: 1, .. }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{ProptestConfig, proptest};
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::to_markdown;
    use crate::document::{Block, CodeBlock, Document, Inline, List, ListItem, Tab, Table, plain_text};

    fn text(run: &str) -> Inline {
        Inline::Text(run.to_owned())
    }

    fn check(blocks: Vec<Block>, markdown: &str) {
        assert_eq!(to_markdown(&Document { blocks, ..Document::default() }), markdown);
    }

    fn item(content: Vec<Block>) -> ListItem {
        ListItem { checked: None, content }
    }

    #[test]
    fn lists_nest_and_neighbours_stay_apart() {
        let inner =
            Block::List(List { start: Some(3), items: vec![item(vec![Block::Paragraph(vec![text("in")])])] });
        let outer = List { start: None, items: vec![item(vec![Block::Paragraph(vec![text("out")]), inner])] };
        let next = List { start: None, items: vec![item(vec![Block::Paragraph(vec![text("next")])])] };
        check(vec![Block::List(outer), Block::List(next)], "- out\n\n  3. in\n\n* next\n");
    }

    #[test]
    fn fences_outgrow_what_they_hold() {
        let code = CodeBlock {
            language: Some("markdown".to_owned()),
            caption: Some("a \"b\".md".to_owned()),
            text: "````\nx\n````".to_owned(),
        };
        check(vec![Block::Code(code)], "`````markdown title=\"a 'b'.md\"\n````\nx\n````\n`````\n");
        check(
            vec![Block::Paragraph(vec![Inline::Code("a`b".to_owned()), Inline::Code("`".to_owned())])],
            "``a`b```` ` ``\n",
        );
    }

    #[test]
    fn emphasis_keeps_its_place_beside_letters() {
        let strong = |run: &str| Inline::Strong(vec![text(run)]);
        check(vec![Block::Paragraph(vec![strong("注意："), text("请")])], "**注意**：请\n");
        check(vec![Block::Paragraph(vec![text("a"), strong("(b)"), text("c")])], "a<strong>(b)</strong>c\n");
    }

    #[test]
    fn cells_stay_on_their_line() {
        let cell = vec![text("a | b"), Inline::Break, Inline::Code("c|d".to_owned())];
        let table = Table { header: vec![vec![text("H")]], rows: vec![vec![cell]], ..Table::default() };
        check(vec![Block::Table(table)], "| H |\n| --- |\n| a \\| b<br>`c\\|d` |\n");
    }

    #[test]
    fn tabs_show_their_labels() {
        let tab =
            |label: &str| Tab { label: label.to_owned(), content: vec![Block::Paragraph(vec![text("x")])] };
        check(vec![Block::Tabs(vec![tab("A*"), tab("B")])], "**A\\***\n\nx\n\n**B**\n\nx\n");
    }

    /// The plain text that a reader of the Markdown gets, and whether anything but one paragraph was read.
    fn read_back(markdown: &str) -> (String, bool) {
        let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
        let mut read = String::new();
        let mut is_plain = true;
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Text(run) | Event::Code(run) => read.push_str(&run),
                Event::SoftBreak | Event::HardBreak => read.push('\n'),
                Event::Start(Tag::Paragraph) | Event::End(_) => {}
                _ => is_plain = false,
            }
        }
        (read, is_plain)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn text_reads_back_as_written(run in "[-a-c0-2 *_`~<>&;#\\[\\](){}!|+=:.\\\\/\"'é]{1,24}") {
            let run = run.split_whitespace().collect::<Vec<_>>().join(" ");
            if run.is_empty() {
                return Ok(());
            }
            let line = vec![text(&run)];
            let document = Document { blocks: vec![Block::Paragraph(line.clone())], ..Document::default() };
            let markdown = to_markdown(&document);
            let (read, is_plain) = read_back(&markdown);
            proptest::prop_assert!(is_plain, "{:?} was written {:?}", run, markdown);
            proptest::prop_assert_eq!(read, plain_text(&line), "written {:?}", markdown);
        }
    }
}
