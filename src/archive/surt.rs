//! Sort-friendly URI keys (SURT) as CDX indexes have them: `https://www.docs.example/A/?b&a` is `example,docs)/a?a&b`.
//!
//! Follows the canonicalisation that the Internet Archive's tools share, so that a replay tool finds our records by
//! the keys that it makes itself. Left out is only its removal of session ids.

use url::{Host, Url};

/// The key of a record's target: an `http(s)` URL, or a URN with one inside.
pub(crate) fn surt(target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default();
    match Url::parse(target) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            let path = collapse_slashes(&tidy(url.path()));
            format!("{}){}", authority(&url), with_query(&path, url.query()))
        }
        _ => {
            let (path, query) =
                target.split_once('?').map_or((target, None), |(path, query)| (path, Some(query)));
            with_query(&tidy(path), query)
        }
    }
}

/// The labels of the host from the last to the first, without `www.`, and the port unless it is the scheme's own.
fn authority(url: &Url) -> String {
    let mut authority = match url.host() {
        Some(Host::Ipv6(address)) => address.to_string(),
        Some(Host::Ipv4(address)) => reversed(&address.to_string()),
        Some(Host::Domain(name)) => reversed(without_www(name)),
        None => String::new(),
    };
    if let Some(port) = url.port() {
        authority.push(':');
        authority.push_str(&port.to_string());
    }
    authority
}

fn reversed(name: &str) -> String {
    name.trim_matches('.').split('.').rev().collect::<Vec<_>>().join(",")
}

fn without_www(name: &str) -> &str {
    let rest =
        name.strip_prefix("www").map(|rest| rest.trim_start_matches(|digit: char| digit.is_ascii_digit()));
    rest.and_then(|rest| rest.strip_prefix('.')).unwrap_or(name)
}

fn with_query(path: &str, query: Option<&str>) -> String {
    let path = path.to_ascii_lowercase();
    let path = if path.len() > 1 { path.strip_suffix('/').unwrap_or(&path) } else { &path };
    let query = tidy(query.unwrap_or_default()).to_ascii_lowercase();
    if query.is_empty() {
        return path.to_owned();
    }
    let mut parameters: Vec<(&str, Option<&str>)> = query
        .split('&')
        .map(|parameter| {
            parameter.split_once('=').map_or((parameter, None), |(name, value)| (name, Some(value)))
        })
        .collect();
    parameters.sort_unstable();
    let parameters: Vec<String> = parameters
        .into_iter()
        .map(|(name, value)| value.map_or_else(|| name.to_owned(), |value| format!("{name}={value}")))
        .collect();
    format!("{path}?{}", parameters.join("&"))
}

/// Percent-decodes until nothing is left to decode, then encodes once what must be.
fn tidy(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    loop {
        let decoded = percent_decoded(&bytes);
        if decoded == bytes {
            break;
        }
        bytes = decoded;
    }
    let mut tidied = String::with_capacity(bytes.len());
    for byte in bytes {
        if byte.is_ascii_graphic() && !matches!(byte, b'#' | b'%') {
            tidied.push(char::from(byte));
        } else {
            tidied.push_str(&format!("%{byte:02X}"));
        }
    }
    tidied
}

fn percent_decoded(bytes: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|digits| *first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let code = code.and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = code.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            decoded.push(byte);
            rest = after.get(2..).unwrap_or_default();
        } else {
            decoded.push(*first);
            rest = after;
        }
    }
    decoded
}

fn collapse_slashes(path: &str) -> String {
    let mut collapsed = String::with_capacity(path.len());
    for character in path.chars() {
        if character != '/' || !collapsed.ends_with('/') {
            collapsed.push(character);
        }
    }
    collapsed
}

#[cfg(test)]
mod tests {
    use super::surt;

    /// The expected keys are what the Internet Archive's own `surt` package gives.
    #[test]
    fn keys_are_those_of_other_tools() {
        let check = |url: &str, key: &str| assert_eq!(surt(url), key, "{url}");
        check("http://www.example.com:8080/Foo/Bar/?b=2&a=1", "com,example:8080)/foo/bar?a=1&b=2");
        check("https://example.com", "com,example)/");
        check("http://www2.example.com/", "com,example)/");
        check("http://www.com/", "com)/");
        check("http://127.0.0.1:3000/a", "1,0,0,127:3000)/a");
        check("http://[::1]:80/x", "::1)/x");
        check("http://d.example:443/x", "example,d:443)/x");
        check("https://d.example/a%20b/%C3%A9", "example,d)/a%20b/%c3%a9");
        check("https://d.example/a/?", "example,d)/a");
        check("https://d.example//a//b", "example,d)/a/b");
        check("https://d.example/a?q=a+b%2Bc%26", "example,d)/a?&q=a+b+c");
        check("https://d.example/?b=%E4&a#x", "example,d)/?a&b=%e4");
        check("https://d.example/#/guide", "example,d)/");
        check("urn:dom:https://example.com/#/a", "urn:dom:https://example.com");
        check("urn:pageinfo:https://docs.example.com/A?x=Y", "urn:pageinfo:https://docs.example.com/a?x=y");
        check("urn:markdown:https://d.example/?b&a=1", "urn:markdown:https://d.example?a=1&b");
    }
}
