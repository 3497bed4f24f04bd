//! A failure as the user sees it: a sentence with its causes, a hint, and the exit code.

use std::error::Error;

use super::exit::ExitCode;

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

    /// A failure with an exit code of its own.
    pub fn with_code(error: impl Into<anyhow::Error>, code: ExitCode) -> Self {
        Self { message: chain(error.into().as_ref()), hint: None, code }
    }

    /// As [`Self::with_code`], of an error that somebody else keeps.
    pub fn with_cause(error: &(dyn Error + 'static), code: ExitCode) -> Self {
        Self { message: chain(error), hint: None, code }
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

/// The error and its causes in one line; a cause that its parent already quotes is not said twice.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !message.contains(&text) {
            message.push_str(": ");
            message.push_str(&text);
        }
        cause = error.source();
    }
    message
}

#[cfg(test)]
mod tests {
    use anyhow::Context;

    use super::Failure;

    #[test]
    fn causes_follow_and_are_not_repeated() {
        let cause = std::io::Error::other("disk full");
        let error = anyhow::Error::new(cause).context("cannot write `a`: disk full").context("cannot build");
        assert_eq!(Failure::new(error).message, "cannot build: cannot write `a`: disk full");
        let error = Err::<(), _>(std::io::Error::other("gone")).context("cannot read `b`").unwrap_err();
        assert_eq!(Failure::new(error).message, "cannot read `b`: gone");
    }
}
