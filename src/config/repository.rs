//! The `repository` key of a config as it was typed: `true`, `false`, or an object of what differs from what is known.

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::forge::Overrides;

/// What a config says of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RepositoryFile {
    /// The base URL is read as a site, also where a forge is known there.
    Never,
    /// The files of the repository are read.
    Found(Overrides),
}

/// The object; the names of the keys are those of the files of `selectors/forges/`.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Object {
    /// The forge by name: a file of `selectors/forges/`. Default: by the host.
    #[serde(skip_serializing_if = "Option::is_none")]
    forge: Option<String>,
    /// The branch, tag or commit. Default: the repository's own.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// Where the forge tells the commit of a reference, as a template.
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<String>,
    /// Where the forge lists the files of a commit, as a template.
    #[serde(skip_serializing_if = "Option::is_none")]
    tree: Option<String>,
    /// Where a file is served as it is, as a template.
    #[serde(skip_serializing_if = "Option::is_none")]
    raw: Option<String>,
    /// Where people are shown a file, as a template.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    /// Where people are shown a folder, as a template.
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<String>,
    /// Globs of paths that are left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    leave_out: Option<Vec<String>>,
}

impl<'de> Deserialize<'de> for RepositoryFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TrueOrObject)
    }
}

impl Serialize for RepositoryFile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Never => serializer.serialize_bool(false),
            Self::Found(overrides) if *overrides == Overrides::default() => serializer.serialize_bool(true),
            Self::Found(overrides) => {
                let Overrides { forge, reference, commit, tree, raw, page, folder, leave_out } =
                    overrides.clone();
                Object { forge, reference, commit, tree, raw, page, folder, leave_out }.serialize(serializer)
            }
        }
    }
}

/// An untagged enum would hide which key of the object is wrong.
struct TrueOrObject;

impl<'de> Visitor<'de> for TrueOrObject {
    type Value = RepositoryFile;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("`true`, `false` or an object")
    }

    fn visit_bool<E>(self, is_one: bool) -> Result<Self::Value, E> {
        Ok(if is_one { RepositoryFile::Found(Overrides::default()) } else { RepositoryFile::Never })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let Object { forge, reference, commit, tree, raw, page, folder, leave_out } =
            Object::deserialize(MapAccessDeserializer::new(map))?;
        let reference =
            reference.map(|name| name.trim_matches('/').to_owned()).filter(|name| !name.is_empty());
        Ok(RepositoryFile::Found(Overrides { forge, reference, commit, tree, raw, page, folder, leave_out }))
    }
}
