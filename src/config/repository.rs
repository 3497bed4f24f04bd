//! The `repository` key of a config as it was typed: `true`, `false`, or an object of what differs from what is known.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

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
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Object {
    forge: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
    commit: Option<String>,
    tree: Option<String>,
    raw: Option<String>,
    page: Option<String>,
    folder: Option<String>,
    leave_out: Option<Vec<String>>,
}

impl<'de> Deserialize<'de> for RepositoryFile {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TrueOrObject)
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
