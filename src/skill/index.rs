//! `references/index.md`: every page with its place, one line of what it answers, and the names it documents.

use crate::skill::quote::{code_span, escape};
use crate::skill::reference::Reference;
use crate::skill::references::ReferenceFile;
use crate::skill::symbols::{Symbol, SymbolRole};

/// The most names that a line of the index lists.
const MOST_SYMBOLS: usize = 10;

/// Writes the index.
pub fn index(skill_title: &str, files: &[ReferenceFile], references: &[Reference]) -> String {
    let pages = references.len();
    let mut text = format!("# Index of the {} reference\n\n", escape(skill_title));
    let noun = if pages == 1 { "page" } else { "pages" };
    text.push_str(&format!(
        "{pages} {noun}. Search here for a topic or a name, then read the section it points to.\n"
    ));
    for file in files {
        text.push_str(&format!("\n## {}\n\n", escape(&file.title)));
        for page in &file.pages {
            let Some(reference) = references.get(page.reference) else { continue };
            text.push_str(&format!("- [{}]({}#{})", escape(&page.title), file.name, page.anchor));
            if !page.continued {
                text.push_str(&answers(reference));
            }
            text.push('\n');
        }
    }
    text
}

fn answers(reference: &Reference) -> String {
    let summary = reference.summary().map_or_else(String::new, |summary| format!(": {summary}"));
    let names: Vec<String> = key_symbols(reference).iter().map(|symbol| code_span(&symbol.name)).collect();
    if names.is_empty() { summary } else { format!("{summary} Names: {}", names.join(", ")) }
}

/// The names that tell most about a page: signatures and headings first, then entries, in document order.
fn key_symbols(reference: &Reference) -> Vec<&Symbol> {
    let entry = |symbol: &&Symbol| symbol.role == SymbolRole::Entry;
    let telling = reference.symbols.iter().filter(|symbol| !entry(symbol));
    telling.chain(reference.symbols.iter().filter(entry)).take(MOST_SYMBOLS).collect()
}
