//! The archive: what was fetched, kept as WARC 1.1 and WACZ 1.1.1, and read back.
//!
//! In order of a crawl: [`ArchiveWriter`] records pages and exchanges into numbered `*.warc.gz` files, a gzip member a
//! record; after a crash its [`ArchiveWriter::open`] says which pages are complete; [`pack`] makes one
//! `NAME.wacz` of them with a CDXJ index and a page list; [`Archive`] reads any of these forms, foreign WARC files, and
//! the saved pages of a `pages.jsonl`, and streams the pages in the order of their first recording.
//!
//! A page is complete when its last record, `urn:pageinfo:URL`, is there, and only then it is a page.
//!
//! This module never asks a network, never writes to a file of an earlier run, and never trusts a length, a name or a
//! path that an archive states. Reading is free of clock and chance: the same archive gives the same pages.

mod cdxj;
mod digest;
mod error;
mod files;
mod http_message;
mod index;
mod page_info;
mod pages_jsonl;
mod reader;
mod record;
mod recover;
mod scan;
mod segment;
mod surt;
mod take_back;
mod wacz;
mod wacz_file;
mod writer;

pub use crate::archive::error::{ArchiveError, ArchiveWarning, Flaw, LineError};
pub use crate::archive::reader::Archive;
pub use crate::archive::recover::RecordedPage;
pub use crate::archive::take_back::take_back;
pub use crate::archive::wacz::{Packed, pack};
pub use crate::archive::writer::{ArchiveWriter, Durability, WriteOptions};
