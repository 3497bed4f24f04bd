//! `extract`, `inspect` and `check` as they are typed: the commands that show how pages are read.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::args::{BrowserArgs, RenderArg};

/// `extract`.
#[derive(Debug, Args)]
pub struct ExtractArgs {
    /// The recorded pages: a pages.jsonl, .warc.gz, .wacz or crawl folder
    pub pages: PathBuf,

    /// Where to write the Markdown files and map.jsonl
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,

    /// The selector profile to use instead of detecting one
    #[arg(long, value_name = "NAME")]
    pub profile: Option<String>,
}

/// `inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// The page: a URL, or a file of HTML, Markdown, reStructuredText or a notebook
    pub page: String,

    /// What to show
    #[arg(long, value_name = "STAGE", value_enum, default_value_t = StageArg::Markdown)]
    pub stage: StageArg,

    /// Take the page from a record instead of the network: a crawl folder, .warc.gz, .wacz or pages.jsonl
    #[arg(long, value_name = "RECORD", conflicts_with = "render")]
    pub from: Option<PathBuf>,

    /// The selector profile to use instead of detecting one
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,

    /// Read the page with the profile and the selectors of this config
    #[arg(long, value_name = "CONFIG")]
    pub config: Option<String>,

    /// The address under which a file is read: what its links are relative to
    #[arg(long, value_name = "URL", conflicts_with = "from")]
    pub url: Option<String>,

    /// Whether a page of the network goes through the browser
    #[arg(long, value_name = "MODE")]
    pub render: Option<RenderArg>,

    /// The browser to use.
    #[command(flatten)]
    pub browser: BrowserArgs,
}

/// `--stage`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum StageArg {
    /// What the server answered: status, headers, body
    Fetched,
    /// The HTML that is read
    Rendered,
    /// The typed page, as JSON
    Document,
    /// The Markdown
    Markdown,
    /// Where the page leads
    Links,
}

/// `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// A config file, or the name of one in `configs/`
    pub config: String,

    /// The record to read: a crawl folder, .warc.gz, .wacz or pages.jsonl; default: the config's crawl
    #[arg(long, value_name = "PATH")]
    pub replay: Option<PathBuf>,

    /// Where crawls are kept
    #[arg(long, value_name = "DIR", default_value = "crawls")]
    pub crawls: PathBuf,

    /// The selector profile to check instead of the config's
    #[arg(long, value_name = "NAME|FILE")]
    pub profile: Option<String>,

    /// Say page by page what was gained and lost since this profile
    #[arg(long, value_name = "NAME|FILE")]
    pub against: Option<String>,

    /// Print a selector profile that the recorded pages suggest, with the evidence
    #[arg(long, conflicts_with_all = ["against", "watch", "profile"])]
    pub suggest: bool,

    /// The profile that a suggestion extends; default: the one that recognises most pages
    #[arg(long, value_name = "NAME", requires = "suggest")]
    pub extends: Option<String>,

    /// Read the pages again whenever a profile or the config changes, and print what that changed (with `--json`, a value each time); Ctrl-C ends it
    #[arg(long, conflicts_with = "against")]
    pub watch: bool,

    /// How many of the worst pages, and of the largest differences, to show
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub worst: usize,

    /// What still passes.
    #[command(flatten)]
    pub limits: LimitArgs,
}

/// The limits of `check`; beyond one of them the exit code is 3.
#[derive(Clone, Copy, Debug, Args)]
#[command(next_help_heading = "Limits (beyond one of them the exit code is 3)")]
pub struct LimitArgs {
    /// Pages without any content, in per cent
    #[arg(long, value_name = "PERCENT", default_value_t = 2.0)]
    pub max_empty: f64,

    /// Pages with fewer than 20 words, in per cent
    #[arg(long, value_name = "PERCENT", default_value_t = 20.0)]
    pub max_thin: f64,

    /// Pages in which no selector found the main content, in per cent
    #[arg(long, value_name = "PERCENT", default_value_t = 5.0)]
    pub max_unselected: f64,

    /// Blocks that most pages repeat
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub max_repeated: usize,

    /// Code blocks without a language, in per cent; not limited unless given
    #[arg(long, value_name = "PERCENT")]
    pub max_untagged: Option<f64>,

    /// Selectors of the profile itself that match on no page; not limited unless given
    #[arg(long, value_name = "N")]
    pub max_dead: Option<usize>,

    /// With --against: words that are lost, in per cent; not limited unless given
    #[arg(long, value_name = "PERCENT", requires = "against")]
    pub max_lost: Option<f64>,
}
