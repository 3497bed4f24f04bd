//! Path patterns of robots.txt (RFC 9309 §2.2.2 and §2.2.3).

/// One spelling for equal octets (RFC 9309 §2.2.2): what need not be encoded is decoded, what must be is encoded,
/// hexadecimal digits are upper case.
pub(super) fn normalize(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut normal = String::with_capacity(path.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if byte != b'%' {
            push_octet(&mut normal, byte, needs_encoding(byte));
        } else if let Some(octet) = hex_octet(bytes.get(at..at + 2)) {
            at += 2;
            push_octet(&mut normal, octet, !is_unreserved(octet));
        } else {
            normal.push('%');
        }
    }
    normal
}

fn push_octet(text: &mut String, octet: u8, encoded: bool) {
    if encoded {
        text.push_str(&format!("%{octet:02X}"));
    } else {
        text.push(char::from(octet));
    }
}

fn hex_octet(digits: Option<&[u8]>) -> Option<u8> {
    let digits = std::str::from_utf8(digits?).ok()?;
    // `from_str_radix` would also take a sign.
    digits.bytes().all(|digit| digit.is_ascii_hexdigit()).then(|| u8::from_str_radix(digits, 16).ok())?
}

fn is_unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"-._~".contains(&octet)
}

fn needs_encoding(octet: u8) -> bool {
    !octet.is_ascii_graphic() || b"\"<>\\^`{|}".contains(&octet)
}

/// Whether the pattern matches a prefix of the path; `*` stands for any run, a final `$` for the end (§2.2.3).
pub(super) fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, anchored) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| path.strip_prefix(first)) else { return false };
    let mut pieces: Vec<&str> = pieces.collect();
    if !anchored {
        return pieces.iter().all(|piece| skip_past(&mut rest, piece));
    }
    // The leftmost place for every piece but the last leaves the most room for the last, which must end the path.
    match pieces.pop() {
        Some(last) => pieces.iter().all(|piece| skip_past(&mut rest, piece)) && rest.ends_with(last),
        None => rest.is_empty(),
    }
}

fn skip_past(rest: &mut &str, piece: &str) -> bool {
    match rest.find(piece) {
        Some(at) => {
            *rest = &rest[at + piece.len()..];
            true
        }
        None => false,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::{matches, normalize};

    /// The plain definition of §2.2.3, for the oracle. The crate's own `matches` loses places while it walks: it
    /// denies that `*$b` matches `/$$b`.
    pub(in crate::robots) fn matches_by_definition(pattern: &[u8], path: &[u8]) -> bool {
        match (pattern, path) {
            ([], _) | ([b'$'], []) => true,
            ([b'*', rest @ ..], _) => (0..=path.len()).any(|at| matches_by_definition(rest, &path[at..])),
            ([b'$'], _) | (_, []) => false,
            ([wanted, pattern @ ..], [found, path @ ..]) => {
                wanted == found && matches_by_definition(pattern, path)
            }
        }
    }

    proptest! {
        #[test]
        fn patterns_match_as_defined(pattern in "/?[ab*$]{0,8}", path in "/[ab$]{0,9}") {
            prop_assert_eq!(
                matches(&pattern, &path),
                matches_by_definition(pattern.as_bytes(), path.as_bytes()),
                "{} on {}", pattern, path
            );
        }
    }

    #[test]
    fn normal_spellings() {
        for (path, normal) in [
            ("/%7euser/%61", "/~user/a"),
            ("/a%2fb", "/a%2Fb"),
            ("/caf\u{e9}", "/caf%C3%A9"),
            ("/a b", "/a%20b"),
            ("/100%", "/100%"),
            ("/%+1%zz", "/%+1%zz"),
        ] {
            assert_eq!(normalize(path), normal);
        }
    }
}
