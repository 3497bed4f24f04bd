//! A library of skills: many sites side by side, killed and gone on with, and the index of what is there.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use skillcrawl::archive::Archive;

use crate::support::sandbox::Sandbox;
use crate::support::server::{Canned, Seen, Site, SiteServer};

/// The spacing of requests to a host: long beside what a busy machine adds to the way of a request.
const DELAY: Duration = Duration::from_secs(3);
/// The sites of the host that several share.
const SHARED: [&str; 5] = ["alpha", "beta", "gamma", "delta", "epsilon"];
/// Those that have a host of their own.
const ALONE: [&str; 5] = ["zeta", "eta", "theta", "iota", "kappa"];
const PAGES: usize = 3;

fn page(title: &str, links: &[String]) -> Canned {
    let links: String = links.iter().map(|link| format!("<li><a href='{link}'>{link}</a></li>")).collect();
    Canned::html(format!(
        "<html><head><title>{title}</title></head><body><main><h1>{title}</h1><p>The page called {title} says a \
         few words about itself, so that there is something to keep.</p><pre><code>run {title}</code></pre>\
         <ul>{links}</ul></main></body></html>"
    ))
}

/// A small site in a folder: a page that leads to the others.
fn with_pages(mut site: Site, folder: &str) -> Site {
    let links: Vec<String> = (1..PAGES).map(|number| format!("{folder}page-{number}")).collect();
    for (number, link) in links.iter().enumerate() {
        site = site.with(link, page(&format!("Chapter {} of {folder}", number + 1), &[]));
    }
    site.with(folder, page(&format!("Home of {folder}"), &links))
}

fn open_site() -> Site {
    Site::default().with("/robots.txt", Canned::text("User-agent: *\nAllow: /\n"))
}

fn config(name: &str, base_url: &str, library: Value) -> Value {
    json!({
        "name": name, "base_url": base_url, "rate_limit": DELAY.as_secs_f64(), "render": "never",
        "description": format!("The tool {name}. Use when a test asks for {name}."),
        "discover": ["links"], "library": library,
    })
}

/// The servers of ten sites, and their configs.
struct World {
    shared: SiteServer,
    alone: BTreeMap<&'static str, SiteServer>,
    refusing: SiteServer,
}

impl World {
    fn new(sandbox: &Sandbox) -> Self {
        let mut shared = open_site();
        for name in SHARED {
            shared = with_pages(shared, &format!("/{name}/"));
        }
        let shared = SiteServer::start(shared);
        for name in SHARED {
            let place = json!({"folder": "2-shared", "tier": 1, "phase": 1});
            sandbox.config(name, &config(name, &shared.url(&format!("/{name}/")), place));
        }
        let mut alone = BTreeMap::new();
        for (number, name) in ALONE.into_iter().enumerate() {
            let server = SiteServer::start(with_pages(open_site(), "/"));
            let url = server.url("/");
            // The same machine under another name is another host.
            let url = if number % 2 == 0 { url.replace("127.0.0.1", "localhost") } else { url };
            sandbox.config(name, &config(name, &url, json!({"folder": "10-alone", "tier": 2, "phase": 2})));
            alone.insert(name, server);
        }
        let robots = Canned::text("User-agent: *\nDisallow: /\n");
        let refusing = SiteServer::start(Site::default().with("/robots.txt", robots));
        sandbox.config("refused", &config("refused", &refusing.url("/"), json!({})));
        sandbox.write("configs/broken.json", "{\"name\": \"broken\", \"base_uri\": 1}");
        Self { shared, alone, refusing }
    }

    fn servers(&self) -> impl Iterator<Item = &SiteServer> {
        self.alone.values().chain([&self.shared, &self.refusing])
    }

    fn asked(&self) -> usize {
        self.servers().map(|server| server.seen().len()).sum()
    }
}

#[track_caller]
fn check_spacing(seen: &[Seen]) {
    for pair in seen.windows(2) {
        let gap = pair[1].at - pair[0].at;
        assert!(gap >= DELAY * 5 / 6, "{gap:?} between {} and {}", pair[0].path, pair[1].path);
    }
}

/// The paths that the archives of all crawls hold, with the crawl's name.
fn recorded(sandbox: &Sandbox) -> BTreeSet<(String, String)> {
    let mut recorded = BTreeSet::new();
    for name in SHARED.into_iter().chain(ALONE) {
        if let Ok(archive) = Archive::open(&sandbox.path(&format!("crawls/{name}"))) {
            recorded.extend(archive.page_urls().map(|url| (name.to_owned(), url.path().to_owned())));
        }
    }
    recorded
}

fn outcome<'a>(report: &'a Value, name: &str) -> &'a str {
    let site = report["sites"].as_array().unwrap().iter().find(|site| site["name"] == name);
    site.unwrap_or_else(|| panic!("{name} in {report}"))["outcome"].as_str().unwrap()
}

#[test]
fn ten_sites_are_built_side_by_side_through_a_kill_and_no_host_is_asked_faster() {
    let sandbox = Sandbox::new();
    let world = World::new(&sandbox);
    let command = ["build", "--all", "--jobs", "8", "--json"];
    let mut child = sandbox.command(&command).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while world.shared.seen().len() < 9 || world.asked() < 14 {
        assert!(Instant::now() < deadline && child.try_wait().unwrap().is_none(), "{}", world.asked());
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let before = recorded(&sandbox);
    let seen_before: Vec<usize> = world.servers().map(|server| server.seen().len()).collect();
    assert!(!before.is_empty() && before.len() < (SHARED.len() + ALONE.len()) * PAGES, "{before:?}");

    let run = sandbox.run(&command).expect_code(3);
    let report = run.json();
    assert_eq!(report["counts"]["done"], 10, "{report}");
    for name in SHARED.into_iter().chain(ALONE) {
        assert_eq!(outcome(&report, name), "done");
    }
    assert_eq!((outcome(&report, "refused"), outcome(&report, "broken")), ("failed", "failed"));
    assert!(
        run.stdout.contains("robots.txt does not allow") && run.stdout.contains("did you mean `base_url`?")
    );
    // In the order of phase, tier and name.
    let names: Vec<&str> =
        report["sites"].as_array().unwrap().iter().map(|site| site["name"].as_str().unwrap()).collect();
    assert_eq!(names[..6], ["alpha", "beta", "delta", "epsilon", "gamma", "eta"]);

    // Every host saw its requests apart, in both lives and between them, whoever asked.
    world.servers().for_each(|server| check_spacing(&server.seen()));
    // What was recorded was not asked for again.
    for (server, first) in world.servers().zip(seen_before) {
        for seen in &server.seen()[first..] {
            let again = before.iter().any(|(name, path)| {
                *path == seen.path
                    && (world.alone.get(name.as_str()).is_some_and(|own| std::ptr::eq(own, server))
                        || (SHARED.contains(&name.as_str()) && std::ptr::eq(&raw const world.shared, server)))
            });
            assert!(!again, "{} was recorded, and asked for again", seen.path);
        }
    }

    // The tree is complete, with an index.
    let library = "claude-ai-research-skills";
    for (folder, names) in [("2-shared", SHARED), ("10-alone", ALONE)] {
        for name in names {
            sandbox.run(&["validate", &format!("{library}/{folder}/{name}")]).expect_code(0);
            assert!(sandbox.path(&format!("{library}/{folder}/{name}.zip")).is_file());
        }
    }
    let readme = sandbox.read(&format!("{library}/README.md"));
    let at = |text: &str| readme.find(text).unwrap_or_else(|| panic!("{text} in\n{readme}"));
    assert!(readme.contains("10 skills, 30 pages") && at("## 2-shared") < at("## 10-alone"), "{readme}");
    let index: Value = serde_json::from_str(&sandbox.read(&format!("{library}/index.json"))).unwrap();
    assert_eq!(index["skills"].as_array().unwrap().len(), 10);

    // Once more: nothing is asked but what was refused, and the library stays as it is.
    let asked: usize = world.alone.values().chain([&world.shared]).map(|server| server.seen().len()).sum();
    let index_before = sandbox.read(&format!("{library}/index.json"));
    sandbox.run(&command).expect_code(3);
    let again: usize = world.alone.values().chain([&world.shared]).map(|server| server.seen().len()).sum();
    assert_eq!(again, asked);
    assert_eq!(sandbox.read(&format!("{library}/index.json")), index_before);
    assert_eq!(sandbox.read(&format!("{library}/README.md")), readme);
}

#[test]
fn an_interruption_stops_all_sites_and_the_same_command_goes_on() {
    let sandbox = Sandbox::new();
    let server = SiteServer::start(with_pages(with_pages(open_site(), "/one/"), "/two/"));
    for name in ["one", "two"] {
        let mut config = config(name, &server.url(&format!("/{name}/")), json!({"folder": "1-x"}));
        config["rate_limit"] = json!(0.5);
        sandbox.config(name, &config);
    }
    let child = sandbox
        .command(&["build", "--all", "--jobs", "1", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while server.seen().len() < 2 {
        assert!(Instant::now() < deadline);
        std::thread::sleep(Duration::from_millis(5));
    }
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((outcome(&report, "one"), outcome(&report, "two")), ("interrupted", "interrupted"));
    assert!(
        String::from_utf8_lossy(&output.stderr)
            .contains("run `skillcrawl build --all --jobs 1 --json` again")
    );
    assert_eq!(server.count("/two/"), 0, "the second site was begun");

    let run = sandbox.run(&["build", "--all", "--jobs", "1", "--router"]).expect_code(0);
    assert!(
        run.stdout.contains("one: done, 3 pages") && run.stdout.contains("two: done, 3 pages"),
        "{}",
        run.stdout
    );
    assert!(run.stderr.contains("one: assembling"), "{}", run.stderr);
    let library = "claude-ai-research-skills";
    let router = sandbox.read(&format!("{library}/ai-research-skills/SKILL.md"));
    assert!(router.contains("../1-x/one/SKILL.md"), "{router}");
    sandbox.run(&["validate", &format!("{library}/ai-research-skills")]).expect_code(0);
    // The router is no skill of the library.
    let index = sandbox.run(&["index", "--json"]).expect_code(0).json();
    assert_eq!(index["skills"].as_array().unwrap().len(), 2, "{index}");
}

#[test]
fn records_of_all_sites_are_replayed_from_a_folder() {
    let sandbox = Sandbox::new();
    for name in ["one", "two"] {
        sandbox.config(name, &config(name, "https://d.example/docs/", json!({"folder": "1-x", "phase": 3})));
    }
    let html = "<html><head><title>A page</title></head><body><main><h1>A page</h1><p>It says a few words about \
                itself, so that there is something to keep.</p></main></body></html>";
    let line = json!({"url": "https://d.example/docs/a", "sent": "a.html"});
    std::fs::create_dir_all(sandbox.path("records/one")).unwrap();
    sandbox.write("records/one/pages.jsonl", &format!("{line}\n")).write("records/one/a.html", html);
    let command = ["build", "--all", "--replay", "records", "--library", "lib", "--json"];
    let report = sandbox.run(&command).expect_code(3).json();
    assert_eq!((outcome(&report, "one"), outcome(&report, "two")), ("done", "failed"));
    assert_eq!(report["sites"][1]["hint"], "put one at `records/two/pages.jsonl`");
    assert!(!sandbox.path("crawls").exists());
    let report =
        sandbox.run(&[&command[..], &["--only", "one", "--phase", "3"]].concat()).expect_code(0).json();
    assert_eq!(report["sites"].as_array().unwrap().len(), 1);
}

#[test]
fn an_index_is_made_from_the_folders_alone() {
    let sandbox = Sandbox::new();
    let skill = |path: &str, name: &str| {
        std::fs::create_dir_all(sandbox.path(&format!("{path}/references"))).unwrap();
        sandbox.write(
            &format!("{path}/SKILL.md"),
            &format!("---\nname: {name}\ndescription: \"The tool {name}. Use when asked.\"\n---\n# {name}\n"),
        );
    };
    skill("lib/2-b/tool", "tool");
    skill("lib/1-a/other", "other");
    skill("lib/loose", "loose");
    skill("lib/1-a/other.invalid", "other");
    std::fs::create_dir_all(sandbox.path("lib/notes")).unwrap();
    sandbox.write("lib/notes/todo.txt", "mine");
    sandbox.write("lib/1-a/other.qa.json", "{\"items\": [{\"verdict\": \"pass\"}, {\"verdict\": \"fail\"}]}");
    let run = sandbox.run(&["index", "lib"]).expect_code(0);
    for foreign in ["lib/notes", "lib/1-a/other.invalid"] {
        assert!(run.stderr.contains(&format!("`{foreign}` is no skill and is left alone")), "{}", run.stderr);
    }
    let readme = sandbox.read("lib/README.md");
    let order: Vec<usize> = ["## 1-a", "## 2-b", "## Without a category", "[loose](loose/SKILL.md)"]
        .iter()
        .map(|text| readme.find(text).unwrap_or_else(|| panic!("{text} in\n{readme}")))
        .collect();
    assert!(order.is_sorted() && readme.contains("1 passed, 0 remarks, 1 failed"), "{readme}");
    assert_eq!(sandbox.read("lib/notes/todo.txt"), "mine");
    sandbox.run(&["index", "lib"]).expect_code(0);
    assert_eq!(sandbox.read("lib/README.md"), readme, "the same folders give the same bytes");

    sandbox.write("lib/README.md", "# My own words\n");
    let run = sandbox.run(&["index", "lib"]).expect_code(1);
    assert!(run.stderr.contains("was written by somebody else"), "{}", run.stderr);
    assert_eq!(sandbox.read("lib/README.md"), "# My own words\n");
    sandbox.run(&["index", "nowhere"]).expect_code(2);
    sandbox.run(&["index", "configs"]).expect_code(2);
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let sandbox = Sandbox::new();
    sandbox.config("ray-train", &config("ray-train", "https://d.example/", json!({"phase": 1})));
    for arguments in [
        &["build"][..],
        &["build", "ray-train", "--all"],
        &["build", "ray-train", "--phase", "1"],
        &["build", "--all", "--jobs", "11"],
        &["build", "--all", "--jobs", "0"],
        &["build", "--all", "--output", "x"],
        &["build", "--all", "--phase", "2"],
        &["build", "--all", "--configs", "nowhere"],
        &["build", "--all", "--replay", "nowhere"],
    ] {
        let run = sandbox.run(arguments).expect_code(2);
        assert!(!sandbox.path("crawls").exists() && !run.stderr.is_empty(), "{arguments:?}");
    }
    let run = sandbox.run(&["build", "--all", "--only", "ray-trian"]).expect_code(2);
    assert!(run.stderr.contains("hint: did you mean `ray-train`?"), "{}", run.stderr);
    let config = json!({"name": "x", "base_url": "https://d.example/", "library": {"folder": "../up"}});
    sandbox.config("x", &config);
    let run = sandbox.run(&["build", "x"]).expect_code(2);
    assert!(run.stderr.contains("`library.folder` in `configs/x.json` is `../up`"), "{}", run.stderr);
}
