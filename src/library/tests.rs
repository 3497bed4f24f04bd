use super::json::index_json;
use super::read::{SkillTexts, entry};
use super::readme::readme;
use super::router;
use super::{Checklist, Entry, Tokens, json, readme as readmes, sort};

fn plain(category: Option<&str>, name: &str) -> Entry {
    Entry {
        name: name.to_owned(),
        category: category.map(str::to_owned),
        description: format!("The tool {name}. Use when a|b."),
        pages: Some(1),
        tokens: Tokens { skill_md: 1_000, references: 200_000 },
        topics: Vec::new(),
        version: None,
        source: None,
        checklist: None,
        date: None,
        zip_bytes: None,
    }
}

#[test]
fn categories_are_in_the_order_of_their_numbers() {
    let mut entries = vec![
        plain(None, "loose"),
        plain(Some("10-last"), "a"),
        plain(Some("2-second"), "z"),
        plain(Some("2-second"), "b"),
        plain(Some("other"), "c"),
    ];
    sort(&mut entries);
    let paths: Vec<String> = entries.iter().map(Entry::path).collect();
    assert_eq!(paths, ["2-second/b", "2-second/z", "10-last/a", "other/c", "loose"]);
}

#[test]
fn a_skill_is_read_from_its_texts() {
    let provenance = r#"{"name": "tool", "base_url": "https://d.example/", "fetched":
        {"first": "2026-01-02T03:04:05Z", "last": "2026-01-03T03:04:05.5Z"}, "pages": [{}, {}, {}]}"#;
    let checklist = r#"{"name": "tool", "score": 92, "items": [{"verdict": "pass"}, {"verdict": "pass"},
        {"verdict": "remark"}, {"verdict": "unmeasured"}]}"#;
    let texts = SkillTexts {
        name: "tool",
        category: Some("1-tools"),
        skill_md: "---\nname: tool\ndescription: \"A tool.  Use it.\"\nmetadata:\n  version: \"1.2\"\n---\n# Tool\n",
        references: &[("getting-started.md".to_owned(), "Hello, world!".to_owned())],
        provenance: Some(provenance),
        checklist: Some(checklist),
        zip_bytes: Some(7),
    };
    let read = entry(&texts).unwrap();
    assert_eq!(read.description, "A tool. Use it.");
    assert_eq!((read.pages, read.tokens.references), (Some(3), 4));
    assert_eq!(read.topics, ["getting started"]);
    assert_eq!((read.version.as_deref(), read.date.as_deref()), (Some("1.2"), Some("2026-01-03")));
    assert_eq!(read.source.as_deref(), Some("https://d.example/"));
    assert_eq!(read.checklist, Some(Checklist { score: Some(92), passed: 2, remarks: 1, failed: 0 }));

    // A skill of another maker has nothing but its SKILL.md.
    let bare =
        SkillTexts { provenance: None, checklist: Some("{"), zip_bytes: None, references: &[], ..texts };
    let read = entry(&bare).unwrap();
    assert_eq!((read.pages, read.checklist, read.date), (None, None, None));
    let without = SkillTexts { skill_md: "---\nname: tool\n---\n", ..bare };
    assert_eq!(entry(&without).unwrap_err().to_string(), "its `SKILL.md` has no description");
}

#[test]
fn the_index_shows_what_is_known() {
    let mut known = plain(Some("1-tools"), "tool");
    known.version = Some("0123456789abcdef0123456789abcdef01234567".to_owned());
    known.source = Some("https://d.example/docs/".to_owned());
    known.date = Some("2026-01-03".to_owned());
    let entries = [known, plain(Some("1-tools"), "other")];
    let text = readme(&entries);
    assert_eq!(
        text.split_once("\n\n").unwrap().1,
        "# Skills\n\n2 skills, 2 pages, 402,000 tokens.\n\n## 1-tools\n\n\
         | Skill | What it is for | Pages | Tokens | Version | Source | Fetched |\n\
         |---|---|---:|---:|---|---|---|\n\
         | [tool](1-tools/tool/SKILL.md) | The tool tool. Use when a\\|b. | 1 | 201,000 | `0123456789ab` | \
         [d.example/docs](<https://d.example/docs/>) | 2026-01-03 |\n\
         | [other](1-tools/other/SKILL.md) | The tool other. Use when a\\|b. | 1 | 201,000 |  |  |  |\n"
    );
    assert!(readmes::is_ours(&text) && !readmes::is_ours("# My skills\n"));
    let json = index_json(&entries);
    let index: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(index["skills"][0]["path"], "1-tools/tool");
    assert_eq!(index["skills"][0]["version"], "0123456789abcdef0123456789abcdef01234567");
    assert!(json::is_ours(&json) && !json::is_ours("{}"));
}

#[test]
fn a_router_is_named_after_the_library_and_is_no_entry() {
    for (library, name) in [
        ("claude-ai-research-skills", "ai-research-skills"),
        ("My Skills", "my-skills"),
        ("claude", "skills"),
        ("", "skills"),
    ] {
        assert_eq!(router::name(library), name);
    }
    let skill = router::router(&[plain(Some("1-tools"), "tool")], "claude-ai-research-skills");
    let text = &skill.files["SKILL.md"];
    assert!(text.contains("name: ai-research-skills\n") && text.contains("# ai research\n"), "{text}");
    assert!(text.contains("../1-tools/tool/SKILL.md"), "{text}");
    let texts = SkillTexts {
        name: "ai-research-skills",
        category: None,
        skill_md: text,
        references: &[],
        provenance: Some(&skill.files["skill.json"]),
        checklist: None,
        zip_bytes: None,
    };
    assert_eq!(entry(&texts).unwrap_err().to_string(), "it leads to the other skills");
}
