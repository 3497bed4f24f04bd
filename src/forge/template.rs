//! Addresses with holes: `https://host/{owner}/{repo}/blob/{commit}/{path}`.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

/// What is written as `%XX` in the path of a URL.
const IN_PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A template in which only the commit (or branch) and the path are open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template(String);

impl Template {
    pub(super) fn new(text: String) -> Self {
        Self(text)
    }

    /// The address of a path at a commit. Both are plain text.
    pub(super) fn fill(&self, reference: &str, path: &str) -> String {
        let reference = encode(reference);
        let text = self.0.replace("{ref}", &reference).replace("{commit}", &reference);
        text.replace("{path}", &encode(path))
    }

    /// The template as it was written.
    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// What stands before the first hole.
    pub(super) fn start(&self) -> &str {
        self.0.split('{').next().unwrap_or_default()
    }

    /// The commit (or branch) and the path of an address that fits, as plain text. A branch has no slash in it, unless
    /// it is the one that is `expected`. The names before the first hole may be written in other case, as forges allow.
    pub(super) fn read(&self, address: &str, expected: Option<&str>) -> Option<(String, String)> {
        let (start, rest) = self.0.split_once("{commit}")?;
        let (between, end) = rest.split_once("{path}")?;
        let head = address.get(..start.len())?;
        let rest = address.get(start.len()..)?;
        if !head.eq_ignore_ascii_case(start) || between.is_empty() {
            return None;
        }
        let rest = rest.split(['?', '#']).next()?;
        let long = expected.filter(|name| name.contains('/')).map(encode);
        let expected = long.and_then(|name| Some((name.clone(), rest.strip_prefix(&name)?)));
        let (reference, path) = match expected {
            Some((name, after)) if after.is_empty() || after.starts_with(between) => {
                (name, after.strip_prefix(between).unwrap_or(after))
            }
            _ => {
                let (name, path) = rest.split_once(between).unwrap_or((rest, ""));
                (name.to_owned(), path)
            }
        };
        let path = path.strip_suffix(end)?;
        (!reference.is_empty()).then(|| (decode(&reference), decode(path)))
    }
}

/// A path, or a branch, as it stands in the path of a URL.
pub(super) fn encode(path: &str) -> String {
    utf8_percent_encode(path, IN_PATH).to_string()
}

/// The plain text of a part of a URL.
pub(super) fn decode(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::Template;

    #[test]
    fn what_was_filled_in_is_read_back() {
        let template = Template::new("https://forge.example/a/b/blob/{commit}/{path}".to_owned());
        let check = |reference: &str, path: &str, address: &str| {
            assert_eq!(template.fill(reference, path), address);
            let read = template.read(address, Some(reference));
            assert_eq!(read, Some((reference.to_owned(), path.to_owned())), "{address}");
        };
        check("main", "docs/a.md", "https://forge.example/a/b/blob/main/docs/a.md");
        check("main", "docs/100 %.md", "https://forge.example/a/b/blob/main/docs/100%20%25.md");
        check("feature/x", "a.md", "https://forge.example/a/b/blob/feature/x/a.md");
        let read = |address: &str| template.read(address, None);
        assert_eq!(
            read("https://forge.example/A/B/blob/main/a.md?plain=1#L3"),
            Some(("main".to_owned(), "a.md".to_owned()))
        );
        assert_eq!(read("https://forge.example/a/b/blob/main"), Some(("main".to_owned(), String::new())));
        assert_eq!(read("https://forge.example/a/b/issues/1"), None);
        assert_eq!(read("https://forge.example/a/b/blob/"), None);
    }
}
