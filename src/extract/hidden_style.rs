//! Whether declarations of a style hide an element: those of its own attribute, or those that a sheet of the page adds.

/// Declarations that can hide something; others are not looked at.
const LOOKED_AT: [&str; 40] = [
    "display",
    "visibility",
    "content-visibility",
    "opacity",
    "filter",
    "font-size",
    "font",
    "color",
    "-webkit-text-fill-color",
    "background",
    "background-color",
    "background-clip",
    "-webkit-background-clip",
    "text-shadow",
    "clip",
    "clip-path",
    "-webkit-clip-path",
    "position",
    "left",
    "top",
    "right",
    "bottom",
    "inset",
    "margin",
    "margin-left",
    "margin-top",
    "text-indent",
    "transform",
    "-webkit-transform",
    "translate",
    "scale",
    "overflow",
    "overflow-x",
    "overflow-y",
    "width",
    "height",
    "max-width",
    "max-height",
    "zoom",
    "line-height",
];
/// Less than this is not seen.
const FAINT: f32 = 0.05;
/// Letters of this height in pixels, or less, are not read by anybody.
const SMALLEST_LETTERS: f32 = 2.0;
/// What is this far to the left or above is not on the screen, in pixels.
const FAR: f32 = -900.0;

/// A declaration of a style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Declaration {
    /// The property in lower case.
    pub property: String,
    /// The value in lower case, its white space as single spaces.
    pub value: String,
    /// Whether it is `!important`.
    pub important: bool,
}

/// The declarations of a style that can hide something, in order.
pub(super) fn declarations(style: &str) -> Vec<Declaration> {
    let declaration = |text: &str| {
        let (property, value) = text.split_once(':')?;
        let property = property.trim().to_ascii_lowercase();
        if !LOOKED_AT.contains(&property.as_str()) {
            return None;
        }
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
        let plain = value.strip_suffix("important").and_then(|value| value.trim_end().strip_suffix('!'));
        let important = plain.is_some();
        let value = plain.map_or(value.clone(), |value| value.trim_end().to_owned());
        Some(Declaration { property, value, important })
    };
    without_comments(style).split(';').filter_map(declaration).collect()
}

fn without_comments(style: &str) -> String {
    let mut kept = String::new();
    let mut rest = style;
    while let Some((before, after)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    kept + rest
}

/// Why an element with these declarations cannot be seen; the last of each property counts.
pub(super) fn why_hidden(declarations: &[Declaration]) -> Option<&'static str> {
    let value = |property: &str| {
        let found = declarations.iter().rev().find(|declaration| declaration.property == property);
        found.map(|declaration| declaration.value.as_str())
    };
    if value("display") == Some("none") || value("content-visibility") == Some("hidden") {
        return Some("display");
    }
    if matches!(value("visibility"), Some("hidden" | "collapse")) {
        return Some("visibility");
    }
    let filter = value("filter").and_then(|filter| argument(filter, "opacity"));
    if [value("opacity"), filter].into_iter().flatten().any(is_faint) {
        return Some("opacity");
    }
    if is_tiny(&value) || is_cut_away(&value) || is_flat(&value) {
        return Some("size");
    }
    if is_off_screen(&value) {
        return Some("offscreen");
    }
    has_no_ink(&value).then_some("colour")
}

fn is_faint(value: &str) -> bool {
    let (number, share) = value.strip_suffix('%').map_or((value, 1.0), |number| (number, 100.0));
    number.trim().parse::<f32>().is_ok_and(|number| number / share < FAINT)
}

fn is_tiny<'a>(value: &impl Fn(&str) -> Option<&'a str>) -> bool {
    let short = value("font")
        .and_then(|font| font.split_whitespace().find_map(|part| length(part.split('/').next()?)));
    let size = value("font-size").and_then(length).or(short);
    size.is_some_and(|size| size <= SMALLEST_LETTERS)
}

fn is_cut_away<'a>(value: &impl Fn(&str) -> Option<&'a str>) -> bool {
    let clip = value("clip").and_then(|clip| argument(clip, "rect")).map(lengths);
    if let Some([top, right, bottom, left]) = clip.as_deref()
        && right - left <= 1.0
        && bottom - top <= 1.0
    {
        return true;
    }
    if value("clip-path").or_else(|| value("-webkit-clip-path")).is_some_and(clips_everything) {
        return true;
    }
    let cuts = |property: &str| matches!(value(property), Some("hidden" | "clip"));
    let is_small = |property: &str| value(property).and_then(length).is_some_and(|length| length <= 1.0);
    let both = cuts("overflow");
    ((both || cuts("overflow-x")) && (is_small("width") || is_small("max-width")))
        || ((both || cuts("overflow-y")) && (is_small("height") || is_small("max-height")))
}

fn clips_everything(path: &str) -> bool {
    if let Some(inside) = argument(path, "inset") {
        let sides: Vec<f32> =
            inside.split(" round ").next().unwrap_or_default().split(' ').map(share).collect();
        let top = sides.first().copied().unwrap_or_default();
        let right = sides.get(1).copied().unwrap_or(top);
        let bottom = sides.get(2).copied().unwrap_or(top);
        let left = sides.get(3).copied().unwrap_or(right);
        return top + bottom >= 100.0 || left + right >= 100.0;
    }
    let round = argument(path, "circle").or_else(|| argument(path, "ellipse"));
    if let Some(radius) = round {
        return radius.split(' ').next().and_then(length).is_some_and(|radius| radius == 0.0);
    }
    let Some(polygon) = argument(path, "polygon") else { return false };
    let corners: Vec<Vec<&str>> =
        polygon.split(',').map(|corner| corner.split_whitespace().collect()).collect();
    [0, 1].into_iter().any(|axis| {
        let first = corners.first().and_then(|corner| corner.get(axis)).copied();
        first.is_some() && corners.iter().all(|corner| corner.get(axis).copied() == first)
    })
}

/// Scaled to nothing, or turned on its edge.
fn is_flat<'a>(value: &impl Fn(&str) -> Option<&'a str>) -> bool {
    let zero = |text: &str| {
        text.split([',', ' ']).any(|part| part.trim().parse::<f32>().is_ok_and(|number| number == 0.0))
    };
    let transform = transform_of(value);
    let scaled = ["scale", "scalex", "scaley"].iter().filter_map(|name| argument(transform, name)).any(zero);
    let turned = ["rotatex", "rotatey"].iter().filter_map(|name| argument(transform, name)).any(|angle| {
        matches!(angle.trim(), "90deg" | "-90deg" | "270deg" | "0.25turn" | ".25turn" | "100grad")
    });
    scaled || turned || value("scale").is_some_and(zero)
}

fn transform_of<'a>(value: &impl Fn(&str) -> Option<&'a str>) -> &'a str {
    value("transform").or_else(|| value("-webkit-transform")).unwrap_or_default()
}

fn is_off_screen<'a>(value: &impl Fn(&str) -> Option<&'a str>) -> bool {
    let far = |text: &str| length(text).is_some_and(|length| length <= FAR);
    let far_off = |text: &str| length(text).is_some_and(|length| length.abs() >= -FAR * 2.0);
    let is_placed = matches!(value("position"), Some("absolute" | "fixed" | "relative"));
    let sides = ["left", "top", "right", "bottom"];
    if is_placed && sides.iter().any(|side| value(side).is_some_and(far)) {
        return true;
    }
    let is_out = matches!(value("position"), Some("absolute" | "fixed"));
    let pushed = |text: &str| length(text).is_some_and(|length| length >= 5_000.0);
    if is_out
        && (["left", "top"].iter().any(|side| value(side).is_some_and(pushed))
            || value("inset").is_some_and(|inset| inset.split(' ').any(far_off)))
    {
        return true;
    }
    let transform = transform_of(value);
    let moved = ["translate", "translatex", "translatey", "translate3d"]
        .iter()
        .filter_map(|name| argument(transform, name));
    let moved = moved.chain(value("translate"));
    value("text-indent").is_some_and(far)
        || ["margin-left", "margin-top"].iter().any(|side| value(side).is_some_and(far))
        || value("margin").is_some_and(|margin| margin.split(' ').any(far))
        || moved.flat_map(|text| text.split([',', ' '])).any(far_off)
}

/// Whether letters have no colour, or that of the ground which the same style gives them.
fn has_no_ink<'a>(value: &impl Fn(&str) -> Option<&'a str>) -> bool {
    let is_picture = value("background-clip").or_else(|| value("-webkit-background-clip")) == Some("text");
    let has_shadow = value("text-shadow").is_some_and(|shadow| shadow != "none");
    let ink = value("-webkit-text-fill-color").or_else(|| value("color"));
    let Some(ink) = ink.and_then(colour).filter(|_| !is_picture && !has_shadow) else { return false };
    let ground = value("background-color").or_else(|| value("background")).and_then(colour);
    ink[3] < FAINT * 255.0 || ground.is_some_and(|ground| ground[3] > 242.0 && alike(ink, ground))
}

/// The colour of letters that a style sets, and the ground that it sets.
pub(super) fn ink_and_ground(declarations: &[Declaration]) -> (Option<[f32; 4]>, Option<[f32; 4]>) {
    let value = |wanted: &[&str]| {
        let found =
            declarations.iter().rev().find(|declaration| wanted.contains(&declaration.property.as_str()));
        found.map(|declaration| declaration.value.as_str())
    };
    let ground = value(&["background-color", "background"]);
    (value(&["color", "-webkit-text-fill-color"]).and_then(colour), ground.and_then(colour))
}

/// Whether nobody can tell two colours apart.
pub(super) fn alike(one: [f32; 4], other: [f32; 4]) -> bool {
    one.iter().zip(other).take(3).all(|(one, other)| (one - other).abs() <= 8.0)
}

/// Red, green, blue and alpha, each 0 to 255, of a colour in one of the common spellings.
pub(super) fn colour(text: &str) -> Option<[f32; 4]> {
    let text = text.trim();
    if let Some(digits) = text.strip_prefix('#') {
        let digit = |at: usize| digits.get(at..=at).and_then(|digit| u8::from_str_radix(digit, 16).ok());
        let pair = |at: usize| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        let parts: Option<Vec<u8>> = match digits.len() {
            3 | 4 => (0..digits.len()).map(|at| digit(at).map(|digit| digit * 17)).collect(),
            6 | 8 => (0..digits.len() / 2).map(|at| pair(at * 2)).collect(),
            _ => None,
        };
        let parts = parts?;
        let part = |at: usize| parts.get(at).map(|part| f32::from(*part));
        return Some([part(0)?, part(1)?, part(2)?, part(3).unwrap_or(255.0)]);
    }
    let inside = argument(text, "rgb").or_else(|| argument(text, "rgba"));
    if let Some(inside) = inside {
        let parts: Vec<&str> = inside.split([',', ' ', '/']).filter(|part| !part.is_empty()).collect();
        let number = |at: usize, whole: f32| -> Option<f32> {
            let part = parts.get(at)?;
            match part.strip_suffix('%') {
                Some(share) => share.parse::<f32>().ok().map(|share| share * 2.55),
                None => part.parse::<f32>().ok().map(|number| number * whole),
            }
        };
        return Some([number(0, 1.0)?, number(1, 1.0)?, number(2, 1.0)?, number(3, 255.0).unwrap_or(255.0)]);
    }
    // Colours with no colour in them, of which all that matters is the alpha.
    if let Some(inside) = argument(text, "hsla").or_else(|| argument(text, "hsl")) {
        let alpha = inside.split([',', ' ', '/']).filter(|part| !part.is_empty()).nth(3)?;
        return is_faint(alpha).then_some([0.0, 0.0, 0.0, 0.0]);
    }
    Some(match text {
        "transparent" => [0.0, 0.0, 0.0, 0.0],
        "white" => [255.0, 255.0, 255.0, 255.0],
        "black" => [0.0, 0.0, 0.0, 255.0],
        "red" => [255.0, 0.0, 0.0, 255.0],
        "lime" => [0.0, 255.0, 0.0, 255.0],
        "blue" => [0.0, 0.0, 255.0, 255.0],
        "yellow" => [255.0, 255.0, 0.0, 255.0],
        "gray" | "grey" => [128.0, 128.0, 128.0, 255.0],
        "silver" => [192.0, 192.0, 192.0, 255.0],
        "snow" => [255.0, 250.0, 250.0, 255.0],
        "ivory" => [255.0, 255.0, 240.0, 255.0],
        "whitesmoke" => [245.0, 245.0, 245.0, 255.0],
        _ => return None,
    })
}

/// What stands between the brackets of a function of CSS.
fn argument<'a>(text: &'a str, function: &str) -> Option<&'a str> {
    let mut rest = text;
    loop {
        let at = rest.find(function)?;
        let (before, after) = rest.split_at_checked(at)?;
        let after = after.get(function.len()..)?;
        let is_whole = !before.ends_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '-');
        if let Some(inside) = after.strip_prefix('(').filter(|_| is_whole) {
            return inside.split(')').next();
        }
        rest = after;
    }
}

/// A length in pixels; a unit that depends on the page counts as on a usual one.
fn length(text: &str) -> Option<f32> {
    let text = text.trim();
    let end = text.find(|letter: char| letter.is_ascii_alphabetic() || letter == '%').unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(end)?;
    let number: f32 = number.parse().ok()?;
    let size = match unit {
        "" if number == 0.0 => 0.0,
        "px" => 1.0,
        "em" | "rem" => 16.0,
        "ch" | "ex" => 8.0,
        "pt" => 1.33,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 37.8,
        "mm" => 3.78,
        "vw" | "vmax" | "vi" => 12.8,
        "vh" | "vmin" | "vb" => 8.0,
        "%" if number == 0.0 => 0.0,
        _ => return None,
    };
    Some(number * size)
}

fn lengths(text: &str) -> Vec<f32> {
    text.split([',', ' ']).filter(|part| !part.is_empty()).filter_map(length).collect()
}

fn share(text: &str) -> f32 {
    text.trim().strip_suffix('%').and_then(|share| share.parse().ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{declarations, why_hidden};

    #[test]
    fn styles_that_hide() {
        for style in [
            "display: none",
            "DISPLAY:NONE !important",
            "dis/**/play:block;display:none",
            "content-visibility:hidden",
            "visibility:hidden;color:red",
            "opacity: 0.0",
            "opacity:.01",
            "opacity:1%",
            "filter: opacity(0%)",
            "font-size:0px",
            "font-size:1px",
            "font:0/0 a",
            "color:#fff;background-color:#FFF",
            "color:#fefefe;background:white",
            "color:transparent",
            "color:rgba(0,0,0,0)",
            "-webkit-text-fill-color:transparent",
            "position:absolute;left:-9999px",
            "position:fixed;top:-100em",
            "position:relative;left:-200vw",
            "margin-left:-9999px",
            "text-indent:-9999px",
            "transform:translateX(-9999px)",
            "transform:scale(0)",
            "transform: rotateY(90deg)",
            "scale:0",
            "height:0;overflow:hidden",
            "max-height:0;overflow:hidden",
            "position:absolute;width:1px;height:1px;overflow:hidden",
            "position:absolute;clip:rect(0 0 0 0)",
            "position:absolute;clip:rect(1px,1px,1px,1px)",
            "clip-path:inset(100%)",
            "clip-path:circle(0)",
            "clip-path:polygon(0 0,0 0,0 0)",
        ] {
            assert!(why_hidden(&declarations(style)).is_some(), "{style}");
        }
    }

    #[test]
    fn styles_that_do_not() {
        for style in [
            "display:block",
            "opacity:0.5",
            "font-size:0.8em",
            "font:12px/1.4 serif",
            "left:-10px;position:absolute",
            "left:-9999px",
            "color:#fff;background-color:#000",
            "color:#fff",
            "color:transparent;background-clip:text",
            "height:0",
            "height:1em;overflow:hidden",
            "transform:translateX(-50%) scale(1.0)",
            "clip-path:inset(10px)",
            "margin:0 -15px",
            "display:none;display:block",
        ] {
            assert!(why_hidden(&declarations(style)).is_none(), "{style}");
        }
    }
}
