//! Presentation MathML to TeX, for pages that keep no TeX: the common constructs, the rest as its text.

use scraper::ElementRef;

use crate::extract::dom::{name, text_of};

/// The deepest nesting that is read; formulas of people stay far below.
const MAX_DEPTH: usize = 60;

/// Characters with a name in TeX.
const NAMES: [(&str, &str); 62] = [
    ("α", "\\alpha"),
    ("β", "\\beta"),
    ("γ", "\\gamma"),
    ("δ", "\\delta"),
    ("ε", "\\varepsilon"),
    ("ϵ", "\\epsilon"),
    ("ζ", "\\zeta"),
    ("η", "\\eta"),
    ("θ", "\\theta"),
    ("ι", "\\iota"),
    ("κ", "\\kappa"),
    ("λ", "\\lambda"),
    ("μ", "\\mu"),
    ("ν", "\\nu"),
    ("ξ", "\\xi"),
    ("π", "\\pi"),
    ("ρ", "\\rho"),
    ("σ", "\\sigma"),
    ("τ", "\\tau"),
    ("ϕ", "\\phi"),
    ("φ", "\\varphi"),
    ("χ", "\\chi"),
    ("ψ", "\\psi"),
    ("ω", "\\omega"),
    ("Γ", "\\Gamma"),
    ("Δ", "\\Delta"),
    ("Θ", "\\Theta"),
    ("Λ", "\\Lambda"),
    ("Σ", "\\Sigma"),
    ("Φ", "\\Phi"),
    ("Ψ", "\\Psi"),
    ("Ω", "\\Omega"),
    ("∑", "\\sum"),
    ("∏", "\\prod"),
    ("∫", "\\int"),
    ("∞", "\\infty"),
    ("±", "\\pm"),
    ("×", "\\times"),
    ("·", "\\cdot"),
    ("⋅", "\\cdot"),
    ("÷", "\\div"),
    ("≠", "\\ne"),
    ("≤", "\\le"),
    ("≥", "\\ge"),
    ("≈", "\\approx"),
    ("≡", "\\equiv"),
    ("→", "\\to"),
    ("←", "\\leftarrow"),
    ("⇒", "\\Rightarrow"),
    ("∈", "\\in"),
    ("∉", "\\notin"),
    ("⊂", "\\subset"),
    ("∪", "\\cup"),
    ("∩", "\\cap"),
    ("∂", "\\partial"),
    ("∇", "\\nabla"),
    ("−", "-"),
    ("…", "\\dots"),
    ("⋯", "\\cdots"),
    ("∼", "\\sim"),
    ("∀", "\\forall"),
    ("∃", "\\exists"),
];

/// TeX that draws what the MathML element draws.
pub(super) fn to_tex(math: ElementRef<'_>) -> String {
    let mut words = Vec::new();
    push_children(math, &mut words, 0);
    words.join(" ")
}

fn push_children(element: ElementRef<'_>, words: &mut Vec<String>, depth: usize) {
    for child in element.child_elements() {
        push(child, words, depth + 1);
    }
}

fn push(element: ElementRef<'_>, words: &mut Vec<String>, depth: usize) {
    if depth > MAX_DEPTH {
        return words.push(text_of(*element));
    }
    let part = |index: usize| grouped(element.child_elements().nth(index), depth);
    match name(element) {
        "mi" | "mo" | "mn" => words.extend(symbol(element)),
        "mtext" | "ms" => words.push(format!("\\text{{{}}}", text_of(*element))),
        "mfrac" => words.push(format!("\\frac{{{}}}{{{}}}", part(0), part(1))),
        "msqrt" => words.push(format!("\\sqrt{{{}}}", inner(element, depth))),
        "mroot" => words.push(format!("\\sqrt[{}]{{{}}}", part(1), part(0))),
        "mover" if accent(element).is_some() => {
            words.push(format!("{}{{{}}}", accent(element).unwrap_or_default(), part(0)));
        }
        "msup" | "mover" => words.push(format!("{}^{}", part(0), braced(&part(1)))),
        "msub" | "munder" => words.push(format!("{}_{}", part(0), braced(&part(1)))),
        "msubsup" | "munderover" => {
            words.push(format!("{}_{}^{}", part(0), braced(&part(1)), braced(&part(2))));
        }
        "mtable" => words.push(format!("\\begin{{matrix}}{}\\end{{matrix}}", inner(element, depth))),
        "mtr" => words.push(format!("{} \\\\", cells(element, depth))),
        "annotation" | "annotation-xml" | "mspace" | "mphantom" => {}
        _ => push_children(element, words, depth),
    }
}

/// What stands over a letter as an accent.
fn accent(element: ElementRef<'_>) -> Option<&'static str> {
    match text_of(*element.child_elements().nth(1)?).as_str() {
        "→" | "⃗" => Some("\\vec"),
        "^" | "ˆ" => Some("\\hat"),
        "¯" | "‾" | "―" => Some("\\overline"),
        "~" | "˜" => Some("\\tilde"),
        "˙" => Some("\\dot"),
        _ => None,
    }
}

fn inner(element: ElementRef<'_>, depth: usize) -> String {
    let mut words = Vec::new();
    push_children(element, &mut words, depth);
    words.join(" ")
}

fn cells(row: ElementRef<'_>, depth: usize) -> String {
    row.child_elements().map(|cell| inner(cell, depth)).collect::<Vec<_>>().join(" & ")
}

fn grouped(element: Option<ElementRef<'_>>, depth: usize) -> String {
    let mut words = Vec::new();
    if let Some(element) = element {
        push(element, &mut words, depth + 1);
    }
    words.join(" ")
}

/// One character stands alone; anything longer needs braces.
fn braced(tex: &str) -> String {
    if tex.chars().count() == 1 { tex.to_owned() } else { format!("{{{tex}}}") }
}

fn symbol(element: ElementRef<'_>) -> Option<String> {
    let text = text_of(*element);
    let text: String = text.chars().filter(|next| !matches!(next, '\u{2061}'..='\u{2064}')).collect();
    if text.is_empty() {
        return None;
    }
    if let Some((_, tex)) = NAMES.iter().find(|(character, _)| *character == text) {
        return Some((*tex).to_owned());
    }
    let is_function =
        name(element) == "mi" && text.chars().count() > 1 && text.chars().all(char::is_alphabetic);
    Some(match text.as_str() {
        "{" | "}" | "%" | "&" | "#" | "_" => format!("\\{text}"),
        _ if is_function => format!("\\operatorname{{{text}}}"),
        _ => text,
    })
}
