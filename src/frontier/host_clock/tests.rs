//! When hosts may be asked, step by step.

use std::time::Duration;

use jiff::Timestamp;

use super::{HostClocks, Pace, Permit, Slot};
use crate::frontier::breaker::{Patience, Setback};
use crate::url::{Authority, CanonicalUrl};

fn authority(url: &str) -> Authority {
    CanonicalUrl::parse(url).unwrap().authority()
}

fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(1_800_000_000_000 + milliseconds).unwrap()
}

fn clocks(delay_ms: u64, max_in_flight: u32) -> (HostClocks, Authority) {
    let clocks = HostClocks::with_jitter(|_| Duration::ZERO);
    let host = authority("http://d.example");
    clocks.set_pace(&host, Pace { delay: Duration::from_millis(delay_ms), max_in_flight });
    (clocks, host)
}

fn granted(slot: Slot) -> Permit {
    match slot {
        Slot::Granted(permit) => permit,
        Slot::Later(when) => panic!("not before {when}"),
        Slot::GivenUp(reason) => panic!("{reason}"),
    }
}

fn refused(slot: Slot) -> Timestamp {
    match slot {
        Slot::Later(when) => when,
        other => panic!("{other:?}"),
    }
}

#[test]
fn requests_of_one_host_are_spaced_and_hosts_are_apart() {
    let (clocks, host) = clocks(500, 8);
    let _first = granted(clocks.reserve(&host, at(0)));
    assert_eq!(refused(clocks.reserve(&host, at(100))), at(500));
    assert_eq!(refused(clocks.reserve(&host, at(499))), at(500));
    // The other scheme is the same host; another port is not.
    assert_eq!(refused(clocks.reserve(&authority("https://d.example"), at(499))), at(500));
    let _other = granted(clocks.reserve(&authority("http://d.example:81"), at(100)));
    let _second = granted(clocks.reserve(&host, at(500)));
    assert_eq!(refused(clocks.reserve(&host, at(500))), at(1000));
    let _third = granted(clocks.reserve(&host, at(5000)));
    assert_eq!(refused(clocks.reserve(&host, at(5000))), at(5500), "idle time earns no burst");
}

#[test]
fn no_delay_is_no_spacing_but_the_cap_holds() {
    let (clocks, host) = clocks(0, 2);
    let first = granted(clocks.reserve(&host, at(0)));
    let _second = granted(clocks.reserve(&host, at(0)));
    assert_eq!(refused(clocks.reserve(&host, at(0))), at(200));
    drop(first);
    let _third = granted(clocks.reserve(&host, at(0)));
}

#[test]
fn a_longer_crawl_delay_wins_and_a_shorter_does_not() {
    let (clocks, host) = clocks(500, 8);
    let _first = granted(clocks.reserve(&host, at(0)));
    clocks.set_pace(&host, Pace { delay: Duration::from_secs(3), max_in_flight: 8 });
    clocks.set_pace(&host, Pace { delay: Duration::from_millis(10), max_in_flight: 8 });
    assert_eq!(refused(clocks.reserve(&host, at(600))), at(3000));
    let _second = granted(clocks.reserve(&host, at(3000)));
    assert_eq!(refused(clocks.reserve(&host, at(3000))), at(6000));
}

#[test]
fn throttling_backs_off_further_each_time_and_is_forgotten_slowly() {
    let (clocks, host) = clocks(500, 8);
    drop(granted(clocks.reserve(&host, at(0))));
    assert_eq!(clocks.throttled(&host, at(0), None).until, at(1000));
    assert_eq!(refused(clocks.reserve(&host, at(10))), at(1000));
    drop(granted(clocks.reserve(&host, at(1000))));
    assert_eq!(refused(clocks.reserve(&host, at(1500))), at(2000), "the delay has doubled");
    clocks.succeeded(&host);
    drop(granted(clocks.reserve(&host, at(2000))));
    assert_eq!(refused(clocks.reserve(&host, at(2500))), at(3000), "one good answer changes nothing");
    assert_eq!(clocks.throttled(&host, at(3000), None).until, at(5000));
    assert_eq!(clocks.throttled(&host, at(5000), Some(Duration::from_secs(30))).until, at(35_000));
    (0..30).for_each(|_| clocks.succeeded(&host));
    drop(granted(clocks.reserve(&host, at(40_000))));
    assert_eq!(refused(clocks.reserve(&host, at(40_000))), at(40_500), "never below its own delay");
}

#[test]
fn a_host_that_fails_rests_and_is_asked_one_thing_then() {
    let (clocks, host) = clocks(0, 8);
    let fail = |now| clocks.failed(&host, now, "timed out", Patience::Rests);
    let open: Vec<Permit> = (0..3).map(|_| granted(clocks.reserve(&host, at(0)))).collect();
    assert!((0..9).all(|_| fail(at(0)) == Setback::None));
    assert_eq!(fail(at(0)), Setback::Rests(at(30_000)));
    drop(open);
    assert_eq!(refused(clocks.reserve(&host, at(10))), at(30_000));
    let probe = granted(clocks.reserve(&host, at(30_000)));
    assert_eq!(refused(clocks.reserve(&host, at(30_000))), at(30_200), "nothing beside the probe");
    drop(probe);
    clocks.succeeded(&host);
    let _both = [granted(clocks.reserve(&host, at(30_300))), granted(clocks.reserve(&host, at(30_300)))];
}

#[test]
fn what_is_remembered_holds_in_the_next_process() {
    let (clocks, host) = clocks(500, 8);
    drop(granted(clocks.reserve(&host, at(0))));
    clocks.throttled(&host, at(0), None);
    let memory = clocks.memory(&host).unwrap();
    let (later, _) = self::clocks(500, 8);
    later.remember(&host, &memory);
    assert_eq!(refused(later.reserve(&host, at(600))), at(1000));
    drop(granted(later.reserve(&host, at(1000))));
    assert_eq!(refused(later.reserve(&host, at(1500))), at(2000));
}

#[test]
fn a_replay_heeds_nobody() {
    let clocks = HostClocks::of_a_replay();
    let host = authority("http://d.example");
    clocks.set_pace(&host, Pace { delay: Duration::ZERO, max_in_flight: 1 });
    assert_eq!(clocks.throttled(&host, at(0), Some(Duration::from_secs(90))).until, at(0));
    assert!((0..50).all(|_| clocks.failed(&host, at(0), "HTTP 500", Patience::None) == Setback::None));
    drop(granted(clocks.reserve(&host, at(0))));
}

#[test]
fn jitter_lengthens_a_delay() {
    let clocks = HostClocks::with_jitter(|delay| delay / 5);
    let host = authority("http://d.example");
    clocks.set_pace(&host, Pace { delay: Duration::from_millis(500), max_in_flight: 8 });
    let _first = granted(clocks.reserve(&host, at(0)));
    assert_eq!(refused(clocks.reserve(&host, at(0))), at(600));
    let random = super::random_jitter(Duration::from_millis(400));
    assert!(random <= Duration::from_millis(100), "{random:?}");
}
