//! Tools that crawl sites and build skills of them.

use schemars::JsonSchema;
use serde::Deserialize;

use super::outputs::{Built, Crawls, Report};
use super::{Effect, Plan, Tool, Words, places};
use crate::config::catalog::LIBRARY;
use crate::mcp::answer::Shape;
use crate::mcp::error::ToolError;
use crate::mcp::paging::Page;
use crate::mcp::roots::Roots;

/// The tools of this file.
pub fn tools() -> Vec<Tool> {
    vec![
        Tool::new::<EstimatePages, Report>(
            ("estimate_pages", "Estimate pages", Effect::Asks),
            "Estimates how many pages a config will crawl, as a range with its reasons, and the time, tokens and size \
             that follow, with few requests. Use it before scrape_docs; a good skill has 50 to 500 pages.",
            estimate_pages,
        ),
        Tool::new::<ScrapeDocs, Built>(
            ("scrape_docs", "Scrape documentation", Effect::Builds),
            "Crawls the site of a config, politely and rendered where needed, records it in crawls/NAME/, and builds the \
             skill in output/NAME/ and output/NAME.zip. Takes minutes to hours; progress tells the pages. Cancelling \
             keeps what was recorded, and the same call goes on with it. A finished crawl is not asked again; \
             update_skill does that.",
            scrape_docs,
        ),
        Tool::new::<BuildSkill, Built>(
            ("build_skill", "Build a skill", Effect::Rebuilds),
            "As scrape_docs, with more to choose: build again from a record without asking the site (`replay`), crawl \
             anew (`fresh`), another limit of pages or size of the reference files. Use it after changing selectors or \
             categories.",
            build_skill,
        ),
        Tool::new::<BuildLibrary, Report>(
            ("build_library", "Build a library", Effect::Builds),
            "Builds the skills of all configs in configs/, or those of a phase, a tier or some names, several sites at \
             a time, into the folders of the library with its index. Takes hours.",
            build_library,
        ),
        Tool::new::<UpdateSkill, Report>(
            ("update_skill", "Update a skill", Effect::Builds),
            "Asks a crawled site what changed, with few requests, and rebuilds the skill where it did. The answer and \
             output/NAME.changes.md say which pages were added, changed, moved and are gone.",
            update_skill,
        ),
        Tool::new::<CrawlStatus, Crawls>(
            ("crawl_status", "Crawl status", Effect::Reads),
            "Says how far crawls are, running, stopped or complete: pages kept, waiting, skipped by reason, failed by \
             cause, and what goes on with each. Disturbs none.",
            crawl_status,
        ),
    ]
}

/// What `estimate_pages` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EstimatePages {
    /// The config: a path such as configs/axolotl.json, or the name of one in configs/.
    config_path: String,
}

fn estimate_pages(input: EstimatePages, roots: &Roots) -> Result<Plan, ToolError> {
    let config = places::builds(&input.config_path, roots)?;
    Ok(Plan::long(Words::new(&["estimate"]).end([config])))
}

/// What `scrape_docs` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScrapeDocs {
    /// The config: a path such as configs/axolotl.json, or the name of one in configs/.
    config_path: String,
}

fn scrape_docs(input: ScrapeDocs, roots: &Roots) -> Result<Plan, ToolError> {
    let config = places::builds(&input.config_path, roots)?;
    Ok(Plan::long(Words::new(&["build"]).end([config])))
}

/// What `build_skill` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildSkill {
    /// The config: a path such as configs/axolotl.json, or the name of one in configs/.
    config_path: String,
    /// A record to read instead of asking the site, as crawls/axolotl.
    replay: Option<String>,
    /// Forget the recorded crawl and ask the site anew. Default: false.
    fresh: Option<bool>,
    /// The most pages to keep, whatever the config says.
    #[schemars(range(min = 1))]
    max_pages: Option<usize>,
    /// The most tokens of a reference file.
    #[schemars(range(min = 1))]
    max_tokens: Option<usize>,
}

fn build_skill(input: BuildSkill, roots: &Roots) -> Result<Plan, ToolError> {
    let config = places::builds(&input.config_path, roots)?;
    if let Some(record) = &input.replay {
        roots.tree(record)?;
    }
    let words = Words::new(&["build"])
        .option("--replay", input.replay)
        .flag("--fresh", input.fresh)
        .option("--max-pages", input.max_pages)
        .option("--max-tokens", input.max_tokens)
        .end([config]);
    Ok(Plan::long(words))
}

/// What `build_library` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BuildLibrary {
    /// Only those of this phase.
    phase: Option<u32>,
    /// Only those of this tier.
    tier: Option<u32>,
    /// Only those of these names.
    only: Option<Vec<String>>,
    /// Sites at a time, 1 to 10. Default: 5.
    #[schemars(range(min = 1, max = 10))]
    jobs: Option<u8>,
}

fn build_library(input: BuildLibrary, roots: &Roots) -> Result<Plan, ToolError> {
    places::configs(roots)?;
    places::profiles(roots)?;
    for folder in [LIBRARY, "crawls", places::OUTPUT] {
        roots.tree(folder)?;
    }
    let only = input.only.filter(|only| !only.is_empty()).map(|only| only.join(","));
    let words = Words::new(&["build", "--all"])
        .option("--phase", input.phase)
        .option("--tier", input.tier)
        .option("--only", only)
        .option("--jobs", input.jobs)
        .0;
    Ok(Plan::long(words))
}

/// What `update_skill` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateSkill {
    /// The config: a path such as configs/axolotl.json, or the name of one in configs/.
    config_path: String,
}

fn update_skill(input: UpdateSkill, roots: &Roots) -> Result<Plan, ToolError> {
    let config = places::builds(&input.config_path, roots)?;
    Ok(Plan::long(Words::new(&["update"]).end([config])))
}

/// What `crawl_status` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CrawlStatus {
    /// The config, as a path or a name, or the name of a crawl. Default: all crawls.
    config_path: Option<String>,
    /// How many to leave out: `next_offset` of the last answer.
    offset: Option<usize>,
    /// How many to tell at most. Default: 50.
    limit: Option<usize>,
}

fn crawl_status(input: CrawlStatus, roots: &Roots) -> Result<Plan, ToolError> {
    match &input.config_path {
        Some(config) => places::builds(config, roots).map(|_| ())?,
        None => roots.tree("crawls").map(|_| ())?,
    }
    let words = Words::new(&["status"]).end(input.config_path);
    Ok(Plan::short(words, Shape::List("crawls", Page::of_entries(input.offset, input.limit))))
}
