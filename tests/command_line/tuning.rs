//! Tuning without asking the site again: one page at any stage, a profile against a record, a suggestion from pages.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::json;

use crate::support::generated;
use crate::support::sandbox::Sandbox;
use crate::support::server::{Canned, Site, SiteServer};

const TOPICS: [&str; 8] = ["install", "configure", "plan", "measure", "repair", "deploy", "trace", "upgrade"];

/// A profile for the site of [`record`], as somebody who knows it would write it.
const BY_HAND: &str = "extends = \"generic\"\nmain_content = [\".words\"]\nremove = [\".onward\", \".askbox\", \".crumbs\"]\n\
                       [code]\nblocks = [\".snip\"]\n";

/// Eight recorded pages of a site without landmarks, and its config.
fn record(sandbox: &Sandbox) {
    sandbox.config("tool", &json!({"name": "tool", "base_url": "https://d.example/"}));
    std::fs::create_dir_all(sandbox.path("record")).unwrap();
    let mut list = String::new();
    for (at, topic) in TOPICS.iter().enumerate() {
        let menu: String = TOPICS.iter().map(|topic| format!("<a href='/{topic}'>{topic}</a> ")).collect();
        let next = TOPICS[(at + 1) % TOPICS.len()];
        let html = format!(
            "<html><head><title>{topic} | Tool</title></head><body><div class='rail'><a href='/'>Tool</a>{menu}</div>\
             <div class='pane'><div class='words'><div class='crumbs'><a href='/'>Tool</a></div><h1>{topic}</h1>\
             <p>How to {topic} the tool is told here in words that are about {topic} and about nothing else at all, so \
             that whoever wants to {topic} knows what to do.</p>\
             <div class='snip'><span class='corner'>Copy</span><pre><code class='language-sh'>tool {topic}\n</code></pre></div>\
             <p>After you {topic}, see whether the {topic} did what it should.</p>\
             <div class='askbox'>Ask the assistant about this page</div>\
             <p>More on how to {topic} stands elsewhere. The {topic} command has a manual.</p>\
             <p>The end of {topic}.</p><p>Nothing more about {topic}.</p><p>That was {topic}.</p><p>So much for {topic}.</p>\
             <div class='onward'><a href='/{next}'>On to {next}</a></div></div></div></body></html>"
        );
        sandbox.write(&format!("record/{topic}.html"), &html);
        list.push_str(&format!("{{\"url\": \"https://d.example/{topic}\", \"sent\": \"{topic}.html\"}}\n"));
    }
    sandbox.write("record/pages.jsonl", &list);
}

/// What `check` says about the record of [`record`], with further arguments.
fn check<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["check", "tool", "--replay", "record/pages.jsonl"], more].concat()
}

#[test]
fn a_page_is_shown_at_every_stage() {
    let sandbox = Sandbox::new();
    record(&sandbox);
    sandbox.write("hand.toml", BY_HAND);
    let from =
        ["inspect", "https://d.example/plan", "--from", "record/pages.jsonl", "--profile", "hand.toml"];
    let stage = |stage: &str| sandbox.run(&[&from[..], &["--stage", stage]].concat()).expect_code(0);
    let run = sandbox.run(&from).expect_code(0);
    assert!(run.stdout.starts_with("# plan\n\nHow to plan the tool"), "{}", run.stdout);
    assert!(
        run.stdout.contains("```sh\ntool plan\n```") || run.stdout.contains("```bash\ntool plan\n```"),
        "{}",
        run.stdout
    );
    assert_eq!(run.stderr, "https://d.example/plan: read as it was sent, with the profile hand\n");
    assert!(stage("fetched").stdout.starts_with("200 https://d.example/plan\nContent-Type: text/html"));
    assert!(stage("rendered").stdout.contains("<div class='words'>"));
    assert!(stage("document").stdout.contains("\"Heading\""));
    let links = stage("links").stdout;
    assert!(links.contains("navigation https://d.example/install"), "{links}");
    let json = sandbox.run(&[&from[..], &["--json"]].concat()).expect_code(0).json();
    assert_eq!((json["stage"].as_str(), json["profile"].as_str()), (Some("markdown"), Some("hand")));
    assert!(json["markdown"].as_str().unwrap().starts_with("# plan"));
}

#[test]
fn a_file_is_a_page() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "page.html",
        "<main><h1>Here</h1><p>See <a href='next'>the next page</a>, which is there.</p></main>",
    );
    let run = sandbox.run(&["inspect", "page.html", "--url", "https://d.example/docs/"]).expect_code(0);
    assert_eq!(run.stdout, "# Here\n\nSee [the next page](https://d.example/docs/next), which is there.\n");
    sandbox.write("page.md", "# There\n\nA page that was Markdown before.\n");
    let run = sandbox.run(&["inspect", "page.md"]).expect_code(0);
    assert_eq!(run.stdout, "# There\n\nA page that was Markdown before.\n");
    let run = sandbox.run(&["inspect", "page.md", "--stage", "fetched"]).expect_code(2);
    assert_eq!(
        run.stderr,
        "error: the page is there without the answer of the server\nhint: choose another `--stage`\n"
    );
}

#[test]
fn what_cannot_be_shown_is_said_with_what_is_near() {
    let sandbox = Sandbox::new();
    record(&sandbox);
    let run =
        sandbox.run(&["inspect", "https://d.example/instal", "--from", "record/pages.jsonl"]).expect_code(2);
    assert!(
        run.stderr.starts_with(
            "error: `record/pages.jsonl` has no page `https://d.example/instal`\n\
             hint: the nearest of its 8 pages are `https://d.example/install`, "
        ),
        "{}",
        run.stderr
    );
    let run = sandbox
        .run(&["inspect", "repair", "--from", "record/pages.jsonl", "--profile", "generik"])
        .expect_code(2);
    assert!(
        run.stderr.contains("`generik`") && run.stderr.ends_with("hint: did you mean `generic`?\n"),
        "{}",
        run.stderr
    );
    let run = sandbox.run(&["inspect", "repair", "--from", "record/pages.jsonl"]).expect_code(0);
    assert!(run.stdout.contains("How to repair the tool"), "the end of an address is enough: {}", run.stdout);
    let run = sandbox.run(&["inspect", "repair"]).expect_code(2);
    assert_eq!(
        run.stderr,
        "error: `repair` is neither a URL nor a file\n\
         hint: give an address with `https://`, a file, or name a record with `--from`\n"
    );
    let run = sandbox.run(&["check", "tool"]).expect_code(2);
    assert!(
        run.stderr.contains("hint: record the site first, with `skillcrawl scrape tool`"),
        "{}",
        run.stderr
    );
    let run = sandbox.run(&check(&["--against", "old/none.toml"])).expect_code(2);
    assert!(run.stderr.contains("there is no profile file `old/none.toml`"), "{}", run.stderr);
}

#[test]
fn a_page_of_the_network_is_asked_for_politely() {
    let page =
        "<main><h1>Live</h1><p>Enough words to be a page of documentation, all in one paragraph.</p></main>";
    let site = Site::default()
        .with("/robots.txt", Canned::text("User-agent: *\nDisallow: /private/\n"))
        .with("/old", Canned::redirect("/docs/new"))
        .with("/docs/new", Canned::html(format!("<html><body>{page}</body></html>")));
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    let run = sandbox.run(&["inspect", &server.url("/old"), "--render", "never"]).expect_code(0);
    assert!(run.stdout.starts_with("# Live\n"), "{}", run.stdout);
    assert_eq!(server.paths(), ["/robots.txt", "/old", "/docs/new"]);
    let run = sandbox.run(&["inspect", &server.url("/private/x"), "--render", "never"]).expect_code(4);
    assert!(run.stderr.contains("robots.txt"), "{}", run.stderr);
    assert_eq!(server.count("/private/x"), 0);
    assert!(!sandbox.path("crawls").exists(), "nothing is left behind");
}

#[test]
fn a_page_of_the_network_is_shown_as_the_browser_renders_it() {
    let script = "document.querySelector('main').innerHTML = '<h1>Drawn</h1><p>A script wrote all of this paragraph.</p>'";
    let page = format!("<html><body><main></main><script>{script}</script></body></html>");
    let site = Site::default()
        .with("/robots.txt", Canned::text("User-agent: *\nDisallow: /private/\n"))
        .with("/drawn", Canned::html(page));
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    let inspect = |stage: &str, render: &str| {
        let arguments = ["inspect", &server.url("/drawn"), "--stage", stage, "--render", render];
        sandbox.run_with_browser(&arguments).expect_code(0).stdout
    };
    let rendered = inspect("rendered", "always");
    assert!(rendered.contains("<p>A script wrote all of this paragraph.</p>"), "{rendered}");
    let fetched = inspect("fetched", "always");
    assert!(fetched.contains("<main></main>"), "what was sent is shown as it was sent: {fetched}");
    let markdown = inspect("markdown", "auto");
    assert_eq!(markdown, "# Drawn\n\nA script wrote all of this paragraph.\n");
    assert!(!sandbox.path("crawls").exists(), "nothing is left behind");
}

#[test]
fn a_check_counts_selectors_and_names_what_repeats() {
    let sandbox = Sandbox::new();
    record(&sandbox);
    sandbox.write(
        "thin.toml",
        "extends = \"generic\"\nmain_content = [\".words\"]\nremove = [\".onward\", \".nowhere\"]\n",
    );
    let run = sandbox.run(&check(&["--profile", "thin.toml"])).expect_code(0);
    let report = "8 pages, read with the profile thin (8)\n";
    assert!(run.stdout.starts_with(report), "{}", run.stdout);
    for line in [
        "0 without content, 0 with next to no words, 0 in which no selector found the main content\n",
        "8 code blocks, 0 (0 %) of them without a language\n",
        "     8  main_content          .words\n     8  remove                .onward\n",
        "     0  remove                .nowhere  <- matches nowhere\n  inherited: ",
        "     8  \"Ask the assistant about this page\"  in div.askbox\n",
    ] {
        assert!(run.stdout.contains(line), "{line:?} in:\n{}", run.stdout);
    }
    let run = sandbox
        .run(&check(&["--profile", "thin.toml", "--max-repeated", "0", "--max-dead", "0"]))
        .expect_code(3);
    assert!(
        run.stderr.contains("warning: 1 selectors of the profile match nowhere, and `--max-dead` allows 0\n"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("`--max-repeated` allows 0"), "{}", run.stderr);
    let json =
        sandbox.run(&check(&["--profile", "thin.toml", "--max-dead", "0", "--json"])).expect_code(3).json();
    assert_eq!(json["broken_limits"][0]["limit"], "max_dead");
    assert_eq!(
        json["report"]["selectors"][0],
        json!({"profile": "thin", "list": "main_content", "selector": ".words", "own": true, "pages": 8, "of": 8})
    );
    // A profile that finds nothing.
    sandbox.write("none.toml", "main_content = [\".nowhere\"]\nremove = [\"div\", \"h1\", \"p\"]\n");
    let run = sandbox.run(&check(&["--profile", "none.toml"])).expect_code(3);
    assert!(
        run.stderr
            .contains("warning: 100 per cent of the pages have no content, and `--max-empty` allows 2\n"),
        "{}",
        run.stderr
    );
    assert!(
        run.stdout.contains("worst pages:\n  https://d.example/configure\n      no content; no selector"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_check_against_a_profile_shows_what_a_change_did() {
    let sandbox = Sandbox::new();
    record(&sandbox);
    sandbox.write("old.toml", BY_HAND).write("new.toml", &BY_HAND.replace("\".askbox\"", "\".snip\""));
    let run = sandbox
        .run(&check(&["--profile", "new.toml", "--against", "old.toml", "--worst", "1"]))
        .expect_code(0);
    let difference = run.stdout.split("\n\nagainst old.toml: ").nth(1).unwrap();
    assert!(
        difference.starts_with(
            "0 pages the same, 8 changed\n  gained 48 words, 8 blocks, 0 code blocks, 0 headings\n"
        ),
        "{difference}"
    );
    assert!(difference.contains("  lost   32 words, 8 blocks, 8 code blocks, 0 headings"), "{difference}");
    assert!(difference.contains("  +Ask the assistant about this page\n"), "{difference}");
    assert!(difference.ends_with("  … and 7 more\n"), "{difference}");
    let run = sandbox
        .run(&check(&["--profile", "new.toml", "--against", "old.toml", "--max-lost", "1", "--json"]))
        .expect_code(3);
    assert_eq!(run.json()["broken_limits"][0]["limit"], "max_lost");
    assert_eq!(run.json()["comparison"]["lost"]["code"], 8);
    let run = sandbox.run(&check(&["--profile", "old.toml", "--against", "old.toml"])).expect_code(0);
    assert!(run.stdout.ends_with("against old.toml: 8 pages the same, 0 changed\n"), "{}", run.stdout);
}

#[test]
fn a_suggestion_does_as_well_as_a_profile_by_hand_where_no_landmark_helps() {
    let sandbox = Sandbox::new();
    record(&sandbox);
    sandbox.write("hand.toml", BY_HAND);
    let suggestion = sandbox.run(&check(&["--suggest"])).expect_code(0);
    assert!(suggestion.stdout.contains("\n  \"div.words\",\n"), "{}", suggestion.stdout);
    sandbox.write("suggested.toml", &suggestion.stdout);
    let compared = |profile: &str| {
        sandbox.run(&check(&["--profile", profile, "--against", "hand.toml", "--json"])).json()["comparison"]
            .clone()
    };
    let suggested = compared("suggested.toml");
    assert_eq!(suggested["same"], 8, "{suggested:#}");
    // What is proven by this: without any profile the pages are read worse.
    assert_eq!(compared("generic")["same"], 0);
}

#[test]
fn a_suggestion_does_about_as_well_as_the_profile_of_mkdocs_material() {
    check_suggestion("mkdocs-material");
}

#[test]
fn a_suggestion_does_about_as_well_as_the_profile_of_sphinx() {
    check_suggestion("sphinx-pydata");
}

#[test]
fn a_suggestion_does_about_as_well_as_the_profile_of_docusaurus() {
    check_suggestion("docusaurus");
}

/// What a suggestion that builds on nothing but `generic` may lose of what the hand-made profile reads, in per cent of
/// the words, and bring besides.
const MOST_LOST: f64 = 1.0;
const MOST_GAINED: u64 = 60;

fn check_suggestion(profile: &str) {
    let generated = generated::site(profile);
    let server = SiteServer::start(Site::folder(&generated.root));
    let sandbox = Sandbox::new();
    let exclude: Vec<&str> =
        generated.others.iter().map(String::as_str).filter(|path| *path != "/index.html").collect();
    sandbox.config(
        "manual",
        &json!({"name": "manual", "base_url": server.url("/"), "rate_limit": 0, "url_patterns": {"exclude": exclude}}),
    );
    sandbox.run(&["scrape", "manual", "--render", "never"]).expect_code(0);
    let suggestion = sandbox.run(&["check", "manual", "--suggest", "--extends", "generic"]).expect_code(0);
    sandbox.write("suggested.toml", &suggestion.stdout);
    let run = sandbox
        .run(&["check", "manual", "--profile", "suggested.toml", "--against", profile, "--json"])
        .expect_code(0);
    let compared = &run.json()["comparison"];
    let lost = compared["lost_percent"].as_f64().unwrap();
    let gained = compared["gained"]["words"].as_u64().unwrap();
    println!("{profile}: {lost:.2} % of the words lost, {gained} words gained");
    assert!(lost <= MOST_LOST, "{compared:#}");
    assert!(gained <= MOST_GAINED, "{compared:#}");
    assert_eq!(compared["lost"]["headings"], 0, "{compared:#}");
    assert!(compared["lost"]["code"].as_u64().unwrap() <= 1, "{compared:#}");
    // By itself, it builds on what recognises the pages.
    let run = sandbox.run(&["check", "manual", "--suggest"]).expect_code(0);
    assert!(run.stdout.contains(&format!("\nextends = \"{profile}\"\n")), "{}", run.stdout);
}

#[test]
fn watching_prints_what_a_change_of_the_profile_did_and_ends_in_good_order() {
    let sandbox = Sandbox::new();
    record(&sandbox);
    sandbox.write("mine.toml", BY_HAND);
    let mut child = sandbox
        .command(&check(&["--profile", "mine.toml", "--watch", "--worst", "1"]))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (out, err) = (lines(child.stdout.take().unwrap()), lines(child.stderr.take().unwrap()));
    wait_for(&err, "watching the profiles and the config; Ctrl-C ends it");
    sandbox.write("mine.toml", &BY_HAND.replace("\".askbox\", ", ""));
    wait_for(&out, "against the last state: 0 pages the same, 8 changed");
    wait_for(&out, "  +Ask the assistant about this page");
    sandbox.write("mine.toml", "main = []\n");
    wait_for(&err, "error: unknown field `main`");
    sandbox.write("mine.toml", BY_HAND);
    wait_for(&out, "against the last state: 0 pages the same, 8 changed");
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    wait_for(&err, "stopped");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

fn lines(pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

#[track_caller]
fn wait_for(lines: &Receiver<String>, beginning: &str) {
    let mut seen = Vec::new();
    loop {
        match lines.recv_timeout(Duration::from_secs(60)) {
            Ok(line) if line.starts_with(beginning) => return,
            Ok(line) => seen.push(line),
            Err(error) => panic!("{error}, no line begins with {beginning:?} in {seen:#?}"),
        }
    }
}

#[test]
fn the_help_tells_every_stage_and_limit() {
    let sandbox = Sandbox::new();
    let help = sandbox.run(&["inspect", "--help"]).expect_code(0).stdout;
    for word in
        ["--stage <STAGE>", "fetched", "rendered", "document", "markdown", "links", "--from", "--profile"]
    {
        assert!(help.contains(word), "{word} in:\n{help}");
    }
    let help = sandbox.run(&["check", "--help"]).expect_code(0).stdout;
    for word in
        ["--replay", "--against", "--suggest", "--watch", "--max-empty", "[default: 2]", "exit code is 3"]
    {
        assert!(help.contains(word), "{word} in:\n{help}");
    }
}
