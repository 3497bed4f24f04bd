//! Tools that look at how pages are read, to tune selectors.

use schemars::JsonSchema;
use serde::Deserialize;

use super::configs::web_address;
use super::outputs::{Page as PageOutput, Report};
use super::{Effect, Plan, Tool, Words, places};
use crate::mcp::answer::Shape;
use crate::mcp::desk::Weight;
use crate::mcp::error::ToolError;
use crate::mcp::paging::Page;
use crate::mcp::roots::Roots;

/// The tools of this file.
pub fn tools() -> Vec<Tool> {
    vec![
        Tool::new::<CheckSelectors, Report>(
            ("check_selectors", "Check selectors", Effect::Reads),
            "Reads a recorded crawl again and says how well the selectors fit: which match on how many pages, what most \
             pages repeat, which pages came out empty or thin. Asks no site. `suggest` proposes a selector profile with \
             the evidence; `against` tells what a change gained and lost.",
            check_selectors,
        ),
        Tool::new::<InspectPage, PageOutput>(
            ("inspect_page", "Inspect a page", Effect::Asks),
            "Shows one page at a stage of its way to Markdown: what the server answered (fetched), the HTML that is read \
             (rendered), the typed page (document), the Markdown, or where it leads (links). Give `from` to take the page \
             from a recorded crawl instead of asking the site.",
            inspect_page,
        ),
    ]
}

/// What `check_selectors` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckSelectors {
    /// The config: a path such as configs/axolotl.json, or the name of one in configs/.
    config_path: String,
    /// The record to read. Default: the config's crawl in crawls/.
    replay: Option<String>,
    /// The selector profile to check instead of the config's: a name or a .toml file.
    profile: Option<String>,
    /// Compare with this profile, page by page: a name or a .toml file.
    against: Option<String>,
    /// Propose a selector profile. Default: false.
    suggest: Option<bool>,
    /// How many of the worst pages to tell. Default: 10.
    #[schemars(range(max = 100))]
    worst: Option<usize>,
}

fn check_selectors(input: CheckSelectors, roots: &Roots) -> Result<Plan, ToolError> {
    let config = places::builds(&input.config_path, roots)?;
    for path in input.replay.iter().chain(&input.profile).chain(&input.against) {
        roots.tree(path)?;
    }
    let words = Words::new(&["check"])
        .option("--replay", input.replay)
        .option("--profile", input.profile)
        .option("--against", input.against)
        .flag("--suggest", input.suggest)
        .option("--worst", input.worst.map(|worst| worst.min(100)))
        .end([config]);
    Ok(Plan::short(words, Shape::Selectors))
}

/// A stage of a page.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// What the server answered: status, headers, body.
    Fetched,
    /// The HTML that is read.
    Rendered,
    /// The typed page, as JSON.
    Document,
    /// The Markdown.
    Markdown,
    /// Where the page leads.
    Links,
}

impl Stage {
    fn word(self) -> &'static str {
        match self {
            Self::Fetched => "fetched",
            Self::Rendered => "rendered",
            Self::Document => "document",
            Self::Markdown => "markdown",
            Self::Links => "links",
        }
    }
}

/// Whether a page goes through the browser.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Render {
    /// Where it is needed.
    Auto,
    /// In any case.
    Always,
    /// Over HTTP alone.
    Never,
}

impl Render {
    fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

/// What `inspect_page` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InspectPage {
    /// The page's address, or a file of HTML, Markdown, reStructuredText or a notebook.
    page: String,
    /// What to show. Default: markdown.
    stage: Option<Stage>,
    /// The record to take the page from, as crawls/axolotl.
    from: Option<String>,
    /// Read the page with the profile and selectors of this config.
    config_path: Option<String>,
    /// The selector profile to use: a name or a .toml file.
    profile: Option<String>,
    /// Whether a page of the network goes through the browser.
    render: Option<Render>,
    /// Characters to leave out: `next_offset` of the last answer.
    offset: Option<usize>,
    /// Characters to give at most. Default: 20000.
    limit: Option<usize>,
}

fn inspect_page(input: InspectPage, roots: &Roots) -> Result<Plan, ToolError> {
    if input.page.contains("://") {
        web_address(&input.page)?;
    } else {
        roots.place(&input.page)?;
    }
    places::profiles(roots)?;
    for path in input.from.iter().chain(&input.profile) {
        roots.tree(path)?;
    }
    if let Some(config) = &input.config_path {
        places::reads(config, roots)?;
    }
    let stage = input.stage.unwrap_or(Stage::Markdown).word();
    let is_offline = input.from.is_some();
    let words = Words::new(&["inspect"])
        .option("--stage", Some(stage))
        .option("--from", input.from)
        .option("--config", input.config_path)
        .option("--profile", input.profile)
        .option("--render", input.render.map(Render::word))
        .end([input.page]);
    let shape = Shape::Text(stage, Page::of_characters(input.offset, input.limit));
    let weight = if is_offline { Weight::Short } else { Weight::Long };
    Ok(Plan { weight, ..Plan::short(words, shape) })
}
