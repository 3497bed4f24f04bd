//! What a selector demands of a page, read from its text: names without which it cannot match.

/// A name that something must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Demand {
    Id(String),
    Class(String),
    Attribute(String),
    /// An attribute of [`VALUED`] with its value, as `role=tab`.
    Value(String),
    Tag(String),
}

/// Attributes whose values say what an element is.
pub(super) const VALUED: [&str; 2] = ["role", "type"];

/// What one selector of a group demands, all names in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Demands {
    /// What it demands of the element itself, the rarest first.
    pub(super) own: Vec<Demand>,
    /// What some element of the page must have: that, and what it demands of ancestors and siblings.
    pub(super) anywhere: Vec<Demand>,
}

/// What each selector of a group demands. Nothing is always a right answer; of what stands in parentheses only `:has()` is read.
pub(super) fn demands(text: &str) -> Vec<Demands> {
    // A name with an escape is not read here.
    if text.contains('\\') {
        return vec![Demands::default()];
    }
    split(text, |letter| letter == ',').into_iter().map(demands_of_one).collect()
}

fn demands_of_one(selector: &str) -> Demands {
    let compounds = split(selector.trim(), |letter| letter.is_ascii_whitespace() || ">+~".contains(letter));
    let mut found = Demands::default();
    for compound in compounds.into_iter().filter(|compound| !compound.is_empty()) {
        let mut inside = Vec::new();
        found.own = demands_of_compound(compound, &mut inside);
        found.anywhere.extend_from_slice(&found.own);
        found.anywhere.extend(inside);
    }
    found
}

/// What a compound demands of its element; what it demands of elements inside of that goes to `inside`.
fn demands_of_compound(compound: &str, inside: &mut Vec<Demand>) -> Vec<Demand> {
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
                let value = VALUED.contains(&name.as_str()).then(|| exact_value(after)).flatten();
                found.extend(value.map(|value| Demand::Value(format!("{name}={value}"))));
                found.push(Demand::Attribute(name));
                behind_bracket(after, '[', ']', 1)
            }
            ':' if after.starts_with('(') => {
                let behind = behind_bracket(after, '(', ')', 0);
                let argument =
                    after.get(1..(after.len() - behind.len()).saturating_sub(1)).unwrap_or_default();
                // Of a list of alternatives none is demanded.
                if let ("has", [one]) = (name.as_str(), split(argument, |letter| letter == ',').as_slice()) {
                    inside.extend(demands_of_one(one).anywhere);
                }
                behind
            }
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

/// The value in `[name=value]`, from behind the name on; one that is compared in another way says too little.
fn exact_value(rest: &str) -> Option<String> {
    let (value, _) = rest.strip_prefix('=')?.split_once(']')?;
    let quoted = |quote: char| value.strip_prefix(quote).and_then(|value| value.strip_suffix(quote));
    let value = quoted('"').or_else(|| quoted('\'')).unwrap_or(value);
    let is_plain =
        !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_plain.then(|| value.to_ascii_lowercase())
}

/// The lower, the fewer elements have such a name.
fn rarity(demand: &Demand) -> u8 {
    match demand {
        Demand::Id(_) => 0,
        Demand::Value(_) => 1,
        Demand::Class(_) => 2,
        Demand::Tag(_) => 3,
        Demand::Attribute(_) => 4,
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
        let role = [Demand::Value("role=tab".to_owned()), attribute("role")];
        check(":has(> [role='tab'])", &[&[]], &[&role]);
        check("div:has(> .x) + label", &[&[tag("label")]], &[&[tag("div"), class("x"), tag("label")]]);
        check("p:has(.a, .b):not(:has(.c))", &[&[tag("p")]], &[&[tag("p")]]);
        check(
            "p:has(.a > .b:has(i)).d",
            &[&[class("d"), tag("p")]],
            &[&[class("d"), tag("p"), class("a"), class("b"), tag("i")]],
        );
        check("[role=tab]:not(.x)", &[&role], &[&role]);
        check(
            "[role^=tab][role='a b']",
            &[&[attribute("role"), attribute("role")]],
            &[&[attribute("role"), attribute("role")]],
        );
        check(":is(h1, .b) *", &[&[]], &[&[]]);
        check(".a\\:b", &[&[]], &[&[]]);
    }
}
