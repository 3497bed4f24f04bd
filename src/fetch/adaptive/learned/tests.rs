//! What is learned of a template, page by page.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Cheaper, Learned, Plan};
use crate::fetch::judged::{Comparison, EarlierGroup, Finding, Verdict};
use crate::fetch::sampling::CHECK_EVERY;
use crate::url::CanonicalUrl;

fn marks(marks: &[&str]) -> BTreeSet<String> {
    marks.iter().map(|&mark| mark.to_owned()).collect()
}

fn page() -> CanonicalUrl {
    CanonicalUrl::parse("https://d.example/page").unwrap()
}

fn learn(learned: &mut Learned, finding: Finding, shown: &[&str]) -> Verdict {
    learned.learn(&page(), &marks(shown), Comparison { finding, evidence: json!({"letters": 1}) })
}

fn plan(learned: &mut Learned, marks: &BTreeSet<String>) -> Plan {
    learned.plan(marks).0
}

/// A template after three pages that agreed, all with the mark `a`.
fn trusted() -> Learned {
    let mut learned = Learned::new("t".to_owned(), page(), Cheaper::Sent);
    for _ in 0..3 {
        assert_eq!(plan(&mut learned, &marks(&["a"])), Plan::Compare);
        assert_eq!(learn(&mut learned, Finding::Same, &["a"]), Verdict::None);
    }
    learned
}

#[test]
fn three_pages_that_agree_are_enough_and_one_in_twenty_is_checked() {
    let mut learned = trusted();
    let plans: Vec<Plan> = (1..=CHECK_EVERY).map(|_| plan(&mut learned, &marks(&["a"]))).collect();
    let (last, before) = plans.split_last().unwrap();
    assert!(before.iter().all(|plan| *plan == Plan::AsSent), "{plans:?}");
    assert_eq!(*last, Plan::Compare);
    let (next, batch) = learned.plan(&marks(&["a"]));
    assert_eq!(
        (next, batch),
        (Plan::AsSent, 2),
        "what comes while a check is under way is of the next batch"
    );
    learned.abandon();
    assert_eq!(
        plan(&mut learned, &marks(&["a"])),
        Plan::Compare,
        "a check that came to nothing is made up for"
    );
    assert_eq!(learn(&mut learned, Finding::Same, &["a"]), Verdict::Confirmed);
    assert_eq!(plan(&mut learned, &marks(&["a"])), Plan::AsSent);
}

#[test]
fn a_page_that_differs_sends_its_template_to_the_browser() {
    let mut learned = Learned::new("t".to_owned(), page(), Cheaper::Sent);
    assert_eq!(learn(&mut learned, Finding::Different, &["a"]), Verdict::None);
    assert_eq!(plan(&mut learned, &marks(&["a"])), Plan::Compare);
    assert_eq!(learn(&mut learned, Finding::Different, &["a"]), Verdict::Refuted);
    assert_eq!(plan(&mut learned, &marks(&["a"])), Plan::Render);
    for finding in [Finding::Different, Finding::Hidden] {
        let mut learned = trusted();
        assert_eq!(learn(&mut learned, finding, &["a"]), Verdict::Refuted);
        assert_eq!(plan(&mut learned, &marks(&["a"])), Plan::Render);
    }
}

#[test]
fn a_first_page_that_differs_is_an_exception_where_something_sets_it_apart() {
    for finding in [Finding::Different, Finding::Hidden] {
        let mut learned = Learned::new("t".to_owned(), page(), Cheaper::Sent);
        learn(&mut learned, finding, &["a", "front page"]);
        let state = learned.state().unwrap();
        let mut learned = Learned::resume(&EarlierGroup { state, unchecked: 0 }).unwrap();
        for _ in 0..3 {
            assert_eq!(plan(&mut learned, &marks(&["a"])), Plan::Compare);
            assert_eq!(learn(&mut learned, Finding::Same, &["a"]), Verdict::None);
        }
        assert_eq!(plan(&mut learned, &marks(&["a"])), Plan::AsSent);
        assert_eq!(plan(&mut learned, &marks(&["a", "front page"])), Plan::Render);
    }
    let mut learned = Learned::new("t".to_owned(), page(), Cheaper::Sent);
    learn(&mut learned, Finding::Hidden, &["a"]);
    learn(&mut learned, Finding::Same, &["a"]);
    learn(&mut learned, Finding::Same, &["a"]);
    assert_eq!(learn(&mut learned, Finding::Same, &["a"]), Verdict::Refuted);
}

#[test]
fn a_mark_of_its_own_explains_a_page_that_differs() {
    let mut learned = trusted();
    assert_eq!(plan(&mut learned, &marks(&["a", "chart"])), Plan::Compare);
    assert_eq!(learn(&mut learned, Finding::Different, &["a", "chart"]), Verdict::None);
    assert_eq!(plan(&mut learned, &marks(&["chart"])), Plan::Render);
    assert_eq!(plan(&mut learned, &marks(&["a"])), Plan::AsSent);
    assert_eq!(plan(&mut learned, &marks(&["a", "note"])), Plan::Compare);
    learn(&mut learned, Finding::Same, &["a", "note"]);
    assert_eq!(plan(&mut learned, &marks(&["a", "note"])), Plan::AsSent);
}

#[test]
fn pages_that_only_tell_of_more_links_are_compared_until_they_tell_nothing_new() {
    let mut learned = Learned::new("t".to_owned(), page(), Cheaper::Sent);
    assert_eq!(learn(&mut learned, Finding::MoreLinks, &[]), Verdict::None);
    for _ in 0..3 {
        assert_eq!(plan(&mut learned, &marks(&[])), Plan::Compare);
        learn(&mut learned, Finding::Same, &[]);
    }
    assert_eq!(plan(&mut learned, &marks(&[])), Plan::AsSent);
    let mut learned = Learned::new("t".to_owned(), page(), Cheaper::Sent);
    let verdicts: Vec<Verdict> = (0..8).map(|_| learn(&mut learned, Finding::MoreLinks, &[])).collect();
    assert_eq!(verdicts.last(), Some(&Verdict::Refuted));
    assert!(verdicts[..7].iter().all(|verdict| *verdict == Verdict::None), "{verdicts:?}");
}

#[test]
fn pages_that_tell_nothing_are_no_proof() {
    let mut learned = Learned::new("t".to_owned(), page(), Cheaper::Sent);
    for _ in 0..8 {
        assert_eq!(plan(&mut learned, &marks(&[])), Plan::Compare);
        learn(&mut learned, Finding::Inconclusive, &[]);
    }
    assert_eq!(plan(&mut learned, &marks(&[])), Plan::Render);
}

#[test]
fn the_next_run_goes_on_where_this_one_was() {
    let mut learned = trusted();
    let state = learned.state().unwrap();
    let mut next = Learned::resume(&EarlierGroup { state, unchecked: CHECK_EVERY - 2 }).unwrap();
    assert_eq!(plan(&mut next, &marks(&["a"])), Plan::AsSent);
    assert_eq!(plan(&mut next, &marks(&["a"])), Plan::Compare);
    let more = learn(&mut next, Finding::MoreLinks, &["a"]);
    assert_eq!(more, Verdict::None, "links of the earlier run are not known yet");
    assert_eq!(plan(&mut next, &marks(&["a"])), Plan::Compare);
    assert_eq!(learn(&mut next, Finding::MoreLinks, &["a"]), Verdict::Refuted);
    learned.learn(&page(), &marks(&["a"]), Comparison { finding: Finding::Different, evidence: json!({}) });
    let state = learned.state().unwrap();
    let mut next = Learned::resume(&EarlierGroup { state, unchecked: 0 }).unwrap();
    assert_eq!(plan(&mut next, &marks(&["a"])), Plan::Render);
    assert!(Learned::resume(&EarlierGroup { state: "{}".to_owned(), unchecked: 0 }).is_none());
}
