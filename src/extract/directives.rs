//! What a page says of itself to crawlers, in its headers and in each of its forms.

use scraper::{Html, Selector};

use crate::fetched::Fetched;
use crate::robots::PageDirectives;

/// What the response says in `X-Robots-Tag`, as the crawler of this product token reads it.
pub(super) fn of_headers(fetched: &Fetched, product_token: &str) -> PageDirectives {
    let mut directives = PageDirectives::default();
    let headers = fetched.exchange.iter().flat_map(|exchange| &exchange.response_headers);
    for (_, value) in headers.filter(|(name, _)| name.eq_ignore_ascii_case("x-robots-tag")) {
        directives.read_header(value, product_token);
    }
    directives
}

/// Adds what one form of the page says in `meta name=robots` and `meta name=TOKEN`. The strictest word counts.
pub(super) fn read_metas(directives: &mut PageDirectives, html: &Html, product_token: &str) {
    let Ok(selector) = Selector::parse("meta[name][content]") else { return };
    for meta in html.select(&selector) {
        let is_ours =
            |name: &str| name.eq_ignore_ascii_case("robots") || name.eq_ignore_ascii_case(product_token);
        if meta.attr("name").is_some_and(is_ours) {
            directives.read_meta(meta.attr("content").unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use crate::config::ExtractRules;
    use crate::extract::leads;
    use crate::fetched::{Dom, Exchange, Fetched};
    use crate::profile::Profiles;
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
        leads(&page, &Profiles::builtin().unwrap(), &ExtractRules::default(), "skillcrawl").directives
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
