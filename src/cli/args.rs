//! The command line as it is typed.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Turns documentation sites into Agent Skills: rendered in headless Chromium, politely, and recorded.
#[derive(Debug, Parser)]
#[command(name = "skillcrawl", version, max_term_width = 110, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// How much to say.
    #[command(flatten)]
    pub output: OutputArgs,
}

/// How much to say, and in which form.
#[derive(Clone, Copy, Debug, Args)]
pub struct OutputArgs {
    /// Print the result as one JSON value on stdout
    #[arg(long, global = true)]
    pub json: bool,

    /// Say nothing but errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say what happens to every page
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Crawl a site and build its skill: scrape, then assemble, check and zip
    Build(BuildArgs),
    /// Crawl a site and record it, without building a skill
    Scrape(ScrapeArgs),
    /// Zip a skill folder
    Package(PackageArgs),
    /// Check a skill folder against the Agent Skills rules
    Validate(ValidateArgs),
    /// Extract recorded pages to Markdown, one file a page
    Extract(ExtractArgs),
    /// Build the skill of a small site that is bundled with the program, in real Chromium
    Demo(DemoArgs),
    /// Install or find the browser
    #[command(subcommand)]
    Browser(BrowserCommand),
}

/// Where a site comes from and how it is crawled.
#[derive(Debug, Args)]
pub struct CrawlArgs {
    /// A config file, or the name of one in `configs/`
    pub config: String,

    /// Read a recorded archive instead of the network: a crawl folder, .warc.gz, .wacz or pages.jsonl
    #[arg(long, value_name = "FILE")]
    pub replay: Option<PathBuf>,

    /// Where crawls are kept
    #[arg(long, value_name = "DIR", default_value = "crawls")]
    pub crawls: PathBuf,

    /// Whether pages go through the browser, whatever the config says
    #[arg(long, value_name = "MODE", conflicts_with = "replay")]
    pub render: Option<RenderArg>,

    /// The most pages to keep, whatever the config says
    #[arg(long, value_name = "N")]
    pub max_pages: Option<NonZeroUsize>,

    /// Forget the recorded crawl and start anew
    #[arg(long, conflicts_with = "replay")]
    pub fresh: bool,

    /// The browser to use.
    #[command(flatten)]
    pub browser: BrowserArgs,
}

/// The browser to use.
#[derive(Clone, Debug, Args)]
pub struct BrowserArgs {
    /// The Chrome or Chromium to use; otherwise it is looked for
    #[arg(long, value_name = "PATH")]
    pub chrome: Option<PathBuf>,
}

/// `build`.
#[derive(Debug, Args)]
pub struct BuildArgs {
    /// The crawl.
    #[command(flatten)]
    pub crawl: CrawlArgs,

    /// Where skills are written
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub output: PathBuf,
}

/// `scrape`.
#[derive(Debug, Args)]
pub struct ScrapeArgs {
    /// The crawl.
    #[command(flatten)]
    pub crawl: CrawlArgs,
}

/// `package`.
#[derive(Debug, Args)]
pub struct PackageArgs {
    /// The skill folder, with its SKILL.md
    pub skill_dir: PathBuf,

    /// The zip to write; default: beside the folder
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `validate`.
#[derive(Debug, Args)]
pub struct ValidateArgs {
    /// The skill folder, with its SKILL.md
    pub skill_dir: PathBuf,
}

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

/// `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Where the skill is written
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub output: PathBuf,

    /// Where the crawl is kept
    #[arg(long, value_name = "DIR", default_value = "crawls")]
    pub crawls: PathBuf,

    /// The browser to use.
    #[command(flatten)]
    pub browser: BrowserArgs,
}

/// `browser …`.
#[derive(Debug, Subcommand)]
pub enum BrowserCommand {
    /// Install a browser where there is none: by the package manager as root, else Chrome for Testing
    Install,
    /// Print the path of the browser that would be used
    Path(BrowserArgs),
}

/// `--render`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum RenderArg {
    /// The crawler decides
    Auto,
    /// Every HTML page
    Always,
    /// No browser is started
    Never,
}
