//! Why a page was not rendered, in words that a report can count.

use std::fmt;

/// Why a page was not rendered. The texts are stable: they stand in the report as the cause of a failed page, one line
/// a page, and in the summary as what failures are counted by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenderFailure {
    /// The page ended its renderer: a crash, or more objects than a renderer can hold.
    RendererCrashed,
    /// The page's renderer held more than the memory limit by itself, and was ended for it.
    TooMuchMemory,
    /// The whole browser ended, or stopped answering, while the page was in it.
    BrowserDied,
    /// The page's time ran out: it never came to rest, or its scripts never let go.
    DeadlinePassed,
    /// The document, as sent or as rendered, is larger than anybody reads.
    TooLarge,
    /// The page loads itself again and again.
    ReloadsWithoutEnd,
    /// The browser shows something else instead of the page.
    NotShown {
        /// The browser's own code, as `net::ERR_ABORTED`.
        code: String,
    },
    /// The page could not be read out of the browser.
    Unreadable,
    /// The browser runs, but opens no tab.
    NoTab,
    /// The browser ended and does not start again.
    NoBrowser,
    /// The browser died again and again without finishing a page in between, and is not started any more.
    KeepsDying,
    /// The browser was closed.
    Closed,
}

/// How a page that failed is rendered once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Company {
    /// With other pages beside it.
    Others,
    /// By itself, so that a second death is nobody else's.
    Alone,
}

impl RenderFailure {
    /// Whether the page itself may be at fault, and how it gets its second and last chance.
    pub(super) fn second_chance(&self) -> Option<Company> {
        match self {
            Self::RendererCrashed | Self::TooMuchMemory | Self::BrowserDied => Some(Company::Alone),
            // A page that takes its whole time must not keep all others waiting for as long.
            Self::DeadlinePassed => Some(Company::Others),
            _ => None,
        }
    }

    /// Whether asking for the page again, later, may end otherwise. What the browser has tried twice will not, and
    /// neither will what the page always does.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::NotShown { .. } | Self::Unreadable | Self::NoTab | Self::NoBrowser)
    }
}

impl fmt::Display for RenderFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::RendererCrashed => "renderer crashed",
            Self::TooMuchMemory => "too much memory",
            Self::BrowserDied => "browser died",
            Self::DeadlinePassed => "page deadline passed",
            Self::TooLarge => "document too large",
            Self::ReloadsWithoutEnd => "reloads without end",
            Self::NotShown { code } => return write!(formatter, "not shown by the browser: {code}"),
            Self::Unreadable => "page cannot be read",
            Self::NoTab => "browser opens no tab",
            Self::NoBrowser => "browser does not start",
            Self::KeepsDying => "browser keeps dying",
            Self::Closed => "browser closed",
        })
    }
}
