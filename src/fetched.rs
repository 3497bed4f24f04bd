//! What a fetch brought back: the value that stands between the two halves of the program.
//!
//! A fetcher makes it, the archive stores and returns it, the pipeline reads it. It holds bytes and text as they
//! were seen, unparsed, so that everything after it can be done again with another profile.

use jiff::Timestamp;

use crate::url::CanonicalUrl;

/// The time of a saved page whose line names none: 1980-01-01T00:00:00Z, the earliest that a zip file can state. File
/// times are no substitute: they change when a folder is copied, and the same archive must give the same bytes.
pub const UNDATED: Timestamp = Timestamp::constant(315_532_800, 0);

/// One page as it was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Fetched {
    /// The page's address; for a hash-routed page with its route.
    pub url: CanonicalUrl,
    /// When the answer was complete, to the second.
    pub fetched_at: Timestamp,
    /// What the server said over HTTP: the page as sent.
    pub exchange: Option<Exchange>,
    /// The document after JavaScript ran.
    pub dom: Option<Dom>,
    /// The Markdown that the site itself serves for this page.
    pub twin: Option<String>,
}

/// A request and its response, as a WARC pair records them.
#[derive(Clone, Debug, PartialEq)]
pub struct Exchange {
    /// The address asked for: never with a fragment.
    pub target: CanonicalUrl,
    /// Header lines of the request, in order.
    pub request_headers: Vec<(String, String)>,
    /// The status code of the response.
    pub status: u16,
    /// Header lines of the response, in order; without those that describe a transfer or content coding which the
    /// client has already undone.
    pub response_headers: Vec<(String, String)>,
    /// The body after content decoding.
    pub body: Vec<u8>,
}

/// A markup that is written by people and read by programs before it is a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// Markdown in any of its forms, and plain text that is called README.
    Markdown,
    /// reStructuredText.
    ReStructuredText,
    /// A Jupyter notebook, which is JSON.
    Notebook,
}

/// The markup of a body by its media type and the path of its address; `None` for what is none, as HTML. Plain text is
/// markup only where the address says so.
pub fn markup_of(media_type: &str, path: &str) -> Option<Markup> {
    let path = path.to_ascii_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| path.ends_with(ending));
    match media_type {
        "text/markdown" | "text/x-markdown" => Some(Markup::Markdown),
        "text/x-rst" | "text/prs.fallenstein.rst" => Some(Markup::ReStructuredText),
        "application/x-ipynb+json" => Some(Markup::Notebook),
        "application/json" if ends(&[".ipynb"]) => Some(Markup::Notebook),
        "text/plain" | "application/octet-stream" => {
            if ends(&[".md", ".markdown", ".mdx", ".qmd", "/readme", "/readme.txt"]) {
                Some(Markup::Markdown)
            } else if ends(&[".rst"]) {
                Some(Markup::ReStructuredText)
            } else {
                ends(&[".ipynb"]).then_some(Markup::Notebook)
            }
        }
        _ => None,
    }
}

/// The serialised document of a rendered page.
#[derive(Clone, Debug, PartialEq)]
pub struct Dom {
    /// HTML, with open shadow roots composed in.
    pub html: String,
    /// Whether the main content stood still before the deadline; `false` when the cap cut the wait short.
    pub settled: bool,
    /// What the page loaded to make its content from, where that says more than the page shows at once: the OpenAPI
    /// description of a reference whose operations are drawn only when somebody opens them.
    pub loaded: Vec<Exchange>,
    /// Whether the site's own router led here from another of its pages; otherwise the page was loaded.
    pub routed: bool,
}

/// How a rendered document came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DomForm {
    /// As [`Dom::settled`].
    pub settled: bool,
    /// As [`Dom::routed`].
    pub routed: bool,
}

/// What a server said about the state of what it sent, to be given back when the same is asked for again (RFC 9110
/// §8.8, §13).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// The `ETag`, with its quotes and its mark of weakness.
    pub etag: Option<String>,
    /// The `Last-Modified` date, as it was written.
    pub last_modified: Option<String>,
}

impl Validators {
    /// Those of a recorded answer; `None` where it has neither.
    pub fn of(exchange: &Exchange) -> Option<Self> {
        let header = |name: &str| {
            let value = exchange.header(name).map(str::trim).filter(|value| !value.is_empty());
            value.map(str::to_owned)
        };
        let validators = Self { etag: header("etag"), last_modified: header("last-modified") };
        (validators != Self::default()).then_some(validators)
    }

    /// The header lines that make a request conditional. Both are sent: a server that knows the first leaves the second
    /// alone (RFC 9110 §13.1.3).
    pub fn request_headers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let match_none = self.etag.as_deref().map(|etag| ("if-none-match", etag));
        let since = self.last_modified.as_deref().map(|date| ("if-modified-since", date));
        match_none.into_iter().chain(since)
    }
}

impl Dom {
    /// How it came about.
    pub fn form(&self) -> DomForm {
        DomForm { settled: self.settled, routed: self.routed }
    }
}

impl Exchange {
    /// The value of a response header, by case-insensitive name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.response_headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Whether the body is stated to be HTML.
    pub fn is_html(&self) -> bool {
        matches!(self.media_type().as_deref(), Some("text/html" | "application/xhtml+xml"))
    }

    /// The media type of the body in lower case without parameters, as `text/html`.
    pub fn media_type(&self) -> Option<String> {
        let value = self.header("content-type")?;
        let essence = value.split(';').next().unwrap_or_default().trim();
        (!essence.is_empty()).then(|| essence.to_ascii_lowercase())
    }
}
