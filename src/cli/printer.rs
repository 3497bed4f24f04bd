//! The one way to the screen: results go to stdout, everything else to stderr.

use std::io::{ErrorKind, IsTerminal, Write};

use serde::Serialize;
use serde_json::json;

use super::failure::Failure;

/// How much is said on stderr.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// Progress, remarks and the summary.
    Normal,
    /// Every page.
    Verbose,
}

/// What goes to stdout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Words for people.
    Text,
    /// One JSON value for programs.
    Json,
}

/// Writes results and messages.
#[derive(Clone, Copy, Debug)]
pub struct Printer {
    verbosity: Verbosity,
    format: Format,
    progress_lines: bool,
}

impl Printer {
    /// A printer for one run.
    pub fn new(verbosity: Verbosity, format: Format) -> Self {
        Self { verbosity, format, progress_lines: false }
    }

    /// The same, for a program that reads progress as lines of JSON.
    #[must_use]
    pub fn with_progress_lines(self) -> Self {
        Self { progress_lines: true, ..self }
    }

    /// A line of progress for the program that runs this one, if there is one; on stderr.
    pub fn progress(&self, value: &impl Serialize) {
        if self.progress_lines
            && let Ok(json) = serde_json::to_string(value)
        {
            write_line(&mut std::io::stderr(), &json);
        }
    }

    /// How much is said on stderr.
    pub fn verbosity(&self) -> Verbosity {
        self.verbosity
    }

    /// What goes to stdout.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The result: `text` for people, or `value` for programs, as the user asked. No text is no line. Where it cannot be
    /// written, as to a full disk, the process ends with an error: who reads the file would take a part for the whole.
    pub fn result(&self, text: &str, value: &impl Serialize) {
        let written = match self.format {
            Format::Text if text.is_empty() => Ok(()),
            Format::Text => writeln!(std::io::stdout(), "{text}"),
            Format::Json => {
                let json = serde_json::to_string_pretty(value).unwrap_or_else(|error| format!("\"{error}\""));
                writeln!(std::io::stdout(), "{json}")
            }
        };
        // A closed pipe (`skillcrawl … | head`) is the reader's decision, not an error.
        if let Err(error) = written
            && error.kind() != ErrorKind::BrokenPipe
        {
            let error = anyhow::Error::new(error).context("cannot write the result to stdout");
            let failure = Failure::new(error);
            self.failure_beside(&failure);
            std::process::exit(failure.code.number().into());
        }
    }

    /// A remark that a user should see but need not act on.
    pub fn note(&self, message: &str) {
        if self.verbosity >= Verbosity::Normal {
            write_line(&mut std::io::stderr(), &format!("{} {message}", self.paint("note:", "36")));
        }
    }

    /// Something went less well than it should.
    pub fn warning(&self, message: &str) {
        if self.verbosity >= Verbosity::Normal {
            write_line(&mut std::io::stderr(), &format!("{} {message}", self.paint("warning:", "33")));
        }
    }

    /// A line of progress or summary.
    pub fn line(&self, message: &str) {
        if self.verbosity >= Verbosity::Normal {
            write_line(&mut std::io::stderr(), message);
        }
    }

    /// A line for those who asked for every page.
    pub fn detail(&self, message: &str) {
        if self.verbosity >= Verbosity::Verbose {
            write_line(&mut std::io::stderr(), message);
        }
    }

    /// An error with its causes, and what to do about it; for programs the same on stdout, in place of the result.
    pub fn failure(&self, failure: &Failure) {
        self.failure_beside(failure);
        self.failure_for_programs(failure);
    }

    /// An error in place of a result, for programs alone.
    pub fn failure_for_programs(&self, failure: &Failure) {
        if self.format == Format::Json {
            let code = failure.code.number();
            let value = json!({ "error": failure.message, "hint": failure.hint, "exit_code": code });
            self.result("", &value);
        }
    }

    /// An error beside a result.
    pub fn failure_beside(&self, failure: &Failure) {
        let mut stderr = std::io::stderr();
        write_line(&mut stderr, &format!("{} {}", self.paint("error:", "31"), failure.message));
        if let Some(hint) = &failure.hint {
            write_line(&mut stderr, &format!("{} {hint}", self.paint("hint:", "32")));
        }
    }

    fn paint(&self, word: &str, colour: &str) -> String {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        if plain || !std::io::stderr().is_terminal() {
            return word.to_owned();
        }
        format!("\u{1b}[1;{colour}m{word}\u{1b}[0m")
    }
}

/// Words that nobody can be told are lost.
fn write_line(target: &mut impl Write, text: &str) {
    let _ = writeln!(target, "{text}");
}
