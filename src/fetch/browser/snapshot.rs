//! Takes the document out of the page. What it holds and what is marked in it is told in `snapshot.js`.

use std::time::Duration;

use serde::Deserialize;

use super::session::CallError;
use super::world::World;

/// The most HTML that is given to one page, in bytes, or taken from it, in UTF-16 units.
pub(super) const LARGEST: usize = 50_000_000;
const SNAPSHOT_DEADLINE: Duration = Duration::from_secs(60);

/// The document of a page as it was taken.
#[derive(Debug)]
pub(super) enum Snapshot {
    /// The HTML, and where the page says that it is.
    Taken {
        /// The whole document.
        html: String,
        /// Where a `meta refresh` leads, as an absolute URL.
        refresh: Option<String>,
        /// The address that the page has given itself.
        address: Option<String>,
        /// The address in its `link rel=canonical`.
        canonical: Option<String>,
        /// Whether the page still works on.
        rest: Rest,
    },
    /// The document is larger than anybody reads.
    TooLarge,
    /// Nothing was taken yet: there is something to click.
    Wanting,
}

/// What a page does once it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rest {
    /// Nothing any more: its timers and requests were ended.
    Silent,
    /// It stands as it was taken, for the site's own router to lead on from.
    Alive,
    /// Nobody knows.
    Active,
}

/// What is to become of a page once it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Then {
    /// All that it does is to end.
    Silence,
    /// It is to stay as it is.
    Stay,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    html: Option<String>,
    refresh: Option<String>,
    address: Option<String>,
    canonical: Option<String>,
    #[serde(default)]
    wanting: bool,
    #[serde(default)]
    silent: bool,
}

/// Serialises the page and ends what it does where it is not to stay, unless it wants one of the interactions of `plan` first. All that in the
/// same call: nearly all pages want none, and a call costs more than what it does.
pub(super) async fn snapshot(world: &World, plan: Option<&str>, then: Then) -> Result<Snapshot, CallError> {
    let silent = if then == Then::Silence { "skillcrawl.quiet()" } else { "false" };
    let take = format!("{{ ...skillcrawl.snapshot({LARGEST}), silent: {silent} }}");
    let expression = match plan {
        Some(plan) => format!("skillcrawl.interact.wanted({plan}) ? {{ wanting: true }} : {take}"),
        None => format!("({take})"),
    };
    let answer: Answer = world.evaluate(expression, SNAPSHOT_DEADLINE).await?;
    Ok(match answer.html {
        _ if answer.wanting => Snapshot::Wanting,
        Some(html) => Snapshot::Taken {
            html,
            refresh: answer.refresh,
            address: answer.address,
            canonical: answer.canonical,
            rest: match then {
                Then::Stay => Rest::Alive,
                Then::Silence if answer.silent => Rest::Silent,
                Then::Silence => Rest::Active,
            },
        },
        None => Snapshot::TooLarge,
    })
}
