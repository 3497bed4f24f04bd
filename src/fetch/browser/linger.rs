//! What a tab still shows when a page was taken.
//!
//! Going by way of an empty page costs Chromium a fifth of what a page costs. So the page that was taken stays, quiet
//! and without a network, and the next one comes in its place; only where none comes soon, or where it would be the same
//! document, the tab is emptied. Where the site's own router may lead on from the page, it is left alive and as it was.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::page::NavigateParams;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;

use super::guard::Notice;
use super::session::Session;
use crate::url::CanonicalUrl;

/// How long a page stays when no other one comes.
const STAY: Duration = Duration::from_millis(250);
/// How long one stays that the router may lead on from: a polite crawl has pauses.
const STAY_ALIVE: Duration = Duration::from_secs(5);
const EMPTY_DEADLINE: Duration = Duration::from_secs(5);

/// The page that a tab was left with. Dropping it forgets the plan to empty the tab.
#[derive(Debug, Default)]
pub(super) struct Lingering {
    page: Arc<Mutex<Option<Left>>>,
    plan: Mutex<Option<AbortHandle>>,
}

/// A page that was left standing.
#[derive(Clone, Debug)]
pub(super) struct Left {
    /// Its document.
    pub(super) document: CanonicalUrl,
    /// The application whose router may lead on from it; `None` for a page that was silenced.
    pub(super) application: Option<String>,
}

impl Lingering {
    /// Leaves the page where it is, for a time. What is told its tab then comes through `notices`.
    pub(super) fn begin(&self, session: &Session, notices: &mpsc::UnboundedSender<Notice>, left: Left) {
        let stay = if left.application.is_some() { STAY_ALIVE } else { STAY };
        *self.page.lock().unwrap_or_else(PoisonError::into_inner) = Some(left);
        let (session, notices, shown) = (session.clone(), notices.clone(), Arc::clone(&self.page));
        let plan = tokio::spawn(async move {
            tokio::time::sleep(stay).await;
            // The tab may be gone.
            let _ = notices.send(Notice::Visit(None));
            // Where it fails, the page is still taken to be there, and the next visit finds out.
            if session.call(NavigateParams::new("about:blank"), EMPTY_DEADLINE).await.is_ok() {
                shown.lock().unwrap_or_else(PoisonError::into_inner).take();
            }
        });
        self.replace_plan(Some(plan.abort_handle()));
    }

    /// What is still shown, now that another page comes.
    pub(super) fn end(&self) -> Option<Left> {
        self.replace_plan(None);
        self.page.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Whether the router of this application may lead on from the page that is shown.
    pub(super) fn is_of(&self, application: &str) -> bool {
        let page = self.page.lock().unwrap_or_else(PoisonError::into_inner);
        page.as_ref().and_then(|left| left.application.as_deref()) == Some(application)
    }

    fn replace_plan(&self, plan: Option<AbortHandle>) {
        let old = std::mem::replace(&mut *self.plan.lock().unwrap_or_else(PoisonError::into_inner), plan);
        if let Some(old) = old {
            old.abort();
        }
    }
}

impl Drop for Lingering {
    fn drop(&mut self) {
        self.replace_plan(None);
    }
}
