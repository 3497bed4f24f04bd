//! Whether every Markdown file is found from SKILL.md, and within one step (Agent Skills specification, file
//! references). The index of the references lists files, so what it leads to counts as listed in SKILL.md.

use std::collections::BTreeSet;

use super::body::resolve;
use super::contents::Contents;
use super::{Finding, warning};
use crate::skill::text::outline::links;

/// Where a reader begins.
const START: &str = "SKILL.md";
/// How the names of the files begin that list others.
const INDEX: &str = "references/index";

/// Reports files that nothing leads to, and those that are more than one step away.
pub(super) fn check_reach(contents: &Contents, findings: &mut Vec<Finding>) {
    let reached = reach(contents, |_| true);
    let near = reach(contents, |file| file == START || file.starts_with(INDEX));
    for file in contents.markdown.keys() {
        if !reached.contains(file) {
            findings.push(warning(file, "orphan", format!("no link leads here from `{START}`")));
        } else if !near.contains(file) || file.matches('/').count() > 1 {
            let message = format!("the file is more than one step away from `{START}` and its index");
            findings.push(warning(file, "deep-reference", message));
        }
    }
}

/// The files that are reached over links of those that are followed.
fn reach(contents: &Contents, is_followed: fn(&str) -> bool) -> BTreeSet<String> {
    let mut reached = BTreeSet::from([START.to_owned()]);
    let mut open = vec![START.to_owned()];
    while let Some(file) = open.pop() {
        let Some(text) = contents.markdown.get(&file).filter(|_| is_followed(&file)) else { continue };
        for (_, target) in links(text) {
            if let Some(next) = resolve(&file, &target)
                && reached.insert(next.clone())
            {
                open.push(next);
            }
        }
    }
    reached
}
