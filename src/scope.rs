//! Which URLs belong to the site: a URL and the config's rules in, a judgement out.
//!
//! A URL is in scope when it lies in the folder of `base_url` on the same host, looks like a page, and passes the
//! config's patterns. Whether it may be asked is for robots.txt to say, whether it is asked for `max_pages`. Traps that
//! show in the address are told in `trap`; what the address says of versions and languages in [`edition`].

pub mod edition;
mod trap;

mod repository;

use globset::{GlobBuilder, GlobMatcher};

use self::repository::Files;
use crate::config::ScopeRules;
use crate::url::CanonicalUrl;

/// File extensions of what a documentation site links to and no reader reads as a page.
const ASSET_EXTENSIONS: [&str; 62] = [
    "7z", "apk", "atom", "avi", "avif", "bin", "bmp", "bz2", "css", "csv", "deb", "dmg", "doc", "docx",
    "eot", "epub", "exe", "gif", "gz", "ico", "ics", "inv", "ipynb", "iso", "jar", "jpeg", "jpg", "js",
    "json", "map", "mjs", "mov", "mp3", "mp4", "msi", "ogg", "otf", "parquet", "pdf", "pkl", "png", "ppt",
    "pptx", "rar", "rpm", "rss", "svg", "tar", "tgz", "tif", "tiff", "ttf", "txt", "wasm", "wav", "webm",
    "webp", "whl", "woff", "woff2", "xz", "zip",
];

/// Extensions of documents: a base URL that ends in one names its folder.
const PAGE_EXTENSIONS: [&str; 9] = ["asp", "aspx", "htm", "html", "jsp", "md", "mdx", "php", "xhtml"];

/// Folders that documentation generators fill for their own use: sources of pages, listings of code, pictures, who uses
/// a class, letters of an index.
const GENERATED_FOLDERS: [&str; 7] =
    ["_downloads", "_images", "_modules", "_sources", "_static", "class-use", "index-files"];

/// Alphabetical indexes and trees that a generator makes of what the pages say: Sphinx, Javadoc, Haddock.
const GENERATED_PAGES: [&str; 12] = [
    "genindex",
    "modindex",
    "py-modindex",
    "allclasses-index",
    "allclasses-frame",
    "allclasses-noframe",
    "allpackages-index",
    "overview-tree",
    "package-tree",
    "package-use",
    "doc-index",
    "doc-index-All",
];

/// The scope of a crawl, ready to judge.
#[derive(Clone, Debug)]
pub struct Scope {
    base_url: CanonicalUrl,
    /// The path of the base folder without its final slash; empty for a whole host.
    folder: String,
    include: Vec<Pattern>,
    exclude: Vec<Pattern>,
    /// The pages are the files of a repository.
    files: Option<Files>,
}

/// What a scope says of a URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// A page of the site.
    InScope,
    /// Another host or another folder.
    OutOfScope,
    /// Of the site, but the patterns leave it out: the `exclude` pattern it matches, or `None` when it matches no
    /// `include` pattern.
    Excluded(Option<String>),
    /// Of the site, but nothing that somebody wrote to be read: a picture, an archive, an index of names.
    Asset,
    /// Of the site, but an address that leads on and on: why it is taken for one.
    Trap(&'static str),
}

/// A pattern of the config that is no valid glob.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` is not a valid URL pattern")]
pub struct PatternError {
    /// The pattern as it stands in the config.
    pub pattern: String,
    /// What is wrong with it.
    #[source]
    pub cause: globset::Error,
}

#[derive(Clone, Debug)]
struct Pattern {
    text: String,
    /// `None` for a plain substring.
    glob: Option<GlobMatcher>,
}

impl Scope {
    /// Reads the rules of a config.
    ///
    /// # Errors
    ///
    /// [`PatternError`] for a pattern that is no valid glob.
    pub fn new(rules: &ScopeRules) -> Result<Self, PatternError> {
        Ok(Self {
            base_url: rules.base_url.clone(),
            folder: base_folder(rules.base_url.path()).to_owned(),
            include: patterns(&rules.include)?,
            exclude: patterns(&rules.exclude)?,
            files: rules.repository.as_ref().map(Files::new).transpose()?,
        })
    }

    /// Judges a URL by host, folder, file extension, patterns and shape, in this order.
    pub fn judge(&self, url: &CanonicalUrl) -> Judgement {
        if let Some(files) = &self.files {
            return files.judge(url, &self.include, &self.exclude);
        }
        if !self.contains(url) {
            return Judgement::OutOfScope;
        }
        let below = url.path().strip_prefix(self.folder.as_str()).unwrap_or_default();
        if has_extension(below, &ASSET_EXTENSIONS) || is_generated(below) {
            return Judgement::Asset;
        }
        if let Some(pattern) = self.exclude.iter().find(|pattern| pattern.matches(url)) {
            return Judgement::Excluded(Some(pattern.text.clone()));
        }
        if !self.include.is_empty() && !self.include.iter().any(|pattern| pattern.matches(url)) {
            return Judgement::Excluded(None);
        }
        match trap::trap(url, below) {
            Some(why) => Judgement::Trap(why),
            None => Judgement::InScope,
        }
    }

    /// Whether the URL lies on the site's host and in its folder, whatever the patterns say.
    pub fn contains(&self, url: &CanonicalUrl) -> bool {
        if let Some(files) = &self.files {
            return files.contains(url);
        }
        let below = url.path().strip_prefix(self.folder.as_str());
        self.is_same_host(url) && below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether the URL lies on the site's host: the same authority, or its `https` where the base says `http`.
    pub fn is_same_host(&self, url: &CanonicalUrl) -> bool {
        let (base, url) = (&self.base_url, url);
        let upgraded = base.as_url().scheme() == "http" && url.as_url().scheme() == "https";
        base.authority() == url.authority()
            || (upgraded && base.authority().host_port() == url.authority().host_port())
    }

    /// Whether the URL is of a host that the repository of this scope is listed by.
    pub fn may_list(&self, url: &CanonicalUrl) -> bool {
        self.files.as_ref().is_some_and(|files| files.may_list(url))
    }

    /// The URL with `https` where the base has it and the URL, on the same host, still says `http`: old links and
    /// sitemaps do, and would be redirected one by one.
    pub fn upgraded(&self, url: &CanonicalUrl) -> CanonicalUrl {
        let is_behind = self.base_url.as_url().scheme() == "https"
            && url.as_url().scheme() == "http"
            && url.as_url().port().is_none()
            && url.host() == self.base_url.host()
            && self.base_url.as_url().port().is_none();
        if !is_behind {
            return url.clone();
        }
        let mut upgraded = url.as_url().clone();
        // Neither step can fail between these two schemes; if one did, the URL stays as it is.
        match upgraded.set_scheme("https") {
            Ok(()) => CanonicalUrl::from_url(upgraded).unwrap_or_else(|_| url.clone()),
            Err(()) => url.clone(),
        }
    }

    /// The URL of a file in the base folder, as `llms.txt`; of the host's root for a name with a leading slash.
    pub fn file(&self, name: &str) -> Option<CanonicalUrl> {
        let path = if name.starts_with('/') { name.to_owned() } else { format!("{}/{name}", self.folder) };
        self.base_url.document().join(&path).ok()
    }

    /// The root that the config names.
    pub fn base_url(&self) -> &CanonicalUrl {
        &self.base_url
    }
}

impl Pattern {
    fn matches(&self, url: &CanonicalUrl) -> bool {
        self.matches_text(url.as_str())
    }

    fn matches_text(&self, text: &str) -> bool {
        match &self.glob {
            Some(glob) => glob.is_match(text),
            None => text.contains(&self.text),
        }
    }
}

/// A pattern with a `*` is a glob over the whole URL, in which `*` also crosses slashes; any other is a substring.
/// A `?` alone makes no glob, since it begins a query in the configs that people have.
fn patterns(texts: &[String]) -> Result<Vec<Pattern>, PatternError> {
    let pattern = |text: &String| {
        let glob = text.contains('*').then(|| GlobBuilder::new(text).literal_separator(false).build());
        match glob.transpose() {
            Ok(glob) => Ok(Pattern { text: text.clone(), glob: glob.map(|glob| glob.compile_matcher()) }),
            Err(cause) => Err(PatternError { pattern: text.clone(), cause }),
        }
    };
    texts.iter().map(pattern).collect()
}

fn base_folder(path: &str) -> &str {
    let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
    if name.is_empty() || has_extension(name, &PAGE_EXTENSIONS) { parent } else { path }
}

/// Whether a path below the base folder is one that a generator made for itself. A config whose base URL is such a
/// folder means it.
fn is_generated(path: &str) -> bool {
    let mut segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let name = segments.last().map_or("", |last| last.strip_suffix(".html").unwrap_or(last));
    let is_letter = |name: &str| name.starts_with("genindex-") || name.starts_with("doc-index-");
    if GENERATED_PAGES.contains(&name) || is_letter(name) || is_source_listing(&segments) {
        return true;
    }
    if !path.ends_with('/') {
        segments.pop();
    }
    segments.iter().any(|segment| GENERATED_FOLDERS.contains(segment))
}

/// Whether a path below `src` shows the source code of a module: of Haddock `Data.Map.html`, of rustdoc `map.rs.html`.
fn is_source_listing(segments: &[&str]) -> bool {
    let Some((last, folders)) = segments.split_last() else { return false };
    let Some(name) = last.strip_suffix(".html") else { return false };
    let is_module = |part: &str| part.starts_with(|first: char| first.is_ascii_uppercase());
    let is_listing = name.ends_with(".rs") || name.contains('.') && name.split('.').all(is_module);
    is_listing && folders.contains(&"src")
}

fn has_extension(path: &str, extensions: &[&str]) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((_, extension)) = name.rsplit_once('.') else { return false };
    let extension = extension.to_ascii_lowercase();
    extensions.contains(&extension.as_str())
}

#[cfg(test)]
mod tests {
    use super::{Judgement, Scope};
    use crate::config::{Discover, ScopeRules};
    use crate::url::CanonicalUrl;

    /// The rules of a site that is looked for everywhere.
    pub(super) fn rules(base_url: &str, include: &[&str], exclude: &[&str]) -> ScopeRules {
        let base_url = CanonicalUrl::parse(base_url).unwrap();
        let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
        ScopeRules {
            start_urls: vec![base_url.clone()],
            base_url,
            include: texts(include),
            exclude: texts(exclude),
            max_pages: None,
            discover: Discover {
                sitemap: true,
                llms_txt: true,
                links: true,
                navigation: true,
                indexes: true,
            },
            repository: None,
        }
    }

    fn scope(base_url: &str, include: &[&str], exclude: &[&str]) -> Scope {
        Scope::new(&rules(base_url, include, exclude)).unwrap()
    }

    fn check(scope: &Scope, url: &str, judgement: Judgement) {
        assert_eq!(scope.judge(&CanonicalUrl::parse(url).unwrap()), judgement, "{url}");
    }

    #[test]
    fn the_folder_of_the_base_url() {
        let file = scope("https://d.example/docs/fsdp.html", &[], &[]);
        check(&file, "https://d.example/docs/other.html", Judgement::InScope);
        check(&file, "https://d.example/blog", Judgement::OutOfScope);
        let bare = scope("https://d.example/docs", &[], &[]);
        check(&bare, "https://d.example/docs", Judgement::InScope);
        check(&bare, "https://d.example/docs/a", Judgement::InScope);
        check(&bare, "https://d.example/docsx", Judgement::OutOfScope);
        let version = scope("https://d.example/v2.1/", &[], &[]);
        check(&version, "https://d.example/v2.1", Judgement::InScope);
        check(&version, "https://d.example/v2.0/a", Judgement::OutOfScope);
        check(&scope("https://d.example/#/", &[], &[]), "https://d.example/#/guide", Judgement::InScope);
    }

    #[test]
    fn the_host_and_its_upgrade_to_https() {
        let plain = scope("http://d.example/", &[], &[]);
        check(&plain, "https://d.example/a", Judgement::InScope);
        check(&plain, "http://www.d.example/a", Judgement::OutOfScope);
        check(&plain, "https://d.example:8443/a", Judgement::OutOfScope);
        check(&scope("https://d.example/", &[], &[]), "http://d.example/a", Judgement::OutOfScope);
    }

    #[test]
    fn old_links_are_upgraded() {
        let secure = scope("https://d.example/", &[], &[]);
        for (link, upgraded) in [
            ("http://d.example/a#/b", "https://d.example/a#/b"),
            ("http://d.example:8080/a", "http://d.example:8080/a"),
            ("http://e.example/a", "http://e.example/a"),
        ] {
            assert_eq!(secure.upgraded(&CanonicalUrl::parse(link).unwrap()).as_str(), upgraded);
        }
        let plain = scope("http://d.example/", &[], &[]);
        let link = CanonicalUrl::parse("http://d.example/a").unwrap();
        assert_eq!(plain.upgraded(&link), link);
    }

    #[test]
    fn patterns_are_substrings_or_globs() {
        let patterns = scope("https://d.example/", &["/guide/", "*/api/*.html"], &["?print=", "/old"]);
        check(&patterns, "https://d.example/guide/a", Judgement::InScope);
        check(&patterns, "https://d.example/v1/api/x/y.html", Judgement::InScope);
        check(&patterns, "https://d.example/api/x", Judgement::Excluded(None));
        check(&patterns, "https://d.example/guide/old", Judgement::Excluded(Some("/old".to_owned())));
        check(&patterns, "https://d.example/guide/?print=1", Judgement::Excluded(Some("?print=".to_owned())));
    }

    #[test]
    fn pictures_and_archives_are_no_pages() {
        let all = scope("https://d.example/", &[], &[]);
        check(&all, "https://d.example/a/logo.PNG", Judgement::Asset);
        check(&all, "https://d.example/a/v1.2", Judgement::InScope);
        check(&all, "https://d.example/png", Judgement::InScope);
    }

    #[test]
    fn what_a_generator_made_for_itself_is_no_page() {
        let docs = scope("https://d.example/en/", &[], &[]);
        for path in [
            "_sources/a.md",
            "_modules/a/b.html",
            "_modules/",
            "genindex.html",
            "genindex-A.html",
            "py-modindex/",
            "org/example/package-tree.html",
            "org/example/class-use/Boat.html",
            "doc-index-B.html",
            "src/Data.Boat.html",
            "src/boats/hull.rs.html",
        ] {
            check(&docs, &format!("https://d.example/en/{path}"), Judgement::Asset);
        }
        check(&docs, "https://d.example/en/modules.html", Judgement::InScope);
        check(&docs, "https://d.example/en/src/boats.html", Judgement::InScope);
        check(&docs, "https://d.example/en/src/v1.2.html", Judgement::InScope);
        check(&docs, "https://d.example/en/_modules", Judgement::InScope);
        let code = scope("https://d.example/en/_modules/", &[], &[]);
        check(&code, "https://d.example/en/_modules/a.html", Judgement::InScope);
    }

    #[test]
    fn files_beside_the_pages() {
        let docs = scope("https://d.example/docs/index.html", &[], &[]);
        assert_eq!(docs.file("llms.txt").unwrap().as_str(), "https://d.example/docs/llms.txt");
        assert_eq!(docs.file("/sitemap.xml").unwrap().as_str(), "https://d.example/sitemap.xml");
        let root = scope("https://d.example", &[], &[]);
        assert_eq!(root.file("llms.txt").unwrap().as_str(), "https://d.example/llms.txt");
    }
}
