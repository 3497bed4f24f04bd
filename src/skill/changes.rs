//! What an update changed: old pages and new pages in, lists of added, changed, moved and gone ones out.
//!
//! Pages are compared by their Markdown as it stands in the skill. It is the digest of that which decides; a page whose
//! bytes were sent anew and say the same did not change.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;
use similar::TextDiff;

use crate::skill::pages::reference::Reference;
use crate::url::{CanonicalUrl, PageKey};

/// The lines around a change that a diff shows.
const CONTEXT: usize = 2;
/// The lines of a diff that are shown; the rest is counted.
const MOST_DIFF_LINES: usize = 40;
/// The redirects that are followed from a page that moved.
const MOST_HOPS: usize = 10;

/// A page as it is, or was, in the skill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageState {
    /// Its address.
    pub url: CanonicalUrl,
    /// Its title.
    pub title: String,
    /// The digest of its Markdown.
    pub digest: String,
    /// Its Markdown.
    pub markdown: String,
}

/// What became of the pages of a skill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Pages that were not there before, by URL.
    pub added: Vec<PageName>,
    /// Pages that say something else now, by URL.
    pub changed: Vec<ChangedPage>,
    /// Pages that are at another address now, by their old one.
    pub moved: Vec<MovedPage>,
    /// Pages that are not there any more, by URL.
    pub gone: Vec<GonePage>,
}

/// A page by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PageName {
    /// Its address.
    pub url: CanonicalUrl,
    /// Its title.
    pub title: String,
}

/// A page that says something else now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangedPage {
    /// Its address.
    pub url: CanonicalUrl,
    /// Its title.
    pub title: String,
    /// What changed.
    #[serde(flatten)]
    pub difference: Difference,
}

/// A page that is at another address now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MovedPage {
    /// Its old address.
    pub from: CanonicalUrl,
    /// Its new address.
    pub to: CanonicalUrl,
    /// Its title.
    pub title: String,
    /// What changed on the way, if anything did.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub difference: Option<Difference>,
}

/// A page that is not there any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GonePage {
    /// Its address.
    pub url: CanonicalUrl,
    /// Its title.
    pub title: String,
    /// Why, in words.
    pub why: String,
}

/// The difference of two texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Lines that are new.
    pub lines_added: usize,
    /// Lines that are not there any more.
    pub lines_removed: usize,
    /// A unified diff, cut where it is long.
    pub diff: String,
}

/// Why pages ended, as whoever asked for them knows it.
#[derive(Clone, Debug, Default)]
pub struct Ends {
    /// Where pages lead to by their servers' word.
    pub redirects: HashMap<PageKey, CanonicalUrl>,
    /// Why the others are no pages, in words.
    pub reasons: HashMap<PageKey, String>,
}

impl Changes {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.moved.is_empty() && self.gone.is_empty()
    }
}

impl From<Reference> for PageState {
    fn from(reference: Reference) -> Self {
        let Reference { url, title, digest, markdown, .. } = reference;
        Self { url, title, digest, markdown }
    }
}

/// Compares the pages as they were with the pages as they are. Pages that are surely the same may be left out on both
/// sides.
///
/// A page that ended has moved when it leads to a page that is new, or when a page that is new holds its very content;
/// each new page is the new place of one old page at most.
pub fn changes(old: &[PageState], new: &[PageState], ends: &Ends) -> Changes {
    let old_keys: HashMap<PageKey, &PageState> = old.iter().map(|page| (page.url.key(), page)).collect();
    let new_keys: HashSet<PageKey> = new.iter().map(|page| page.url.key()).collect();
    let mut changes = Changes::default();
    let mut fresh = BTreeMap::new();
    for page in new {
        match old_keys.get(&page.url.key()) {
            None => {
                fresh.insert(page.url.clone(), page);
            }
            Some(before) if before.digest != page.digest || before.title != page.title => {
                let difference = difference(before, page);
                changes.changed.push(ChangedPage {
                    url: page.url.clone(),
                    title: page.title.clone(),
                    difference,
                });
            }
            Some(_) => {}
        }
    }
    let ended = || old.iter().filter(|page| !new_keys.contains(&page.url.key()));
    let mut places: HashMap<&CanonicalUrl, &PageState> = HashMap::new();
    // What a server says comes before what is guessed from the content.
    for page in ended() {
        let target = target(page, &ends.redirects);
        let place = target.and_then(|target| fresh.keys().find(|url| url.key() == target.key()).cloned());
        if let Some(place) = place.and_then(|place| fresh.remove(&place)) {
            places.insert(&page.url, place);
        }
    }
    for page in ended() {
        if places.contains_key(&page.url) {
            continue;
        }
        let place = fresh.values().find(|fresh| fresh.digest == page.digest).map(|fresh| fresh.url.clone());
        if let Some(place) = place.and_then(|place| fresh.remove(&place)) {
            places.insert(&page.url, place);
        }
    }
    for page in ended() {
        match places.get(&page.url) {
            Some(place) => changes.moved.push(MovedPage {
                from: page.url.clone(),
                to: place.url.clone(),
                title: place.title.clone(),
                difference: (page.digest != place.digest).then(|| difference(page, place)),
            }),
            None => {
                let why = target(page, &ends.redirects)
                    .map(|target| format!("leads to {target}"))
                    .or_else(|| ends.reasons.get(&page.url.key()).cloned());
                changes.gone.push(GonePage {
                    url: page.url.clone(),
                    title: page.title.clone(),
                    why: why.unwrap_or_else(|| "holds no text any more".to_owned()),
                });
            }
        }
    }
    changes.added =
        fresh.values().map(|page| PageName { url: page.url.clone(), title: page.title.clone() }).collect();
    changes.changed.sort_by(|left, right| left.url.cmp(&right.url));
    changes.moved.sort_by(|left, right| left.from.cmp(&right.from));
    changes.gone.sort_by(|left, right| left.url.cmp(&right.url));
    changes
}

/// Where the redirects from a page end.
fn target<'a>(page: &PageState, redirects: &'a HashMap<PageKey, CanonicalUrl>) -> Option<&'a CanonicalUrl> {
    let mut target = redirects.get(&page.url.key())?;
    for _ in 0..MOST_HOPS {
        match redirects.get(&target.key()) {
            Some(next) => target = next,
            None => break,
        }
    }
    Some(target)
}

fn difference(old: &PageState, new: &PageState) -> Difference {
    let text = |page: &PageState| format!("# {}\n\n{}\n", page.title, page.markdown);
    let (old, new) = (text(old), text(new));
    let unified = TextDiff::from_lines(&old, &new).unified_diff().context_radius(CONTEXT).to_string();
    let count = |sign: char| unified.lines().filter(|line| line.starts_with(sign)).count();
    let (lines_added, lines_removed) = (count('+'), count('-'));
    let total = unified.lines().count();
    let mut diff: Vec<&str> = unified.lines().take(MOST_DIFF_LINES).collect();
    let rest = format!("… {} more lines", total.saturating_sub(MOST_DIFF_LINES));
    if total > MOST_DIFF_LINES {
        diff.push(&rest);
    }
    Difference { lines_added, lines_removed, diff: diff.join("\n") }
}

/// The changes as a page of Markdown, under a title.
pub fn to_markdown(changes: &Changes, title: &str, intro: &str) -> String {
    let mut text = format!("# {title}\n\n{intro}\n");
    let mut section = |name: &str, entries: Vec<String>| {
        if !entries.is_empty() {
            text.push_str(&format!("\n## {name} ({})\n\n{}\n", entries.len(), entries.join("\n")));
        }
    };
    let page =
        |title: &str, url: &CanonicalUrl| format!("- {}: <{url}>", crate::skill::text::quote::escape(title));
    section("Added", changes.added.iter().map(|added| page(&added.title, &added.url)).collect());
    section(
        "Changed",
        changes
            .changed
            .iter()
            .map(|changed| page(&changed.title, &changed.url) + &of_difference(&changed.difference))
            .collect(),
    );
    let moved = |moved: &MovedPage| {
        let difference = moved.difference.as_ref().map(of_difference).unwrap_or_default();
        format!("{}, before at <{}>{difference}", page(&moved.title, &moved.to), moved.from)
    };
    section("Moved", changes.moved.iter().map(moved).collect());
    let gone = |gone: &GonePage| format!("{} ({})", page(&gone.title, &gone.url), gone.why);
    section("Gone", changes.gone.iter().map(gone).collect());
    text.trim_end().to_owned() + "\n"
}

/// The size of a difference and its diff, as what follows the name of a page in a list.
fn of_difference(difference: &Difference) -> String {
    let Difference { lines_added, lines_removed, diff } = difference;
    // A fence is longer than any run of backticks in what it holds (CommonMark 0.31 §4.5).
    let longest = diff.split(|letter| letter != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    let indented: String = diff.lines().map(|line| format!("  {line}\n")).collect();
    format!(" (+{lines_added} −{lines_removed} lines)\n\n  {fence}diff\n{indented}  {fence}\n")
}

#[cfg(test)]
mod tests {
    use super::{Changes, Ends, PageState, changes, to_markdown};
    use crate::url::CanonicalUrl;

    fn url(path: &str) -> CanonicalUrl {
        CanonicalUrl::parse(&format!("https://d.example{path}")).unwrap()
    }

    fn page(path: &str, text: &str) -> PageState {
        PageState {
            url: url(path),
            title: path.trim_matches('/').to_owned(),
            digest: text.to_owned(),
            markdown: text.to_owned(),
        }
    }

    /// The changes in one line each.
    fn lines(changes: &Changes) -> Vec<String> {
        let added = changes.added.iter().map(|page| format!("added {}", page.url.path()));
        let changed = changes.changed.iter().map(|page| {
            let difference = &page.difference;
            format!("changed {} +{} -{}", page.url.path(), difference.lines_added, difference.lines_removed)
        });
        let moved = changes.moved.iter().map(|page| {
            let differs = if page.difference.is_some() { " and changed" } else { "" };
            format!("moved {} to {}{differs}", page.from.path(), page.to.path())
        });
        let gone = changes.gone.iter().map(|page| format!("gone {}: {}", page.url.path(), page.why));
        added.chain(changed).chain(moved).chain(gone).collect()
    }

    #[track_caller]
    fn check(old: &[PageState], new: &[PageState], ends: &Ends, expected: &[&str]) {
        assert_eq!(lines(&changes(old, new, ends)), expected);
    }

    #[test]
    fn what_says_the_same_did_not_change() {
        let pages = [page("/a", "A"), page("/b", "B")];
        check(&pages, &pages, &Ends::default(), &[]);
        // The spelling of an address is not its identity.
        check(
            &[page("/a", "A")],
            &[page("/a/", "A")].map(|page| PageState { title: "a".to_owned(), ..page }),
            &Ends::default(),
            &[],
        );
    }

    #[test]
    fn pages_are_added_changed_and_gone() {
        let ends = Ends { reasons: [(url("/c").key(), "HTTP 404".to_owned())].into(), ..Ends::default() };
        check(
            &[page("/a", "one\ntwo"), page("/c", "C"), page("/d", "D")],
            &[page("/a", "one\nthree\nfour"), page("/b", "B")],
            &ends,
            &["added /b", "changed /a +2 -1", "gone /c: HTTP 404", "gone /d: holds no text any more"],
        );
    }

    #[test]
    fn pages_move_by_redirect_or_by_content() {
        let redirects = [(url("/a").key(), url("/hop")), (url("/hop").key(), url("/new-a"))].into();
        let ends = Ends { redirects, ..Ends::default() };
        check(
            &[page("/a", "A"), page("/b", "B")],
            &[page("/new-a", "A, revised"), page("/new-b", "B")],
            &ends,
            &["moved /a to /new-a and changed", "moved /b to /new-b"],
        );
        // What leads to a page that was there before is gone.
        let ends = Ends { redirects: [(url("/a").key(), url("/b"))].into(), ..Ends::default() };
        let pages = [page("/a", "A"), page("/b", "B")];
        check(&pages, &pages[1..], &ends, &["gone /a: leads to https://d.example/b"]);
    }

    #[test]
    fn long_diffs_are_cut_and_fences_hold() {
        let old = page("/a", "```sh\nls\n```");
        let long: String = (0..60).map(|line| format!("line {line}\n")).collect();
        let found = changes(
            &[old.clone(), page("/b", "x")],
            &[page("/a", "```sh\nls -l\n```"), page("/b", &long)],
            &Ends::default(),
        );
        assert!(found.changed[1].difference.diff.ends_with("more lines"), "{found:?}");
        assert!(found.changed[1].difference.diff.lines().count() < 45);
        let text = to_markdown(
            &Changes { changed: found.changed[..1].to_vec(), ..Changes::default() },
            "Changes",
            "Since then.",
        );
        assert_eq!(
            text,
            "# Changes\n\nSince then.\n\n## Changed (1)\n\n- a: <https://d.example/a> (+1 −1 lines)\n\n  ````diff\n  \
             @@ -2,4 +2,4 @@\n   \n   ```sh\n  -ls\n  +ls -l\n   ```\n  ````\n"
        );
    }
}
