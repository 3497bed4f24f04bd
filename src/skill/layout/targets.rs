//! Where the pages of the skill and their headings are, for links between them.

use std::collections::{BTreeMap, HashMap};

use crate::skill::layout::aliases::Aliases;
use crate::url::{CanonicalUrl, PageKey};

/// A heading within the skill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// The file within `references/`.
    pub file: String,
    /// The anchor of the heading.
    pub anchor: String,
}

impl Spot {
    /// The link to it as seen from a reference file.
    fn from(&self, file: &str) -> String {
        if self.file == file { format!("#{}", self.anchor) } else { format!("{}#{}", self.file, self.anchor) }
    }
}

#[derive(Debug)]
struct Target {
    page: Spot,
    /// The headings of the page, by every anchor that links may use for them, in lower case.
    headings: BTreeMap<String, Spot>,
    /// For names that the page documents, by their last part in lower case: the heading they stand under.
    names: BTreeMap<String, Spot>,
}

/// Where the links of a skill lead.
#[derive(Debug)]
pub struct Targets<'a> {
    pages: HashMap<PageKey, Target>,
    aliases: &'a Aliases,
}

impl<'a> Targets<'a> {
    /// Knows no page yet.
    pub fn new(aliases: &'a Aliases) -> Self {
        Self { pages: HashMap::new(), aliases }
    }

    /// Adds a page, or a further part of one: the first part is where links to the page as a whole lead.
    pub fn add(
        &mut self,
        url: &CanonicalUrl,
        page: Spot,
        headings: &BTreeMap<String, String>,
        names: &BTreeMap<String, String>,
    ) {
        let spot = |anchor: &String| Spot { file: page.file.clone(), anchor: anchor.clone() };
        let target = self.pages.entry(url.key()).or_insert_with(|| Target {
            page: page.clone(),
            headings: BTreeMap::new(),
            names: BTreeMap::new(),
        });
        for (own, anchor) in headings {
            target.headings.entry(own.clone()).or_insert_with(|| spot(anchor));
        }
        for (name, anchor) in names {
            target.names.entry(name.clone()).or_insert_with(|| spot(anchor));
        }
    }

    /// Takes over what headings that were folded into another page's stand for.
    pub fn move_headings(&mut self) {
        for ((page, own), (other, anchor)) in &self.aliases.headings {
            let spot = self
                .pages
                .get(other)
                .map(|target| target.headings.get(anchor).cloned().unwrap_or_else(|| target.page.clone()));
            if let (Some(spot), Some(target)) = (spot, self.pages.get_mut(page)) {
                target.headings.entry(own.clone()).or_insert(spot);
            }
        }
    }

    /// The link that replaces a URL within a reference file; `None` when it leads out of the skill.
    pub fn link(&self, url: &str, from: &str) -> Option<String> {
        let canonical = CanonicalUrl::parse(url).ok()?;
        let target =
            self.pages.get(&canonical.key()).or_else(|| self.pages.get(&self.aliases.page(&canonical)?))?;
        let fragment = url.split_once('#').map(|(_, fragment)| fragment.to_lowercase());
        let spot = fragment
            .filter(|fragment| !fragment.starts_with(['/', '!']))
            .and_then(|fragment| {
                let name = fragment.rsplit(['.', ':', '/']).next().unwrap_or_default();
                target.headings.get(&fragment).or_else(|| target.names.get(name))
            })
            .unwrap_or(&target.page);
        Some(spot.from(from))
    }
}
