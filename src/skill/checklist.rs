//! The checklist of a skill: counts in, verdicts out.
//!
//! What is asked stands in `checklist/items.toml`: for each item which number it looks at and what passes. The quality
//! number is made of the points there and never told without the counts. Nothing here measures: `counts` is what the
//! build has counted.

mod barred;
mod counts;
mod items;
mod page;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use barred::{Barred, SamePage};
pub use counts::{CodeLoss, Counts, PackageCount, nothing_there};
use items::{Definition, Unit, definitions};

/// The checklist of one skill, filled in. It is written as `NAME.qa.json` and read by whoever lists many skills.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checklist {
    /// The skill.
    pub name: String,
    /// The quality number: 0 to 100. The points of the items are what it is made of.
    pub score: u32,
    /// The items, in the order of the work.
    pub items: Vec<Item>,
    /// Pages that a person should look at, by URL.
    pub pages: Vec<PageNote>,
}

/// One item of the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// A stable word for programs, as `code`.
    pub id: String,
    /// What is asked.
    pub title: String,
    /// How it is measured.
    pub how: String,
    /// What came of it.
    pub verdict: Verdict,
    /// The number that was looked at; `None` where there was nothing to measure.
    pub value: Option<f64>,
    /// What the number counts, as `percent` or `pages`.
    pub unit: String,
    /// What the number was made of.
    pub counts: BTreeMap<String, u64>,
    /// What is behind it, a line each.
    pub notes: Vec<String>,
    /// The most points that the item can add; 0 where it could not be measured.
    pub points: f64,
    /// The points that it adds.
    pub earned: f64,
}

/// What came of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// As it should be.
    Pass,
    /// Worth a look.
    Remark,
    /// Not as it should be.
    Fail,
    /// There was nothing to measure.
    Unmeasured,
}

/// Something about a page that a person should look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PageNote {
    /// The page.
    pub url: String,
    /// A stable word for programs, as `hidden_text`.
    pub kind: String,
    /// A sentence for people, safe to show.
    pub message: String,
}

impl Checklist {
    /// Fills in the checklist of a skill.
    ///
    /// `pages` are what the pages gave cause for; they are sorted here.
    pub fn of(name: &str, counts: &Counts, mut pages: Vec<PageNote>) -> Self {
        let items: Vec<Item> = definitions().iter().map(|definition| item(definition, counts)).collect();
        pages.sort();
        pages.dedup();
        Self { name: name.to_owned(), score: score(&items), items, pages }
    }

    /// How many items have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.items.iter().filter(|item| item.verdict == verdict).count()
    }

    /// What stands before the site in place of its pages, a sentence each; none where its pages are there.
    pub fn barred(&self) -> &[String] {
        let is_barred = |item: &&Item| item.counts.get("barred").is_some_and(|pages| *pages > 0);
        let item = self.items.iter().find(|item| item.id == "answered").filter(is_barred);
        item.map_or(&[], |item| &item.notes)
    }

    /// The sum that the quality number is, as `10/10 examples + 7.5/15 code`.
    pub fn breakdown(&self) -> String {
        let counted = self.items.iter().filter(|item| item.points > 0.0);
        let parts: Vec<String> = counted
            .map(|item| format!("{}/{} {}", number(item.earned), number(item.points), item.id))
            .collect();
        parts.join(" + ")
    }

    /// The checklist as a Markdown page, with a line break at its end.
    pub fn to_markdown(&self) -> String {
        page::to_markdown(self)
    }
}

/// One line: `92/100: 7 pass, 1 remark, 0 fail`.
impl fmt::Display for Checklist {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [pass, remark, fail] =
            [Verdict::Pass, Verdict::Remark, Verdict::Fail].map(|verdict| self.count(verdict));
        write!(formatter, "{}/100: {pass} pass, {remark} remark, {fail} fail", self.score)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Pass => "pass",
            Self::Remark => "remark",
            Self::Fail => "fail",
            Self::Unmeasured => "not measured",
        })
    }
}

fn item(definition: &Definition, counts: &Counts) -> Item {
    let measured = counts.measure(definition.measure);
    let value = measured.value;
    let verdict = match value {
        None => Verdict::Unmeasured,
        Some(value) if definition.pass.holds(value) => Verdict::Pass,
        Some(value) if definition.remark.is_some_and(|bounds| bounds.holds(value)) => Verdict::Remark,
        Some(_) => Verdict::Fail,
    };
    let points = if value.is_some() { definition.points } else { 0.0 };
    let share = match (verdict, value) {
        (Verdict::Pass, _) => 1.0,
        (Verdict::Unmeasured, _) | (_, None) => 0.0,
        // A share of failures counts the other way round.
        (_, Some(value)) if definition.unit == Unit::Percent => {
            let good = if definition.pass.at_least.is_some() { value } else { 100.0 - value };
            (good / 100.0).clamp(0.0, 1.0)
        }
        (Verdict::Remark, _) => 0.5,
        (Verdict::Fail, _) => 0.0,
    };
    Item {
        id: definition.id.clone(),
        title: definition.title.clone(),
        how: definition.how.clone(),
        verdict,
        value: value.map(rounded),
        unit: definition.unit.word().to_owned(),
        counts: measured.counts,
        notes: measured.notes,
        points,
        earned: rounded(points * share),
    }
}

/// The points earned of those that could be, out of 100. Never 100 while something is missing.
fn score(items: &[Item]) -> u32 {
    let sum = |points: fn(&Item) -> f64| items.iter().map(points).sum::<f64>();
    let (earned, possible) = (sum(|item| item.earned), sum(|item| item.points));
    if possible <= 0.0 {
        return 0;
    }
    // The share lies between 0 and 1, so the number fits.
    (100.0 * earned / possible).floor() as u32
}

/// Two places behind the point are as much as anybody reads.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// A number without needless zeros.
fn number(value: f64) -> String {
    format!("{}", rounded(value))
}

#[cfg(test)]
mod tests;
