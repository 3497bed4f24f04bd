//! Selectors for a site that no profile knows, where reading it without them is in doubt.
//!
//! The reading is in doubt where no selector finds the content of a page, where next to nothing is found on a page that
//! holds text, or where pages say much alike. Selectors are proposed only where they match every page: those that miss
//! one of the few pages that were looked at would miss many of the site.

use serde::Serialize;

use super::{CheckReport, ReadAgain, percent, report};
use crate::config::{ExtractRules, SelectorOverrides};
use crate::extract::{Finding, LEAST_PAGES, Suggestion, infer, kept_letters, survey_page};
use crate::fetched::Fetched;
use crate::markdown::to_markdown;
use crate::profile::Profiles;

/// So much of the text of all pages, in per cent, may stand on most of them alike.
const MOST_ALIKE: f64 = 20.0;

/// What pages suggest in place of a reading that is in doubt.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SelectorProposal {
    /// What is in doubt, a half sentence each; never empty.
    pub doubts: Vec<String>,
    /// The selectors; `None` where none match every page.
    pub selectors: Option<ProposedSelectors>,
    /// What speaks for the selectors, or why there are none, a half sentence each.
    pub evidence: Vec<String>,
}

/// Selectors that match every page that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProposedSelectors {
    /// The element that holds the content.
    pub main_content: String,
    /// The element that holds the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// Proposes selectors for pages of a site that no profile recognises; `None` where they are read well without.
pub fn propose_selectors(pages: &[Fetched], profiles: &Profiles) -> Option<SelectorProposal> {
    let plain = ExtractRules::default();
    let present = read(pages, profiles, &plain);
    let before = report(&present, profiles, &plain, 0);
    let doubts = doubts(&before, &present);
    if doubts.is_empty() {
        return None;
    }
    let nothing =
        |why: String| SelectorProposal { doubts: doubts.clone(), selectors: None, evidence: vec![why] };
    let Some(suggestion) = infer(pages, profiles, &plain, None) else {
        return Some(nothing(format!("fewer than {LEAST_PAGES} pages could be compared")));
    };
    let Some(main_content) = joined(&suggestion.main_content) else {
        return Some(nothing(format!("nothing sets the content of the {} pages apart", suggestion.pages)));
    };
    let with = |main_content: &str, title: Option<String>| ExtractRules {
        selectors: SelectorOverrides {
            main_content: Some(main_content.to_owned()),
            title,
            ..SelectorOverrides::default()
        },
        ..plain.clone()
    };
    let on = |selector: &str| matched(&read(pages, profiles, &with(selector, None)), "main_content");
    let found = on(&main_content);
    if found < pages.len() {
        let why = format!("the best selector, `{main_content}`, matches {found} of {} pages", pages.len());
        return Some(nothing(why));
    }
    // Of two on one page the larger would be taken, whichever holds the content.
    if suggestion.main_content.iter().map(|finding| on(&finding.selector)).sum::<usize>() > pages.len() {
        return Some(nothing(format!("of the selectors `{main_content}` some pages match several")));
    }
    let title = joined(&suggestion.title).filter(|title| {
        let rules = with(&main_content, Some(title.clone()));
        matched(&read(pages, profiles, &rules), "title") == pages.len()
    });
    let rules = with(&main_content, title.clone());
    let again = read(pages, profiles, &rules);
    let after = report(&again, profiles, &rules, 0);
    if !after.empty.is_empty() || share_alike(&after, &again) > share_alike(&before, &present).max(MOST_ALIKE)
    {
        return Some(nothing(format!("the best selector, `{main_content}`, does no better")));
    }
    let evidence = evidence(&suggestion, (&main_content, title.as_deref()), &after);
    Some(SelectorProposal { doubts, selectors: Some(ProposedSelectors { main_content, title }), evidence })
}

fn read(pages: &[Fetched], profiles: &Profiles, rules: &ExtractRules) -> Vec<ReadAgain> {
    let read = |page: &Fetched| {
        let survey = survey_page(page, profiles, rules);
        let markdown = to_markdown(&survey.reading.document);
        ReadAgain { url: page.url.clone(), survey, markdown }
    };
    pages.iter().map(read).collect()
}

/// What is in doubt about a reading.
fn doubts(report: &CheckReport, pages: &[ReadAgain]) -> Vec<String> {
    let mut doubts = Vec::new();
    let of = report.pages;
    if !report.unselected.is_empty() {
        doubts.push(format!("no selector finds the content of {} of {of} pages", report.unselected.len()));
    }
    let poor = pages.iter().filter(|page| is_poor(page)).count();
    if poor > 0 {
        doubts.push(format!("next to nothing is found on {poor} of {of} pages that hold text"));
    }
    let alike = share_alike(report, pages);
    if alike > MOST_ALIKE {
        doubts.push(format!("{alike:.0} % of the text is the same on most pages"));
    }
    doubts
}

/// Whether less than a tenth is kept of a page that shows more than a few lines.
fn is_poor(page: &ReadAgain) -> bool {
    const FEW_LINES: usize = 400;
    page.survey.visible > FEW_LINES && kept_letters(&page.survey.reading.document) * 10 < page.survey.visible
}

/// How much of the text stands on most pages alike, in per cent.
fn share_alike(report: &CheckReport, pages: &[ReadAgain]) -> f64 {
    let letters = |text: &str| text.chars().filter(|letter| !letter.is_whitespace()).count();
    let alike = report.repeated.iter().map(|repeated| letters(&repeated.text) * repeated.pages).sum();
    percent(alike, pages.iter().map(|page| kept_letters(&page.survey.reading.document)).sum())
}

/// On how many pages a selector of a list matches.
fn matched(pages: &[ReadAgain], list: &str) -> usize {
    let has = |page: &&ReadAgain| {
        page.survey.matched.as_ref().is_some_and(|matched| matched.iter().any(|(own, _)| *own == list))
    };
    pages.iter().filter(has).count()
}

/// Selectors as one.
fn joined(findings: &[Finding]) -> Option<String> {
    let selectors: Vec<&str> = findings.iter().map(|finding| finding.selector.as_str()).collect();
    (!selectors.is_empty()).then(|| selectors.join(", "))
}

fn evidence(
    suggestion: &Suggestion,
    (main_content, title): (&str, Option<&str>),
    after: &CheckReport,
) -> Vec<String> {
    let of = after.pages;
    let mut evidence = vec![format!(
        "`{main_content}` for the content: it is on {of} of {of} pages and holds {:.0} % of their visible text",
        after.kept_percent
    )];
    let finder = |finding: &Finding| format!("`{}` {}", finding.selector, finding.evidence);
    evidence.extend(suggestion.main_content.iter().map(finder));
    evidence.extend(title.map(|title| format!("`{title}` for the title: it is on {of} of {of} pages")));
    evidence
}
