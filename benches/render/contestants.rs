//! Who is measured, and how each is run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::json;
use skillcrawl::archive::Archive;

use crate::check::{Brought, read_brought};
use crate::measure::{Cost, run};
use crate::task::Task;

/// No run takes longer, or something is wrong.
const LONGEST_RUN: Duration = Duration::from_secs(900);
const PLAYWRIGHT: &str = "playwright-core@1.65.1";

/// A program that renders the pages of a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Contestant {
    /// `skillcrawl scrape`, the whole of it: links, politeness, archive, frontier.
    Skillcrawl,
    /// The same with a load for each page: without the site's own router.
    SkillcrawlLoads,
    /// Playwright with a page for each address.
    PlaywrightFresh,
    /// Playwright with as many pages as tabs, used again and again.
    PlaywrightReused,
    /// The loop that only navigates and serialises.
    Bare,
}

impl Contestant {
    /// All, in the order of the table.
    pub const ALL: [Self; 5] =
        [Self::Skillcrawl, Self::SkillcrawlLoads, Self::PlaywrightFresh, Self::PlaywrightReused, Self::Bare];

    /// Its name in the table and for `--only`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Skillcrawl => "skillcrawl",
            Self::SkillcrawlLoads => "skillcrawl-loads",
            Self::PlaywrightFresh => "playwright-fresh",
            Self::PlaywrightReused => "playwright-reused",
            Self::Bare => "bare-loop",
        }
    }

    /// Runs it once, in an empty folder.
    ///
    /// # Errors
    ///
    /// When it cannot be run or fails.
    pub fn run(self, task: &Task, tools: &Tools, folder: &Path) -> anyhow::Result<(Cost, Brought)> {
        match self {
            Self::Skillcrawl => skillcrawl(task, tools, folder, true),
            Self::SkillcrawlLoads => skillcrawl(task, tools, folder, false),
            Self::PlaywrightFresh => script(folder, playwright(task, tools, folder, false)?),
            Self::PlaywrightReused => script(folder, playwright(task, tools, folder, true)?),
            Self::Bare => script(folder, bare(task, tools, folder)?),
        }
    }
}

/// The programs that the contestants need.
#[derive(Clone, Debug)]
pub struct Tools {
    /// The browser that the crawler takes by itself.
    pub chrome: PathBuf,
    /// The browser of all others.
    pub theirs: PathBuf,
    /// The folder of the npm package.
    pub playwright: PathBuf,
    /// Whether Chromium can have its sandbox.
    pub sandbox: bool,
}

impl Tools {
    /// Finds Chromium and installs Playwright below `target/tools`, unless it is there. Without `theirs`, all contestants
    /// have the same browser.
    ///
    /// # Errors
    ///
    /// When there is no Chromium, or npm fails.
    pub fn get(theirs: Option<&Path>) -> anyhow::Result<Self> {
        let chrome = skillcrawl::fetch::browser::find_chrome(None)?;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/playwright");
        let playwright = folder.join("node_modules/playwright-core");
        let wanted = PLAYWRIGHT.rsplit('@').next().unwrap_or_default();
        if version_in(&playwright).as_deref() != Some(wanted) {
            std::fs::create_dir_all(&folder)?;
            // The script takes the system's Chromium, so none is downloaded.
            let npm = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix"];
            let status = Command::new("npm").args(npm).arg(&folder).arg(PLAYWRIGHT).status();
            if !status.context("cannot run npm")?.success() {
                bail!("npm could not install {PLAYWRIGHT}");
            }
        }
        let theirs = theirs.map_or_else(|| chrome.clone(), Path::to_owned);
        Ok(Self { chrome, theirs, playwright, sandbox: !rustix::process::geteuid().is_root() })
    }
}

fn version_in(package: &Path) -> Option<String> {
    let text = std::fs::read_to_string(package.join("package.json")).ok()?;
    let value: serde_json::Value = serde_json::from_str(&text).ok()?;
    Some(value["version"].as_str()?.to_owned())
}

fn skillcrawl(task: &Task, tools: &Tools, folder: &Path, router: bool) -> anyhow::Result<(Cost, Brought)> {
    let config = json!({
        "name": "bench",
        "description": "The site of the benchmark.",
        "base_url": task.base,
        "start_urls": [task.urls.first()],
        "rate_limit": 0,
        "max_pages": task.urls.len() * 2,
        "concurrency": task.tabs,
        "discover": ["links", "navigation"],
        "render": "always",
        "router": router,
    });
    let file = folder.join("bench.json");
    std::fs::write(&file, config.to_string())?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_skillcrawl"));
    command.args(["--quiet", "scrape"]).arg(&file).arg("--crawls").arg(folder.join("crawls"));
    command.arg("--chrome").arg(&tools.chrome);
    // Its result on stdout is the folder, which is known.
    command.stdout(std::process::Stdio::null());
    let cost = run(command, LONGEST_RUN)?;
    let archive = Archive::open(&folder.join("crawls/bench"))?;
    let mut brought = BTreeMap::new();
    for page in archive.pages() {
        let page = page?;
        brought.insert(page.url.to_string(), page.dom.map(|dom| dom.html).unwrap_or_default());
    }
    Ok((cost, brought))
}

fn script(folder: &Path, command: Command) -> anyhow::Result<(Cost, Brought)> {
    let cost = run(command, LONGEST_RUN)?;
    Ok((cost, read_brought(folder)?))
}

fn playwright(task: &Task, tools: &Tools, folder: &Path, reuse: bool) -> anyhow::Result<Command> {
    let job = json!({
        "module": tools.playwright,
        "chrome": tools.theirs,
        "sandbox": tools.sandbox,
        "urls": task.urls,
        "tabs": task.tabs,
        "reuse": reuse,
        "leave": task.leave,
        "ready": here("ready.js"),
        "out": folder,
    });
    node("playwright.mjs", &job, folder)
}

fn bare(task: &Task, tools: &Tools, folder: &Path) -> anyhow::Result<Command> {
    let mut switches = vec![
        "--headless=new",
        "--no-first-run",
        "--no-startup-window",
        "--disable-gpu",
        "--disable-extensions",
        "--disable-background-networking",
        "--disable-back-forward-cache",
        "--disable-background-timer-throttling",
        "--disable-renderer-backgrounding",
        "--disable-backgrounding-occluded-windows",
        "--window-size=1280,1024",
    ];
    if !tools.sandbox {
        switches.push("--no-sandbox");
    }
    let job = json!({
        "chrome": tools.theirs,
        "switches": switches,
        "home": folder.join("profile"),
        "urls": task.urls,
        "tabs": task.tabs,
        "leave": task.leave,
        "done": task.done,
        "out": folder,
    });
    node("bare.mjs", &job, folder)
}

fn node(script: &str, job: &serde_json::Value, folder: &Path) -> anyhow::Result<Command> {
    let file = folder.join("job.json");
    std::fs::write(&file, job.to_string())?;
    let mut command = Command::new("node");
    command.arg(here(script)).arg(file);
    Ok(command)
}

fn here(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/render").join(file)
}
