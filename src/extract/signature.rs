//! The text of a signature: of elements that arrange it by lists, tables and breaks, the lines that a visitor sees.

use ego_tree::iter::Edge;
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Node};

use crate::extract::dom::{ancestry, classes, is_blank_text, name};
use crate::extract::hidden::is_left_out;
use crate::extract::links::is_permalink;
use crate::extract::reader::{Reader, is_block};
use crate::extract::text::one_line;
use crate::profile::SelectorProfile;

/// A signature that fits in so many characters is one line, however the page breaks it.
const LONGEST_LINE: usize = 100;
/// How many elements around a signature may state its language.
const MAX_LEVELS: usize = 5;
/// What stands before a parameter on a line of its own.
const MARGIN: &str = "    ";

/// The text of a signature without links to the source and to itself: one line where it is short or the page breaks it
/// nowhere, else a parameter a line.
pub(super) fn text(reader: &Reader<'_>, elements: &[ElementRef<'_>]) -> String {
    let mut lines = Lines::default();
    for element in elements {
        push_element(reader, *element, &mut lines);
    }
    lines.finish()
}

/// The language of a signature, by the classes of it and of what is around it.
pub(super) fn language(profile: &SelectorProfile, element: ElementRef<'_>) -> Option<String> {
    let languages = &profile.api.languages;
    if languages.is_empty() {
        return None;
    }
    ancestry(element)
        .take(MAX_LEVELS)
        .flat_map(classes)
        .find_map(|class| languages.get(class))
        .filter(|language| !language.is_empty())
        .cloned()
}

/// The lines of a signature as they come.
#[derive(Default)]
struct Lines {
    done: Vec<String>,
    line: String,
    margin: &'static str,
}

impl Lines {
    fn begin(&mut self, margin: &'static str) {
        let line = tidy(&std::mem::take(&mut self.line));
        if !line.is_empty() {
            let margin = if line.starts_with([')', ']', '}']) { "" } else { self.margin };
            self.done.push(format!("{margin}{line}"));
        }
        self.margin = margin;
    }

    fn is_open(&self) -> bool {
        let letters = self.done.iter().flat_map(|line| line.chars()).chain(self.line.chars());
        letters.fold(0_i32, |open, letter| {
            open + i32::from(matches!(letter, '(' | '{')) - i32::from(matches!(letter, ')' | '}'))
        }) > 0
    }

    fn finish(mut self) -> String {
        self.begin("");
        let whole = tidy(&self.done.join(" "));
        // A body in braces is not one line, however short.
        let has_body = self.done.iter().any(|line| line.ends_with('{'));
        let is_one = self.done.len() < 2 || (whole.chars().count() <= LONGEST_LINE && !has_body);
        if is_one { whole } else { self.done.join("\n") }
    }
}

fn push_element(reader: &Reader<'_>, element: ElementRef<'_>, lines: &mut Lines) {
    // `traverse` has no way to pass over a subtree, so the edges of one that is left out are counted off.
    let mut left_out: Option<NodeId> = None;
    for edge in element.traverse() {
        match edge {
            Edge::Open(node) if left_out.is_none() => {
                if let Some(run) = node.value().as_text() {
                    lines.line.push_str(run);
                } else if let Some(below) = ElementRef::wrap(node).filter(|below| below.id() != element.id())
                {
                    if is_no_part(reader, below) {
                        left_out = Some(node.id());
                    } else {
                        open(reader, below, lines);
                    }
                }
            }
            Edge::Close(node) if left_out == Some(node.id()) => left_out = None,
            Edge::Close(node) if left_out.is_none() && node.id() != element.id() && ends_line(node) => {
                lines.begin("");
            }
            _ => {}
        }
    }
}

fn ends_line(node: NodeRef<'_, Node>) -> bool {
    ElementRef::wrap(node).is_some_and(|element| is_block(element) && !is_cell(element))
}

fn is_no_part(reader: &Reader<'_>, element: ElementRef<'_>) -> bool {
    is_left_out(element, reader.profile)
        || is_permalink(element)
        || reader.profile.api.labels.matches(element)
}

fn open(reader: &Reader<'_>, element: ElementRef<'_>, lines: &mut Lines) {
    match name(element) {
        // Parameters over several lines stand in a list.
        "dd" => lines.begin(MARGIN),
        // Or in a table, whose first cells are empty but in the line of the name.
        "tr" => lines.begin(if has_margin(element) { MARGIN } else { "" }),
        // A break within the parentheses is before a parameter, one outside is behind what is templated or annotated.
        "br" => lines.begin(if lines.is_open() { MARGIN } else { "" }),
        // `name(` is one word also where its parts are cells: of a macro it would mean something else with a space.
        _ if is_cell(element) && begins_with_parenthesis(element) => {
            lines.line.truncate(lines.line.trim_end().len());
        }
        _ if is_cell(element) => lines.line.push(' '),
        _ if is_block(element) => lines.begin(""),
        _ => {}
    }
    if reader.profile.api.lines.matches(element) {
        lines.begin(MARGIN);
    }
    // Some generators draw the comma between parameters by style alone.
    if reader.profile.api.parameters.matches(element) && needs_comma(&lines.line) {
        lines.line.push_str(", ");
    }
}

fn is_cell(element: ElementRef<'_>) -> bool {
    matches!(name(element), "td" | "th")
}

fn begins_with_parenthesis(cell: ElementRef<'_>) -> bool {
    cell.text().map(str::trim_start).find(|run| !run.is_empty()).is_some_and(|run| run.starts_with('('))
}

fn has_margin(row: ElementRef<'_>) -> bool {
    row.child_elements().next().is_some_and(|first| first.children().all(is_blank_text))
}

fn needs_comma(text: &str) -> bool {
    text.trim_end().chars().next_back().is_some_and(|last| !matches!(last, '(' | ',' | '['))
}

/// One line without the spaces that come of elements around each part.
fn tidy(line: &str) -> String {
    let line = one_line(line).replace(" ,", ",").replace("( ", "(").replace(" )", ")");
    // Some set the arrow with a hyphen that does not break.
    line.replace("\u{2011}>", "->").replace(" → ", " -> ").replace("→ ", "-> ").replace(",)", ")")
}
