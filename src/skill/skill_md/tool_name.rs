//! What the site calls the tool.

use std::collections::BTreeMap;

use crate::config::SiteConfig;
use crate::skill::pages::label;
use crate::skill::pages::reference::Reference;
use crate::skill::text::quote::shorten;

/// The longest name, in characters.
const LONGEST: usize = 80;

/// The name of the tool as the site writes it: in the title of its start page, else most often in titles and openings;
/// else the config's name in words. A name such as `publisher-tool` may be the site's `Tool` with its publisher.
pub fn tool_name(config: &SiteConfig, references: &[Reference], start: Option<usize>) -> String {
    let start_title = start.and_then(|index| references.get(index)).map_or("", |page| page.title.as_str());
    let parts: Vec<&str> = config.name.split('-').collect();
    let tails = (1..parts.len()).filter_map(|first| parts.get(first..));
    let heads = (1..parts.len()).rev().filter_map(|end| parts.get(..end));
    let shorter =
        tails.chain(heads).map(|parts| parts.join("-")).find_map(|name| most_spelled(&name, references, 2));
    spellings(&config.name, start_title)
        .pop()
        .or_else(|| most_spelled(&config.name, references, 1))
        .or(shorter)
        .or_else(|| label::of_segment(&config.name))
        .map_or_else(|| config.name.clone(), |name| shorten(&name, LONGEST))
}

/// The spelling of a name that most titles and openings have, if at least `least` of them have it.
fn most_spelled(name: &str, references: &[Reference], least: usize) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for page in references {
        let texts = std::iter::once(&page.title).chain(&page.excerpts.openings);
        for spelling in texts.flat_map(|text| spellings(name, text)) {
            *counts.entry(spelling).or_default() += 1;
        }
    }
    let most =
        counts.into_iter().max_by(|left, right| left.1.cmp(&right.1).then_with(|| right.0.cmp(&left.0)))?;
    (most.1 >= least).then_some(most.0)
}

/// The runs of words in a text that spell a name: `Welcome to LLaMA Factory!` spells `llama-factory`, and `Lids for Boxes`
/// spells `boxes-lids`.
fn spellings(name: &str, text: &str) -> Vec<String> {
    let wanted = letters(name);
    let mut parts: Vec<String> = name.split('-').map(letters).collect();
    parts.sort();
    // The parts of a name may be joined by one word that is none of it.
    let joined = |run: &[&str]| {
        let [first, join, last] = run else { return false };
        let mut ends = [letters(first), letters(last)];
        ends.sort();
        ["for", "of"].contains(join) && ends == parts.as_slice()
    };
    let words: Vec<&str> = text.split_whitespace().filter(|word| !word.contains(['`', '/'])).collect();
    let most = parts.len();
    let runs = (1..=most.max(3)).flat_map(|length| words.windows(length));
    runs.filter(|run| (run.len() <= most && letters(&run.concat()) == wanted) || joined(run))
        .map(|run| run.join(" ").trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
        .collect()
}

/// What is left of a name when its spellings are compared: letters and digits, all small.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::spellings;

    #[test]
    fn a_name_is_found_in_the_words_of_the_site() {
        let check =
            |name: &str, text: &str, expected: &[&str]| assert_eq!(spellings(name, text), expected, "{text}");
        check("crate-box", "Welcome to Crate Box!", &["Crate Box"]);
        check("boxes-lids", "About Lids for Boxes, and more", &["Lids for Boxes"]);
        check("boxes-lids", "Lids on boxes", &[]);
    }
}
