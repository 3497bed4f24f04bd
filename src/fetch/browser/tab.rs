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
    AttachToTargetParams, CloseTargetParams, CreateTargetParams, GetTargetInfoParams, SetAutoAttachParams,
    TargetId,
};
use chromiumoxide::cdp::js_protocol::runtime::TerminateExecutionParams;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::WINDOW;
use super::address_guard::AddressGuard;
use super::definitions::Definitions;
use super::events;
use super::guard::{Notice, Visit, Watcher, intercept_everything};
use super::linger::{Left, Lingering};
use super::session::{CallError, Client, Session};

/// How long one command of a tab's preparation may take.
const PREPARE_DEADLINE: Duration = Duration::from_secs(10);
/// How long a page that is closed may take to go, each time it is told to, before its renderer is crashed.
const CLOSE_PAUSES: [Duration; 5] = [
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_millis(1_000),
];
const CLOSE_DEADLINE: Duration = Duration::from_secs(5);

/// What runs in every document before its own scripts: the ways out closed, content revealed on demand, and an account
/// of what the page is about to do.
const BEFORE_SCRIPTS: &str =
    concat!(include_str!("guard.js"), "\n", include_str!("reveal.js"), "\n", include_str!("pulse.js"));

/// A prepared tab. Dropping it closes the target.
#[derive(Debug)]
pub(super) struct Tab {
    /// The session of the page.
    pub(super) session: Session,
    /// The id of the main frame, which Chromium makes equal to the target's.
    pub(super) frame: String,
    /// What the last page left in it.
    pub(super) lingering: Lingering,
    /// How many pages it has shown.
    pub(super) pages: usize,
    /// What our world in its documents can do.
    pub(super) definitions: Definitions,
    client: Client,
    notices: mpsc::UnboundedSender<Notice>,
    crashed: watch::Receiver<bool>,
    watcher: Option<JoinHandle<()>>,
}

impl Tab {
    /// Opens a tab in the crawl's browser context and prepares it.
    pub(super) async fn open(
        client: &Client,
        context: &BrowserContextId,
        addresses: &Arc<AddressGuard>,
        definitions: &Definitions,
    ) -> Result<Self, CallError> {
        let mut create = CreateTargetParams::new("about:blank");
        create.browser_context_id = Some(context.clone());
        // The tabs of one window hide each other: whenever one is opened, the others get no more animation frames, even
        // those that were told that they have the focus.
        create.new_window = Some(true);
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
        let watcher = Some(tokio::spawn(watcher.run(inbox)));
        let tab = Self {
            session,
            frame,
            lingering: Lingering::default(),
            pages: 0,
            definitions: definitions.clone(),
            client: client.clone(),
            notices,
            crashed,
            watcher,
        };
        tab.prepare().await?;
        Ok(tab)
    }

    async fn prepare(&self) -> Result<(), CallError> {
        let session = &self.session;
        futures::try_join!(
            session.call(PageParams::default(), PREPARE_DEADLINE),
            session.call(InspectorParams::default(), PREPARE_DEADLINE),
            session.call(intercept_everything(), PREPARE_DEADLINE),
            session.call(attach_to_children(), PREPARE_DEADLINE),
            // Without it only the tab in front gets animation frames and IntersectionObserver callbacks.
            session.call(SetFocusEmulationEnabledParams::new(true), PREPARE_DEADLINE),
            session.call(metrics(), PREPARE_DEADLINE),
            session.call(AddScriptToEvaluateOnNewDocumentParams::new(BEFORE_SCRIPTS), PREPARE_DEADLINE),
            session.call(self.definitions.on_new_document(), PREPARE_DEADLINE),
        )?;
        Ok(())
    }

    /// Tells the tab what it is about to show; `None` for nothing.
    pub(super) fn announce(&self, visit: Option<Visit>) {
        // The watcher ends with the tab only.
        let _ = self.notices.send(Notice::Visit(visit));
    }

    /// Leaves the page where it is, for a time.
    pub(super) fn linger(&self, left: Left) {
        self.lingering.begin(&self.session, &self.notices, left);
    }

    /// Ends when the tab's renderer dies or the browser does.
    pub(super) async fn death(&self) {
        let mut crashed = self.crashed.clone();
        // An error means that the watcher ended, which it does with the browser.
        let _ = crashed.wait_for(|crashed| *crashed).await;
    }
}

impl Drop for Tab {
    /// Closes the target, by force if need be, without anybody waiting for it.
    fn drop(&mut self) {
        let Some(watcher) = self.watcher.take() else { return };
        let (client, session) = (self.client.clone(), self.session.clone());
        let target = TargetId::new(self.frame.clone());
        // Without a runtime there is no browser to talk to any more either.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            close(&client, &session, target).await;
            // It answers dialogs and requests as long as the page lives: one that waits for an answer does not close.
            watcher.abort();
        });
    }
}

/// Closes a page until it is gone: the first command is lost where it meets a navigation, or where a script does not
/// let go. What cannot be closed is crashed, and closed then.
async fn close(client: &Client, session: &Session, target: TargetId) {
    let browser = client.browser();
    for pause in CLOSE_PAUSES {
        // Ends an endless loop, so that the page can be closed in good order.
        session.tell(TerminateExecutionParams::default());
        browser.tell(CloseTargetParams::new(target.clone()));
        tokio::time::sleep(pause).await;
        let info = GetTargetInfoParams { target_id: Some(target.clone()) };
        if let Err(CallError::Refused { .. } | CallError::Gone) = browser.call(info, CLOSE_DEADLINE).await {
            return;
        }
    }
    session.tell(CrashParams::default());
    browser.tell(CloseTargetParams::new(target));
}

/// The window's size. Nobody looks at the picture, so it is drawn at a tenth: the page knows nothing of that (its layout,
/// its observers and its pixel ratio are those of the full size), and half of the cost of drawing is saved.
fn metrics() -> SetDeviceMetricsOverrideParams {
    let (width, height) = WINDOW;
    let mut metrics = SetDeviceMetricsOverrideParams::new(i64::from(width), i64::from(height), 1.0, false);
    metrics.scale = Some(0.1);
    metrics
}

/// Frames in other processes and workers are sessions of their own: each waits until its requests are intercepted too.
pub(super) fn attach_to_children() -> SetAutoAttachParams {
    let mut attach = SetAutoAttachParams::new(true, true);
    attach.flatten = Some(true);
    attach
}
