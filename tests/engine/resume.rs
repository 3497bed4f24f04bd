//! Going on after a kill at any moment: the union is complete, nothing recorded is asked for again.

use std::collections::BTreeSet;
use std::time::Duration;

use proptest::prelude::{ProptestConfig, prop, prop_assert, prop_assert_eq, proptest};
use skillcrawl::frontier::{Frontier, FrontierError, HostClocks};
use tempfile::TempDir;

use crate::support::{Archive, Script, ScriptedFetcher, config, links, run, text};

const BASE: &str = "https://d.example/docs/";
const PAGES: usize = 30;

/// Thirty pages, each linking to two more; some redirect, one is missing, one is busy at first.
fn site() -> Vec<(String, Script)> {
    let path = |n: usize| format!("/docs/{n}");
    let mut site: Vec<(String, Script)> = (0..PAGES)
        .map(|n| {
            (
                format!("https://d.example{}", path(n)),
                links(&[&path(2 * n + 1), &path(2 * n + 2), &path(n / 2)]),
            )
        })
        .collect();
    site.push((BASE.to_owned(), links(&["0", "redirect", "busy"])));
    site.push(("https://d.example/docs/redirect".to_owned(), Script::Redirect("29")));
    site.push(("https://d.example/docs/busy".to_owned(), Script::Busy { times: 1, retry_after: None }));
    site.push(("https://d.example/robots.txt".to_owned(), text("User-agent: *\nDisallow: /docs/13\n")));
    site
}

fn fetcher() -> ScriptedFetcher {
    let site = site();
    let site: Vec<(&str, Script)> = site.iter().map(|(url, script)| (url.as_str(), script.clone())).collect();
    ScriptedFetcher::new(&site)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// The crawl is dropped where it stands after each of the given times, then a last run ends it.
    #[test]
    fn dropped_at_any_moment(kills in prop::collection::vec(1_u64..900, 1..6), delay in 0_u64..60) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
        runtime.block_on(async {
            let folder = TempDir::new()?;
            let (fetcher, archive) = (fetcher(), Archive::default());
            let mut config = config(BASE);
            config.politeness.delay = Duration::from_millis(delay);
            for kill in kills {
                let recorded = archive.paths();
                let asked_before = fetcher.asked().len();
                let crawl = run(folder.path(), &config, &fetcher, &archive);
                let _ = tokio::time::timeout(Duration::from_millis(kill), crawl).await;
                for asked in &fetcher.asked()[asked_before..] {
                    let path = asked.trim_start_matches("https://d.example").to_owned();
                    prop_assert!(!recorded.contains(&path), "{} was recorded before", path);
                }
            }
            let last = run(folder.path(), &config, &fetcher, &archive).await;
            let expected: BTreeSet<String> = (0..PAGES)
                .filter(|n| ![13, 27, 28].contains(n))
                .map(|n| format!("/docs/{n}"))
                .chain(["/docs/".to_owned(), "/docs/busy".to_owned()])
                .collect();
            let paths = archive.paths();
            prop_assert_eq!(paths.len(), expected.len(), "nothing twice: {:?}", &paths);
            prop_assert_eq!(paths.into_iter().collect::<BTreeSet<_>>(), expected);
            prop_assert_eq!(last.summary().counts.queued, 0);
            Ok(())
        })?;
    }
}

#[tokio::test(start_paused = true)]
async fn a_record_that_the_database_never_heard_of_counts() {
    let folder = TempDir::new().unwrap();
    let fetcher = fetcher();
    let archive = Archive { dies_after: Some("/docs/0"), ..Archive::default() };
    assert!(run(folder.path(), &config(BASE), &fetcher, &archive).await.result.is_err());
    let archive = Archive { dies_after: None, ..archive };
    let run = run(folder.path(), &config(BASE), &fetcher, &archive).await;
    assert_eq!(fetcher.times_asked("https://d.example/docs/0"), 1);
    assert_eq!(run.summary().counts.kept, 29);
}

#[tokio::test(start_paused = true)]
async fn a_page_whose_record_is_gone_is_fetched_again() {
    let folder = TempDir::new().unwrap();
    let (fetcher, archive) = (fetcher(), Archive::default());
    run(folder.path(), &config(BASE), &fetcher, &archive).await;
    archive.pages.lock().unwrap().retain(|page| page.url.path() != "/docs/3");
    let asked = fetcher.asked().len();
    run(folder.path(), &config(BASE), &fetcher, &archive).await;
    assert_eq!(fetcher.asked()[asked..], ["https://d.example/docs/3"]);
    assert_eq!(archive.paths().len(), 29);
}

#[tokio::test(start_paused = true)]
async fn a_wider_scope_takes_in_what_was_left_out() {
    let folder = TempDir::new().unwrap();
    let archive = Archive::default();
    let site = [
        ("https://d.example/docs/", links(&["a", "old/b", "/blog/c"])),
        ("https://d.example/docs/a", text("")),
        ("https://d.example/docs/old/b", text("")),
        ("https://d.example/blog/c", text("")),
    ];
    let fetcher = ScriptedFetcher::new(&site);
    let mut narrow = config(BASE);
    narrow.scope.exclude = vec!["/old/".to_owned()];
    run(folder.path(), &narrow, &fetcher, &archive).await;
    assert_eq!(archive.paths(), ["/docs/", "/docs/a"]);
    let mut wide = config("https://d.example/");
    wide.scope.start_urls = narrow.scope.start_urls.clone();
    run(folder.path(), &wide, &fetcher, &archive).await;
    assert_eq!(archive.paths(), ["/blog/c", "/docs/", "/docs/a", "/docs/old/b"]);
}

#[tokio::test(start_paused = true)]
async fn a_folder_belongs_to_one_host() {
    let folder = TempDir::new().unwrap();
    let archive = Archive::default();
    run(folder.path(), &config(BASE), &fetcher(), &archive).await;
    let other = Frontier::open(folder.path(), &config("https://other.example/"), HostClocks::default());
    let error = other.err().unwrap();
    assert!(matches!(&error, FrontierError::OtherSite { .. }), "{error}");
    assert!(
        Frontier::open(folder.path(), &config(BASE), HostClocks::default()).is_ok(),
        "the refusal changed nothing"
    );
}

#[tokio::test(start_paused = true)]
async fn an_empty_folder_may_change_its_site() {
    let folder = TempDir::new().unwrap();
    let archive = Archive::default();
    let moved = ScriptedFetcher::new(&[(BASE, Script::Redirect("https://new.example/docs/"))]);
    assert!(run(folder.path(), &config(BASE), &moved, &archive).await.result.is_err());
    let there = ScriptedFetcher::new(&[("https://new.example/docs/", text(""))]);
    let second = run(folder.path(), &config("https://new.example/docs/"), &there, &archive).await;
    assert_eq!(second.lines(), ["/docs/ done"]);
}
