//! What a text refers to by name, collected before it is read.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use super::inline;
use super::lines::{count_indented, dedent, is_blank};
use super::sections::{id_of, section};

/// The deepest chain of names that stand for names.
const MAX_CHAIN: usize = 8;

/// Everything that has a name, and what is counted while the text is written.
#[derive(Default)]
pub(super) struct Names {
    /// Addresses by name in lower case; another name ends with `_`.
    targets: HashMap<String, String>,
    anonymous: Vec<String>,
    next_anonymous: Cell<usize>,
    /// The directive and its lines, by name.
    substitutions: HashMap<String, (String, String)>,
    /// The labels of notes by the text between their brackets.
    notes: HashMap<String, String>,
    automatic: Vec<String>,
    next_automatic: Cell<usize>,
    next_note: Cell<usize>,
    /// The titles of headings by the ids of labels before them.
    titles: HashMap<String, String>,
    /// The styles of headings in the order of their levels.
    styles: RefCell<Vec<(char, bool)>>,
    /// The language of code that names none.
    highlight: RefCell<String>,
}

impl Names {
    pub(super) fn collect(lines: &[&str]) -> Self {
        let mut names = Self::default();
        let mut number = 0;
        for (at, line) in lines.iter().enumerate() {
            let rest = lines.get(at..).unwrap_or_default();
            let text = line.trim_start();
            if let Some(mark) = text.strip_prefix(".. ") {
                names.explicit(mark.trim_start(), line.len() - text.len(), rest, &mut number);
            } else if let Some(address) = text.strip_prefix("__ ") {
                names.anonymous.push(address.trim().to_owned());
            } else if let Some(found) = section(rest) {
                let title = plain(found.title);
                names.targets.entry(key(&title)).or_insert_with(|| format!("#{}", id_of(&title)));
            }
        }
        names
    }

    fn explicit(&mut self, text: &str, margin: usize, rest: &[&str], number: &mut usize) {
        if let Some(target) = text.strip_prefix('_') {
            self.target(target, margin, rest);
        } else if let Some(name) = text.strip_prefix('|') {
            let Some((name, definition)) = name.split_once('|') else { return };
            let Some((directive, first)) = definition.split_once("::") else { return };
            let below = rest.get(1..).unwrap_or_default();
            let below = below.get(..count_indented(below, margin + 1)).unwrap_or_default();
            let content = [&[first.trim()][..], &dedent(below)].concat().join("\n");
            self.substitutions.insert(key(name), (directive.trim().to_owned(), content));
        } else if let Some((label, _)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) {
            let is_automatic = label.starts_with('#') || label == "*";
            let is_name = label.chars().all(|letter| letter.is_alphanumeric() || "-_.:+#*".contains(letter));
            if !is_name || label.is_empty() {
                return;
            }
            let shown = if is_automatic {
                *number += 1;
                while self.notes.values().any(|known| *known == number.to_string()) {
                    *number += 1;
                }
                number.to_string()
            } else {
                label.to_owned()
            };
            if label == "#" || label == "*" {
                self.automatic.push(shown);
            } else {
                self.notes.insert(label.to_lowercase(), shown);
            }
        }
    }

    /// A hyperlink target: `_name: address`, `` _`name`: address ``, `__: address`.
    fn target(&mut self, text: &str, margin: usize, rest: &[&str]) {
        let (name, address) = match text.strip_prefix('`').and_then(|text| text.split_once("`:")) {
            Some(quoted) => quoted,
            None => match split_name(text) {
                Some(found) => found,
                None => return,
            },
        };
        let below = rest.get(1..).unwrap_or_default();
        let further =
            below.iter().take_while(|line| !is_blank(line) && super::lines::indent_of(line) > margin);
        let address: String = std::iter::once(address.trim())
            .chain(further.map(|line| line.trim()))
            .collect::<Vec<_>>()
            .concat();
        if name == "_" {
            return self.anonymous.push(address);
        }
        let name = inline::unescaped(name);
        let address =
            if address.is_empty() { self.own_address(&name, below) } else { address.replace('\\', "") };
        self.targets.insert(key(&name), address);
    }

    /// The address of a target that stands before something of this text: the heading that follows, or its own id.
    fn own_address(&mut self, name: &str, below: &[&str]) -> String {
        let is_between = |line: &&&str| is_blank(line) || line.trim_start().starts_with(".. _");
        let skipped = below.iter().take_while(is_between).count();
        // Several targets in a row are one: the last says where they are.
        let targets = below.iter().take(skipped).filter_map(|line| line.trim_start().strip_prefix(".. _"));
        let address =
            targets.filter_map(split_name).map(|(_, address)| address.trim()).find(|text| !text.is_empty());
        if let Some(address) = address {
            return address.replace('\\', "");
        }
        match section(below.get(skipped..).unwrap_or_default()) {
            Some(found) => {
                let title = plain(found.title);
                let id = id_of(&title);
                self.titles.insert(key(name), title);
                format!("#{id}")
            }
            None => format!("#{}", id_of(name)),
        }
    }

    /// The address that a name means.
    pub(super) fn address(&self, name: &str) -> Option<String> {
        let mut address = self.targets.get(&key(name))?;
        for _ in 0..MAX_CHAIN {
            let other = address.strip_suffix('_').map(|other| other.trim_matches('`'));
            match other.filter(|_| !address.contains("://")).and_then(|other| self.targets.get(&key(other))) {
                Some(next) => address = next,
                None => break,
            }
        }
        Some(address.clone())
    }

    /// The address of the next reference without a name.
    pub(super) fn next_anonymous(&self) -> Option<String> {
        let at = self.next_anonymous.get();
        self.next_anonymous.set(at + 1);
        let address = self.anonymous.get(at)?;
        let other = address.strip_suffix('_').and_then(|name| self.address(name.trim_matches('`')));
        Some(other.unwrap_or_else(|| address.clone()))
    }

    /// The title of the heading behind a label.
    pub(super) fn title(&self, label: &str) -> Option<&str> {
        self.titles.get(&key(label)).map(String::as_str)
    }

    /// The directive that a name stands for, with its lines.
    pub(super) fn substitution(&self, name: &str) -> Option<(&str, &str)> {
        self.substitutions.get(&key(name)).map(|(directive, content)| (directive.as_str(), content.as_str()))
    }

    /// The label of the note that a reference means; one without a name means the next.
    pub(super) fn note(&self, label: &str) -> Option<String> {
        if label == "#" || label == "*" {
            let at = self.next_automatic.get();
            self.next_automatic.set(at + 1);
            return self.automatic.get(at).cloned();
        }
        self.notes.get(&label.to_lowercase()).cloned()
    }

    /// The label of a note where it stands.
    pub(super) fn own_note(&self, label: &str) -> Option<String> {
        if label == "#" || label == "*" {
            let at = self.next_note.get();
            self.next_note.set(at + 1);
            return self.automatic.get(at).cloned();
        }
        self.notes.get(&label.to_lowercase()).cloned()
    }

    /// The level of a heading, from 1.
    pub(super) fn level(&self, style: (char, bool)) -> usize {
        let mut styles = self.styles.borrow_mut();
        let known = styles.iter().position(|known| *known == style);
        let level = known.unwrap_or_else(|| {
            styles.push(style);
            styles.len() - 1
        });
        level + 1
    }

    pub(super) fn set_highlight(&self, language: &str) {
        self.highlight.replace(language.to_owned());
    }

    pub(super) fn highlight(&self) -> String {
        self.highlight.borrow().clone()
    }
}

/// The text of a title without its markup.
fn plain(title: &str) -> String {
    inline::plain(title)
}

/// A name as names are compared: in lower case, with single spaces.
fn key(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Splits at the first colon that ends a name: one that no backslash is before, with a space or nothing behind.
fn split_name(text: &str) -> Option<(&str, &str)> {
    for (at, _) in text.match_indices(':') {
        let after = text.get(at + 1..).unwrap_or_default();
        let is_escaped = text.get(..at).is_some_and(|before| before.ends_with('\\'));
        if !is_escaped && (after.is_empty() || after.starts_with(' ')) {
            return Some((text.get(..at)?, after));
        }
    }
    None
}
