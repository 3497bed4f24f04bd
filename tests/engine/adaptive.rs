//! Rendering by template: what is compared, what is kept as sent, what is taken back, and that a kill forgets nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use proptest::prelude::{ProptestConfig, prop, prop_assert, prop_assert_eq, proptest};
use serde_json::{Value, json};
use skillcrawl::config::{RenderMode, SiteConfig};
use skillcrawl::fetch::adaptive::{AdaptiveFetcher, PageJudge, Template};
use skillcrawl::fetch::judged::{Comparison, EarlierGroup, Finding};
use skillcrawl::fetch::{Answer, FetchRequest, Fetcher};
use skillcrawl::fetched::{Dom, Fetched};
use skillcrawl::frontier::{Frontier, HostClocks, KnownTemplate};
use skillcrawl::url::CanonicalUrl;
use tempfile::TempDir;

use crate::support::{Archive, Run, Script, ScriptedFetcher, config, links, run, text};

const BASE: &str = "https://d.example/docs/";
/// What only the browser puts where a page has `{{script}}`.
const BY_SCRIPT: &str = "made by a script";

/// Renders by replacing text.
#[derive(Default)]
struct ScriptedBrowser {
    rendered: Mutex<Vec<String>>,
    fails_at: Option<&'static str>,
}

impl Fetcher for ScriptedBrowser {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer> {
        panic!("{} has no route, so the browser is only handed its document", request.url)
    }

    fn render(&self, mut fetched: Box<Fetched>) -> BoxFuture<'_, Answer> {
        async move {
            tokio::time::sleep(Duration::from_millis(250)).await;
            if self.fails_at == Some(fetched.url.path()) {
                return Answer::Failed {
                    cause: "the tab crashed".to_owned(),
                    status: None,
                    retry_after: None,
                };
            }
            self.rendered.lock().unwrap().push(fetched.url.path().to_owned());
            let html = body(&fetched).replace("{{script}}", BY_SCRIPT);
            fetched.dom = Some(Dom { html, settled: true, loaded: Vec::new(), routed: false });
            Answer::Page(fetched)
        }
        .boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }
}

/// Tells templates by the folder, marks by `mark:NAME`.
struct ScriptedJudge;

impl PageJudge for ScriptedJudge {
    fn template(&self, page: &Fetched) -> Template {
        let folder = page.url.path().rsplit_once('/').unwrap().0.to_owned();
        let words = body(page);
        let marks = words.split_whitespace().filter_map(|word| word.strip_prefix("mark:"));
        Template { name: folder, marks: marks.map(str::to_owned).collect() }
    }

    fn compare(&self, page: &Fetched) -> Comparison {
        let is_same = page.dom.as_ref().unwrap().html == body(page);
        let finding = if is_same { Finding::Same } else { Finding::Different };
        Comparison { finding, evidence: json!({"letters": body(page).len()}) }
    }

    fn markdown_named(&self, _: &Fetched) -> Option<CanonicalUrl> {
        None
    }

    fn compare_markdown(&self, page: &Fetched) -> Comparison {
        panic!("{} has no Markdown", page.url)
    }
}

fn body(page: &Fetched) -> String {
    String::from_utf8(page.exchange.as_ref().unwrap().body.clone()).unwrap()
}

/// A site of numbered pages in one folder, all linked from the first page; `page` says what each holds.
struct NumberedSite {
    http: Arc<ScriptedFetcher>,
    browser: Arc<ScriptedBrowser>,
    config: SiteConfig,
}

impl NumberedSite {
    fn new(pages: usize, page: impl Fn(usize) -> String) -> Self {
        let paths: Vec<String> = (0..pages).map(|number| format!("pages/{number}")).collect();
        let menu: Vec<&str> = paths.iter().map(String::as_str).collect();
        let mut site: Vec<(String, Script)> = paths
            .iter()
            .enumerate()
            .map(|(number, path)| (format!("{BASE}{path}"), text(&page(number))))
            .collect();
        site.push((BASE.to_owned(), links(&menu)));
        let site: Vec<(&str, Script)> =
            site.iter().map(|(url, script)| (url.as_str(), script.clone())).collect();
        let mut config = config(BASE);
        config.fetch.render = RenderMode::Auto;
        Self { http: Arc::new(ScriptedFetcher::new(&site)), browser: Arc::default(), config }
    }

    /// A run of the program: what an earlier one learned is taken from the folder.
    async fn run(&self, folder: &Path, archive: &Archive) -> Run {
        let frontier = Frontier::open(folder, &self.config, HostClocks::default()).unwrap();
        let earlier: Vec<EarlierGroup> = frontier
            .templates()
            .unwrap()
            .into_iter()
            .map(|known| EarlierGroup { state: known.state, unchecked: known.doubtful })
            .collect();
        drop(frontier);
        let fetcher =
            AdaptiveFetcher::new(self.http.clone(), self.browser.clone(), Arc::new(ScriptedJudge), &earlier);
        run(folder, &self.config, &fetcher, archive).await
    }

    fn rendered(&self) -> Vec<String> {
        self.browser.rendered.lock().unwrap().clone()
    }

    /// Each document was asked for once.
    #[track_caller]
    fn check_asked_once(&self) {
        let asked = self.http.asked();
        let distinct: BTreeSet<&String> = asked.iter().collect();
        assert_eq!(asked.len(), distinct.len(), "{asked:?}");
    }
}

/// The numbers of the pages whose last capture shows what a script makes, or has nothing that one would make.
fn complete(archive: &Archive) -> BTreeSet<usize> {
    let mut last: BTreeMap<usize, bool> = BTreeMap::new();
    for page in archive.captures.lock().unwrap().iter() {
        let Some(number) = page.url.path().strip_prefix("/docs/pages/") else { continue };
        let is_complete = page.dom.is_some() || !body(page).contains("{{script}}");
        last.insert(number.parse().unwrap(), is_complete);
    }
    last.into_iter().filter(|(_, is_complete)| *is_complete).map(|(number, _)| number).collect()
}

fn template(folder: &Path, config: &SiteConfig, name: &str) -> (KnownTemplate, Value) {
    let templates = Frontier::open(folder, config, HostClocks::default()).unwrap().templates().unwrap();
    let known = templates.into_iter().find(|known| known.name == name).unwrap();
    let state = serde_json::from_str(&known.state).unwrap();
    (known, state)
}

#[tokio::test(start_paused = true)]
async fn a_static_site_is_rendered_in_samples() {
    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let site = NumberedSite::new(100, |number| format!("page {number}"));
    let run = site.run(folder.path(), &archive).await;
    assert_eq!(run.summary().counts.kept, 101);
    site.check_asked_once();
    let (known, state) = template(folder.path(), &site.config, "/docs/pages");
    assert_eq!(state["decision"], "http");
    assert_eq!((known.doubtful, known.taken_back.len()), (0, 0), "every page lies between two that agreed");
    let evidence = state["evidence"].as_array().unwrap();
    assert!(evidence.iter().all(|page| page["finding"] == "same" && page["letters"] == 6), "{state}");
    // The first four are in work at the same time; then one in twenty, and the last.
    let checks = state["checks"].as_array().unwrap().len();
    assert_eq!((evidence.len(), checks), (3, 6), "{state}");
    let in_samples = site.rendered().iter().filter(|path| path.contains("/pages/")).count();
    assert_eq!(in_samples, 9, "{:?}", site.rendered());
    let forms = run.summary().tally.forms;
    assert_eq!((forms.sent, forms.rendered), (91, 10));
    let kept_as_sent = run.report.iter().filter(|line| line.rendered == Some(false)).count();
    assert_eq!(kept_as_sent, 91);
    assert!(run.report.iter().all(|line| line.settled.is_some() == line.rendered.unwrap()));
}

#[tokio::test(start_paused = true)]
async fn a_client_rendered_site_is_rendered() {
    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let site = NumberedSite::new(30, |_| "{{script}}".to_owned());
    let run = site.run(folder.path(), &archive).await;
    site.check_asked_once();
    assert_eq!(complete(&archive).len(), 30);
    assert_eq!(archive.captures.lock().unwrap().len(), 31, "nothing is rendered twice");
    let (known, state) = template(folder.path(), &site.config, "/docs/pages");
    assert_eq!((&state["decision"], known.taken_back.len()), (&json!("browser"), 0));
    assert_eq!(state["evidence"][0]["finding"], "different");
    assert_eq!(run.summary().tally.forms.sent, 0);
}

/// The first pages are static, the later ones are not: the check that finds out takes back what it speaks for.
async fn check_taken_back(max_pages: Option<usize>) {
    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let mut site =
        NumberedSite::new(
            60,
            |number| if number < 30 { "static".to_owned() } else { "{{script}}".to_owned() },
        );
    site.config.scope.max_pages = max_pages;
    let run = site.run(folder.path(), &archive).await;
    let kept = max_pages.unwrap_or(61);
    assert_eq!(run.summary().counts.kept, u64::try_from(kept).unwrap());
    site.check_asked_once();
    assert_eq!(complete(&archive), (0..kept - 1).collect());
    let (known, state) = template(folder.path(), &site.config, "/docs/pages");
    assert_eq!(state["decision"], "browser");
    let last = state["checks"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["finding"], &last["letters"]), (&json!("different"), &json!(10)), "{state}");
    let taken_back: BTreeSet<&str> = known.taken_back.iter().map(|url| url.path()).collect();
    assert!(taken_back.contains("/docs/pages/24"), "the page after the check that agreed: {taken_back:?}");
    assert!(!taken_back.contains("/docs/pages/22"), "the page before it: {taken_back:?}");
    let rendered: BTreeSet<&str> =
        run.report.iter().filter(|line| line.rendered == Some(true)).map(|line| line.url.as_str()).collect();
    assert!(known.taken_back.iter().all(|url| rendered.contains(url.as_str())));
}

#[tokio::test(start_paused = true)]
async fn a_check_that_differs_takes_back_what_was_kept_since_the_last_one() {
    check_taken_back(None).await;
}

#[tokio::test(start_paused = true)]
async fn the_page_limit_does_not_keep_pages_from_being_taken_back() {
    check_taken_back(Some(38)).await;
}

#[tokio::test(start_paused = true)]
async fn the_last_page_of_a_template_is_compared_too() {
    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let site = NumberedSite::new(
        12,
        |number| if number < 4 { "static".to_owned() } else { "{{script}}".to_owned() },
    );
    site.run(folder.path(), &archive).await;
    site.check_asked_once();
    assert_eq!(complete(&archive).len(), 12, "without a check that fell due, the last page told");
}

#[tokio::test(start_paused = true)]
async fn a_page_with_a_mark_of_its_own_is_found_at_once() {
    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let site = NumberedSite::new(60, |number| match number {
        17 | 18 | 40 => "mark:chart {{script}}".to_owned(),
        number if number % 7 == 6 => "mark:note static".to_owned(),
        _ => "static".to_owned(),
    });
    site.run(folder.path(), &archive).await;
    site.check_asked_once();
    assert_eq!(complete(&archive).len(), 60);
    let (known, state) = template(folder.path(), &site.config, "/docs/pages");
    assert_eq!((&state["decision"], &state["rendered_marks"]), (&json!("http"), &json!(["chart"])));
    assert_eq!((&state["harmless_marks"], known.taken_back.len()), (&json!(["note"]), 0));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_rendered_again_stays_as_it_was_sent() {
    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let mut site =
        NumberedSite::new(
            40,
            |number| if number < 5 { "static".to_owned() } else { "{{script}}".to_owned() },
        );
    site.browser =
        Arc::new(ScriptedBrowser { fails_at: Some("/docs/pages/9"), ..ScriptedBrowser::default() });
    let run = site.run(folder.path(), &archive).await;
    site.check_asked_once();
    assert_eq!(run.summary().counts.kept, 41);
    let line = run.report.iter().find(|line| line.url.path() == "/docs/pages/9").unwrap();
    assert_eq!((line.outcome.as_str(), line.rendered), ("done", Some(false)));
    assert_eq!(line.detail.as_deref(), Some("not rendered: the tab crashed"));
    assert_eq!(complete(&archive).len(), 39);
}

#[tokio::test(start_paused = true)]
async fn a_record_as_sent_that_the_database_never_heard_of_is_rendered() {
    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let site = NumberedSite::new(12, |number| format!("page {number}"));
    let dying = Archive { dies_after: Some("/docs/pages/7"), ..archive.clone() };
    assert!(site.run(folder.path(), &dying).await.result.is_err());
    assert!(!site.rendered().contains(&"/docs/pages/7".to_owned()));
    let run = site.run(folder.path(), &archive).await;
    assert!(site.rendered().contains(&"/docs/pages/7".to_owned()));
    assert_eq!(site.http.times_asked("https://d.example/docs/pages/7"), 1);
    assert_eq!(run.summary().counts.kept, 13);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    /// The crawl is dropped where it stands after each of the given times. The first check of a site whose later pages
    /// need the browser fails, in whichever run it falls; no page that was kept as sent before may stay so.
    #[test]
    fn dropped_at_any_moment(kills in prop::collection::vec(1_u64..1_500, 1..6)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
        runtime.block_on(async {
            let folder = TempDir::new()?;
            let archive = Archive::default();
            let script = |number| if number < 8 { "static".to_owned() } else { "{{script}}".to_owned() };
            let site = NumberedSite::new(60, script);
            for kill in kills {
                let recorded = archive.paths();
                let asked_before = site.http.asked().len();
                let _ = tokio::time::timeout(Duration::from_millis(kill), site.run(folder.path(), &archive)).await;
                for asked in &site.http.asked()[asked_before..] {
                    let path = asked.trim_start_matches("https://d.example").to_owned();
                    prop_assert!(!recorded.contains(&path), "{} was recorded before", path);
                }
            }
            let last = site.run(folder.path(), &archive).await;
            prop_assert_eq!(last.summary().counts.kept, 61);
            prop_assert_eq!(complete(&archive).len(), 60);
            let (known, state) = template(folder.path(), &site.config, "/docs/pages");
            prop_assert_eq!((&state["decision"], known.doubtful), (&json!("browser"), 0));
            Ok(())
        })?;
    }
}
