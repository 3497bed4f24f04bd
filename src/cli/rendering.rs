//! How the pages of a crawl were had, over HTTP alone or through the browser, and why: for the report, the screen and
//! programs.
//!
//! `report.jsonl` ends with a line for each template that `render: auto` judged. It has the one key `rendering`, which no
//! line of a URL has:
//!
//! ```text
//! {"rendering": {
//!   "template": "mkdocs-material|body html",      generator, then the layout's landmarks with their classes
//!   "example": "https://docs.example/",           the page that was met first
//!   "decision": "http",                           or "browser", or "undecided" where too few pages were compared
//!   "evidence": [{                                the comparisons that led to it
//!     "url": "https://docs.example/",
//!     "finding": "same",                          or "more_links", "different", "hidden", "inconclusive"
//!     "new_marks": ["script chart"],              what the page has that its template had not shown, if anything
//!     "sent": {"letters": 812, "headings": 4, "code_blocks": 2, …},
//!     "dom": {"letters": 812, …},
//!     "only_in_dom": [], "only_as_sent": [],      the first pieces that differ, without spaces and numbers
//!     "new_links": {"count": 0, "first": []}      pages that nothing else had led to
//!   }],
//!   "checks": [{"url": …, "finding": "same"}],    the comparisons after it; numbers only where one did not agree
//!   "harmless_marks": [...],                      scripts, elements, containers of pages that came out the same
//!   "rendered_marks": [...],                      those for which a page is always rendered
//!   "unchecked": 0,                               pages as sent since the last agreeing check; 0 once the crawl is complete
//!   "taken_back": [...]                           pages that were kept as sent, and rendered after a check failed
//! }}
//! ```
//!
//! A template that needs the browser may have a second line: for its pages with the Markdown that the site serves of
//! them, which stands against the loaded page as `sent` does above. What differs there:
//!
//! ```text
//! {"rendering": {
//!   "template": "markdown of …",                  the other template
//!   "cheaper": "markdown",
//!   "decision": "markdown",                       or "browser", "undecided"
//!   "ways": {"path": {"found": 12, "missed": 0}}, how it was asked for: "named", "index", "path", "accept"
//!   "evidence": [{…, "markdown": {…}, "dom": {…}, "only_in_dom": [], "only_in_markdown": [],
//!     "links_astray": {"count": 0, "first": []}   pages that only the Markdown leads to
//!   }]
//! }}
//! ```
//!
//! Where the pages of an application came by its own router, a line with the one key `routing` says the same of that:
//!
//! ```text
//! {"routing": {
//!   "application": "application 3f…",             the digest of the document that all its pages are answered with
//!   "example": "https://docs.example/app/",
//!   "decision": "router",                         or "load" where a page differed, "no_router", "undecided"
//!   "evidence": [{"url": …, "finding": "same"}],  pages that were had both ways, before the decision
//!   "checks": [{"url": …, "finding": "same"}],    and after it; with numbers and pieces where one did not agree
//!   "unchecked": 0, "taken_back": [...]
//! }}
//! ```

use serde::Serialize;
use serde_json::{Value, json};

use super::words::count_of;
use crate::frontier::{Forms, Frontier, FrontierError, KnownTemplate};

/// How the pages of a crawl were had.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RenderingSummary {
    /// Kept pages by form.
    #[serde(flatten)]
    pub forms: Forms,
    /// Pages whose forms were compared before their template was decided.
    pub compared: usize,
    /// Pages whose forms were compared afterwards.
    pub checked: usize,
    /// Pages that were kept as sent at first, and rendered after a check failed.
    pub taken_back: usize,
    /// Pages that are kept as sent with their site's Markdown, which holds what the browser shows; counted in `sent` too.
    pub from_markdown: u64,
    /// Pages whose Markdown was compared with what the browser shows.
    pub compared_markdown: usize,
    /// Pages that were kept with their Markdown at first, and rendered after a check failed.
    pub markdown_taken_back: usize,
    /// Pages that were had both by the site's own router and by a load.
    pub compared_routes: usize,
    /// Pages that the router led to at first, and that were loaded after a check failed.
    pub routes_taken_back: usize,
    /// Templates that HTTP alone does for.
    pub http_templates: usize,
    /// Templates that need the browser.
    pub browser_templates: usize,
    /// Templates with too few pages to tell.
    pub undecided_templates: usize,
}

/// Sums up what the frontier knows.
///
/// # Errors
///
/// [`FrontierError`] when the database fails.
pub fn rendering_summary(frontier: &Frontier) -> Result<RenderingSummary, FrontierError> {
    let mut summary = RenderingSummary { forms: frontier.tally()?.forms, ..RenderingSummary::default() };
    for template in frontier.templates()? {
        let state = state(&template);
        let length = |key: &str| state[key].as_array().map_or(0, Vec::len);
        if is_application(&state) {
            summary.compared_routes += length("evidence") + length("checks");
            summary.routes_taken_back += template.taken_back.len();
            continue;
        }
        if is_markdown(&state) {
            summary.from_markdown += template.as_sent;
            summary.compared_markdown += length("evidence") + length("checks");
            summary.markdown_taken_back += template.taken_back.len();
            continue;
        }
        summary.compared += length("evidence");
        summary.checked += length("checks");
        summary.taken_back += template.taken_back.len();
        match state["decision"].as_str() {
            Some("http") => summary.http_templates += 1,
            Some("browser") => summary.browser_templates += 1,
            _ => summary.undecided_templates += 1,
        }
    }
    Ok(summary)
}

/// The names of the templates whose pages hold the same over HTTP alone.
///
/// # Errors
///
/// [`FrontierError`] when the database fails.
pub fn http_templates(frontier: &Frontier) -> Result<Vec<String>, FrontierError> {
    let is_http = |template: &KnownTemplate| state(template)["decision"].as_str() == Some("http");
    Ok(frontier.templates()?.into_iter().filter(is_http).map(|template| template.name).collect())
}

/// The lines of the report about templates.
///
/// # Errors
///
/// [`FrontierError`] when the database fails.
pub fn rendering_lines(frontier: &Frontier) -> Result<Vec<Value>, FrontierError> {
    let line = |template: &KnownTemplate| {
        let mut known = state(template);
        known["unchecked"] = json!(template.doubtful);
        known["taken_back"] = json!(template.taken_back);
        if is_application(&known) { json!({ "routing": known }) } else { json!({ "rendering": known }) }
    };
    Ok(frontier.templates()?.iter().map(line).collect())
}

/// What the fetcher noted of a template; what cannot be read is as good as nothing.
fn state(template: &KnownTemplate) -> Value {
    let known = serde_json::from_str(&template.state).ok().filter(Value::is_object);
    known.unwrap_or_else(|| json!({ "template": template.name }))
}

fn is_application(state: &Value) -> bool {
    state.get("application").is_some()
}

/// Whether a template is of pages with their Markdown.
fn is_markdown(state: &Value) -> bool {
    state["cheaper"] == "markdown"
}

/// What there is to say about it, a sentence a line.
pub fn rendering_sentences(summary: &RenderingSummary) -> Vec<String> {
    let Forms { sent, rendered, routed, unsettled } = summary.forms;
    let mut sentences = Vec::new();
    if summary.compared > 0 {
        let of = format!("{rendered} of {} pages rendered", sent + rendered);
        let compared = format!("{} compared, {} checked", summary.compared, summary.checked);
        sentences.push(match (sent.saturating_sub(summary.from_markdown), summary.browser_templates) {
            (0, 0) => format!("{of}: too few to find out whether the browser is needed ({compared})"),
            (0, _) => format!("{of}: over HTTP alone they hold less ({compared})"),
            (_, 0) => format!("{of}: over HTTP alone the pages hold the same ({compared})"),
            (_, _) => format!("{of}: over HTTP alone the others hold the same ({compared})"),
        });
    }
    if summary.taken_back > 0 {
        sentences.push(format!(
            "{} rendered after a check found that HTTP alone does not do",
            pages(summary.taken_back)
        ));
    }
    if summary.from_markdown > 0 {
        sentences.push(format!(
            "{} of {} pages read from the site's own Markdown, which holds what the browser shows ({} compared)",
            summary.from_markdown,
            sent + rendered,
            summary.compared_markdown
        ));
    }
    if summary.markdown_taken_back > 0 {
        sentences.push(format!(
            "{} rendered after a check found that their Markdown does not do",
            pages(summary.markdown_taken_back)
        ));
    }
    if routed > 0 {
        sentences.push(format!(
            "{routed} of {rendered} rendered pages by the site's own router, which gives what a load gives ({} compared)",
            summary.compared_routes
        ));
    }
    if summary.routes_taken_back > 0 {
        sentences.push(format!(
            "{} loaded after a check found that the site's own router does not do",
            pages(summary.routes_taken_back)
        ));
    }
    if unsettled > 0 {
        let unsettled = usize::try_from(unsettled).unwrap_or(usize::MAX);
        sentences.push(format!("{} did not come to rest in time, and may lack something", pages(unsettled)));
    }
    sentences
}

fn pages(count: usize) -> String {
    count_of(count, "page")
}

#[cfg(test)]
mod tests {
    use super::{RenderingSummary, rendering_sentences};
    use crate::frontier::Forms;

    #[track_caller]
    fn check(sent: u64, rendered: u64, browser_templates: usize, expected: &str) {
        let forms = Forms { sent, rendered, ..Forms::default() };
        let summary = RenderingSummary {
            forms,
            compared: 3,
            checked: 15,
            browser_templates,
            ..RenderingSummary::default()
        };
        assert_eq!(rendering_sentences(&summary), [expected]);
    }

    #[test]
    fn one_sentence_says_how_pages_were_had() {
        check(
            294,
            18,
            0,
            "18 of 312 pages rendered: over HTTP alone the pages hold the same (3 compared, 15 checked)",
        );
        check(0, 9, 1, "9 of 9 pages rendered: over HTTP alone they hold less (3 compared, 15 checked)");
        check(
            5,
            9,
            1,
            "9 of 14 pages rendered: over HTTP alone the others hold the same (3 compared, 15 checked)",
        );
        check(
            0,
            2,
            0,
            "2 of 2 pages rendered: too few to find out whether the browser is needed (3 compared, 15 checked)",
        );
    }

    #[test]
    fn pages_from_markdown_are_told_apart_from_those_of_http_alone() {
        let forms = Forms { sent: 20, rendered: 6, ..Forms::default() };
        let summary = RenderingSummary {
            forms,
            compared: 2,
            browser_templates: 1,
            from_markdown: 20,
            compared_markdown: 4,
            ..RenderingSummary::default()
        };
        assert_eq!(
            rendering_sentences(&summary),
            [
                "6 of 26 pages rendered: over HTTP alone they hold less (2 compared, 0 checked)",
                "20 of 26 pages read from the site's own Markdown, which holds what the browser shows (4 compared)",
            ]
        );
    }

    #[test]
    fn what_went_less_well_has_a_sentence_of_its_own() {
        let forms = Forms { rendered: 4, unsettled: 1, ..Forms::default() };
        let summary = RenderingSummary { forms, taken_back: 2, ..RenderingSummary::default() };
        assert_eq!(
            rendering_sentences(&summary),
            [
                "2 pages rendered after a check found that HTTP alone does not do",
                "1 page did not come to rest in time, and may lack something"
            ]
        );
        assert!(rendering_sentences(&RenderingSummary::default()).is_empty());
    }
}
