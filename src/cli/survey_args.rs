//! `generate` and `estimate` as they are typed.

use std::path::PathBuf;

use clap::Args;

use super::args::{BrowserArgs, RenderArg};

/// `generate`.
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// Where the documentation is, or the front page of what it is about
    pub url: String,

    /// The name of the skill; default: from the address
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,

    /// What the skill is for and when to use it; default: from the site
    #[arg(long, value_name = "TEXT")]
    pub description: Option<String>,

    /// Where the config is written, as NAME.json
    #[arg(long, value_name = "DIR", default_value = "configs")]
    pub output: PathBuf,

    /// Print the config and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Replace a config that is there
    #[arg(long, conflicts_with = "dry_run")]
    pub force: bool,

    /// Ask nobody, and write a plain template
    #[arg(long)]
    pub offline: bool,

    /// Whether pages are looked at in the browser too
    #[arg(long, value_name = "MODE")]
    pub render: Option<RenderArg>,

    /// The browser to use.
    #[command(flatten)]
    pub browser: BrowserArgs,
}

/// `estimate`.
#[derive(Debug, Args)]
pub struct EstimateArgs {
    /// A config file, or the name of one in `configs/`
    pub config: String,

    /// Where crawls are kept; one of the same site that is complete there is counted instead
    #[arg(long, value_name = "DIR", default_value = "crawls")]
    pub crawls: PathBuf,

    /// Look at the site although a crawl of it is recorded
    #[arg(long)]
    pub fresh: bool,

    /// The browser to use.
    #[command(flatten)]
    pub browser: BrowserArgs,
}
