//! The site's own Markdown instead of the browser, for pages that need one or the other.
//!
//! Only pages of which the HTML as sent holds too little come here, so that no site is asked for Markdown that its pages
//! do without. The first pages are had both ways and compared; while the Markdown loses nothing, the next ones are kept as
//! sent with it, provisionally, and checked as pages that are kept as sent alone are. Where there is no Markdown, or where
//! robots.txt forbids it, the page is rendered.

use std::sync::Arc;

use super::learned::{Cheaper, Learned, Plan};
use super::{AdaptiveFetcher, Group};
use crate::fetch::errands::Errands;
use crate::fetch::judged::{Note, judged};
use crate::fetch::{Answer, FetchRequest, Want};
use crate::fetched::Fetched;
use crate::url::CanonicalUrl;

/// What asking at one address gave.
enum Asked {
    Markdown(String),
    /// There is none.
    Nothing,
    /// It may be there another time.
    Failed,
}

impl Group {
    /// The same pages with their Markdown. The name is another: that their HTML alone was found wanting is not said of
    /// them.
    pub(super) fn with_markdown(self) -> Self {
        Self { name: format!("markdown of {}", self.name), cheaper: Cheaper::Markdown, ..self }
    }
}

impl AdaptiveFetcher {
    /// Has a page that is not complete as sent with its Markdown, or by the browser, or both ways for a comparison.
    pub(super) async fn markdown_or_render(
        &self,
        mut page: Box<Fetched>,
        group: Group,
        errands: &dyn Errands,
    ) -> Answer {
        let both = group.clone().with_markdown();
        let (plan, batch) = self.learned(&both, &page.url, |learned| learned.plan(&both.marks));
        if plan == Plan::Render {
            return self.render_as(page, group).await;
        }
        page.twin = self.ask_for_markdown(&page, &both, errands).await;
        tracing::debug!(url = %page.url, ?plan, found = page.twin.is_some(), "asked for its Markdown");
        match (plan, page.twin.is_some()) {
            (Plan::Compare, true) => self.load_as(page, both, Some(batch)).await,
            (_, true) => judged(page, Note::plain(both.name, batch)),
            (_, false) => {
                if plan == Plan::Compare {
                    self.learned(&both, &page.url, Learned::abandon);
                }
                self.render_as(page, group).await
            }
        }
    }

    async fn ask_for_markdown(&self, page: &Fetched, group: &Group, errands: &dyn Errands) -> Option<String> {
        let (judge, sent) = (Arc::clone(&self.judge), page.clone());
        let named = tokio::task::spawn_blocking(move || judge.markdown_named(&sent)).await.ok().flatten();
        let ways = self.learned(group, &page.url, |learned| learned.ways.to_try(page, named));
        for (way, address) in ways {
            if !errands.may_ask(&address).await {
                continue;
            }
            let asked = self.ask_at(&address, errands).await;
            let was_there = matches!(asked, Asked::Markdown(_));
            if was_there || matches!(asked, Asked::Nothing) {
                self.learned(group, &page.url, |learned| learned.ways.note(way, was_there));
            }
            match asked {
                Asked::Markdown(text) => return Some(text),
                Asked::Nothing => {}
                // A server in trouble is not asked for more of what its pages can do without.
                Asked::Failed => return None,
            }
        }
        None
    }

    async fn ask_at(&self, address: &CanonicalUrl, errands: &dyn Errands) -> Asked {
        match self.http.fetch(FetchRequest::new(address.clone(), Want::Markdown)).await {
            Answer::Page(answer) => {
                let body = answer.exchange.map(|exchange| exchange.body).unwrap_or_default();
                let text = String::from_utf8(body).ok().filter(|text| !looks_like_html(text));
                text.map_or(Asked::Nothing, Asked::Markdown)
            }
            Answer::Failed { status, retry_after, .. } => {
                if matches!(status, Some(429 | 503)) {
                    errands.throttled(address, retry_after);
                }
                Asked::Failed
            }
            _ => Asked::Nothing,
        }
    }
}

/// Some servers answer every path with their application, whatever they call it.
fn looks_like_html(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let begins = |tag: &str| start.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag));
    ["<!doctype", "<html", "<head", "<body"].iter().any(|tag| begins(tag))
}
