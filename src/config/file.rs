//! The JSON of a site config as it was typed: everything optional, unknown keys refused, nothing interpreted.
//!
//! Two shapes load: the flat one, and the one with a `sources` array whose entries carry the same keys beside their
//! `type`; one struct serves both. Keys of the existing format that mean nothing here are named one by one, so that
//! such files load unchanged and [`ignored_keys`] can tell what had no effect.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::repository::RepositoryFile;

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

/// A config file, or an entry of its `sources`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SiteConfigFile {
    /// The name of the skill.
    pub name: Option<String>,
    /// What the skill is for.
    pub description: Option<String>,
    /// The scope's root.
    pub base_url: Option<String>,
    /// Seed URLs.
    pub start_urls: Option<Vec<String>>,
    /// A selector profile by name.
    pub profile: Option<String>,
    /// Overrides of single selectors.
    pub selectors: Option<SelectorsFile>,
    /// Patterns on URLs.
    pub url_patterns: Option<UrlPatternsFile>,
    /// Keywords by category.
    pub categories: Option<Map<String, Value>>,
    /// Seconds between two requests to a host.
    pub rate_limit: Option<f64>,
    /// The most pages; `null` or `-1` for no limit. The outer option tells a missing key from `null`.
    #[serde(default, deserialize_with = "given")]
    pub max_pages: Option<Option<i64>>,
    /// `auto`, `always` or `never`.
    pub render: Option<String>,
    /// The existing format's word for `render`: `true` is `always`.
    pub browser: Option<bool>,
    /// Whether the site's own router may lead from page to page.
    pub router: Option<bool>,
    /// Whether the files of a repository are read, or how they are found.
    pub repository: Option<RepositoryFile>,
    /// Where candidates come from.
    pub discover: Option<Vec<String>>,
    /// The existing format's word for `discover` without `llms_txt`.
    pub skip_llms_txt: Option<bool>,
    /// The skill's place in a library.
    pub library: Option<LibraryFile>,
    /// What the crawler calls itself.
    pub user_agent: Option<String>,
    /// Seconds that one page may take.
    pub page_timeout: Option<f64>,
    /// Pages in work at once.
    pub concurrency: Option<usize>,
    /// Tries after a passing failure.
    pub retries: Option<u32>,
    /// Pages after which a tab is replaced.
    pub pages_per_tab: Option<usize>,
    /// Pages after which the browser is replaced.
    pub pages_per_browser: Option<usize>,
    /// Megabytes at which the browser is replaced.
    pub memory_limit: Option<u64>,
    /// In an entry of `sources`: its kind, of which only `documentation` is read.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Several sources, each with keys of its own.
    pub sources: Option<Vec<SiteConfigFile>>,

    #[serde(rename = "merge_mode")]
    _merge_mode: Option<IgnoredAny>,
    #[serde(rename = "extract_api")]
    _extract_api: Option<IgnoredAny>,
    #[serde(rename = "version")]
    _version: Option<IgnoredAny>,
    #[serde(rename = "doc_version")]
    _doc_version: Option<IgnoredAny>,
    #[serde(rename = "metadata")]
    _metadata: Option<IgnoredAny>,
    #[serde(rename = "tags")]
    _tags: Option<IgnoredAny>,
    #[serde(rename = "checkpoint")]
    _checkpoint: Option<IgnoredAny>,
    #[serde(rename = "workers")]
    _workers: Option<IgnoredAny>,
    #[serde(rename = "parallel_workers")]
    _parallel_workers: Option<IgnoredAny>,
    #[serde(rename = "async_mode")]
    _async_mode: Option<IgnoredAny>,
    #[serde(rename = "split_strategy")]
    _split_strategy: Option<IgnoredAny>,
    #[serde(rename = "split_config")]
    _split_config: Option<IgnoredAny>,
    #[serde(rename = "llms_txt_url")]
    _llms_txt_url: Option<IgnoredAny>,
    #[serde(rename = "_comment")]
    _comment: Option<IgnoredAny>,
    #[serde(rename = "$schema")]
    _schema: Option<IgnoredAny>,
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
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelectorsFile {
    /// The element that holds the content.
    pub main_content: Option<String>,
    /// The element that holds the title.
    pub title: Option<String>,
    /// Blocks of code.
    pub code_blocks: Option<String>,
    /// Links of the navigation.
    pub navigation: Option<String>,
    /// What to leave out: a selector or a list of them.
    pub remove: Option<OneOrMany>,
}

/// Patterns on URLs.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrlPatternsFile {
    /// A URL must match one of these, when there are any.
    #[serde(default)]
    pub include: Vec<String>,
    /// A URL must match none of these.
    #[serde(default)]
    pub exclude: Vec<String>,
}

/// The skill's place in a library.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LibraryFile {
    /// The category folder.
    pub folder: Option<String>,
    /// Priority, from 1.
    pub tier: Option<u32>,
    /// Build phase, from 1.
    pub phase: Option<u32>,
}

/// A text or a list of texts.
#[derive(Clone, Debug, Deserialize)]
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
