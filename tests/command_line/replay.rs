//! A recorded crawl gives the same skill, byte for byte, without a network.

use std::process::Command;

use serde_json::json;

use crate::support::sandbox::{Run, Sandbox, finish};
use crate::support::server::{Site, SiteServer};

/// The bundled site's recorded crawl.
fn recorded() -> String {
    format!("{}/fixtures/archives/spa.wacz", env!("CARGO_MANIFEST_DIR"))
}

/// Runs the program in a network namespace without any interface, so that a socket could reach nothing.
fn run_without_network(sandbox: &Sandbox, arguments: &[&str]) -> Run {
    let inner = sandbox.command(arguments);
    let mut command = Command::new("unshare");
    command.args(["--map-root-user", "--net", "--"]).arg(inner.get_program()).args(inner.get_args());
    command.current_dir(sandbox.path("."));
    finish(&mut command)
}

#[test]
fn networking_is_really_denied_there() {
    let server = SiteServer::start(Site::default());
    let address = server.url("").replace("http://", "");
    let (host, port) = address.split_once(':').unwrap();
    let connect = format!("exec 3<>/dev/tcp/{host}/{port}");
    let reachable = finish(Command::new("bash").args(["-c", &connect]));
    assert_eq!(reachable.code, 0, "{}", reachable.stderr);
    let denied =
        finish(Command::new("unshare").args(["--map-root-user", "--net", "--", "bash", "-c", &connect]));
    assert_ne!(denied.code, 0, "a connection went through without a network");
}

#[test]
fn the_same_archive_gives_the_same_bytes() {
    let sandbox = Sandbox::new();
    sandbox.config("batchmv", &spa_config());
    let archive = recorded();
    for output in ["first", "second"] {
        let arguments = ["build", "batchmv", "--replay", &archive, "--output", output, "--json"];
        let run = run_without_network(&sandbox, &arguments).expect_code(0);
        assert!(run.json()["pages"]["kept"].as_u64().unwrap() >= 8, "{}", run.stdout);
    }
    let files = sandbox.files("first");
    assert_eq!(files, sandbox.files("second"));
    assert!(files.contains(&"batchmv.zip".to_owned()), "{files:?}");
    for file in &files {
        let read = |folder: &str| std::fs::read(sandbox.path(folder).join(file)).unwrap();
        assert!(read("first") == read("second"), "{file} differs");
    }
    assert!(!sandbox.path("crawls").exists(), "a replay records nothing");
}

#[test]
fn a_crawl_of_an_archive_gives_the_skill_of_the_archive() {
    let sandbox = Sandbox::new();
    sandbox.config("batchmv", &spa_config());
    let archive = recorded();
    run_without_network(&sandbox, &["scrape", "batchmv", "--replay", &archive]).expect_code(0);
    let report = sandbox.read("crawls/batchmv/report.jsonl");
    let refused = report.lines().find(|line| line.contains("/private/notes")).unwrap();
    assert!(refused.contains("robots_disallow"), "{refused}");
    sandbox.run(&["build", "batchmv", "--replay", "crawls/batchmv", "--output", "again"]).expect_code(0);
    sandbox.run(&["build", "batchmv", "--replay", &archive, "--output", "first"]).expect_code(0);
    // The checklist beside the skill tells what the crawl refused, which an archive does not know.
    let files = sandbox.files("first");
    let of_skill = files.iter().filter(|file| !file.contains(".QA.") && !file.contains(".qa."));
    for file in of_skill {
        let read = |folder: &str| std::fs::read(sandbox.path(folder).join(file)).unwrap();
        assert!(read("first") == read("again"), "{file} differs");
    }
}

#[test]
fn saved_pages_become_a_skill() {
    let sandbox = Sandbox::new();
    sandbox.config("saved", &json!({"name": "saved", "base_url": "https://d.example/docs/"}));
    std::fs::create_dir(sandbox.path("pages")).unwrap();
    sandbox.write(
        "pages/start.html",
        "<html><head><title>Start</title></head><body><main><h1>Start</h1><p>Install the tool before anything else.</p>\
         <pre><code class=\"language-bash\">tool install\n</code></pre></main></body></html>",
    );
    sandbox.write("pages/twin.md", "# Options\n\nEvery option has a *default* that suits most people.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n");
    sandbox.write(
        "pages/pages.jsonl",
        "{\"url\": \"https://d.example/docs/start\", \"sent\": \"start.html\"}\n\
         {\"url\": \"https://d.example/docs/options\", \"twin\": \"twin.md\"}\n\
         {\"url\": \"https://d.example/blog/news\", \"sent\": \"start.html\"}\n",
    );
    let run = sandbox.run(&["build", "saved", "--replay", "pages/pages.jsonl", "--json"]).expect_code(0);
    assert_eq!(run.json()["pages"]["kept"], 2, "{}", run.stdout);
    assert_eq!(run.json()["pages"]["skipped"]["out_of_scope"], 1, "{}", run.stdout);
    let references: String = sandbox
        .files("output/saved/references")
        .iter()
        .map(|file| sandbox.read(&format!("output/saved/references/{file}")))
        .collect();
    assert!(references.contains("```bash\ntool install\n```"), "{references}");
    assert!(references.contains("| 1 | 2 |") && references.contains("*default*"), "{references}");
}

#[test]
fn a_line_that_is_no_page_is_named() {
    let sandbox = Sandbox::new();
    sandbox.config("saved", &json!({"name": "saved", "base_url": "https://d.example/docs/"}));
    sandbox.write("pages.jsonl", "{\"url\": \"https://d.example/docs/\", \"sent\": \"missing.html\"}\n");
    let run = sandbox.run(&["build", "saved", "--replay", "pages.jsonl"]).expect_code(1);
    assert!(run.stderr.contains("missing.html"), "{}", run.stderr);
    sandbox.write("pages.jsonl", "\nnot json\n");
    let run = sandbox.run(&["build", "saved", "--replay", "pages.jsonl"]).expect_code(1);
    assert!(run.stderr.contains("pages.jsonl") && run.stderr.contains('2'), "{}", run.stderr);
    assert!(!sandbox.path("output").exists());
}

/// The config of the bundled site as it was recorded.
fn spa_config() -> serde_json::Value {
    json!({"name": "batchmv", "base_url": "http://127.0.0.1:8642/", "description": "The bundled site."})
}
