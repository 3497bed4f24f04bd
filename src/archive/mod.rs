//! The archive: WARC 1.1 records of what was fetched.
