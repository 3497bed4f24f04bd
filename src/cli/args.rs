//! The command line as it is typed.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use super::agent_args::{McpArgs, SearchArgs};
pub use super::config_args::{
    CompletionsArgs, ConfigCommand, ConfigConvertArgs, ConfigListArgs, ConfigShowArgs, ConfigValidateArgs,
    ManArgs,
};
pub use super::folder_args::{IndexArgs, InstallArgs, PackageArgs, PackageFormat, ValidateArgs};
use super::library_args::LibraryArgs;
use super::numbers::from_one;
use super::skill_args::SkillArgs;
pub use super::survey_args::{EstimateArgs, GenerateArgs};
pub use super::tuning_args::{CheckArgs, ExtractArgs, InspectArgs, LimitArgs, StageArg};
use crate::config::RenderMode;

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

    /// For programs that run this one: progress as lines of JSON on stderr
    #[arg(long, value_name = "FORMAT", global = true, hide = true)]
    pub progress: Option<ProgressFormat>,

    /// For programs that run this one: be interrupted when standard input ends
    #[arg(long, global = true, hide = true)]
    pub until_eof: bool,
}

/// `--progress`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ProgressFormat {
    /// A line of JSON for each change
    Json,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Look at a site and write a config for it
    Generate(GenerateArgs),
    /// Say how many pages a crawl will find, and what it takes
    Estimate(EstimateArgs),
    /// Crawl a site and build its skill: scrape, then assemble, check and zip
    Build(BuildArgs),
    /// Crawl a site and record it, without building a skill
    Scrape(ScrapeArgs),
    /// Ask a crawled site what changed, and rebuild that part of its skill
    Update(UpdateArgs),
    /// Say how far a crawl is, running or stopped
    Status(StatusArgs),
    /// Zip a skill folder
    Package(PackageArgs),
    /// Copy a skill into the folder of an agent
    Install(InstallArgs),
    /// Check a skill folder, or a zip of one, against the Agent Skills rules
    Validate(ValidateArgs),
    /// Write the index of a library of skills anew, from its folders alone
    Index(IndexArgs),
    /// Extract recorded pages to Markdown, one file a page
    Extract(ExtractArgs),
    /// Show one page at any stage of its way to Markdown
    Inspect(InspectArgs),
    /// Read a recorded crawl again and say how well the profile fits it
    Check(CheckArgs),
    /// Check, list, show and convert configs
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Find the sections of a skill that say most about some words
    Search(SearchArgs),
    /// Serve these commands to agents over the Model Context Protocol
    Mcp(McpArgs),
    /// Build the skill of a small site that is bundled with the program, in real Chromium
    Demo(DemoArgs),
    /// Look whether this machine has what a crawl needs, and say how to mend what it lacks
    Doctor(BrowserArgs),
    /// Print the completions of a shell
    Completions(CompletionsArgs),
    /// Print the manual page, or write those of all commands
    Man(ManArgs),
    /// Install or find the browser
    #[command(subcommand)]
    Browser(BrowserCommand),
}

/// Where a site comes from and how it is crawled.
#[derive(Debug, Args)]
pub struct CrawlArgs {
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
    #[arg(long, value_name = "N", value_parser = from_one::<NonZeroUsize>)]
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
    /// A config file, or the name of one in `configs/`
    #[arg(required_unless_present = "all", conflicts_with = "all")]
    pub config: Option<String>,

    /// The crawl; with `--all`, `--replay` names a folder with a record for each site.
    #[command(flatten)]
    pub crawl: CrawlArgs,

    /// Where skills are written
    #[arg(long, value_name = "DIR", default_value = "output", conflicts_with = "all")]
    pub output: PathBuf,

    /// The skill.
    #[command(flatten)]
    pub skill: SkillArgs,

    /// The library.
    #[command(flatten)]
    pub library: LibraryArgs,
}

/// `scrape`.
#[derive(Debug, Args)]
pub struct ScrapeArgs {
    /// A config file, or the name of one in `configs/`
    pub config: String,

    /// The crawl.
    #[command(flatten)]
    pub crawl: CrawlArgs,
}

/// `update`.
#[derive(Debug, Args)]
pub struct UpdateArgs {
    /// A config file, or the name of one in `configs/`
    pub config: String,

    /// Where crawls are kept
    #[arg(long, value_name = "DIR", default_value = "crawls")]
    pub crawls: PathBuf,

    /// Where skills are written; what changed is in NAME.changes.md beside the skill
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub output: PathBuf,

    /// The most pages to keep, whatever the config says
    #[arg(long, value_name = "N", value_parser = from_one::<NonZeroUsize>)]
    pub max_pages: Option<NonZeroUsize>,

    /// The browser to use.
    #[command(flatten)]
    pub browser: BrowserArgs,

    /// The skill.
    #[command(flatten)]
    pub skill: SkillArgs,
}

/// `status`.
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// A config file, or the name of one in `configs/`, or of a crawl; default: all crawls
    pub config: Option<String>,

    /// Where crawls are kept
    #[arg(long, value_name = "DIR", default_value = "crawls")]
    pub crawls: PathBuf,
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

impl RenderArg {
    /// The word as configs know it.
    pub fn mode(self) -> RenderMode {
        match self {
            Self::Auto => RenderMode::Auto,
            Self::Always => RenderMode::Always,
            Self::Never => RenderMode::Never,
        }
    }
}
