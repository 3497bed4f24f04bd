//! Editions of the same documentation: its versions and its languages, as they show in an address.
//!
//! A documentation is often there several times, under `/stable/` and `/v1.2/`, under `/en/` and `/fr/`, or with one
//! edition at the root and the others in folders. A skill wants one. Which one is the site's own is what the seed URLs
//! say; that a folder like `/v2/` really is another edition is known only where the same page stands in both.

use std::collections::BTreeSet;

use crate::url::CanonicalUrl;

/// Names of versions that are no numbers.
const VERSION_NAMES: [&str; 14] = [
    "latest", "stable", "master", "main", "dev", "devel", "develop", "nightly", "next", "edge", "unstable",
    "lts", "current", "canary",
];

/// Those that are also the name of a chapter: they count only beside a version of the site's own.
const AMBIGUOUS_NAMES: [&str; 4] = ["dev", "devel", "develop", "current"];

/// Languages into which documentation is translated (ISO 639-1). The codes that are also words of English and of little
/// use as languages here (`as`, `be`, `is`, `my`, `or`, `so`, …) are left out.
const LANGUAGES: [&str; 46] = [
    "ar", "bg", "bn", "ca", "cn", "cs", "da", "de", "el", "en", "es", "et", "fa", "fi", "fr", "he", "hi",
    "hr", "hu", "id", "it", "ja", "jp", "ko", "kr", "lt", "lv", "ms", "nb", "nl", "pl", "pt", "ro", "ru",
    "sk", "sl", "sr", "sv", "ta", "te", "th", "tr", "uk", "ur", "vi", "zh",
];

/// How far down a path an edition may be named.
const DEEPEST: usize = 4;

/// What kind of edition a folder names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EditionKind {
    /// `v1.2`, `stable`.
    Version,
    /// `fr`, `zh-cn`.
    Language,
}

/// A folder of an address that names an edition.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Edition {
    /// What it names.
    pub kind: EditionKind,
    /// Which folder it is, from 0.
    pub place: usize,
    /// Its name.
    pub name: String,
}

/// The editions that belong to the site.
#[derive(Clone, Debug, Default)]
pub struct OwnEditions {
    seeds: BTreeSet<Edition>,
    /// Names that a pattern of the config asks for, wherever they stand.
    wanted: BTreeSet<String>,
}

/// What the address says of a page's edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditionVerdict {
    /// It is of the site's own edition, or of none.
    Own,
    /// It is of another one.
    Other(Edition),
    /// It is of another one if one of these is a page of the site.
    OtherIf {
        /// The edition that it would be.
        edition: Edition,
        /// The same page in the site's own edition.
        counterparts: Vec<CanonicalUrl>,
    },
}

impl OwnEditions {
    /// Takes in an address that the user named, or to which such a one led.
    pub fn note(&mut self, seed: &CanonicalUrl) {
        self.seeds.extend(editions(seed));
    }

    /// Takes in a pattern of what to include: an edition that it names is wanted.
    pub fn note_pattern(&mut self, pattern: &str) {
        let names = pattern.split(['/', '*']).map(str::to_ascii_lowercase);
        self.wanted.extend(names.filter(|name| kind_of(name).is_some()));
    }

    /// Judges an address.
    pub fn judge(&self, url: &CanonicalUrl) -> EditionVerdict {
        for edition in editions(url) {
            if self.seeds.contains(&edition) || self.wanted.contains(&edition.name) {
                continue;
            }
            let mut own = self
                .seeds
                .iter()
                .filter(|own| own.kind == edition.kind && own.place == edition.place)
                .peekable();
            if own.peek().is_some() {
                return EditionVerdict::Other(edition);
            }
            // Where the site has its version elsewhere in the path, this folder is a chapter.
            if self.seeds.iter().any(|own| own.kind == edition.kind) {
                continue;
            }
            let counterparts = counterparts(url, &edition);
            if !counterparts.is_empty() {
                return EditionVerdict::OtherIf { edition, counterparts };
            }
        }
        EditionVerdict::Own
    }
}

/// Whether a folder of this name may be that of a version or a language.
pub fn names_edition(folder: &str) -> bool {
    kind_of(&folder.to_ascii_lowercase()).is_some()
}

/// The folders of an address that name an edition.
fn editions(url: &CanonicalUrl) -> impl Iterator<Item = Edition> + '_ {
    folders(url).take(DEEPEST).enumerate().filter_map(|(place, name)| {
        let name = name.to_ascii_lowercase();
        let kind = kind_of(&name)?;
        Some(Edition { kind, place, name })
    })
}

/// The folders of the path: not its last segment, unless a slash follows it.
fn folders(url: &CanonicalUrl) -> impl Iterator<Item = &str> {
    let path = url.path();
    let end = path.rfind('/').unwrap_or_default();
    path.get(..end).unwrap_or_default().split('/').skip(1)
}

fn kind_of(name: &str) -> Option<EditionKind> {
    if VERSION_NAMES.contains(&name) || is_version_number(name) {
        return Some(EditionKind::Version);
    }
    let language = name.split(['-', '_']).next().unwrap_or_default();
    let region = name.get(language.len()..).unwrap_or_default();
    let has_region = region.is_empty() || (3..=5).contains(&region.len());
    (LANGUAGES.contains(&language) && has_region).then_some(EditionKind::Language)
}

/// `1.2`, `v1`, `v1.2.3`, `1.x`, `release-1.2`, `r2.0`; a bare number may be anything.
fn is_version_number(name: &str) -> bool {
    let bare = ["release-", "release/", "version-", "v", "r"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
        .unwrap_or(name);
    let mut parts = bare.split('.');
    let is_number =
        |part: &str| !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
    let starts_with_number = parts.next().is_some_and(is_number);
    let goes_on = parts.clone().next().is_some();
    // The last part may say more: `x`, `0rc1`, `0-beta`.
    starts_with_number
        && (goes_on || bare.len() < name.len())
        && parts.all(|part| {
            is_number(part) || part == "x" || part.starts_with(|first: char| first.is_ascii_digit())
        })
}

/// The same page without the folder of its edition. At the root of a version that is written as a bare `v2`, which may
/// well be a chapter, that says nothing.
fn counterparts(url: &CanonicalUrl, edition: &Edition) -> Vec<CanonicalUrl> {
    let mut segments: Vec<&str> = url.path().split('/').collect();
    let at = edition.place + 1;
    let is_root = segments
        .get(at + 1..)
        .is_none_or(|rest| rest.iter().all(|segment| segment.is_empty() || *segment == "index.html"));
    let is_telling = edition.kind == EditionKind::Language || edition.name.contains('.');
    if (is_root && !is_telling) || AMBIGUOUS_NAMES.contains(&edition.name.as_str()) {
        return Vec::new();
    }
    segments.remove(at.min(segments.len() - 1));
    let mut counterpart = url.as_url().clone();
    counterpart.set_path(&segments.join("/"));
    CanonicalUrl::from_url(counterpart).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::{EditionVerdict, OwnEditions};
    use crate::url::CanonicalUrl;

    fn own(seeds: &[&str]) -> OwnEditions {
        let mut own = OwnEditions::default();
        for seed in seeds {
            own.note(&CanonicalUrl::parse(&format!("https://d.example{seed}")).unwrap());
        }
        own
    }

    /// `=`: of its own; `!`: of another edition; otherwise the counterpart that decides.
    fn check(own: &OwnEditions, path: &str, expected: &str) {
        let verdict = own.judge(&CanonicalUrl::parse(&format!("https://d.example{path}")).unwrap());
        let told = match &verdict {
            EditionVerdict::Own => "=".to_owned(),
            EditionVerdict::Other(_) => "!".to_owned(),
            EditionVerdict::OtherIf { counterparts, .. } => counterparts[0].path().to_owned(),
        };
        assert_eq!(told, expected, "{path}: {verdict:?}");
    }

    #[test]
    fn beside_the_seeds_own_edition_others_are_out() {
        let own = own(&["/en/stable/"]);
        for path in ["/en/stable/a", "/en/stable/v2/a", "/en/stable/dev/a", "/guide/a", "/en/"] {
            check(&own, path, "=");
        }
        for path in ["/en/v1.2/a", "/fr/stable/a", "/zh-cn/latest/", "/en/release-1.0/", "/en/1.x/a.html"] {
            check(&own, path, "!");
        }
    }

    #[test]
    fn without_one_the_counterpart_decides() {
        let own = own(&["/docs/intro"]);
        check(&own, "/docs/1.x/intro", "/docs/intro");
        check(&own, "/fr/docs/intro", "/docs/intro");
        check(&own, "/fr/", "/");
        check(&own, "/v2/charges", "/charges");
        check(&own, "/v2/", "=");
        check(&own, "/2.0/", "/");
        for path in [
            "/docs/intro",
            "/docs/dev/intro",
            "/docs/2024/a",
            "/fr",
            "/docs/v2",
            "/docs/french/a",
            "/docs/va/a",
            "/download/a",
        ] {
            check(&own, path, "=");
        }
    }
}
