//! Selector profiles: how to read one documentation generator.
//!
//! In order: `file` mirrors a `selectors/NAME.toml` as it was typed, `selectors` compiles its CSS selectors,
//! `load` resolves `extends` by `inherit` and yields the [`Profiles`] (those of the binary, and those of a folder that
//! add to or override them), `detect` picks the profile that recognises a page, and `lists` names all lists of one for those who
//! count. `demand` reads from a selector what it asks of a page, `page_names` knows what the page has, and `index` puts
//! the two together, so that few selectors have to be tried.
//!
//! A profile speaks about generators and themes, never about hosts: detection sees the page alone. Reading a folder in
//! [`Profiles::with_folder`] is the one thing here that touches a disk.

mod builtin;
mod demand;
mod detect;
mod error;
mod file;
mod index;
mod inherit;
mod lists;
mod load;
mod page_names;
mod selectors;

use std::collections::BTreeMap;

pub use error::ProfileError;
pub use load::{ProfileText, Profiles};
pub(crate) use page_names::PageNames;
pub use selectors::Selectors;

use scraper::ElementRef;

use crate::config::SelectorOverrides;

/// The profile that reads a page which no other recognises.
pub const GENERIC: &str = "generic";

/// How to read the pages of one documentation generator; lists hold the profile's own selectors before inherited ones.
#[derive(Clone, Debug, Default)]
pub struct SelectorProfile {
    /// The file's stem, as `sphinx-furo`.
    pub name: String,
    /// What the profile reads, in one sentence.
    pub description: String,
    /// The profile that this one extends.
    pub extends: Option<String>,
    /// How many profiles this one extends, directly or not.
    pub depth: usize,
    /// What recognises a page of this generator.
    pub detect: DetectRules,
    /// The element that holds the content; the first selector that matches wins.
    pub main_content: Selectors,
    /// The element that holds the title; the first selector that matches wins.
    pub title: Selectors,
    /// The entries of the breadcrumb trail, outermost first.
    pub breadcrumbs: Selectors,
    /// What is not content.
    pub remove: Selectors,
    /// What is content although it is hidden until a visitor opens it.
    pub keep: Selectors,
    /// Elements that only arrange the page; what is in them is read as if they were not there.
    pub dissolve: Selectors,
    /// Headings that have another level than their name says, or no name of a heading.
    pub headings: HeadingRules,
    /// Tables that are none by their names or roles.
    pub table: TableRules,
    /// Blocks of code.
    pub code: CodeRules,
    /// Alternatives of which a visitor sees one at a time.
    pub tabs: TabRules,
    /// Notes, warnings and their like.
    pub admonition: AdmonitionRules,
    /// Entries of an API reference.
    pub api: ApiRules,
    /// Footnotes.
    pub footnote: FootnoteRules,
    /// The site's menu.
    pub navigation: NavigationRules,
    /// The files in which the generator lists its pages.
    pub discover: DiscoverRules,
    /// When a page that renders itself is complete.
    pub wait: WaitRules,
    /// What a visitor would click or scroll to see all of a page.
    pub interact: InteractRules,
    /// Folders below `fixtures/pages` that prove the profile.
    pub fixtures: Vec<String>,
}

/// What recognises a page; every hit adds to the score of the profile.
#[derive(Clone, Debug, Default)]
pub struct DetectRules {
    /// Beginnings of the content of `meta[name=generator]`, in lower case.
    pub generator: Vec<String>,
    /// Elements that only this generator writes.
    pub markers: Selectors,
    /// Parts of the addresses of scripts, in lower case.
    pub scripts: Vec<String>,
}

/// Headings that have another level than their name says, or no name of a heading.
#[derive(Clone, Debug, Default)]
pub struct HeadingRules {
    /// Selectors by the level they give, 1 to 6, and 0 for what is no heading; only levels that have some.
    pub levels: BTreeMap<u8, Selectors>,
}

impl HeadingRules {
    /// The level that the profile gives an element, where it gives one.
    pub(crate) fn level(&self, element: ElementRef<'_>) -> Option<u8> {
        self.levels.iter().find(|(_, selectors)| selectors.matches(element)).map(|(level, _)| *level)
    }
}

/// Tables that a style sheet makes of elements without the names or roles of a table.
#[derive(Clone, Debug, Default)]
pub struct TableRules {
    /// The elements whose children are the cells, row after row.
    pub grids: Selectors,
    /// The cells of the first row, which say how many columns there are.
    pub heads: Selectors,
}

/// How the generator writes blocks of code.
#[derive(Clone, Debug, Default)]
pub struct CodeRules {
    /// The elements that are a block of code; `pre` always is.
    pub blocks: Selectors,
    /// Tables that hold a block of code beside its line numbers.
    pub tables: Selectors,
    /// What is inside a block without being code: line numbers, buttons, lines that are not shown.
    pub remove: Selectors,
    /// The elements that hold one line each.
    pub lines: Selectors,
    /// Lines that a difference adds, where the style sheet draws the sign; they are `lines` too.
    pub added: Selectors,
    /// Lines that a difference takes away, likewise.
    pub removed: Selectors,
    /// File names and captions that belong to the block after them.
    pub captions: Selectors,
    /// Language words of this generator and what they mean; an empty meaning states no language.
    pub languages: BTreeMap<String, String>,
}

/// How the generator writes tabs.
#[derive(Clone, Debug, Default)]
pub struct TabRules {
    /// The element around labels and panels.
    pub sets: Selectors,
    /// Rows of labels whose panels stand behind them, in the next element or as the next elements.
    pub rows: Selectors,
    /// The labels, in order.
    pub labels: Selectors,
    /// The panels, in order.
    pub panels: Selectors,
}

/// How the generator writes admonitions.
#[derive(Clone, Debug, Default)]
pub struct AdmonitionRules {
    /// The elements that are one.
    pub blocks: Selectors,
    /// Their titles.
    pub titles: Selectors,
    /// Class words and the kind they mean, where the word itself is none; with an empty meaning the word states none.
    pub kinds: BTreeMap<String, String>,
}

/// How the generator writes entries of an API reference.
#[derive(Clone, Debug, Default)]
pub struct ApiRules {
    /// Definition lists, or other elements, that are entries.
    pub entries: Selectors,
    /// The signature of an entry; where several elements match, they are its parts. Outside of an entry each is a block
    /// of code of its own.
    pub signatures: Selectors,
    /// What is said about the entry before it, where it stands behind the entry and not in it.
    pub descriptions: Selectors,
    /// Names and types that are code although the page does not mark them up as code.
    pub names: Selectors,
    /// Words about an entry, such as `static` or `optional`, which are no part of its signature or name.
    pub labels: Selectors,
    /// Types before which only a style sheet draws a colon.
    pub classifiers: Selectors,
    /// Parameters between which only a style sheet draws the comma.
    pub parameters: Selectors,
    /// Parameters that only a style sheet puts on lines of their own.
    pub lines: Selectors,
    /// Class words of signatures or what is around them, and the language of the signature.
    pub languages: BTreeMap<String, String>,
}

/// How the generator writes footnotes.
#[derive(Clone, Debug, Default)]
pub struct FootnoteRules {
    /// The references in the text.
    pub references: Selectors,
    /// The notes themselves.
    pub notes: Selectors,
}

/// How the generator writes its menu.
#[derive(Clone, Debug, Default)]
pub struct NavigationRules {
    /// The elements that hold the menu.
    pub containers: Selectors,
    /// Tables of contents in the text of a page: what they list are the pages below it.
    pub contents: Selectors,
    /// The entries, nested as the menu nests.
    pub items: Selectors,
    /// Headings of groups: the entries after one belong to it.
    pub groups: Selectors,
    /// The query parameter that names a heading of the page, where links have no fragment for it; it makes no page.
    pub anchor_parameter: Option<String>,
}

/// The files in which the generator lists its pages, and where they lie.
#[derive(Clone, Debug, Default)]
pub struct DiscoverRules {
    /// Names of such files in the root of the documentation, as `objects.inv`.
    pub indexes: Vec<String>,
    /// Ends of the addresses of scripts that are such files.
    pub scripts: Vec<String>,
    /// Attributes that hold the address of such a file.
    pub attributes: Vec<String>,
    /// Attributes that hold the address of the root; the first that the page has counts.
    pub root_attributes: Vec<String>,
    /// Parts of the addresses of scripts and style sheets; what stands before one is the root.
    pub root_before: Vec<String>,
}

/// When a page that renders itself is complete.
#[derive(Clone, Debug, Default)]
pub struct WaitRules {
    /// The elements to watch, besides `main_content`.
    pub roots: Selectors,
    /// Texts that stand where the content will be, such as `Loading...`.
    pub loading: Vec<String>,
}

/// What a visitor would click or scroll to see all of a page; only a browser can.
#[derive(Clone, Debug, Default)]
pub struct InteractRules {
    /// Tabs whose panel is filled only when its tab is chosen.
    pub tabs: TabInteraction,
    /// Buttons and headers to click once, again while new ones appear: collapsed menus, accordions, "show more".
    pub open: Selectors,
    /// Elements to scroll to their end, for content that is loaded on scrolling.
    pub scroll: Selectors,
    /// Buttons that decline or close a consent box.
    pub dismiss: Selectors,
    /// Boxes that lie over the page and are no part of it; they are left out.
    pub overlays: Selectors,
    /// Entries of the menu to leave alone, though they look as if a click led to a page.
    pub no_routes: Selectors,
    /// The most clicks on one page.
    pub most_clicks: Option<u32>,
    /// The most time for all clicks of one page, in seconds.
    pub most_seconds: Option<u32>,
}

/// Tabs as the browser clicks them; how they are read is told in [`TabRules`].
#[derive(Clone, Debug, Default)]
pub struct TabInteraction {
    /// The elements around a row of tabs, without the panels.
    pub rows: Selectors,
    /// The tabs in a row.
    pub labels: Selectors,
    /// The panels: what a tab names by ARIA attributes, else what stands behind the row.
    pub panels: Selectors,
    /// The tab of a row that is chosen now.
    pub chosen: Selectors,
}

impl SelectorProfile {
    /// What is left of this profile for reading one page: without the selectors that cannot match in it, and without what
    /// is for finding, rendering and clicking.
    pub(crate) fn for_page(&self, names: &PageNames) -> Self {
        let left = |list: &Selectors| list.for_page(names);
        let (code, tabs, admonition, api) = (&self.code, &self.tabs, &self.admonition, &self.api);
        let levels = &self.headings.levels;
        let chosen = left(&self.interact.tabs.chosen);
        Self {
            name: self.name.clone(),
            main_content: left(&self.main_content),
            title: left(&self.title),
            breadcrumbs: left(&self.breadcrumbs),
            remove: left(&self.remove),
            keep: left(&self.keep),
            dissolve: left(&self.dissolve),
            headings: HeadingRules {
                levels: levels.iter().map(|(level, selectors)| (*level, left(selectors))).collect(),
            },
            table: TableRules { grids: left(&self.table.grids), heads: left(&self.table.heads) },
            code: CodeRules {
                blocks: left(&code.blocks),
                tables: left(&code.tables),
                remove: left(&code.remove),
                lines: left(&code.lines),
                added: left(&code.added),
                removed: left(&code.removed),
                captions: left(&code.captions),
                languages: code.languages.clone(),
            },
            tabs: TabRules {
                sets: left(&tabs.sets),
                rows: left(&tabs.rows),
                labels: left(&tabs.labels),
                panels: left(&tabs.panels),
            },
            admonition: AdmonitionRules {
                blocks: left(&admonition.blocks),
                titles: left(&admonition.titles),
                kinds: admonition.kinds.clone(),
            },
            api: ApiRules {
                entries: left(&api.entries),
                signatures: left(&api.signatures),
                descriptions: left(&api.descriptions),
                names: left(&api.names),
                labels: left(&api.labels),
                classifiers: left(&api.classifiers),
                parameters: left(&api.parameters),
                lines: left(&api.lines),
                languages: api.languages.clone(),
            },
            footnote: FootnoteRules {
                references: left(&self.footnote.references),
                notes: left(&self.footnote.notes),
            },
            navigation: NavigationRules {
                containers: left(&self.navigation.containers),
                contents: left(&self.navigation.contents),
                items: left(&self.navigation.items),
                groups: left(&self.navigation.groups),
                anchor_parameter: self.navigation.anchor_parameter.clone(),
            },
            interact: InteractRules {
                tabs: TabInteraction { chosen, ..TabInteraction::default() },
                ..InteractRules::default()
            },
            // Of no use once the profile was chosen. All are named, so that none is forgotten here.
            description: String::new(),
            extends: None,
            depth: self.depth,
            detect: DetectRules::default(),
            discover: DiscoverRules::default(),
            wait: WaitRules::default(),
            fixtures: Vec::new(),
        }
    }

    /// This profile with the selectors of a site config before its own.
    ///
    /// # Errors
    ///
    /// [`ProfileError::Override`] when one of them is no CSS selector.
    pub fn with_overrides(&self, overrides: &SelectorOverrides) -> Result<Self, ProfileError> {
        let mut profile = self.clone();
        prepend(&mut profile.main_content, "main_content", overrides.main_content.as_slice())?;
        prepend(&mut profile.title, "title", overrides.title.as_slice())?;
        prepend(&mut profile.code.blocks, "code_blocks", overrides.code_blocks.as_slice())?;
        prepend(&mut profile.remove, "remove", &overrides.remove)?;
        if let Some(navigation) = &overrides.navigation {
            profile.navigation.containers = Selectors::default();
            prepend(&mut profile.navigation.containers, "navigation", std::slice::from_ref(navigation))?;
        }
        Ok(profile)
    }
}

fn prepend(list: &mut Selectors, key: &'static str, texts: &[String]) -> Result<(), ProfileError> {
    let own = Selectors::parse(texts).map_err(|error| ProfileError::Override {
        key,
        selector: error.selector,
        message: error.message,
    })?;
    *list = own.followed_by(list);
    Ok(())
}
