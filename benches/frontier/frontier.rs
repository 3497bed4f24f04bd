//! The frontier alone.

use std::path::Path;
use std::time::Instant;

use anyhow::bail;
use skillcrawl::frontier::{Candidate, Form, Frontier, HostClocks, Kept, Next, Outcome};
use skillcrawl::robots::Robots;

use crate::{Took, site};

/// How many URLs come at a time, as the links of a page or a piece of a sitemap do.
const AT_A_TIME: u64 = 100;

/// Adds so many URLs, then leases and settles them all.
pub fn run(folder: &Path, size: u64) -> anyhow::Result<Took> {
    let hosts = HostClocks::default();
    let clock = hosts.time();
    let mut frontier = Frontier::open(folder, &site::config()?, hosts)?;
    let started = Instant::now();
    for first in (0..size).step_by(usize::try_from(AT_A_TIME)?) {
        let numbers = first..(first + AT_A_TIME).min(size);
        let candidates = numbers
            .map(|number| Ok(Candidate::seed(site::url(number)?)))
            .collect::<anyhow::Result<Vec<_>>>()?;
        frontier.add(&candidates)?;
    }
    let adding = started.elapsed();
    let mut settled = 0;
    loop {
        match frontier.next(clock.now())? {
            Next::Robots(lease) => {
                let authority = lease.authority.clone();
                drop(lease);
                frontier.set_robots(&authority, Robots::AllowAll, &[], clock.now())?;
            }
            Next::Ready(lease) => {
                let kept = Outcome::Done(Kept::plain(Form::Sent));
                frontier.settle(&lease, kept, &[], clock.now())?;
                settled += 1;
            }
            Next::Finished => break,
            other => bail!("nothing is to be waited for, and yet: {other:?}"),
        }
    }
    let whole = started.elapsed();
    if settled != size || frontier.counts().kept != size {
        bail!("{settled} of {size} were settled");
    }
    Ok(Took { adding: Some(adding), whole })
}
