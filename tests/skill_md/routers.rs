//! A skill that says which skill to open.

use skillcrawl::skill::router::{RouterEntry, router};
use skillcrawl::skill::skill_md::budget::fits;
use skillcrawl::skill::text::tokens::tokens;
use skillcrawl::skill::validate::validate;

fn entry(name: &str, category: &str, terms: &[&str]) -> RouterEntry {
    RouterEntry {
        name: name.to_owned(),
        folder: format!("../{name}"),
        description: format!("{name} moves boxes <fast>. Use when boxes are to be moved with {name}."),
        category: category.to_owned(),
        key_terms: terms.iter().map(|term| (*term).to_owned()).collect(),
    }
}

/// Writes the skill, which checks it, and asks for no findings at all.
fn is_valid(name: &str, entries: &[RouterEntry]) {
    let skill = router(name, "Boxes", entries);
    let folder = tempfile::tempdir().unwrap();
    let written = skill.write_to(folder.path()).unwrap();
    assert_eq!(validate(&written.folder), []);
    assert!(fits(&skill.files["SKILL.md"]));
    for (file, text) in &skill.files {
        assert!(tokens(text) <= 10_000, "{file}");
    }
}

#[test]
fn the_skills_are_listed_by_category_with_the_words_that_call_for_them() {
    let entries = [
        entry("cranes", "Lifting", &["boxes", "Crane.lift"]),
        entry("belts", "Moving", &["boxes", "Belt"]),
        entry("hoists", "Lifting", &["boxes"]),
    ];
    let skill = router("box-router", "Boxes", &entries);
    let text = &skill.files["SKILL.md"];
    let body = &text[text.find("# Boxes").unwrap()..];
    // The word that all share comes after those that tell the skills apart.
    assert!(body.contains("- **cranes** (`../cranes/SKILL.md`): cranes moves boxes \\<fast>. Use when boxes are to be moved with cranes. Terms: Crane.lift, boxes\n- **hoists**"), "{body}");
    assert!(body.find("## Lifting").unwrap() < body.find("## Moving").unwrap());
    let description = text.lines().find(|line| line.starts_with("description: ")).unwrap();
    assert_eq!(
        description,
        "description: \"Says which of 3 skills on Boxes to open (Lifting: cranes, hoists; Moving: belts). Use when a task mentions Crane.lift, boxes, Belt.\""
    );
    assert_eq!(skill.files.len(), 1);
    is_valid("box-router", &entries);
}

#[test]
fn a_router_keeps_its_size_whatever_it_is_given() {
    let long = "very long words ".repeat(700);
    let many = |count: usize, categories: usize| -> Vec<RouterEntry> {
        (0..count)
            .map(|number| RouterEntry {
                description: format!("{long}{number}\u{200B}<b>"),
                key_terms: vec![long.clone(), format!("term{number}"), "`[x](y)`".into()],
                category: format!("Shelf {} {long}", number % categories),
                ..entry(&format!("skill-{number}"), "", &[])
            })
            .collect()
    };
    is_valid("few", &many(1, 1));
    is_valid("some", &many(40, 7));
    is_valid("more", &many(300, 7));
    is_valid("most", &many(600, 200));
}
