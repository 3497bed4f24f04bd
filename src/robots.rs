//! `robots.txt` by RFC 9309: text in, rules out.
//!
//! In order: [`RobotsTxt::parse`] reads the file once, [`RobotsTxt::rules_for`] merges the groups that address one
//! product token, and [`RobotsRules::verdict`] judges a URL by its longest matching rule. What is to be thought of a
//! file that could not be had is [`Robots`]. This module asks nothing of the network and has no switch that allows
//! what a file forbids.
//!
//! The lines are read by the `robotstxt` crate, a port of Google's parser. Its matcher is not used outside tests: it
//! reads the whole file again for every URL. What the parser cannot stand is taken from the text before: a byte-order
//! mark hides the first rule from it, and a very long line with multi-byte characters makes it panic.

mod page;
mod pattern;

use std::time::Duration;

use robotstxt::{RobotsParseHandler, parse_robotstxt};
use serde::{Deserialize, Serialize};

use crate::url::CanonicalUrl;

pub use page::PageDirectives;

use pattern::{matches, normalize};

/// How much of a file is read: RFC 9309 §2.5 asks for at least 500 kibibytes.
pub const MAX_BYTES: usize = 500 * 1024;

/// UTF-8's byte-order mark; a part of it at the beginning is passed over too.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The longest line that is read, in bytes; the parser's own limit is a few bytes above.
const MAX_LINE: usize = 16_000;

/// Longer delays than this are taken for a mistake and cut.
const MAX_CRAWL_DELAY: Duration = Duration::from_secs(480);

/// What is known of an authority's robots.txt (RFC 9309 §2.3.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Robots {
    /// The file was there.
    Rules(RobotsRules),
    /// There is none (4xx): everything may be asked.
    AllowAll,
    /// It could not be had (5xx, time-out, no connection): nothing may be asked.
    Unreachable {
        /// What happened, in words for the report.
        cause: String,
    },
}

/// A parsed robots.txt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RobotsTxt {
    groups: Vec<Group>,
    sitemaps: Vec<String>,
}

/// The rules that one crawler has to keep.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RobotsRules {
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

/// One `Allow` or `Disallow` line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// What it does.
    pub effect: Effect,
    /// The path pattern, percent-encoding normalised.
    pub pattern: String,
    /// The line of the file, from 1.
    pub line: u32,
}

/// What a rule does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// The path may be asked.
    Allow,
    /// The path may not be asked.
    Disallow,
}

/// The judgement on a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be asked.
    Allowed,
    /// It may not be asked; the rule in words, as "`Disallow: /private` in line 3".
    Disallowed(String),
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Group {
    agents: Vec<Agent>,
    rules: Vec<Rule>,
    crawl_delay: Option<Duration>,
}

#[derive(Clone, Debug, PartialEq)]
enum Agent {
    Any,
    Token(String),
}

impl Robots {
    /// Judges a URL of this authority.
    pub fn verdict(&self, url: &CanonicalUrl) -> Verdict {
        match self {
            Self::Rules(rules) => rules.verdict(url),
            Self::AllowAll => Verdict::Allowed,
            Self::Unreachable { cause } => Verdict::Disallowed(format!("robots.txt unreachable: {cause}")),
        }
    }

    /// The `Crawl-delay` of the file, if it has one for this crawler.
    pub fn crawl_delay(&self) -> Option<Duration> {
        match self {
            Self::Rules(rules) => rules.crawl_delay,
            Self::AllowAll | Self::Unreachable { .. } => None,
        }
    }
}

impl RobotsTxt {
    /// Reads a file. There is no wrong one: what is not understood is passed over (RFC 9309 §2.2).
    pub fn parse(body: &[u8]) -> Self {
        let mut reader = Reader::default();
        parse_robotstxt(&readable(body), &mut reader);
        reader.file
    }

    /// Merges the groups that name `product_token`, or those for `*` when none does (RFC 9309 §2.2.1).
    pub fn rules_for(&self, product_token: &str) -> RobotsRules {
        let named: Vec<&Group> = self.groups.iter().filter(|group| group.names(product_token)).collect();
        let groups = if named.is_empty() {
            self.groups.iter().filter(|group| group.agents.contains(&Agent::Any)).collect()
        } else {
            named
        };
        RobotsRules {
            rules: groups.iter().flat_map(|group| group.rules.clone()).collect(),
            crawl_delay: groups.iter().filter_map(|group| group.crawl_delay).max(),
        }
    }

    /// The `Sitemap` lines as they stand, in order.
    pub fn sitemaps(&self) -> &[String] {
        &self.sitemaps
    }
}

impl RobotsRules {
    /// Judges a URL: the longest matching rule decides, `Allow` wins a tie (RFC 9309 §2.2.2).
    pub fn verdict(&self, url: &CanonicalUrl) -> Verdict {
        let path = normalize(&path_and_query(url));
        if path == "/robots.txt" {
            return Verdict::Allowed;
        }
        let strongest = self
            .rules
            .iter()
            .filter(|rule| matches(&rule.pattern, &path))
            .max_by_key(|rule| (rule.pattern.len(), rule.effect == Effect::Allow));
        match strongest {
            Some(rule) if rule.effect == Effect::Disallow => {
                Verdict::Disallowed(format!("`Disallow: {}` in line {}", rule.pattern, rule.line))
            }
            _ => Verdict::Allowed,
        }
    }

    /// The longest `Crawl-delay` of the merged groups.
    pub fn crawl_delay(&self) -> Option<Duration> {
        self.crawl_delay
    }
}

impl Group {
    fn names(&self, product_token: &str) -> bool {
        self.agents
            .iter()
            .any(|agent| matches!(agent, Agent::Token(token) if token.eq_ignore_ascii_case(product_token)))
    }
}

/// The product token of a `User-Agent` header: its leading letters, hyphens and underscores.
pub fn product_token(user_agent: &str) -> &str {
    let end = user_agent.find(|c: char| !(c.is_ascii_alphabetic() || c == '-' || c == '_'));
    end.map_or(user_agent, |end| &user_agent[..end])
}

/// The text that is safe to hand to the parser: no byte-order mark, no more than the limits, valid UTF-8.
fn readable(body: &[u8]) -> String {
    let body = BYTE_ORDER_MARK.iter().fold(body, |rest, byte| rest.strip_prefix(&[*byte]).unwrap_or(rest));
    let text = String::from_utf8_lossy(&body[..body.len().min(MAX_BYTES)]);
    // Lines keep their own ends, so that the numbers in messages are those of the file.
    text.split_inclusive(['\n', '\r']).map(cut_line).collect()
}

fn cut_line(line: &str) -> String {
    if line.len() <= MAX_LINE {
        return line.to_owned();
    }
    let end = line.floor_char_boundary(MAX_LINE);
    let line_end = if line.ends_with('\n') || line.ends_with('\r') { &line[line.len() - 1..] } else { "" };
    format!("{}{line_end}", &line[..end])
}

/// Collects groups while the parser walks the lines.
#[derive(Default)]
struct Reader {
    file: RobotsTxt,
    /// Whether the current group has rules, so that the next `User-agent` opens a new one.
    group_has_rules: bool,
}

impl Reader {
    fn rule(&mut self, effect: Effect, line: u32, pattern: &str) {
        let Some(group) = self.file.groups.last_mut() else { return };
        self.group_has_rules = true;
        // An empty pattern matches nothing; its line only makes the group exist.
        if pattern.is_empty() {
            return;
        }
        let pattern = normalize(pattern);
        if let Some(folder) = index_folder(&pattern).filter(|_| effect == Effect::Allow) {
            group.rules.push(Rule { effect, pattern: folder, line });
        }
        group.rules.push(Rule { effect, pattern, line });
    }
}

impl RobotsParseHandler for Reader {
    fn handle_robots_start(&mut self) {}

    fn handle_robots_end(&mut self) {}

    fn handle_user_agent(&mut self, _line: u32, agent: &str) {
        if self.group_has_rules || self.file.groups.is_empty() {
            self.file.groups.push(Group::default());
            self.group_has_rules = false;
        }
        let any = agent.strip_prefix('*').is_some_and(|rest| !rest.starts_with(|c: char| !c.is_whitespace()));
        let agent = if any { Agent::Any } else { Agent::Token(product_token(agent).to_owned()) };
        if let Some(group) = self.file.groups.last_mut() {
            group.agents.push(agent);
        }
    }

    fn handle_allow(&mut self, line: u32, value: &str) {
        self.rule(Effect::Allow, line, value);
    }

    fn handle_disallow(&mut self, line: u32, value: &str) {
        self.rule(Effect::Disallow, line, value);
    }

    fn handle_sitemap(&mut self, _line: u32, value: &str) {
        self.file.sitemaps.push(value.to_owned());
    }

    fn handle_unknown_action(&mut self, _line: u32, action: &str, value: &str) {
        let Some(group) = self.file.groups.last_mut() else { return };
        if action.eq_ignore_ascii_case("crawl-delay") {
            group.crawl_delay = group.crawl_delay.max(crawl_delay(value));
        }
    }
}

fn crawl_delay(value: &str) -> Option<Duration> {
    let seconds = value.trim().parse::<f64>().ok()?;
    Duration::try_from_secs_f64(seconds).ok().map(|delay| delay.min(MAX_CRAWL_DELAY))
}

/// `Allow: /guide/index.html` also allows `/guide/`, as Google's matcher has it.
fn index_folder(pattern: &str) -> Option<String> {
    let (folder, file) = pattern.rsplit_once('/')?;
    file.starts_with("index.htm").then(|| format!("{folder}/$"))
}

fn path_and_query(url: &CanonicalUrl) -> String {
    match url.as_url().query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    }
}

#[cfg(test)]
mod tests;
