//! What a tab still shows when a page was taken.
//!
//! Going by way of an empty page costs Chromium a fifth of what a page costs. So the page that was taken stays, quiet
//! and without a network, and the next one comes in its place; only where none comes soon, or where it would be the same
//! document, the tab is emptied.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::page::NavigateParams;
use tokio::task::AbortHandle;

use super::session::Session;
use crate::url::CanonicalUrl;

/// How long a page stays when no other one comes.
const STAY: Duration = Duration::from_millis(250);
const EMPTY_DEADLINE: Duration = Duration::from_secs(5);

/// The page that a tab was left with. Dropping it forgets the plan to empty the tab.
#[derive(Debug, Default)]
pub(super) struct Lingering {
    document: Arc<Mutex<Option<CanonicalUrl>>>,
    plan: Mutex<Option<AbortHandle>>,
}

impl Lingering {
    /// Leaves the page where it is, for a time.
    pub(super) fn begin(&self, session: &Session, document: CanonicalUrl) {
        *self.document.lock().unwrap_or_else(PoisonError::into_inner) = Some(document);
        let (session, shown) = (session.clone(), Arc::clone(&self.document));
        let plan = tokio::spawn(async move {
            tokio::time::sleep(STAY).await;
            // Where it fails, the page is still taken to be there, and the next visit finds out.
            if session.call(NavigateParams::new("about:blank"), EMPTY_DEADLINE).await.is_ok() {
                shown.lock().unwrap_or_else(PoisonError::into_inner).take();
            }
        });
        self.replace_plan(Some(plan.abort_handle()));
    }

    /// The document that is still shown, now that another page comes.
    pub(super) fn end(&self) -> Option<CanonicalUrl> {
        self.replace_plan(None);
        self.document.lock().unwrap_or_else(PoisonError::into_inner).take()
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
