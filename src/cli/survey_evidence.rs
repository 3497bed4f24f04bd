//! From the frontier and the pages of a survey to its evidence.

use std::collections::{HashMap, HashSet};

use super::judge::SiteJudge;
use super::survey::{Memory, Watch};
use super::survey_fetcher::{Budget, SurveyFetcher};
use crate::config::SiteConfig;
use crate::extract::{kept_letters, read_page};
use crate::fetched::{Exchange, Fetched};
use crate::frontier::{FoundBy, Frontier, FrontierError, Kind, ReportLine};
use crate::markdown::to_markdown;
use crate::profile::Profiles;
use crate::robots::Verdict;
use crate::skill::pages::reference::Reference;
use crate::skill::text::outline::plain;
use crate::skill::text::tokens::tokens;
use crate::survey::evidence::{Evidence, Fate, How, ListingSeen, PageKnown, PageSeen, RobotsSeen};
use crate::url::{CanonicalUrl, PageKey};

/// What the evidence is read from.
pub struct Parts<'a> {
    /// The site.
    pub config: &'a SiteConfig,
    /// The profiles to read pages with.
    pub profiles: &'a Profiles,
    /// What became of every URL.
    pub frontier: &'a Frontier,
    /// What the browser showed.
    pub fetcher: &'a SurveyFetcher<'a>,
}

impl Parts<'_> {
    /// The evidence.
    ///
    /// # Errors
    ///
    /// [`FrontierError`] when its database fails.
    pub fn evidence(
        &self,
        seen: &Memory,
        watch: &Watch,
        judge: &SiteJudge,
        budget: &Budget,
    ) -> Result<Evidence, FrontierError> {
        let lines = self.frontier.report()?;
        let state = watch.state();
        let pages: Vec<PageKnown> =
            lines.iter().filter(|line| line.kind == Kind::Page).map(|line| self.page(line)).collect();
        let is_refused = |page: &&PageKnown| page.fate == Fate::LeftOut(ROBOTS.to_owned());
        let robots = RobotsSeen {
            found: state.robots_found,
            crawl_delay: state.crawl_delay,
            refused: pages.iter().filter(is_refused).count(),
        };
        let base = &self.config.scope.base_url;
        let seeds = lines.iter().filter(|line| line.found_by == FoundBy::Seed && line.outcome == "done");
        let landed = seeds.map(|line| line.url.clone()).find(|url| url.key() != base.key());
        Ok(Evidence {
            base_url: base.clone(),
            landed: landed.filter(|_| self.config.scope.start_urls.iter().all(|url| url.key() == base.key())),
            robots,
            listings: listings(&lines, &state.listed),
            pages,
            looked_at: seen.pages.iter().map(|(page, links)| self.look_at(page, links)).collect(),
            summary: seen.exchanges.iter().find_map(summary_of),
            docs_root: judge.docs_root(),
            requests: budget.spent(),
            throttled: state.throttled,
            no_browser: self.fetcher.missing_browser(),
            is_repository: self.config.scope.repository.is_some(),
        })
    }

    fn page(&self, line: &ReportLine) -> PageKnown {
        let how = match line.found_by {
            FoundBy::Seed => How::Seed,
            FoundBy::Redirect => How::Redirect,
            FoundBy::Discovery | FoundBy::Sitemap | FoundBy::LlmsTxt | FoundBy::Index | FoundBy::Tree => {
                How::Listing
            }
            FoundBy::Navigation | FoundBy::Next => How::Menu,
            FoundBy::Content | FoundBy::Canonical => How::Link,
        };
        PageKnown { url: line.url.clone(), how, parent: line.referrer.clone(), fate: self.fate(line) }
    }

    fn fate(&self, line: &ReportLine) -> Fate {
        let reason = line.reason.clone().unwrap_or_default();
        match (line.outcome.as_str(), reason.as_str()) {
            ("done", _) => Fate::Kept,
            ("redirected", _) => Fate::Lost("redirected".to_owned()),
            ("failed", _) => Fate::Lost("failed".to_owned()),
            ("skipped", "not_a_page") if line.detail.is_none() => Fate::LeftOut("not_a_page".to_owned()),
            (
                "skipped",
                "duplicate" | "http_status" | "noindex" | "soft_404" | "not_a_page" | "out_of_scope",
            ) => Fate::Lost(reason),
            ("skipped", _) => Fate::LeftOut(reason),
            _ if self.is_refused(&line.url) => Fate::LeftOut(ROBOTS.to_owned()),
            _ => Fate::Pending,
        }
    }

    fn is_refused(&self, url: &CanonicalUrl) -> bool {
        let robots = self.frontier.known_robots(&url.authority());
        robots.is_some_and(|robots| matches!(robots.verdict(url), Verdict::Disallowed(_)))
    }

    fn look_at(&self, page: &Fetched, links: &[CanonicalUrl]) -> PageSeen {
        page_seen(page, links, self.config, self.profiles, self.fetcher.needs_browser(&page.url))
    }
}

const ROBOTS: &str = "robots_disallow";

/// What a page tells a survey.
pub fn page_seen(
    page: &Fetched,
    links: &[CanonicalUrl],
    config: &SiteConfig,
    profiles: &Profiles,
    needs_browser: Option<bool>,
) -> PageSeen {
    let reading = read_page(page, profiles, &config.extract);
    let markdown = to_markdown(&reading.document);
    let letters_as_sent = match &page.dom {
        Some(_) => {
            let as_sent = Fetched { dom: None, ..page.clone() };
            kept_letters(&read_page(&as_sent, profiles, &config.extract).document)
        }
        None => kept_letters(&reading.document),
    };
    let reference = Reference::new(&page.url, page.fetched_at, &reading, &markdown);
    PageSeen {
        url: page.url.clone(),
        title: reading.document.title.clone(),
        description: reading.document.description.clone(),
        language: reading.document.language.clone(),
        version: reading.document.version.clone(),
        opening: reference.and_then(|reference| reference.excerpts.opening().map(plain)),
        profile: reading.profile.clone(),
        selected: reading.warnings.iter().all(|warning| warning.kind != "main_content_missing"),
        letters_as_sent,
        bytes: markdown.len(),
        tokens: tokens(&markdown),
        links: distinct(links),
        navigation: reading.document.navigation.clone(),
        needs_browser,
    }
}

fn distinct(links: &[CanonicalUrl]) -> Vec<CanonicalUrl> {
    let mut seen: HashSet<PageKey> = HashSet::new();
    links.iter().filter(|url| seen.insert(url.key())).cloned().collect()
}

fn listings(lines: &[ReportLine], listed: &HashMap<CanonicalUrl, usize>) -> Vec<ListingSeen> {
    let files = lines.iter().filter(|line| !matches!(line.kind, Kind::Page | Kind::Nothing));
    files
        .map(|line| ListingSeen {
            url: line.url.clone(),
            kind: serde_json::to_value(line.kind)
                .ok()
                .and_then(|word| word.as_str().map(str::to_owned))
                .unwrap_or_default(),
            named: listed.get(&line.url).copied(),
            unread: line.outcome == "pending" && line.depth > 0 && line.kind == Kind::Sitemap,
        })
        .collect()
}

/// The quotation below the title of an `llms.txt`, which says what the site is about.
fn summary_of(exchange: &Exchange) -> Option<String> {
    let text = String::from_utf8_lossy(&exchange.body);
    let mut lines =
        text.trim_start_matches('\u{feff}').lines().map(str::trim).filter(|line| !line.is_empty());
    lines.next().filter(|title| title.starts_with("# "))?;
    let quoted: Vec<&str> = lines
        .take_while(|line| line.starts_with('>'))
        .map(|line| line.trim_start_matches('>').trim())
        .collect();
    (!quoted.is_empty()).then(|| quoted.join(" "))
}
