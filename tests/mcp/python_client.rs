//! The official Python client runs the scenarios of `client.py`.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::chrome::chrome;
use crate::http::HttpServer;
use crate::python::tool;
use crate::site::{add_slow_config, expect_nobody_in, folder, processes_in, site};

/// The client of the protocol's own authors.
const CLIENT: &str = "mcp==2.3.0";

/// The client, ready to run a scenario.
fn client(scenario: &str, work: &Path, transport: &str, mode: &str, rest: &[&str]) -> Command {
    let python = tool("mcp", &[CLIENT], "python");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mcp/client.py");
    let mut command = Command::new(python);
    command.arg(script).args([scenario, env!("CARGO_BIN_EXE_skillcrawl")]).arg(work);
    command.args([transport, mode]).args(rest).env("SKILLCRAWL_CHROME", chrome()).stdin(Stdio::null());
    command
}

/// Runs a scenario over stdio and over HTTP, with the newest protocol and with the handshake of the older ones.
#[track_caller]
fn check(scenario: &str, prepare: impl Fn(&Path), rest: &[&str], pages: usize) {
    for (over_http, mode) in [(false, "auto"), (false, "legacy"), (true, "auto"), (true, "legacy")] {
        let site = site(pages);
        let (work, _sandbox) = folder(&site);
        add_slow_config(&work, &site, "never");
        prepare(&work);
        let config = work.join("configs/slow.json");
        // Only the scenarios that crawl slowly know this config.
        if scenario != "cancel" {
            std::fs::remove_file(&config).unwrap();
        }
        let server = over_http.then(|| HttpServer::start(&work, &[]));
        let transport = server.as_ref().map_or("stdio".to_owned(), HttpServer::url);
        let url = site.url("/");
        let arguments: Vec<&str> = std::iter::once(url.as_str()).chain(rest.iter().copied()).collect();
        let output = client(scenario, &work, &transport, mode, &arguments).output().unwrap();
        assert!(
            output.status.success(),
            "{scenario} over {transport} ({mode}):\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        drop(server);
        expect_nobody_in(&work);
    }
}

#[test]
fn the_seed_plans_calls_end_with_a_zip() {
    check("seed_plan", |_| {}, &[], 12);
}

#[test]
fn tools_resources_and_prompts_are_listed_and_read() {
    check("tools", |_| {}, &[], 1);
}

#[test]
fn what_cannot_work_is_told_and_nothing_outside_is_read() {
    check("wrong", |_| {}, &[], 1);
}

#[test]
fn twenty_calls_at_once_each_get_their_answer() {
    check("twenty", |_| {}, &[], 12);
}

#[test]
fn a_cancelled_crawl_stops_and_keeps_what_it_has() {
    check("cancel", |_| {}, &[], 200);
}

#[test]
fn the_roots_of_the_client_are_the_limit() {
    check("roots", |_| {}, &[], 1);
}

#[test]
fn a_client_that_dies_leaves_no_crawl_and_no_browser() {
    // A session outlives a lost connection for a while; a request that stands by itself does not.
    for (over_http, mode) in [(false, "auto"), (true, "auto"), (true, "legacy")] {
        let site = site(200);
        let (work, _sandbox) = folder(&site);
        add_slow_config(&work, &site, "always");
        let server = over_http.then(|| HttpServer::start(&work, &[]));
        let transport = server.as_ref().map_or("stdio".to_owned(), HttpServer::url);
        let mut client =
            client("hang_up", &work, &transport, mode, &[]).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(client.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line.trim(), "crawling");
        assert!(
            processes_in(&work).iter().any(|line| line.contains("--until-eof")),
            "{:?}",
            processes_in(&work)
        );
        client.kill().unwrap();
        client.wait().unwrap();
        match &server {
            None => expect_nobody_in(&work),
            Some(server) => server.expect_nobody_but_it(&work),
        }
    }
}
