//! What can go wrong with the browser as a whole; what goes wrong with one page is a `RenderOutcome`.

use std::io;
use std::path::PathBuf;

use chromiumoxide::error::CdpError;

use super::session::CallError;

/// Why there is no browser to render with.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// No Chrome or Chromium was found.
    #[error("no Chrome or Chromium found")]
    NotFound {
        /// Where it was looked for: paths and names, in order.
        looked_in: Vec<String>,
    },
    /// The program named on the command line or in the environment is not there.
    #[error("no browser at `{}`", path.display())]
    NoSuchProgram {
        /// The path as it was given.
        path: PathBuf,
        /// Who gave it: `--chrome` or the name of a variable.
        given_by: &'static str,
    },
    /// No folder for the browser's profile could be made.
    #[error("failed to make a profile folder for the browser")]
    Profile(#[source] io::Error),
    /// The browser's way to the network could not be opened.
    #[error("failed to listen on loopback for the browser")]
    Gate(#[source] io::Error),
    /// The program could not be started.
    #[error("failed to start `{}`", path.display())]
    Start {
        /// The program.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// The program ended, or said nothing, before it could be talked to.
    #[error("`{}` {what}{}", path.display(), said(stderr))]
    Silent {
        /// The program.
        path: PathBuf,
        /// How it failed, in words.
        what: String,
        /// The end of what it wrote to stderr.
        stderr: String,
    },
    /// The connection to the browser could not be made.
    #[error("failed to connect to `{}`", path.display())]
    Connect {
        /// The program.
        path: PathBuf,
        /// What the socket said.
        #[source]
        cause: Box<CdpError>,
    },
    /// The browser did not answer a command as it should.
    #[error("the browser cannot be steered")]
    Call(#[from] CallError),
}

/// An error with its causes, in one line for a report.
pub(super) fn in_full(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

fn said(stderr: &str) -> String {
    let line = stderr.lines().map(str::trim).rfind(|line| !line.is_empty());
    line.map(|line| format!(": {line}")).unwrap_or_default()
}
