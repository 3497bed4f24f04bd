//! Which elements of a page have a name: a tag, a class, an id, an attribute. Made in one walk, it answers most questions
//! of a profile without another.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use ego_tree::NodeId;
use scraper::{ElementRef, Html};

use super::demand::{Demand, Demands, VALUED};

/// The elements of a page by their names.
pub(crate) struct PageNames {
    places: HashMap<Name, Vec<NodeId>, NameHasher>,
    elements: Vec<NodeId>,
}

/// What a name is of.
#[derive(Clone, Copy)]
pub(super) enum Sort {
    Id,
    Class,
    Attribute,
    Value,
    Tag,
}

/// A name in lower case with its sort, as a number. Two names may have the same one: whoever finds an element by a name
/// still has to look at it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Name(u64);

pub(super) type NameHasher = BuildHasherDefault<AsIs>;

const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

fn mix(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x100_0000_01b3)
}

impl Name {
    /// The Fowler–Noll–Vo hash. Classes and ids are compared without their case, as documents without a doctype do.
    pub(super) fn of(sort: Sort, text: &str) -> Self {
        Self(text.bytes().fold(mix(BASIS, sort as u8), mix))
    }

    /// The name of an attribute of [`VALUED`] with its value.
    pub(super) fn of_value(attribute: &str, value: &str) -> Self {
        let bytes = attribute.bytes().chain([b'=']).chain(value.bytes());
        Self(bytes.fold(mix(BASIS, Sort::Value as u8), mix))
    }

    pub(super) fn of_demand(demand: &Demand) -> Self {
        match demand {
            Demand::Id(name) => Self::of(Sort::Id, name),
            Demand::Class(name) => Self::of(Sort::Class, name),
            Demand::Attribute(name) => Self::of(Sort::Attribute, name),
            Demand::Value(name) => Self::of(Sort::Value, name),
            Demand::Tag(name) => Self::of(Sort::Tag, name),
        }
    }
}

/// What one selector of a group demands, as a page can be asked for it.
#[derive(Clone)]
pub(super) struct Wanted {
    own: Vec<Name>,
    anywhere: Vec<Name>,
}

impl Wanted {
    pub(super) fn of(demands: &Demands) -> Self {
        let names = |demands: &[Demand]| demands.iter().map(Name::of_demand).collect();
        Self { own: names(&demands.own), anywhere: names(&demands.anywhere) }
    }
}

impl PageNames {
    /// Collects them.
    pub(crate) fn of(html: &Html) -> Self {
        let mut names = Self { places: HashMap::default(), elements: Vec::new() };
        for node in html.tree.nodes() {
            let Some(element) = node.value().as_element() else { continue };
            let id = node.id();
            names.elements.push(id);
            names.add(Name::of(Sort::Tag, element.name()), id);
            for (attribute, value) in element.attrs() {
                names.add(Name::of(Sort::Attribute, attribute), id);
                match attribute {
                    "class" => {
                        for class in value.split_ascii_whitespace() {
                            names.add(Name::of(Sort::Class, class), id);
                        }
                    }
                    "id" => names.add(Name::of(Sort::Id, value), id),
                    _ if VALUED.contains(&attribute) => names.add(Name::of_value(attribute, value), id),
                    _ => {}
                }
            }
        }
        names
    }

    fn add(&mut self, name: Name, id: NodeId) {
        let places = self.places.entry(name).or_default();
        if places.last() != Some(&id) {
            places.push(id);
        }
    }

    /// `false` where the selector can match nowhere in the page.
    pub(super) fn may_match(&self, wanted: &Wanted) -> bool {
        wanted.anywhere.iter().all(|name| self.places.contains_key(name))
    }

    /// How many elements have the name.
    pub(super) fn count(&self, name: Name) -> usize {
        self.places.get(&name).map_or(0, Vec::len)
    }

    /// The elements that any of the selectors may match, in the order in which the parser made them: much faster than a
    /// walk down the tree, and the same order save where a broken table lets its content out.
    pub(super) fn candidates(&self, group: &[Wanted]) -> Vec<NodeId> {
        let mut found: Vec<NodeId> = Vec::new();
        for wanted in group.iter().filter(|wanted| self.may_match(wanted)) {
            let lists = wanted.own.iter().filter_map(|name| self.places.get(name));
            match lists.min_by_key(|list| list.len()) {
                Some(shortest) => found.extend(shortest),
                None => return self.elements.clone(),
            }
        }
        if group.len() > 1 {
            found.sort_unstable();
            found.dedup();
        }
        found
    }

    /// The elements with an attribute, in the order in which the parser made them.
    pub(crate) fn with_attribute<'a>(
        &self,
        html: &'a Html,
        attribute: &str,
    ) -> impl Iterator<Item = ElementRef<'a>> {
        let places = self.places.get(&Name::of(Sort::Attribute, attribute));
        elements(html, places.map(Vec::as_slice).unwrap_or_default())
    }
}

/// The elements of these places.
pub(super) fn elements<'a>(html: &'a Html, places: &[NodeId]) -> impl Iterator<Item = ElementRef<'a>> {
    places.iter().filter_map(|id| html.tree.get(*id).and_then(ElementRef::wrap))
}

/// Takes a number that is a hash already.
#[derive(Clone, Default)]
pub(super) struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 << 8) | u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}
