//! Progress of a command: the lines of JSON that it writes on stderr, and the notifications that they become.

use rmcp::RoleServer;
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::Peer;
use serde::Deserialize;
use tokio::sync::watch;

/// How much a notification counts for that tells of no further page: the protocol wants each to be more than the last.
const STEP: f64 = 0.001;

/// A line of progress, as `--progress json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Line {
    /// Always `progress`.
    pub event: String,
    /// What the command is doing, as `crawl`.
    #[serde(default)]
    pub phase: String,
    /// Pages that are recorded.
    #[serde(default)]
    pub kept: u64,
    /// Pages that wait.
    #[serde(default)]
    pub queued: u64,
    /// Pages that are being fetched.
    #[serde(default)]
    pub in_work: u64,
    /// Pages that were not wanted.
    #[serde(default)]
    pub skipped: u64,
    /// Pages that failed.
    #[serde(default)]
    pub failed: u64,
    /// What the line says by itself, in place of counts.
    #[serde(default)]
    pub message: Option<String>,
}

impl Line {
    /// The progress in a line of stderr, if it is one.
    pub fn parse(line: &str) -> Option<Self> {
        serde_json::from_str::<Self>(line).ok().filter(|line| line.event == "progress")
    }

    /// A line of ours, from before the command runs.
    pub fn waiting(message: String) -> Self {
        let event = "progress".to_owned();
        let phase = "wait".to_owned();
        Self { event, phase, kept: 0, queued: 0, in_work: 0, skipped: 0, failed: 0, message: Some(message) }
    }

    fn done(&self) -> u64 {
        self.kept + self.skipped + self.failed
    }

    fn in_words(&self) -> String {
        match (&self.message, self.phase.as_str()) {
            (Some(message), _) => message.clone(),
            (None, "crawl") => format!(
                "{} pages kept, {} queued, {} in work, {} skipped, {} failed",
                self.kept, self.queued, self.in_work, self.skipped, self.failed
            ),
            (None, phase) => phase.to_owned(),
        }
    }
}

/// Sends the newest line whenever there is one, until there are no more. A client that reads slowly gets fewer of them and
/// holds nobody up.
pub async fn notify(peer: Peer<RoleServer>, token: ProgressToken, mut lines: watch::Receiver<Option<Line>>) {
    let mut last = 0.0;
    while lines.changed().await.is_ok() {
        let Some(line) = lines.borrow_and_update().clone() else { continue };
        let done = to_float(line.done());
        let progress = if done > last { done } else { last + STEP };
        last = progress;
        let mut notification =
            ProgressNotificationParam::new(token.clone(), progress).with_message(line.in_words());
        if line.phase == "crawl" {
            notification =
                notification.with_total(to_float(line.done() + line.queued + line.in_work).max(progress));
        }
        if peer.notify_progress(notification).await.is_err() {
            return;
        }
    }
}

/// Numbers of pages are far below what a float holds exactly.
fn to_float(pages: u64) -> f64 {
    f64::from(u32::try_from(pages).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::Line;

    #[test]
    fn lines_of_progress_are_told_from_others() {
        let line =
            Line::parse(r#"{"event":"progress","phase":"crawl","kept":3,"queued":4,"failed":1}"#).unwrap();
        assert_eq!(
            (line.done(), line.in_words().as_str()),
            (4, "3 pages kept, 4 queued, 0 in work, 0 skipped, 1 failed")
        );
        assert_eq!(Line::parse("warning: something"), None);
        assert_eq!(Line::parse(r#"{"event":"other"}"#), None);
    }
}
