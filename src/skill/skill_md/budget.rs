//! How long a SKILL.md may get: an agent reads it whole (Agent Skills specification).

use crate::skill::text::tokens::tokens;

/// The most lines of SKILL.md, frontmatter included; the specification asks for fewer than 500.
pub const MOST_LINES: usize = 499;
/// The most tokens of SKILL.md, frontmatter included; the specification asks for fewer than 5,000.
pub const MOST_TOKENS: usize = 4_999;
/// No text of so many bytes has so few tokens that it fits; it is not worth counting.
const HOPELESS: usize = 100_000;

/// Whether a SKILL.md keeps to the size that the specification asks for.
pub fn fits(text: &str) -> bool {
    text.len() < HOPELESS && text.lines().count() <= MOST_LINES && tokens(text) <= MOST_TOKENS
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn lines_and_tokens_are_both_held() {
        assert!(fits(&"a\n".repeat(499)));
        assert!(!fits(&"a\n".repeat(500)));
        assert!(!fits(&"one two three ".repeat(2_000)));
    }
}
