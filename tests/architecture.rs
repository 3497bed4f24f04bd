//! Keeps the arrows of import that `src/lib.rs` draws, the homes of foreign crates, and site names out of the code.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

/// For each module of the crate, the modules that it may import.
const VOCABULARY: [&str; 11] = [
    "config",
    "profile",
    "document",
    "fetched",
    "content_print",
    "forge",
    "url",
    "scope",
    "robots",
    "discover",
    "openapi",
];
const PURE: [&str; 4] = ["render", "extract", "markdown", "skill"];

fn allowed(module: &str) -> Vec<&'static str> {
    let with = |extra: &[&'static str]| [&VOCABULARY[..], extra].concat();
    match module {
        "main" => vec!["cli"],
        "cli" => with(&[
            "cli", "crawl", "pipeline", "frontier", "fetch", "archive", "render", "extract", "markdown",
            "skill", "tune", "library", "survey", "mcp",
        ]),
        // It runs the program as a child, and knows no other part of it.
        "mcp" => with(&["mcp"]),
        "crawl" => with(&["crawl", "frontier", "fetch"]),
        "survey" => with(&["skill", "survey"]),
        // It sums up what the others read, and none of them knows it.
        "tune" => with(&["render", "extract", "markdown", "skill", "tune"]),
        // It lists skills, and none of them knows it.
        "library" => with(&["skill", "library"]),
        "pipeline" => with(&["render", "extract", "markdown", "skill", "pipeline"]),
        "frontier" => with(&["frontier"]),
        "fetch/replay" => with(&["fetch", "archive"]),
        "fetch" => with(&["fetch"]),
        "archive" => with(&["archive"]),
        module if PURE.contains(&module) => with(&PURE),
        _ => VOCABULARY.to_vec(),
    }
}

/// The only folders (or files) in which a foreign crate may be named.
const HOMES: [(&str, &[&str]); 10] = [
    ("chromiumoxide", &["fetch/browser"]),
    ("clap", &["cli"]),
    ("anyhow", &["cli"]),
    ("indicatif", &["cli"]),
    ("axum", &["cli", "mcp"]),
    ("rmcp", &["mcp"]),
    ("reqwest", &["fetch"]),
    ("rusqlite", &["frontier"]),
    ("governor", &["frontier"]),
    ("scraper", &["extract", "profile"]),
];

#[test]
fn imports_run_downwards_only() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        let module = module_of(&path);
        let allowed = allowed(&module);
        for target in crate_imports(&text) {
            if !allowed.contains(&target.as_str()) {
                broken.push(format!("src/{path} imports crate::{target}"));
            }
        }
    }
    assert!(broken.is_empty(), "imports against the arrows of src/lib.rs:\n{}", broken.join("\n"));
}

#[test]
fn each_foreign_crate_has_one_home() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        for (foreign, homes) in HOMES {
            let at_home = homes.iter().any(|home| path.starts_with(home));
            if !at_home && code_lines(&text).any(|line| names_crate(line, foreign)) {
                broken.push(format!("src/{path} names {foreign}"));
            }
        }
    }
    assert!(broken.is_empty(), "foreign crates outside their home:\n{}", broken.join("\n"));
}

#[test]
fn only_the_command_line_prints_or_exits() {
    let mut broken = Vec::new();
    for (path, text) in sources() {
        if path.starts_with("cli") || path == "main.rs" {
            continue;
        }
        for word in ["println!", "eprintln!", "print!(", "process::exit"] {
            if code_lines(&text).any(|line| line.contains(word)) {
                broken.push(format!("src/{path} uses {word}"));
            }
        }
    }
    assert!(broken.is_empty(), "printing below the command line:\n{}", broken.join("\n"));
}

fn names_crate(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = &line[at + name.len()..];
        after.starts_with("::")
            && !before.is_some_and(|letter| letter.is_alphanumeric() || "_:".contains(letter))
    })
}

/// First path segments of everything that a file names below `crate::`, grouped imports included.
fn crate_imports(text: &str) -> Vec<String> {
    let mut targets = Vec::new();
    for line in code_lines(text) {
        for (at, _) in line.match_indices("crate::") {
            let preceded = line[..at].chars().next_back();
            if preceded.is_some_and(|letter| letter.is_alphanumeric() || "_$".contains(letter)) {
                continue;
            }
            let rest = &line[at + "crate::".len()..];
            let name: String =
                rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            if !name.is_empty() {
                targets.push(name);
            }
        }
    }
    targets
}

/// Lines of code, without comments and without the tests at the end of a file.
fn code_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]"))
        .filter(|line| !line.trim_start().starts_with("//"))
}

fn module_of(path: &str) -> String {
    if path == "fetch/replay.rs" {
        return "fetch/replay".to_owned();
    }
    path.split('/').next().unwrap_or_default().trim_end_matches(".rs").to_owned()
}

/// Every Rust file below `src/` with its text; paths relative to it, with forward slashes.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    assert!(files.len() > 20, "the sources were not found below {}", root.display());
    files
        .into_iter()
        .filter(|path| path.file_name().is_some_and(|name| name != "lib.rs" && name != "tests.rs"))
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            (name, fs::read_to_string(&path).unwrap())
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}
