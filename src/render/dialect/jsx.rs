//! What MDX takes from JSX: comments that no reader sees, and styles as objects.

/// The line without comments of MDX (`{/* … */}`); `is_open` says whether one goes on from the line before, and is set to
/// whether it goes on to the next. `None` where the whole line was a comment.
pub(super) fn without_comments(line: &str, is_open: &mut bool) -> Option<String> {
    if !*is_open && !line.contains("{/*") {
        return Some(line.to_owned());
    }
    let mut kept = String::new();
    let mut rest = line;
    loop {
        if *is_open {
            let Some((_, after)) = rest.split_once("*/}") else { break };
            *is_open = false;
            rest = after;
        }
        let Some((before, after)) = rest.split_once("{/*") else {
            kept.push_str(rest);
            break;
        };
        kept.push_str(before);
        // Within code it is what is shown.
        if kept.matches('`').count() % 2 == 1 {
            kept.push_str("{/*");
        } else {
            *is_open = true;
        }
        rest = after;
    }
    (!kept.trim().is_empty()).then_some(kept)
}

/// The line with styles of JSX (`style={{fontSize: 0}}`) as those of HTML (`style="font-size:0"`).
pub(super) fn with_plain_styles(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("style={{") {
        let Some((object, next)) = after.split_once("}}") else { break };
        text.push_str(before);
        if text.matches('`').count() % 2 == 1 {
            text.push_str(&format!("style={{{{{object}}}}}"));
        } else {
            text.push_str(&format!("style=\"{}\"", declarations(object)));
        }
        rest = next;
    }
    text + rest
}

fn declarations(object: &str) -> String {
    let declaration = |pair: &str| {
        let (key, value) = pair.split_once(':')?;
        let mut property = String::new();
        for letter in key.trim().trim_matches(['\'', '"']).chars() {
            if letter.is_ascii_uppercase() {
                property.push('-');
            }
            property.push(letter.to_ascii_lowercase());
        }
        let value = value.trim();
        let text = value.trim_matches(['\'', '"']);
        // A bare number is one of pixels, save where it is a share.
        let is_length = text == value && text != "0" && text.parse::<f32>().is_ok() && property != "opacity";
        let unit = if is_length { "px" } else { "" };
        Some(format!("{property}:{}{unit}", text.replace('"', "'")))
    };
    object.split(',').filter_map(declaration).collect::<Vec<_>>().join(";")
}

#[cfg(test)]
mod tests {
    use super::{with_plain_styles, without_comments};

    #[test]
    fn comments_go_and_code_stays() {
        let check = |text: &str, kept: &[&str]| {
            let mut is_open = false;
            let lines: Vec<String> =
                text.lines().filter_map(|line| without_comments(line, &mut is_open)).collect();
            assert_eq!(lines, kept, "{text}");
        };
        check("a {/* b */} c", &["a  c"]);
        check("a\n{/* b\nc\n*/} d\ne", &["a", " d", "e"]);
        check("a `{/* b */}` c", &["a `{/* b */}` c"]);
    }

    #[test]
    fn styles_are_those_of_html() {
        let check = |line: &str, plain: &str| assert_eq!(with_plain_styles(line), plain);
        check(
            "<p style={{display: 'none', fontSize: 3}}>x</p>",
            "<p style=\"display:none;font-size:3px\">x</p>",
        );
        check("`style={{color: 'red'}}`", "`style={{color: 'red'}}`");
        check("<p style={{opacity: 0", "<p style={{opacity: 0");
    }
}
