//! The engine's decisions, on paused time.

use std::time::Duration;

use skillcrawl::crawl::{CrawlEnd, CrawlError, CrawlEvent};
use skillcrawl::frontier::{Frontier, FrontierError, HostClocks};
use tempfile::TempDir;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::support::{
    Archive, Run, Script, ScriptedFetcher, config, links, run, run_until, run_with, text, url,
};

const BASE: &str = "https://d.example/docs/";

/// Crawls a site once; the pairs are paths below the host.
async fn crawl_site(
    config: &skillcrawl::config::SiteConfig,
    site: &[(&str, Script)],
) -> (Run, ScriptedFetcher) {
    let fetcher = scripted(site);
    let run = run(TempDir::new().unwrap().path(), config, &fetcher, &Archive::default()).await;
    (run, fetcher)
}

fn scripted(site: &[(&str, Script)]) -> ScriptedFetcher {
    let absolute: Vec<(String, Script)> =
        site.iter().map(|(path, script)| (format!("https://d.example{path}"), script.clone())).collect();
    let borrowed: Vec<(&str, Script)> =
        absolute.iter().map(|(url, script)| (url.as_str(), script.clone())).collect();
    ScriptedFetcher::new(&borrowed)
}

fn paths(fetcher: &ScriptedFetcher) -> Vec<String> {
    fetcher.asked().iter().map(|asked| asked.trim_start_matches("https://d.example").to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn every_url_has_an_outcome() {
    let mut config = config(BASE);
    config.scope.exclude = vec!["/old/".to_owned()];
    let site = [
        ("/robots.txt", text("User-agent: *\nDisallow: /docs/private\n")),
        (
            "/docs/",
            links(&[
                "a",
                "b#part",
                "private/x",
                "old/y",
                "logo.png",
                "gone",
                "file",
                "moved",
                "/blog",
                "//x.example/",
            ]),
        ),
        ("/docs/a", links(&["a/", "a/index.html", "./b?utm_source=a"])),
        ("/docs/b", text("")),
        ("/docs/file", Script::NotAPage),
        ("/docs/moved", Script::Redirect("c")),
        ("/docs/c", text("")),
    ];
    let (run, fetcher) = crawl_site(&config, &site).await;
    assert_eq!(
        run.lines(),
        [
            "/docs/ done",
            "/docs/a done",
            "/docs/b done",
            "/docs/c done",
            "/docs/file skipped not_a_page application/pdf",
            "/docs/gone skipped http_status 404",
            "/docs/logo.png skipped not_a_page",
            "/docs/moved redirected https://d.example/docs/c",
            "/docs/old/y skipped excluded /old/",
            "/docs/private/x skipped robots_disallow `Disallow: /docs/private` in line 2",
        ]
    );
    assert_eq!(paths(&fetcher).first().map(String::as_str), Some("/robots.txt"));
    assert!(!paths(&fetcher).contains(&"/docs/private/x".to_owned()));
    let summary = run.summary();
    assert_eq!((summary.counts.kept, summary.counts.skipped, summary.counts.redirected), (4, 5, 1));
    assert_eq!((summary.counts.queued, summary.counts.in_work), (0, 0));
    assert_eq!(summary.tally.out_of_scope_links, 2);
    assert_eq!(summary.end, CrawlEnd::Complete);
    let last_counts = run.events.iter().rev().find_map(|event| match event {
        CrawlEvent::Counts(counts) => Some(*counts),
        _ => None,
    });
    assert_eq!(last_counts, Some(summary.counts));
}

#[tokio::test(start_paused = true)]
async fn every_request_is_spaced() {
    let mut config = config(BASE);
    config.politeness.delay = Duration::from_secs(2);
    config.scope.discover.sitemap = true;
    let site = [
        ("/robots.txt", Script::Redirect("/robots2.txt")),
        ("/robots2.txt", text("User-agent: *\nDisallow: /no\n")),
        ("/docs/", links(&["a", "b", "c", "d"])),
        ("/docs/a", Script::Redirect("b")),
        ("/docs/b", text("")),
        ("/docs/c", Script::Fails),
        ("/docs/d", text("")),
    ];
    let (_, fetcher) = crawl_site(&config, &site).await;
    // Two of robots, two places of a sitemap, the root, a, b, d, and c with two more tries.
    assert_eq!(fetcher.asked().len(), 11, "{:?}", paths(&fetcher));
    for pair in fetcher.times().windows(2) {
        assert!(pair[1] - pair[0] >= Duration::from_secs(2), "{:?}", pair[1] - pair[0]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_longer_crawl_delay_wins() {
    let mut config = config(BASE);
    config.politeness.delay = Duration::from_secs(1);
    let site = [
        ("/robots.txt", text("User-agent: skillcrawl\nCrawl-delay: 7\nAllow: /\n")),
        ("/docs/", links(&["a", "b"])),
        ("/docs/a", text("")),
        ("/docs/b", text("")),
    ];
    let (_, fetcher) = crawl_site(&config, &site).await;
    assert_eq!(fetcher.asked().len(), 4);
    for pair in fetcher.times().windows(2) {
        assert!(pair[1] - pair[0] >= Duration::from_secs(7));
    }
}

#[tokio::test(start_paused = true)]
async fn fetches_overlap_up_to_the_limit() {
    let site: Vec<String> = (0..40).map(|n| format!("/docs/{n}")).collect();
    let targets: Vec<&str> = site.iter().map(String::as_str).collect();
    let mut pages: Vec<(&str, Script)> = targets.iter().map(|path| (*path, text(""))).collect();
    pages.push(("/docs/", links(&targets)));
    let started = Instant::now();
    let (run, _) = crawl_site(&config(BASE), &pages).await;
    assert_eq!(run.summary().counts.kept, 41);
    // 42 requests of 100 ms: the robots.txt and the root alone, then four at a time.
    assert_eq!(started.elapsed().as_millis() / 100, 12);
}

#[tokio::test(start_paused = true)]
async fn redirects_are_taken_hop_by_hop() {
    let site = [
        ("/docs/", links(&["slash", "x", "loop1", "self", "long0", "away", "secret"])),
        ("/docs/slash", Script::Redirect("/docs/slash/")),
        ("/docs/slash/", text("")),
        ("/docs/x", Script::Redirect("y")),
        ("/docs/y", Script::Redirect("z")),
        ("/docs/z", text("")),
        ("/docs/loop1", Script::Redirect("loop2")),
        ("/docs/loop2", Script::Redirect("loop1")),
        ("/docs/self", Script::Redirect("self")),
        ("/docs/long0", Script::Redirect("long1")),
        ("/docs/long1", Script::Redirect("long2")),
        ("/docs/long2", Script::Redirect("long3")),
        ("/docs/long3", Script::Redirect("long4")),
        ("/docs/long4", Script::Redirect("long5")),
        ("/docs/long5", Script::Redirect("long6")),
        ("/docs/long6", Script::Redirect("long7")),
        ("/docs/long7", Script::Redirect("long8")),
        ("/docs/long8", Script::Redirect("long9")),
        ("/docs/long9", Script::Redirect("long10")),
        ("/docs/long10", Script::Redirect("long11")),
        ("/docs/long11", text("")),
        ("/docs/away", Script::Redirect("https://evil.example/")),
        ("/robots.txt", text("User-agent: *\nDisallow: /docs/hidden")),
        ("/docs/secret", Script::Redirect("hidden")),
    ];
    let (run, fetcher) = crawl_site(&config(BASE), &site).await;
    let lines = run.lines();
    for line in [
        "/docs/slash/ done",
        "/docs/x redirected https://d.example/docs/y",
        "/docs/y redirected https://d.example/docs/z",
        "/docs/z done",
        "/docs/loop1 redirected https://d.example/docs/loop2",
        "/docs/loop2 failed redirect loop",
        "/docs/self failed redirect loop",
        "/docs/long10 failed too many redirects",
        "/docs/away skipped out_of_scope https://evil.example/",
        "/docs/hidden skipped robots_disallow `Disallow: /docs/hidden` in line 2",
    ] {
        assert!(lines.contains(&line.to_owned()), "{line} in {lines:#?}");
    }
    assert!(!lines.iter().any(|line| line.starts_with("/docs/slash ")));
    assert!(fetcher.asked().iter().all(|asked| asked.starts_with("https://d.example/")));
    assert!(!paths(&fetcher).contains(&"/docs/hidden".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn the_page_limit_is_reported_and_can_be_raised() {
    let folder = TempDir::new().unwrap();
    let archive = Archive::default();
    let fetcher = scripted(&[
        ("/docs/", links(&["a", "b", "gone", "c", "d", "e"])),
        ("/docs/a", text("")),
        ("/docs/b", text("")),
        ("/docs/c", text("")),
        ("/docs/d", text("")),
        ("/docs/e", text("")),
    ]);
    let mut config = config(BASE);
    config.scope.max_pages = Some(3);
    let first = run(folder.path(), &config, &fetcher, &archive).await;
    assert!(first.summary().limit_reached);
    assert_eq!(archive.paths(), ["/docs/", "/docs/a", "/docs/b"]);
    assert_eq!(
        first.lines()[3..],
        ["/docs/c", "/docs/d", "/docs/e", "/docs/gone"].map(|path| format!("{path} skipped max_pages"))
    );

    let requests = fetcher.asked().len();
    run(folder.path(), &config, &fetcher, &archive).await;
    assert_eq!(fetcher.asked().len(), requests, "a second run with the same limit has nothing to ask");

    config.scope.max_pages = Some(5);
    let third = run(folder.path(), &config, &fetcher, &archive).await;
    assert_eq!(third.summary().counts.kept, 5);
    config.scope.max_pages = None;
    let fourth = run(folder.path(), &config, &fetcher, &archive).await;
    assert!(!fourth.summary().limit_reached);
    assert_eq!(archive.paths().len(), 6);
    assert_eq!(fetcher.times_asked("https://d.example/robots.txt"), 1, "its copy is good for a day");
}

#[tokio::test(start_paused = true)]
async fn a_host_that_asks_for_patience_gets_it() {
    let site = [
        ("/docs/", links(&["busy", "a", "b", "c", "d", "e"])),
        ("/docs/busy", Script::Busy { times: 1, retry_after: Some(90) }),
        ("/docs/a", text("")),
        ("/docs/b", text("")),
        ("/docs/c", text("")),
        ("/docs/d", text("")),
        ("/docs/e", text("")),
    ];
    let (run, fetcher) = crawl_site(&config(BASE), &site).await;
    assert_eq!(run.summary().counts.kept, 7);
    let times = fetcher.times();
    let asked = paths(&fetcher);
    let first = asked.iter().position(|path| path == "/docs/busy").unwrap();
    let told = times[first] + Duration::from_millis(100);
    assert!(times.iter().all(|when| *when <= told || *when >= told + Duration::from_secs(90)));
    assert!(times.iter().any(|when| *when > told));
}

#[tokio::test(start_paused = true)]
async fn a_host_that_asks_for_a_day_is_left_until_then() {
    let folder = TempDir::new().unwrap();
    let archive = Archive::default();
    let site = [
        ("/docs/", links(&["busy", "a"])),
        ("/docs/busy", Script::Busy { times: 1, retry_after: Some(86_400) }),
    ];
    let fetcher = scripted(&site);
    let first = run(folder.path(), &config(BASE), &fetcher, &archive).await;
    assert!(
        matches!(first.summary().end, CrawlEnd::Postponed { wait } if wait > Duration::from_secs(80_000))
    );
    assert!(first.lines().contains(&"/docs/busy pending HTTP 429".to_owned()), "{:?}", first.lines());
    let requests = fetcher.asked().len();
    let second = run(folder.path(), &config(BASE), &fetcher, &archive).await;
    assert!(matches!(second.summary().end, CrawlEnd::Postponed { .. }));
    assert_eq!(fetcher.asked().len(), requests);
}

#[tokio::test(start_paused = true)]
async fn passing_failures_are_tried_again_and_then_reported() {
    let folder = TempDir::new().unwrap();
    let fetcher = scripted(&[("/docs/", links(&["bad"])), ("/docs/bad", Script::Fails)]);
    let archive = Archive::default();
    let first = run(folder.path(), &config(BASE), &fetcher, &archive).await;
    assert_eq!(first.lines(), ["/docs/ done", "/docs/bad failed connection lost"]);
    assert_eq!(first.summary().tally.failed.get("connection lost"), Some(&1));
    assert_eq!(fetcher.times_asked("https://d.example/docs/bad"), 3);
    let times = fetcher.times();
    assert!(times[3] - times[2] >= Duration::from_secs(1) && times[4] - times[3] >= Duration::from_secs(2));

    let healed = scripted(&[("/docs/bad", text(""))]);
    let second = run(folder.path(), &config(BASE), &healed, &archive).await;
    assert_eq!(second.summary().counts.kept, 2);
    assert_eq!(paths(&healed), ["/docs/bad"], "a later run asks only for what failed");
}

#[tokio::test(start_paused = true)]
async fn sitemaps_and_llms_txt_name_pages() {
    let mut config = config(BASE);
    config.scope.discover.sitemap = true;
    config.scope.discover.llms_txt = true;
    config.scope.discover.links = false;
    let site = [
        ("/robots.txt", text("Sitemap: https://d.example/s/index.xml\nSitemap: https://cdn.example/s.xml\n")),
        (
            "/s/index.xml",
            text("<sitemapindex><sitemap><loc>https://d.example/s/1.xml</loc></sitemap></sitemapindex>"),
        ),
        (
            "/s/1.xml",
            text(
                "<urlset><url><loc>https://d.example/docs/s</loc></url><url><loc>https://d.example/blog</loc></url></urlset>",
            ),
        ),
        ("/docs/llms.txt", text("- [L](l)\n- [twin](l.md)\n")),
        ("/docs/", text("<a href=\"content\"></a><nav><a href=\"menu\"></a>")),
        ("/docs/s", text("")),
        ("/docs/l", text("")),
        ("/docs/menu", text("")),
    ];
    let fetcher = scripted(&site);
    let archive = Archive::default();
    let run = run(TempDir::new().unwrap().path(), &config, &fetcher, &archive).await;
    assert_eq!(archive.paths(), ["/docs/", "/docs/l", "/docs/menu", "/docs/s"]);
    assert_eq!(run.summary().counts.kept, 4, "listings are no pages");
    assert_eq!(
        *archive.exchanges.lock().unwrap(),
        ["robots.txt", "docs/llms.txt", "s/index.xml", "s/1.xml"]
            .map(|path| format!("https://d.example/{path}"))
    );
    assert!(fetcher.asked().iter().all(|asked| asked.starts_with("https://d.example/")));
}

#[tokio::test(start_paused = true)]
async fn a_crawl_without_a_page_says_why() {
    async fn error(site: &[(&str, Script)]) -> CrawlError {
        crawl_site(&config(BASE), site).await.0.result.unwrap_err()
    }
    let refused = error(&[("/robots.txt", text("User-agent: *\nDisallow: /"))]).await;
    assert_eq!(
        refused.to_string(),
        "robots.txt does not allow `https://d.example/docs/`: `Disallow: /` in line 2"
    );
    let unreachable = error(&[("/robots.txt", Script::Fails)]).await;
    assert_eq!(
        unreachable.to_string(),
        "`https://d.example/docs/` could not be reached: robots.txt: connection lost"
    );
    let down = error(&[("/docs/", Script::Fails)]).await;
    assert!(matches!(&down, CrawlError::Unreachable { cause, .. } if cause == "connection lost"), "{down}");
    let moved = error(&[("/docs/", Script::Redirect("https://new.example/docs/"))]).await;
    assert!(
        matches!(&moved, CrawlError::SeedMoved { to, .. } if **to == url("https://new.example/docs/")),
        "{moved}"
    );
    let gone = error(&[]).await;
    assert_eq!(gone.to_string(), "`https://d.example/docs/` is no page: HTTP 404");
}

#[tokio::test(start_paused = true)]
async fn unreachable_robots_are_asked_for_again_by_the_next_run() {
    let folder = TempDir::new().unwrap();
    let down = scripted(&[("/robots.txt", Script::Fails), ("/docs/", text(""))]);
    let archive = Archive::default();
    assert!(run(folder.path(), &config(BASE), &down, &archive).await.result.is_err());
    assert_eq!(paths(&down), ["/robots.txt"; 3]);
    let up = scripted(&[("/docs/", text(""))]);
    assert_eq!(run(folder.path(), &config(BASE), &up, &archive).await.summary().counts.kept, 1);
}

#[tokio::test(start_paused = true)]
async fn a_seed_url_is_asked_for_whatever_the_patterns_say() {
    let mut config = config(BASE);
    config.scope.include = vec!["/guide/".to_owned()];
    let site = [
        ("/docs/", Script::Redirect("latest/")),
        ("/docs/latest/", links(&["guide/a", "other"])),
        ("/docs/latest/guide/a", text("")),
    ];
    let (run, _) = crawl_site(&config, &site).await;
    assert_eq!(
        run.lines(),
        [
            "/docs/ redirected https://d.example/docs/latest/",
            "/docs/latest/ done",
            "/docs/latest/guide/a done",
            "/docs/latest/other skipped excluded",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_stop_lets_fetches_end_and_gives_the_rest_back() {
    let folder = TempDir::new().unwrap();
    let archive = Archive::default();
    let targets: Vec<String> = (0..20).map(|n| format!("/docs/{n}")).collect();
    let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
    let mut site: Vec<(&str, Script)> = targets.iter().map(|path| (*path, text(""))).collect();
    site.push(("/docs/", links(&targets)));
    let fetcher = scripted(&site);
    let stop = CancellationToken::new();
    let interrupt = async {
        tokio::time::sleep(Duration::from_millis(350)).await;
        stop.cancel();
    };
    let config = config(BASE);
    let (first, ()) =
        tokio::join!(run_until(folder.path(), &config, &fetcher, &archive, stop.clone()), interrupt);
    assert_eq!(first.summary().end, CrawlEnd::Interrupted);
    assert_eq!(first.summary().counts.kept, 9, "the root, four, and the four that were in work");
    assert_eq!((first.summary().counts.queued, first.summary().counts.in_work), (12, 0));
    let second = run(folder.path(), &config, &fetcher, &archive).await;
    assert_eq!(second.summary().counts.kept, 21);
    assert_eq!(fetcher.asked().len(), 22, "nothing twice, robots.txt among it");
}

#[tokio::test(start_paused = true)]
async fn two_crawls_of_one_host_are_not_faster_than_one() {
    let site = [
        ("/docs/", links(&["a", "b", "c"])),
        ("/docs/a", text("")),
        ("/docs/b", text("")),
        ("/docs/c", text("")),
    ];
    let fetcher = scripted(&site);
    let (one, two) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let (archive, other) = (Archive::default(), Archive::default());
    let mut config = config(BASE);
    config.politeness.delay = Duration::from_secs(1);
    let hosts = HostClocks::default();
    let crawl = |folder, archive| {
        run_with(folder, &config, &fetcher, archive, CancellationToken::new(), hosts.clone())
    };
    let (first, second) = tokio::join!(crawl(one.path(), &archive), crawl(two.path(), &other));
    assert_eq!((first.summary().counts.kept, second.summary().counts.kept), (4, 4));
    assert_eq!(fetcher.asked().len(), 10);
    for pair in fetcher.times().windows(2) {
        assert!(pair[1] - pair[0] >= Duration::from_secs(1), "{:?}", pair[1] - pair[0]);
    }
}

#[tokio::test(start_paused = true)]
async fn robots_txt_is_followed_over_five_redirects_only() {
    let hop = |n: u32| format!("/robots{n}.txt");
    let hops: Vec<String> = (0..8).map(hop).collect();
    let mut site: Vec<(&str, Script)> =
        vec![("/robots.txt", Script::Redirect("/robots0.txt")), ("/docs/", text(""))];
    for (n, path) in hops.iter().enumerate().take(4) {
        let to: &'static str = ["/robots1.txt", "/robots2.txt", "/robots3.txt", "/robots4.txt"][n];
        site.push((path, Script::Redirect(to)));
    }
    let mut short = site.clone();
    short.push(("/robots4.txt", text("User-agent: *\nDisallow: /")));
    let (run, _) = crawl_site(&config(BASE), &short).await;
    assert!(matches!(run.result, Err(CrawlError::RobotsRefused { .. })));

    site.push(("/robots4.txt", Script::Redirect("/robots5.txt")));
    site.push(("/robots5.txt", text("User-agent: *\nDisallow: /")));
    let (run, fetcher) = crawl_site(&config(BASE), &site).await;
    assert_eq!(run.summary().counts.kept, 1);
    assert!(!paths(&fetcher).contains(&"/robots5.txt".to_owned()));
}

#[test]
fn one_crawl_a_folder() {
    let folder = TempDir::new().unwrap();
    let config = config(BASE);
    let first = Frontier::open(folder.path(), &config, HostClocks::default()).unwrap();
    let second = Frontier::open(folder.path(), &config, HostClocks::default()).err().unwrap();
    assert!(matches!(&second, FrontierError::Locked { .. }), "{second}");
    drop(first);
    assert!(Frontier::open(folder.path(), &config, HostClocks::default()).is_ok());
}
