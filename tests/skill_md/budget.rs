//! SKILL.md keeps below 500 lines and 5,000 tokens whatever the pages are.

use std::convert::Infallible;

use skillcrawl::fetched::Fetched;
use skillcrawl::pipeline::assemble;
use skillcrawl::skill::limits::Limits;
use skillcrawl::skill::text::tokens::tokens;
use skillcrawl::skill::validate::{Severity, validate};

use crate::pages::{config, page, read};

fn keeps_its_size(pages: Vec<Fetched>, base: &str) -> String {
    let pages = pages.into_iter().map(Ok::<_, Infallible>);
    let config = config("crate-box", base);
    let skill = assemble(pages, &config, &Limits::default(), &|fetched| read(fetched, &[])).unwrap().skill;
    let text = skill.files["SKILL.md"].clone();
    assert!(text.lines().count() < 500, "{} lines", text.lines().count());
    assert!(tokens(&text) < 5_000, "{} tokens", tokens(&text));
    let folder = tempfile::tempdir().unwrap();
    let written = skill.write_to(folder.path()).unwrap();
    let errors = validate(&written.folder).into_iter().filter(|finding| finding.file == "SKILL.md");
    assert_eq!(errors.filter(|finding| finding.severity == Severity::Error).collect::<Vec<_>>(), []);
    text
}

#[test]
fn titles_of_ten_thousand_characters() {
    let long = "extraordinary crates ".repeat(500);
    let unbroken = "x".repeat(10_000);
    let pages = (0..40).map(|number| {
        let (title, base) = if number % 2 == 0 { (&long, "a") } else { (&unbroken, "b") };
        page(
            &format!("https://tool.example/docs/{base}{number}"),
            &format!(
                "# {number} {title}\n\n{title} is a thing.\n\n## Known issues {title}\n\n### Error {title}\n\n{title}.\n\n> [!WARNING]\n> {title}\n\n```bash\npip install crate-box {title}\n```\n\n```python\ncrate_box(\"{title}\")\n```\n\n| k | v |\n|---|---|\n| `key_{number}` | {title} |\n"
            ),
        )
    });
    keeps_its_size(pages.collect(), "https://tool.example/docs/");
}

#[test]
fn one_page_and_a_thousand() {
    let one = keeps_its_size(
        vec![page("https://tool.example/docs/", "# Box\n\nA word.\n")],
        "https://tool.example/docs/",
    );
    assert!(one.contains("# "));
    let filler = "Crates are packed in layers, and each layer holds as many as fit. ".repeat(20);
    let pages = (0..1_000).map(|number| {
        let path = format!("https://tool.example/docs/part{}/page{number}", number % 90);
        page(
            &path,
            &format!(
                "# Packing crates of kind {number}\n\nCrate Box packs kind {number}. {filler}\n\n## `Packer.pack_kind_{number}()`\n\n> [!WARNING]\n> Kind {number} breaks when it is dropped from a height of {number} metres.\n\n```python\nfor layer in range({number}):\n    crate_box.pack(layer)\n```\n\nSee `Packer.pack_kind_{}()`.\n",
                number / 2
            ),
        )
    });
    let text = keeps_its_size(pages.collect(), "https://tool.example/docs/");
    for heading in ["## Tasks", "## What to read", "## Source"] {
        assert!(text.contains(heading), "{heading}");
    }
}
