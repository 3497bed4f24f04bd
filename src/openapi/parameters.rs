//! Parameters of an operation: its own, and those of its path that it does not replace.

use super::resolve::Node;
use super::schema::{table, yes};
use super::words::{code, text};
use super::writer::Writer;
use crate::document::{Block, Inline};

/// The most parameters of one operation.
const MOST: usize = 500;

impl Writer<'_> {
    /// The table of parameters; none without parameters.
    pub(super) fn parameters(&self, path_item: Node<'_>, operation: Node<'_>) -> Vec<Block> {
        let own: Vec<Node<'_>> = items(self, operation);
        let key = |it: &Node<'_>| (it.text("name").map(str::to_owned), it.text("in").map(str::to_owned));
        let inherited =
            items(self, path_item).into_iter().filter(|it| !own.iter().any(|mine| key(mine) == key(it)));
        let rows: Vec<Vec<Vec<Inline>>> = inherited
            .chain(own.iter().copied())
            .take(MOST)
            .filter_map(|parameter| self.parameter_row(parameter))
            .collect();
        if rows.is_empty() {
            return Vec::new();
        }
        vec![table("Parameters", &["Name", "In", "Type", "Required", "Description"], rows)]
    }

    fn parameter_row(&self, parameter: Node<'_>) -> Option<Vec<Vec<Inline>>> {
        let name = parameter.text("name")?;
        let media = parameter.get("content").and_then(|content| content.entries().next());
        let schema = parameter.get("schema").or_else(|| media?.1.get("schema"));
        let mut kind = schema.map(|schema| self.type_line(schema)).unwrap_or_default();
        if let Some((media_type, _)) = media {
            kind.push(text(format!(" as {media_type}")));
        }
        let place = parameter.text("in").unwrap_or_default();
        Some(vec![
            vec![code(name)],
            vec![text(place)],
            kind,
            yes(parameter.is("required") || place == "path"),
            self.describe(parameter, schema),
        ])
    }

    /// The table of the headers of a response.
    pub(super) fn headers(&self, response: Node<'_>, caption: &str) -> Option<Block> {
        let headers = response.get("headers")?.entries().take(MOST).map(|(name, header)| {
            let header = self.files.resolve(header);
            let schema = header.get("schema");
            let kind = schema.map(|schema| self.type_line(schema)).unwrap_or_default();
            vec![vec![code(name)], kind, yes(header.is("required")), self.describe(header, schema)]
        });
        let rows: Vec<Vec<Vec<Inline>>> = headers.collect();
        (!rows.is_empty()).then(|| table(caption, &["Header", "Type", "Required", "Description"], rows))
    }
}

/// The parameters that a path or an operation lists, each as what it stands for.
fn items<'n>(writer: &'n Writer<'_>, node: Node<'n>) -> Vec<Node<'n>> {
    node.get("parameters").into_iter().flat_map(Node::items).map(|it| writer.files.resolve(it)).collect()
}
