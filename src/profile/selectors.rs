//! Lists of CSS selectors, compiled once.

use std::collections::HashSet;
use std::fmt;

use scraper::{ElementRef, Html, Selector};

use super::index::Index;

/// CSS selectors in order of preference.
#[derive(Clone, Default)]
pub struct Selectors {
    list: Vec<(String, Selector)>,
    /// All of them by what they demand, so that a question about an element is asked of few.
    index: Index,
    /// Each of them on its own.
    each: Vec<Index>,
}

/// A text that is no CSS selector.
#[derive(Debug)]
pub(crate) struct InvalidSelector {
    pub(crate) selector: String,
    pub(crate) message: String,
}

impl Selectors {
    /// Compiles selectors, keeping their order.
    pub(crate) fn parse<T: AsRef<str>>(texts: &[T]) -> Result<Self, InvalidSelector> {
        let mut list = Vec::with_capacity(texts.len());
        for text in texts {
            list.push((text.as_ref().to_owned(), compile(text.as_ref())?));
        }
        Ok(Self::from_list(list))
    }

    fn from_list(list: Vec<(String, Selector)>) -> Self {
        let index = Index::of(list.iter().map(|(text, selector)| (text.as_str(), selector)));
        let each =
            list.iter().map(|(text, selector)| Index::of([(text.as_str(), selector)].into_iter())).collect();
        Self { list, index, each }
    }

    /// This list and then the other, without saying anything twice.
    pub(crate) fn followed_by(&self, other: &Self) -> Self {
        let mut list = self.list.clone();
        for (text, selector) in &other.list {
            if !list.iter().any(|(known, _)| known == text) {
                list.push((text.clone(), selector.clone()));
            }
        }
        Self::from_list(list)
    }

    /// How many selectors there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is no selector at all.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The selectors as they were written.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.list.iter().map(|(text, _)| text.as_str())
    }

    /// Whether any selector matches the element.
    pub(crate) fn matches(&self, element: ElementRef<'_>) -> bool {
        self.index.matches(element)
    }

    /// How many of the selectors match somewhere in the page, whose classes and ids are `names`.
    pub(crate) fn count_present(&self, html: &Html, names: &PageNames) -> usize {
        self.present(html, names).count()
    }

    /// Which of the selectors match somewhere in the page, by their places in the list.
    pub(crate) fn present(&self, html: &Html, names: &PageNames) -> impl Iterator<Item = usize> {
        let is_present = |((text, _), index): &(&(String, Selector), &Index)| {
            names.may_match(text) && elements_of(html).any(|element| index.matches(element))
        };
        let entries = self.list.iter().zip(&self.each).enumerate();
        entries.filter(move |(_, entry)| is_present(entry)).map(|(place, _)| place)
    }

    /// The elements below one that any selector matches, in document order.
    pub(crate) fn select_below<'a>(&self, element: ElementRef<'a>) -> Vec<ElementRef<'a>> {
        element.descendent_elements().skip(1).filter(|below| self.matches(*below)).collect()
    }

    /// The elements that the first matching selector yields, for each selector in order of preference.
    pub(crate) fn select_by_preference<'a>(
        &self,
        html: &'a Html,
    ) -> impl Iterator<Item = Vec<ElementRef<'a>>> {
        let matches_of =
            |index: &Index| elements_of(html).filter(|element| index.matches(*element)).collect();
        self.each.iter().map(matches_of)
    }
}

/// The classes and ids of a page, in lower case: most selectors of most profiles name one that the page has not, and then
/// no element needs to be looked at.
pub(crate) struct PageNames(HashSet<String>);

impl PageNames {
    /// Collects them in one walk.
    pub(crate) fn of(html: &Html) -> Self {
        let attributes =
            html.tree.values().filter_map(|node| node.as_element()).flat_map(|element| element.attrs());
        let names = attributes.filter(|(key, _)| matches!(*key, "class" | "id"));
        Self(names.flat_map(|(_, value)| value.split_ascii_whitespace()).map(str::to_lowercase).collect())
    }

    /// `false` where the selector cannot match; only plain ones of tags, classes and ids are judged.
    fn may_match(&self, selector: &str) -> bool {
        let is_plain = !selector.contains(['(', '[', ':', ',', '\\']);
        let compounds = selector.split([' ', '>', '+', '~']);
        let mut names = compounds.flat_map(|compound| compound.split(['.', '#']).skip(1));
        !is_plain || names.all(|name| self.0.contains(&name.to_lowercase()))
    }
}

/// All elements in the order in which the parser made them: much faster than a walk down the tree, and the same order save
/// where a broken table lets its content out.
fn elements_of(html: &Html) -> impl Iterator<Item = ElementRef<'_>> {
    html.tree.nodes().filter_map(ElementRef::wrap)
}

fn compile(text: &str) -> Result<Selector, InvalidSelector> {
    Selector::parse(text)
        .map_err(|error| InvalidSelector { selector: text.to_owned(), message: one_line(&error.to_string()) })
}

/// The parser's words in one line. For some faults it begins with a call to report them to its developer, which is of
/// no use to who wrote the selector.
fn one_line(message: &str) -> String {
    let own = message.lines().filter(|line| !line.contains("Please report this"));
    own.map(str::trim).collect::<Vec<_>>().join(" ")
}

impl fmt::Debug for Selectors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.texts()).finish()
    }
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::{PageNames, Selectors};

    #[test]
    fn a_selector_that_names_what_the_page_has_not_is_not_present() {
        let html = Html::parse_document("<body class='A b'><main id=c><p class=d>x</main>");
        let names = PageNames::of(&html);
        let check = |selector: &str, is_present: bool| {
            let count = Selectors::parse(&[selector]).unwrap().count_present(&html, &names);
            assert_eq!(count, usize::from(is_present), "{selector}");
        };
        check("#c", true);
        check("body.A.b > #c .d", true);
        check("main#c.d", false);
        check(".e", false);
        check(".d .e", false);
        check(".d, .e", true);
        check("main:not(.e) p", true);
        check("[class~=d]", true);
    }
}
