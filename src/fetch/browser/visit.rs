//! One page in one tab: serve the document, let it settle, take it out, leave.
//!
//! `load` is never waited for: it comes too early for content that is fetched, and too late, or never, where a frame
//! or a third party stalls.

use std::sync::Arc;
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::page::NavigateParams;
use tokio::sync::mpsc;

use super::document::{Document, Requests};
use super::error::in_full;
use super::guard::{Signal, Visit};
use super::session::CallError;
use super::settle::{DEFINITIONS, settle};
use super::snapshot::{Snapshot, snapshot};
use super::tab::Tab;
use super::world::World;
use super::{BrowserOptions, RenderJob, RenderOutcome};
use crate::fetched::Dom;
use crate::url::CanonicalUrl;

/// Upper bounds of single steps; the deadline of the page is the caller's and usually shorter.
const NAVIGATE_DEADLINE: Duration = Duration::from_secs(60);
const LEAVE_DEADLINE: Duration = Duration::from_secs(5);
const DEFINE_DEADLINE: Duration = Duration::from_secs(30);
/// How often a document that replaced itself is looked at anew.
const MOST_RETURNS: u32 = 20;
const RETURN_PAUSE: Duration = Duration::from_millis(50);

/// How a visit ended.
#[derive(Debug)]
pub(super) enum Visited {
    /// The tab did what it should and can be used again.
    Done(RenderOutcome),
    /// The tab is of no more use.
    Lost(RenderOutcome),
}

/// Shows the job's page in the tab. The caller bounds it by the page's deadline.
pub(super) async fn visit(tab: &Tab, job: &RenderJob<'_>, options: &BrowserOptions) -> Visited {
    let (sender, mut signals) = mpsc::unbounded_channel();
    let requests = Arc::new(Requests::default());
    tab.announce(Some(Visit {
        document: Arc::new(Document::new(job.document)),
        requests: Arc::clone(&requests),
        signals: sender,
        servings: 0,
    }));
    let outcome = tokio::select! {
        biased;
        Some(signal) = signals.recv() => match signal {
            Signal::Redirect(to) => RenderOutcome::Redirect { to },
            Signal::EndlessReload => RenderOutcome::failed("the page reloads itself without end"),
        },
        () = tab.death() => return Visited::Lost(RenderOutcome::failed("the tab crashed")),
        shown = show(tab, job, &requests, options) => match shown {
            Ok(outcome) => outcome,
            Err(CallError::Gone) => return Visited::Lost(RenderOutcome::failed("the browser is gone")),
            Err(error @ CallError::Deadline { .. }) => {
                return Visited::Lost(RenderOutcome::failed(in_full(&error)));
            }
            Err(error) => RenderOutcome::failed(in_full(&error)),
        },
    };
    match leave(tab).await {
        Ok(()) => Visited::Done(outcome),
        Err(_) => Visited::Lost(outcome),
    }
}

async fn show(
    tab: &Tab,
    job: &RenderJob<'_>,
    requests: &Requests,
    options: &BrowserOptions,
) -> Result<RenderOutcome, CallError> {
    let navigated = tab.session.call(NavigateParams::new(job.url.as_str()), NAVIGATE_DEADLINE).await?;
    if let Some(error) = navigated.error_text {
        return Ok(RenderOutcome::failed(format!("the browser did not show the page: `{error}`")));
    }
    let mut returns = 0;
    loop {
        match read(tab, requests, options).await {
            Ok((snapshot, settled)) => return Ok(outcome(job, snapshot, settled)),
            // The document was replaced under our hands (the page reloaded itself): look at the new one.
            Err(CallError::Refused { .. }) if returns < MOST_RETURNS => returns += 1,
            Err(error) => return Err(error),
        }
        tokio::time::sleep(RETURN_PAUSE).await;
    }
}

async fn read(
    tab: &Tab,
    requests: &Requests,
    options: &BrowserOptions,
) -> Result<(Snapshot, bool), CallError> {
    let world = World::open(&tab.session, &tab.frame).await?;
    let _: bool = world.evaluate(DEFINITIONS.to_owned(), DEFINE_DEADLINE).await?;
    let settled = settle(&world, requests, options).await?;
    Ok((snapshot(&world).await?, settled))
}

fn outcome(job: &RenderJob<'_>, snapshot: Snapshot, settled: bool) -> RenderOutcome {
    match snapshot {
        Snapshot::TooLarge => RenderOutcome::failed("the rendered document is larger than 50 MB"),
        Snapshot::Taken { html, refresh } => {
            let refresh = refresh.and_then(|to| CanonicalUrl::parse(&to).ok());
            match refresh.filter(|to| to.document() != job.url.document()) {
                Some(to) => RenderOutcome::Redirect { to },
                None => RenderOutcome::Dom(Dom { html, settled }),
            }
        }
    }
}

/// Leaves for an empty page: it stops what the page left running, and makes the next navigation a real one even where
/// only the route differs.
async fn leave(tab: &Tab) -> Result<(), CallError> {
    tab.announce(None);
    tab.session.call(NavigateParams::new("about:blank"), LEAVE_DEADLINE).await?;
    Ok(())
}
