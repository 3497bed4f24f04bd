//! Pictures, of directives and of substitutions.

use super::parts::Parts;
use crate::render::rst::escape;
use crate::render::rst::inline::anchor;
use crate::render::rst::names::Names;

/// The picture of a directive, behind a link where it has a target.
pub(super) fn image_of(parts: &Parts<'_>, names: &Names) -> String {
    let picture = picture(&parts.argument, parts.option("alt").unwrap_or_default());
    match parts.option("target") {
        Some(target) => {
            let other = target.strip_suffix('_').and_then(|name| names.address(name.trim_matches('`')));
            anchor(&other.unwrap_or_else(|| target.to_owned()), &picture)
        }
        None => picture,
    }
}

/// The picture of a substitution: its address, then lines of options.
pub(in crate::render::rst) fn image<'a>(address: &str, options: impl Iterator<Item = &'a str>) -> String {
    let mut alt = "";
    let mut target = None;
    for line in options {
        let Some((name, value)) = line.trim().strip_prefix(':').and_then(|text| text.split_once(':')) else {
            continue;
        };
        match name {
            "alt" => alt = value.trim(),
            "target" => target = Some(value.trim()),
            _ => {}
        }
    }
    let picture = picture(address, alt);
    target.map_or(picture.clone(), |target| anchor(target, &picture))
}

fn picture(address: &str, alt: &str) -> String {
    let address: String = address.split_whitespace().collect();
    format!("<img src=\"{}\" alt=\"{}\">", escape(&address), escape(&alt.replace('\n', " ")))
}
