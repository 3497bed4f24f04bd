//! A crawl of hostile pages by the whole program, and what its report says of each.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use crate::processes::assert_nothing_left;
use crate::server::{Reply, Server, html};
use crate::support::chrome::chrome;
use crate::support::sandbox::{Sandbox, finish};

/// A page that is always there, so that no crawl ends without one.
const HARMLESS: &str = "<title>t</title><main><h1>Harmless</h1><p>A page that does nothing.</p></main>";

static ALONE: Mutex<()> = Mutex::new(());

/// How a page may end: the outcome and what the report says beside it, each as the start of a text; several where it
/// depends on the machine's speed.
pub type Ends = &'static [&'static str];

/// A page, its server's reply, and how it has to end.
pub type Case = (&'static str, Reply, Ends);

/// Crawls all pages at once, as seed URLs, and checks how each ended, that nothing else was failed, and that nothing is
/// left. `besides` is served, but no seed URL.
#[track_caller]
pub fn check_crawl(cases: Vec<Case>, besides: Vec<(&'static str, Reply)>, config: &Value) -> Server {
    check_crawl_with(cases, besides, config, &[])
}

/// The same with further variables in the program's environment.
#[track_caller]
pub fn check_crawl_with(
    cases: Vec<Case>,
    besides: Vec<(&'static str, Reply)>,
    config: &Value,
    environment: &[(&str, &str)],
) -> Server {
    let mut replies: BTreeMap<String, Reply> = BTreeMap::from([("/harmless".to_owned(), html(HARMLESS))]);
    let mut expected: Vec<(&str, Ends)> = vec![("/harmless", &["done"])];
    for (path, reply, ends) in cases {
        replies.insert(path.to_owned(), reply);
        expected.push((path, ends));
    }
    replies.extend(besides.into_iter().map(|(path, reply)| (path.to_owned(), reply)));
    // Two such crawls at once would leave each other no processor.
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let server = Server::start(replies);
    let sandbox = Sandbox::new();
    let temporary = sandbox.path("t");
    std::fs::create_dir(&temporary).unwrap();
    let seeds: Vec<String> = expected.iter().map(|(path, _)| server.url(path)).collect();
    let mut written = json!({
        "name": "hostile", "base_url": server.url("/"), "start_urls": seeds, "discover": ["links"],
        "rate_limit": 0, "render": "always", "page_timeout": 6, "retries": 0, "concurrency": 4,
    });
    for (key, value) in config.as_object().unwrap() {
        written[key] = value.clone();
    }
    sandbox.config("hostile", &written);
    let run = finish(
        sandbox
            .command(&["scrape", "hostile", "--quiet"])
            .env("SKILLCRAWL_CHROME", chrome())
            .env("TMPDIR", &temporary)
            .envs(environment.iter().copied()),
    );
    assert!(matches!(run.code, 0 | 3), "exit code {}\n{}{}", run.code, run.stdout, run.stderr);
    let ended = outcomes(&sandbox, &server);
    let wrong: Vec<String> = expected
        .iter()
        .filter_map(|(path, ends)| {
            let ended = ended.get(*path).map_or("not in the report", String::as_str);
            let right = ends.iter().any(|end| ended.starts_with(end));
            (!right).then(|| format!("{path}: {ended}; should be {ends:?}"))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}\n{}", wrong.join("\n"), run.stderr);
    assert_nothing_left(&temporary);
    server
}

/// How every URL ended: `done`, `redirected …`, `skipped REASON DETAIL`, `failed CAUSE`.
pub fn outcomes(sandbox: &Sandbox, server: &Server) -> BTreeMap<String, String> {
    let base = server.url("");
    let report = sandbox.read("crawls/hostile/report.jsonl");
    report
        .lines()
        .map(|line| {
            let line: Value = serde_json::from_str(line).unwrap();
            let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
            let words = [text("outcome"), text("reason"), text("detail")];
            let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
            (text("url").replacen(&base, "", 1), words.join(" "))
        })
        .collect()
}
