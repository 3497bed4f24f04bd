//! Waits until a page's main content stands still. How that is judged is told in `settle.js`; this side knows which
//! requests are under way, and what earlier pages were waited for in vain.

use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;

use super::BrowserOptions;
use super::lessons::Lessons;
use super::requests::{Awaited, Requests};
use super::session::CallError;
use super::world::World;

/// The longest wait for content to stand still, whatever the page's deadline.
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// How much longer than its own cap the page may take to answer.
const ANSWER_MARGIN: Duration = Duration::from_secs(10);

/// How long the page is asked about the same requests: it is not told of those that begin meanwhile.
const NEWS: Duration = Duration::from_secs(1);

/// How the wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Settled {
    /// The content stood still.
    Still,
    /// It did not before the cap, or there is none.
    Not,
    /// A script of another host holds the parser and does not answer. It will be refused from now on: the document is to
    /// be shown again.
    Blocked,
}

/// What the page says.
#[derive(Debug, Deserialize)]
struct Answer {
    state: State,
    wasted: Vec<String>,
    useful: Vec<String>,
    hanging: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// The content stands still.
    Still,
    /// There is no content, and nothing is going to happen.
    Empty,
    /// There is little or no content, and a worker waits for its script.
    Starved,
    /// The time is over, and the parser still at work.
    Parsing,
    /// The time is over.
    Late,
}

/// Waits for the content to stand still: two thirds of the page's time, at most [`LONGEST_WAIT`].
pub(super) async fn settle(
    world: &World,
    requests: &Requests,
    lessons: &Lessons,
    options: &BrowserOptions,
) -> Result<Settled, CallError> {
    let end = Instant::now() + LONGEST_WAIT.min(options.page_timeout * 2 / 3);
    let idle = lessons.idle();
    let mut fed = false;
    loop {
        let awaited = requests.awaited();
        let answer = ask(world, &awaited, &idle, fed, end, options).await?;
        let settled = match answer.state {
            State::Starved => {
                requests.let_workers_through();
                fed = true;
                continue;
            }
            // What began while the page was asked may still change the content, or bring it.
            State::Still | State::Empty if requests.awaited().begun != awaited.begun => None,
            State::Still => Some(Settled::Still),
            State::Empty => Some(Settled::Not),
            State::Parsing if requests.give_up(&answer.hanging) => return Ok(Settled::Blocked),
            State::Parsing | State::Late => None,
        };
        let settled = settled.or_else(|| (Instant::now() >= end).then_some(Settled::Not));
        if let Some(settled) = settled {
            requests.give_up(&answer.hanging);
            lessons.held(answer.wasted, answer.useful);
            return Ok(settled);
        }
    }
}

async fn ask(
    world: &World,
    awaited: &Awaited,
    idle: &[String],
    fed: bool,
    end: Instant,
    options: &BrowserOptions,
) -> Result<Answer, CallError> {
    // The page is asked again once a request that it waits for has lost its claim to be waited for.
    let until = awaited.patience_ends.map_or(end, |patience| patience.min(end));
    let cap = until.saturating_duration_since(Instant::now()).min(NEWS);
    let arguments = json!({
        "roots": options.content_roots,
        "loadingTexts": options.loading_texts,
        "started": awaited.started,
        "overdue": awaited.overdue,
        "idle": idle,
        "fed": fed,
        "cap": cap.as_millis() as u64,
    });
    world.evaluate(format!("skillcrawl.settle({arguments})"), cap + ANSWER_MARGIN).await
}
