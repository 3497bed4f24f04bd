//! Questions that a reader would ask, made from the headings of the pages.

use std::collections::BTreeMap;

use skillcrawl::skill::Skill;
use skillcrawl::skill::text::outline::headings;

use crate::bm25::{STOP, words};

/// How many questions are asked of one skill at most.
const MOST: usize = 30;
/// A question and where its answer stands.
#[derive(Clone, Debug)]
pub struct Question {
    /// As it is asked: lower case, without stop words.
    pub text: String,
    /// The reference file with the answer.
    pub file: String,
    /// The page with the answer.
    pub url: String,
}

struct Asked {
    heading: String,
    title: String,
    file: String,
    url: String,
}

/// Questions of a skill, the same for the same skill.
pub fn questions(skill: &Skill) -> Vec<Question> {
    let mut asked = Vec::new();
    for file in &skill.references {
        for (title, text) in pages_of(&file.text) {
            let url = source_of(text);
            // The page's own sections and those within them: the second and third level of the site.
            let inner = headings(text).into_iter().filter(|heading| matches!(heading.level, 3 | 4));
            asked.extend(inner.map(|heading| Asked {
                heading: heading.text,
                title: title.to_owned(),
                file: file.name.clone(),
                url: url.to_owned(),
            }));
        }
    }
    let mut counts: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    for question in &asked {
        *counts.entry(telling(&question.heading)).or_default() += 1;
    }
    let mut ranked: Vec<((bool, u64), Question)> = asked
        .into_iter()
        .filter_map(|question| {
            let mut own = telling(&question.heading);
            let informative = own.len() >= 3;
            // What stands on several pages is asked for with what it is about.
            if counts[&own] > 1 || own.len() < 2 {
                let about: Vec<String> =
                    telling(&question.title).into_iter().filter(|word| !own.contains(word)).collect();
                own.extend(about.into_iter().take(6));
            }
            let order = hash(&format!("{} {}", question.url, question.heading));
            let enough = own.len() >= 2;
            let text = rephrased(own, order);
            enough
                .then_some(((!informative, order), Question { text, file: question.file, url: question.url }))
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.dedup_by(|left, right| left.1.text == right.1.text);
    ranked.into_iter().take(MOST).map(|(_, question)| question).collect()
}

/// The question as one of several readers would put it.
fn rephrased(words: Vec<String>, order: u64) -> String {
    let text = words.join(" ");
    match order % 3 {
        0 => format!("how do i {text}"),
        1 => format!("{text} example"),
        _ => text,
    }
}

/// The words of a heading that somebody would search for.
fn telling(heading: &str) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for word in words(heading) {
        if !STOP.contains(&word.as_str()) && !kept.contains(&word) {
            kept.push(word);
        }
    }
    kept.truncate(8);
    kept
}

/// The pages of a reference file: title, and text from behind the title on.
pub fn pages_of(text: &str) -> Vec<(&str, &str)> {
    let starts: Vec<_> =
        headings(text).into_iter().filter(|heading| heading.level == 2 && heading.outermost).collect();
    let ends = starts.iter().skip(1).map(|next| next.range.start).chain([text.len()]);
    let page = |(heading, end): (&skillcrawl::skill::text::outline::Heading, usize)| {
        let title = text[heading.range.clone()].trim().trim_start_matches("## ");
        (title, &text[heading.range.end..end])
    };
    starts.iter().zip(ends).map(page).collect()
}

/// The address that stands below the title of a page.
pub fn source_of(text: &str) -> &str {
    let line = text.lines().find(|line| line.starts_with("Source: <")).unwrap();
    line.trim_start_matches("Source: <").trim_end_matches('>')
}

/// FNV-1a, so that the choice does not change with the standard library.
fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
