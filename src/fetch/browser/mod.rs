//! Rendering in headless Chromium.
//!
//! In order: find the program ([`find_chrome`]) or [`install()`] one, `launch` it in a process group and a `home` of its
//! own with a `gate` to the network, as far as the `machine` has room for it, talk to it through a small `session` client, keep a `pool` of `tab`s in an `engine`;
//! then for each page a `visit`: serve the document that the crawler's HTTP client fetched, `guard` what the page asks
//! for and keep the API description that it `loaded`; and a `reading` of it: let its main content `settle`, `interact`
//! with what is folded, take a `snapshot`. What comes instead of a document is a [`RenderFailure`]. Where
//! all pages are one `application`, its own router may `lead` from one to the next instead. [`BrowserFetcher`]
//! puts it behind the [`crate::fetch::Fetcher`] trait.
//!
//! Pages of one crawl share what a site stores in a browser (cookies, `localStorage`), as the pages of one visitor do; the
//! documents are fetched without any of it, and it ends with the browser.
//!
//! This module is the only home of `chromiumoxide`. It never waits for `load`, never waits without a deadline, never
//! asks the server for a document, and never leaves a process or a profile folder behind.

mod address_guard;
mod alias;
mod application;
mod definitions;
mod document;
mod engine;
mod error;
mod events;
mod failure;
mod fetcher;
mod find;
mod gate;
mod guard;
mod home;
mod install;
mod interact;
mod launch;
mod lead;
mod lessons;
mod linger;
mod loaded;
mod machine;
mod memory;
mod navigate;
mod pool;
mod probe;
mod process;
mod reading;
mod requests;
mod session;
mod settle;
mod snapshot;
mod tab;
mod trackers;
mod visit;
mod world;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

pub use application::RouteJudge;
pub use error::BrowserError;
pub use failure::RenderFailure;
pub use fetcher::BrowserFetcher;
pub use find::find_chrome;
pub use install::{DownloadError, InstallError, InstallEvent, InstallOptions, Installed, Packages, install};
pub use interact::{InteractionRules, Interactions, PageMarks};
pub use launch::Sandbox;
pub use machine::{Machine, MachineLimits};
pub use pool::Browser;
pub use session::CallError;

use crate::config::{DEFAULT_USER_AGENT, Recycling};
use crate::fetched::{Dom, Exchange};
use crate::url::{Authority, CanonicalUrl};

/// Width and height of every tab in CSS pixels: wide enough for the menus that sites take away from narrow windows.
const WINDOW: (u32, u32) = (1280, 1024);

/// What stands where content is about to be, in the languages that documentation is written in.
const LOADING_TEXTS: [&str; 20] = [
    "loading",
    "please wait",
    "fetching",
    "lädt",
    "wird geladen",
    "chargement",
    "cargando",
    "carregando",
    "caricamento",
    "laden…",
    "laden...",
    "ładowanie",
    "yükleniyor",
    "загрузка",
    "завантаження",
    "加载中",
    "載入中",
    "読み込み中",
    "로딩",
    "불러오는",
];

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
    /// What to click and scroll on which pages, once their content stands still.
    pub interactions: Interactions,
    /// The deadline of one attempt to render a page.
    pub page_timeout: Duration,
    /// When the browser and its tabs are replaced.
    pub recycling: Recycling,
    /// What this browser shares with those of other crawls; `None` to have the machine to itself.
    pub machine: Option<Machine>,
    /// The authority that may be asked even where it is in a private network: the config's own.
    pub allowed_authority: Option<Authority>,
    /// Names with a fixed address, as in a hosts file. Whoever gives them is trusted: they may lie in a private network.
    pub hosts: BTreeMap<String, SocketAddr>,
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
            loading_texts: words(&LOADING_TEXTS),
            interactions: Interactions::default(),
            page_timeout: Duration::from_secs(30),
            recycling: Recycling::default(),
            machine: None,
            allowed_authority: None,
            hosts: BTreeMap::new(),
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
    /// The application that the page belongs to, where its router may lead on from the page: it is left alive.
    pub application: Option<&'a str>,
}

/// How rendering a page ended.
#[derive(Clone, Debug, PartialEq)]
pub enum RenderOutcome {
    /// The document after JavaScript ran.
    Dom(Dom),
    /// The document after JavaScript ran, which has given itself the address of another page. What a visitor is shown
    /// there is most likely the same.
    Renamed {
        /// The address; not yet checked against anything.
        to: CanonicalUrl,
        /// The document, for where nothing else is to be had at that address.
        dom: Dom,
    },
    /// A script, a form or a `meta refresh` leads elsewhere; nobody was asked for it.
    Redirect {
        /// Where to; not yet checked against anything.
        to: CanonicalUrl,
    },
    /// There is no document.
    Failed {
        /// What happened.
        cause: RenderFailure,
    },
}

impl RenderOutcome {
    fn failed(cause: RenderFailure) -> Self {
        Self::Failed { cause }
    }
}
