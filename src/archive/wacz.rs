//! Packing a crawl: its WARCs, an index and a page list in one WACZ 1.1.1 file.
//!
//! In order: take the WARCs of the old WACZ and the loose ones, index them, write the new WACZ beside the old, read it
//! back and compare every digest, rename it into place, and only then remove the loose WARCs. Whenever this is cut
//! short, every record is in the WACZ or loose, and a reader that finds it in both counts it once.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::archive::cdxj::cdxj_line;
use crate::archive::digest::{sha256, sha256_of};
use crate::archive::error::{ArchiveError, Flaw};
use crate::archive::files::{sync_folder_of, warcs_in};
use crate::archive::index::Index;
use crate::archive::segment::Segment;
use crate::archive::wacz_file::warc_members;
use crate::archive::writer::SOFTWARE;
use crate::fetched::UNDATED;

/// What was packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packed {
    /// How many pages the WACZ holds.
    pub pages: usize,
    /// How many WARC files it holds.
    pub warcs: usize,
    /// Its size in bytes.
    pub bytes: u64,
}

/// What a WACZ is made of besides its WARCs.
struct Contents {
    /// The lines of the index, sorted.
    index: String,
    /// The lines of the page list.
    pages: String,
    page_count: usize,
    /// The first page: its address and time.
    main_page: Option<(String, Timestamp)>,
    /// The time of the last record: dates come from the archive, so that packing twice gives the same bytes.
    created: Timestamp,
}

/// Packs the WARCs of a folder, and those that `out` holds already, into `out`; then removes them from the folder.
///
/// A record that a crash cut off at the end of a file is left behind. No writer may have the folder open.
///
/// # Errors
///
/// [`ArchiveError`] when something cannot be read or written, when a WARC is damaged elsewhere than at its end, or when
/// what was written does not read back as it should. The old WACZ and the loose WARCs are then as they were.
pub fn pack(archive_folder: &Path, title: &str, out: &Path) -> Result<Packed, ArchiveError> {
    let loose = warcs_in(archive_folder)?;
    let segments = gather(&loose, out)?;
    let (segments, contents) = survey(segments, title)?;

    let partial = beside(out);
    let expected = write(&segments, &contents, title, &partial)?;
    verify(&partial, &expected)?;
    fs::rename(&partial, out).map_err(ArchiveError::writing(out))?;
    // Without this, a loss of power could bring the old name back after the WARCs are gone.
    sync_folder_of(out)?;

    for path in &loose {
        fs::remove_file(path).map_err(ArchiveError::writing(path))?;
    }
    let bytes = out.metadata().map_err(ArchiveError::reading(out))?.len();
    Ok(Packed { pages: contents.page_count, warcs: segments.len(), bytes })
}

/// The WARCs to pack by file name: those packed before, and the loose ones.
fn gather(loose: &[PathBuf], out: &Path) -> Result<Vec<Segment>, ArchiveError> {
    let mut by_name = BTreeMap::new();
    if out.exists() {
        for segment in warc_members(out)? {
            by_name.insert(segment.file_name().to_owned(), segment);
        }
    }
    for path in loose {
        let segment = Segment::of_file(path)?;
        match by_name.get(segment.file_name()) {
            None => {
                by_name.insert(segment.file_name().to_owned(), segment);
            }
            // Packed before, and the crash came before its removal. The loose file has at most more at its end.
            Some(packed) if starts_with(&segment, packed)? => {
                by_name.insert(segment.file_name().to_owned(), segment);
            }
            Some(_) => {
                let name = segment.file_name().to_owned();
                return Err(ArchiveError::Conflict { name, path: out.to_owned() });
            }
        }
    }
    Ok(by_name.into_values().collect())
}

fn starts_with(segment: &Segment, start: &Segment) -> Result<bool, ArchiveError> {
    let digest = |segment: &Segment| {
        let reader = segment.read_from(0).map_err(ArchiveError::reading(segment.path()))?;
        sha256_of(reader.take(start.length)).map_err(ArchiveError::reading(segment.path()))
    };
    Ok(digest(segment)? == digest(start)?)
}

/// Reads through the WARCs once: their index, their pages, and where the intact part of each ends.
fn survey(mut segments: Vec<Segment>, title: &str) -> Result<(Vec<Segment>, Contents), ArchiveError> {
    let mut lines = Vec::new();
    let mut ends = vec![0; segments.len()];
    let mut created = None;
    let names: Vec<String> = segments.iter().map(|segment| segment.file_name().to_owned()).collect();
    let (index, warnings) = Index::build(segments.clone(), |number, record| {
        let name = names.get(number).map(String::as_str).unwrap_or_default();
        lines.extend(cdxj_line(name, record));
        if let Some(end) = ends.get_mut(number) {
            *end = record.offset + record.length;
        }
        created = created.max(record.fields.date());
    })?;
    for warning in warnings {
        match warning.flaw {
            Flaw::CutOff => {}
            // Records that are passed over stay in their file; a rest that cannot be read would be lost.
            flaw if warning.unread > 0 => {
                return Err(ArchiveError::Record { file: warning.file, offset: warning.offset, flaw });
            }
            _ => {}
        }
    }
    for (segment, end) in segments.iter_mut().zip(ends) {
        segment.length = end;
    }
    segments.retain(|segment| segment.length > 0);
    lines.sort_unstable();
    let first = index.pages.first().map(|page| (page.url.to_string(), page.fetched_at));
    let contents = Contents {
        index: lines.concat(),
        pages: page_list(&index, title),
        page_count: index.pages.len(),
        main_page: first,
        created: created.unwrap_or(UNDATED),
    };
    Ok((segments, contents))
}

/// `pages/pages.jsonl`: a header line and a line for each page (WACZ 1.1.1 §5.2.2).
fn page_list(index: &Index, title: &str) -> String {
    let mut lines = format!("{}\n", json!({ "format": "json-pages-1.0", "id": "pages", "title": title }));
    for page in &index.pages {
        let digest = sha256(page.url.as_str().as_bytes());
        let id: String = digest.trim_start_matches("sha256:").chars().take(22).collect();
        let line = json!({ "id": id, "url": page.url.as_str(), "ts": page.fetched_at.to_string() });
        lines.push_str(&format!("{line}\n"));
    }
    lines
}

/// Writes the WACZ and says what must be in it: the digest of each member.
fn write(
    segments: &[Segment],
    contents: &Contents,
    title: &str,
    path: &Path,
) -> Result<BTreeMap<String, String>, ArchiveError> {
    let file = File::create(path).map_err(ArchiveError::writing(path))?;
    let mut package = Package { zip: ZipWriter::new(file), path, resources: Vec::new() };
    for segment in segments {
        let reader = segment.read_from(0).map_err(ArchiveError::reading(segment.path()))?;
        let name = format!("archive/{}", segment.file_name());
        package.add(&name, CompressionMethod::Stored, reader.take(segment.length))?;
    }
    package.add("indexes/index.cdx", CompressionMethod::Deflated, contents.index.as_bytes())?;
    package.add("pages/pages.jsonl", CompressionMethod::Deflated, contents.pages.as_bytes())?;

    let description = datapackage(contents, title, &package.resources).to_string();
    let digest = json!({ "path": "datapackage.json", "hash": sha256(description.as_bytes()) }).to_string();
    package.add("datapackage.json", CompressionMethod::Deflated, description.as_bytes())?;
    package.add("datapackage-digest.json", CompressionMethod::Deflated, digest.as_bytes())?;

    let Package { zip, resources, .. } = package;
    let file = zip.finish().map_err(ArchiveError::zip(path))?;
    file.sync_all().map_err(ArchiveError::writing(path))?;
    Ok(resources.into_iter().map(|resource| (resource.path, resource.hash)).collect())
}

/// A WACZ that is being written.
struct Package<'a> {
    zip: ZipWriter<File>,
    path: &'a Path,
    resources: Vec<Resource>,
}

struct Resource {
    path: String,
    hash: String,
    bytes: u64,
}

impl Package<'_> {
    fn add(&mut self, name: &str, method: CompressionMethod, reader: impl Read) -> Result<(), ArchiveError> {
        // No time is given, so every member has the fixed one that stands for none.
        let options = SimpleFileOptions::default().compression_method(method).large_file(true);
        self.zip.start_file(name, options).map_err(ArchiveError::zip(self.path))?;
        let mut tee = Tee { reader, writer: &mut self.zip };
        let (hash, bytes) = sha256_of(&mut tee).map_err(ArchiveError::writing(self.path))?;
        self.resources.push(Resource { path: name.to_owned(), hash, bytes });
        Ok(())
    }
}

/// Passes on what it reads, and writes it too.
struct Tee<R, W> {
    reader: R,
    writer: W,
}

impl<R: Read, W: Write> Read for Tee<R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.writer.write_all(buffer.get(..read).unwrap_or_default())?;
        Ok(read)
    }
}

/// `datapackage.json` (WACZ 1.1.1 §5.1, on Frictionless Data Package): resource names must be in lower case.
fn datapackage(contents: &Contents, title: &str, resources: &[Resource]) -> Value {
    let resources: Vec<Value> = resources
        .iter()
        .map(|resource| {
            let name = resource.path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
            json!({ "name": name, "path": resource.path, "hash": resource.hash, "bytes": resource.bytes })
        })
        .collect();
    let mut package = json!({
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": title,
        "created": contents.created.to_string(),
        "software": SOFTWARE,
        "resources": resources,
    });
    if let Some((url, date)) = &contents.main_page {
        package["mainPageURL"] = json!(url);
        package["mainPageDate"] = json!(date.to_string());
    }
    package
}

/// Reads a WACZ back from the disk and compares every member with what was put into it.
fn verify(path: &Path, expected: &BTreeMap<String, String>) -> Result<(), ArchiveError> {
    let file = File::open(path).map_err(ArchiveError::reading(path))?;
    let mut archive = ZipArchive::new(file).map_err(ArchiveError::zip(path))?;
    for (name, hash) in expected {
        let member = archive.by_name(name).map_err(ArchiveError::zip(path))?;
        let (found, _) = sha256_of(member).map_err(ArchiveError::reading(path))?;
        if found != *hash {
            return Err(ArchiveError::Verification { path: path.to_owned(), member: name.clone() });
        }
    }
    Ok(())
}

/// `NAME.wacz.partial`: one name, so that what a crash left there is overwritten and never piles up.
fn beside(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}
