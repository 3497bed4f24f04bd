//! The figures of a run, and the table of all.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::check::Verdict;
use crate::contestants::Contestant;
use crate::measure::Cost;
use crate::task::Task;

/// One run of one contestant.
#[derive(Debug)]
pub struct Run {
    /// How many pages there were.
    pub pages: usize,
    /// What it cost.
    pub cost: Cost,
    /// When the server saw the first request.
    pub first: Instant,
    /// Whether the pages are whole.
    pub verdict: Verdict,
}

impl Run {
    /// Pages a second from the first request on.
    fn speed(&self) -> f64 {
        self.pages as f64 / (self.cost.ended - self.first).as_secs_f64()
    }

    fn speed_with_start(&self) -> f64 {
        self.pages as f64 / (self.cost.ended - self.cost.began).as_secs_f64()
    }

    fn own_cpu(&self) -> f64 {
        1000.0 * self.cost.own_cpu / self.pages as f64
    }

    fn browser_cpu(&self) -> f64 {
        1000.0 * self.cost.other_cpu / self.pages as f64
    }

    fn own_memory(&self) -> f64 {
        self.cost.own_memory as f64 / 1e6
    }

    fn memory(&self) -> f64 {
        self.cost.memory as f64 / 1e6
    }

    /// The run in one line.
    pub fn line(&self) -> String {
        let mut line = format!(
            "{:5.2} pages/s  {:6.1} + {:6.1} ms CPU a page  {:5.0} of {:5.0} MB  {} of {} whole",
            self.speed(),
            self.own_cpu(),
            self.browser_cpu(),
            self.own_memory(),
            self.memory(),
            self.verdict.whole,
            self.pages
        );
        for fault in &self.verdict.faults {
            line.push_str(&format!("\n         {fault}"));
        }
        line
    }
}

type Figure = fn(&Run) -> f64;

/// Prints the median of every figure, and how each contestant stands to the first.
pub fn print_table(task: &Task, runs: &BTreeMap<Contestant, Vec<Run>>) {
    println!("\n{}: {} pages, {} tabs, medians\n", task.name, task.urls.len(), task.tabs);
    println!(
        "| | pages/s | with start | own CPU ms/page | Chromium CPU ms/page | own PSS MB | all PSS MB | whole |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|");
    let figures: [Figure; 6] =
        [Run::speed, Run::speed_with_start, Run::own_cpu, Run::browser_cpu, Run::own_memory, Run::memory];
    for (contestant, runs) in runs {
        let [speed, start, own, browser, own_memory, memory] = figures.map(|figure| median(runs, figure));
        let fewest = runs.iter().map(|run| run.verdict.whole).min().unwrap_or_default();
        let out = if fewest < task.urls.len() { " **out**" } else { "" };
        let rough = if runs.iter().any(|run| run.cost.memory_is_rough) { "≤ " } else { "" };
        println!(
            "| {} | {speed:.2} | {start:.2} | {own:.1} | {browser:.1} | {own_memory:.0} | {rough}{memory:.0} | {fewest}{out} |",
            contestant.name()
        );
    }
    let Some(ours) = runs.get(&Contestant::Skillcrawl) else { return };
    println!("\nskillcrawl against (median of the rounds' ratios):");
    for (contestant, theirs) in runs.iter().filter(|(contestant, _)| **contestant != Contestant::Skillcrawl) {
        println!(
            "  {:<18} pages/s × {:.2}   Chromium CPU × {:.2}   all CPU × {:.2}   PSS × {:.2}",
            contestant.name(),
            ratio(ours, theirs, Run::speed),
            ratio(ours, theirs, Run::browser_cpu),
            ratio(ours, theirs, |run| run.own_cpu() + run.browser_cpu()),
            ratio(ours, theirs, Run::memory),
        );
    }
}

fn median(runs: &[Run], figure: Figure) -> f64 {
    middle(runs.iter().map(figure).collect())
}

/// Rounds are compared one by one: what else the machine does changes from round to round.
fn ratio(ours: &[Run], theirs: &[Run], figure: Figure) -> f64 {
    middle(ours.iter().zip(theirs).map(|(ours, theirs)| figure(ours) / figure(theirs)).collect())
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    match (values.get(half), values.len() % 2) {
        (Some(&value), 1) => value,
        (Some(&value), _) => (value + values[half - 1]) / 2.0,
        (None, _) => f64::NAN,
    }
}
