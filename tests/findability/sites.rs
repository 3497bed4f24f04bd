//! The sites whose skills are searched: the program's own manual, a large one made here, recorded ones.

use std::convert::Infallible;
use std::fs;
use std::path::Path;

use serde_json::Value;
use skillcrawl::archive::Archive;
use skillcrawl::config;
use skillcrawl::config::SiteConfig;
use skillcrawl::document::NavigationItem;
use skillcrawl::extract::read_page;
use skillcrawl::fetched::Fetched;
use skillcrawl::pipeline::assemble;
use skillcrawl::profile::Profiles;
use skillcrawl::scope::{Judgement, Scope};
use skillcrawl::skill::Skill;
use skillcrawl::skill::limits::Limits;

use crate::pages;

fn build(pages: Vec<Fetched>, navigation: &[NavigationItem], config: &SiteConfig) -> Skill {
    let read = |fetched: &Fetched| pages::read(fetched, navigation);
    assemble(pages.into_iter().map(Ok::<_, Infallible>), config, &Limits::default(), &read).unwrap().skill
}

/// The manual of this program, with the navigation of its site.
pub fn manual() -> Skill {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/manual");
    let base = "https://manual.example/docs/";
    let plan: Value = serde_json::from_str(&fs::read_to_string(folder.join("nav.json")).unwrap()).unwrap();
    let mut pages = vec![pages::page(base, &fs::read_to_string(folder.join("index.md")).unwrap())];
    let mut navigation = Vec::new();
    for section in plan["sections"].as_array().unwrap() {
        let mut items = Vec::new();
        for page in section["pages"].as_array().unwrap() {
            let file = page["file"].as_str().unwrap();
            let address = format!("{base}{}", file.trim_end_matches(".md"));
            pages.push(pages::page(&address, &fs::read_to_string(folder.join(file)).unwrap()));
            items.push(pages::item(page["title"].as_str().unwrap(), Some(&address), vec![]));
        }
        navigation.push(pages::item(section["title"].as_str().unwrap(), None, items));
    }
    build(pages, &navigation, &pages::config("manual", base))
}

const PARTS: [&str; 6] = ["Storage", "Network", "Scheduler", "Security", "Metrics", "Deployment"];
const THINGS: [&str; 12] = [
    "volumes",
    "snapshots",
    "quotas",
    "proxies",
    "certificates",
    "queues",
    "workers",
    "tokens",
    "dashboards",
    "alerts",
    "clusters",
    "rollbacks",
];
const VERBS: [&str; 7] = ["Create", "Inspect", "Rotate", "Replicate", "Throttle", "Restore", "Label"];
/// What the sections of a page are about; two pages each share one.
const MATTERS: [&str; 37] = [
    "owners",
    "leases",
    "mirrors",
    "labels",
    "regions",
    "keys",
    "scopes",
    "hooks",
    "events",
    "probes",
    "budgets",
    "aliases",
    "shards",
    "replicas",
    "policies",
    "schedules",
    "limits",
    "routes",
    "filters",
    "pools",
    "batches",
    "caches",
    "traces",
    "reports",
    "backups",
    "sessions",
    "locks",
    "topics",
    "streams",
    "templates",
    "archives",
    "journals",
    "gateways",
    "secrets",
    "profiles",
    "windows",
    "retries",
];
const WAYS: [&str; 5] = [
    "from the command line",
    "with a service account",
    "in a dry run",
    "after a failure",
    "without downtime",
];

/// A site of 73 pages in six groups, whose pages and sections share most of their words.
pub fn large() -> Skill {
    let base = "https://large.example/docs/";
    let mut pages =
        vec![pages::page(base, "# Works\n\nWorks runs what you give it, wherever there is room for it.\n")];
    let mut navigation = Vec::new();
    for (number, part) in PARTS.iter().enumerate() {
        let mut items = Vec::new();
        for (at, thing) in THINGS.iter().enumerate() {
            let address = format!("{base}{}/{thing}", part.to_lowercase());
            let title = format!("{part} {thing}");
            let mut text = format!(
                "# {title}\n\nHow {} treats its {thing}, and what they are for.\n\n",
                part.to_lowercase()
            );
            for turn in 0..5 {
                let place = number * THINGS.len() + at;
                let seed = place + turn;
                let (verb, matter, way) =
                    (VERBS[seed % VERBS.len()], MATTERS[place % MATTERS.len()], WAYS[seed % WAYS.len()]);
                text.push_str(&format!("## {verb} {matter} {way}\n\n"));
                let line = format!(
                    "The {matter} of {part} follow rule {seed} while you {} them {way}. ",
                    verb.to_lowercase()
                );
                text.push_str(&format!("{}\n\n", line.repeat(4 + seed % 7)));
            }
            items.push(pages::item(&title, Some(&address), vec![]));
            pages.push(pages::page(&address, &text));
        }
        navigation.push(pages::item(part, None, items));
    }
    build(pages, &navigation, &pages::config("works", base))
}

/// The skills of every `NAME/pages.jsonl` of a folder, with the config of that name or one made of the addresses.
pub fn recorded(folder: &Path) -> Vec<(String, Skill)> {
    let profiles = Profiles::builtin().unwrap();
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    names.retain(|path| path.join("pages.jsonl").exists());
    let skill = |path: &Path| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let archive = Archive::open(&path.join("pages.jsonl")).unwrap();
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("configs/{name}.json"));
        let config = match fs::read_to_string(&own) {
            Ok(text) => config::load::parse(&text, &own).unwrap().config,
            Err(_) => pages::config(&name, &common(archive.page_urls().map(|url| url.as_str()))),
        };
        let scope = Scope::new(&config.scope).unwrap();
        let inside = archive.pages().filter(|page| {
            page.as_ref().map_or(true, |page| matches!(scope.judge(&page.url), Judgement::InScope))
        });
        let read = |fetched: &Fetched| read_page(fetched, &profiles, &config.extract);
        let skill = assemble(inside, &config, &Limits::default(), &read).unwrap().skill;
        (name, skill)
    };
    names.iter().map(|path| skill(path)).collect()
}

/// The folder that all addresses share.
fn common<'a>(urls: impl Iterator<Item = &'a str>) -> String {
    let shared = urls.map(str::to_owned).reduce(|left, right| {
        left.chars().zip(right.chars()).take_while(|(one, other)| one == other).map(|(one, _)| one).collect()
    });
    let shared = shared.unwrap();
    let shared = shared.split('#').next().unwrap();
    shared[..=shared.rfind('/').unwrap()].to_owned()
}
