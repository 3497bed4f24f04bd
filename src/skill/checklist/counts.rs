//! What a build has counted, and the numbers that the checklist makes of it.

use std::collections::BTreeMap;

use super::barred::Barred;
use super::items::Measure;

/// How many lines stand behind a number at most.
const MOST_NOTES: usize = 20;

/// What a build has counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pages that were read.
    pub pages_read: u64,
    /// Those in which a selector found the main content, or whose Markdown was read.
    pub pages_selected: u64,
    /// Which profile read how many pages.
    pub profiles: BTreeMap<String, u64>,
    /// Pages in the skill.
    pub pages_kept: u64,
    /// Pages that were read and are not in the skill because they hold nothing.
    pub pages_empty: u64,
    /// Pages that were left out on purpose, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Pages that failed, by cause.
    pub failed: BTreeMap<String, u64>,
    /// Pages that the crawl knows of and has not done.
    pub pages_open: u64,
    /// Code blocks in SKILL.md.
    pub examples: u64,
    /// Reference files.
    pub references: u64,
    /// Those that are named by a number, a date or a file type.
    pub ill_named: Vec<String>,
    /// Code blocks in the HTML that was read.
    pub code_in_html: u64,
    /// Code blocks in the Markdown of those pages, of each page at most as many as its HTML has.
    pub code_in_markdown: u64,
    /// The pages that lost some.
    pub code_losses: Vec<CodeLoss>,
    /// The packages beside the folder.
    pub packages: Vec<PackageCount>,
    /// Whether the skill lies where the config wants it; `None` where it wants nothing.
    pub placed: Option<bool>,
    /// Pages that address an assistant.
    pub addressing: u64,
    /// Pages from which hidden text was kept out.
    pub hiding: u64,
    /// What stands before the site in place of its pages.
    pub barred: Barred,
}

/// How many addresses said that nothing is there, by their status or by their text, of those that were left out by reason.
pub fn nothing_there(skipped: &BTreeMap<String, u64>) -> u64 {
    ["soft_404", "http_status"].iter().filter_map(|reason| skipped.get(*reason)).sum()
}

/// A page that has more code blocks in its HTML than in its Markdown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLoss {
    /// The page.
    pub url: String,
    /// Code blocks in its HTML.
    pub html: u64,
    /// Code blocks in its Markdown.
    pub markdown: u64,
}

/// A package beside the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageCount {
    /// The name of its file.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// How many files it holds.
    pub entries: u64,
    /// Whether it passes the checks.
    pub valid: bool,
}

/// A number, what it was made of, and what is behind it.
#[derive(Default)]
pub(super) struct Measured {
    pub value: Option<f64>,
    pub counts: BTreeMap<String, u64>,
    pub notes: Vec<String>,
}

impl Counts {
    /// One of the numbers.
    pub(super) fn measure(&self, measure: Measure) -> Measured {
        match measure {
            Measure::Selected => self.selected(),
            Measure::Found => self.found(),
            Measure::Kept => whole(self.pages_kept, "kept"),
            Measure::Failed => self.failures(),
            Measure::Answered => self.answered(),
            Measure::Examples => self.examples(),
            Measure::IllNamed => self.ill_named(),
            Measure::Code => self.code(),
            Measure::Packages => self.packed(),
            Measure::Placed => {
                self.placed.map_or_else(Measured::default, |placed| whole(u64::from(placed), "placed"))
            }
            Measure::Addressing => {
                let mut measured = whole(self.addressing, "addressing");
                measured.counts.insert("hiding".to_owned(), self.hiding);
                measured
            }
        }
    }

    fn selected(&self) -> Measured {
        let notes =
            self.profiles.iter().map(|(name, pages)| format!("profile `{name}`: {}", of_pages(*pages)));
        // A form to sign in is not the content that a selector is to find.
        let barred = self.barred.read(self.pages_read);
        let selected = self.pages_selected.min(self.pages_read - barred);
        Measured {
            value: percent(selected, self.pages_read),
            counts: counts([("selected", selected), ("read", self.pages_read)]),
            notes: notes.collect(),
        }
    }

    fn found(&self) -> Measured {
        let over_limit = self.skipped.get("max_pages").copied().unwrap_or_default();
        let failed = self.failed.values().sum::<u64>();
        let estimated = self.pages_kept + self.pages_empty + failed + over_limit + self.pages_open;
        let notes = self
            .skipped
            .iter()
            .map(|(reason, pages)| format!("{} left out: {}", of_pages(*pages), reason.replace('_', " ")));
        let kept = self.pages_kept.saturating_sub(self.barred.kept(self.pages_read));
        Measured {
            value: percent(kept, estimated),
            counts: counts([
                ("kept", kept),
                ("estimated", estimated),
                ("over_limit", over_limit),
                ("open", self.pages_open),
            ]),
            notes: notes.collect(),
        }
    }

    fn failures(&self) -> Measured {
        let failed = self.failed.values().sum::<u64>();
        let barred = self.barred.kept(self.pages_read);
        let lost = failed + self.pages_empty + barred;
        let asked = self.pages_read + failed;
        let notes = self.failed.iter().map(|(cause, pages)| format!("{} failed: {cause}", of_pages(*pages)));
        Measured {
            value: percent(lost, asked),
            counts: counts([
                ("asked", asked),
                ("failed", failed),
                ("empty", self.pages_empty),
                ("barred", barred),
            ]),
            notes: notes.take(MOST_NOTES).collect(),
        }
    }

    fn answered(&self) -> Measured {
        let nothing_there = nothing_there(&self.skipped);
        let (barred, led) = (self.barred.read(self.pages_read), self.barred.led());
        let all = self.pages_read + nothing_there + led;
        Measured {
            value: percent(self.pages_read - barred, all),
            counts: counts([
                ("answered", all),
                ("nothing_there", nothing_there),
                ("barred", barred),
                ("same_page", led),
            ]),
            notes: self.barred.sentences(self.pages_read),
        }
    }

    fn examples(&self) -> Measured {
        let has_code = self.code_in_html > 0 || self.examples > 0;
        if has_code { whole(self.examples, "code_blocks") } else { Measured::default() }
    }

    fn ill_named(&self) -> Measured {
        let mut measured = whole(self.ill_named.len() as u64, "ill_named");
        measured.counts.insert("files".to_owned(), self.references);
        measured.notes = self.ill_named.iter().take(MOST_NOTES).cloned().collect();
        measured
    }

    fn code(&self) -> Measured {
        let loss =
            |loss: &CodeLoss| format!("<{}>: {} of {} code blocks", loss.url, loss.markdown, loss.html);
        let mut worst: Vec<&CodeLoss> = self.code_losses.iter().collect();
        worst.sort_by_key(|loss| (std::cmp::Reverse(loss.html.saturating_sub(loss.markdown)), &loss.url));
        let mut notes: Vec<String> = worst.iter().take(MOST_NOTES).map(|page| loss(page)).collect();
        if worst.len() > MOST_NOTES {
            notes.push(format!("and {} more", of_pages((worst.len() - MOST_NOTES) as u64)));
        }
        Measured {
            value: percent(self.code_in_markdown, self.code_in_html),
            counts: counts([
                ("html", self.code_in_html),
                ("markdown", self.code_in_markdown),
                ("pages_with_losses", self.code_losses.len() as u64),
            ]),
            notes,
        }
    }

    fn packed(&self) -> Measured {
        let valid = self.packages.iter().filter(|package| package.valid).count();
        let mut measured = whole(valid as u64, "valid");
        let note = |package: &PackageCount| {
            let state = if package.valid { "valid" } else { "not valid" };
            let PackageCount { file, bytes, entries, .. } = package;
            format!("`{file}`: {entries} files, {bytes} bytes, {state}")
        };
        measured.notes = self.packages.iter().map(note).collect();
        measured
    }
}

fn whole(value: u64, name: &str) -> Measured {
    Measured { value: Some(value as f64), counts: counts([(name, value)]), notes: Vec::new() }
}

fn counts<const N: usize>(pairs: [(&str, u64); N]) -> BTreeMap<String, u64> {
    pairs.into_iter().map(|(name, count)| (name.to_owned(), count)).collect()
}

/// The share in per cent; `None` of nothing.
fn percent(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * part as f64 / whole as f64)
}

fn of_pages(count: u64) -> String {
    format!("{count} {}", if count == 1 { "page" } else { "pages" })
}
