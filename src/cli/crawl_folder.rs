//! The folder of a crawl: `crawls/NAME/` with the frontier's database, the archive and the report.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::rendering::rendering_lines;
use super::set_aside::SetAside;
use crate::archive::{Archive, ArchiveError, ArchiveWriter, RecordedPage, WriteOptions, pack, take_back};
use crate::config::SiteConfig;
use crate::crawl::Recorder;
use crate::fetched::{Exchange, Fetched};
use crate::frontier::{
    FolderLock, Form, Frontier, FrontierError, HostClocks, KnownPage, Outcome, SkipReason, remember_hosts,
};
use crate::url::{CanonicalUrl, PageKey};

/// What marks a folder as a crawl's.
const DATABASE: &str = "crawl.db";
/// Where WARCs lie until the crawl is complete.
const ARCHIVE: &str = "archive";

/// A crawl's folder.
#[derive(Debug)]
pub struct CrawlFolder {
    path: PathBuf,
    name: String,
}

/// Records into the archive of a crawl.
#[derive(Debug)]
pub struct ArchiveRecorder {
    writer: ArchiveWriter,
    folder: PathBuf,
    /// The archive as it was when it was opened last.
    reader: Option<Archive>,
    /// What was recorded since: of these the open archive knows an older record or none.
    newer: HashSet<PageKey>,
}

impl CrawlFolder {
    /// The folder of the crawl called `name` below `crawls`; nothing is made yet.
    pub fn new(crawls: &Path, name: &str) -> Self {
        Self { path: crawls.join(name), name: name.to_owned() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Moves what an earlier crawl left out of the way, if there is anything: see [`super::set_aside`].
    ///
    /// # Errors
    ///
    /// A [`Failure`] when the folder is no crawl's, another process crawls there, or it cannot be moved.
    pub fn set_aside(&self, config: &SiteConfig, hosts: &HostClocks) -> Result<Option<SetAside>, Failure> {
        if !self.path.exists() {
            return Ok(None);
        }
        if !self.path.join(DATABASE).is_file() {
            let error =
                anyhow!("`{}` is not the folder of a crawl, so it is not removed", self.path.display());
            return Err(Failure::new(error).hint("choose another folder with `--crawls`"));
        }
        let lock = FolderLock::take(&self.path).map_err(frontier_failure)?;
        // Whoever asked for patience is not asked sooner because somebody starts anew.
        if let Err(error) = remember_hosts(&self.path, config, hosts) {
            tracing::debug!(%error, "nothing is remembered of the hosts");
        }
        SetAside::begin(&self.path, lock).map(Some)
    }

    /// Opens the archive for recording; also returns every page that it holds already.
    ///
    /// # Errors
    ///
    /// A [`Failure`] when it cannot be read or written.
    pub fn open_archive(&self, printer: &Printer) -> Result<(ArchiveRecorder, Vec<KnownPage>), Failure> {
        let (writer, newest) = ArchiveWriter::open(&self.path.join(ARCHIVE), WriteOptions::default())
            .map_err(archive_failure)?;
        let reader = match Archive::open(&self.path) {
            Ok(archive) => Some(archive),
            Err(ArchiveError::NotAnArchive { .. }) => None,
            Err(error) => return Err(archive_failure(error)),
        };
        for warning in reader.iter().flat_map(Archive::warnings) {
            printer.detail(&format!("{warning}"));
        }
        let known = reader.as_ref().map(|archive| known_pages(archive, newest)).unwrap_or_default();
        let newer = HashSet::new();
        Ok((ArchiveRecorder { writer, folder: self.path.clone(), reader, newer }, known))
    }

    /// Removes what was recorded in WARCs of this number or above.
    ///
    /// # Errors
    ///
    /// A [`Failure`] when it cannot be removed.
    pub fn take_back(&self, number: u32) -> Result<(), Failure> {
        take_back(&self.path.join(ARCHIVE), number).map_err(archive_failure)
    }

    /// Writes `report.jsonl`: a line for every URL, with its outcome, then a line for every template that was judged
    /// (see [`super::rendering`]).
    ///
    /// # Errors
    ///
    /// A [`Failure`] when the frontier cannot be read or the file not written.
    pub fn write_report(&self, frontier: &Frontier) -> Result<(), Failure> {
        let path = self.path.join("report.jsonl");
        let beside = self.path.join(".report.jsonl.partial");
        write_lines(frontier, &beside)
            .and_then(|()| Ok(std::fs::rename(&beside, &path)?))
            .with_context(|| format!("cannot write `{}`", path.display()))
            .map_err(space_failure)
    }

    /// Packs the WARCs of a complete crawl into `NAME.wacz`.
    ///
    /// # Errors
    ///
    /// A [`Failure`] when the package cannot be written; the WARCs are then as they were.
    pub fn seal(&self) -> Result<(), Failure> {
        let archive = self.path.join(ARCHIVE);
        let has_loose = std::fs::read_dir(&archive).is_ok_and(|mut entries| entries.next().is_some());
        if has_loose {
            let wacz = self.path.join(format!("{}.wacz", self.name));
            pack(&archive, &self.name, &wacz).map_err(space_failure)?;
        }
        Ok(())
    }
}

/// Whether anything is recorded in a crawl folder, loose or packed.
pub fn has_archive(folder: &Path) -> bool {
    let holds = |folder: &Path, ending: &str| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        entries.into_iter().any(|entry| entry.file_name().to_string_lossy().ends_with(ending))
    };
    holds(&folder.join(ARCHIVE), ".warc.gz") || holds(folder, ".wacz")
}

/// What to do where something cannot be written.
const SPACE_HINT: &str =
    "make room, or the folder writable, and run the same command again: what was recorded is kept";

/// What cannot be written, with what to do about it.
pub fn space_failure(error: impl Into<anyhow::Error>) -> Failure {
    Failure::new(error).hint(SPACE_HINT)
}

/// What keeps the archive of a crawl from being opened, with what to do about it.
fn archive_failure(error: ArchiveError) -> Failure {
    match error {
        error if error.is_damage() => {
            Failure::new(error).hint("put a whole copy of it back, or start anew with `--fresh`")
        }
        ArchiveError::Read { .. } | ArchiveError::Write { .. } => space_failure(error),
        error => Failure::new(error),
    }
}

fn write_lines(frontier: &Frontier, path: &Path) -> anyhow::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    frontier.report_to(&mut |line| -> anyhow::Result<()> {
        serde_json::to_writer(&mut file, &line)?;
        Ok(file.write_all(b"\n")?)
    })?;
    for line in rendering_lines(frontier)? {
        writeln!(file, "{line}")?;
    }
    Ok(file.flush()?)
}

/// What keeps a crawl out of its folder, with what to do about it.
pub fn frontier_failure(error: FrontierError) -> Failure {
    let hint = match &error {
        FrontierError::Locked { .. } => {
            Some("wait for it to end, or give this one another folder with `--crawls`")
        }
        FrontierError::OtherSite { .. } => {
            Some("start anew with `--fresh`, or give this crawl another folder with `--crawls`")
        }
        FrontierError::Outdated { .. } => Some("the next `skillcrawl build` brings it up to date"),
        FrontierError::NotADatabase { .. } => {
            Some("remove it, or give this crawl another folder with `--crawls`")
        }
        FrontierError::Open { .. } | FrontierError::OpenDatabase { .. } | FrontierError::Database(_) => {
            Some(SPACE_HINT)
        }
        FrontierError::Pattern(_) => return Failure::with_code(error, ExitCode::Usage),
        _ => None,
    };
    Failure::new(error).hint_if(hint)
}

/// Every page of the archive. Links are known of the newest alone, which is enough: those of older pages went to the
/// frontier in the same transaction that settled the page.
fn known_pages(archive: &Archive, newest: Vec<RecordedPage>) -> Vec<KnownPage> {
    let mut outlinks: HashMap<PageKey, Vec<CanonicalUrl>> =
        newest.into_iter().map(|page| (page.url.key(), page.outlinks)).collect();
    archive
        .page_forms()
        .zip(archive.page_times())
        .map(|((url, form), (_, fetched_at))| KnownPage {
            url: url.clone(),
            form: Some(Form::of(form)),
            outlinks: outlinks.remove(&url.key()).unwrap_or_default(),
            fetched_at: Some(fetched_at),
        })
        .collect()
}

impl ArchiveRecorder {
    /// The number of the first WARC that this run may write to.
    pub fn next_number(&self) -> u32 {
        self.writer.next_number()
    }

    /// The newest record of a page in the archive as it was last opened.
    fn read(&self, url: &CanonicalUrl) -> Option<Fetched> {
        let page = self.reader.as_ref()?.page(&url.key());
        page.inspect_err(|error| tracing::debug!(%url, %error, "the record cannot be read")).ok()?
    }
}

impl Recorder for ArchiveRecorder {
    fn record_page(&mut self, page: &Fetched, outlinks: &[CanonicalUrl]) -> std::io::Result<()> {
        self.newer.insert(page.url.key());
        self.writer.record_page(page, outlinks).map_err(std::io::Error::other)
    }

    fn recorded_page(&mut self, url: &CanonicalUrl) -> std::io::Result<Option<Fetched>> {
        if !self.newer.contains(&url.key())
            && let Some(page) = self.read(url)
        {
            return Ok(Some(page));
        }
        self.reader = Some(Archive::open(&self.folder).map_err(std::io::Error::other)?);
        self.newer.clear();
        Ok(self.read(url))
    }

    fn recorded_exchange(&mut self, url: &CanonicalUrl) -> std::io::Result<Option<Fetched>> {
        let Some(reader) = &self.reader else { return Ok(None) };
        // What cannot be read is asked for without a condition.
        let sent = reader.as_sent(url).ok().flatten();
        let is_ok = |sent: &Fetched| sent.exchange.as_ref().is_some_and(|exchange| exchange.status == 200);
        Ok(sent.filter(is_ok))
    }

    fn record_gone(
        &mut self,
        url: &CanonicalUrl,
        outcome: &Outcome,
        at: jiff::Timestamp,
    ) -> std::io::Result<()> {
        let (status, why) = match outcome {
            Outcome::Skipped(SkipReason::HttpStatus(status)) => (Some(*status), "http_status"),
            Outcome::Skipped(reason) => (None, reason.word()),
            _ => (None, "redirected"),
        };
        self.writer.record_gone(url, status, why, at).map_err(std::io::Error::other)
    }

    fn record_not_modified(&mut self, answer: &Exchange, at: jiff::Timestamp) -> std::io::Result<()> {
        self.writer.record_not_modified(answer, at).map_err(std::io::Error::other)
    }

    fn record_exchange(&mut self, exchange: &Exchange, at: jiff::Timestamp) -> std::io::Result<()> {
        self.writer.record_exchange(exchange, at).map_err(std::io::Error::other)
    }
}
