//! A small site, a folder that knows it, and who is left running there.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use crate::server::{Canned, Site, SiteServer};

/// How long something may take to end.
const PATIENCE: Duration = Duration::from_secs(60);

const SKILL: &str = "---
name: docs
description: How to use docs. Use when testing.
---

# Docs

## Quickstart

See [the guide](references/guide.md) and [the index](references/index.md).
";

const GUIDE: &str = "# Guide

## Install

Install it with `cargo`.

## Retries

The retry policy says how often a page is asked for.
";

/// Pages that link to each other.
pub fn site(pages: usize) -> SiteServer {
    let mut site = Site::default().with("/robots.txt", Canned::text("User-agent: *\nAllow: /\n"));
    for number in 0..pages {
        let links: String = (number * 3 + 1..=number * 3 + 3)
            .filter(|next| *next < pages)
            .map(|next| format!("<li><a href='/page-{next}.html'>Page {next}</a></li>"))
            .collect();
        let path = if number == 0 { "/".to_owned() } else { format!("/page-{number}.html") };
        let html = format!(
            "<html><head><title>Page {number}</title></head><body><main><h1>Page {number}</h1>\
             <p>This page says what number {number} is about, and how to use it.</p>\
             <pre><code class='language-python'>use(number={number})</code></pre><ul>{links}</ul></main></body></html>"
        );
        site = site.with(&path, Canned::html(html));
    }
    SiteServer::start(site)
}

/// A folder to work in, with a skill, configs, a page, and a link that leads out. The first path is the folder's.
pub fn folder(site: &SiteServer) -> (PathBuf, TempDir) {
    let sandbox = tempfile::tempdir().unwrap();
    let beside = |name: &str| sandbox.path().join(name);
    let work = beside("work");
    fs::create_dir_all(work.join("configs")).unwrap();
    fs::create_dir_all(work.join("output/docs/references")).unwrap();
    let config = |name: &str, rate: f64| {
        json!({
            "name": name, "description": "How to use it. Use when testing.", "base_url": site.url("/"),
            "render": "never", "rate_limit": rate,
        })
    };
    let write = |path: &str, text: &str| fs::write(work.join(path), text).unwrap();
    write("configs/docs.json", &config("docs", 0.0).to_string());
    write("configs/broken.json", "{\"name\": \"broken\"}");
    write("output/docs/SKILL.md", SKILL);
    write("output/docs/references/index.md", "# Index\n\n- [Guide](guide.md)\n");
    write("output/docs/references/guide.md", GUIDE);
    write(
        "page.html",
        "<html><body><main><h1>A page</h1><p>It says something about itself.</p></main></body></html>",
    );
    fs::create_dir(beside("other")).unwrap();
    fs::write(beside("other/SKILL.md"), "secret").unwrap();
    fs::write(beside("secret"), "secret").unwrap();
    std::os::unix::fs::symlink(beside("other"), work.join("out")).unwrap();
    (work.canonicalize().unwrap(), sandbox)
}

/// Adds the config of a crawl that takes its time; with `render` as it says.
pub fn add_slow_config(work: &Path, site: &SiteServer, render: &str) {
    let config = json!({
        "name": "slow", "description": "How to wait. Use when testing.", "base_url": site.url("/"),
        "render": render, "rate_limit": 0.4,
    });
    fs::write(work.join("configs/slow.json"), config.to_string()).unwrap();
}

/// Fails the test unless every process that works in the folder ends.
#[track_caller]
pub fn expect_nobody_in(folder: &Path) {
    let begun = Instant::now();
    loop {
        let left = processes_in(folder);
        if left.is_empty() {
            return;
        }
        assert!(begun.elapsed() < PATIENCE, "still running in {}: {left:#?}", folder.display());
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The command lines of the processes that work in a folder.
pub fn processes_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir("/proc").unwrap().flatten();
    let works_here =
        |process: &Path| fs::read_link(process.join("cwd")).is_ok_and(|path| path.starts_with(folder));
    entries
        .map(|entry| entry.path())
        .filter(|process| works_here(process))
        .filter_map(|process| fs::read(process.join("cmdline")).ok())
        .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
        // What has ended and is not yet waited for has no command line.
        .filter(|line| !line.is_empty())
        .collect()
}
