//! The archive from outside: what is recorded comes back, whatever happened in between.

// Clippy knows only functions marked as tests to be such; the helpers between them are tests too.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::{collection, option, prop_assert_eq};
use skillcrawl::archive::{
    Archive, ArchiveError, ArchiveWriter, Durability, Flaw, RecordedPage, WriteOptions, pack,
};
use skillcrawl::fetch::replay::ReplayFetcher;
use skillcrawl::fetch::{Answer, FetchRequest, Fetcher, RedirectBy, Want};
use skillcrawl::fetched::{Dom, Exchange, Fetched, UNDATED};
use skillcrawl::url::CanonicalUrl;
use tempfile::TempDir;

const OPTIONS: WriteOptions = WriteOptions { max_file_size: 1_000_000_000, durability: Durability::Process };

fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).unwrap()
}

fn exchange(target: &str, status: u16, media_type: &str, body: &[u8]) -> Exchange {
    Exchange {
        target: url(target).document(),
        request_headers: vec![
            ("Host".to_owned(), url(target).host().to_owned()),
            ("user-agent".to_owned(), "skillcrawl-test".to_owned()),
        ],
        status,
        response_headers: vec![("Content-Type".to_owned(), media_type.to_owned())],
        body: body.to_vec(),
    }
}

fn page(address: &str, body: &str) -> Fetched {
    Fetched {
        url: url(address),
        fetched_at: "2026-01-31T12:00:00Z".parse().unwrap(),
        exchange: Some(exchange(address, 200, "text/html; charset=utf-8", body.as_bytes())),
        dom: Some(Dom {
            html: format!("<html>{body} rendered ü</html>"),
            settled: true,
            routed: true,
            loaded: Vec::new(),
        }),
        twin: Some(format!("# {body}")),
    }
}

fn record(folder: &Path, pages: &[Fetched]) {
    let (mut writer, _) = ArchiveWriter::open(folder, OPTIONS).unwrap();
    for page in pages {
        writer.record_page(page, &[url("https://d.example/next")]).unwrap();
    }
}

fn read(path: &Path) -> Vec<Fetched> {
    Archive::open(path).unwrap().pages().map(Result::unwrap).collect()
}

fn warcs(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn crawl_folder() -> (TempDir, PathBuf) {
    let crawl = tempfile::tempdir().unwrap();
    let folder = crawl.path().join("archive");
    (crawl, folder)
}

#[test]
fn pages_come_back_as_they_were_recorded() {
    let (crawl, folder) = crawl_folder();
    let bare = Fetched { exchange: None, twin: None, ..page("https://d.example/dom-only", "x") };
    let plain = Fetched { dom: None, twin: None, ..page("https://d.example/sent-only?a=b", "y") };
    let unsettled = Fetched {
        dom: Some(Dom { html: "half".to_owned(), settled: false, loaded: Vec::new(), routed: false }),
        ..page("https://d.example/unsettled", "z")
    };
    let pages = vec![page("https://d.example/", "home"), bare, plain, unsettled];
    record(&folder, &pages);
    assert_eq!(read(crawl.path()), pages);
    assert_eq!(read(&folder), pages);
    assert_eq!(read(&warcs(&folder)[0]), pages);

    let archive = Archive::open(crawl.path()).unwrap();
    assert!(archive.warnings().is_empty());
    assert_eq!(archive.len(), 4);
    let key = url("https://d.example/index.html").key();
    assert_eq!(archive.page(&key).unwrap().as_ref(), pages.first());
    assert_eq!(archive.page(&url("https://d.example/nowhere").key()).unwrap(), None);
}

#[test]
fn hash_routed_pages_share_one_recorded_document() {
    let (crawl, folder) = crawl_folder();
    let shell = "<div id=app></div>".repeat(20_000);
    let routed = |route: &str| Fetched {
        dom: Some(Dom { html: format!("page {route}"), settled: true, loaded: Vec::new(), routed: false }),
        ..page(&format!("https://d.example/#/{route}"), &shell)
    };
    let pages: Vec<Fetched> = (0..20).map(|number| routed(&number.to_string())).collect();
    record(&folder, &pages);
    assert_eq!(read(crawl.path()), pages);
    let archive = fs::read(&warcs(&folder)[0]).unwrap();
    let one = {
        let (_crawl, folder) = crawl_folder();
        record(&folder, &pages[..1]);
        fs::read(&warcs(&folder)[0]).unwrap().len()
    };
    assert!(archive.len() < 20 * one, "{} bytes for 20 pages, {one} for one", archive.len());
}

#[test]
fn a_later_recording_wins_and_keeps_the_place_of_the_first() {
    let (crawl, folder) = crawl_folder();
    record(&folder, &[page("https://d.example/a", "old"), page("https://d.example/b", "b")]);
    let newer = page("https://d.example/a/", "new");
    record(&folder, std::slice::from_ref(&newer));
    assert_eq!(read(crawl.path()), [newer, page("https://d.example/b", "b")]);
}

#[test]
fn files_are_rotated_and_never_shared_between_runs() {
    let (crawl, folder) = crawl_folder();
    let options = WriteOptions { max_file_size: 1, ..OPTIONS };
    let (mut writer, _) = ArchiveWriter::open(&folder, options).unwrap();
    assert!(warcs(&folder).is_empty(), "a file appears with its first record");
    for number in 0..3 {
        writer.record_page(&page(&format!("https://d.example/{number}"), "x"), &[]).unwrap();
    }
    drop(writer);
    record(&folder, &[page("https://d.example/3", "x")]);
    let names: Vec<String> =
        warcs(&folder).iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(
        names,
        ["00001", "00002", "00003", "00004"].map(|number| format!("skillcrawl-{number}.warc.gz"))
    );
    assert_eq!(Archive::open(crawl.path()).unwrap().len(), 4);
}

/// Kill -9 leaves any prefix of the file: wherever the cut is, the complete pages are there and nothing else is.
#[test]
fn a_cut_at_any_byte_of_the_last_group_loses_only_that_page() {
    let (_crawl, folder) = crawl_folder();
    let pages =
        ["a", "b", "c"].map(|name| page(&format!("https://d.example/{name}"), &format!("page {name}")));
    let (mut writer, _) = ArchiveWriter::open(&folder, OPTIONS).unwrap();
    writer.record_page(&pages[0], &[]).unwrap();
    writer.record_page(&pages[1], &[url("https://d.example/c")]).unwrap();
    let file = warcs(&folder).remove(0);
    let complete = fs::read(&file).unwrap().len();
    writer.record_page(&pages[2], &[]).unwrap();
    drop(writer);
    let bytes = fs::read(&file).unwrap();

    for cut in complete..=bytes.len() {
        fs::write(&file, &bytes[..cut]).unwrap();
        let expected = if cut == bytes.len() { &pages[..] } else { &pages[..2] };
        let archive = Archive::open(&file).unwrap();
        let found: Vec<Fetched> = archive.pages().map(Result::unwrap).collect();
        assert_eq!(found, expected, "cut at byte {cut}");
        assert!(archive.warnings().iter().all(|warning| warning.flaw == Flaw::CutOff), "cut at byte {cut}");
        assert!(archive.warnings().len() <= 1, "cut at byte {cut}");

        let (_, recorded) = ArchiveWriter::open(&folder, OPTIONS).unwrap();
        let recorded: Vec<&CanonicalUrl> = recorded.iter().map(|page| &page.url).collect();
        assert_eq!(recorded, expected.iter().map(|page| &page.url).collect::<Vec<_>>(), "cut at byte {cut}");
    }

    fs::write(&file, &bytes[..bytes.len() - 3]).unwrap();
    let (mut writer, recorded) = ArchiveWriter::open(&folder, OPTIONS).unwrap();
    let last = RecordedPage {
        url: url("https://d.example/b"),
        outlinks: vec![url("https://d.example/c")],
        fetched_at: pages[1].fetched_at,
    };
    assert_eq!(recorded.last(), Some(&last));
    writer.record_page(&pages[2], &[]).unwrap();
    assert_eq!(read(&folder), pages);
    let warnings = Archive::open(&folder).unwrap().warnings().to_vec();
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].kind(), "archive_tail_cut_off");
}

/// A run that was killed before it recorded anything must not hide the last pages of the run before it.
#[test]
fn recovery_looks_past_a_run_that_recorded_nothing() {
    let (_crawl, folder) = crawl_folder();
    record(&folder, &[page("https://d.example/a", "a")]);
    for _ in 0..3 {
        let (_, recorded) = ArchiveWriter::open(&folder, OPTIONS).unwrap();
        assert_eq!(recorded.len(), 1);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_content_comes_back(
        body in collection::vec(any::<u8>(), 0..2000),
        html in option::of(any::<String>()),
        twin in option::of(any::<String>()),
        value in "[!-~]{1,20}( [!-~]{1,20})?",
        status in 200_u16..600,
    ) {
        let (crawl, folder) = crawl_folder();
        let mut sent = exchange("https://d.example/a", status, "text/html", &body);
        sent.response_headers.push(("X-Any".to_owned(), value));
        let fetched = Fetched {
            exchange: Some(sent),
            dom: html.map(|html| Dom { html, settled: true, loaded: Vec::new(), routed: false }),
            twin,
            ..page("https://d.example/a", "")
        };
        record(&folder, std::slice::from_ref(&fetched));
        prop_assert_eq!(read(crawl.path()), [fetched]);
    }

    #[test]
    fn any_bytes_are_an_error_or_warnings_and_never_a_panic(
        head in proptest::sample::select(vec!["WARC/1.1\r\n", "\u{1f}", "PK\u{3}\u{4}", "{", ""]),
        bytes in collection::vec(any::<u8>(), 0..300),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("any.warc.gz");
        fs::write(&file, [head.as_bytes(), &bytes].concat()).unwrap();
        if let Ok(archive) = Archive::open(&file) {
            prop_assert_eq!(archive.len(), 0);
        }
    }
}

#[test]
fn a_crawl_is_packed_and_goes_on() {
    let (crawl, folder) = crawl_folder();
    let out = crawl.path().join("site.wacz");
    let [a, b, c] = ["a", "b", "c"].map(|name| page(&format!("https://d.example/{name}"), name));
    record(&folder, &[a.clone(), b.clone()]);
    let packed = pack(&folder, "A site", &out).unwrap();
    assert_eq!((packed.pages, packed.warcs, packed.bytes), (2, 1, fs::metadata(&out).unwrap().len()));
    assert!(warcs(&folder).is_empty());
    assert_eq!(read(crawl.path()), [a.clone(), b.clone()]);
    assert_eq!(read(&out), [a.clone(), b.clone()]);

    record(&folder, std::slice::from_ref(&c));
    assert!(warcs(&folder)[0].ends_with("skillcrawl-00002.warc.gz"), "numbers go on from those packed");
    assert_eq!(read(crawl.path()), [a.clone(), b.clone(), c.clone()]);
    assert_eq!(pack(&folder, "A site", &out).unwrap().pages, 3);
    assert_eq!(read(&out), [a, b, c]);
    assert_eq!(warcs(crawl.path()), [folder, out]);
}

#[test]
fn a_crash_while_packing_neither_loses_nor_doubles_pages() {
    let (crawl, folder) = crawl_folder();
    let out = crawl.path().join("site.wacz");
    let pages = ["a", "b"].map(|name| page(&format!("https://d.example/{name}"), name));
    record(&folder, &pages);
    let file = warcs(&folder).remove(0);
    let bytes = fs::read(&file).unwrap();

    // Killed while the WACZ was being written.
    fs::write(crawl.path().join("site.wacz.partial"), b"PK half").unwrap();
    assert_eq!(read(crawl.path()), pages);
    pack(&folder, "A site", &out).unwrap();
    let wacz = fs::read(&out).unwrap();

    // Killed after the WACZ was in place and before the WARC was gone.
    fs::write(&file, &bytes).unwrap();
    assert_eq!(read(crawl.path()), pages);
    pack(&folder, "A site", &out).unwrap();
    assert_eq!(fs::read(&out).unwrap(), wacz, "the same archive gives the same bytes");
    assert!(warcs(&folder).is_empty());

    // Another file of that name is not packed over the first.
    let other = tempfile::tempdir().unwrap();
    record(other.path(), &pages[..1]);
    fs::copy(&warcs(other.path())[0], &file).unwrap();
    let refused = pack(&folder, "A site", &out);
    assert!(matches!(refused, Err(ArchiveError::Conflict { .. })), "{refused:?}");
    assert_eq!(fs::read(&out).unwrap(), wacz);
}

#[test]
fn a_cut_off_tail_is_not_packed_and_a_damaged_middle_is_refused() {
    let (crawl, folder) = crawl_folder();
    let out = crawl.path().join("site.wacz");
    let pages = ["a", "b"].map(|name| page(&format!("https://d.example/{name}"), name));
    record(&folder, &pages);
    let file = warcs(&folder).remove(0);
    let bytes = fs::read(&file).unwrap();

    let mut damaged = bytes.clone();
    damaged[bytes.len() / 2..bytes.len() / 2 + 40].fill(0xff);
    fs::write(&file, &damaged).unwrap();
    assert!(pack(&folder, "A site", &out).is_err());
    assert_eq!(fs::read(&file).unwrap(), damaged);
    assert!(!out.exists());

    fs::write(&file, &bytes[..bytes.len() - 5]).unwrap();
    assert_eq!(pack(&folder, "A site", &out).unwrap().pages, 1);
    let archive = Archive::open(&out).unwrap();
    assert!(archive.warnings().is_empty(), "{:?}", archive.warnings());
    assert_eq!(archive.len(), 1);
}

/// A record as another program may write it.
fn foreign(kind: &str, target: &str, more: &str, block: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {target}\r\nWARC-Date: 2020-02-02T00:00:00Z\r\n\
         WARC-Record-ID: <urn:x:{kind}:{target}>\r\n{more}Content-Length: {}\r\n\r\n",
        block.len()
    );
    [head.as_bytes(), block, b"\r\n\r\n"].concat()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn foreign_records() -> Vec<Vec<u8>> {
    let html = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n";
    let chunked = format!("{html}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n");
    let coded = [format!("{html}Content-Encoding: gzip\r\n\r\n").as_bytes(), &gzip(b"hello")].concat();
    let head = format!("{html}\r\n");
    vec![
        foreign("warcinfo", "", "", b"software: Wget/1.21\r\n"),
        foreign("request", "http://d.example/", "", b"GET / HTTP/1.1\r\n\r\n"),
        foreign(
            "response",
            "<http://d.example/>",
            "WARC-Payload-Digest: sha1:X\r\n",
            format!("{html}\r\nhello").as_bytes(),
        ),
        foreign("response", "http://d.example/chunked", "", chunked.as_bytes()),
        foreign("response", "http://d.example/coded", "", &coded),
        foreign("revisit", "http://d.example/again", "WARC-Payload-Digest: sha1:X\r\n", head.as_bytes()),
        foreign("resource", "http://d.example/saved", "Content-Type: text/html\r\n", b"hello"),
        foreign("response", "http://d.example/robots.txt", "", format!("{html}\r\nno page").as_bytes()),
        foreign(
            "response",
            "http://d.example/sitemap.xml",
            "",
            b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n",
        ),
        foreign(
            "response",
            "http://d.example/moved",
            "",
            b"HTTP/1.1 301 M\r\nContent-Type: text/html\r\nLocation: /\r\n\r\n",
        ),
        foreign(
            "response",
            "http://d.example/gone",
            "",
            b"HTTP/1.1 410 Gone\r\nContent-Type: text/html\r\n\r\n",
        ),
        foreign("response", "dns:d.example", "", b"d.example. 1 IN A 10.0.0.1"),
    ]
}

#[test]
fn warcs_of_other_programs_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let plain = folder.path().join("a.warc");
    let compressed = folder.path().join("b.warc.gz");
    fs::write(&plain, foreign_records().concat()).unwrap();
    fs::write(&compressed, foreign_records().iter().flat_map(|record| gzip(record)).collect::<Vec<u8>>())
        .unwrap();
    for path in [plain, compressed] {
        let archive = Archive::open(&path).unwrap();
        assert_eq!(archive.warnings(), []);
        let urls: Vec<&str> = archive.page_urls().map(CanonicalUrl::as_str).collect();
        assert_eq!(
            urls,
            ["", "chunked", "coded", "again", "saved"].map(|path| format!("http://d.example/{path}"))
        );
        for page in archive.pages() {
            let page = page.unwrap();
            assert_eq!(page.fetched_at.to_string(), "2020-02-02T00:00:00Z");
            let sent = page.exchange.unwrap();
            assert_eq!((sent.status, sent.body.as_slice()), (200, b"hello".as_slice()), "{}", page.url);
            assert_eq!(sent.media_type().as_deref(), Some("text/html"));
            assert_eq!(sent.header("transfer-encoding").or(sent.header("content-encoding")), None);
        }
    }
}

#[test]
fn hostile_records_are_warnings_and_the_rest_is_read() {
    let good = foreign_records();
    let flood = foreign("response", "http://d.example/flood", &"X: y\r\n".repeat(20_000), b"");
    let liar = |length: &str| {
        let record = String::from_utf8(foreign("response", "http://d.example/liar", "", b"abc")).unwrap();
        record.replace("Content-Length: 3", &format!("Content-Length: {length}")).into_bytes()
    };
    let check = |record: Vec<u8>, flaw: Flaw| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.warc.gz");
        fs::write(&file, [gzip(&good[2]), record, gzip(&good[3])].concat()).unwrap();
        let archive = Archive::open(&file).unwrap();
        let flaws: Vec<&Flaw> = archive.warnings().iter().map(|warning| &warning.flaw).collect();
        assert_eq!(flaws, [&flaw]);
        let unread = archive.warnings()[0].unread > 0;
        assert_eq!(archive.pages().map(Result::unwrap).count(), if unread { 1 } else { 2 }, "{flaw}");
        unread
    };
    assert!(!check(gzip(&flood), Flaw::HeaderTooLarge));
    assert!(!check(gzip(&liar("999999999999")), Flaw::LengthTooLong));
    assert!(!check(gzip(&liar("18446744073709551615")), Flaw::LengthTooLong));
    assert!(!check(gzip(&liar("1")), Flaw::LengthTooShort));
    assert!(!check(gzip(&liar("-1")), Flaw::NoLength));
    assert!(!check(gzip(b"HTTP/1.1 200 OK\r\n\r\n"), Flaw::NoHeader));
    assert!(!check(gzip(&foreign("response", "http://d.example/x", "", b"junk")), Flaw::NoHttpMessage));
    assert!(check(gzip(&[good[2].clone(), good[4].clone()].concat()), Flaw::SharedMember));
    assert!(check(b"\x1f\x8bnot gzip at all".to_vec(), Flaw::CorruptGzip));
    assert!(check(b"not a record".to_vec(), Flaw::NoHeader));

    // In an uncompressed file a lying length hides where the next record begins: what came before it is kept.
    for (length, flaw) in [("99999", Flaw::CutOff), ("1", Flaw::LengthTooShort), ("x", Flaw::NoLength)] {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.warc");
        fs::write(&file, [good[2].clone(), liar(length), good[3].clone()].concat()).unwrap();
        let archive = Archive::open(&file).unwrap();
        let warning = &archive.warnings()[0];
        let offset = good[2].len() as u64;
        assert_eq!((&warning.flaw, warning.offset, archive.len()), (&flaw, offset, 1));
    }

    // Some 260 KB that would become 256 MB and one byte.
    let block_length = (256 << 20) + 1;
    let mut bomb = GzEncoder::new(Vec::new(), Compression::fast());
    let head = String::from_utf8(foreign("response", "http://d.example/bomb", "", b"")).unwrap();
    let head = head.replace("Content-Length: 0", &format!("Content-Length: {block_length}"));
    bomb.write_all(head.trim_end().as_bytes()).unwrap();
    let start = b"\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
    bomb.write_all(start).unwrap();
    let zeros = block_length - (start.len() as u64 - 4);
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0), zeros), &mut bomb).unwrap();
    assert!(!check(bomb.finish().unwrap(), Flaw::TooLarge));
}

/// A list of saved pages with its files.
fn saved(lines: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("pages")).unwrap();
    fs::write(folder.path().join("pages/a.html"), "<p>sent ü").unwrap();
    fs::write(folder.path().join("pages/latin.html"), b"<meta charset=latin1>\xfc").unwrap();
    fs::write(folder.path().join("pages/a.dom.html"), "\u{feff}<p>rendered").unwrap();
    fs::write(folder.path().join("pages/a.md"), "# twin").unwrap();
    let list = folder.path().join("pages.jsonl");
    fs::write(&list, lines).unwrap();
    (folder, list)
}

#[test]
fn saved_pages_are_read() {
    let (_folder, list) = saved(
        "\u{feff}{\"url\": \"https://d.example/a\", \"sent\": \"pages/latin.html\", \"note\": 1}\n\n\
         {\"url\": \"https://d.example/#/b\", \"sent\": \"./pages/a.md\", \"fetched_at\": \"2026-01-31T12:00:00Z\"}\n\
         {\"url\": \"https://d.example/a/\", \"sent\": \"pages/a.html\", \"rendered\": \"pages/a.dom.html\", \
         \"twin\": \"pages/a.md\"}\n{\"url\": \"https://d.example/c\", \"sent\": \"pages/latin.html\"}",
    );
    let pages = read(&list);
    let sent = |number: usize| pages[number].exchange.clone().unwrap();
    assert_eq!(pages.len(), 3);
    assert_eq!(pages[0].url, url("https://d.example/a/"));
    assert_eq!(pages[0].fetched_at, UNDATED);
    assert_eq!(sent(0).body, "<p>sent ü".as_bytes());
    assert_eq!(sent(0).header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(
        pages[0].dom,
        Some(Dom { html: "<p>rendered".to_owned(), settled: true, loaded: Vec::new(), routed: false })
    );
    assert_eq!(pages[0].twin.as_deref(), Some("# twin"));
    assert_eq!(pages[1].fetched_at.to_string(), "2026-01-31T12:00:00Z");
    assert_eq!(sent(1).target, url("https://d.example/"));
    assert_eq!(sent(1).media_type().as_deref(), Some("text/markdown"));
    assert_eq!(sent(2).header("content-type"), Some("text/html"), "the page names its own charset");
}

#[test]
fn wrong_lines_name_file_line_and_cause() {
    fn told(error: &dyn std::error::Error) -> String {
        error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {}", told(cause)))
    }
    let check = |line: &str, cause: &str| {
        let (_folder, list) =
            saved(&format!("{{\"url\": \"https://d.example/\", \"twin\": \"pages/a.md\"}}\n{line}\n"));
        let elsewhere = tempfile::NamedTempFile::new().unwrap();
        std::os::unix::fs::symlink(elsewhere.path(), list.with_file_name("pages/link.md")).unwrap();
        let opened = Archive::open(&list);
        let error = match opened {
            Err(error) => error,
            Ok(archive) => {
                let mut pages = archive.pages();
                assert!(pages.next().unwrap().is_ok(), "one bad page does not end the others");
                pages.next().unwrap().unwrap_err()
            }
        };
        assert_eq!(told(&error), format!("line 2 of `{}` is not a page: {cause}", list.display()));
    };
    let outside = |path: &str| format!("`{path}` is not a relative path below the folder of the file");
    check("{", "EOF while parsing an object at line 1 column 1");
    check(
        "{\"url\": \"guide\", \"twin\": \"pages/a.md\"}",
        "`guide` is not a valid URL: relative URL without a base",
    );
    check("{\"url\": \"https://d.example/x\"}", "one of `sent`, `rendered` and `twin` must be there");
    for path in ["../a.html", "/pages/a.html", "pages/../../a.html", "", "pages/link.md"] {
        check(&format!("{{\"url\": \"https://d.example/x\", \"sent\": \"{path}\"}}"), &outside(path));
    }
    check(
        "{\"url\": \"https://d.example/x\", \"sent\": \"pages/no.html\"}",
        "failed to read `pages/no.html`: No such file or directory (os error 2)",
    );
    check(
        "{\"url\": \"https://d.example/x\", \"twin\": \"pages/latin.html\"}",
        "`pages/latin.html` is not UTF-8",
    );
}

#[test]
fn what_is_no_archive_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(Archive::open(folder.path()), Err(ArchiveError::NotAnArchive { .. })));
    assert!(matches!(Archive::open(&folder.path().join("none.wacz")), Err(ArchiveError::Read { .. })));
    let file = folder.path().join("page.html");
    fs::write(&file, "<html>").unwrap();
    assert!(matches!(Archive::open(&file), Err(ArchiveError::NotAnArchive { .. })));
    let broken = folder.path().join("broken.wacz");
    fs::write(&broken, b"PK\x03\x04 and nothing").unwrap();
    assert!(matches!(Archive::open(&broken), Err(ArchiveError::Wacz { .. })));
}

#[tokio::test]
async fn a_replay_answers_as_the_site_did() {
    let (crawl, folder) = crawl_folder();
    let home = page("https://d.example/", "home");
    let at = home.fetched_at;
    let (mut writer, _) = ArchiveWriter::open(&folder, OPTIONS).unwrap();
    writer
        .record_exchange(&exchange("https://d.example/robots.txt", 200, "text/plain", b"Allow: /"), at)
        .unwrap();
    writer.record_exchange(&exchange("https://d.example/logo", 200, "image/png", b"png"), at).unwrap();
    writer.record_exchange(&exchange("https://d.example/secret", 403, "text/html", b""), at).unwrap();
    writer.record_exchange(&exchange("https://d.example/busy", 503, "text/html", b""), at).unwrap();
    let mut moved = exchange("https://d.example/old", 301, "text/html", b"");
    moved.response_headers.push(("Location".to_owned(), "/new".to_owned()));
    writer.record_exchange(&moved, at).unwrap();
    writer.record_page(&home, &[]).unwrap();
    drop(writer);

    let fetcher = ReplayFetcher::new(Archive::open(crawl.path()).unwrap());
    assert_eq!(fetcher.page_urls(), std::slice::from_ref(&home.url), "what is no page is not seeded");
    let ask = async |address: &str, want: Want| fetcher.fetch(FetchRequest::new(url(address), want)).await;

    let answer = ask("https://d.example/index.html", Want::Page).await;
    assert!(matches!(&answer, Answer::Page(found) if **found == home), "{answer:?}");
    let answer = ask("https://d.example/", Want::Text).await;
    assert!(matches!(&answer, Answer::Page(found) if found.dom.is_none() && found.exchange == home.exchange));
    let answer = ask("https://d.example/robots.txt", Want::Text).await;
    let Answer::Page(robots) = answer else { panic!("{answer:?}") };
    assert_eq!((robots.fetched_at, robots.exchange.unwrap().body), (at, b"Allow: /".to_vec()));

    let answer = ask("https://d.example/logo", Want::Page).await;
    assert!(
        matches!(&answer, Answer::NotAPage { media_type: Some(kind) } if kind == "image/png"),
        "{answer:?}"
    );
    let answer = ask("https://d.example/secret", Want::Page).await;
    assert!(matches!(answer, Answer::Refused { status: 403 }), "{answer:?}");
    let answer = ask("https://d.example/busy", Want::Page).await;
    assert!(matches!(answer, Answer::Failed { status: Some(503), .. }), "{answer:?}");
    let answer = ask("https://d.example/old", Want::Page).await;
    let to = url("https://d.example/new");
    assert!(
        matches!(&answer, Answer::Redirect { to: found, by: RedirectBy::Http } if *found == to),
        "{answer:?}"
    );
    for want in [Want::Page, Want::Text] {
        let answer = ask("https://d.example/never-seen", want).await;
        assert!(matches!(answer, Answer::Refused { status: 404 }), "{answer:?}");
    }
    fetcher.close().await;
}

#[test]
fn an_update_ends_pages_and_leaves_the_others_alone() {
    let crawl = TempDir::new().unwrap();
    let folder = crawl.path().join("archive");
    let address = |name: &str| format!("https://d.example/{name}");
    let pages: Vec<Fetched> = ["a", "b", "c"].iter().map(|name| page(&address(name), name)).collect();
    record(&folder, &pages);
    pack(&folder, "A site", &crawl.path().join("site.wacz")).unwrap();

    let at = "2026-02-28T12:00:00Z".parse().unwrap();
    let (mut writer, _) = ArchiveWriter::open(&folder, OPTIONS).unwrap();
    let number = writer.next_number();
    writer
        .record_not_modified(
            &Exchange { status: 304, body: vec![], ..pages[0].exchange.clone().unwrap() },
            at,
        )
        .unwrap();
    writer.record_gone(&pages[1].url, Some(404), "http_status", at).unwrap();
    let changed = Fetched { fetched_at: at, ..page(&address("c"), "c, revised") };
    writer.record_page(&changed, &[]).unwrap();
    let new = page(&address("d"), "d");
    writer.record_page(&new, &[]).unwrap();
    drop(writer);
    let (_, recorded) = ArchiveWriter::open(&folder, OPTIONS).unwrap();
    assert_eq!(recorded.iter().map(|page| page.url.path()).collect::<Vec<_>>(), ["/c", "/d"]);

    for packed in [false, true] {
        if packed {
            let packed = pack(&folder, "A site", &crawl.path().join("site.wacz")).unwrap();
            assert_eq!(packed.pages, 3);
        }
        let archive = Archive::open(crawl.path()).unwrap();
        assert_eq!(archive.warnings(), []);
        let found: Vec<Fetched> = archive.pages().map(Result::unwrap).collect();
        assert_eq!(found, [pages[0].clone(), changed.clone(), new.clone()]);
        assert_eq!(archive.page(&pages[1].url.key()).unwrap(), None);
        assert_eq!(archive.as_sent(&pages[1].url).unwrap(), None, "an older answer is history");
        let sent = archive.as_sent(&pages[0].url).unwrap().unwrap();
        assert_eq!(sent.exchange.unwrap().status, 200, "a 304 is no answer of its own");
        let from: Vec<&str> = archive.pages_from(number).map(CanonicalUrl::path).collect();
        assert_eq!(from, ["/c", "/d"]);
        let before = Archive::open_before(crawl.path(), number).unwrap();
        assert_eq!(before.pages().map(Result::unwrap).collect::<Vec<_>>(), pages);
    }

    // A page that comes back is a page again.
    let (mut writer, _) = ArchiveWriter::open(&folder, OPTIONS).unwrap();
    writer.record_page(&pages[1], &[]).unwrap();
    drop(writer);
    let archive = Archive::open(crawl.path()).unwrap();
    let urls: Vec<&str> = archive.page_urls().map(CanonicalUrl::path).collect();
    assert_eq!(urls, ["/a", "/c", "/d", "/b"]);
}
