//! What comes back: a table of all answers, then what does not fit into a row.

use super::body::media;
use super::resolve::Node;
use super::sample::Direction;
use super::schema::table;
use super::words::{code, join};
use super::writer::Writer;
use crate::document::{Block, Inline};

/// The most responses of one operation.
const MOST: usize = 100;

impl Writer<'_> {
    /// The responses of an operation.
    pub(super) fn responses(&self, operation: Node<'_>) -> Vec<Block> {
        let Some(responses) = operation.get("responses") else { return Vec::new() };
        let known = || responses.entries().filter(|(status, _)| !status.starts_with("x-")).take(MOST);
        let rows: Vec<Vec<Vec<Inline>>> = known()
            .map(|(status, stated)| {
                let response = self.files.resolve(stated);
                let told = [response.text("summary"), self.description(stated)];
                let told = join(told.into_iter().flatten().map(|told| self.line(told)), &Inline::Break);
                vec![vec![code(status)], told, self.media_types(response)]
            })
            .collect();
        if rows.is_empty() {
            return Vec::new();
        }
        let mut blocks = vec![table("Responses", &["Status", "Description", "Body"], rows)];
        for (status, stated) in known() {
            blocks.extend(self.response_details(status, self.files.resolve(stated)));
        }
        blocks
    }

    fn response_details(&self, status: &str, response: Node<'_>) -> Vec<Block> {
        let mut blocks: Vec<Block> =
            self.headers(response, &format!("Headers of the {status} response")).into_iter().collect();
        for (media_type, schema) in self.distinct_schemas(response) {
            // What has a name is written out under it.
            if self.files.schema_name(schema).is_none() {
                let caption = format!("Fields of the {status} response ({media_type})");
                blocks.extend(self.fields(schema, &caption));
            }
        }
        for (media_type, media) in media(response) {
            let label = format!("Example {status} response");
            blocks.extend(self.examples(media_type, media, &label, Direction::Response));
        }
        blocks
    }
}
