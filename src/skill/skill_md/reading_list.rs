//! The section of SKILL.md that says which file to read for what.

use std::collections::BTreeMap;

use crate::skill::layout::references::ReferenceFile;
use crate::skill::skill_md::Overview;
use crate::skill::text::outline::headings;
use crate::skill::text::quote::{escape, shorten};

/// How many pages of a file to name: as many as the size allows, tried in this order.
const DETAIL: [usize; 5] = [8, 5, 3, 1, 0];
/// The longest title that is shown, in characters.
const LONGEST_TITLE: usize = 80;
/// The most groups that are listed when there are too many files to list each.
const MOST_GROUPS: usize = 40;

/// The list of reference files with what each answers; of their groups alone where there are too many files.
/// `most_bytes` is what the list may take.
pub fn reading_list(overview: &Overview<'_>, most_bytes: usize) -> Option<String> {
    let files = overview.files;
    if files.is_empty() || most_bytes == 0 {
        return None;
    }
    let by_file =
        DETAIL.iter().map(|detail| files.iter().map(|file| file_line(overview, file, *detail)).collect());
    let groups = [MOST_GROUPS, 20, 8, 0].into_iter().map(|most| group_lines(files, most));
    let mut lists = by_file.chain(groups);
    let fits = |lines: &Vec<String>| lines.iter().map(String::len).sum::<usize>() <= most_bytes;
    let lines: Vec<String> = lists.find(fits).unwrap_or_default();
    let index = "Every page with its names is in [references/index.md](references/index.md).";
    Some(format!("## What to read\n\n{index}\n\n{}\n", lines.join("\n")))
}

fn file_line(overview: &Overview<'_>, file: &ReferenceFile, detail: usize) -> String {
    let link = format!("[references/{0}](references/{0})", file.name);
    let named = named_pages(overview, file, detail);
    let about = if named.is_empty() { String::new() } else { format!(": {named}") };
    format!("- **{}**, {link}{about}", escape(&shorten(&file.title, LONGEST_TITLE)))
}

/// The titles of a file's pages; for a file of one page, its summary.
fn named_pages(overview: &Overview<'_>, file: &ReferenceFile, detail: usize) -> String {
    if let ([page], true) = (file.pages.as_slice(), detail > 1) {
        let reference = overview.references.get(page.reference).filter(|_| !page.continued);
        if let Some(summary) = reference.and_then(|reference| reference.summary()) {
            return summary;
        }
    }
    if file.pages.iter().all(|page| page.continued) {
        return sections(file, detail);
    }
    let telling = file.pages.iter().filter(|page| !file.title.contains(&page.title));
    let titles: Vec<String> = telling.map(|page| escape(&shorten(&page.title, LONGEST_TITLE))).collect();
    // A title says more than that there is one more.
    let most = if detail > 0 && titles.len() == detail + 1 { titles.len() } else { detail };
    let shown = titles.iter().take(most).cloned().collect::<Vec<_>>().join("; ");
    match titles.len().saturating_sub(most) {
        _ if shown.is_empty() && detail > 1 => first_summary(overview, file),
        _ if shown.is_empty() => shown,
        0 => shown,
        more => format!("{shown}; {more} more"),
    }
}

fn first_summary(overview: &Overview<'_>, file: &ReferenceFile) -> String {
    let first = file.pages.first().filter(|page| !page.continued);
    let reference = first.and_then(|page| overview.references.get(page.reference));
    reference.and_then(|reference| reference.summary()).unwrap_or_default()
}

/// The headings of a later part of a torn page.
fn sections(file: &ReferenceFile, detail: usize) -> String {
    let highest = headings(&file.text)
        .into_iter()
        .filter(|heading| heading.level == 3 && heading.outermost && !file.title.contains(&heading.text));
    highest
        .take(detail)
        .map(|heading| escape(&shorten(&heading.text, LONGEST_TITLE)))
        .collect::<Vec<_>>()
        .join("; ")
}

/// One line for each top-level group, with its first file and how much there is.
fn group_lines(files: &[ReferenceFile], most: usize) -> Vec<String> {
    let mut groups: BTreeMap<&str, Vec<&ReferenceFile>> = BTreeMap::new();
    let mut order = Vec::new();
    for file in files {
        let group = groups.entry(file.group_name()).or_default();
        if group.is_empty() {
            order.push(file.group_name());
        }
        group.push(file);
    }
    let line = |group: &&str| {
        let files = groups.get(group)?;
        let first = files.first()?;
        let pages: usize = files.iter().map(|file| file.pages.len()).sum();
        let count =
            if files.len() == 1 { String::new() } else { format!(", the first of {} files", files.len()) };
        Some(format!(
            "- **{}** ({pages} pages): [references/{1}](references/{1}){count}",
            escape(&shorten(group, LONGEST_TITLE)),
            first.name
        ))
    };
    let mut lines: Vec<String> = order.iter().take(most).filter_map(line).collect();
    if order.len() > most {
        lines.push(format!("- {} more groups in the index", order.len() - most));
    }
    lines
}
