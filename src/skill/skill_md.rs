//! SKILL.md: what an agent reads first, short enough to be read whole.
//!
//! Every section quotes the site or points into the references; a section that would be empty is left out. Where the
//! whole is longer than the specification advises, sections give way step by step, those that matter least first
//! ([`mod@budget`]). In their order: [`mod@description`] (of [`mod@tool_name`]), [`mod@opening`], [`mod@install_lines`],
//! [`mod@quick_start`], [`mod@tasks`] (a [`mod@phrase`] each),
//! [`mod@reading_list`], [`mod@key_names`], [`mod@gotchas`], [`mod@facts`].

pub mod budget;
mod casing;
pub mod description;
pub mod facts;
pub mod gotchas;
pub mod install_lines;
pub mod key_names;
pub mod opening;
pub mod phrase;
pub mod quick_start;
pub mod reading_list;
mod sequence;
mod statement;
pub mod tasks;
pub mod tool_name;
mod whole;

use std::collections::BTreeMap;

use crate::config::SiteConfig;
use crate::skill::frontmatter::{Frontmatter, write};
use crate::skill::layout::references::ReferenceFile;
use crate::skill::layout::sections::Section;
use crate::skill::pages::reference::Reference;
use crate::skill::pages::usage::UsedSymbol;
use crate::skill::skill_md::budget::fits;
use crate::skill::skill_md::description::description;
use crate::skill::skill_md::facts::Facts;
use crate::skill::skill_md::gotchas::gotchas;
use crate::skill::skill_md::install_lines::install;
use crate::skill::skill_md::key_names::{key_names, settings};
use crate::skill::skill_md::opening::{Opening, opening};
use crate::skill::skill_md::quick_start::quick_start;
use crate::skill::skill_md::reading_list::reading_list;
use crate::skill::skill_md::tasks::tasks;
use crate::skill::text::quote::{escape, first_sentences, shorten};

/// The longest quotation on what the tool is, in characters.
const LONGEST_OPENING: usize = 700;
/// The longest title of a page in a link, in characters, and the longest anchor that a link has, in bytes.
const LONGEST_TITLE: usize = 100;
const LONGEST_ANCHOR: usize = 160;
/// A longer address is left out.
const LONGEST_ADDRESS: usize = 400;

/// What SKILL.md is written from.
#[derive(Clone, Copy, Debug)]
pub struct Overview<'a> {
    /// The name of the tool.
    pub title: &'a str,
    /// The config.
    pub config: &'a SiteConfig,
    /// The pages.
    pub references: &'a [Reference],
    /// The reference files.
    pub files: &'a [ReferenceFile],
    /// The sections of each page in the files.
    pub sections: &'a BTreeMap<usize, Vec<Section>>,
    /// The index of the start page.
    pub start: Option<usize>,
    /// For each page how many others link to it.
    pub inlinks: &'a [usize],
    /// The documented names by use.
    pub used: &'a [UsedSymbol],
    /// What the site says of itself on most pages.
    pub site_description: Option<&'a str>,
    /// Version, licence and date.
    pub facts: &'a Facts,
}

impl Overview<'_> {
    /// A link to a page as seen from SKILL.md.
    pub fn link(&self, reference: usize) -> Option<String> {
        self.link_to(reference, None)
    }

    /// A link to a heading of a page, or to the page where it has no such heading. The text is the page's title.
    pub fn link_to(&self, reference: usize, heading: Option<&str>) -> Option<String> {
        let title = escape(&shorten(&self.references.get(reference)?.title, LONGEST_TITLE));
        let section = heading.and_then(|heading| {
            self.sections.get(&reference)?.iter().find(|section| section.text == heading)
        });
        let of_section = section.and_then(|section| {
            let file = self.files.get(section.file)?;
            Some(self.address(&file.name, &section.anchor))
        });
        Some(format!("[{title}]({})", of_section.or_else(|| self.target(reference))?))
    }

    /// The file and anchor of a page as seen from SKILL.md.
    pub fn target(&self, reference: usize) -> Option<String> {
        self.files.iter().find_map(|file| {
            let page = file.pages.iter().find(|page| page.reference == reference)?;
            Some(self.address(&file.name, &page.anchor))
        })
    }

    /// The address of an anchor of a reference file, as seen from SKILL.md.
    pub fn address(&self, file: &str, anchor: &str) -> String {
        // An anchor is as long as its heading, and some headings are pages.
        if anchor.is_empty() || anchor.len() > LONGEST_ANCHOR {
            return format!("references/{file}");
        }
        format!("references/{file}#{anchor}")
    }
}

/// How much room each section has.
#[derive(Clone, Copy, Debug)]
struct Room {
    opening: usize,
    installs: usize,
    example_lines: usize,
    tasks: usize,
    /// Bytes of the reading list.
    files: usize,
    names: usize,
    settings: usize,
    gotchas: usize,
}

/// The room of all sections, from the widest to none. From step to step what matters least to a reader gives way: first
/// the rest of the names and gotchas, then the rest of the lists, then whole sections. What the tool is and where to read
/// on stay to the end.
const STEPS: [Room; 8] = [
    Room {
        opening: 700,
        installs: 6,
        example_lines: 60,
        tasks: 18,
        files: 5_000,
        names: 16,
        settings: 16,
        gotchas: 12,
    },
    Room {
        opening: 700,
        installs: 6,
        example_lines: 60,
        tasks: 16,
        files: 4_500,
        names: 12,
        settings: 10,
        gotchas: 9,
    },
    Room {
        opening: 700,
        installs: 4,
        example_lines: 50,
        tasks: 14,
        files: 4_000,
        names: 10,
        settings: 6,
        gotchas: 6,
    },
    Room {
        opening: 500,
        installs: 4,
        example_lines: 40,
        tasks: 12,
        files: 3_000,
        names: 8,
        settings: 4,
        gotchas: 4,
    },
    Room {
        opening: 400,
        installs: 3,
        example_lines: 30,
        tasks: 8,
        files: 2_500,
        names: 4,
        settings: 0,
        gotchas: 2,
    },
    Room {
        opening: 300,
        installs: 2,
        example_lines: 15,
        tasks: 6,
        files: 2_000,
        names: 0,
        settings: 0,
        gotchas: 0,
    },
    Room {
        opening: 200,
        installs: 1,
        example_lines: 0,
        tasks: 0,
        files: 1_000,
        names: 0,
        settings: 0,
        gotchas: 0,
    },
    Room { opening: 0, installs: 0, example_lines: 0, tasks: 0, files: 1, names: 0, settings: 0, gotchas: 0 },
];

/// Writes SKILL.md; below 500 lines and 5,000 tokens whatever the pages are.
pub fn skill_md(overview: &Overview<'_>) -> String {
    let what = opening(overview);
    let frontmatter = Frontmatter {
        name: overview.config.name.clone(),
        description: description(overview, what.as_ref()),
        license: overview.facts.license.clone(),
        metadata: metadata(overview),
    };
    let head = format!("{}\n# {}\n", write(&frontmatter), escape(overview.title));
    let mut text = String::new();
    for room in STEPS {
        text = format!("{head}\n{}", body(overview, what.as_ref(), room));
        if fits(&text) {
            return text;
        }
    }
    text
}

fn body(overview: &Overview<'_>, what: Option<&Opening>, room: Room) -> String {
    let sections = [
        what.and_then(|what| said(overview, what, room.opening)),
        install(overview, room.installs),
        quick_start(overview, room.example_lines),
        tasks(overview, room.tasks),
        reading_list(overview, room.files),
        key_names(overview, room.names),
        settings(overview, room.settings),
        gotchas(overview, room.gotchas),
        Some(source(overview)),
    ];
    sections.into_iter().flatten().collect::<Vec<_>>().join("\n")
}

/// The site's own words on what the tool is.
fn said(overview: &Overview<'_>, what: &Opening, longest: usize) -> Option<String> {
    if longest == 0 {
        return None;
    }
    let text = first_sentences(&what.text, longest.min(LONGEST_OPENING));
    let from = what.reference.and_then(|page| overview.link(page));
    let from = from.map_or_else(String::new, |link| format!(">\n> From {link}\n"));
    Some(format!("> {text}\n{from}"))
}

fn metadata(overview: &Overview<'_>) -> Vec<(String, String)> {
    let facts = overview.facts;
    let source = overview.config.scope.base_url.to_string();
    let mut metadata = Vec::new();
    if source.len() <= LONGEST_ADDRESS {
        metadata.push(("source".to_owned(), source));
    }
    let stated = [("version", &facts.version), ("release", &facts.release), ("fetched", &facts.fetched)];
    metadata.extend(stated.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value.clone()?))));
    metadata
}

fn source(overview: &Overview<'_>) -> String {
    let pages = overview.references.len();
    let noun = if pages == 1 { "page" } else { "pages" };
    let facts = overview.facts;
    let part = |before: &str, value: &Option<String>| {
        value.as_ref().map_or_else(String::new, |value| format!(", {before}{}", escape(value)))
    };
    let address = overview.config.scope.base_url.as_str();
    let address = if address.len() <= LONGEST_ADDRESS { format!(" of <{address}>") } else { String::new() };
    format!(
        "## Source\n\n{pages} {noun}{address}{}{}{}{}. `skill.json` lists the address, time and digest of each.\n",
        part("version ", &facts.version),
        part("release ", &facts.release),
        part("licence ", &facts.license),
        part("fetched ", &facts.fetched),
    )
}
