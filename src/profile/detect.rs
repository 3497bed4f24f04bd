//! Picks the profile that recognises a page.

use scraper::{Html, Selector};

use super::selectors::PageNames;
use super::{DetectRules, GENERIC, Profiles, SelectorProfile};

/// A generator that names itself is nearly proof.
const GENERATOR_SCORE: usize = 5;
/// An element that only one generator writes.
const MARKER_SCORE: usize = 4;
/// A script may also have been added by hand.
const SCRIPT_SCORE: usize = 3;

impl Profiles {
    /// The profile with the most hits on the page; the more specific one where two are equal; `None` without any hit.
    pub(crate) fn recognise(&self, html: &Html) -> Option<&SelectorProfile> {
        let page = Fingerprint::of(html);
        self.by_name
            .values()
            .map(|profile| (self.score(profile, html, &page), profile))
            .filter(|(score, _)| *score > 0)
            .max_by_key(|(score, profile)| (*score, profile.depth))
            .map(|(_, profile)| profile)
    }

    /// What recognises the parent counts for a profile too, once something of its own is there: a theme of a generator
    /// must not lose to the generator for having fewer marks.
    fn score(&self, profile: &SelectorProfile, html: &Html, page: &Fingerprint) -> usize {
        let own = own_score(&profile.detect, html, page);
        if own == 0 {
            return 0;
        }
        let parent = profile.extends.as_ref().and_then(|name| self.by_name.get(name));
        own + parent.map_or(0, |parent| self.score(parent, html, page))
    }

    /// The profile that reads what no other recognises.
    pub(crate) fn generic(&self) -> Option<&SelectorProfile> {
        self.by_name.get(GENERIC)
    }
}

/// What a page says about its making.
struct Fingerprint {
    names: PageNames,
    generators: Vec<String>,
    scripts: Vec<String>,
}

impl Fingerprint {
    fn of(html: &Html) -> Self {
        Self {
            names: PageNames::of(html),
            generators: attributes(html, "meta[name='generator' i]", "content"),
            scripts: attributes(html, "script[src]", "src"),
        }
    }
}

fn attributes(html: &Html, selector: &str, attribute: &str) -> Vec<String> {
    let Ok(selector) = Selector::parse(selector) else { return Vec::new() };
    html.select(&selector).filter_map(|element| element.attr(attribute)).map(str::to_lowercase).collect()
}

fn own_score(rules: &DetectRules, html: &Html, page: &Fingerprint) -> usize {
    let hits = |words: &[String], texts: &[String], hit: fn(&str, &str) -> bool| {
        words.iter().filter(|word| texts.iter().any(|text| hit(text, word))).count()
    };
    GENERATOR_SCORE * hits(&rules.generator, &page.generators, |text, word| text.trim().starts_with(word))
        + SCRIPT_SCORE * hits(&rules.scripts, &page.scripts, |text, word| text.contains(word))
        + MARKER_SCORE * rules.markers.count_present(html, &page.names)
}
