//! A URL that may become a page.

use jiff::Timestamp;

use crate::url::CanonicalUrl;

/// A URL that somebody named, not yet judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The URL as it was found.
    pub url: CanonicalUrl,
    /// What is expected there.
    pub kind: Kind,
    /// Who named it.
    pub found_by: FoundBy,
    /// How many links lie between it and a seed URL.
    pub depth: u32,
    /// How many redirects led here.
    pub hops: u32,
    /// The URL on which it was found.
    pub referrer: Option<CanonicalUrl>,
    /// When it changed last, as a sitemap says; kept to the millisecond.
    pub lastmod: Option<Timestamp>,
}

/// What is expected at a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A page of the documentation.
    Page,
    /// A sitemap, which lists pages.
    Sitemap,
    /// `llms.txt` or `llms-full.txt`, which list pages.
    LlmsTxt,
    /// A file that the site's generator wrote for its own use, such as a search index, and that lists pages.
    Index,
    /// What names the commit of a repository, whose files are listed next.
    Commit,
    /// The list of the files of a repository.
    Tree,
    /// Nothing: an address that is not there, to see what the server says then.
    Nothing,
}

/// Who named a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundBy {
    /// The config. It stays so over redirects: what a seed URL leads to is still what the user asked for.
    Seed,
    /// A redirect.
    Redirect,
    /// A `Sitemap` line of robots.txt, or a place where such a file usually is.
    Discovery,
    /// A sitemap.
    Sitemap,
    /// `llms.txt` or `llms-full.txt`.
    LlmsTxt,
    /// An index of the site's generator.
    Index,
    /// The list of the files of a repository.
    Tree,
    /// A link in the main content of a page.
    Content,
    /// A link in a menu or sidebar.
    Navigation,
    /// A link to the next or previous page.
    Next,
    /// A page that says its proper address is this one.
    Canonical,
}

impl Candidate {
    /// A seed URL.
    pub fn seed(url: CanonicalUrl) -> Self {
        let (kind, found_by) = (Kind::Page, FoundBy::Seed);
        Self { url, kind, found_by, depth: 0, hops: 0, referrer: None, lastmod: None }
    }

    /// A file that lists pages.
    pub fn listing(url: CanonicalUrl, kind: Kind) -> Self {
        Self { kind, found_by: FoundBy::Discovery, ..Self::seed(url) }
    }
}

impl Kind {
    const ALL: [Self; 7] =
        [Self::Page, Self::Sitemap, Self::LlmsTxt, Self::Index, Self::Commit, Self::Tree, Self::Nothing];

    /// Whether it lists the files of a repository, or leads to what does.
    pub fn is_of_repository(self) -> bool {
        matches!(self, Self::Commit | Self::Tree)
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Sitemap => "sitemap",
            Self::LlmsTxt => "llms_txt",
            Self::Index => "index",
            Self::Commit => "commit",
            Self::Tree => "tree",
            Self::Nothing => "nothing",
        }
    }

    pub(super) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl FoundBy {
    const ALL: [Self; 11] = [
        Self::Seed,
        Self::Redirect,
        Self::Discovery,
        Self::Sitemap,
        Self::LlmsTxt,
        Self::Index,
        Self::Tree,
        Self::Content,
        Self::Navigation,
        Self::Next,
        Self::Canonical,
    ];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Seed => "seed",
            Self::Redirect => "redirect",
            Self::Discovery => "discovery",
            Self::Sitemap => "sitemap",
            Self::LlmsTxt => "llms_txt",
            Self::Index => "index",
            Self::Tree => "tree",
            Self::Content => "content",
            Self::Navigation => "navigation",
            Self::Next => "next",
            Self::Canonical => "canonical",
        }
    }

    pub(super) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|found_by| found_by.word() == word)
    }
}
