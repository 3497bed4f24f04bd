//! A profile as it was typed: every key optional, unknown keys refused, places remembered for messages.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use toml::Spanned;

use super::error::ProfileError;
use super::selectors::Selectors;
use super::{
    AdmonitionRules, ApiRules, CodeRules, DetectRules, DiscoverRules, FootnoteRules, HeadingRules,
    InteractRules, NavigationRules, SelectorProfile, TabInteraction, TabRules, TableRules, WaitRules,
};

type SelectorTexts = Vec<Spanned<String>>;

/// The mirror of `selectors/NAME.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ProfileFile {
    pub(super) extends: Option<String>,
    description: String,
    main_content: SelectorTexts,
    title: SelectorTexts,
    breadcrumbs: SelectorTexts,
    remove: SelectorTexts,
    keep: SelectorTexts,
    dissolve: SelectorTexts,
    headings: BTreeMap<Spanned<String>, SelectorTexts>,
    table: TableTable,
    fixtures: Vec<String>,
    detect: DetectTable,
    code: CodeTable,
    tabs: TabTable,
    admonition: AdmonitionTable,
    api: ApiTable,
    footnote: FootnoteTable,
    navigation: NavigationTable,
    discover: DiscoverTable,
    wait: WaitTable,
    interact: InteractTable,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct DetectTable {
    generator: Vec<String>,
    markers: SelectorTexts,
    scripts: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CodeTable {
    blocks: SelectorTexts,
    tables: SelectorTexts,
    remove: SelectorTexts,
    lines: SelectorTexts,
    added: SelectorTexts,
    removed: SelectorTexts,
    captions: SelectorTexts,
    languages: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TabTable {
    sets: SelectorTexts,
    rows: SelectorTexts,
    labels: SelectorTexts,
    panels: SelectorTexts,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct AdmonitionTable {
    blocks: SelectorTexts,
    titles: SelectorTexts,
    kinds: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ApiTable {
    entries: SelectorTexts,
    signatures: SelectorTexts,
    descriptions: SelectorTexts,
    names: SelectorTexts,
    labels: SelectorTexts,
    classifiers: SelectorTexts,
    parameters: SelectorTexts,
    lines: SelectorTexts,
    languages: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TableTable {
    grids: SelectorTexts,
    heads: SelectorTexts,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct FootnoteTable {
    references: SelectorTexts,
    notes: SelectorTexts,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct NavigationTable {
    containers: SelectorTexts,
    contents: SelectorTexts,
    items: SelectorTexts,
    groups: SelectorTexts,
    anchor_parameter: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct DiscoverTable {
    indexes: Vec<String>,
    scripts: Vec<String>,
    attributes: Vec<String>,
    root_attributes: Vec<String>,
    root_before: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WaitTable {
    roots: SelectorTexts,
    loading: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct InteractTable {
    tabs: TabInteractionTable,
    open: SelectorTexts,
    scroll: SelectorTexts,
    dismiss: SelectorTexts,
    overlays: SelectorTexts,
    no_routes: SelectorTexts,
    most_clicks: Option<Spanned<u32>>,
    most_seconds: Option<Spanned<u32>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TabInteractionTable {
    rows: SelectorTexts,
    labels: SelectorTexts,
    panels: SelectorTexts,
    chosen: SelectorTexts,
}

/// The most that a profile may ask for: a page must not be able to hold the crawl for long.
const CLICKS_ALLOWED: u32 = 200;
const SECONDS_ALLOWED: u32 = 20;

/// Parses a file into its mirror.
pub(super) fn parse(path: &Path, text: &str) -> Result<ProfileFile, ProfileError> {
    toml::from_str(text).map_err(|error| ProfileError::Syntax {
        path: path.to_owned(),
        line: line_at(text, error.span().map_or(0, |span| span.start)),
        message: error.message().to_owned(),
    })
}

/// Compiles the mirror; inherits nothing yet.
pub(super) fn compile(
    name: &str,
    path: &Path,
    text: &str,
    file: ProfileFile,
) -> Result<SelectorProfile, ProfileError> {
    let list = |texts: &SelectorTexts| selectors(path, text, texts);
    Ok(SelectorProfile {
        name: name.to_owned(),
        extends: file.extends,
        depth: 0,
        main_content: list(&file.main_content)?,
        title: list(&file.title)?,
        breadcrumbs: list(&file.breadcrumbs)?,
        remove: list(&file.remove)?,
        keep: list(&file.keep)?,
        dissolve: list(&file.dissolve)?,
        headings: HeadingRules { levels: levels(path, text, &file.headings)? },
        table: TableRules { grids: list(&file.table.grids)?, heads: list(&file.table.heads)? },
        detect: DetectRules {
            generator: lower_case(file.detect.generator),
            markers: list(&file.detect.markers)?,
            scripts: lower_case(file.detect.scripts),
        },
        code: CodeRules {
            blocks: list(&file.code.blocks)?,
            tables: list(&file.code.tables)?,
            remove: list(&file.code.remove)?,
            lines: list(&file.code.lines)?,
            added: list(&file.code.added)?,
            removed: list(&file.code.removed)?,
            captions: list(&file.code.captions)?,
            languages: file.code.languages,
        },
        tabs: TabRules {
            sets: list(&file.tabs.sets)?,
            rows: list(&file.tabs.rows)?,
            labels: list(&file.tabs.labels)?,
            panels: list(&file.tabs.panels)?,
        },
        admonition: AdmonitionRules {
            blocks: list(&file.admonition.blocks)?,
            titles: list(&file.admonition.titles)?,
            kinds: file.admonition.kinds,
        },
        api: ApiRules {
            entries: list(&file.api.entries)?,
            signatures: list(&file.api.signatures)?,
            descriptions: list(&file.api.descriptions)?,
            names: list(&file.api.names)?,
            labels: list(&file.api.labels)?,
            classifiers: list(&file.api.classifiers)?,
            parameters: list(&file.api.parameters)?,
            lines: list(&file.api.lines)?,
            languages: file.api.languages,
        },
        footnote: FootnoteRules {
            references: list(&file.footnote.references)?,
            notes: list(&file.footnote.notes)?,
        },
        navigation: NavigationRules {
            containers: list(&file.navigation.containers)?,
            contents: list(&file.navigation.contents)?,
            items: list(&file.navigation.items)?,
            groups: list(&file.navigation.groups)?,
            anchor_parameter: file.navigation.anchor_parameter.clone(),
        },
        discover: DiscoverRules {
            indexes: file.discover.indexes,
            scripts: file.discover.scripts,
            attributes: lower_case(file.discover.attributes),
            root_attributes: lower_case(file.discover.root_attributes),
            root_before: file.discover.root_before,
        },
        wait: WaitRules { roots: list(&file.wait.roots)?, loading: file.wait.loading },
        interact: InteractRules {
            tabs: TabInteraction {
                rows: list(&file.interact.tabs.rows)?,
                labels: list(&file.interact.tabs.labels)?,
                panels: list(&file.interact.tabs.panels)?,
                chosen: list(&file.interact.tabs.chosen)?,
            },
            open: list(&file.interact.open)?,
            scroll: list(&file.interact.scroll)?,
            dismiss: list(&file.interact.dismiss)?,
            overlays: list(&file.interact.overlays)?,
            no_routes: list(&file.interact.no_routes)?,
            most_clicks: at_most(path, text, "most_clicks", file.interact.most_clicks, CLICKS_ALLOWED)?,
            most_seconds: at_most(path, text, "most_seconds", file.interact.most_seconds, SECONDS_ALLOWED)?,
        },
        description: file.description,
        fixtures: file.fixtures,
    })
}

/// The profile with everything of its parent behind its own.
pub(super) fn inherit(child: SelectorProfile, parent: &SelectorProfile) -> SelectorProfile {
    let both = |own: &Selectors, inherited: &Selectors| own.followed_by(inherited);
    let words = |own: BTreeMap<String, String>, inherited: &BTreeMap<String, String>| {
        let mut all = inherited.clone();
        all.extend(own);
        all
    };
    SelectorProfile {
        depth: parent.depth + 1,
        main_content: both(&child.main_content, &parent.main_content),
        title: both(&child.title, &parent.title),
        breadcrumbs: both(&child.breadcrumbs, &parent.breadcrumbs),
        remove: both(&child.remove, &parent.remove),
        keep: both(&child.keep, &parent.keep),
        dissolve: both(&child.dissolve, &parent.dissolve),
        headings: inherit_headings(child.headings, &parent.headings),
        table: TableRules {
            grids: both(&child.table.grids, &parent.table.grids),
            heads: both(&child.table.heads, &parent.table.heads),
        },
        code: CodeRules {
            blocks: both(&child.code.blocks, &parent.code.blocks),
            tables: both(&child.code.tables, &parent.code.tables),
            remove: both(&child.code.remove, &parent.code.remove),
            lines: both(&child.code.lines, &parent.code.lines),
            added: both(&child.code.added, &parent.code.added),
            removed: both(&child.code.removed, &parent.code.removed),
            captions: both(&child.code.captions, &parent.code.captions),
            languages: words(child.code.languages, &parent.code.languages),
        },
        tabs: TabRules {
            sets: both(&child.tabs.sets, &parent.tabs.sets),
            rows: both(&child.tabs.rows, &parent.tabs.rows),
            labels: both(&child.tabs.labels, &parent.tabs.labels),
            panels: both(&child.tabs.panels, &parent.tabs.panels),
        },
        admonition: AdmonitionRules {
            blocks: both(&child.admonition.blocks, &parent.admonition.blocks),
            titles: both(&child.admonition.titles, &parent.admonition.titles),
            kinds: words(child.admonition.kinds, &parent.admonition.kinds),
        },
        api: ApiRules {
            entries: both(&child.api.entries, &parent.api.entries),
            signatures: both(&child.api.signatures, &parent.api.signatures),
            descriptions: both(&child.api.descriptions, &parent.api.descriptions),
            names: both(&child.api.names, &parent.api.names),
            labels: both(&child.api.labels, &parent.api.labels),
            classifiers: both(&child.api.classifiers, &parent.api.classifiers),
            parameters: both(&child.api.parameters, &parent.api.parameters),
            lines: both(&child.api.lines, &parent.api.lines),
            languages: words(child.api.languages, &parent.api.languages),
        },
        footnote: FootnoteRules {
            references: both(&child.footnote.references, &parent.footnote.references),
            notes: both(&child.footnote.notes, &parent.footnote.notes),
        },
        navigation: NavigationRules {
            containers: both(&child.navigation.containers, &parent.navigation.containers),
            contents: both(&child.navigation.contents, &parent.navigation.contents),
            items: both(&child.navigation.items, &parent.navigation.items),
            groups: both(&child.navigation.groups, &parent.navigation.groups),
            anchor_parameter: child
                .navigation
                .anchor_parameter
                .clone()
                .or_else(|| parent.navigation.anchor_parameter.clone()),
        },
        discover: inherit_discover(&child.discover, &parent.discover),
        wait: WaitRules {
            roots: both(&child.wait.roots, &parent.wait.roots),
            loading: [child.wait.loading.as_slice(), parent.wait.loading.as_slice()].concat(),
        },
        interact: InteractRules {
            tabs: TabInteraction {
                rows: both(&child.interact.tabs.rows, &parent.interact.tabs.rows),
                labels: both(&child.interact.tabs.labels, &parent.interact.tabs.labels),
                panels: both(&child.interact.tabs.panels, &parent.interact.tabs.panels),
                chosen: both(&child.interact.tabs.chosen, &parent.interact.tabs.chosen),
            },
            open: both(&child.interact.open, &parent.interact.open),
            scroll: both(&child.interact.scroll, &parent.interact.scroll),
            dismiss: both(&child.interact.dismiss, &parent.interact.dismiss),
            overlays: both(&child.interact.overlays, &parent.interact.overlays),
            no_routes: both(&child.interact.no_routes, &parent.interact.no_routes),
            most_clicks: child.interact.most_clicks.or(parent.interact.most_clicks),
            most_seconds: child.interact.most_seconds.or(parent.interact.most_seconds),
        },
        // What recognises the parent must not recognise the child, and a fixture proves the profile that names it.
        name: child.name,
        extends: child.extends,
        description: child.description,
        detect: child.detect,
        fixtures: child.fixtures,
    }
}

fn inherit_discover(child: &DiscoverRules, parent: &DiscoverRules) -> DiscoverRules {
    let both = |own: &[String], inherited: &[String]| {
        let mut all = own.to_vec();
        all.extend(inherited.iter().filter(|text| !own.contains(text)).cloned());
        all
    };
    DiscoverRules {
        indexes: both(&child.indexes, &parent.indexes),
        scripts: both(&child.scripts, &parent.scripts),
        attributes: both(&child.attributes, &parent.attributes),
        root_attributes: both(&child.root_attributes, &parent.root_attributes),
        root_before: both(&child.root_before, &parent.root_before),
    }
}

fn inherit_headings(child: HeadingRules, parent: &HeadingRules) -> HeadingRules {
    let mut levels = child.levels;
    for (level, selectors) in &parent.levels {
        let own = levels.entry(*level).or_default();
        *own = own.followed_by(selectors);
    }
    HeadingRules { levels }
}

fn levels(
    path: &Path,
    text: &str,
    table: &BTreeMap<Spanned<String>, SelectorTexts>,
) -> Result<BTreeMap<u8, Selectors>, ProfileError> {
    let mut levels = BTreeMap::new();
    for (key, texts) in table {
        let level = key.get_ref().parse().ok().filter(|level| (0..=6).contains(level));
        let level = level.ok_or_else(|| ProfileError::Syntax {
            path: path.to_owned(),
            line: line_at(text, key.span().start),
            message: format!(
                "`{}` is no level of a heading, which are 1 to 6, and 0 for none",
                key.get_ref()
            ),
        })?;
        levels.insert(level, selectors(path, text, texts)?);
    }
    Ok(levels)
}

fn selectors(path: &Path, text: &str, texts: &SelectorTexts) -> Result<Selectors, ProfileError> {
    let plain: Vec<&str> = texts.iter().map(|text| text.get_ref().as_str()).collect();
    Selectors::parse(&plain).map_err(|error| {
        let place = texts.iter().find(|text| *text.get_ref() == error.selector);
        ProfileError::Selector {
            path: path.to_owned(),
            line: line_at(text, place.map_or(0, |place| place.span().start)),
            selector: error.selector,
            message: error.message,
        }
    })
}

fn at_most(
    path: &Path,
    text: &str,
    key: &str,
    value: Option<Spanned<u32>>,
    limit: u32,
) -> Result<Option<u32>, ProfileError> {
    let Some(value) = value else { return Ok(None) };
    if *value.get_ref() > limit {
        return Err(ProfileError::Syntax {
            path: path.to_owned(),
            line: line_at(text, value.span().start),
            message: format!("`{key}` is {}, and at most {limit} are allowed", value.get_ref()),
        });
    }
    Ok(Some(value.into_inner()))
}

fn lower_case(texts: Vec<String>) -> Vec<String> {
    texts.into_iter().map(|text| text.to_lowercase()).collect()
}

fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}
