//! The report of `check` in words.

use std::fmt::Write as _;

use super::printer::Verbosity;
use super::words::count_of;
use crate::tune::{BrokenLimit, Change, CheckReport, Comparison, PageDifference, SelectorCount, percent};

/// How many repeated texts are shown, and how much of each.
const REPEATED: usize = 10;
const QUOTE: usize = 70;

/// The whole report; inherited selectors one by one only for those who asked for everything.
pub fn report_text(report: &CheckReport, verbosity: Verbosity) -> String {
    let mut text = String::new();
    push_head(&mut text, report);
    for profile in report.profiles.keys() {
        push_selectors(&mut text, report, profile, verbosity);
    }
    if !report.repeated.is_empty() {
        text.push_str("\nrepeated by most pages:\n");
        for repeated in report.repeated.iter().take(REPEATED) {
            let place = repeated.stands_in.as_ref().map(|place| format!("  in {place}")).unwrap_or_default();
            line(&mut text, &format!("  {:>4}  {}{place}", repeated.pages, quoted(&repeated.text)));
        }
        push_rest(&mut text, report.repeated.len(), REPEATED);
    }
    if !report.worst.is_empty() {
        text.push_str("\nworst pages:\n");
        for page in &report.worst {
            line(&mut text, &format!("  {}", page.url));
            line(&mut text, &format!("      {}", page.reasons.join("; ")));
        }
    }
    text.trim_end().to_owned()
}

/// What a change gained and lost, with the differences of the first pages.
pub fn comparison_text(comparison: &Comparison, title: &str, most: usize) -> String {
    let mut text = String::new();
    let pages = |count: usize| if count == 1 { "1 page".to_owned() } else { format!("{count} pages") };
    line(
        &mut text,
        &format!("{title}: {} the same, {} changed", pages(comparison.same), comparison.changed.len()),
    );
    if !comparison.changed.is_empty() {
        line(&mut text, &format!("  gained {}", change(&comparison.gained)));
        line(
            &mut text,
            &format!("  lost   {} ({:.1} % of the words)", change(&comparison.lost), comparison.lost_percent),
        );
    }
    for url in &comparison.only_in_one {
        line(&mut text, &format!("  only in one of the two: {url}"));
    }
    for page in comparison.changed.iter().take(most) {
        push_difference(&mut text, page);
    }
    push_rest(&mut text, comparison.changed.len(), most);
    text.trim_end().to_owned()
}

/// A broken limit in a sentence.
pub fn limit_sentence(broken: &BrokenLimit) -> String {
    let what = match broken.limit {
        "max_empty" => "per cent of the pages have no content",
        "max_thin" => "per cent of the pages have next to no words",
        "max_unselected" => "per cent of the pages have no main content that a selector finds",
        "max_repeated" => "blocks are repeated by most pages",
        "max_untagged" => "per cent of the code blocks have no language",
        "max_dead" => "selectors of the profile match nowhere",
        _ => "per cent of the words are lost",
    };
    let option = broken.limit.replace('_', "-");
    format!("{} {what}, and `--{option}` allows {}", number(broken.found), number(broken.allowed))
}

fn push_head(text: &mut String, report: &CheckReport) {
    let profiles: Vec<String> =
        report.profiles.iter().map(|(name, pages)| format!("{name} ({pages})")).collect();
    line(text, &format!("{}, read with the profile {}", count_of(report.pages, "page"), profiles.join(", ")));
    line(
        text,
        &format!(
            "{:.0} % of the visible text kept, {:.0} % dropped",
            report.kept_percent, report.dropped_percent
        ),
    );
    line(
        text,
        &format!(
            "{} without content, {} with next to no words, {} in which no selector found the main content",
            report.empty.len(),
            report.thin.len(),
            report.unselected.len()
        ),
    );
    let totals = &report.totals;
    line(
        text,
        &format!(
            "{} code blocks, {} ({:.0} %) of them without a language",
            totals.code_blocks,
            totals.untagged_code,
            percent(totals.untagged_code, totals.code_blocks)
        ),
    );
}

fn push_selectors(text: &mut String, report: &CheckReport, profile: &str, verbosity: Verbosity) {
    let of_profile = || report.selectors.iter().filter(|selector| selector.profile == profile);
    let Some(any) = of_profile().next() else { return };
    line(text, &format!("\nselectors of {profile}, and on how many of its {} pages they match:", any.of));
    let all = verbosity >= Verbosity::Verbose;
    for selector in of_profile().filter(|selector| selector.own || all) {
        push_selector(text, selector);
    }
    let inherited = of_profile().filter(|selector| !selector.own);
    let (dead, alive): (Vec<_>, Vec<_>) = inherited.partition(|selector| selector.pages == 0);
    if !all && dead.len() + alive.len() > 0 {
        line(
            text,
            &format!(
                "  inherited: {} match somewhere, {} nowhere (`--verbose` lists them)",
                alive.len(),
                dead.len()
            ),
        );
    }
}

fn push_selector(text: &mut String, selector: &SelectorCount) {
    let dead = if selector.pages == 0 { "  <- matches nowhere" } else { "" };
    line(text, &format!("  {:>4}  {:<21} {}{dead}", selector.pages, selector.list, selector.selector));
}

fn push_difference(text: &mut String, page: &PageDifference) {
    line(text, &format!("\n{}", page.url));
    line(text, &format!("  gained {}; lost {}", change(&page.gained), change(&page.lost)));
    for diff in page.diff.iter().flat_map(|diff| diff.lines()) {
        line(text, &format!("  {diff}"));
    }
}

fn push_rest(text: &mut String, all: usize, shown: usize) {
    if all > shown {
        line(text, &format!("  … and {} more", all - shown));
    }
}

fn change(change: &Change) -> String {
    let of = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    [
        of(change.words, "word"),
        of(change.blocks, "block"),
        of(change.code, "code block"),
        of(change.headings, "heading"),
    ]
    .join(", ")
}

fn quoted(text: &str) -> String {
    let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let short: String = one_line.chars().take(QUOTE).collect();
    if short.len() < one_line.len() { format!("\"{short}…\"") } else { format!("\"{short}\"") }
}

/// Without a fraction that says nothing.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map(str::to_owned).unwrap_or(text)
}

fn line(text: &mut String, words: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{words}");
}
