//! What tools give back, as their output schemas tell it. The values are those of `--json` on the command line; keys may
//! come to them.

use std::collections::BTreeMap;

use schemars::JsonSchema;

/// What became of the pages.
#[derive(Debug, JsonSchema)]
pub struct Pages {
    /// Pages that were kept.
    pub kept: Option<u64>,
    /// Pages that were not wanted or not allowed, by reason.
    pub skipped: Option<BTreeMap<String, u64>>,
    /// Pages that failed, by cause.
    pub failed: Option<BTreeMap<String, u64>>,
}

/// A built skill.
#[derive(Debug, JsonSchema)]
pub struct Built {
    /// The skill's name.
    pub name: Option<String>,
    /// The skill folder, with `SKILL.md` and `references/`.
    pub skill: Option<String>,
    /// The zip of it.
    pub zip: Option<String>,
    /// The folder of the recorded crawl.
    pub crawl: Option<String>,
    /// What became of the pages.
    pub pages: Option<Pages>,
    /// How the pages were had: how many over HTTP alone, rendered, compared, …
    pub rendering: Option<BTreeMap<String, u64>>,
    /// Where the documentation seems to be, if not where the config says; then change `base_url`.
    pub docs_root: Option<String>,
    /// Whether `max_pages` kept pages out.
    pub limit_reached: Option<bool>,
    /// Reference files with the number of pages in each.
    pub references: Option<Vec<ReferenceFile>>,
    /// Which selector profiles read how many pages.
    pub profiles: Option<BTreeMap<String, u64>>,
    /// What the checks of the skill found.
    pub findings: Option<Vec<FoundInSkill>>,
    /// Oddities by kind.
    pub warnings: Option<BTreeMap<String, u64>>,
    /// How it ended.
    #[schemars(flatten)]
    pub end: End,
}

/// A reference file.
#[derive(Debug, JsonSchema)]
pub struct ReferenceFile {
    /// Its name in `references/`.
    pub file: Option<String>,
    /// How many pages it holds.
    pub pages: Option<u64>,
}

/// How a command ended.
#[derive(Debug, JsonSchema)]
pub struct End {
    /// 0 done, 2 the config or arguments are wrong, 3 done but something was found or failed, 4 robots.txt refuses,
    /// 5 no browser, 130 interrupted or put off by the host.
    pub exit_code: Option<i64>,
    /// Notes and warnings of the command.
    pub remarks: Option<Vec<String>>,
    /// Keys that were shortened because the answer would be too large.
    pub shortened: Option<Vec<String>>,
    /// What happened, where there is no result.
    pub error: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
}

/// A part of a list.
#[derive(Debug, JsonSchema)]
pub struct Part {
    /// How many there are in all.
    pub total: Option<u64>,
    /// The `offset` that goes on, where there is more.
    pub next_offset: Option<u64>,
    /// How it ended.
    #[schemars(flatten)]
    pub end: End,
}

/// An object whose keys the command documents.
#[derive(Debug, JsonSchema)]
pub struct Report {
    /// How it ended.
    #[schemars(flatten)]
    pub end: End,
}

/// A packed skill.
#[derive(Debug, JsonSchema)]
pub struct Packed {
    /// The zip.
    pub zip: Option<String>,
    /// The same bytes as NAME.skill, where that was written too.
    pub skill: Option<String>,
    /// How many files are in it.
    pub files: Option<u64>,
    /// Its size in bytes.
    pub bytes: Option<u64>,
    /// How it ended.
    #[schemars(flatten)]
    pub end: End,
}

/// A config in a list.
#[derive(Debug, JsonSchema)]
pub struct ListedConfig {
    /// What tools call it.
    pub name: Option<String>,
    /// The file; it can be given as `config_path`.
    pub config: Option<String>,
    /// Where the documentation is.
    pub base_url: Option<String>,
    /// What is wrong with it, if it does not load.
    pub error: Option<String>,
}

/// Configs.
#[derive(Debug, JsonSchema)]
pub struct Configs {
    /// The configs, by name.
    pub configs: Option<Vec<ListedConfig>>,
    /// Which part of them.
    #[schemars(flatten)]
    pub part: Part,
}

/// What was found in a config.
#[derive(Debug, JsonSchema)]
pub struct CheckedConfig {
    /// The file.
    pub config: Option<String>,
    /// Whether every tool accepts it.
    pub valid: Option<bool>,
    /// What is wrong.
    pub error: Option<String>,
    /// What to do about it.
    pub hint: Option<String>,
    /// What a person should look at.
    pub notes: Option<Vec<String>>,
}

/// What was found in configs.
#[derive(Debug, JsonSchema)]
pub struct CheckedConfigs {
    /// The configs that were checked.
    pub configs: Option<Vec<CheckedConfig>>,
    /// Which part of them.
    #[schemars(flatten)]
    pub part: Part,
}

/// A crawl.
#[derive(Debug, JsonSchema)]
pub struct CrawlState {
    /// Its name.
    pub name: Option<String>,
    /// Its folder.
    pub crawl: Option<String>,
    /// `running`, `complete` or `stopped`.
    pub state: Option<String>,
    /// How many pages were kept, wait, failed, …
    pub counts: Option<BTreeMap<String, u64>>,
}

/// Crawls.
#[derive(Debug, JsonSchema)]
pub struct Crawls {
    /// The crawls, by name.
    pub crawls: Option<Vec<CrawlState>>,
    /// Which part of them.
    #[schemars(flatten)]
    pub part: Part,
}

/// Something a check of a skill found.
#[derive(Debug, JsonSchema)]
pub struct FoundInSkill {
    /// `error` or `warning`.
    pub severity: Option<String>,
    /// The file within the skill.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: Option<u64>,
    /// A stable word, as `broken-link`.
    pub rule: Option<String>,
    /// What is wrong.
    pub message: Option<String>,
}

/// What a check of a skill found.
#[derive(Debug, JsonSchema)]
pub struct CheckedSkill {
    /// Whether there is no error.
    pub valid: Option<bool>,
    /// What was found: errors first.
    pub findings: Option<Vec<FoundInSkill>>,
    /// Which part of it.
    #[schemars(flatten)]
    pub part: Part,
}

/// An installed skill.
#[derive(Debug, JsonSchema)]
pub struct Installed {
    /// The skill's name.
    pub name: Option<String>,
    /// Where it was copied to.
    pub folder: Option<String>,
    /// `installed`, `replaced` or `unchanged`.
    pub done: Option<String>,
    /// How it ended.
    #[schemars(flatten)]
    pub end: End,
}

/// A section that fits.
#[derive(Debug, JsonSchema)]
pub struct FoundSection {
    /// The file within the skill.
    pub file: Option<String>,
    /// The anchor of the heading.
    pub anchor: Option<String>,
    /// The heading, after those that it stands below.
    pub heading: Option<Vec<String>>,
    /// The section's first line, from 1.
    pub first_line: Option<u64>,
    /// Its last line.
    pub last_line: Option<u64>,
    /// How well it fits; comparable within one answer.
    pub score: Option<f64>,
    /// The lines that say most.
    pub excerpt: Option<String>,
}

/// Sections that fit, best first.
#[derive(Debug, JsonSchema)]
pub struct FoundSections {
    /// The sections.
    pub hits: Option<Vec<FoundSection>>,
    /// Which part of them.
    #[schemars(flatten)]
    pub part: Part,
}

/// A page at a stage of its way.
#[derive(Debug, JsonSchema)]
pub struct Page {
    /// The page's address.
    pub url: Option<String>,
    /// The selector profile that read it.
    pub profile: Option<String>,
    /// Its title.
    pub title: Option<String>,
    /// The stage.
    pub stage: Option<String>,
    /// What the stage shows.
    pub text: Option<String>,
    /// Which part of the text.
    #[schemars(flatten)]
    pub part: Part,
}
