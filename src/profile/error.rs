//! What can be wrong with a profile.

use std::path::PathBuf;

/// Why profiles could not be loaded or chosen.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// A folder or file could not be read.
    #[error("failed to read `{path}`")]
    Read {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// A file is no valid profile.
    #[error("{message} in `{path}`, line {line}")]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What the parser said.
        message: String,
    },
    /// A text in a file is no CSS selector.
    #[error("`{selector}` is not a valid CSS selector ({message}) in `{path}`, line {line}")]
    Selector {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The text.
        selector: String,
        /// What the parser said.
        message: String,
    },
    /// `extends` names a profile that does not exist, or leads back to itself.
    #[error("`{path}` extends `{parent}`, which {problem}")]
    Extends {
        /// The file.
        path: PathBuf,
        /// The name in `extends`.
        parent: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A selector of a site config is no CSS selector.
    #[error("`{selector}` is not a valid CSS selector ({message}), in `selectors.{key}`")]
    Override {
        /// The key below `selectors`.
        key: &'static str,
        /// The text.
        selector: String,
        /// What the parser said.
        message: String,
    },
    /// A config or a command names a profile that does not exist.
    #[error("no profile is called `{name}`; there are {}", known.join(", "))]
    Unknown {
        /// The name.
        name: String,
        /// Those that exist.
        known: Vec<String>,
    },
}
