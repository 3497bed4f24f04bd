//! How well plain word search over a skill's `SKILL.md` and index finds the file that answers a question.
//!
//! Questions are made from the headings of the pages, as a reader would ask them, and answered by BM25 over the lines of
//! `SKILL.md` and `references/index*.md`. Beside it stands the same for the naive layout: a file a URL segment, an index
//! of titles. `SKILLCRAWL_CORPUS=DIR cargo test --test findability -- --ignored --nocapture` asks recorded sites;
//! `SKILLCRAWL_MISSES=1` prints each question whose file is not the first.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not as it should be")]
#![allow(clippy::print_stdout, reason = "the report is what comes of it")]

#[path = "findability/bm25.rs"]
mod bm25;
#[path = "findability/layouts.rs"]
mod layouts;
#[path = "skill/pages.rs"]
mod pages;
#[path = "findability/questions.rs"]
mod questions;
#[path = "findability/sites.rs"]
mod sites;

use std::fmt;

use skillcrawl::skill::Skill;

use layouts::{Layout, naive, naive_files, ours};
use questions::{Question, questions};

/// Of how many of a hundred questions the right file is to be first, and among the first three.
const FIRST: usize = 80;
const AMONG_THREE: usize = 95;

/// What came of the questions to one layout.
#[derive(Clone, Copy, Debug, Default)]
struct Score {
    asked: usize,
    first: usize,
    among_three: usize,
}

impl Score {
    fn passes(self) -> bool {
        self.first * 100 >= self.asked * FIRST && self.among_three * 100 >= self.asked * AMONG_THREE
    }
}

impl fmt::Display for Score {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |count: usize| count as f64 * 100.0 / self.asked.max(1) as f64;
        write!(formatter, "first {:5.1} %, of three {:5.1} %", percent(self.first), percent(self.among_three))
    }
}

fn score(layout: &Layout, questions: &[Question], file_of: &dyn Fn(&Question) -> String) -> Score {
    let mut score = Score { asked: questions.len(), ..Score::default() };
    for question in questions {
        let found = layout.search(&question.text);
        let right = file_of(question);
        let place = found.iter().position(|file| *file == right);
        score.first += usize::from(place == Some(0));
        score.among_three += usize::from(place.is_some_and(|place| place < 3));
    }
    score
}

/// Asks both layouts and prints a line of the report.
fn ask(name: &str, skill: &Skill) -> Score {
    let questions = questions(skill);
    let mine = score(&ours(skill), &questions, &|question| question.file.clone());
    if std::env::var_os("SKILLCRAWL_MISSES").is_some() {
        let layout = ours(skill);
        for question in &questions {
            let found = layout.search(&question.text);
            if found.first() != Some(&question.file) {
                println!(
                    "  `{}` is in {}, found {:?}",
                    question.text,
                    question.file,
                    found.iter().take(3).collect::<Vec<_>>()
                );
            }
        }
    }
    let files = naive_files(skill);
    let plain = naive(skill, &files);
    let others = score(&plain, &questions, &|question| files[&question.url].clone());
    println!("{name:24} {:2} questions  skill: {mine}   a file a URL segment: {others}", questions.len());
    mine
}

#[test]
fn the_manual_answers_its_readers() {
    let skill = sites::manual();
    assert!(ask("manual", &skill).passes());
}

#[test]
fn a_large_site_answers_its_readers() {
    let skill = sites::large();
    assert!(skill.references.len() > 12);
    assert!(ask("large", &skill).passes());
}

#[test]
#[ignore = "asks the recorded sites of the folder that `SKILLCRAWL_CORPUS` names"]
fn recorded_sites_answer_their_readers() {
    let folder = std::env::var_os("SKILLCRAWL_CORPUS").unwrap();
    let mut failed = Vec::new();
    for (name, skill) in sites::recorded(folder.as_ref()) {
        if !ask(&name, &skill).passes() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "below the bars: {failed:?}");
}
