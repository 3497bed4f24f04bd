//! What a visit knows about the requests of its page.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::lessons::Lessons;

/// How long a request may hold the page that waits for it: of the page's own host, and of any other.
const PATIENCE_OWN: Duration = Duration::from_secs(5);
const PATIENCE_OTHER: Duration = Duration::from_millis(2_500);

/// The scripts, styles and data that a page has asked for: what its content may still wait for.
///
/// That a request ended is seen in the page (Resource Timing), that it began is seen here: together they tell what is
/// under way, without a patch to the page's `fetch` and without the traffic of the Network domain.
#[derive(Debug)]
pub(super) struct Requests {
    lessons: Arc<Lessons>,
    started: Mutex<BTreeMap<String, Started>>,
    workers: Mutex<Workers>,
}

/// Whose request it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// The page's own host.
    Own,
    /// Any other.
    Other,
}

#[derive(Debug)]
struct Started {
    count: u32,
    host: Host,
    patience_ends: Instant,
}

/// How often each address was asked, by whether the page is still waited for it.
#[derive(Debug, Default)]
pub(super) struct Awaited {
    /// Those that hold the page.
    pub(super) started: BTreeMap<String, u32>,
    /// Those that did not answer in time; a page without any content waits for them all the same.
    pub(super) overdue: BTreeMap<String, u32>,
    /// When the next one of the first becomes one of the second.
    pub(super) patience_ends: Option<Instant>,
    /// How many requests began.
    pub(super) begun: u64,
}

/// Scripts of workers wait until it turns out that the page has no content without them.
#[derive(Debug)]
enum Workers {
    Held(Vec<tokio::sync::oneshot::Sender<()>>),
    LetThrough,
}

impl Requests {
    /// Nothing was asked for yet.
    pub(super) fn new(lessons: Arc<Lessons>) -> Self {
        Self { lessons, started: Mutex::default(), workers: Mutex::new(Workers::Held(Vec::new())) }
    }

    /// Counts a request to the page's own host. Returns whether it may be made.
    pub(super) fn ask_own(&self) -> bool {
        self.lessons.ask_own()
    }

    /// Whether the address, of another host, has been asked before in this run and gave no answer in time.
    pub(super) fn is_known_to_hang(&self, url: &str, host: Host) -> bool {
        host == Host::Other && self.lessons.hangs(url)
    }

    /// Notes a request that was let through.
    pub(super) fn begin(&self, url: &str, host: Host) {
        let patience = if host == Host::Own { PATIENCE_OWN } else { PATIENCE_OTHER };
        let url = url.split('#').next().unwrap_or_default().to_owned();
        let patience_ends = Instant::now() + patience;
        self.started().entry(url).and_modify(|known| known.count += 1).or_insert(Started {
            count: 1,
            host,
            patience_ends,
        });
    }

    /// Forgets everything: the document began anew, and with it the page's own count.
    pub(super) fn clear(&self) {
        self.started().clear();
    }

    /// What a page may be waiting for. An address gets its time once, not with every request.
    pub(super) fn awaited(&self) -> Awaited {
        let now = Instant::now();
        let mut awaited = Awaited::default();
        for (url, request) in self.started().iter() {
            awaited.begun += u64::from(request.count);
            if request.patience_ends > now {
                awaited.started.insert(url.clone(), request.count);
                let ends = request.patience_ends;
                awaited.patience_ends = Some(awaited.patience_ends.map_or(ends, |known| known.min(ends)));
            } else {
                awaited.overdue.insert(url.clone(), request.count);
            }
        }
        awaited
    }

    /// Remembers for the pages to come which of the addresses of other hosts did not answer in time. Returns whether
    /// there were any.
    pub(super) fn give_up(&self, hanging: &[String]) -> bool {
        let now = Instant::now();
        let started = self.started();
        let late = |url: &&String| {
            started
                .get(*url)
                .is_some_and(|request| request.host == Host::Other && request.patience_ends <= now)
        };
        let mut any = false;
        for url in hanging.iter().filter(late) {
            self.lessons.hung(url);
            any = true;
        }
        any
    }

    /// Waits until scripts of workers are let through; an error when the visit ends without.
    pub(super) fn worker_turn(&self) -> Option<tokio::sync::oneshot::Receiver<()>> {
        match &mut *self.workers.lock().unwrap_or_else(PoisonError::into_inner) {
            Workers::Held(held) => {
                let (sender, receiver) = tokio::sync::oneshot::channel();
                held.push(sender);
                Some(receiver)
            }
            Workers::LetThrough => None,
        }
    }

    /// Lets the scripts of workers through, those that were asked for and those that are to come.
    pub(super) fn let_workers_through(&self) {
        let mut workers = self.workers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Workers::Held(held) = std::mem::replace(&mut *workers, Workers::LetThrough) {
            for sender in held {
                // The request may be gone.
                let _ = sender.send(());
            }
        }
    }

    fn started(&self) -> MutexGuard<'_, BTreeMap<String, Started>> {
        self.started.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Host, Requests};
    use crate::fetch::browser::lessons::Lessons;

    #[test]
    fn requests_are_counted_by_address_without_fragment() {
        let requests = Requests::new(Arc::new(Lessons::default()));
        requests.begin("https://d.example/a.js", Host::Own);
        requests.begin("https://d.example/a.js#x", Host::Own);
        requests.begin("https://cdn.example/b.js", Host::Other);
        let awaited = requests.awaited();
        assert_eq!(awaited.started.get("https://d.example/a.js"), Some(&2));
        assert_eq!(awaited.started.get("https://cdn.example/b.js"), Some(&1));
        assert_eq!(awaited.begun, 3);
        assert!(awaited.overdue.is_empty() && awaited.patience_ends.is_some());
        requests.clear();
        assert_eq!(requests.awaited().begun, 0);
    }
}
