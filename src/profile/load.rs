//! From files to the profiles that a run knows.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::builtin::BUILTIN;
use super::error::ProfileError;
use super::file::{self, ProfileFile};
use super::inherit::inherit;
use super::{GENERIC, SelectorProfile};

/// The longest chain of `extends`; more can only be a circle.
const MAX_DEPTH: usize = 16;

/// All profiles that a run knows, by name.
#[derive(Clone, Debug)]
pub struct Profiles {
    pub(super) by_name: BTreeMap<String, SelectorProfile>,
}

/// The text of a profile that lies outside of the folder of profiles.
#[derive(Clone, Debug)]
pub struct ProfileText {
    /// What the profile is called.
    pub name: String,
    /// Where the text comes from, for messages.
    pub path: PathBuf,
    /// The text.
    pub text: String,
}

/// A file as read, before `extends` is resolved.
struct Source {
    path: PathBuf,
    text: String,
}

impl Profiles {
    /// The profiles that are part of the binary.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] when one of them is broken, which a test rules out.
    pub fn builtin() -> Result<Self, ProfileError> {
        resolve(&builtin_sources())
    }

    /// The profiles of the binary and those of a folder; a file of the folder replaces the profile of its name.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] names the file, and the line where there is one.
    pub fn with_folder(folder: &Path) -> Result<Self, ProfileError> {
        Self::with_texts(Some(folder), Vec::new())
    }

    /// The profiles of the binary, those of a folder where there is one, and the given ones; of two with one name the
    /// last counts.
    ///
    /// # Errors
    ///
    /// [`ProfileError`] names the file, and the line where there is one.
    pub fn with_texts(folder: Option<&Path>, texts: Vec<ProfileText>) -> Result<Self, ProfileError> {
        let mut sources = builtin_sources();
        if let Some(folder) = folder {
            read_folder(folder, &mut sources)?;
        }
        for ProfileText { name, path, text } in texts {
            sources.insert(name, Source { path, text });
        }
        resolve(&sources)
    }

    /// A profile by name.
    ///
    /// # Errors
    ///
    /// [`ProfileError::Unknown`] lists the names that exist.
    pub fn get(&self, name: &str) -> Result<&SelectorProfile, ProfileError> {
        self.by_name.get(name).ok_or_else(|| ProfileError::Unknown {
            name: name.to_owned(),
            known: self.by_name.keys().cloned().collect(),
        })
    }

    /// All profiles, by name.
    pub fn iter(&self) -> impl Iterator<Item = &SelectorProfile> {
        self.by_name.values()
    }

    /// Where content is looked for, most specific first: what a renderer watches until it stands still.
    pub fn content_roots(&self) -> Vec<String> {
        let mut profiles: Vec<&SelectorProfile> = self.by_name.values().collect();
        profiles.sort_by_key(|profile| std::cmp::Reverse(profile.depth));
        let mut roots: Vec<String> = Vec::new();
        let (generic, specific): (Vec<_>, Vec<_>) =
            profiles.into_iter().partition(|profile| profile.name == GENERIC);
        let of_generic: Vec<&str> = generic.iter().flat_map(|profile| profile.main_content.texts()).collect();
        for profile in &specific {
            let own = profile.wait.roots.texts().chain(profile.main_content.texts());
            for text in own.filter(|text| !of_generic.contains(text)) {
                if !roots.iter().any(|known| known == text) {
                    roots.push(text.to_owned());
                }
            }
        }
        roots.extend(of_generic.into_iter().map(str::to_owned));
        roots.push("body".to_owned());
        roots
    }

    /// What stands where content is about to be, as the profiles name it.
    pub fn loading_texts(&self) -> Vec<String> {
        let texts: BTreeSet<&String> =
            self.by_name.values().flat_map(|profile| profile.wait.loading.iter()).collect();
        texts.into_iter().cloned().collect()
    }
}

fn read_folder(folder: &Path, sources: &mut BTreeMap<String, Source>) -> Result<(), ProfileError> {
    let read_error = |path: &Path| {
        let path = path.to_owned();
        move |cause| ProfileError::Read { path, cause }
    };
    for entry in fs::read_dir(folder).map_err(read_error(folder))? {
        let path = entry.map_err(read_error(folder))?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned);
        if let (Some(name), Some("toml")) = (stem, path.extension().and_then(|end| end.to_str())) {
            let text = fs::read_to_string(&path).map_err(read_error(&path))?;
            sources.insert(name, Source { path, text });
        }
    }
    Ok(())
}

fn builtin_sources() -> BTreeMap<String, Source> {
    BUILTIN
        .iter()
        .map(|(name, text)| {
            let path = PathBuf::from(format!("selectors/{name}.toml"));
            ((*name).to_owned(), Source { path, text: (*text).to_owned() })
        })
        .collect()
}

fn resolve(sources: &BTreeMap<String, Source>) -> Result<Profiles, ProfileError> {
    let mut by_name = BTreeMap::new();
    for name in sources.keys() {
        by_name.insert(name.clone(), load(name, sources)?);
    }
    Ok(Profiles { by_name })
}

/// A profile with everything that it inherits. The chain of its parents is walked in a loop, since a profile is a large
/// value and a circle would be a deep recursion.
fn load(name: &str, sources: &BTreeMap<String, Source>) -> Result<SelectorProfile, ProfileError> {
    let mut name = name.to_owned();
    let mut children: Vec<SelectorProfile> = Vec::new();
    let mut profile = loop {
        let Some(source) = sources.get(&name) else {
            return Err(ProfileError::Unknown { name, known: sources.keys().cloned().collect() });
        };
        let parsed: ProfileFile = file::parse(&source.path, &source.text)?;
        let parent = parsed.extends.clone();
        let profile = file::compile(&name, &source.path, &source.text, parsed)?;
        let Some(parent) = parent else { break profile };
        let wrong =
            |problem| ProfileError::Extends { path: source.path.clone(), parent: parent.clone(), problem };
        if !sources.contains_key(&parent) {
            return Err(wrong("does not exist"));
        }
        if children.len() >= MAX_DEPTH {
            return Err(wrong("leads back to itself"));
        }
        children.push(profile);
        name = parent;
    };
    while let Some(child) = children.pop() {
        profile = inherit(child, &profile);
    }
    Ok(profile)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Profiles;

    fn check_error(files: &[(&str, &str)], message: &str) {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let error = Profiles::with_folder(folder.path()).unwrap_err().to_string();
        let error = error.replace(&format!("{}/", folder.path().display()), "");
        assert_eq!(error, message);
    }

    #[test]
    fn the_binary_holds_every_profile_of_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/selectors");
        let on_disk = Profiles::with_folder(folder.as_ref()).unwrap();
        let builtin = Profiles::builtin().unwrap();
        let names = |profiles: &Profiles| profiles.by_name.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&builtin), names(&on_disk));
    }

    #[test]
    fn headings_have_levels() {
        check_error(
            &[("mine.toml", "[headings]\n1 = [\".title\"]\n7 = [\"p\"]\n")],
            "`7` is no level of a heading, which are 1 to 6, and 0 for none in `mine.toml`, line 3",
        );
    }

    #[test]
    fn errors_name_file_and_line() {
        check_error(
            &[("mine.toml", "description = \"x\"\nmain = [\"main\"]\n")],
            "unknown field `main`, expected one of `extends`, `description`, `main_content`, `title`, \
             `breadcrumbs`, `remove`, `keep`, `dissolve`, `headings`, `table`, `fixtures`, `detect`, `code`, \
             `tabs`, `admonition`, `api`, `footnote`, `navigation`, `discover`, `wait`, `interact` in `mine.toml`, line 2",
        );
        check_error(
            &[("mine.toml", "remove = [\n  \"nav\",\n  \"div[\",\n]\n")],
            "`div[` is not a valid CSS selector (Unexpected EOL) in `mine.toml`, line 3",
        );
        check_error(
            &[("mine.toml", "extends = \"nothing\"\n")],
            "`mine.toml` extends `nothing`, which does not exist",
        );
        check_error(
            &[("a.toml", "extends = \"b\"\n"), ("b.toml", "extends = \"a\"\n")],
            "`a.toml` extends `b`, which leads back to itself",
        );
    }

    #[test]
    fn a_folder_overrides_and_extends() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine.toml"), "extends = \"sphinx\"\nmain_content = [\"#mine\"]\n")
            .unwrap();
        let profiles = Profiles::with_folder(folder.path()).unwrap();
        let mine = profiles.get("mine").unwrap();
        assert_eq!(mine.main_content.texts().next(), Some("#mine"));
        assert!(mine.main_content.texts().count() > 1, "inherits what sphinx looks for");
        assert!(profiles.get("nobody").is_err());
    }

    #[test]
    fn interactions_are_inherited_and_limited() {
        check_error(
            &[("mine.toml", "[interact]\nopen = [\n  \"li > button\",\n  \"li >\",\n]\n")],
            "`li >` is not a valid CSS selector (dangling combinator) in `mine.toml`, line 4",
        );
        check_error(
            &[("mine.toml", "[interact.tabs]\nset = [\".tabs\"]\n")],
            "unknown field `set`, expected one of `rows`, `labels`, `panels`, `chosen` in `mine.toml`, line 2",
        );
        check_error(
            &[("mine.toml", "[interact]\n\nmost_clicks = 9000\n")],
            "`most_clicks` is 9000, and at most 200 are allowed in `mine.toml`, line 3",
        );
        let folder = tempfile::tempdir().unwrap();
        let text = "extends = \"huggingface\"\n[interact]\nopen = [\"#more\"]\nmost_seconds = 9\n";
        fs::write(folder.path().join("mine.toml"), text).unwrap();
        let profiles = Profiles::with_folder(folder.path()).unwrap();
        let mine = &profiles.get("mine").unwrap().interact;
        let parent = &profiles.get("huggingface").unwrap().interact;
        assert_eq!(mine.open.texts().next(), Some("#more"));
        assert_eq!(mine.open.texts().count(), 1 + parent.open.texts().count());
        assert_eq!(mine.most_seconds, Some(9));
        assert_eq!(mine.most_clicks, parent.most_clicks);
        assert!(mine.tabs.rows.texts().any(|row| row.contains("language-select")));
    }

    #[test]
    fn content_roots_end_with_the_generic_ones() {
        let roots = Profiles::builtin().unwrap().content_roots();
        assert_eq!(roots.last().map(String::as_str), Some("body"));
        let furo = roots.iter().position(|root| root.contains("furo")).unwrap();
        let main = roots.iter().position(|root| root == "main").unwrap();
        assert!(furo < main);
    }
}
