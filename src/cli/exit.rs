//! Exit codes: what a script can tell apart.

/// How the program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitCode {
    /// Done.
    Success,
    /// Something failed that no other code names.
    Failure,
    /// The command line or a config is wrong.
    Usage,
    /// Finished, but some pages failed, or the skill that was to be checked is not valid.
    Incomplete,
    /// The site's robots.txt refuses the crawl.
    RobotsRefused,
    /// There is no usable browser.
    NoBrowser,
    /// Interrupted, or put off by the host; the state is kept and the next run goes on.
    Interrupted,
}

impl ExitCode {
    /// The code as a shell sees it.
    pub fn number(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failure => 1,
            Self::Usage => 2,
            Self::Incomplete => 3,
            Self::RobotsRefused => 4,
            Self::NoBrowser => 5,
            Self::Interrupted => 130,
        }
    }
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code.number())
    }
}
