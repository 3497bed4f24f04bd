//! Rendering in headless Chromium.
//!
//! In order: find the program ([`find_chrome`]) or [`install`] one, `launch` it in a process group and folder of its
//! own, talk to it through a small `session` client, keep a pool of `tab`s; then for each page a `visit`: serve the
//! document that the crawler's HTTP client fetched, `guard` what the page asks for, let its main content `settle`, and
//! take a `snapshot`. [`BrowserFetcher`] puts it behind the [`crate::fetch::Fetcher`] trait.
//!
//! This module is the only home of `chromiumoxide`. It never waits for `load`, never waits without a deadline, never
//! asks the server for a document, and never leaves a process or a profile folder behind.

mod address_guard;
mod document;
mod error;
mod events;
mod fetcher;
mod find;
mod guard;
mod install;
mod launch;
mod pool;
mod process;
mod session;
mod settle;
mod snapshot;
mod tab;
mod visit;
mod world;

use std::path::PathBuf;
use std::time::Duration;

pub use error::BrowserError;
pub use fetcher::BrowserFetcher;
pub use find::find_chrome;
pub use install::{DownloadError, InstallError, InstallEvent, InstallOptions, Installed, Packages, install};
pub use launch::Sandbox;
pub use pool::Browser;
pub use session::CallError;

use crate::config::DEFAULT_USER_AGENT;
use crate::fetched::{Dom, Exchange};
use crate::url::{Authority, CanonicalUrl};

/// Width and height of every tab in CSS pixels: wide enough for the menus that sites take away from narrow windows.
const WINDOW: (u32, u32) = (1280, 1024);

/// How to render the pages of one site.
#[derive(Clone, Debug)]
pub struct BrowserOptions {
    /// The program; `None` to look for it.
    pub chrome: Option<PathBuf>,
    /// Pages that are rendered at the same time; more than four gain little.
    pub tabs: usize,
    /// What the browser calls itself, in headers and to scripts.
    pub user_agent: String,
    /// CSS selectors of the element that holds the content; the first that matches is watched, else the body.
    pub content_roots: Vec<String>,
    /// Texts that stand where content is about to be, in any case.
    pub loading_texts: Vec<String>,
    /// The deadline of one page.
    pub page_timeout: Duration,
    /// The authority that may be asked even where it is in a private network: the config's own.
    pub allowed_authority: Option<Authority>,
    /// Chromium's `--host-resolver-rules`, as `MAP * ~NOTFOUND , EXCLUDE 127.0.0.1`.
    pub host_rules: Option<String>,
}

impl Default for BrowserOptions {
    fn default() -> Self {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        Self {
            chrome: None,
            tabs: 4,
            user_agent: DEFAULT_USER_AGENT.to_owned(),
            content_roots: words(&["main", "[role=main]", "article", "#content", "#main", "#app", "#root"]),
            loading_texts: words(&["loading", "please wait"]),
            page_timeout: Duration::from_secs(30),
            allowed_authority: None,
            host_rules: None,
        }
    }
}

/// A page to render.
#[derive(Clone, Copy, Debug)]
pub struct RenderJob<'a> {
    /// The page, with its route if it has one.
    pub url: &'a CanonicalUrl,
    /// The document as the server sent it.
    pub document: &'a Exchange,
}

/// How rendering a page ended.
#[derive(Clone, Debug, PartialEq)]
pub enum RenderOutcome {
    /// The document after JavaScript ran.
    Dom(Dom),
    /// A script, a form or a `meta refresh` leads elsewhere; nobody was asked for it.
    Redirect {
        /// Where to; not yet checked against anything.
        to: CanonicalUrl,
    },
    /// A passing failure: a deadline, a crash.
    Failed {
        /// What happened, in words for the report.
        cause: String,
    },
}

impl RenderOutcome {
    fn failed(cause: impl Into<String>) -> Self {
        Self::Failed { cause: cause.into() }
    }
}
