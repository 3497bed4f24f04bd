//! `skill.json`: where every page of the skill comes from.

use jiff::Timestamp;
use serde::Serialize;

use crate::render::Source;
use crate::skill::layout::references::ReferenceFile;
use crate::skill::pages::reference::Reference;
use crate::skill::skill_md::Overview;
use crate::skill::skill_md::description::key_terms;
use crate::url::CanonicalUrl;

/// The provenance of a skill.
#[derive(Debug, Serialize)]
struct Provenance<'a> {
    name: &'a str,
    base_url: &'a CanonicalUrl,
    generator: &'a str,
    /// Version, licence and release, each only where the site states it.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
    /// The words that call for the skill.
    terms: Vec<String>,
    /// When the first and the last page were fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    fetched: Option<Span>,
    /// By URL.
    pages: Vec<Page<'a>>,
}

#[derive(Debug, Serialize)]
struct Span {
    first: Timestamp,
    last: Timestamp,
}

#[derive(Debug, Serialize)]
struct Page<'a> {
    url: &'a CanonicalUrl,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fetched_at: Option<Timestamp>,
    /// SHA-256 of the page's Markdown before it was placed.
    sha256: &'a str,
    profile: &'a str,
    source: Source,
    /// The files and anchors it stands at; more than one only for a page that was cut at its headings.
    files: Vec<String>,
}

/// Writes the provenance as JSON with sorted pages and a line break at its end.
pub fn provenance(overview: &Overview<'_>) -> String {
    let Overview { config, references, files, facts, .. } = *overview;
    let mut pages: Vec<Page<'_>> =
        references.iter().enumerate().map(|(index, reference)| page(index, reference, files)).collect();
    pages.sort_by(|left, right| left.url.cmp(right.url));
    let times = references.iter().filter_map(Reference::time);
    let fetched = times.clone().min().zip(times.max()).map(|(first, last)| Span { first, last });
    let provenance = Provenance {
        name: &config.name,
        base_url: &config.scope.base_url,
        generator: concat!("skillcrawl ", env!("CARGO_PKG_VERSION")),
        version: facts.version.as_deref(),
        release: facts.release.as_deref(),
        license: facts.license.as_deref(),
        terms: key_terms(overview),
        fetched,
        pages,
    };
    // Plain structs of strings and times always serialise.
    serde_json::to_string_pretty(&provenance).unwrap_or_default() + "\n"
}

fn page<'a>(index: usize, reference: &'a Reference, files: &[ReferenceFile]) -> Page<'a> {
    let places = files.iter().flat_map(|file| {
        let here = file.pages.iter().filter(|page| page.reference == index);
        here.map(|page| format!("references/{}#{}", file.name, page.anchor))
    });
    Page {
        url: &reference.url,
        title: &reference.title,
        fetched_at: reference.time(),
        sha256: &reference.digest,
        profile: &reference.profile,
        source: reference.source,
        files: places.collect(),
    }
}
