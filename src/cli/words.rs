//! Numbers with their nouns.

/// So many of something: `1 page`, `2 pages`.
pub fn count(number: u64, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// As [`count`], of things in memory.
pub fn count_of(number: usize, noun: &str) -> String {
    count(u64::try_from(number).unwrap_or(u64::MAX), noun)
}

/// The verb that goes with a number.
pub fn are(number: u64) -> &'static str {
    if number == 1 { "is" } else { "are" }
}
