//! How a site spells the addresses of its pages, where a list names them without their ending.

use super::Knows;
use crate::url::CanonicalUrl;

/// How many names of a list are looked at before it is decided.
const SAMPLE: usize = 500;

/// What is made of a name such as `guide/install`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `guide/install.html`.
    Html,
    /// `guide/install/`.
    Folder,
    /// `guide/install`.
    Clean,
}

impl Spelling {
    /// The one of `choices` in which most of the names are pages that are known; `None` where that is none at all. Names
    /// of a folder's own page say nothing, since they are spelled alike.
    pub(super) fn learn<'a>(
        choices: &[Self],
        root: &CanonicalUrl,
        names: impl Iterator<Item = &'a str>,
        knows: &Knows<'_>,
    ) -> Option<Self> {
        let names: Vec<&str> = names.filter(|name| folder_of_index(name).is_none()).take(SAMPLE).collect();
        let known = |spelling: Self| {
            names.iter().filter(|name| spelling.url(root, name).is_some_and(|url| knows(&url))).count()
        };
        let counted = choices.iter().rev().map(|spelling| (known(*spelling), *spelling));
        counted.filter(|(count, _)| *count > 0).max_by_key(|(count, _)| *count).map(|(_, spelling)| spelling)
    }

    /// The address of a page by its name below the root. What would end the path in a URL is part of the name here.
    pub(super) fn url(self, root: &CanonicalUrl, name: &str) -> Option<CanonicalUrl> {
        self.encoded(root, &name.replace('%', "%25").replace('?', "%3F").replace('#', "%23"))
    }

    /// The same of a name that was part of a URL.
    pub(super) fn encoded(self, root: &CanonicalUrl, name: &str) -> Option<CanonicalUrl> {
        let path = match (folder_of_index(name), self) {
            (Some(folder), _) => folder.to_owned(),
            (None, Self::Html) => format!("{name}.html"),
            (None, Self::Folder) => format!("{name}/"),
            (None, Self::Clean) => name.to_owned(),
        };
        root.document().join(&format!("./{}", path.trim_start_matches('/'))).ok()
    }
}

/// The folder whose own page this is: `guide/` of `guide/index`.
fn folder_of_index(name: &str) -> Option<&str> {
    name.strip_suffix("index").filter(|folder| folder.is_empty() || folder.ends_with('/'))
}

#[cfg(test)]
mod tests {
    use super::Spelling;
    use crate::url::CanonicalUrl;

    #[test]
    fn the_spelling_is_that_of_the_known_pages() {
        let root = CanonicalUrl::parse("https://d.example/en/").unwrap();
        let learn = |known: &[&str]| {
            let knows = |url: &CanonicalUrl| {
                known.iter().any(|known| root.join(known).is_ok_and(|known| known.key() == url.key()))
            };
            let names = ["index", "a/index", "a/b", "c"];
            Spelling::learn(&[Spelling::Html, Spelling::Folder], &root, names.into_iter(), &knows)
        };
        assert_eq!(learn(&["a/b.html", "/elsewhere"]), Some(Spelling::Html));
        assert_eq!(learn(&["a/b/", "c"]), Some(Spelling::Folder));
        assert_eq!(learn(&["", "a/"]), None, "these say nothing");
        let spelled = |spelling: Spelling, name| spelling.url(&root, name).unwrap().as_str().to_owned();
        assert_eq!(spelled(Spelling::Folder, "a/b"), "https://d.example/en/a/b/");
        assert_eq!(spelled(Spelling::Html, "a/index"), "https://d.example/en/a/");
        assert_eq!(spelled(Spelling::Html, "c:d?"), "https://d.example/en/c:d%3F.html");
    }
}
