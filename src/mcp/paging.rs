//! Pages of lists and texts that are longer than an answer may be.

use serde_json::{Map, Value, json};

/// Bytes of JSON that a page may have, whatever was asked for.
const LARGEST_PAGE: usize = 30_000;
/// Entries of a list, unless another number is asked for.
const ENTRIES: usize = 50;
/// Characters of a text, unless another number is asked for.
const CHARACTERS: usize = 20_000;

/// A part of a list or of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// How much to leave out before it.
    pub offset: usize,
    /// How much to give at most.
    pub limit: usize,
}

impl Page {
    /// Of the entries of a list.
    pub fn of_entries(offset: Option<usize>, limit: Option<usize>) -> Self {
        Self { offset: offset.unwrap_or(0), limit: limit.unwrap_or(ENTRIES).max(1) }
    }

    /// Of the characters of a text.
    pub fn of_characters(offset: Option<usize>, limit: Option<usize>) -> Self {
        Self { offset: offset.unwrap_or(0), limit: limit.unwrap_or(CHARACTERS).max(1) }
    }
}

/// Leaves a page of the list below a key, with `total` and, where there is more, `next_offset`.
pub fn page_of_list(object: &mut Map<String, Value>, key: &str, page: Page) {
    let Some(Value::Array(items)) = object.get_mut(key) else { return };
    let total = items.len();
    let mut left = LARGEST_PAGE;
    let fits = |item: &Value| {
        let size = item.to_string().len();
        let fits = size <= left;
        left = left.saturating_sub(size);
        fits
    };
    let wanted: Vec<Value> = items.drain(..).skip(page.offset).take(page.limit).collect();
    let fitting = wanted.iter().map(fits).take_while(|fits| *fits).count();
    // An entry that is too large by itself is shortened later; without it the pages would not go on.
    let given: Vec<Value> = wanted.into_iter().take(fitting.max(1)).collect();
    let next = page.offset.saturating_add(given.len());
    *items = given;
    object.insert("total".to_owned(), json!(total));
    if next < total {
        object.insert("next_offset".to_owned(), json!(next));
    }
}

/// Puts a page of what a key holds below `text`, in characters, with `total` and, where there is more, `next_offset`. What
/// is no text is written as JSON first.
pub fn page_of_text(object: &mut Map<String, Value>, key: &str, page: Page) {
    let Some(value) = object.shift_remove(key) else { return };
    let text = match value {
        Value::String(text) => text,
        other => serde_json::to_string_pretty(&other).unwrap_or_default(),
    };
    let (given, total, next) = part_of_text(&text, page);
    object.insert("text".to_owned(), json!(given));
    object.insert("total".to_owned(), json!(total));
    if let Some(next) = next {
        object.insert("next_offset".to_owned(), json!(next));
    }
}

/// A page of a text, how many characters the whole has, and where the next page begins.
pub fn part_of_text(text: &str, page: Page) -> (&str, usize, Option<usize>) {
    let total = text.chars().count();
    let byte = |characters: usize| text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at);
    let start = byte(page.offset);
    let end = byte(page.offset.saturating_add(page.limit));
    let end = text.floor_char_boundary(end.min(start + LARGEST_PAGE)).max(start);
    let given = text.get(start..end).unwrap_or_default();
    let next = page.offset.saturating_add(given.chars().count());
    (given, total, Some(next).filter(|next| *next < total))
}

/// The offset that a cursor of ours says; `None` for one that is not ours.
pub fn offset_of_cursor(cursor: &str) -> Option<usize> {
    cursor.strip_prefix("from-")?.parse().ok()
}

/// A cursor that says an offset.
pub fn cursor_of_offset(offset: usize) -> String {
    format!("from-{offset}")
}
