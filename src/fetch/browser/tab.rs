//! A tab: one page target, attached to, prepared once and then reused for many visits.
//!
//! A task of its own answers everything that the tab asks while it lives: intercepted requests, dialogs, workers. It
//! is told of each visit through the same queue as the events, so that nothing of the last page is taken for the next.

use std::sync::Arc;
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::browser::BrowserContextId;
use chromiumoxide::cdp::browser_protocol::emulation::{
    SetDeviceMetricsOverrideParams, SetFocusEmulationEnabledParams,
};
use chromiumoxide::cdp::browser_protocol::inspector::EnableParams as InspectorParams;
use chromiumoxide::cdp::browser_protocol::page::{
    AddScriptToEvaluateOnNewDocumentParams, CrashParams, EnableParams as PageParams,
};
use chromiumoxide::cdp::browser_protocol::target::{
    AttachToTargetParams, CloseTargetParams, CreateTargetParams, SetAutoAttachParams, TargetId,
};
use chromiumoxide::cdp::js_protocol::runtime::TerminateExecutionParams;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::WINDOW;
use super::address_guard::AddressGuard;
use super::events;
use super::guard::{Notice, Visit, Watcher, intercept_everything};
use super::session::{CallError, Client, Session};

/// How long one command of a tab's preparation may take.
const PREPARE_DEADLINE: Duration = Duration::from_secs(10);
/// How long a lost tab may take to close before its renderer is crashed.
const CLOSE_DEADLINE: Duration = Duration::from_secs(2);
const TERMINATE_DEADLINE: Duration = Duration::from_millis(500);

/// What runs in every document before its own scripts: the ways out closed, and content revealed on demand.
const BEFORE_SCRIPTS: &str = concat!(include_str!("guard.js"), "\n", include_str!("reveal.js"));

/// A prepared tab. Dropping it closes the target.
#[derive(Debug)]
pub(super) struct Tab {
    /// The session of the page.
    pub(super) session: Session,
    /// The id of the main frame, which Chromium makes equal to the target's.
    pub(super) frame: String,
    /// How many pages it has shown.
    pub(super) pages: usize,
    client: Client,
    notices: mpsc::UnboundedSender<Notice>,
    crashed: watch::Receiver<bool>,
    watcher: JoinHandle<()>,
}

impl Tab {
    /// Opens a tab in the crawl's browser context and prepares it.
    pub(super) async fn open(
        client: &Client,
        context: &BrowserContextId,
        addresses: &Arc<AddressGuard>,
    ) -> Result<Self, CallError> {
        let mut create = CreateTargetParams::new("about:blank");
        create.browser_context_id = Some(context.clone());
        let target = client.browser().call(create, PREPARE_DEADLINE).await?.target_id;
        let mut attach = AttachToTargetParams::new(target.clone());
        attach.flatten = Some(true);
        let id = String::from(client.browser().call(attach, PREPARE_DEADLINE).await?.session_id);
        let session = client.session(id.clone());
        let (notices, inbox) = mpsc::unbounded_channel();
        let (crash, crashed) = watch::channel(false);
        let frame = String::from(target);
        let watcher = Watcher {
            client: client.clone(),
            session: id.clone(),
            frame: frame.clone(),
            addresses: Arc::clone(addresses),
            crash,
        };
        let events = notices.clone();
        client.listen(
            id,
            Arc::new(move |mut event| {
                let session = event.session.take().unwrap_or_default();
                let Some(event) = events::read(event) else { return !events.is_closed() };
                events.send(Notice::Event { session, event }).is_ok()
            }),
        );
        let watcher = tokio::spawn(watcher.run(inbox));
        let tab = Self { session, frame, pages: 0, client: client.clone(), notices, crashed, watcher };
        tab.prepare().await?;
        Ok(tab)
    }

    async fn prepare(&self) -> Result<(), CallError> {
        let (width, height) = WINDOW;
        let session = &self.session;
        futures::try_join!(
            session.call(PageParams::default(), PREPARE_DEADLINE),
            session.call(InspectorParams::default(), PREPARE_DEADLINE),
            session.call(intercept_everything(), PREPARE_DEADLINE),
            session.call(attach_to_children(), PREPARE_DEADLINE),
            // Without it only the tab in front gets animation frames and IntersectionObserver callbacks.
            session.call(SetFocusEmulationEnabledParams::new(true), PREPARE_DEADLINE),
            session.call(
                SetDeviceMetricsOverrideParams::new(i64::from(width), i64::from(height), 1.0, false),
                PREPARE_DEADLINE
            ),
            session.call(AddScriptToEvaluateOnNewDocumentParams::new(BEFORE_SCRIPTS), PREPARE_DEADLINE),
        )?;
        Ok(())
    }

    /// Tells the tab what it is about to show; `None` for nothing.
    pub(super) fn announce(&self, visit: Option<Visit>) {
        // The watcher ends with the tab only.
        let _ = self.notices.send(Notice::Visit(visit));
    }

    /// Whether the tab is one of this browser's.
    pub(super) fn belongs_to(&self, client: &Client) -> bool {
        self.client.is_same(client)
    }

    /// Ends when the tab's renderer dies or the browser does.
    pub(super) async fn death(&self) {
        let mut crashed = self.crashed.clone();
        // An error means that the watcher ended, which it does with the browser.
        let _ = crashed.wait_for(|crashed| *crashed).await;
    }

    /// Closes a tab that does not answer any more, by force if need be, without anybody waiting for it.
    pub(super) fn abandon(self) {
        tokio::spawn(async move {
            // Ends an endless loop, so that the page can be closed in good order.
            let _ = self.session.call(TerminateExecutionParams::default(), TERMINATE_DEADLINE).await;
            let target = TargetId::new(self.frame.clone());
            let closed = self.client.browser().call(CloseTargetParams::new(target), CLOSE_DEADLINE).await;
            if closed.is_err() {
                self.session.tell(CrashParams::default());
            }
        });
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        self.watcher.abort();
        let target = TargetId::new(self.frame.clone());
        self.client.browser().tell(CloseTargetParams::new(target));
    }
}

/// Frames in other processes and workers are sessions of their own: each waits until its requests are intercepted too.
pub(super) fn attach_to_children() -> SetAutoAttachParams {
    let mut attach = SetAutoAttachParams::new(true, true);
    attach.flatten = Some(true);
    attach
}
