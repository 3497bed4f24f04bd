//! What a visitor cannot see.
//!
//! A skill is read by a model, and hidden text is how a model gets attacked: whatever a page hides by attribute or by
//! inline style stays out, unless the profile keeps it (a closed tab). Style sheets are not read here; the browser
//! marks what they hide with [`HIDDEN_MARK`] in the DOM that it hands over.

use scraper::ElementRef;

use crate::extract::dom::{attr, name};
use crate::profile::SelectorProfile;

/// The attribute that the browser's snapshot sets on elements which computed styles hide.
pub const HIDDEN_MARK: &str = "data-skillcrawl-hidden";

/// Whether the element and everything in it stays out.
pub(super) fn is_left_out(element: ElementRef<'_>, profile: &SelectorProfile) -> bool {
    is_never_shown(element)
        || (is_hidden(element) && !profile.keep.matches(element))
        || profile.remove.matches(element)
}

/// Elements that are no content by their name, such as scripts and controls.
pub(super) fn is_never_shown(element: ElementRef<'_>) -> bool {
    match name(element) {
        // A declarative shadow root is shown; any other template is not.
        "template" => attr(element, "shadowrootmode").is_none(),
        // MathJax 2 keeps its source in a script.
        "script" => !attr(element, "type").is_some_and(|kind| kind.starts_with("math/")),
        "svg" => true,
        tag => matches!(
            tag,
            "style"
                | "noscript"
                | "head"
                | "title"
                | "link"
                | "meta"
                | "base"
                | "canvas"
                | "object"
                | "embed"
                | "param"
                | "source"
                | "track"
                | "button"
                | "input"
                | "select"
                | "textarea"
                | "option"
                | "datalist"
                | "map"
                | "area"
                | "progress"
                | "meter"
                | "rp"
                | "rt"
        ),
    }
}

/// Whether an attribute or the inline style hides the element.
pub(super) fn is_hidden(element: ElementRef<'_>) -> bool {
    // One walk over the attributes: every element of a page is asked.
    element.value().attrs().any(|(name, value)| match name {
        HIDDEN_MARK => true,
        "hidden" => !value.eq_ignore_ascii_case("until-found"),
        "class" => value.split_ascii_whitespace().any(|class| class == "katex-html"),
        "style" => style_hides(value),
        _ => false,
    })
}

fn style_hides(style: &str) -> bool {
    let declarations: Vec<(String, String)> = style
        .split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .map(|(property, value)| (property.trim().to_ascii_lowercase(), plain_value(value)))
        .collect();
    let value = |property: &str| {
        declarations.iter().rev().find(|(name, _)| name == property).map(|(_, value)| value.as_str())
    };
    value("display") == Some("none")
        || matches!(value("visibility"), Some("hidden" | "collapse"))
        || value("opacity").is_some_and(is_zero)
        || value("font-size").is_some_and(is_zero)
        || value("color") == Some("transparent")
        || (value("color").is_some()
            && value("color") == value("background-color").or_else(|| value("background")))
        || matches!(value("clip"), Some("rect(0,0,0,0)" | "rect(1px,1px,1px,1px)" | "rect(0px,0px,0px,0px)"))
        || value("clip-path") == Some("inset(50%)")
        || is_off_screen(&value)
        || (value("overflow") == Some("hidden")
            && (value("height").is_some_and(is_zero) || value("width").is_some_and(is_zero)))
}

/// The value in lower case without spaces and `!important`.
fn plain_value(value: &str) -> String {
    let plain: String = value.chars().filter(|next| !next.is_whitespace()).collect();
    plain.to_ascii_lowercase().replace("!important", "")
}

fn is_zero(value: &str) -> bool {
    let number = value.trim_end_matches(|end: char| end.is_ascii_alphabetic() || end == '%');
    number.parse::<f32>().is_ok_and(|number| number == 0.0)
}

fn is_off_screen<'a>(value: &impl Fn(&str) -> Option<&'a str>) -> bool {
    let far = |property: &str| {
        value(property)
            .and_then(|value| value.strip_suffix("px").or_else(|| value.strip_suffix("em")))
            .and_then(|number| number.parse::<f32>().ok())
            .is_some_and(|number| number <= -900.0)
    };
    (matches!(value("position"), Some("absolute" | "fixed")) && (far("left") || far("top") || far("right")))
        || far("text-indent")
}

#[cfg(test)]
mod tests {
    use super::style_hides;

    #[test]
    fn styles_that_hide() {
        for style in [
            "display: none",
            "DISPLAY:NONE !important",
            "visibility:hidden;color:red",
            "opacity: 0.0",
            "font-size:0px",
            "color:#fff;background-color:#FFF",
            "position:absolute;left:-9999px",
            "text-indent:-9999px",
            "height:0;overflow:hidden",
        ] {
            assert!(style_hides(style), "{style}");
        }
        for style in [
            "display:block",
            "opacity:0.5",
            "font-size:0.8em",
            "left:-10px;position:absolute",
            "color:#fff;background-color:#000",
            "height:0",
        ] {
            assert!(!style_hides(style), "{style}");
        }
    }
}
