//! The whole reference: what the API is, where it is, who may ask, its operations by tag, its schemas.

use std::collections::BTreeMap;

use super::description::Description;
use super::operation::{Operation, operations};
use super::resolve::Node;
use super::schema::{labelled, table};
use super::type_line::value_code;
use super::words::{code, heading, join, text};
use super::writer::{MarkdownReader, Writer, schema_id};
use crate::document::{Block, Inline, List, ListItem};
use crate::url::CanonicalUrl;

/// The most operations of one reference.
const MOST_OPERATIONS: usize = 10_000;
/// The most schemas of one reference.
const MOST_SCHEMAS: usize = 20_000;

/// The blocks that a description makes.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiReference {
    /// What the API is called; empty where the description does not say.
    pub title: String,
    /// The reference, with a heading of the second level for each tag and one of the third for each operation.
    pub blocks: Vec<Block>,
    /// How many operations there are.
    pub operations: usize,
}

/// Operations that share a tag.
struct Group<'a> {
    title: String,
    tag: Option<Node<'a>>,
    operations: Vec<Operation<'a>>,
}

/// Writes a description out. `page` is the page that shows it, which links within the reference belong to; `markdown`
/// turns its prose (CommonMark) into blocks.
pub fn reference(
    description: &Description,
    page: &CanonicalUrl,
    markdown: &MarkdownReader<'_>,
) -> ApiReference {
    let writer = Writer::new(&description.files, page, markdown);
    let top = description.files.top();
    let title = description.title().unwrap_or_default().to_owned();
    let mut blocks = Vec::new();
    if !title.is_empty() {
        blocks.push(heading(1, None, vec![text(title.clone())]));
    }
    blocks.extend(writer.overview(top));
    blocks.extend(writer.servers(top));
    blocks.extend(writer.authentication(2));
    let groups = writer.groups(top);
    let mut count = 0;
    for group in &groups {
        blocks.push(heading(2, None, vec![text(group.title.clone())]));
        if let Some(tag) = group.tag {
            blocks.extend(tag.text("description").into_iter().flat_map(|told| writer.prose(told, 4)));
            blocks.extend(writer.external_docs(tag));
        }
        for operation in &group.operations {
            blocks.extend(writer.operation(operation, 3));
            count += 1;
        }
    }
    blocks.extend(writer.schemas(top));
    ApiReference { title, blocks, operations: count }
}

impl<'a> Writer<'a> {
    /// Version, description, contact and terms.
    fn overview(&self, top: Node<'_>) -> Vec<Block> {
        let mut blocks = Vec::new();
        let Some(info) = top.get("info") else { return blocks };
        let version = info.value.get("version").filter(|version| version.is_string() || version.is_number());
        blocks.extend(version.map(|version| labelled("Version:", vec![value_code(version)])));
        blocks.extend(info.text("summary").map(|summary| Block::Paragraph(self.line(summary))));
        blocks.extend(info.text("description").into_iter().flat_map(|told| self.prose(told, 2)));
        blocks.extend(self.external_docs(top));
        // A list, so that none of it is taken for the opening of the page.
        let mut facts = Vec::new();
        if let Some(contact) = info.get("contact") {
            let name = contact.text("name").map(|name| vec![text(name)]);
            let url = contact.text("url");
            let line = match (url, name) {
                (Some(url), name) => self.link(url, name.unwrap_or_else(|| vec![text(url)])),
                (None, name) => name.unwrap_or_default(),
            };
            let mail =
                contact.text("email").map(|mail| self.link(&format!("mailto:{mail}"), vec![text(mail)]));
            let line = join([line, mail.unwrap_or_default()], &text(", "));
            facts.extend((!line.is_empty()).then(|| labelled("Contact:", line)));
        }
        if let Some(license) = info.get("license") {
            let name = license.text("name").or_else(|| license.text("identifier")).unwrap_or_default();
            let line = match license.text("url") {
                Some(url) => self.link(url, vec![text(if name.is_empty() { url } else { name })]),
                None => vec![text(name)],
            };
            facts.push(labelled("License:", line));
        }
        if let Some(terms) = info.text("termsOfService") {
            facts.push(labelled("Terms of service:", self.link(terms, vec![text(terms)])));
        }
        let items: Vec<ListItem> =
            facts.into_iter().map(|fact| ListItem { checked: None, content: vec![fact] }).collect();
        blocks.extend((!items.is_empty()).then_some(Block::List(List { start: None, items })));
        blocks
    }

    fn servers(&self, top: Node<'_>) -> Vec<Block> {
        let servers = top.get("servers").into_iter().flat_map(Node::items);
        let mut variables = Vec::new();
        let mut rows = Vec::new();
        for server in servers {
            let Some(url) = server.text("url") else { continue };
            let told = server.text("description").map(|told| self.line(told)).unwrap_or_default();
            rows.push(vec![vec![code(url)], told]);
            for (name, variable) in server.get("variables").into_iter().flat_map(Node::entries) {
                variables.push(vec![vec![code(name)], self.describe(variable, Some(variable))]);
            }
        }
        // A description without servers is about the host that it came from, as is one that says `/`.
        let is_own_host = |row: &Vec<Vec<Inline>>| row.first().is_some_and(|url| *url == [code("/")]);
        if rows.iter().all(is_own_host) {
            return Vec::new();
        }
        let mut blocks = vec![heading(2, None, vec![text("Servers")])];
        blocks.push(table("", &["URL", "Description"], rows));
        if !variables.is_empty() {
            variables.dedup();
            blocks.push(table("Variables", &["Name", "Description"], variables));
        }
        blocks
    }

    /// The operations by their first tag: tags in the order in which they are declared, then as they come.
    fn groups<'n>(&'n self, top: Node<'n>) -> Vec<Group<'n>> {
        let declared = top.get("tags").into_iter().flat_map(Node::items);
        let mut groups: Vec<Group<'n>> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for tag in declared {
            let Some(name) = tag.text("name") else { continue };
            if !places.contains_key(name) {
                places.insert(name.to_owned(), groups.len());
                let title =
                    tag.text("x-displayName").or_else(|| tag.text("summary")).unwrap_or(name).to_owned();
                groups.push(Group { title, tag: Some(tag), operations: Vec::new() });
            }
        }
        let has_tags = !groups.is_empty();
        for operation in self.all_operations(top).into_iter().take(MOST_OPERATIONS) {
            let tag = operation.node.get("tags").and_then(|tags| tags.items().next());
            let tag = tag.and_then(|tag| tag.value.as_str()).unwrap_or_default().trim();
            let place = *places.entry(tag.to_owned()).or_insert_with(|| {
                let title = match (tag, has_tags) {
                    ("", true) => "Other operations",
                    ("", false) => "Operations",
                    (tag, _) => tag,
                };
                groups.push(Group { title: title.to_owned(), tag: None, operations: Vec::new() });
                groups.len() - 1
            });
            if let Some(group) = groups.get_mut(place) {
                group.operations.push(operation);
            }
        }
        let webhooks = top.get("webhooks").or_else(|| top.get("x-webhooks"));
        let webhooks = webhooks.into_iter().flat_map(Node::entries);
        let webhooks: Vec<_> =
            webhooks.flat_map(|(name, item)| operations(name, self.files.resolve(item))).collect();
        if !webhooks.is_empty() {
            groups.push(Group { title: "Webhooks".to_owned(), tag: None, operations: webhooks });
        }
        // A tag may do nothing but tell: Redoc shows it as a chapter of its own.
        groups.retain(|group| {
            !group.operations.is_empty() || group.tag.is_some_and(|tag| tag.text("description").is_some())
        });
        groups
    }

    fn all_operations<'n>(&'n self, top: Node<'n>) -> Vec<Operation<'n>> {
        let paths = top.get("paths").into_iter().flat_map(Node::entries);
        paths.flat_map(|(path, item)| operations(path, self.files.resolve(item))).collect()
    }

    fn schemas(&self, top: Node<'_>) -> Vec<Block> {
        let schemas = top.get("components").and_then(|components| components.get("schemas"));
        let mut blocks = Vec::new();
        for (name, schema) in schemas.into_iter().flat_map(Node::entries).take(MOST_SCHEMAS) {
            if blocks.is_empty() {
                blocks.push(heading(2, None, vec![text("Schemas")]));
            }
            blocks.push(heading(3, Some(schema_id(name)), vec![code(name)]));
            blocks.extend(self.schema(schema));
        }
        blocks
    }

    /// What a named schema is, without its name.
    fn schema(&self, schema: Node<'_>) -> Vec<Block> {
        let resolved = self.files.resolve(schema);
        let mut blocks = Vec::new();
        if resolved.is("deprecated") {
            let content = vec![Block::Paragraph(vec![text("This schema is deprecated.")])];
            blocks.push(Block::Admonition { kind: "deprecated".to_owned(), title: None, content });
        }
        blocks.extend(self.description(schema).into_iter().flat_map(|told| self.prose(told, 4)));
        let kind = self.type_line(schema);
        let fields = self.fields(schema, "");
        let extends = resolved.get("allOf").is_some() && !fields.is_empty();
        if fields.is_empty() || kind != [text("object")] {
            blocks.push(labelled(if extends { "Extends:" } else { "Type:" }, kind));
        }
        let notes = join(super::notes::notes(resolved), &Inline::Break);
        blocks.extend((!notes.is_empty()).then_some(Block::Paragraph(notes)));
        blocks.extend(fields);
        blocks.extend(self.schema_example(schema));
        blocks
    }
}
