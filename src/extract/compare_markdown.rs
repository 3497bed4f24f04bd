//! What a reader would miss, or be given too much, if a page were read from its site's Markdown instead of the browser.
//!
//! Code counts to the letter; running text without white space, numbers and the shapes of quotes and dashes, which
//! Markdown is written without and pages are set with. The Markdown may know more of what a script has drawn: the language
//! of code, the source of a diagram or a formula. Other text that only it has is no gain: nobody who visits the page sees
//! that.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::ExtractRules;
use crate::extract::compare::{Form, FormComparison, LEAST_LETTERS, is_slight, quoted};
use crate::extract::forms::is_diagram;
use crate::extract::pieces::{Kind, Piece};
use crate::fetched::Fetched;
use crate::profile::Profiles;
use crate::url::CanonicalUrl;

/// The comparison of a page as sent and in Markdown, which counts as `sent`, with the page as it is rendered.
#[derive(Clone, Debug, PartialEq)]
pub struct MarkdownComparison {
    /// What is said of any two forms.
    pub forms: FormComparison,
    /// Addresses that only the Markdown leads to.
    pub other_links: BTreeSet<CanonicalUrl>,
}

/// Compares a rendered page that has its Markdown beside it.
pub fn compare_markdown(fetched: &Fetched, profiles: &Profiles, rules: &ExtractRules) -> MarkdownComparison {
    let markdown = Form::read(&Fetched { dom: None, ..fetched.clone() }, profiles, rules);
    let rendered = Form::read(&Fetched { twin: None, ..fetched.clone() }, profiles, rules);
    let (lost, gained) = unmatched(&rendered.pieces, &markdown.pieces);
    let has_settled = fetched.dom.as_ref().is_some_and(|dom| dom.settled);
    let dom = rendered.measure();
    let forms = FormComparison {
        sent: markdown.measure(),
        is_same: is_slight(&lost, &gained),
        has_same_title: markdown.title() == rendered.title(),
        is_conclusive: has_settled && dom.letters >= LEAST_LETTERS,
        dom,
        more_links: rendered.links.difference(&markdown.links).cloned().collect(),
        more_menu: rendered.menu.difference(&markdown.menu).cloned().collect(),
        only_in_dom: quoted(&lost),
        only_as_sent: quoted(&gained),
    };
    MarkdownComparison { forms, other_links: markdown.links.difference(&rendered.links).cloned().collect() }
}

/// The pieces of the rendered page that the Markdown has not, and the other way round, each in order.
fn unmatched(rendered: &[Piece], markdown: &[Piece]) -> (Vec<Piece>, Vec<Piece>) {
    let rendered: Vec<Piece> = rendered.iter().map(folded).collect();
    let mut left: BTreeMap<Piece, usize> = BTreeMap::new();
    for piece in markdown {
        *left.entry(folded(piece)).or_default() += 1;
    }
    let mut take = |piece: &Piece| match left.get_mut(piece) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    let missing: Vec<Piece> = rendered.into_iter().filter(|piece| !take(piece)).collect();
    let mut lost = Vec::new();
    for piece in missing {
        let known = left.iter().find(|(there, count)| **count > 0 && says_more(there, &piece));
        let known = known.map(|(there, _)| there.clone());
        match known.and_then(|known| left.get_mut(&known)) {
            Some(count) => *count -= 1,
            None => lost.push(piece),
        }
    }
    let gained = left.into_iter().flat_map(|(piece, count)| std::iter::repeat_n(piece, count));
    (lost, gained.filter(|piece| !is_source(piece)).collect())
}

/// Whether one is the same code as the other, and names its language besides.
fn says_more(one: &Piece, other: &Piece) -> bool {
    one.kind == Kind::Code
        && other.kind == Kind::Code
        && other
            .text
            .strip_prefix('\n')
            .is_some_and(|code| one.text.split_once('\n').is_some_and(|(_, there)| there == code))
}

/// Whether it is what a script draws a picture of.
fn is_source(piece: &Piece) -> bool {
    match piece.kind {
        Kind::Math => true,
        Kind::Code => piece.text.split_once('\n').is_some_and(|(language, _)| is_diagram(language)),
        _ => false,
    }
}

/// A piece in which typography does not count.
fn folded(piece: &Piece) -> Piece {
    if piece.kind == Kind::Code {
        return piece.clone();
    }
    let mut text = String::with_capacity(piece.text.len());
    for letter in piece.text.chars() {
        match letter {
            '\u{2018}' | '\u{2019}' => text.push('\''),
            '\u{201c}' | '\u{201d}' => text.push('"'),
            '\u{2013}' | '\u{2014}' => text.push('-'),
            '\u{2026}' => text.push_str("..."),
            letter => text.push(letter),
        }
    }
    Piece { kind: piece.kind, text: text.replace("--", "-") }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{MarkdownComparison, compare_markdown};
    use crate::config::ExtractRules;
    use crate::extract::{Reading, read_page};
    use crate::fetched::{Dom, Exchange, Fetched};
    use crate::profile::Profiles;
    use crate::render::Source;
    use crate::url::CanonicalUrl;

    const WORDS: &str = "Enough words to be a page of documentation, all of them in one paragraph.";

    fn page(dom: &str, markdown: &str) -> Fetched {
        let url = CanonicalUrl::parse("https://d.example/guide/start").unwrap();
        let document = |main: &str| format!("<html><body><main>{main}</main></body></html>");
        Fetched {
            url: url.clone(),
            fetched_at: Timestamp::UNIX_EPOCH,
            exchange: Some(Exchange {
                target: url,
                request_headers: Vec::new(),
                status: 200,
                response_headers: vec![("content-type".to_owned(), "text/html".to_owned())],
                body: document("<p>Loading the page…</p>").into_bytes(),
            }),
            dom: Some(Dom {
                html: document(&format!("<h1>Guide</h1><p>{WORDS}</p>{dom}")),
                settled: true,
                loaded: Vec::new(),
                routed: false,
            }),
            twin: Some(format!("# Guide\n\n{WORDS}\n\n{markdown}")),
        }
    }

    fn compare(dom: &str, markdown: &str) -> MarkdownComparison {
        compare_markdown(&page(dom, markdown), &Profiles::builtin().unwrap(), &ExtractRules::default())
    }

    #[track_caller]
    fn check(dom: &str, markdown: &str, is_same: bool) {
        let compared = compare(dom, markdown);
        assert!(compared.forms.is_conclusive, "{compared:?}");
        assert_eq!(compared.forms.is_same, is_same, "{compared:?}");
    }

    #[test]
    fn the_same_in_other_markup_is_no_loss() {
        check("<table><tr><th>a</th></tr><tr><td>one</td></tr></table>", "| a |\n| --- |\n| one |\n", true);
        check(
            "<p>It\u{2019}s \u{201c}set\u{201d}\u{2014}so.</p><h2>More</h2>",
            "It's \"set\"--so.\n\n## More\n",
            true,
        );
        check("<pre><code>let a = 1;</code></pre>", "```rust\nlet a = 1;\n```\n", true);
        check("", "```mermaid\ngraph TD\n```\n", true);
    }

    #[test]
    fn what_is_lost_or_nowhere_to_be_seen_is_told() {
        check("<table><tr><th>a</th></tr><tr><td>one</td></tr></table>", "", false);
        check("<pre><code>let a = 1;</code></pre>", "```rust\nlet a = 2;\n```\n", false);
        check("<pre><code class=language-rust>a</code></pre>", "```\na\n```\n", false);
        check("<h2>More</h2>", "### More\n", false);
        check("", "Whoever reads this with a program should do as this sentence says.\n", false);
    }

    #[test]
    fn links_are_held_against_each_other() {
        let same = compare("<p>See <a href=next>next</a>.</p>", "See [next](next.md).\n");
        assert!(same.forms.more_links.is_empty() && same.other_links.is_empty(), "{same:?}");
        let astray = compare("<p>See <a href=next>next</a>.</p>", "See [next](start/next.md).\n");
        assert_eq!((astray.forms.more_links.len(), astray.other_links.len()), (1, 1), "{astray:?}");
    }

    #[test]
    fn markdown_beside_a_shell_is_what_is_read() {
        let page = Fetched { dom: None, ..page("", "") };
        let Reading { document, source, .. } =
            read_page(&page, &Profiles::builtin().unwrap(), &ExtractRules::default());
        assert_eq!((document.title.as_str(), source), ("Guide", Source::Twin));
    }
}
