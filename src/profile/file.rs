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
