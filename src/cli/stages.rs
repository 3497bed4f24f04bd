//! The stages of a page on its way to Markdown, as words and as JSON.

use std::fmt::Write as _;

use anyhow::anyhow;
use clap::ValueEnum;
use serde_json::{Value, json};

use super::args::StageArg;
use super::exit::ExitCode;
use super::failure::Failure;
use crate::config::ExtractRules;
use crate::extract::{LinkSource, Reading, form_read, outlinks};
use crate::fetched::{Exchange, Fetched};
use crate::markdown::to_markdown;
use crate::profile::Profiles;
use crate::render::Source;

/// A stage of a page.
#[derive(Debug)]
pub struct Shown {
    /// For people.
    pub text: String,
    /// For programs.
    pub value: Value,
}

/// The stage that is asked for.
///
/// # Errors
///
/// A [`Failure`] with exit code 2 when the page was recorded without it.
pub fn show(
    stage: StageArg,
    fetched: &Fetched,
    reading: &Reading,
    (profiles, rules): (&Profiles, &ExtractRules),
) -> Result<Shown, Failure> {
    Ok(match stage {
        StageArg::Fetched => {
            answer(fetched.exchange.as_ref().ok_or_else(|| missing("answer of the server"))?)
        }
        StageArg::Rendered => {
            let form = form_read(fetched, reading.source).ok_or_else(|| missing("HTML"))?;
            Shown {
                value: json!({"form": form.source, "base": form.base, "html": form.html}),
                text: form.html,
            }
        }
        StageArg::Document => {
            let value = serde_json::to_value(&reading.document).map_err(Failure::new)?;
            Shown { text: serde_json::to_string_pretty(&value).map_err(Failure::new)?, value }
        }
        StageArg::Markdown => {
            let text = to_markdown(&reading.document);
            Shown { value: json!(text), text: text.trim_end().to_owned() }
        }
        StageArg::Links => links(fetched, profiles, rules),
    })
}

/// The stage with what is known of the reading.
pub fn for_programs(stage: StageArg, fetched: &Fetched, reading: &Reading, shown: &Shown) -> Value {
    let name = stage.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    json!({
        "url": fetched.url,
        "fetched_at": fetched.fetched_at,
        "profile": reading.profile,
        "source": reading.source,
        "title": reading.document.title,
        "warnings": reading.warnings,
        "stage": name,
        name: shown.value,
    })
}

/// How a page was read, in a few words.
pub fn how_it_was_read(reading: &Reading) -> String {
    let form = match reading.source {
        Source::Sent => "as it was sent",
        Source::Dom => "as it was rendered",
        Source::Twin => "from its Markdown",
        Source::OpenApi => "from its API description",
    };
    format!("read {form}, with the profile {}", reading.profile)
}

fn missing(what: &str) -> Failure {
    Failure::with_code(anyhow!("the page is there without the {what}"), ExitCode::Usage)
        .hint("choose another `--stage`")
}

/// The answer as it came; a body that is no text is told by its size.
fn answer(exchange: &Exchange) -> Shown {
    let mut text = format!("{} {}\n", exchange.status, exchange.target);
    for (name, value) in &exchange.response_headers {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{name}: {value}");
    }
    let body = std::str::from_utf8(&exchange.body).ok();
    text.push('\n');
    match body {
        Some(body) => text.push_str(body.trim_end()),
        None => {
            let _ = write!(text, "({} bytes that are not UTF-8)", exchange.body.len());
        }
    }
    let value = json!({
        "target": exchange.target,
        "status": exchange.status,
        "headers": exchange.response_headers,
        "bytes": exchange.body.len(),
        "body": body,
    });
    Shown { text, value }
}

fn links(fetched: &Fetched, profiles: &Profiles, rules: &ExtractRules) -> Shown {
    let links = outlinks(fetched, profiles, rules);
    let place = |source: LinkSource| match source {
        LinkSource::Content => "content",
        LinkSource::Navigation => "navigation",
        LinkSource::Next => "next",
        LinkSource::Canonical => "canonical",
    };
    let lines: Vec<String> =
        links.iter().map(|link| format!("{:<10} {}", place(link.source), link.url)).collect();
    let value = links.iter().map(|link| json!({"url": link.url, "source": link.source})).collect();
    Shown { text: lines.join("\n"), value }
}
