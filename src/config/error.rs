//! What can be wrong with a site config, with its place in the file.

use std::path::PathBuf;

/// Why a config did not load.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("cannot read the config `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// A key that the format does not have.
    #[error("unknown key `{key}` in `{}`, line {line}, column {column}", path.display())]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// The key as typed.
        key: String,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The known key that is nearest in spelling, if one is near.
        suggestion: Option<String>,
    },
    /// The file is not JSON, or a value has the wrong type.
    #[error("cannot read `{}`, line {line}, column {column}: {message}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What is wrong there, with the key's path.
        message: String,
    },
    /// A value that cannot be meant.
    #[error("`{key}` in `{}` {problem}", path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The key, with its path.
        key: String,
        /// What is wrong, continuing the sentence that begins with the key.
        problem: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// A source that this program does not read.
    #[error("source {number} of `{}` is of type `{kind}`, which skillcrawl does not read", path.display())]
    ForeignSource {
        /// The file.
        path: PathBuf,
        /// Its place in `sources`, from 1.
        number: usize,
        /// Its type.
        kind: String,
    },
}

impl ConfigError {
    /// What the reader can do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownKey { suggestion, .. } => {
                suggestion.as_ref().map(|key| format!("did you mean `{key}`?"))
            }
            Self::Value { hint, .. } => hint.clone(),
            Self::ForeignSource { .. } => Some(
                "`skillcrawl config convert` makes a config of each `documentation` source; others are not turned into skills"
                    .to_owned(),
            ),
            Self::Read { .. } | Self::Malformed { .. } => None,
        }
    }
}
