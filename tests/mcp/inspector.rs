//! The Inspector's command line lists everything and calls each tool.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::npm::package;
use crate::site::{expect_nobody_in, folder, site};

/// The Inspector of the protocol's own authors.
const INSPECTOR: &str = "@modelcontextprotocol/inspector@2.12.0";

/// The Inspector's launcher.
fn launcher() -> PathBuf {
    package("mcp-inspector", INSPECTOR)
        .join("node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js")
}

/// Runs the Inspector on a server in a folder; its exit code and what it printed.
fn inspect(work: &Path, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new("node")
        .arg(launcher())
        .args(["--cli", env!("CARGO_BIN_EXE_skillcrawl"), "mcp", "--cwd"])
        .arg(work)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr))
}

#[track_caller]
fn inspect_json(work: &Path, arguments: &[&str]) -> Value {
    let (_, stdout, stderr) = inspect(work, arguments);
    serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {stdout}\n{stderr}"))
}

#[test]
fn the_inspector_lists_everything_and_finds_nothing_to_mend() {
    let site = site(1);
    let (work, _sandbox) = folder(&site);
    let (code, stdout, stderr) = inspect(&work, &["--method", "tools/list", "--strict"]);
    assert_eq!(code, 0, "{stdout}\n{stderr}");
    let tools: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(tools["tools"].as_array().unwrap().len(), 15);
    let prompts = inspect_json(&work, &["--method", "prompts/list"]);
    assert_eq!(prompts["prompts"].as_array().unwrap().len(), 3);
    let resources = inspect_json(&work, &["--method", "resources/list"]);
    assert!(resources["resources"].as_array().unwrap().len() >= 5, "{resources}");
    let read = inspect_json(&work, &["--method", "resources/read", "--uri", "skill://docs/SKILL.md"]);
    assert!(read["contents"][0]["text"].as_str().unwrap().contains("# Docs"), "{read}");
    expect_nobody_in(&work);
}

#[test]
fn the_inspector_calls_each_tool() {
    let site = site(6);
    let (work, _sandbox) = folder(&site);
    let check = |tool: &str, arguments: &[&str], works: bool| {
        let mut words = vec!["--method", "tools/call", "--tool-name", tool];
        if !arguments.is_empty() {
            words.push("--tool-arg");
            words.extend(arguments);
        }
        let result = inspect_json(&work, &words);
        assert_eq!(result["isError"].as_bool().unwrap_or(false), !works, "{tool}: {result}");
        assert!(result["structuredContent"].is_object(), "{tool}: {result}");
        assert!(
            result["content"][0]["text"].as_str().is_some_and(|text| !text.is_empty()),
            "{tool}: {result}"
        );
    };
    let skill = "skill_dir=output/docs";
    check("list_configs", &[], true);
    check("validate_config", &["config_path=docs"], true);
    check("validate_skill", &[skill], true);
    check("search_skill", &[skill, "query=retry"], true);
    check("package_skill", &[skill], true);
    check("inspect_page", &["page=page.html"], true);
    check("scrape_docs", &["config_path=docs"], true);
    check("build_skill", &["config_path=docs", "replay=crawls/docs"], true);
    check("update_skill", &["config_path=docs"], true);
    check("crawl_status", &["config_path=docs"], true);
    check("check_selectors", &["config_path=docs"], true);
    let url = format!("url={}", site.url("/"));
    check("generate_config", &["name=fresh", &url], true);
    check("estimate_pages", &["config_path=fresh"], true);
    check("install_skill", &[skill, "agent=claude"], true);
    check("build_library", &["only=[\"docs\"]"], true);
    assert!(work.join(".claude/skills/docs/SKILL.md").is_file());
    assert!(work.join("claude-ai-research-skills/README.md").is_file());
    // What cannot work here is an error that the tool tells.
    check("generate_config", &["name=docs", "url=file:///x"], false);
    check("estimate_pages", &["config_path=missing"], false);
    check("install_skill", &["skill_dir=output/missing", "agent=claude"], false);
    check("build_library", &["only=[\"missing\"]"], false);
    expect_nobody_in(&work);
}
