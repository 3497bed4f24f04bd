//! Where the documentation begins, when that is not where somebody said.

use super::evidence::Evidence;
use super::real;
use crate::profile::GENERIC;
use crate::scope::edition::names_edition;
use crate::url::CanonicalUrl;

/// Folders that hold documentation.
const DOCUMENTATION: [&str; 5] = ["docs", "doc", "documentation", "manual", "handbook"];
/// So much of a menu must lie in a folder for it to be the menu's.
const MOST_OF_MENU: f64 = 0.8;
/// A smaller menu says nothing.
const LEAST_MENU: usize = 5;

/// A better place to begin, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherRoot {
    /// The folder.
    pub url: CanonicalUrl,
    /// Why, as the end of a sentence about it.
    pub why: String,
    /// Whether the page that was looked at is in it, and a place to begin.
    pub holds_page: bool,
}

/// The folder that the documentation lies in, if it is another than the one that was looked at: where the front page
/// leads, where a page that is no documentation says it is, or the folder above that its menu is about.
pub fn other_root(evidence: &Evidence) -> Option<OtherRoot> {
    let base = &evidence.base_url;
    let found = landed(evidence).or_else(|| named(evidence)).or_else(|| widened(evidence))?;
    (found.url.key() != base.key()).then_some(found)
}

/// The folder of the documentation that an address lies in: up to a folder that is called so, with the version and
/// language below it; else the folder of the page.
pub fn folder_of_docs(url: &CanonicalUrl) -> CanonicalUrl {
    let document = url.document();
    let path = document.path();
    let (folder, _) = path.rsplit_once('/').unwrap_or(("", path));
    let segments: Vec<&str> = folder.split('/').filter(|segment| !segment.is_empty()).collect();
    let last = path.rsplit('/').next().unwrap_or_default();
    let all: Vec<&str> = segments.iter().copied().chain((!last.is_empty()).then_some(last)).collect();
    let is_root = |segment: &&str| DOCUMENTATION.contains(segment) || names_edition(segment);
    let end = match all.iter().position(is_root) {
        Some(first) => all.iter().skip(first).take_while(|segment| is_root(segment)).count() + first,
        None => segments.len(),
    };
    let kept: String = all.iter().take(end).map(|segment| format!("/{segment}")).collect();
    document.join(&format!("{kept}/")).unwrap_or(document)
}

fn landed(evidence: &Evidence) -> Option<OtherRoot> {
    let to = evidence.landed.as_ref()?;
    let url = folder_of_docs(to);
    let is_deeper = url.as_str().len() > evidence.base_url.as_str().trim_end_matches('/').len() + 1;
    let is_elsewhere = to.authority() != evidence.base_url.authority();
    (is_elsewhere || is_deeper).then(|| OtherRoot {
        url,
        why: format!("`{}` leads there", evidence.base_url),
        holds_page: false,
    })
}

fn named(evidence: &Evidence) -> Option<OtherRoot> {
    let root = evidence.docs_root.as_ref()?;
    let front = evidence.looked_at.first()?;
    (front.profile == GENERIC).then(|| OtherRoot {
        url: folder_of_docs(root),
        holds_page: false,
        why: format!("the page at `{}` is no documentation, and says that it is there", front.url),
    })
}

/// A folder above, where most of the menu lies, if little of it lies in the folder that was named.
fn widened(evidence: &Evidence) -> Option<OtherRoot> {
    let front = evidence.looked_at.first()?;
    let mut menu = Vec::new();
    front.navigation.iter().for_each(|item| collect(item, &mut menu));
    if menu.len() < LEAST_MENU {
        menu.clone_from(&front.links);
    }
    menu.retain(|url| url.authority() == evidence.base_url.authority());
    let share = |folder: &str| {
        real(menu.iter().filter(|url| url.path().starts_with(folder)).count()) / real(menu.len().max(1))
    };
    let own = folder(&evidence.base_url);
    if menu.len() < LEAST_MENU || share(&own) >= MOST_OF_MENU {
        return None;
    }
    let mut above = own.trim_end_matches('/');
    while let Some((parent, _)) = above.rsplit_once('/') {
        let path = format!("{parent}/");
        if share(&path) >= MOST_OF_MENU {
            let url = evidence.base_url.document().join(&path).ok()?;
            return Some(OtherRoot {
                url,
                holds_page: true,
                why: "what it leads to is in that folder".to_owned(),
            });
        }
        above = parent;
    }
    None
}

fn collect(item: &crate::document::NavigationItem, urls: &mut Vec<CanonicalUrl>) {
    urls.extend(item.url.clone());
    item.children.iter().for_each(|child| collect(child, urls));
}

/// The folder that an address stands for, with its slash: itself, unless it names a file.
fn folder(url: &CanonicalUrl) -> String {
    let path = url.path();
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    if name.is_empty() || name.contains('.') { format!("{folder}/") } else { format!("{path}/") }
}

#[cfg(test)]
mod tests {
    use super::folder_of_docs;
    use crate::url::CanonicalUrl;

    #[test]
    fn the_folder_of_the_documentation() {
        for (url, folder) in [
            ("https://tool.example/docs/intro", "https://tool.example/docs/"),
            ("https://tool.example/docs", "https://tool.example/docs/"),
            ("https://docs.tool.example/en/latest/guide/a.html", "https://docs.tool.example/en/latest/"),
            ("https://tool.example/project/docs/stable/x/dev/y", "https://tool.example/project/docs/stable/"),
            ("https://docs.tool.example/introduction", "https://docs.tool.example/"),
            ("https://pages.example/project/", "https://pages.example/project/"),
            ("https://tool.example/#/guide", "https://tool.example/"),
        ] {
            assert_eq!(folder_of_docs(&CanonicalUrl::parse(url).unwrap()).as_str(), folder, "{url}");
        }
    }
}
