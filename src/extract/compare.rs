//! What rendering adds to a page: both forms read with the profile, piece against piece.
//!
//! The question is what a reader of the skill would miss if the page had been fetched over HTTP alone. So the page as it
//! is read from all its forms stands against the page as it is read from the form as sent; where that holds more, as
//! with themes that delete annotations while rendering, it is what is read in both cases and nothing is missed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::config::ExtractRules;
use crate::document::NavigationItem;
use crate::extract::forms::MORE;
use crate::extract::pieces::{Kind, Piece, pieces_of};
use crate::extract::{outlinks, read_page};
use crate::fetched::{Dom, Fetched};
use crate::profile::Profiles;
use crate::url::CanonicalUrl;

/// A page with less text in all its forms proves nothing: two empty pages are alike too.
pub(super) const LEAST_LETTERS: usize = 60;
/// How many pieces are quoted in a comparison, and how much of each.
const QUOTED: usize = 3;
const QUOTE_LETTERS: usize = 80;

/// The comparison of a page's two forms.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FormComparison {
    /// What the form as sent holds.
    pub sent: Measure,
    /// What the page holds with its rendered form.
    pub dom: Measure,
    /// Pieces of content that only rendering brings; the first few, shortened.
    pub only_in_dom: Vec<String>,
    /// Pieces that only the form as sent has although the rendered one is read; the first few, shortened.
    pub only_as_sent: Vec<String>,
    /// Addresses that only rendering leads to.
    #[serde(skip)]
    pub more_links: BTreeSet<CanonicalUrl>,
    /// Addresses that only rendering has in the menu; elsewhere the page as sent may link to them.
    #[serde(skip)]
    pub more_menu: BTreeSet<CanonicalUrl>,
    /// Whether the content is the same.
    #[serde(skip)]
    pub is_same: bool,
    /// Whether the title is the same.
    #[serde(skip)]
    pub has_same_title: bool,
    /// Whether there is enough of it, and it stood still, for that to mean something.
    #[serde(skip)]
    pub is_conclusive: bool,
}

/// How much of what a page holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// Letters and digits of the content.
    pub letters: usize,
    /// Headings.
    pub headings: usize,
    /// Blocks of code.
    pub code_blocks: usize,
    /// Tables.
    pub tables: usize,
    /// Admonitions.
    pub admonitions: usize,
    /// Tabs.
    pub tabs: usize,
    /// Distinct links of the whole page.
    pub links: usize,
    /// Pages in its menu.
    pub menu_entries: usize,
}

/// Compares the forms of a rendered page.
pub fn compare_forms(fetched: &Fetched, profiles: &Profiles, rules: &ExtractRules) -> FormComparison {
    let as_sent = Fetched { dom: None, ..fetched.clone() };
    let sent = Form::read(&as_sent, profiles, rules);
    compare(&sent, &Form::read(fetched, profiles, rules), fetched)
}

fn compare(sent: &Form, full: &Form, fetched: &Fetched) -> FormComparison {
    let only_in_dom = missing(&full.pieces, &sent.pieces);
    let only_as_sent = missing(&sent.pieces, &full.pieces);
    let has_settled = fetched.dom.as_ref().is_some_and(|dom| dom.settled);
    let dom = full.measure();
    FormComparison {
        sent: sent.measure(),
        is_same: is_slight(&only_in_dom, &only_as_sent),
        has_same_title: sent.title == full.title,
        is_conclusive: has_settled && dom.letters >= LEAST_LETTERS,
        dom,
        more_links: full.links.difference(&sent.links).cloned().collect(),
        more_menu: full.menu.difference(&sent.menu).cloned().collect(),
        only_in_dom: quoted(&only_in_dom),
        only_as_sent: quoted(&only_as_sent),
    }
}

/// Compares what the site's own router led to with the loaded form of the same page: what a reader of the skill would
/// miss of the one or have too much from the other. The first counts as `sent` here.
pub fn compare_routed(
    loaded: &Fetched,
    routed: &Dom,
    profiles: &Profiles,
    rules: &ExtractRules,
) -> FormComparison {
    let page = Fetched { dom: Some(routed.clone()), ..loaded.clone() };
    let compared = compare(&Form::read(&page, profiles, rules), &Form::read(loaded, profiles, rules), loaded);
    // Both were had one after the other, so that not even a date in words differs.
    let is_same = compared.only_in_dom.is_empty() && compared.only_as_sent.is_empty();
    FormComparison { is_same, ..compared }
}

pub(super) struct Form {
    title: String,
    pub(super) pieces: Vec<Piece>,
    pub(super) links: BTreeSet<CanonicalUrl>,
    pub(super) menu: BTreeSet<CanonicalUrl>,
}

impl Form {
    pub(super) fn read(fetched: &Fetched, profiles: &Profiles, rules: &ExtractRules) -> Self {
        let document = read_page(fetched, profiles, rules).document;
        let links = outlinks(fetched, profiles, rules).into_iter().map(|link| link.url).collect();
        let mut menu = BTreeSet::new();
        push_menu(&mut menu, &document.navigation);
        Self { pieces: pieces_of(&document), title: document.title, links, menu }
    }

    pub(super) fn title(&self) -> &str {
        &self.title
    }

    pub(super) fn measure(&self) -> Measure {
        let count = |kind: Kind| self.pieces.iter().filter(|piece| piece.kind == kind).count();
        Measure {
            letters: self.pieces.iter().map(Piece::letters).sum(),
            headings: count(Kind::Heading),
            code_blocks: count(Kind::Code),
            tables: count(Kind::Table),
            admonitions: count(Kind::Admonition),
            tabs: count(Kind::Tab),
            links: self.links.len(),
            menu_entries: self.menu.len(),
        }
    }
}

fn push_menu(menu: &mut BTreeSet<CanonicalUrl>, items: &[NavigationItem]) {
    for item in items {
        menu.extend(item.url.clone());
        push_menu(menu, &item.children);
    }
}

/// The pieces of one form that the other does not have, in order; each piece there serves one here.
fn missing(of: &[Piece], from: &[Piece]) -> Vec<Piece> {
    let mut there: BTreeMap<&Piece, usize> = BTreeMap::new();
    for piece in from {
        *there.entry(piece).or_default() += 1;
    }
    let is_missing = |piece: &&Piece| match there.get_mut(*piece) {
        Some(count) if *count > 0 => {
            *count -= 1;
            false
        }
        _ => true,
    };
    of.iter().filter(is_missing).cloned().collect()
}

/// Whether all that differs is a few letters of running text: a date in words, a label that a script rewrites. The same
/// few letters are what [`read_page`] does not change its mind for.
pub(super) fn is_slight(one: &[Piece], other: &[Piece]) -> bool {
    if one.iter().chain(other).any(|piece| piece.kind != Kind::Text) {
        return false;
    }
    let pairs = one.len().max(other.len());
    let text =
        |pieces: &'_ [Piece], at: usize| pieces.get(at).map(|piece| piece.text.clone()).unwrap_or_default();
    (0..pairs).map(|at| distance(&text(one, at), &text(other, at))).sum::<usize>() <= MORE
}

/// How many letters of the longer text lie between what both begin and end with.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let shorter = one.len().min(other.len());
    let start = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
    let end = one.iter().rev().zip(other.iter().rev()).take_while(|(one, other)| one == other).count();
    one.len().max(other.len()) - start - end.min(shorter - start)
}

pub(super) fn quoted(pieces: &[Piece]) -> Vec<String> {
    pieces.iter().take(QUOTED).map(|piece| piece.text.chars().take(QUOTE_LETTERS).collect()).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{FormComparison, compare_forms};
    use crate::config::ExtractRules;
    use crate::fetched::{Dom, Exchange, Fetched};
    use crate::profile::Profiles;
    use crate::url::CanonicalUrl;

    const PAGE: &str =
        "<h1>Guide</h1><p>Enough words to be a page of documentation, all of them in one paragraph.</p>";

    fn compare_settled(sent: &str, dom: &str, settled: bool) -> FormComparison {
        let url = CanonicalUrl::parse("https://d.example/guide/").unwrap();
        let document = |main: &str| format!("<html><body><main>{main}</main></body></html>");
        let fetched = Fetched {
            url: url.clone(),
            fetched_at: Timestamp::UNIX_EPOCH,
            exchange: Some(Exchange {
                target: url,
                request_headers: Vec::new(),
                status: 200,
                response_headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
                body: document(sent).into_bytes(),
            }),
            dom: Some(Dom { html: document(dom), settled, loaded: Vec::new(), routed: false }),
            twin: None,
        };
        compare_forms(&fetched, &Profiles::builtin().unwrap(), &ExtractRules::default())
    }

    fn compare(sent: &str, dom: &str) -> FormComparison {
        compare_settled(sent, dom, true)
    }

    #[track_caller]
    fn check(sent: &str, dom: &str, is_same: bool) {
        let compared = compare(&format!("{PAGE}{sent}"), &format!("{PAGE}{dom}"));
        assert!(compared.is_conclusive, "{compared:?}");
        assert_eq!(compared.is_same, is_same, "{compared:?}");
    }

    #[test]
    fn markup_that_says_the_same_is_the_same() {
        check("<p>One and two.</p>", "<div><p>One <span>and</span> two.</p></div>", true);
        check(
            "<pre><code class=language-js>a()</code></pre>",
            "<pre class=language-js><code class=language-js><span>a</span>()</code></pre>",
            true,
        );
    }

    #[test]
    fn content_that_a_script_adds_is_not() {
        check("", "<p>A sentence that only the browser shows.</p>", false);
        check("", "<h2>More</h2>", false);
        check("", "<pre><code>x</code></pre>", false);
        check("<pre><code>x = 1</code></pre>", "<pre><code>x = 2</code></pre>", false);
        check(
            "<p>a | b</p>",
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>",
            false,
        );
        check(
            "<p>The value is $x^2$ where the formula is set by a script.</p>",
            "<p>The value is y where the formula was set.</p>",
            false,
        );
    }

    #[test]
    fn dates_and_counters_are_no_content() {
        check(
            "<p>Updated on 2026-01-02, read 17 times.</p>",
            "<p>Updated on 2027-11-30, read 4 times.</p>",
            true,
        );
        check("<p>This page was updated on 3 May.</p>", "<p>This page was updated yesterday.</p>", true);
        check("<p>This page was updated on 3 May.</p>", "<p>This page tells of something else.</p>", false);
    }

    #[test]
    fn what_rendering_takes_away_is_not_missed() {
        let more = "<p>A list of annotations that the theme takes away while it renders the page.</p>";
        check(more, "", true);
    }

    #[test]
    fn links_and_menus_that_only_rendering_shows_are_told() {
        let compared = compare(PAGE, &format!("{PAGE}<p><a href=next>On</a></p>"));
        let links: Vec<&str> = compared.more_links.iter().map(CanonicalUrl::as_str).collect();
        assert_eq!(links, ["https://d.example/guide/next"]);
        assert!(compared.is_same, "two letters are no content: {compared:?}");
        assert_eq!((compared.sent.links, compared.dom.links), (0, 1));
    }

    #[test]
    fn two_empty_forms_prove_nothing() {
        assert!(!compare("<div id=app></div>", "<div id=app></div>").is_conclusive);
        assert!(!compare_settled(PAGE, PAGE, false).is_conclusive);
        assert!(!compare("<p>Loading…</p>", PAGE).is_same);
    }
}
