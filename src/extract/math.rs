//! Mathematics as TeX, from whatever the page keeps of its source.
//!
//! In order of trust: the TeX annotation that KaTeX and MathJax put beside their drawing, the script of MathJax 2, an
//! attribute, the delimited text that a script has not yet drawn, and last the MathML for screen readers.

use scraper::ElementRef;

use crate::document::{Block, Inline};
use crate::extract::addressing::addressing;
use crate::extract::dom::{ancestry, classes, descendants, has_class, name};
use crate::extract::flow::Flow;
use crate::extract::mathml;
use crate::extract::text::clean;

/// Pairs of delimiters, those of displayed math marked.
const DELIMITERS: [(&str, &str, bool); 4] =
    [("\\[", "\\]", true), ("$$", "$$", true), ("\\(", "\\)", false), ("$", "$", false)];

/// Classes of elements that are math as a whole.
const MATH_CLASSES: [&str; 7] =
    ["katex", "katex-display", "math", "arithmatex", "MathJax", "MathJax_Display", "MathJax_Preview"];

/// Classes of images that are math: Sphinx, LaTeX2HTML and its kin, MediaWiki.
const IMAGE_CLASSES: [&str; 6] = [
    "math",
    "latex",
    "tex",
    "katex-img",
    "mwe-math-fallback-image-inline",
    "mwe-math-fallback-image-display",
];

/// Whether the element is a formula.
pub(super) fn is_math(element: ElementRef<'_>) -> bool {
    match name(element) {
        "math" | "mjx-container" | "math-renderer" => true,
        "script" => element.attr("type").is_some_and(|kind| kind.starts_with("math/")),
        // Formulas drawn on the server keep their source as the alternative text.
        "img" => {
            element.attr("alt").is_some_and(|alt| !alt.trim().is_empty())
                && IMAGE_CLASSES.iter().any(|class| has_class(element, class))
                && !stands_beside_math(element)
        }
        // `.math` on a section or a paragraph is somebody's own class.
        "span" | "div" | "eqn" | "eq" => classes(element).any(|class| MATH_CLASSES.contains(&class)),
        _ => false,
    }
}

/// Whether the formula is there as MathML too, of which the image is the picture.
fn stands_beside_math(image: ElementRef<'_>) -> bool {
    let around = image.parent().and_then(ElementRef::wrap);
    around.is_some_and(|around| descendants(around).take(20).any(|below| name(below) == "math"))
}

/// Whether the element is a formula on lines of its own.
pub(super) fn is_display(element: ElementRef<'_>) -> bool {
    if !is_math(element) || (name(element) == "math" && is_inside_math(element)) {
        return false;
    }
    match name(element) {
        "mjx-container" => element.attr("display") == Some("true"),
        "math" => element.attr("display") == Some("block"),
        "script" => element.attr("type").is_some_and(|kind| kind.contains("mode=display")),
        "div" => !has_class(element, "MathJax_Preview"),
        _ => {
            has_class(element, "katex-display")
                || has_class(element, "display")
                || descendants(element).any(|below| has_class(below, "katex-display"))
        }
    }
}

fn is_inside_math(element: ElementRef<'_>) -> bool {
    ancestry(element).skip(1).take(4).any(is_math)
}

/// Reads a formula between blocks or in a line.
pub(super) fn read(element: ElementRef<'_>, flow: &mut Flow) {
    match formula(element) {
        Some((tex, true)) => flow.push(Block::Math(tex)),
        Some((tex, false)) => flow.push_inline(Inline::Math(tex)),
        None => {}
    }
}

/// The formula as part of a line, whether displayed or not.
pub(super) fn inline_of(element: ElementRef<'_>) -> Option<Inline> {
    formula(element).map(|(tex, _)| Inline::Math(tex))
}

/// The TeX of a formula, and whether it is displayed.
fn formula(element: ElementRef<'_>) -> Option<(String, bool)> {
    // MathJax 2 keeps the source in a script beside the drawing; the drawing alone says nothing.
    let drawing = ["MathJax_Preview", "MathJax_Display"].iter().any(|class| has_class(element, class))
        || (has_class(element, "MathJax") && name(element) != "mjx-container");
    if drawing && script_of(element).is_none() {
        return None;
    }
    let display = is_display(element);
    let stated = annotation(element).or_else(|| script_of(element)).or_else(|| attribute(element));
    if let Some(tex) = stated {
        return finished(&tex, display);
    }
    let text = text_without_number(element);
    let text = clean(&text);
    if let Some((tex, is_displayed)) = undelimited(&text) {
        return finished(tex, is_displayed || display);
    }
    let mathml = std::iter::once(element).chain(descendants(element)).find(|below| name(*below) == "math");
    match mathml {
        Some(math) => finished(&mathml::to_tex(math), display),
        None => finished(&text, display),
    }
}

fn finished(tex: &str, display: bool) -> Option<(String, bool)> {
    let tex = clean(tex);
    let tex = tex.trim();
    // The source of a formula is not what is seen; no formula speaks to anybody.
    (!tex.is_empty() && addressing(tex).is_none()).then(|| (tex.to_owned(), display))
}

fn annotation(element: ElementRef<'_>) -> Option<String> {
    descendants(element)
        .find(|below| {
            name(*below) == "annotation" && below.attr("encoding").is_some_and(|form| form.contains("tex"))
        })
        .map(|below| below.text().collect())
}

fn script_of(element: ElementRef<'_>) -> Option<String> {
    std::iter::once(element)
        .chain(descendants(element))
        .find(|below| name(*below) == "script" && is_math(*below))
        .map(|below| below.text().collect())
}

fn attribute(element: ElementRef<'_>) -> Option<String> {
    std::iter::once(element).chain(descendants(element).take(4)).find_map(|below| {
        ["data-latex", "data-tex", "data-math", "data-expr", "alttext"]
            .iter()
            .find_map(|key| below.attr(key))
            .or_else(|| below.attr("alt").filter(|_| name(below) == "img"))
            .map(str::to_owned)
    })
}

/// The text of a formula without the number that Sphinx prints beside it.
fn text_without_number(element: ElementRef<'_>) -> String {
    element
        .descendants()
        .filter(|node| {
            !node.ancestors().filter_map(ElementRef::wrap).take(3).any(|above| has_class(above, "eqno"))
        })
        .filter_map(|node| node.value().as_text().map(|text| text.to_string()))
        .collect()
}

/// What stands between the delimiters, and whether they are those of displayed math.
fn undelimited(text: &str) -> Option<(&str, bool)> {
    let text = text.trim();
    DELIMITERS.iter().find_map(|(open, close, display)| {
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        Some((inner, *display))
    })
}
