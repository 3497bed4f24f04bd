//! The frontier measured: how many URLs a second it takes in, hands out and settles, and what that costs at 10,000,
//! 100,000 and 1,000,000 URLs over 20 hosts.
//!
//! ```text
//! cargo bench --bench frontier [-- --size 100000] [--only frontier|engine]
//! ```
//!
//! Two rows a size. *frontier*: all URLs are added, a hundred at a time, then each is leased and settled as kept. *engine*:
//! `crawl()` begins with one seed URL a host and a fetcher that answers at once; each page links to eight others, so that
//! each URL is found eight times over. Each measurement is a process of its own, so that its peak of memory is its own
//! too. Everything runs on one core.
#![allow(clippy::print_stdout, reason = "the table is what it is for")]

mod engine;
mod frontier;
mod site;
mod usage;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::usage::{Usage, usage};

const SIZES: [u64; 3] = [10_000, 100_000, 1_000_000];
const PARTS: [&str; 2] = ["frontier", "engine"];

/// What the command line asks for.
struct Wishes {
    sizes: Vec<u64>,
    parts: Vec<String>,
    /// Whether this process is to measure by itself.
    measures: bool,
}

fn main() -> anyhow::Result<()> {
    let wishes = read_wishes()?;
    if wishes.measures {
        return measure(&wishes);
    }
    println!(
        "| part | URLs | URLs/s | µs a URL | added/s | leased and settled/s | CPU s | peak MB | disk MB |"
    );
    println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    for part in &wishes.parts {
        for size in &wishes.sizes {
            let status = Command::new(std::env::current_exe()?)
                .args(["--measure", "--only", part, "--size", &size.to_string()])
                .stdin(Stdio::null())
                .status()?;
            if !status.success() {
                bail!("the measurement of {part} at {size} failed");
            }
        }
    }
    Ok(())
}

/// How long the parts of a measurement took.
struct Took {
    /// Adding alone, where it is a part of its own.
    adding: Option<Duration>,
    /// Everything.
    whole: Duration,
}

fn measure(wishes: &Wishes) -> anyhow::Result<()> {
    let (Some(size), Some(part)) = (wishes.sizes.first().copied(), wishes.parts.first()) else {
        bail!("`--measure` needs a size and a part");
    };
    let folder = tempfile::tempdir()?;
    let before = usage()?;
    let took = if part == "engine" {
        engine::run(folder.path(), size)?
    } else {
        frontier::run(folder.path(), size)?
    };
    print_row(part, size, &took, &usage()?.since(&before), disk_megabytes(folder.path())?);
    Ok(())
}

fn print_row(part: &str, size: u64, took: &Took, used: &Usage, disk: f64) {
    let number = size as f64;
    let rate = |took: Duration| format!("{:.0}", number / took.as_secs_f64());
    let adding = took.adding.map_or("".to_owned(), rate);
    let settling = took.adding.map_or("".to_owned(), |adding| rate(took.whole - adding));
    println!(
        "| {part} | {size} | {} | {:.1} | {adding} | {settling} | {:.2} | {:.0} | {disk:.0} |",
        rate(took.whole),
        took.whole.as_secs_f64() * 1e6 / number,
        used.cpu.as_secs_f64(),
        used.peak_megabytes,
    );
}

fn disk_megabytes(folder: &Path) -> anyhow::Result<f64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes as f64 / 1e6)
}

fn read_wishes() -> anyhow::Result<Wishes> {
    let parts = PARTS.map(str::to_owned).to_vec();
    let mut wishes = Wishes { sizes: SIZES.to_vec(), parts, measures: false };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().with_context(|| format!("`{word}` needs a value"));
        match word.as_str() {
            "--size" => wishes.sizes = vec![value()?.parse().context("`--size` needs a number")?],
            "--only" => wishes.parts = vec![value()?],
            "--measure" => wishes.measures = true,
            // Cargo says that this is a benchmark.
            "--bench" => {}
            _ => bail!("unknown option `{word}`"),
        }
    }
    if let Some(part) = wishes.parts.iter().find(|part| !PARTS.contains(&part.as_str())) {
        bail!("`{part}` is neither `frontier` nor `engine`");
    }
    Ok(wishes)
}
