//! From page to page of one application by its own router, without a load. How a page is led is told in `route.js`.
//!
//! A page is led only to where a link of its own leads, and only a page that was taken and then left as it was. What
//! comes of it is a page only where its content is another one and stands still; anything else is no page at all, and
//! the tab is emptied.

use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use super::lessons::Lessons;
use super::reading::{Clicking, Reading, read_in};
use super::session::CallError;
use super::snapshot::Rest;
use super::tab::Tab;
use super::visit::{Announced, Showing, announce, leave};
use super::world::World;
use super::{BrowserOptions, RenderJob, RenderOutcome};
use crate::fetched::Dom;

/// How long a router may take to begin: the address is another one at once, and so is the content where it is not fetched.
const LEAD_CAP: Duration = Duration::from_secs(3);
/// How much longer than that the page may take to answer.
const ANSWER_MARGIN: Duration = Duration::from_secs(5);

/// What there was none of, so that a page was not had by the site's own router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// No tab shows a page of the application.
    Tab,
    /// The page that is shown has no link to it.
    Link,
    /// The router did not answer, or led elsewhere, or what it showed did not come to rest.
    Page,
}

/// How it went.
#[derive(Debug)]
pub(super) enum Led {
    /// The page, and the tab is as good as after a load.
    There(Dom),
    /// There is no page; the tab was emptied.
    Not(Missing),
    /// There is no page, and the tab is of no more use.
    Lost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Answer {
    Led,
    #[serde(rename = "no link")]
    NoLink,
    Here,
    Unmoved,
}

/// Has the page that the tab shows lead to the job's page. The caller bounds it by the page's deadline.
pub(super) async fn lead(
    tab: &Tab,
    job: &RenderJob<'_>,
    lessons: &Arc<Lessons>,
    options: &BrowserOptions,
) -> Led {
    // From here on the page is this visit's.
    let left = tab.lingering.end();
    let led = tokio::select! {
        () = tab.death() => return Led::Lost,
        led = try_to_lead(tab, job, lessons, options) => led,
    };
    let (led, rest) = match led {
        Ok(Ok((RenderOutcome::Dom(dom), rest))) if dom.settled => {
            (Led::There(Dom { routed: true, ..dom }), rest)
        }
        // Nothing was done with the page.
        Ok(Err(Missing::Link)) => {
            left.into_iter().for_each(|left| tab.linger(left));
            return Led::Not(Missing::Link);
        }
        Ok(Err(why)) => (Led::Not(why), Rest::Active),
        Err(CallError::Gone | CallError::Deadline { .. }) => return Led::Lost,
        // It did not come to rest; or the document was replaced, so that there is no router and the click was a visitor's
        // ordinary one.
        Ok(Ok(_)) | Err(_) => (Led::Not(Missing::Page), Rest::Active),
    };
    match leave(tab, job, rest).await {
        Ok(()) => led,
        Err(_) => Led::Lost,
    }
}

type Taken = (RenderOutcome, Rest);

async fn try_to_lead(
    tab: &Tab,
    job: &RenderJob<'_>,
    lessons: &Arc<Lessons>,
    options: &BrowserOptions,
) -> Result<Result<Taken, Missing>, CallError> {
    let world = World::open(&tab.session, &tab.frame).await?;
    // What the last page still asks for is its own: the requests of this one begin with the click.
    tab.definitions.renew(&world).await?;
    // The document is there already. If it is asked for all the same, it is served.
    let Announced { mut signals, requests, loaded } = announce(tab, job, lessons, 1);
    let showing = Showing { tab, job, requests: &requests, loaded: &loaded, lessons, options };
    let led = async {
        match click(&world, job, options).await? {
            Answer::Led => {}
            Answer::NoLink => return Ok(Err(Missing::Link)),
            Answer::Here | Answer::Unmoved => return Ok(Err(Missing::Page)),
        }
        Ok(match read_in(&world, showing, Clicking::Allowed).await? {
            Reading::Taken(outcome, rest) => Ok((outcome, rest)),
            Reading::Blocked | Reading::Spoiled => Err(Missing::Page),
        })
    };
    tokio::select! {
        biased;
        // The page leads elsewhere.
        Some(_) = signals.recv() => Ok(Err(Missing::Page)),
        led = led => led,
    }
}

async fn click(world: &World, job: &RenderJob<'_>, options: &BrowserOptions) -> Result<Answer, CallError> {
    let arguments = json!({
        "target": job.url.as_str(),
        "roots": options.content_roots,
        "cap": LEAD_CAP.as_millis() as u64,
    });
    world.evaluate(format!("skillcrawl.lead({arguments})"), LEAD_CAP + ANSWER_MARGIN).await
}
