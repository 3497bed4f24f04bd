//! From the text of a config to a validated [`SiteConfig`]: parse, name what is wrong and where, fill in defaults.

mod fetching;

use std::path::Path;

use serde_json::Value;

use super::error::ConfigError;
use super::file::{OneOrMany, SelectorsFile, SiteConfigFile, foreign_source, ignored_keys};
use super::json_words::in_words;
use super::nearest::nearest;
use super::place::place;
use super::repository::RepositoryFile;
use super::{
    Discover, ExtractRules, FetchRules, RenderMode, ScopeRules, SelectorOverrides, SiteConfig, SkillRules,
};
use crate::forge::{Repository, RepositoryError};
use crate::url::CanonicalUrl;

/// Seconds between two requests to one host when the config says nothing.
pub(super) const DEFAULT_RATE_LIMIT: f64 = 0.5;
/// The most pages when the config says nothing.
pub(super) const DEFAULT_MAX_PAGES: i64 = 500;
/// Seconds that one page may take when the config says nothing.
pub(super) const DEFAULT_PAGE_TIMEOUT: f64 = 30.0;
/// Pages in work at once when the config says nothing; more gave little on two cores.
pub(super) const DEFAULT_CONCURRENCY: usize = 4;
/// Tries after a passing failure when the config says nothing.
pub(super) const DEFAULT_RETRIES: u32 = 3;
/// The longest name that the Agent Skills specification allows.
const MAX_NAME_LENGTH: usize = 64;
/// Words that people use for a key of another spelling.
const OTHER_WORDS: [(&str, &str); 11] = [
    ("seed", "start_urls"),
    ("seeds", "start_urls"),
    ("seed_urls", "start_urls"),
    ("url", "base_url"),
    ("limit", "max_pages"),
    ("delay", "rate_limit"),
    ("content", "main_content"),
    ("javascript", "render"),
    ("branch", "ref"),
    ("tag", "ref"),
    ("blob", "page"),
];

/// A config together with what its reader should know.
#[derive(Debug, PartialEq)]
pub struct LoadedConfig {
    /// The config.
    pub config: SiteConfig,
    /// Remarks on what was changed or had no effect.
    pub notes: Vec<String>,
}

/// Reads a config from the text of its file; `path` is for messages alone.
///
/// # Errors
///
/// [`ConfigError`] with file, line and column where the text has them.
pub fn parse(text: &str, path: &Path) -> Result<LoadedConfig, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim().is_empty() {
        let message = "the file is empty".to_owned();
        return Err(ConfigError::Malformed { path: path.to_owned(), line: 1, column: 1, message });
    }
    let json: Value = serde_json::from_str(text).map_err(|cause| malformed(path, &cause, String::new()))?;
    if !json.is_object() {
        let message = "expected one object, in braces".to_owned();
        return Err(ConfigError::Malformed { path: path.to_owned(), line: 1, column: 1, message });
    }
    if let Some((number, kind)) = foreign_source(&json) {
        return Err(ConfigError::ForeignSource { path: path.to_owned(), number, kind });
    }
    let file = typed(text, path)?;
    let mut notes: Vec<String> =
        ignored_keys(&json).into_iter().map(|key| format!("`{key}` has no effect here")).collect();
    let config = Reader { path }.site_config(file, &mut notes)?;
    Ok(LoadedConfig { config, notes })
}

pub(super) fn typed(text: &str, path: &Path) -> Result<SiteConfigFile, ConfigError> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let place = error.path().to_string();
        let cause = error.into_inner();
        unknown_key(path, &cause).unwrap_or_else(|| malformed(path, &cause, place))
    })
}

/// Reads key and alternatives out of serde's message for unknown fields, which has no structured form.
fn unknown_key(path: &Path, cause: &serde_json::Error) -> Option<ConfigError> {
    let message = cause.to_string();
    let mut quoted = message.strip_prefix("unknown field ")?.split('`').skip(1).step_by(2);
    let key = quoted.next()?.to_owned();
    let suggestion = meant_key(&key, quoted);
    // serde_json reports the end of the key.
    let column = cause.column().saturating_sub(key.len() + 1).max(1);
    Some(ConfigError::UnknownKey { path: path.to_owned(), key, line: cause.line(), column, suggestion })
}

/// The known key that was probably meant, by another word for it or by its spelling.
fn meant_key<'a>(key: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.collect();
    let synonym = OTHER_WORDS.iter().find(|(word, meant)| *word == key && known.contains(meant));
    synonym.map(|(_, meant)| *meant).or_else(|| nearest(key, known)).map(str::to_owned)
}

pub(super) fn malformed(path: &Path, cause: &serde_json::Error, place: String) -> ConfigError {
    // An empty file ends at column 0.
    let (line, column) = (cause.line(), cause.column().max(1));
    let message = cause.to_string();
    let message = in_words(message.split(" at line ").next().unwrap_or_default());
    let message = match place.as_str() {
        "" | "." | "?" => message,
        key => format!("`{key}`: {message}"),
    };
    ConfigError::Malformed { path: path.to_owned(), line, column, message }
}

/// Turns typed values into meant ones; knows the file only to name it in errors.
struct Reader<'a> {
    path: &'a Path,
}

impl Reader<'_> {
    fn site_config(
        &self,
        mut file: SiteConfigFile,
        notes: &mut Vec<String>,
    ) -> Result<SiteConfig, ConfigError> {
        if let Some(sources) = file.sources.take() {
            file = self.with_source(file, sources)?;
        }
        let name = self.name(file.name.take(), notes)?;
        let description =
            file.description.take().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        let scope = self.scope(&file)?;
        let mut fetch = self.fetch(&file)?;
        if scope.repository.is_some() {
            self.unrendered(&mut fetch, &file)?;
        }
        Ok(SiteConfig {
            name,
            description,
            scope,
            politeness: self.politeness(&file)?,
            fetch,
            extract: ExtractRules {
                profile: file.profile.take(),
                selectors: selectors(file.selectors.take().unwrap_or_default()),
            },
            skill: self.skill(&file)?,
        })
    }

    /// Lays the keys of the one documentation source over those of the file.
    fn with_source(
        &self,
        file: SiteConfigFile,
        mut sources: Vec<SiteConfigFile>,
    ) -> Result<SiteConfigFile, ConfigError> {
        if sources.len() != 1 {
            return Err(self.value(
                "sources",
                format!("holds {} sources; one is read", sources.len()),
                Some("write a config for each documentation site"),
            ));
        }
        let source = sources.remove(0);
        if source.sources.is_some() {
            return Err(self.value("sources[0].sources", "cannot be nested", None));
        }
        Ok(source.over(file))
    }

    fn name(&self, typed: Option<String>, notes: &mut Vec<String>) -> Result<String, ConfigError> {
        let Some(typed) = typed else {
            return Err(self.value("name", "is missing", Some("add a name such as `\"name\": \"my-docs\"`")));
        };
        let name = skill_name(&typed);
        let words_ok = name.split('-').all(|word| {
            !word.is_empty()
                && word.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit())
        });
        if !words_ok || name.len() > MAX_NAME_LENGTH {
            return Err(self.value(
                "name",
                format!("is `{typed}`, which is no skill name"),
                Some("use lower-case letters, digits and single hyphens, 64 characters at most"),
            ));
        }
        if name != typed {
            notes.push(format!(
                "the skill is named `{name}`, as the Agent Skills specification writes `{typed}`"
            ));
        }
        Ok(name)
    }

    fn scope(&self, file: &SiteConfigFile) -> Result<ScopeRules, ConfigError> {
        let Some(base_url) = &file.base_url else {
            return Err(self.value("base_url", "is missing", Some("add the root of the documentation")));
        };
        let base_url = self.url("base_url", base_url)?;
        let mut start_urls = Vec::new();
        for (index, text) in file.start_urls.iter().flatten().enumerate() {
            start_urls.push(self.url(&format!("start_urls[{index}]"), text)?);
        }
        if start_urls.is_empty() {
            start_urls.push(base_url.clone());
        }
        let repository = self.repository(&base_url, file.repository.as_ref())?;
        let patterns = file.url_patterns.clone().unwrap_or_default();
        Ok(ScopeRules {
            base_url,
            start_urls,
            include: patterns.include,
            exclude: patterns.exclude,
            max_pages: self.max_pages(file.max_pages)?,
            discover: self.discover(file)?,
            repository,
        })
    }

    /// The repository that is meant: the one at the base URL, unless the config says that there is none.
    fn repository(
        &self,
        base_url: &CanonicalUrl,
        typed: Option<&RepositoryFile>,
    ) -> Result<Option<Repository>, ConfigError> {
        let found = match typed {
            Some(RepositoryFile::Never) => Ok(None),
            None => Repository::at(base_url),
            Some(RepositoryFile::Found(overrides)) => Repository::of(base_url, overrides).map(Some),
        };
        found.map_err(|error| {
            let hint = match &error {
                RepositoryError::UnknownHost { .. } => {
                    Some("name what runs there, as `\"repository\": {\"forge\": \"gitlab\"}`")
                }
                RepositoryError::NoRepository { .. } => {
                    Some("set `base_url` to the repository, or to a folder of it as the forge shows it")
                }
                _ => None,
            };
            self.value("repository", format!("cannot be used: {error}"), hint)
        })
    }

    /// Files are read as they are, so no browser is started for them.
    fn unrendered(&self, fetch: &mut FetchRules, file: &SiteConfigFile) -> Result<(), ConfigError> {
        if fetch.render == RenderMode::Always {
            let key = if file.render.is_some() { "render" } else { "browser" };
            return Err(self.value(
                key,
                "asks for a browser, but the files of a repository are not rendered",
                Some("leave it out, or set `\"repository\": false` to read the pages that the forge shows"),
            ));
        }
        fetch.render = RenderMode::Never;
        Ok(())
    }

    fn max_pages(&self, typed: Option<Option<i64>>) -> Result<Option<usize>, ConfigError> {
        match typed.unwrap_or(Some(DEFAULT_MAX_PAGES)) {
            None | Some(-1) => Ok(None),
            Some(pages) => match usize::try_from(pages) {
                Ok(pages) if pages > 0 => Ok(Some(pages)),
                _ => Err(self.value(
                    "max_pages",
                    format!("is {pages}, which is no number of pages"),
                    Some("give a number from 1, or `null` for no limit"),
                )),
            },
        }
    }

    fn discover(&self, file: &SiteConfigFile) -> Result<Discover, ConfigError> {
        let all = Discover { sitemap: true, llms_txt: true, links: true, navigation: true, indexes: true };
        let mut discover = match &file.discover {
            None => all,
            Some(words) => {
                let mut chosen = Discover {
                    sitemap: false,
                    llms_txt: false,
                    links: false,
                    navigation: false,
                    indexes: false,
                };
                for word in words {
                    match word.as_str() {
                        "sitemap" => chosen.sitemap = true,
                        "llms_txt" => chosen.llms_txt = true,
                        "links" => chosen.links = true,
                        "navigation" => chosen.navigation = true,
                        "indexes" => chosen.indexes = true,
                        _ => {
                            return Err(self.value(
                                "discover",
                                format!("names `{word}`, which is no source of pages"),
                                Some("use `sitemap`, `llms_txt`, `links`, `navigation` and `indexes`"),
                            ));
                        }
                    }
                }
                chosen
            }
        };
        if file.skip_llms_txt == Some(true) {
            discover.llms_txt = false;
        }
        Ok(discover)
    }

    fn skill(&self, file: &SiteConfigFile) -> Result<SkillRules, ConfigError> {
        let mut categories = Vec::new();
        for (name, keywords) in file.categories.iter().flatten() {
            let keywords: Option<Vec<String>> = keywords
                .as_array()
                .and_then(|words| words.iter().map(|word| word.as_str().map(str::to_owned)).collect());
            let Some(keywords) = keywords else {
                return Err(self.value(&format!("categories.{name}"), "must be a list of keywords", None));
            };
            categories.push((name.clone(), keywords));
        }
        let library = file.library.clone().map(place).transpose();
        let library = library.map_err(|(key, problem)| self.value(key, problem, None))?;
        Ok(SkillRules { categories, library })
    }

    fn url(&self, key: &str, text: &str) -> Result<CanonicalUrl, ConfigError> {
        CanonicalUrl::parse(text).map_err(|_| {
            let hint = if text.contains("://") {
                "give an absolute http or https URL".to_owned()
            } else {
                format!("did you mean `https://{}`?", text.trim_start_matches('/'))
            };
            self.value(key, format!("is `{text}`, which is no URL to crawl"), Some(&hint))
        })
    }

    fn value(&self, key: &str, problem: impl Into<String>, hint: Option<&str>) -> ConfigError {
        ConfigError::Value {
            path: self.path.to_owned(),
            key: key.to_owned(),
            problem: problem.into(),
            hint: hint.map(str::to_owned),
        }
    }
}

/// A name as the Agent Skills specification spells it, where it can be.
pub(super) fn skill_name(typed: &str) -> String {
    typed.trim().to_lowercase().replace(['_', ' '], "-")
}

fn selectors(file: SelectorsFile) -> SelectorOverrides {
    SelectorOverrides {
        main_content: file.main_content,
        title: file.title,
        code_blocks: file.code_blocks,
        navigation: file.navigation,
        remove: match file.remove {
            None => Vec::new(),
            Some(OneOrMany::One(selector)) => vec![selector],
            Some(OneOrMany::Many(selectors)) => selectors,
        },
    }
}

#[cfg(test)]
mod tests;
