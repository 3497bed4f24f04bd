//! What goes wrong is said plainly, with a hint, with an exit code of its own, and nothing half-written is left.

use serde_json::json;

use crate::support::sandbox::{Sandbox, finish};
use crate::support::server::{Canned, Site, SiteServer};

/// The folders that a failed command must not have left a skill in.
fn check_nothing_written(sandbox: &Sandbox) {
    assert!(!sandbox.path("output").exists(), "{:?}", sandbox.files("output"));
}

fn unused_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn an_unknown_key_is_refused_with_its_place() {
    let sandbox = Sandbox::new();
    sandbox.write("configs/docs.json", "{\n  \"name\": \"docs\",\n  \"seed\": [\"https://d.example\"]\n}\n");
    let run = sandbox.run(&["build", "docs"]).expect_code(2);
    assert_eq!(
        run.stderr,
        "error: unknown key `seed` in `configs/docs.json`, line 3, column 3\nhint: did you mean `start_urls`?\n"
    );
    check_nothing_written(&sandbox);
}

#[test]
fn a_missing_config_names_the_nearest() {
    let sandbox = Sandbox::new();
    sandbox.config("ray-train", &json!({"name": "ray-train", "base_url": "https://d.example"}));
    let run = sandbox.run(&["scrape", "ray-trian"]).expect_code(2);
    assert_eq!(
        run.stderr,
        "error: there is no config `ray-trian` or `configs/ray-trian.json`\nhint: did you mean `ray-train`?\n"
    );
}

#[test]
fn a_profile_that_does_not_exist_is_named() {
    let sandbox = Sandbox::new();
    sandbox.config("docs", &json!({"name": "docs", "base_url": "http://127.0.0.1:9", "profile": "sphynx"}));
    let run = sandbox.run(&["build", "docs", "--render", "never"]).expect_code(2);
    assert!(run.stderr.starts_with("error: "), "{}", run.stderr);
    assert!(
        run.stderr.contains("`sphynx`") && run.stderr.contains("hint: did you mean `sphinx`?"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_unreachable_host_is_an_error_and_leaves_no_skill() {
    let sandbox = Sandbox::new();
    let base_url = format!("http://127.0.0.1:{}/", unused_port());
    sandbox.config("docs", &json!({"name": "docs", "base_url": base_url, "rate_limit": 0, "retries": 0}));
    let run = sandbox.run(&["build", "docs", "--render", "never"]).expect_code(1);
    assert!(run.stderr.contains("error: "), "{}", run.stderr);
    assert!(run.stderr.contains(base_url.trim_end_matches('/')), "{}", run.stderr);
    assert!(run.stderr.contains("hint: "), "{}", run.stderr);
    check_nothing_written(&sandbox);
}

#[test]
fn a_robots_refusal_is_an_error_of_its_own() {
    let site = Site::default()
        .with("/robots.txt", Canned::text("User-agent: *\nDisallow: /\n"))
        .with("/docs/", Canned::html("<main><h1>Secret</h1><p>never read</p></main>"));
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    sandbox.config("docs", &json!({"name": "docs", "base_url": server.url("/docs/"), "rate_limit": 0}));
    let run = sandbox.run(&["build", "docs", "--render", "never"]).expect_code(4);
    assert!(run.stderr.contains("robots.txt"), "{}", run.stderr);
    assert!(run.stderr.contains("hint: "), "{}", run.stderr);
    assert_eq!(server.paths(), ["/robots.txt"]);
    check_nothing_written(&sandbox);
}

#[test]
fn a_missing_browser_is_an_error_of_its_own() {
    let sandbox = Sandbox::new();
    sandbox.config("docs", &json!({"name": "docs", "base_url": "http://127.0.0.1:9/", "render": "always"}));
    let run = sandbox.run(&["build", "docs", "--chrome", "/nowhere/chromium"]).expect_code(5);
    assert!(run.stderr.contains("/nowhere/chromium"), "{}", run.stderr);
    assert!(run.stderr.contains("hint: "), "{}", run.stderr);
    assert!(run.stderr.contains("skillcrawl browser install"), "{}", run.stderr);
    check_nothing_written(&sandbox);
}

#[test]
fn a_failed_build_leaves_the_last_good_skill_alone() {
    let good = Site::default()
        .with("/", Canned::html("<html><body><main><h1>Guide</h1><p>Enough words to be a page of documentation, with a paragraph that says something.</p></main></body></html>"));
    let server = SiteServer::start(good);
    let sandbox = Sandbox::new();
    sandbox.config("docs", &json!({"name": "docs", "base_url": server.url("/"), "rate_limit": 0}));
    sandbox.run(&["build", "docs", "--render", "never"]).expect_code(0);
    let before: Vec<(String, String)> = sandbox
        .files("output/docs")
        .into_iter()
        .map(|file| (file.clone(), sandbox.read(&format!("output/docs/{file}"))))
        .collect();
    drop(server);
    let base_url = format!("http://127.0.0.1:{}/", unused_port());
    sandbox.config("docs", &json!({"name": "docs", "base_url": base_url, "rate_limit": 0, "retries": 0}));
    sandbox.run(&["build", "docs", "--render", "never", "--fresh"]).expect_code(1);
    for (file, text) in before {
        assert_eq!(sandbox.read(&format!("output/docs/{file}")), text, "{file}");
    }
}

#[test]
fn a_folder_that_is_no_skill_is_not_packaged() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("empty")).unwrap();
    let run = sandbox.run(&["package", "empty"]).expect_code(1);
    assert!(run.stderr.contains("SKILL.md") && run.stderr.contains("`empty"), "{}", run.stderr);
    assert!(!sandbox.path("empty.zip").exists());
}

/// A page that is one.
fn page(title: &str) -> Canned {
    let text = "Enough words to be a page of documentation, all of them in one paragraph.";
    Canned::html(format!("<html><body><main><h1>{title}</h1><p>{text}</p></main></body></html>"))
}

#[test]
fn a_config_that_is_no_object_is_refused_in_plain_words() {
    for (text, message) in [
        ("", "error: cannot read `configs/docs.json`, line 1, column 1: the file is empty\n"),
        ("[]", "error: cannot read `configs/docs.json`, line 1, column 1: expected one object, in braces\n"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.write("configs/docs.json", text);
        assert_eq!(sandbox.run(&["build", "docs"]).expect_code(2).stderr, message);
    }
}

#[test]
fn a_bad_pattern_is_found_before_anything_is_made() {
    let sandbox = Sandbox::new();
    let patterns = json!({"exclude": ["[*"]});
    sandbox.config(
        "docs",
        &json!({"name": "docs", "base_url": "http://127.0.0.1:9/", "url_patterns": patterns}),
    );
    let run = sandbox.run(&["build", "docs"]).expect_code(2);
    assert!(run.stderr.contains("`url_patterns` in `configs/docs.json`: `[*`"), "{}", run.stderr);
    assert!(!sandbox.path("crawls").exists());
}

#[test]
fn a_selector_fault_is_one_line() {
    let sandbox = Sandbox::new();
    let selectors = json!({"main_content": "a[["});
    sandbox
        .config("docs", &json!({"name": "docs", "base_url": "http://127.0.0.1:9/", "selectors": selectors}));
    let run = sandbox.run(&["build", "docs"]).expect_code(2);
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
    assert!(
        run.stderr.contains("`a[[`") && run.stderr.contains("`selectors.main_content`"),
        "{}",
        run.stderr
    );
}

#[test]
fn an_output_that_is_taken_is_found_before_the_crawl() {
    let server = SiteServer::start(Site::default().with("/", page("Guide")));
    let sandbox = Sandbox::new();
    sandbox.config("docs", &json!({"name": "docs", "base_url": server.url("/"), "rate_limit": 0}));
    std::fs::create_dir(sandbox.path("output")).unwrap();
    sandbox.write("file", "mine").write("output/docs", "mine");
    for output in ["file", "output"] {
        let run = sandbox.run(&["build", "docs", "--render", "never", "--output", output]).expect_code(1);
        assert!(run.stderr.contains("hint: ") && run.stderr.contains("`--output`"), "{}", run.stderr);
    }
    assert_eq!((sandbox.read("file"), sandbox.read("output/docs")), ("mine".to_owned(), "mine".to_owned()));
    assert!(server.paths().is_empty(), "{:?}", server.paths());
}

#[test]
fn a_recorded_crawl_that_is_not_there_or_of_another_site_is_an_error() {
    let server = SiteServer::start(Site::default().with("/a/", page("Guide")));
    let sandbox = Sandbox::new();
    sandbox.config("docs", &json!({"name": "docs", "base_url": server.url("/a/"), "rate_limit": 0}));
    sandbox.config("other", &json!({"name": "other", "base_url": server.url("/b/"), "rate_limit": 0}));
    sandbox.run(&["scrape", "docs", "--render", "never"]).expect_code(0);
    let run = sandbox.run(&["build", "docs", "--replay", "nowhere"]).expect_code(2);
    assert!(run.stderr.starts_with("error: there is no recorded crawl `nowhere`\nhint: "), "{}", run.stderr);
    for command in ["build", "scrape"] {
        let run = sandbox.run(&[command, "other", "--replay", "crawls/docs"]).expect_code(1);
        assert!(run.stderr.contains("no page of `crawls/docs` is in the scope"), "{}", run.stderr);
    }
    assert!(!sandbox.path("crawls/other").exists());
    check_nothing_written(&sandbox);
}

#[test]
fn programs_get_errors_as_json_too() {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["build", "nothing", "--json", "--quiet"]).expect_code(2);
    assert!(run.stderr.starts_with("error: there is no config `nothing`"), "{}", run.stderr);
    let error = run.json();
    assert_eq!(error["error"], "there is no config `nothing` or `configs/nothing.json`");
    assert!(error["hint"].is_string());
    assert_eq!(error["exit_code"], 2);
}

#[test]
fn a_skill_with_errors_fails_its_check_with_a_code_of_its_own() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("empty")).unwrap();
    let run = sandbox.run(&["validate", "empty"]).expect_code(3);
    assert!(run.stdout.contains("SKILL.md"), "{}", run.stdout);
    for command in ["validate", "package"] {
        let run = sandbox.run(&[command, "nowhere"]).expect_code(2);
        assert!(run.stderr.contains("hint: "), "{}", run.stderr);
    }
}

#[test]
fn a_folder_named_by_a_dot_is_packaged_beside_itself() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("docs")).unwrap();
    sandbox.write(
        "docs/SKILL.md",
        "---\nname: docs\ndescription: The docs. Use when testing.\n---\n\n# Docs\n\nText.\n",
    );
    let mut command = sandbox.command(&["package", ".", "--quiet"]);
    finish(command.current_dir(sandbox.path("docs"))).expect_code(0);
    assert!(sandbox.path("docs.zip").is_file());
    assert_eq!(sandbox.files("docs"), ["SKILL.md"]);
}
