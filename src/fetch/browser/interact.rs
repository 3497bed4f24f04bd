//! Does on a page what a visitor would do to see all of it. What that is comes from the selector profiles as plain
//! values; how it is done is told in `interact.js`, for tabs in `interact_tabs.js`, for menus in `interact_routes.js`.
//!
//! Everything is bounded: by the number of clicks and by time, a page and a click. Nothing here leaves the page, and a
//! page that a click spoils or hangs is shown again and left alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::BrowserOptions;
use super::session::CallError;
use super::snapshot::LARGEST;
use super::world::World;
use crate::url::CanonicalUrl;

/// How much longer than its own limit a page may take to answer: for its last click, and to be taken back.
const ANSWER_MARGIN: Duration = Duration::from_secs(8);
/// The most entries of a menu that are remembered for the pages after.
const MOST_KNOWN: usize = 2_000;

/// What to click and scroll on pages of one kind; every text is a CSS selector.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InteractionRules {
    /// Which pages; `None` for all.
    pub when: Option<PageMarks>,
    /// The elements around a row of tabs, without the panels.
    pub rows: Vec<String>,
    /// The tabs in a row.
    pub labels: Vec<String>,
    /// The panels, where the tabs do not name them by ARIA attributes.
    pub panels: Vec<String>,
    /// The tab of a row that is chosen now.
    pub chosen: Vec<String>,
    /// Buttons and headers to click once, again while new ones appear.
    pub open: Vec<String>,
    /// Elements to scroll to their end.
    pub scroll: Vec<String>,
    /// Buttons that decline or close a consent box.
    pub dismiss: Vec<String>,
    /// Boxes over the page that are left out of it.
    pub overlays: Vec<String>,
    /// The menu of the site, most specific first: its entries without an address are asked where they lead.
    pub menus: Vec<String>,
    /// Entries of the menu that are not asked.
    pub no_routes: Vec<String>,
    /// The most clicks on one page.
    pub most_clicks: u32,
    /// The most time for all clicks of one page, in seconds.
    pub most_seconds: u32,
}

impl Default for InteractionRules {
    fn default() -> Self {
        Self {
            when: None,
            rows: Vec::new(),
            labels: Vec::new(),
            panels: Vec::new(),
            chosen: Vec::new(),
            open: Vec::new(),
            scroll: Vec::new(),
            dismiss: Vec::new(),
            overlays: Vec::new(),
            menus: Vec::new(),
            no_routes: Vec::new(),
            most_clicks: 40,
            most_seconds: 5,
        }
    }
}

/// What a page shows of the generator that made it; one hit is enough.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PageMarks {
    /// Beginnings of the content of `meta[name=generator]`, in lower case.
    pub generators: Vec<String>,
    /// CSS selectors of elements that only this generator writes.
    pub markers: Vec<String>,
    /// Parts of the addresses of scripts, in lower case.
    pub scripts: Vec<String>,
}

/// The interactions of a crawl: the rules, and what was learned by them. Clones share what was learned.
#[derive(Clone, Debug, Default)]
pub struct Interactions {
    /// The rules as JSON, written once; empty for none.
    rules: Arc<str>,
    longest: Duration,
    learned: Arc<Mutex<Learned>>,
    clicks: Arc<AtomicU64>,
}

#[derive(Debug, Default)]
struct Learned {
    /// Where menu entries without an address lead, by label and position; nothing where a click led nowhere on two
    /// pages. On the first it may have been the page's own entry.
    routes: BTreeMap<String, String>,
    /// Entries of which a click led nowhere on one page.
    dull: BTreeSet<String>,
    /// Folded parts of the menu that were opened with all that is in them.
    openers: BTreeSet<String>,
    /// Pages that did not come back from a click.
    untouchable: BTreeSet<CanonicalUrl>,
}

impl Learned {
    fn learn(&mut self, answer: &Answer) {
        let free = MOST_KNOWN.saturating_sub(self.routes.len());
        for (entry, to) in answer.routes.iter().take(free) {
            if !to.is_empty() || !self.dull.insert(entry.clone()) {
                self.routes.insert(entry.clone(), to.clone());
            }
        }
        let free = MOST_KNOWN.saturating_sub(self.openers.len());
        self.openers.extend(answer.openers.iter().take(free).cloned());
    }
}

/// How interacting with a page ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interacted {
    /// What was to be seen was collected; the page itself is as it was.
    Collected,
    /// The page holds more now.
    Opened,
    /// The page is not what it was.
    Spoiled,
}

#[derive(Deserialize)]
struct Answer {
    clicks: u64,
    opened: u64,
    routes: BTreeMap<String, String>,
    openers: Vec<String>,
    harmed: bool,
}

impl Interactions {
    /// Interactions by these rules, the general before the specific: all that hold for a page are followed, and the
    /// limits of the last of them.
    #[must_use]
    pub fn new(rules: &[InteractionRules]) -> Self {
        let longest = rules.iter().map(|rules| rules.most_seconds).max().unwrap_or_default();
        Self {
            rules: if rules.is_empty() { Arc::default() } else { json!(rules).to_string().into() },
            longest: Duration::from_secs(u64::from(longest)),
            ..Self::default()
        }
    }

    /// How many clicks there were on all pages so far.
    #[must_use]
    pub fn clicks(&self) -> u64 {
        self.clicks.load(Ordering::Relaxed)
    }

    /// The rules as a JavaScript list; the world of each page has them from the start.
    pub(super) fn rules(&self) -> &str {
        if self.rules.is_empty() { "[]" } else { &self.rules }
    }

    /// What a page is asked to do, as a JavaScript object; `None` where it is to be left alone.
    pub(super) fn plan(&self, page: &CanonicalUrl, options: &BrowserOptions) -> Option<String> {
        let learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        if self.rules.is_empty() || learned.untouchable.contains(page) {
            return None;
        }
        let rest = json!({
            "routes": learned.routes,
            "openers": learned.openers,
            "loadingTexts": options.loading_texts,
            "limit": LARGEST,
            "cap": (options.page_timeout / 4).as_millis() as u64,
        });
        Some(format!("{{ rules: skillcrawl.rules, ...{rest} }}"))
    }

    fn learn(&self, answer: &Answer) {
        self.clicks.fetch_add(answer.clicks, Ordering::Relaxed);
        let mut learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        learned.learn(answer);
    }

    fn never_again(&self, page: &CanonicalUrl) {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner).untouchable.insert(page.clone());
    }
}

/// Does what the page wants. A script error ends the interactions, not the page; a page that hangs is remembered, so
/// that it is left alone when it is tried again.
pub(super) async fn interact(
    world: &World,
    page: &CanonicalUrl,
    interactions: &Interactions,
) -> Result<Interacted, CallError> {
    let within = interactions.longest + ANSWER_MARGIN;
    let answer: Answer = match world.evaluate("skillcrawl.interact.run()".to_owned(), within).await {
        Ok(answer) => answer,
        Err(error @ CallError::Script { .. }) => {
            tracing::debug!(%page, %error, "interactions ended early");
            return Ok(Interacted::Spoiled);
        }
        Err(error) => {
            interactions.never_again(page);
            return Err(error);
        }
    };
    interactions.learn(&answer);
    tracing::debug!(%page, clicks = answer.clicks, opened = answer.opened, harmed = answer.harmed, "interacted");
    Ok(match (answer.harmed, answer.opened) {
        (true, _) => {
            interactions.never_again(page);
            Interacted::Spoiled
        }
        (false, 0) => Interacted::Collected,
        (false, _) => Interacted::Opened,
    })
}
