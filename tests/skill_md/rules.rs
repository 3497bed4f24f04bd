//! What the sections of SKILL.md take from the pages, and what they leave.

use std::convert::Infallible;

use skillcrawl::fetched::Fetched;
use skillcrawl::pipeline::assemble;
use skillcrawl::skill::limits::Limits;

use crate::pages::{config, page, read};

const BASE: &str = "https://tool.example/docs/";

pub fn at(path: &str, markdown: &str) -> Fetched {
    page(&format!("{BASE}{path}"), markdown)
}

/// The SKILL.md of a site whose skill is called `crate-box`.
pub fn skill_md(pages: Vec<Fetched>) -> String {
    let pages = pages.into_iter().map(Ok::<_, Infallible>);
    let config = config("crate-box", BASE);
    let assembly = assemble(pages, &config, &Limits::default(), &|fetched| read(fetched, &[])).unwrap();
    assembly.skill.files["SKILL.md"].clone()
}

pub fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let Some(at) = text.find(&format!("\n## {heading}\n")) else { return "" };
    let rest = &text[at + 1..];
    rest.find("\n## ").map_or(rest, |end| &rest[..end])
}

fn description(text: &str) -> &str {
    text.lines().find(|line| line.starts_with("description: ")).unwrap()
}

#[test]
fn the_opening_is_what_the_tool_is_and_no_news() {
    let text = skill_md(vec![at(
        "",
        "# Crate Box\n\nUpdate May: Crate Box 3 is now available for everyone who signed up.\n\nWe use cookies to make this page a better place for you.\n\nThis page lists what is in the documentation of the box.\n\nCrate Box is a library that packs crates of any size. Please read the notes before you pack. It keeps them in order.\n",
    )]);
    assert!(
        text.contains("\n> Crate Box is a library that packs crates of any size. It keeps them in order.\n"),
        "{text}"
    );
    assert!(!text.contains("Update May") && !text.contains("cookies"));
}

#[test]
fn another_page_says_what_the_tool_is_where_the_first_does_not() {
    let text = skill_md(vec![
        at("", "# Docs\n\nPick a topic on the left to begin with your reading.\n"),
        at(
            "overview",
            "# Overview of Crate Box\n\nCrate Box packs crates. Crate Box is the packer of choice for small ships.\n",
        ),
    ]);
    assert!(text.contains("> Crate Box is the packer of choice for small ships."), "{text}");
}

#[test]
fn the_description_speaks_in_the_third_person_and_names_what_users_name() {
    let text = skill_md(vec![
        at(
            "",
            "# Crate Box\n\nCrate Box is a \\<fast> library that packs crates. With it you can pack faster. We like it.\n",
        ),
        at("stacking", "# Stacking heavy crates\n\nHeavy crates go below.\n"),
        at("api", "# Packer\n\n## `Packer.pack_all()`\n\nPacks all.\n"),
        at("guide", "# Guide\n\nCall `Packer.pack_all()` when `pack_all` is wanted.\n"),
    ]);
    let description = description(&text);
    assert!(
        description
            .contains("Crate Box is a fast library that packs crates. Use when working with Crate Box: "),
        "{description}"
    );
    assert!(
        description.contains("Stacking heavy crates") && description.contains("Documents Packer.pack_all."),
        "{description}"
    );
    for word in ["you can", "We like", "<", ">", "Guide;"] {
        assert!(!description.contains(word), "{word} in {description}");
    }
}

#[test]
fn a_description_without_a_sentence_in_the_third_person_takes_the_title() {
    let text = skill_md(vec![at(
        "",
        "# Crate Box - Packing for small ships\n\nCrate Box is a library where we provide tools. The library is integrated.\n",
    )]);
    assert!(description(&text).contains("\"Crate Box - Packing for small ships. Use when"), "{text}");
    assert!(text.contains("> Crate Box is a library where we provide tools."), "{text}");
}

#[test]
fn install_lines_are_the_tool_s_own_with_their_variants() {
    let text = skill_md(vec![
        at("", "# Crate Box\n\nCrate Box is a library that packs crates.\n"),
        at(
            "install",
            "# Installation\n\n```bash\npip install numpy\n$ pip install crate-box\nconda install -c ships crate-box\ndocker run --rm \\\n  ships/crate-box:1\n```\n\nFrom source:\n\n```bash\ngit clone https://forge.example/ships/crate-box\ncd crate-box\npip install -e .\n```\n\n```bash\ngit clone https://forge.example/other/demo\ncd demo\npip install .\n```\n",
        ),
        at("example", "# Example\n\n```bash\npip install crate-box-extras\n```\n"),
    ]);
    let install = section(&text, "Install");
    assert!(
        install.starts_with("## Install\n\n```bash\npip install crate-box\nconda install -c ships crate-box\ndocker run --rm \\\n  ships/crate-box:1\n```\n\n```bash\ngit clone https://forge.example/ships/crate-box\ncd crate-box\npip install -e .\n```\n"),
        "{install}"
    );
    assert!(!install.contains("numpy") && !install.contains("demo") && !install.contains("extras"));
}

#[test]
fn the_quick_start_can_be_run_and_is_quoted_to_the_letter() {
    let text = skill_md(vec![
        at("", "# Crate Box\n\nCrate Box is a library that packs crates.\n"),
        at(
            "quickstart",
            "# Quick start\n\n```bash\npip install crate-box\ncd crates\n```\n\nThe settings:\n\n```yaml\ndepth: 3\n```\n\nThere is more. Pack a first crate:\n\n```python\nfrom crate_box import Packer\n\n\nPacker( \"a\" ).pack()\n```\n\nThe output looks like this:\n\n```\npacked 1\n```\n\nThen:\n\n```javascript\npack()\n```\n\nUnpack it:\n\n```python\nPacker(\"a\").unpack()\n```\n",
        ),
    ]);
    assert_eq!(
        section(&text, "Quick start"),
        "## Quick start\n\nThere is more. Pack a first crate:\n\n```python\nfrom crate_box import Packer\n\n\nPacker( \"a\" ).pack()\n```\n\nUnpack it:\n\n```python\nPacker(\"a\").unpack()\n```\n\nFrom [Quick start](references/overview.md#quick-start).\n"
    );
}

#[test]
fn imports_alone_and_outputs_are_no_quick_start() {
    let text = skill_md(vec![
        at(
            "",
            "# Crate Box\n\nCrate Box is a library that packs crates.\n\n```python\nimport crate_box\n```\n",
        ),
        at("quickstart", "# Quickstart\n\n```text\npacked 1\n```\n"),
    ]);
    assert_eq!(section(&text, "Quick start"), "");
    assert_eq!(section(&text, "Example"), "");
}

#[test]
fn tasks_are_said_as_they_are_done_and_news_are_none() {
    let text = skill_md(vec![
        at("", "# Crate Box\n\nCrate Box is a library that packs crates.\n"),
        at(
            "tuning",
            "# Fine-tuning with weights\n\nWeights are fine things.\n\n## How to weigh a crate\n\nPut it on the scale.\n",
        ),
        at("ships", "# Ships and harbours\n\nShips lie in harbours.\n"),
        at("changelog", "# Changelog\n\n## 2.4.1 (2025-05-01)\n\nFixed.\n"),
    ]);
    let tasks = section(&text, "Tasks");
    for task in [
        "- To fine-tune with weights, read [references/",
        "- To weigh a crate, read [references/",
        "- For Ships and harbours, read [",
    ] {
        assert!(tasks.contains(task), "{task} in {tasks}");
    }
    assert!(tasks.contains("#how-to-weigh-a-crate)"), "{tasks}");
    // A section's task says of which page it is.
    assert!(tasks.contains("#how-to-weigh-a-crate) (Fine-tuning with weights)\n"), "{tasks}");
    assert!(!tasks.contains("hangelog"));
}

#[test]
fn names_and_settings_are_the_tool_s_own() {
    let text = skill_md(vec![
        at("", "# Crate Box\n\nCrate Box is a library that packs crates.\n"),
        at(
            "config",
            "# Configuration\n\n| key | meaning |\n| --- | --- |\n| `max_depth` | layers |\n| `int` | no |\n| `setup_file.py` | no |\n| `--dry-run` | show only |\n| `--help` | no |\n",
        ),
        at("api", "# Packer\n\n## `crate_box.CratePacker`\n\nPacks.\n\n## `ValueError`\n\nNo.\n"),
        at("guide", "# Guide\n\nGive `CratePacker` a `max_depth`, and `setup_file.py` its ValueError.\n"),
    ]);
    assert_eq!(
        section(&text, "Key names"),
        "## Key names\n\n- `crate_box.CratePacker`: [Packer](references/overview.md#packer)\n"
    );
    let settings = section(&text, "Settings");
    assert!(settings.contains("- `max_depth`, `--dry-run`: [Configuration]("), "{settings}");
    assert!(!settings.contains("int") && !settings.contains(".py") && !settings.contains("--help"));
}

#[test]
fn gotchas_come_from_warnings_and_from_questions_and_stand_alone() {
    let text = skill_md(vec![
        at("", "# Crate Box\n\nCrate Box is a library that packs crates.\n"),
        at(
            "guide",
            "# Guide\n\n## Deep crates\n\n> [!WARNING]\n> This feature is experimental and may break crates.\n\n> [!WARNING]\n> They are shown below in the table of all.\n\n> [!CAUTION]\n> This is a dangerous warning.\n\n## Known issues\n\n### The lid does not close\n\nPack fewer crates. The lid closes then.\n",
        ),
        at(
            "faq",
            "# FAQ\n\n**Q: Why is packing slow?**\n\nThe scale is off. Turn it on.\n\n## Background of the name\n\nThe name is an old one and has no meaning.\n",
        ),
    ]);
    let gotchas = section(&text, "Gotchas");
    for line in [
        "- **Deep crates**: This feature is experimental and may break crates. ([Guide](references/overview.md#deep-crates))\n",
        "- **The lid does not close** Pack fewer crates. The lid closes then. ([Guide](references/overview.md#the-lid-does-not-close))\n",
        "- **Why is packing slow?** The scale is off. Turn it on. ([FAQ](references/overview.md#faq))\n",
    ] {
        assert!(gotchas.contains(line), "{line} in {gotchas}");
    }
    for words in ["They are", "dangerous", "Background"] {
        assert!(!gotchas.contains(words), "{words} in {gotchas}");
    }
}

#[test]
fn version_and_licence_are_said_where_the_site_says_them() {
    let silent = skill_md(vec![at("", "# Crate Box\n\nCrate Box is a library that packs crates.\n")]);
    assert!(!silent.contains("license:") && !silent.contains("version"), "{silent}");
    let text = skill_md(vec![
        at(
            "",
            "# Crate Box\n\nCrate Box is a library that packs crates.\n\n## License\n\nCrate Box is released under the Apache License, Version 2.0.\n",
        ),
        at("changelog", "# Changelog\n\n## Unreleased\n\nx\n\n## [2.4.1] - 2025-05-01\n\nFixed.\n"),
    ]);
    assert!(text.contains("\nlicense: \"Apache-2.0\"\nmetadata:\n"), "{text}");
    assert!(text.contains("\n  version: \"2.4.1\"\n"), "{text}");
    assert!(section(&text, "Source").contains(", version 2.4.1, licence Apache-2.0, fetched 2025-11-20."));
}

#[test]
fn tasks_are_written_as_within_a_sentence() {
    let text = skill_md(vec![
        at("", "# Crate Box\n\nCrate Box is a library that packs crates.\n"),
        at(
            "scale",
            "# Weighing\n\nA scale weighs a crate on Slurm. The scale is fine, and Slurm is.\n\n## Setting the Scale on Slurm\n\nPut it down.\n",
        ),
        at("why", "# Why Does a Lid Fit?\n\nLids are made to fit.\n"),
        at("troubleshoot", "# Troubleshoot\n\nOpen the lid when it does not close.\n"),
    ]);
    let tasks = section(&text, "Tasks");
    for task in
        ["- To set the scale on Slurm, read [", "- Why Does a Lid Fit? Read [", "- Troubleshoot, read ["]
    {
        assert!(tasks.contains(task), "{task} in {tasks}");
    }
}

#[test]
fn the_names_of_an_interface_are_no_tasks() {
    let text = skill_md(vec![
        at("", "# Crate Box\n\nCrate Box is a library that packs crates.\n"),
        at("lid", "# Lid\n\n<dl><dt><code>box.Lid(wood)</code></dt><dd><p>A lid.</p></dd></dl>\n"),
        at("ships", "# Ships\n\nShips lie in harbours.\n"),
    ]);
    let tasks = section(&text, "Tasks");
    assert!(tasks.contains("- For Ships, read [") && !tasks.contains("Lid"), "{tasks}");
}

#[test]
fn gotchas_are_whole_statements_with_their_subject() {
    let text = skill_md(vec![
        at("", "# Crate Box\n\nCrate Box is a library that packs crates.\n"),
        at(
            "guide",
            "# Guide\n\n## Typed lids\n\n> [!WARNING]\n> Currently this approach only fits oak. See the page on oak for more.\n\n## Boxes of text\n\n> [!WARNING]\n> Danger zone, do not proceed\n\n> [!WARNING]\n> Note: lids of wood swell when they are wet.\n",
        ),
    ]);
    let gotchas = section(&text, "Gotchas");
    assert!(
        gotchas.contains("- **Typed lids**: Currently this approach only fits oak. ([Guide]"),
        "{gotchas}"
    );
    assert!(gotchas.contains("- lids of wood swell when they are wet. ([Guide]"), "{gotchas}");
    assert!(!gotchas.contains("Danger zone"), "{gotchas}");
}

#[test]
fn settings_that_are_used_most_come_first() {
    let text = skill_md(vec![
        at("", "# Crate Box\n\nCrate Box is a library that packs crates.\n"),
        at(
            "config",
            "# Configuration\n\n| key | meaning |\n| --- | --- |\n| `a_lid` | no |\n| `max_depth` | layers |\n\nThe `max_depth` is the depth. Set `max_depth` first.\n",
        ),
    ]);
    assert!(section(&text, "Settings").contains("- `max_depth`, `a_lid`: [Configuration]("), "{text}");
}

#[test]
fn how_to_get_started_with_the_tool_may_say_what_it_is() {
    let text = skill_md(vec![
        at("guide/lids", "# Lids\n\nLids close crates that are open at their top.\n"),
        at("guide/start", "# Getting Started with Crate Box\n\nA library for packing crates of any size.\n"),
    ]);
    assert!(text.contains("> A library for packing crates of any size.\n"), "{text}");
}
