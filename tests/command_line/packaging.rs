//! Checking, packing and installing a skill, without a network.

use std::fs;

use serde_json::Value;

use crate::support::sandbox::{Run, Sandbox, finish};
use crate::support::server::{Canned, Site, SiteServer};

const SKILL_MD: &str = "---\nname: docs\ndescription: The docs. Use when testing.\n---\n\n# Docs\n\nSee [the guide](references/guide.md).\n";

/// A folder with the skill `docs`.
fn skill() -> Sandbox {
    let sandbox = Sandbox::new();
    for folder in ["docs/references", "mine/docs", "bad"] {
        fs::create_dir_all(sandbox.path(folder)).unwrap();
    }
    sandbox.write("docs/SKILL.md", SKILL_MD);
    sandbox.write("docs/references/guide.md", "# Guide\n\nText.\n");
    sandbox
}

/// Runs the program with a home folder of its own.
fn run_at_home(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    finish(sandbox.command(arguments).env("HOME", sandbox.path("home")))
}

#[test]
fn a_skill_is_packed_under_two_names_and_checked_in_the_zip() {
    let sandbox = skill();
    let run = sandbox.run(&["package", "docs", "--json"]).expect_code(0);
    assert_eq!(run.json()["zip"], "docs.zip");
    assert_eq!(run.json()["skill"], "docs.skill");
    assert_eq!(fs::read(sandbox.path("docs.zip")).unwrap(), fs::read(sandbox.path("docs.skill")).unwrap());
    sandbox.run(&["package", "docs", "--format", "skill", "--output", "out/x.skill"]).expect_code(0);
    assert_eq!(sandbox.files("out"), ["x.skill"]);

    let report = sandbox.run(&["validate", "docs.skill", "--json"]).expect_code(0).json();
    assert_eq!((&report["valid"], &report["name"]), (&Value::Bool(true), &Value::from("docs")));
    assert_eq!(report["files"][1]["path"], "references/guide.md");
    assert_eq!(report["totals"]["fits"], serde_json::json!(["5mb", "8mb", "30mb"]));
    assert_eq!(report["findings"], serde_json::json!([]));
    assert!(report["totals"]["packed_bytes"].is_u64());

    sandbox.write("docs/references/lost.md", "# Lost\n");
    let run = sandbox.run(&["validate", "docs"]).expect_code(0);
    assert!(run.stdout.starts_with("warning: orphan (1)\n  references/lost.md: "), "{}", run.stdout);
    assert!(run.stdout.contains("  hint: ") && run.stdout.contains("\nvalid: 3 files, "), "{}", run.stdout);
    sandbox.run(&["validate", "docs", "--strict"]).expect_code(3);
    sandbox.run(&["validate", "docs", "--max-tokens", "1", "--size", "5mb"]).expect_code(0);
    sandbox.write("broken.zip", "no zip");
    sandbox.run(&["validate", "broken.zip"]).expect_code(3);
}

#[test]
fn a_skill_is_installed_for_an_agent() {
    let sandbox = skill();
    let home = |path: &str| sandbox.path(&format!("home/{path}"));
    let run = run_at_home(&sandbox, &["install", "docs", "--agent", "claude", "--dry-run"]).expect_code(0);
    assert!(run.stderr.contains("would be installed") && !sandbox.path("home").exists(), "{}", run.stderr);

    let run = run_at_home(&sandbox, &["install", "docs", "--agent", "claude", "--json"]).expect_code(0);
    assert_eq!(run.json()["done"], "installed");
    assert_eq!(fs::read_to_string(home(".claude/skills/docs/SKILL.md")).unwrap(), SKILL_MD);
    assert!(run.stderr.contains("note: Claude Code: "), "what to do next: {}", run.stderr);
    let run = run_at_home(&sandbox, &["install", "docs", "--agent", "claude", "--json"]).expect_code(0);
    assert_eq!(run.json()["done"], "unchanged");

    sandbox.run(&["package", "docs"]).expect_code(0);
    sandbox.write("docs/references/guide.md", "# Guide\n\nMore text.\n");
    let run = run_at_home(&sandbox, &["install", "docs", "--agent", "claude", "--json"]).expect_code(0);
    assert_eq!(run.json()["done"], "replaced");
    // The zip holds what the folder held before.
    run_at_home(&sandbox, &["install", "docs.skill", "--agent", "cursor", "--project"]).expect_code(0);
    assert_eq!(sandbox.read(".cursor/skills/docs/references/guide.md"), "# Guide\n\nText.\n");
    assert_eq!(sandbox.files(".cursor"), ["skills/docs/SKILL.md", "skills/docs/references/guide.md"]);
    run_at_home(&sandbox, &["install", "docs.zip", "--agent", "./mine"]).expect_code(0);
    assert_eq!(sandbox.read("mine/docs/SKILL.md"), SKILL_MD);

    let run = run_at_home(&sandbox, &["install", "--list", "--json"]).expect_code(0);
    let claude = run.json()[0].clone();
    assert_eq!((&claude["name"], &claude["user_is_there"]), (&Value::from("claude"), &Value::Bool(true)));
    assert_eq!(claude["project_is_there"], false);
}

#[test]
fn what_is_no_skill_of_that_name_is_neither_replaced_nor_installed() {
    let sandbox = skill();
    sandbox.write("mine/docs/thesis.txt", "mine");
    let run = sandbox.run(&["install", "docs", "--agent", "./mine"]).expect_code(1);
    assert!(run.stderr.contains("hint: ") && run.stderr.contains("--force"), "{}", run.stderr);
    assert_eq!(sandbox.files("mine"), ["docs/thesis.txt"]);
    sandbox.run(&["install", "docs", "--agent", "./mine", "--force"]).expect_code(0);
    assert_eq!(sandbox.files("mine"), ["docs/SKILL.md", "docs/references/guide.md"]);

    let run = sandbox.run(&["install", "docs", "--agent", "clude"]).expect_code(2);
    assert!(run.stderr.contains("`claude`"), "{}", run.stderr);
    sandbox.write("bad/SKILL.md", "# No frontmatter\n");
    sandbox.run(&["install", "bad", "--agent", "./mine"]).expect_code(1);
    sandbox.run(&["install", "nowhere", "--agent", "./mine"]).expect_code(2);
    sandbox.run(&["install", "docs"]).expect_code(2);
    assert_eq!(
        sandbox.files("mine"),
        ["docs/SKILL.md", "docs/references/guide.md"],
        "nothing half-copied stays"
    );
}

#[test]
fn the_quality_of_a_build_is_counted_and_can_be_asked_for() {
    let page = "<html><head><title>Odd</title></head><body><p>A page without any landmark says a little.</p>\
        <pre>run()</pre></body></html>";
    let server = SiteServer::start(Site::default().with("/", Canned::html(page)));
    let sandbox = Sandbox::new();
    let config = serde_json::json!({
        "name": "odd", "description": "Odd. Use when testing.", "base_url": server.url("/"), "rate_limit": 0,
    });
    sandbox.config("odd", &config);
    let run =
        sandbox.run(&["build", "odd", "--render", "never", "--fail-under", "99", "--json"]).expect_code(3);
    let quality = run.json()["quality"].clone();
    let written: Value = serde_json::from_str(&sandbox.read("output/odd.qa.json")).unwrap();
    assert_eq!(quality, written);
    let score = quality["score"].as_u64().unwrap();
    assert!(
        score < 99 && run.stderr.contains(&format!("the quality is {score} of 100, below 99: ")),
        "{}",
        run.stderr
    );
    let item =
        |id: &str| quality["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap().clone();
    assert_eq!((&item("config")["verdict"], &item("target")["verdict"]), (&"fail".into(), &"remark".into()));
    assert_eq!(item("code")["counts"], serde_json::json!({"html": 1, "markdown": 1, "pages_with_losses": 0}));
    assert_eq!(item("packaged")["counts"]["valid"], 2);
    assert!(sandbox.read("output/odd.QA.md").contains(&format!("{score}/100 = ")));
    // The skill itself is in place, and knows nothing of it.
    assert!(!sandbox.files("output/odd").iter().any(|file| file.contains("qa")));
    sandbox.run(&["build", "odd", "--render", "never", "--fail-under", "10"]).expect_code(0);
}
