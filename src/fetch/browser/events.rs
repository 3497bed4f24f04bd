//! The events that a tab acts on, read leniently: only the fields that are needed, each enumeration as text.
//!
//! The typed events of the protocol crate fail as a whole on one value that is newer than the crate, and an
//! intercepted request that is not answered holds its page for ever.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::session::Event;

/// What a tab is told.
#[derive(Debug)]
pub(super) enum TabEvent {
    /// A request waits for a decision.
    Paused(Box<Paused>),
    /// `alert`, `confirm`, `prompt` or `beforeunload` holds the page.
    Dialog(Dialog),
    /// A frame in another process, or a worker, is there and waits to be let go.
    Attached(Attached),
    /// The tab's renderer is dead.
    Crashed,
}

/// `Fetch.requestPaused`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Paused {
    pub(super) request_id: String,
    pub(super) request: PausedRequest,
    #[serde(default)]
    pub(super) frame_id: String,
    #[serde(default)]
    pub(super) resource_type: String,
    /// There if a redirect of another intercepted request led here.
    pub(super) redirected_request_id: Option<String>,
    /// There, as is one of the next two, if the request waits with its response.
    pub(super) response_status_code: Option<i64>,
    #[serde(default)]
    pub(super) response_headers: Vec<ResponseHeader>,
    pub(super) response_error_reason: Option<String>,
}

/// A header line of a response.
#[derive(Debug, Deserialize)]
pub(super) struct ResponseHeader {
    pub(super) name: String,
    pub(super) value: String,
}

/// The request of [`Paused`].
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PausedRequest {
    pub(super) url: String,
    #[serde(default)]
    pub(super) method: String,
    /// With its `#`.
    pub(super) url_fragment: Option<String>,
    /// Those that the page's engine has set; the network stack adds more.
    #[serde(default)]
    pub(super) headers: BTreeMap<String, String>,
}

impl Paused {
    /// Whether it was let through before and is stopped again with what the server answered.
    pub(super) fn has_response(&self) -> bool {
        self.response_status_code.is_some() || self.response_error_reason.is_some()
    }
}

impl PausedRequest {
    /// A header's value, or nothing.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map_or("", |(_, value)| value.as_str())
    }
}

/// `Page.javascriptDialogOpening`.
#[derive(Debug, Deserialize)]
pub(super) struct Dialog {
    #[serde(default, rename = "type")]
    pub(super) kind: String,
}

/// `Target.attachedToTarget`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Attached {
    pub(super) session_id: String,
    pub(super) target_info: TargetKind,
}

/// What kind of target was attached to.
#[derive(Debug, Deserialize)]
pub(super) struct TargetKind {
    #[serde(default, rename = "type")]
    pub(super) kind: String,
}

/// `Target.targetCreated`, of which only pages opened by pages matter.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Opened {
    pub(super) target_id: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) opener_id: Option<String>,
}

/// Reads what a tab acts on; `None` for everything else.
pub(super) fn read(event: Event) -> Option<TabEvent> {
    match event.method.as_str() {
        "Fetch.requestPaused" => parse(event).map(Box::new).map(TabEvent::Paused),
        "Page.javascriptDialogOpening" => parse(event).map(TabEvent::Dialog),
        "Target.attachedToTarget" => parse(event).map(TabEvent::Attached),
        "Inspector.targetCrashed" => Some(TabEvent::Crashed),
        _ => None,
    }
}

/// Reads a page that another page opened.
pub(super) fn read_popup(mut event: Event) -> Option<String> {
    if event.method != "Target.targetCreated" {
        return None;
    }
    let opened: Opened = serde_json::from_value(event.params.get_mut("targetInfo")?.take()).ok()?;
    (opened.kind == "page" && opened.opener_id.is_some()).then_some(opened.target_id)
}

fn parse<T: DeserializeOwned>(event: Event) -> Option<T> {
    let method = event.method;
    serde_json::from_value(event.params)
        .inspect_err(|error| tracing::debug!(%method, %error, "event of an unknown shape"))
        .ok()
}
