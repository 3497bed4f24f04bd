//! References within and between the files of a description (RFC 6901 pointers in `$ref`).

use std::collections::BTreeMap;

use serde_json::Value;

use crate::url::CanonicalUrl;

/// The longest chain of references that is followed.
const MOST_HOPS: usize = 32;
const SCHEMAS: &str = "/components/schemas/";

/// The files of a description: its own, and those of its parts that the page loaded.
#[derive(Clone, Debug)]
pub(super) struct Files {
    pub(super) root: CanonicalUrl,
    files: BTreeMap<CanonicalUrl, Value>,
}

/// A value and the file that it stands in, against which its references resolve.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a> {
    pub(super) value: &'a Value,
    file: &'a CanonicalUrl,
}

impl Files {
    pub(super) fn new(root: CanonicalUrl, description: Value, parts: Vec<(CanonicalUrl, Value)>) -> Self {
        let mut files: BTreeMap<CanonicalUrl, Value> = parts.into_iter().collect();
        files.insert(root.clone(), description);
        Self { root, files }
    }

    /// The whole description.
    pub(super) fn top(&self) -> Node<'_> {
        let value = self.files.get(&self.root).unwrap_or(&Value::Null);
        Node { value, file: &self.root }
    }

    /// What a value stands for: itself, or what its `$ref` leads to. A reference that leads nowhere, or in a circle,
    /// stands for nothing.
    pub(super) fn resolve<'a>(&'a self, node: Node<'a>) -> Node<'a> {
        let mut at = node;
        for _ in 0..MOST_HOPS {
            match reference(at) {
                None => return at,
                Some(target) => match self.target(at.file, target) {
                    Some(next) => at = next,
                    None => break,
                },
            }
        }
        Node { value: &Value::Null, file: node.file }
    }

    /// The name of the schema of the description that a reference leads to at once.
    pub(super) fn schema_name(&self, node: Node<'_>) -> Option<String> {
        let (file, pointer) = self.split(node.file, reference(node)?)?;
        let name = pointer.strip_prefix(SCHEMAS).filter(|_| file == self.root)?;
        let known = self.files.get(&self.root)?.pointer(&pointer).is_some();
        (known && !name.contains('/')).then(|| name.replace("~1", "/").replace("~0", "~"))
    }

    fn target<'a>(&'a self, file: &CanonicalUrl, reference: &str) -> Option<Node<'a>> {
        let (file, pointer) = self.split(file, reference)?;
        let (file, document) = self.files.get_key_value(&file)?;
        Some(Node { value: document.pointer(&pointer)?, file })
    }

    /// The file and the pointer of a reference.
    fn split(&self, file: &CanonicalUrl, reference: &str) -> Option<(CanonicalUrl, String)> {
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let file = if path.is_empty() { file.clone() } else { file.join(path).ok()?.document() };
        Some((file, percent_decoded(fragment)))
    }
}

impl<'a> Node<'a> {
    /// The entry of an object.
    pub(super) fn get(self, key: &str) -> Option<Self> {
        self.value.get(key).map(|value| Self { value, ..self })
    }

    /// The entries of an object in order; none of anything else.
    pub(super) fn entries(self) -> impl Iterator<Item = (&'a str, Self)> {
        let entries = self.value.as_object().into_iter().flatten();
        entries.map(move |(key, value)| (key.as_str(), Self { value, ..self }))
    }

    /// The items of an array in order; none of anything else.
    pub(super) fn items(self) -> impl Iterator<Item = Self> {
        self.value.as_array().into_iter().flatten().map(move |value| Self { value, ..self })
    }

    /// A text that is not empty.
    pub(super) fn text(self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str().map(str::trim).filter(|text| !text.is_empty())
    }

    /// Whether an entry is `true`.
    pub(super) fn is(self, key: &str) -> bool {
        self.value.get(key).and_then(Value::as_bool).unwrap_or_default()
    }
}

fn reference(node: Node<'_>) -> Option<&str> {
    node.value.get("$ref")?.as_str()
}

/// Fragments of URLs are percent-encoded.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let code = match (first, after) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| high * 16 + low),
            _ => None,
        };
        bytes.push(code.unwrap_or(*first));
        rest = after.get(if code.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Files;
    use crate::url::CanonicalUrl;

    #[test]
    fn references_lead_into_files_and_never_in_circles() {
        let url = |text: &str| CanonicalUrl::parse(&format!("https://d.example/api/{text}")).unwrap();
        let description = json!({
            "a": {"$ref": "#/b~1c/%7Bd%7D"},
            "b/c": {"{d}": 1},
            "part": {"$ref": "parts/p.yaml#/x"},
            "circle": {"$ref": "#/circle"},
            "lost": {"$ref": "gone.json"},
            "named": {"$ref": "#/components/schemas/N"},
            "components": {"schemas": {"N": {}}},
        });
        let part = json!({"x": {"$ref": "../openapi.json#/b~1c"}});
        let files = Files::new(url("openapi.json"), description, vec![(url("parts/p.yaml"), part)]);
        let check = |key: &str, value: serde_json::Value| {
            assert_eq!(*files.resolve(files.top().get(key).unwrap()).value, value, "{key}");
        };
        check("a", json!(1));
        check("part", json!({"{d}": 1}));
        check("circle", json!(null));
        check("lost", json!(null));
        assert_eq!(files.schema_name(files.top().get("named").unwrap()).as_deref(), Some("N"));
        assert_eq!(files.schema_name(files.top().get("a").unwrap()), None);
    }
}
