//! Saved pages listed in a `pages.jsonl`: one JSON object a line, with paths of saved files relative to the list.
//!
//! ```text
//! {"url": "https://docs.example/guide", "sent": "guide.html", "rendered": "guide.dom.html", "twin": "guide.md",
//!  "fetched_at": "2026-01-31T12:00:00Z"}
//! ```
//!
//! `url` and one of `sent`, `rendered` and `twin` must be there; other keys are left alone. Paths lead below the folder
//! of the list, never out of it.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Component, Path, PathBuf};

use jiff::Timestamp;
use serde::Deserialize;

use crate::archive::error::{ArchiveError, LineError};
use crate::archive::files::folder_of;
use crate::archive::scan::MAX_BLOCK;
use crate::fetched::{Dom, DomForm, Exchange, Fetched, UNDATED};
use crate::url::{CanonicalUrl, PageKey};

/// The longest line that is read.
const MAX_LINE: u64 = 1 << 20;

/// The pages of a list; their files are read one by one.
#[derive(Debug)]
pub(crate) struct SavedPages {
    path: PathBuf,
    pages: Vec<SavedPage>,
    by_key: HashMap<PageKey, usize>,
}

#[derive(Debug)]
struct SavedPage {
    line: usize,
    url: CanonicalUrl,
    fetched_at: Timestamp,
    sent: Option<String>,
    rendered: Option<String>,
    twin: Option<String>,
}

/// A line as it was typed. Unknown keys are tolerated: other tools keep their own notes there.
#[derive(Deserialize)]
struct Line {
    url: String,
    sent: Option<String>,
    rendered: Option<String>,
    twin: Option<String>,
    fetched_at: Option<Timestamp>,
}

impl SavedPages {
    /// Reads the list, not yet the files it names. Empty lines are passed over; the later of two lines for one page
    /// counts.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Line`] for the first line that is wrong, [`ArchiveError::Read`] when the list cannot be read.
    pub(crate) fn open(path: &Path) -> Result<Self, ArchiveError> {
        let mut reader = BufReader::new(File::open(path).map_err(ArchiveError::reading(path))?);
        let mut saved = Self { path: path.to_owned(), pages: Vec::new(), by_key: HashMap::new() };
        let mut text = Vec::new();
        for line in 1.. {
            text.clear();
            let limited = reader.by_ref().take(MAX_LINE).read_until(b'\n', &mut text);
            if limited.map_err(ArchiveError::reading(path))? == 0 {
                break;
            }
            let bare = text.trim_ascii();
            let bare = bare.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bare);
            if !bare.is_empty() {
                let page = parse_line(bare, line).map_err(|cause| saved.wrong(line, cause))?;
                saved.put(page);
            }
        }
        Ok(saved)
    }

    /// How many pages there are.
    pub(crate) fn len(&self) -> usize {
        self.pages.len()
    }

    /// The address of the n-th page.
    pub(crate) fn url(&self, number: usize) -> Option<&CanonicalUrl> {
        self.pages.get(number).map(|page| &page.url)
    }

    /// The address of the n-th page, and that it was rendered and settled if its line names a rendered document.
    pub(crate) fn form(&self, number: usize) -> Option<(&CanonicalUrl, Option<DomForm>)> {
        let form = DomForm { settled: true, routed: false };
        self.pages.get(number).map(|page| (&page.url, page.rendered.as_ref().map(|_| form)))
    }

    /// When the n-th page was fetched.
    pub(crate) fn time(&self, number: usize) -> Option<(&CanonicalUrl, Timestamp)> {
        self.pages.get(number).map(|page| (&page.url, page.fetched_at))
    }

    /// The n-th page with its files.
    pub(crate) fn read(&self, number: usize) -> Option<Result<Fetched, ArchiveError>> {
        let page = self.pages.get(number)?;
        Some(self.read_page(page).map_err(|cause| self.wrong(page.line, cause)))
    }

    /// The page of this identity.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Line`] when a file of it cannot be read.
    pub(crate) fn page(&self, key: &PageKey) -> Result<Option<Fetched>, ArchiveError> {
        self.by_key.get(key).and_then(|number| self.read(*number)).transpose()
    }

    fn put(&mut self, page: SavedPage) {
        let key = page.url.key();
        match self.by_key.get(&key).and_then(|number| self.pages.get_mut(*number)) {
            Some(known) => *known = page,
            None => {
                self.by_key.insert(key, self.pages.len());
                self.pages.push(page);
            }
        }
    }

    fn read_page(&self, page: &SavedPage) -> Result<Fetched, LineError> {
        let text = |path: &Option<String>| path.as_ref().map(|path| self.read_text(path)).transpose();
        let sent = page.sent.as_ref().map(|path| self.read_sent(&page.url, path)).transpose()?;
        let rendered = text(&page.rendered)?;
        Ok(Fetched {
            url: page.url.clone(),
            fetched_at: page.fetched_at,
            exchange: sent,
            dom: rendered.map(|html| Dom { html, settled: true, loaded: Vec::new(), routed: false }),
            twin: text(&page.twin)?,
        })
    }

    /// A saved document as the answer it once was; without the header lines that nobody saved.
    fn read_sent(&self, url: &CanonicalUrl, path: &str) -> Result<Exchange, LineError> {
        let body = self.read_file(path)?;
        let lower = path.to_ascii_lowercase();
        let is_markdown = lower.ends_with(".md") || lower.ends_with(".markdown");
        let essence = if is_markdown { "text/markdown" } else { "text/html" };
        // What is not UTF-8 may still name its charset itself.
        let charset = if std::str::from_utf8(&body).is_ok() { "; charset=utf-8" } else { "" };
        Ok(Exchange {
            target: url.document(),
            request_headers: Vec::new(),
            status: 200,
            response_headers: vec![("Content-Type".to_owned(), format!("{essence}{charset}"))],
            body,
        })
    }

    fn read_text(&self, path: &str) -> Result<String, LineError> {
        let text = String::from_utf8(self.read_file(path)?);
        let text = text.map_err(|_| LineError::NotUtf8 { path: path.to_owned() })?;
        Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }

    fn read_file(&self, path: &str) -> Result<Vec<u8>, LineError> {
        let failed = |cause| LineError::Read { path: path.to_owned(), cause };
        let full = self.resolve(path).map_err(failed)?.ok_or_else(|| outside(path))?;
        let mut bytes = Vec::new();
        let file = File::open(full).map_err(failed)?;
        let size = file.take(MAX_BLOCK + 1).read_to_end(&mut bytes).map_err(failed)? as u64;
        if size > MAX_BLOCK {
            return Err(LineError::TooLarge { path: path.to_owned(), limit: MAX_BLOCK });
        }
        Ok(bytes)
    }

    /// The file that a path means, unless a symbolic link leads out of the folder.
    fn resolve(&self, path: &str) -> io::Result<Option<PathBuf>> {
        let folder = fs::canonicalize(folder_of(&self.path))?;
        let full = fs::canonicalize(folder.join(path))?;
        Ok(full.starts_with(&folder).then_some(full))
    }

    fn wrong(&self, line: usize, cause: LineError) -> ArchiveError {
        ArchiveError::Line { path: self.path.clone(), line, cause }
    }
}

fn parse_line(text: &[u8], line: usize) -> Result<SavedPage, LineError> {
    let parsed: Line = serde_json::from_slice(text)?;
    let url = CanonicalUrl::parse(&parsed.url)?;
    let Line { sent, rendered, twin, fetched_at, .. } = parsed;
    if sent.is_none() && rendered.is_none() && twin.is_none() {
        return Err(LineError::Empty);
    }
    for path in [&sent, &rendered, &twin].into_iter().flatten() {
        if !leads_below(path) {
            return Err(outside(path));
        }
    }
    Ok(SavedPage { line, url, fetched_at: fetched_at.unwrap_or(UNDATED), sent, rendered, twin })
}

fn leads_below(path: &str) -> bool {
    let mut components = Path::new(path).components().peekable();
    components.peek().is_some()
        && components.all(|component| matches!(component, Component::Normal(_) | Component::CurDir))
}

fn outside(path: &str) -> LineError {
    LineError::Outside { path: path.to_owned() }
}
