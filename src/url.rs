//! Canonical URLs: one spelling for every address, and one identity for every page.
//!
//! Two notions are kept apart on purpose. [`CanonicalUrl`] is what is asked of the server: the spelling that a page
//! linked to, without fragment, tracking parameters, session ids and default port. [`PageKey`] is what makes two spellings one
//! page: `/guide`, `/guide/` and `/guide/index.html` share a key, so whichever is found first is fetched and the
//! others are not. Rewriting the request itself would yield 404s on servers that know only one of the forms.

mod session;

use std::fmt;

use serde::{Deserialize, Serialize};
use url::Url;

/// Query parameters that carry a campaign or a click, never content.
const TRACKING_PARAMETERS: [&str; 8] =
    ["gclid", "fbclid", "msclkid", "mc_cid", "mc_eid", "igshid", "_ga", "_gl"];

/// File names that servers answer for a folder.
const INDEX_FILES: [&str; 3] = ["index.html", "index.htm", "index.php"];

/// An absolute `http` or `https` URL in the spelling that is sent to the server.
///
/// Scheme and host are lower case, the default port, user info, tracking parameters, session ids and
/// ordinary fragments are gone.
/// A fragment that routes (`#/guide`, `#!/guide`) names a page of its own and stays.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CanonicalUrl(Url);

/// Why a text is not a [`CanonicalUrl`].
#[derive(Debug, thiserror::Error)]
pub enum UrlError {
    /// The text is no absolute URL, or does not join to one.
    #[error("`{text}` is not a valid URL")]
    Invalid {
        /// The text as it was given.
        text: String,
        /// What the parser said.
        #[source]
        cause: url::ParseError,
    },
    /// A scheme that a crawler cannot fetch, such as `mailto:`.
    #[error("`{text}` is not an http or https URL")]
    Scheme {
        /// The text as it was given.
        text: String,
    },
}

/// The identity of a page: equal for all spellings of one address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PageKey(String);

/// Scheme, host and port: what one robots.txt covers (RFC 9309 §2.3) and one politeness clock paces.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Authority(String);

impl CanonicalUrl {
    /// Parses an absolute URL.
    ///
    /// # Errors
    ///
    /// [`UrlError`] when the text is no absolute `http(s)` URL with a host.
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        let url =
            Url::parse(text.trim()).map_err(|cause| UrlError::Invalid { text: text.to_owned(), cause })?;
        Self::from_url(url)
    }

    /// Canonicalises a parsed URL.
    ///
    /// # Errors
    ///
    /// [`UrlError::Scheme`] when it is not `http(s)` or has no host.
    pub fn from_url(mut url: Url) -> Result<Self, UrlError> {
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(UrlError::Scheme { text: url.to_string() });
        }
        // Both setters fail only for URLs without a host, which were refused above.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        let route = url.fragment().and_then(route_of_fragment);
        url.set_fragment(route.as_deref());
        session::strip_from_path(&mut url);
        keep_parameters(&mut url, |pair| !is_tracking(pair) && !session::is_session(pair));
        Ok(Self(url))
    }

    /// Resolves a link of a page against this URL.
    ///
    /// # Errors
    ///
    /// [`UrlError`] when the reference does not resolve to an `http(s)` URL.
    pub fn join(&self, reference: &str) -> Result<Self, UrlError> {
        let url = self
            .0
            .join(reference.trim())
            .map_err(|cause| UrlError::Invalid { text: reference.to_owned(), cause })?;
        Self::from_url(url)
    }

    /// The whole URL, with the route in its fragment if it has one.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The URL as the `url` crate knows it.
    pub fn as_url(&self) -> &Url {
        &self.0
    }

    /// The path, percent-encoded, beginning with `/`.
    pub fn path(&self) -> &str {
        self.0.path()
    }

    /// The route of hash routing (`/guide` of `#/guide`), if this page is addressed by one.
    pub fn route(&self) -> Option<&str> {
        self.0.fragment()
    }

    /// The same URL without a query parameter.
    #[must_use]
    pub fn without_parameter(&self, name: &str) -> Self {
        let mut url = self.0.clone();
        keep_parameters(&mut url, |pair| pair.split('=').next() != Some(name));
        Self(url)
    }

    /// What goes over the wire: the URL without its fragment.
    pub fn document(&self) -> Self {
        let mut url = self.0.clone();
        url.set_fragment(None);
        Self(url)
    }

    /// The identity of the page that this URL names.
    pub fn key(&self) -> PageKey {
        let mut url = self.0.clone();
        let path = fold_index(url.path());
        url.set_path(&path);
        if url.query() == Some("") {
            url.set_query(None);
        }
        let route = url.fragment().map(|route| fold_index(route.trim_start_matches('!')));
        url.set_fragment(route.as_deref().filter(|route| *route != "/"));
        PageKey(url.to_string())
    }

    /// Scheme, host and port.
    pub fn authority(&self) -> Authority {
        Authority(self.0.origin().ascii_serialization())
    }

    /// The host alone: a name, an IPv4 address or a bracketed IPv6 address.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

/// The fragment of a hash-routed page without the in-page anchor that some routers put in its query, others behind a
/// second `#`. What begins with `!` is a route whatever follows, what begins with a slash too.
fn route_of_fragment(fragment: &str) -> Option<String> {
    let fragment = fragment.split('#').next().unwrap_or_default();
    let is_route =
        fragment.starts_with('/') || fragment.strip_prefix('!').is_some_and(|path| !path.is_empty());
    if !is_route {
        return None;
    }
    let (route, query) = fragment.split_once('?').unwrap_or((fragment, ""));
    let route = without_dots(route);
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("id=")).collect();
    if kept.is_empty() { Some(route) } else { Some(format!("{route}?{}", kept.join("&"))) }
}

/// A route without the dot segments of a relative link that a router wrote behind its slash, as `/./guide` and
/// `/../guide`: it loads what a path without them names (RFC 3986 §5.2.4).
fn without_dots(route: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for segment in route.split('/') {
        match segment {
            "." => {}
            ".." => kept.truncate(kept.len().saturating_sub(1).max(1)),
            _ => kept.push(segment),
        }
    }
    kept.join("/")
}

fn keep_parameters(url: &mut Url, is_kept: impl Fn(&str) -> bool) {
    let Some(query) = url.query() else { return };
    let kept: Vec<&str> = query.split('&').filter(|pair| is_kept(pair)).collect();
    let kept = kept.join("&");
    if kept != query {
        url.set_query((!kept.is_empty()).then_some(&kept));
    }
}

fn is_tracking(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
    name.starts_with("utm_") || TRACKING_PARAMETERS.contains(&name.as_str())
}

/// `/guide/index.html` and `/guide/` become `/guide`; the root stays `/`.
fn fold_index(path: &str) -> String {
    let folder = INDEX_FILES
        .iter()
        .find_map(|file| path.strip_suffix(file).filter(|rest| rest.ends_with('/')))
        .unwrap_or(path);
    let trimmed = folder.trim_end_matches('/');
    if trimmed.is_empty() { "/".to_owned() } else { trimmed.to_owned() }
}

impl PageKey {
    /// The key as text; stable, fit for a database column.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Authority {
    /// `scheme://host[:port]`, the port only where it is not the scheme's own.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `host[:port]`: the same for `http` and `https` on their own ports.
    pub fn host_port(&self) -> &str {
        self.0.split_once("://").map_or(&self.0, |(_, host_port)| host_port)
    }

    /// The address of the robots.txt that covers this authority (RFC 9309 §2.3).
    ///
    /// # Errors
    ///
    /// [`UrlError`] for a text that was never an authority.
    pub fn robots_txt(&self) -> Result<CanonicalUrl, UrlError> {
        CanonicalUrl::parse(&format!("{}/robots.txt", self.0))
    }
}

impl fmt::Display for CanonicalUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Display for PageKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl TryFrom<String> for CanonicalUrl {
    type Error = UrlError;

    fn try_from(text: String) -> Result<Self, UrlError> {
        Self::parse(&text)
    }
}

impl From<CanonicalUrl> for String {
    fn from(url: CanonicalUrl) -> Self {
        url.0.into()
    }
}

#[cfg(test)]
mod tests {
    use super::CanonicalUrl;

    fn check(text: &str, request: &str, key: &str) {
        let url = CanonicalUrl::parse(text).unwrap();
        assert_eq!(url.as_str(), request, "request form of {text}");
        assert_eq!(url.key().as_str(), key, "key of {text}");
    }

    #[test]
    fn one_spelling_for_the_server_and_one_identity() {
        check("HTTP://Docs.Example:80/a", "http://docs.example/a", "http://docs.example/a");
        check("https://d.example/a/#top", "https://d.example/a/", "https://d.example/a");
        check("https://d.example/a/index.html", "https://d.example/a/index.html", "https://d.example/a");
        check("https://d.example/index.html", "https://d.example/index.html", "https://d.example/");
        check("https://u:p@d.example", "https://d.example/", "https://d.example/");
        check(
            "https://d.example/a?utm_source=x&b=1&gclid=2",
            "https://d.example/a?b=1",
            "https://d.example/a?b=1",
        );
        check("https://d.example/a?utm_source=x", "https://d.example/a", "https://d.example/a");
    }

    #[test]
    fn hash_routes_are_pages_and_headings_are_not() {
        check("https://d.example/#/guide?id=start", "https://d.example/#/guide", "https://d.example/#/guide");
        check("https://d.example/#/", "https://d.example/#/", "https://d.example/");
        check("https://d.example/#!/guide/", "https://d.example/#!/guide/", "https://d.example/#/guide");
        check("https://d.example/#/guide#start", "https://d.example/#/guide", "https://d.example/#/guide");
        check("https://d.example/#/./guide", "https://d.example/#/guide", "https://d.example/#/guide");
        check("https://d.example/#/a/../../guide", "https://d.example/#/guide", "https://d.example/#/guide");
        check("https://d.example/#!guide", "https://d.example/#!guide", "https://d.example/#guide");
        check("https://d.example/#!", "https://d.example/", "https://d.example/");
        check("https://d.example/?a=b.md#top", "https://d.example/?a=b.md", "https://d.example/?a=b.md");
        check("https://d.example/#heading", "https://d.example/", "https://d.example/");
    }

    #[test]
    fn links_join_and_foreign_schemes_are_refused() {
        let page = CanonicalUrl::parse("https://d.example/guide/start.html").unwrap();
        assert_eq!(page.join("../api/#x").unwrap().as_str(), "https://d.example/api/");
        assert!(page.join("mailto:docs@d.example").is_err());
        assert!(CanonicalUrl::parse("javascript:void(0)").is_err());
        assert!(CanonicalUrl::parse("/only/a/path").is_err());
    }
}
