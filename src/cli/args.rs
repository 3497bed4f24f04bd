//! The command line as it is typed.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

pub use super::agent_args::{McpArgs, SearchArgs};
pub use super::config_args::{
    CompletionsArgs, ConfigCommand, ConfigConvertArgs, ConfigListArgs, ConfigShowArgs, ConfigValidateArgs,
    ManArgs,
};
use super::library_args::{LIBRARY, LibraryArgs};
use super::skill_args::{DEFAULT_MAX_TOKENS, SkillArgs};
pub use super::survey_args::{EstimateArgs, GenerateArgs};
use crate::config::RenderMode;
use crate::skill::validate::size_profiles;

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
    #[arg(long, value_name = "N")]
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

/// `package`.
#[derive(Debug, Args)]
pub struct PackageArgs {
    /// The skill folder, with its SKILL.md
    pub skill_dir: PathBuf,

    /// The file to write; default: beside the folder. Of two formats, the other gets its own ending
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Which files to write; both hold the same bytes
    #[arg(long, value_name = "FORMAT", default_value = "both")]
    pub format: PackageFormat,
}

/// `--format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PackageFormat {
    /// NAME.zip
    Zip,
    /// NAME.skill
    Skill,
    /// NAME.zip and NAME.skill
    Both,
}

/// `install`.
#[derive(Debug, Args)]
pub struct InstallArgs {
    /// The skill folder, with its SKILL.md, or a .zip or .skill file
    #[arg(required_unless_present = "list")]
    pub skill: Option<PathBuf>,

    /// The agent, as claude, cursor or codex (`--list` names all), or a folder for skills
    #[arg(long, value_name = "AGENT|PATH", required_unless_present = "list")]
    pub agent: Option<String>,

    /// Install for the project in the current folder
    #[arg(long, conflicts_with = "user")]
    pub project: bool,

    /// Install for all projects of the user; this is the default
    #[arg(long)]
    pub user: bool,

    /// Replace whatever is in the place, also what is not this skill
    #[arg(long)]
    pub force: bool,

    /// Say what would be done, and write nothing
    #[arg(long)]
    pub dry_run: bool,

    /// List the known agents, their folders, and which are on this machine
    #[arg(long, conflicts_with_all = ["skill", "agent"])]
    pub list: bool,
}

/// `validate`.
#[derive(Debug, Args)]
pub struct ValidateArgs {
    /// The skill folder, with its SKILL.md, or a .zip or .skill file
    pub skill: PathBuf,

    /// The most tokens of a reference file
    #[arg(long, value_name = "N", default_value_t = DEFAULT_MAX_TOKENS)]
    pub max_tokens: NonZeroUsize,

    /// The size that all files together keep to; default: a remark beyond the largest
    #[arg(long, value_name = "SIZE", value_parser = PossibleValuesParser::new(size_names()))]
    pub size: Option<String>,

    /// Take warnings as errors
    #[arg(long)]
    pub strict: bool,
}

/// The sizes of platforms by name.
fn size_names() -> impl Iterator<Item = &'static str> {
    size_profiles().iter().map(|profile| profile.name.as_str())
}

/// `index`.
#[derive(Debug, Args)]
pub struct IndexArgs {
    /// The library: folders of skills, or of categories with skills in them
    #[arg(value_name = "DIR", default_value = LIBRARY)]
    pub library: PathBuf,

    /// Write a skill that says which of the others to open, too
    #[arg(long)]
    pub router: bool,
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

    /// Read the pages again whenever a profile or the config changes, and print what that changed; Ctrl-C ends it
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
