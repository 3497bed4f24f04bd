//! The matrix: the manual as every generator builds it that a registry has, read back, and scored against the Markdown
//! that it was made from.
//!
//! `cargo test --test matrix -- --ignored` builds what is not there yet (the first time that takes half an hour), and
//! writes `fixtures/generators/MATRIX.md`. `MATRIX=vitepress,rustdoc` in the environment reads these alone, prints what
//! they lost, and leaves what it read in `target/matrix/`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "the helpers of tests fail as tests do"
)]

#[path = "support/chrome.rs"]
mod chrome;
#[path = "support/generated.rs"]
#[allow(dead_code, reason = "the other half of it is for other tests")]
mod generated;
#[path = "support/markdown.rs"]
mod markdown;
#[path = "support/sandbox.rs"]
#[allow(dead_code, reason = "the other half of it is for other tests")]
mod sandbox;
#[path = "support/server.rs"]
#[allow(dead_code, reason = "the other half of it is for other tests")]
mod server;

#[path = "matrix/read.rs"]
mod read;
#[path = "matrix/score.rs"]
mod score;
#[path = "matrix/table.rs"]
mod table;

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use score::Score;

/// What `build.py` can build, and what has a profile without being built.
struct Catalogue {
    sites: Vec<String>,
    unreached: Vec<(String, String)>,
}

/// A line of the table.
struct Line {
    title: String,
    version: String,
    score: Result<Score, String>,
}

#[test]
#[ignore = "builds two dozen sites; `cargo test --test matrix -- --ignored` writes the table"]
fn every_generator_against_the_manual() {
    let catalogue = catalogue();
    let chosen = std::env::var("MATRIX").ok();
    let is_chosen =
        |name: &&String| chosen.as_ref().is_none_or(|names| names.split(',').any(|one| one == *name));
    let mut lines = Vec::new();
    for name in catalogue.sites.iter().filter(is_chosen) {
        let line = match generated::try_build(name) {
            Ok(site) => {
                let pages = read::pages(&site);
                if chosen.is_some() {
                    read::write(&site, &pages);
                }
                let score = Score::of(&site, &pages);
                Line { title: site.title, version: site.version, score: Ok(score) }
            }
            Err(said) => Line { title: name.clone(), version: String::new(), score: Err(said) },
        };
        println!("{name}: {}", table::summary(&line));
        lines.push(line);
    }
    if chosen.is_some() {
        lines.iter().filter_map(|line| line.score.as_ref().ok()).for_each(Score::print_losses);
        return;
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/generators/MATRIX.md");
    std::fs::write(path, table::markdown(&lines, &catalogue.unreached)).unwrap();
    let failed: Vec<&String> = lines.iter().filter_map(|line| line.score.as_ref().err()).collect();
    assert!(failed.is_empty(), "{} sites were not built:\n{failed:?}", failed.len());
}

fn catalogue() -> Catalogue {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/generators/build.py");
    let output = Command::new("python3").arg(script).arg("--list").output().unwrap();
    let list: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Catalogue {
        sites: list["sites"].as_array().unwrap().iter().map(text).collect(),
        unreached: list["unreached"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, why)| (name.clone(), text(why)))
            .collect(),
    }
}
