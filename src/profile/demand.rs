//! What a selector demands of a page, read from its text: names without which it cannot match.

/// A name that something must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    Id(String),
    Class(String),
    Attribute(String),
    Tag(String),
}

/// What one selector of a group demands, all names in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Demands {
    /// What it demands of the element itself, the rarest first.
    pub(super) own: Vec<Demand>,
    /// What some element of the page must have: that, and what it demands of ancestors and siblings.
    pub(super) anywhere: Vec<Demand>,
}

/// What each selector of a group demands. Nothing is always a right answer; what stands in parentheses is not read.
pub(super) fn demands(text: &str) -> Vec<Demands> {
    // A name with an escape is not read here.
    if text.contains('\\') {
        return vec![Demands::default()];
    }
    split(text, |letter| letter == ',').into_iter().map(demands_of_one).collect()
}

fn demands_of_one(selector: &str) -> Demands {
    let compounds = split(selector.trim(), |letter| letter.is_ascii_whitespace() || ">+~".contains(letter));
    let mut found: Vec<Vec<Demand>> = Vec::new();
    found.extend(compounds.into_iter().filter(|compound| !compound.is_empty()).map(demands_of_compound));
    Demands {
        own: found.last().cloned().unwrap_or_default(),
        anywhere: found.into_iter().flatten().collect(),
    }
}

fn demands_of_compound(compound: &str) -> Vec<Demand> {
    let mut found = Vec::new();
    let mut rest = compound;
    while let Some(first) = rest.chars().next() {
        let (name, after) = match first {
            '.' | '#' | ':' | '[' => split_name(rest.get(1..).unwrap_or_default().trim_start_matches(':')),
            _ => split_name(rest),
        };
        let name = name.to_ascii_lowercase();
        rest = match first {
            '#' => {
                found.push(Demand::Id(name));
                after
            }
            '.' => {
                found.push(Demand::Class(name));
                after
            }
            '[' => {
                found.push(Demand::Attribute(name));
                behind_bracket(after, '[', ']', 1)
            }
            ':' if after.starts_with('(') => behind_bracket(after, '(', ')', 0),
            ':' => after,
            _ if name.is_empty() => rest.get(first.len_utf8()..).unwrap_or_default(),
            _ => {
                found.push(Demand::Tag(name));
                after
            }
        };
    }
    found.sort_by_key(rarity);
    found
}

/// The lower, the fewer elements have such a name.
fn rarity(demand: &Demand) -> u8 {
    match demand {
        Demand::Id(_) => 0,
        Demand::Class(_) => 1,
        Demand::Tag(_) => 2,
        Demand::Attribute(_) => 3,
    }
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

#[cfg(test)]
mod tests {
    use super::{Demand, demands};

    #[test]
    fn what_a_selector_demands() {
        let class = |name: &str| Demand::Class(name.to_owned());
        let tag = |name: &str| Demand::Tag(name.to_owned());
        let attribute = |name: &str| Demand::Attribute(name.to_owned());
        let check = |text: &str, own: &[&[Demand]], anywhere: &[&[Demand]]| {
            let found = demands(text);
            assert_eq!(found.iter().map(|one| one.own.as_slice()).collect::<Vec<_>>(), own, "{text}");
            assert_eq!(
                found.iter().map(|one| one.anywhere.as_slice()).collect::<Vec<_>>(),
                anywhere,
                "{text}"
            );
        };
        let lead = [class("lead"), tag("p")];
        check(
            "main > .Content p.lead",
            &[&lead],
            &[&[tag("main"), class("content"), class("lead"), tag("p")]],
        );
        let both = [Demand::Id("b".to_owned()), class("c"), tag("div")];
        check(".a, div#b.c", &[&[class("a")], &both], &[&[class("a")], &both]);
        check("a[href*='x > .y']", &[&[tag("a"), attribute("href")]], &[&[tag("a"), attribute("href")]]);
        check(":has(> [role=tab])", &[&[]], &[&[]]);
        check("div:has(> .x) + label", &[&[tag("label")]], &[&[tag("div"), tag("label")]]);
        check("[role=tab]:not(.x)", &[&[attribute("role")]], &[&[attribute("role")]]);
        check(":is(h1, .b) *", &[&[]], &[&[]]);
        check(".a\\:b", &[&[]], &[&[]]);
    }
}
