//! What can go wrong at the edge between the program and its archives.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use zip::result::ZipError;

use crate::url::UrlError;

/// Why an archive could not be written, opened or read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// A file or folder could not be read.
    #[error("failed to read `{}`", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// A file or folder could not be written.
    #[error("failed to write `{}`", path.display())]
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The path holds nothing that could be replayed.
    #[error(
        "`{}` is no archive: expected a crawl folder, a WARC file, a WACZ file or a `pages.jsonl`",
        path.display()
    )]
    NotAnArchive {
        /// The path as it was given.
        path: PathBuf,
    },
    /// A single record could not be read; others may be fine.
    #[error("failed to read the record at byte {offset} of `{file}`: {flaw}")]
    Record {
        /// The WARC, inside its WACZ if it is in one.
        file: String,
        /// Where the record begins.
        offset: u64,
        /// What is wrong with it.
        flaw: Flaw,
    },
    /// A zip container could not be read or written.
    #[error("`{}` is not a readable WACZ file", path.display())]
    Wacz {
        /// The WACZ file.
        path: PathBuf,
        /// What the zip reader or writer said.
        #[source]
        cause: WaczFault,
    },
    /// A freshly written WACZ does not hold what was put into it; nothing was replaced or removed.
    #[error("`{}` does not hold what was written: `{member}` differs", path.display())]
    Verification {
        /// The WACZ file beside its final place.
        path: PathBuf,
        /// The member that differs.
        member: String,
    },
    /// Two WARC files of one name hold different records; packing would lose one of them.
    #[error("`{name}` is in `{}` already, with other content", path.display())]
    Conflict {
        /// The name of the WARC file.
        name: String,
        /// The WACZ that holds the other file of this name.
        path: PathBuf,
    },
    /// A line of a `pages.jsonl` is wrong.
    #[error("line {line} of `{}` is not a page", path.display())]
    Line {
        /// The `pages.jsonl`.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong with it.
        #[source]
        cause: LineError,
    },
}

/// What is wrong with a zip container. What the reader missed in a file that is none is of no use to who named it.
#[derive(Debug)]
pub struct WaczFault(ZipError);

impl fmt::Display for WaczFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            ZipError::InvalidArchive(_) => formatter.write_str("it is no zip file, or only a part of one"),
            cause => cause.fmt(formatter),
        }
    }
}

impl Error for WaczFault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            ZipError::InvalidArchive(_) => None,
            cause => cause.source(),
        }
    }
}

/// What is wrong with a line of a `pages.jsonl`.
#[derive(Debug, thiserror::Error)]
pub enum LineError {
    /// Not a JSON object of the documented shape.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// The page's address is not a URL.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// A page without any saved form.
    #[error("one of `sent`, `rendered` and `twin` must be there")]
    Empty,
    /// A path that is absolute or leads out of the folder of the `pages.jsonl`.
    #[error("`{path}` is not a relative path below the folder of the file")]
    Outside {
        /// The path as it was given.
        path: String,
    },
    /// A saved form that cannot be read.
    #[error("failed to read `{path}`")]
    Read {
        /// The path as it was given.
        path: String,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// A saved form beyond the cap on the size of a document.
    #[error("`{path}` is larger than {limit} bytes")]
    TooLarge {
        /// The path as it was given.
        path: String,
        /// The cap.
        limit: u64,
    },
    /// A rendered document or a twin that is not UTF-8.
    #[error("`{path}` is not UTF-8")]
    NotUtf8 {
        /// The path as it was given.
        path: String,
    },
}

/// What is wrong with a record of a WARC file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The file ends inside the record, as it does when the writer was killed.
    CutOff,
    /// The compressed bytes do not decompress, or not to what their checksum says.
    CorruptGzip,
    /// It does not begin with a WARC version line and header fields.
    NoHeader,
    /// The header is larger than any honest one.
    HeaderTooLarge,
    /// `Content-Length` is missing or not a number.
    NoLength,
    /// There are fewer bytes than `Content-Length` says.
    LengthTooLong,
    /// There are more bytes than `Content-Length` says.
    LengthTooShort,
    /// The whole file was compressed as one, which leaves no place to start reading from.
    SharedMember,
    /// The block is larger than the cap on a record.
    TooLarge,
    /// The block is no HTTP message.
    NoHttpMessage,
    /// The body's content coding cannot be undone.
    Coding(String),
    /// The text is not UTF-8.
    NotUtf8,
    /// The page's own record is not of the shape that this program writes.
    PageInfo(String),
    /// It refers to a record that is not in the archive.
    MissingOriginal,
    /// The record that an index names is not there any more.
    Gone,
}

/// Something odd about an archive that did not keep the rest of it from being read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveWarning {
    /// The WARC, inside its WACZ if it is in one.
    pub file: String,
    /// Where the record begins.
    pub offset: u64,
    /// What is wrong with it.
    pub flaw: Flaw,
    /// How many bytes of the file were left unread for it; zero if only this record was.
    pub unread: u64,
}

impl ArchiveError {
    /// Turns an I/O error into one that names the file it came from.
    pub(crate) fn reading(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |cause| Self::Read { path: path.to_owned(), cause }
    }

    /// Turns an I/O error into one that names the file it was for.
    pub(crate) fn writing(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |cause| Self::Write { path: path.to_owned(), cause }
    }

    /// Whether it is about a container that lost a part of itself, or never was one.
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Wacz { cause: WaczFault(ZipError::InvalidArchive(_)), .. })
    }

    /// Turns a zip error into one that names the container.
    pub(crate) fn zip(path: &Path) -> impl FnOnce(ZipError) -> Self {
        move |cause| Self::Wacz { path: path.to_owned(), cause: WaczFault(cause) }
    }
}

impl ArchiveWarning {
    /// A stable word for programs.
    pub fn kind(&self) -> &'static str {
        match self.flaw {
            Flaw::CutOff => "archive_tail_cut_off",
            _ if self.unread > 0 => "archive_rest_unreadable",
            _ => "archive_record_skipped",
        }
    }
}

impl fmt::Display for ArchiveWarning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { file, offset, flaw, unread } = self;
        write!(formatter, "`{file}`, record at byte {offset}: {flaw}")?;
        if *unread > 0 {
            write!(formatter, "; {unread} bytes left unread")?;
        }
        Ok(())
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::CutOff => "the file ends inside it",
            Self::CorruptGzip => "its compressed bytes are damaged",
            Self::NoHeader => "it has no WARC header",
            Self::HeaderTooLarge => "its header is too large",
            Self::NoLength => "it states no `Content-Length`",
            Self::LengthTooLong => "it is shorter than its `Content-Length`",
            Self::LengthTooShort => "it is longer than its `Content-Length`",
            Self::SharedMember => "several records share one gzip member; `warcio recompress` separates them",
            Self::TooLarge => "it is larger than the cap on a record",
            Self::NoHttpMessage => "its block is no HTTP message",
            Self::Coding(coding) => {
                return write!(formatter, "its content coding `{coding}` cannot be undone");
            }
            Self::NotUtf8 => "its text is not UTF-8",
            Self::PageInfo(cause) => return write!(formatter, "its page info is wrong: {cause}"),
            Self::MissingOriginal => "it repeats a record that is not in the archive",
            Self::Gone => "it is not there any more",
        };
        formatter.write_str(text)
    }
}
