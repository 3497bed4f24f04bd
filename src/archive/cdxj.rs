//! CDXJ: a line for each record, so that a replay tool finds it without reading the WARC (WACZ 1.1.1 §5.2.1).

use serde_json::json;

use crate::archive::http_message::parse;
use crate::archive::record::Fields;
use crate::archive::scan::Record;
use crate::archive::surt::surt;

/// The line of a record, with its line break; `None` for records that nobody looks up, such as requests.
pub(crate) fn cdxj_line(file_name: &str, record: &Record) -> Option<String> {
    let fields = &record.fields;
    let kind = fields.kind();
    if !matches!(kind, "response" | "revisit" | "resource" | "metadata") {
        return None;
    }
    let target = fields.target()?;
    let date = fields.date()?.strftime("%Y%m%d%H%M%S");
    let mut entry = json!({ "url": target, "mime": mime(record) });
    let message = matches!(kind, "response" | "revisit").then(|| parse(&record.block).ok()).flatten();
    if let Some(status) = message.and_then(|message| message.status().ok()) {
        entry["status"] = json!(status.to_string());
    }
    if let Some(digest) = fields.get("WARC-Payload-Digest") {
        entry["digest"] = json!(digest);
    }
    entry["length"] = json!(record.length.to_string());
    entry["offset"] = json!(record.offset.to_string());
    entry["filename"] = json!(file_name);
    Some(format!("{} {date} {entry}\n", surt(target)))
}

fn mime(record: &Record) -> String {
    match record.fields.kind() {
        "revisit" => "warc/revisit".to_owned(),
        "response" => {
            let mut of_http = Fields::default();
            if let Ok(message) = parse(&record.block) {
                of_http.push("Content-Type", message.header("content-type").unwrap_or_default());
            }
            of_http.media_type()
        }
        _ => record.fields.media_type(),
    }
}
