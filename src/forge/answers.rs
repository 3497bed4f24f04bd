//! What forges answer: the name of a commit, and the list of its files.

use serde_json::Value;

use super::repository::is_commit;

/// The commit that an answer names, in whatever form: an object with `sha` (or `id`), or a list that begins with one.
pub fn parse_commit(text: &str) -> Option<String> {
    let answer: Value = serde_json::from_str(text).ok()?;
    let object = answer.as_array().and_then(|list| list.first()).unwrap_or(&answer);
    let name = ["sha", "id"].iter().find_map(|key| object.get(key)?.as_str())?;
    is_commit(name).then(|| name.to_ascii_lowercase())
}

/// The paths of the files that an answer lists, and whether the forge says that it left some out. `None` for an answer
/// that lists nothing.
pub fn parse_tree(text: &str) -> Option<(Vec<String>, bool)> {
    let answer: Value = serde_json::from_str(text).ok()?;
    let entries = answer.as_array().or_else(|| answer.get("tree")?.as_array())?;
    let is_file = |entry: &&Value| entry.get("type").and_then(Value::as_str) == Some("blob");
    let files = entries.iter().filter(is_file).filter_map(|entry| entry.get("path")?.as_str());
    let is_cut = answer.get("truncated").and_then(Value::as_bool).unwrap_or(false);
    Some((files.map(str::to_owned).collect(), is_cut))
}

/// Where the next part of a list is, by its `Link` header (RFC 8288).
pub fn parse_next_page(link: &str) -> Option<&str> {
    link.split(',').find_map(|part| {
        let (address, parameters) = part.trim().strip_prefix('<')?.split_once('>')?;
        let is_next = parameters.split(';').any(|parameter| {
            matches!(parameter.trim().split_once('='), Some(("rel", name)) if name.trim_matches('"') == "next")
        });
        is_next.then_some(address)
    })
}

#[cfg(test)]
mod tests {
    use super::{parse_commit, parse_next_page, parse_tree};

    #[test]
    fn commits_of_three_forges() {
        let sha = "0123456789abcdef0123456789abcdef01234567";
        for text in [
            format!("{{\"sha\": \"{sha}\", \"commit\": {{\"tree\": {{\"sha\": \"x\"}}}}}}"),
            format!("{{\"id\": \"{sha}\", \"short_id\": \"0123\"}}"),
            format!("[{{\"sha\": \"{sha}\"}}]"),
        ] {
            assert_eq!(parse_commit(&text).as_deref(), Some(sha));
        }
        for text in ["", "{}", "[]", "<html>", "{\"sha\": \"main\"}", "{\"message\": \"API rate limit\"}"] {
            assert_eq!(parse_commit(text), None, "{text}");
        }
    }

    #[test]
    fn trees_as_objects_and_as_lists() {
        let files = "[{\"path\": \"a.md\", \"type\": \"blob\"}, {\"path\": \"docs\", \"type\": \"tree\"}]";
        let (found, is_cut) = parse_tree(files).unwrap();
        assert_eq!((found.len(), found[0].as_str(), is_cut), (1, "a.md", false));
        let answer = format!("{{\"sha\": \"x\", \"tree\": {files}, \"truncated\": true}}");
        assert_eq!(parse_tree(&answer), Some((vec!["a.md".to_owned()], true)));
        assert_eq!(parse_tree("{\"message\": \"Not Found\"}"), None);
    }

    #[test]
    fn lists_go_on() {
        let link = "<https://f.example/t?page=1>; rel=\"first\", <https://f.example/t?page=2>; rel=\"next\"";
        assert_eq!(parse_next_page(link), Some("https://f.example/t?page=2"));
        assert_eq!(parse_next_page("<https://f.example/t>; rel=\"last\""), None);
    }
}
