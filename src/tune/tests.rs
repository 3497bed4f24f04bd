//! Small sites, told by their documents alone.

use std::collections::HashSet;

use crate::config::ExtractRules;
use crate::document::{Block, CodeBlock, Document, Inline};
use crate::extract::{Audit, Reading, Survey, Warning};
use crate::markdown::to_markdown;
use crate::profile::Profiles;
use crate::render::Source;
use crate::tune::worst::worst_pages;
use crate::tune::{Change, Limits, ReadAgain, broken_limits, compare, percent, repeated, report, tally};
use crate::url::CanonicalUrl;

const LONG: &str = "Twenty words and some more are what a page of documentation has at least, so that nobody would \
                    take it for an empty one, be it short or not.";

fn paragraph(text: &str) -> Block {
    Block::Paragraph(vec![Inline::Text(text.to_owned())])
}

fn heading(text: &str) -> Block {
    Block::Heading { level: 2, id: None, content: vec![Inline::Text(text.to_owned())] }
}

fn code(language: Option<&str>, text: &str) -> Block {
    Block::Code(CodeBlock { language: language.map(str::to_owned), caption: None, text: text.to_owned() })
}

/// A page that was read with the generic profile; `main` of its `main_content` matched.
fn page(path: &str, blocks: Vec<Block>, visible: usize) -> ReadAgain {
    let document = Document { blocks, ..Document::default() };
    let markdown = to_markdown(&document);
    let reading = Reading {
        document,
        profile: "generic".to_owned(),
        source: Source::Dom,
        warnings: Vec::new(),
        audit: Audit::default(),
    };
    let matched = Some(vec![("main_content", 1)]);
    ReadAgain {
        url: CanonicalUrl::parse(&format!("https://d.example/{path}")).unwrap(),
        survey: Survey { reading, matched, visible },
        markdown,
    }
}

fn limits() -> Limits {
    Limits {
        max_empty: 2.0,
        max_thin: 20.0,
        max_unselected: 5.0,
        max_repeated: 5,
        max_untagged: None,
        max_dead: None,
        max_lost: None,
    }
}

#[test]
fn blocks_count_at_whatever_depth() {
    let document = Document {
        blocks: vec![
            heading("Two words"),
            Block::Quote(vec![paragraph("three words here"), code(None, "x = 1"), code(Some("rust"), "y")]),
        ],
        ..Document::default()
    };
    let tally = tally(&document);
    assert_eq!((tally.blocks, tally.headings, tally.code_blocks, tally.untagged_code), (5, 1, 2, 1));
    assert_eq!(tally.words, 2 + 3 + 3 + 1);
}

#[test]
fn what_most_pages_say_is_repeated_and_a_heading_is_not() {
    let site: Vec<Document> = (0..6)
        .map(|number| Document {
            blocks: vec![
                heading("Parameters"),
                paragraph(&format!("Text {number}")),
                paragraph("Was this helpful?"),
            ],
            ..Document::default()
        })
        .collect();
    let found = repeated(&site);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].text.as_str(), found[0].pages), ("Was this helpful?", 6));
    assert!(repeated(&site[..4]).is_empty(), "four pages say nothing");
}

#[test]
fn a_report_counts_selectors_and_names_the_worst() {
    let empty = Warning { kind: "main_content_missing", message: "nothing matched".to_owned() };
    let mut pages = vec![
        page("a", vec![paragraph(LONG), code(None, "x")], 200),
        page("b", vec![paragraph(LONG)], 200),
        page("c", vec![paragraph("Too short.")], 200),
        page("d", Vec::new(), 200),
    ];
    pages[3].survey.reading.warnings.push(empty);
    let profiles = Profiles::builtin().unwrap();
    let report = report(&pages, &profiles, &ExtractRules::default(), 10);
    assert_eq!((report.empty.len(), report.thin.len(), report.unselected.len()), (1, 1, 1));
    let reasons: Vec<(&str, &str)> = report
        .worst
        .iter()
        .map(|page| (page.url.path(), page.reasons.first().map_or("", String::as_str)))
        .collect();
    assert_eq!(
        reasons,
        [("/d", "no content"), ("/c", "only 2 words"), ("/a", "1 of 1 code blocks without a language")]
    );
    let main: Vec<(&str, usize, usize, bool)> = report
        .selectors
        .iter()
        .filter(|selector| selector.list == "main_content")
        .take(2)
        .map(|selector| (selector.selector.as_str(), selector.pages, selector.of, selector.own))
        .collect();
    assert_eq!(main, [("main article", 0, 4, false), ("main", 4, 4, false)]);
}

#[test]
fn a_page_without_a_finding_is_not_among_the_worst() {
    let pages = [page("a", vec![paragraph(LONG)], 200)];
    let tallies = [tally(&pages[0].survey.reading.document)];
    assert!(worst_pages(&pages, &tallies, &HashSet::new(), 10).is_empty());
}

#[test]
fn a_comparison_tells_what_was_gained_and_lost() {
    let before = [
        page("a", vec![heading("One"), paragraph("old words"), code(None, "x")], 9),
        page("b", Vec::new(), 9),
    ];
    let after = [page("a", vec![paragraph("new words here"), code(None, "x")], 9), page("b", Vec::new(), 9)];
    let found = compare(&before, &after, 1);
    assert_eq!(found.same, 1);
    assert_eq!(found.gained, Change { blocks: 1, code: 0, headings: 0, words: 2 });
    // The sign of the heading counts as a word of the Markdown.
    assert_eq!(found.lost, Change { blocks: 2, code: 0, headings: 1, words: 3 });
    let diff = found.changed[0].diff.as_deref().unwrap();
    assert!(diff.contains("-old words\n+new words here"), "{diff}");
}

#[test]
fn limits_break_only_beyond() {
    let pages: Vec<ReadAgain> = (0..50)
        .map(|number| {
            page(&number.to_string(), if number == 0 { Vec::new() } else { vec![paragraph(LONG)] }, 200)
        })
        .collect();
    let report = report(&pages, &Profiles::builtin().unwrap(), &ExtractRules::default(), 0);
    assert_eq!(broken_limits(&report, None, &limits()), []);
    let broken = broken_limits(&report, None, &Limits { max_empty: 1.0, ..limits() });
    let names: Vec<&str> = broken.iter().map(|limit| limit.limit).collect();
    assert_eq!(names, ["max_empty"]);
    assert!((broken[0].found - percent(1, 50)).abs() < f64::EPSILON);
}
