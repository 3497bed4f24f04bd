//! `package`, `install`, `validate` and `index` as they are typed: the commands on skills that are there.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use super::numbers::from_one;
use super::skill_args::DEFAULT_MAX_TOKENS;
use crate::config::catalog::LIBRARY;
use crate::skill::validate::size_profiles;

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
    #[arg(long, value_name = "N", default_value_t = DEFAULT_MAX_TOKENS, value_parser = from_one::<NonZeroUsize>)]
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
