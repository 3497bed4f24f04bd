//! A lease that never comes back holds nothing up.

use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, pending, ready};
use jiff::Timestamp;
use skillcrawl::fetch::{Answer, FetchRequest, Fetcher};
use skillcrawl::frontier::{Candidate, Form, Frontier, HostClocks, Kept, Lease, Next, Outcome};
use skillcrawl::robots::Robots;
use tempfile::TempDir;

use crate::support::{Archive, ScriptedFetcher, config, links, run, text, url};

const BASE: &str = "https://d.example/docs/";

/// Never says anything about one page.
struct Forgetful(ScriptedFetcher);

impl Fetcher for Forgetful {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer> {
        if request.url.path().ends_with("/lost") { pending().boxed() } else { self.0.fetch(request) }
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        ready(()).boxed()
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_never_comes_ends_as_a_failure() {
    let folder = TempDir::new().unwrap();
    let site = [
        (BASE, links(&["lost", "a"])),
        ("https://d.example/docs/a", links(&["b"])),
        ("https://d.example/docs/b", text("")),
    ];
    let fetcher = Forgetful(ScriptedFetcher::new(&site));
    let mut config = config(BASE);
    config.fetch.page_timeout = Duration::from_secs(3);
    let run = run(folder.path(), &config, &fetcher, &Archive::default()).await;
    assert_eq!(
        run.lines(),
        ["/docs/ done", "/docs/a done", "/docs/b done", "/docs/lost failed the fetcher did not come back",]
    );
}

/// The next lease; robots.txt allows everything.
#[track_caller]
fn lease(frontier: &mut Frontier, now: Timestamp) -> Lease {
    loop {
        match frontier.next(now).unwrap() {
            Next::Robots(asked) => {
                let authority = asked.authority.clone();
                frontier.set_robots(&authority, Robots::AllowAll, &[], now).unwrap();
            }
            Next::Ready(lease) => return lease,
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_lease_that_is_dropped_gives_its_url_back() {
    let folder = TempDir::new().unwrap();
    let hosts = HostClocks::default();
    let now = hosts.time().now();
    let mut frontier = Frontier::open(folder.path(), &config(BASE), hosts).unwrap();
    let seeds = [BASE, "https://d.example/docs/a"].map(|seed| Candidate::seed(url(seed)));
    frontier.add(&seeds).unwrap();
    let (first, second) = (lease(&mut frontier, now), lease(&mut frontier, now));
    assert_eq!((frontier.counts().queued, frontier.counts().in_work), (0, 2));
    assert!(matches!(frontier.next(now).unwrap(), Next::Busy), "what is out is not handed out twice");
    drop(first);
    let again = lease(&mut frontier, now);
    assert_eq!(again.url.as_str(), BASE);
    for lease in [again, second] {
        frontier.settle(&lease, Outcome::Done(Kept::plain(Form::Sent)), &[], now).unwrap();
    }
    assert!(matches!(frontier.next(now).unwrap(), Next::Finished), "what was settled and dropped is over");
    assert_eq!((frontier.counts().kept, frontier.counts().in_work), (2, 0));
}
