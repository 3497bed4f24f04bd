//! How a skill is shaped and what it has to pass, as typed: the same for every command that builds one.

use std::num::NonZeroUsize;

use clap::Args;

use crate::skill::limits::{Limits, MAX_TOKENS};

/// How a skill is shaped and what it has to pass.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "The skill")]
pub struct SkillArgs {
    /// The most tokens of a reference file
    #[arg(long, value_name = "N", default_value_t = DEFAULT_MAX_TOKENS)]
    pub max_tokens: NonZeroUsize,
}

const DEFAULT_MAX_TOKENS: NonZeroUsize = match NonZeroUsize::new(MAX_TOKENS) {
    Some(tokens) => tokens,
    None => NonZeroUsize::MIN,
};

impl Default for SkillArgs {
    fn default() -> Self {
        Self { max_tokens: DEFAULT_MAX_TOKENS }
    }
}

impl SkillArgs {
    /// The sizes of the reference files.
    pub fn limits(&self) -> Limits {
        Limits { max_tokens: self.max_tokens.get(), ..Limits::default() }
    }
}
