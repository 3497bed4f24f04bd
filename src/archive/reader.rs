//! Reading an archive: whatever its form, a stream of pages.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use jiff::Timestamp;

use crate::archive::error::{ArchiveError, ArchiveWarning, Flaw};
use crate::archive::files::{is_warc, number_of, waczs_in, warcs_in};
use crate::archive::http_message::parse;
use crate::archive::index::{Index, PageEntry, Place};
use crate::archive::pages_jsonl::SavedPages;
use crate::archive::scan::{Record, read_record};
use crate::archive::segment::Segment;
use crate::archive::wacz_file::warc_members;
use crate::fetched::{Dom, DomForm, Exchange, Fetched};
use crate::url::{CanonicalUrl, PageKey};

/// A recorded crawl, open for reading.
///
/// Opening reads through it once and remembers where things are; pages are then read one at a time, by any number of
/// threads. The order of the pages is that of their first recording; of a page that was recorded again, the last
/// recording counts.
#[derive(Debug)]
pub struct Archive {
    store: Store,
    warnings: Vec<ArchiveWarning>,
}

#[derive(Debug)]
enum Store {
    Warc(Index),
    Saved(SavedPages),
}

impl Archive {
    /// Opens an archive: a crawl folder (`NAME.wacz`, `archive/*.warc.gz` or both), a folder of WARC files, a `.warc` or
    /// `.warc.gz` file of any program, a `.wacz` file, or a `pages.jsonl`. Files are told apart by their first bytes.
    ///
    /// In a WARC that this program wrote, a page is what has a page info record; in any other, it is each HTML or
    /// Markdown document that was answered with status 200.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when there is nothing of the kind, when a file cannot be read, or when a line of a `pages.jsonl`
    /// is wrong. Damaged records are [`Archive::warnings`].
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        let segments = match form_of(path)? {
            Form::Warcs(segments) => segments,
            Form::SavedPages => {
                let store = Store::Saved(SavedPages::open(path)?);
                return Ok(Self { store, warnings: Vec::new() });
            }
        };
        let (index, warnings) = Index::build(segments, |_, _| ())?;
        Ok(Self { store: Store::Warc(index), warnings })
    }

    /// As [`Archive::open`], without what was recorded in our files of this number or above: the archive as it was when
    /// [`crate::archive::ArchiveWriter::next_number`] gave that number.
    ///
    /// # Errors
    ///
    /// As for [`Archive::open`]; [`ArchiveError::NotAnArchive`] as well where nothing is left.
    pub fn open_before(path: &Path, number: u32) -> Result<Self, ArchiveError> {
        let Form::Warcs(mut segments) = form_of(path)? else { return Err(not_an_archive(path)) };
        segments.retain(|segment| !is_from(segment, number));
        if segments.is_empty() {
            return Err(not_an_archive(path));
        }
        let (index, warnings) = Index::build(segments, |_, _| ())?;
        Ok(Self { store: Store::Warc(index), warnings })
    }

    /// The pages that were recorded, for the first time or again, in our files of this number or above.
    pub fn pages_from(&self, number: u32) -> impl Iterator<Item = &CanonicalUrl> {
        let index = match &self.store {
            Store::Warc(index) => Some(index),
            Store::Saved(_) => None,
        };
        index.into_iter().flat_map(move |index| {
            let is_new = move |page: &&PageEntry| {
                let place = page.exchange.or(page.dom).or(page.twin);
                let segment = place.and_then(|place| index.segments.get(place.segment));
                segment.is_some_and(|segment| is_from(segment, number))
            };
            index.pages.iter().filter(is_new).map(|page| &page.url)
        })
    }

    /// When each page was fetched, by its address, in order.
    pub fn page_times(&self) -> impl Iterator<Item = (&CanonicalUrl, Timestamp)> {
        (0..self.len()).filter_map(|number| match &self.store {
            Store::Warc(index) => index.pages.get(number).map(|page| (&page.url, page.fetched_at)),
            Store::Saved(saved) => saved.time(number),
        })
    }

    /// How many pages there are.
    pub fn len(&self) -> usize {
        match &self.store {
            Store::Warc(index) => index.pages.len(),
            Store::Saved(saved) => saved.len(),
        }
    }

    /// Whether there is no page.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The addresses of the pages in order.
    pub fn page_urls(&self) -> impl Iterator<Item = &CanonicalUrl> {
        (0..self.len()).filter_map(|number| match &self.store {
            Store::Warc(index) => index.pages.get(number).map(|page| &page.url),
            Store::Saved(saved) => saved.url(number),
        })
    }

    /// The addresses of the pages in order, with how each was rendered, where it was.
    pub fn page_forms(&self) -> impl Iterator<Item = (&CanonicalUrl, Option<DomForm>)> {
        (0..self.len()).filter_map(|number| match &self.store {
            Store::Warc(index) => {
                index.pages.get(number).map(|page| (&page.url, page.dom.map(|_| page.form)))
            }
            Store::Saved(saved) => saved.form(number),
        })
    }

    /// The pages in order, each read when it is asked for. One that cannot be read is an error of its own, not the end.
    pub fn pages(&self) -> impl Iterator<Item = Result<Fetched, ArchiveError>> {
        (0..self.len()).filter_map(|number| match &self.store {
            Store::Warc(index) => index.pages.get(number).map(|entry| read_page(index, entry)),
            Store::Saved(saved) => saved.read(number),
        })
    }

    /// The page of this identity.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when it is there and cannot be read.
    pub fn page(&self, key: &PageKey) -> Result<Option<Fetched>, ArchiveError> {
        match &self.store {
            Store::Warc(index) => index.page(key).map(|entry| read_page(index, entry)).transpose(),
            Store::Saved(saved) => saved.page(key),
        }
    }

    /// The last answer of exactly this address as it was sent, of whatever status: a page's, or that of a robots.txt or
    /// a sitemap.
    ///
    /// # Errors
    ///
    /// [`ArchiveError`] when it is there and cannot be read.
    pub fn as_sent(&self, url: &CanonicalUrl) -> Result<Option<Fetched>, ArchiveError> {
        match &self.store {
            Store::Warc(index) => {
                let Some((place, fetched_at)) = index.exchange(url) else { return Ok(None) };
                let exchange = read_exchange(index, place)?;
                Ok(Some(Fetched { url: url.clone(), fetched_at, exchange, dom: None, twin: None }))
            }
            Store::Saved(saved) => {
                let page = saved.page(&url.key())?.filter(|page| page.exchange.is_some());
                Ok(page.map(|page| Fetched { dom: None, twin: None, ..page }))
            }
        }
    }

    /// What was odd: records that were cut off, damaged or too large.
    pub fn warnings(&self) -> &[ArchiveWarning] {
        &self.warnings
    }
}

/// What lies at a path.
enum Form {
    Warcs(Vec<Segment>),
    SavedPages,
}

fn form_of(path: &Path) -> Result<Form, ArchiveError> {
    if path.is_dir() {
        let mut segments = Vec::new();
        // What was packed is older than what lies loose beside it.
        for wacz in waczs_in(path)? {
            segments.extend(warc_members(&wacz)?);
        }
        for warc in warcs_in(&path.join("archive"))?.iter().chain(&warcs_in(path)?) {
            segments.push(Segment::of_file(warc)?);
        }
        return if segments.is_empty() { Err(not_an_archive(path)) } else { Ok(Form::Warcs(segments)) };
    }
    let mut start = Vec::new();
    let file = File::open(path).map_err(ArchiveError::reading(path))?;
    file.take(5).read_to_end(&mut start).map_err(ArchiveError::reading(path))?;
    let name = path.to_string_lossy();
    match start.as_slice() {
        [b'P', b'K', 3 | 5, ..] => Ok(Form::Warcs(warc_members(path)?)),
        [0x1f, 0x8b, ..] | b"WARC/" => Ok(Form::Warcs(vec![Segment::of_file(path)?])),
        // Begun and killed before the first byte.
        [] if is_warc(&name) => Ok(Form::Warcs(vec![Segment::of_file(path)?])),
        [b'{', ..] => Ok(Form::SavedPages),
        _ if name.ends_with(".jsonl") => Ok(Form::SavedPages),
        _ => Err(not_an_archive(path)),
    }
}

/// Whether a WARC is ours and bears this number or a higher one.
fn is_from(segment: &Segment, number: u32) -> bool {
    number_of(segment.file_name()).is_some_and(|found| found >= number)
}

fn not_an_archive(path: &Path) -> ArchiveError {
    ArchiveError::NotAnArchive { path: path.to_owned() }
}

fn read_page(index: &Index, entry: &PageEntry) -> Result<Fetched, ArchiveError> {
    let exchange = entry.exchange.map(|place| read_exchange(index, place)).transpose()?.flatten();
    let dom = entry.dom.map(|place| read_text(index, place)).transpose()?.flatten();
    let twin = entry.twin.map(|place| read_text(index, place)).transpose()?.flatten();
    let loaded: Result<Vec<_>, _> = entry.loaded.iter().map(|place| read_exchange(index, *place)).collect();
    let loaded = loaded?.into_iter().flatten().collect();
    Ok(Fetched {
        url: entry.url.clone(),
        fetched_at: entry.fetched_at,
        exchange,
        dom: dom.map(|html| Dom { html, settled: entry.form.settled, loaded, routed: entry.form.routed }),
        twin,
    })
}

fn read_text(index: &Index, place: Place) -> Result<Option<String>, ArchiveError> {
    let Some(segment) = index.segments.get(place.segment) else { return Ok(None) };
    let record = read_record(segment, place.offset)?;
    match String::from_utf8(record.block) {
        Ok(text) => Ok(Some(text)),
        Err(_) => Err(flawed(segment, place.offset)(Flaw::NotUtf8)),
    }
}

fn read_exchange(index: &Index, place: Place) -> Result<Option<Exchange>, ArchiveError> {
    let Some(segment) = index.segments.get(place.segment) else { return Ok(None) };
    let mut record = read_record(segment, place.offset)?;
    let target = CanonicalUrl::parse(record.fields.target().unwrap_or_default());
    let Ok(target) = target else { return Ok(None) };
    let (status, response_headers, body) = if record.fields.kind() == "resource" {
        let content_type = record.fields.get("Content-Type").unwrap_or("application/octet-stream").to_owned();
        (200, vec![("Content-Type".to_owned(), content_type)], std::mem::take(&mut record.block))
    } else {
        let message = parse(&record.block).map_err(flawed(segment, place.offset))?;
        let status = message.status().map_err(flawed(segment, place.offset))?;
        let headers = message.lasting_headers();
        (status, headers, read_body(index, segment, &record)?)
    };
    let request_headers = read_request_headers(index, &record)?;
    Ok(Some(Exchange { target: target.document(), request_headers, status, response_headers, body }))
}

/// A response's own body, or for a revisit record that of the response which it repeats.
fn read_body(index: &Index, segment: &Segment, record: &Record) -> Result<Vec<u8>, ArchiveError> {
    if record.fields.kind() != "revisit" {
        return decode_body(segment, record);
    }
    let missing = || flawed(segment, record.offset)(Flaw::MissingOriginal);
    let place = index.original(&record.fields).ok_or_else(missing)?;
    let segment = index.segments.get(place.segment).ok_or_else(missing)?;
    decode_body(segment, &read_record(segment, place.offset)?)
}

fn decode_body(segment: &Segment, record: &Record) -> Result<Vec<u8>, ArchiveError> {
    parse(&record.block).and_then(|message| message.decoded_body()).map_err(flawed(segment, record.offset))
}

fn read_request_headers(index: &Index, response: &Record) -> Result<Vec<(String, String)>, ArchiveError> {
    let Some(place) = index.request(&response.fields) else { return Ok(Vec::new()) };
    let Some(segment) = index.segments.get(place.segment) else { return Ok(Vec::new()) };
    let record = read_record(segment, place.offset)?;
    // A request that is no HTTP message tells nothing; its response is worth reading all the same.
    Ok(parse(&record.block).map(|message| message.headers).unwrap_or_default())
}

fn flawed(segment: &Segment, offset: u64) -> impl FnOnce(Flaw) -> ArchiveError {
    move |flaw| ArchiveError::Record { file: segment.name.clone(), offset, flaw }
}
