use std::collections::BTreeMap;

use super::{Found, search};

const GUIDE: &str = "# Guide

What it is.

## Training

Source: <https://docs.example/training>

Call `fit` to train a model.
It takes a data loader.

### Checkpoints

A checkpoint keeps the weights.
Set `save_every` to write one every so many steps.

```python
# Not a heading: training
trainer = Trainer(save_every=100)
```

## Training

The same heading once more, about serving.
";

fn files() -> BTreeMap<String, String> {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    BTreeMap::from([
        file(
            "SKILL.md",
            "---\nname: docs\ndescription: How to train. Use when training.\n---\n\n# Docs\n\nRead on.\n",
        ),
        file("references/guide.md", GUIDE),
    ])
}

fn ask(query: &str) -> Found {
    search(&files(), query, 0, 5)
}

#[test]
fn a_section_is_told_with_its_place() {
    let found = ask("save_every");
    let best = &found.hits[0];
    assert_eq!((best.file.as_str(), best.anchor.as_str()), ("references/guide.md", "checkpoints"));
    assert_eq!(best.heading, ["Guide", "Training", "Checkpoints"]);
    assert_eq!((best.first_line, best.last_line), (12, 20));
    assert!(best.excerpt.starts_with("Set `save_every` to write one"), "{}", best.excerpt);
    let lines: Vec<&str> = GUIDE.lines().collect();
    assert_eq!(lines[best.first_line - 1], "### Checkpoints");
    assert_eq!(lines[best.last_line - 1], "```");
}

#[test]
fn headings_count_more_and_repeated_ones_have_their_own_anchors() {
    let found = ask("training");
    let anchors: Vec<&str> = found.hits.iter().map(|hit| hit.anchor.as_str()).collect();
    assert!(anchors[..2].contains(&"training") && anchors[..2].contains(&"training-1"), "{anchors:?}");
    let serving = ask("serving");
    assert_eq!((serving.total, serving.hits[0].anchor.as_str()), (1, "training-1"));
}

#[test]
fn the_frontmatter_is_found_and_unknown_words_are_not() {
    assert!(ask("Use when").hits.iter().any(|hit| hit.file == "SKILL.md" && hit.first_line == 1));
    assert_eq!(ask("quaternion"), Found { total: 0, hits: Vec::new() });
    assert_eq!(ask("  ,, "), Found { total: 0, hits: Vec::new() });
}

#[test]
fn pages_of_an_answer_follow_each_other() {
    let all = search(&files(), "training model checkpoint", 0, 9);
    assert!(all.total >= 3 && all.hits.len() == all.total);
    let second = search(&files(), "training model checkpoint", 1, 1);
    assert_eq!((second.total, &second.hits[..]), (all.total, &all.hits[1..2]));
}
