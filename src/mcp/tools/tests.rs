use serde_json::{Value, json};

use super::{LARGEST_ARGUMENTS, Plan, tools};
use crate::mcp::error::ToolError;
use crate::mcp::roots::Roots;

fn plan(tool: &str, arguments: Value, roots: &Roots) -> Result<Plan, ToolError> {
    let tools = tools();
    let tool = tools.iter().find(|known| known.definition.name == tool).unwrap();
    tool.plan(arguments.as_object().cloned(), roots)
}

fn folder() -> (tempfile::TempDir, Roots) {
    let folder = tempfile::tempdir().unwrap();
    let roots = Roots::working_folder(&folder.path().canonicalize().unwrap());
    (folder, roots)
}

#[test]
fn the_calls_of_the_seed_plan_are_command_lines() {
    let (_keep, roots) = folder();
    let check = |tool: &str, arguments: Value, words: &[&str]| {
        assert_eq!(plan(tool, arguments, &roots).unwrap().words, words, "{tool}");
    };
    check(
        "generate_config",
        json!({"name": "axolotl", "url": "https://docs.axolotl.example", "description": "--force"}),
        &["generate", "--name=axolotl", "--description=--force", "--", "https://docs.axolotl.example"],
    );
    check(
        "estimate_pages",
        json!({"config_path": "configs/axolotl.json"}),
        &["estimate", "--", "configs/axolotl.json"],
    );
    check(
        "scrape_docs",
        json!({"config_path": "configs/axolotl.json"}),
        &["build", "--", "configs/axolotl.json"],
    );
    check("package_skill", json!({"skill_dir": "output/axolotl/"}), &["package", "--", "output/axolotl/"]);
}

#[test]
fn every_tool_says_what_it_takes_gives_and_does() {
    let tools = tools();
    assert_eq!(tools.len(), 15);
    for tool in &tools {
        let definition = &tool.definition;
        let name = &definition.name;
        assert!(definition.description.as_ref().is_some_and(|text| text.len() > 60), "{name}");
        assert!(definition.title.is_some() && definition.output_schema.is_some(), "{name}");
        assert!(
            definition.annotations.as_ref().is_some_and(|hints| hints.read_only_hint.is_some()),
            "{name}"
        );
        assert_eq!(definition.input_schema["additionalProperties"], false, "{name}");
        for (argument, schema) in definition.input_schema["properties"].as_object().unwrap() {
            assert!(schema["description"].is_string(), "{name}: {argument}");
        }
        let output = definition.output_schema.as_ref().unwrap();
        assert!(output.get("required").is_none() && output["type"] == "object", "{name}: {output:?}");
        assert!(output["properties"]["exit_code"]["description"].is_string(), "{name}");
    }
}

#[test]
fn what_a_tool_does_not_take_is_refused() {
    let (_keep, roots) = folder();
    let check = |tool: &str, arguments: Value, said: &str| {
        let error = plan(tool, arguments, &roots).unwrap_err();
        assert!(error.message.contains(said), "{}", error.message);
        assert!(error.hint.is_some(), "{}", error.message);
    };
    check("scrape_docs", json!({}), "config_path");
    check("scrape_docs", json!({"config_path": 5}), "invalid type");
    check("scrape_docs", json!({"config_path": "a", "output": "b"}), "unknown field `output`");
    check("generate_config", json!({"name": "../a", "url": "https://docs.example"}), "no skill name");
    check("generate_config", json!({"name": "a", "url": "file:///etc/passwd"}), "no address of the web");
    check("inspect_page", json!({"page": "file:///etc/passwd"}), "no address of the web");
    check("search_skill", json!({"skill_dir": "a", "query": "x".repeat(LARGEST_ARGUMENTS)}), "bytes");
    let path = json!("../../etc/passwd");
    for (tool, argument) in [
        ("estimate_pages", "config_path"),
        ("scrape_docs", "config_path"),
        ("build_skill", "config_path"),
        ("validate_config", "config_path"),
        ("check_selectors", "config_path"),
        ("update_skill", "config_path"),
        ("crawl_status", "config_path"),
        ("package_skill", "skill_dir"),
        ("validate_skill", "skill_dir"),
        ("inspect_page", "page"),
    ] {
        check(tool, json!({argument: path}), "may not be used");
        check(tool, json!({argument: "/etc/passwd"}), "may not be used");
    }
    check("install_skill", json!({"skill_dir": "a", "agent": "/etc"}), "may not be used");
    check("package_skill", json!({"skill_dir": "."}), "may not be used");
}

#[cfg(unix)]
#[test]
fn what_a_config_writes_has_to_be_inside_too() {
    use std::fs;
    use std::os::unix::fs::symlink;
    let (folder, roots) = folder();
    let other = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("configs")).unwrap();
    fs::create_dir_all(folder.path().join("output")).unwrap();
    fs::write(
        folder.path().join("configs/docs.json"),
        r#"{"name": "other-name", "base_url": "https://docs.example/"}"#,
    )
    .unwrap();
    assert!(plan("scrape_docs", json!({"config_path": "docs"}), &roots).is_ok());
    symlink(other.path(), folder.path().join("output/other-name")).unwrap();
    let error = plan("scrape_docs", json!({"config_path": "docs"}), &roots).unwrap_err();
    assert!(error.message.contains("output/other-name"), "{}", error.message);
    assert!(plan("validate_config", json!({"config_path": "docs"}), &roots).is_ok());
    symlink(other.path(), folder.path().join("selectors")).unwrap();
    assert!(plan("validate_config", json!({"config_path": "docs"}), &roots).is_err());
}
