//! Where the bytes of a WARC lie: a file, or a stored member of a WACZ.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::TempPath;

use crate::archive::error::ArchiveError;

/// The bytes of one WARC.
///
/// The file is opened anew for each read: that costs some microseconds and lets any number of threads read at once.
#[derive(Clone, Debug)]
pub(crate) struct Segment {
    /// What messages call it.
    pub(crate) name: String,
    /// The file that holds the bytes.
    pub(crate) home: Home,
    /// Where in the file they begin.
    pub(crate) start: u64,
    /// How many they are.
    pub(crate) length: u64,
}

/// The file that holds a WARC's bytes.
#[derive(Clone, Debug)]
pub(crate) enum Home {
    /// A file of the archive.
    File(PathBuf),
    /// A copy of our own, gone with the last segment that refers to it.
    Unpacked(Arc<TempPath>),
}

impl Segment {
    /// A whole file.
    ///
    /// # Errors
    ///
    /// [`ArchiveError::Read`] when there is no such file.
    pub(crate) fn of_file(path: &Path) -> Result<Self, ArchiveError> {
        let metadata = path.metadata().map_err(ArchiveError::reading(path))?;
        Ok(Self {
            name: path.display().to_string(),
            home: Home::File(path.to_owned()),
            start: 0,
            length: metadata.len(),
        })
    }

    /// The file that holds the bytes.
    pub(crate) fn path(&self) -> &Path {
        match &self.home {
            Home::File(path) => path,
            Home::Unpacked(path) => path,
        }
    }

    /// The file name of the WARC alone.
    pub(crate) fn file_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or_default()
    }

    /// The bytes from an offset on.
    ///
    /// # Errors
    ///
    /// Whatever opening the file or seeking in it says.
    pub(crate) fn read_from(&self, offset: u64) -> io::Result<BufReader<Take<File>>> {
        let mut file = File::open(self.path())?;
        file.seek(SeekFrom::Start(self.start.saturating_add(offset)))?;
        Ok(BufReader::with_capacity(1 << 15, file.take(self.length.saturating_sub(offset))))
    }
}
