//! How a tab comes to a page and leaves it again.

use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::page::NavigateParams;

use super::session::CallError;
use super::tab::Tab;
use crate::url::CanonicalUrl;

/// Upper bounds of single steps; the deadline of the page is the caller's and usually shorter.
const ARRIVE_DEADLINE: Duration = Duration::from_secs(60);
const LEAVE_DEADLINE: Duration = Duration::from_secs(5);
/// What a tab shows between pages that do not follow upon each other.
const EMPTY: &str = "about:blank";
/// What Chromium says of a navigation that another one overtook, or that is no page.
const ABORTED: &str = "net::ERR_ABORTED";

/// Shows a page, in the place of the last one where that may be: a document that differs by its fragment only would not
/// be loaded anew. The error that Chromium names if it does not show it.
pub(super) async fn arrive(tab: &Tab, page: &CanonicalUrl) -> Result<Option<String>, CallError> {
    if tab.lingering.end().is_some_and(|left| left.document == page.document()) {
        empty(tab).await?;
    }
    let navigated = tab.session.call(NavigateParams::new(page.as_str()), ARRIVE_DEADLINE).await?;
    if navigated.error_text.as_deref() == Some(ABORTED) {
        // The last page may have gone somewhere by itself at that very moment; from an empty one nothing can.
        return show_again(tab, page).await;
    }
    if navigated.error_text.is_some() || navigated.loader_id.is_some() {
        return Ok(navigated.error_text);
    }
    // The last page had taken this address for itself.
    show_again(tab, page).await
}

/// Loads a page anew, by way of an empty one: for a mere change of the fragment nothing would be loaded.
pub(super) async fn show_again(tab: &Tab, page: &CanonicalUrl) -> Result<Option<String>, CallError> {
    empty(tab).await?;
    Ok(tab.session.call(NavigateParams::new(page.as_str()), ARRIVE_DEADLINE).await?.error_text)
}

/// Gives the tab an empty page, which stops whatever the last one left running.
pub(super) async fn empty(tab: &Tab) -> Result<(), CallError> {
    tab.session.call(NavigateParams::new(EMPTY), LEAVE_DEADLINE).await?;
    Ok(())
}
