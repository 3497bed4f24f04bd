//! A warning or an answer as a whole statement: understood where it stands alone, with what merely points elsewhere
//! taken off its end.

use crate::skill::text::outline::plain;
use crate::skill::text::quote::{first_sentences, sentences};

/// Beginnings of sentences that say nothing without what stands before them, even where their section is named.
const LEANING: [&str; 26] = [
    "they ",
    "these ",
    "those ",
    "here ",
    "see ",
    "the following",
    "please refer",
    "please see",
    "refer to",
    "as mentioned",
    "as noted",
    "as shown",
    "as described",
    "in the previous",
    "in this case",
    "in that case",
    "otherwise",
    "however",
    "also ",
    "but ",
    "and ",
    "for example",
    "for instance",
    "instead",
    "additionally",
    "lorem ipsum",
];
/// What a statement holds that points at its page.
const AROUND: [&str; 11] = [
    " above",
    " below",
    "following",
    "like this",
    "this example",
    "previous section",
    "open an issue",
    "this page",
    "this guide",
    "this tutorial",
    "this document",
];
/// Beginnings of last sentences that send the reader elsewhere; the link behind the statement leads there.
const SENDING: [&str; 14] = [
    "see ",
    "also see ",
    "read more",
    "refer to ",
    "please refer",
    "please see",
    "check out ",
    "check the ",
    "for more ",
    "for details",
    "for further ",
    "learn more",
    "more details",
    "more information",
];
/// What the author wrote before a statement to say what kind of one it is.
const LABELS: [&str; 7] =
    ["note:", "warning:", "important:", "caution:", "attention:", "tip:", "important note:"];
/// A line with fewer words that ends no sentence is a label.
const FEWEST_WORDS: usize = 8;

/// How many words into a statement `this` is something outside of it.
const POINTING_WITHIN: usize = 6;

/// The statement that a line of Markdown makes; `None` where it says nothing on its own.
pub fn statement(text: &str) -> Option<String> {
    let text = unlabelled(text.trim());
    let mut kept = sentences(text);
    while kept.len() > 1 && kept.last().is_some_and(|last| sends_away(last)) {
        kept.pop();
    }
    let text = kept.join(" ");
    let ended = text.ends_with(['.', '!', '?', '…', '。', '！', '？', ')', '"', '”']);
    let whole = ended || text.split_whitespace().count() >= FEWEST_WORDS;
    (whole && stands_alone(&text)).then_some(text)
}

/// Whether a statement speaks of something that only its section names: `This is slow`, `Enabling this …`.
pub fn points(text: &str) -> bool {
    let first = sentences(text).first().map(|first| plain(first).to_lowercase()).unwrap_or_default();
    ["it ", "it's ", "its "].iter().any(|words| first.starts_with(words))
        || first.split_whitespace().take(POINTING_WITHIN).any(|word| word == "this")
}

fn unlabelled(text: &str) -> &str {
    let lower = text.to_lowercase();
    let label = LABELS.iter().find(|label| lower.starts_with(**label));
    // Lower case may be longer than what it is of.
    label.and_then(|label| text.get(label.len()..)).map_or(text, str::trim_start)
}

fn sends_away(sentence: &str) -> bool {
    let lower = plain(sentence).to_lowercase();
    SENDING.iter().any(|words| lower.starts_with(words))
}

fn stands_alone(text: &str) -> bool {
    let lower = plain(&first_sentences(text, 400)).to_lowercase();
    !LEANING.iter().any(|words| lower.starts_with(words)) && !AROUND.iter().any(|words| lower.contains(words))
}

#[cfg(test)]
mod tests {
    use super::{points, statement};

    #[test]
    fn what_speaks_of_its_page_warns_of_nothing() {
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(statement(text).as_deref(), expected, "{text}");
        check("Training overwrites the output folder.", Some("Training overwrites the output folder."));
        check("The examples in this guide are no code to copy.", None);
        check("However, the folder is overwritten.", None);
        check("See the note above.", None);
    }

    #[test]
    fn labels_and_directions_are_no_part_of_a_statement() {
        let check =
            |text: &str, expected: Option<&str>| assert_eq!(statement(text).as_deref(), expected, "{text}");
        check("Note: the lid must fit. See the page on lids. Read more there!", Some("the lid must fit."));
        check("Danger zone, do not proceed", None);
        check(
            "Lids of wood do not fit crates of other makes",
            Some("Lids of wood do not fit crates of other makes"),
        );
    }

    #[test]
    fn a_statement_may_need_its_section() {
        assert!(points("This is slow.") && points("Enabling this needs a lid.") && points("Its lid is off."));
        assert!(points("In its current state, this code is slow."));
        assert!(!points("Lids are heavy. This is known."));
        assert!(!points("Never touch the folder of the lids, because this folder is written over."));
    }
}
