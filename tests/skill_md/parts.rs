//! A skill that is too large becomes a router and parts, each a skill of its own.

use std::convert::Infallible;

use serde_json::Value;
use skillcrawl::fetched::Fetched;
use skillcrawl::pipeline::{Assembly, PageOutcome, assemble};
use skillcrawl::skill::limits::Limits;
use skillcrawl::skill::skill_md::budget::fits;
use skillcrawl::skill::text::tokens::tokens;
use skillcrawl::skill::validate::validate;

use crate::pages::{config, item, page, read};

const BASE: &str = "https://tool.example/docs/";

fn built(router: Option<usize>) -> Assembly {
    let link = |group: &str, number: usize| format!("{BASE}{group}/{number}");
    let groups = ["Packing", "Shipping", "Small matters"];
    let filler = "Crates are packed in layers, and each layer holds as many as fit. ".repeat(120);
    let of_group = |group: &str| if group == "Small matters" { 1 } else { 20 };
    let mut pages: Vec<Fetched> = groups
        .iter()
        .flat_map(|group| (0..of_group(group)).map(move |number| (group, number)))
        .map(|(group, number)| {
            let text = format!("# {group} of kind {number}\n\n{group} number {number}. {filler}\n\nFor {group} {number} see [ship {number}](https://tool.example/docs/Shipping/1).\n");
            page(&link(&group.replace(' ', "-"), number), &text)
        })
        .collect();
    pages.push(page(BASE, "# Crate Box\n\nCrate Box is a library that packs crates.\n"));
    let menu: Vec<_> = groups
        .iter()
        .map(|group| {
            let entry = |number| {
                item(
                    &format!("{group} of kind {number}"),
                    Some(&link(&group.replace(' ', "-"), number)),
                    vec![],
                )
            };
            item(group, None, (0..of_group(group)).map(entry).collect())
        })
        .collect();
    let limits = Limits { router, ..Limits::default() };
    let pages = pages.into_iter().map(Ok::<_, Infallible>);
    assemble(pages, &config("crate-box", BASE), &limits, &|fetched| read(fetched, &menu)).unwrap()
}

#[test]
fn a_large_skill_becomes_a_router_and_parts() {
    let assembly = built(Some(10_000));
    let names: Vec<&str> = assembly.parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["crate-box-packing", "crate-box-shipping"]);
    let output = tempfile::tempdir().unwrap();
    for skill in assembly.parts.iter().chain([&assembly.skill]) {
        let written = skill.write_to(output.path()).unwrap();
        assert_eq!(validate(&written.folder), [], "{}", skill.name);
        assert!(fits(&skill.files["SKILL.md"]));
        assert!(skill.files.iter().all(|(file, text)| file == "skill.json" || tokens(text) <= 10_000));
    }
    let router = &assembly.skill.files["SKILL.md"];
    assert!(router.contains("# Crate Box\n\n- **crate-box-packing** (`../crate-box-packing/SKILL.md`): Crate Box is a library that packs crates. Covers "), "{router}");
    assert!(assembly.parts[0].files["SKILL.md"].contains("# Crate Box (Overview, Packing)"));
    for report in &assembly.pages {
        let PageOutcome::Kept { file } = &report.outcome else { panic!("{report:?}") };
        assert!(output.path().join("crate-box").join(file).is_file(), "{file}");
    }
    let provenance: Value = serde_json::from_str(&assembly.skill.files["skill.json"]).unwrap();
    assert_eq!(provenance["parts"], serde_json::json!(names));
    assert_eq!(provenance["pages"].as_array().unwrap().len(), 42);
    let file = provenance["pages"][1]["files"][0].as_str().unwrap();
    assert!(file.starts_with("../crate-box-packing/references/"), "{file}");
    // Links within a part stay in the skill, those to another part lead to the web.
    let text = |part: usize| assembly.parts[part].files.values().cloned().collect::<String>();
    assert!(text(0).contains("](https://tool.example/docs/Shipping/1)"));
    assert!(!text(1).contains("](https://tool.example/docs/Shipping/1)"));
}

#[test]
fn a_skill_that_is_small_enough_stays_whole() {
    let (whole, small) = (built(None), built(Some(1_000_000)));
    assert!(small.parts.is_empty());
    assert_eq!(small.skill, whole.skill);
}
