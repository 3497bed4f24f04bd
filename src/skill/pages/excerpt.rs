//! What SKILL.md may quote of a page: its first real paragraph, its first examples, its install lines, its warnings.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Block, CodeBlock, Inline, plain_text};
use crate::skill::pages::commands::{install_commands, source_install};
use crate::skill::pages::symbols::{looks_like_code, symbol_name};
use crate::skill::pages::trouble::{Trouble, troubles};
use crate::skill::skill_md::opening::is_news;
use crate::skill::text::quote::{first_sentences, inline_markdown};

/// The most examples that one page hands on.
const MOST_EXAMPLES: usize = 24;
/// The longest example, in lines.
const LONGEST_EXAMPLE: usize = 60;
/// The most warnings that one page hands on.
const MOST_GOTCHAS: usize = 3;
/// The longest warning, in characters.
const LONGEST_GOTCHA: usize = 320;
/// A section with so many kinds of admonitions is about admonitions.
const ALL_KINDS: usize = 4;
/// A paragraph with fewer characters introduces nothing.
const SHORTEST_OPENING: usize = 40;
/// The most opening paragraphs that one page hands on.
const MOST_OPENINGS: usize = 6;
/// What may be quoted of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Excerpts {
    /// The first paragraphs that say something, each as one line of Markdown.
    pub openings: Vec<String>,
    /// The first examples in order.
    pub examples: Vec<Example>,
    /// Install commands, without a prompt, each once.
    pub installs: Vec<String>,
    /// Blocks of commands that fetch the sources and install from them, to the letter.
    pub source_installs: Vec<CodeBlock>,
    /// Warnings in order.
    pub gotchas: Vec<Gotcha>,
    /// Questions and symptoms with their answers, in order.
    pub troubles: Vec<Trouble>,
}

/// A block of code with what stands around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The heading it stands under; empty before the first.
    pub section: String,
    /// The headings above that one, outermost first.
    pub above: Vec<String>,
    /// The paragraph right before it, as one line of Markdown.
    pub lead: Option<String>,
    /// The code, to the letter.
    pub code: CodeBlock,
    /// Whether it is another way to say the example before it, in another tab of the same tabs.
    pub alternative: bool,
}

/// A warning admonition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gotcha {
    /// How grave it is.
    pub weight: Weight,
    /// The heading it stands under, in plain text; empty before the first.
    pub section: String,
    /// What it says, as one line of Markdown.
    pub text: String,
}

/// How grave a warning is, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Something breaks or is lost.
    Danger,
    /// Something goes wrong easily.
    Warning,
    /// Something must be known.
    Important,
}

/// Collects what may be quoted of the blocks of a page with this title.
pub fn excerpts(title: &str, blocks: &[Block]) -> Excerpts {
    let mut walk = Walk {
        found: Excerpts::default(),
        section: String::new(),
        level: 0,
        above: Vec::new(),
        lead: None,
        declares: false,
        alternative: false,
        warnings: Vec::new(),
        kinds: BTreeMap::new(),
    };
    walk.blocks(blocks);
    walk.found.gotchas = walk.warnings();
    walk.found.openings = openings(blocks);
    walk.found.troubles = troubles(title, blocks);
    walk.found
}

/// The first paragraphs that say something: no rows of badges or links, no labels before a list.
fn openings(blocks: &[Block]) -> Vec<String> {
    let paragraphs = blocks.iter().filter_map(|block| match block {
        Block::Paragraph(content) => Some((content, inline_markdown(content))),
        _ => None,
    });
    paragraphs
        .filter(|(content, text)| {
            let plain = plain_text(content);
            let prose: usize = content.iter().map(prose_length).sum();
            text.chars().count() >= SHORTEST_OPENING
                && !plain.ends_with(':')
                && prose * 4 >= plain.len()
                && !describes_parameter(&plain)
        })
        .map(|(_, text)| text)
        .take(MOST_OPENINGS)
        .collect()
}

/// Whether a paragraph is the entry of a parameter, `name (type, optional) : text`, as some sites write them.
fn describes_parameter(text: &str) -> bool {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    if first.strip_suffix(':').is_some_and(looks_like_code) {
        return true;
    }
    rest.starts_with('(')
        && rest.contains(')')
        && symbol_name(first).is_some_and(|name| name == first)
        && rest.split_once(')').is_some_and(|(_, after)| after.trim_start().starts_with([':', '–', '-', '—']))
}

/// How many bytes of an inline are text outside of links.
fn prose_length(inline: &Inline) -> usize {
    match inline {
        Inline::Text(text) | Inline::Code(text) => text.len(),
        Inline::Emphasis(content) | Inline::Strong(content) => content.iter().map(prose_length).sum(),
        _ => 0,
    }
}

struct Walk {
    found: Excerpts,
    section: String,
    /// The level of that section's heading, 0 before the first.
    level: u8,
    /// The levels and texts of the headings above it.
    above: Vec<(u8, String)>,
    lead: Option<String>,
    /// Whether the last block is a heading of code alone: the code below it declares what it names.
    declares: bool,
    /// Whether the blocks are those of a tab that is not the first.
    alternative: bool,
    /// The warnings of the page.
    warnings: Vec<Gotcha>,
    /// By section the kinds of admonitions in it.
    kinds: BTreeMap<String, BTreeSet<String>>,
}

impl Excerpts {
    /// The first paragraph that says something of the page's subject, and no news.
    pub fn opening(&self) -> Option<&str> {
        let lasting = self.openings.iter().find(|text| !is_news(text));
        lasting.or(self.openings.first()).map(String::as_str)
    }
}

impl Walk {
    fn blocks(&mut self, blocks: &[Block]) {
        for block in blocks {
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        let lead = self.lead.take();
        let declares = std::mem::replace(&mut self.declares, false);
        match block {
            Block::Heading { content, level, .. } => {
                let above = std::mem::replace(&mut self.section, plain_text(content));
                self.above.push((self.level, above));
                self.above.retain(|(above, _)| above < level);
                self.level = *level;
                self.declares = is_code(content);
            }
            Block::Code(_) if declares => {}
            Block::Paragraph(content) => self.lead = Some(inline_markdown(content)),
            Block::Code(code) => self.code(code, lead),
            Block::List(list) => list.items.iter().for_each(|item| self.blocks(&item.content)),
            Block::Admonition { kind, content, .. } => {
                self.gotcha(kind, content);
                self.blocks(content);
            }
            Block::Details { content, .. } | Block::Quote(content) => self.blocks(content),
            Block::Tabs(tabs) => {
                for (number, tab) in tabs.iter().enumerate() {
                    self.lead = lead.clone();
                    let outside = self.alternative;
                    self.alternative = outside || number > 0;
                    self.blocks(&tab.content);
                    self.alternative = outside;
                }
            }
            // The code of API entries is signatures and their examples; neither starts anyone off.
            Block::DefinitionList(_)
            | Block::Table(_)
            | Block::Math(_)
            | Block::Footnote { .. }
            | Block::Rule => {}
        }
    }

    fn code(&mut self, code: &CodeBlock, lead: Option<String>) {
        for command in install_commands(&code.text) {
            if !self.found.installs.contains(&command) {
                self.found.installs.push(command);
            }
        }
        if source_install(&code.text) {
            self.found.source_installs.push(code.clone());
        }
        let lines = code.text.lines().count();
        if self.found.examples.len() < MOST_EXAMPLES && (1..=LONGEST_EXAMPLE).contains(&lines) {
            let above = self.above.iter().map(|(_, text)| text.clone()).collect();
            let (section, alternative) = (self.section.clone(), self.alternative);
            self.found.examples.push(Example { section, above, lead, code: code.clone(), alternative });
        }
    }

    /// The first warnings; where a section has every kind of admonition, it shows how they look.
    fn warnings(&mut self) -> Vec<Gotcha> {
        let shows = |section: &str| self.kinds.get(section).is_some_and(|kinds| kinds.len() >= ALL_KINDS);
        let warnings = std::mem::take(&mut self.warnings);
        warnings.into_iter().filter(|gotcha| !shows(&gotcha.section)).take(MOST_GOTCHAS).collect()
    }

    fn gotcha(&mut self, kind: &str, content: &[Block]) {
        self.kinds.entry(self.section.clone()).or_default().insert(kind.to_owned());
        let weight = match kind {
            "danger" | "error" | "critical" => Weight::Danger,
            "warning" | "caution" | "attention" => Weight::Warning,
            "important" => Weight::Important,
            _ => return,
        };
        let paragraph = content.iter().find_map(|block| match block {
            Block::Paragraph(content) => Some(inline_markdown(content)),
            _ => None,
        });
        let text = first_sentences(&paragraph.unwrap_or_default(), LONGEST_GOTCHA);
        // A warning that points at what stands around it says nothing on its own.
        let elsewhere =
            text.ends_with(':') || [" above", " below", "following"].iter().any(|word| text.contains(word));
        if text.chars().count() >= SHORTEST_OPENING / 2 && !elsewhere && !only_names_itself(&text, kind) {
            self.warnings.push(Gotcha { weight, section: self.section.clone(), text });
        }
    }
}

/// Whether a warning is the sample of a warning: `This is a dangerous warning.`
fn only_names_itself(text: &str, kind: &str) -> bool {
    let lower = text.to_lowercase();
    let kinds = [kind, "warning", "danger", "caution", "note", "tip", "admonition", "box"];
    lower.starts_with("this is a")
        && text.split_whitespace().count() <= 6
        && kinds.iter().any(|kind| lower.contains(kind))
}

/// Whether a line has code and nothing else.
fn is_code(line: &[Inline]) -> bool {
    line.iter().all(|inline| match inline {
        Inline::Code(_) => true,
        Inline::Text(text) => text.trim().is_empty(),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::{Weight, excerpts};
    use crate::document::{Block, CodeBlock, Inline};

    fn paragraph(text: &str) -> Block {
        Block::Paragraph(vec![Inline::Text(text.into())])
    }

    fn code(text: &str) -> Block {
        Block::Code(CodeBlock { text: text.into(), ..CodeBlock::default() })
    }

    #[test]
    fn the_opening_is_prose_and_examples_keep_their_lead() {
        let badge = Block::Paragraph(vec![Inline::Link {
            url: "https://d.example".into(),
            content: vec![Inline::Text("a badge with a rather long text that is no introduction".into())],
        }]);
        let blocks = [
            badge,
            paragraph("Short."),
            paragraph("The tool trains language models on your own data."),
            Block::Heading { level: 2, id: None, content: vec![Inline::Text("Install".into())] },
            paragraph("Install it:"),
            code("$ pip install tool\n$ tool --help"),
            Block::Admonition {
                kind: "warning".into(),
                title: None,
                content: vec![paragraph("Training overwrites the output folder.")],
            },
            Block::Admonition {
                kind: "note".into(),
                title: None,
                content: vec![paragraph("Nothing of note here.")],
            },
        ];
        let found = excerpts("Tool", &blocks);
        assert_eq!(found.openings, ["The tool trains language models on your own data."]);
        assert_eq!(found.installs, ["pip install tool"]);
        assert_eq!(found.examples.len(), 1);
        assert_eq!(found.examples[0].section, "Install");
        assert_eq!(found.examples[0].lead.as_deref(), Some("Install it:"));
        assert_eq!(found.gotchas.len(), 1);
        assert_eq!(found.gotchas[0].weight, Weight::Warning);
    }

    #[test]
    fn a_section_on_admonitions_warns_of_nothing() {
        let shown = |kind: &str| Block::Admonition {
            kind: kind.into(),
            title: None,
            content: vec![paragraph("Content that needs attention because of its risks.")],
        };
        let kinds = ["note", "tip", "warning", "danger"].map(shown);
        assert!(excerpts("Markdown", &kinds).gotchas.is_empty());
        assert_eq!(excerpts("Markdown", &kinds[1..]).gotchas.len(), 2);
    }
}
