//! What a visitor cannot see.
//!
//! A skill is read by a model, and hidden text is how a model gets attacked: whatever a page hides by attribute or by
//! inline style stays out, unless the profile keeps it (a closed tab). Style sheets are not read here; the browser
//! marks what they hide with [`HIDDEN_MARK`] in the DOM that it hands over, and `sheet` does so for what a sheet within
//! the page as sent hides.

use scraper::ElementRef;

use crate::extract::dom::{ancestry, attr, name};
use crate::extract::hidden_style::{alike, colour, declarations, ink_and_ground, why_hidden as why_declared};
use crate::profile::SelectorProfile;

/// The attribute that the browser's snapshot sets on elements which computed styles hide.
pub const HIDDEN_MARK: &str = "data-skillcrawl-hidden";

/// Whether the element and everything in it stays out.
pub(super) fn is_left_out(element: ElementRef<'_>, profile: &SelectorProfile) -> bool {
    (is_never_shown(element) && !is_kept_button(element, profile))
        || (is_hidden(element) && !profile.keep.matches(element))
        || profile.remove.matches(element)
}

/// Whether a button holds content, as the head of a row that opens does; only a profile can tell.
fn is_kept_button(element: ElementRef<'_>, profile: &SelectorProfile) -> bool {
    name(element) == "button" && profile.keep.matches(element)
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
    why_hidden(element).is_some()
}

/// Why an element cannot be seen, as `display`; `None` where it can, as far as its attributes tell.
pub(super) fn why_hidden<'a>(element: ElementRef<'a>) -> Option<&'a str> {
    let tag = name(element);
    // One walk over the attributes: every element of a page is asked.
    let by_attribute = element.value().attrs().find_map(|(name, value)| match name {
        HIDDEN_MARK if value.is_empty() => Some("display"),
        HIDDEN_MARK => Some(value),
        "hidden" => (!value.eq_ignore_ascii_case("until-found")).then_some("display"),
        // Formulas are shown twice, and read once.
        "class" => value.split_ascii_whitespace().any(|class| class == "katex-html").then_some("repetition"),
        "style" => style_hides(element, value),
        // Shown by a script or a button, over the page.
        "popover" => Some("display"),
        "width" | "height" if tag == "img" => {
            value.trim().parse::<f32>().is_ok_and(|side| side <= 1.0).then_some("size")
        }
        _ => None,
    });
    by_attribute.or_else(|| (tag == "dialog" && attr(element, "open").is_none()).then_some("display"))
}

fn style_hides(element: ElementRef<'_>, style: &str) -> Option<&'static str> {
    let declarations = declarations(style);
    if declarations.is_empty() {
        return None;
    }
    why_declared(&declarations).or_else(|| {
        let (ink, ground) = ink_and_ground(&declarations);
        (ground.is_none() && lies_on(element, ink?)).then_some("colour")
    })
}

/// Whether the nearest ground that an element around sets is of this colour. What sheets set is not known here.
fn lies_on(element: ElementRef<'_>, ink: [f32; 4]) -> bool {
    let ground = ancestry(element).skip(1).find_map(|above| {
        let styled = attr(above, "style").and_then(|style| ink_and_ground(&declarations(style)).1);
        styled.or_else(|| attr(above, "bgcolor").and_then(colour))
    });
    ground.is_some_and(|ground| ground[3] > 242.0 && alike(ink, ground))
}
