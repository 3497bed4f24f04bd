//! Characters that a reader cannot see and a model can: they never enter a skill.

/// What an unseen character does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// A Unicode tag character (U+E0000 to U+E007F): text that only a machine reads.
    Tag,
    /// A bidirectional control: text that reads otherwise than it stands.
    Bidi,
    /// A character of no width.
    ZeroWidth,
    /// A control character other than tab and line break.
    Control,
}

/// What kind of unseen character this is, if it is one.
///
/// The joiners U+200C and U+200D belong to the spelling of several scripts and of emoji: between two characters
/// beyond ASCII they are text.
pub fn unseen(previous: Option<char>, character: char, next: Option<char>) -> Option<Unseen> {
    match character {
        '\u{E0000}'..='\u{E007F}' => Some(Unseen::Tag),
        '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            Some(Unseen::Bidi)
        }
        '\u{200C}' | '\u{200D}' => {
            let beyond = |side: Option<char>| side.is_some_and(|character| !character.is_ascii());
            (!(beyond(previous) && beyond(next))).then_some(Unseen::ZeroWidth)
        }
        '\u{200B}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}' | '\u{00AD}' | '\u{180E}' => {
            Some(Unseen::ZeroWidth)
        }
        '\n' | '\t' => None,
        _ if character.is_control() => Some(Unseen::Control),
        _ => None,
    }
}

/// The text without unseen characters, and how many there were.
pub fn strip_unseen(text: &str) -> (String, usize) {
    let found = find_unseen(text);
    if found.is_empty() {
        return (text.to_owned(), 0);
    }
    let mut places = found.iter().map(|(at, _)| *at).peekable();
    let kept = text.char_indices().filter(|(at, _)| places.next_if_eq(at).is_none());
    (kept.map(|(_, character)| character).collect(), found.len())
}

/// The places, in bytes, and kinds of the unseen characters.
pub fn find_unseen(text: &str) -> Vec<(usize, Unseen)> {
    let mut found = Vec::new();
    let mut previous = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        if let Some(kind) = unseen(previous, character, next) {
            found.push((at, kind));
        }
        previous = Some(character);
    }
    found
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
