//! Checks of every Markdown file of a skill: links, fences, size, characters that nobody sees.

use super::contents::Contents;
use super::{Finding, Rules, Severity, error, warning};
use crate::skill::text::clean::{Unseen, find_unseen};
use crate::skill::text::outline::{links, open_fence};
use crate::skill::text::tokens::tokens;

/// The index is searched, not read.
const LARGE_INDEX: usize = 500_000;

/// Checks one Markdown file.
pub(super) fn check_text(
    file: &str,
    text: &str,
    contents: &Contents,
    rules: &Rules,
    findings: &mut Vec<Finding>,
) {
    if text.trim().is_empty() {
        findings.push(error(file, "empty", "the file is empty".to_owned()));
    }
    check_size(file, text, rules, findings);
    check_fences(file, text, findings);
    check_characters(file, text, findings);
    check_links(file, text, contents, findings);
}

fn check_size(file: &str, text: &str, rules: &Rules, findings: &mut Vec<Finding>) {
    let message = if file.ends_with("/index.md") {
        (text.len() > LARGE_INDEX)
            .then(|| format!("{} KB; an agent has to read it in pieces", text.len() / 1000))
    } else if file == "SKILL.md" || text.len() <= rules.max_tokens {
        // SKILL.md has limits of its own, and no token is shorter than a byte.
        None
    } else {
        let count = tokens(text);
        (count > rules.max_tokens).then(|| format!("{count} tokens; at most {} are wanted", rules.max_tokens))
    };
    findings.extend(message.map(|message| warning(file, "large", message)));
}

fn check_fences(file: &str, text: &str, findings: &mut Vec<Finding>) {
    if let Some((line, _)) = open_fence(text) {
        let message = "a code fence is opened here and never closed".to_owned();
        findings.push(Finding { line: Some(line), ..error(file, "open-fence", message) });
    }
}

fn check_characters(file: &str, text: &str, findings: &mut Vec<Finding>) {
    let found = find_unseen(text);
    let Some((at, kind)) = found.first().copied() else { return };
    let what = match kind {
        Unseen::Tag => "a Unicode tag character",
        Unseen::Bidi => "a bidirectional control",
        Unseen::ZeroWidth => "a character of no width",
        Unseen::Selector => "a variation selector where nothing varies",
        Unseen::Filler => "a letter or sign without a picture",
        Unseen::Control => "a control character",
    };
    let line = text.get(..at).map(|before| before.matches('\n').count() + 1);
    let message = format!("{what} that a person cannot see; {} in all", found.len());
    // A file written on another system ends its lines with carriage returns; that hides nothing.
    let carriage_returns = found.iter().all(|(at, _)| text.as_bytes().get(*at) == Some(&b'\r'));
    if !carriage_returns {
        findings.push(Finding { line, ..error(file, "unseen-character", message) });
    }
}

fn check_links(file: &str, text: &str, contents: &Contents, findings: &mut Vec<Finding>) {
    for (line, target) in links(text) {
        let Some(path) = resolve(file, &target) else { continue };
        // Links of our own files are ours to answer for; a page's own may have been broken on the site already.
        let ours = !file.starts_with("references/") || file.ends_with("/index.md");
        let severity = if ours { Severity::Error } else { Severity::Warning };
        let anchor = target.split_once('#').map(|(_, anchor)| anchor).filter(|anchor| !anchor.is_empty());
        let message = if !contents.files.contains_key(&path) {
            format!("the link `{target}` leads to no file of the skill")
        } else if let (Some(anchor), Some(linked)) = (anchor, contents.anchors.get(&path))
            && !linked.contains(anchor)
        {
            format!("the link `{target}` leads to no heading of `{path}`")
        } else {
            continue;
        };
        findings.push(Finding { severity, line: Some(line), ..error(file, "broken-link", message) });
    }
}

/// The file that a relative link leads to, within the skill; `None` for links that leave for the web.
pub(super) fn resolve(from: &str, target: &str) -> Option<String> {
    let path = target.split(['#', '?']).next().unwrap_or_default();
    let scheme = target.split_once(':').is_some_and(|(scheme, _)| {
        scheme.chars().all(|character| character.is_ascii_alphanumeric() || "+-.".contains(character))
    });
    if scheme || target.starts_with("//") {
        return None;
    }
    if path.is_empty() {
        return Some(from.to_owned());
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn links_resolve_within_the_skill() {
        let check = |target: &str, path: Option<&str>| {
            assert_eq!(resolve("references/a.md", target).as_deref(), path);
        };
        check("b.md#x", Some("references/b.md"));
        check("#x", Some("references/a.md"));
        check("../SKILL.md", Some("SKILL.md"));
        check("https://d.example", None);
        check("mailto:docs@d.example", None);
    }
}
