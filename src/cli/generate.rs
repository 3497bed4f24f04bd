//! `skillcrawl generate`: a config for a site, written after a look at it.

use std::path::Path;

use anyhow::{Context, anyhow};
use serde_json::{Value, json};

use super::again::quoted;
use super::args::{GenerateArgs, RenderArg};
use super::config::place::{check_folder, in_the_way, write};
use super::config_source::config_failure;
use super::exit::ExitCode;
use super::failure::Failure;
use super::generate_selectors::add_selectors;
use super::printer::Printer;
use super::profiles::load_profiles;
use super::scrape::crawl_failure;
use super::stop::stop_on_signals;
use super::survey::{Depth, SurveyError, Surveyed, Surveyor};
use super::survey_fetcher::Showing;
use crate::config::canonical::to_text;
use crate::config::file::SiteConfigFile;
use crate::config::{SiteConfig, load};
use crate::crawl::CrawlError;
use crate::survey::evidence::Evidence;
use crate::survey::extent::extent;
use crate::survey::naming::slug;
use crate::survey::propose::{Proposal, Wishes, propose, template};
use crate::survey::root::{folder_of_docs, other_root};
use crate::url::CanonicalUrl;

/// The requests of a look at a site, and those for files that list pages.
const REQUESTS: u64 = 30;
const LISTINGS: u32 = 10;
/// Pages in the browser: the front page and one more.
const SHOWN: u32 = 2;
/// How often the documentation may turn out to be elsewhere.
const MOST_MOVES: usize = 3;
/// The longest description that the Agent Skills specification allows, in characters.
const LONGEST_DESCRIPTION: usize = 1024;
/// The schema of configs, where a folder of configs has it.
const SCHEMA: &str = "schema/config.schema.json";

/// What came of a look at a site.
enum Looked {
    At { proposal: Box<Proposal>, evidence: Box<Evidence>, moves: Vec<String> },
    Nobody { config: Box<SiteConfigFile>, why: String },
}

/// Runs the command: the config as a file, or on stdout.
///
/// # Errors
///
/// A [`Failure`] when the address is none, robots.txt refuses it, a config is in the way, or the disk refuses.
pub fn run(args: &GenerateArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let url = address(&args.url)?;
    let wishes = wishes(args)?;
    // What is in the way is told before anybody is asked.
    check_folder(&args.output)?;
    if let Some(name) = &wishes.name {
        check_place(&args.output, name, args)?;
    }
    let looked = look(&url, &wishes, args, printer)?;
    let (config, result) = match &looked {
        Looked::At { proposal, evidence, moves } => {
            for moved in moves {
                printer.line(&format!("{:<12} {moved}", "docs root"));
            }
            for finding in &proposal.findings {
                printer.line(&format!("{:<12} {}", finding.about, finding.found));
            }
            (&proposal.config, verified(proposal, evidence, moves))
        }
        Looked::Nobody { config, why } => {
            printer.warning(&format!("nothing in this config was verified: {why}"));
            (config.as_ref(), json!({"verified": false, "why": why}))
        }
    };
    check(config)?;
    finish(config, result, args, printer)
}

fn verified(proposal: &Proposal, evidence: &Evidence, moves: &[String]) -> Value {
    json!({
        "verified": true,
        "generator": proposal.generator,
        "needs_js": proposal.needs_browser.map(|share| share > 0.0),
        "docs_root": moves,
        "navigation": proposal.groups,
        "findings": proposal.findings,
        "survey": {
            "requests": evidence.requests, "pages": evidence.looked_at.len(), "robots": evidence.robots,
            "listings": evidence.listings,
        },
    })
}

/// Writes or prints the config, and says what to do next.
fn finish(
    config: &SiteConfigFile,
    mut result: Value,
    args: &GenerateArgs,
    printer: &Printer,
) -> Result<ExitCode, Failure> {
    let name = config.name.clone().unwrap_or_default();
    let text = with_schema(to_text(config), &args.output);
    result["name"] = json!(name);
    result["config"] = serde_json::from_str(&text).unwrap_or_default();
    if args.dry_run {
        printer.result(text.trim_end(), &result);
        return Ok(ExitCode::Success);
    }
    let file = write(&text, &args.output, &name, args.force)?;
    let is_usual = args.output == Path::new(super::config_source::CONFIGS);
    let named = if is_usual { name } else { file.display().to_string() };
    let next = format!("skillcrawl estimate {}", quoted(&named));
    result["file"] = json!(file);
    result["next"] = json!(next);
    printer.note(&format!("look over it, then run `{next}` or `skillcrawl build {}`", quoted(&named)));
    printer.result(&file.display().to_string(), &result);
    Ok(ExitCode::Success)
}

fn address(text: &str) -> Result<CanonicalUrl, Failure> {
    let is_bare = !text.contains("://");
    let whole = if is_bare { format!("https://{text}") } else { text.to_owned() };
    let hint = "give one with `https://`";
    let url = CanonicalUrl::parse(&whole)
        .with_context(|| format!("`{text}` is no address"))
        .map_err(|error| Failure::with_code(error, ExitCode::Usage).hint(hint))?;
    // A word alone is rather the name of a tool.
    let host = url.as_url().host_str().unwrap_or_default();
    let is_host = host.contains(['.', ':']) || host == "localhost" || url.as_url().port().is_some();
    if is_bare && !is_host {
        return Err(Failure::with_code(anyhow!("`{text}` is no address"), ExitCode::Usage).hint(hint));
    }
    Ok(url)
}

fn wishes(args: &GenerateArgs) -> Result<Wishes, Failure> {
    let name = args.name.as_deref().map(slug);
    if name.as_deref() == Some("") {
        let error = anyhow!("`--name` has no letter or digit in it");
        return Err(Failure::with_code(error, ExitCode::Usage));
    }
    if args.description.as_ref().is_some_and(|text| text.chars().count() > LONGEST_DESCRIPTION) {
        let error = anyhow!("`--description` is longer than {LONGEST_DESCRIPTION} characters");
        return Err(Failure::with_code(error, ExitCode::Usage));
    }
    Ok(Wishes { name, description: args.description.clone() })
}

/// Looks at the site, and where the documentation turns out to be elsewhere, there.
fn look(
    url: &CanonicalUrl,
    wishes: &Wishes,
    args: &GenerateArgs,
    printer: &Printer,
) -> Result<Looked, Failure> {
    let nobody =
        |why: &str| Looked::Nobody { config: Box::new(template(url.as_str(), wishes)), why: why.to_owned() };
    if args.offline {
        return Ok(nobody("nobody was asked"));
    }
    let interrupt = stop_on_signals(*printer);
    let _over = interrupt.clone().drop_guard();
    let profiles = load_profiles(&crate::config::ExtractRules::default())?;
    let surveyor = Surveyor::new(&profiles, args.browser.chrome.as_deref(), printer, interrupt);
    let showing = Showing { most: SHOWN, eager: true };
    let depth = Depth { requests: REQUESTS, grows: false, listings: LISTINGS, showing };
    let mut moves = Vec::new();
    let mut root = url.clone();
    // Where to begin, if the folder turns out to have no page of its own.
    let (mut start, mut inside) = (None, None);
    loop {
        let mut config = config_at(&root, args)?;
        config.scope.start_urls = vec![start.clone().unwrap_or_else(|| root.clone())];
        let Surveyed { evidence, pages } = match surveyor.survey(&config, depth) {
            Ok(surveyed) => surveyed,
            Err(SurveyError::Other(failure)) => return Err(failure),
            Err(SurveyError::Site(CrawlError::SeedMoved { to, .. })) if moves.len() < MOST_MOVES => {
                let next = folder_of_docs(&to);
                moves.push(format!("`{next}`: `{root}` leads there"));
                root = next;
                continue;
            }
            Err(SurveyError::Site(error @ CrawlError::RobotsRefused { .. })) => {
                return Err(crawl_failure(error));
            }
            Err(SurveyError::Site(error @ CrawlError::Unreachable { .. })) => {
                return Ok(nobody(&Failure::new(error).message));
            }
            Err(SurveyError::Site(CrawlError::SeedRefused { .. })) if start.is_none() && inside.is_some() => {
                start = inside.take();
                continue;
            }
            Err(SurveyError::Site(error)) => return Err(crawl_failure(error)),
        };
        if evidence.looked_at.is_empty() {
            let why =
                if evidence.throttled { "the server asks for patience" } else { "no page could be read" };
            return Ok(nobody(why));
        }
        match other_root(&evidence).filter(|_| moves.len() < MOST_MOVES) {
            Some(other) => {
                moves.push(format!("`{}`: {}", other.url, other.why));
                inside = other.holds_page.then(|| root.clone());
                root = other.url;
            }
            None => {
                let extent = extent(&evidence);
                let mut proposal = Box::new(propose(&evidence, &extent, &config, wishes));
                add_selectors(&mut proposal, &evidence, &pages, &profiles);
                proposal.config.start_urls = start.map(|start| vec![start.as_str().to_owned()]);
                return Ok(Looked::At { proposal, evidence: Box::new(evidence), moves });
            }
        }
    }
}

/// What a look goes by: everything left to the program but the address.
fn config_at(root: &CanonicalUrl, args: &GenerateArgs) -> Result<SiteConfig, Failure> {
    let typed = json!({"name": "survey", "base_url": root.as_str()});
    let loaded =
        load::parse(&typed.to_string(), Path::new("the config")).map_err(|error| config_failure(&error))?;
    let mut config = loaded.config;
    if let Some(render) = args.render.map(RenderArg::mode).filter(|_| config.scope.repository.is_none()) {
        config.fetch.render = render;
    }
    Ok(config)
}

/// Nothing is written that does not load.
fn check(config: &SiteConfigFile) -> Result<(), Failure> {
    load::parse(&to_text(config), Path::new("the config")).map(drop).map_err(|error| config_failure(&error))
}

/// The text with the schema named, where that is there: editors complete configs by it.
fn with_schema(text: String, folder: &Path) -> String {
    if !folder.join(SCHEMA).is_file() {
        return text;
    }
    text.replacen("{\n", &format!("{{\n  \"$schema\": \"./{SCHEMA}\",\n"), 1)
}

fn check_place(folder: &Path, name: &str, args: &GenerateArgs) -> Result<(), Failure> {
    let file = folder.join(format!("{name}.json"));
    if file.exists() && !args.force && !args.dry_run {
        return Err(in_the_way(&file));
    }
    Ok(())
}
