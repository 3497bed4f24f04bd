//! A failure as the user sees it: a sentence with its causes, a hint, and the exit code.

use std::error::Error;

use super::exit::ExitCode;
use super::system_words::{hint_of, plain};

/// Why a command ended without a result.
#[derive(Debug)]
pub struct Failure {
    /// What happened, with the causes after colons.
    pub message: String,
    /// What the user can do about it.
    pub hint: Option<String>,
    /// The exit code.
    pub code: ExitCode,
}

impl Failure {
    /// A failure of no special kind.
    pub fn new(error: impl Into<anyhow::Error>) -> Self {
        Self::with_code(error, ExitCode::Failure)
    }

    /// A failure with an exit code of its own. Where the system refused a write, it says what helps, unless it is told
    /// better.
    pub fn with_code(error: impl Into<anyhow::Error>, code: ExitCode) -> Self {
        Self::with_cause(error.into().as_ref(), code)
    }

    /// As [`Self::with_code`], of an error that somebody else keeps.
    pub fn with_cause(error: &(dyn Error + 'static), code: ExitCode) -> Self {
        Self { message: chain(error), hint: hint_of(error).map(str::to_owned), code }
    }

    /// Adds what the user can do about it.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        self.hint_if(Some(hint))
    }

    /// Adds what the user can do about it, where there is something.
    #[must_use]
    pub fn hint_if(mut self, hint: Option<impl Into<String>>) -> Self {
        self.hint = hint.map(Into::into).or(self.hint);
        self
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::new(error)
    }
}

/// The error and its causes in one line; a cause that its parent already quotes is not said twice, nor one that says the
/// same with a number before it.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut message = error.to_string();
    let mut last = message.clone();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !message.contains(&text) && !text.ends_with(&last) {
            message.push_str(": ");
            message.push_str(&text);
        }
        last = text;
        cause = error.source();
    }
    plain(message)
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use anyhow::Context;

    use super::Failure;

    #[test]
    fn causes_follow_and_are_not_repeated() {
        let cause = std::io::Error::other("disk full");
        let error = anyhow::Error::new(cause).context("cannot write `a`: disk full").context("cannot build");
        assert_eq!(Failure::new(error).message, "cannot build: cannot write `a`: disk full");
        let error = Err::<(), _>(std::io::Error::other("gone")).context("cannot read `b`").unwrap_err();
        assert_eq!(Failure::new(error).message, "cannot read `b`: gone");
        let error = Err::<(), _>(std::io::Error::other("error code 13: disk full")).context("disk full");
        assert_eq!(
            Failure::new(error.context("cannot crawl").unwrap_err()).message,
            "cannot crawl: disk full"
        );
    }

    #[test]
    fn a_refused_write_says_what_helps() {
        let refused =
            |kind: ErrorKind| anyhow::Error::new(std::io::Error::from(kind)).context("cannot write `a`");
        let failure = Failure::new(refused(ErrorKind::StorageFull));
        assert_eq!(failure.hint.as_deref(), Some("make room there, then run the same command again"));
        let failure = Failure::new(refused(ErrorKind::ReadOnlyFilesystem)).hint("choose another folder");
        assert_eq!(failure.hint.as_deref(), Some("choose another folder"));
        assert_eq!(Failure::new(refused(ErrorKind::NotFound)).hint, None);
    }
}
