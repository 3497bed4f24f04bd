//! How large the files of a skill may get.

/// What `--max-tokens` is unless it is given: the most tokens of a reference file.
pub const MAX_TOKENS: usize = 10_000;

/// Fewer tokens than this hold no page with its heading, its source and its line of the contents.
const LEAST_TOKENS: usize = 400;

/// What `--router` is unless it is given a number: the most tokens of a skill that is one.
pub const ROUTER_TOKENS: usize = 250_000;

/// Sizes of reference files, and of a skill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// A file below this looks for company, in bytes of Markdown.
    pub least: usize,
    /// A file beyond this is cut where the content allows, in bytes of Markdown: some 5,000 tokens.
    pub most: usize,
    /// No reference file has more tokens than this.
    pub max_tokens: usize,
    /// A skill whose references have more tokens becomes a router and parts; `None` for never.
    pub router: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { least: 10_000, most: 20_000, max_tokens: MAX_TOKENS, router: None }
    }
}

impl Limits {
    /// These limits as they can be kept: sizes in bytes that go with the cap on tokens, and a cap that holds a page.
    pub fn settled(self) -> Self {
        let max_tokens = self.max_tokens.max(LEAST_TOKENS);
        // Prose has some four bytes a token, code and tables some three.
        let most = self.most.min(max_tokens * 3).max(1);
        Self { least: self.least.min(most / 2), most, max_tokens, ..self }
    }

    /// A page below this does not make a group of its own.
    pub fn small(&self) -> usize {
        self.least / 2
    }
}
