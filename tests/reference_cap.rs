//! No reference file and no part of the index is over the cap on tokens, whatever the pages are made of.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not as it should be")]
#![allow(dead_code, reason = "the helpers are shared with other tests")]

#[path = "skill/pages.rs"]
mod pages;

use std::convert::Infallible;

use proptest::prelude::{Strategy, any, prop, prop_assert, prop_oneof, proptest};
use proptest::test_runner::Config;
use skillcrawl::extract::Reading;
use skillcrawl::fetched::Fetched;
use skillcrawl::pipeline::assemble;
use skillcrawl::skill::Skill;
use skillcrawl::skill::limits::Limits;
use skillcrawl::skill::text::tokens::tokens;

const BASE: &str = "https://tool.example/docs/";

fn build(texts: &[String], max_tokens: usize) -> Skill {
    let pages: Vec<Fetched> = texts
        .iter()
        .enumerate()
        .map(|(number, text)| {
            let group = ["guide", "api", "notes"][number % 3];
            pages::page(
                &format!("{BASE}{group}/page-{number}"),
                &format!("# Page {number}\n\nStart.\n\n{text}\n"),
            )
        })
        .collect();
    let limits = Limits { max_tokens, ..Limits::default() };
    let read = |fetched: &Fetched| -> Reading { pages::read(fetched, &[]) };
    let config = pages::config("tool", BASE);
    assemble(pages.into_iter().map(Ok::<_, Infallible>), &config, &limits, &read).unwrap().skill
}

/// The references of a skill within the cap, and the checks of the skill find nothing.
fn check(texts: &[String], max_tokens: usize) -> Skill {
    let skill = build(texts, max_tokens);
    for (name, text) in skill.files.iter().filter(|(name, _)| name.starts_with("references/")) {
        assert!(tokens(text) <= max_tokens, "{name} has {} tokens", tokens(text));
    }
    let output = tempfile::tempdir().unwrap();
    let findings = skill.write_to(output.path()).unwrap().findings;
    let ours: Vec<_> = findings.iter().filter(|finding| finding.file != "SKILL.md").collect();
    assert!(ours.is_empty(), "{ours:?}");
    skill
}

fn all(skill: &Skill) -> String {
    skill.references.iter().map(|file| file.text.as_str()).collect()
}

#[test]
fn one_code_block_of_300_kilobytes() {
    let line = |number: usize| {
        format!(
            "value_{number} = compute(value_{}, {number})\n{}",
            number / 2,
            if number.is_multiple_of(9) { "\n" } else { "" }
        )
    };
    let code: String = (0..7_500).map(line).collect();
    let skill = check(&[format!("```python\n{code}```")], 10_000);
    let text = all(&skill);
    assert!((0..7_500).all(|number| text.contains(&format!("value_{number} = compute("))));
    assert_eq!(text.matches("```").count() % 2, 0);
    assert!(text.matches("```python\n").count() > 10);
}

#[test]
fn one_table_of_10_000_rows() {
    let rows: String = (0..10_000).map(|row| format!("| `key_{row}` | what key {row} sets |\n")).collect();
    let skill = check(&[format!("| Key | Meaning |\n| --- | --- |\n{rows}")], 10_000);
    let text = all(&skill);
    assert!((0..10_000).all(|row| text.contains(&format!("`key_{row}`"))));
    assert!(text.matches("| Key | Meaning |").count() > 10);
}

#[test]
fn one_huge_paragraph_and_what_has_no_border_at_all() {
    check(&["The queue hands out one record after the other. ".repeat(6_000)], 10_000);
    check(&["a".repeat(200_000)], 10_000);
    check(&["训练模型".repeat(20_000)], 10_000);
    check(&[format!("- {}", "one item that never ends, ".repeat(9_000))], 10_000);
    check(&[format!("> {}", "quoted without an end, ".repeat(9_000))], 10_000);
    check(&[format!("## {}\n\nText", "A heading without an end ".repeat(3_000))], 10_000);
}

#[test]
fn many_links_that_grow_on_their_way() {
    let links: String =
        (0..3_000).map(|number| format!("[x]({BASE}guide/page-{})\n\n", number % 60)).collect();
    let mut texts: Vec<String> =
        (0..60).map(|number| format!("## Part {number} of a long name\n\nText.")).collect();
    texts.push(links);
    check(&texts, 2_000);
}

#[test]
fn thousands_of_tiny_pages() {
    let texts: Vec<String> = (0..1_500).map(|number| format!("Page {number} says little.")).collect();
    let skill = check(&texts, 10_000);
    assert_eq!(skill.references.iter().map(|file| file.pages.len()).sum::<usize>(), 1_500);
    assert!(skill.files.keys().filter(|name| name.starts_with("references/index-")).count() > 2);
}

/// A block of a page: kind and size decide what it is.
fn block() -> impl Strategy<Value = String> {
    let words = prop::collection::vec("[a-z]{1,12}", 1..400);
    let size = 1_usize..600;
    prop_oneof![
        words.clone().prop_map(|words| words.join(" ")),
        "[A-Za-z ]{3,40}".prop_map(|text| format!("## H {text}")),
        (words.clone(), any::<bool>()).prop_map(|(words, blank)| {
            format!("```sh\n{}\n```", words.join(if blank { "\n\n" } else { "\n" }))
        }),
        size.clone()
            .prop_map(|rows| format!("| a | b |\n| - | - |\n{}", "| cell one | cell two |\n".repeat(rows))),
        size.prop_map(|items| "- an item of a list\n".repeat(items)),
        "\\PC{0,300}".prop_map(|text| text.replace(['\u{feff}', '\r'], "")),
    ]
}

proptest! {
    #![proptest_config(Config { cases: 8, failure_persistence: None, ..Config::default() })]

    #[test]
    fn any_page_is_held(pages in prop::collection::vec(prop::collection::vec(block(), 1..25), 1..6)) {
        let texts: Vec<String> = pages.into_iter().map(|blocks| blocks.join("\n\n")).collect();
        let skill = build(&texts, 1_500);
        for (name, text) in skill.files.iter().filter(|(name, _)| name.starts_with("references/")) {
            prop_assert!(tokens(text) <= 1_500, "{} has {} tokens", name, tokens(text));
        }
    }
}
