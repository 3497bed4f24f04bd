//! Lists: markers, indentation, loose and tight.

use crate::document::{Block, List, ListItem};
use crate::markdown::block::{indented, write_all};

/// Which of two equivalent markers a list uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bullet {
    /// `-` and `1.`
    First,
    /// `*` and `1)`
    Second,
}

impl Bullet {
    pub(super) fn other(self) -> Self {
        match self {
            Self::First => Self::Second,
            Self::Second => Self::First,
        }
    }

    pub(super) fn mark(self) -> char {
        match self {
            Self::First => '-',
            Self::Second => '*',
        }
    }

    fn after_number(self) -> char {
        match self {
            Self::First => '.',
            Self::Second => ')',
        }
    }
}

/// A list; tight where every item is a line, with perhaps a list below it.
pub(super) fn write_list(list: &List, bullet: Bullet) -> String {
    let is_tight = list.items.iter().all(is_simple);
    let mut items = Vec::with_capacity(list.items.len());
    for (index, item) in list.items.iter().enumerate() {
        // CommonMark allows nine digits.
        let number = list.start.map(|start| (start + index as u64).min(999_999_999));
        let mark = match number {
            Some(number) => format!("{number}{}", bullet.after_number()),
            None => bullet.mark().to_string(),
        };
        items.push(write_item(item, &mark, is_tight));
    }
    items.join(if is_tight { "\n" } else { "\n\n" })
}

fn is_simple(item: &ListItem) -> bool {
    match item.content.as_slice() {
        [] | [Block::Paragraph(_)] => true,
        [Block::Paragraph(_), rest @ ..] => {
            rest.len() == 1
                && rest
                    .iter()
                    .all(|block| matches!(block, Block::List(list) if list.items.iter().all(is_simple)))
        }
        _ => false,
    }
}

fn may_follow_text(block: &Block) -> bool {
    matches!(block, Block::List(list) if list.start.is_none_or(|start| start == 1))
}

fn write_item(item: &ListItem, mark: &str, is_tight: bool) -> String {
    let mut text = match item.content.as_slice() {
        [first @ Block::Paragraph(_), rest @ ..] if is_tight && !rest.is_empty() => {
            // Only a list that begins with 1 may follow a line of text directly (CommonMark §5.3).
            let gap = if rest.iter().all(may_follow_text) { "\n" } else { "\n\n" };
            format!("{}{gap}{}", write_all(std::slice::from_ref(first)), write_all(rest))
        }
        content => write_all(content),
    };
    match item.checked {
        Some(true) => text.insert_str(0, "[x] "),
        Some(false) => text.insert_str(0, "[ ] "),
        // What only looks like a box must not become one.
        None if ["[ ] ", "[x] ", "[X] "].iter().any(|made_box| text.starts_with(made_box)) => {
            text.insert(0, '\\')
        }
        None => {}
    }
    format!("{mark} {}", indented(&text, mark.len() + 1)).trim_end().to_owned()
}
