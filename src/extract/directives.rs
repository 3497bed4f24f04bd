//! What a page says of itself to crawlers, in its headers and in each of its forms.

use scraper::Selector;

use crate::extract::page::Page;
use crate::fetched::Fetched;
use crate::robots::PageDirectives;

/// What may be done with a page, as the crawler of this product token reads it: `X-Robots-Tag` of the response, and every
/// `meta name=robots` or `meta name=TOKEN` of the page as sent and as rendered. The strictest word counts.
pub fn page_directives(fetched: &Fetched, product_token: &str) -> PageDirectives {
    let mut directives = PageDirectives::default();
    let headers = fetched.exchange.iter().flat_map(|exchange| &exchange.response_headers);
    for (_, value) in headers.filter(|(name, _)| name.eq_ignore_ascii_case("x-robots-tag")) {
        directives.read_header(value, product_token);
    }
    let Ok(selector) = Selector::parse("meta[name][content]") else { return directives };
    for rendered in crate::render::renderings(fetched) {
        let page = Page::parse(&rendered);
        for meta in page.html().select(&selector) {
            let is_ours =
                |name: &str| name.eq_ignore_ascii_case("robots") || name.eq_ignore_ascii_case(product_token);
            if meta.attr("name").is_some_and(is_ours) {
                directives.read_meta(meta.attr("content").unwrap_or_default());
            }
        }
    }
    directives
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::page_directives;
    use crate::fetched::{Dom, Exchange, Fetched};
    use crate::robots::PageDirectives;
    use crate::url::CanonicalUrl;

    fn directives(header: Option<(&str, &str)>, sent: &str, dom: Option<&str>) -> PageDirectives {
        let url = CanonicalUrl::parse("https://d.example/a").unwrap();
        let mut headers = vec![("content-type".to_owned(), "text/html".to_owned())];
        headers.extend(header.map(|(name, value)| (name.to_owned(), value.to_owned())));
        let dom =
            dom.map(|html| Dom { html: html.to_owned(), settled: true, loaded: Vec::new(), routed: false });
        let exchange = Exchange {
            target: url.clone(),
            request_headers: Vec::new(),
            status: 200,
            response_headers: headers,
            body: sent.as_bytes().to_vec(),
        };
        let page =
            Fetched { url, fetched_at: Timestamp::UNIX_EPOCH, exchange: Some(exchange), dom, twin: None };
        page_directives(&page, "skillcrawl")
    }

    #[test]
    fn headers_and_both_forms_are_asked() {
        let open = PageDirectives::default();
        let unkept = PageDirectives { keep: false, follow: true };
        assert_eq!(directives(None, "<p>noindex robots</p>", None), open);
        assert_eq!(directives(Some(("X-Robots-Tag", "noindex")), "<p>x</p>", None), unkept);
        assert_eq!(directives(None, "<META NAME=Robots content='NoIndex'><p>x</p>", None), unkept);
        assert_eq!(directives(None, "<p>x</p>", Some("<meta name=robots content=noindex><p>x</p>")), unkept);
        assert_eq!(directives(None, "<meta name=otherbot content=noindex><p>x</p>", None), open);
        assert!(!directives(None, "<meta name=skillcrawl content='nofollow'><p>x</p>", None).follow);
    }
}
