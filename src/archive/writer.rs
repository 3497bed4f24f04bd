//! Recording: each page becomes a group of records, written at once and closed by its `urn:pageinfo:` record.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::archive::digest::sha256;
use crate::archive::error::ArchiveError;
use crate::archive::files::{next_number, sync_folder_of, warc_name};
use crate::archive::http_message::{request_block, response_head};
use crate::archive::page_info::{DOM, MARKDOWN, PAGE_INFO, PageInfo};
use crate::archive::record::{Fields, RecordId, gzip_member, new_id};
use crate::archive::recover::{RecordedPage, recorded_pages};
use crate::fetched::{Exchange, Fetched};
use crate::url::CanonicalUrl;

/// What the warcinfo record of our files says of their maker; by it a reader knows that page info records are there.
pub(crate) const SOFTWARE: &str = concat!("skillcrawl/", env!("CARGO_PKG_VERSION"));
const CONFORMS_TO: &str = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/";
const SAME_PAYLOAD: &str = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest";
/// The profile of a revisit record that stands for a 304 (WARC 1.1 §6.7.3).
pub(crate) const NOT_MODIFIED: &str = "http://netpreserve.org/warc/1.1/revisit/server-not-modified";

/// How to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteOptions {
    /// A file of this many bytes is closed and the next begun.
    pub max_file_size: u64,
    /// What a page survives once it is recorded.
    pub durability: Durability,
}

/// What a page survives once [`ArchiveWriter::record_page`] returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// The end of the process, by whatever signal: the bytes are with the system.
    Process,
    /// The loss of power too: the bytes are on the disk.
    Power,
}

/// Writes what was fetched into numbered WARC files.
///
/// Files of earlier runs are never touched: their last record may be cut off, and what followed it would be lost to
/// every reader. A run's first file appears with its first record.
#[derive(Debug)]
pub struct ArchiveWriter {
    folder: PathBuf,
    options: WriteOptions,
    next_number: u32,
    file: Option<WarcFile>,
}

/// The file that is being written.
#[derive(Debug)]
struct WarcFile {
    path: PathBuf,
    file: File,
    size: u64,
    warcinfo: RecordId,
    /// The first response with each body, by payload digest: what a revisit record refers to.
    bodies: HashMap<String, Original>,
}

#[derive(Debug)]
struct Original {
    id: RecordId,
    target: CanonicalUrl,
    date: Timestamp,
}

/// The records of one page or exchange on their way to the file.
#[derive(Default)]
struct Group {
    bytes: Vec<u8>,
    /// Bodies that no earlier record of the file holds; noted once the group is written.
    new_bodies: Vec<(String, Original)>,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self { max_file_size: 1_000_000_000, durability: Durability::Power }
    }
}

impl ArchiveWriter {
    /// Opens the folder of a crawl's WARC files, making it if need be.
    ///
    /// Also returns the complete pages of the newest files, in order: after a crash these may be recorded without
    /// anybody else knowing, and must not be fetched again. Settle them before recording anything.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when the folder cannot be made, or files of earlier runs cannot be read.
    pub fn open(folder: &Path, options: WriteOptions) -> Result<(Self, Vec<RecordedPage>), ArchiveError> {
        fs::create_dir_all(folder).map_err(ArchiveError::writing(folder))?;
        let recorded = recorded_pages(folder)?;
        let next_number = next_number(folder)?;
        Ok((Self { folder: folder.to_owned(), options, next_number, file: None }, recorded))
    }

    /// Records a page: request and response, rendered document, what it loaded to make its content from, Markdown twin,
    /// and last the record that makes it complete.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Write`] when the file cannot be written; then the page is not recorded, and earlier ones are
    /// unharmed.
    pub fn record_page(&mut self, page: &Fetched, outlinks: &[CanonicalUrl]) -> Result<(), ArchiveError> {
        let file = self.file()?;
        let mut group = Group::default();
        let mut parts = Vec::new();
        let mut loaded = Vec::new();
        if let Some(exchange) = &page.exchange {
            parts.push(group.push_exchange(file, exchange, page.fetched_at));
        }
        if let Some(dom) = &page.dom {
            let target = format!("{DOM}{}", page.url);
            parts.push(group.push_text(file, &target, page, "text/html; charset=utf-8", &dom.html));
            for exchange in &dom.loaded {
                loaded.push(group.push_exchange(file, exchange, page.fetched_at));
            }
        }
        if let Some(twin) = &page.twin {
            let target = format!("{MARKDOWN}{}", page.url);
            parts.push(group.push_text(file, &target, page, "text/markdown; charset=utf-8", twin));
        }
        group.push_page_info(file, page, outlinks, &parts, loaded);
        self.write(group)
    }

    /// Records an exchange that is no page, such as robots.txt or a sitemap.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Write`] when the file cannot be written.
    pub fn record_exchange(&mut self, exchange: &Exchange, at: Timestamp) -> Result<(), ArchiveError> {
        let file = self.file()?;
        let mut group = Group::default();
        group.push_exchange(file, exchange, at);
        self.write(group)
    }

    /// Records that the server still has what was recorded of an address: its 304, as a revisit record (WARC 1.1
    /// §6.7.3). The record that it stands for is untouched.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Write`] when the file cannot be written.
    pub fn record_not_modified(&mut self, exchange: &Exchange, at: Timestamp) -> Result<(), ArchiveError> {
        let file = self.file()?;
        let mut group = Group::default();
        let (request, revisit) = (new_id(), new_id());
        let mut fields = Fields::new("revisit", &revisit, at);
        fields.push("WARC-Warcinfo-ID", &file.warcinfo);
        fields.push("WARC-Target-URI", exchange.target.as_str());
        fields.push("WARC-Concurrent-To", &request);
        fields.push("WARC-Profile", NOT_MODIFIED);
        let block = response_head(exchange);
        group.bytes.extend(gzip_member(fields, "application/http;msgtype=response", &block));
        group.push_request(file, exchange, at, &request, &revisit);
        self.write(group)
    }

    /// Records that there is no such page any more, and why, as a word: no reader of ours gives it from then on. Its
    /// earlier records stay where they are.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Write`] when the file cannot be written.
    pub fn record_gone(
        &mut self,
        url: &CanonicalUrl,
        status: Option<u16>,
        why: &str,
        at: Timestamp,
    ) -> Result<(), ArchiveError> {
        let file = self.file()?;
        let mut group = Group::default();
        let info = PageInfo {
            url: url.clone(),
            fetched_at: at,
            settled: None,
            routed: false,
            status,
            gone: Some(why.to_owned()),
            outlinks: Vec::new(),
            loaded: Vec::new(),
        };
        group.push_info(file, &info, &[]);
        self.write(group)
    }

    /// The number that the next file will bear: whatever is recorded from now on lies in files of this number or above.
    /// Ask before anything is recorded.
    pub fn next_number(&self) -> u32 {
        self.next_number
    }

    /// The file to write to: the open one, or a new one where there is none or the open one is full.
    fn file(&mut self) -> Result<&WarcFile, ArchiveError> {
        let full = |file: &WarcFile| file.size >= self.options.max_file_size;
        match self.file.take().filter(|file| !full(file)) {
            Some(file) => Ok(self.file.insert(file)),
            None => {
                let path = self.folder.join(warc_name(self.next_number));
                self.next_number = self.next_number.saturating_add(1);
                Ok(self.file.insert(WarcFile::create(path, self.options.durability)?))
            }
        }
    }

    fn write(&mut self, group: Group) -> Result<(), ArchiveError> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let written = file.file.write_all(&group.bytes).and_then(|()| match self.options.durability {
            Durability::Process => Ok(()),
            Durability::Power => file.file.sync_data(),
        });
        if let Err(cause) = written {
            let path = file.path.clone();
            // What was written of the group would hide all that follows it, so the file ends before it, and is left
            // alone from now on. Should even that fail, a reader still stops at this point cleanly.
            let _ = file.file.set_len(file.size);
            self.file = None;
            return Err(ArchiveError::Write { path, cause });
        }
        file.size += group.bytes.len() as u64;
        for (digest, original) in group.new_bodies {
            file.bodies.entry(digest).or_insert(original);
        }
        Ok(())
    }
}

impl WarcFile {
    fn create(path: PathBuf, durability: Durability) -> Result<Self, ArchiveError> {
        let mut file = File::create_new(&path).map_err(ArchiveError::writing(&path))?;
        let warcinfo = new_id();
        let mut fields = Fields::new("warcinfo", &warcinfo, now());
        fields.push("WARC-Filename", &path.file_name().unwrap_or_default().to_string_lossy());
        let block =
            format!("software: {SOFTWARE}\r\nformat: WARC File Format 1.1\r\nconformsTo: {CONFORMS_TO}\r\n");
        let member = gzip_member(fields, "application/warc-fields", block.as_bytes());
        file.write_all(&member).map_err(ArchiveError::writing(&path))?;
        if durability == Durability::Power {
            sync_folder_of(&path)?;
        }
        Ok(Self { path, file, size: member.len() as u64, warcinfo, bodies: HashMap::new() })
    }
}

impl Group {
    /// Adds request and response; returns the id of the latter.
    fn push_exchange(&mut self, file: &WarcFile, exchange: &Exchange, at: Timestamp) -> RecordId {
        let request = new_id();
        let response = new_id();
        self.push_response(file, exchange, at, &request, &response);
        self.push_request(file, exchange, at, &request, &response);
        response
    }

    fn push_request(
        &mut self,
        file: &WarcFile,
        exchange: &Exchange,
        at: Timestamp,
        request: &RecordId,
        response: &RecordId,
    ) {
        let mut fields = Fields::new("request", request, at);
        fields.push("WARC-Warcinfo-ID", &file.warcinfo);
        fields.push("WARC-Target-URI", exchange.target.as_str());
        fields.push("WARC-Concurrent-To", response);
        let block = request_block(exchange);
        self.bytes.extend(gzip_member(fields, "application/http;msgtype=request", &block));
    }

    /// Adds the response, or a revisit record where the file already holds its body: the pages of a hash-routed site
    /// all share one document (WARC 1.1 §6.7.2).
    fn push_response(
        &mut self,
        file: &WarcFile,
        exchange: &Exchange,
        at: Timestamp,
        request: &RecordId,
        response: &RecordId,
    ) {
        let digest = sha256(&exchange.body);
        let original = file.bodies.get(&digest);
        let mut fields = Fields::new(if original.is_some() { "revisit" } else { "response" }, response, at);
        fields.push("WARC-Warcinfo-ID", &file.warcinfo);
        fields.push("WARC-Target-URI", exchange.target.as_str());
        fields.push("WARC-Concurrent-To", request);
        fields.push("WARC-Payload-Digest", &digest);
        let mut block = response_head(exchange);
        if let Some(original) = original {
            fields.push("WARC-Profile", SAME_PAYLOAD);
            fields.push("WARC-Refers-To", &original.id);
            fields.push("WARC-Refers-To-Target-URI", original.target.as_str());
            fields.push("WARC-Refers-To-Date", &original.date.to_string());
        } else {
            block.extend_from_slice(&exchange.body);
            if !exchange.body.is_empty() {
                let original = Original { id: response.clone(), target: exchange.target.clone(), date: at };
                self.new_bodies.push((digest, original));
            }
        }
        self.bytes.extend(gzip_member(fields, "application/http;msgtype=response", &block));
    }

    /// Adds a resource record of the page's own; returns its id.
    fn push_text(
        &mut self,
        file: &WarcFile,
        target: &str,
        page: &Fetched,
        media_type: &str,
        text: &str,
    ) -> RecordId {
        let id = new_id();
        let fields = resource_fields(file, &id, target, page.fetched_at, text.as_bytes());
        self.bytes.extend(gzip_member(fields, media_type, text.as_bytes()));
        id
    }

    fn push_page_info(
        &mut self,
        file: &WarcFile,
        page: &Fetched,
        outlinks: &[CanonicalUrl],
        parts: &[RecordId],
        loaded: Vec<RecordId>,
    ) {
        let info = PageInfo {
            url: page.url.clone(),
            fetched_at: page.fetched_at,
            settled: page.dom.as_ref().map(|dom| dom.settled),
            routed: page.dom.as_ref().is_some_and(|dom| dom.routed),
            status: page.exchange.as_ref().map(|exchange| exchange.status),
            gone: None,
            outlinks: outlinks.to_vec(),
            loaded,
        };
        self.push_info(file, &info, parts);
    }

    fn push_info(&mut self, file: &WarcFile, info: &PageInfo, parts: &[RecordId]) {
        // A struct of strings and numbers always serialises.
        let block = serde_json::to_vec(info).unwrap_or_default();
        let target = format!("{PAGE_INFO}{}", info.url);
        let mut fields = resource_fields(file, &new_id(), &target, info.fetched_at, &block);
        for part in parts {
            fields.push("WARC-Concurrent-To", part);
        }
        self.bytes.extend(gzip_member(fields, "application/json", &block));
    }
}

fn resource_fields(file: &WarcFile, id: &RecordId, target: &str, date: Timestamp, block: &[u8]) -> Fields {
    let mut fields = Fields::new("resource", id, date);
    fields.push("WARC-Warcinfo-ID", &file.warcinfo);
    fields.push("WARC-Target-URI", target);
    fields.push("WARC-Payload-Digest", &sha256(block));
    fields
}

/// The date of a warcinfo record; nothing that is read from an archive depends on it.
fn now() -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default()
}
