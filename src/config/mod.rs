//! Site configs: what to crawl and how.
//!
//! In order: [`mod@file`] mirrors the JSON as it was typed (both shapes of the existing format, unknown keys refused),
//! and [`load`] turns it into the validated value below, grouped by the stage that reads it. [`canonical`] rewrites what
//! was typed in this program's own words, and [`mod@schema`] says what may be typed. A stage is handed its
//! own group and never sees the rest. [`catalog`] is all configs of a folder, in the order of their build. This module reads no network and knows no site.

pub mod canonical;
pub mod catalog;
pub mod error;
pub mod file;
mod json_words;
pub mod load;
pub mod nearest;
mod place;
pub mod repository;
pub mod schema;

use std::time::Duration;

use crate::forge::Repository;
use crate::robots::product_token;
use crate::url::CanonicalUrl;

/// The user agent that the crawler sends unless the config names another: product, version, and a page that says what it
/// is and where its makers can be reached.
pub const DEFAULT_USER_AGENT: &str =
    concat!("skillcrawl/", env!("CARGO_PKG_VERSION"), " (+", env!("CARGO_PKG_HOMEPAGE"), ")");

/// The product token by which robots.txt groups address the crawler (RFC 9309 §2.2.1).
pub const PRODUCT_TOKEN: &str = "skillcrawl";

/// A validated site config, grouped by stage.
#[derive(Clone, Debug, PartialEq)]
pub struct SiteConfig {
    /// The name of the skill: lower-case letters, digits and single hyphens, at most 64 characters (Agent Skills).
    pub name: String,
    /// What the skill is for and when to use it, if the config says so.
    pub description: Option<String>,
    /// Which URLs belong to the site.
    pub scope: ScopeRules,
    /// How gently to ask.
    pub politeness: Politeness,
    /// How to fetch a page.
    pub fetch: FetchRules,
    /// How to read a page.
    pub extract: ExtractRules,
    /// How to shape the skill.
    pub skill: SkillRules,
}

/// Which URLs belong to the site, and where they are looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct ScopeRules {
    /// The root: pages below its folder are in scope.
    pub base_url: CanonicalUrl,
    /// Seed URLs; never empty.
    pub start_urls: Vec<CanonicalUrl>,
    /// Substrings or globs of which a URL must match one, when there are any.
    pub include: Vec<String>,
    /// Substrings or globs of which a URL must match none.
    pub exclude: Vec<String>,
    /// The most pages to keep; `None` for no limit.
    pub max_pages: Option<usize>,
    /// Where candidates come from.
    pub discover: Discover,
    /// The repository whose files are the pages; `None` for a site.
    pub repository: Option<Repository>,
}

/// Where candidates come from besides the seed URLs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discover {
    /// `sitemap.xml` and those that robots.txt names.
    pub sitemap: bool,
    /// `llms.txt` and `llms-full.txt`.
    pub llms_txt: bool,
    /// Links of the main content.
    pub links: bool,
    /// Links of menus and sidebars.
    pub navigation: bool,
    /// Indexes that the site's generator wrote, as its profile names them.
    pub indexes: bool,
}

/// How gently to ask a host.
#[derive(Clone, Debug, PartialEq)]
pub struct Politeness {
    /// The least time between two requests to one host; a longer `Crawl-delay` wins. Zero means no spacing.
    pub delay: Duration,
    /// What the crawler calls itself in the `User-Agent` header.
    pub user_agent: String,
}

impl Politeness {
    /// The name by which robots.txt and pages address the crawler (RFC 9309 §2.2.1); its usual one where the
    /// `User-Agent` does not begin with any.
    pub fn product_token(&self) -> &str {
        match product_token(&self.user_agent) {
            "" => PRODUCT_TOKEN,
            token => token,
        }
    }
}

/// Whether a page goes through the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RenderMode {
    /// The crawler decides.
    Auto,
    /// Every HTML page is rendered.
    Always,
    /// No browser is started.
    Never,
}

/// How to fetch a page.
#[derive(Clone, Debug, PartialEq)]
pub struct FetchRules {
    /// Whether pages go through the browser.
    pub render: RenderMode,
    /// Whether the site's own router may lead from page to page, where that is known to give what a load gives.
    pub router: bool,
    /// The deadline of one page, from the request to the finished document.
    pub page_timeout: Duration,
    /// Pages in work at the same time.
    pub concurrency: usize,
    /// How often a page is tried again after a passing failure.
    pub retries: u32,
    /// When the browser and its tabs are replaced.
    pub recycling: Recycling,
}

/// When the browser and its tabs are replaced by new ones, before what pages leave behind in them adds up. Pages in
/// work are not disturbed by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recycling {
    /// Pages after which a tab is replaced; at least 1.
    pub pages_per_tab: usize,
    /// Pages after which the browser is replaced; at least 1.
    pub pages_per_browser: usize,
    /// Bytes of memory at which the browser is replaced, and at which a page that takes them by itself is given up.
    /// They are read on Linux only.
    pub memory_limit: u64,
}

impl Default for Recycling {
    fn default() -> Self {
        Self { pages_per_tab: 200, pages_per_browser: 2_000, memory_limit: 2_048 << 20 }
    }
}

/// How to read a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExtractRules {
    /// A profile by name; `None` to detect it from the page.
    pub profile: Option<String>,
    /// Overrides of single keys of the profile, as the existing format names them.
    pub selectors: SelectorOverrides,
}

/// CSS selectors of a config that stand in for the profile's own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SelectorOverrides {
    /// The element that holds the page's content.
    pub main_content: Option<String>,
    /// The element that holds the page's title.
    pub title: Option<String>,
    /// The elements that hold blocks of code.
    pub code_blocks: Option<String>,
    /// The links of the site's navigation.
    pub navigation: Option<String>,
    /// Elements to leave out, in addition to the profile's.
    pub remove: Vec<String>,
}

/// How to shape the skill.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SkillRules {
    /// Categories with their keywords, in the order of the config; empty to follow the site's navigation.
    pub categories: Vec<(String, Vec<String>)>,
    /// The skill's place in a library of skills.
    pub library: Option<LibraryPlace>,
}

/// A skill's place in a library.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LibraryPlace {
    /// The category folder, as `3-fine-tuning`.
    pub folder: Option<String>,
    /// Priority tier, from 1.
    pub tier: Option<u32>,
    /// Build phase, from 1.
    pub phase: Option<u32>,
}
