//! A config for a site, from what a survey saw, and what speaks for each line of it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};

use super::cost::{needs_browser, pause};
use super::description::description;
use super::editions::{OtherEditions, other_editions};
use super::evidence::{Evidence, Fate, PageSeen};
use super::extent::Extent;
use super::naming::{name_of, name_of_repository};
use crate::config::SiteConfig;
use crate::config::file::{SiteConfigFile, UrlPatternsFile};
use crate::document::NavigationItem;
use crate::forge::Repository;
use crate::profile::GENERIC;
use crate::scope::edition::EditionKind;
use crate::skill::pages::label;
use crate::url::CanonicalUrl;

/// How many names are quoted in a finding.
const QUOTED: usize = 8;
/// A folder with so many pages is worth a category.
const LEAST_IN_CATEGORY: usize = 3;

/// Something that the survey found out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is about, in one word, as `generator`.
    pub about: &'static str,
    /// What was found, as half a sentence.
    pub found: String,
}

/// A config and what speaks for it.
#[derive(Debug)]
pub struct Proposal {
    /// The config.
    pub config: SiteConfigFile,
    /// What was found, in the order of the config's keys.
    pub findings: Vec<Finding>,
    /// The profile that reads most pages; `None` where none is recognised.
    pub generator: Option<String>,
    /// The share of pages that need the browser, from 0 to 1, where that is known.
    pub needs_browser: Option<f64>,
    /// The groups of the site's menu.
    pub groups: Vec<String>,
}

/// What the user said.
#[derive(Clone, Debug, Default)]
pub struct Wishes {
    /// The name of the skill.
    pub name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
}

/// Proposes a config. `config` is what the survey went by.
pub fn propose(evidence: &Evidence, extent: &Extent, config: &SiteConfig, wishes: &Wishes) -> Proposal {
    let others = other_editions(evidence);
    let front = evidence.looked_at.first();
    let of_repository = || evidence.is_repository.then(|| name_of_repository(&evidence.base_url)).flatten();
    let of_site = || name_of(&evidence.base_url, front.map(|front| front.title.as_str()));
    let name = wishes.name.clone().or_else(of_repository).unwrap_or_else(of_site);
    let description = wishes.description.clone().or_else(|| description(evidence));
    let generator = generator(evidence);
    let groups = groups(evidence);
    let has_menu = evidence.looked_at.iter().any(|seen| !seen.navigation.is_empty());
    let categories = if has_menu { Map::new() } else { categories(evidence) };
    let exclude = excludes(&others);
    let rate = rate(evidence, config);
    let mut findings = vec![robots_finding(evidence)];
    findings.extend(listing_findings(evidence));
    findings.extend(reading_findings(evidence, generator.as_deref()));
    findings.push(browser_finding(evidence));
    findings.extend(edition_findings(evidence, &others));
    findings.push(menu_finding(&groups, &categories));
    findings.push(rate_finding(evidence, rate));
    findings.push(Finding { about: "pages", found: pages_found(extent) });
    let mut file = SiteConfigFile::default();
    file.name = Some(name);
    file.description = description;
    file.base_url = Some(evidence.base_url.as_str().to_owned());
    file.url_patterns =
        (!exclude.is_empty()).then(|| UrlPatternsFile { exclude, ..UrlPatternsFile::default() });
    file.categories = (!categories.is_empty()).then_some(categories);
    file.rate_limit = Some(rate);
    Proposal { config: file, findings, generator, needs_browser: needs_browser(evidence), groups }
}

/// A config for a site that nobody could look at.
pub fn template(base_url: &str, wishes: &Wishes) -> SiteConfigFile {
    let name = wishes.name.clone().or_else(|| {
        let url = CanonicalUrl::parse(base_url).ok()?;
        let is_repository = Repository::at(&url).ok().flatten().is_some();
        let of_repository = is_repository.then(|| name_of_repository(&url)).flatten();
        Some(of_repository.unwrap_or_else(|| name_of(&url, None)))
    });
    let mut file = SiteConfigFile::default();
    file.name = name;
    file.description = wishes.description.clone();
    file.base_url = Some(base_url.to_owned());
    file
}

/// A number of pages in words.
pub fn pages_found(extent: &Extent) -> String {
    match (extent.low, extent.high) {
        (low, high) if low == high => format!("{}", extent.likely),
        (low, high) => format!("about {}, from {low} to {high}", extent.likely),
    }
}

/// The profile that reads most pages.
fn generator(evidence: &Evidence) -> Option<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for seen in evidence.looked_at.iter().filter(|seen| seen.profile != GENERIC) {
        *counts.entry(seen.profile.as_str()).or_default() += 1;
    }
    let most = counts.into_iter().max_by(|left, right| left.1.cmp(&right.1).then(right.0.cmp(left.0)));
    most.map(|(name, _)| name.to_owned())
}

fn robots_finding(evidence: &Evidence) -> Finding {
    let robots = &evidence.robots;
    let found = match (robots.found, robots.refused) {
        (false, _) => "there is none: every page may be asked for".to_owned(),
        (true, 0) => "allows every page that is known".to_owned(),
        (true, refused) => format!("refuses {refused} of the pages that are known; they are left out"),
    };
    Finding { about: "robots.txt", found }
}

fn listing_findings(evidence: &Evidence) -> Vec<Finding> {
    let read = evidence.listings.iter().filter(|listing| listing.named.is_some_and(|named| named > 0));
    let mut findings: Vec<Finding> = read
        .map(|listing| {
            let about = match listing.kind.as_str() {
                "sitemap" => "sitemap",
                "llms_txt" => "llms.txt",
                "tree" | "commit" => "repository",
                _ => "index",
            };
            let named = listing.named.unwrap_or_default();
            Finding { about, found: format!("{} names {named} addresses", listing.url) }
        })
        .collect();
    if findings.is_empty() {
        findings.push(Finding {
            about: "lists",
            found: "no file lists the pages; they are found by links".to_owned(),
        });
    }
    findings
}

fn reading_findings(evidence: &Evidence, generator: Option<&str>) -> Vec<Finding> {
    let of = evidence.looked_at.len();
    let count =
        |wanted: &dyn Fn(&PageSeen) -> bool| evidence.looked_at.iter().filter(|seen| wanted(seen)).count();
    let found = match generator {
        Some(name) => format!("`{name}`, on {} of {of} pages", count(&|seen| seen.profile == name)),
        None => "none that is known; pages are read by what most sites have in common".to_owned(),
    };
    let read: Vec<&PageSeen> =
        evidence.looked_at.iter().filter(|seen| !seen.is_shell() || seen.needs_browser.is_some()).collect();
    let selected = read.iter().filter(|seen| seen.selected).count();
    let selectors = format!("the main content is found on {selected} of {} pages", read.len());
    vec![Finding { about: "generator", found }, Finding { about: "selectors", found: selectors }]
}

fn browser_finding(evidence: &Evidence) -> Finding {
    let shown = evidence.looked_at.iter().filter(|seen| seen.needs_browser.is_some()).count();
    let needed = evidence.looked_at.iter().filter(|seen| seen.needs_browser == Some(true)).count();
    let shells = evidence.looked_at.iter().filter(|seen| seen.is_shell()).count();
    let found = match (evidence.is_repository, shown, &evidence.no_browser) {
        (true, ..) => "files of a repository need no browser".to_owned(),
        (_, 0, Some(why)) if shells > 0 => {
            format!("{shells} of {} pages are empty without it, and {why}", evidence.looked_at.len())
        }
        (_, 0, Some(why)) => format!("not looked at: {why}"),
        (_, 0, None) => "not looked at: the pages hold their text as they are sent".to_owned(),
        (_, shown, _) if needed == 0 => {
            format!("not needed: {shown} of {shown} pages hold as much without it")
        }
        (_, shown, _) => format!("needed: {needed} of {shown} pages hold less without it"),
    };
    Finding { about: "javascript", found }
}

/// What a crawl would not recognise for another edition by itself, page by page.
fn excludes(others: &OtherEditions) -> Vec<String> {
    others.by_counterpart.keys().map(|edition| format!("/{}/", edition.name)).collect()
}

fn edition_findings(evidence: &Evidence, others: &OtherEditions) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (kind, about) in [(EditionKind::Version, "versions"), (EditionKind::Language, "languages")] {
        let all = others.certain.keys().chain(others.by_counterpart.keys());
        let mut names: Vec<&str> =
            all.filter(|edition| edition.kind == kind).map(|edition| edition.name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let stated = match kind {
            EditionKind::Version => evidence.looked_at.iter().find_map(|seen| seen.version.clone()),
            EditionKind::Language => evidence.looked_at.iter().find_map(|seen| seen.language.clone()),
        };
        let own = stated.map(|own| format!("this is `{own}`"));
        let beside = (!names.is_empty()).then(|| format!("left out: {}", quoted(&names)));
        let told: Vec<String> = own.into_iter().chain(beside).collect();
        if !told.is_empty() {
            findings.push(Finding { about, found: told.join("; ") });
        }
    }
    findings
}

fn menu_finding(groups: &[String], categories: &Map<String, Value>) -> Finding {
    let names: Vec<&str> = groups.iter().map(String::as_str).collect();
    let found = if !groups.is_empty() {
        format!("its groups are the categories: {}", quoted(&names))
    } else if categories.is_empty() {
        "no groups at its top; categories come from the pages and their addresses".to_owned()
    } else {
        format!(
            "no groups; categories by folder: {}",
            quoted(&categories.keys().map(String::as_str).collect::<Vec<_>>())
        )
    };
    Finding { about: "navigation", found }
}

fn rate_finding(evidence: &Evidence, rate: f64) -> Finding {
    let why = match (evidence.throttled, evidence.robots.crawl_delay) {
        (true, _) => "the server asked for patience",
        (false, Some(_)) => "with the `Crawl-delay` of robots.txt heeded",
        (false, None) => "robots.txt asks for no delay",
    };
    Finding { about: "rate", found: format!("one request in {rate} s: {why}") }
}

/// Seconds between two requests: what is polite, and more where the site asked for it.
fn rate(evidence: &Evidence, config: &SiteConfig) -> f64 {
    let pause = pause(evidence, config.politeness.delay).as_secs_f64();
    if evidence.throttled { (pause * 2.0).max(1.0) } else { pause }
}

/// The groups of the menus of the pages that were looked at, in their order.
fn groups(evidence: &Evidence) -> Vec<String> {
    let mut groups: Vec<String> = Vec::new();
    for seen in &evidence.looked_at {
        for item in seen.navigation.iter().filter(|item| is_group(item)) {
            let Some(name) = label::of_heading(&item.title) else { continue };
            if !groups.contains(&name) {
                groups.push(name);
            }
        }
    }
    // A menu of one group says nothing about what belongs together.
    if groups.len() < 2 { Vec::new() } else { groups }
}

fn is_group(item: &NavigationItem) -> bool {
    item.children.iter().any(|child| child.url.is_some() || is_group(child))
}

/// Categories by the folders of the addresses that are known.
fn categories(evidence: &Evidence) -> Map<String, Value> {
    let base = label::segments(&evidence.base_url);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for page in evidence.pages.iter().filter(|page| matches!(page.fate, Fate::Pending | Fate::Kept)) {
        let segments = label::segments(&page.url);
        if let Some(first) = segments.get(base.len()).filter(|_| segments.len() > base.len() + 1) {
            *counts.entry(first.to_lowercase()).or_default() += 1;
        }
    }
    counts.retain(|_, pages| *pages >= LEAST_IN_CATEGORY);
    if counts.len() < 2 {
        return Map::new();
    }
    counts.into_keys().map(|folder| (folder.clone(), Value::from(vec![folder]))).collect()
}

fn quoted(names: &[&str]) -> String {
    let first: Vec<String> = names.iter().take(QUOTED).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(QUOTED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{rest}", first.join(", "))
}
