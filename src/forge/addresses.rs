//! The addresses of a file: as it is, and as the forge shows it to people; of any branch, relative to a file, or from
//! the root of the repository.

use url::Url;

use super::Repository;
use super::repository::is_commit;
use super::template::decode;
use crate::url::CanonicalUrl;

/// Branches that are the default one of nearly every repository.
const DEFAULT_BRANCHES: [&str; 3] = ["HEAD", "main", "master"];

/// A file, or a folder, of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileAddress {
    /// The commit, branch or tag.
    pub reference: String,
    /// The path within the repository as plain text, without slashes at its ends.
    pub path: String,
}

impl FileAddress {
    /// Whether it is named at a commit, which never changes.
    pub fn is_pinned(&self) -> bool {
        is_commit(&self.reference)
    }
}

impl Repository {
    /// The address of a file as it is.
    pub fn raw_url(&self, reference: &str, path: &str) -> Option<CanonicalUrl> {
        CanonicalUrl::parse(&self.raw.fill(reference, path)).ok()
    }

    /// The address of the page that shows a file to people.
    pub fn page_url(&self, reference: &str, path: &str) -> Option<CanonicalUrl> {
        CanonicalUrl::parse(&self.page.fill(reference, path)).ok()
    }

    /// The address of the page that shows a folder to people.
    pub fn folder_url(&self, reference: &str, path: &str) -> Option<CanonicalUrl> {
        let path = path.trim_end_matches('/');
        let address = if path.is_empty() {
            self.folder_page.fill(reference, "").trim_end_matches('/').to_owned()
        } else {
            self.folder_page.fill(reference, path)
        };
        CanonicalUrl::parse(&address).ok()
    }

    /// The file that is served at an address as it is, if it is one of this repository.
    pub fn raw_file(&self, url: &CanonicalUrl) -> Option<FileAddress> {
        self.read(&self.raw, url.as_str()).filter(|file| !file.path.is_empty())
    }

    /// The file that is shown to people at an address, if it is one of this repository.
    pub fn shown_file(&self, url: &CanonicalUrl) -> Option<FileAddress> {
        self.read(&self.page, url.as_str()).filter(|file| !file.path.is_empty())
    }

    /// The file or folder of this repository that an address means, in whatever spelling; an address of the repository
    /// itself means its root. `page` is the reference of the page on which the address stands, `known` says whether a
    /// path (or what lies below it) is known to be there.
    pub fn file_of(&self, url: &Url, page: &str, known: &dyn Fn(&str) -> bool) -> Option<FileAddress> {
        let address = url.as_str().split(['?', '#']).next().unwrap_or_default();
        if address.trim_end_matches('/').eq_ignore_ascii_case(&self.home) {
            return Some(FileAddress { reference: page.to_owned(), path: String::new() });
        }
        let templates = self.spellings.iter().chain([&self.page, &self.folder_page, &self.raw]);
        let spelled = templates.filter_map(|template| self.read(template, address)).next();
        if let Some(file) = spelled {
            return Some(FileAddress { reference: self.settled(&file.reference, page), ..file });
        }
        let path = self.path_from_root(url, known)?;
        Some(FileAddress { reference: page.to_owned(), path })
    }

    /// Where an address really leads that left the repository upwards, as `../../issues` does in a file that the forge
    /// shows one level deeper than it serves it.
    pub fn beyond_root(&self, url: &Url) -> Option<String> {
        let above = self.raw_root()?;
        let rest = url.as_str().strip_prefix(&format!("{above}/{}/", self.owner))?;
        let is_inside = rest.split('/').next().is_some_and(|name| name.eq_ignore_ascii_case(&self.name));
        // A path in another repository of this owner has its name, a branch and a file.
        (!is_inside && rest.split('/').count() < 3).then(|| format!("{}/{rest}", self.home))
    }

    /// The addresses by which a pattern may mean a file: as it is served, as it is shown at the commit and at the
    /// branches that people write, and its path alone.
    pub fn spellings_of(&self, file: &FileAddress) -> Vec<String> {
        let mut spellings =
            vec![self.raw.fill(&file.reference, &file.path), file.path.clone(), format!("/{}", file.path)];
        let named = [file.reference.as_str()].into_iter().chain(self.reference.as_deref());
        for reference in named.chain(DEFAULT_BRANCHES) {
            spellings.push(self.page.fill(reference, &file.path));
            spellings.push(self.folder_page.fill(reference, &file.path));
        }
        spellings
    }

    fn read(&self, template: &super::template::Template, address: &str) -> Option<FileAddress> {
        let (reference, path) = template.read(address, self.reference.as_deref())?;
        Some(FileAddress { reference, path: path.trim_matches('/').to_owned() })
    }

    /// A default branch, and the branch that the config names, are what the page is of.
    fn settled(&self, reference: &str, page: &str) -> String {
        let is_named = self.reference.as_deref() == Some(reference);
        let is_default = self.reference.is_none() && DEFAULT_BRANCHES.contains(&reference);
        let is_page = is_named || is_default;
        if is_page { page.to_owned() } else { reference.to_owned() }
    }

    /// The path of a link that begins with a slash. Forges read it from the root of the repository, while the link was
    /// resolved against the root of the host that serves the file.
    fn path_from_root(&self, url: &Url, known: &dyn Fn(&str) -> bool) -> Option<String> {
        let root = self.raw_root()?;
        let path = decode(url.as_str().strip_prefix(&root)?.split(['?', '#']).next()?);
        let path = path.trim_matches('/');
        let first = path.split('/').next().unwrap_or_default();
        if path.is_empty() || first.eq_ignore_ascii_case(&self.owner) {
            return None;
        }
        if known(path) || known(first) {
            return Some(path.to_owned());
        }
        let serves_nothing_else = !self.home.starts_with(&root);
        // Owner, name, branch and file: that is another repository where the third is the name of a branch.
        let mut segments = path.split('/').skip(2);
        let is_other = segments.next().is_some_and(|name| {
            is_commit(name) || name == "refs" || name.starts_with('v') || DEFAULT_BRANCHES.contains(&name)
        }) && segments.next().is_some();
        (serves_nothing_else && !is_other).then(|| path.to_owned())
    }

    /// Scheme and host of the files.
    fn raw_root(&self) -> Option<String> {
        Some(self.raw_url("HEAD", "a")?.authority().as_str().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::FileAddress;
    use crate::forge::{Overrides, Repository};
    use crate::url::CanonicalUrl;

    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

    fn repository(url: &str) -> Repository {
        Repository::at(&CanonicalUrl::parse(url).unwrap()).unwrap().unwrap()
    }

    fn file_of(repository: &Repository, url: &str) -> Option<(String, String)> {
        let known = |path: &str| path == "docs" || path.starts_with("docs/");
        let url = CanonicalUrl::parse(url).unwrap();
        let found = repository.file_of(url.as_url(), COMMIT, &known);
        found.map(|FileAddress { reference, path }| (reference, path))
    }

    #[test]
    fn every_spelling_is_one_file() {
        let github = repository("https://github.com/Acme/tool");
        let own = |path: &str| Some((COMMIT.to_owned(), path.to_owned()));
        for (url, path) in [
            ("https://github.com/acme/tool", ""),
            ("https://github.com/Acme/tool/blob/main/docs/a%20b.md#x", "docs/a b.md"),
            ("https://github.com/acme/Tool/tree/HEAD/docs/", "docs"),
            ("https://github.com/Acme/tool/raw/master/logo.png?raw=true", "logo.png"),
            (&format!("https://raw.githubusercontent.com/Acme/tool/{COMMIT}/docs/a.md"), "docs/a.md"),
            ("https://raw.githubusercontent.com/Acme/tool/refs/heads/main/docs/a.md", "docs/a.md"),
            ("https://raw.githubusercontent.com/docs/img/main/a.png", "docs/img/main/a.png"),
            ("https://raw.githubusercontent.com/assets/logo.png", "assets/logo.png"),
            ("https://raw.githubusercontent.com/assets/img/small/logo.png", "assets/img/small/logo.png"),
        ] {
            assert_eq!(file_of(&github, url), own(path), "{url}");
        }
        let old = Some(("v1.0".to_owned(), "a.md".to_owned()));
        assert_eq!(file_of(&github, "https://github.com/Acme/tool/blob/v1.0/a.md"), old);
        for url in [
            "https://github.com/Acme/tool/issues/3",
            "https://github.com/Acme/other/blob/main/a.md",
            "https://raw.githubusercontent.com/other/thing/main/a.png",
            "https://d.example/docs/a.md",
        ] {
            assert_eq!(file_of(&github, url), None, "{url}");
        }
        let above = CanonicalUrl::parse("https://raw.githubusercontent.com/Acme/issues").unwrap();
        let found = github.beyond_root(above.as_url());
        assert_eq!(found.as_deref(), Some("https://github.com/Acme/tool/issues"));
    }

    #[test]
    fn branches_and_folders_of_the_base_url() {
        let check = |url: &str, reference: Option<&str>, folder: &str| {
            let found = repository(url);
            assert_eq!((found.reference.as_deref(), found.folder.as_str()), (reference, folder), "{url}");
            assert_eq!(found.home.rsplit('/').next(), Some("tool"));
        };
        check("https://github.com/acme/tool/", None, "");
        check("https://github.com/acme/tool.git", None, "");
        check("https://github.com/acme/tool/tree/v1.2", Some("v1.2"), "");
        check("https://github.com/acme/tool/tree/main/docs/guide", Some("main"), "docs/guide");
        check("https://github.com/acme/tool/blob/main/docs/index.md", Some("main"), "docs");
        check("https://gitlab.com/acme/group/tool", None, "");
        check("https://gitlab.com/acme/group/tool/-/tree/main/docs", Some("main"), "docs");
        check("https://codeberg.org/acme/tool/src/branch/main/docs", Some("main"), "docs");
        for url in
            ["https://github.com/acme", "https://github.com/acme/tool/issues/3", "https://d.example/a/b"]
        {
            assert_eq!(Repository::at(&CanonicalUrl::parse(url).unwrap()).unwrap(), None, "{url}");
        }
    }

    #[test]
    fn the_api_of_each_forge() {
        let check = |url: &str, commit: &str, tree: &str, raw: &str| {
            let found = repository(url);
            assert_eq!(found.first_listing().unwrap().0.as_str(), commit);
            assert_eq!(found.tree_url("C").unwrap().as_str(), tree);
            assert_eq!(found.raw_url("C", "a b.md").unwrap().as_str(), raw);
        };
        check(
            "https://github.com/acme/tool",
            "https://api.github.com/repos/acme/tool/commits/HEAD",
            "https://api.github.com/repos/acme/tool/git/trees/C?recursive=1",
            "https://raw.githubusercontent.com/acme/tool/C/a%20b.md",
        );
        check(
            "https://gitlab.com/acme/group/tool/-/tree/main",
            "https://gitlab.com/api/v4/projects/acme%2Fgroup%2Ftool/repository/commits/main",
            "https://gitlab.com/api/v4/projects/acme%2Fgroup%2Ftool/repository/tree?recursive=true&per_page=100&ref=C",
            "https://gitlab.com/acme/group/tool/-/raw/C/a%20b.md",
        );
        check(
            "https://codeberg.org/acme/tool",
            "https://codeberg.org/api/v1/repos/acme/tool/git/commits/HEAD",
            "https://codeberg.org/api/v1/repos/acme/tool/git/trees/C?recursive=true&per_page=1000",
            "https://codeberg.org/acme/tool/raw/commit/C/a%20b.md",
        );
    }

    #[test]
    fn a_host_of_ones_own_is_named_by_the_config() {
        let url = CanonicalUrl::parse("https://git.example/acme/tool/src/branch/feature/x/docs").unwrap();
        let typed = Overrides {
            forge: Some("gitea".to_owned()),
            reference: Some("feature/x".to_owned()),
            ..Overrides::default()
        };
        let found = Repository::of(&url, &typed).unwrap();
        assert_eq!((found.folder.as_str(), found.reference_or_head()), ("docs", "feature/x"));
        let typed = Overrides { raw: Some("https://git.example/{owner}/{path}".to_owned()), ..typed };
        let error = Repository::of(&url, &typed).unwrap_err().to_string();
        assert_eq!(error, "the template `https://git.example/acme/{path}` lacks `{commit}`");
        let typed = Overrides { forge: Some("git".to_owned()), ..Overrides::default() };
        let error = Repository::of(&url, &typed).unwrap_err().to_string();
        assert_eq!(error, "`git` is no forge; those known are `gitea`, `github`, `gitlab`");
    }
}
