//! What to do where a crawl brought nothing, by what its first page was answered with.

use crate::url::CanonicalUrl;

/// Words in the paths of pages that come before those that were asked for.
const GATES: [&str; 10] =
    ["login", "signin", "sign-in", "sign_in", "sso", "oauth", "oauth2", "auth", "consent", "captcha"];

/// Where the first page leads out of the site.
pub fn moved_hint(from: &CanonicalUrl, to: &CanonicalUrl) -> String {
    if is_gate(from, to) {
        return "that looks like a sign-in or a consent page; see in a browser without a sign-in whether the pages are \
                public"
            .to_owned();
    }
    format!("set `base_url` to where the documentation is now, such as `{to}`")
}

/// Whether an address is that of a page that leads back to the one that was asked for: by its name, or because it names it.
fn is_gate(from: &CanonicalUrl, to: &CanonicalUrl) -> bool {
    let mut segments = to.as_url().path_segments().into_iter().flatten();
    let names_it = |(_, value): (_, std::borrow::Cow<'_, str>)| {
        from.path().len() > 1 && value.trim_end_matches('/').ends_with(from.path().trim_end_matches('/'))
    };
    segments.any(|segment| GATES.iter().any(|gate| segment.eq_ignore_ascii_case(gate)))
        || to.as_url().query_pairs().any(names_it)
}

/// Where the first page could not be had: the causes are those of `report.jsonl`.
pub fn unreachable_hint(cause: &str) -> &'static str {
    // Whoever is asked for robots.txt is asked for the page as well.
    let cause = cause.strip_prefix("robots.txt: ").unwrap_or(cause);
    match cause {
        "too many redirects" | "redirect loop" => {
            "see in a browser where it leads, and set `base_url` to that; a site that wants a cookie or a sign-in cannot be crawled"
        }
        "document too large" => {
            "it is more than a page may hold; set `base_url` or `start_urls` to other pages"
        }
        "body cannot be decoded" => "the server sends it otherwise than it says; tell who runs the site",
        _ if cause.contains("HTTP 5") => {
            "the server has trouble; wait a while, then run the same command again"
        }
        _ => "check `base_url` and the connection, then run the same command again",
    }
}

/// Where the first page is none that is kept.
pub fn refused_hint(cause: &str) -> &'static str {
    match cause {
        "HTTP 401" | "HTTP 403" => {
            "the site does not let everybody in; see in a browser without a sign-in whether the page is public"
        }
        _ => "check `base_url` and `start_urls` in a browser",
    }
}

#[cfg(test)]
mod tests {
    use super::moved_hint;
    use crate::url::CanonicalUrl;

    #[track_caller]
    fn check(to: &str, begins: &str) {
        let from = CanonicalUrl::parse("https://d.example/docs/").unwrap();
        let hint = moved_hint(&from, &CanonicalUrl::parse(to).unwrap());
        assert!(hint.starts_with(begins), "{to}: {hint}");
    }

    #[test]
    fn a_page_that_leads_back_is_no_new_place_for_the_documentation() {
        check("https://id.example/login", "that looks like a sign-in");
        check("https://id.example/u/Sign-In?client=7", "that looks like a sign-in");
        check("https://d.example/start?next=%2Fdocs%2F", "that looks like a sign-in");
        check("https://id.example/a?to=https%3A%2F%2Fd.example%2Fdocs", "that looks like a sign-in");
        check("https://d.example/manual/?lang=en", "set `base_url`");
        check("https://d.example/authors/", "set `base_url`");
    }
}
