//! What is planted into the made pages, and who kept it.

use crate::pages::Sample;

/// A kind of content that converters lose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A listing to the letter behind its language.
    Code,
    /// A cell of a table.
    Cell,
    /// The kind of a note.
    Note,
    /// A formula as TeX.
    Formula,
    /// A tab's label and panel.
    Tab,
    /// The address of a link, absolute.
    Link,
}

impl Kind {
    /// All, in the order of the table.
    pub const ALL: [Self; 6] = [Self::Code, Self::Cell, Self::Note, Self::Formula, Self::Tab, Self::Link];

    /// Its heading in the table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "code with language",
            Self::Cell => "cells",
            Self::Note => "notes with kind",
            Self::Formula => "formulas",
            Self::Tab => "tabs",
            Self::Link => "absolute links",
        }
    }
}

/// Something that the Markdown of a page must hold.
#[derive(Clone, Debug)]
pub struct Planted {
    /// What it is.
    pub kind: Kind,
    /// The text in Markdown, in any of these forms.
    pub forms: Vec<String>,
}

/// The share of the planted things of a kind that stand in the Markdown of their pages.
pub fn share_kept(kind: Kind, samples: &[Sample], markdown: &[String]) -> String {
    let (mut kept, mut all) = (0, 0);
    for (sample, text) in samples.iter().zip(markdown) {
        for planted in sample.planted.iter().filter(|planted| planted.kind == kind) {
            all += 1;
            kept += usize::from(planted.forms.iter().any(|form| text.contains(form.as_str())));
        }
    }
    if all == 0 {
        "-".to_owned()
    } else {
        format!("{:.0} %", 100.0 * f64::from(kept as u32) / f64::from(all as u32))
    }
}
