//! Which files of a repository are documentation, and in which order they are read.

use globset::{GlobBuilder, GlobMatcher};

use super::Repository;

/// Globs on paths, ready to be asked.
#[derive(Clone, Debug)]
pub struct LeaveOut(Vec<(String, GlobMatcher)>);

impl LeaveOut {
    /// Reads globs.
    ///
    /// # Errors
    ///
    /// The first that is none, with what is wrong about it.
    pub fn new(patterns: &[String]) -> Result<Self, (String, globset::Error)> {
        let compile = |text: &String| match GlobBuilder::new(text).empty_alternates(true).build() {
            Ok(glob) => Ok((text.clone(), glob.compile_matcher())),
            Err(cause) => Err((text.clone(), cause)),
        };
        patterns.iter().map(compile).collect::<Result<_, _>>().map(Self)
    }

    /// The glob that leaves a path out.
    pub fn find(&self, path: &str) -> Option<&str> {
        self.0.iter().find(|(_, glob)| glob.is_match(path)).map(|(text, _)| text.as_str())
    }
}

impl Repository {
    /// Whether a path within the repository is that of a file of documentation in the folder that is read.
    pub fn is_document(&self, path: &str) -> bool {
        let name = name_of(path);
        let lower = name.to_ascii_lowercase();
        let ends = |ending: &String| lower.len() > ending.len() && lower.ends_with(ending.as_str());
        self.is_inside(path) && (self.is_readme(path) || self.documentation.endings.iter().any(ends))
    }

    /// Whether a path lies in the folder that is read.
    pub fn is_inside(&self, path: &str) -> bool {
        let below = path.strip_prefix(self.folder.as_str());
        self.folder.is_empty() || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether the address of a picture is that of a badge.
    pub fn is_badge(&self, address: &str) -> bool {
        self.documentation.badges.iter().any(|part| address.contains(part.as_str()))
    }

    /// Whether a file is what is shown for its folder.
    pub fn is_readme(&self, path: &str) -> bool {
        let name = name_of(path);
        self.documentation.readmes.iter().any(|readme| readme.eq_ignore_ascii_case(name))
    }

    /// The documentation among the files of a repository: the READMEs at its top, then folders of documentation, then
    /// the rest, each by path with the README of a folder first.
    pub fn documents(&self, files: Vec<String>) -> Vec<String> {
        let mut found: Vec<String> = files.into_iter().filter(|path| self.is_document(path)).collect();
        found.sort_by_cached_key(|path| self.order_of(path));
        found
    }

    fn order_of(&self, path: &str) -> (usize, Vec<(bool, String)>) {
        let inner = path.strip_prefix(self.folder.as_str()).unwrap_or(path).trim_start_matches('/');
        let (folder, _) = inner.split_once('/').unwrap_or(("", inner));
        let is_first = |name: &String| name.eq_ignore_ascii_case(folder);
        let group = match self.documentation.first.iter().position(is_first) {
            _ if folder.is_empty() && self.is_readme(inner) => 0,
            Some(place) => 1 + place,
            None if folder.is_empty() => 1 + self.documentation.first.len(),
            None => 2 + self.documentation.first.len(),
        };
        let last = inner.matches('/').count();
        let parts = inner.split('/').enumerate();
        let parts = parts.map(|(depth, part)| (depth < last || !self.is_readme(part), part.to_owned()));
        (group, parts.collect())
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::LeaveOut;
    use crate::forge::Repository;
    use crate::url::CanonicalUrl;

    fn repository(url: &str) -> Repository {
        Repository::at(&CanonicalUrl::parse(url).unwrap()).unwrap().unwrap()
    }

    fn documents(url: &str, files: &[&str]) -> Vec<String> {
        repository(url).documents(files.iter().map(|path| (*path).to_owned()).collect())
    }

    #[test]
    fn the_readme_comes_first_and_code_not_at_all() {
        let files = [
            "setup.py",
            "CHANGELOG.md",
            "examples/run.ipynb",
            "docs/b.rst",
            "docs/a/x.qmd",
            "docs/README.md",
            "README.md",
            "requirements.txt",
            "src/README",
            ".md",
        ];
        let order = [
            "README.md",
            "docs/README.md",
            "docs/a/x.qmd",
            "docs/b.rst",
            "CHANGELOG.md",
            "examples/run.ipynb",
            "src/README",
        ];
        assert_eq!(documents("https://github.com/a/b", &files), order);
        assert_eq!(
            documents("https://github.com/a/b/tree/main/docs", &files),
            ["docs/README.md", "docs/b.rst", "docs/a/x.qmd"]
        );
    }

    #[test]
    fn what_is_no_documentation_is_left_out() {
        let repository = repository("https://github.com/a/b");
        let leave_out = LeaveOut::new(repository.leave_out()).unwrap();
        for path in [
            "tests/README.md",
            "a/tests/data/x.md",
            "node_modules/x/README.md",
            ".github/ISSUE_TEMPLATE/bug.md",
            "LICENSE.md",
            "LICENSES-OTHERS.md",
            "CODE_OF_CONDUCT.md",
            "CLAUDE.md",
            "a/AGENTS.md",
            "csrc/third_party/x/README.md",
            "README_zh.md",
            "README.zh-CN.md",
            "docs/README-ja.md",
            "PULL_REQUEST_TEMPLATE.md",
        ] {
            assert!(leave_out.find(path).is_some(), "{path}");
        }
        for path in [
            "README.md",
            "README-MUP.md",
            "README_v2.md",
            "CHANGELOG.md",
            "CONTRIBUTING.md",
            "docs/security.md",
            "docs/testing/a.md",
            "docs/contest.md",
            "docs/README.md",
            "attestations/a.md",
        ] {
            assert_eq!(leave_out.find(path), None, "{path}");
        }
    }
}
