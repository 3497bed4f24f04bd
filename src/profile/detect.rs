//! Picks the profile that recognises a page.

use scraper::{ElementRef, Html};

use super::{DetectRules, GENERIC, PageNames, Profiles, SelectorProfile};

/// A generator that names itself is nearly proof.
const GENERATOR_SCORE: usize = 5;
/// An element that only one generator writes.
const MARKER_SCORE: usize = 4;
/// A script may also have been added by hand.
const SCRIPT_SCORE: usize = 3;

impl Profiles {
    /// The profile with the most hits on the page; the more specific one where two are equal; `None` without any hit.
    pub(crate) fn recognise(&self, html: &Html, names: &PageNames) -> Option<&SelectorProfile> {
        let page = Fingerprint::of(html, names);
        self.by_name
            .values()
            .map(|profile| (self.score(profile, html, &page), profile))
            .filter(|(score, _)| *score > 0)
            .max_by_key(|(score, profile)| (*score, profile.depth))
            .map(|(_, profile)| profile)
    }

    /// What recognises the parent counts for a profile too, once something of its own is there: a theme of a generator
    /// must not lose to the generator for having fewer marks.
    fn score(&self, profile: &SelectorProfile, html: &Html, page: &Fingerprint<'_>) -> usize {
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
struct Fingerprint<'a> {
    names: &'a PageNames,
    generators: Vec<String>,
    scripts: Vec<String>,
}

impl<'a> Fingerprint<'a> {
    fn of(html: &Html, names: &'a PageNames) -> Self {
        let generators = names.with_attribute(html, "content").filter(|element| {
            let names_generator = |name: &str| name.eq_ignore_ascii_case("generator");
            element.value().name() == "meta" && element.attr("name").is_some_and(names_generator)
        });
        let scripts = names.with_attribute(html, "src").filter(|element| element.value().name() == "script");
        let values = |attribute: &'static str| {
            move |element: ElementRef<'_>| element.attr(attribute).map(str::to_lowercase)
        };
        Self {
            names,
            generators: generators.filter_map(values("content")).collect(),
            scripts: scripts.filter_map(values("src")).collect(),
        }
    }
}

fn own_score(rules: &DetectRules, html: &Html, page: &Fingerprint<'_>) -> usize {
    let hits = |words: &[String], texts: &[String], hit: fn(&str, &str) -> bool| {
        words.iter().filter(|word| texts.iter().any(|text| hit(text, word))).count()
    };
    GENERATOR_SCORE * hits(&rules.generator, &page.generators, |text, word| text.trim().starts_with(word))
        + SCRIPT_SCORE * hits(&rules.scripts, &page.scripts, |text, word| text.contains(word))
        + MARKER_SCORE * rules.markers.count_present(html, page.names)
}
