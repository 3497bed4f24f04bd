//! The line on what a page answers: its description, else the first of its opening paragraphs that is understood where it
//! stands alone.

use crate::skill::pages::excerpt::Excerpts;
use crate::skill::text::outline::plain;
use crate::skill::text::quote::{escape, first_sentence, first_sentences};

/// The longest summary of a page, in characters.
const LONGEST: usize = 180;
/// A first sentence shorter than this is taken with those after it.
const SHORTEST: usize = 30;
/// Beginnings of sentences that go on from something, send the reader away, or speak of how the page proceeds.
const LEANING: [&str; 47] = [
    "also ",
    "additionally",
    "alternatively",
    "and ",
    "as described",
    "as mentioned",
    "as noted",
    "as shown",
    "as you can see",
    "at this point",
    "before we ",
    "but ",
    "click ",
    "first, ",
    "for example",
    "for instance",
    "for more ",
    "for the following",
    "for this ",
    "furthermore",
    "here ",
    "here's ",
    "however",
    "if this ",
    "if you are interested",
    "if you want to learn",
    "if you're interested",
    "in that case",
    "in the following",
    "in this case",
    "instead",
    "let's go",
    "let’s go",
    "next, ",
    "now ",
    "now, ",
    "of course",
    "otherwise",
    "please ",
    "read the ",
    "refer to",
    "see ",
    "so ",
    "then ",
    "this will ",
    "to learn more",
    "while this ",
];
/// Words that follow the verb of a sentence whose subject stands before it, as code: `initializes an empty model`.
const FOLLOWING_VERB: [&str; 8] = ["a", "an", "the", "to", "in", "on", "of", "with"];
/// A later paragraph speaks of a part of the page.
const MOST_PARAGRAPHS: usize = 4;
/// What a sentence holds that says nothing of the page without what stands around it.
const POINTING: [&str; 7] = [
    "as described here",
    "check out ",
    "we're going to go through",
    "we’re going to go through",
    " above",
    "the following steps",
    "click here",
];

/// One line of Markdown on what a page answers: its own description where it has one, else its opening.
pub fn summary(description: Option<&str>, excerpts: &Excerpts) -> Option<String> {
    let own = description.filter(|text| text.split_whitespace().count() >= 3).map(escape);
    let text = own.or_else(|| opening(excerpts).map(str::to_owned))?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let first = first_sentence(&text, LONGEST);
    let telling = first.chars().count() >= SHORTEST;
    Some(if telling { first } else { first_sentences(&text, LONGEST) })
}

/// The first paragraph whose beginning needs nothing before it; where none is so, the first that is no news.
fn opening(excerpts: &Excerpts) -> Option<&str> {
    let first = excerpts.opening()?;
    let later = excerpts.openings.iter().map(String::as_str).skip_while(|text| *text != first);
    Some(later.take(MOST_PARAGRAPHS).find(|text| stands_alone(text)).unwrap_or(first))
}

fn stands_alone(text: &str) -> bool {
    let sentence = plain(&first_sentence(text, 400));
    let second = sentence.split_whitespace().nth(1).unwrap_or_default();
    let headless = sentence.starts_with(char::is_lowercase) && FOLLOWING_VERB.contains(&second);
    let sentence = sentence.to_lowercase();
    !headless
        && !LEANING.iter().any(|words| sentence.starts_with(words))
        && !POINTING.iter().any(|words| sentence.contains(words))
}

#[cfg(test)]
mod tests {
    use super::summary;
    use crate::skill::pages::excerpt::Excerpts;

    fn check(description: Option<&str>, openings: &[&str], expected: Option<&str>) {
        let openings = openings.iter().map(|text| (*text).to_owned()).collect();
        let excerpts = Excerpts { openings, ..Excerpts::default() };
        assert_eq!(summary(description, &excerpts).as_deref(), expected);
    }

    #[test]
    fn a_page_is_summed_up_by_what_stands_alone() {
        let leaning = "While this works well for small models, it does not for large ones. More here.";
        let pointing = "If you are interested in adapters, check out the page on adapters instead of this.";
        let own = "Weights are spread over all devices that have room. They are loaded as they are needed.";
        let first = "Weights are spread over all devices that have room.";
        check(None, &[leaning, pointing, own], Some(first));
        check(None, &[own, leaning], Some(first));
        check(None, &[pointing], Some(pointing));
        check(None, &["initializes an empty model without any weights.", own], Some(first));
        check(Some("Spreads weights over devices."), &[own], Some("Spreads weights over devices."));
        check(Some("Weights"), &[], None);
    }
}
