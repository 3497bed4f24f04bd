//! Names of files beside code: where the page states no language, the ending of such a name states it.

use crate::document::{Block, Tab};
use crate::extract::language::display_name;

/// The longest text that is looked at as the name of a file, in bytes.
const MAX_LENGTH: usize = 120;

/// The language of a file, by the ending of its name; `None` for what is no such name.
pub(super) fn language_of(caption: &str) -> Option<String> {
    let path = caption.trim();
    if path.len() > MAX_LENGTH || path.contains(char::is_whitespace) || path.contains("://") {
        return None;
    }
    let file = path.rsplit(['/', '\\']).next()?;
    let language = match file.rsplit_once('.') {
        // `.env` and `config.` have no ending.
        Some((stem, ending)) if !stem.is_empty() && !ending.is_empty() => display_name(ending),
        Some(_) => None,
        None if matches!(file, "Dockerfile" | "Makefile") => display_name(file),
        None => None,
    };
    language.filter(|language| !language.is_empty()).map(str::to_owned)
}

/// Gives the code in a tab that bears the name of a file the language of that file, unless it has one.
pub(super) fn state_in(tab: &mut Tab) {
    let label = tab.label.trim();
    // `Next.js` and `three.js` are names of libraries, whose tabs hold commands as well.
    let is_library = label.ends_with(".js") && !label.contains(['/', '\\']);
    let Some(language) = language_of(label).filter(|_| !is_library) else { return };
    for block in &mut tab.content {
        if let Block::Code(code) = block {
            code.language.get_or_insert_with(|| language.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::language_of;

    #[test]
    fn the_ending_of_a_file_states_its_language() {
        let cases = [
            ("pyproject.toml", Some("toml")),
            ("app/[slug]/page.tsx", Some("tsx")),
            ("src\\main.rs", Some("rust")),
            ("docker/Dockerfile", Some("dockerfile")),
            ("out.txt", None),
            (".env", None),
            ("v2.0", None),
            ("Listing 1", None),
            ("run it with main.py", None),
            ("https://docs.example/a.py", None),
        ];
        for (caption, language) in cases {
            assert_eq!(language_of(caption).as_deref(), language, "{caption}");
        }
    }
}
