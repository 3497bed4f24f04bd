//! Configs as files: what is wrong with them, what they mean, what the existing format becomes, and what the program
//! says of itself and of the machine.

use serde_json::{Value, json};

use crate::support::sandbox::Sandbox;

const OTHER_FORMAT: &str = r#"{
  "name": "Both_Sites",
  "description": "Two sites in one file. Use when either is meant.",
  "merge_mode": "rule-based",
  "sources": [
    {"type": "documentation", "base_url": "https://a.example/docs/", "max_pages": -1, "browser": true},
    {"type": "github", "repo": "owner/name", "include_issues": true},
    {"type": "documentation", "base_url": "https://b.example/", "skip_llms_txt": true}
  ]
}
"#;

#[test]
fn the_shipped_schema_is_the_program_s_own() {
    let printed = Sandbox::new().run(&["config", "schema"]).expect_code(0).stdout;
    let shipped = include_str!("../../configs/schema/config.schema.json");
    assert_eq!(printed, shipped, "run `skillcrawl config schema > configs/schema/config.schema.json`");
}

#[test]
fn each_config_is_checked_and_one_that_does_not_load_is_told() {
    let sandbox = Sandbox::new();
    let good =
        json!({"name": "good", "description": "A. Use when B.", "base_url": "https://d.example/docs/"});
    sandbox.config("good", &good);
    sandbox.config("key", &json!({"name": "key", "base_url": "https://d.example/", "seed": []}));
    let seed = json!({"name": "seed", "base_url": "https://d.example/docs/", "rate_limit": 0,
        "start_urls": ["https://d.example/docs/old/a"], "url_patterns": {"exclude": ["/old/"]}});
    sandbox.config("seed", &seed);
    let run = sandbox.run(&["config", "validate"]).expect_code(2);
    assert_eq!(
        run.stdout,
        "configs/good.json: valid\n\
         configs/key.json: unknown key `seed` in `configs/key.json`, line 4, column 3\n  \
         hint: did you mean `start_urls`?\n\
         configs/seed.json: the seed `https://d.example/docs/old/a` is out of scope: `url_patterns.exclude` has \
         `/old/`\n  hint: change the patterns, or choose another `base_url` or `start_urls`\n"
    );
    let one = sandbox.run(&["config", "validate", "good", "--json"]).expect_code(0).json();
    assert_eq!(one[0]["valid"], true);
    sandbox.run(&["config", "validate", "godo"]).expect_code(2);
}

#[test]
fn the_list_says_where_each_stands() {
    let sandbox = Sandbox::new();
    let library = json!({"folder": "1-first", "tier": 1, "phase": 2});
    sandbox.config("a", &json!({"name": "a", "base_url": "https://a.example/", "library": library}));
    sandbox.config("broken", &json!({"name": "broken"}));
    let run = sandbox.run(&["config", "list"]).expect_code(0);
    assert_eq!(
        run.stdout,
        "a       https://a.example/  1-first  tier 1  phase 2\n\
         broken  does not load: `base_url` in `configs/broken.json` is missing\n"
    );
    let of_tier = sandbox.run(&["config", "list", "--tier", "1", "--json"]).expect_code(0).json();
    assert_eq!(of_tier.as_array().map(Vec::len), Some(1));
    assert_eq!(of_tier[0]["phase"], 2);
}

#[test]
fn a_shown_config_leaves_nothing_to_the_program() {
    let sandbox = Sandbox::new();
    sandbox.config("docs", &json!({"name": "docs", "base_url": "https://d.example/docs/"}));
    let shown = sandbox.run(&["config", "show", "docs"]).expect_code(0).stdout;
    let config: Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(config["rate_limit"], 0.5);
    assert_eq!(config["start_urls"][0], "https://d.example/docs/");
    sandbox.write("configs/full.json", &shown);
    sandbox.run(&["config", "validate", "full"]).expect_code(0);
}

#[test]
fn the_existing_format_becomes_a_file_for_each_site() {
    let sandbox = Sandbox::new();
    sandbox.write("other.json", OTHER_FORMAT);
    let refused = sandbox.run(&["config", "convert", "other.json"]).expect_code(2);
    assert!(refused.stderr.contains("holds 2 documentation sites"), "{}", refused.stderr);
    let run = sandbox.run(&["config", "convert", "other.json", "--output", "configs"]).expect_code(0);
    assert_eq!(run.stdout, "configs/both-sites-1.json\nconfigs/both-sites-2.json\n");
    assert!(run.stderr.contains("source 2 is of type `github` and is left out"), "{}", run.stderr);
    sandbox.run(&["config", "validate"]).expect_code(0);
    let first: Value = serde_json::from_str(&sandbox.read("configs/both-sites-1.json")).unwrap();
    assert_eq!((&first["render"], &first["max_pages"]), (&json!("always"), &Value::Null));
    let again = sandbox.run(&["config", "convert", "other.json", "--output", "configs"]).expect_code(2);
    assert!(again.stderr.contains("is there already"), "{}", again.stderr);
    sandbox.run(&["config", "convert", "other.json", "--output", "configs", "--force"]).expect_code(0);
}

#[test]
fn the_doctor_looks_at_everything() {
    let sandbox = Sandbox::new();
    let chrome = crate::support::chrome::chrome().display().to_string();
    let found = sandbox.run(&["doctor", "--chrome", &chrome, "--json"]).expect_code(0).json();
    let about: Vec<&str> =
        found["checks"].as_array().unwrap().iter().map(|check| check["about"].as_str().unwrap()).collect();
    for what in ["skillcrawl", "browser", "sandbox", "fonts", "folder", "profiles", "configs", "network"] {
        assert!(about.contains(&what), "{about:?}");
    }
    let missing = sandbox.run(&["doctor", "--chrome", "no-such-browser"]).expect_code(5);
    assert!(missing.stdout.contains("bad     browser: "), "{}", missing.stdout);
}

#[test]
fn the_program_describes_itself_to_shells_and_readers() {
    let sandbox = Sandbox::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = sandbox.run(&["completions", shell]).expect_code(0).stdout;
        assert!(script.contains("skillcrawl") && script.contains("max-pages"), "{shell}");
    }
    let page = sandbox.run(&["man"]).expect_code(0).stdout;
    assert!(page.starts_with(".ie") || page.contains(".TH skillcrawl 1"), "{page}");
    sandbox.run(&["man", "--output", "man"]).expect_code(0);
    let pages = sandbox.files("man");
    assert!(pages.contains(&"skillcrawl-config-convert.1".to_owned()), "{pages:?}");
}
