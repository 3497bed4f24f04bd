//! Lists of CSS selectors, compiled once.

use std::fmt;

use scraper::{ElementRef, Html, Selector};

/// CSS selectors in order of preference.
#[derive(Clone, Default)]
pub struct Selectors {
    list: Vec<(String, Selector)>,
    /// All of them as one selector group, so that a question about an element is one walk over the list.
    any: Option<Selector>,
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
        let joined = list.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(", ");
        let any = (!list.is_empty()).then(|| Selector::parse(&joined).ok()).flatten();
        Self { list, any }
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
        self.any.as_ref().is_some_and(|any| any.matches(&element))
    }

    /// How many of the selectors match somewhere in the page.
    pub(crate) fn count_present(&self, html: &Html) -> usize {
        self.list.iter().filter(|(_, selector)| html.select(selector).next().is_some()).count()
    }

    /// The elements below one that any selector matches, in document order.
    pub(crate) fn select_below<'a>(&self, element: ElementRef<'a>) -> Vec<ElementRef<'a>> {
        self.any.as_ref().map(|any| element.select(any).collect()).unwrap_or_default()
    }

    /// The elements that the first matching selector yields, for each selector in order of preference.
    pub(crate) fn select_by_preference<'a>(
        &self,
        html: &'a Html,
    ) -> impl Iterator<Item = Vec<ElementRef<'a>>> {
        self.list.iter().map(|(_, selector)| html.select(selector).collect())
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
    own.map(str::trim).collect::<Vec<_>>().join(" ")
}

impl fmt::Debug for Selectors {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.texts()).finish()
    }
}
