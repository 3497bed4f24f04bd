//! How a page was kept, and what that says about the other pages of its template.

use serde::Serialize;

use crate::fetched::DomForm;

/// How a page was kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Which form of it is recorded.
    pub form: Form,
    /// What its template is, where the fetcher judges by template whether to render.
    pub template: Option<TemplateNote>,
}

/// Which form of a page is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// As sent over HTTP alone.
    Sent,
    /// Rendered, and the content stood still.
    Rendered,
    /// The same, where the site's own router led there from another of its pages.
    Routed,
    /// Rendered, and the content still moved when time was up.
    Unsettled,
}

/// What a page tells about its template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateNote {
    /// The template's name: equal for pages that are built alike.
    pub name: String,
    /// What the page says about those that were kept as sent.
    pub standing: Standing,
    /// The batch in which it is kept; its confirmation counts for this batch and those before. Batches begin anew with
    /// each run, after all that is there.
    pub batch: u64,
    /// What the fetcher knows about the template by now, as one JSON object, where that changed. The frontier keeps it
    /// for the report and the next run, unread.
    pub state: Option<String>,
}

/// What a page says about the pages of its template that were kept as sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nothing: it was not compared, or its comparison is not about them.
    Unchanged,
    /// HTTP alone gives what the browser gives: those up to its batch can stay.
    Confirmed,
    /// It does not: those since the last confirmation are to be rendered, and all that follow.
    Refuted,
}

/// A template as the database has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownTemplate {
    /// Its name.
    pub name: String,
    /// The last [`TemplateNote::state`].
    pub state: String,
    /// How many of its pages were kept as sent since the last confirmation.
    pub doubtful: u64,
    /// How many of its pages are kept as sent, those among them.
    pub as_sent: u64,
    /// The pages that were kept as sent and then rendered all the same, by URL.
    pub taken_back: Vec<crate::url::CanonicalUrl>,
}

impl Kept {
    /// Kept in this form, by a fetcher that does not judge by template.
    pub fn plain(form: Form) -> Self {
        Self { form, template: None }
    }
}

impl Form {
    const ALL: [Self; 4] = [Self::Sent, Self::Rendered, Self::Routed, Self::Unsettled];

    /// The form of a page whose document came about like this, where it was rendered.
    pub fn of(dom: Option<DomForm>) -> Self {
        match dom {
            None => Self::Sent,
            Some(DomForm { settled: false, .. }) => Self::Unsettled,
            Some(DomForm { routed: true, .. }) => Self::Routed,
            Some(DomForm { routed: false, .. }) => Self::Rendered,
        }
    }

    /// Whether the page went through the browser.
    pub fn is_rendered(self) -> bool {
        self != Self::Sent
    }

    /// Whether it is a cheaper form than a load in the browser, which a comparison has yet to confirm.
    pub fn is_provisional(self) -> bool {
        matches!(self, Self::Sent | Self::Routed)
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Rendered => "rendered",
            Self::Routed => "routed",
            Self::Unsettled => "unsettled",
        }
    }

    pub(super) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.word() == word)
    }
}
