//! How a skill is shaped and what it has to pass, as typed: the same for every command that builds one.

use std::num::NonZeroUsize;

use clap::Args;

use crate::skill::limits::{Limits, MAX_TOKENS};
use crate::skill::validate::Rules;

/// How a skill is shaped and what it has to pass.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "The skill")]
pub struct SkillArgs {
    /// The most tokens of a reference file
    #[arg(long, value_name = "N", default_value_t = DEFAULT_MAX_TOKENS)]
    pub max_tokens: NonZeroUsize,

    /// Stop before the skill is put in place where a page gives orders to an assistant
    #[arg(long)]
    pub strict: bool,

    /// Exit with code 3 where the quality in NAME.QA.md is below this, of 100
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub fail_under: Option<u32>,
}

/// What `--max-tokens` is unless it is given.
pub const DEFAULT_MAX_TOKENS: NonZeroUsize = match NonZeroUsize::new(MAX_TOKENS) {
    Some(tokens) => tokens,
    None => NonZeroUsize::MIN,
};

impl Default for SkillArgs {
    fn default() -> Self {
        Self { max_tokens: DEFAULT_MAX_TOKENS, strict: false, fail_under: None }
    }
}

impl SkillArgs {
    /// What the skill is checked by.
    pub fn rules(&self) -> Rules {
        Rules { max_tokens: self.max_tokens.get(), ..Rules::default() }
    }

    /// The sizes of the reference files.
    pub fn limits(&self) -> Limits {
        Limits { max_tokens: self.max_tokens.get(), ..Limits::default() }
    }
}
