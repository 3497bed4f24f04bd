//! One browser process and what belongs to it, from its start to its end.
//!
//! Whoever renders in it holds it, so that a process which is replaced lives until its last page is done. A keeper looks
//! at its memory meanwhile: a renderer that holds more than the limit by itself is ended, and a process that does so in
//! all is spent, which means that the next page goes to a new one.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::browser::{
    BrowserContextId, GetVersionParams, SetDownloadBehaviorBehavior, SetDownloadBehaviorParams,
};
use chromiumoxide::cdp::browser_protocol::target::{
    CloseTargetParams, CreateBrowserContextParams, FilterEntry, GetTargetsParams, SetDiscoverTargetsParams,
    TargetFilter, TargetId,
};
use tokio::task::JoinHandle;

use super::BrowserOptions;
use super::address_guard::AddressGuard;
use super::definitions::Definitions;
use super::error::BrowserError;
use super::events;
use super::gate::Gate;
use super::launch::launch;
use super::machine::{Machine, Seat, Stay, Usage};
use super::memory::{is_renderer, of_group};
use super::process::Process;
use super::session::{CallError, Client};
use super::tab::Tab;

const SETUP_DEADLINE: Duration = Duration::from_secs(10);
/// How long a browser that is under suspicion may take to answer the simplest question.
const ANSWER_DEADLINE: Duration = Duration::from_secs(5);
/// How often the keeper looks; a page can fill a gigabyte in a second.
const KEEPER_PAUSE: Duration = Duration::from_millis(500);

/// One process and what belongs to it. Dropping it ends the process, which blocks for a moment.
#[derive(Debug)]
pub(super) struct Engine {
    client: Client,
    context: BrowserContextId,
    idle: Mutex<Vec<Tab>>,
    process: Mutex<Option<Process>>,
    /// Its place among the browsers that run, where it shares the machine; free when the process is gone.
    seat: Mutex<Option<Seat>>,
    usage: Arc<Usage>,
    id: u32,
    /// Pages that were begun in it.
    begun: AtomicUsize,
    retired: AtomicBool,
    watched: Arc<Watched>,
    keeper: JoinHandle<()>,
}

/// What the keeper tells.
#[derive(Debug, Default)]
struct Watched {
    spent: AtomicBool,
    /// Renderers that were ended for their memory and whose page has not learnt of it yet.
    evicted: AtomicU32,
}

impl Engine {
    /// Starts the program and prepares it.
    pub(super) async fn start(
        program: &Path,
        options: &BrowserOptions,
        gate: &Gate,
        seat: Option<Seat>,
    ) -> Result<Arc<Self>, BrowserError> {
        let (process, client) = launch(program, options, gate).await?;
        let browser = client.browser();
        let create = CreateBrowserContextParams::builder().dispose_on_detach(true).build();
        let context = browser.call(create, SETUP_DEADLINE).await?.browser_context_id;
        let mut downloads = SetDownloadBehaviorParams::new(SetDownloadBehaviorBehavior::Deny);
        downloads.browser_context_id = Some(context.clone());
        close_popups(&client);
        futures::try_join!(
            browser.call(downloads, SETUP_DEADLINE),
            browser.call(discover_pages(), SETUP_DEADLINE),
        )?;
        let watched = Arc::new(Watched::default());
        let id = process.id();
        let machine = options.machine.clone();
        let keeper = keep(id, options.recycling.memory_limit, Arc::clone(&watched), machine.clone());
        let keeper = tokio::spawn(keeper);
        let engine = Arc::new(Self {
            client,
            context,
            idle: Mutex::default(),
            process: Mutex::new(Some(process)),
            seat: Mutex::new(seat),
            usage: Usage::new(),
            id,
            begun: AtomicUsize::new(0),
            retired: AtomicBool::new(false),
            watched,
            keeper,
        });
        if let Some(machine) = machine {
            machine.note(&engine);
        }
        Ok(engine)
    }

    /// Lets a page in, unless the process was taken for another crawl.
    pub(super) fn enter(&self) -> Option<Stay> {
        self.usage.enter()
    }

    /// Who is in it.
    pub(super) fn usage(&self) -> &Usage {
        &self.usage
    }

    /// The process id, which is the process group's id too.
    pub(super) fn id(&self) -> u32 {
        self.id
    }

    /// A tab that waits for a page.
    pub(super) fn take_idle(&self) -> Option<Tab> {
        self.begun.fetch_add(1, Ordering::Relaxed);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    /// A tab that waits with a page of this application.
    pub(super) fn take_idle_of(&self, application: &str) -> Option<Tab> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let at = idle.iter().rposition(|tab| tab.lingering.is_of(application))?;
        self.begun.fetch_add(1, Ordering::Relaxed);
        Some(idle.remove(at))
    }

    /// Opens another tab.
    pub(super) async fn open_tab(
        &self,
        addresses: &Arc<AddressGuard>,
        definitions: &Definitions,
    ) -> Result<Tab, CallError> {
        Tab::open(&self.client, &self.context, addresses, definitions).await
    }

    /// Keeps a tab for the next page; where there will be none, it is closed.
    pub(super) fn put_idle(&self, tab: Tab) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.retired.load(Ordering::Relaxed) {
            idle.push(tab);
        }
    }

    /// Takes no further page: only what is in work keeps it.
    pub(super) fn retire(&self) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        self.retired.store(true, Ordering::Relaxed);
        idle.clear();
    }

    /// Ends the process now, whoever is in it. It blocks for a moment.
    pub(super) fn end(&self) {
        self.retire();
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(process);
        *self.seat.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Whether the process or its socket ended.
    pub(super) fn is_dead(&self) -> bool {
        let mut process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        self.client.is_gone() || process.as_mut().is_none_or(|process| process.ended().is_some())
    }

    /// Whether it has had its pages, or holds more memory than it should.
    pub(super) fn is_spent(&self, options: &BrowserOptions) -> bool {
        self.begun.load(Ordering::Relaxed) >= options.recycling.pages_per_browser
            || self.watched.spent.load(Ordering::Relaxed)
    }

    /// Whether the process still answers: one that was stopped, or hangs, is alive and of no use.
    pub(super) async fn answers(&self) -> bool {
        self.client.browser().call(GetVersionParams::default(), ANSWER_DEADLINE).await.is_ok()
    }

    /// Whether the renderer that just died was ended for its memory. Each such end is told once.
    pub(super) fn was_evicted(&self) -> bool {
        let one_less = |count: u32| count.checked_sub(1);
        self.watched.evicted.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok()
    }

    /// How many pages are open in it, idle tabs among them.
    pub(super) async fn open_pages(&self) -> Result<usize, CallError> {
        let targets = self.client.browser().call(GetTargetsParams::default(), SETUP_DEADLINE).await?;
        Ok(targets.target_infos.iter().filter(|target| target.r#type == "page").count())
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

/// Looks at the memory of a process group until the task is ended.
async fn keep(group: u32, limit: u64, watched: Arc<Watched>, machine: Option<Machine>) {
    loop {
        tokio::time::sleep(KEEPER_PAUSE).await;
        if let Some(machine) = &machine {
            machine.end_unused().await;
        }
        let held = of_group(group);
        if held.iter().map(|held| held.bytes).sum::<u64>() > limit {
            watched.spent.store(true, Ordering::Relaxed);
        }
        for held in held.iter().filter(|held| held.bytes > limit && is_renderer(held.process)) {
            tracing::debug!(process = held.process, bytes = held.bytes, "ending a renderer for its memory");
            watched.evicted.fetch_add(1, Ordering::Relaxed);
            kill(held.process);
        }
    }
}

#[cfg(unix)]
fn kill(process: u32) {
    if let Some(process) = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw) {
        // It may have ended by itself.
        let _ = rustix::process::kill_process(process, rustix::process::Signal::KILL);
    }
}

#[cfg(not(unix))]
fn kill(_: u32) {}

fn discover_pages() -> SetDiscoverTargetsParams {
    let mut discover = SetDiscoverTargetsParams::new(true);
    let pages = FilterEntry { exclude: None, r#type: Some("page".to_owned()) };
    discover.filter = Some(TargetFilter::new(vec![pages]));
    discover
}

/// Closes every page that a page opens.
fn close_popups(client: &Client) {
    let browser = client.browser();
    client.listen(
        "",
        Arc::new(move |event| {
            if let Some(target) = events::read_popup(event) {
                browser.tell(CloseTargetParams::new(TargetId::new(target)));
            }
            true
        }),
    );
}
