//! Lists of CSS selectors, compiled once.

use std::fmt;
use std::sync::Arc;

use scraper::{ElementRef, Html, Selector};

use super::index::{Entry, Index};
use super::page_names::{PageNames, elements};

/// CSS selectors in order of preference.
#[derive(Clone, Default)]
pub struct Selectors {
    list: Vec<Arc<Entry>>,
    /// All of them by what they demand, so that a question about an element is asked of few.
    index: Index,
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
            list.push(Arc::new(Entry::new(text.as_ref(), compile(text.as_ref())?)));
        }
        Ok(Self::from_list(list))
    }

    fn from_list(list: Vec<Arc<Entry>>) -> Self {
        let index = Index::of(&list);
        Self { list, index }
    }

    /// This list and then the other, without saying anything twice.
    pub(crate) fn followed_by(&self, other: &Self) -> Self {
        let mut list = self.list.clone();
        for entry in &other.list {
            if !list.iter().any(|known| known.text == entry.text) {
                list.push(Arc::clone(entry));
            }
        }
        Self::from_list(list)
    }

    /// Those of the list that can match in the page at all: most name something that it has not.
    pub(crate) fn for_page(&self, names: &PageNames) -> Self {
        let may_match = |entry: &&Arc<Entry>| entry.wanted.iter().any(|wanted| names.may_match(wanted));
        let list: Vec<_> = self.list.iter().filter(may_match).map(Arc::clone).collect();
        Self { index: Index::for_page(&list, names), list }
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
        self.list.iter().map(|entry| entry.text.as_str())
    }

    /// Whether any selector matches the element.
    pub(crate) fn matches(&self, element: ElementRef<'_>) -> bool {
        !self.list.is_empty() && self.index.matches(element)
    }

    /// How many of the selectors match somewhere in the page, whose names are `names`.
    pub(crate) fn count_present(&self, html: &Html, names: &PageNames) -> usize {
        self.present(html, names).count()
    }

    /// Which of the selectors match somewhere in the page, by their places in the list.
    pub(crate) fn present(&self, html: &Html, names: &PageNames) -> impl Iterator<Item = usize> {
        let is_present = |entry: &Entry| {
            let places = names.candidates(&entry.wanted);
            elements(html, &places).any(|element| entry.selector.matches(&element))
        };
        let entries = self.list.iter().enumerate();
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
        names: &PageNames,
    ) -> impl Iterator<Item = Vec<ElementRef<'a>>> {
        let matches_of = |entry: &Arc<Entry>| {
            let places = names.candidates(&entry.wanted);
            elements(html, &places).filter(|element| entry.selector.matches(element)).collect()
        };
        self.list.iter().map(matches_of)
    }
}

fn compile(text: &str) -> Result<Selector, InvalidSelector> {
    Selector::parse(text)
        .map_err(|error| InvalidSelector { selector: text.to_owned(), message: one_line(&error.to_string()) })
}

/// The parser's words in one line. For some faults it begins with a call to report them to its developer, which is of
/// no use to who wrote the selector.
fn one_line(message: &str) -> String {
    let own = message.lines().filter(|line| !line.contains("Please report this"));
    apart(&own.map(str::trim).collect::<Vec<_>>().join(" "))
}

/// A fault that the parser tells by the name it has in its code, such as `DanglingCombinator`, in words.
fn apart(message: &str) -> String {
    let is_name = message.chars().all(|letter| letter.is_ascii_alphabetic())
        && message.chars().skip(1).any(|letter| letter.is_ascii_uppercase());
    if !is_name {
        return message.to_owned();
    }
    let mut words = String::new();
    for letter in message.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

impl fmt::Debug for Selectors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.texts()).finish()
    }
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::Selectors;
    use crate::profile::PageNames;

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
