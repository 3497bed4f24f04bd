//! What a page says about things that go wrong: the questions and headings of troubleshooting and FAQ sections, each with
//! the beginning of its answer.

use crate::document::{Block, Inline, plain_text};
use crate::skill::text::quote::{first_sentences, inline_markdown};

/// The most entries that one page hands on.
const MOST: usize = 12;
/// The longest question and answer, in characters.
const LONGEST_QUESTION: usize = 140;
const LONGEST_ANSWER: usize = 320;
/// An answer with fewer characters says nothing on its own.
const SHORTEST_ANSWER: usize = 12;
/// An answer with fewer characters goes on in the next paragraph.
const SHORT_ANSWER: usize = 140;
/// Words of a heading or title that promise trouble and its remedy.
const PROMISING: [&str; 16] = [
    "troubleshoot",
    "faq",
    "frequently asked",
    "common issue",
    "common problem",
    "common error",
    "common pitfall",
    "known issue",
    "known limitation",
    "known problem",
    "pitfall",
    "gotcha",
    "caveat",
    "limitations",
    "debugging",
    "common mistake",
];
/// Words of a question about something that goes wrong.
const WRONG: [&str; 30] = [
    "error",
    "fail",
    "not ",
    "n't",
    "cannot",
    "can't",
    "slow",
    "memory",
    "oom",
    "crash",
    "missing",
    "nan",
    "fix",
    "wrong",
    "why",
    "stuck",
    "hang",
    "freez",
    "issue",
    "problem",
    "warning",
    "exception",
    "invalid",
    "unable",
    "conflict",
    "limitation",
    "unsupported",
    "mismatch",
    "timeout",
    "diverge",
];

/// A question or symptom with its answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// The heading or question, as one line of Markdown.
    pub question: String,
    /// The beginning of the answer in whole sentences, as one line of Markdown.
    pub answer: String,
    /// The heading that it stands under, in plain text, for its anchor; empty where there is none.
    pub heading: String,
    /// Whether the question is about something that goes wrong.
    pub wrong: bool,
}

/// The troubles of a page, in order.
pub fn troubles(title: &str, blocks: &[Block]) -> Vec<Trouble> {
    let mut walk = Walk {
        found: Vec::new(),
        promised: promises(title).then_some(0),
        open: None,
        heading: String::new(),
        fresh: false,
    };
    walk.blocks(blocks);
    walk.found
}

fn promises(text: &str) -> bool {
    let lower = text.to_lowercase();
    PROMISING.iter().any(|words| lower.contains(words))
}

struct Walk {
    found: Vec<Trouble>,
    /// The level of the heading that promises troubles, 0 for the title; `None` outside of such a section.
    promised: Option<u8>,
    /// The question that waits for its answer.
    open: Option<String>,
    heading: String,
    /// Whether the last block is the beginning of an answer.
    fresh: bool,
}

impl Walk {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            if self.found.len() >= MOST {
                return;
            }
            match block {
                Block::Heading { level, content, .. } => self.heading(*level, content),
                Block::Paragraph(content) if self.promised.is_some() => self.paragraph(content),
                Block::Quote(content) => self.blocks(content),
                Block::Details { summary, content, .. } if self.promised.is_some() => {
                    self.open = Some(inline_markdown(summary));
                    self.blocks(content);
                }
                Block::DefinitionList(definitions) if self.promised.is_some() => {
                    for definition in definitions {
                        self.open = definition.terms.first().map(|term| inline_markdown(term));
                        definition.definitions.iter().for_each(|blocks| self.blocks(blocks));
                    }
                }
                Block::List(list) if self.open.is_some() => {
                    if let Some(item) = list.items.first() {
                        self.blocks(&item.content);
                    }
                }
                _ => {}
            }
        }
    }

    fn heading(&mut self, level: u8, content: &[Inline]) {
        let text = plain_text(content);
        self.heading.clone_from(&text);
        self.open = None;
        self.fresh = false;
        if self.promised.is_some_and(|promised| level > promised.max(1)) {
            self.open = Some(inline_markdown(content));
        } else if promises(&text) {
            self.promised = Some(level);
        } else if self.promised.is_some_and(|promised| promised > 0) {
            self.promised = None;
        }
    }

    fn paragraph(&mut self, content: &[Inline]) {
        if let Some((question, rest)) = bold_question(content) {
            self.open = Some(question);
            if rest.is_empty() {
                return;
            }
            self.answer(&rest);
            return;
        }
        let text = inline_markdown(content);
        self.answer(&text);
    }

    /// Goes on with an answer that is only a sentence long, such as a symptom before its remedy.
    fn go_on(&mut self, text: &str) {
        if !std::mem::take(&mut self.fresh) {
            return;
        }
        let Some(last) = self.found.last_mut().filter(|last| last.answer.chars().count() < SHORT_ANSWER)
        else {
            return;
        };
        let longer = first_sentences(&format!("{} {text}", last.answer), LONGEST_ANSWER);
        if !longer.ends_with([':', '…']) {
            last.answer = longer;
        }
    }

    /// Takes the text as the answer of the open question.
    fn answer(&mut self, text: &str) {
        let Some(question) = self.open.take() else {
            self.go_on(text);
            return;
        };
        let question = strip_label(&question, 'Q').to_owned();
        let text = strip_label(text, 'A');
        // What leads to a list or code below says nothing here; the next block may.
        if text.ends_with(':') && text.len() < LONGEST_ANSWER / 4 {
            self.open = Some(question);
            return;
        }
        let answer = first_sentences(text, LONGEST_ANSWER);
        let fits = question.chars().count() <= LONGEST_QUESTION && answer.chars().count() >= SHORTEST_ANSWER;
        if fits && question.chars().any(char::is_alphabetic) && !answer.ends_with(':') {
            let lower = question.to_lowercase();
            let wrong = WRONG.iter().any(|word| lower.contains(word));
            // On such pages stand steps and background as well; they are no gotchas.
            if wrong || question.ends_with(['?', '？']) {
                self.found.push(Trouble { question, answer, heading: self.heading.clone(), wrong });
                self.fresh = true;
            }
        }
    }
}

/// The bold beginning of a paragraph that is a question, as FAQs without headings have it, and what follows it.
fn bold_question(content: &[Inline]) -> Option<(String, String)> {
    let (first, rest) = content.split_first()?;
    let Inline::Strong(_) = first else { return None };
    let question = inline_markdown(std::slice::from_ref(first));
    let asks = question.ends_with('?')
        || question.starts_with("Q:")
        || question.starts_with("Q.")
        || rest.is_empty();
    asks.then(|| (question, inline_markdown(rest)))
}

/// A question without its `Q:`.
fn strip_label(text: &str, letter: char) -> &str {
    let text = text.trim();
    let rest = text.strip_prefix(letter).and_then(|rest| rest.strip_prefix([':', '.']));
    rest.map_or(text, str::trim_start)
}

#[cfg(test)]
mod tests {
    use super::troubles;
    use crate::document::{Block, Inline};

    fn text(text: &str) -> Vec<Inline> {
        vec![Inline::Text(text.into())]
    }

    fn heading(level: u8, words: &str) -> Block {
        Block::Heading { level, id: None, content: text(words) }
    }

    #[test]
    fn questions_are_headings_bold_lines_or_details_in_their_sections() {
        let blocks = [
            heading(1, "Guide"),
            heading(2, "Loading"),
            Block::Paragraph(text("Loading reads every file once.")),
            heading(2, "Troubleshooting"),
            heading(3, "The loader is slow"),
            Block::Paragraph(text("Raise the number of workers. They read side by side.")),
            Block::Paragraph(vec![Inline::Strong(text("Q: Where is my file?"))]),
            Block::Quote(vec![Block::Paragraph(text("A: In the folder of the run."))]),
            heading(2, "Next"),
            heading(3, "Not a question of trouble"),
            Block::Paragraph(text("This stands outside of the section.")),
        ];
        let found = troubles("Guide", &blocks);
        let lines: Vec<(&str, &str, bool)> =
            found.iter().map(|one| (one.question.as_str(), one.answer.as_str(), one.wrong)).collect();
        assert_eq!(
            lines,
            [
                ("The loader is slow", "Raise the number of workers. They read side by side.", true),
                ("Where is my file?", "In the folder of the run.", false),
            ]
        );
        assert_eq!(found[1].heading, "The loader is slow");
    }
}
