//! From a fetched page to the HTML that is read: charset decoded, base URL found, source named.
//!
//! A page may be there up to three times: rendered, as sent, and as the Markdown that the site serves beside it. This
//! module turns each into a [`Rendered`]; which of them holds more of the main content is for `extract` to find out.
//! It parses no HTML: the base and the charset are looked for in the text.

mod charset;
mod dialect;
mod notebook;
mod rst;
mod twin;
mod words;

use crate::fetched::{Exchange, Fetched, Markup, markup_of};
use crate::url::CanonicalUrl;

/// Where a `<base>` can stand: browsers read the first one, and it belongs into the head.
const BASE_SEARCH_BYTES: usize = 64 * 1024;

/// HTML that is ready to be read.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// The page's address.
    pub url: CanonicalUrl,
    /// What relative links resolve against: `<base href>` if the page has one, else its address.
    pub base: CanonicalUrl,
    /// The HTML as text.
    pub html: String,
    /// Where the HTML comes from.
    pub source: Source,
}

/// Where a page's HTML comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The body of the HTTP response.
    Sent,
    /// The document after JavaScript ran.
    Dom,
    /// The Markdown twin, turned into HTML.
    Twin,
    /// The API description that the page shows; what the page says around it is of its other forms.
    #[serde(rename = "openapi")]
    OpenApi,
}

/// Markdown (GitHub-flavoured, with math, footnotes and definition lists) as the HTML of a page.
pub fn markdown_to_html(markdown: &str) -> String {
    twin::to_html(markdown)
}

/// reStructuredText, a whole page or a part of one, as HTML.
fn rst_fragment(text: &str) -> String {
    rst::to_html(text)
}

/// Every form in which the page is there: rendered, as sent, then its Markdown twin.
///
/// A body that is Markdown itself, as raw files of a repository are, counts as the twin.
pub fn renderings(fetched: &Fetched) -> Vec<Rendered> {
    let url = &fetched.url;
    let mut found = Vec::new();
    if let Some(dom) = &fetched.dom {
        found.push(rendered(url, dom.html.clone(), Source::Dom));
    }
    let mut body = fetched.twin.as_deref().map(|markdown| twin::to_html_of(markdown, url));
    if let Some(exchange) = &fetched.exchange {
        let text = || charset::decode(&exchange.body, exchange.header("content-type"));
        match body_kind(exchange) {
            BodyKind::Html => found.push(rendered(url, text(), Source::Sent)),
            BodyKind::Markup(markup) => {
                let own = match markup {
                    Markup::Markdown => Some(twin::to_html(&text())),
                    Markup::ReStructuredText => Some(format!("<main>{}</main>", rst_fragment(&text()))),
                    Markup::Notebook => notebook::to_html(&text()),
                };
                body = body.or(own);
            }
            BodyKind::Other => {}
        }
    }
    if let Some(body) = body {
        found.push(rendered(url, written(&body), Source::Twin));
    }
    found
}

/// The HTML that the server sent as text, if it sent HTML.
pub fn sent_html(fetched: &Fetched) -> Option<String> {
    let exchange = fetched.exchange.as_ref()?;
    match body_kind(exchange) {
        BodyKind::Html => Some(charset::decode(&exchange.body, exchange.header("content-type"))),
        BodyKind::Markup(_) | BodyKind::Other => None,
    }
}

enum BodyKind {
    Html,
    Markup(Markup),
    Other,
}

fn body_kind(exchange: &Exchange) -> BodyKind {
    if exchange.body.is_empty() {
        return BodyKind::Other;
    }
    match exchange.media_type().as_deref() {
        None => BodyKind::Html,
        Some(_) if exchange.is_html() => BodyKind::Html,
        Some(media_type) => {
            markup_of(media_type, exchange.target.path()).map_or(BodyKind::Other, BodyKind::Markup)
        }
    }
}

/// A page of this program's own making, which a profile recognises by that.
fn written(body: &str) -> String {
    format!("<html><head><meta name=\"generator\" content=\"skillcrawl\"></head><body>{body}</body></html>")
}

fn rendered(url: &CanonicalUrl, html: String, source: Source) -> Rendered {
    let base = base_href(&html).and_then(|href| url.document().join(&href).ok());
    Rendered { url: url.clone(), base: base.unwrap_or_else(|| url.clone()), html, source }
}

/// The `href` of the first `<base>`, read from the text.
fn base_href(html: &str) -> Option<String> {
    let mut end = html.len().min(BASE_SEARCH_BYTES);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let head = html.get(..end)?;
    let lower = head.to_ascii_lowercase();
    let mut from = 0;
    while let Some(found) = lower.get(from..)?.find("<base") {
        let start = from + found + "<base".len();
        let rest = head.get(start..)?;
        if rest.starts_with(|first: char| first.is_ascii_whitespace()) {
            let tag = rest.split('>').next().unwrap_or_default();
            if let Some(href) = attribute(tag, "href") {
                return Some(href);
            }
        }
        from = start;
    }
    None
}

/// The value of an attribute in the text of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let start = lower.find(&format!(" {name}"))? + 1 + name.len();
    let value = tag.get(start..)?.trim_start().strip_prefix('=')?.trim_start();
    let value = match value.chars().next()? {
        quote @ ('"' | '\'') => value.get(1..)?.split(quote).next()?,
        _ => value.split(|end: char| end.is_ascii_whitespace() || end == '/').next()?,
    };
    Some(value.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Source, renderings};
    use crate::fetched::{Dom, Exchange, Fetched};
    use crate::url::CanonicalUrl;

    fn page(content_type: &str, body: &[u8]) -> Fetched {
        let url = CanonicalUrl::parse("https://d.example/guide/start.md").unwrap();
        let exchange = Exchange {
            target: url.clone(),
            request_headers: Vec::new(),
            status: 200,
            response_headers: vec![("Content-Type".to_owned(), content_type.to_owned())],
            body: body.to_vec(),
        };
        Fetched { url, fetched_at: Timestamp::UNIX_EPOCH, exchange: Some(exchange), dom: None, twin: None }
    }

    #[test]
    fn decodes_by_header_meta_and_mark() {
        let check = |content_type: &str, body: &[u8]| {
            let found = renderings(&page(content_type, body));
            assert_eq!(found.len(), 1);
            assert!(found[0].html.contains('é'), "{content_type}: {}", found[0].html);
        };
        check("text/html; charset=utf-8", "é".as_bytes());
        check("text/html; charset=ISO-8859-1", b"\xe9");
        check("text/html; charset=\"windows-1252\"", b"\xe9");
        check("text/html", b"<meta charset=iso-8859-15><p>\xe9");
        check("text/html", b"<META http-equiv=Content-Type content='text/html; charset=latin1'>\xe9");
        check("text/html; charset=latin1", b"\xef\xbb\xbf\xc3\xa9");
        check("text/html", b"\xff\xfe\xe9\x00");
        check("text/html", "<p>é".as_bytes());
    }

    #[test]
    fn links_resolve_against_base() {
        let check = |html: &str, base: &str| {
            let found = renderings(&page("text/html", html.as_bytes()));
            assert_eq!(found[0].base.as_str(), base);
        };
        check("<p>", "https://d.example/guide/start.md");
        check("<head><base target=x href='/docs/'>", "https://d.example/docs/");
        check("<basefont href=/no><base href=\"v2/\">", "https://d.example/guide/v2/");
    }

    #[test]
    fn markdown_bodies_are_twins_and_rendered_comes_first() {
        let raw = renderings(&page("text/plain; charset=utf-8", b"# Title\n\n> [!NOTE]\n> Mind.\n"));
        assert_eq!(raw.len(), 1);
        assert_eq!(raw[0].source, Source::Twin);
        assert!(raw[0].html.contains("markdown-alert-note"), "{}", raw[0].html);

        let mut both = page("text/html", b"<p>sent");
        both.dom = Some(Dom { html: "<p>dom".to_owned(), settled: true, loaded: Vec::new(), routed: false });
        both.twin = Some("twin".to_owned());
        let sources: Vec<Source> = renderings(&both).iter().map(|rendered| rendered.source).collect();
        assert_eq!(sources, [Source::Dom, Source::Sent, Source::Twin]);
        assert!(renderings(&page("application/pdf", b"%PDF")).is_empty());
    }
}
