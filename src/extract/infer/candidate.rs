//! The selectors that an element suggests by its names: short, and likely to be there on the next page too.

use scraper::ElementRef;

use crate::config::ExtractRules;
use crate::extract::dom::{ancestry, descendants, name, parent, text_of};
use crate::extract::main_content;
use crate::extract::page::Page;
use crate::extract::read_page;
use crate::extract::survey::form_read;
use crate::fetched::Fetched;
use crate::profile::Profiles;
use crate::url::CanonicalUrl;

/// Elements whose name says what they are for.
const LANDMARKS: [&str; 6] = ["main", "article", "nav", "aside", "header", "footer"];
/// Roles that do.
const ROLES: [&str; 7] =
    ["main", "article", "navigation", "banner", "contentinfo", "search", "complementary"];
/// The longest name that is worth writing down.
const LONGEST: usize = 40;
/// How many classes of an element are tried.
const CLASSES: usize = 8;
/// How many elements a place is told by.
const PATH: usize = 3;

/// A selector, made of one compound or of a compound and a child.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Candidate {
    /// How well its name says what it is for; the less the better.
    pub(super) rank: u8,
    /// The compound that names the element, or its parent.
    pub(super) base: String,
    /// The child's name, where the element has none of its own.
    pub(super) child: Option<String>,
}

impl Candidate {
    pub(super) fn selector(&self) -> String {
        match &self.child {
            Some(child) => format!("{} > {child}", self.base),
            None => self.base.clone(),
        }
    }
}

/// The selectors of one compound that an element suggests.
pub(super) fn of_element(element: ElementRef<'_>) -> Vec<Candidate> {
    let tag = name(element);
    let mut found = Vec::new();
    let mut push = |rank, base: String| found.push(Candidate { rank, base, child: None });
    if let Some(role) = element.attr("role").filter(|role| ROLES.contains(role)) {
        push(0, format!("[role={role}]"));
    }
    if LANDMARKS.contains(&tag) {
        push(if tag == "main" { 0 } else { 1 }, tag.to_owned());
    }
    if let Some(id) = element.attr("id").filter(|id| is_lasting(id)) {
        push(1, format!("#{id}"));
    }
    for class in element.value().classes().take(CLASSES) {
        if class.starts_with("language-") {
            push(2, format!("{tag}[class*=language-]"));
        } else if is_lasting(class) {
            push(2, format!("{tag}.{class}"));
        } else if let Some(stem) = module_stem(class) {
            push(3, format!("{tag}[class*={stem}]"));
        }
    }
    found
}

/// Those, or for an element without a name of its own those of its parent with its tag.
pub(super) fn of_element_or_parent(element: ElementRef<'_>) -> Vec<Candidate> {
    let own = of_element(element);
    if !own.is_empty() {
        return own;
    }
    let above = parent(element).map(of_element).unwrap_or_default();
    let child = Some(name(element).to_owned());
    above.into_iter().map(|above| Candidate { rank: above.rank + 3, child: child.clone(), ..above }).collect()
}

/// Whether a class or id says what the element is, not which page or which build it is of.
fn is_lasting(word: &str) -> bool {
    word.len() >= 2
        && word.len() <= LONGEST
        && word.starts_with(|first: char| first.is_ascii_alphabetic())
        && word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-' || byte == b'_')
        && module_stem(word).is_none()
        && !word.starts_with("svelte-")
        && !word.starts_with("css-")
        && !word.starts_with("sc-")
}

/// The lasting part of a class of CSS modules, as `docItem_` of `docItem_aB3d`.
fn module_stem(word: &str) -> Option<&str> {
    let (stem, hash) = word.rsplit_once('_')?;
    let is_camel = stem.bytes().any(|byte| byte.is_ascii_uppercase());
    let is_mixed = hash.bytes().any(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase());
    let is_hash = (4..=8).contains(&hash.len())
        && hash.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && (is_mixed || is_camel);
    let is_name = stem.len() >= 3
        && stem.starts_with(|first: char| first.is_ascii_alphabetic())
        && stem.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    (is_hash && is_name).then(|| word.get(..=stem.len())).flatten()
}

/// Where a line of a reading stands in its page: the innermost element with this text in the main content, told by the
/// names of it and of what is above.
pub fn locate(fetched: &Fetched, text: &str, profiles: &Profiles, rules: &ExtractRules) -> Option<String> {
    let form = form_read(fetched, read_page(fetched, profiles, rules).source)?;
    let page = Page::parse(&form);
    let profile = page.profile(profiles, rules);
    let root = main_content::find(&page, &profile).map(|(root, _)| root);
    let wanted = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let below = descendants(root.unwrap_or_else(|| page.html().root_element()));
    let place = below.filter(|element| text_of(**element) == wanted).last()?;
    let mut path: Vec<String> = Vec::new();
    for element in ancestry(place).take(PATH) {
        let named = of_element(element).last().map(Candidate::selector);
        let is_named = named.is_some();
        path.push(named.unwrap_or_else(|| name(element).to_owned()));
        if is_named {
            break;
        }
    }
    path.reverse();
    Some(path.join(" > "))
}

/// The address of a link as the crawl knows it.
pub(super) fn target(link: ElementRef<'_>, base: &CanonicalUrl) -> Option<CanonicalUrl> {
    base.join(link.attr("href")?).ok()
}

#[cfg(test)]
mod tests {
    use super::{is_lasting, module_stem};

    #[test]
    fn names_of_a_page_or_a_build_do_not_last() {
        for word in ["content", "bd-article", "VPDoc", "theme-doc-markdown", "rst_content"] {
            assert!(is_lasting(word), "{word}");
        }
        for word in ["mt-4", "lg:flex", "css-xyz", "sc-abc", "page-12", "svelte-abc", "docItem_aB3d", "x"] {
            assert!(!is_lasting(word), "{word}");
        }
        assert_eq!(module_stem("docItem_aB3d"), Some("docItem_"));
        assert_eq!(module_stem("codeBlock_biex"), Some("codeBlock_"));
        assert_eq!(module_stem("rst_content"), None);
    }
}
