//! One page in one tab: serve the document, have it read, leave.
//!
//! `load` is never waited for: it comes too early for content that is fetched, and too late, or never, where a frame
//! or a third party stalls.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::document::Document;
use super::error::in_full;
use super::failure::RenderFailure;
use super::guard::{Signal, Visit};
use super::lessons::Lessons;
use super::linger::Left;
use super::loaded::Loaded;
use super::navigate::{arrive, empty, show_again};
use super::reading::{Clicking, Reading, read};
use super::requests::Requests;
use super::session::CallError;
use super::snapshot::Rest;
use super::tab::Tab;
use super::{BrowserOptions, RenderJob, RenderOutcome};

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

/// A page while it is shown, and what is known about it.
#[derive(Clone, Copy)]
pub(super) struct Showing<'a> {
    /// Where it is shown.
    pub(super) tab: &'a Tab,
    /// What is shown.
    pub(super) job: &'a RenderJob<'a>,
    /// What the page has asked for.
    pub(super) requests: &'a Requests,
    /// The API description that the page loads, if it does.
    pub(super) loaded: &'a Loaded,
    /// What earlier pages have taught.
    pub(super) lessons: &'a Lessons,
    /// How to render.
    pub(super) options: &'a BrowserOptions,
}

/// What is known of a page's visit outside its tab.
pub(super) struct Announced {
    /// Where the page wants to leave to.
    pub(super) signals: mpsc::UnboundedReceiver<Signal>,
    /// What it asks for.
    pub(super) requests: Arc<Requests>,
    /// The API description that it loads, if it does.
    pub(super) loaded: Arc<Loaded>,
}

/// Tells the tab that the job's page comes, whose document was served to it so many times already.
pub(super) fn announce(tab: &Tab, job: &RenderJob<'_>, lessons: &Arc<Lessons>, servings: u32) -> Announced {
    let (sender, signals) = mpsc::unbounded_channel();
    let requests = Arc::new(Requests::new(Arc::clone(lessons)));
    let loaded = Arc::new(Loaded::of(job.document));
    tab.announce(Some(Visit {
        document: Arc::new(Document::new(job.document)),
        requests: Arc::clone(&requests),
        loaded: Arc::clone(&loaded),
        signals: sender,
        servings,
    }));
    Announced { signals, requests, loaded }
}

/// Shows the job's page in the tab. The caller bounds it by the page's deadline.
pub(super) async fn visit(
    tab: &Tab,
    job: &RenderJob<'_>,
    lessons: &Arc<Lessons>,
    options: &BrowserOptions,
) -> Visited {
    let Announced { mut signals, requests, loaded } = announce(tab, job, lessons, 0);
    let showing = Showing { tab, job, requests: &requests, loaded: &loaded, lessons, options };
    let (outcome, rest) = tokio::select! {
        biased;
        Some(signal) = signals.recv() => match signal {
            Signal::Redirect(to) => (RenderOutcome::Redirect { to }, Rest::Active),
            Signal::EndlessReload => unread(RenderFailure::ReloadsWithoutEnd),
        },
        () = tab.death() => return lost(RenderFailure::RendererCrashed),
        shown = show(showing) => match shown {
            Ok(shown) => shown,
            Err(CallError::Gone) => return lost(RenderFailure::BrowserDied),
            // Each step has a deadline that leaves room for all that a page may take.
            Err(CallError::Deadline { .. }) => return lost(RenderFailure::DeadlinePassed),
            Err(error) => {
                tracing::debug!(url = %job.url, error = %in_full(&error), "the page could not be read");
                unread(RenderFailure::Unreadable)
            }
        },
    };
    match leave(tab, job, rest).await {
        Ok(()) => Visited::Done(outcome),
        Err(_) => Visited::Lost(outcome),
    }
}

fn lost(cause: RenderFailure) -> Visited {
    Visited::Lost(RenderOutcome::failed(cause))
}

fn unread(cause: RenderFailure) -> (RenderOutcome, Rest) {
    (RenderOutcome::failed(cause), Rest::Active)
}

async fn show(showing: Showing<'_>) -> Result<(RenderOutcome, Rest), CallError> {
    let Showing { tab, job, .. } = showing;
    if let Some(code) = arrive(tab, job.url).await? {
        return Ok(unread(RenderFailure::NotShown { code }));
    }
    let mut clicking = Clicking::Allowed;
    for _ in 0..=MOST_RETURNS {
        match read(showing, clicking).await {
            Ok(Reading::Taken(outcome, rest)) => return Ok((outcome, rest)),
            Ok(Reading::Blocked) => _ = show_again(tab, job.url).await?,
            Ok(Reading::Spoiled) => {
                clicking = Clicking::Over;
                show_again(tab, job.url).await?;
            }
            // The document was replaced under our hands (the page reloaded itself): look at the new one.
            Err(CallError::Refused { .. }) => {}
            Err(error) => return Err(error),
        }
        tokio::time::sleep(RETURN_PAUSE).await;
    }
    Ok(unread(RenderFailure::Unreadable))
}

/// Leaves the page. Only one that was taken may stay until the next one comes: silent, or alive and with its requests
/// answered as before.
pub(super) async fn leave(tab: &Tab, job: &RenderJob<'_>, rest: Rest) -> Result<(), CallError> {
    let document = job.url.document();
    match rest {
        Rest::Silent => {
            tab.announce(None);
            tab.linger(Left { document, application: None });
            Ok(())
        }
        Rest::Alive => {
            tab.linger(Left { document, application: job.application.map(str::to_owned) });
            Ok(())
        }
        Rest::Active => {
            tab.announce(None);
            empty(tab).await
        }
    }
}
