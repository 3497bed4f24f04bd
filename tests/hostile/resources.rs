//! What the machine does not have: files to open, room for the profile.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::crawl::outcomes;
use crate::processes::{assert_nothing_left, that_name};
use crate::server::{Server, html};
use crate::support::chrome::chrome;
use crate::support::sandbox::{Run, Sandbox, finish};

const PAGE: &str = "<title>t</title><main><h1>Page</h1><p>Some text that stands here.</p></main>";

fn site() -> (Server, Sandbox) {
    let pages = (0..6).map(|number| (format!("/page-{number}"), html(PAGE)));
    let server = Server::start(pages);
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.path("t")).unwrap();
    let seeds: Vec<String> = (0..6).map(|number| server.url(&format!("/page-{number}"))).collect();
    let config = json!({
        "name": "hostile", "base_url": server.url("/"), "start_urls": seeds, "discover": ["links"],
        "rate_limit": 0, "render": "always", "page_timeout": 6, "retries": 1,
    });
    sandbox.config("hostile", &config);
    (server, sandbox)
}

/// Runs the crawl behind a few words of shell, with a folder for temporary files.
fn run(sandbox: &Sandbox, before: &str, temporary: &Path) -> Run {
    let program = sandbox.command(&["scrape", "hostile"]);
    let mut command = Command::new("/bin/sh");
    command
        .arg("-c")
        .arg(format!("{before} exec \"$@\""))
        .arg("sh")
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(sandbox.path(""))
        .env("NO_COLOR", "1")
        .env("SKILLCRAWL_CHROME", chrome())
        .env("TMPDIR", temporary);
    finish(&mut command)
}

/// With too few files to open there is no browser, or pages fail; with each number the program ends by itself and says
/// what is wrong.
#[test]
fn no_file_descriptors_left() {
    for files in [12, 24, 40, 64, 96] {
        let (server, sandbox) = site();
        let temporary = sandbox.path("t");
        let run = run(&sandbox, &format!("ulimit -n {files};"), &temporary);
        assert!([0, 1, 3, 5].contains(&run.code), "{files} files: exit code {}\n{}", run.code, run.stderr);
        assert!(
            run.code == 0 || run.stderr.contains("error") || run.stderr.contains("failed"),
            "{files} files: {}",
            run.stderr
        );
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        if matches!(run.code, 0 | 3) {
            let ended = outcomes(&sandbox, &server);
            assert!(
                ended.values().all(|end| end == "done" || end.starts_with("failed ")),
                "{files} files: {ended:?}"
            );
        }
        assert_nothing_left(&temporary);
    }
}

#[test]
fn no_folder_for_the_profile() {
    let (server, sandbox) = site();
    let nowhere = sandbox.path("nowhere");
    let run = run(&sandbox, "", &nowhere).expect_code(5);
    assert!(run.stderr.contains("error: failed to make a profile folder for the browser"), "{}", run.stderr);
    assert!(server.seen().is_empty());
    assert!(that_name(&nowhere).is_empty());
    assert!(!sandbox.path("crawls").exists());
}

/// A disk of one megabyte for the profile. Who may not mount one has the other tests.
#[test]
fn no_room_for_the_profile() {
    let (_server, sandbox) = site();
    let temporary = sandbox.path("t");
    let mounted =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(&temporary).status();
    if !mounted.is_ok_and(|status| status.success()) {
        return;
    }
    let run = run(&sandbox, "", &temporary);
    let left = that_name(&temporary);
    Command::new("umount").arg("-l").arg(&temporary).status().unwrap();
    assert!([0, 1, 3, 5].contains(&run.code), "exit code {}\n{}", run.code, run.stderr);
    assert!(left.is_empty(), "{left:?}");
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
}
