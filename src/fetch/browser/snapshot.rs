//! Takes the document out of the page. What it holds and what is marked in it is told in `snapshot.js`.

use std::time::Duration;

use serde::Deserialize;

use super::session::CallError;
use super::world::World;

/// The most HTML that is taken from one page, in UTF-16 units.
const LARGEST: usize = 50_000_000;
const SNAPSHOT_DEADLINE: Duration = Duration::from_secs(60);

/// The document of a page as it was taken.
#[derive(Debug)]
pub(super) enum Snapshot {
    /// The HTML, and where a `meta refresh` leads.
    Taken {
        /// The whole document.
        html: String,
        /// An absolute URL.
        refresh: Option<String>,
    },
    /// The document is larger than anybody reads.
    TooLarge,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    html: Option<String>,
    refresh: Option<String>,
}

/// Serialises the page.
pub(super) async fn snapshot(world: &World) -> Result<Snapshot, CallError> {
    let answer: Answer = world.evaluate(format!("skillcrawl.snapshot({LARGEST})"), SNAPSHOT_DEADLINE).await?;
    Ok(match answer.html {
        Some(html) => Snapshot::Taken { html, refresh: answer.refresh },
        None => Snapshot::TooLarge,
    })
}
