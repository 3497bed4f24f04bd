//! What SKILL.md may quote of a page: its first real paragraph, its first examples, its install lines, its warnings.

use crate::document::{Block, CodeBlock, Inline, plain_text};
use crate::skill::quote::{first_sentences, inline_markdown};
use crate::skill::symbols::{looks_like_code, symbol_name};

/// The most examples that one page hands on.
const MOST_EXAMPLES: usize = 8;
/// The longest example, in lines.
const LONGEST_EXAMPLE: usize = 60;
/// The most warnings that one page hands on.
const MOST_GOTCHAS: usize = 3;
/// The longest warning, in characters.
const LONGEST_GOTCHA: usize = 320;
/// A paragraph with fewer characters introduces nothing.
const SHORTEST_OPENING: usize = 40;
/// The most opening paragraphs that one page hands on.
const MOST_OPENINGS: usize = 4;
/// Beginnings of commands that put software on a machine.
const INSTALLERS: [&str; 24] = [
    "pip install ",
    "pip3 install ",
    "python -m pip install ",
    "python3 -m pip install ",
    "uv pip install ",
    "uv add ",
    "uv tool install ",
    "pipx install ",
    "poetry add ",
    "conda install ",
    "mamba install ",
    "npm install ",
    "npm i ",
    "npm add ",
    "npx create-",
    "yarn add ",
    "pnpm add ",
    "bun add ",
    "cargo add ",
    "cargo install ",
    "go get ",
    "go install ",
    "brew install ",
    "docker pull ",
];

/// What may be quoted of a page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Excerpts {
    /// The first paragraphs that say something, each as one line of Markdown.
    pub openings: Vec<String>,
    /// The first examples in order.
    pub examples: Vec<Example>,
    /// Install commands, without a prompt, each once.
    pub installs: Vec<String>,
    /// Warnings in order.
    pub gotchas: Vec<Gotcha>,
}

/// A block of code with what stands around it.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// The heading or tab it stands under; empty before the first.
    pub section: String,
    /// The paragraph right before it, as one line of Markdown.
    pub lead: Option<String>,
    /// The code, to the letter.
    pub code: CodeBlock,
}

/// A warning admonition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gotcha {
    /// How grave it is.
    pub weight: Weight,
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

/// Collects what may be quoted of a page's blocks.
pub fn excerpts(blocks: &[Block]) -> Excerpts {
    let mut walk = Walk { found: Excerpts::default(), section: String::new(), lead: None, declares: false };
    walk.blocks(blocks);
    walk.found.openings = openings(blocks);
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
    lead: Option<String>,
    /// Whether the last block is a heading of code alone: the code below it declares what it names.
    declares: bool,
}

impl Excerpts {
    /// The first paragraph that says something.
    pub fn opening(&self) -> Option<&str> {
        self.openings.first().map(String::as_str)
    }

    /// The first paragraph that speaks of a subject by name, else the first that says something.
    pub fn opening_on(&self, subject: &str) -> Option<&str> {
        let subject = subject.to_lowercase();
        let named = self.openings.iter().find(|text| text.to_lowercase().contains(&subject));
        named.map(String::as_str).or_else(|| self.opening())
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
            Block::Heading { content, .. } => {
                self.section = plain_text(content);
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
                for tab in tabs {
                    self.lead = lead.clone();
                    self.blocks(&tab.content);
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
        for line in code.text.lines() {
            if let Some(command) = install_command(line)
                && !self.found.installs.contains(&command)
            {
                self.found.installs.push(command);
            }
        }
        let lines = code.text.lines().count();
        if self.found.examples.len() < MOST_EXAMPLES && (1..=LONGEST_EXAMPLE).contains(&lines) {
            self.found.examples.push(Example { section: self.section.clone(), lead, code: code.clone() });
        }
    }

    fn gotcha(&mut self, kind: &str, content: &[Block]) {
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
        if text.chars().count() >= SHORTEST_OPENING / 2
            && !elsewhere
            && self.found.gotchas.len() < MOST_GOTCHAS
        {
            self.found.gotchas.push(Gotcha { weight, text });
        }
    }
}

/// Whether a line has code and nothing else.
fn is_code(line: &[Inline]) -> bool {
    line.iter().all(|inline| match inline {
        Inline::Code(_) => true,
        Inline::Text(text) => text.trim().is_empty(),
        _ => false,
    })
}

/// The install command of a line of code, without its prompt.
pub fn install_command(line: &str) -> Option<String> {
    let line = line.trim();
    let command =
        ["$ ", "% ", "> ", "!", "# "].iter().find_map(|prompt| line.strip_prefix(prompt)).unwrap_or(line);
    let complete = !command.ends_with('\\');
    (complete && INSTALLERS.iter().any(|installer| command.starts_with(installer)))
        .then(|| command.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Weight, excerpts, install_command};
    use crate::document::{Block, CodeBlock, Inline};

    fn paragraph(text: &str) -> Block {
        Block::Paragraph(vec![Inline::Text(text.into())])
    }

    fn code(text: &str) -> Block {
        Block::Code(CodeBlock { text: text.into(), ..CodeBlock::default() })
    }

    #[test]
    fn install_lines_lose_their_prompt() {
        let check = |line: &str, command: Option<&str>| assert_eq!(install_command(line).as_deref(), command);
        check("$ pip install trl", Some("pip install trl"));
        check("!pip install -q trl", Some("pip install -q trl"));
        check("npm install --save-dev x", Some("npm install --save-dev x"));
        check("pip install \\", None);
        check("print('pip install')", None);
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
        let found = excerpts(&blocks);
        assert_eq!(found.openings, ["The tool trains language models on your own data."]);
        assert_eq!(found.installs, ["pip install tool"]);
        assert_eq!(found.examples.len(), 1);
        assert_eq!(found.examples[0].section, "Install");
        assert_eq!(found.examples[0].lead.as_deref(), Some("Install it:"));
        assert_eq!(found.gotchas.len(), 1);
        assert_eq!(found.gotchas[0].weight, Weight::Warning);
    }
}
