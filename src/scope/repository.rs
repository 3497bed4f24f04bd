//! The scope of a repository: the files of its documentation, in whatever spelling a pattern names them.

use super::{Judgement, Pattern, PatternError};
use crate::forge::{LeaveOut, Repository};
use crate::url::{Authority, CanonicalUrl};

/// The files of a repository, ready to be judged.
#[derive(Clone, Debug)]
pub(super) struct Files {
    repository: Repository,
    leave_out: LeaveOut,
    authorities: Vec<Authority>,
}

impl Files {
    pub(super) fn new(repository: &Repository) -> Result<Self, PatternError> {
        let leave_out = LeaveOut::new(repository.leave_out())
            .map_err(|(pattern, cause)| PatternError { pattern, cause })?;
        Ok(Self { repository: repository.clone(), leave_out, authorities: repository.authorities() })
    }

    /// Judges the address of a file as it is served; no other address is a page of a repository.
    pub(super) fn judge(&self, url: &CanonicalUrl, include: &[Pattern], exclude: &[Pattern]) -> Judgement {
        let Some(file) = self.repository.raw_file(url).filter(|file| self.repository.is_inside(&file.path))
        else {
            return Judgement::OutOfScope;
        };
        if !self.repository.is_document(&file.path) {
            return Judgement::Asset;
        }
        let spellings = self.repository.spellings_of(&file);
        let matches = |pattern: &&Pattern| spellings.iter().any(|text| pattern.matches_text(text));
        if let Some(pattern) = exclude.iter().find(matches) {
            return Judgement::Excluded(Some(pattern.text.clone()));
        }
        if !include.is_empty() && !include.iter().any(|pattern| matches(&pattern)) {
            return Judgement::Excluded(None);
        }
        match self.leave_out.find(&file.path) {
            Some(pattern) => Judgement::Excluded(Some(pattern.to_owned())),
            None => Judgement::InScope,
        }
    }

    pub(super) fn contains(&self, url: &CanonicalUrl) -> bool {
        self.repository.raw_file(url).is_some_and(|file| self.repository.is_inside(&file.path))
    }

    pub(super) fn may_list(&self, url: &CanonicalUrl) -> bool {
        self.authorities.contains(&url.authority())
    }
}

#[cfg(test)]
mod tests {
    use crate::config::ScopeRules;
    use crate::forge::Repository;
    use crate::scope::tests::rules;
    use crate::scope::{Judgement, Scope};
    use crate::url::CanonicalUrl;

    fn scope(base_url: &str, include: &[&str], exclude: &[&str]) -> Scope {
        let rules = rules(base_url, include, exclude);
        let repository = Repository::at(&rules.base_url).unwrap();
        Scope::new(&ScopeRules { repository, ..rules }).unwrap()
    }

    fn check(scope: &Scope, path: &str, judgement: Judgement) {
        let address = format!("https://raw.githubusercontent.com/acme/tool/{path}");
        assert_eq!(scope.judge(&CanonicalUrl::parse(&address).unwrap()), judgement, "{path}");
    }

    #[test]
    fn documents_of_the_repository_and_of_its_folder() {
        let all = scope("https://github.com/acme/tool", &[], &[]);
        check(&all, "main/README.md", Judgement::InScope);
        check(&all, "main/src/lib.rs", Judgement::Asset);
        check(&all, "../other/main/README.md", Judgement::OutOfScope);
        let page = CanonicalUrl::parse("https://github.com/acme/tool/blob/main/README.md").unwrap();
        assert_eq!(all.judge(&page), Judgement::OutOfScope);
        let folder = scope("https://github.com/acme/tool/tree/main/docs", &[], &[]);
        check(&folder, "main/docs/a.md", Judgement::InScope);
        check(&folder, "main/README.md", Judgement::OutOfScope);
        check(&folder, "main/docs-old/a.md", Judgement::OutOfScope);
    }

    #[test]
    fn patterns_may_name_a_file_in_any_way() {
        for include in [
            "/docs/",
            "docs/*.md",
            "/docs/*",
            "https://github.com/acme/tool/blob/main/docs/*",
            "https://github.com/acme/tool/tree/main/docs",
            "/blob/master/docs/",
            "https://raw.githubusercontent.com/acme/tool/*/docs/a.md",
        ] {
            let some = scope("https://github.com/acme/tool", &[include], &[]);
            check(&some, "0123/docs/a.md", Judgement::InScope);
            check(&some, "0123/examples/a.md", Judgement::Excluded(None));
            let others = scope("https://github.com/acme/tool", &[], &[include]);
            check(&others, "0123/docs/a.md", Judgement::Excluded(Some(include.to_owned())));
            check(&others, "0123/examples/a.md", Judgement::InScope);
        }
    }
}
