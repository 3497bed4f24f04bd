//! How much one machine renders at a time: shared by the browsers of all crawls of a process.
//!
//! Each crawl has a browser of its own, so that no site meets what another has stored, and none pays for a page that
//! kills its browser. What they share is bounded here: pages that are rendered at the same moment, and browsers that
//! run. A browser is started when its crawl has a page to render. Where others wait for a place it is ended as soon as
//! it has had nothing to do for a moment, and without anybody waiting after a longer while; its crawl starts it again
//! when there is a page.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::engine::Engine;
use super::memory;

/// What a page is reckoned with while it is rendered, and what a browser takes by itself, in bytes.
const PAGE_MEMORY: u64 = 512 << 20;
const BROWSER_MEMORY: u64 = 1 << 30;
/// The most pages at a time, whatever the machine.
const MOST_PAGES: usize = 16;
/// A browser that others wait for is ended after so long without a page; a start costs about as much.
const WANTED: Duration = Duration::from_secs(1);
/// And one that nobody waits for.
const UNUSED: Duration = Duration::from_secs(30);
/// How often a place is looked for.
const POLL: Duration = Duration::from_millis(200);

/// How much is rendered at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MachineLimits {
    /// Pages, in all browsers together.
    pub pages: usize,
    /// Browsers that run.
    pub browsers: usize,
    /// Bytes at which one of them is replaced.
    pub memory: u64,
}

impl MachineLimits {
    /// What so many cores and so many bytes of free memory allow: two pages a core, since more gain little, and as many
    /// browsers, as far as both fit into the memory.
    pub fn of(cores: usize, free: Option<u64>) -> Self {
        let fitting =
            |bytes: u64| free.map_or(MOST_PAGES, |free| usize::try_from(free / bytes).unwrap_or(MOST_PAGES));
        let pages = cores.saturating_mul(2).min(fitting(PAGE_MEMORY)).clamp(1, MOST_PAGES);
        let browsers = pages.min(fitting(BROWSER_MEMORY)).max(1);
        let share = free.map(|free| free / 4 * 3 / u64::try_from(browsers).unwrap_or(1));
        Self { pages, browsers, memory: share.unwrap_or(u64::MAX).max(PAGE_MEMORY) }
    }
}

/// What the browsers of a process share; clones share it too.
#[derive(Clone, Debug)]
pub struct Machine {
    limits: MachineLimits,
    pages: Arc<Semaphore>,
    seats: Arc<Semaphore>,
    running: Arc<Mutex<Vec<Weak<Engine>>>>,
}

/// The place of one browser that runs.
#[derive(Debug)]
pub(super) struct Seat {
    _permit: OwnedSemaphorePermit,
}

impl Machine {
    /// A machine with these limits.
    pub fn new(limits: MachineLimits) -> Self {
        Self {
            limits,
            pages: Arc::new(Semaphore::new(limits.pages)),
            seats: Arc::new(Semaphore::new(limits.browsers)),
            running: Arc::default(),
        }
    }

    /// This machine, as it is now.
    pub fn here() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZeroUsize::get);
        Self::new(MachineLimits::of(cores, memory::free()))
    }

    /// Its limits.
    pub fn limits(&self) -> MachineLimits {
        self.limits
    }

    /// Waits until one more page may be rendered; it may until the permit is dropped.
    pub(super) async fn page(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.pages).acquire_owned().await.ok()
    }

    /// Waits until one more browser may run. Nobody who waits here may hold what a browser needs to come to an end.
    pub(super) async fn seat(&self) -> Seat {
        loop {
            if let Ok(permit) = Arc::clone(&self.seats).try_acquire_owned() {
                return Seat { _permit: permit };
            }
            match self.take_idle(WANTED) {
                Some(engine) => end_aside(engine).await,
                None => tokio::time::sleep(POLL).await,
            }
        }
    }

    /// Takes note of a browser that runs.
    pub(super) fn note(&self, engine: &Arc<Engine>) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|engine| engine.strong_count() > 0);
        running.push(Arc::downgrade(engine));
    }

    /// Ends a browser that has had nothing to do for long, if there is one.
    pub(super) async fn end_unused(&self) {
        if let Some(engine) = self.take_idle(UNUSED) {
            end_aside(engine).await;
        }
    }

    /// The browser that has been idle longest, if it has been for so long; from now on no page gets into it.
    fn take_idle(&self, least: Duration) -> Option<Arc<Engine>> {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let mut idle: Vec<(Instant, Arc<Engine>)> = running
            .iter()
            .filter_map(Weak::upgrade)
            .filter_map(|engine| Some((engine.usage().idle_since()?, engine)))
            .filter(|(since, _)| since.elapsed() >= least)
            .collect();
        drop(running);
        idle.sort_by_key(|(since, _)| *since);
        idle.into_iter().map(|(_, engine)| engine).find(|engine| engine.usage().take())
    }
}

async fn end_aside(engine: Arc<Engine>) {
    // It fails where the runtime is shutting down, and then the browser ends all the same.
    let _ = tokio::task::spawn_blocking(move || engine.end()).await;
}

/// How many pages are in a browser, and whether it was taken from its crawl.
#[derive(Debug)]
pub(super) struct Usage(Mutex<State>);

#[derive(Debug)]
struct State {
    pages: usize,
    idle_since: Instant,
    is_taken: bool,
}

/// A page's stay in a browser.
#[derive(Debug)]
pub(super) struct Stay(Arc<Usage>);

impl Usage {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(State { pages: 0, idle_since: Instant::now(), is_taken: false })))
    }

    /// Lets a page in, unless the browser was taken.
    pub(super) fn enter(self: &Arc<Self>) -> Option<Stay> {
        let mut state = self.lock();
        if state.is_taken {
            return None;
        }
        state.pages += 1;
        Some(Stay(Arc::clone(self)))
    }

    /// Whether the browser was taken.
    pub(super) fn is_taken(&self) -> bool {
        self.lock().is_taken
    }

    fn idle_since(&self) -> Option<Instant> {
        let state = self.lock();
        (state.pages == 0 && !state.is_taken).then_some(state.idle_since)
    }

    /// Takes the browser, unless a page got in meanwhile.
    fn take(&self) -> bool {
        let mut state = self.lock();
        let may_be = state.pages == 0 && !state.is_taken;
        state.is_taken |= may_be;
        may_be
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Stay {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.pages = state.pages.saturating_sub(1);
        state.idle_since = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::{MachineLimits, Usage};

    #[track_caller]
    fn check(cores: usize, free_gb: Option<u64>, pages: usize, browsers: usize) {
        let limits = MachineLimits::of(cores, free_gb.map(|free| free << 30));
        assert_eq!((limits.pages, limits.browsers), (pages, browsers));
        if let Some(free) = free_gb.filter(|free| *free > 0) {
            assert!(limits.memory * u64::try_from(browsers).unwrap() <= (free << 30), "{limits:?}");
        }
    }

    #[test]
    fn cores_and_memory_bound_what_is_rendered() {
        check(2, Some(22), 4, 4);
        check(2, None, 4, 4);
        check(1, Some(1), 2, 1);
        check(8, Some(3), 6, 3);
        check(64, Some(256), 16, 16);
        check(4, Some(0), 1, 1);
    }

    #[test]
    fn a_browser_is_taken_only_while_no_page_is_in_it() {
        let usage = Usage::new();
        let page = usage.enter().unwrap();
        assert!(!usage.take());
        drop(page);
        assert!(usage.idle_since().is_some());
        assert!(usage.take() && !usage.take());
        assert!(usage.enter().is_none() && usage.idle_since().is_none());
    }
}
