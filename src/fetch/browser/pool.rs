//! The browser of a crawl: one process, one browser context, a pool of tabs that are reused.
//!
//! A page past its deadline costs its tab, a dead process costs the pages that were in it; both are made anew for the
//! next page, so that no page ends the crawl.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::browser::{
    BrowserContextId, SetDownloadBehaviorBehavior, SetDownloadBehaviorParams,
};
use chromiumoxide::cdp::browser_protocol::target::{
    CloseTargetParams, CreateBrowserContextParams, FilterEntry, SetDiscoverTargetsParams, TargetFilter,
    TargetId,
};
use tokio::sync::{Mutex, Semaphore};
use tokio::time::Instant;

use super::address_guard::AddressGuard;
use super::error::{BrowserError, in_full};
use super::events;
use super::find::find_chrome;
use super::launch::{Sandbox, launch, sandbox};
use super::process::Process;
use super::session::Client;
use super::tab::Tab;
use super::visit::{Visited, visit};
use super::{BrowserOptions, RenderJob, RenderOutcome};

/// A tab is replaced after this many pages, before what pages leave behind in a renderer adds up.
const PAGES_PER_TAB: usize = 200;
/// How often the browser is started again without a rendered page in between.
const MOST_RESTARTS: u32 = 5;
/// So many failed attempts to open a tab mean that the process is of no more use.
const MOST_TAB_FAILURES: u32 = 2;
const SETUP_DEADLINE: Duration = Duration::from_secs(10);

/// A running Chromium that renders pages. Dropping it ends the process and removes its folder.
#[derive(Debug)]
pub struct Browser {
    options: BrowserOptions,
    program: PathBuf,
    addresses: Arc<AddressGuard>,
    permits: Semaphore,
    state: Mutex<State>,
    /// Restarts since the last rendered page.
    restarts: AtomicU32,
}

#[derive(Debug)]
enum State {
    Running(Engine),
    Down,
    Closed,
}

/// One process and what belongs to it.
#[derive(Debug)]
struct Engine {
    client: Client,
    context: BrowserContextId,
    idle: Vec<Tab>,
    process: Process,
}

impl Browser {
    /// Finds the program and starts it.
    ///
    /// # Errors
    ///
    /// [`BrowserError`] when there is none, or it does not start.
    pub async fn launch(options: BrowserOptions) -> Result<Self, BrowserError> {
        let program = find_chrome(options.chrome.as_deref())?;
        let engine = Engine::start(&program, &options).await?;
        Ok(Self {
            program,
            addresses: Arc::new(AddressGuard::new(options.allowed_authority.clone())),
            permits: Semaphore::new(options.tabs.max(1)),
            state: Mutex::new(State::Running(engine)),
            restarts: AtomicU32::new(0),
            options,
        })
    }

    /// The program that runs.
    pub fn program(&self) -> &std::path::Path {
        &self.program
    }

    /// Whether the renderers are confined; a caller that is not may want to say so.
    pub fn sandbox(&self) -> Sandbox {
        sandbox()
    }

    /// The process id of the browser, which is its process group's id too; `None` while it is down.
    pub async fn process_id(&self) -> Option<u32> {
        match &*self.state.lock().await {
            State::Running(engine) => Some(engine.process.id()),
            State::Down | State::Closed => None,
        }
    }

    /// Renders a page. It waits for a free tab; from then on the page's deadline bounds it.
    pub async fn render(&self, job: RenderJob<'_>) -> RenderOutcome {
        let Ok(_permit) = self.permits.acquire().await else {
            return RenderOutcome::failed(BrowserError::Closed.to_string());
        };
        let deadline = Instant::now() + self.options.page_timeout;
        let tab = match tokio::time::timeout_at(deadline, self.check_out()).await {
            Ok(Ok(tab)) => tab,
            Ok(Err(error)) => return RenderOutcome::failed(in_full(&error)),
            Err(_) => return RenderOutcome::failed("the browser gave no tab before the page's deadline"),
        };
        match tokio::time::timeout_at(deadline, visit(&tab, &job, &self.options)).await {
            Ok(Visited::Done(outcome)) => {
                if matches!(outcome, RenderOutcome::Dom(_)) {
                    self.restarts.store(0, Ordering::Relaxed);
                }
                self.check_in(tab).await;
                outcome
            }
            Ok(Visited::Lost(outcome)) => {
                tab.abandon();
                outcome
            }
            Err(_) => {
                tab.abandon();
                let seconds = self.options.page_timeout.as_secs_f32();
                RenderOutcome::failed(format!("the page was not rendered within {seconds} s"))
            }
        }
    }

    /// Ends the browser; pages that are being rendered fail.
    pub async fn close(&self) {
        self.permits.close();
        let state = std::mem::replace(&mut *self.state.lock().await, State::Closed);
        end(state).await;
    }

    /// A tab that is free, or a new one, in a browser that runs.
    async fn check_out(&self) -> Result<Tab, BrowserError> {
        let mut failures = 0;
        loop {
            let (client, context) = {
                let mut state = self.state.lock().await;
                let engine = self.revive(&mut state).await?;
                if let Some(tab) = engine.idle.pop() {
                    return Ok(tab);
                }
                (engine.client.clone(), engine.context.clone())
            };
            match Tab::open(&client, &context, &self.addresses).await {
                Ok(tab) => return Ok(tab),
                Err(error) if failures + 1 < MOST_TAB_FAILURES => {
                    tracing::debug!(%error, "no tab could be opened");
                    failures += 1;
                }
                Err(error) => {
                    self.put_down(&client).await;
                    return Err(error.into());
                }
            }
        }
    }

    async fn check_in(&self, mut tab: Tab) {
        tab.pages += 1;
        if tab.pages >= PAGES_PER_TAB {
            return;
        }
        if let State::Running(engine) = &mut *self.state.lock().await
            && tab.belongs_to(&engine.client)
        {
            engine.idle.push(tab);
        }
    }

    /// The running engine; started again if its process or socket ended.
    async fn revive<'a>(&self, state: &'a mut State) -> Result<&'a mut Engine, BrowserError> {
        let needs_start = match state {
            State::Closed => return Err(BrowserError::Closed),
            State::Running(engine) => engine.is_dead(),
            State::Down => true,
        };
        if needs_start {
            end(std::mem::replace(state, State::Down)).await;
            let times = self.restarts.fetch_add(1, Ordering::Relaxed);
            if times >= MOST_RESTARTS {
                return Err(BrowserError::KeepsDying { times });
            }
            tracing::debug!(times, "starting the browser again");
            *state = State::Running(Engine::start(&self.program, &self.options).await?);
        }
        match state {
            State::Running(engine) => Ok(engine),
            State::Down | State::Closed => Err(BrowserError::Closed),
        }
    }

    /// Gives up on a process that opens no tabs, unless another page has replaced it already.
    async fn put_down(&self, client: &Client) {
        let mut state = self.state.lock().await;
        if matches!(&*state, State::Running(engine) if engine.client.is_same(client)) {
            end(std::mem::replace(&mut state, State::Down)).await;
        }
    }
}

impl Engine {
    async fn start(program: &std::path::Path, options: &BrowserOptions) -> Result<Self, BrowserError> {
        let (process, client) = launch(program, options).await?;
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
        Ok(Self { client, context, idle: Vec::new(), process })
    }

    fn is_dead(&mut self) -> bool {
        self.client.is_gone() || self.process.ended().is_some()
    }
}

/// Ends a process aside: killing, reaping and removing the folder block for a moment.
async fn end(state: State) {
    // It fails where the runtime is shutting down, and then the state was dropped all the same.
    let _ = tokio::task::spawn_blocking(move || drop(state)).await;
}

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
