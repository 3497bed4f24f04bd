//! Which spellings of an address a host takes for the same page, learned from its redirects and its duplicates.
//!
//! Slash and index file are folded in a page's key already. Whether `/Guide` is `/guide`, `/guide.html` is `/guide` and
//! `?ref=menu` means nothing differs from host to host: a rule is used only once it was seen to hold several times and
//! was never seen to fail, and only where the page that it leads to is known, so that nothing is lost by it.

use std::collections::BTreeMap;

use crate::url::CanonicalUrl;

/// How often a rule must have held.
const ENOUGH: u32 = 3;

/// How an address becomes the one under which its page is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rule {
    Lowercase,
    WithoutSuffix,
    WithSuffix,
    WithoutParameter(String),
}

const SUFFIX: &str = ".html";

#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    held: u32,
    failed: u32,
}

/// The rules of one site.
#[derive(Debug, Default)]
pub(super) struct Aliases(BTreeMap<Rule, Evidence>);

impl Aliases {
    /// Takes in that two addresses are one page.
    pub(super) fn observe(&mut self, from: &CanonicalUrl, to: &CanonicalUrl) {
        for rule in rules_between(from, to) {
            self.0.entry(rule).or_default().held += 1;
        }
    }

    /// The addresses at which a page would be by rules of which there is some evidence.
    pub(super) fn doubted(&self, url: &CanonicalUrl) -> Vec<CanonicalUrl> {
        self.0.keys().filter_map(|rule| rule.apply(url)).collect()
    }

    /// Takes in that two addresses are two pages.
    pub(super) fn refute(&mut self, from: &CanonicalUrl, to: &CanonicalUrl) {
        for rule in rules_between(from, to) {
            self.0.entry(rule).or_default().failed += 1;
        }
    }

    /// The addresses at which the page is, by the rules that hold.
    pub(super) fn of(&self, url: &CanonicalUrl) -> Vec<CanonicalUrl> {
        let holds = |evidence: &Evidence| evidence.held >= ENOUGH && evidence.failed == 0;
        let rules = || self.0.iter().filter(|(_, evidence)| holds(evidence)).map(|(rule, _)| rule);
        let mut found: Vec<CanonicalUrl> = rules().filter_map(|rule| rule.apply(url)).collect();
        // All rules together: a page may be linked in a spelling that several of them undo.
        let all = rules().fold(url.clone(), |url, rule| rule.apply(&url).unwrap_or(url));
        if all.key() != url.key() && !found.contains(&all) {
            found.push(all);
        }
        found
    }
}

impl Rule {
    /// The address that the rule makes of this one, where that is another page by its key.
    fn apply(&self, url: &CanonicalUrl) -> Option<CanonicalUrl> {
        let mut changed = url.as_url().clone();
        let path = url.path();
        match self {
            Self::Lowercase => changed.set_path(&path.to_ascii_lowercase()),
            Self::WithoutSuffix => changed.set_path(path.strip_suffix(SUFFIX)?),
            Self::WithSuffix if path.ends_with('/') || path.ends_with(SUFFIX) => return None,
            Self::WithSuffix => changed.set_path(&format!("{path}{SUFFIX}")),
            Self::WithoutParameter(name) => changed = url.without_parameter(name).as_url().clone(),
        }
        let changed = CanonicalUrl::from_url(changed).ok()?;
        (changed.key() != url.key()).then_some(changed)
    }
}

/// Whether one address may be another spelling of the other.
pub(super) fn is_spelling(one: &CanonicalUrl, other: &CanonicalUrl) -> bool {
    !rules_between(one, other).is_empty() || !rules_between(other, one).is_empty()
}

/// The rules that each lead from one address to the other; for parameters, those that do so together.
fn rules_between(from: &CanonicalUrl, to: &CanonicalUrl) -> Vec<Rule> {
    let target = to.key();
    let plain = [Rule::Lowercase, Rule::WithoutSuffix, Rule::WithSuffix];
    let mut rules: Vec<Rule> =
        plain.into_iter().filter(|rule| rule.apply(from).is_some_and(|url| url.key() == target)).collect();
    let names = |url: &CanonicalUrl| -> Vec<String> {
        let query = url.as_url().query().unwrap_or_default();
        query.split('&').map(|pair| pair.split('=').next().unwrap_or_default().to_owned()).collect()
    };
    let kept = names(to);
    let dropped: Vec<String> =
        names(from).into_iter().filter(|name| !name.is_empty() && !kept.contains(name)).collect();
    let without = dropped.iter().fold(from.clone(), |url, name| url.without_parameter(name));
    if !dropped.is_empty() && without.key() == target {
        rules.extend(dropped.into_iter().map(Rule::WithoutParameter));
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::{Aliases, is_spelling};
    use crate::url::CanonicalUrl;

    fn url(path: &str) -> CanonicalUrl {
        CanonicalUrl::parse(&format!("https://d.example{path}")).unwrap()
    }

    fn learned(pairs: &[(&str, &str)]) -> Aliases {
        let mut aliases = Aliases::default();
        for (from, to) in pairs {
            aliases.observe(&url(from), &url(to));
        }
        aliases
    }

    fn check(aliases: &Aliases, path: &str, expected: &[&str]) {
        let found = aliases.of(&url(path));
        let expected: Vec<CanonicalUrl> = expected.iter().map(|path| url(path)).collect();
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn a_rule_holds_when_it_was_seen_often_enough() {
        check(&learned(&[("/A", "/a"), ("/B", "/b")]), "/C", &[]);
        let case = learned(&[("/A", "/a"), ("/B/", "/b"), ("/Cd/E", "/cd/e")]);
        check(&case, "/Guide/Start", &["/guide/start"]);
        check(&case, "/guide", &[]);
        let suffix = learned(&[("/a.html", "/a"), ("/b.html", "/b/"), ("/c/d.html", "/c/d")]);
        check(&suffix, "/x.html", &["/x"]);
        let added = learned(&[("/a", "/a.html"), ("/b", "/b.html"), ("/c", "/c.html")]);
        check(&added, "/x", &["/x.html"]);
        check(&added, "/x/", &[]);
    }

    #[test]
    fn parameters_that_mean_nothing() {
        let pairs = [("/a?ref=menu", "/a"), ("/b?ref=top&x=1", "/b?x=1"), ("/c?ref=1", "/c")];
        let mut aliases = learned(&pairs);
        check(&aliases, "/d?ref=foot&page=2", &["/d?page=2"]);
        check(&aliases, "/d?page=2", &[]);
        aliases.refute(&url("/e?ref=1"), &url("/e"));
        check(&aliases, "/d?ref=foot&page=2", &[]);
    }

    #[test]
    fn what_is_no_spelling_teaches_nothing() {
        let mut aliases = Aliases::default();
        for (from, to) in [("/old", "/new"), ("/a?x=1", "/b")] {
            aliases.observe(&url(from), &url(to));
            assert!(!is_spelling(&url(from), &url(to)));
        }
        assert!(is_spelling(&url("/a"), &url("/A")) && is_spelling(&url("/a?x=1"), &url("/a")));
        assert!(aliases.doubted(&url("/Q.html?x=1")).is_empty());
    }
}
