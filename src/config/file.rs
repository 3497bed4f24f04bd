//! The JSON of a site config as it was typed: everything optional, unknown keys refused, nothing interpreted.
//!
//! Two shapes load: the flat one, and the one with a `sources` array whose entries carry the same keys beside their
//! `type`; one struct serves both. Keys of the existing format that mean nothing here are named one by one, so that
//! such files load unchanged and [`ignored_keys`] can tell what had no effect.

use schemars::JsonSchema;
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::repository::RepositoryFile;
use super::schema::{Categories, DiscoverWord, Ignored, RenderWord, RepositoryValue};

/// Keys of the existing format that load without effect.
const IGNORED_KEYS: [&str; 15] = [
    "merge_mode",
    "extract_api",
    "version",
    "doc_version",
    "metadata",
    "tags",
    "checkpoint",
    "workers",
    "parallel_workers",
    "async_mode",
    "split_strategy",
    "split_config",
    "llms_txt_url",
    "_comment",
    "$schema",
];

/// What to crawl, how gently to ask, and how to read and shape what comes.
///
/// A config file, or an entry of its `sources`.
#[derive(Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "A site config of skillcrawl")]
pub struct SiteConfigFile {
    /// The name of the skill: lower-case letters, digits and single hyphens.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 64))]
    pub name: Option<String>,
    /// What the skill is for and when to use it, in the third person. Default: from the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The folder that holds the documentation: pages below it are in scope. A repository on a known forge means its files.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(url)]
    pub base_url: Option<String>,
    /// Seed URLs. Default: the base URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_urls: Option<Vec<String>>,
    /// A selector profile by name. Default: detected from the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Overrides of single selectors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub selectors: Option<SelectorsFile>,
    /// Which URLs belong to the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url_patterns: Option<UrlPatternsFile>,
    /// Keywords by category, in order. Default: the site's own navigation.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Categories>")]
    pub categories: Option<Map<String, Value>>,
    /// Seconds between two requests to one host; a longer `Crawl-delay` wins.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 86400), extend("default" = 0.5))]
    pub rate_limit: Option<f64>,
    /// The most pages to keep; `null` for no limit.
    // The outer option tells a missing key from `null`.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<i64>", range(min = -1), extend("default" = 500))]
    pub max_pages: Option<Option<i64>>,
    /// Whether pages go through the browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<RenderWord>", extend("default" = "auto"))]
    pub render: Option<String>,
    /// The existing format's word for `render`: `true` is `always`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub browser: Option<bool>,
    /// Whether the router of a single-page application may lead from page to page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = true))]
    pub router: Option<bool>,
    /// Whether the files of a repository are read, or how they are found.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<RepositoryValue>")]
    pub repository: Option<RepositoryFile>,
    /// Where candidates come from. Default: all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<DiscoverWord>>")]
    pub discover: Option<Vec<String>>,
    /// The existing format's word for `discover` without `llms_txt`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_llms_txt: Option<bool>,
    /// The skill's place in a library.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub library: Option<LibraryFile>,
    /// What the crawler calls itself; printable ASCII.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// Seconds that one page may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = 30.0))]
    pub page_timeout: Option<f64>,
    /// Pages in work at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 64), extend("default" = 4))]
    pub concurrency: Option<usize>,
    /// Tries after a passing failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("default" = 3))]
    pub retries: Option<u32>,
    /// Pages after which a tab is replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1), extend("default" = 200))]
    pub pages_per_tab: Option<usize>,
    /// Pages after which the browser is replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1), extend("default" = 2000))]
    pub pages_per_browser: Option<usize>,
    /// Megabytes at which the browser is replaced, and a page that takes them alone is given up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 256), extend("default" = 2048))]
    pub memory_limit: Option<u64>,
    /// In an entry of `sources`: its kind, of which only `documentation` is read.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Several sources, each with keys of its own; one documentation source is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sources: Option<Vec<SiteConfigFile>>,

    #[serde(rename = "merge_mode", default, skip_serializing)]
    #[schemars(with = "Ignored")]
    pub(super) _merge_mode: Option<IgnoredAny>,
    #[serde(rename = "extract_api", default, skip_serializing)]
    #[schemars(with = "Ignored")]
    pub(super) _extract_api: Option<IgnoredAny>,
    #[serde(rename = "version", default, skip_serializing)]
    #[schemars(with = "Ignored")]
    pub(super) _version: Option<IgnoredAny>,
    #[serde(rename = "doc_version", default, skip_serializing)]
    #[schemars(with = "Ignored")]
    pub(super) _doc_version: Option<IgnoredAny>,
    #[serde(rename = "metadata", default, skip_serializing)]
    #[schemars(with = "Ignored")]
    pub(super) _metadata: Option<IgnoredAny>,
    #[serde(rename = "tags", default, skip_serializing)]
    #[schemars(with = "Ignored")]
    pub(super) _tags: Option<IgnoredAny>,
    #[serde(rename = "checkpoint", default, skip_serializing)]
    #[schemars(with = "Ignored")]
    pub(super) _checkpoint: Option<IgnoredAny>,
    #[serde(rename = "workers", default, skip_serializing)]
    #[schemars(with = "Ignored")]
    pub(super) _workers: Option<IgnoredAny>,
    #[serde(rename = "parallel_workers", default, skip_serializing)]
    #[schemars(with = "Ignored")]
    pub(super) _parallel_workers: Option<IgnoredAny>,
    #[serde(rename = "async_mode", default, skip_serializing)]
    #[schemars(with = "Ignored")]
    pub(super) _async_mode: Option<IgnoredAny>,
    #[serde(rename = "split_strategy", default, skip_serializing)]
    #[schemars(with = "Ignored")]
    pub(super) _split_strategy: Option<IgnoredAny>,
    #[serde(rename = "split_config", default, skip_serializing)]
    #[schemars(with = "Ignored")]
    pub(super) _split_config: Option<IgnoredAny>,
    #[serde(rename = "llms_txt_url", default, skip_serializing)]
    #[schemars(with = "Ignored")]
    pub(super) _llms_txt_url: Option<IgnoredAny>,
    #[serde(rename = "_comment", default, skip_serializing)]
    #[schemars(with = "Ignored")]
    pub(super) _comment: Option<IgnoredAny>,
    #[serde(rename = "$schema", default, skip_serializing)]
    #[schemars(with = "Ignored")]
    pub(super) _schema: Option<IgnoredAny>,
}

impl SiteConfigFile {
    /// Lays the keys of this entry over those of `below`: what is given here wins.
    #[must_use]
    pub fn over(self, below: Self) -> Self {
        Self {
            name: self.name.or(below.name),
            description: self.description.or(below.description),
            base_url: self.base_url.or(below.base_url),
            start_urls: self.start_urls.or(below.start_urls),
            profile: self.profile.or(below.profile),
            selectors: self.selectors.or(below.selectors),
            url_patterns: self.url_patterns.or(below.url_patterns),
            categories: self.categories.or(below.categories),
            rate_limit: self.rate_limit.or(below.rate_limit),
            max_pages: self.max_pages.or(below.max_pages),
            render: self.render.or(below.render),
            browser: self.browser.or(below.browser),
            router: self.router.or(below.router),
            repository: self.repository.or(below.repository),
            discover: self.discover.or(below.discover),
            skip_llms_txt: self.skip_llms_txt.or(below.skip_llms_txt),
            library: self.library.or(below.library),
            user_agent: self.user_agent.or(below.user_agent),
            page_timeout: self.page_timeout.or(below.page_timeout),
            concurrency: self.concurrency.or(below.concurrency),
            retries: self.retries.or(below.retries),
            pages_per_tab: self.pages_per_tab.or(below.pages_per_tab),
            pages_per_browser: self.pages_per_browser.or(below.pages_per_browser),
            memory_limit: self.memory_limit.or(below.memory_limit),
            ..Self::default()
        }
    }
}

/// Overrides of single selectors.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SelectorsFile {
    /// The element that holds the content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub main_content: Option<String>,
    /// The element that holds the title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Blocks of code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_blocks: Option<String>,
    /// Links of the navigation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub navigation: Option<String>,
    /// What to leave out: a selector or a list of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remove: Option<OneOrMany>,
}

/// Patterns on URLs.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UrlPatternsFile {
    /// A URL must match one of these, when there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub include: Vec<String>,
    /// A URL must match none of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclude: Vec<String>,
}

/// The skill's place in a library.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LibraryFile {
    /// The category folder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Priority, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<u32>,
    /// Build phase, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phase: Option<u32>,
}

/// A text or a list of texts.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMany {
    /// One text.
    One(String),
    /// Several.
    Many(Vec<String>),
}

/// The keys of the file (or of its sources) that load without effect, sorted.
pub fn ignored_keys(json: &Value) -> Vec<&'static str> {
    let mut present: Vec<&'static str> = IGNORED_KEYS
        .into_iter()
        .filter(|key| !key.starts_with(['_', '$']))
        .filter(|key| levels(json).any(|level| level.contains_key(*key)))
        .collect();
    present.sort_unstable();
    present
}

/// The first source of a type other than `documentation`, with its place (from 1).
pub fn foreign_source(json: &Value) -> Option<(usize, String)> {
    let sources = json.get("sources")?.as_array()?;
    sources.iter().enumerate().find_map(|(index, source)| {
        let kind = source.get("type")?.as_str()?;
        (kind != "documentation").then(|| (index + 1, kind.to_owned()))
    })
}

fn levels(json: &Value) -> impl Iterator<Item = &Map<String, Value>> {
    let sources = json.get("sources").and_then(Value::as_array);
    json.as_object().into_iter().chain(sources.into_iter().flatten().filter_map(Value::as_object))
}

fn given<'de, D>(deserializer: D) -> Result<Option<Option<i64>>, D::Error>
where
    D: Deserializer<'de>,
{
    Option::<i64>::deserialize(deserializer).map(Some)
}
