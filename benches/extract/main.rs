//! Extraction measured: HTML to Markdown, against the crate `htmd` and against trafilatura.
//!
//! ```text
//! cargo bench --bench extract -- [--rounds 5] [--pages recorded/pages.jsonl] [--profile NAME] [--no-trafilatura]
//! ```
//!
//! In order: the pages are made (the gold pages of `fixtures/pages` and long ones from words), or read from a file; then,
//! in alternating rounds, each contestant turns all of them into Markdown on one core; last comes a table with the medians,
//! and with how much of what was planted into the made pages each of them kept.
//!
//! `htmd` runs in this process; trafilatura runs in Python, which reads the pages first and starts its clock then. It is
//! installed below `target/tools`. `htmd` ends the process on deeply nested pages, so there is none among them.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the table is what it is for")]

mod contestants;
mod pages;
mod planted;

use std::time::Duration;

use anyhow::{Context, bail};

use crate::contestants::{Htmd, Skillcrawl, Trafilatura};
use crate::pages::Sample;
use crate::planted::Kind;

/// What the command line asks for.
struct Wishes {
    rounds: usize,
    pages: Option<String>,
    profile: Option<String>,
    with_trafilatura: bool,
}

fn main() -> anyhow::Result<()> {
    let wishes = read_wishes()?;
    let samples = match &wishes.pages {
        Some(file) => pages::recorded(file)?,
        None => pages::made()?,
    };
    let megabytes = samples.iter().map(|sample| sample.html.len()).sum::<usize>() as f64 / 1e6;
    println!("{} pages, {megabytes:.2} MB of HTML, {} rounds", samples.len(), wishes.rounds);
    let skillcrawl = Skillcrawl::new(wishes.profile.clone())?;
    let htmd = Htmd::new();
    let trafilatura = if wishes.with_trafilatura { Some(Trafilatura::install(&samples)?) } else { None };
    let mut rows: Vec<Row> = ["skillcrawl", "htmd", "trafilatura"].map(Row::new).into();
    for round in 0..wishes.rounds {
        let mut run = |row: usize, took: Duration, markdown: Vec<String>| {
            if let Some(row) = rows.get_mut(row) {
                row.times.push(took);
                row.markdown = markdown;
            }
        };
        // Each goes first in its turn: the machine gets warmer.
        for turn in 0..2 {
            if (turn + round) % 2 == 0 {
                let (took, markdown) = skillcrawl.convert(&samples);
                run(0, took, markdown);
            } else {
                let (took, markdown) = htmd.convert(&samples)?;
                run(1, took, markdown);
            }
        }
        if let Some(trafilatura) = &trafilatura {
            let (took, markdown) = trafilatura.convert()?;
            run(2, took, markdown);
        }
    }
    print_table(&rows, megabytes, &samples);
    Ok(())
}

fn read_wishes() -> anyhow::Result<Wishes> {
    let mut wishes = Wishes { rounds: 5, pages: None, profile: None, with_trafilatura: true };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("`{word}` needs a value"));
        match word.as_str() {
            "--rounds" => wishes.rounds = value()?.parse().context("`--rounds` needs a number")?,
            "--pages" => wishes.pages = Some(value()?),
            "--profile" => wishes.profile = Some(value()?),
            "--no-trafilatura" => wishes.with_trafilatura = false,
            // Cargo says that this is a benchmark.
            "--bench" => {}
            _ => bail!("unknown option `{word}`"),
        }
    }
    Ok(wishes)
}

/// A contestant's figures.
struct Row {
    name: &'static str,
    times: Vec<Duration>,
    markdown: Vec<String>,
}

impl Row {
    fn new(name: &'static str) -> Self {
        Self { name, times: Vec::new(), markdown: Vec::new() }
    }

    fn median(&self) -> Option<f64> {
        let mut times = self.times.clone();
        times.sort_unstable();
        times.get(times.len() / 2).map(Duration::as_secs_f64)
    }
}

fn print_table(rows: &[Row], megabytes: f64, samples: &[Sample]) {
    let own = rows.first().and_then(Row::median).unwrap_or(f64::NAN);
    let planted = Kind::ALL.map(Kind::name).join(" | ");
    println!("\n| | MB/s | time | against skillcrawl | {planted} |");
    println!("|---|---:|---:|---:|{}", "---:|".repeat(Kind::ALL.len()));
    for row in rows {
        let Some(median) = row.median() else { continue };
        let kept: Vec<String> =
            Kind::ALL.iter().map(|kind| planted::share_kept(*kind, samples, &row.markdown)).collect();
        println!(
            "| {} | {:.1} | {:.0} ms | {:.2} | {} |",
            row.name,
            megabytes / median,
            median * 1000.0,
            median / own,
            kept.join(" | ")
        );
    }
}
