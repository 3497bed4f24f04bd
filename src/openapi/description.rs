//! A description as it was loaded, parsed.

use serde_json::Value;

use super::resolve::Files;
use super::sniff::LARGEST;
use super::{swagger, yaml};
use crate::url::CanonicalUrl;

/// An API description with the files that it refers to.
#[derive(Clone, Debug)]
pub struct Description {
    pub(super) files: Files,
}

/// Why a text is no API description.
#[derive(Debug, thiserror::Error)]
pub enum DescriptionError {
    /// Larger than anybody reads.
    #[error("the description is larger than {LARGEST} bytes")]
    TooLarge,
    /// Neither JSON nor YAML.
    #[error("the description is neither JSON nor YAML: {0}")]
    Syntax(String),
    /// An object of another kind.
    #[error("the data states neither `openapi: 3` nor `swagger: 2.0`")]
    Other,
}

impl Description {
    /// Reads a description and the parts that were loaded with it, each JSON or YAML. A part that is neither is left
    /// out.
    ///
    /// # Errors
    ///
    /// [`DescriptionError`] when the text is no description of a known version.
    pub fn parse<'a>(
        url: &CanonicalUrl,
        text: &str,
        parts: impl IntoIterator<Item = (&'a CanonicalUrl, &'a str)>,
    ) -> Result<Self, DescriptionError> {
        let value = parse_value(text)?;
        let parts = parts.into_iter();
        let parts = parts.filter_map(|(url, text)| Some((url.document(), parse_value(text).ok()?)));
        Self::from_value(url, value, parts.collect())
    }

    /// The description that a value is.
    ///
    /// # Errors
    ///
    /// [`DescriptionError::Other`] when it is none.
    pub fn from_value(
        url: &CanonicalUrl,
        value: Value,
        parts: Vec<(CanonicalUrl, Value)>,
    ) -> Result<Self, DescriptionError> {
        let url = url.document();
        let value = match version(&value) {
            Some(Version::OpenApi3) => value,
            Some(Version::Swagger2) => swagger::to_openapi_3(value, &url),
            None => return Err(DescriptionError::Other),
        };
        Ok(Self { files: Files::new(url, value, parts) })
    }

    /// Where it was loaded from, or the page that it stands in.
    pub fn url(&self) -> &CanonicalUrl {
        &self.files.root
    }

    /// What the API is called.
    pub fn title(&self) -> Option<&str> {
        self.files.top().get("info")?.text("title")
    }
}

/// The formats that are read.
enum Version {
    Swagger2,
    OpenApi3,
}

/// Reads JSON, else YAML, of which JSON is nearly a part.
fn parse_value(text: &str) -> Result<Value, DescriptionError> {
    if text.len() > LARGEST {
        return Err(DescriptionError::TooLarge);
    }
    let text = text.trim_start_matches('\u{feff}').trim();
    match serde_json::from_str(text) {
        Ok(value) => Ok(value),
        Err(error) if text.starts_with(['{', '[']) && !error.is_syntax() => {
            Err(DescriptionError::Syntax(error.to_string()))
        }
        Err(_) => yaml::parse(text).map_err(DescriptionError::Syntax),
    }
}

fn version(value: &Value) -> Option<Version> {
    // YAML without quotes makes a number of `2.0`.
    let stated = |key: &str| value.get(key).map(|version| version.to_string().replace('"', ""));
    if stated("openapi").is_some_and(|version| version.starts_with("3.")) {
        Some(Version::OpenApi3)
    } else if stated("swagger").is_some_and(|version| version.starts_with("2.")) {
        Some(Version::Swagger2)
    } else {
        None
    }
}
