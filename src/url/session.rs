//! Session ids in addresses: they make a new address of every page for every visitor.

use url::Url;

/// Parameters that carry a session and nothing else.
const SESSION_PARAMETERS: [&str; 8] =
    ["jsessionid", "phpsessid", "aspsessionid", "sessionid", "session_id", "cfid", "cftoken", "zenid"];

/// Parameters that carry a session where their value looks like one.
const PERHAPS_SESSION_PARAMETERS: [&str; 4] = ["sid", "s", "session", "sess"];

/// The least length of a value that looks like a session.
const SESSION_LENGTH: usize = 16;

/// Takes session ids out of the path, as `/guide;jsessionid=1A2B`.
pub(super) fn strip_from_path(url: &mut Url) {
    let path = url.path();
    if !path.contains(';') {
        return;
    }
    let segments: Vec<&str> = path.split('/').map(without_session).collect();
    let stripped = segments.join("/");
    if stripped != path {
        url.set_path(&stripped);
    }
}

fn without_session(segment: &str) -> &str {
    match segment.split_once(';') {
        Some((name, parameter)) if is_session(parameter) => name,
        _ => segment,
    }
}

/// Whether `name=value` carries a session.
pub(super) fn is_session(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let name = name.to_ascii_lowercase();
    SESSION_PARAMETERS.iter().any(|known| name.starts_with(known))
        || (PERHAPS_SESSION_PARAMETERS.contains(&name.as_str()) && looks_random(value))
}

fn looks_random(value: &str) -> bool {
    value.len() >= SESSION_LENGTH
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && value.bytes().filter(u8::is_ascii_digit).count() >= 3
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use crate::url::CanonicalUrl;

    #[test]
    fn sessions_are_no_part_of_an_address() {
        for (text, request) in [
            ("/guide;jsessionid=1A2B3C", "/guide"),
            ("/a;jsessionid=1/b?x=1", "/a/b?x=1"),
            ("/a?PHPSESSID=abc&x=1", "/a?x=1"),
            ("/a?sid=0a1b2c3d4e5f60718293", "/a"),
            ("/a?sid=intro", "/a?sid=intro"),
            ("/a?s=documentation-of-everything", "/a?s=documentation-of-everything"),
            ("/matrix;v=1/a", "/matrix;v=1/a"),
        ] {
            let url = CanonicalUrl::parse(&format!("https://d.example{text}")).unwrap();
            assert_eq!(url.as_str(), format!("https://d.example{request}"), "{text}");
        }
    }
}
