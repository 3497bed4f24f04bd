//! Which paths a call may name: those inside of the roots that the client gave, or of the working folder.
//!
//! A path is looked at as the system will see it: links are followed as far as the path exists, and what does not exist yet
//! is where its nearest existing folder is. `..` is refused as typed, whatever it leads to.

use std::path::{Component, Path, PathBuf};

use crate::mcp::error::ToolError;

/// The longest path that is looked at, in bytes.
const LONGEST: usize = 4096;
/// The most entries of a folder that are looked at for links that lead out.
const MOST_ENTRIES: usize = 100_000;

/// The folders that calls may read and write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roots {
    /// Where relative paths begin, and where commands run.
    base: PathBuf,
    /// What may be used, links resolved.
    allowed: Vec<PathBuf>,
}

impl Roots {
    /// The working folder alone. It has to be a real path, links resolved.
    pub fn working_folder(folder: &Path) -> Self {
        Self { base: folder.to_owned(), allowed: vec![folder.to_owned()] }
    }

    /// The folders that a client gave, those that exist; relative paths begin in the working folder if it is in one of
    /// them, else in the first. With none there is nothing that may be used.
    pub fn of_client(folders: &[PathBuf], working_folder: &Path) -> Self {
        let allowed: Vec<PathBuf> = folders
            .iter()
            .filter_map(|folder| folder.canonicalize().ok())
            .filter(|folder| folder.is_dir())
            .collect();
        let is_inside = allowed.iter().any(|root| working_folder.starts_with(root));
        let first = allowed.first().filter(|_| !is_inside).cloned();
        Self { base: first.unwrap_or_else(|| working_folder.to_owned()), allowed }
    }

    /// As [`Self::of_client`], where the client is not trusted with more than the working folder: a root narrows what may
    /// be used and never widens it.
    pub fn within(folders: &[PathBuf], working_folder: &Path) -> Self {
        let narrowed: Vec<PathBuf> = folders
            .iter()
            .filter_map(|folder| folder.canonicalize().ok())
            .filter_map(|root| match (working_folder.starts_with(&root), root.starts_with(working_folder)) {
                (true, _) => Some(working_folder.to_owned()),
                (false, true) => Some(root),
                (false, false) => None,
            })
            .collect();
        Self::of_client(&narrowed, working_folder)
    }

    /// Where relative paths begin, and where commands run.
    pub fn base(&self) -> &Path {
        &self.base
    }

    /// The place that a typed path means, or will mean once it is made.
    ///
    /// # Errors
    ///
    /// A [`ToolError`] when it is none, or lies outside.
    pub fn place(&self, typed: &str) -> Result<PathBuf, ToolError> {
        if typed.is_empty() || typed.len() > LONGEST || typed.chars().any(char::is_control) {
            return Err(ToolError::new("a path is empty, too long, or has control characters"));
        }
        if Path::new(typed).components().any(|part| part == Component::ParentDir) {
            return Err(self.outside(typed, "`..` is not followed"));
        }
        let place = self.base.join(typed);
        let resolved = resolve(&place).ok_or_else(|| self.outside(typed, "it leads nowhere"))?;
        if self.allows(&resolved) {
            return Ok(place);
        }
        Err(self.outside(typed, "it leads out of the folders that may be used"))
    }

    /// As [`Self::place`], and, where the path is a folder, without links in it that lead out.
    ///
    /// # Errors
    ///
    /// A [`ToolError`] when it is no path, lies outside, or a link in it does.
    pub fn tree(&self, typed: &str) -> Result<PathBuf, ToolError> {
        let place = self.place(typed)?;
        let mut folders = vec![place.clone()];
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
                seen += 1;
                let kind = entry.file_type().ok();
                let is_link = kind.is_some_and(|kind| kind.is_symlink());
                if is_link && !resolve(&entry.path()).is_some_and(|resolved| self.allows(&resolved)) {
                    let link = entry.path().display().to_string();
                    return Err(self.outside(&link, "it is a link that leads out"));
                }
                if kind.is_some_and(|kind| kind.is_dir()) {
                    folders.push(entry.path());
                }
            }
            if seen > MOST_ENTRIES {
                return Err(ToolError::new(format!("`{typed}` holds more than {MOST_ENTRIES} files"))
                    .hint("name the folder of one skill or crawl"));
            }
        }
        Ok(place)
    }

    fn allows(&self, resolved: &Path) -> bool {
        self.allowed.iter().any(|root| resolved.starts_with(root))
    }

    fn outside(&self, typed: &str, why: &str) -> ToolError {
        let hint = match self.allowed.as_slice() {
            [] => "the client gave no folder that this server may use; add one of its folders as a root"
                .to_owned(),
            allowed => {
                let folders: Vec<String> =
                    allowed.iter().map(|root| format!("`{}`", root.display())).collect();
                format!("use a path inside of {}", folders.join(" or "))
            }
        };
        ToolError::new(format!("`{typed}` may not be used: {why}")).hint(hint)
    }
}

/// The path with all links followed; what does not exist keeps its name below the nearest folder that does. `None` for
/// a link that leads to nothing: what is written there would be made wherever it points.
fn resolve(path: &Path) -> Option<PathBuf> {
    let mut missing = Vec::new();
    let mut existing = path;
    while existing.symlink_metadata().is_err() {
        missing.push(existing.file_name()?);
        existing = existing.parent()?;
    }
    let mut resolved = existing.canonicalize().ok()?;
    resolved.extend(missing.iter().rev());
    Some(resolved)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use super::Roots;

    fn folder() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap();
        fs::create_dir_all(path.join("work/output/docs")).unwrap();
        fs::create_dir_all(path.join("other")).unwrap();
        fs::write(path.join("other/secret.md"), "secret").unwrap();
        (folder, path)
    }

    #[test]
    fn paths_inside_are_allowed_also_those_to_come() {
        let (_keep, path) = folder();
        let roots = Roots::working_folder(&path.join("work"));
        for typed in ["output/docs", "output/docs/", "./configs/new.json", "output/to/come", "."] {
            assert!(roots.place(typed).is_ok(), "{typed}");
        }
        assert!(roots.place(&path.join("work/output").display().to_string()).is_ok());
    }

    #[test]
    fn paths_outside_are_refused_with_what_to_do() {
        let (_keep, path) = folder();
        let roots = Roots::working_folder(&path.join("work"));
        let absolute = path.join("other/secret.md").display().to_string();
        for typed in ["../other", "output/../../other", "/etc/passwd", &absolute, "", "a\0b", "a\nb"] {
            assert!(roots.place(typed).is_err(), "{typed:?}");
        }
        let error = roots.place("../other").unwrap_err();
        assert!(error.hint.unwrap().contains("work"), "{}", error.message);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_before_they_are_judged() {
        use std::os::unix::fs::symlink;
        let (_keep, path) = folder();
        let work = path.join("work");
        symlink(path.join("other"), work.join("out")).unwrap();
        symlink(path.join("nothing"), work.join("dangling")).unwrap();
        symlink(work.join("output"), work.join("inside")).unwrap();
        let roots = Roots::working_folder(&work);
        for typed in ["out", "out/secret.md", "out/to/come.md", "dangling", "dangling/x"] {
            assert!(roots.place(typed).is_err(), "{typed}");
        }
        assert!(roots.place("inside/docs").is_ok());
        assert!(roots.tree("output").is_ok());
        symlink(path.join("other/secret.md"), work.join("output/docs/page.md")).unwrap();
        assert!(roots.place("output/docs").is_ok());
        assert!(roots.tree("output/docs").is_err());
    }

    #[test]
    fn a_client_gives_roots_and_over_a_network_only_narrows_them() {
        let (_keep, path) = folder();
        let (work, other) = (path.join("work"), path.join("other"));
        let roots = Roots::of_client(std::slice::from_ref(&other), &work);
        assert_eq!(roots.base(), other);
        assert!(roots.place("secret.md").is_ok() && roots.place(&work.display().to_string()).is_err());
        let roots = Roots::of_client(&[other.clone(), path.clone()], &work);
        assert_eq!(roots.base(), work);

        let roots = Roots::within(&[other], &work);
        assert!(roots.place("output").is_err());
        let roots = Roots::within(&[path], &work);
        assert!(roots.place("output").is_ok() && roots.place("/etc").is_err());
        let roots = Roots::within(&[work.join("output")], &work);
        assert!(roots.place("docs").is_ok() && roots.place(&work.display().to_string()).is_err());
    }
}
