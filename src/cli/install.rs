//! `skillcrawl install`: a skill is copied into the folder of an agent.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use serde::Serialize;

use super::args::InstallArgs;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::validate::skill_folder;
use super::words::count_of;
use crate::skill::install::{Agent, Force, InstallError, There, agents, plan};

/// What was installed, for programs.
#[derive(Serialize)]
struct Installed<'a> {
    name: &'a str,
    folder: &'a Path,
    files: usize,
    /// `installed`, `replaced`, `unchanged`.
    done: &'static str,
    dry_run: bool,
}

/// An agent in the list, for programs.
#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    title: &'a str,
    user: Option<PathBuf>,
    user_is_there: bool,
    project: PathBuf,
    project_is_there: bool,
    source: &'a str,
    sure: bool,
}

/// Runs the command.
///
/// # Errors
///
/// A [`Failure`] when the skill is not valid, the agent is not known, or something else is in the place.
pub fn run(args: &InstallArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let (Some(skill), Some(agent)) = (&args.skill, &args.agent) else {
        list(printer);
        return Ok(ExitCode::Success);
    };
    if !skill.is_file() {
        skill_folder(skill)?;
    }
    let (folder, known) = place(agent, args.project)?;
    let plan = plan(skill, &folder).map_err(failure)?;
    if !args.dry_run {
        plan.carry_out(if args.force { Force::Yes } else { Force::No }).map_err(failure)?;
    }
    let done = match plan.there {
        There::Nothing => "installed",
        There::Same => "unchanged",
        There::Older | There::Foreign => "replaced",
    };
    let would = if args.dry_run { "would be " } else { "" };
    printer.line(&format!("`{}` {would}{done}: {}", plan.name, count_of(plan.files(), "file")));
    if args.dry_run && plan.there == There::Foreign && !args.force {
        printer.warning("something else is there, so it would take `--force`");
    }
    if let Some(agent) = known {
        printer.note(&format!("{}: {}", agent.title, agent.next));
        if !agent.sure {
            printer.warning("the folder of this agent is not taken from its own documentation");
        }
    }
    let result = Installed {
        name: &plan.name,
        folder: &plan.target,
        files: plan.files(),
        done,
        dry_run: args.dry_run,
    };
    printer.result(&plan.target.display().to_string(), &result);
    Ok(ExitCode::Success)
}

/// The folder that skills are copied into, and the agent that it belongs to.
fn place(wanted: &str, project: bool) -> Result<(PathBuf, Option<&'static Agent>), Failure> {
    if let Some(agent) = agents().iter().find(|agent| agent.name == wanted) {
        let folder = match (project, home()) {
            (true, _) => PathBuf::from(&agent.project),
            (false, Some(home)) => home.join(&agent.user),
            (false, None) => {
                let error = anyhow!("there is no home folder, where the skills of a user are kept");
                return Err(Failure::with_code(error, ExitCode::Usage).hint("install with `--project`"));
            }
        };
        return Ok((folder, Some(agent)));
    }
    // A bare word is more likely a name that is misspelled than a folder that is to be made.
    let path = PathBuf::from(wanted);
    if wanted.contains(std::path::is_separator) || wanted.starts_with('.') || path.is_dir() {
        return Ok((path, None));
    }
    let names: Vec<String> = agents().iter().map(|agent| format!("`{}`", agent.name)).collect();
    let error = anyhow!("there is no agent `{wanted}`");
    let hint = format!("known are {}; or give a folder, as `./skills`", names.join(", "));
    Err(Failure::with_code(error, ExitCode::Usage).hint(hint))
}

fn home() -> Option<PathBuf> {
    std::env::home_dir().filter(|home| !home.as_os_str().is_empty())
}

/// Prints the known agents, and which have a folder on this machine.
fn list(printer: &Printer) {
    let home = home();
    let is_there = |path: &Path| path.parent().is_some_and(Path::is_dir);
    let listed: Vec<Listed<'_>> = agents()
        .iter()
        .map(|agent| {
            let user = home.as_ref().map(|home| home.join(&agent.user));
            let project = PathBuf::from(&agent.project);
            Listed {
                name: &agent.name,
                title: &agent.title,
                user_is_there: user.as_deref().is_some_and(is_there),
                user,
                project_is_there: is_there(&project),
                project,
                source: &agent.source,
                sure: agent.sure,
            }
        })
        .collect();
    let lines: Vec<String> = listed.iter().map(line).collect();
    printer.result(&lines.join("\n"), &listed);
}

fn line(agent: &Listed<'_>) -> String {
    let user = agent.user.as_ref().map_or_else(String::new, |user| user.display().to_string());
    let there = match (agent.user_is_there, agent.project_is_there) {
        (true, true) => "  (here: user, project)",
        (true, false) => "  (here: user)",
        (false, true) => "  (here: project)",
        (false, false) => "",
    };
    format!("{:<10} {user}, {}{there}", agent.name, agent.project.display())
}

fn failure(error: InstallError) -> Failure {
    let hint = match &error {
        InstallError::NotASkill { skill, .. } => {
            Some(format!("`skillcrawl validate {}` lists everything that is wrong", skill.display()))
        }
        InstallError::Occupied { .. } => Some("move it away, or give `--force` to replace it".to_owned()),
        InstallError::Read(_) | InstallError::Write { .. } => None,
    };
    Failure::new(error).hint_if(hint)
}
