//! SKILL.md: what an agent reads first, short enough to be read whole.
//!
//! Every section quotes the site or points into the references; a section that would be empty is left out. Each has a
//! size of its own, so that the whole stays below the 500 lines and some 5,000 tokens that the specification advises.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::SiteConfig;
use crate::skill::description::description;
use crate::skill::excerpt::Gotcha;
use crate::skill::frontmatter::{Frontmatter, write};
use crate::skill::label;
use crate::skill::quick_start::{install, quick_start};
use crate::skill::quote::{code_span, escape, first_sentences};
use crate::skill::reading_list::reading_list;
use crate::skill::reference::Reference;
use crate::skill::references::ReferenceFile;
use crate::skill::usage::most_used;

/// The longest quotation on what the tool is, in characters.
const LONGEST_OPENING: usize = 700;
const MOST_TASKS: usize = 8;
const MOST_SYMBOLS: usize = 15;
const MOST_GOTCHAS: usize = 8;
/// Verbs that begin the title of a page on how to do something.
const TASK_VERBS: [&str; 40] = [
    "add",
    "build",
    "choose",
    "compare",
    "configure",
    "convert",
    "create",
    "customize",
    "debug",
    "define",
    "deploy",
    "download",
    "evaluate",
    "export",
    "extend",
    "filter",
    "fine-tune",
    "generate",
    "install",
    "integrate",
    "launch",
    "load",
    "log",
    "manage",
    "merge",
    "migrate",
    "monitor",
    "optimize",
    "prepare",
    "process",
    "profile",
    "resume",
    "run",
    "save",
    "scale",
    "serve",
    "train",
    "use",
    "visualize",
    "write",
];

/// What SKILL.md is written from.
#[derive(Clone, Copy, Debug)]
pub struct Overview<'a> {
    /// The title of the skill.
    pub title: &'a str,
    /// The config.
    pub config: &'a SiteConfig,
    /// The pages.
    pub references: &'a [Reference],
    /// The reference files.
    pub files: &'a [ReferenceFile],
    /// The index of the start page.
    pub start: Option<usize>,
}

impl Overview<'_> {
    /// A link to a page as seen from SKILL.md.
    pub fn link(&self, reference: usize) -> Option<String> {
        let title = escape(&self.references.get(reference)?.title);
        Some(format!("[{title}]({})", self.target(reference)?))
    }

    /// The file and anchor of a page as seen from SKILL.md.
    pub fn target(&self, reference: usize) -> Option<String> {
        self.files.iter().find_map(|file| {
            let page = file.pages.iter().find(|page| page.reference == reference)?;
            Some(format!("references/{}#{}", file.name, page.anchor))
        })
    }
}

/// Writes SKILL.md.
pub fn skill_md(overview: &Overview<'_>) -> String {
    let frontmatter = Frontmatter {
        name: overview.config.name.clone(),
        description: description(overview),
        license: None,
        metadata: metadata(overview),
    };
    let sections = [
        opening(overview),
        when_to_use(overview),
        install(overview),
        quick_start(overview),
        reading_list(overview),
        key_names(overview),
        gotchas(overview),
        Some(source(overview)),
    ];
    let sections: Vec<String> = sections.into_iter().flatten().collect();
    format!("{}\n# {}\n\n{}", write(&frontmatter), escape(overview.title), sections.join("\n"))
}

/// The name of the tool as the site writes it: in the title of its start page, else most often in titles and openings;
/// else the config's name in words. A name such as `publisher-tool` may be the site's `Tool` with its publisher.
pub fn title(config: &SiteConfig, references: &[Reference], start: Option<usize>) -> String {
    let start_title = start.and_then(|index| references.get(index)).map_or("", |page| page.title.as_str());
    let parts: Vec<&str> = config.name.split('-').collect();
    let tails = (1..parts.len()).filter_map(|first| parts.get(first..));
    let heads = (1..parts.len()).rev().filter_map(|end| parts.get(..end));
    let shorter =
        tails.chain(heads).map(|parts| parts.join("-")).find_map(|name| most_spelled(&name, references, 2));
    spellings(&config.name, start_title)
        .pop()
        .or_else(|| most_spelled(&config.name, references, 1))
        .or(shorter)
        .or_else(|| label::of_segment(&config.name))
        .unwrap_or_else(|| config.name.clone())
}

/// The spelling of a name that most titles and openings have, if at least `least` of them have it.
fn most_spelled(name: &str, references: &[Reference], least: usize) -> Option<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for page in references {
        let texts = std::iter::once(&page.title).chain(&page.excerpts.openings);
        for spelling in texts.flat_map(|text| spellings(name, text)) {
            *counts.entry(spelling).or_default() += 1;
        }
    }
    let most =
        counts.into_iter().max_by(|left, right| left.1.cmp(&right.1).then_with(|| right.0.cmp(&left.0)))?;
    (most.1 >= least).then_some(most.0)
}

/// The runs of words in a text that spell a name: `Welcome to LLaMA Factory!` spells `llama-factory`.
fn spellings(name: &str, text: &str) -> Vec<String> {
    let letters =
        |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let wanted = letters(name);
    let words: Vec<&str> = text.split_whitespace().filter(|word| !word.contains(['`', '/'])).collect();
    let runs = (1..=name.split('-').count()).flat_map(|length| words.windows(length));
    runs.filter(|run| letters(&run.concat()) == wanted)
        .map(|run| run.join(" ").trim_matches(|c: char| !c.is_alphanumeric()).to_owned())
        .collect()
}

fn metadata(overview: &Overview<'_>) -> Vec<(String, String)> {
    let mut metadata = vec![("source".to_owned(), overview.config.scope.base_url.to_string())];
    metadata.extend(version(overview).map(|version| ("version".to_owned(), version)));
    metadata.extend(fetched(overview).map(|fetched| ("fetched".to_owned(), fetched)));
    metadata
}

/// The version of the documentation where its address names one; of a repository, the commit that was read.
fn version(overview: &Overview<'_>) -> Option<String> {
    if let Some(commit) = commit(overview) {
        return Some(commit);
    }
    let is_version = |segment: &String| {
        let digits = segment.trim_start_matches('v');
        digits.contains('.') && digits.chars().all(|character| character.is_ascii_digit() || character == '.')
    };
    label::segments(&overview.config.scope.base_url).into_iter().find(is_version)
}

/// The commit of the repository's files. Where they are of two, as after a crawl without a list, none is named.
fn commit(overview: &Overview<'_>) -> Option<String> {
    let repository = overview.config.scope.repository.as_ref()?;
    let files = overview.references.iter().filter_map(|page| repository.shown_file(&page.url));
    let commits: BTreeSet<String> = files.map(|file| file.reference).collect();
    commits.first().filter(|_| commits.len() == 1).cloned()
}

/// The day of the crawl, or its first and last day.
fn fetched(overview: &Overview<'_>) -> Option<String> {
    let times = overview.references.iter().filter_map(Reference::time);
    let days = times.map(|time| time.strftime("%Y-%m-%d").to_string());
    let (first, last) = (days.clone().min()?, days.max()?);
    Some(if first == last { first } else { format!("{first} to {last}") })
}

/// The site's own words on what the tool is.
fn opening(overview: &Overview<'_>) -> Option<String> {
    let start = overview.start?;
    let page = overview.references.get(start)?;
    let own = page
        .excerpts
        .opening_on(overview.title)
        .map(str::to_owned)
        .or_else(|| page.description.as_deref().map(escape))?;
    let link = overview.link(start)?;
    Some(format!("> {}\n>\n> From {link}\n", first_sentences(&own, LONGEST_OPENING)))
}

/// The names to look out for and the tasks that pages are about.
fn when_to_use(overview: &Overview<'_>) -> Option<String> {
    let names: Vec<String> =
        most_used(overview.references, 5).iter().map(|symbol| code_span(symbol.short())).collect();
    let mut lines = Vec::new();
    if !names.is_empty() {
        lines.push(format!("- Code or configuration that uses {}", names.join(", ")));
    }
    let pages = overview.files.iter().flat_map(|file| &file.pages).filter(|page| !page.continued);
    let tasks = pages.filter(|page| is_task(&page.title)).take(MOST_TASKS);
    lines.extend(tasks.filter_map(|page| Some(format!("- {}", overview.link(page.reference)?))));
    (!lines.is_empty()).then(|| format!("## When to use\n\n{}\n", lines.join("\n")))
}

fn is_task(title: &str) -> bool {
    let lower = title.to_lowercase();
    let mut words = lower.split_whitespace();
    let (Some(first), Some(_)) = (words.next(), words.next()) else { return false };
    // A stem without a vowel makes no verb: `string`, `spring`.
    let stem = first.strip_suffix("ing").filter(|stem| stem.contains(['a', 'e', 'i', 'o', 'u', 'y']));
    let gerund = stem.is_some_and(|stem| stem.len() > 1 && !stem.contains(['.', '_']));
    gerund || lower.starts_with("how to") || TASK_VERBS.contains(&first)
}

/// The names that most pages mention, with where each is documented.
fn key_names(overview: &Overview<'_>) -> Option<String> {
    let used = most_used(overview.references, MOST_SYMBOLS);
    let lines: Vec<String> = used
        .iter()
        .filter_map(|symbol| {
            Some(format!("- {}: {}", code_span(&symbol.name), overview.link(symbol.reference)?))
        })
        .collect();
    (!lines.is_empty()).then(|| format!("## Key names\n\n{}\n", lines.join("\n")))
}

/// The documentation's own warnings, the gravest first; of one page only as many as leave room for others.
fn gotchas(overview: &Overview<'_>) -> Option<String> {
    let mut all: Vec<(usize, usize, &Gotcha)> = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, page) in overview.references.iter().enumerate() {
        let fresh = page.excerpts.gotchas.iter().filter(|gotcha| seen.insert(gotcha.text.clone()));
        all.extend(fresh.enumerate().map(|(turn, gotcha)| (turn, index, gotcha)));
    }
    all.sort_by_key(|(turn, index, gotcha)| (*turn, gotcha.weight, *index));
    let lines: Vec<String> = all
        .iter()
        .take(MOST_GOTCHAS)
        .filter_map(|(_, index, gotcha)| Some(format!("- {} ({})", gotcha.text, overview.link(*index)?)))
        .collect();
    (!lines.is_empty()).then(|| format!("## Gotchas\n\n{}\n", lines.join("\n")))
}

fn source(overview: &Overview<'_>) -> String {
    let pages = overview.references.len();
    let noun = if pages == 1 { "page" } else { "pages" };
    let version = version(overview).map_or_else(String::new, |version| format!(", version {version}"));
    let fetched = fetched(overview).map_or_else(String::new, |fetched| format!(", fetched {fetched}"));
    format!(
        "## Source\n\n{pages} {noun} of <{}>{version}{fetched}. `skill.json` lists the address, time and digest of each.\n",
        overview.config.scope.base_url
    )
}

#[cfg(test)]
mod tests {
    use super::is_task;

    #[test]
    fn tasks_begin_with_a_verb() {
        for title in ["How to scale", "Fine-tune a model", "Using the CLI", "Run on a cluster"] {
            assert!(is_task(title), "{title}");
        }
        for title in ["Training", "API reference", "String formats", "trl.training thing"] {
            assert!(!is_task(title), "{title}");
        }
    }
}
