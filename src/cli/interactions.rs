//! What the browser clicks, as the selector profiles say it: plain values, since fetching knows no profiles.

use crate::config::ExtractRules;
use crate::fetch::browser::{InteractionRules, Interactions, PageMarks};
use crate::profile::{GENERIC, Profiles, SelectorProfile, Selectors};

/// The interactions of a crawl: those of the profile that the config names, on every page; else those of each profile on
/// the pages that show its marks, and those of the generic one on all.
pub fn interactions(extract: &ExtractRules, profiles: &Profiles) -> Interactions {
    let named = extract.profile.as_ref().and_then(|name| profiles.get(name).ok());
    let mut rules: Vec<InteractionRules> = match named {
        Some(profile) => vec![rules_of(profile, None)],
        None => {
            // What holds everywhere stands first, the more specific behind it.
            let mut all: Vec<&SelectorProfile> = profiles.iter().collect();
            all.sort_by_key(|profile| (profile.name != GENERIC, profile.depth));
            all.into_iter().map(|profile| rules_of(profile, marks_of(profile))).collect()
        }
    };
    if let Some(menu) = &extract.selectors.navigation {
        for rules in &mut rules {
            rules.menus = vec![menu.clone()];
        }
    }
    if let Some((general, specific)) = rules.split_first_mut() {
        specific.iter_mut().for_each(|rules| leave_out(rules, general));
    }
    Interactions::new(&rules)
}

/// Leaves out what holds on all pages anyway: nearly everything is inherited, and the browser is told with each page.
fn leave_out(rules: &mut InteractionRules, general: &InteractionRules) {
    let less = |own: &mut Vec<String>, known: &[String]| own.retain(|text| !known.contains(text));
    less(&mut rules.rows, &general.rows);
    less(&mut rules.labels, &general.labels);
    less(&mut rules.panels, &general.panels);
    less(&mut rules.chosen, &general.chosen);
    less(&mut rules.open, &general.open);
    less(&mut rules.scroll, &general.scroll);
    less(&mut rules.dismiss, &general.dismiss);
    less(&mut rules.overlays, &general.overlays);
    less(&mut rules.menus, &general.menus);
    less(&mut rules.no_routes, &general.no_routes);
}

fn marks_of(profile: &SelectorProfile) -> Option<PageMarks> {
    (profile.name != GENERIC).then(|| PageMarks {
        generators: profile.detect.generator.clone(),
        markers: texts(&profile.detect.markers),
        scripts: profile.detect.scripts.clone(),
    })
}

fn rules_of(profile: &SelectorProfile, when: Option<PageMarks>) -> InteractionRules {
    let rules = &profile.interact;
    let defaults = InteractionRules::default();
    InteractionRules {
        when,
        rows: texts(&rules.tabs.rows),
        labels: texts(&rules.tabs.labels),
        panels: texts(&rules.tabs.panels),
        chosen: texts(&rules.tabs.chosen),
        open: texts(&rules.open),
        scroll: texts(&rules.scroll),
        dismiss: texts(&rules.dismiss),
        overlays: texts(&rules.overlays),
        menus: texts(&profile.navigation.containers),
        no_routes: texts(&rules.no_routes),
        most_clicks: rules.most_clicks.unwrap_or(defaults.most_clicks),
        most_seconds: rules.most_seconds.unwrap_or(defaults.most_seconds),
    }
}

fn texts(selectors: &Selectors) -> Vec<String> {
    selectors.texts().map(str::to_owned).collect()
}
