//! reStructuredText as the HTML that `extract` reads, for what documentation uses of docutils and Sphinx.
//!
//! In order: `names` collects what the text refers to by name (targets, substitutions, footnotes, titles); `blocks`
//! tells paragraphs, lists and the rest apart by their first line, `sections` headings by their underlines, `table` draws
//! grid and simple tables, `explicit` reads what begins with two dots and hands directives to `directive`; `inline`
//! reads the runs within a line, `roles` what a role shows.
//!
//! The crates that read reStructuredText were looked at: one parses a grammar that ends with an error at what it does
//! not know, one knows a handful of constructs, one is weeks old. Here nothing is an error: what is not known keeps its
//! content. Directives that include other files lead to them by a link.

mod blocks;
mod data_tables;
mod directive;
mod explicit;
mod inline;
mod lines;
mod lists;
mod names;
mod roles;
mod sections;
mod table;

use names::Names;

/// Turns reStructuredText into the content of a page.
pub(super) fn to_html(text: &str) -> String {
    let text = lines::without_tabs(text.trim_start_matches('\u{feff}'));
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let names = Names::collect(&lines);
    let mut html = String::with_capacity(text.len() * 2);
    blocks::write(&lines, &names, 0, &mut html);
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
