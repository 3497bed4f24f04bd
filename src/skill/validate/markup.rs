//! HTML in Markdown that a reader of the rendered page does not see and a model does: comments, and elements that are
//! hidden or never shown. Code is left alone.

use pulldown_cmark::{Event, TagEnd};

use super::{Finding, Severity, error};
use crate::skill::text::outline::parser;

/// Elements that no reader ever sees.
const NEVER_SHOWN: [&str; 7] = ["script", "style", "template", "noscript", "meta", "iframe", "object"];

/// Reports comments and hidden HTML.
pub(super) fn check_markup(file: &str, text: &str, findings: &mut Vec<Finding>) {
    // A comment may go over several events, one a line.
    let mut block = (0, String::new());
    for (event, range) in parser(text).into_offset_iter() {
        match event {
            Event::Html(html) => {
                if block.1.is_empty() {
                    block.0 = range.start;
                }
                block.1.push_str(&html);
            }
            Event::InlineHtml(html) => check_html(file, text, (range.start, &html), findings),
            Event::End(TagEnd::HtmlBlock) => {
                check_html(file, text, (block.0, &block.1), findings);
                block.1.clear();
            }
            _ => {}
        }
    }
}

fn check_html(file: &str, text: &str, (at, html): (usize, &str), findings: &mut Vec<Finding>) {
    let line = text.get(..at).map(|before| before.matches('\n').count() + 1);
    let lower = html.to_ascii_lowercase();
    if lower.contains("<!--") {
        let message = "an HTML comment: a reader of the page does not see it, a model does".to_owned();
        let finding = error(file, "html-comment", message);
        findings.push(Finding { severity: Severity::Warning, line, ..finding });
    }
    if hides(&lower) {
        let message = "HTML that is hidden or never shown: a reader does not see it, a model does".to_owned();
        findings.push(Finding { line, ..error(file, "hidden-html", message) });
    }
}

/// Whether a piece of HTML in lower case opens an element that cannot be seen.
fn hides(html: &str) -> bool {
    html.split('<').skip(1).any(|tag| {
        let tag = tag.split('>').next().unwrap_or_default();
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
        let plain: String = tag.chars().filter(|next| !next.is_whitespace()).collect();
        let style =
            ["display:none", "visibility:hidden", "opacity:0\"", "opacity:0;", "opacity:0'", "font-size:0"];
        let attribute = tag.split_ascii_whitespace().skip(1).any(|word| {
            let word = word.trim_end_matches('/');
            word == "hidden" || word.starts_with("hidden=")
        });
        NEVER_SHOWN.contains(&name.as_str()) || attribute || style.iter().any(|style| plain.contains(style))
    })
}

#[cfg(test)]
mod tests {
    use super::check_markup;

    #[test]
    fn html_that_nobody_sees() {
        let check = |text: &str, rules: &[&str]| {
            let mut findings = Vec::new();
            check_markup("a.md", text, &mut findings);
            let found: Vec<&str> = findings.iter().map(|finding| finding.rule).collect();
            assert_eq!(found, rules, "{text}");
        };
        check("text <!-- note --> text", &["html-comment"]);
        check("<!-- over\ntwo lines -->\n\ntext", &["html-comment"]);
        check("<p style=\"display: none\">x</p>", &["hidden-html"]);
        check("a <span hidden>x</span> b", &["hidden-html"]);
        check("<script>x</script>", &["hidden-html"]);
        check("`<!-- code -->` and\n\n```html\n<p hidden>\n```\n", &[]);
        check(
            "<details><summary>s</summary>\n\nx\n\n</details> a<sub>2</sub> <span class=\"hidden-gem\">",
            &[],
        );
    }
}
