//! HTTP/1.1 messages as the blocks of request and response records (RFC 9112), written and read.
//!
//! What we write has no transfer or content coding left. What others wrote may have: its coding is undone here, within
//! the cap on a record, so that nothing after this sees one.

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use crate::archive::error::Flaw;
use crate::archive::scan::MAX_BLOCK;
use crate::fetched::Exchange;

/// The most bytes of a message's head; more is no honest server's.
pub(crate) const MAX_HEAD: u64 = 256 << 10;
/// Fields that describe how a body travelled; the body here has arrived.
const TRANSPORT_FIELDS: [&str; 3] = ["content-encoding", "transfer-encoding", "content-length"];

/// The start line, header lines and body of a message.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Message<'a> {
    /// The first line.
    pub(crate) start_line: String,
    /// The header lines in order.
    pub(crate) headers: Vec<(String, String)>,
    /// What follows the head.
    pub(crate) body: &'a [u8],
}

/// The block of an exchange's request record.
pub(crate) fn request_block(exchange: &Exchange) -> Vec<u8> {
    let url = exchange.target.as_url();
    let mut head = format!("GET {}", url.path());
    if let Some(query) = url.query() {
        head.push('?');
        head.push_str(query);
    }
    head.push_str(" HTTP/1.1\r\n");
    if !exchange.request_headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        let host = exchange.target.host();
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        push_line(&mut head, "Host", &format!("{host}{port}"));
    }
    push_lines(&mut head, &exchange.request_headers, &[]);
    head.push_str("\r\n");
    head.into_bytes()
}

/// The head of an exchange's response: the whole block of a revisit record, and what a response's body follows.
pub(crate) fn response_head(exchange: &Exchange) -> Vec<u8> {
    let mut head = format!("HTTP/1.1 {} {}\r\n", exchange.status, reason(exchange.status));
    push_lines(&mut head, &exchange.response_headers, &TRANSPORT_FIELDS);
    // A 304 has no body, and would state the length of the one that it stands for (RFC 9110 §8.6).
    if exchange.status != 304 {
        push_line(&mut head, "Content-Length", &exchange.body.len().to_string());
    }
    head.push_str("\r\n");
    head.into_bytes()
}

fn push_lines(head: &mut String, headers: &[(String, String)], without: &[&str]) {
    for (name, value) in headers {
        if !without.iter().any(|other| name.eq_ignore_ascii_case(other)) {
            push_line(head, name, value);
        }
    }
}

/// A browser joins the values of repeated fields by line breaks; each becomes a line of its own again. Pseudo fields
/// of HTTP/2 (`:status`) and names that are no token are left out: they would break the message.
fn push_line(head: &mut String, name: &str, value: &str) {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(is_token) {
        return;
    }
    for value in value.split(['\r', '\n']).filter(|part| value.is_empty() || !part.is_empty()) {
        head.push_str(name);
        head.push_str(": ");
        head.push_str(value.trim());
        head.push_str("\r\n");
    }
}

/// Splits a block into head and body. Line ends may lack their carriage return, as some writers leave it out.
///
/// # Errors
///
/// [`Flaw::NoHttpMessage`] when there is no complete head within the cap.
pub(crate) fn parse(block: &[u8]) -> Result<Message<'_>, Flaw> {
    let mut rest = block;
    let mut lines = Vec::new();
    loop {
        let end = rest.iter().position(|byte| *byte == b'\n').ok_or(Flaw::NoHttpMessage)?;
        let (line, after) = rest.split_at(end + 1);
        rest = after;
        let line = line.trim_ascii_end();
        if line.is_empty() {
            break;
        }
        if (block.len() - rest.len()) as u64 > MAX_HEAD {
            return Err(Flaw::NoHttpMessage);
        }
        lines.push(String::from_utf8_lossy(line).into_owned());
    }
    let mut lines = lines.into_iter();
    let start_line = lines.next().ok_or(Flaw::NoHttpMessage)?;
    Ok(Message { start_line, headers: header_lines(lines), body: rest })
}

fn header_lines(lines: impl Iterator<Item = String>) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in lines {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            headers.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    headers
}

impl Message<'_> {
    /// The status code of a response.
    ///
    /// # Errors
    ///
    /// [`Flaw::NoHttpMessage`] when the start line is not that of a response.
    pub(crate) fn status(&self) -> Result<u16, Flaw> {
        let code = self.start_line.strip_prefix("HTTP/").and_then(|rest| rest.split_whitespace().nth(1));
        code.and_then(|code| code.parse().ok()).ok_or(Flaw::NoHttpMessage)
    }

    /// The value of a header, by case-insensitive name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The header lines but for those that describe how the body travelled.
    pub(crate) fn lasting_headers(&self) -> Vec<(String, String)> {
        let is_transport = |name: &str| TRANSPORT_FIELDS.iter().any(|field| name.eq_ignore_ascii_case(field));
        self.headers.iter().filter(|(name, _)| !is_transport(name)).cloned().collect()
    }

    /// The body without transfer and content coding.
    ///
    /// # Errors
    ///
    /// [`Flaw::Coding`] for a content coding that is not known or not what the body is in, [`Flaw::TooLarge`] beyond
    /// the cap on a record.
    pub(crate) fn decoded_body(&self) -> Result<Vec<u8>, Flaw> {
        let mut body = self.body.to_vec();
        if self
            .header("transfer-encoding")
            .is_some_and(|coding| coding.to_ascii_lowercase().contains("chunked"))
        {
            // Some writers undo the chunks and keep the header.
            body = dechunk(&body).unwrap_or(body);
        }
        let codings = self.header("content-encoding").unwrap_or_default().to_ascii_lowercase();
        for coding in codings.rsplit(',').map(str::trim).filter(|coding| !coding.is_empty()) {
            body = decode(coding, body)?;
        }
        Ok(body)
    }
}

/// Joins the chunks of a body; `None` where it is not made of such.
fn dechunk(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let end = rest.iter().take(1024).position(|byte| *byte == b'\n')?;
        let (line, after) = rest.split_at(end + 1);
        let size = std::str::from_utf8(line).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(after.get(..size)?);
        let after = after.get(size..)?;
        rest = after.strip_prefix(b"\r\n").or_else(|| after.strip_prefix(b"\n"))?;
    }
}

fn decode(coding: &str, body: Vec<u8>) -> Result<Vec<u8>, Flaw> {
    let failed = |_| Flaw::Coding(coding.to_owned());
    match coding {
        "identity" => Ok(body),
        // Some writers undo the coding and keep the header.
        "gzip" | "x-gzip" if !body.starts_with(&[0x1f, 0x8b]) => Ok(body),
        "gzip" | "x-gzip" => within_cap(MultiGzDecoder::new(body.as_slice())).map_err(failed)?,
        // The name means the zlib format; some servers send the bare one.
        "deflate" => within_cap(ZlibDecoder::new(body.as_slice()))
            .or_else(|_| within_cap(DeflateDecoder::new(body.as_slice())))
            .map_err(failed)?,
        _ => Err(Flaw::Coding(coding.to_owned())),
    }
}

fn within_cap(reader: impl Read) -> io::Result<Result<Vec<u8>, Flaw>> {
    let mut body = Vec::new();
    let size = reader.take(MAX_BLOCK + 1).read_to_end(&mut body)? as u64;
    Ok(if size > MAX_BLOCK { Err(Flaw::TooLarge) } else { Ok(body) })
}

/// The reason phrase of the common status codes; it may be empty (RFC 9112 §4).
fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        206 => "Partial Content",
        301 => "Moved Permanently",
        302 => "Found",
        303 => "See Other",
        304 => "Not Modified",
        307 => "Temporary Redirect",
        308 => "Permanent Redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        410 => "Gone",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

    use super::{parse, request_block, response_head};
    use crate::archive::error::Flaw;
    use crate::fetched::Exchange;
    use crate::url::CanonicalUrl;

    fn exchange(request: &[(&str, &str)], response: &[(&str, &str)]) -> Exchange {
        let owned = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        Exchange {
            target: CanonicalUrl::parse("http://d.example:8080/a/b?c=1").unwrap(),
            request_headers: owned(request),
            status: 200,
            response_headers: owned(response),
            body: b"hello".to_vec(),
        }
    }

    fn check_body(head: &str, body: &[u8], expected: Result<&str, Flaw>) {
        let block = [head.as_bytes(), body].concat();
        let decoded = parse(&block).unwrap().decoded_body();
        assert_eq!(decoded, expected.map(|text| text.as_bytes().to_vec()), "{head}");
    }

    #[test]
    fn messages_are_written_as_http() {
        let made = exchange(
            &[("user-agent", "t"), (":authority", "x")],
            &[("Content-Encoding", "br"), ("Set-Cookie", "a=1\nb=2"), ("X-Empty", ""), ("bad name", "x")],
        );
        assert_eq!(
            String::from_utf8(request_block(&made)).unwrap(),
            "GET /a/b?c=1 HTTP/1.1\r\nHost: d.example:8080\r\nuser-agent: t\r\n\r\n"
        );
        assert_eq!(
            String::from_utf8(response_head(&made)).unwrap(),
            "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Empty: \r\nContent-Length: 5\r\n\r\n"
        );
    }

    #[test]
    fn heads_are_read_with_folds_and_bare_line_feeds() {
        let message = parse(b"HTTP/1.0 404 Not\nA: b\r\n c\nno colon\n\nbody").unwrap();
        assert_eq!(message.status(), Ok(404));
        assert_eq!(message.headers, [("A".to_owned(), "b c".to_owned())]);
        assert_eq!(message.body, b"body");
        assert_eq!(parse(b"HTTP/1.1 200 OK\r\nA: b\r\n"), Err(Flaw::NoHttpMessage));
        assert_eq!(parse(b"\r\n").map(|_| ()), Err(Flaw::NoHttpMessage));
        assert_eq!(parse(b"GET / HTTP/1.1\n\n").unwrap().status(), Err(Flaw::NoHttpMessage));
        let flood = format!("HTTP/1.1 200 OK\r\n{}\r\n", "A: b\r\n".repeat(60_000));
        assert_eq!(parse(flood.as_bytes()), Err(Flaw::NoHttpMessage));
    }

    #[test]
    fn codings_of_foreign_bodies_are_undone() {
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        check_body(chunked, b"3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", Ok("hello"));
        check_body(chunked, b"hello", Ok("hello"));
        check_body(chunked, b"ffffffffffffffff\r\nhel", Ok("ffffffffffffffff\r\nhel"));

        let coded = |coding: &str| format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n");
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(b"hello").unwrap();
        let gzip = gzip.finish().unwrap();
        check_body(&coded("GZIP"), &gzip, Ok("hello"));
        check_body(&coded("gzip"), b"hello", Ok("hello"));
        check_body(&coded("gzip"), &gzip[..12], Err(Flaw::Coding("gzip".to_owned())));
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(b"hello").unwrap();
        check_body(&coded("deflate"), &zlib.finish().unwrap(), Ok("hello"));
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::fast());
        bare.write_all(b"hello").unwrap();
        check_body(&coded("deflate"), &bare.finish().unwrap(), Ok("hello"));
        check_body(&coded("secret"), b"x", Err(Flaw::Coding("secret".to_owned())));
    }
}
