//! How the build of a library ended: a line a site for people, an object a site for programs.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Value, json};

use super::build::{Done, pages};
use super::exit::ExitCode;
use super::failure::Failure;
use super::summary::Pages;
use super::table::SiteState;
use super::words::{count, count_of};
use crate::library::Checklist;
use crate::library::read::checklist;

/// How one site ended.
#[derive(Clone, Debug, Serialize)]
pub struct SiteReport {
    /// The name of the skill.
    pub name: String,
    /// `done`, `incomplete`, `put_off`, `failed` or `interrupted`.
    pub outcome: &'static str,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// What became of the pages, where there is a skill.
    pub pages: Option<Pages>,
    /// The skill.
    pub skill: Option<PathBuf>,
    /// Its zip.
    pub zip: Option<PathBuf>,
    /// The size of the zip in bytes.
    pub zip_bytes: Option<u64>,
    /// What its checklist says, where there is one.
    pub checklist: Option<Checklist>,
    /// What stands before the site in place of its pages, a sentence each.
    pub barred: Vec<String>,
    /// What happened, where there is no skill.
    pub error: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    #[serde(skip)]
    state: Option<SiteState>,
}

impl SiteReport {
    /// A site whose skill is there.
    pub fn built(name: &str, done: &Done, seconds: f64) -> Self {
        let state = if done.code == ExitCode::Success { SiteState::Done } else { SiteState::Incomplete };
        let list = done.built.skill.with_file_name(format!("{name}.qa.json"));
        Self {
            pages: Some(pages(done.scraped.as_ref(), &done.built)),
            skill: Some(done.built.skill.clone()),
            zip: Some(done.built.zip.clone()),
            zip_bytes: std::fs::metadata(&done.built.zip).ok().map(|data| data.len()),
            barred: done.checklist.barred().to_vec(),
            checklist: std::fs::read_to_string(list).ok().as_deref().and_then(checklist),
            ..Self::of(name, state, seconds)
        }
    }

    /// A site without one.
    pub fn without(name: &str, state: SiteState, failure: Option<Failure>, seconds: f64) -> Self {
        let (error, hint) = failure.map(|failure| (failure.message, failure.hint)).unzip();
        Self { error, hint: hint.flatten(), ..Self::of(name, state, seconds) }
    }

    fn of(name: &str, state: SiteState, seconds: f64) -> Self {
        Self {
            name: name.to_owned(),
            outcome: match state {
                SiteState::Done => "done",
                SiteState::Incomplete => "incomplete",
                SiteState::PutOff => "put_off",
                SiteState::Failed => "failed",
                _ => "interrupted",
            },
            // Tenths are enough.
            seconds: (seconds * 10.0).round() / 10.0,
            pages: None,
            skill: None,
            zip: None,
            zip_bytes: None,
            checklist: None,
            barred: Vec::new(),
            error: None,
            hint: None,
            state: Some(state),
        }
    }

    /// How it ended.
    pub fn state(&self) -> SiteState {
        self.state.unwrap_or(SiteState::Interrupted)
    }

    /// The pages of its skill.
    pub fn kept(&self) -> Option<u64> {
        self.pages.as_ref().map(|pages| pages.kept)
    }

    /// The site in one line.
    pub fn sentence(&self) -> String {
        let Self { name, seconds, .. } = self;
        let mut line = format!("{name}: {}", self.state().words());
        if let Some(pages) = &self.pages {
            let failed: u64 = pages.failed.values().sum();
            line.push_str(&format!(", {}", count(pages.kept, "page")));
            if failed > 0 {
                line.push_str(&format!(", {failed} failed"));
            }
        }
        if let Some(bytes) = self.zip_bytes {
            line.push_str(&format!(", zip of {} kB", bytes.div_ceil(1000)));
        }
        if let Some(Checklist { score, passed, remarks, failed }) = &self.checklist {
            let score = score.map(|score| format!("{score}/100, ")).unwrap_or_default();
            line.push_str(&format!(
                ", checklist {score}{passed} passed, {}, {failed} failed",
                count_of(*remarks, "remark")
            ));
        }
        for barred in &self.barred {
            line.push_str(&format!(", {barred}"));
        }
        if *seconds > 0.0 {
            line.push_str(&format!(", {seconds:.1} s"));
        }
        if let Some(error) = &self.error {
            line.push_str(&format!(": {error}"));
        }
        line
    }
}

/// The exit code of a library.
pub fn code(sites: &[SiteReport], is_interrupted: bool) -> ExitCode {
    match is_interrupted {
        true => ExitCode::Interrupted,
        false if sites.iter().all(|site| site.state() == SiteState::Done) => ExitCode::Success,
        false => ExitCode::Incomplete,
    }
}

/// The report for people.
pub fn text(sites: &[SiteReport], library: &Path, index: &[PathBuf]) -> String {
    let mut lines: Vec<String> = Vec::new();
    for site in sites {
        lines.push(site.sentence());
        lines.extend(site.hint.as_ref().map(|hint| format!("  hint: {hint}")));
    }
    lines.push(library.display().to_string());
    lines.extend(index.iter().map(|file| file.display().to_string()));
    lines.join("\n")
}

/// The report for programs.
pub fn value(sites: &[SiteReport], library: &Path, index: &[PathBuf], code: ExitCode) -> Value {
    let count = |outcome: &str| sites.iter().filter(|site| site.outcome == outcome).count();
    json!({
        "library": library,
        "index": index,
        "counts": {
            "done": count("done"),
            "incomplete": count("incomplete"),
            "put_off": count("put_off"),
            "failed": count("failed"),
            "interrupted": count("interrupted"),
        },
        "pages": sites.iter().filter_map(SiteReport::kept).sum::<u64>(),
        "sites": sites,
        "exit_code": code.number(),
    })
}
