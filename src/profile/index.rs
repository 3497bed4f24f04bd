//! Which of many selectors can match an element at all: those that ask of it what it has.
//!
//! A profile has some hundred selectors and a page some ten thousand elements. As style engines do, each selector is filed
//! under one thing that its last compound demands (an id, a class, an attribute, a tag), so that most elements are
//! compared with none of them.

use std::collections::HashMap;
use std::sync::Arc;

use scraper::{ElementRef, Selector};

use super::demand::{Demand, Demands, VALUED, demands};
use super::page_names::{Name, NameHasher, PageNames, Sort, Wanted};

/// A selector, or a group of them, with what its text says of what it can match.
pub(super) struct Entry {
    /// As it was written.
    pub(super) text: String,
    pub(super) selector: Selector,
    demands: Vec<Demands>,
    /// What each of the group demands.
    pub(super) wanted: Vec<Wanted>,
}

impl Entry {
    pub(super) fn new(text: &str, selector: Selector) -> Self {
        let demands = demands(text);
        let wanted = demands.iter().map(Wanted::of).collect();
        Self { text: text.to_owned(), selector, demands, wanted }
    }
}

/// Selectors, each under what it demands.
#[derive(Clone, Default)]
pub(super) struct Index {
    ids: Shelf,
    classes: Shelf,
    attributes: Shelf,
    values: Shelf,
    tags: Shelf,
    /// Those that demand nothing that can be looked up.
    others: Vec<Arc<Entry>>,
}

type Shelf = HashMap<Name, Vec<Arc<Entry>>, NameHasher>;

impl Index {
    /// Files selectors under what is rare in most pages.
    pub(super) fn of(entries: &[Arc<Entry>]) -> Self {
        Self::filed(entries, |demands| demands.own.first())
    }

    /// Files selectors under what is rare in one page.
    pub(super) fn for_page(entries: &[Arc<Entry>], names: &PageNames) -> Self {
        Self::filed(entries, |demands| {
            demands.own.iter().min_by_key(|demand| names.count(Name::of_demand(demand)))
        })
    }

    fn filed(entries: &[Arc<Entry>], rarest: impl Fn(&Demands) -> Option<&Demand>) -> Self {
        let mut index = Self::default();
        for entry in entries {
            for demands in &entry.demands {
                let Some(rarest) = rarest(demands) else {
                    index.others.push(Arc::clone(entry));
                    continue;
                };
                let shelf = match rarest {
                    Demand::Value(_) => &mut index.values,
                    Demand::Id(_) => &mut index.ids,
                    Demand::Class(_) => &mut index.classes,
                    Demand::Attribute(_) => &mut index.attributes,
                    Demand::Tag(_) => &mut index.tags,
                };
                shelf.entry(Name::of_demand(rarest)).or_default().push(Arc::clone(entry));
            }
        }
        index
    }

    /// Whether any of the selectors matches the element.
    pub(super) fn matches(&self, element: ElementRef<'_>) -> bool {
        let filed = |shelf: &Shelf, name: Name| {
            shelf
                .get(&name)
                .is_some_and(|entries| entries.iter().any(|entry| entry.selector.matches(&element)))
        };
        let tried =
            |shelf: &Shelf, sort: Sort, name: &str| !shelf.is_empty() && filed(shelf, Name::of(sort, name));
        let value = element.value();
        if tried(&self.tags, Sort::Tag, value.name())
            || self.others.iter().any(|entry| entry.selector.matches(&element))
        {
            return true;
        }
        if [&self.ids, &self.classes, &self.attributes, &self.values].iter().all(|shelf| shelf.is_empty()) {
            return false;
        }
        // The attributes are walked as they are: asking for one by name costs more than looking at all.
        value.attrs().any(|(name, text)| {
            let by_value = match name {
                "class" if !self.classes.is_empty() => {
                    text.split_ascii_whitespace().any(|class| tried(&self.classes, Sort::Class, class))
                }
                "id" => tried(&self.ids, Sort::Id, text),
                _ if !self.values.is_empty() && VALUED.contains(&name) => {
                    filed(&self.values, Name::of_value(name, text))
                }
                _ => false,
            };
            by_value || tried(&self.attributes, Sort::Attribute, name)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use scraper::{Html, Selector};

    use super::{Entry, Index};

    #[test]
    fn an_index_says_what_the_selectors_say() {
        let html = Html::parse_document(
            "<main class='A b'><p id=x class=lead>a<a href=/edit/>b</a></p><div role=tab><i data-k=v>c</i></div></main>",
        );
        let texts = [
            ".a",
            "p.lead > a",
            "[role=tab] i",
            "[role=tab]",
            "div[role='Tab'], [role=tablist]",
            "main:has([role=tab])",
            "#x",
            ":has(> i)",
            "main:not(.b)",
            "[data-k]",
            "a, i",
            "* > *",
        ];
        for text in texts {
            let selector = Selector::parse(text).unwrap();
            let index = Index::of(&[Arc::new(Entry::new(text, selector.clone()))]);
            for element in html.root_element().descendent_elements() {
                assert_eq!(
                    index.matches(element),
                    selector.matches(&element),
                    "{text} on {}",
                    element.html()
                );
            }
        }
    }
}
