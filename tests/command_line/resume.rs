//! Kill the program at any moment: the next run goes on, with nothing twice and nothing lost.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::sandbox::Sandbox;
use crate::support::server::{Canned, Site, SiteServer};

const PAGES: usize = 40;

/// A site whose pages hold nothing until a script has run; each links to the next three.
fn rendered_site() -> Site {
    let mut site = Site::default().with("/robots.txt", Canned::text("User-agent: *\nAllow: /\n"));
    for number in 0..PAGES {
        let links: String =
            (1..=3).map(|step| format!("<a href='/page/{}'>next</a> ", (number + step) % PAGES)).collect();
        let script = format!(
            "setTimeout(() => {{ document.querySelector('main').innerHTML = \
             \"<h1>Page {number}</h1><p>Page number {number} holds a sentence that only a browser can see.</p>{links}\" }}, 30)"
        );
        let html = format!(
            "<html><head><title>Loading</title></head><body><main></main><script>{script}</script></body></html>"
        );
        site = site.with(&format!("/page/{number}"), Canned::html(html));
    }
    site
}

/// The site on a server of its own, and a folder with the config of its crawl.
fn serve_rendered_site(rate_limit: f64) -> (SiteServer, Sandbox) {
    let server = SiteServer::start(rendered_site());
    let sandbox = Sandbox::new();
    let config = json!({
        "name": "docs", "base_url": server.url("/"), "start_urls": [server.url("/page/0")],
        "rate_limit": rate_limit, "render": "always", "discover": ["links"],
    });
    sandbox.config("docs", &config);
    (server, sandbox)
}

/// No page whose record was durable is asked for again.
#[track_caller]
fn check_not_asked(recorded: &BTreeSet<String>, asked: &[String]) {
    let again: Vec<&String> = asked.iter().filter(|path| recorded.contains(*path)).collect();
    assert!(again.is_empty(), "recorded, and asked for again: {again:?}");
}

#[test]
fn kill_minus_nine_loses_nothing_and_doubles_nothing() {
    let (server, sandbox) = serve_rendered_site(0.05);
    let mut recorded = BTreeSet::new();
    let mut asked = 0;
    let asked_for_pages = || server.paths().iter().filter(|path| path.starts_with("/page/")).count();
    for wanted in [4, 14, 25] {
        server.answer_only("/page/", wanted + 4 - asked_for_pages());
        let mut child = sandbox.start_with_browser(&["scrape", "docs"]);
        wait_until(|| asked_for_pages() >= wanted);
        child.kill().unwrap();
        child.wait().unwrap();
        check_not_asked(&recorded, &server.paths()[asked..]);
        recorded = archived_pages(&sandbox);
        asked = server.paths().len();
        let count = recorded.len();
        assert!(0 < count && count < PAGES, "{count} pages were recorded before the last run");
    }

    server.answer_all();
    let run = sandbox.run_with_browser(&["build", "docs", "--json"]).expect_code(0);
    assert_eq!(run.json()["pages"]["kept"], PAGES, "{}", run.stdout);
    check_not_asked(&recorded, &server.paths()[asked..]);
    let provenance: serde_json::Value =
        serde_json::from_str(&sandbox.read("output/docs/skill.json")).unwrap();
    let urls: Vec<&str> =
        provenance["pages"].as_array().unwrap().iter().map(|page| page["url"].as_str().unwrap()).collect();
    let distinct: BTreeSet<&str> = urls.iter().copied().collect();
    assert_eq!((urls.len(), distinct.len()), (PAGES, PAGES), "every page once: {urls:?}");
}

#[test]
fn kill_minus_nine_leaves_no_browser() {
    let (server, sandbox) = serve_rendered_site(0.1);
    // The browser keeps its profile in the folder for temporary files, and names it on its command line.
    let temporary = sandbox.path("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let mut child = sandbox
        .command(&["scrape", "docs", "--quiet"])
        .env("SKILLCRAWL_CHROME", crate::support::chrome::chrome())
        .env("TMPDIR", &temporary)
        .spawn()
        .unwrap();
    wait_until(|| server.count("/page/1") > 0);
    let browsers = processes_that_name(&temporary);
    assert!(!browsers.is_empty() && !is_empty(&temporary), "{browsers:?}");
    // Of the headless shell only the first process names it; the others are of its group.
    let groups: BTreeSet<u32> = browsers.iter().map(|process| process.group).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    wait_until(|| {
        let of_groups = processes().into_iter().filter(|process| groups.contains(&process.group)).count();
        of_groups == 0 && processes_that_name(&temporary).is_empty() && is_empty(&temporary)
    });
}

#[test]
fn an_interrupt_says_how_to_go_on() {
    let (server, sandbox) = serve_rendered_site(0.1);
    let mut command = sandbox.command(&["scrape", "docs"]);
    command.env("SKILLCRAWL_CHROME", crate::support::chrome::chrome());
    let child =
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
    wait_until(|| server.paths().iter().filter(|path| path.starts_with("/page/")).count() >= 5);
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("note: what is in work is finished first"), "{stderr}");
    assert!(stderr.contains("hint: run `skillcrawl scrape docs` again to go on"), "{stderr}");
    let run = sandbox.run_with_browser(&["scrape", "docs", "--json"]).expect_code(0);
    assert_eq!(run.json()["pages"]["kept"], PAGES, "{}", run.stdout);
}

#[test]
fn a_second_interrupt_does_not_wait_for_pages_in_work() {
    // It takes connections and never answers.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let sandbox = Sandbox::new();
    let base_url = format!("http://{}/", listener.local_addr().unwrap());
    sandbox.config("docs", &json!({"name": "docs", "base_url": base_url, "render": "never"}));
    let child = sandbox
        .command(&["scrape", "docs"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let _connection = listener.accept().unwrap();
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    for _ in 0..2 {
        // Two signals that come at once are one.
        std::thread::sleep(Duration::from_millis(500));
        rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    }
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    // An end in good order writes the report.
    assert!(!sandbox.path("crawls/docs/report.jsonl").exists());
}

#[test]
fn a_crawl_in_work_is_not_removed_from_under_its_feet() {
    let server = SiteServer::start(rendered_site());
    let sandbox = Sandbox::new();
    let config = json!({
        "name": "docs", "base_url": server.url("/"), "start_urls": [server.url("/page/0"), server.url("/page/1")],
        "rate_limit": 60, "discover": ["links"],
    });
    sandbox.config("docs", &config);
    let mut child = sandbox.command(&["scrape", "docs", "--render", "never", "--quiet"]).spawn().unwrap();
    wait_until(|| !server.paths().is_empty());
    let run = sandbox.run(&["scrape", "docs", "--render", "never", "--fresh"]).expect_code(1);
    assert!(run.stderr.contains("is in use by another crawl"), "{}", run.stderr);
    assert!(sandbox.path("crawls/docs/crawl.db").is_file());
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn a_finished_crawl_asks_nothing_more() {
    let site = Site::default().with(
        "/",
        Canned::html("<html><body><main><h1>Guide</h1><p>Enough words to be a page of documentation, all in one paragraph.</p></main></body></html>"),
    );
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    sandbox.config("docs", &json!({"name": "docs", "base_url": server.url("/"), "rate_limit": 0}));
    sandbox.run(&["scrape", "docs", "--render", "never"]).expect_code(0);
    let asked = server.paths().len();
    let run = sandbox.run(&["scrape", "docs", "--render", "never", "--json"]).expect_code(0);
    assert_eq!(server.paths().len(), asked, "{:?}", server.paths());
    assert_eq!(run.json()["pages"]["kept"], 1);
    sandbox.run(&["scrape", "docs", "--render", "never", "--fresh"]).expect_code(0);
    assert!(server.paths().len() > asked);
}

/// Paths of the pages that the archive holds, read as any later run would read it.
fn archived_pages(sandbox: &Sandbox) -> BTreeSet<String> {
    let archive = skillcrawl::archive::Archive::open(&sandbox.path("crawls/docs")).unwrap();
    archive.pages().map(|page| page.unwrap().url.path().to_owned()).collect()
}

#[derive(Debug)]
struct Process {
    group: u32,
    command: String,
}

/// Every process that lives; the dead that wait to be reaped are not there any more.
fn processes() -> Vec<Process> {
    let listing = std::process::Command::new("ps").args(["-eo", "pgid=,stat=,args="]).output().unwrap();
    String::from_utf8_lossy(&listing.stdout)
        .lines()
        .filter_map(|line| {
            let (group, rest) = line.trim_start().split_once(' ')?;
            let (state, command) = rest.trim_start().split_once(' ')?;
            let lives = !state.starts_with('Z');
            lives.then(|| Process { group: group.parse().unwrap(), command: command.to_owned() })
        })
        .collect()
}

fn processes_that_name(folder: &Path) -> Vec<Process> {
    let folder = folder.to_str().unwrap();
    processes().into_iter().filter(|process| process.command.contains(folder)).collect()
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).unwrap().next().is_none()
}

pub fn wait_until(condition: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(120);
    while !condition() {
        assert!(Instant::now() < deadline, "nothing happened for two minutes");
        std::thread::sleep(Duration::from_millis(20));
    }
}
