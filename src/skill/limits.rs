//! How large the files of a skill may get.

/// What `--max-tokens` is unless it is given: the most tokens of a reference file.
pub const MAX_TOKENS: usize = 10_000;

/// Sizes of reference files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// What a reference file is filled up to where the content allows, in bytes of Markdown: some 5,000 tokens.
    pub target: usize,
    /// A page above this is torn at its headings, in bytes of Markdown; below it, a page is whole.
    pub cap: usize,
    /// No reference file has more tokens than this.
    pub max_tokens: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { target: 20_000, cap: 40_000, max_tokens: MAX_TOKENS }
    }
}

impl Limits {
    /// A group up to this size stays one file although it is a little over the target.
    pub fn comfortable(&self) -> usize {
        self.target + self.target / 4
    }

    /// A piece below this size looks for company.
    pub fn small(&self) -> usize {
        self.target / 4
    }
}
