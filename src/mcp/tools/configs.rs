//! Tools that write, list and check configs.

use schemars::JsonSchema;
use serde::Deserialize;

use super::outputs::{CheckedConfigs, Configs, Report};
use super::{Effect, Plan, Tool, Words, places};
use crate::mcp::answer::Shape;
use crate::mcp::desk::Weight;
use crate::mcp::error::ToolError;
use crate::mcp::paging::Page;
use crate::mcp::roots::Roots;

/// The tools of this file.
pub fn tools() -> Vec<Tool> {
    vec![
        Tool::new::<GenerateConfig, Report>(
            ("generate_config", "Generate a config", Effect::Rebuilds),
            "Looks at a documentation site (robots.txt, sitemap, llms.txt, a few pages over HTTP and in the browser) and \
             writes configs/NAME.json for it, with the evidence in the answer. This is the first step for a new site; \
             estimate_pages and scrape_docs take the file as config_path. An existing config is kept unless `force` is \
             set. `dry_run` writes nothing and returns the config.",
            generate_config,
        ),
        Tool::new::<ListConfigs, Configs>(
            ("list_configs", "List configs", Effect::Reads),
            "Lists the configs in configs/, with the site, tier and phase of each, and what is wrong with those that do \
             not load.",
            list_configs,
        ),
        Tool::new::<ValidateConfig, CheckedConfigs>(
            ("validate_config", "Check configs", Effect::Reads),
            "Checks a config, or all of configs/: whether it loads, whether its selectors and profile exist, whether \
             its start pages are in scope. Asks no site. Use it after editing a config by hand.",
            validate_config,
        ),
    ]
}

/// What `generate_config` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GenerateConfig {
    /// The skill's name, which is also that of the config: lower-case letters, digits and single hyphens.
    #[schemars(regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$"), length(max = 64))]
    name: String,
    /// Where the documentation is; a front page or a repository will do too.
    url: String,
    /// What the skill is for and when to use it, as "How to … Use when …". Default: from the site.
    description: Option<String>,
    /// Write nothing, only answer. Default: false.
    dry_run: Option<bool>,
    /// Replace a config of that name. Default: false.
    force: Option<bool>,
}

fn generate_config(input: GenerateConfig, roots: &Roots) -> Result<Plan, ToolError> {
    let is_word = |word: &str| {
        !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
    };
    if input.name.len() > 64 || !input.name.split('-').all(is_word) {
        return Err(ToolError::new(format!("`{}` is no skill name", input.name))
            .hint("use lower-case letters, digits and single hyphens, at most 64"));
    }
    web_address(&input.url)?;
    places::profiles(roots)?;
    roots.place(&format!("{}/{}.json", places::CONFIGS, input.name))?;
    let words = Words::new(&["generate"])
        .option("--name", Some(input.name))
        .option("--description", input.description)
        .flag("--dry-run", input.dry_run)
        // What writes nothing replaces nothing.
        .flag("--force", input.force.filter(|_| input.dry_run != Some(true)))
        .end([input.url]);
    Ok(Plan { weight: Weight::Long, ..Plan::short(words, Shape::Object) })
}

/// Makes sure that an address is one of the web, not of a file.
///
/// # Errors
///
/// A [`ToolError`] when it is something else.
pub(super) fn web_address(url: &str) -> Result<(), ToolError> {
    let is_web = url::Url::parse(url).is_ok_and(|url| ["http", "https"].contains(&url.scheme()));
    if is_web {
        return Ok(());
    }
    Err(ToolError::new(format!("`{url}` is no address of the web")).hint("begin it with https:// or http://"))
}

/// What `list_configs` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListConfigs {
    /// Only those of this tier.
    tier: Option<u32>,
    /// Only those of this phase.
    phase: Option<u32>,
    /// How many to leave out: `next_offset` of the last answer.
    offset: Option<usize>,
    /// How many to list at most. Default: 50.
    limit: Option<usize>,
}

fn list_configs(input: ListConfigs, roots: &Roots) -> Result<Plan, ToolError> {
    places::configs(roots)?;
    let words =
        Words::new(&["config", "list"]).option("--tier", input.tier).option("--phase", input.phase).end([]);
    Ok(Plan::short(words, Shape::List("configs", Page::of_entries(input.offset, input.limit))))
}

/// What `validate_config` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidateConfig {
    /// The config: a path such as configs/axolotl.json, or the name of one in configs/. Default: all of configs/.
    config_path: Option<String>,
    /// How many to leave out: `next_offset` of the last answer.
    offset: Option<usize>,
    /// How many to tell at most. Default: 50.
    limit: Option<usize>,
}

fn validate_config(input: ValidateConfig, roots: &Roots) -> Result<Plan, ToolError> {
    match &input.config_path {
        Some(config) => places::reads(config, roots).map(|_| ())?,
        None => {
            places::configs(roots)?;
            places::profiles(roots)?;
        }
    }
    let words = Words::new(&["config", "validate"]).end(input.config_path);
    Ok(Plan::short(words, Shape::List("configs", Page::of_entries(input.offset, input.limit))))
}
