//! The WARCs inside a WACZ (WACZ 1.1.1 §5): stored members are read in place, others from an unpacked copy.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use tempfile::NamedTempFile;
use zip::{CompressionMethod, ZipArchive};

use crate::archive::error::{ArchiveError, Flaw};
use crate::archive::files::is_warc;
use crate::archive::segment::{Home, Segment};

/// The most bytes that a compressed member may unpack to; WARCs belong into a WACZ as they are.
const MAX_UNPACKED: u64 = 4 << 30;

/// The WARCs of a WACZ, sorted by name. Members are never unpacked to paths that they name themselves.
///
/// # Errors
///
/// [`ArchiveError`] when the file cannot be read or is no zip.
pub(crate) fn warc_members(path: &Path) -> Result<Vec<Segment>, ArchiveError> {
    let mut archive = open(path)?;
    let mut segments = Vec::new();
    for name in warc_names_of(&archive) {
        let mut member = archive.by_name(&name).map_err(ArchiveError::zip(path))?;
        let label = format!("{}/{name}", path.display());
        let in_place = member.data_start().filter(|_| member.compression() == CompressionMethod::Stored);
        segments.push(match in_place {
            Some(start) => {
                Segment { name: label, home: Home::File(path.to_owned()), start, length: member.size() }
            }
            None => unpacked(label, path, &mut member)?,
        });
    }
    Ok(segments)
}

/// The names of the WARCs of a WACZ, sorted, as `archive/….warc.gz`.
///
/// # Errors
///
/// [`ArchiveError`] when the file cannot be read or is no zip.
pub(crate) fn warc_names(path: &Path) -> Result<Vec<String>, ArchiveError> {
    Ok(warc_names_of(&open(path)?))
}

fn open(path: &Path) -> Result<ZipArchive<File>, ArchiveError> {
    let file = File::open(path).map_err(ArchiveError::reading(path))?;
    ZipArchive::new(file).map_err(ArchiveError::zip(path))
}

fn warc_names_of(archive: &ZipArchive<File>) -> Vec<String> {
    let mut names: Vec<String> = archive
        .file_names()
        .filter_map(|name| Some(name.ok()?.into_owned()))
        .filter(|name| name.starts_with("archive/") && is_warc(name))
        .collect();
    names.sort();
    names
}

fn unpacked(name: String, wacz: &Path, member: &mut impl Read) -> Result<Segment, ArchiveError> {
    let mut copy = NamedTempFile::new().map_err(ArchiveError::writing(&std::env::temp_dir()))?;
    let length =
        io::copy(&mut member.take(MAX_UNPACKED + 1), &mut copy).map_err(ArchiveError::reading(wacz))?;
    if length > MAX_UNPACKED {
        return Err(ArchiveError::Record { file: name, offset: 0, flaw: Flaw::TooLarge });
    }
    Ok(Segment { name, home: Home::Unpacked(Arc::new(copy.into_temp_path())), start: 0, length })
}
