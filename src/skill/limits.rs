//! How large the files of a skill may get.

/// Sizes in bytes of Markdown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// What a reference file is filled up to where the content allows: some 5,000 tokens.
    pub target: usize,
    /// A page above this is torn at its headings; below it, a page is always whole.
    pub cap: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { target: 20_000, cap: 40_000 }
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
