//! Which skills of a library are built, and how, as typed.

use std::path::PathBuf;

use clap::Args;

use crate::config::catalog::{Choice, LIBRARY};

/// Which skills of a library are built, and how.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "A library of skills")]
pub struct LibraryArgs {
    /// Build the skills of all configs, in the order of phase, tier and name
    #[arg(long)]
    pub all: bool,

    /// Only those of this phase
    #[arg(long, value_name = "N", requires = "all", conflicts_with = "config")]
    pub phase: Option<u32>,

    /// Only those of this tier
    #[arg(long, value_name = "N", requires = "all", conflicts_with = "config")]
    pub tier: Option<u32>,

    /// Only these
    #[arg(long, value_name = "NAME,…", requires = "all", conflicts_with = "config", value_delimiter = ',')]
    pub only: Vec<String>,

    /// Sites at a time, 1 to 10; a host is asked no faster for it
    #[arg(long, value_name = "N", requires = "all", conflicts_with = "config", default_value_t = 5, value_parser = clap::value_parser!(u8).range(1..=10))]
    pub jobs: u8,

    /// Where the configs are
    #[arg(long, value_name = "DIR", requires = "all", conflicts_with = "config", default_value = "configs")]
    pub configs: PathBuf,

    /// Where the library is written: CATEGORY/NAME/, README.md, index.json
    #[arg(long, value_name = "DIR", requires = "all", conflicts_with = "config", default_value = LIBRARY)]
    pub library: PathBuf,
}

impl LibraryArgs {
    /// Which configs are meant.
    pub fn choice(&self) -> Choice {
        let only = self.only.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
        Choice { phase: self.phase, tier: self.tier, only: only.collect() }
    }
}
