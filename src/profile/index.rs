//! Which of many selectors can match an element at all: those that ask of it what it has.
//!
//! A profile has some hundred selectors and a page some ten thousand elements. As style engines do, each selector is filed
//! under one thing that its last compound demands (an id, a class, an attribute, a tag), so that most elements are
//! compared with none of them.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use scraper::{ElementRef, Selector};

/// Selectors, each under what it demands.
#[derive(Clone, Default)]
pub(super) struct Index {
    ids: Shelf,
    classes: Shelf,
    attributes: Shelf,
    tags: Shelf,
    /// Those that demand nothing that can be looked up.
    others: Vec<Selector>,
}

type Shelf = HashMap<String, Vec<Selector>, BuildHasherDefault<Fnv>>;

/// What a selector demands of the element itself.
#[derive(Debug, PartialEq, Eq)]
enum Demand {
    Id(String),
    Class(String),
    Attribute(String),
    Tag(String),
    Nothing,
}

impl Index {
    /// Files selectors by their texts.
    pub(super) fn of<'a>(selectors: impl Iterator<Item = (&'a str, &'a Selector)>) -> Self {
        let mut index = Self::default();
        for (text, selector) in selectors {
            for demand in demands(text) {
                let (shelf, key) = match demand {
                    Demand::Id(key) => (&mut index.ids, key),
                    Demand::Class(key) => (&mut index.classes, key),
                    Demand::Attribute(key) => (&mut index.attributes, key),
                    Demand::Tag(key) => (&mut index.tags, key),
                    Demand::Nothing => {
                        index.others.push(selector.clone());
                        continue;
                    }
                };
                shelf.entry(key).or_default().push(selector.clone());
            }
        }
        index
    }

    /// Whether any of the selectors matches the element.
    pub(super) fn matches(&self, element: ElementRef<'_>) -> bool {
        let tried = |shelf: &Shelf, key: &str| {
            shelf
                .get(key)
                .is_some_and(|selectors| selectors.iter().any(|selector| selector.matches(&element)))
        };
        let value = element.value();
        if (!self.tags.is_empty() && tried(&self.tags, value.name()))
            || self.others.iter().any(|selector| selector.matches(&element))
        {
            return true;
        }
        // The attributes are walked as they are: asking for one by name costs more than looking at all.
        value.attrs().any(|(name, text)| match name {
            "class" if !self.classes.is_empty() => {
                text.split_ascii_whitespace().any(|class| tried(&self.classes, &lower(class)))
                    || tried(&self.attributes, name)
            }
            "id" => tried(&self.ids, &lower(text)) || tried(&self.attributes, name),
            _ => !self.attributes.is_empty() && tried(&self.attributes, name),
        })
    }
}

/// Names of classes and ids are compared without their case, as documents without a doctype do.
fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

/// What each selector of a group demands, the rarest first.
fn demands(text: &str) -> Vec<Demand> {
    // A name with an escape is not read here.
    if text.contains('\\') {
        return vec![Demand::Nothing];
    }
    split(text, |letter| letter == ',').into_iter().map(demand_of_one).collect()
}

fn demand_of_one(selector: &str) -> Demand {
    let compounds = split(selector.trim(), |letter| letter.is_ascii_whitespace() || ">+~".contains(letter));
    let Some(compound) = compounds.into_iter().rfind(|compound| !compound.is_empty()) else {
        return Demand::Nothing;
    };
    let (mut class, mut attribute, mut tag) = (None, None, None);
    let mut rest = compound;
    while let Some(first) = rest.chars().next() {
        let (name, after) = match first {
            '.' | '#' | ':' | '[' => split_name(rest.get(1..).unwrap_or_default().trim_start_matches(':')),
            _ => split_name(rest),
        };
        let name = name.to_ascii_lowercase();
        rest = match first {
            '#' => return Demand::Id(name),
            '.' => {
                class.get_or_insert(name);
                after
            }
            '[' => {
                attribute.get_or_insert(name);
                behind_bracket(after, '[', ']', 1)
            }
            ':' if after.starts_with('(') => behind_bracket(after, '(', ')', 0),
            ':' => after,
            _ if name.is_empty() => rest.get(first.len_utf8()..).unwrap_or_default(),
            _ => {
                tag.get_or_insert(name);
                after
            }
        };
    }
    class
        .map(Demand::Class)
        .or(tag.map(Demand::Tag))
        .or(attribute.map(Demand::Attribute))
        .unwrap_or(Demand::Nothing)
}

/// The parts of a text between letters that stand outside of brackets and quotes.
fn split(text: &str, is_border: impl Fn(char) -> bool) -> Vec<&str> {
    let (mut parts, mut start, mut depth, mut quote) = (Vec::new(), 0, 0_usize, None);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth = depth.saturating_sub(1),
            (None, letter) if depth == 0 && is_border(letter) => {
                parts.push(text.get(start..at).unwrap_or_default());
                start = at + letter.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    parts
}

fn split_name(text: &str) -> (&str, &str) {
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    let end = text.find(|letter| !is_name(letter)).unwrap_or(text.len());
    text.split_at(end)
}

/// What follows the bracket that closes; quotes hide brackets.
fn behind_bracket(text: &str, open: char, close: char, depth: usize) -> &str {
    let (mut depth, mut quote) = (depth, None);
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(mark), letter) if letter == mark => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(letter),
            (None, letter) if letter == open => depth += 1,
            (None, letter) if letter == close => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return text.get(at + close.len_utf8()..).unwrap_or_default();
                }
            }
            _ => {}
        }
    }
    ""
}

/// The Fowler–Noll–Vo hash: for keys of a few letters much faster than the standard one, whose protection against chosen
/// keys is not needed where the keys are those of a profile.
#[derive(Clone, Default)]
pub(super) struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    }
}

#[cfg(test)]
mod tests {
    use scraper::{Html, Selector};

    use super::{Demand, Index, demands};

    #[test]
    fn what_a_selector_demands() {
        let class = |name: &str| Demand::Class(name.to_owned());
        let tag = |name: &str| Demand::Tag(name.to_owned());
        assert_eq!(demands("main > .Content p.lead"), [class("lead")]);
        assert_eq!(demands(".a, div#b.c"), [class("a"), Demand::Id("b".to_owned())]);
        assert_eq!(demands("a[href*='x > .y']"), [tag("a")]);
        assert_eq!(demands(":has(> [role=tab])"), [Demand::Nothing]);
        assert_eq!(demands("div:has(> .x) + label"), [tag("label")]);
        assert_eq!(demands("[role=tab]:not(.x)"), [Demand::Attribute("role".to_owned())]);
        assert_eq!(demands(":is(h1, .b) *"), [Demand::Nothing]);
    }

    #[test]
    fn an_index_says_what_the_selectors_say() {
        let html = Html::parse_document(
            "<main class='A b'><p id=x class=lead>a<a href=/edit/>b</a></p><div role=tab><i data-k=v>c</i></div></main>",
        );
        let texts = [
            ".a",
            "p.lead > a",
            "[role=tab] i",
            "#x",
            ":has(> i)",
            "main:not(.b)",
            "[data-k]",
            "a, i",
            "* > *",
        ];
        for text in texts {
            let selector = Selector::parse(text).unwrap();
            let index = Index::of([(text, &selector)].into_iter());
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
