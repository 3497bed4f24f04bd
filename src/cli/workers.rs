//! Work on many things at a time, of which none can stop the others.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Does `work` on every item, at most so many at a time, beginning in their order. What it brought goes to `end` at once, on
/// the same thread; where it panicked, the words of the panic do. What `end` makes of it comes back in the order of the
/// items.
pub fn in_parallel<T: Sync, W, R: Send>(
    items: &[T],
    at_once: usize,
    work: impl Fn(usize, &T) -> W + Sync,
    end: impl Fn(usize, &T, Result<W, String>) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, R)>> = Mutex::default();
    let take_and_work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(index) else { break };
            // What a panic leaves half done is the work's own; nothing of it is looked at afterwards.
            let brought =
                catch_unwind(AssertUnwindSafe(|| work(index, item))).map_err(|cause| words(&*cause));
            let result = end(index, item, brought);
            results.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..at_once.clamp(1, items.len().max(1)) {
            scope.spawn(take_and_work);
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// What a panic says.
fn words(cause: &(dyn Any + Send)) -> String {
    let text = cause.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| cause.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without words".to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::in_parallel;

    #[test]
    fn a_panic_is_one_result_among_the_others() {
        let work = |index: usize, number: &usize| {
            assert!(*number != 3, "three is too many");
            number * 10 + index
        };
        let results = in_parallel(&[1, 2, 3, 4], 2, work, |_, number, brought| (*number, brought));
        assert_eq!(results[..2], [(1, Ok(10)), (2, Ok(21))]);
        assert_eq!(results[2], (3, Err("three is too many".to_owned())));
        assert_eq!(results[3], (4, Ok(43)));
    }

    #[test]
    fn no_more_at_a_time_than_asked_for() {
        let (now, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |_: usize, _: &()| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::yield_now();
            now.fetch_sub(1, Ordering::SeqCst);
        };
        assert_eq!(in_parallel(&[(); 20], 3, work, |index, (), _| index), (0..20).collect::<Vec<_>>());
        assert!((1..=3).contains(&most.load(Ordering::SeqCst)));
        assert!(in_parallel(&[], 3, work, |index, _: &(), _| index).is_empty());
    }
}
