//! Waits until a page's main content stands still. How that is judged is told in `settle.js`; this side knows which
//! requests are under way.

use std::time::{Duration, Instant};

use serde_json::json;

use super::BrowserOptions;
use super::document::Requests;
use super::session::CallError;
use super::world::World;

/// The longest wait for content to stand still, whatever the page's deadline.
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// How much longer than its own cap the page may take to answer.
const ANSWER_MARGIN: Duration = Duration::from_secs(10);

/// Defines `skillcrawl.settle` and `skillcrawl.snapshot` in a world.
pub(super) const DEFINITIONS: &str =
    concat!(include_str!("settle.js"), "\n", include_str!("snapshot.js"), "\n; true");

/// Whether the content stood still before the cap: two thirds of the page's time, at most [`LONGEST_WAIT`].
pub(super) async fn settle(
    world: &World,
    requests: &Requests,
    options: &BrowserOptions,
) -> Result<bool, CallError> {
    let end = Instant::now() + LONGEST_WAIT.min(options.page_timeout * 2 / 3);
    loop {
        let (begun, patience_ends) = requests.state();
        // The page is asked again once a request that it waits for has lost its claim to be waited for.
        let until = patience_ends.map_or(end, |patience| patience.min(end));
        let cap = until.saturating_duration_since(Instant::now());
        let arguments = json!({
            "roots": options.content_roots,
            "loadingTexts": options.loading_texts,
            "started": requests.awaited(),
            "cap": cap.as_millis() as u64,
        });
        let still: bool =
            world.evaluate(format!("skillcrawl.settle({arguments})"), cap + ANSWER_MARGIN).await?;
        // What began while the page was asked may still change the content.
        if still && requests.state().0 == begun {
            return Ok(true);
        }
        if Instant::now() >= end {
            return Ok(false);
        }
    }
}
