//! What a fetcher may ask for beside the page of a lease, and when: by robots.txt, the scope's patterns and the clock of
//! the page's own host, as anything else that is asked.
//!
//! The page of the lease has been answered by then, so its place among the host's open requests serves the errand too: a
//! place of its own might never come free while leases wait for one.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;

use super::ask_robots::sleep_until;
use crate::fetch::errands::Errands;
use crate::frontier::{Frontier, Further, HostClocks, Kind, Lease};
use crate::robots::{Robots, Verdict};
use crate::scope::{Judgement, Scope};
use crate::url::{Authority, CanonicalUrl};

/// The errands of one lease.
struct LeaseErrands {
    authority: Authority,
    robots: Arc<Robots>,
    scope: Arc<Scope>,
    hosts: HostClocks,
    /// A page is not held up for longer.
    patience: Duration,
}

/// What may be asked beside the page of a lease; `None` where nothing may.
pub(super) fn of(
    frontier: &Frontier,
    scope: &Arc<Scope>,
    lease: &Lease,
    patience: Duration,
) -> Option<Arc<dyn Errands>> {
    let authority = lease.url.authority();
    if lease.kind != Kind::Page || !scope.is_same_host(&lease.url) {
        return None;
    }
    let robots = frontier.known_robots(&authority)?;
    let (scope, hosts) = (Arc::clone(scope), frontier.hosts().clone());
    Some(Arc::new(LeaseErrands { authority, robots, scope, hosts, patience }))
}

impl LeaseErrands {
    fn is_allowed(&self, url: &CanonicalUrl) -> bool {
        url.authority() == self.authority
            && !matches!(self.robots.verdict(url), Verdict::Disallowed(_))
            && !matches!(self.scope.judge(url), Judgement::Excluded(Some(_)))
    }

    async fn wait(&self) -> bool {
        let clock = self.hosts.time();
        loop {
            let now = clock.now();
            match self.hosts.reserve_further(&self.authority, now) {
                Further::Now => return true,
                Further::Never => return false,
                Further::Later(when) => {
                    let wait = Duration::try_from(when.duration_since(now)).unwrap_or_default();
                    if wait > self.patience {
                        return false;
                    }
                    sleep_until(when, now).await;
                }
            }
        }
    }
}

impl Errands for LeaseErrands {
    fn may_ask<'a>(&'a self, url: &'a CanonicalUrl) -> BoxFuture<'a, bool> {
        async move { self.is_allowed(url) && self.wait().await }.boxed()
    }

    fn throttled(&self, url: &CanonicalUrl, retry_after: Option<Duration>) {
        let retry_after = retry_after.map(|wait| wait.min(super::PATIENCE));
        self.hosts.throttled(&url.authority(), self.hosts.time().now(), retry_after);
    }
}

impl fmt::Debug for LeaseErrands {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LeaseErrands").field("authority", &self.authority).finish_non_exhaustive()
    }
}
