//! How a skill is shaped and what it has to pass, as typed: the same for every command that builds one.

use std::num::{NonZeroU64, NonZeroUsize};

use clap::Args;

use super::numbers::from_one;

use crate::skill::limits::{Limits, MAX_TOKENS};
use crate::skill::validate::Rules;

/// How a skill is shaped and what it has to pass.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "The skill")]
pub struct SkillArgs {
    /// The most tokens of a reference file
    #[arg(long, value_name = "N", default_value_t = DEFAULT_MAX_TOKENS, value_parser = from_one::<NonZeroUsize>)]
    pub max_tokens: NonZeroUsize,

    /// Stop before the skill is put in place where a page gives orders to an assistant
    #[arg(long)]
    pub strict: bool,

    /// Exit with code 3 where the quality in NAME.QA.md is below this, of 100
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub fail_under: Option<u32>,

    /// Make a router and parts of a skill with more tokens than this; with --all, a router of the library too
    #[arg(long, value_name = "TOKENS", num_args = 0..=1, require_equals = true, default_missing_value = DEFAULT_ROUTER, value_parser = from_one::<NonZeroUsize>)]
    pub router: Option<NonZeroUsize>,

    /// A command that writes SKILL.md anew: JSON about the skill on its stdin, SKILL.md on its stdout
    #[arg(long, value_name = "COMMAND")]
    pub enhance: Option<String>,

    /// How long that command may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = DEFAULT_TIMEOUT, value_parser = from_one::<NonZeroU64>)]
    pub enhance_timeout: NonZeroU64,
}

/// [`ROUTER_TOKENS`](crate::skill::limits::ROUTER_TOKENS) as it is typed.
const DEFAULT_ROUTER: &str = "250000";

const DEFAULT_TIMEOUT: NonZeroU64 = match NonZeroU64::new(300) {
    Some(seconds) => seconds,
    None => NonZeroU64::MIN,
};

/// What `--max-tokens` is unless it is given.
pub const DEFAULT_MAX_TOKENS: NonZeroUsize = match NonZeroUsize::new(MAX_TOKENS) {
    Some(tokens) => tokens,
    None => NonZeroUsize::MIN,
};

impl Default for SkillArgs {
    fn default() -> Self {
        Self {
            max_tokens: DEFAULT_MAX_TOKENS,
            strict: false,
            fail_under: None,
            router: None,
            enhance: None,
            enhance_timeout: DEFAULT_TIMEOUT,
        }
    }
}

impl SkillArgs {
    /// What the skill is checked by.
    pub fn rules(&self) -> Rules {
        Rules { max_tokens: self.max_tokens.get(), ..Rules::default() }
    }

    /// The sizes of the reference files.
    pub fn limits(&self) -> Limits {
        Limits {
            max_tokens: self.max_tokens.get(),
            router: self.router.map(NonZeroUsize::get),
            ..Limits::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DEFAULT_ROUTER;
    use crate::skill::limits::ROUTER_TOKENS;

    #[test]
    fn the_typed_default_is_the_default() {
        assert_eq!(DEFAULT_ROUTER.parse(), Ok(ROUTER_TOKENS));
    }
}
