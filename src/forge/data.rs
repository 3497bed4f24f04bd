//! What is known of forges and of their documentation: the files of `selectors/forges/`, which are part of the binary.

use serde::Deserialize;

/// Every forge; a test keeps this list equal to the folder.
const FORGES: [(&str, &str); 3] = [
    ("gitea", include_str!("../../selectors/forges/gitea.toml")),
    ("github", include_str!("../../selectors/forges/github.toml")),
    ("gitlab", include_str!("../../selectors/forges/gitlab.toml")),
];
const DOCUMENTATION: &str = include_str!("../../selectors/forges/documentation.toml");

/// Where a forge has what; see the comments of the files.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Forge {
    /// Hosts on which it is known to run.
    #[serde(default)]
    pub(super) hosts: Vec<String>,
    /// Whether the owner of a repository may be several segments of a path.
    #[serde(default)]
    pub(super) nested_owners: bool,
    pub(super) commit: String,
    pub(super) tree: String,
    pub(super) raw: String,
    pub(super) page: String,
    pub(super) folder: String,
    #[serde(default)]
    pub(super) spellings: Vec<String>,
}

/// Which files are documentation.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Documentation {
    pub(super) endings: Vec<String>,
    pub(super) readmes: Vec<String>,
    pub(super) entrances: Vec<String>,
    pub(super) first: Vec<String>,
    pub(super) leave_out: Vec<String>,
    pub(super) badges: Vec<String>,
}

/// The forge of this name.
pub(super) fn forge(name: &str) -> Result<Option<Forge>, toml::de::Error> {
    let text = FORGES.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
    text.map(toml::from_str).transpose()
}

/// The forge that runs on a host.
pub(super) fn forge_on(host: &str) -> Result<Option<Forge>, toml::de::Error> {
    for (_, text) in FORGES {
        let forge: Forge = toml::from_str(text)?;
        if forge.hosts.iter().any(|known| known.eq_ignore_ascii_case(host)) {
            return Ok(Some(forge));
        }
    }
    Ok(None)
}

/// The names of the forges.
pub(super) fn names() -> String {
    FORGES.map(|(name, _)| format!("`{name}`")).join(", ")
}

/// Which files are documentation.
pub(super) fn documentation() -> Result<Documentation, toml::de::Error> {
    toml::from_str(DOCUMENTATION)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::{FORGES, documentation, forge};

    #[test]
    fn the_binary_holds_every_file_of_the_folder() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/selectors/forges");
        let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
        let on_disk: BTreeSet<String> = files.map(|name| name.into_string().unwrap()).collect();
        let known = FORGES.iter().map(|(name, _)| format!("{name}.toml"));
        assert_eq!(known.chain(["documentation.toml".to_owned()]).collect::<BTreeSet<_>>(), on_disk);
        for (name, _) in FORGES {
            assert!(!forge(name).unwrap().unwrap().hosts.is_empty());
        }
        assert!(!documentation().unwrap().leave_out.is_empty());
    }
}
