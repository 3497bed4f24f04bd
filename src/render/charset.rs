//! Bytes to text, as browsers sniff it (WHATWG Encoding and HTML §13.2.3.2): mark, header, `meta`, then UTF-8.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// How far into a page browsers look for a `meta` with a charset.
const META_SEARCH_BYTES: usize = 4096;

/// Decodes a body. What cannot be decoded becomes U+FFFD.
pub(super) fn decode(body: &[u8], content_type: Option<&str>) -> String {
    // `decode` itself honours a byte-order mark over the encoding it is given.
    let encoding = content_type
        .and_then(charset_of)
        .or_else(|| charset_of_meta(body))
        .and_then(|label| Encoding::for_label(label.as_bytes()))
        .unwrap_or_else(|| if std::str::from_utf8(body).is_ok() { UTF_8 } else { guess(body) });
    encoding.decode(body).0.into_owned()
}

/// Without any statement, a page that is mostly UTF-8 is UTF-8 with a few broken bytes.
fn guess(body: &[u8]) -> &'static Encoding {
    let broken = String::from_utf8_lossy(body).matches('\u{FFFD}').count();
    let high = body.iter().filter(|byte| **byte >= 0x80).count();
    if broken * 2 > high { WINDOWS_1252 } else { UTF_8 }
}

fn charset_of_meta(body: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(body.get(..META_SEARCH_BYTES).unwrap_or(body)).to_ascii_lowercase();
    head.split("<meta").skip(1).find_map(|rest| charset_of(rest.split('>').next().unwrap_or_default()))
}

/// The value of `charset=` in a header or a tag.
fn charset_of(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let (_, value) = lower.split_once("charset")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let value = value.trim_start_matches(['"', '\'']);
    let label: String =
        value.chars().take_while(|next| next.is_ascii_alphanumeric() || "-_.:+".contains(*next)).collect();
    (!label.is_empty()).then_some(label)
}
