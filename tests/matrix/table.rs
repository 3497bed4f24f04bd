//! The table of scores.

use jiff::Zoned;

use crate::Line;
use crate::score::Score;

/// The scores of a line in one line, for the screen.
pub fn summary(line: &Line) -> String {
    match &line.score {
        Ok(score) => format!("{} | {}", profile(score), columns(score).join(" | ")),
        Err(said) => format!("not built: {}", said.lines().last().unwrap_or_default()),
    }
}

/// The file with the table.
pub fn markdown(lines: &[Line], unreached: &[(String, String)]) -> String {
    let mut text = format!(
        "# What comes back from every generator\n\n\
         The manual in `fixtures/manual`, built by each generator, read by skillcrawl, and held against the Markdown that\n\
         it was made from. Written by `cargo test --test matrix -- --ignored` on {}; do not edit.\n\n\
         Code counts only when it is the same to the letter; recall is the share of the manual's blocks that came back,\n\
         precision the share of the blocks that came back which are the manual's. *Language* is the share of those blocks\n\
         with the language of the source. Headings, cells and links are counted when their words (and the page that the\n\
         link leads to) are the same; *labels* are those of tabs, and terms of definition lists; *notes* are admonitions;\n\
         *prose* is the F1 of all words outside of code.\n\n\
         | generator | version | profile | code recall | code precision | language | headings | cells | links | labels | notes | prose |\n\
         |---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n",
        Zoned::now().date()
    );
    for line in lines {
        let Line { title, version, score } = line;
        match score {
            Ok(score) => {
                text += &format!(
                    "| {title} | {version} | {} | {} |\n",
                    profile(score),
                    columns(score).join(" | ")
                );
            }
            Err(_) => text += &format!("| {title} | | not built{} |\n", " |".repeat(9)),
        }
    }
    text += "\n## Not reached\n\nThese have a profile and a gold page, but nothing here builds them:\n\n| generator | why |\n|---|---|\n";
    for (name, why) in unreached {
        text += &format!("| {name} | {why} |\n");
    }
    text + "\n## Why a score is below 1\n\n" + REASONS
}

fn profile(score: &Score) -> String {
    let most = score.profiles.iter().max_by_key(|(_, pages)| **pages);
    let name = most.map_or("-", |(name, _)| name);
    match most {
        Some((_, pages)) if *pages < score.pages => format!("`{name}` ({pages} of {})", score.pages),
        _ => format!("`{name}`"),
    }
}

fn columns(score: &Score) -> Vec<String> {
    let shares = [
        score.code.recall(),
        score.code.precision(),
        score.language.recall(),
        score.headings.recall(),
        score.cells.recall(),
        score.links.recall(),
        score.labels.recall(),
        score.admonitions.recall(),
        score.prose.f1(),
    ];
    // A share that is not whole must not look so.
    shares.iter().map(|share| format!("{:.3}", (share * 1000.0).floor() / 1000.0)).collect()
}

/// What is known about the causes; a text for readers of the table.
const REASONS: &str = include_str!("reasons.md");
