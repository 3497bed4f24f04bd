//! From pages to reference files, none of which has more tokens than the cap.
//!
//! Sizes are estimated from the pages as they are; links and the table of contents may take more in the end. Where a file
//! comes out over the cap its pages are given less room and all is laid out anew.

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::skill::aliases::Aliases;
use crate::skill::break_blocks::{BlockLimit, break_blocks};
use crate::skill::categorize::categorize;
use crate::skill::limits::Limits;
use crate::skill::measure::{Measure, measure, measure_page};
use crate::skill::place::Place;
use crate::skill::reference::Reference;
use crate::skill::references::{ReferenceFile, reference_files};
use crate::skill::tokens::tokens;

/// How often the files are laid out anew at most; two or three times are the rule where any is over.
const MOST_ROUNDS: usize = 12;

/// How much more a page may take in the end than it was counted.
const MOST_SLACK: f64 = 20.0;
/// No block is broken below this, in tokens.
const LEAST_BLOCK: f64 = 40.0;

/// What the files are made of besides the pages themselves.
#[derive(Clone, Copy, Debug)]
pub struct Layout<'a> {
    /// The title of the skill.
    pub title: &'a str,
    /// Where the pages stand.
    pub places: &'a [Place],
    /// Other addresses of them.
    pub aliases: &'a Aliases,
    /// The start page.
    pub start: Option<usize>,
    /// How large files may get.
    pub limits: Limits,
}

/// Lays out the pages. Blocks that no file could hold are broken in `references`, so that parts of pages are parts of
/// what stands there.
pub fn lay_out(references: &mut [Reference], layout: &Layout<'_>) -> Vec<ReferenceFile> {
    let limits = layout.limits.settled();
    let limit = BlockLimit { whole: limits.max_tokens * 7 / 10, piece: limits.max_tokens * 35 / 100 };
    for reference in references.iter_mut() {
        reference.markdown = break_blocks(&reference.markdown, limit);
    }
    let mut measures = measure(references, &limits);
    let mut files = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let categories = categorize(references, &measures, layout.places, layout.start, &limits);
        files = reference_files(layout.title, &categories, references, layout.places, layout.aliases);
        let sizes: Vec<usize> = files.par_iter().map(|file| tokens(&file.text)).collect();
        let over: Vec<(&ReferenceFile, usize)> =
            files.iter().zip(sizes).filter(|(_, size)| *size > limits.max_tokens).collect();
        if over.is_empty() {
            break;
        }
        for (file, size) in over {
            let ratio = size as f64 / limits.max_tokens as f64 * 1.05;
            for page in &file.pages {
                if let (Some(reference), Some(measure)) =
                    (references.get_mut(page.reference), measures.get_mut(page.reference))
                {
                    narrow(reference, measure, ratio, limit, &limits);
                }
            }
        }
    }
    files
}

/// Gives a page less room: it counts for more, and blocks that are large by that count are broken.
fn narrow(reference: &mut Reference, measure: &mut Measure, ratio: f64, limit: BlockLimit, limits: &Limits) {
    let slack = (measure.slack * ratio).min(MOST_SLACK);
    let scaled = |tokens: usize| (tokens as f64 / slack).max(LEAST_BLOCK) as usize;
    let limit = BlockLimit { whole: scaled(limit.whole), piece: scaled(limit.piece) };
    let broken = break_blocks(&reference.markdown, limit);
    if broken != reference.markdown {
        reference.markdown = broken;
        *measure = measure_page(reference, limits);
    }
    measure.slack = slack;
}
