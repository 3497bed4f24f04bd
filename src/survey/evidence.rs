//! What a survey saw, as plain values.

use std::time::Duration;

use serde::Serialize;

use crate::document::NavigationItem;
use crate::url::CanonicalUrl;

/// What a survey saw of a site.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The folder that was looked at.
    pub base_url: CanonicalUrl,
    /// Where the seed URLs led by redirects, if elsewhere.
    pub landed: Option<CanonicalUrl>,
    /// What robots.txt of the site says.
    pub robots: RobotsSeen,
    /// The files that list pages.
    pub listings: Vec<ListingSeen>,
    /// Every page that was named, looked at or not, in the order of addresses.
    pub pages: Vec<PageKnown>,
    /// The pages that were looked at, in the order in which they were.
    pub looked_at: Vec<PageSeen>,
    /// What the site says of itself in its `llms.txt`.
    pub summary: Option<String>,
    /// Where a front page that is no documentation says that the documentation is.
    pub docs_root: Option<CanonicalUrl>,
    /// Requests that the site's server got.
    pub requests: u64,
    /// Whether the server asked for patience (429, 503).
    pub throttled: bool,
    /// What kept pages from being looked at in the browser, if anything.
    pub no_browser: Option<String>,
    /// Whether the pages are files of a repository.
    pub is_repository: bool,
}

/// What robots.txt says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RobotsSeen {
    /// Whether there is one.
    pub found: bool,
    /// The `Crawl-delay` for this crawler, in whole or broken seconds.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "seconds")]
    pub crawl_delay: Option<Duration>,
    /// Pages of the site that it refuses, of those that are known.
    pub refused: usize,
}

/// A file that lists pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ListingSeen {
    /// Where it is.
    pub url: CanonicalUrl,
    /// What it is, as `sitemap`.
    pub kind: String,
    /// The URLs in it; `None` where it was not read.
    pub named: Option<usize>,
    /// Whether it is there and was not read for want of requests.
    pub unread: bool,
}

/// A page that something named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageKnown {
    /// Its address.
    pub url: CanonicalUrl,
    /// What named it first.
    pub how: How,
    /// The page or file that named it first.
    pub parent: Option<CanonicalUrl>,
    /// What became of it.
    pub fate: Fate,
}

/// What named a page first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The config.
    Seed,
    /// A redirect.
    Redirect,
    /// A file that lists pages.
    Listing,
    /// A menu, or a link to the next page.
    Menu,
    /// A link in a text.
    Link,
}

/// What became of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was not looked at; a crawl would ask for it.
    Pending,
    /// It was looked at, and a crawl keeps it.
    Kept,
    /// It was asked for, and a crawl would not keep it: why, in one word.
    Lost(String),
    /// A crawl would not ask for it: why, in one word.
    LeftOut(String),
}

/// A page that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct PageSeen {
    /// Its address.
    pub url: CanonicalUrl,
    /// Its title.
    pub title: String,
    /// What it says of itself.
    pub description: Option<String>,
    /// The language that it says it is in.
    pub language: Option<String>,
    /// The version that it says it is about.
    pub version: Option<String>,
    /// The beginning of its text, in plain words.
    pub opening: Option<String>,
    /// The profile that reads it.
    pub profile: String,
    /// Whether a selector found its main content.
    pub selected: bool,
    /// Letters of content in the form as sent.
    pub letters_as_sent: usize,
    /// Bytes of its Markdown.
    pub bytes: usize,
    /// Tokens of its Markdown.
    pub tokens: usize,
    /// Where it leads, on this site and elsewhere.
    pub links: Vec<CanonicalUrl>,
    /// Its menu.
    pub navigation: Vec<NavigationItem>,
    /// Whether it needs the browser; `None` where it was not looked at there.
    pub needs_browser: Option<bool>,
}

impl PageSeen {
    /// Whether the page holds next to nothing before its scripts ran.
    pub fn is_shell(&self) -> bool {
        self.letters_as_sent < SHELL
    }
}

/// A page with fewer letters as sent is taken for a shell that scripts fill.
pub const SHELL: usize = 200;

fn seconds<S: serde::Serializer>(delay: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    match delay {
        Some(delay) => serializer.serialize_f64(delay.as_secs_f64()),
        None => serializer.serialize_none(),
    }
}
