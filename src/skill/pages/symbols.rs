//! The names that a page documents: functions, classes, commands, flags and configuration keys.
//!
//! A name counts where the author set it apart: in a heading, as the signature of an API entry, or alone in the first
//! cell of a table's row. Names that merely occur in prose or code are not symbols of the page.

use std::collections::BTreeSet;

use crate::document::{Block, Definition, Inline, Table, plain_text};

/// The longest name that is still one.
const LONGEST: usize = 80;
/// The most names that one page hands on.
const MOST: usize = 200;

/// A documented name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Symbol {
    /// The name as it is written in code, without parameters: `Trainer.fit`, `--resume`, `learning_rate`.
    pub name: String,
    /// Where the page sets it apart.
    pub role: SymbolRole,
}

/// Where a page sets a name apart, the most telling place first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SymbolRole {
    /// The signature of an API entry.
    Signature,
    /// A heading.
    Heading,
    /// The first cell of a table's row, or a defined term.
    Entry,
}

/// The symbols of a page, in document order, each once.
pub fn symbols(blocks: &[Block]) -> Vec<Symbol> {
    let mut found = Vec::new();
    collect(blocks, &mut found);
    let mut seen = BTreeSet::new();
    found.retain(|symbol| seen.insert(symbol.name.clone()));
    // `Trainer` of a heading and `tool.Trainer` of the entry below it are one name; the longer says more.
    let dotted: BTreeSet<String> = found
        .iter()
        .filter_map(|symbol| symbol.name.rsplit_once(['.', ':']).map(|(_, short)| short.to_owned()))
        .collect();
    found.retain(|symbol| symbol.role != SymbolRole::Heading || !dotted.contains(&symbol.name));
    found.truncate(MOST);
    found
}

fn collect(blocks: &[Block], found: &mut Vec<Symbol>) {
    for block in blocks {
        match block {
            Block::Heading { content, .. } => collect_heading(content, found),
            Block::DefinitionList(definitions) => {
                definitions.iter().for_each(|definition| collect_definition(definition, found));
            }
            Block::Table(table) => collect_table(table, found),
            Block::List(list) => list.items.iter().for_each(|item| collect(&item.content, found)),
            Block::Admonition { content, .. } | Block::Details { content, .. } | Block::Quote(content) => {
                collect(content, found);
            }
            Block::Tabs(tabs) => tabs.iter().for_each(|tab| collect(&tab.content, found)),
            Block::Paragraph(_) | Block::Code(_) | Block::Math(_) | Block::Footnote { .. } | Block::Rule => {}
        }
    }
}

fn collect_heading(content: &[Inline], found: &mut Vec<Symbol>) {
    let spans = code_spans(content);
    if spans.is_empty() {
        // A heading that is one bare identifier names it as surely as one in code; one that is only written in two
        // cases, as `PyTorch`, may be a product.
        let text = plain_text(content);
        if looks_like_code(&text) && text.contains(['(', '_', '.', ':', '-']) {
            push(&text, SymbolRole::Heading, found);
        }
    }
    spans.iter().for_each(|span| push(span, SymbolRole::Heading, found));
}

fn collect_definition(definition: &Definition, found: &mut Vec<Symbol>) {
    for term in &definition.terms {
        let spans = code_spans(term);
        let Some(first) = spans.first() else { continue };
        let role = if first.contains(['(', ' ']) { SymbolRole::Signature } else { SymbolRole::Entry };
        push(first, role, found);
    }
    // An API entry with a signature of several lines has it as the first block of code.
    if definition.terms.is_empty()
        && let Some(Block::Code(code)) = definition.definitions.first().and_then(|blocks| blocks.first())
    {
        push(&code.text, SymbolRole::Signature, found);
    }
    definition.definitions.iter().for_each(|blocks| collect(blocks, found));
}

fn collect_table(table: &Table, found: &mut Vec<Symbol>) {
    for row in &table.rows {
        if let Some([Inline::Code(code)]) = row.first().map(Vec::as_slice) {
            push(code, SymbolRole::Entry, found);
        }
    }
}

fn code_spans(inlines: &[Inline]) -> Vec<String> {
    let mut spans = Vec::new();
    for inline in inlines {
        match inline {
            Inline::Code(code) => spans.push(code.clone()),
            Inline::Emphasis(content) | Inline::Strong(content) | Inline::Link { content, .. } => {
                spans.extend(code_spans(content));
            }
            _ => {}
        }
    }
    spans
}

fn push(code: &str, role: SymbolRole, found: &mut Vec<Symbol>) {
    if let Some(name) = symbol_name(code) {
        found.push(Symbol { name, role });
    }
}

/// The name in a piece of code: `class a.B(c=1)` gives `a.B`; `None` when it is no single name.
pub fn symbol_name(code: &str) -> Option<String> {
    let code = code.trim();
    let without_keyword =
        ["async def ", "classmethod ", "staticmethod ", "property ", "class ", "def ", "fn ", "function "]
            .iter()
            .find_map(|keyword| code.strip_prefix(keyword))
            .unwrap_or(code);
    let end = without_keyword.find(['(', '=', '[', '<', ':', ',']).unwrap_or(without_keyword.len());
    // Two colons are part of a path, one begins a type.
    let end = if without_keyword[end..].starts_with("::") {
        without_keyword.find(['(', '=', '[', '<', ',']).unwrap_or(without_keyword.len())
    } else {
        end
    };
    let name = without_keyword[..end].trim();
    let letters = name.chars().filter(char::is_ascii_alphabetic).count();
    let fits = letters >= 2 && name.len() <= LONGEST && !name.contains("..");
    (fits && name.chars().all(is_name_character)).then(|| name.trim_end_matches('.').to_owned())
}

fn is_name_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '-' | '/' | ':' | '@' | '$' | '!')
}

/// Whether a text outside of code is an identifier and not a word: `SFTTrainer`, `torch.nn`, `fit()`, `max_steps`,
/// `--flag`.
pub fn looks_like_code(text: &str) -> bool {
    let Some(name) = symbol_name(text) else { return false };
    if text.split_whitespace().count() > 1 {
        return false;
    }
    let camel = name
        .chars()
        .zip(name.chars().skip(1))
        .any(|(left, right)| left.is_ascii_lowercase() && right.is_ascii_uppercase());
    // `SFTTrainer` has no such step, `GPUs` has no word after its capitals.
    let capitals = name.chars().take_while(char::is_ascii_uppercase).count();
    let camel =
        camel || (capitals > 1 && name.chars().skip(capitals).filter(char::is_ascii_lowercase).count() > 2);
    let dotted = name.split('.').filter(|part| part.len() > 1).count() > 1 && !name.ends_with(".md");
    text.contains('(')
        || name.contains('_')
        || dotted
        || name.starts_with("--")
        || name.contains("::")
        || camel
}

#[cfg(test)]
mod tests {
    use super::{SymbolRole, looks_like_code, symbol_name, symbols};
    use crate::document::{Block, CodeBlock, Definition, Inline, Table};

    #[test]
    fn names_are_cut_from_signatures() {
        let check = |code: &str, name: Option<&str>| assert_eq!(symbol_name(code).as_deref(), name, "{code}");
        check("class trl.SFTTrainer(model, args=None)", Some("trl.SFTTrainer"));
        check("--learning-rate", Some("--learning-rate"));
        check("max_steps: int = 5", Some("max_steps"));
        check("std::vec::Vec<T>", Some("std::vec::Vec"));
        check("pip install x", None);
        check("{}", None);
        check("3.10", None);
    }

    #[test]
    fn identifiers_are_told_from_words() {
        for code in ["SFTTrainer", "torch.nn", "fit()", "max_steps", "--flag"] {
            assert!(looks_like_code(code), "{code}");
        }
        for words in ["Installation", "e.g.", "Quick start", "README.md", "GPU"] {
            assert!(!looks_like_code(words), "{words}");
        }
    }

    #[test]
    fn headings_signatures_and_table_keys_count() {
        let heading = |content| Block::Heading { level: 2, id: None, content };
        let blocks = [
            heading(vec![Inline::Text("The ".into()), Inline::Code("fit()".into())]),
            Block::DefinitionList(vec![Definition {
                terms: vec![vec![Inline::Code("class a.B(c)".into())]],
                definitions: vec![vec![]],
            }]),
            Block::DefinitionList(vec![Definition {
                terms: Vec::new(),
                definitions: vec![vec![Block::Code(CodeBlock {
                    text: "def a.long(\n    b,\n)".into(),
                    ..CodeBlock::default()
                })]],
            }]),
            Block::Table(Table {
                rows: vec![vec![vec![Inline::Code("batch_size".into())], vec![]]],
                ..Table::default()
            }),
            Block::Paragraph(vec![Inline::Code("ignored".into())]),
        ];
        let found: Vec<_> = symbols(&blocks).into_iter().map(|symbol| (symbol.name, symbol.role)).collect();
        assert_eq!(
            found,
            [
                ("fit".to_owned(), SymbolRole::Heading),
                ("a.B".to_owned(), SymbolRole::Signature),
                ("a.long".to_owned(), SymbolRole::Signature),
                ("batch_size".to_owned(), SymbolRole::Entry),
            ]
        );
    }
}
