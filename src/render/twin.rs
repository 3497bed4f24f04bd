//! The Markdown that a site serves beside a page, as HTML that `extract` reads like any other.

use pulldown_cmark::{BlockQuoteKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};

use super::dialect::plain_markdown;
use super::words::Words;

/// Turns Markdown (GitHub-flavoured, with math, footnotes and definition lists) into the body of a page.
pub(super) fn to_html(markdown: &str) -> String {
    format!("<main>{}</main>", to_body(markdown))
}

/// The same without an element around it.
pub(super) fn to_body(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_MATH
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_HEADING_ATTRIBUTES;
    let markdown = plain_markdown(markdown);
    let mut output = String::new();
    let mut words = Words::default();
    let events = Parser::new_ext(&markdown, options).map(|event| own_markup(words.settle(event)));
    html::push_html(&mut output, events);
    output
}

/// Alerts and math in the markup that `extract` knows from GitHub and from Pandoc.
fn own_markup(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Start(Tag::BlockQuote(Some(kind))) => {
            let kind = alert_word(kind);
            html_event(format!("<div class=\"markdown-alert markdown-alert-{kind}\">"))
        }
        Event::End(TagEnd::BlockQuote(Some(_))) => html_event("</div>".to_owned()),
        Event::InlineMath(tex) => html_event(format!("<span class=\"math inline\">{}</span>", escape(&tex))),
        Event::DisplayMath(tex) => {
            html_event(format!("<span class=\"math display\">{}</span>", escape(&tex)))
        }
        other => other,
    }
}

fn html_event(markup: String) -> Event<'static> {
    Event::InlineHtml(CowStr::from(markup))
}

fn alert_word(kind: BlockQuoteKind) -> &'static str {
    match kind {
        BlockQuoteKind::Note => "note",
        BlockQuoteKind::Tip => "tip",
        BlockQuoteKind::Important => "important",
        BlockQuoteKind::Warning => "warning",
        BlockQuoteKind::Caution => "caution",
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
