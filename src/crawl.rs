//! The engine: network to archive.
