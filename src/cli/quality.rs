//! How good a skill has become: what a build has counted, as `NAME.QA.md` and `NAME.qa.json` beside the skill.
//!
//! They lie beside the folder and not in it: the skill of a site is the same however it came about.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::Timestamp;

use super::assemble::Built;
use super::barred;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;
use super::skill_args::SkillArgs;
use crate::config::SiteConfig;
use crate::extract::{HiddenText, SIGN_IN};
use crate::frontier::{self, Tally, status};
use crate::pipeline::{Assembly, PageOutcome, PageReport};
use crate::skill::checklist::{Checklist, CodeLoss, Counts, PackageCount, PageNote};
use crate::skill::pages::suspicious::{ADDRESSES, HIDDEN};
use crate::skill::text::outline::count_code_blocks;
use crate::skill::validate::{Rules, examine, is_telling};

/// The most notes on pages.
const MOST_NOTES: usize = 2_000;

/// Counts what there is after a build; what the crawl has counted comes to it in [`settle`].
pub fn counts(assembly: &Assembly, config: &SiteConfig, output: &Path) -> Counts {
    let mut counts = Counts::default();
    for page in &assembly.pages {
        count_page(page, &mut counts);
    }
    counts.barred.same_page = barred::same_content(&assembly.pages);
    let skill = &assembly.skill;
    counts.references = skill.references.len() as u64;
    counts.ill_named = skill
        .references
        .iter()
        .filter(|file| !is_telling(file.name.strip_suffix(".md").unwrap_or(&file.name)))
        .map(|file| file.name.clone())
        .collect();
    counts.examples = skill.files.get("SKILL.md").map_or(0, |text| count_code_blocks(text)) as u64;
    let folder = config.skill.library.as_ref().and_then(|library| library.folder.as_deref());
    // A skill that is built elsewhere has not gone astray.
    counts.placed = folder.filter(|folder| output.ends_with(folder)).map(|_| true);
    counts
}

fn count_page(page: &PageReport, counts: &mut Counts) {
    let has = |kind: &str| page.warnings.iter().any(|warning| warning.kind == kind);
    counts.pages_read += 1;
    counts.barred.sign_in += u64::from(has(SIGN_IN));
    counts.pages_selected += u64::from(!has("main_content_missing"));
    *counts.profiles.entry(page.profile.clone()).or_default() += 1;
    match page.outcome {
        PageOutcome::Kept { .. } => {
            counts.pages_kept += 1;
            counts.barred.sign_in_kept += u64::from(has(SIGN_IN));
        }
        PageOutcome::Empty => counts.pages_empty += 1,
        // Its code is counted where the page is kept.
        PageOutcome::Duplicate { .. } => return,
    }
    counts.addressing += u64::from(has(ADDRESSES));
    counts.hiding += u64::from(has(HIDDEN));
    let (html, markdown) = (page.audit.code_in_html, page.audit.code_kept);
    counts.code_in_html += html;
    counts.code_in_markdown += markdown;
    if markdown < html {
        counts.code_losses.push(CodeLoss { url: page.url.to_string(), html, markdown });
    }
}

/// Counts a package beside the skill.
pub fn count_package(path: &Path) -> PackageCount {
    let report = examine(path, &Rules::default());
    PackageCount {
        file: path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        bytes: report.totals.packed_bytes.unwrap_or_default(),
        entries: report.totals.files as u64,
        valid: report.valid,
    }
}

/// What a person should look at. What several pages have in common is said once.
pub fn notes(pages: &[PageReport]) -> Vec<PageNote> {
    let mut found: BTreeMap<(bool, &str, String), Vec<String>> = BTreeMap::new();
    for page in pages {
        for warning in page.warnings.iter().filter(|warning| warning.kind == ADDRESSES) {
            found.entry((false, ADDRESSES, warning.message.clone())).or_default().push(page.url.to_string());
        }
        for warning in page.warnings.iter().filter(|warning| warning.kind == SIGN_IN) {
            found.entry((true, SIGN_IN, warning.message.clone())).or_default().push(page.url.to_string());
        }
        for text in &page.audit.hidden {
            let urls = found.entry((!text.addresses, HIDDEN, hidden_in_words(text))).or_default();
            if urls.last().is_none_or(|url| url != page.url.as_str()) {
                urls.push(page.url.to_string());
            }
        }
    }
    let note = |((_, kind, message), urls): ((bool, &str, String), Vec<String>)| {
        let more = match urls.len() {
            0 | 1 => String::new(),
            2 => " (and one more page)".to_owned(),
            many => format!(" (and {} more pages)", many - 1),
        };
        let url = urls.into_iter().next()?;
        Some(PageNote { url, kind: kind.to_owned(), message: message + &more })
    };
    found.into_iter().filter_map(note).take(MOST_NOTES).collect()
}

fn hidden_in_words(text: &HiddenText) -> String {
    let orders = if text.addresses { "gives orders to an assistant, " } else { "" };
    format!("{orders}{}: \"{}\"", text.why.replace('_', " "), text.excerpt)
}

/// Fills in the checklist with what the crawl has counted, and writes it beside the skill.
///
/// # Errors
///
/// A [`Failure`] when the files cannot be written.
pub fn settle(
    built: &Built,
    crawl: Option<(frontier::Counts, Tally)>,
    config: &SiteConfig,
    output: &Path,
) -> Result<Checklist, Failure> {
    let mut counts = built.counts.clone();
    counts.skipped =
        built.skipped.iter().map(|(reason, pages)| ((*reason).to_owned(), *pages as u64)).collect();
    barred::settle(&mut counts, crawl.as_ref().map(|(_, tally)| tally));
    if let Some((pages, tally)) = crawl {
        counts.failed = tally.failed;
        counts.pages_open = pages.queued + pages.in_work;
        for (reason, pages) in tally.skipped {
            *counts.skipped.entry(reason).or_default() += pages;
        }
    }
    // Pages that hold nothing are counted as such.
    counts.skipped.remove("empty");
    let checklist = Checklist::of(&config.name, &counts, built.notes.clone());
    let json = serde_json::to_string_pretty(&checklist).map_err(Failure::new)? + "\n";
    let [page, data] = paths(output, &config.name);
    write(&page, &checklist.to_markdown())?;
    write(&data, &json)?;
    Ok(checklist)
}

/// Says how a checklist came out. The exit code is 3 where it is below what was asked for.
pub fn judge(checklist: &Checklist, output: &Path, shape: &SkillArgs, printer: &Printer) -> ExitCode {
    let [page, _] = paths(output, &checklist.name);
    barred::say_checked(checklist, printer);
    printer.line(&format!("quality {checklist}; see {}", page.display()));
    match shape.fail_under.filter(|least| checklist.score < *least) {
        Some(least) => {
            printer.warning(&format!(
                "the quality is {} of 100, below {least}: {}",
                checklist.score,
                checklist.breakdown()
            ));
            ExitCode::Incomplete
        }
        None => ExitCode::Success,
    }
}

/// What the crawl in a folder has counted; `None` where a record was replayed that comes without its crawl.
pub fn counted_in(folder: &Path) -> Option<(frontier::Counts, Tally)> {
    let found = status(folder, Timestamp::now()).ok().flatten()?;
    Some((found.counts, found.tally))
}

/// Where the checklist of a skill lies: to read, and for programs.
pub fn paths(output: &Path, name: &str) -> [PathBuf; 2] {
    [output.join(format!("{name}.QA.md")), output.join(format!("{name}.qa.json"))]
}

/// Writes a file beside its place and renames it; one that says the same stays.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    if std::fs::read(path).is_ok_and(|there| there == text.as_bytes()) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let result = tempfile::NamedTempFile::new_in(folder).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        allow_reading(file.path())?;
        file.persist(path).map_err(|error| error.error)
    });
    result.with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(())
}

/// Temporary files are private; the checklist is for everybody.
#[cfg(unix)]
fn allow_reading(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn allow_reading(_path: &Path) -> std::io::Result<()> {
    Ok(())
}
