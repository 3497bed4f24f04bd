//! From pages to reference files, none of which has more tokens than the cap.
//!
//! [`mod@measure`] and [`mod@portions`] say where a page may be cut, [`mod@packing`] where it is best, [`mod@break_blocks`] cuts
//! what has no border; [`mod@categorize`], [`mod@piece`] and [`mod@naming`] make categories with names of it, along the tree
//! of [`mod@group`]. [`mod@references`] writes the files with their [`mod@contents`], with links by [`mod@aliases`] and
//! [`mod@targets`]; [`mod@index`] and [`mod@index_parts`] write the index with the [`mod@terms`] of each page ([`mod@counted_terms`] without
//! [`mod@common_words`]), [`mod@sections`] says where the sections ended up.
//!
//! Sizes are estimated from the pages as they are; links and the table of contents may take more in the end. Where a file
//! comes out over the cap its pages are given less room and all is laid out anew.

pub mod aliases;
pub mod break_blocks;
pub mod categorize;
pub mod common_words;
pub mod contents;
pub mod counted_terms;
pub mod group;
pub mod index;
pub mod index_parts;
pub mod measure;
pub mod naming;
pub mod packing;
pub mod piece;
pub mod portions;
pub mod references;
pub mod sections;
pub mod targets;
pub mod terms;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::skill::layout::aliases::Aliases;
use crate::skill::layout::break_blocks::{BlockLimit, break_blocks};
use crate::skill::layout::categorize::categorize;
use crate::skill::layout::measure::{Measure, measure, measure_page};
use crate::skill::layout::references::{ReferenceFile, reference_files};
use crate::skill::limits::Limits;
use crate::skill::pages::place::Place;
use crate::skill::pages::reference::Reference;
use crate::skill::text::tokens::tokens;

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
