//! The second half of a build: a recorded archive becomes a skill folder and its zip.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use serde::Serialize;

use super::barred;
use super::enhance::enhance;
use super::exit::ExitCode;
use super::failure::Failure;
use super::live_line::while_working;
use super::printer::Printer;
use super::progress_lines::{Phase, say_phase};
use super::quality;
use super::recorded::{self, Selection};
use super::skill_args::SkillArgs;
use crate::config::SiteConfig;
use crate::extract::read_page;
use crate::fetched::Fetched;
use crate::pipeline::{self, Assembly, PageOutcome, PipelineError};
use crate::profile::Profiles;
use crate::skill::Skill;
use crate::skill::checklist::{Counts, PageNote};
use crate::skill::package::package_as;
use crate::skill::pages::suspicious::ADDRESSES;
use crate::skill::validate::Finding;
use crate::skill::write::{WriteError, Written};

/// A skill on disk.
#[derive(Debug, Serialize)]
pub struct Built {
    /// The skill folder.
    pub skill: PathBuf,
    /// Its zip.
    pub zip: PathBuf,
    /// The same zip under the name that ends in `.skill`.
    pub skill_file: PathBuf,
    /// The folders of its parts, where it is a router; the zip of each is beside it.
    pub parts: Vec<PathBuf>,
    /// Pages that are in the skill.
    pub kept: usize,
    /// Recorded pages that are not, by reason.
    pub skipped: BTreeMap<&'static str, usize>,
    /// Reference files with the number of pages in each, in reading order.
    pub references: Vec<ReferenceCount>,
    /// Sections that stand on another page already and became a link to it.
    pub folded: usize,
    /// Which profiles read how many pages.
    pub profiles: BTreeMap<String, usize>,
    /// What the checks found; never an error.
    pub findings: Vec<Finding>,
    /// Whether the command of `--enhance` wrote SKILL.md; `None` without one.
    pub enhanced: Option<bool>,
    /// Oddities by kind.
    pub warnings: BTreeMap<&'static str, usize>,
    /// What the checklist is made of.
    #[serde(skip)]
    pub counts: Counts,
    /// Pages that a person should look at.
    #[serde(skip)]
    pub notes: Vec<PageNote>,
}

/// A reference file and its pages.
#[derive(Debug, Serialize)]
pub struct ReferenceCount {
    /// The file's name in `references/`.
    pub file: String,
    /// How many pages it holds.
    pub pages: usize,
}

/// Assembles the skill of an archive and writes it to `output/NAME/` and `output/NAME.zip`.
///
/// # Errors
///
/// A [`Failure`] when the archive holds nothing to build from or the disk refuses; the last good skill is then as it was.
pub fn assemble(
    archive: &Path,
    config: &SiteConfig,
    profiles: &Profiles,
    (output, shape): (&Path, &SkillArgs),
    printer: &Printer,
) -> Result<Built, Failure> {
    let path = archive;
    say_phase(Phase::Assemble, printer);
    let archive = recorded::open(path)?;
    for warning in archive.warnings() {
        printer.warning(&warning.to_string());
    }
    let selection =
        Selection::new(&config.scope).map_err(|error| Failure::with_code(error, ExitCode::Usage))?;
    let read = |fetched: &Fetched| read_page(fetched, profiles, &config.extract);
    let line = while_working("reading the pages", printer);
    let pages = recorded::select(archive.pages(), &selection);
    let assembled = pipeline::assemble(pages, config, &shape.limits(), &read);
    line.finish_and_clear();
    let assembly = assembled.map_err(|error| match error {
        PipelineError::NoPages if !selection.skipped().is_empty() => recorded::nothing_in_scope(path),
        PipelineError::NoPages => recorded::nothing_recorded(path),
        error => pipeline_failure(error),
    })?;
    if shape.strict {
        refuse_orders(&assembly, printer)?;
    }
    let (skill, enhanced) = enhance(assembly.skill, shape, printer);
    let assembly = Assembly { skill, ..assembly };
    let built = write(&assembly, config, (output, shape), &selection, printer)?;
    Ok(Built { enhanced, ..built })
}

fn write(
    assembly: &Assembly,
    config: &SiteConfig,
    (output, shape): (&Path, &SkillArgs),
    selection: &Selection,
    printer: &Printer,
) -> Result<Built, Failure> {
    let mut parts = Vec::new();
    let mut findings = Vec::new();
    // The router comes last: what it names is there.
    for part in &assembly.parts {
        let put = put(part, (output, shape), printer)?;
        findings.extend(put.written.findings);
        parts.push(put.written.folder);
    }
    let Put { written, zip, skill_file } = put(&assembly.skill, (output, shape), printer)?;
    findings.extend(written.findings);
    let mut skipped = selection.skipped();
    let mut profiles = BTreeMap::new();
    let mut warnings = BTreeMap::new();
    let mut kept = 0;
    for page in &assembly.pages {
        *profiles.entry(page.profile.clone()).or_insert(0) += 1;
        for warning in &page.warnings {
            *warnings.entry(warning.kind).or_insert(0) += 1;
            let line = format!("{}: {}", page.url, warning.message);
            if warning.kind == ADDRESSES { printer.warning(&line) } else { printer.detail(&line) }
        }
        match &page.outcome {
            PageOutcome::Kept { .. } => kept += 1,
            PageOutcome::Empty => {
                *skipped.entry("empty").or_insert(0) += 1;
                printer.warning(&format!("nothing was found in {}", page.url));
            }
            PageOutcome::Duplicate { of } => {
                *skipped.entry("duplicate").or_insert(0) += 1;
                printer.detail(&format!("{} holds the same as {of}", page.url));
            }
        }
    }
    let references = assembly
        .skill
        .references
        .iter()
        .map(|file| ReferenceCount { file: file.name.clone(), pages: file.pages.len() })
        .collect();
    let mut counts = quality::counts(assembly, config, output);
    counts.packages = [&zip, &skill_file].map(|path| quality::count_package(path)).to_vec();
    Ok(Built {
        counts,
        notes: quality::notes(&assembly.pages),
        skill: written.folder,
        zip,
        skill_file,
        kept,
        skipped,
        references,
        folded: assembly.skill.folded.len(),
        profiles,
        findings,
        parts,
        enhanced: None,
        warnings,
    })
}

/// Stops where the visible text of a page gives orders to an assistant. Nothing was written yet.
fn refuse_orders(assembly: &Assembly, printer: &Printer) -> Result<(), Failure> {
    let warnings =
        assembly.pages.iter().flat_map(|page| page.warnings.iter().map(move |warning| (page, warning)));
    let found: Vec<String> = warnings
        .filter(|(_, warning)| warning.kind == ADDRESSES)
        .map(|(page, warning)| format!("{}: {}", page.url, warning.message))
        .collect();
    let Some(first) = found.first() else { return Ok(()) };
    for line in found.iter().skip(1) {
        printer.warning(line);
    }
    let error =
        anyhow!("no skill was made, since {} of the pages speak to an assistant: {first}", found.len());
    let hint = "leave the pages out with `exclude` in the config, or build without `--strict` once you have read them";
    Err(Failure::with_code(error, ExitCode::Incomplete).hint(hint))
}

/// A skill where it belongs.
struct Put {
    written: Written,
    zip: PathBuf,
    skill_file: PathBuf,
}

/// Writes a skill and its packages.
fn put(skill: &Skill, (output, shape): (&Path, &SkillArgs), printer: &Printer) -> Result<Put, Failure> {
    let written = skill.write_within(output, &shape.rules());
    let written = written.map_err(|error| write_failure(error, printer))?;
    let [zip, skill_file] = ["zip", "skill"].map(|ending| output.join(format!("{}.{ending}", skill.name)));
    package_as(&written.folder, &zip, std::slice::from_ref(&skill_file))
        .with_context(|| format!("cannot zip `{}`", written.folder.display()))
        .map_err(Failure::new)?;
    Ok(Put { written, zip, skill_file })
}

fn pipeline_failure(error: PipelineError) -> Failure {
    let hint = match &error {
        PipelineError::Archive(_) => None,
        PipelineError::NoPages => Some("record the site first, with `skillcrawl scrape`"),
        PipelineError::AllTheSame { .. } => Some(barred::WHAT_IT_MAY_BE),
        PipelineError::NothingExtracted { .. } => Some(
            "name the element that holds the content in the config's `selectors.main_content`, or record the site \
             with `--render always`",
        ),
    };
    Failure::new(error).hint_if(hint)
}

/// What kept a skill from being written, with what to do about it.
pub fn write_failure(error: WriteError, printer: &Printer) -> Failure {
    let hint = match &error {
        WriteError::Invalid { findings, .. } => {
            for finding in findings {
                printer.line(&finding.to_string());
            }
            Some("the last good skill, if there is one, was left as it is")
        }
        WriteError::Occupied { .. } => Some("move it away, or choose another folder with `--output`"),
        WriteError::NoFolder { .. } => Some("choose another folder with `--output`"),
        WriteError::Io { .. } => None,
    };
    Failure::new(error).hint_if(hint)
}
