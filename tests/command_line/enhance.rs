//! `--enhance`: a command of the user's own writes SKILL.md anew, or fails to in every way there is.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::sandbox::{Run, Sandbox};

/// A recorded site of two pages, one of which tries to be run.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.config("box", &json!({"name": "box", "base_url": "https://box.example/docs/"}));
    sandbox.write(
        "start.html",
        "<title>Box</title><main><h1>Box</h1><p>Box is a library that packs crates $(touch ran) `touch ran` '; touch ran.</p></main>",
    );
    sandbox.write(
        "guide.html",
        "<title>Guide</title><main><h1>Guide</h1><p>Crates are packed in layers, the heavy ones first.</p></main>",
    );
    let lines = [
        json!({"url": "https://box.example/docs/", "sent": "start.html"}),
        json!({"url": "https://box.example/docs/guide", "sent": "guide.html"}),
    ];
    sandbox.write("pages.jsonl", &lines.map(|line| line.to_string()).join("\n"));
    sandbox
}

fn build(sandbox: &Sandbox, more: &[&str]) -> Run {
    let arguments = [&["build", "box", "--replay", "pages.jsonl", "--json"], more].concat();
    sandbox.run(&arguments).expect_code(0)
}

const GOOD: &str = "---\nname: box\ndescription: \"Packs crates. Use when crates are to be packed.\"\n---\n\n# Box\n\nRead [the index](references/index.md) and [Box](references/box.md).\n";

/// The skill's one reference file, whose name the answers have to know.
fn reference(sandbox: &Sandbox) -> String {
    let files = sandbox.files("output/box/references");
    files.into_iter().find(|file| file != "index.md").unwrap()
}

#[test]
fn the_command_reads_data_and_its_answer_becomes_skill_md() {
    let sandbox = sandbox();
    build(&sandbox, &[]);
    let plain = sandbox.read("output/box/SKILL.md");
    let provenance = sandbox.read("output/box/skill.json");
    let answer = GOOD.replace("references/box.md", &format!("references/{}", reference(&sandbox)));
    sandbox.write("answer.md", &answer);
    let run = build(&sandbox, &["--enhance", "cat > seen.json; cat answer.md; sleep 1000 > other &"]);
    assert_eq!(run.json()["enhanced"], true, "{}", run.stderr);
    assert_eq!(sandbox.read("output/box/SKILL.md"), answer);

    let seen: Value = serde_json::from_str(&sandbox.read("seen.json")).unwrap();
    assert_eq!(seen["format"], 1);
    assert_eq!(seen["name"], "box");
    assert_eq!(seen["skill_md"].as_str(), Some(plain.as_str()));
    let files = seen["files"].as_array().unwrap();
    assert!(files.contains(&json!("references/index.md")), "{seen}");
    let guide = seen["pages"].as_array().unwrap().iter().find(|page| page["title"] == "Guide").unwrap();
    assert_eq!(guide["summary"], "Crates are packed in layers, the heavy ones first.");
    assert!(guide["place"].as_str().unwrap().ends_with("#guide"), "{guide}");
    assert!(!sandbox.path("ran").exists(), "scraped text was run");

    let marked: Value = serde_json::from_str(&sandbox.read("output/box/skill.json")).unwrap();
    assert_eq!(marked["enhanced"], true);
    // Without the option the bytes are the pages' own again.
    build(&sandbox, &[]);
    assert_eq!(sandbox.read("output/box/SKILL.md"), plain);
    assert_eq!(sandbox.read("output/box/skill.json"), provenance);
}

#[test]
fn a_command_that_fails_leaves_skill_md_as_it_was() {
    let sandbox = sandbox();
    build(&sandbox, &[]);
    let plain = sandbox.read("output/box/SKILL.md");
    let provenance = sandbox.read("output/box/skill.json");
    let reference = reference(&sandbox);
    let answer = GOOD.replace("references/box.md", &format!("references/{reference}"));
    sandbox.write("dead.md", &answer.replace(&reference, "nowhere.md"));
    sandbox.write("other.md", &answer.replace("name: box", "name: other"));
    sandbox.write("long.md", &format!("{answer}{}", "More lines.\n\n".repeat(300)));
    sandbox.write("unseen.md", &answer.replace("Read", "Re\u{200B}ad"));
    sandbox.write("bare.md", "# Box\n\nNo frontmatter.\n");
    sandbox.write("lonely.md", &answer.replace("[the index](references/index.md) and ", ""));
    for (command, why) in [
        ("cat dead.md", "its answer does not pass the checks"),
        ("cat unseen.md", "its answer does not pass the checks"),
        ("cat lonely.md", "its answer does not pass the checks"),
        ("cat other.md", "does not begin with the frontmatter of `box`"),
        ("cat bare.md", "does not begin with the frontmatter of `box`"),
        ("cat long.md", "longer than 499 lines"),
        ("true", "it answered nothing"),
        ("printf '\\377\\376'", "is not UTF-8"),
        ("echo working; echo it broke >&2; exit 3", "it ended with exit status: 3: it broke"),
        ("kill -9 $$", "it ended with signal: 9"),
        ("no-such-command-of-anybody", "it ended with exit status: 127"),
        ("yes", "it answered more than 262144 bytes"),
    ] {
        let run = build(&sandbox, &["--enhance", command]);
        assert_eq!(run.json()["enhanced"], false, "{command}");
        assert!(
            run.stderr.contains("warning: SKILL.md stays as the pages gave it"),
            "{command}: {}",
            run.stderr
        );
        assert!(run.stderr.contains(why), "{command}: {}", run.stderr);
        assert_eq!(sandbox.read("output/box/SKILL.md"), plain, "{command}");
        assert_eq!(sandbox.read("output/box/skill.json"), provenance, "{command}");
    }
}

#[test]
fn a_command_that_takes_too_long_is_ended_with_all_it_started() {
    let sandbox = sandbox();
    let started = Instant::now();
    // The loop in the background would go on for ever; so would the answer.
    let command = "(while :; do date +%s%N > alive; sleep 0.05; done) & sleep 1000";
    let run = build(&sandbox, &["--enhance", command, "--enhance-timeout", "1"]);
    assert!(started.elapsed() < Duration::from_secs(500));
    assert!(run.stderr.contains("it took longer than 1 second"), "{}", run.stderr);
    let last = sandbox.read("alive");
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(sandbox.read("alive"), last, "the command's loop is still running");
}
