//! The rounds.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Parser, ValueEnum};

use crate::check::check;
use crate::contestants::{Contestant, Tools};
use crate::measure::adopt_orphans;
use crate::server::Server;
use crate::site::Router;
use crate::table::{Run, print_table};
use crate::task::Task;

/// Measures rendering.
#[derive(Debug, Parser)]
struct Options {
    /// Which site
    #[arg(long, value_enum, default_value = "application")]
    site: SiteChoice,
    /// Pages of the application
    #[arg(long, default_value_t = 200)]
    pages: usize,
    /// Pages that are rendered at once
    #[arg(long, default_value_t = 4)]
    tabs: usize,
    /// How often each contestant runs
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Only these contestants
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// The browser of the other contestants; default: the one that skillcrawl takes
    #[arg(long, value_name = "PATH")]
    theirs: Option<PathBuf>,
    /// Only serve the site, to look at it
    #[arg(long)]
    serve: bool,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SiteChoice {
    /// The application of this benchmark, routed by path
    Application,
    /// The same, routed by fragment
    Hash,
    /// The manual of this repository as Docusaurus builds it
    Docusaurus,
}

/// Runs everything that the command line asks for and prints the table.
///
/// # Errors
///
/// When a tool is missing or a contestant fails as a whole.
pub fn hold() -> anyhow::Result<()> {
    let options = Options::parse();
    adopt_orphans()?;
    let contestants = chosen(&options.only)?;
    let tools = Tools::get(options.theirs.as_deref())?;
    let server = Server::start()?;
    let task = match options.site {
        SiteChoice::Application => Task::application(&server, Router::History, options.pages, options.tabs),
        SiteChoice::Hash => Task::application(&server, Router::Hash, options.pages, options.tabs),
        SiteChoice::Docusaurus => Task::docusaurus(&server, options.tabs)?,
    };
    if options.serve {
        println!("{}", task.urls.first().map_or("", String::as_str));
        std::thread::park();
    }
    let mut runs: BTreeMap<Contestant, Vec<Run>> = BTreeMap::new();
    for round in 1..=options.rounds {
        for &contestant in &contestants {
            let run = one_run(contestant, &task, &tools, &server)?;
            println!("round {round}  {:<18} {}", contestant.name(), run.line());
            runs.entry(contestant).or_default().push(run);
        }
    }
    print_table(&task, &runs);
    Ok(())
}

fn chosen(names: &[String]) -> anyhow::Result<Vec<Contestant>> {
    if names.is_empty() {
        return Ok(Contestant::ALL.to_vec());
    }
    let find = |name: &String| Contestant::ALL.into_iter().find(|contestant| contestant.name() == name);
    let found: Option<Vec<_>> = names.iter().map(find).collect();
    match found {
        Some(found) => Ok(found),
        None => bail!("there are {}", Contestant::ALL.map(Contestant::name).join(", ")),
    }
}

fn one_run(contestant: Contestant, task: &Task, tools: &Tools, server: &Server) -> anyhow::Result<Run> {
    let folder = tempfile::Builder::new().prefix("skillcrawl-bench-").tempdir()?;
    server.take_first_request();
    let (cost, brought) = contestant.run(task, tools, folder.path()).with_context(|| contestant.name())?;
    let first = server.take_first_request().context("nobody asked the server for anything")?;
    let verdict = check(&task.expected, &brought);
    Ok(Run { pages: task.urls.len(), cost, first, verdict })
}
