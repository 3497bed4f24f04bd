//! The frontmatter of SKILL.md (Agent Skills specification): written so that any YAML reader takes it.

use yaml_rust2::yaml::Hash;
use yaml_rust2::{Yaml, YamlLoader};

/// The keys that the specification allows.
pub const ALLOWED_KEYS: [&str; 6] =
    ["name", "description", "license", "compatibility", "metadata", "allowed-tools"];

/// The frontmatter that the crawler writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontmatter {
    /// The skill's name.
    pub name: String,
    /// What the skill does and when to use it.
    pub description: String,
    /// The licence of what the skill quotes, as the site names it.
    pub license: Option<String>,
    /// Further values, in order; each a string, as the specification wants.
    pub metadata: Vec<(String, String)>,
}

/// Why a SKILL.md has no readable frontmatter.
#[derive(Debug, thiserror::Error)]
pub enum FrontmatterError {
    /// The file does not begin with `---`.
    #[error("the file does not begin with frontmatter between two lines `---`")]
    Missing,
    /// The YAML cannot be read.
    #[error("the frontmatter is not valid YAML")]
    Yaml(#[source] yaml_rust2::ScanError),
    /// The YAML is a list or a single value.
    #[error("the frontmatter is not a mapping of keys to values")]
    NotAMapping,
}

/// Writes the frontmatter with its two fences. Values stand on one line in double quotes: plain scalars would need
/// rules for colons, dashes and numbers, which readers know differently.
pub fn write(frontmatter: &Frontmatter) -> String {
    let mut text =
        format!("---\nname: {}\ndescription: {}\n", frontmatter.name, quoted(&frontmatter.description));
    if let Some(license) = &frontmatter.license {
        text.push_str(&format!("license: {}\n", quoted(license)));
    }
    if !frontmatter.metadata.is_empty() {
        text.push_str("metadata:\n");
        for (key, value) in &frontmatter.metadata {
            text.push_str(&format!("  {key}: {}\n", quoted(value)));
        }
    }
    text.push_str("---\n");
    text
}

/// A double-quoted YAML scalar (YAML 1.2 §7.3.1).
fn quoted(text: &str) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("\"{}\"", folded.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Splits a SKILL.md into its frontmatter, as read, and its body.
///
/// # Errors
///
/// [`FrontmatterError`] when there is no frontmatter or it is not a YAML mapping.
pub fn split(text: &str) -> Result<(Hash, &str), FrontmatterError> {
    let rest = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n"));
    let rest = rest.ok_or(FrontmatterError::Missing)?;
    let end = rest.find("\n---").ok_or(FrontmatterError::Missing)?;
    let (yaml, after) = (&rest[..end], &rest[end + "\n---".len()..]);
    let body = match after.split_once('\n') {
        Some((fence, body)) if fence.trim().is_empty() => body,
        None if after.trim().is_empty() => "",
        _ => return Err(FrontmatterError::Missing),
    };
    let mut documents = YamlLoader::load_from_str(yaml).map_err(FrontmatterError::Yaml)?;
    match documents.pop() {
        Some(Yaml::Hash(keys)) if documents.is_empty() => Ok((keys, body)),
        _ => Err(FrontmatterError::NotAMapping),
    }
}

#[cfg(test)]
mod tests {
    use yaml_rust2::Yaml;

    use super::{Frontmatter, FrontmatterError, split, write};

    #[test]
    fn whatever_is_written_reads_back() {
        let description = "Say: \"yes\" # no comment, - no list, C:\\path, 'single' & {braces} é";
        let frontmatter = Frontmatter {
            name: "tool".into(),
            description: description.into(),
            license: Some("MIT: see LICENSE".into()),
            metadata: vec![("version".into(), "1.0".into())],
        };
        let text = write(&frontmatter) + "# Body\n";
        let (keys, body) = split(&text).unwrap();
        let value = |key: &str| keys.get(&Yaml::String(key.into())).and_then(Yaml::as_str);
        assert_eq!(value("name"), Some("tool"));
        assert_eq!(value("license"), Some("MIT: see LICENSE"));
        assert_eq!(value("description"), Some(description));
        assert_eq!(body, "# Body\n");
    }

    #[test]
    fn what_is_no_frontmatter_is_named() {
        assert!(matches!(split("# Title\n"), Err(FrontmatterError::Missing)));
        assert!(matches!(split("---\nname: x\n"), Err(FrontmatterError::Missing)));
        assert!(matches!(split("---\n- a\n---\n"), Err(FrontmatterError::NotAMapping)));
        assert!(matches!(split("---\na: b: c\n---\n"), Err(FrontmatterError::Yaml(_))));
    }
}
