//! A config in this program's own words: one site a file, no key that means nothing here, no second word for a thing.
//!
//! [`convert`] reads either shape of the existing format and gives a config for each documentation source in it;
//! [`with_defaults`] also writes down what a config leaves to the program.

use std::path::Path;

use serde_json::{Map, Value};

use super::error::ConfigError;
use super::file::{SiteConfigFile, ignored_keys};
use super::load::{
    DEFAULT_CONCURRENCY, DEFAULT_MAX_PAGES, DEFAULT_PAGE_TIMEOUT, DEFAULT_RATE_LIMIT, DEFAULT_RETRIES,
    malformed, parse, skill_name, typed,
};
use super::{DEFAULT_USER_AGENT, Recycling};

/// Where candidates come from, as `discover` names it.
const SOURCES: [&str; 5] = ["sitemap", "llms_txt", "links", "navigation", "indexes"];

/// What a file of the existing format says.
#[derive(Debug)]
pub struct Converted {
    /// A config for each documentation source, in the order of the file; never empty. Each loads.
    pub configs: Vec<SiteConfigFile>,
    /// What was left out, or reads otherwise than it was typed.
    pub notes: Vec<String>,
}

/// Rewrites a config of the existing format, in either of its shapes, in this program's own words.
///
/// Sources of other types are left out with a note; the file is refused where nothing else is in it.
///
/// # Errors
///
/// [`ConfigError`] where the file, or one of the configs in it, does not load.
pub fn convert(text: &str, path: &Path) -> Result<Converted, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let json: Value = serde_json::from_str(text).map_err(|cause| malformed(path, &cause, String::new()))?;
    let mut notes: Vec<String> =
        ignored_keys(&json).into_iter().map(|key| format!("`{key}` has no effect here")).collect();
    let mut configs = Vec::new();
    match json.get("sources").and_then(Value::as_array) {
        None => configs.push(in_own_words(typed(text, path)?)),
        Some(sources) => {
            let shared = without_sources(&json);
            let documentation = documentation_sources(sources, path, &mut notes)?;
            let several = documentation.len() > 1;
            for (number, source) in documentation {
                let mut config = in_own_words(typed_value(source, path)?.over(typed_value(&shared, path)?));
                if several {
                    config.name = config.name.map(|name| format!("{name}-{number}"));
                }
                configs.push(config);
            }
        }
    }
    for config in &configs {
        let text = serde_json::to_string(config).unwrap_or_default();
        let loaded = parse(&text, path)?;
        notes.extend(loaded.notes);
    }
    Ok(Converted { configs, notes })
}

/// The keys that all sources share.
fn without_sources(json: &Value) -> Value {
    let keys = json.as_object().into_iter().flatten().filter(|(key, _)| *key != "sources");
    Value::Object(keys.map(|(key, value)| (key.clone(), value.clone())).collect::<Map<_, _>>())
}

/// The sources that are documentation, with their number among them (from 1).
fn documentation_sources<'a>(
    sources: &'a [Value],
    path: &Path,
    notes: &mut Vec<String>,
) -> Result<Vec<(usize, &'a Value)>, ConfigError> {
    let mut found = Vec::new();
    let mut foreign = None;
    for (index, source) in sources.iter().enumerate() {
        match source.get("type").and_then(Value::as_str) {
            None | Some("documentation") => found.push((found.len() + 1, source)),
            Some(kind) => {
                notes.push(format!("source {} is of type `{kind}` and is left out", index + 1));
                foreign.get_or_insert((index + 1, kind.to_owned()));
            }
        }
    }
    match foreign {
        Some((number, kind)) if found.is_empty() => {
            Err(ConfigError::ForeignSource { path: path.to_owned(), number, kind })
        }
        _ => Ok(found),
    }
}

/// A part of a file. Its places are those of the part, so that they are not told.
fn typed_value(value: &Value, path: &Path) -> Result<SiteConfigFile, ConfigError> {
    typed(&value.to_string(), path).map_err(|error| match error {
        ConfigError::Malformed { path, message, .. } => ConfigError::Value {
            path,
            key: "sources".to_owned(),
            problem: format!("cannot be read: {message}"),
            hint: None,
        },
        error => error,
    })
}

/// The same config without second words for a thing and without the shape that it was typed in.
#[must_use]
pub fn in_own_words(mut file: SiteConfigFile) -> SiteConfigFile {
    file.kind = None;
    file.name = file.name.map(|name| skill_name(&name));
    if file.browser.take() == Some(true) {
        file.render.get_or_insert_with(|| "always".to_owned());
    }
    if file.skip_llms_txt.take() == Some(true) {
        let words = file.discover.take().unwrap_or_else(all_sources);
        file.discover = Some(words.into_iter().filter(|word| word != "llms_txt").collect());
    }
    if file.max_pages == Some(Some(-1)) {
        file.max_pages = Some(None);
    }
    file
}

/// The same config with every value that is left to the program written down.
#[must_use]
pub fn with_defaults(file: SiteConfigFile) -> SiteConfigFile {
    let recycling = Recycling::default();
    let defaults = SiteConfigFile {
        start_urls: file.base_url.clone().map(|url| vec![url]),
        rate_limit: Some(DEFAULT_RATE_LIMIT),
        max_pages: Some(Some(DEFAULT_MAX_PAGES)),
        render: Some("auto".to_owned()),
        router: Some(true),
        discover: Some(all_sources()),
        user_agent: Some(DEFAULT_USER_AGENT.to_owned()),
        page_timeout: Some(DEFAULT_PAGE_TIMEOUT),
        concurrency: Some(DEFAULT_CONCURRENCY),
        retries: Some(DEFAULT_RETRIES),
        pages_per_tab: Some(recycling.pages_per_tab),
        pages_per_browser: Some(recycling.pages_per_browser),
        memory_limit: Some(recycling.memory_limit >> 20),
        ..SiteConfigFile::default()
    };
    file.over(defaults)
}

fn all_sources() -> Vec<String> {
    SOURCES.map(str::to_owned).to_vec()
}

/// A config as it is written to a file: indented JSON with a line break at its end.
pub fn to_text(file: &SiteConfigFile) -> String {
    // Plain structs of texts and numbers always serialise.
    serde_json::to_string_pretty(file).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{convert, in_own_words, to_text, with_defaults};
    use crate::config::load::{parse, typed};

    fn texts(typed: &str) -> (Vec<String>, Vec<String>) {
        let converted = convert(typed, Path::new("a.json")).unwrap();
        let texts = converted.configs.iter().map(|config| serde_json::to_string(config).unwrap());
        (texts.collect(), converted.notes)
    }

    #[test]
    fn the_flat_shape_loses_second_words() {
        let (configs, notes) = texts(
            r#"{"name": "My Docs", "base_url": "https://d.example/", "browser": true, "max_pages": -1,
                "skip_llms_txt": true, "checkpoint": {"enabled": true}, "type": "documentation"}"#,
        );
        assert_eq!(
            configs,
            [concat!(
                r#"{"name":"my-docs","base_url":"https://d.example/","max_pages":null,"render":"always","#,
                r#""discover":["sitemap","links","navigation","indexes"]}"#
            )]
        );
        assert_eq!(notes, ["`checkpoint` has no effect here"]);
    }

    #[test]
    fn each_documentation_source_is_a_config_and_others_are_named() {
        let (configs, notes) = texts(
            r#"{"name": "d", "merge_mode": "rule-based", "rate_limit": 1, "sources": [
                {"type": "documentation", "base_url": "https://a.example/"},
                {"type": "github", "repo": "a/b", "include_issues": true},
                {"type": "documentation", "base_url": "https://b.example/", "rate_limit": 2}]}"#,
        );
        assert_eq!(
            configs,
            [
                r#"{"name":"d-1","base_url":"https://a.example/","rate_limit":1.0}"#,
                r#"{"name":"d-2","base_url":"https://b.example/","rate_limit":2.0}"#
            ]
        );
        assert_eq!(
            notes,
            ["`merge_mode` has no effect here", "source 2 is of type `github` and is left out"]
        );
        let foreign = r#"{"name": "d", "sources": [{"type": "pdf", "path": "a.pdf"}]}"#;
        let error = convert(foreign, Path::new("a.json")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "source 1 of `a.json` is of type `pdf`, which skillcrawl does not read"
        );
    }

    #[test]
    fn a_config_with_its_defaults_means_the_same() {
        let texts = [
            r#"{"name": "a", "base_url": "https://d.example/docs/"}"#,
            r#"{"name": "a", "base_url": "https://d.example/", "start_urls": ["https://d.example/a"],
                "max_pages": null, "selectors": {"remove": "nav"}, "categories": {"b": ["c"], "a": ["d"]},
                "url_patterns": {"exclude": ["/x/"]}, "library": {"folder": "1-a", "tier": 1},
                "repository": false, "page_timeout": 3.5, "browser": true}"#,
            r#"{"name": "a", "base_url": "https://code.example/o/r",
                "repository": {"forge": "gitlab", "ref": "main", "leave_out": ["tests"]}}"#,
        ];
        for text in texts {
            let path = Path::new("a.json");
            let meant = parse(text, path).unwrap().config;
            let file = || in_own_words(typed(text, path).unwrap());
            assert_eq!(parse(&to_text(&file()), path).unwrap().config, meant, "{text}");
            let full = to_text(&with_defaults(file()));
            assert_eq!(parse(&full, path).unwrap().config, meant, "{full}");
        }
    }
}
