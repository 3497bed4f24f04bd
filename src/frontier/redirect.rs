//! Redirects, hop by hop.
//!
//! A redirect ends the URL that gave it and makes its target a candidate, which then passes scope, robots.txt and the
//! host's clock by itself. Two spellings of one page are one row: there the row takes the new spelling and is asked
//! for again.

use rusqlite::Connection;

use super::FrontierError;
use super::candidate::{FoundBy, Kind};
use super::lease::Lease;
use super::outcome::{Outcome, SkipReason};
use super::store::redirect_target;
use crate::scope::{Judgement, Scope};
use crate::url::CanonicalUrl;

/// The most hops from the URL that was linked to the page.
const MAX_HOPS: u32 = 10;

/// How a lease really ends whose server leads to `to`.
pub(super) fn follow(
    connection: &Connection,
    scope: &Scope,
    lease: &Lease,
    to: CanonicalUrl,
) -> Result<Outcome, FrontierError> {
    Ok(if leads_back(connection, lease, &to)? {
        Outcome::Failed { cause: "redirect loop".to_owned() }
    } else if lease.hops >= MAX_HOPS {
        Outcome::Failed { cause: "too many redirects".to_owned() }
    } else if leaves_the_site(scope, lease, &to) {
        Outcome::Skipped(SkipReason::OutOfScope { to })
    } else {
        Outcome::Redirected { to }
    })
}

/// Whether the target is the very URL that was asked for, or leads there by redirects already seen.
fn leads_back(connection: &Connection, lease: &Lease, to: &CanonicalUrl) -> Result<bool, FrontierError> {
    if *to == lease.url {
        return Ok(true);
    }
    let own_key = lease.url.key();
    let mut key = to.key();
    for _ in 0..MAX_HOPS {
        let Some(target) = redirect_target(connection, lease.kind, &key)? else { return Ok(false) };
        key = target.key();
        if key == own_key {
            return Ok(true);
        }
    }
    Ok(false)
}

fn leaves_the_site(scope: &Scope, lease: &Lease, to: &CanonicalUrl) -> bool {
    match lease.kind {
        Kind::Page if lease.found_by == FoundBy::Seed => !scope.contains(to),
        Kind::Page => scope.judge(to) == Judgement::OutOfScope,
        Kind::Sitemap | Kind::LlmsTxt | Kind::Index | Kind::Nothing => !scope.is_same_host(to),
        Kind::Commit | Kind::Tree => !scope.may_list(to),
    }
}
