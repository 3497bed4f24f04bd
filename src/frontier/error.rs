//! Why a frontier cannot be used.

use crate::scope::PatternError;

/// Why a frontier cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FrontierError {
    /// Another process crawls into this folder.
    #[error("`{folder}` is in use by another crawl")]
    Locked {
        /// The crawl folder.
        folder: String,
    },
    /// The folder holds pages of another site.
    #[error("`{folder}` holds a crawl of `{there}`, not of `{wanted}`")]
    OtherSite {
        /// The crawl folder.
        folder: String,
        /// The base URL that the folder was made for.
        there: String,
        /// The base URL of the config.
        wanted: String,
    },
    /// A pattern of the config is no valid glob.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// The folder or its files cannot be opened.
    #[error("failed to open `{path}`")]
    Open {
        /// The file or folder.
        path: String,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// There is something else where the database belongs, or it is damaged.
    #[error("`{path}` is no database, or it is damaged")]
    NotADatabase {
        /// Its file.
        path: String,
    },
    /// The database cannot be opened.
    #[error("failed to open the crawl database `{path}`")]
    OpenDatabase {
        /// Its file.
        path: String,
        /// What SQLite said.
        #[source]
        cause: rusqlite::Error,
    },
    /// The database failed.
    #[error("the crawl database failed")]
    Database(#[from] rusqlite::Error),
    /// The database is of an earlier version of the program, and may only be read.
    #[error("`{folder}` holds a crawl of an earlier version of skillcrawl")]
    Outdated {
        /// The crawl folder.
        folder: String,
    },
    /// The database holds what this program never wrote there.
    #[error("the crawl database holds `{value}` where {expected} belongs")]
    Corrupt {
        /// What stands there.
        value: String,
        /// What belongs there.
        expected: &'static str,
    },
}
