//! A skill too large to be one: a skill for each part of it, and a router in its place that says which to open.
//!
//! The parts follow the top-level groups of the references. Each is built as a skill of its own from its pages, so that
//! it is valid and of use without the others; links from one part to another lead to the web.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::config::SiteConfig;
use crate::skill::frontmatter::split;
use crate::skill::layout::references::ReferenceFile;
use crate::skill::pages::reference::Reference;
use crate::skill::router::{RouterEntry, router};
use crate::skill::text::quote::{first_sentence, shorten};
use crate::skill::text::slug::file_slug;
use crate::skill::text::tokens::tokens;
use crate::skill::{Plan, Skill, build, build_titled};
use crate::url::CanonicalUrl;

/// A part of fewer tokens joins the one after it: it is not worth a skill of its own.
const SMALL: usize = 20_000;
/// The longest name of a skill (Agent Skills specification).
const LONGEST_NAME: usize = 64;
/// The longest title of a part, in characters.
const LONGEST_TITLE: usize = 60;
/// The longest sentence on the whole that a part's description begins with, in characters.
const LONGEST_WHAT: usize = 300;

/// A skill, or the router that stands in its place and its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skills {
    /// The skill; the router where there are parts.
    pub main: Skill,
    /// The parts in reading order; empty for a skill that is whole.
    pub parts: Vec<Skill>,
}

/// Builds the skill of pages as [`build`] does, and takes it apart where its references have more tokens than
/// `Limits::router` allows.
pub fn build_parts(references: Vec<Reference>, plan: &Plan<'_>) -> Skills {
    let Some(most) = plan.limits.router else {
        return Skills { main: build(references, plan), parts: Vec::new() };
    };
    let whole = build(references.clone(), plan);
    let sizes: Vec<usize> = whole.references.iter().map(|file| tokens(&file.text)).collect();
    let groups = groups(&whole, &sizes);
    if sizes.iter().sum::<usize>() <= most || groups.len() < 2 {
        return Skills { main: whole, parts: Vec::new() };
    }
    let names = names(&plan.config.name, &groups);
    let what = what_it_is(&whole);
    let mut parts = Vec::new();
    for (group, name) in groups.iter().zip(names) {
        let pages = references.iter().filter(|page| group.pages.contains(&page.url)).cloned().collect();
        let said = what.as_ref().map(|what| format!("{what} Covers {}.", group.title));
        let config = SiteConfig { name, description: said, ..plan.config.clone() };
        let title = format!("{} ({})", whole.title, group.title);
        parts.push(build_titled(pages, &Plan { config: &config, ..*plan }, Some(title)));
    }
    Skills { main: router_of(&whole, &groups, &parts), parts }
}

/// Pages that become a part.
struct Group {
    title: String,
    slug: String,
    pages: BTreeSet<CanonicalUrl>,
}

/// The top-level groups in reading order, the small ones joined to the next.
fn groups(whole: &Skill, sizes: &[usize]) -> Vec<Group> {
    struct Open<'a> {
        titles: Vec<(&'a str, usize)>,
        files: Vec<&'a ReferenceFile>,
        size: usize,
    }
    let mut open: Vec<Open<'_>> = Vec::new();
    for (file, size) in whole.references.iter().zip(sizes) {
        let title = file.group_name();
        let known = open.iter().position(|group| group.titles.iter().any(|(known, _)| *known == title));
        let small = open.last().is_some_and(|last| last.size < SMALL).then(|| open.len() - 1);
        let at = known.or(small).unwrap_or_else(|| {
            open.push(Open { titles: Vec::new(), files: Vec::new(), size: 0 });
            open.len() - 1
        });
        let Some(group) = open.get_mut(at) else { continue };
        match group.titles.iter_mut().find(|(known, _)| *known == title) {
            Some((_, sum)) => *sum += size,
            None => group.titles.push((title, *size)),
        }
        group.files.push(file);
        group.size += size;
    }
    // A small last one joins the one before it.
    if open.len() > 1
        && open.last().is_some_and(|last| last.size < SMALL)
        && let (Some(last), Some(before)) = (open.pop(), open.last_mut())
    {
        before.titles.extend(last.titles);
        before.files.extend(last.files);
    }
    let close = |group: Open<'_>| {
        let title = group.titles.iter().map(|(title, _)| *title).collect::<Vec<_>>().join(", ");
        // A part is called after what most of it is.
        let largest = group.titles.iter().max_by_key(|(_, size)| *size).map_or("", |(title, _)| title);
        let names: BTreeSet<&str> = group.files.iter().map(|file| file.name.as_str()).collect();
        let here = whole.outline.iter().filter(|page| {
            let file = page.place.trim_start_matches("references/").split('#').next();
            file.is_some_and(|file| names.contains(file))
        });
        Group {
            title: shorten(&title, LONGEST_TITLE),
            slug: file_slug(largest),
            pages: here.map(|page| page.url.clone()).collect(),
        }
    };
    open.into_iter().map(close).filter(|group| !group.pages.is_empty()).collect()
}

/// The names of the parts: that of the whole and the part's own, each once.
fn names(whole: &str, groups: &[Group]) -> Vec<String> {
    let mut seen = BTreeSet::from([whole.to_owned()]);
    let mut names = Vec::new();
    for (number, group) in groups.iter().enumerate() {
        let cut = |text: &str, length: usize| -> String {
            text.chars().take(length).collect::<String>().trim_matches('-').to_owned()
        };
        let mut name = cut(&format!("{whole}-{}", group.slug), LONGEST_NAME);
        if !seen.insert(name.clone()) {
            // Room for a hyphen and the number.
            name = format!("{}-{}", cut(&name, LONGEST_NAME - 8), number + 1);
            seen.insert(name.clone());
        }
        names.push(name);
    }
    names
}

/// What the whole says that it is, without when to use it.
fn what_it_is(whole: &Skill) -> Option<String> {
    let description = description_of(whole)?;
    let first = first_sentence(&description, LONGEST_WHAT);
    (!first.starts_with("Use when")).then_some(first)
}

fn description_of(skill: &Skill) -> Option<String> {
    let (keys, _) = split(skill.files.get("SKILL.md")?).ok()?;
    let found = keys.iter().find(|(key, _)| key.as_str() == Some("description"));
    found.and_then(|(_, text)| text.as_str()).map(str::to_owned)
}

/// The router in the place of the whole; it knows where every page is.
fn router_of(whole: &Skill, groups: &[Group], parts: &[Skill]) -> Skill {
    let entries: Vec<RouterEntry> = groups
        .iter()
        .zip(parts)
        .map(|(group, part)| RouterEntry {
            name: part.name.clone(),
            folder: format!("../{}", part.name),
            description: description_of(part).unwrap_or_default(),
            category: String::new(),
            key_terms: terms(part, &group.title, &whole.title),
        })
        .collect();
    let mut skill = router(&whole.name, &whole.title, &entries);
    skill.title.clone_from(&whole.title);
    skill.files.insert("skill.json".to_owned(), provenance(whole, parts));
    for part in parts {
        let beside = format!("../{}", part.name);
        skill.outline.extend(part.outline.iter().cloned().map(|mut page| {
            page.place = format!("{beside}/{}", page.place);
            page
        }));
        skill.references.extend(part.references.iter().cloned().map(|mut file| {
            file.name = format!("../{beside}/references/{}", file.name);
            file
        }));
        let places = part.places.iter().map(|(url, file)| (url.clone(), format!("{beside}/{file}")));
        skill.places.extend(places);
    }
    skill
}

/// The words that call for a part: its own title, and the terms of its `skill.json` besides the tool's name.
fn terms(part: &Skill, title: &str, tool: &str) -> Vec<String> {
    let provenance: Option<Value> =
        part.files.get("skill.json").and_then(|text| serde_json::from_str(text).ok());
    let listed = provenance.as_ref().and_then(|fields| fields.get("terms")).and_then(Value::as_array);
    let listed = listed.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    let own = listed.filter(|term| *term != part.title && *term != tool);
    std::iter::once(title.to_owned()).chain(own).collect()
}

/// The `skill.json` of the router: that of the whole, with the parts and with each page in its part.
fn provenance(whole: &Skill, parts: &[Skill]) -> String {
    let read = |skill: &Skill| -> Option<serde_json::Map<String, Value>> {
        serde_json::from_str(skill.files.get("skill.json")?).ok()
    };
    let mut fields = read(whole).unwrap_or_default();
    let mut pages: BTreeMap<String, Value> = BTreeMap::new();
    for part in parts {
        let listed = read(part).and_then(|mut fields| fields.remove("pages"));
        for mut page in listed.as_ref().and_then(Value::as_array).into_iter().flatten().cloned() {
            for file in page.get_mut("files").and_then(Value::as_array_mut).into_iter().flatten() {
                *file = Value::String(format!("../{}/{}", part.name, file.as_str().unwrap_or_default()));
            }
            let url = page.get("url").and_then(Value::as_str).unwrap_or_default().to_owned();
            pages.insert(url, page);
        }
    }
    let names = parts.iter().map(|part| Value::String(part.name.clone())).collect();
    fields.insert("pages".to_owned(), Value::Array(pages.into_values().collect()));
    fields.insert("parts".to_owned(), Value::Array(names));
    serde_json::to_string_pretty(&fields).unwrap_or_default() + "\n"
}
