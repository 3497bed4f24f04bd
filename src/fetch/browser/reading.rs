//! What is done with a page that is shown: let it settle, click what hides content, take the document out.

use super::alias::is_other_page;
use super::failure::RenderFailure;
use super::interact::{Interacted, interact};
use super::probe::held_description;
use super::session::CallError;
use super::settle::{Settled, settle};
use super::snapshot::{Rest, Snapshot, Then, snapshot};
use super::visit::Showing;
use super::world::World;
use super::{RenderJob, RenderOutcome};
use crate::fetched::Dom;
use crate::url::CanonicalUrl;

/// Whether the page may be clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clicking {
    /// As the profiles say.
    Allowed,
    /// A click has spoiled the page before.
    Over,
}

/// How reading a page ended.
#[derive(Debug)]
pub(super) enum Reading {
    /// The document was taken.
    Taken(RenderOutcome, Rest),
    /// A script of another host holds the parser; shown again, the page goes without it.
    Blocked,
    /// A click has spoiled the page.
    Spoiled,
}

/// Lets the content settle and takes it.
pub(super) async fn read(showing: Showing<'_>, clicking: Clicking) -> Result<Reading, CallError> {
    let world = World::open(&showing.tab.session, &showing.tab.frame).await?;
    showing.tab.definitions.ensure(&world).await?;
    read_in(&world, showing, clicking).await
}

/// The same in a world that is open.
pub(super) async fn read_in(
    world: &World,
    showing: Showing<'_>,
    clicking: Clicking,
) -> Result<Reading, CallError> {
    let Showing { tab, job, requests, loaded, lessons, options } = showing;
    // The page of a viewer keeps what it has loaded to itself, so that the next page would not ask for it.
    let then = if job.application.is_some() && !loaded.is_viewer() { Then::Stay } else { Then::Silence };
    let mut settled = tokio::select! {
        settled = settle(world, requests, lessons, options) => settled?,
        () = loaded.is_enough() => Settled::Still,
    };
    if settled == Settled::Blocked {
        return Ok(Reading::Blocked);
    }
    let plan = match clicking {
        Clicking::Allowed => options.interactions.plan(job.url, options),
        Clicking::Over => None,
    };
    let mut taken = snapshot(world, plan.as_deref(), then).await?;
    if matches!(taken, Snapshot::Wanting) {
        match interact(world, job.url, &options.interactions).await? {
            Interacted::Spoiled => return Ok(Reading::Spoiled),
            // A page that never stands still has used its time already.
            Interacted::Opened if settled == Settled::Still => {
                settled = settle(world, requests, lessons, options).await?;
            }
            Interacted::Opened | Interacted::Collected => {}
        }
        // A page that was clicked is not the one that a visitor would go on from.
        taken = snapshot(world, None, Then::Silence).await?;
    }
    let (mut outcome, mut rest) = outcome(job, taken, settled == Settled::Still);
    if let RenderOutcome::Dom(dom) | RenderOutcome::Renamed { dom, .. } = &mut outcome {
        dom.loaded = loaded.take();
        if dom.loaded.is_empty() && loaded.is_viewer() {
            dom.html.extend(held_description(&tab.session).await);
        }
        if rest == Rest::Alive && !(dom.settled && dom.loaded.is_empty()) {
            rest = Rest::Active;
        }
    }
    Ok(Reading::Taken(outcome, rest))
}

fn outcome(job: &RenderJob<'_>, snapshot: Snapshot, settled: bool) -> (RenderOutcome, Rest) {
    match snapshot {
        Snapshot::TooLarge => (RenderOutcome::failed(RenderFailure::TooLarge), Rest::Active),
        Snapshot::Wanting => (RenderOutcome::failed(RenderFailure::Unreadable), Rest::Active),
        Snapshot::Taken { html, refresh, address, canonical, rest } => {
            let parse = |text: Option<String>| text.and_then(|text| CanonicalUrl::parse(&text).ok());
            if let Some(to) = parse(refresh).filter(|to| to.document() != job.url.document()) {
                return (RenderOutcome::Redirect { to }, Rest::Active);
            }
            let dom = Dom { html, settled, loaded: Vec::new(), routed: false };
            let outcome =
                match parse(address).filter(|to| is_other_page(job.url, to, parse(canonical).as_ref())) {
                    Some(to) => RenderOutcome::Renamed { to, dom },
                    None => RenderOutcome::Dom(dom),
                };
            (outcome, rest)
        }
    }
}
