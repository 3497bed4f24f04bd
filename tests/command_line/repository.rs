//! Repositories as documentation: the forge's API and its files on two servers, each with rules and a log of its own.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::sandbox::Sandbox;
use crate::support::server::{Canned, Site, SiteServer};

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
const LISTED: &str = "/repos/acme/batchmv/git/trees/0123456789abcdef0123456789abcdef01234567?recursive=1";
const DOCUMENTS: [&str; 6] = [
    "CHANGELOG.md",
    "README.md",
    "docs/README.md",
    "docs/api.rst",
    "docs/patterns.md",
    "examples/tour.ipynb",
];

/// Every file of `fixtures/repository` with its path, sorted.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/repository");
    let mut pending: Vec<PathBuf> = vec![root.clone()];
    let mut found = Vec::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else {
            let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    found
}

/// The host that serves files as they are, at a commit and at `HEAD`: all of them as plain text.
fn raw_host() -> SiteServer {
    SiteServer::start(raw_site(COMMIT, files()))
}

fn raw_site(commit: &str, files: Vec<(String, String)>) -> Site {
    let mut site = Site::default().with("/robots.txt", Canned::text("User-agent: *\nDisallow: /private/\n"));
    for (path, text) in files {
        for reference in [commit, "HEAD"] {
            site = site.with(&format!("/acme/batchmv/{reference}/{path}"), Canned::text(text.clone()));
        }
    }
    site
}

fn json_answer(value: &Value) -> Canned {
    Canned {
        status: 200,
        headers: vec![("content-type", "application/json".to_owned())],
        body: value.to_string(),
    }
}

/// The host that is asked for the commit and for its files.
fn api(robots: &str) -> SiteServer {
    SiteServer::start(api_site(robots, COMMIT, files()))
}

fn api_site(robots: &str, commit: &str, files: Vec<(String, String)>) -> Site {
    let entry = |(path, _): (String, String)| json!({"path": path, "type": "blob", "mode": "100644"});
    let mut tree: Vec<Value> = files.into_iter().map(entry).collect();
    tree.push(json!({"path": "docs", "type": "tree"}));
    let listing = json!({"sha": "fedcba", "tree": tree, "truncated": false});
    let named = json!({"sha": commit, "commit": {"message": "x"}});
    Site::default()
        .with("/robots.txt", Canned::text(robots))
        .with("/repos/acme/batchmv/commits/HEAD", json_answer(&named))
        .with(&LISTED.replace(COMMIT, commit), json_answer(&listing))
}

fn config(api: &SiteServer, raw: &SiteServer) -> Value {
    json!({
        "name": "batchmv",
        "base_url": "https://github.com/acme/batchmv",
        "rate_limit": 0,
        "repository": {
            "raw": raw.url("/{owner}/{repo}/{commit}/{path}"),
            "commit": api.url("/repos/{owner}/{repo}/commits/{ref}"),
            "tree": api.url("/repos/{owner}/{repo}/git/trees/{commit}?recursive=1"),
        },
    })
}

fn references(sandbox: &Sandbox) -> String {
    let files = sandbox.files("output/batchmv/references");
    files.iter().map(|file| sandbox.read(&format!("output/batchmv/references/{file}"))).collect()
}

#[test]
fn a_repository_becomes_a_skill_at_one_commit() {
    let (api, raw) = (api("User-agent: *\nDisallow: /private/\n"), raw_host());
    let sandbox = Sandbox::new();
    let mut one_by_one = config(&api, &raw);
    // Requests side by side reach a server in any order.
    one_by_one["concurrency"] = json!(1);
    sandbox.config("batchmv", &one_by_one);
    let run = sandbox.run(&["build", "batchmv", "--json"]).expect_code(0);
    sandbox.run(&["validate", "output/batchmv"]).expect_code(0);

    assert_eq!(api.paths(), ["/robots.txt", "/repos/acme/batchmv/commits/HEAD", LISTED]);
    let asked = raw.paths();
    assert_eq!(asked.first().map(String::as_str), Some("/robots.txt"), "{asked:?}");
    assert_eq!(asked.get(1), Some(&format!("/acme/batchmv/{COMMIT}/README.md")), "{asked:?}");
    let mut pages = asked[1..].to_vec();
    pages.sort();
    assert_eq!(pages, DOCUMENTS.map(|path| format!("/acme/batchmv/{COMMIT}/{path}")));

    let result = run.json();
    assert_eq!(result["pages"]["kept"], 6, "{result}");
    assert_eq!(result["pages"]["skipped"]["excluded"], 3, "{result}");
    assert_eq!(result["profiles"], json!({"markdown": 6}));
    let report = sandbox.read("crawls/batchmv/report.jsonl");
    let line = |part: &str| report.lines().find(|line| line.contains(part)).unwrap_or_default().to_owned();
    assert!(line("/tests/README.md").contains("excluded"), "{report}");
    assert!(line("CLAUDE.md").contains("excluded"), "{report}");
    assert!(line("\"kind\":\"tree\"").contains("git/trees"), "{report}");
    assert!(line("docs/api.rst").contains("\"found_by\":\"tree\""), "{report}");
}

#[test]
fn links_of_files_stay_in_the_skill_or_lead_to_what_people_see() {
    let (api, raw) = (api(""), raw_host());
    let sandbox = Sandbox::new();
    sandbox.config("batchmv", &config(&api, &raw));
    sandbox.run(&["build", "batchmv"]).expect_code(0);
    let text = references(&sandbox);
    let shown = |path: &str| format!("https://github.com/acme/batchmv/blob/{COMMIT}/{path}");
    for path in DOCUMENTS {
        assert!(text.contains(&format!("Source: <{}>", shown(path))), "{path} in\n{text}");
        assert!(!text.contains(&format!("]({}", shown(path))), "a link leaves the skill for {path}:\n{text}");
    }
    for link in [
        format!("[source]({})", shown("src/batchmv.py")),
        "[ask](https://github.com/acme/batchmv/issues)".to_owned(),
        format!("]({})", raw.url(&format!("/acme/batchmv/{COMMIT}/docs/img/flow.png"))),
    ] {
        assert!(text.contains(&link), "{link} in\n{text}");
    }
    for label in
        ["Patterns", "whole documentation", "interface for Python", "tour", "changed", "interface", "tool"]
    {
        let at = text.find(&format!("[{label}](")).unwrap_or_else(|| panic!("{label} in\n{text}"));
        let target = text[at..].split(['(', ')']).nth(1).unwrap();
        assert!(target.starts_with('#') || target.contains(".md#"), "[{label}]({target})");
    }
    assert!(text.contains("#marks)"), "{text}");
    assert!(!text.contains("img.shields.io"), "{text}");
    for part in [
        "happens ✨.",
        "> [!WARNING]\n> **Names that exist**",
        "```bash\nbatchmv '(.+)\\.jpeg' '{1}.jpg'\n```",
        "> [!NOTE]\n> Nothing is renamed unless `plan.run()` is called.",
        "```python\nfrom batchmv import Plan\n",
        "| `dry` | show, do not rename |",
        "`batchmv.rename(pattern, name)`",
        "12 files",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
    assert!(!text.contains("iVBORw0"), "a picture within a notebook is text:\n{text}");
    let skill = sandbox.read("output/batchmv/SKILL.md");
    assert!(skill.contains(&format!("version: \"{COMMIT}\"")), "{skill}");
    assert!(skill.contains("> batchmv renames many files at once"), "{skill}");
}

#[test]
fn a_forge_that_does_not_list_is_read_by_the_links_of_its_readme() {
    let refuses = |status: u16| {
        let headers = vec![("retry-after", "3000".to_owned())];
        let answer = Canned { status, headers, body: "rate limit".to_owned() };
        SiteServer::start(Site::default().with("/repos/acme/batchmv/commits/HEAD", answer))
    };
    for api in [api("User-agent: *\nDisallow: /repos/\n"), refuses(403), refuses(429)] {
        let raw = raw_host();
        let sandbox = Sandbox::new();
        sandbox.config("batchmv", &config(&api, &raw));
        let run = sandbox.run(&["build", "batchmv", "--json"]).expect_code(0);
        assert!(run.stderr.contains("following the links of its README"), "{}", run.stderr);
        assert_eq!(run.json()["pages"]["kept"], 6, "{}", run.stdout);
        let asked_twice = raw.paths().into_iter().find(|path| raw.count(path) > 1);
        assert_eq!(asked_twice, None);
        assert!(!api.paths().iter().any(|path| path.contains("git/trees")), "{:?}", api.paths());
        let text = references(&sandbox);
        assert!(text.contains("Source: <https://github.com/acme/batchmv/blob/HEAD/docs/api.rst>"), "{text}");
    }
}

#[test]
fn a_folder_and_patterns_choose_files() {
    let (api, raw) = (api(""), raw_host());
    let sandbox = Sandbox::new();
    let mut folder = config(&api, &raw);
    folder["base_url"] = json!("https://github.com/acme/batchmv/tree/HEAD/docs");
    folder["url_patterns"] = json!({"exclude": ["https://github.com/acme/batchmv/blob/main/docs/p*"]});
    sandbox.config("batchmv", &folder);
    sandbox.run(&["scrape", "batchmv"]).expect_code(0);
    let mut asked = raw.paths();
    asked.sort();
    let of = |path: &str| format!("/acme/batchmv/{COMMIT}/docs/{path}");
    assert_eq!(asked, [of("README.md"), of("api.rst"), "/robots.txt".to_owned()]);
}

#[test]
fn what_a_config_says_of_a_repository_is_checked() {
    let check = |repository: Value, extra: Value, message: &str| {
        let sandbox = Sandbox::new();
        let mut config = json!({"name": "x", "base_url": "https://d.example/a/b", "repository": repository});
        config.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        sandbox.config("x", &config);
        let run = sandbox.run(&["scrape", "x"]).expect_code(2);
        assert!(run.stderr.contains(message) && run.stderr.contains("hint:"), "{}", run.stderr);
    };
    check(json!(true), json!({}), "is on no forge that is known");
    check(json!({"forge": "gitea", "branch": "x"}), json!({}), "unknown key `branch`");
    check(json!({"forge": "gitea"}), json!({"render": "always"}), "are not rendered");
    check(
        json!({"forge": "gitea"}),
        json!({"base_url": "https://d.example/"}),
        "is not the address of a repository",
    );
}

#[test]
fn an_update_reads_the_next_commit_and_tells_what_its_files_changed() {
    let (api, raw) = (api(""), raw_host());
    let sandbox = Sandbox::new();
    sandbox.config("batchmv", &config(&api, &raw));
    sandbox.run(&["build", "batchmv"]).expect_code(0);
    let asked = raw.paths().len();

    // The same commit: its files cannot have changed.
    let run = sandbox.run(&["update", "batchmv", "--json"]).expect_code(0);
    assert_eq!(run.json()["changed"], false, "{}", run.stdout);
    assert_eq!(raw.paths()[asked..].iter().filter(|path| *path != "/robots.txt").count(), 0);

    let next = "89abcdef0123456789abcdef0123456789abcdef";
    let mut later = files();
    later.retain(|(path, _)| path != "CHANGELOG.md");
    let patterns = later.iter_mut().find(|(path, _)| path == "docs/patterns.md").unwrap();
    patterns.1.push_str("\n## Later\n\nA section that the next commit brought.\n");
    later.push(("docs/new.md".to_owned(), "# New\n\nA file that the next commit brought.\n".to_owned()));
    api.serve(api_site("", next, later.clone()));
    raw.serve(raw_site(next, later));
    let run = sandbox.run(&["update", "batchmv", "--json"]).expect_code(0);
    let result = run.json();
    let paths = |what: &str| -> Vec<String> {
        let pages = result["changes"][what].as_array().unwrap_or_else(|| panic!("{what} in {result}"));
        let url =
            |page: &Value| page["url"].as_str().unwrap().split("/blob/HEAD/").nth(1).unwrap().to_owned();
        pages.iter().map(url).collect()
    };
    let changes = [paths("added"), paths("changed"), paths("moved"), paths("gone")];
    assert_eq!(changes[0], ["docs/new.md"], "{result}");
    assert_eq!(changes[1], ["docs/patterns.md"], "{result}");
    assert_eq!(changes[2].len(), 0, "{result}");
    assert_eq!(changes[3], ["CHANGELOG.md"], "{result}");
    assert_eq!(result["pages"]["kept"], 6, "{result}");
    let text = references(&sandbox);
    assert!(text.contains(next) && !text.contains(COMMIT), "{text}");
    assert!(text.contains("A section that the next commit brought."));
}
