//! Single lines: what is for a tool alone, and roles within text.

/// Roles whose text is a name or a command rather than words.
const CODE_ROLES: [&str; 14] = [
    "py:", "c:", "cpp:", "js:", "class", "func", "meth", "mod", "attr", "exc", "obj", "data", "option",
    "envvar",
];

/// Whether a line is for a tool alone: an import of MDX, a label of MyST, attributes of kramdown, a shortcode, a tag of
/// a component that holds nothing.
pub(super) fn is_machinery(line: &str) -> bool {
    let text = line.trim();
    let is_import = (line.starts_with("import ")
        && (line.contains(" from ") || line.ends_with("';") || line.ends_with("\";")))
        || line.starts_with("export const ")
        || line.starts_with("export default ");
    let is_label = text.starts_with('(') && text.ends_with(")=") && !text.contains(' ');
    let is_shortcode = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("{/*", "*/}"), ("{:", "}")]
        .iter()
        .any(|(start, end)| text.starts_with(start) && text.ends_with(end));
    is_import || is_label || is_shortcode || is_component(text) || text == "[TOC]" || text == "[[toc]]"
}

/// `<Component … />` and `</Component>` alone on a line.
fn is_component(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
    let Some(inner) = inner.filter(|inner| !inner.contains(['<', '>'])) else { return false };
    let name = inner.trim_start_matches('/');
    let is_upper = name.starts_with(|first: char| first.is_ascii_uppercase());
    // An address in angle brackets is a link.
    is_upper && (inner.starts_with('/') || inner.ends_with('/')) && !name.contains("://")
}

/// The line with the roles of MyST as what they show: `` {ref}`Text <target>` `` is `Text`, `` {class}`a.B` `` code.
pub(super) fn without_roles(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find("}`") {
        let (before, after) = (rest.get(..at).unwrap_or_default(), rest.get(at + 2..).unwrap_or_default());
        let found = before.rsplit_once('{').filter(|(_, name)| is_role(name));
        let (Some((lead, name)), Some((content, next))) = (found, after.split_once('`')) else {
            text.push_str(rest.get(..at + 2).unwrap_or_default());
            rest = after;
            continue;
        };
        // Within code it is what is shown.
        let is_code = (text.matches('`').count() + lead.matches('`').count()) % 2 == 1;
        text.push_str(lead);
        if is_code {
            text.push_str(&format!("{{{name}}}`{content}`"));
        } else {
            text.push_str(&shown(name, content));
        }
        rest = next;
    }
    text.push_str(rest);
    text
}

fn is_role(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric() || ":-_".contains(letter))
}

fn shown(name: &str, content: &str) -> String {
    let label = content.strip_suffix('>').and_then(|content| content.rsplit_once('<'));
    let is_code = CODE_ROLES.iter().any(|role| name.starts_with(role));
    match (name, label) {
        ("math", _) => format!("${content}$"),
        ("doc" | "download" | "material-regular" | "octicon", Some((text, target))) => {
            format!("[{}]({})", text.trim(), target.trim())
        }
        ("doc" | "download", None) => format!("[{content}]({content})"),
        (_, Some((text, _))) => text.trim().to_owned(),
        ("ref" | "numref" | "term" | "any" | "abbr" | "guilabel", None) => content.to_owned(),
        _ if is_code => format!("`{}`", content.trim_start_matches(['~', '!'])),
        _ => format!("`{content}`"),
    }
}
