//! The browser of a crawl: a process at a time, and a pool of tabs that are reused.
//!
//! A page past its deadline costs its tab, a dead process costs the pages that were in it; both are made anew for the
//! next page, so that no page ends the crawl. A page whose renderer or browser died, or whose time ran out, is rendered
//! once more and no third time. After a death that is done by itself: of the pages that were in a browser when it died
//! nobody can say which killed it, but one that kills it again while it is alone in it did.
//!
//! Tabs are replaced after a number of pages, the process after a number of pages or at a memory limit. The old process
//! gets no further page and ends with its last; pages in work are not disturbed.

mod turnover;

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Weak};

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::address_guard::AddressGuard;
use super::definitions::Definitions;
use super::engine::Engine;
use super::error::{BrowserError, in_full};
use super::failure::{Company, RenderFailure};
use super::find::find_chrome;
use super::gate::Gate;
use super::launch::{Sandbox, sandbox};
use super::lead::{Led, Missing, lead};
use super::lessons::Lessons;
use super::machine::Stay;
use super::snapshot::LARGEST;
use super::tab::Tab;
use super::visit::{Visited, visit};
use super::{BrowserOptions, RenderJob, RenderOutcome};
use crate::fetched::Dom;

/// How often the browser may die in a row, without a rendered page in between, before it is given up.
const MOST_DEATHS: u32 = 12;
/// So many failed attempts to open a tab mean that the process is of no more use.
const MOST_TAB_FAILURES: u32 = 2;

/// A running Chromium that renders pages. Dropping it ends the process and removes its folder.
#[derive(Debug)]
pub struct Browser {
    options: BrowserOptions,
    program: PathBuf,
    addresses: Arc<AddressGuard>,
    definitions: Definitions,
    gate: Gate,
    lessons: Arc<Lessons>,
    permits: Semaphore,
    state: Mutex<State>,
    /// Deaths since the last rendered page.
    deaths: AtomicU32,
}

#[derive(Debug)]
struct State {
    engine: Held,
    /// Replaced ones that may still have pages in work.
    draining: Vec<Weak<Engine>>,
}

#[derive(Debug)]
enum Held {
    Running(Arc<Engine>),
    Down,
    Closed,
}

/// A tab for one page, and the process that it is in.
struct Place {
    tab: Tab,
    engine: Arc<Engine>,
    stay: Stay,
}

impl Browser {
    /// Finds the program and starts it; where it shares the machine, it is started for its first page.
    ///
    /// # Errors
    ///
    /// [`BrowserError`] when there is none, or it does not start.
    pub async fn launch(mut options: BrowserOptions) -> Result<Self, BrowserError> {
        let program = find_chrome(options.chrome.as_deref())?;
        let addresses = Arc::new(AddressGuard::new(options.allowed_authority.clone(), options.hosts.clone()));
        let gate = Gate::open(Arc::clone(&addresses)).await.map_err(BrowserError::Gate)?;
        let engine = match &options.machine {
            Some(machine) => {
                let limits = machine.limits();
                options.tabs = options.tabs.min(limits.pages);
                options.recycling.memory_limit = options.recycling.memory_limit.min(limits.memory);
                Held::Down
            }
            None => Held::Running(Engine::start(&program, &options, &gate, None).await?),
        };
        Ok(Self {
            program,
            addresses,
            definitions: Definitions::new(&options.interactions),
            gate,
            lessons: Arc::default(),
            permits: Semaphore::new(options.tabs.max(1)),
            state: Mutex::new(State { engine, draining: Vec::new() }),
            deaths: AtomicU32::new(0),
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

    /// How many requests the pages so far made to their own hosts, their documents aside. Of some the browser may have had
    /// the answer already.
    pub fn asked_own_hosts(&self) -> u64 {
        self.lessons.asked_own()
    }

    /// Lets pages ask their own hosts for so much in all, as [`Browser::asked_own_hosts`] counts it; what is more is
    /// refused. Zero means no limit.
    pub fn limit_own_hosts(&self, most: u64) {
        self.lessons.limit_own(most);
    }

    /// The process id of the browser, which is its process group's id too; `None` while it is down.
    pub async fn process_id(&self) -> Option<u32> {
        match &self.state.lock().await.engine {
            Held::Running(engine) if !engine.usage().is_taken() => Some(engine.id()),
            Held::Running(_) | Held::Down | Held::Closed => None,
        }
    }

    /// How many pages are open in the browser, idle tabs among them; `None` while it is down. Between two pages it is at
    /// most the number of tabs: whatever is more was leaked.
    pub async fn open_pages(&self) -> Option<usize> {
        let engine = match &self.state.lock().await.engine {
            Held::Running(engine) => Arc::clone(engine),
            Held::Down | Held::Closed => return None,
        };
        engine.open_pages().await.ok()
    }

    /// Renders a page: once, or twice where it may have ended its browser or took all of its time. It waits for a free
    /// tab; from then on the page's deadline bounds each attempt.
    pub async fn render(&self, job: RenderJob<'_>) -> RenderOutcome {
        if job.document.body.len() > LARGEST {
            return RenderOutcome::failed(RenderFailure::TooLarge);
        }
        let outcome = self.attempt(&job, Company::Others).await;
        let RenderOutcome::Failed { cause } = &outcome else { return outcome };
        tracing::debug!(url = %job.url, %cause, "not rendered");
        match cause.second_chance() {
            Some(company) => self.attempt(&job, company).await,
            None => outcome,
        }
    }

    /// Has another page of the job's application lead to the job's page, by the site's own router. It never waits for such
    /// a page, and it tries once: whatever goes wrong, the page is still to be had by [`Browser::render`].
    pub(super) async fn lead(&self, job: &RenderJob<'_>) -> Result<Dom, Missing> {
        let Ok(_permit) = self.permits.acquire().await else { return Err(Missing::Tab) };
        let _page = self.page_of_the_machine().await;
        let Some(application) = job.application else { return Err(Missing::Tab) };
        let Some(place) = self.check_out_of(application).await else { return Err(Missing::Tab) };
        let deadline = Instant::now() + self.options.page_timeout;
        let led =
            tokio::time::timeout_at(deadline, lead(&place.tab, job, &self.lessons, &self.options)).await;
        match led.unwrap_or(Led::Lost) {
            Led::There(dom) => {
                self.check_in(place).await;
                Ok(dom)
            }
            Led::Not(why) => {
                self.check_in(place).await;
                Err(why)
            }
            Led::Lost => {
                let cause = RenderFailure::DeadlinePassed;
                self.lose(place, RenderOutcome::failed(cause)).await;
                Err(Missing::Page)
            }
        }
    }

    /// Ends the browser; pages that are being rendered fail.
    pub async fn close(&self) {
        self.permits.close();
        let mut state = self.state.lock().await;
        let running = std::mem::replace(&mut state.engine, Held::Closed);
        let draining = state.draining.drain(..).filter_map(|engine| engine.upgrade());
        let engines: Vec<Arc<Engine>> = draining.chain(running.into_engine()).collect();
        drop(state);
        aside(move || engines.iter().for_each(|engine| engine.end())).await;
    }

    async fn attempt(&self, job: &RenderJob<'_>, company: Company) -> RenderOutcome {
        let permits = match company {
            Company::Others => 1,
            Company::Alone => u32::try_from(self.options.tabs.max(1)).unwrap_or(u32::MAX),
        };
        let Ok(_permits) = self.permits.acquire_many(permits).await else {
            return RenderOutcome::failed(RenderFailure::Closed);
        };
        let _page = self.page_of_the_machine().await;
        let place = match self.check_out().await {
            Ok(place) => place,
            Err(cause) => return RenderOutcome::failed(cause),
        };
        let deadline = Instant::now() + self.options.page_timeout;
        let visit = visit(&place.tab, job, &self.lessons, &self.options);
        let visited = tokio::time::timeout_at(deadline, visit).await;
        let visited = visited.unwrap_or(Visited::Lost(RenderOutcome::failed(RenderFailure::DeadlinePassed)));
        match visited {
            Visited::Done(outcome) => {
                if !matches!(outcome, RenderOutcome::Failed { .. }) {
                    self.deaths.store(0, Ordering::Relaxed);
                }
                self.check_in(place).await;
                outcome
            }
            Visited::Lost(outcome) => self.lose(place, outcome).await,
        }
    }

    /// Gives up a tab, and the process where that is what failed. Returns the outcome with its true cause.
    async fn lose(&self, place: Place, outcome: RenderOutcome) -> RenderOutcome {
        let Place { tab, engine, stay: _stay } = place;
        drop(tab);
        let RenderOutcome::Failed { cause } = &outcome else {
            // It was rendered, and its tab did not come back from it.
            return outcome;
        };
        let is_dead = engine.is_dead();
        let answers = !is_dead && (*cause != RenderFailure::DeadlinePassed || engine.answers().await);
        let cause = match cause {
            _ if !answers => RenderFailure::BrowserDied,
            RenderFailure::RendererCrashed if engine.was_evicted() => RenderFailure::TooMuchMemory,
            cause => cause.clone(),
        };
        if !answers {
            self.put_down(&engine).await;
        }
        // The last page of a process that was replaced ends it here.
        aside(move || drop(engine)).await;
        RenderOutcome::Failed { cause }
    }

    /// A tab that is free, or a new one, in a browser that runs.
    async fn check_out(&self) -> Result<Place, RenderFailure> {
        let mut failures = 0;
        loop {
            let engine = self.running().await?;
            // Where it was taken in between, there will be another.
            let Some(stay) = engine.enter() else { continue };
            if let Some(tab) = engine.take_idle() {
                return Ok(Place { tab, engine, stay });
            }
            match engine.open_tab(&self.addresses, &self.definitions).await {
                Ok(tab) => return Ok(Place { tab, engine, stay }),
                Err(error) => {
                    tracing::debug!(error = %in_full(&error), "no tab could be opened");
                    failures += 1;
                    if failures >= MOST_TAB_FAILURES {
                        self.put_down(&engine).await;
                        return Err(RenderFailure::NoTab);
                    }
                }
            }
        }
    }

    /// A tab that shows a page of an application, in a browser that takes further pages.
    async fn check_out_of(&self, application: &str) -> Option<Place> {
        let engine = match &self.state.lock().await.engine {
            Held::Running(engine) if !engine.is_dead() && !engine.is_spent(&self.options) => {
                Arc::clone(engine)
            }
            Held::Running(_) | Held::Down | Held::Closed => return None,
        };
        let stay = engine.enter()?;
        engine.take_idle_of(application).map(|tab| Place { tab, engine, stay })
    }

    async fn check_in(&self, place: Place) {
        let Place { mut tab, engine, stay } = place;
        tab.pages += 1;
        if tab.pages < self.options.recycling.pages_per_tab {
            engine.put_idle(tab);
        } else {
            drop(tab);
        }
        drop(stay);
        if Arc::strong_count(&engine) == 1 {
            aside(move || drop(engine)).await;
        }
    }

    /// One of the pages that the machine renders at a time, where it is shared.
    async fn page_of_the_machine(&self) -> Option<OwnedSemaphorePermit> {
        match &self.options.machine {
            Some(machine) => machine.page().await,
            None => None,
        }
    }

    /// Ends a process that is of no more use, unless that was done already.
    async fn put_down(&self, engine: &Arc<Engine>) {
        let mut state = self.state.lock().await;
        if matches!(&state.engine, Held::Running(running) if Arc::ptr_eq(running, engine)) {
            state.engine = Held::Down;
            self.deaths.fetch_add(1, Ordering::Relaxed);
        }
        drop(state);
        let engine = Arc::clone(engine);
        aside(move || engine.end()).await;
    }
}

impl Held {
    fn into_engine(self) -> Option<Arc<Engine>> {
        match self {
            Self::Running(engine) => Some(engine),
            Self::Down | Self::Closed => None,
        }
    }
}

/// Does aside what blocks for a moment: killing a process, reaping it and removing its folder.
async fn aside(work: impl FnOnce() + Send + 'static) {
    // It fails where the runtime is shutting down, and then everything is dropped all the same.
    let _ = tokio::task::spawn_blocking(work).await;
}
