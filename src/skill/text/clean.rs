//! Characters that a reader cannot see and a model can: they never enter a skill.

use crate::extract::shown;
pub use crate::extract::{Unseen, find_unseen};

/// The text without unseen characters, and how many there were.
pub fn strip_unseen(text: &str) -> (String, usize) {
    let found = find_unseen(text);
    if found.is_empty() {
        return (text.to_owned(), 0);
    }
    let mut places = found.iter().peekable();
    let kept = text.char_indices().filter_map(|(at, character)| {
        shown(character, places.next_if(|(place, _)| *place == at).map(|(_, kind)| *kind))
    });
    (kept.collect(), found.len())
}

#[cfg(test)]
mod tests {
    use super::strip_unseen;

    #[test]
    fn what_nobody_sees_goes_and_joined_letters_stay() {
        let check =
            |text: &str, seen: &str, count: usize| assert_eq!(strip_unseen(text), (seen.to_owned(), count));
        check("plain\ttext\n", "plain\ttext\n", 0);
        check("a\u{200B}b\u{E0041}c\u{202E}d", "abcd", 3);
        check("👩\u{200D}💻 and می\u{200C}خواهم", "👩\u{200D}💻 and می\u{200C}خواهم", 0);
        check("a\u{200D}b\u{FEFF}\r", "ab", 3);
    }
}
