//! How much room each page takes in a file, counted once.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::skill::layout::portions::{Border, Portion, portions};
use crate::skill::limits::Limits;
use crate::skill::pages::reference::Reference;
use crate::skill::text::tokens::tokens;

/// Pages up to this many bytes have no list of their sections in the contents of their file.
pub const LONG_PAGE: usize = 4_000;

/// A list that takes less than this share of a file is not cut between its items.
const LISTS_OF_A_FILE: usize = 6;

/// The sizes of a page.
#[derive(Clone, Debug)]
pub struct Measure {
    /// What it can be cut into.
    pub portions: Vec<Portion>,
    /// What its heading, source and line of the contents take, in bytes and tokens.
    pub opening: (usize, usize),
    /// What its text turned out to take in a file for each token that was counted here: its links are written anew.
    pub slack: f64,
}

impl Measure {
    /// Its size in bytes, without what opens it.
    pub fn bytes(&self) -> usize {
        self.portions.last().map_or(0, |last| last.end)
    }

    /// What a portion takes in a file, in bytes and tokens; sections of long pages stand in the contents as well.
    pub fn room(&self, portion: &Portion) -> (usize, usize) {
        let heading = portion.heading.as_ref().filter(|_| portion.border == Border::Section(0));
        let listed = heading.map_or(0, |heading| heading.len() * 2 + 10);
        let listed = if self.bytes() > LONG_PAGE { listed } else { 0 };
        let tokens = (portion.tokens + listed / 3) as f64 * self.slack;
        (portion.end - portion.start + listed, tokens.ceil() as usize)
    }
}

/// Measures pages, on all cores.
pub fn measure(references: &[Reference], limits: &Limits) -> Vec<Measure> {
    references.par_iter().map(|reference| measure_page(reference, limits)).collect()
}

/// Measures one page.
pub fn measure_page(reference: &Reference, limits: &Limits) -> Measure {
    let (title, summary) = (&reference.title, reference.summary().unwrap_or_default());
    let opening =
        format!("## {title}\n\nSource: <{}>\n\n- [{title}](#{title}): {summary}\n\n", reference.url);
    Measure {
        portions: portions(&reference.markdown, limits.most / LISTS_OF_A_FILE),
        opening: (opening.len(), tokens(&opening)),
        slack: 1.0,
    }
}
