//! Pages that a site's own router led to: what becomes of them when a check agrees or differs, and that a kill forgets none.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use proptest::prelude::{ProptestConfig, prop, prop_assert, prop_assert_eq, proptest};
use serde_json::json;
use skillcrawl::config::SiteConfig;
use skillcrawl::fetch::judged::{Judged, Note, Verdict};
use skillcrawl::fetch::{Answer, FetchRequest, Fetcher, Want};
use skillcrawl::fetched::{Dom, Fetched};
use skillcrawl::frontier::{Frontier, HostClocks};
use tempfile::TempDir;

use crate::support::{Archive, Run, Script, ScriptedFetcher, config, links, run, text};

const BASE: &str = "https://d.example/docs/";
const GROUP: &str = "application 1";
const PAGES: usize = 30;

/// Has every page by the router first, and by a load when it is asked to render one from its record.
struct ScriptedApplication {
    http: ScriptedFetcher,
    /// What a check finds.
    verdict: Verdict,
}

impl ScriptedApplication {
    fn new(verdict: Verdict) -> Self {
        let paths: Vec<String> = (0..PAGES).map(|number| format!("pages/{number}")).collect();
        let menu: Vec<&str> = paths.iter().map(String::as_str).collect();
        let mut site = vec![(BASE.to_owned(), links(&menu))];
        site.extend(paths.iter().map(|path| (format!("{BASE}{path}"), text("shell"))));
        let site: Vec<(&str, Script)> =
            site.iter().map(|(url, script)| (url.as_str(), script.clone())).collect();
        Self { http: ScriptedFetcher::new(&site), verdict }
    }
}

impl Fetcher for ScriptedApplication {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer> {
        async move {
            let is_listing = request.want == Want::Text || request.url.as_str() == BASE;
            match self.http.fetch(request).await {
                Answer::Page(page) if !is_listing => judged(*page, true, Verdict::None),
                answer => answer,
            }
        }
        .boxed()
    }

    fn render(&self, fetched: Box<Fetched>) -> BoxFuture<'_, Answer> {
        async move {
            tokio::time::sleep(Duration::from_millis(250)).await;
            assert!(
                fetched.dom.as_ref().is_some_and(|dom| dom.routed),
                "what is doubted comes from the record"
            );
            judged(*fetched, false, self.verdict)
        }
        .boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }
}

fn judged(page: Fetched, routed: bool, verdict: Verdict) -> Answer {
    let dom = Dom { html: "<p>content</p>".to_owned(), settled: true, loaded: Vec::new(), routed };
    let state = Some(json!({ "application": GROUP }).to_string());
    let note = Note { group: GROUP.to_owned(), verdict, batch: 0, state };
    Answer::Judged(Box::new(Judged { page: Fetched { dom: Some(dom), ..page }, note }))
}

async fn crawl(folder: &Path, site: &ScriptedApplication, archive: &Archive) -> Run {
    run(folder, &config(BASE), site, archive).await
}

/// Whether the last capture of each page is one that the router led to.
fn routed(archive: &Archive) -> Vec<bool> {
    let mut last = BTreeMap::new();
    for page in archive.captures.lock().unwrap().iter() {
        if let Some(dom) = &page.dom {
            last.insert(page.url.path().to_owned(), dom.routed);
        }
    }
    last.into_values().collect()
}

fn doubtful(folder: &Path, config: &SiteConfig) -> u64 {
    let frontier = Frontier::open(folder, config, HostClocks::default()).unwrap();
    frontier.templates().unwrap().iter().map(|known| known.doubtful).sum()
}

#[tokio::test(start_paused = true)]
async fn the_last_page_is_loaded_and_speaks_for_all_before() {
    for (verdict, routed_at_the_end) in [(Verdict::Confirmed, PAGES - 1), (Verdict::Refuted, 0)] {
        let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
        let site = ScriptedApplication::new(verdict);
        let summary = crawl(folder.path(), &site, &archive).await.summary().clone();
        assert_eq!(routed(&archive).iter().filter(|routed| **routed).count(), routed_at_the_end);
        assert_eq!(summary.tally.forms.routed, routed_at_the_end as u64);
        assert_eq!(summary.tally.forms.rendered, PAGES as u64);
        assert_eq!(doubtful(folder.path(), &config(BASE)), 0);
        assert_eq!(site.http.asked().iter().filter(|url| url.ends_with("pages/7")).count(), 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 30, failure_persistence: None, ..ProptestConfig::default() })]

    /// The crawl is dropped where it stands after each of the given times; at its end no page is one that nobody checked.
    #[test]
    fn dropped_at_any_moment(kills in prop::collection::vec(1_u64..1_500, 1..6)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
        runtime.block_on(async {
            let (folder, archive) = (TempDir::new()?, Archive::default());
            let site = ScriptedApplication::new(Verdict::Refuted);
            for kill in kills {
                let _ = tokio::time::timeout(Duration::from_millis(kill), crawl(folder.path(), &site, &archive)).await;
            }
            let last = crawl(folder.path(), &site, &archive).await;
            prop_assert_eq!(last.summary().counts.kept, 31);
            prop_assert_eq!(routed(&archive), vec![false; PAGES]);
            prop_assert!(doubtful(folder.path(), &config(BASE)) == 0);
            Ok(())
        })?;
    }
}
