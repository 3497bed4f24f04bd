//! Blocks of lines: verse and addresses, of which docutils writes each line as an element of its own.

use scraper::ElementRef;

use crate::document::Inline;
use crate::extract::dom::has_class;
use crate::extract::flow::Flow;
use crate::extract::hidden::is_left_out;
use crate::extract::inline::read_line;
use crate::extract::reader::Reader;

/// The deepest block of lines within blocks of lines; what is deeper is read as any other element.
const MAX_LEVELS: usize = 16;

/// Whether the element is a block of lines and nothing else.
pub(super) fn is_line_block(element: ElementRef<'_>) -> bool {
    has_class(element, "line-block") && holds_lines_only(element, 0)
}

fn holds_lines_only(element: ElementRef<'_>, level: usize) -> bool {
    let is_line = |child: ElementRef<'_>| {
        has_class(child, "line") || (has_class(child, "line-block") && holds_lines_only(child, level + 1))
    };
    level < MAX_LEVELS
        && element.child_elements().next().is_some()
        && element.child_elements().all(is_line)
        && !element
            .children()
            .any(|child| child.value().as_text().is_some_and(|text| !text.trim().is_empty()))
}

/// Reads the lines into one paragraph with breaks between them.
pub(super) fn read(reader: &Reader<'_>, element: ElementRef<'_>, flow: &mut Flow, depth: usize) {
    flow.end_line();
    let mut line = Vec::new();
    push_lines(reader, element, &mut line, depth);
    line.into_iter().for_each(|inline| flow.push_inline(inline));
    flow.end_line();
}

fn push_lines(reader: &Reader<'_>, element: ElementRef<'_>, lines: &mut Vec<Inline>, depth: usize) {
    for child in element.child_elements().filter(|child| !is_left_out(*child, reader.profile)) {
        if has_class(child, "line-block") {
            push_lines(reader, child, lines, depth + 1);
            continue;
        }
        let content = read_line(reader, child, depth + 1);
        if content.is_empty() {
            continue;
        }
        if !lines.is_empty() {
            lines.push(Inline::Break);
        }
        lines.extend(content);
    }
}
