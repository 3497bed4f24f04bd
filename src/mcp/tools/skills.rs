//! Tools that work on a built skill: pack, check, install, search.

use schemars::JsonSchema;
use serde::Deserialize;

use super::outputs::{CheckedSkill, FoundSections, Installed, Packed};
use super::{Effect, Plan, Tool, Words, places};
use crate::mcp::answer::Shape;
use crate::mcp::error::ToolError;
use crate::mcp::paging::Page;
use crate::mcp::roots::Roots;

/// Sections in an answer of `search_skill`, unless another number is asked for.
const SECTIONS: usize = 5;
/// The most sections in an answer.
const MOST_SECTIONS: usize = 50;

/// The tools of this file.
pub fn tools() -> Vec<Tool> {
    vec![
        Tool::new::<PackageSkill, Packed>(
            ("package_skill", "Package a skill", Effect::Adds),
            "Checks a skill folder such as output/NAME/ and packs it into NAME.zip beside it. Where the folder is missing \
             and the site was only scraped, it is built from the record first.",
            package_skill,
        ),
        Tool::new::<ValidateSkill, CheckedSkill>(
            ("validate_skill", "Check a skill", Effect::Reads),
            "Checks a skill folder against the Agent Skills rules: frontmatter, links, anchors, fences, sizes. Each \
             finding has a file, a line and a rule.",
            validate_skill,
        ),
        Tool::new::<InstallSkill, Installed>(
            ("install_skill", "Install a skill", Effect::Replaces),
            "Copies a skill into the folder where an agent looks for the skills of this project, as .claude/skills/. An \
             older copy of the same skill is replaced; anything else in the place only with `force`.",
            install_skill,
        ),
        Tool::new::<SearchSkill, FoundSections>(
            ("search_skill", "Search a skill", Effect::Reads),
            "Finds the sections of a skill that say most about some words, with file, anchor, lines and an excerpt. \
             Read the whole section through the resource skill://NAME/FILE.",
            search_skill,
        ),
    ]
}

/// What `package_skill` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PackageSkill {
    /// The skill folder, as output/axolotl/.
    skill_dir: String,
}

fn package_skill(input: PackageSkill, roots: &Roots) -> Result<Plan, ToolError> {
    let skill = roots.tree(&input.skill_dir)?;
    if let Some(name) = skill.file_name().and_then(|name| name.to_str()) {
        places::reads(name, roots)?;
        roots.tree(&format!("crawls/{name}"))?;
    }
    // The files are written beside the folder, which for `.` is where its real name says.
    let real = skill.canonicalize().unwrap_or_else(|_| skill.clone());
    for folder in [skill.components().as_path(), &real] {
        for ending in ["zip", "skill"] {
            roots.place(&format!("{}.{ending}", folder.display()))?;
        }
    }
    Ok(Plan::short(Words::new(&["package"]).end([input.skill_dir]), Shape::Object))
}

/// What `validate_skill` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidateSkill {
    /// The skill folder, as output/axolotl/.
    skill_dir: String,
    /// How many findings to leave out: `next_offset` of the last answer.
    offset: Option<usize>,
    /// How many findings to tell at most. Default: 50.
    limit: Option<usize>,
}

fn validate_skill(input: ValidateSkill, roots: &Roots) -> Result<Plan, ToolError> {
    roots.tree(&input.skill_dir)?;
    let words = Words::new(&["validate"]).end([input.skill_dir]);
    Ok(Plan::short(words, Shape::List("findings", Page::of_entries(input.offset, input.limit))))
}

/// What `install_skill` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InstallSkill {
    /// The skill folder, as output/axolotl/, or its .zip.
    skill_dir: String,
    /// The agent, as claude, cursor or codex; a name that is not known is answered with those that are.
    agent: String,
    /// Replace whatever is in the place, also what is not this skill. Default: false.
    force: Option<bool>,
}

fn install_skill(input: InstallSkill, roots: &Roots) -> Result<Plan, ToolError> {
    roots.tree(&input.skill_dir)?;
    // A path is looked at as any other; a name that is no agent is refused by the command.
    roots.place(&input.agent)?;
    // Skills of the user lie outside of what may be written.
    let words = |rehearse: bool| {
        Words::new(&["install", "--project"])
            .option("--agent", Some(&input.agent))
            .flag("--force", input.force)
            .flag("--dry-run", Some(rehearse))
            .end([input.skill_dir.clone()])
    };
    Ok(Plan { rehearsal: Some((words(true), "folder")), ..Plan::short(words(false), Shape::Object) })
}

/// What `search_skill` takes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchSkill {
    /// The skill folder, as output/axolotl/.
    skill_dir: String,
    /// Words to look for: of a task, an option, an error message.
    query: String,
    /// How many of the best sections to leave out.
    offset: Option<usize>,
    /// How many sections to give at most, up to 50. Default: 5.
    #[schemars(range(min = 1, max = 50))]
    limit: Option<usize>,
}

fn search_skill(input: SearchSkill, roots: &Roots) -> Result<Plan, ToolError> {
    roots.tree(&input.skill_dir)?;
    let limit = input.limit.unwrap_or(SECTIONS).clamp(1, MOST_SECTIONS);
    let words = Words::new(&["search"])
        .option("--limit", Some(limit))
        .option("--offset", input.offset)
        .end([input.skill_dir, input.query]);
    Ok(Plan::short(words, Shape::Object))
}
