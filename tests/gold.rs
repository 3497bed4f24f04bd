//! Gold pages: each folder of `fixtures/pages` holds the HTML of a page as a generator writes it, and the Markdown that
//! must come of it.
//!
//! `UPDATE_GOLD=1 cargo test --test gold` writes what comes out now; then read the diff.

// The helpers of a test may panic like the test itself.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use skillcrawl::config::ExtractRules;
use skillcrawl::document::{Document, NavigationItem};
use skillcrawl::extract::{Reading, read_page};
use skillcrawl::fetched::{Dom, Fetched};
use skillcrawl::markdown::to_markdown;
use skillcrawl::profile::Profiles;
use skillcrawl::url::CanonicalUrl;

fn pages_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages")
}

fn slugs() -> BTreeSet<String> {
    let entries = fs::read_dir(pages_folder()).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn read(slug: &str, profiles: &Profiles) -> Reading {
    let html = fs::read_to_string(pages_folder().join(slug).join("source.html")).unwrap();
    let fetched = Fetched {
        url: CanonicalUrl::parse("https://docs.example/guide/page.html").unwrap(),
        fetched_at: Timestamp::UNIX_EPOCH,
        exchange: None,
        dom: Some(Dom { html, settled: true, loaded: Vec::new(), routed: false }),
        twin: None,
    };
    read_page(&fetched, profiles, &ExtractRules::default())
}

/// What is known about the page beside its content, in a form that a diff shows well.
fn front(reading: &Reading) -> String {
    let Document { title, description, language, breadcrumbs, navigation, contents, .. } = &reading.document;
    let mut lines = vec![
        format!("profile: {}", reading.profile),
        format!("title: {title}"),
        format!("description: {}", description.as_deref().unwrap_or("-")),
        format!("language: {}", language.as_deref().unwrap_or("-")),
        format!("breadcrumbs: {}", breadcrumbs.join(" > ")),
        "navigation:".to_owned(),
    ];
    push_menu(navigation, 1, &mut lines);
    if !contents.is_empty() {
        lines.push("contents:".to_owned());
        push_menu(contents, 1, &mut lines);
    }
    format!("<!--\n{}\n-->\n\n", lines.join("\n"))
}

fn push_menu(items: &[NavigationItem], level: usize, lines: &mut Vec<String>) {
    for item in items {
        let url = item.url.as_ref().map_or("-", |url| url.as_str());
        lines.push(format!("{}{} {url}", "  ".repeat(level), item.title));
        push_menu(&item.children, level + 1, lines);
    }
}

#[test]
fn every_gold_page_gives_its_markdown() {
    let profiles = Profiles::builtin().unwrap();
    let update = std::env::var_os("UPDATE_GOLD").is_some();
    let mut wrong = Vec::new();
    for slug in slugs() {
        let reading = read(&slug, &profiles);
        let markdown = front(&reading) + &to_markdown(&reading.document);
        let path = pages_folder().join(&slug).join("expected.md");
        if update {
            fs::write(&path, &markdown).unwrap();
        } else if fs::read_to_string(&path).unwrap_or_default() != markdown {
            wrong.push(format!("{slug}:\n{markdown}"));
        }
    }
    assert!(wrong.is_empty(), "{} pages differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_profile_is_proven_by_a_page_that_it_recognises() {
    let profiles = Profiles::builtin().unwrap();
    let mut proven = BTreeSet::new();
    for profile in profiles.iter() {
        assert!(!profile.fixtures.is_empty(), "profile `{}` names no fixture", profile.name);
        for slug in &profile.fixtures {
            assert_eq!(read(slug, &profiles).profile, profile.name, "the page `{slug}`");
            proven.insert(slug.clone());
        }
    }
    assert_eq!(proven, slugs(), "pages that no profile names");
}
