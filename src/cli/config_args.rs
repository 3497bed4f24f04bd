//! `config …` as it is typed, and the commands that say what can be typed.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use clap_complete::Shell;

/// `config …`.
#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Say what is wrong with configs; default: all of `configs/`
    Validate(ConfigValidateArgs),
    /// List the configs of `configs/`
    List(ConfigListArgs),
    /// Print a config with every default written down
    Show(ConfigShowArgs),
    /// Turn a config of Skill Seekers into this program's own words
    Convert(ConfigConvertArgs),
    /// Print the JSON Schema of configs, for editors
    Schema,
}

/// `config validate`.
#[derive(Debug, Args)]
pub struct ConfigValidateArgs {
    /// Config files, or the names of some in `configs/`
    #[arg(value_name = "CONFIG")]
    pub configs: Vec<String>,
}

/// `config list`.
#[derive(Debug, Args)]
pub struct ConfigListArgs {
    /// Only those of this tier
    #[arg(long, value_name = "N")]
    pub tier: Option<u32>,

    /// Only those of this phase
    #[arg(long, value_name = "N")]
    pub phase: Option<u32>,
}

/// `config show`.
#[derive(Debug, Args)]
pub struct ConfigShowArgs {
    /// A config file, or the name of one in `configs/`
    pub config: String,
}

/// `config convert`.
#[derive(Debug, Args)]
pub struct ConfigConvertArgs {
    /// A config file, or the name of one in `configs/`
    pub config: String,

    /// Write NAME.json into this folder instead of printing
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,

    /// Replace files that are there
    #[arg(long, requires = "output")]
    pub force: bool,
}

/// `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Write the pages of all commands into this folder instead of printing the program's own
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}
