//! Characters that a reader cannot see and a model can, and what they say.
//!
//! Joiners and one variation selector behind a character that takes it belong to the spelling of scripts and emoji.
//! Everything else that has no glyph, or turns the order of others around, is only good for hiding (Unicode Technical
//! Report 36; the default-ignorable characters of the Unicode Character Database).

/// What an unseen character does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unseen {
    /// A Unicode tag character or another one of plane 14: text that only a machine reads.
    Tag,
    /// A bidirectional control: text that reads otherwise than it stands.
    Bidi,
    /// A character of no width.
    ZeroWidth,
    /// A variation selector where nothing varies: bytes can be written in them.
    Selector,
    /// A letter or sign without a picture, as fillers and the blank of Braille.
    Filler,
    /// A control character other than tab and line break.
    Control,
}

/// What kind of unseen character this is, if it is one. `previous` is the character before it that is kept.
pub fn unseen(previous: Option<char>, character: char, next: Option<char>) -> Option<Unseen> {
    let beyond = |side: Option<char>| side.is_some_and(|side| !side.is_ascii());
    match character {
        '\n' | '\t' => None,
        ' '..='~' => None,
        '\u{E0000}'..='\u{E00FF}' | '\u{E01F0}'..='\u{E0FFF}' => Some(Unseen::Tag),
        '\u{E0100}'..='\u{E01EF}' => Some(Unseen::Selector),
        '\u{FE00}'..='\u{FE0F}' => {
            let keycap = previous.is_some_and(|before| before.is_ascii_digit() || "#*".contains(before));
            let follows = keycap || (beyond(previous) && !previous.is_some_and(is_selector));
            (!follows).then_some(Unseen::Selector)
        }
        '\u{180B}'..='\u{180D}' | '\u{180F}' => None,
        '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}' => {
            Some(Unseen::Bidi)
        }
        '\u{200C}' | '\u{200D}' => {
            let joins = beyond(previous) && beyond(next) && !next.is_some_and(is_joiner);
            (!joins).then_some(Unseen::ZeroWidth)
        }
        '\u{200B}' | '\u{2060}'..='\u{2065}' | '\u{FEFF}' | '\u{00AD}' | '\u{180E}' | '\u{034F}' => {
            Some(Unseen::ZeroWidth)
        }
        '\u{FFF9}'..='\u{FFFB}' | '\u{17B4}' | '\u{17B5}' | '\u{1D173}'..='\u{1D17A}' => {
            Some(Unseen::ZeroWidth)
        }
        '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' | '\u{2800}' => Some(Unseen::Filler),
        _ if character.is_control() => Some(Unseen::Control),
        _ => None,
    }
}

fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200C}' | '\u{200D}')
}

fn is_selector(character: char) -> bool {
    matches!(character, '\u{FE00}'..='\u{FE0F}')
}

/// The places, in bytes, and kinds of the unseen characters.
pub fn find_unseen(text: &str) -> Vec<(usize, Unseen)> {
    let mut found = Vec::new();
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\t')) {
        return found;
    }
    let mut previous = None;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let next = characters.peek().map(|(_, next)| *next);
        match unseen(previous, character, next) {
            Some(kind) => found.push((at, kind)),
            None => previous = Some(character),
        }
    }
    found
}

/// What a character becomes: itself, a space where its width is part of a picture of dots, or nothing.
pub fn shown(character: char, kind: Option<Unseen>) -> Option<char> {
    match kind {
        None => Some(character),
        Some(Unseen::Filler) => Some(' '),
        Some(_) => None,
    }
}

/// What unseen characters say to a machine: tag characters as the ASCII that they stand for, variation selectors as the
/// bytes that they count. Empty where they say nothing.
pub fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    for (at, kind) in find_unseen(text) {
        let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) else { continue };
        let code = u32::from(character);
        let byte = match kind {
            Unseen::Tag => code.checked_sub(0xE_0000),
            Unseen::Selector if code >= 0xE_0100 => code.checked_sub(0xE_0100).map(|count| count + 16),
            Unseen::Selector => code.checked_sub(0xFE00),
            _ => None,
        };
        bytes.extend(byte.and_then(|byte| u8::try_from(byte).ok()));
    }
    let text: String = String::from_utf8_lossy(&bytes).chars().filter(|next| !next.is_control()).collect();
    if text.chars().filter(|next| next.is_alphanumeric()).count() > 2 { text } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::{decoded, find_unseen};

    #[test]
    fn what_has_no_picture_is_found() {
        let check = |text: &str, count: usize| assert_eq!(find_unseen(text).len(), count, "{text:?}");
        check("plain\ttext\n", 0);
        check("a\u{200B}b\u{E0041}c\u{202E}d\u{2800}e\u{3164}f\u{FFF9}g\u{2062}", 7);
        check("👩\u{200D}💻 می\u{200C}خواهم ❤\u{FE0F} 1\u{FE0F}\u{20E3} ⚠\u{FE0E}", 0);
        check("a\u{FE01}b\u{FE02}c ❤\u{FE0F}\u{FE01}\u{FE02} 葛\u{E0100}", 5);
        check("a\u{200D}b\u{FEFF}\r", 3);
    }

    #[test]
    fn what_they_say_can_be_read() {
        let tags: String =
            "obey".chars().filter_map(|next| char::from_u32(0xE_0000 + u32::from(next))).collect();
        assert_eq!(decoded(&format!("text{tags}")), "obey");
        let selectors: String =
            "obey".bytes().filter_map(|byte| char::from_u32(0xE_0100 + u32::from(byte) - 16)).collect();
        assert_eq!(decoded(&format!("😀{selectors}")), "obey");
        assert_eq!(decoded("a\u{200B}b"), "");
    }
}
