//! Who turns the pages into Markdown, and how each is called.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use htmd::HtmlToMarkdown;
use serde_json::json;
use skillcrawl::config::ExtractRules;
use skillcrawl::extract::read_page;
use skillcrawl::fetched::{Exchange, Fetched, UNDATED};
use skillcrawl::markdown::to_markdown;
use skillcrawl::profile::Profiles;
use skillcrawl::url::CanonicalUrl;

use crate::pages::Sample;

const TRAFILATURA: &str = "trafilatura==2.3.1";
/// A part of lxml that moved out of it, and that trafilatura needs without saying so.
const CLEANER: &str = "lxml_html_clean==0.4.6";

/// The extraction of this program: profile found, content read, metadata, menu, Markdown.
pub struct Skillcrawl {
    profiles: Profiles,
    rules: ExtractRules,
}

impl Skillcrawl {
    /// Compiles the profiles, which a run does once.
    ///
    /// # Errors
    ///
    /// When a profile is broken.
    pub fn new(profile: Option<String>) -> anyhow::Result<Self> {
        Ok(Self {
            profiles: Profiles::builtin()?,
            rules: ExtractRules { profile, ..ExtractRules::default() },
        })
    }

    /// Converts all pages.
    pub fn convert(&self, samples: &[Sample]) -> (Duration, Vec<String>) {
        let fetched: Vec<Fetched> = samples.iter().filter_map(fetched).collect();
        let began = Instant::now();
        let markdown = fetched
            .iter()
            .map(|page| to_markdown(&read_page(black_box(page), &self.profiles, &self.rules).document))
            .collect();
        (began.elapsed(), markdown)
    }
}

fn fetched(sample: &Sample) -> Option<Fetched> {
    let url = CanonicalUrl::parse(&sample.url).ok()?;
    let exchange = Exchange {
        target: url.clone(),
        request_headers: Vec::new(),
        status: 200,
        response_headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
        body: sample.html.clone().into_bytes(),
    };
    Some(Fetched { url, fetched_at: UNDATED, exchange: Some(exchange), dom: None, twin: None })
}

/// The crate `htmd` as its manual shows it, without scripts and styles.
pub struct Htmd {
    converter: HtmlToMarkdown,
}

impl Htmd {
    /// Makes the converter, which a run does once.
    pub fn new() -> Self {
        Self { converter: HtmlToMarkdown::builder().skip_tags(vec!["script", "style"]).build() }
    }

    /// Converts all pages.
    ///
    /// # Errors
    ///
    /// When it fails on one.
    pub fn convert(&self, samples: &[Sample]) -> anyhow::Result<(Duration, Vec<String>)> {
        let began = Instant::now();
        let mut markdown = Vec::with_capacity(samples.len());
        for sample in samples {
            markdown
                .push(self.converter.convert(black_box(&sample.html)).with_context(|| sample.url.clone())?);
        }
        Ok((began.elapsed(), markdown))
    }
}

/// trafilatura in a Python process.
pub struct Trafilatura {
    python: PathBuf,
    pages: PathBuf,
}

impl Trafilatura {
    /// Installs it below `target/tools`, unless it is there, and writes the pages where it reads them.
    ///
    /// # Errors
    ///
    /// When there is no Python, or pip fails.
    pub fn install(samples: &[Sample]) -> anyhow::Result<Self> {
        let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools");
        let environment = tools.join("trafilatura");
        let (python, done) =
            (environment.join("bin/python"), environment.join(format!("{TRAFILATURA}+{CLEANER}")));
        if !done.exists() {
            std::fs::create_dir_all(&tools)?;
            command(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&environment))?;
            let pip =
                ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", TRAFILATURA, CLEANER];
            command(Command::new(&python).args(pip))?;
            std::fs::write(&done, "")?;
        }
        let pages = tools.join("trafilatura.pages.json");
        let list: Vec<_> = samples.iter().map(|sample| json!([sample.url, sample.html])).collect();
        std::fs::write(&pages, serde_json::to_string(&list)?)?;
        Ok(Self { python, pages })
    }

    /// Converts all pages; the time is that of the conversion alone.
    ///
    /// # Errors
    ///
    /// When the script fails.
    pub fn convert(&self) -> anyhow::Result<(Duration, Vec<String>)> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/extract/contestant.py");
        let output = command(Command::new(&self.python).arg(script).arg(&self.pages))?;
        let (seconds, markdown): (f64, Vec<String>) = serde_json::from_slice(&output)?;
        Ok((Duration::from_secs_f64(seconds), markdown))
    }
}

fn command(command: &mut Command) -> anyhow::Result<Vec<u8>> {
    let output = command.output().with_context(|| format!("cannot run {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(output.stdout)
}
