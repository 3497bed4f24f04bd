//! How much of the manual came back, page by page.

use std::collections::BTreeMap;
use std::path::Path;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use skillcrawl::url::CanonicalUrl;

use crate::generated::{GeneratedSite, PageTruth};
use crate::markdown::{cells, code_blocks, headings, normal_text, words};
use crate::read::{Page, page_at};

/// Found, expected and matched pieces of one kind.
#[derive(Default)]
pub struct Tally {
    pub expected: usize,
    pub found: usize,
    pub matched: usize,
    lost: Vec<String>,
    added: Vec<String>,
}

/// The scores of one site.
#[derive(Default)]
pub struct Score {
    pub pages: usize,
    pub profiles: BTreeMap<String, usize>,
    pub code: Tally,
    pub language: Tally,
    pub headings: Tally,
    pub cells: Tally,
    pub links: Tally,
    pub labels: Tally,
    pub admonitions: Tally,
    pub prose: Tally,
}

impl Score {
    /// Compares what came out with the manual. A page that is missing has lost everything.
    pub fn of(site: &GeneratedSite, pages: &[Page]) -> Self {
        let mut score = Self { pages: pages.len(), ..Self::default() };
        let manual = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/manual");
        for (file, truth) in &site.truth {
            let page = pages.iter().find(|page| page.file == *file);
            let source = std::fs::read_to_string(manual.join(file)).unwrap();
            score.compare(site, file, truth, &source, page.map_or("", |page| &page.markdown));
            if let Some(page) = page {
                *score.profiles.entry(page.profile.clone()).or_default() += 1;
            }
        }
        score
    }

    fn compare(&mut self, site: &GeneratedSite, file: &str, truth: &PageTruth, source: &str, markdown: &str) {
        let wanted = truth.code.iter().map(|block| normal_text(&block.text));
        let there = code_blocks(markdown);
        self.code.compare(file, wanted, there.iter().map(|block| normal_text(&block.text)));
        for block in &truth.code {
            let same = there.iter().find(|other| normal_text(&other.text) == normal_text(&block.text));
            if let Some(same) = same {
                let wanted = normal_language(block.language.as_deref().unwrap_or_default());
                self.language.compare(
                    file,
                    [wanted].into_iter(),
                    [normal_language(&same.language)].into_iter(),
                );
            }
        }
        let wanted = truth.headings.iter().map(|(_, text)| words(text));
        self.headings.compare(file, wanted, headings(markdown).into_iter());
        let wanted =
            truth.tables.iter().flat_map(|table| table.header.iter().chain(table.rows.iter().flatten()));
        let full = |cell: &String| !cell.is_empty();
        let there = cells(markdown).into_iter().filter(full);
        self.cells.compare(file, wanted.map(|cell| words(cell)).filter(full), there);
        self.links.compare(file, links(source, file, site), links(markdown, file, site));
        let all_words = format!(" {} ", words(markdown));
        let labels = || truth.tabs.iter().flatten().chain(&truth.definitions).map(|label| words(label));
        self.labels.compare(
            file,
            labels(),
            labels().filter(|label| all_words.contains(&format!(" {label} "))),
        );
        let marks = |text: &str| {
            (0..text.matches("> [!").count()).map(|_| "admonition".to_owned()).collect::<Vec<_>>()
        };
        self.admonitions.compare(
            file,
            marks(&outside_code(source)).into_iter(),
            marks(&outside_code(markdown)).into_iter(),
        );
        self.prose.compare(file, prose(source).into_iter(), prose(markdown).into_iter());
    }

    /// Prints what was lost and what was added, a line for each.
    pub fn print_losses(&self) {
        let kinds = [
            ("code", &self.code),
            ("language", &self.language),
            ("headings", &self.headings),
            ("cells", &self.cells),
            ("links", &self.links),
            ("labels", &self.labels),
            ("admonitions", &self.admonitions),
            ("prose", &self.prose),
        ];
        for (kind, tally) in kinds {
            tally.lost.iter().for_each(|piece| println!("- {kind} {piece}"));
            tally.added.iter().for_each(|piece| println!("+ {kind} {piece}"));
        }
    }
}

impl Tally {
    fn compare(
        &mut self,
        file: &str,
        wanted: impl Iterator<Item = String>,
        there: impl Iterator<Item = String>,
    ) {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for piece in there {
            self.found += 1;
            *counts.entry(piece).or_default() += 1;
        }
        for piece in wanted {
            self.expected += 1;
            match counts.get_mut(&piece).filter(|count| **count > 0) {
                Some(count) => {
                    *count -= 1;
                    self.matched += 1;
                }
                None => self.lost.push(format!("{file}: {piece:?}")),
            }
        }
        let left = counts.into_iter().filter(|(_, count)| *count > 0);
        self.added.extend(left.map(|(piece, count)| format!("{file}: {count} {piece:?}")));
    }

    /// The share of what was expected that is there.
    pub fn recall(&self) -> f64 {
        share(self.matched, self.expected)
    }

    /// The share of what is there that was expected.
    pub fn precision(&self) -> f64 {
        share(self.matched, self.found)
    }

    /// Their harmonic mean.
    pub fn f1(&self) -> f64 {
        share(2 * self.matched, self.expected + self.found)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

const OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_GFM)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_MATH)
    .union(Options::ENABLE_DEFINITION_LIST);

/// The words of everything that is not code, without the letters of formulas.
fn prose(text: &str) -> Vec<String> {
    let mut run = String::new();
    let mut in_code = false;
    for event in Parser::new_ext(text, OPTIONS) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(text) | Event::Code(text) if !in_code => run.push_str(&text),
            Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link) => {}
            Event::End(_) | Event::SoftBreak | Event::HardBreak => run.push(' '),
            _ => {}
        }
    }
    words(&run).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The links of a text: their words, and the page of the manual or the address that they lead to.
fn links(text: &str, file: &str, site: &GeneratedSite) -> impl Iterator<Item = String> {
    let mut links = Vec::new();
    let mut open: Option<(String, String)> = None;
    for event in Parser::new_ext(text, OPTIONS) {
        match event {
            Event::Start(Tag::Link { dest_url, .. }) => {
                open = Some((target(&dest_url, file, site), String::new()))
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, run)) = &mut open {
                    run.push_str(&text);
                }
            }
            Event::SoftBreak => {
                if let Some((_, run)) = &mut open {
                    run.push(' ');
                }
            }
            Event::End(TagEnd::Link) => {
                links.extend(open.take().map(|(target, run)| format!("{} -> {target}", words(&run))));
            }
            _ => {}
        }
    }
    links.into_iter()
}

fn target(link: &str, file: &str, site: &GeneratedSite) -> String {
    if link.starts_with('#') && !link.starts_with("#/") {
        return file.to_owned();
    }
    let source = CanonicalUrl::parse(&format!("http://manual.example/{file}")).unwrap();
    let Ok(url) = source.join(link) else { return link.to_owned() };
    let address = url.as_str();
    let host = address.strip_prefix("http://manual.example").or_else(|| {
        let (authority, _) = address.strip_prefix("http://127.0.0.1:")?.split_once('/')?;
        address.strip_prefix(&format!("http://127.0.0.1:{authority}"))
    });
    let Some(path) = host else { return address.to_owned() };
    let path = path.split('?').next().unwrap_or_default();
    let own = path.trim_start_matches('/');
    if site.truth.contains_key(own) {
        return own.to_owned();
    }
    page_at(site, path).cloned().unwrap_or_else(|| path.to_owned())
}

/// A text without its fenced code.
fn outside_code(text: &str) -> String {
    let mut fence: Option<&str> = None;
    let mut kept = String::new();
    for line in text.lines() {
        let bare = line.trim_start_matches([' ', '>']);
        let ticks = &bare[..bare.len() - bare.trim_start_matches('`').len()];
        match fence {
            Some(open) if ticks.len() >= open.len() && bare.trim_end() == ticks => fence = None,
            None if ticks.len() >= 3 => fence = Some(ticks),
            None => {
                kept.push_str(line);
                kept.push('\n');
            }
            Some(_) => {}
        }
    }
    kept
}

/// Names of one language, as highlighters use them for each other.
fn normal_language(language: &str) -> String {
    let language = language.to_lowercase();
    match language.as_str() {
        "js" => "javascript",
        "sh" | "shell" | "shellscript" => "bash",
        "py" => "python",
        "yml" => "yaml",
        "md" => "markdown",
        "docker" => "dockerfile",
        "text" | "none" | "plaintext" | "txt" => "",
        other => other,
    }
    .to_owned()
}
