//! What others make of our archives, and we of theirs: PyPI's `warcio`, `cdxj-indexer` and `wacz`, the field's own tools.
//!
//! They are installed into `target/` by the first test that needs them; where that is not possible, the tests fail.

// Clippy knows only functions marked as tests to be such; the helpers between them are tests too.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use skillcrawl::archive::{Archive, ArchiveWriter, WriteOptions, pack};
use skillcrawl::fetched::{Dom, Exchange, Fetched};
use skillcrawl::url::CanonicalUrl;
use zip::ZipArchive;

const PACKAGES: [&str; 3] = ["warcio==1.8.1", "cdxj-indexer==1.5.0", "wacz==0.6.0"];

/// The Python of a virtual environment that holds the tools.
fn python() -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("archive-tools");
    fs::create_dir_all(&folder).unwrap();
    // Tests run in parallel, in some runners as processes of their own.
    let lock = File::create(folder.join("lock")).unwrap();
    lock.lock().unwrap();
    let python = folder.join("venv/bin/python");
    let ready = folder.join("ready");
    if fs::read_to_string(&ready).unwrap_or_default() != PACKAGES.join(" ") {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder.join("venv")));
        run(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PACKAGES));
        fs::write(ready, PACKAGES.join(" ")).unwrap();
    }
    python
}

/// Runs a command that must succeed; returns what it printed.
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{stdout}\n{stderr}", output.status);
    stdout
}

fn exchange(target: &str, media_type: &str, body: &str) -> Exchange {
    Exchange {
        target: CanonicalUrl::parse(target).unwrap().document(),
        request_headers: vec![("User-Agent".to_owned(), "skillcrawl-test".to_owned())],
        status: 200,
        response_headers: vec![
            ("Content-Type".to_owned(), media_type.to_owned()),
            ("Content-Encoding".to_owned(), "br".to_owned()),
            ("Set-Cookie".to_owned(), "a=1\nb=2".to_owned()),
        ],
        body: body.as_bytes().to_vec(),
    }
}

fn page(address: &str, body: &str) -> Fetched {
    Fetched {
        url: CanonicalUrl::parse(address).unwrap(),
        fetched_at: "2026-01-31T12:00:00Z".parse().unwrap(),
        exchange: Some(exchange(address, "text/html; charset=utf-8", body)),
        dom: Some(Dom {
            html: format!("<html>{body} rendered ü</html>"),
            settled: true,
            routed: false,
            loaded: Vec::new(),
        }),
        twin: Some(format!("# {body}")),
    }
}

/// A crawl folder with two files: ordinary pages, hash-routed ones that share a document, a robots.txt, an empty body.
fn crawl() -> (tempfile::TempDir, PathBuf) {
    let crawl = tempfile::tempdir().unwrap();
    let folder = crawl.path().join("archive");
    for run in ["one", "two"] {
        let (mut writer, _) = ArchiveWriter::open(&folder, WriteOptions::default()).unwrap();
        let at = "2026-01-31T12:00:01Z".parse().unwrap();
        let robots = exchange("https://www.d.example/robots.txt", "text/plain", "Allow: /");
        writer.record_exchange(&robots, at).unwrap();
        writer.record_exchange(&exchange("https://www.d.example/empty?b&A=1", "", ""), at).unwrap();
        for route in ["", "#/guide", "#/api/", "Guide/%C3%BC/?q=a+b"] {
            let address = format!("https://www.d.example:8443/{route}");
            writer.record_page(&page(&address, "<div id=app></div>"), &[]).unwrap();
        }
        writer.record_page(&page(&format!("https://www.d.example/{run}"), run), &[]).unwrap();
    }
    (crawl, folder)
}

#[test]
fn warcio_accepts_what_is_recorded() {
    let (_crawl, folder) = crawl();
    let python = python();
    for entry in fs::read_dir(folder).unwrap() {
        let file = entry.unwrap().path();
        let checked = run(Command::new(&python).args(["-m", "warcio.cli", "check", "-v"]).arg(&file));
        let passed = checked.matches("digest pass").count();
        let revisits = checked.matches("not checked (revisit)").count();
        // A warcinfo, two exchanges, and five pages of five records, of which three repeat an earlier document.
        assert_eq!((passed, revisits), (1 + 2 * 2 + 5 * 5 - 3, 3), "{checked}");
        let listed = run(Command::new(&python)
            .args(["-m", "warcio.cli", "index", "-f", "warc-type,http:status,http:content-encoding"])
            .arg(&file));
        assert_eq!(listed.matches("\"http:status\": \"200\"").count(), 7, "{listed}");
        assert_eq!(listed.matches("content-encoding").count(), 0, "bodies are recorded as decoded: {listed}");
    }
}

#[test]
fn the_tools_accept_what_an_update_records() {
    let (crawl, folder) = crawl();
    let at = "2026-02-28T12:00:00Z".parse().unwrap();
    let (mut writer, _) = ArchiveWriter::open(&folder, WriteOptions::default()).unwrap();
    let answer = Exchange { status: 304, ..exchange("https://www.d.example/one", "text/html", "") };
    writer.record_not_modified(&answer, at).unwrap();
    let gone = CanonicalUrl::parse("https://www.d.example/two").unwrap();
    writer.record_gone(&gone, Some(404), "http_status", at).unwrap();
    drop(writer);
    let file = folder.join("skillcrawl-00003.warc.gz");
    let checked = run(Command::new(python()).args(["-m", "warcio.cli", "check", "-v"]).arg(&file));
    assert_eq!(checked.matches("digest pass").count(), 3, "{checked}");
    let fields = "warc-type,warc-profile,warc-target-uri,http:status";
    let listed = run(Command::new(python()).args(["-m", "warcio.cli", "index", "-f", fields]).arg(&file));
    let revisit = listed.lines().find(|line| line.contains("server-not-modified")).unwrap();
    assert!(revisit.contains("\"revisit\"") && revisit.contains("\"304\""), "{listed}");

    let out = crawl.path().join("site.wacz");
    assert_eq!(pack(&folder, "A site", &out).unwrap().pages, 5);
    let script = "import sys; from wacz.main import main; sys.exit(main(sys.argv[1:]))";
    let told = run(Command::new(python()).args(["-c", script, "validate", "-f"]).arg(&out));
    assert!(told.contains("Validation succeeded, the passed WACZ is valid"), "{told}");
}

#[test]
fn the_wacz_validator_accepts_what_is_packed() {
    let (crawl, folder) = crawl();
    let out = crawl.path().join("site.wacz");
    assert_eq!(pack(&folder, "A \"quoted\" site", &out).unwrap().pages, 6);
    let script = "import sys; from wacz.main import main; sys.exit(main(sys.argv[1:]))";
    let told = run(Command::new(python()).args(["-c", script, "validate", "-f"]).arg(&out));
    assert!(told.contains("Validation succeeded, the passed WACZ is valid"), "{told}");
    assert!(told.contains("Version detected as 1.1.1"), "{told}");
}

#[test]
fn the_index_is_the_one_that_cdxj_indexer_makes() {
    let (crawl, folder) = crawl();
    let script = "import sys; from cdxj_indexer.main import main; main(sys.argv[1:])";
    let theirs = run(Command::new(python()).args(["-c", script, "-s"]).arg(&folder));
    let out = crawl.path().join("site.wacz");
    pack(&folder, "A site", &out).unwrap();
    let mut ours = String::new();
    let mut wacz = ZipArchive::new(File::open(&out).unwrap()).unwrap();
    wacz.by_name("indexes/index.cdx").unwrap().read_to_string(&mut ours).unwrap();

    let parse = |lines: &str| -> BTreeMap<String, (String, Value)> {
        let entry = |line: &str| {
            let mut parts = line.splitn(3, ' ');
            let key = format!("{} {}", parts.next().unwrap(), parts.next().unwrap());
            let value: Value = serde_json::from_str(parts.next().unwrap()).unwrap();
            // A file and an offset name one record.
            (format!("{} {:0>9}", value["filename"], value["offset"]), (key, value))
        };
        lines.lines().map(entry).collect()
    };
    let (theirs, ours_by_place) = (parse(&theirs), parse(&ours));
    assert_eq!(ours_by_place.len(), 2 * (2 + 5 * 4));
    assert_eq!(ours_by_place, theirs);
    let lines: Vec<&str> = ours.lines().collect();
    assert!(lines.is_sorted(), "{ours}");
}

/// Writes records with warcio: coded bodies, a revisit, a resource, in the two versions and both compressions.
const WARCIO_SCRIPT: &str = r#"
import gzip, io, sys
from warcio.warcwriter import WARCWriter
from warcio.statusandheaders import StatusAndHeaders
path, version = sys.argv[1:]
def http(more=()):
    return StatusAndHeaders("200 OK", [("Content-Type", "text/html")] + list(more), protocol="HTTP/1.1")
with open(path, "wb") as out:
    writer = WARCWriter(out, gzip=path.endswith(".gz"), warc_version=version)
    writer.write_record(writer.create_warcinfo_record("x.warc", {"software": "warcio"}))
    first = writer.create_warc_record("http://d.example/", "response", payload=io.BytesIO(b"hello"), http_headers=http())
    request = writer.create_warc_record("http://d.example/", "request",
        http_headers=StatusAndHeaders("GET / HTTP/1.1", [("User-Agent", "warcio")], is_http_request=True))
    writer.write_request_response_pair(request, first)
    digest = first.rec_headers.get_header("WARC-Payload-Digest")
    date = first.rec_headers.get_header("WARC-Date")
    writer.write_record(writer.create_warc_record("http://d.example/chunked", "response",
        payload=io.BytesIO(b"5\r\nhello\r\n0\r\n\r\n"), http_headers=http([("Transfer-Encoding", "chunked")])))
    writer.write_record(writer.create_warc_record("http://d.example/gzip", "response",
        payload=io.BytesIO(gzip.compress(b"hello")), http_headers=http([("Content-Encoding", "gzip")])))
    writer.write_record(writer.create_revisit_record("http://d.example/again", digest, "http://d.example/", date,
        http_headers=http()))
    writer.write_record(writer.create_warc_record("http://d.example/saved", "resource",
        payload=io.BytesIO(b"hello"), warc_content_type="text/html"))
"#;

#[test]
fn what_warcio_wrote_is_read() {
    let python = python();
    let folder = tempfile::tempdir().unwrap();
    for (name, version) in [("a.warc", "1.0"), ("b.warc.gz", "1.0"), ("c.warc", "1.1"), ("d.warc.gz", "1.1")]
    {
        let file = folder.path().join(name);
        run(Command::new(&python).args(["-c", WARCIO_SCRIPT]).arg(&file).arg(version));
        let archive = Archive::open(&file).unwrap();
        assert_eq!(archive.warnings(), []);
        let pages: Vec<Fetched> = archive.pages().map(Result::unwrap).collect();
        let urls: Vec<&str> = pages.iter().map(|page| page.url.as_str()).collect();
        assert_eq!(
            urls,
            ["", "chunked", "gzip", "again", "saved"].map(|path| format!("http://d.example/{path}"))
        );
        for page in &pages {
            let sent = page.exchange.as_ref().unwrap();
            assert_eq!(
                (sent.status, sent.body.as_slice()),
                (200, b"hello".as_slice()),
                "{name}: {}",
                page.url
            );
        }
        let request = &pages[0].exchange.as_ref().unwrap().request_headers;
        assert_eq!(request, &[("User-Agent".to_owned(), "warcio".to_owned())]);
    }
}
