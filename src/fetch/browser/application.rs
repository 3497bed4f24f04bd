//! Applications: pages that the server answers with one and the same document, and what is known of the router that
//! tells them apart.
//!
//! The first page of an application is loaded like any other. From the second on it is worth trying: a page that was
//! taken stays alive, and the next ones are had both ways, by the router and by a load. When three agree, the router is
//! trusted, and one page in [`crate::fetch::adaptive::CHECK_EVERY`] is had both ways. One that differs ends it: all pages since the last that
//! agreed are loaded after all, and so is whatever follows. A router that does not answer is left alone as well.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::lead::Missing;
use crate::fetch::judged::{Comparison, EarlierGroup, Finding, Note, Verdict};
use crate::fetch::sampling::{AGREEING, Sampling};
use crate::fetched::{Dom, Exchange, Fetched};
use crate::url::CanonicalUrl;

/// After so many pages that it did not lead to, for each that it did, the router is left alone.
const MOST_FAILURES: u32 = 3;
/// How much of a document's digest names it, in bytes.
const NAME_BYTES: usize = 8;
/// More applications than this no site has; further documents are taken for pages of their own.
const MOST_KNOWN: usize = 20_000;

/// Compares what a router gave with what a load gives; pure, and called where it may take its time.
pub trait RouteJudge: Send + Sync {
    /// What the loaded form of a page has beyond the form that the router led to.
    fn compare_routed(&self, loaded: &Fetched, routed: &Dom) -> Comparison;
}

/// What to do with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    /// Load it.
    Load,
    /// Have the router lead to it.
    Lead,
    /// Have the router lead to it, load it, and compare.
    Compare,
}

/// The applications of a crawl.
#[derive(Debug, Default)]
pub(super) struct Applications(Mutex<BTreeMap<String, Option<Known>>>);

/// What is known of one. Its JSON form is what the report shows, and what the next run begins with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Known {
    pub(super) application: String,
    /// The page that was met first when it turned out to be one.
    example: CanonicalUrl,
    decision: Decision,
    /// The comparisons that led to the decision.
    evidence: Vec<Compared>,
    /// The comparisons after it.
    checks: Vec<Compared>,
    #[serde(skip)]
    this_run: ThisRun,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Undecided,
    /// It is trusted.
    Router,
    /// A page differed.
    Load,
    /// It led nowhere.
    NoRouter,
}

/// One compared page.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Compared {
    url: CanonicalUrl,
    finding: Finding,
    /// The judge's numbers; left out where the forms agreed.
    #[serde(flatten)]
    evidence: serde_json::Value,
}

#[derive(Clone, Copy, Debug, Default)]
struct ThisRun {
    sampling: Sampling,
    led: u32,
    failures: u32,
}

/// The name of the application that a document would be the shell of.
pub(super) fn name_of(document: &Exchange) -> String {
    let digest = Sha256::new()
        .chain_update(document.target.authority().as_str())
        .chain_update(document.status.to_be_bytes())
        .chain_update(&document.body)
        .finalize();
    let short = digest.get(..NAME_BYTES).unwrap_or_default();
    format!("application {}", HEXLOWER.encode(short))
}

impl Applications {
    /// What an earlier run knew.
    pub(super) fn resume(earlier: &[EarlierGroup]) -> Self {
        let known = earlier.iter().filter_map(Known::resume);
        Self(Mutex::new(known.map(|known| (known.application.clone(), Some(known))).collect()))
    }

    /// What to do with the next page of an application, and its batch.
    pub(super) fn plan(&self, name: &str, page: &CanonicalUrl) -> (Plan, u64) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.get_mut(name) {
            return known.get_or_insert_with(|| Known::new(name, page)).plan();
        }
        if all.len() < MOST_KNOWN {
            all.insert(name.to_owned(), None);
        }
        (Plan::Load, 0)
    }

    /// Does something with what is known of an application.
    pub(super) fn with<T>(&self, name: &str, page: &CanonicalUrl, ask: impl FnOnce(&mut Known) -> T) -> T {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.entry(name.to_owned()).or_default();
        ask(known.get_or_insert_with(|| Known::new(name, page)))
    }
}

impl Known {
    fn new(application: &str, example: &CanonicalUrl) -> Self {
        Self {
            application: application.to_owned(),
            example: example.clone(),
            decision: Decision::Undecided,
            evidence: Vec::new(),
            checks: Vec::new(),
            this_run: ThisRun::default(),
        }
    }

    fn resume(earlier: &EarlierGroup) -> Option<Self> {
        let mut known: Self = serde_json::from_str(&earlier.state).ok()?;
        known.this_run.sampling = Sampling::resume(earlier.unchecked);
        // Another day the router may answer.
        if known.decision == Decision::NoRouter {
            known.decision = Decision::Undecided;
        }
        Some(known)
    }

    fn plan(&mut self) -> (Plan, u64) {
        let sampling = &mut self.this_run.sampling;
        let batch = sampling.batch();
        match self.decision {
            Decision::Load | Decision::NoRouter => (Plan::Load, batch),
            Decision::Undecided => (Plan::Compare, batch),
            Decision::Router if sampling.is_check() => (Plan::Compare, batch),
            Decision::Router => (Plan::Lead, batch),
        }
    }

    /// The router led to a page.
    pub(super) fn has_led(&mut self) {
        self.this_run.led += 1;
    }

    /// It did not. Where it never does, it is not tried any more.
    pub(super) fn has_not_led(&mut self, why: Missing) {
        let run = &mut self.this_run;
        if why == Missing::Page {
            run.failures += 1;
            if run.failures >= MOST_FAILURES * (run.led + 1) {
                self.decision = Decision::NoRouter;
            }
        }
    }

    /// A comparison came to nothing: the next page takes its place.
    pub(super) fn abandon(&mut self) {
        self.this_run.sampling.abandon();
    }

    /// For a page that the router led to and that is loaded now: the batch that a comparison would speak for, if there is
    /// anything to learn from one.
    pub(super) fn plan_again(&self) -> Option<u64> {
        (self.decision != Decision::Load).then_some(self.this_run.sampling.batch())
    }

    /// Takes in a comparison that is to speak for a batch.
    pub(super) fn learn(&mut self, url: &CanonicalUrl, comparison: Comparison, batch: u64) -> Note {
        let finding = comparison.finding;
        let was_trusted = self.decision == Decision::Router;
        self.note(url, comparison);
        let verdict = match finding {
            Finding::Same if self.decision == Decision::Undecided => {
                if self.agreeing() >= AGREEING {
                    self.decision = Decision::Router;
                    self.this_run.sampling.begin();
                }
                Verdict::None
            }
            Finding::Same => Verdict::Confirmed,
            Finding::Inconclusive => {
                if was_trusted {
                    self.abandon();
                }
                Verdict::None
            }
            Finding::Different | Finding::Hidden | Finding::MoreLinks => {
                self.decision = Decision::Load;
                Verdict::Refuted
            }
        };
        Note { group: self.application.clone(), verdict, batch, state: serde_json::to_string(self).ok() }
    }

    fn note(&mut self, url: &CanonicalUrl, comparison: Comparison) {
        let Comparison { finding, evidence } = comparison;
        let evidence = if finding == Finding::Same { serde_json::json!({}) } else { evidence };
        let compared = Compared { url: url.clone(), finding, evidence };
        match self.decision {
            Decision::Undecided => self.evidence.push(compared),
            Decision::Router | Decision::Load | Decision::NoRouter => self.checks.push(compared),
        }
    }

    fn agreeing(&self) -> usize {
        self.evidence.iter().filter(|compared| compared.finding == Finding::Same).count()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Applications, Known, Plan};
    use crate::fetch::browser::lead::Missing;
    use crate::fetch::judged::{Comparison, EarlierGroup, Finding, Verdict};
    use crate::fetch::sampling::CHECK_EVERY;
    use crate::url::CanonicalUrl;

    fn page() -> CanonicalUrl {
        CanonicalUrl::parse("https://d.example/page").unwrap()
    }

    fn learn(known: &mut Known, finding: Finding) -> Verdict {
        let batch = known.this_run.sampling.batch();
        known.learn(&page(), Comparison { finding, evidence: json!({"letters": 1}) }, batch).verdict
    }

    fn trusted() -> Known {
        let mut known = Known::new("application 1", &page());
        for _ in 0..3 {
            assert_eq!(known.plan().0, Plan::Compare);
            assert_eq!(learn(&mut known, Finding::Same), Verdict::None);
        }
        known
    }

    #[test]
    fn a_document_that_comes_once_is_no_application() {
        let applications = Applications::default();
        assert_eq!(applications.plan("application 1", &page()).0, Plan::Load);
        assert_eq!(applications.plan("application 2", &page()).0, Plan::Load);
        assert_eq!(applications.plan("application 1", &page()).0, Plan::Compare);
    }

    #[test]
    fn three_pages_that_agree_are_enough_and_one_in_twenty_is_checked() {
        let mut known = trusted();
        let plans: Vec<Plan> = (1..=CHECK_EVERY).map(|_| known.plan().0).collect();
        let (last, before) = plans.split_last().unwrap();
        assert!(before.iter().all(|plan| *plan == Plan::Lead) && *last == Plan::Compare, "{plans:?}");
        assert_eq!(
            known.plan(),
            (Plan::Lead, 2),
            "what comes while a check is under way is of the next batch"
        );
        known.abandon();
        assert_eq!(known.plan().0, Plan::Compare, "a check that came to nothing is made up for");
        assert_eq!(learn(&mut known, Finding::Same), Verdict::Confirmed);
    }

    #[test]
    fn one_page_that_differs_ends_it() {
        for finding in [Finding::Different, Finding::Hidden, Finding::MoreLinks] {
            let mut known = trusted();
            assert_eq!(learn(&mut known, finding), Verdict::Refuted);
            assert_eq!((known.plan().0, known.plan_again()), (Plan::Load, None));
            let mut known = Known::new("application 1", &page());
            assert_eq!(learn(&mut known, finding), Verdict::Refuted);
            assert_eq!(known.plan().0, Plan::Load);
        }
        let mut known = trusted();
        assert_eq!(learn(&mut known, Finding::Inconclusive), Verdict::None);
        assert_eq!(known.plan().0, Plan::Compare);
    }

    #[test]
    fn a_router_that_leads_nowhere_is_left_alone_for_this_run() {
        let mut known = Known::new("application 1", &page());
        for _ in 0..20 {
            known.has_not_led(Missing::Tab);
            known.has_not_led(Missing::Link);
        }
        known.has_led();
        for _ in 0..5 {
            assert_eq!(known.plan().0, Plan::Compare);
            known.has_not_led(Missing::Page);
        }
        known.has_not_led(Missing::Page);
        assert_eq!(known.plan().0, Plan::Load);
        let state = serde_json::to_string(&known).unwrap();
        let earlier = EarlierGroup { state, unchecked: 0 };
        assert_eq!(Known::resume(&earlier).unwrap().plan().0, Plan::Compare);
    }

    #[test]
    fn what_an_earlier_run_knew_goes_on() {
        let state = serde_json::to_string(&trusted()).unwrap();
        let earlier = |unchecked| EarlierGroup { state: state.clone(), unchecked };
        assert_eq!(Known::resume(&earlier(0)).unwrap().plan().0, Plan::Lead);
        assert_eq!(Known::resume(&earlier(CHECK_EVERY)).unwrap().plan().0, Plan::Compare);
        let other = EarlierGroup { state: r#"{"template": "t"}"#.to_owned(), unchecked: 0 };
        assert!(Known::resume(&other).is_none());
    }
}
