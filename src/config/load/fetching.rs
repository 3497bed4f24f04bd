//! How the site is asked, and by how much at a time: numbers and words with their limits.

use std::time::Duration;

use super::{DEFAULT_CONCURRENCY, DEFAULT_PAGE_TIMEOUT, DEFAULT_RATE_LIMIT, DEFAULT_RETRIES, Reader};
use crate::config::error::ConfigError;
use crate::config::file::SiteConfigFile;
use crate::config::{DEFAULT_USER_AGENT, FetchRules, Politeness, Recycling, RenderMode};

impl Reader<'_> {
    pub(super) fn politeness(&self, file: &SiteConfigFile) -> Result<Politeness, ConfigError> {
        let delay = self.seconds("rate_limit", file.rate_limit.unwrap_or(DEFAULT_RATE_LIMIT))?;
        let user_agent = match file.user_agent.as_deref().map(str::trim) {
            None => DEFAULT_USER_AGENT.to_owned(),
            Some(text) if !text.is_empty() && text.chars().all(|letter| (' '..='~').contains(&letter)) => {
                text.to_owned()
            }
            Some(_) => return Err(self.value("user_agent", "must be printable ASCII text", None)),
        };
        Ok(Politeness { delay, user_agent })
    }

    pub(super) fn fetch(&self, file: &SiteConfigFile) -> Result<FetchRules, ConfigError> {
        let render = match file.render.as_deref() {
            None if file.browser == Some(true) => RenderMode::Always,
            None | Some("auto") => RenderMode::Auto,
            Some("always") => RenderMode::Always,
            Some("never") => RenderMode::Never,
            Some(word) => {
                return Err(self.value(
                    "render",
                    format!("is `{word}`"),
                    Some("use `auto`, `always` or `never`"),
                ));
            }
        };
        let page_timeout = self.seconds("page_timeout", file.page_timeout.unwrap_or(DEFAULT_PAGE_TIMEOUT))?;
        if page_timeout.is_zero() {
            return Err(self.value("page_timeout", "must be more than 0 seconds", None));
        }
        let concurrency = file.concurrency.unwrap_or(DEFAULT_CONCURRENCY);
        if !(1..=64).contains(&concurrency) {
            return Err(self.value("concurrency", format!("is {concurrency}; use 1 to 64"), None));
        }
        Ok(FetchRules {
            render,
            router: file.router.unwrap_or(true),
            page_timeout,
            concurrency,
            retries: file.retries.unwrap_or(DEFAULT_RETRIES),
            recycling: self.recycling(file)?,
        })
    }

    fn recycling(&self, file: &SiteConfigFile) -> Result<Recycling, ConfigError> {
        let default = Recycling::default();
        Ok(Recycling {
            pages_per_tab: self.count("pages_per_tab", file.pages_per_tab, default.pages_per_tab)?,
            pages_per_browser: self.count(
                "pages_per_browser",
                file.pages_per_browser,
                default.pages_per_browser,
            )?,
            memory_limit: self.memory_limit(file.memory_limit, default.memory_limit)?,
        })
    }

    fn count(&self, key: &str, typed: Option<usize>, default: usize) -> Result<usize, ConfigError> {
        match typed.unwrap_or(default) {
            0 => Err(self.value(key, "must be at least 1", None)),
            count => Ok(count),
        }
    }

    /// Megabytes as typed, bytes as meant. Chromium with one empty tab takes some 200 MB.
    fn memory_limit(&self, typed: Option<u64>, default: u64) -> Result<u64, ConfigError> {
        match typed {
            None => Ok(default),
            Some(megabytes @ 256..=1_048_576) => Ok(megabytes << 20),
            Some(megabytes) => Err(self.value(
                "memory_limit",
                format!("is {megabytes}; use 256 MB or more"),
                Some("the number is in megabytes"),
            )),
        }
    }

    fn seconds(&self, key: &str, value: f64) -> Result<Duration, ConfigError> {
        Duration::try_from_secs_f64(value)
            .ok()
            .filter(|duration| *duration <= Duration::from_secs(86_400))
            .ok_or_else(|| self.value(key, format!("is {value}, which is no number of seconds"), None))
    }
}
