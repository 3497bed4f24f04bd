//! The JSON Schema of a site config, so that editors complete its keys and programs can write one.
//!
//! It is made from the structs that read a config, so it cannot say otherwise. The types below stand for values that
//! are read by hand, to name what is wrong with them.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema, schema_for};
use serde_json::Value;

use super::file::SiteConfigFile;
use super::repository::Object;

/// The schema (JSON Schema, draft 2020-12) of a config file.
pub fn schema() -> Value {
    schema_for!(SiteConfigFile).to_value()
}

/// `render`.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case", inline)]
#[expect(dead_code, reason = "it stands for a word in the schema")]
pub(super) enum RenderWord {
    /// The browser only where a page needs it.
    Auto,
    /// Every HTML page.
    Always,
    /// No browser is started.
    Never,
}

/// `discover`.
#[derive(JsonSchema)]
#[schemars(rename_all = "snake_case", inline)]
#[expect(dead_code, reason = "it stands for a word in the schema")]
pub(super) enum DiscoverWord {
    /// `sitemap.xml`, and those that robots.txt names.
    Sitemap,
    /// `llms.txt` and `llms-full.txt`.
    LlmsTxt,
    /// Links of the content.
    Links,
    /// Links of menus and sidebars.
    Navigation,
    /// Inventories and search indexes of the site's generator.
    Indexes,
}

/// `categories`.
pub(super) type Categories = BTreeMap<String, Vec<String>>;

/// `repository`.
#[derive(JsonSchema)]
#[schemars(untagged, inline)]
#[expect(dead_code, reason = "it stands for a value in the schema")]
pub(super) enum RepositoryValue {
    /// `false` to read a forge's own pages, `true` for its files.
    Read(bool),
    /// What differs from what is known of the forge.
    Found(Object),
}

/// A key of the existing format that loads without effect.
pub(super) struct Ignored;

impl JsonSchema for Ignored {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Ignored".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "description": "Loads without effect.", "deprecated": true })
    }
}
