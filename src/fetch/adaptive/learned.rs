//! What is known of one template, and what follows from it for the next page.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::ways::Ways;
use crate::fetch::judged::{Comparison, EarlierGroup, Finding, Verdict};
use crate::fetch::sampling::{AGREEING, Sampling};
use crate::url::CanonicalUrl;

/// A template that has not got them after this many comparisons is rendered.
const MOST_COMPARED: usize = 8;

/// What is known of one template. Its JSON form is what the report shows, and what the next run begins with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Learned {
    pub(super) template: String,
    /// The page that was met first.
    example: CanonicalUrl,
    decision: Decision,
    #[serde(default, skip_serializing_if = "Cheaper::is_sent")]
    cheaper: Cheaper,
    /// How the Markdown of its pages is asked for.
    #[serde(default, skip_serializing_if = "Ways::is_empty")]
    pub(super) ways: Ways,
    /// The comparisons that led to the decision.
    evidence: Vec<Compared>,
    /// The comparisons after it.
    checks: Vec<Compared>,
    /// The marks of pages whose forms agreed.
    harmless_marks: BTreeSet<String>,
    /// Marks of pages that differ: whatever shows one is rendered.
    rendered_marks: BTreeSet<String>,
    /// Pages that differ and were met before any that agrees: what sets them apart is not known yet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unexplained: Vec<Unexplained>,
    #[serde(skip)]
    this_run: ThisRun,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Undecided,
    Http,
    /// HTTP too, with the pages' Markdown.
    Markdown,
    Browser,
}

/// What stands against a load in the browser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Cheaper {
    /// The page as sent.
    #[default]
    Sent,
    /// The page as sent with the Markdown that the site serves of it.
    Markdown,
}

impl Cheaper {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
    fn is_sent(&self) -> bool {
        *self == Self::Sent
    }

    /// The decision for it.
    fn decision(self) -> Decision {
        match self {
            Self::Sent => Decision::Http,
            Self::Markdown => Decision::Markdown,
        }
    }
}

/// One compared page.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Compared {
    url: CanonicalUrl,
    finding: Finding,
    /// Marks that its template had not shown before.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    new_marks: BTreeSet<String>,
    /// The judge's numbers; left out where a check agreed.
    #[serde(flatten)]
    evidence: serde_json::Value,
}

/// A page that differs for a reason that is not known yet.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Unexplained {
    finding: Finding,
    marks: BTreeSet<String>,
}

#[derive(Clone, Copy, Debug, Default)]
struct ThisRun {
    sampling: Sampling,
    /// Something was compared.
    has_compared: bool,
}

/// What to do with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plan {
    AsSent,
    Render,
    Compare,
}

impl Learned {
    pub(super) fn new(template: String, example: CanonicalUrl, cheaper: Cheaper) -> Self {
        Self {
            template,
            example,
            decision: Decision::Undecided,
            cheaper,
            ways: Ways::default(),
            evidence: Vec::new(),
            checks: Vec::new(),
            harmless_marks: BTreeSet::new(),
            rendered_marks: BTreeSet::new(),
            unexplained: Vec::new(),
            this_run: ThisRun::default(),
        }
    }

    /// What an earlier run knew.
    pub(super) fn resume(earlier: &EarlierGroup) -> Option<Self> {
        let mut learned: Self = serde_json::from_str(&earlier.state).ok()?;
        learned.this_run.sampling = Sampling::resume(earlier.unchecked);
        Some(learned)
    }

    /// All of it as JSON.
    pub(super) fn state(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    /// What to do with the next page, which has these marks, and its batch.
    pub(super) fn plan(&mut self, marks: &BTreeSet<String>) -> (Plan, u64) {
        let batch = self.this_run.sampling.batch();
        if self.needs_browser(marks) {
            return (Plan::Render, batch);
        }
        if self.decision == Decision::Undecided || !marks.is_subset(&self.harmless_marks) {
            return (Plan::Compare, batch);
        }
        (if self.this_run.sampling.is_check() { Plan::Compare } else { Plan::AsSent }, batch)
    }

    /// For a page with these marks that was kept before and is rendered now: the batch that a comparison would speak
    /// for, if there is anything to learn from one.
    pub(super) fn plan_again(&mut self, marks: &BTreeSet<String>) -> Option<u64> {
        (!self.needs_browser(marks)).then(|| self.this_run.sampling.batch())
    }

    /// A comparison came to nothing: the next page takes its place.
    pub(super) fn abandon(&mut self) {
        self.this_run.sampling.abandon();
    }

    fn needs_browser(&self, marks: &BTreeSet<String>) -> bool {
        self.decision == Decision::Browser || !marks.is_disjoint(&self.rendered_marks)
    }

    /// Takes in a comparison and returns what it means for the pages that were kept as sent.
    pub(super) fn learn(
        &mut self,
        url: &CanonicalUrl,
        marks: &BTreeSet<String>,
        comparison: Comparison,
    ) -> Verdict {
        let finding = comparison.finding;
        let new_marks: BTreeSet<String> = marks.difference(&self.harmless_marks).cloned().collect();
        let is_first = !std::mem::replace(&mut self.this_run.has_compared, true);
        self.note(url, comparison, &new_marks);
        match (self.decision, finding) {
            (Decision::Browser, _) => return Verdict::None,
            (_, Finding::Same) => self.harmless_marks.extend(marks.iter().cloned()),
            // What is new on the page explains it, and nothing is said about the pages without.
            (_, Finding::Different | Finding::Hidden)
            | (Decision::Http | Decision::Markdown, Finding::MoreLinks)
                if self.agreeing() > 0 && !new_marks.is_empty() =>
            {
                self.rendered_marks.extend(new_marks);
                return Verdict::None;
            }
            // Which links earlier runs found is not known to this one.
            (Decision::Http | Decision::Markdown, Finding::MoreLinks) if is_first => self.abandon(),
            // The first pages of a site are often unlike the others, which have to be seen for that.
            (Decision::Undecided, Finding::Different | Finding::Hidden)
                if self.may_be_an_exception(finding) =>
            {
                self.unexplained.push(Unexplained { finding, marks: marks.clone() });
            }
            (_, Finding::Different | Finding::Hidden)
            | (Decision::Http | Decision::Markdown, Finding::MoreLinks) => {
                return self.give_up();
            }
            (Decision::Http | Decision::Markdown, Finding::Inconclusive) => self.abandon(),
            (Decision::Undecided, Finding::MoreLinks | Finding::Inconclusive) => {}
        }
        match self.decision {
            Decision::Undecided if self.agreeing() >= AGREEING => {
                if !self.explain() {
                    return self.give_up();
                }
                self.decision = self.cheaper.decision();
                self.this_run.sampling.begin();
            }
            Decision::Undecided if self.evidence.len() >= MOST_COMPARED => return self.give_up(),
            Decision::Http | Decision::Markdown if finding == Finding::Same && new_marks.is_empty() => {
                return Verdict::Confirmed;
            }
            _ => {}
        }
        Verdict::None
    }

    fn note(&mut self, url: &CanonicalUrl, comparison: Comparison, new_marks: &BTreeSet<String>) {
        let Comparison { finding, evidence } = comparison;
        let is_check = matches!(self.decision, Decision::Http | Decision::Markdown);
        // Thousands of checks that agree would say the same in as many words.
        let evidence = if is_check && finding == Finding::Same { json!({}) } else { evidence };
        // All the marks of a first page are new.
        let new_marks = if self.agreeing() > 0 { new_marks.clone() } else { BTreeSet::new() };
        let compared = Compared { url: url.clone(), finding, new_marks, evidence };
        match self.decision {
            Decision::Http | Decision::Markdown => self.checks.push(compared),
            Decision::Browser if self.evidence.len() >= MOST_COMPARED => {}
            Decision::Undecided | Decision::Browser => self.evidence.push(compared),
        }
    }

    /// Whether a page that differs may be one of few. A second one with other content is none.
    fn may_be_an_exception(&self, finding: Finding) -> bool {
        let is_different = |page: &Unexplained| page.finding == Finding::Different;
        self.agreeing() == 0 && (finding == Finding::Hidden || !self.unexplained.iter().any(is_different))
    }

    /// Finds out by what the pages that differ are known, now that some agree; `false` where they are known by nothing.
    fn explain(&mut self) -> bool {
        let harmless = &self.harmless_marks;
        let apart: Vec<BTreeSet<String>> =
            self.unexplained.iter().map(|page| page.marks.difference(harmless).cloned().collect()).collect();
        let all_are = apart.iter().all(|marks| !marks.is_empty());
        self.rendered_marks.extend(apart.into_iter().flatten());
        all_are
    }

    fn give_up(&mut self) -> Verdict {
        self.decision = Decision::Browser;
        Verdict::Refuted
    }

    fn agreeing(&self) -> usize {
        self.evidence.iter().filter(|compared| compared.finding == Finding::Same).count()
    }
}

#[cfg(test)]
mod tests;
