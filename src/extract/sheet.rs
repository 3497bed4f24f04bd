//! What the sheets within a page as sent hide: where that is simply decidable, the elements get the mark that the browser
//! would have set.
//!
//! Decidable is a rule without conditions (no media query but for screens, no pseudo-class) that hides by itself, that no
//! other rule of the page or the element's own style overrules, and that nothing which a visitor does undoes: a menu that
//! opens under the pointer is there. Sheets in files of their own are not read. Rendered pages need none of this.

use std::collections::BTreeMap;

use ego_tree::NodeId;
use scraper::node::Attributes;
use scraper::{ElementRef, Html, Node, Selector};

use crate::extract::dom::{attr, name};
use crate::extract::hidden::HIDDEN_MARK;
use crate::extract::hidden_style::{Declaration, declarations, why_hidden};

/// The most rules that are looked at, and questions that are asked: a page cannot make this take long.
const MOST_RULES: usize = 2_000;
const MOST_QUESTIONS: usize = 400_000;
/// Words in selectors of rules that hold until a script has run.
const PROVISIONAL: [&str; 6] = ["cloak", "no-js", "nojs", "loading", "hydrat", "js-"];

/// Whether a declaration is important, and how much its selector weighs.
type Rank = (bool, (usize, usize, usize));

/// A rule with one selector.
struct Rule {
    selector: Selector,
    weight: (usize, usize, usize),
    declarations: Vec<Declaration>,
    /// Whether it holds only under a condition, as under the pointer.
    is_conditional: bool,
}

/// Marks what the sheets of a page hide.
pub(super) fn mark(html: &mut Html) {
    let rules = rules_of(html);
    let hiding: Vec<&Rule> = rules
        .iter()
        .filter(|rule| !rule.is_conditional && why_hidden(&rule.declarations).is_some())
        .collect();
    if hiding.is_empty() {
        return;
    }
    let mut questions = 0;
    let mut marks: BTreeMap<NodeId, &'static str> = BTreeMap::new();
    for element in html.tree.nodes().filter_map(ElementRef::wrap) {
        if matches!(name(element), "html" | "body" | "head" | "script" | "style") {
            continue;
        }
        questions += hiding.len();
        if questions > MOST_QUESTIONS {
            break;
        }
        if hiding.iter().any(|rule| rule.selector.matches(&element)) {
            questions += rules.len();
            if let Some(why) = why_sheets_hide(element, &rules) {
                marks.insert(element.id(), why);
            }
        }
    }
    for (id, why) in marks {
        if let Some(mut node) = html.tree.get_mut(id)
            && let Node::Element(element) = node.value()
        {
            let mut marked = element.clone();
            marked.attrs.extend(mark_of(why));
            // They are found by halving, so they stay in order.
            marked.attrs.sort_by(|one, other| one.0.cmp(&other.0));
            *node.value() = Node::Element(marked);
        }
    }
}

/// What all rules together and the element's own style come to.
fn why_sheets_hide(element: ElementRef<'_>, rules: &[Rule]) -> Option<&'static str> {
    let mut winning: BTreeMap<&str, (Rank, &Declaration)> = BTreeMap::new();
    let mut conditional: Vec<&Declaration> = Vec::new();
    for rule in rules.iter().filter(|rule| rule.selector.matches(&element)) {
        for declaration in &rule.declarations {
            if rule.is_conditional {
                conditional.push(declaration);
                continue;
            }
            let rank = (declaration.important, rule.weight);
            let known = winning.get(declaration.property.as_str());
            if known.is_none_or(|(before, _)| rank >= *before) {
                winning.insert(&declaration.property, (rank, declaration));
            }
        }
    }
    // The element's own style wins, save over what is important.
    let is_lost = |own: &Declaration| {
        !own.important && winning.get(own.property.as_str()).is_some_and(|(rank, _)| rank.0)
    };
    let own = attr(element, "style").map(declarations).unwrap_or_default();
    let own: Vec<Declaration> = own.into_iter().filter(|own| !is_lost(own)).collect();
    let mut merged: Vec<Declaration> =
        winning.values().map(|(_, declaration)| (*declaration).clone()).collect();
    merged.extend(own);
    let why = why_hidden(&merged)?;
    // With what holds under a condition, it may be seen.
    merged.extend(conditional.into_iter().cloned());
    why_hidden(&merged).map(|_| why)
}

/// The rules of all sheets within the page, in order, that have to do with hiding.
fn rules_of(html: &Html) -> Vec<Rule> {
    let mut rules = Vec::new();
    for sheet in html.tree.nodes().filter_map(ElementRef::wrap).filter(|element| name(*element) == "style") {
        let is_screen = attr(sheet, "media").is_none_or(is_for_screens);
        if is_screen {
            let text: String = sheet.text().collect();
            read_rules(&without_comments(&text), &mut rules, 0);
        }
    }
    rules
}

fn is_for_screens(condition: &str) -> bool {
    matches!(condition.trim().to_ascii_lowercase().as_str(), "" | "all" | "screen" | "only screen")
}

fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept + rest
}

/// Reads rules one by one; those within other conditions than screens are left out.
fn read_rules(text: &str, rules: &mut Vec<Rule>, depth: usize) {
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        let Some((head, after)) = rest.split_at_checked(open) else { return };
        let end = block_end(after);
        let inner = after.get(1..end).unwrap_or_default();
        rest = after.get(end + 1..).unwrap_or_default();
        // Statements such as `@import` end before the head of the block.
        let head = head.rsplit(';').next().unwrap_or_default().trim();
        match head.strip_prefix('@') {
            Some(at) => {
                let condition = at.strip_prefix("media");
                if depth < 4 && condition.is_some_and(is_for_screens) {
                    read_rules(inner, rules, depth + 1);
                }
            }
            None => read_rule(head, inner, rules),
        }
        if rules.len() >= MOST_RULES {
            return;
        }
    }
}

/// Where the block that begins a text ends: at its closing brace.
fn block_end(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}

fn read_rule(head: &str, inner: &str, rules: &mut Vec<Rule>) {
    let declarations = declarations(inner);
    if declarations.is_empty() || head.len() > 2_000 {
        return;
    }
    for text in head.split(',').map(str::trim) {
        let lower = text.to_ascii_lowercase();
        if lower.contains("::") || PROVISIONAL.iter().any(|word| lower.contains(word)) {
            continue;
        }
        let plain = without_pseudo(text);
        let Ok(selector) = Selector::parse(if plain.is_empty() { "*" } else { &plain }) else { continue };
        rules.push(Rule {
            selector,
            weight: weight(&plain),
            declarations: declarations.clone(),
            is_conditional: plain.len() != text.len(),
        });
    }
}

/// The selector without its pseudo-classes.
fn without_pseudo(selector: &str) -> String {
    let mut kept = String::new();
    let mut characters = selector.chars().peekable();
    let mut is_quoted = false;
    while let Some(character) = characters.next() {
        if matches!(character, '"' | '\'' | '[' | ']') {
            is_quoted = character == '[' || (is_quoted && character != ']');
        }
        if character != ':' || is_quoted {
            kept.push(character);
            continue;
        }
        let mut depth = 0_usize;
        while let Some(next) = characters.peek() {
            match next {
                '(' => depth += 1,
                ')' if depth > 0 => depth -= 1,
                next if depth > 0 || next.is_alphanumeric() || *next == '-' => {}
                _ => break,
            }
            characters.next();
        }
    }
    kept.trim().to_owned()
}

/// How much a selector weighs against others: ids, classes and attributes, elements (Selectors Level 4, §17).
fn weight(selector: &str) -> (usize, usize, usize) {
    let ids = selector.matches('#').count();
    let classes = selector.matches(['.', '[']).count();
    let elements = selector
        .split([' ', '>', '+', '~'])
        .filter(|part| part.starts_with(|letter: char| letter.is_ascii_alphabetic()))
        .count();
    (ids, classes, elements)
}

/// The attribute of the mark, as the parser makes attributes.
fn mark_of(why: &str) -> Attributes {
    let made = Html::parse_fragment(&format!("<p {HIDDEN_MARK}=\"{why}\">"));
    let mut elements = made.tree.nodes().filter_map(ElementRef::wrap);
    elements
        .find(|element| name(*element) == "p")
        .map(|element| element.value().attrs.clone())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use scraper::{ElementRef, Html};

    use super::mark;
    use crate::extract::hidden::is_hidden;

    #[track_caller]
    fn check(sheet: &str, element: &str, hidden: bool) {
        let html =
            format!("<html><head><style>{sheet}</style></head><body><main>{element}</main></body></html>");
        let mut html = Html::parse_document(&html);
        mark(&mut html);
        let mut elements = html.tree.nodes().filter_map(ElementRef::wrap);
        let found = elements.find(|element| element.value().attr("id") == Some("x")).unwrap();
        assert_eq!(is_hidden(found), hidden, "{sheet} {element}");
    }

    #[test]
    fn what_sheets_within_the_page_hide() {
        let element = "<p id=x class='a b'>text</p>";
        check(".a{display:none}", element, true);
        check("/* note */ main > p.a , .c { position:absolute; left:-9999px }", element, true);
        check("@import 'x.css'; @media screen { #x { opacity: 0 } }", element, true);
        check("@media print { .a { display:none } }", element, false);
        check("@media (max-width: 40em) { .a { display:none } }", element, false);
        check(".a{display:none} .b{display:block}", element, false);
        check("#x{display:none} .b{display:block}", element, true);
        check(".a{display:none!important} .a.b{display:block}", element, true);
        check(".a{display:none}", "<p id=x class=a style='display:block'>text</p>", false);
        check(".a{display:none!important}", "<p id=x class=a style='display:block'>text</p>", true);
        check(".a{display:none} main:hover .a{display:block}", element, false);
        check(".a:hover{display:none}", element, false);
        check("p::before{display:none}", element, false);
        check("[v-cloak]{display:none}", "<p id=x v-cloak>text</p>", false);
        check(".a{", element, false);
        check("}}}{{{.a{display:none}", element, false);
    }
}
