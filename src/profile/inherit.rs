//! What a profile takes over from the one that it extends.

use std::collections::BTreeMap;

use super::selectors::Selectors;
use super::{
    AdmonitionRules, ApiRules, CodeRules, DiscoverRules, FootnoteRules, HeadingRules, InteractRules,
    NavigationRules, SelectorProfile, TabInteraction, TabRules, TableRules, WaitRules,
};

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
