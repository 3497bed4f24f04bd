//! What to do where a crawl brought nothing, by what its first page was answered with.

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
