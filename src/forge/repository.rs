//! A repository: what its address and the config say, with what is known of its forge.

use super::data::{self, Documentation, Forge};
use super::template::{Template, encode};
use crate::url::{Authority, CanonicalUrl, UrlError};

/// What a config sets itself, in the place of what is known of the forge.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// A forge by name, for a host that is not known to run one.
    pub forge: Option<String>,
    /// A branch, a tag or a commit.
    pub reference: Option<String>,
    /// Template of the address that names the commit.
    pub commit: Option<String>,
    /// Template of the address that lists the files.
    pub tree: Option<String>,
    /// Template of the address of a file as it is.
    pub raw: Option<String>,
    /// Template of the page that shows a file to people.
    pub page: Option<String>,
    /// Template of the page that shows a folder to people.
    pub folder: Option<String>,
    /// Globs on paths that are left out, in the place of the usual ones.
    pub leave_out: Option<Vec<String>>,
}

/// A repository whose documentation is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Repository {
    pub(super) owner: String,
    pub(super) name: String,
    /// The page that people come to first.
    pub(super) home: String,
    /// The branch, tag or commit that is named; `None` for the repository's default branch.
    pub(super) reference: Option<String>,
    /// The folder that is read, without slashes at its ends; empty for all.
    pub(super) folder: String,
    commit: Template,
    tree: Template,
    pub(super) raw: Template,
    pub(super) page: Template,
    pub(super) folder_page: Template,
    /// Every way in which an address may name a file or a folder, the usual ones first.
    pub(super) spellings: Vec<Template>,
    pub(super) documentation: Documentation,
}

/// Why a config names no repository that can be read.
#[derive(Debug, thiserror::Error)]
pub enum RepositoryError {
    /// No forge is known on the host, and the config names none.
    #[error("`{url}` is on no forge that is known")]
    UnknownHost {
        /// The base URL.
        url: CanonicalUrl,
    },
    /// The config names a forge that is not known.
    #[error("`{name}` is no forge; those known are {known}")]
    UnknownForge {
        /// The name.
        name: String,
        /// Those that are known.
        known: String,
    },
    /// The address has no owner and name of a repository in it.
    #[error("`{url}` is not the address of a repository")]
    NoRepository {
        /// The base URL.
        url: CanonicalUrl,
    },
    /// A template makes no address.
    #[error("the template `{template}` makes no address")]
    Template {
        /// The template.
        template: String,
        /// What is wrong.
        #[source]
        cause: UrlError,
    },
    /// A template has no hole where it needs one.
    #[error("the template `{template}` lacks `{hole}`")]
    Hole {
        /// The template.
        template: String,
        /// What it lacks.
        hole: &'static str,
    },
    /// A file of `selectors/forges/` cannot be read.
    #[error("what is known of forges cannot be read")]
    Data(#[from] toml::de::Error),
}

impl Repository {
    /// The repository that an address means, where it lies on a forge that is known and is nothing else there.
    ///
    /// # Errors
    ///
    /// [`RepositoryError::Data`] alone.
    pub fn at(url: &CanonicalUrl) -> Result<Option<Self>, RepositoryError> {
        match Self::of(url, &Overrides::default()) {
            Ok(repository) => Ok(Some(repository)),
            Err(error @ RepositoryError::Data(_)) => Err(error),
            Err(_) => Ok(None),
        }
    }

    /// The repository that a config means.
    ///
    /// # Errors
    ///
    /// [`RepositoryError`] where its address, its forge or a template is none.
    pub fn of(url: &CanonicalUrl, typed: &Overrides) -> Result<Self, RepositoryError> {
        let forge = merged(known_forge(url, typed)?, typed);
        let path = url.path().trim_matches('/');
        let site = url.authority().as_str().to_owned();
        let own = url.as_str().split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
        let place = split(own, &site, path, &forge, typed.reference.as_deref());
        let (home, reference, folder) =
            place.ok_or_else(|| RepositoryError::NoRepository { url: url.clone() })?;
        let names = home.strip_prefix(&site).unwrap_or_default().trim_matches('/');
        let (owner, name) = names
            .rsplit_once('/')
            .filter(|(owner, _)| forge.nested_owners || !owner.contains('/'))
            .ok_or_else(|| RepositoryError::NoRepository { url: url.clone() })?;
        let name = name.strip_suffix(".git").unwrap_or(name);
        let fill = |text: &str| fill(text, &site, owner, name);
        let mut documentation = data::documentation()?;
        if let Some(patterns) = &typed.leave_out {
            documentation.leave_out.clone_from(patterns);
        }
        let repository = Self {
            home: format!("{site}/{owner}/{name}"),
            owner: owner.to_owned(),
            name: name.to_owned(),
            folder: folder_of(&folder, &documentation),
            reference: typed.reference.clone().or(reference),
            commit: fill(&forge.commit),
            tree: fill(&forge.tree),
            raw: fill(&forge.raw),
            page: fill(&forge.page),
            folder_page: fill(&forge.folder),
            spellings: forge.spellings.iter().map(|text| fill(text)).collect(),
            documentation,
        };
        repository.checked()
    }

    /// What the forge is asked first: the commit that is read, or its files where the config names the commit itself.
    pub fn first_listing(&self) -> Option<(CanonicalUrl, bool)> {
        let reference = self.reference_or_head();
        let is_commit = is_commit(reference);
        let template = if is_commit { &self.tree } else { &self.commit };
        CanonicalUrl::parse(&template.fill(reference, "")).ok().map(|url| (url, is_commit))
    }

    /// The address that lists the files of a commit.
    pub fn tree_url(&self, commit: &str) -> Option<CanonicalUrl> {
        CanonicalUrl::parse(&self.tree.fill(commit, "")).ok()
    }

    /// The branch, tag or commit that is read; `HEAD` where none is named.
    pub fn reference_or_head(&self) -> &str {
        self.reference.as_deref().unwrap_or("HEAD")
    }

    /// Whether this address is one that the repository is listed by.
    pub fn is_listing(&self, url: &CanonicalUrl) -> bool {
        let starts = [self.commit.start(), self.tree.start()];
        starts.iter().any(|start| !start.is_empty() && url.as_str().starts_with(start))
    }

    /// The hosts that are asked: those of the forge's API and of the files.
    pub fn authorities(&self) -> Vec<Authority> {
        let addresses =
            [&self.commit, &self.tree, &self.raw].map(|template| template.fill("HEAD", "README.md"));
        let mut found: Vec<Authority> = Vec::new();
        for url in addresses.iter().filter_map(|address| CanonicalUrl::parse(address).ok()) {
            if !found.contains(&url.authority()) {
                found.push(url.authority());
            }
        }
        found
    }

    /// Globs on paths that are left out, as they were written.
    pub fn leave_out(&self) -> &[String] {
        &self.documentation.leave_out
    }

    /// Files that are asked for where the forge does not list them, at the branch or tag that is named.
    pub fn entrances(&self) -> Vec<CanonicalUrl> {
        let within = |name: &String| match self.folder.as_str() {
            "" => name.clone(),
            folder => format!("{folder}/{name}"),
        };
        let names = self.documentation.entrances.iter();
        let top = names.filter(|name| self.folder.is_empty() || !name.contains('/'));
        top.filter_map(|name| self.raw_url(self.reference_or_head(), &within(name))).collect()
    }

    fn checked(self) -> Result<Self, RepositoryError> {
        for (template, holes) in [
            (&self.tree, &["{commit}"][..]),
            (&self.raw, &["{commit}", "{path}"]),
            (&self.page, &["{commit}", "{path}"]),
            (&self.folder_page, &["{commit}", "{path}"]),
        ] {
            if let Some(hole) = holes.iter().find(|hole| !template.text().contains(**hole)) {
                return Err(RepositoryError::Hole { template: template.text().to_owned(), hole });
            }
        }
        for template in [&self.commit, &self.tree, &self.raw, &self.page, &self.folder_page] {
            CanonicalUrl::parse(&template.fill("HEAD", "README.md"))
                .map_err(|cause| RepositoryError::Template { template: template.text().to_owned(), cause })?;
        }
        Ok(self)
    }
}

/// Whether a text is the name of a commit, and not of a branch or tag.
pub(super) fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn known_forge(url: &CanonicalUrl, typed: &Overrides) -> Result<Forge, RepositoryError> {
    if let Some(name) = &typed.forge {
        return data::forge(name)?
            .ok_or_else(|| RepositoryError::UnknownForge { name: name.clone(), known: data::names() });
    }
    data::forge_on(url.host())?.ok_or_else(|| RepositoryError::UnknownHost { url: url.clone() })
}

fn merged(forge: Forge, typed: &Overrides) -> Forge {
    Forge {
        commit: typed.commit.clone().unwrap_or(forge.commit),
        tree: typed.tree.clone().unwrap_or(forge.tree),
        raw: typed.raw.clone().unwrap_or(forge.raw),
        page: typed.page.clone().unwrap_or(forge.page),
        folder: typed.folder.clone().unwrap_or(forge.folder),
        ..forge
    }
}

/// The address of the repository, the branch and the folder that the base URL names. What lies between an owner and a
/// file is read out of the templates: their holes for owner and name are as many segments as the address has.
fn split(
    address: &str,
    site: &str,
    path: &str,
    forge: &Forge,
    expected: Option<&str>,
) -> Option<(String, Option<String>, String)> {
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let counts = if forge.nested_owners { 1..segments.len() } else { 1..segments.len().min(2) };
    for owners in counts.clone() {
        let owner = segments.get(..owners)?.join("/");
        let name = segments.get(owners)?;
        for text in [&forge.page, &forge.folder].into_iter().chain(&forge.spellings) {
            if !text.starts_with("{site}") {
                continue;
            }
            if let Some((reference, folder)) = fill(text, site, &owner, name).read(address, expected) {
                return Some((format!("{site}/{owner}/{name}"), Some(reference), folder));
            }
        }
    }
    let is_whole = if forge.nested_owners { segments.len() >= 2 } else { segments.len() == 2 };
    is_whole.then(|| (format!("{site}/{}", segments.join("/")), None, String::new()))
}

/// The folder of a base URL, which may name a file in it.
fn folder_of(path: &str, documentation: &Documentation) -> String {
    let path = path.trim_matches('/');
    let is_file = documentation.endings.iter().any(|ending| path.to_ascii_lowercase().ends_with(ending));
    match path.rsplit_once('/') {
        Some((folder, _)) if is_file => folder.to_owned(),
        None if is_file => String::new(),
        _ => path.to_owned(),
    }
}

fn fill(text: &str, site: &str, owner: &str, name: &str) -> Template {
    let project = encode(&format!("{owner}/{name}")).replace('/', "%2F");
    let text = text.replace("{site}", site).replace("{owner}", owner).replace("{repo}", name);
    Template::new(text.replace("{project}", &project))
}
