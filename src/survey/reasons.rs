//! What a number of pages rests on, in sentences.

use std::collections::BTreeMap;

use super::editions::OtherEditions;
use super::evidence::{Evidence, Fate, How};
use super::strata::Strata;
use super::whole;

/// The sentences; `expected` is the number of pages that nothing has named.
pub(super) fn reasons(
    evidence: &Evidence,
    others: &OtherEditions,
    strata: &Strata,
    expected: f64,
) -> Vec<String> {
    let mut reasons = Vec::new();
    for listing in evidence.listings.iter().filter(|listing| listing.named.is_some_and(|named| named > 0)) {
        let named = listing.named.unwrap_or_default();
        reasons.push(format!("{} `{}` names {}", listing.kind.replace('_', "."), listing.url, urls(named)));
    }
    let unread = evidence.listings.iter().filter(|listing| listing.unread).count();
    if unread > 0 {
        reasons.push(format!(
            "{unread} more files that list pages were not read, and are taken to be like the others"
        ));
    }
    let counted = |how: &[How]| {
        let pages = evidence.pages.iter().enumerate();
        pages
            .filter(|(at, page)| {
                how.contains(&page.how) && strata.of_page.get(*at).copied().flatten().is_some()
            })
            .count()
    };
    let linked = counted(&[How::Menu, How::Link]);
    let looked = evidence.looked_at.len();
    if linked > 0 {
        reasons.push(format!("links of {} lead to {linked} pages that no list had named", pages(looked)));
    } else if looked > 1 {
        reasons.push(format!("{} were looked at, and lead to nothing that was not known", pages(looked)));
    }
    if expected >= 0.5 {
        reasons.push(format!(
            "about {} more are expected behind pages that were not looked at",
            whole(expected)
        ));
    }
    let lost: Vec<&str> = evidence
        .pages
        .iter()
        .filter_map(|page| match &page.fate {
            Fate::Lost(why) if page.how != How::Seed => Some(why.as_str()),
            _ => None,
        })
        .collect();
    if !lost.is_empty() {
        reasons.push(format!(
            "{} of those asked for are no pages of their own ({})",
            lost.len(),
            tally(&lost)
        ));
    }
    let mut left_out: Vec<&str> = evidence
        .pages
        .iter()
        .filter_map(|page| match &page.fate {
            Fate::LeftOut(why) if !why.starts_with("other_") => Some(why.as_str()),
            _ => None,
        })
        .collect();
    left_out.extend(others.left_out.iter().map(|_| "other_edition"));
    if !left_out.is_empty() {
        reasons.push(format!(
            "{} that are named are not asked for ({})",
            urls(left_out.len()),
            tally(&left_out)
        ));
    }
    reasons
}

fn tally(words: &[&str]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    words.iter().for_each(|word| *counts.entry(word).or_default() += 1);
    let told = counts.iter().map(|(word, count)| format!("{count} {}", word.replace('_', " ")));
    told.collect::<Vec<_>>().join(", ")
}

fn pages(count: usize) -> String {
    if count == 1 { "1 page".to_owned() } else { format!("{count} pages") }
}

fn urls(count: usize) -> String {
    if count == 1 { "1 address".to_owned() } else { format!("{count} addresses") }
}
