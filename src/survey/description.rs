//! What a skill is for, in the site's own words: of its `llms.txt`, its front page's description, or the first sentence of
//! its text.

use super::evidence::Evidence;

/// The longest description that the Agent Skills specification allows, in characters.
const LONGEST: usize = 1024;
/// A shorter text says nothing.
const LEAST_WORDS: usize = 5;
/// Words of texts that are not in the third person.
const SPEAKING: [&str; 12] =
    ["you", "your", "yours", "we", "our", "ours", "us", "i", "my", "let's", "you'll", "we're"];

/// The first of the site's texts about itself that is in the third person; plain text on one line.
pub fn description(evidence: &Evidence) -> Option<String> {
    let front = evidence.looked_at.first();
    let texts = [
        evidence.summary.clone(),
        front.and_then(|front| front.description.clone()),
        front.and_then(|front| front.opening.clone()),
    ];
    let fitting: Vec<String> =
        texts.into_iter().flatten().map(|text| plain(&text)).filter(|text| is_fitting(text)).collect();
    // What generators take for a description is often cut in the middle of a sentence.
    fitting.iter().find(|text| is_whole(text)).or_else(|| fitting.first()).cloned()
}

fn is_whole(text: &str) -> bool {
    text.ends_with(['.', '!', '?', '…', '。'])
}

fn plain(text: &str) -> String {
    let text: String = text.chars().filter(|letter| !matches!(letter, '<' | '>')).collect();
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= LONGEST {
        return text;
    }
    let cut: String = text.chars().take(LONGEST - 1).collect();
    format!("{}…", cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole))
}

fn is_fitting(text: &str) -> bool {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| word.to_lowercase().trim_matches(|letter: char| !letter.is_alphanumeric()).to_owned())
        .collect();
    words.len() >= LEAST_WORDS && !words.iter().any(|word| SPEAKING.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::{is_fitting, plain};

    #[test]
    fn the_third_person_fits() {
        assert!(is_fitting("Tool renames many files at once."));
        assert!(!is_fitting("We help you to rename many files at once."));
        assert!(!is_fitting("Renames files."));
        assert_eq!(plain("A <b>tool</b>\n for x"), "A btool/b for x");
        assert_eq!(plain(&"word ".repeat(400)).chars().last(), Some('…'));
    }
}
