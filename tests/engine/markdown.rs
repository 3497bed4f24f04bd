//! The site's own Markdown instead of the browser: when it is asked for, trusted, checked, and taken back.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::{Value, json};
use skillcrawl::config::{RenderMode, SiteConfig};
use skillcrawl::fetch::adaptive::{AdaptiveFetcher, PageJudge, Template};
use skillcrawl::fetch::judged::{Comparison, Finding};
use skillcrawl::fetch::{Answer, FetchRequest, Fetcher, Want};
use skillcrawl::fetched::{Dom, Fetched};
use skillcrawl::frontier::{Frontier, HostClocks, KnownTemplate};
use skillcrawl::url::CanonicalUrl;
use tempfile::TempDir;

use crate::support::{Archive, Run, Script, ScriptedFetcher, config, links, run, text, update, url};

const BASE: &str = "https://d.example/docs/";
const GROUP: &str = "markdown of /docs/pages";

/// Shows what a page has behind `data:`.
#[derive(Default)]
struct ScriptedBrowser {
    rendered: Mutex<Vec<String>>,
}

impl Fetcher for ScriptedBrowser {
    fn fetch(&self, request: FetchRequest) -> BoxFuture<'_, Answer> {
        panic!("{} has no route, so the browser is only handed its document", request.url)
    }

    fn render(&self, mut fetched: Box<Fetched>) -> BoxFuture<'_, Answer> {
        self.rendered.lock().unwrap().push(fetched.url.path().to_owned());
        let html = body(&fetched).replace("data:", "shown ");
        fetched.dom = Some(Dom { html, settled: true, loaded: Vec::new(), routed: false });
        futures::future::ready(Answer::Page(fetched)).boxed()
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        futures::future::ready(()).boxed()
    }
}

/// Tells templates by the folder; what differs by a letter is different.
struct ScriptedJudge {
    named: bool,
}

impl PageJudge for ScriptedJudge {
    fn template(&self, page: &Fetched) -> Template {
        let folder = page.url.path().rsplit_once('/').unwrap().0.to_owned();
        Template { name: folder, marks: [].into() }
    }

    fn compare(&self, page: &Fetched) -> Comparison {
        finding(page.dom.as_ref().unwrap().html == body(page))
    }

    fn markdown_named(&self, page: &Fetched) -> Option<CanonicalUrl> {
        let number = page.url.path().rsplit('/').next()?;
        self.named.then(|| url(&format!("{BASE}source/{number}.txt")))
    }

    fn compare_markdown(&self, page: &Fetched) -> Comparison {
        finding(Some(&page.dom.as_ref().unwrap().html) == page.twin.as_ref())
    }
}

fn finding(is_same: bool) -> Comparison {
    let finding = if is_same { Finding::Same } else { Finding::Different };
    Comparison { finding, evidence: json!({}) }
}

fn body(page: &Fetched) -> String {
    String::from_utf8(page.exchange.as_ref().unwrap().body.clone()).unwrap()
}

/// Numbered pages that only the browser shows, and what a site has besides.
struct ShellSite {
    http: Arc<ScriptedFetcher>,
    browser: Arc<ScriptedBrowser>,
    config: SiteConfig,
    named: bool,
    pages: usize,
}

impl ShellSite {
    /// `markdown` says what is at an address below the base beside the pages, by the number of a page.
    fn new(pages: usize, address: &str, markdown: impl Fn(usize) -> Option<String>) -> Self {
        let paths: Vec<String> = (0..pages).map(|number| format!("pages/{number}")).collect();
        let menu: Vec<&str> = paths.iter().map(String::as_str).collect();
        let mut site = vec![(BASE.to_owned(), links(&menu))];
        for (number, path) in paths.iter().enumerate() {
            site.push((format!("{BASE}{path}"), text(&format!("data:{number}"))));
            if let Some(markdown) = markdown(number) {
                let address = address.replace("NUMBER", &number.to_string());
                site.push((format!("{BASE}{address}"), Script::Markdown(markdown)));
            }
        }
        Self::of(&site, pages)
    }

    fn of(site: &[(String, Script)], pages: usize) -> Self {
        let site: Vec<(&str, Script)> =
            site.iter().map(|(url, script)| (url.as_str(), script.clone())).collect();
        let mut config = config(BASE);
        config.fetch.render = RenderMode::Auto;
        config.fetch.concurrency = 1;
        Self {
            http: Arc::new(ScriptedFetcher::new(&site)),
            browser: Arc::default(),
            config,
            named: false,
            pages,
        }
    }

    fn fetcher(&self) -> AdaptiveFetcher {
        let judge = Arc::new(ScriptedJudge { named: self.named });
        AdaptiveFetcher::new(self.http.clone(), self.browser.clone(), judge, &[])
    }

    async fn run(&self, folder: &Path, archive: &Archive) -> Run {
        run(folder, &self.config, &self.fetcher(), archive).await
    }

    /// How often the browser had a page.
    fn rendered(&self) -> usize {
        self.browser.rendered.lock().unwrap().iter().filter(|path| path.contains("/pages/")).count()
    }

    /// The addresses of Markdown that were asked for.
    fn asked_for_markdown(&self) -> Vec<String> {
        let is_markdown = |url: &String| url.contains(".md") || url.contains("/source/");
        self.http.asked().into_iter().filter(is_markdown).collect()
    }

    /// Every page was kept, and its last record holds what the browser shows.
    #[track_caller]
    fn check_complete(&self, archive: &Archive) {
        let mut last: BTreeMap<String, Option<String>> = BTreeMap::new();
        for page in archive.captures.lock().unwrap().iter() {
            let Some(number) = page.url.path().strip_prefix("/docs/pages/") else { continue };
            let shown = page.dom.as_ref().map(|dom| dom.html.clone()).or_else(|| page.twin.clone());
            assert!(page.dom.is_none() || page.twin.is_none(), "the Markdown of {number} is kept in vain");
            last.insert(number.to_owned(), shown);
        }
        assert_eq!(last.len(), self.pages);
        let wrong: Vec<_> =
            last.iter().filter(|(number, shown)| **shown != Some(format!("shown {number}"))).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}

fn shown(number: usize) -> Option<String> {
    Some(format!("shown {number}"))
}

fn group(folder: &Path, config: &SiteConfig) -> Option<(KnownTemplate, Value)> {
    let templates = Frontier::open(folder, config, HostClocks::default()).unwrap().templates().unwrap();
    let known = templates.into_iter().find(|known| known.name == GROUP)?;
    let state = serde_json::from_str(&known.state).unwrap();
    Some((known, state))
}

#[tokio::test(start_paused = true)]
async fn markdown_that_holds_the_same_spares_the_browser() {
    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let mut site = ShellSite::new(40, "pages/NUMBER.md", shown);
    site.config.politeness.delay = Duration::from_secs(1);
    let run = site.run(folder.path(), &archive).await;
    assert_eq!(run.summary().counts.kept, 41, "the Markdown is no page of its own: {:?}", run.lines());
    site.check_complete(&archive);
    let (known, state) = group(folder.path(), &site.config).unwrap();
    assert_eq!((&state["decision"], &state["cheaper"]), (&json!("markdown"), &json!("markdown")), "{state}");
    // Two show that the browser is needed, three that the Markdown does, then one in twenty and the last are checked.
    assert_eq!(site.rendered(), 2 + 3 + 2, "{state}");
    assert_eq!((known.doubtful, known.as_sent), (0, 33), "every page lies between two that agreed");
    let asked = site.http.asked();
    assert_eq!(asked.len(), 1 + 1 + 40 + 38, "robots.txt, the start, the pages, their Markdown: {asked:?}");
    let times = site.http.times();
    let closest = times.windows(2).map(|pair| pair[1] - pair[0]).min().unwrap();
    assert!(closest >= Duration::from_secs(1), "asked {closest:?} after another request");
}

#[tokio::test(start_paused = true)]
async fn the_address_that_a_page_names_comes_first() {
    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let mut site = ShellSite::new(10, "source/NUMBER.txt", shown);
    site.named = true;
    site.run(folder.path(), &archive).await;
    site.check_complete(&archive);
    assert!(site.asked_for_markdown().iter().all(|url| url.contains("/source/")));
    assert_eq!(group(folder.path(), &site.config).unwrap().1["decision"], "markdown");
}

#[tokio::test(start_paused = true)]
async fn markdown_that_loses_something_is_refused() {
    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let site = ShellSite::new(30, "pages/NUMBER.md", |_| Some("shown".to_owned()));
    site.run(folder.path(), &archive).await;
    site.check_complete(&archive);
    let (known, state) = group(folder.path(), &site.config).unwrap();
    assert_eq!((&state["decision"], known.as_sent), (&json!("browser"), 0), "{state}");
    assert_eq!(site.asked_for_markdown().len(), 2, "two pages tell");
}

#[tokio::test(start_paused = true)]
async fn a_check_that_differs_takes_back_what_was_kept_since_the_last_one() {
    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let worse = |number| if number < 30 { shown(number) } else { Some("shown".to_owned()) };
    let mut site = ShellSite::new(60, "pages/NUMBER.md", worse);
    site.config.fetch.concurrency = 4;
    site.run(folder.path(), &archive).await;
    site.check_complete(&archive);
    let (known, state) = group(folder.path(), &site.config).unwrap();
    assert_eq!((&state["decision"], known.doubtful), (&json!("browser"), 0), "{state}");
    assert!(!known.taken_back.is_empty(), "{state}");
    assert!(known.as_sent > 10, "what was confirmed stays: {}", known.as_sent);
    let asked = site.http.asked();
    let pages = asked.iter().filter(|url| url.contains("/pages/") && !url.ends_with(".md")).count();
    assert_eq!(pages, 60, "no document is asked for again");
}

#[tokio::test(start_paused = true)]
async fn robots_txt_and_patterns_are_heeded() {
    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let mut site = ShellSite::new(12, "pages/NUMBER.md", shown);
    site.config.scope.exclude = vec!["*.md".to_owned()];
    site.run(folder.path(), &archive).await;
    site.check_complete(&archive);
    assert_eq!(site.asked_for_markdown(), [""; 0], "a pattern leaves it out");

    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let mut scripts = vec![
        ("https://d.example/robots.txt".to_owned(), text("User-agent: *\nDisallow: /*.md$\n")),
        (BASE.to_owned(), links(&["pages/0", "pages/1", "pages/2", "pages/3", "pages/4"])),
    ];
    for number in 0..5 {
        scripts.push((format!("{BASE}pages/{number}"), text(&format!("data:{number}"))));
        scripts.push((format!("{BASE}pages/{number}.md"), Script::Markdown(format!("shown {number}"))));
    }
    let site = ShellSite::of(&scripts, 5);
    site.run(folder.path(), &archive).await;
    site.check_complete(&archive);
    assert_eq!(site.asked_for_markdown(), [""; 0], "robots.txt forbids it");
}

#[tokio::test(start_paused = true)]
async fn a_site_without_markdown_is_asked_for_that_of_two_pages() {
    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let site = ShellSite::new(20, "pages/NUMBER.md", |_| None);
    site.run(folder.path(), &archive).await;
    site.check_complete(&archive);
    assert_eq!(site.rendered(), 20);
    // The server does not say that it negotiates, so no page is asked for twice.
    assert_eq!(site.asked_for_markdown().len(), 2);
    assert_eq!(site.http.asked().len(), 1 + 1 + 20 + 2);
}

#[tokio::test(start_paused = true)]
async fn a_fetcher_that_may_run_no_errands_asks_for_pages_only() {
    let site = ShellSite::new(8, "pages/NUMBER.md", shown);
    let fetcher = site.fetcher();
    for number in 0..8 {
        let page = url(&format!("{BASE}pages/{number}"));
        let Answer::Judged(judged) = fetcher.fetch(FetchRequest::new(page, Want::Page)).await else {
            panic!("no page")
        };
        assert!(judged.page.dom.is_some());
    }
    assert_eq!((site.http.asked().len(), site.rendered()), (8, 8));
}

/// That the shell of a page is the same says nothing about its content.
#[tokio::test(start_paused = true)]
async fn an_update_asks_for_markdown_again() {
    let (folder, archive) = (TempDir::new().unwrap(), Archive::default());
    let mut scripts = vec![(
        BASE.to_owned(),
        links(&["pages/0", "pages/1", "pages/2", "pages/3", "pages/4", "pages/5", "pages/6"]),
    )];
    for number in 0..7 {
        scripts
            .push((format!("{BASE}pages/{number}"), Script::Tagged("\"shell\"", format!("data:{number}"))));
        scripts.push((format!("{BASE}pages/{number}.md"), Script::Markdown(format!("shown {number}"))));
    }
    let site = ShellSite::of(&scripts, 7);
    site.run(folder.path(), &archive).await;
    let (known, _) = group(folder.path(), &site.config).unwrap();
    assert!(known.as_sent > 0);
    let before = site.http.asked().len();
    update(folder.path(), &site.config, &site.fetcher(), &archive).await;
    let kept_with_markdown =
        archive.captures.lock().unwrap().iter().filter(|page| page.twin.is_some()).count();
    assert!(kept_with_markdown > 0);
    let asked = site.http.asked();
    let not_modified = archive.not_modified.lock().unwrap().clone();
    for page in archive.captures.lock().unwrap().iter().filter(|page| page.twin.is_some()) {
        assert!(!not_modified.contains(&page.url.path().to_owned()), "{} was taken as unchanged", page.url);
        assert!(asked[before..].contains(&page.url.to_string()));
    }
    site.check_complete(&archive);
}
