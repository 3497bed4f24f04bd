//! What a page may ask for, and what happens to everything else it tries.
//!
//! Let through: scripts, styles and data from public hosts (or the config's own), and frames of the page's own origin;
//! scripts of its workers only once the page turns out to have no content without them. Served from memory: the page's
//! document. Reported: where the page wants to lead the tab. Refused: pictures, media, fonts, beacons, event streams,
//! what did not answer on an earlier page, known trackers, and whatever leads into a private network. Dialogs are dismissed. This module
//! never lets the tab leave its document.

use std::sync::Arc;

use chromiumoxide::cdp::browser_protocol::fetch::{
    ContinueRequestParams, EnableParams as InterceptParams, FailRequestParams, FulfillRequestParams,
    RequestPattern,
};
use chromiumoxide::cdp::browser_protocol::network::ErrorReason;
use chromiumoxide::cdp::browser_protocol::page::HandleJavaScriptDialogParams;
use chromiumoxide::cdp::js_protocol::runtime::RunIfWaitingForDebuggerParams;
use tokio::sync::{mpsc, watch};
use url::Url;

use super::address_guard::AddressGuard;
use super::document::Document;
use super::events::{Attached, Paused, TabEvent};
use super::loaded::{self, Loaded};
use super::requests::{Host, Requests};
use super::session::{Client, Session};
use super::tab::attach_to_children;
use super::trackers::is_tracker;
use crate::url::CanonicalUrl;

/// How often a page may reload itself.
const MOST_SERVINGS: u32 = 4;

/// What the tab's task is told, in one order.
#[derive(Debug)]
pub(super) enum Notice {
    /// Something happened in the tab, or in a session that it attached to.
    Event {
        /// The session it happened in.
        session: String,
        /// What.
        event: TabEvent,
    },
    /// The tab is about to show another page, or none.
    Visit(Option<Visit>),
}

/// One page in one tab, as far as its requests go.
#[derive(Debug)]
pub(super) struct Visit {
    /// What is served.
    pub(super) document: Arc<Document>,
    /// What the page asked for.
    pub(super) requests: Arc<Requests>,
    /// What it loaded to make its content from.
    pub(super) loaded: Arc<Loaded>,
    /// Where it is told that the page wants to leave.
    pub(super) signals: mpsc::UnboundedSender<Signal>,
    /// How often the document was served.
    pub(super) servings: u32,
}

/// Why a visit is over before its content stands still.
#[derive(Debug)]
pub(super) enum Signal {
    /// The page leads elsewhere.
    Redirect(CanonicalUrl),
    /// The page loads itself again and again.
    EndlessReload,
}

/// The task behind a tab.
pub(super) struct Watcher {
    pub(super) client: Client,
    pub(super) session: String,
    pub(super) frame: String,
    pub(super) addresses: Arc<AddressGuard>,
    pub(super) crash: watch::Sender<bool>,
}

impl Watcher {
    /// Answers everything until the tab or the browser ends.
    pub(super) async fn run(self, mut inbox: mpsc::UnboundedReceiver<Notice>) {
        let mut visit = None;
        loop {
            let notice = tokio::select! {
                notice = inbox.recv() => notice,
                () = self.client.gone() => None,
            };
            match notice {
                None => break,
                Some(Notice::Visit(next)) => visit = next,
                Some(Notice::Event { session, event }) => self.answer(&session, event, visit.as_mut()),
            }
        }
        self.crash.send_replace(true);
    }

    fn answer(&self, session: &str, event: TabEvent, visit: Option<&mut Visit>) {
        let sender = self.client.session(session);
        match event {
            TabEvent::Paused(paused) => self.decide(sender, session, &paused, visit),
            // Leaving is agreed to, everything else declined.
            TabEvent::Dialog(dialog) => {
                sender.tell(HandleJavaScriptDialogParams::new(dialog.kind == "beforeunload"));
            }
            TabEvent::Attached(attached) => self.admit(&attached),
            TabEvent::Crashed if session == self.session => {
                self.crash.send_replace(true);
            }
            TabEvent::Crashed => {}
        }
    }

    /// Lets a frame or a worker go once its requests are intercepted. Nothing is awaited: a worker answers some
    /// commands only after it runs, and the order of sending is the order of doing.
    fn admit(&self, attached: &Attached) {
        let child = self.client.session(attached.session_id.clone());
        child.tell(intercept_everything());
        if attached.target_info.kind == "iframe" {
            child.tell(attach_to_children());
        }
        child.tell(RunIfWaitingForDebuggerParams::default());
    }

    fn decide(&self, sender: Session, session: &str, paused: &Paused, visit: Option<&mut Visit>) {
        let Some(visit) = visit else { return refuse(&sender, paused, ErrorReason::Aborted) };
        if paused.has_response() {
            return loaded::look(sender, paused, &visit.loaded);
        }
        let of_page = session == self.session;
        let is_document = paused.resource_type == "Document";
        if is_document && of_page && paused.frame_id == self.frame {
            return match lead(paused, visit) {
                Lead::Serve(answer) => sender.tell(answer),
                // An error page would take the place of the content; an aborted navigation leaves it standing.
                Lead::Leave(signal) => {
                    refuse(&sender, paused, ErrorReason::Aborted);
                    // The visit may be over.
                    let _ = signal.map(|signal| visit.signals.send(signal));
                }
            };
        }
        // The last page is still there; what it asks for is nobody's concern any more.
        if visit.servings == 0 {
            return refuse(&sender, paused, ErrorReason::Aborted);
        }
        let Ok(url) = Url::parse(&paused.request.url) else {
            return refuse(&sender, paused, ErrorReason::BlockedByClient);
        };
        let own = visit.document.url().as_url();
        if matches!(url.scheme(), "data" | "blob" | "about") {
            return sender.tell(ContinueRequestParams::new(paused.request_id.clone()));
        }
        if is_worker_script(paused, &url, own) {
            return pass_in_turn(sender, paused, &visit.requests);
        }
        if !may_ask(paused, &url, own) || is_tracker(&url, own) {
            return refuse(&sender, paused, ErrorReason::BlockedByClient);
        }
        let host = if url.host() == own.host() { Host::Own } else { Host::Other };
        if visit.requests.is_known_to_hang(&paused.request.url, host) {
            return refuse(&sender, paused, ErrorReason::TimedOut);
        }
        if host == Host::Own && !visit.requests.ask_own() {
            return refuse(&sender, paused, ErrorReason::BlockedByClient);
        }
        // Only what the page's own frame asked for is found in its Resource Timing, under the address asked for first.
        // The preflight of a request is not found there either.
        let is_first = paused.redirected_request_id.is_none() && paused.resource_type != "Preflight";
        if of_page && paused.frame_id == self.frame && is_first && !is_document {
            visit.requests.begin(&paused.request.url, host);
        }
        let mut go_on = ContinueRequestParams::new(paused.request_id.clone());
        go_on.intercept_response = visit.loaded.wants(paused).then_some(true);
        self.pass(sender, go_on, url);
    }

    /// Lets a request through if its host is public. Aside, because a name may have to be resolved.
    fn pass(&self, sender: Session, go_on: ContinueRequestParams, url: Url) {
        let addresses = Arc::clone(&self.addresses);
        tokio::spawn(async move {
            if addresses.admits(&url).await {
                sender.tell(go_on);
            } else {
                sender.tell(FailRequestParams::new(go_on.request_id, ErrorReason::BlockedByClient));
            }
        });
    }
}

/// The interception of every request: what is refused must be seen first.
pub(super) fn intercept_everything() -> InterceptParams {
    let everything = RequestPattern::builder().url_pattern("*").build();
    InterceptParams::builder().pattern(everything).build()
}

/// What becomes of a request for the tab's own document.
enum Lead {
    Serve(FulfillRequestParams),
    Leave(Option<Signal>),
}

/// The first request is the visit's own; a later one for the same document is a reload, any other leads elsewhere.
fn lead(paused: &Paused, visit: &mut Visit) -> Lead {
    let fragment = paused.request.url_fragment.as_deref().unwrap_or_default();
    let target = CanonicalUrl::parse(&format!("{}{fragment}", paused.request.url)).ok();
    let is_own = target.as_ref().is_some_and(|to| to.document() == *visit.document.url());
    // A visit begins without a referrer: this is where the last page leads.
    if visit.servings == 0 && !is_own && !paused.request.header("Referer").is_empty() {
        return Lead::Leave(None);
    }
    // A navigation says what it accepts, a download (`<a download>`) does not; it leads nowhere.
    if visit.servings > 0 && paused.request.header("Accept").is_empty() {
        return Lead::Leave(None);
    }
    if visit.servings > 0 && !is_own {
        return Lead::Leave(target.map(Signal::Redirect));
    }
    visit.servings += 1;
    visit.requests.clear();
    visit.loaded.clear();
    if visit.servings > MOST_SERVINGS {
        return Lead::Leave(Some(Signal::EndlessReload));
    }
    Lead::Serve(visit.document.answer(&paused.request_id))
}

/// Whether a request is for the script of a worker of the page's own origin. Chromium reports it as `Other`, as it does
/// icons, which are asked for as pictures, and prefetches.
fn is_worker_script(paused: &Paused, url: &Url, own: &Url) -> bool {
    paused.resource_type == "Other"
        && url.origin() == own.origin()
        && paused.request.header("Accept") == "*/*"
        && !is_prefetch(paused)
}

/// Lets the script of a worker through once it is known that the page has no content without it. The work of most is
/// search, and its index is often the largest file of a site.
fn pass_in_turn(sender: Session, paused: &Paused, requests: &Requests) {
    let request = paused.request_id.clone();
    let Some(turn) = requests.worker_turn() else {
        return sender.tell(ContinueRequestParams::new(request));
    };
    tokio::spawn(async move {
        match turn.await {
            Ok(()) => sender.tell(ContinueRequestParams::new(request)),
            Err(_) => sender.tell(FailRequestParams::new(request, ErrorReason::Aborted)),
        }
    });
}

fn is_prefetch(paused: &Paused) -> bool {
    let request = &paused.request;
    request.header("Sec-Purpose").contains("prefetch") || request.header("Purpose").contains("prefetch")
}

/// Whether a request is for what a page's text may need.
fn may_ask(paused: &Paused, url: &Url, own: &Url) -> bool {
    match paused.resource_type.as_str() {
        "Script" | "Stylesheet" | "Preflight" => true,
        // Chromium reports event streams and `<link rel=prefetch>` as these; their headers tell.
        "XHR" | "Fetch" => {
            !paused.request.header("Accept").contains("text/event-stream") && !is_prefetch(paused)
        }
        "Document" => url.origin() == own.origin(),
        _ => false,
    }
}

fn refuse(sender: &Session, paused: &Paused, reason: ErrorReason) {
    sender.tell(FailRequestParams::new(paused.request_id.clone(), reason));
}
