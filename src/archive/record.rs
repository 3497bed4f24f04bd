//! A WARC 1.1 record: named fields and a block, and how one becomes bytes.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use uuid::Uuid;

use crate::archive::digest::sha256;

/// The header fields of a record in order; names are matched without regard to case (WARC 1.1 §4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fields(Vec<(String, String)>);

/// Names a record world-wide: `<urn:uuid:…>` with its brackets, as it stands in the field.
pub(crate) type RecordId = String;

impl Fields {
    /// The fields that every record has.
    pub(crate) fn new(kind: &str, id: &RecordId, date: Timestamp) -> Self {
        let mut fields = Self::default();
        fields.push("WARC-Type", kind);
        fields.push("WARC-Record-ID", id);
        fields.push("WARC-Date", &date.to_string());
        fields
    }

    /// Adds a field.
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.0.push((name.to_owned(), value.to_owned()));
    }

    /// Lengthens the last field by a folded line.
    pub(crate) fn fold(&mut self, continuation: &str) {
        if let Some((_, value)) = self.0.last_mut() {
            value.push(' ');
            value.push_str(continuation);
        }
    }

    /// The value of the first field of this name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The values of all fields of this name; only `WARC-Concurrent-To` may stand more than once.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The record's type, as `response`.
    pub(crate) fn kind(&self) -> &str {
        self.get("WARC-Type").unwrap_or_default()
    }

    /// The record's target, without the angle brackets that some writers of WARC 1.0 put around it.
    pub(crate) fn target(&self) -> Option<&str> {
        let target = self.get("WARC-Target-URI")?;
        Some(target.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(target))
    }

    /// When the record's content was seen.
    pub(crate) fn date(&self) -> Option<Timestamp> {
        self.get("WARC-Date")?.parse().ok()
    }

    /// The media type of the block in lower case without parameters.
    pub(crate) fn media_type(&self) -> String {
        let value = self.get("Content-Type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }
}

/// A new random record id.
pub(crate) fn new_id() -> RecordId {
    format!("<urn:uuid:{}>", Uuid::new_v4())
}

/// A record as one gzip member of its own, so that a reader can start at it (WARC 1.1 Annex D).
///
/// Adds the block's digest and length to the fields.
pub(crate) fn gzip_member(mut fields: Fields, media_type: &str, block: &[u8]) -> Vec<u8> {
    fields.push("WARC-Block-Digest", &sha256(block));
    fields.push("Content-Type", media_type);
    fields.push("Content-Length", &block.len().to_string());
    let mut head = String::from("WARC/1.1\r\n");
    for (name, value) in &fields.0 {
        head.push_str(name);
        head.push_str(": ");
        head.push_str(value);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");

    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into a vector does not fail.
    let _ = encoder.write_all(head.as_bytes());
    let _ = encoder.write_all(block);
    let _ = encoder.write_all(b"\r\n\r\n");
    encoder.finish().unwrap_or_default()
}
