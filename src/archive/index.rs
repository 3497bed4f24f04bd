//! Which pages and exchanges some WARCs hold, and where: built in one pass, so that pages can then be read one by one.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::archive::error::{ArchiveError, ArchiveWarning, Flaw};
use crate::archive::http_message::{MAX_HEAD, parse};
use crate::archive::page_info::{DOM, MARKDOWN, PAGE_INFO, PageInfo};
use crate::archive::record::{Fields, RecordId};
use crate::archive::scan::{MAX_BLOCK, Record, Scanner};
use crate::archive::segment::Segment;
use crate::archive::writer::NOT_MODIFIED;
use crate::fetched::{DomForm, UNDATED};
use crate::url::{CanonicalUrl, PageKey};

/// Media types of documents: what makes a response in a foreign WARC a page.
const PAGE_TYPES: [&str; 4] = ["text/html", "application/xhtml+xml", "text/markdown", "text/x-markdown"];

/// Where a record lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Which of the index's segments.
    pub(crate) segment: usize,
    /// Where in it the record begins.
    pub(crate) offset: u64,
}

/// A page and where its parts lie.
#[derive(Clone, Debug)]
pub(crate) struct PageEntry {
    pub(crate) url: CanonicalUrl,
    pub(crate) fetched_at: Timestamp,
    pub(crate) form: DomForm,
    pub(crate) exchange: Option<Place>,
    pub(crate) dom: Option<Place>,
    pub(crate) twin: Option<Place>,
    /// What the page loaded to make its content from.
    pub(crate) loaded: Vec<Place>,
    /// Whether a later record ended it; such pages are taken out when all is read.
    gone: bool,
}

/// What some WARCs hold.
#[derive(Debug, Default)]
pub(crate) struct Index {
    /// The WARCs in order.
    pub(crate) segments: Vec<Segment>,
    /// The pages in the order of their first recording; where one was recorded again, the later recording.
    pub(crate) pages: Vec<PageEntry>,
    by_key: HashMap<PageKey, usize>,
    /// Records that a page may consist of, by their id.
    parts: HashMap<RecordId, (Part, Place)>,
    /// Responses with a body, by the digest of their payload.
    bodies: HashMap<String, Place>,
    /// Requests, by the id of the response that they led to.
    requests: HashMap<RecordId, Place>,
    /// The last response of each address, and when it came.
    exchanges: HashMap<String, (Place, Timestamp)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Response,
    Revisit,
    Dom,
    Markdown,
}

impl Index {
    /// Reads through the segments in order; `each` sees every record of them, with the head of its block.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Read`] when a file cannot be read. Flaws of the content are warnings.
    pub(crate) fn build(
        segments: Vec<Segment>,
        mut each: impl FnMut(usize, &Record),
    ) -> Result<(Self, Vec<ArchiveWarning>), ArchiveError> {
        let mut index = Self::default();
        let mut warnings = Vec::new();
        for (number, segment) in segments.iter().enumerate() {
            let mut scanner = Scanner::new(segment, keep)?;
            let mut maker = Maker::Other;
            while let Some(record) = scanner.next()? {
                each(number, &record);
                let place = Place { segment: number, offset: record.offset };
                if record.fields.kind() == "warcinfo" {
                    maker = Maker::of(&record.block);
                } else if let Err(flaw) = index.add(&record, place, maker) {
                    let (file, offset) = (segment.name.clone(), record.offset);
                    warnings.push(ArchiveWarning { file, offset, flaw, unread: 0 });
                }
            }
            warnings.extend(scanner.into_warnings());
        }
        index.segments = segments;
        index.bury();
        Ok((index, warnings))
    }

    /// The page of this key.
    pub(crate) fn page(&self, key: &PageKey) -> Option<&PageEntry> {
        self.pages.get(*self.by_key.get(key)?)
    }

    /// The last response of exactly this address, and when it came.
    pub(crate) fn exchange(&self, url: &CanonicalUrl) -> Option<(Place, Timestamp)> {
        self.exchanges.get(url.document().as_str()).copied()
    }

    /// The request that led to a response.
    pub(crate) fn request(&self, response: &Fields) -> Option<Place> {
        self.requests.get(response.get("WARC-Record-ID")?).copied()
    }

    /// The response whose body a revisit record repeats.
    pub(crate) fn original(&self, revisit: &Fields) -> Option<Place> {
        let by_id = revisit.get("WARC-Refers-To").and_then(|id| self.parts.get(id));
        match by_id {
            Some((Part::Response, place)) => Some(*place),
            _ => self.bodies.get(revisit.get("WARC-Payload-Digest")?).copied(),
        }
    }

    fn add(&mut self, record: &Record, place: Place, maker: Maker) -> Result<(), Flaw> {
        match record.fields.kind() {
            "response" => self.add_response(record, place, maker, Part::Response),
            "revisit" => self.add_response(record, place, maker, Part::Revisit),
            "request" => {
                for response in record.fields.all("WARC-Concurrent-To") {
                    self.requests.insert(response.to_owned(), place);
                }
                Ok(())
            }
            "resource" => self.add_resource(record, place, maker),
            _ => Ok(()),
        }
    }

    fn add_response(&mut self, record: &Record, place: Place, maker: Maker, part: Part) -> Result<(), Flaw> {
        let Some(target) = http_target(&record.fields) else { return Ok(()) };
        within_cap(record)?;
        let is_not_modified = record.fields.get("WARC-Profile") == Some(NOT_MODIFIED);
        if part == Part::Revisit && (is_not_modified || record.block.is_empty()) {
            // A revisit of the other profile (`server-not-modified`): what it stands for is indexed. It may have no block.
            return Ok(());
        }
        let message = parse(&record.block)?;
        let status = message.status()?;
        self.note_part(&record.fields, part, place);
        if let Some(digest) = record.fields.get("WARC-Payload-Digest").filter(|_| part == Part::Response) {
            self.bodies.insert(digest.to_owned(), place);
        }
        self.note_exchange(&target, &record.fields, place);
        if maker == Maker::Other && status == 200 && is_page(&target, message.header("content-type")) {
            self.add_foreign_page(target, &record.fields, place);
        }
        Ok(())
    }

    fn add_resource(&mut self, record: &Record, place: Place, maker: Maker) -> Result<(), Flaw> {
        let target = record.fields.target().unwrap_or_default();
        let is_ours = maker == Maker::Skillcrawl;
        if is_ours && target.starts_with(DOM) {
            within_cap(record)?;
            self.note_part(&record.fields, Part::Dom, place);
        } else if is_ours && target.starts_with(MARKDOWN) {
            within_cap(record)?;
            self.note_part(&record.fields, Part::Markdown, place);
        } else if is_ours && target.starts_with(PAGE_INFO) {
            return self.add_page(&PageInfo::parse(&record.block)?, &record.fields);
        } else if let Some(target) = http_target(&record.fields).filter(|_| !is_ours) {
            within_cap(record)?;
            self.note_exchange(&target, &record.fields, place);
            if is_page(&target, record.fields.get("Content-Type")) {
                self.add_foreign_page(target, &record.fields, place);
            }
        }
        Ok(())
    }

    fn note_part(&mut self, fields: &Fields, part: Part, place: Place) {
        if let Some(id) = fields.get("WARC-Record-ID") {
            self.parts.insert(id.to_owned(), (part, place));
        }
    }

    fn note_exchange(&mut self, target: &CanonicalUrl, fields: &Fields, place: Place) {
        self.exchanges.insert(target.document().as_str().to_owned(), (place, date_of(fields)));
    }

    /// A page of our own: its last record names the others.
    fn add_page(&mut self, info: &PageInfo, fields: &Fields) -> Result<(), Flaw> {
        if info.gone.is_some() {
            self.end_page(&info.url);
            return Ok(());
        }
        let mut entry = PageEntry {
            url: info.url.clone(),
            fetched_at: info.fetched_at,
            form: DomForm { settled: info.settled.unwrap_or_default(), routed: info.routed },
            exchange: None,
            dom: None,
            twin: None,
            loaded: Vec::new(),
            gone: false,
        };
        let mut missing = false;
        for id in fields.all("WARC-Concurrent-To") {
            match self.parts.get(id) {
                Some((Part::Response | Part::Revisit, place)) => entry.exchange = Some(*place),
                Some((Part::Dom, place)) => entry.dom = Some(*place),
                Some((Part::Markdown, place)) => entry.twin = Some(*place),
                None => missing = true,
            }
        }
        for id in &info.loaded {
            match self.parts.get(id) {
                Some((Part::Response | Part::Revisit, place)) => entry.loaded.push(*place),
                _ => missing = true,
            }
        }
        self.put(entry);
        // The page is kept with what there is of it; that a part was unreadable is worth a word.
        if missing { Err(Flaw::MissingOriginal) } else { Ok(()) }
    }

    /// Ends a page. Should it be recorded again it is a new one, at the end of all.
    fn end_page(&mut self, url: &CanonicalUrl) {
        let ended = self.by_key.remove(&url.key()).and_then(|place| self.pages.get_mut(place));
        if let Some(page) = ended {
            page.gone = true;
        }
        // The document of a route is that of all others as well.
        if url.route().is_none() {
            self.exchanges.remove(url.as_str());
        }
    }

    /// Takes the pages that ended out of the list.
    fn bury(&mut self) {
        let before = self.pages.len();
        self.pages.retain(|page| !page.gone);
        if self.pages.len() == before {
            return;
        }
        let keys = self.pages.iter().enumerate().map(|(number, page)| (page.url.key(), number));
        self.by_key = keys.collect();
    }

    fn add_foreign_page(&mut self, url: CanonicalUrl, fields: &Fields, place: Place) {
        let fetched_at = date_of(fields);
        let (exchange, loaded) = (Some(place), Vec::new());
        let form = DomForm { settled: false, routed: false };
        self.put(PageEntry { url, fetched_at, form, exchange, dom: None, twin: None, loaded, gone: false });
    }

    /// The place of the first recording, the content of the last.
    fn put(&mut self, entry: PageEntry) {
        let known = self.by_key.get(&entry.url.key()).and_then(|place| self.pages.get_mut(*place));
        if let Some(known) = known {
            *known = entry;
        } else {
            self.by_key.insert(entry.url.key(), self.pages.len());
            self.pages.push(entry);
        }
    }
}

/// Who wrote a WARC. In our own files only a page info record makes a page; what a crash cut off is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Maker {
    Skillcrawl,
    Other,
}

impl Maker {
    fn of(warcinfo: &[u8]) -> Self {
        let text = String::from_utf8_lossy(warcinfo);
        let ours = text.lines().any(|line| {
            line.split_once(':').is_some_and(|(name, value)| {
                name.trim().eq_ignore_ascii_case("software") && value.trim().starts_with("skillcrawl/")
            })
        });
        if ours { Self::Skillcrawl } else { Self::Other }
    }
}

/// How much of a block the index needs to see.
fn keep(fields: &Fields) -> u64 {
    match fields.kind() {
        "response" | "revisit" | "warcinfo" => MAX_HEAD,
        "resource" if fields.target().is_some_and(|target| target.starts_with(PAGE_INFO)) => MAX_BLOCK,
        _ => 0,
    }
}

fn within_cap(record: &Record) -> Result<(), Flaw> {
    if record.block_length > MAX_BLOCK { Err(Flaw::TooLarge) } else { Ok(()) }
}

/// A record must have a date (WARC 1.1 §5.4); one without is not worth losing a page for.
fn date_of(fields: &Fields) -> Timestamp {
    fields.date().unwrap_or(UNDATED)
}

fn http_target(fields: &Fields) -> Option<CanonicalUrl> {
    CanonicalUrl::parse(fields.target()?).ok()
}

fn is_page(target: &CanonicalUrl, content_type: Option<&str>) -> bool {
    let essence = content_type.unwrap_or_default().split(';').next().unwrap_or_default();
    PAGE_TYPES.contains(&essence.trim().to_ascii_lowercase().as_str()) && target.path() != "/robots.txt"
}
