//! What `render: auto` asks about pages: how they are built, and what the browser adds to them.
//!
//! The reading is `extract`'s; this joins it to the site: links matter only where the crawl would follow them and
//! nothing has led there yet.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use serde_json::json;

use crate::config::{ExtractRules, SiteConfig};
use crate::extract::{
    FormComparison, compare_forms, compare_markdown, compare_routed, declared_markdown, page_shape,
};
use crate::fetch::adaptive::{PageJudge, Template};
use crate::fetch::browser::RouteJudge;
use crate::fetch::judged::{Comparison, Finding};
use crate::fetched::{Dom, Fetched};
use crate::profile::Profiles;
use crate::scope::{Judgement, PatternError, Scope};
use crate::url::{CanonicalUrl, PageKey};

/// The mark of the page that visitors come to first; such pages are often made otherwise than the rest.
const FRONT_PAGE: &str = "front page";
/// How many links are quoted in a comparison.
const QUOTED_LINKS: usize = 3;

/// Judges the pages of one site.
#[derive(Debug)]
pub struct SiteJudge {
    profiles: Profiles,
    rules: ExtractRules,
    scope: Scope,
    front: HashSet<PageKey>,
    follows_links: bool,
    known: Mutex<Known>,
    /// Where a page that the user named says that the documentation is.
    docs_root: Mutex<Option<CanonicalUrl>>,
}

/// What the crawl of this run has come across.
#[derive(Debug, Default)]
struct Known {
    links: HashSet<PageKey>,
    menu: HashSet<PageKey>,
}

impl SiteJudge {
    /// A judge that reads pages as the pipeline will.
    ///
    /// # Errors
    ///
    /// [`PatternError`] when a pattern of the config is no pattern.
    pub fn new(config: &SiteConfig, profiles: &Profiles) -> Result<Self, PatternError> {
        let discover = config.scope.discover;
        Ok(Self {
            profiles: profiles.clone(),
            rules: config.extract.clone(),
            scope: Scope::new(&config.scope)?,
            front: [&config.scope.base_url]
                .into_iter()
                .chain(config.scope.start_urls.first())
                .map(CanonicalUrl::key)
                .collect(),
            follows_links: discover.links || discover.navigation,
            known: Mutex::default(),
            docs_root: Mutex::default(),
        })
    }

    /// Takes note of links that the crawl has come across.
    pub fn note_links<'a>(&self, links: impl Iterator<Item = &'a CanonicalUrl>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.links.extend(links.map(CanonicalUrl::key));
    }

    /// Takes note of where a page says that the documentation is; only the pages that visitors come to first count.
    pub fn note_docs_root(&self, page: &CanonicalUrl, docs_root: Option<CanonicalUrl>) {
        // A link to the start of the very documentation that is crawled says nothing new.
        let is_elsewhere = |root: &CanonicalUrl| !page.as_str().starts_with(root.as_str());
        if self.front.contains(&page.key())
            && let Some(docs_root) = docs_root.filter(is_elsewhere)
        {
            self.docs_root.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(docs_root);
        }
    }

    /// Where the documentation seems to be, if the site's front page is none of it and says so.
    pub fn docs_root(&self) -> Option<CanonicalUrl> {
        self.docs_root.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The pages that only rendering led to, now and for the first time.
    fn news(&self, compared: &FormComparison) -> Vec<CanonicalUrl> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let known = &mut *known;
        let mut news: Vec<CanonicalUrl> = Vec::new();
        for (links, known) in
            [(&compared.more_links, &mut known.links), (&compared.more_menu, &mut known.menu)]
        {
            let wanted =
                |url: &&CanonicalUrl| self.follows_links && self.scope.judge(url) == Judgement::InScope;
            for url in links.iter().filter(wanted) {
                if known.insert(url.key()) && !news.contains(url) {
                    news.push(url.clone());
                }
            }
        }
        news
    }
}

impl RouteJudge for SiteJudge {
    /// A link that only the loaded form has is one that the crawl would not come across.
    fn compare_routed(&self, loaded: &Fetched, routed: &Dom) -> Comparison {
        let compared = compare_routed(loaded, routed, &self.profiles, &self.rules);
        let lost: Vec<&CanonicalUrl> = compared
            .more_links
            .union(&compared.more_menu)
            .filter(|url| self.follows_links && self.scope.judge(url) == Judgement::InScope)
            .collect();
        let finding = match (compared.is_same && compared.has_same_title, compared.is_conclusive, &*lost) {
            (false, _, _) if compared.has_same_title && compared.only_in_dom.is_empty() => Finding::Hidden,
            (false, _, _) => Finding::Different,
            (true, false, _) => Finding::Inconclusive,
            (true, true, []) => Finding::Same,
            (true, true, _) => Finding::MoreLinks,
        };
        let quoted: Vec<&CanonicalUrl> = lost.iter().take(QUOTED_LINKS).copied().collect();
        let evidence = json!({
            "routed": compared.sent,
            "loaded": compared.dom,
            "only_loaded": compared.only_in_dom,
            "only_routed": compared.only_as_sent,
            "same_title": compared.has_same_title,
            "lost_links": {"count": lost.len(), "first": quoted},
        });
        Comparison { finding, evidence }
    }
}

impl PageJudge for SiteJudge {
    fn template(&self, page: &Fetched) -> Template {
        let mut shape = page_shape(page);
        if self.front.contains(&page.url.key()) {
            shape.marks.insert(FRONT_PAGE.to_owned());
        }
        Template { name: shape.template, marks: shape.marks }
    }

    fn compare(&self, page: &Fetched) -> Comparison {
        let compared = compare_forms(page, &self.profiles, &self.rules);
        let news = self.news(&compared);
        let finding = finding_of(&compared, &news);
        let quoted: Vec<&CanonicalUrl> = news.iter().take(QUOTED_LINKS).collect();
        let evidence = json!({
            "sent": compared.sent,
            "dom": compared.dom,
            "only_in_dom": compared.only_in_dom,
            "only_as_sent": compared.only_as_sent,
            "new_links": {"count": news.len(), "first": quoted},
        });
        Comparison { finding, evidence }
    }

    fn markdown_named(&self, page: &Fetched) -> Option<CanonicalUrl> {
        declared_markdown(page)
    }

    /// Markdown that leads to pages which the rendered page does not lead to was written for another address than the
    /// page's, or of another page.
    fn compare_markdown(&self, page: &Fetched) -> Comparison {
        let compared = compare_markdown(page, &self.profiles, &self.rules);
        let in_scope = |url: &&CanonicalUrl| self.scope.judge(url) == Judgement::InScope;
        let astray: Vec<&CanonicalUrl> = compared.other_links.iter().filter(in_scope).collect();
        let compared = compared.forms;
        let news = self.news(&compared);
        let finding = match finding_of(&compared, &news) {
            Finding::MoreLinks | Finding::Same if !astray.is_empty() => Finding::Different,
            finding => finding,
        };
        let quoted: Vec<&CanonicalUrl> = news.iter().take(QUOTED_LINKS).collect();
        let quoted_astray: Vec<&CanonicalUrl> = astray.iter().take(QUOTED_LINKS).copied().collect();
        let evidence = json!({
            "markdown": compared.sent,
            "dom": compared.dom,
            "only_in_dom": compared.only_in_dom,
            "only_in_markdown": compared.only_as_sent,
            "new_links": {"count": news.len(), "first": quoted},
            "links_astray": {"count": astray.len(), "first": quoted_astray},
        });
        Comparison { finding, evidence }
    }
}

/// What a comparison with the rendered form found, given the pages that only this form led to.
fn finding_of(compared: &FormComparison, news: &[CanonicalUrl]) -> Finding {
    match (compared.is_same, compared.is_conclusive, news.is_empty()) {
        (false, _, _) if compared.only_in_dom.is_empty() => Finding::Hidden,
        (false, _, _) => Finding::Different,
        (true, false, _) => Finding::Inconclusive,
        (true, true, false) => Finding::MoreLinks,
        (true, true, true) => Finding::Same,
    }
}
