//! Skills and configs as resources: `skill://NAME/FILE` and `config://NAME`.
//!
//! Only files that a list names are read, so that no address leads anywhere else. A long text comes in parts:
//! `?offset=CHARACTERS` goes on.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use rmcp::model::{ErrorData, Resource, ResourceContents, ResourceTemplate};
use serde_json::json;

use crate::mcp::library::{SkillFolder, config_file, configs, skills};
use crate::mcp::paging::{Page, cursor_of_offset, offset_of_cursor, part_of_text};
use crate::mcp::roots::Roots;

/// Resources on a page of the list.
const PER_PAGE: usize = 100;
/// The longest file that is read, in bytes.
const LONGEST_FILE: u64 = 16 << 20;
/// What stays as it is in an address.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'/');

/// A page of all resources, and the cursor of the next one.
///
/// # Errors
///
/// [`ErrorData`] for a cursor that is not ours.
pub fn list(cursor: Option<&str>, roots: &Roots) -> Result<(Vec<Resource>, Option<String>), ErrorData> {
    let offset = match cursor {
        None => 0,
        Some(cursor) => offset_of_cursor(cursor)
            .ok_or_else(|| ErrorData::invalid_params("the cursor is not one of this server", None))?,
    };
    let all: Vec<Resource> = configs(roots)
        .iter()
        .map(|(name, size)| config_resource(name, *size))
        .chain(skills(roots).iter().flat_map(skill_resources))
        .collect();
    let next = offset.saturating_add(PER_PAGE);
    let cursor = (next < all.len()).then(|| cursor_of_offset(next));
    Ok((all.into_iter().skip(offset).take(PER_PAGE).collect(), cursor))
}

/// How addresses are made.
pub fn templates() -> Vec<ResourceTemplate> {
    vec![
        ResourceTemplate::new("skill://{name}/{+file}{?offset}", "skill-file")
            .with_title("A file of a skill")
            .with_description(
                "SKILL.md, skill.json or references/FILE.md of a skill in output/ or the library. search_skill finds \
                 the file; offset goes on in a long one.",
            ),
        ResourceTemplate::new("config://{name}", "config")
            .with_title("A config")
            .with_description("configs/NAME.json: what is crawled, how, and how the skill is shaped.")
            .with_mime_type("application/json"),
    ]
}

/// The text of a resource, or the part of it that the address asks for.
///
/// # Errors
///
/// [`ErrorData`] when there is no such resource.
pub fn read(uri: &str, roots: &Roots) -> Result<ResourceContents, ErrorData> {
    let (address, offset) = split_offset(uri).ok_or_else(|| unknown(uri))?;
    let (path, kind) = file_of(address, roots).ok_or_else(|| unknown(uri))?;
    let place = roots.place(&path).map_err(|_| unknown(uri))?;
    let is_small = place.metadata().is_ok_and(|metadata| metadata.len() <= LONGEST_FILE);
    let bytes = std::fs::read(&place).ok().filter(|_| is_small).ok_or_else(|| unknown(uri))?;
    let text = String::from_utf8_lossy(&bytes);
    let (part, total, next) = part_of_text(&text, Page { offset, limit: usize::MAX });
    let mut shown = part.to_owned();
    let mut meta = json!({ "total": total, "offset": offset });
    if let Some(next) = next {
        let uri = format!("{address}?offset={next}");
        shown.push_str(&format!("\n\n[it goes on at {uri}]\n"));
        if let Some(meta) = meta.as_object_mut() {
            meta.insert("next".to_owned(), json!(uri));
        }
    }
    let contents = ResourceContents::text(shown, uri).with_mime_type(kind);
    Ok(match serde_json::from_value(meta) {
        Ok(meta) => contents.with_meta(meta),
        Err(_) => contents,
    })
}

fn unknown(uri: &str) -> ErrorData {
    ErrorData::resource_not_found(
        format!("there is no resource `{uri}`; resources/list names those that there are"),
        Some(json!({ "uri": uri })),
    )
}

/// The address without its query, and the offset that the query asks for.
fn split_offset(uri: &str) -> Option<(&str, usize)> {
    match uri.split_once('?') {
        None => Some((uri, 0)),
        Some((address, "")) => Some((address, 0)),
        Some((address, query)) => Some((address, query.strip_prefix("offset=")?.parse().ok()?)),
    }
}

/// The file of an address, relative to where commands run, and its type.
fn file_of(address: &str, roots: &Roots) -> Option<(String, &'static str)> {
    let decoded = percent_decode_str(address).decode_utf8().ok()?;
    if let Some(name) = decoded.strip_prefix("config://") {
        let (name, _) = configs(roots).into_iter().find(|(known, _)| known == name)?;
        return Some((config_file(&name), "application/json"));
    }
    let (name, file) = decoded.strip_prefix("skill://")?.split_once('/')?;
    let skill = skills(roots).into_iter().find(|skill| skill.name == name)?;
    let (file, _) = skill.files.iter().find(|(known, _)| known == file)?;
    Some((format!("{}/{file}", skill.folder), kind(file)))
}

fn kind(file: &str) -> &'static str {
    if file.ends_with(".json") { "application/json" } else { "text/markdown" }
}

fn config_resource(name: &str, size: u64) -> Resource {
    Resource::new(format!("config://{}", utf8_percent_encode(name, PLAIN)), format!("{name}.json"))
        .with_title(format!("The config {name}"))
        .with_mime_type("application/json")
        .with_size(size)
}

fn skill_resources(skill: &SkillFolder) -> Vec<Resource> {
    let resource = |(file, size): &(String, u64)| {
        let path = format!("{}/{file}", skill.name);
        Resource::new(format!("skill://{}", utf8_percent_encode(&path, PLAIN)), path)
            .with_title(format!("{}: {file}", skill.name))
            .with_mime_type(kind(file))
            .with_size(*size)
    };
    skill.files.iter().map(resource).collect()
}
