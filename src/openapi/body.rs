//! What is sent: media types, fields, examples.

use super::resolve::Node;
use super::sample::Direction;
use super::schema::labelled;
use super::words::{code, join, text};
use super::writer::Writer;
use crate::document::{Block, Inline};

/// The most media types of one body.
const MOST_TYPES: usize = 20;

impl Writer<'_> {
    /// The request body of an operation.
    pub(super) fn request_body(&self, operation: Node<'_>) -> Vec<Block> {
        let Some(stated) = operation.get("requestBody") else { return Vec::new() };
        let body = self.files.resolve(stated);
        if body.value.is_null() {
            return Vec::new();
        }
        let label = if body.is("required") { "Request body (required)" } else { "Request body" };
        let mut blocks = vec![labelled(label, self.media_types(body))];
        blocks.extend(self.description(stated).into_iter().flat_map(|told| self.prose(told, 5)));
        for (media_type, schema) in self.distinct_schemas(body) {
            let caption = format!("Fields of the request body ({media_type})");
            blocks.extend(self.fields(schema, &caption));
        }
        for (media_type, media) in media(body) {
            blocks.extend(self.examples(media_type, media, "Example request", Direction::Request));
        }
        blocks
    }

    /// Media types with the type of the body in each: `application/json`: array of Pet.
    pub(super) fn media_types(&self, body: Node<'_>) -> Vec<Inline> {
        let types = media(body).map(|(media_type, media)| {
            let schema = media.get("schema").or_else(|| media.get("itemSchema"));
            let mut line = vec![code(media_type)];
            if let Some(schema) = schema {
                line.push(text(": "));
                line.extend(self.type_line(schema));
            }
            line
        });
        join(types, &text(", "))
    }

    /// The schemas of a body, one that several media types share once, with all of their names.
    pub(super) fn distinct_schemas<'n>(&self, body: Node<'n>) -> Vec<(String, Node<'n>)> {
        let mut distinct: Vec<(String, Node<'n>)> = Vec::new();
        for (media_type, media) in media(body) {
            let Some(schema) = media.get("schema").or_else(|| media.get("itemSchema")) else { continue };
            match distinct.iter_mut().find(|(_, known)| known.value == schema.value) {
                Some((types, _)) => *types = format!("{types}, {media_type}"),
                None => distinct.push((media_type.to_owned(), schema)),
            }
        }
        distinct
    }
}

/// The media types of a body in order.
pub(super) fn media(body: Node<'_>) -> impl Iterator<Item = (&str, Node<'_>)> {
    body.get("content").into_iter().flat_map(Node::entries).take(MOST_TYPES)
}
