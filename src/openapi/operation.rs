//! One operation: `GET /pets/{id}` and everything that is said of it.

use super::resolve::Node;
use super::schema::labelled;
use super::swagger::METHODS;
use super::words::{code, codes, heading, strong, text};
use super::writer::Writer;
use crate::document::{Block, CodeBlock, Inline};

/// The most callbacks of one operation, and the most operations in each.
const MOST_CALLBACKS: usize = 30;
/// The most samples of code of one operation.
const MOST_SAMPLES: usize = 30;

/// An operation and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Operation<'a> {
    /// In upper case.
    pub(super) method: &'a str,
    /// The path with its parameters, or the name of a webhook.
    pub(super) path: &'a str,
    pub(super) path_item: Node<'a>,
    pub(super) node: Node<'a>,
}

/// The operations of a path in the order of the description.
pub(super) fn operations<'n>(path: &'n str, path_item: Node<'n>) -> Vec<Operation<'n>> {
    let methods = path_item.entries().filter(|(key, node)| METHODS.contains(key) && node.value.is_object());
    methods.map(|(method, node)| Operation { method, path, path_item, node }).collect()
}

impl Operation<'_> {
    /// The method and the path, as a request line has them.
    pub(super) fn line(&self) -> String {
        format!("{} {}", self.method.to_ascii_uppercase(), self.path)
    }

    /// The anchor of its heading: the operation's own id, else one made of its line.
    fn anchor(&self) -> String {
        match self.node.text("operationId") {
            Some(id) => format!("operation-{id}"),
            None => {
                let line = self.line().to_ascii_lowercase();
                format!("operation-{}", line.replace(|letter: char| !letter.is_ascii_alphanumeric(), "-"))
            }
        }
    }
}

impl Writer<'_> {
    /// The section of an operation.
    pub(super) fn operation(&self, operation: &Operation<'_>, level: u8) -> Vec<Block> {
        let mut blocks = vec![heading(level, Some(operation.anchor()), vec![code(operation.line())])];
        blocks.extend(self.operation_body(operation, level + 1));
        blocks.extend(self.callbacks(operation.node, level + 1));
        blocks
    }

    fn operation_body(&self, operation: &Operation<'_>, level: u8) -> Vec<Block> {
        let node = operation.node;
        let mut blocks = Vec::new();
        if node.is("deprecated") {
            let content = vec![Block::Paragraph(vec![text("This operation is deprecated.")])];
            blocks.push(Block::Admonition { kind: "deprecated".to_owned(), title: None, content });
        }
        let path = operation.path_item;
        let summary = node.text("summary").or_else(|| path.text("summary"));
        blocks.extend(summary.map(|summary| Block::Paragraph(self.line(summary))));
        let told = node
            .text("description")
            .or_else(|| path.text("description"))
            .filter(|told| Some(*told) != summary);
        blocks.extend(told.into_iter().flat_map(|told| self.prose(told, level)));
        blocks.extend(self.external_docs(node));
        blocks.extend(node.text("operationId").map(|id| labelled("Operation:", vec![code(id)])));
        blocks.extend(self.requirement(node));
        let servers = node.get("servers").or_else(|| path.get("servers"));
        let urls = codes(servers.into_iter().flat_map(Node::items).filter_map(|server| server.text("url")));
        if !urls.is_empty() {
            blocks.push(labelled("Servers:", urls));
        }
        blocks.extend(self.parameters(path, node));
        blocks.extend(self.request_body(node));
        blocks.extend(self.responses(node));
        blocks.extend(code_samples(node));
        blocks
    }

    /// What the API itself asks for in the course of an operation.
    fn callbacks(&self, node: Node<'_>, level: u8) -> Vec<Block> {
        let mut blocks = Vec::new();
        for (name, callback) in node.get("callbacks").into_iter().flat_map(Node::entries).take(MOST_CALLBACKS)
        {
            for (path, path_item) in self.files.resolve(callback).entries().take(MOST_CALLBACKS) {
                let path_item = self.files.resolve(path_item);
                for operation in operations(path, path_item) {
                    let line = vec![text("Callback "), code(name), text(": "), code(operation.line())];
                    blocks.push(heading(level, None, line));
                    blocks.extend(self.operation_body(&operation, level + 1));
                }
            }
        }
        blocks
    }

    /// A link to more about a thing.
    pub(super) fn external_docs(&self, node: Node<'_>) -> Option<Block> {
        let docs = node.get("externalDocs")?;
        let url = docs.text("url")?;
        let content = docs.text("description").map_or_else(|| vec![text(url)], |told| self.line(told));
        Some(labelled("See also:", self.link(url, content)))
    }
}

/// The samples of code that the description itself gives (`x-codeSamples` of Redoc, and its older spelling).
fn code_samples(node: Node<'_>) -> Vec<Block> {
    let samples = ["x-codeSamples", "x-code-samples", "x-codesamples"].iter().find_map(|key| node.get(key));
    let mut blocks = Vec::new();
    for sample in samples.into_iter().flat_map(Node::items).take(MOST_SAMPLES) {
        let Some(source) = sample.text("source") else { continue };
        let language = sample.text("lang").unwrap_or_default();
        let label = sample.text("label").unwrap_or(language);
        if !label.is_empty() {
            blocks.push(Block::Paragraph(vec![Inline::Strong(vec![text(format!("Sample: {label}"))])]));
        }
        let language = fence_word(language);
        blocks.push(Block::Code(CodeBlock { language, caption: None, text: source.trim_end().to_owned() }));
    }
    if !blocks.is_empty() && !matches!(blocks.first(), Some(Block::Paragraph(_))) {
        blocks.insert(0, Block::Paragraph(vec![strong("Sample")]));
    }
    blocks
}

/// The name of a language as blocks of code have it.
fn fence_word(language: &str) -> Option<String> {
    let word = language.trim().to_ascii_lowercase();
    let word = match word.as_str() {
        "curl" | "shell" | "sh" => "bash",
        "c#" => "csharp",
        "c++" => "cpp",
        "node" | "node.js" | "js" => "javascript",
        word => word,
    };
    (!word.is_empty() && word.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-'))
        .then(|| word.to_owned())
}
