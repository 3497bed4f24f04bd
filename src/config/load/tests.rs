//! Configs as people write them, right and wrong.

use std::path::Path;
use std::time::Duration;

use super::{LoadedConfig, parse};
use crate::config::{Recycling, RenderMode};

fn load(text: &str) -> LoadedConfig {
    parse(text, Path::new("configs/site.json")).unwrap()
}

fn check_error(text: &str, message: &str, hint: Option<&str>) {
    let error = parse(text, Path::new("configs/site.json")).unwrap_err();
    assert_eq!(error.to_string(), message);
    assert_eq!(error.hint().as_deref(), hint);
}

#[test]
fn the_smallest_config_has_every_default() {
    let LoadedConfig { config, notes } = load(r#"{"name": "site", "base_url": "https://d.example"}"#);
    assert!(notes.is_empty());
    assert_eq!(config.scope.start_urls, std::slice::from_ref(&config.scope.base_url));
    assert_eq!(config.scope.max_pages, Some(500));
    assert_eq!(config.politeness.delay, Duration::from_millis(500));
    assert_eq!(config.fetch.render, RenderMode::Auto);
    assert!(config.scope.discover.sitemap && config.scope.discover.navigation);
}

#[test]
fn both_shapes_give_the_same_config() {
    let keys = r#""base_url": "https://d.example/en/", "selectors": {"main_content": "article", "title": "h1",
        "code_blocks": "pre"}, "url_patterns": {"include": [], "exclude": ["/search/"]},
        "categories": {"start": ["intro", "install"]}, "rate_limit": 0.5, "max_pages": 300"#;
    let flat = load(&format!(r#"{{"name": "site_docs", "description": "Site.", {keys}}}"#));
    let unified = load(&format!(
        r#"{{"name": "site_docs", "description": "Site.", "merge_mode": "rule-based",
            "sources": [{{"type": "documentation", "extract_api": true, {keys}}}]}}"#
    ));
    assert_eq!(flat.config, unified.config);
    assert_eq!(flat.config.name, "site-docs");
    assert_eq!(flat.config.skill.categories[0].1, ["intro", "install"]);
    assert_eq!(
        unified.notes,
        [
            "`extract_api` has no effect here",
            "`merge_mode` has no effect here",
            "the skill is named `site-docs`, as the Agent Skills specification writes `site_docs`",
        ]
    );
}

#[test]
fn no_limit_is_null_or_minus_one() {
    for typed in ["null", "-1"] {
        let text = format!(r#"{{"name": "a", "base_url": "https://d.example", "max_pages": {typed}}}"#);
        assert_eq!(load(&text).config.scope.max_pages, None);
    }
}

#[test]
fn unknown_keys_are_refused_with_their_place() {
    check_error(
        "{\n  \"name\": \"a\",\n  \"seed\": []\n}",
        "unknown key `seed` in `configs/site.json`, line 3, column 3",
        Some("did you mean `start_urls`?"),
    );
    check_error(
        "{\"name\": \"a\", \"selectors\": {\"main_contents\": \"x\"}}",
        "unknown key `main_contents` in `configs/site.json`, line 1, column 29",
        Some("did you mean `main_content`?"),
    );
    check_error("{\"qqq\": 1}", "unknown key `qqq` in `configs/site.json`, line 1, column 2", None);
}

#[test]
fn wrong_values_are_named() {
    check_error(
        r#"{"name": "a", "base_url": "d.example"}"#,
        "`base_url` in `configs/site.json` is `d.example`, which is no URL to crawl",
        Some("did you mean `https://d.example`?"),
    );
    check_error(
        r#"{"name": "A b!", "base_url": "https://d.example"}"#,
        "`name` in `configs/site.json` is `A b!`, which is no skill name",
        Some("use lower-case letters, digits and single hyphens, 64 characters at most"),
    );
    check_error(
        r#"{"name": "a", "max_pages": "many"}"#,
        "cannot read `configs/site.json`, line 1, column 33: `max_pages`: expected a whole number, not the text \"many\"",
        None,
    );
    check_error(
        r#"{"name": "a", "sources": [{"type": "github", "repo": "o/r"}]}"#,
        "source 1 of `configs/site.json` is of type `github`, which skillcrawl does not read",
        Some(
            "`skillcrawl config convert` makes a config of each `documentation` source; others are not turned into skills",
        ),
    );
    check_error(
        "{",
        "cannot read `configs/site.json`, line 1, column 1: the text ends within an object",
        None,
    );
}

#[test]
fn recycling_can_be_set_within_reason() {
    let with = |keys: &str| format!(r#"{{"name": "site", "base_url": "https://d.example", {keys}}}"#);
    assert_eq!(load(&with(r#""retries": 1"#)).config.fetch.recycling, Recycling::default());
    let set = load(&with(r#""pages_per_tab": 20, "pages_per_browser": 500, "memory_limit": 1024"#));
    let expected = Recycling { pages_per_tab: 20, pages_per_browser: 500, memory_limit: 1 << 30 };
    assert_eq!(set.config.fetch.recycling, expected);
    check_error(
        &with(r#""pages_per_tab": 0"#),
        "`pages_per_tab` in `configs/site.json` must be at least 1",
        None,
    );
    check_error(
        &with(r#""memory_limit": 100"#),
        "`memory_limit` in `configs/site.json` is 100; use 256 MB or more",
        Some("the number is in megabytes"),
    );
}
