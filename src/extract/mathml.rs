//! Presentation MathML to TeX, for pages that keep no TeX: the common constructs, the rest as its text.

use scraper::ElementRef;

use crate::extract::dom::{ancestry, name, text_of};

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

/// Functions that have a command of their own.
const FUNCTIONS: [&str; 31] = [
    "sin", "cos", "tan", "cot", "sec", "csc", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "log",
    "ln", "lg", "exp", "lim", "max", "min", "sup", "inf", "det", "dim", "ker", "gcd", "arg", "deg", "hom",
    "Pr", "limsup", "liminf",
];

/// The alphabets of the block of mathematical letters (U+1D400), each with its command: 26 capitals, 26 small letters.
const ALPHABETS: [&str; 13] = [
    "\\mathbf",
    "",
    "\\boldsymbol",
    "\\mathcal",
    "\\mathcal",
    "\\mathfrak",
    "\\mathbb",
    "\\mathfrak",
    "\\mathsf",
    "\\mathsf",
    "\\mathsf",
    "\\mathsf",
    "\\mathtt",
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
    // A base of several symbols needs braces for what is set above or below it.
    let base = || base_of(&part(0));
    match name(element) {
        "mi" | "mo" | "mn" => words.extend(symbol(element)),
        "mtext" | "ms" => words.extend(text(element)),
        "mfrac" if element.attr("linethickness").is_some_and(|width| width.trim_start().starts_with('0')) => {
            words.push(format!("\\binom{{{}}}{{{}}}", part(0), part(1)));
        }
        "mfrac" => words.push(format!("\\frac{{{}}}{{{}}}", part(0), part(1))),
        "msqrt" => words.push(format!("\\sqrt{{{}}}", inner(element, depth))),
        "mroot" => words.push(format!("\\sqrt[{}]{{{}}}", part(1), part(0))),
        "mfenced" => words.push(fenced(element, depth)),
        "mover" if accent(element).is_some() => {
            words.push(format!("{}{{{}}}", accent(element).unwrap_or_default(), part(0)));
        }
        "munder" if is_underbar(element) => words.push(format!("\\underline{{{}}}", part(0))),
        "msup" | "mover" => words.push(format!("{}^{}", base(), braced(&part(1)))),
        "msub" | "munder" => words.push(format!("{}_{}", base(), braced(&part(1)))),
        "msubsup" | "munderover" => {
            words.push(format!("{}_{}^{}", base(), braced(&part(1)), braced(&part(2))));
        }
        "mtable" => {
            let rows: Vec<String> = element.child_elements().map(|row| cells(row, depth + 1)).collect();
            words.push(format!("\\begin{{matrix}} {} \\end{{matrix}}", rows.join(" \\\\ ")));
        }
        "annotation" | "annotation-xml" | "mphantom" | "mspace" => {}
        _ => push_children(element, words, depth),
    }
}

/// What stands over a letter as an accent.
fn accent(element: ElementRef<'_>) -> Option<&'static str> {
    match text_of(*element.child_elements().nth(1)?).as_str() {
        "→" | "⃗" => Some("\\vec"),
        "^" | "ˆ" => Some("\\hat"),
        "¯" | "‾" | "―" | "_" => Some("\\overline"),
        "~" | "˜" => Some("\\tilde"),
        "˙" => Some("\\dot"),
        "¨" => Some("\\ddot"),
        "⏞" => Some("\\overbrace"),
        _ => None,
    }
}

fn is_underbar(element: ElementRef<'_>) -> bool {
    element.child_elements().nth(1).is_some_and(|below| matches!(text_of(*below).as_str(), "_" | "‾" | "¯"))
}

/// `mfenced` of MathML 2: its children between fences, with separators.
fn fenced(element: ElementRef<'_>, depth: usize) -> String {
    let parts: Vec<String> = element.child_elements().map(|child| grouped(Some(child), depth)).collect();
    let [open, close] = ["open", "close"].map(|key| element.attr(key).unwrap_or_default());
    let open = if element.attr("open").is_some() { open } else { "(" };
    let close = if element.attr("close").is_some() { close } else { ")" };
    let separator = element.attr("separators").and_then(|separators| separators.trim().chars().next());
    let separator = separator.unwrap_or(',');
    format!("{}{}{}", escaped(open), parts.join(&format!("{separator} ")), escaped(close))
}

fn inner(element: ElementRef<'_>, depth: usize) -> String {
    let mut words = Vec::new();
    push_children(element, &mut words, depth);
    words.join(" ")
}

/// The cells of a row; the number of an equation stands in one more cell at its beginning.
fn cells(row: ElementRef<'_>, depth: usize) -> String {
    let skipped = usize::from(name(row) == "mlabeledtr");
    row.child_elements().skip(skipped).map(|cell| inner(cell, depth)).collect::<Vec<_>>().join(" & ")
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

/// A base of more than one symbol in braces.
fn base_of(tex: &str) -> String {
    if tex.contains(' ') && !tex.starts_with('\\') { format!("{{{tex}}}") } else { tex.to_owned() }
}

/// Words within a formula; a lone space or a symbol needs no command.
fn text(element: ElementRef<'_>) -> Option<String> {
    let text = text_of(*element);
    match text.as_str() {
        "" => None,
        // MathJax and KaTeX write what they have no element for as text: spaces, and symbols of other alphabets.
        _ if text.chars().count() == 1 && !text.chars().all(char::is_alphanumeric) => Some(escaped(&text)),
        _ => Some(format!("\\text{{{text}}}")),
    }
}

fn symbol(element: ElementRef<'_>) -> Option<String> {
    let text = text_of(*element);
    let text: String = text.chars().filter(|next| !matches!(next, '\u{2061}'..='\u{2064}')).collect();
    if text.is_empty() {
        return None;
    }
    let (letters, alphabet) = plain_letters(&text);
    let alphabet = variant(element).unwrap_or(alphabet);
    let tex = named_symbol(element, &letters);
    Some(if alphabet.is_empty() { tex } else { format!("{alphabet}{{{tex}}}") })
}

fn named_symbol(element: ElementRef<'_>, text: &str) -> String {
    if let Some((_, tex)) = NAMES.iter().find(|(character, _)| *character == text) {
        return (*tex).to_owned();
    }
    // MathJax writes a function that takes limits, such as `max`, as an operator.
    if name(element) == "mo" && FUNCTIONS.contains(&text) {
        return format!("\\{text}");
    }
    if name(element) == "mi" && text.chars().count() > 1 && text.chars().all(char::is_alphabetic) {
        let is_known = FUNCTIONS.contains(&text);
        return if is_known { format!("\\{text}") } else { format!("\\operatorname{{{text}}}") };
    }
    escaped(text)
}

fn escaped(text: &str) -> String {
    match text {
        "{" | "}" | "%" | "&" | "#" | "_" | "$" => format!("\\{text}"),
        _ => text.to_owned(),
    }
}

/// The command of the alphabet that an attribute asks for, here or on the style around.
fn variant(element: ElementRef<'_>) -> Option<&'static str> {
    let stated = ancestry(element).take(3).take_while(|above| name(*above) != "math");
    match stated.filter_map(|above| above.attr("mathvariant")).next()? {
        "bold" => Some("\\mathbf"),
        "bold-italic" => Some("\\boldsymbol"),
        "double-struck" => Some("\\mathbb"),
        "script" | "bold-script" => Some("\\mathcal"),
        "fraktur" | "bold-fraktur" => Some("\\mathfrak"),
        "sans-serif" => Some("\\mathsf"),
        "monospace" => Some("\\mathtt"),
        "normal" if name(element) == "mi" && text_of(*element).is_ascii() && text_of(*element).len() == 1 => {
            Some("\\mathrm")
        }
        _ => None,
    }
}

/// Letters of a mathematical alphabet as plain ones, and the command of the alphabet of the first.
fn plain_letters(text: &str) -> (String, &'static str) {
    let mut alphabet = "";
    let mut letters = String::with_capacity(text.len());
    for character in text.chars() {
        let (letter, command) = plain_letter(character);
        if letters.is_empty() {
            alphabet = command;
        }
        letters.push(letter);
    }
    (letters, alphabet)
}

fn plain_letter(character: char) -> (char, &'static str) {
    // Those that Unicode had before it got the block.
    if let Some(letter) = "ℂCℍHℕNℙPℚQℝRℤZ".chars().collect::<Vec<_>>().chunks(2).find_map(|pair| match pair {
        [known, letter] if *known == character => Some(*letter),
        _ => None,
    }) {
        return (letter, "\\mathbb");
    }
    let Some(offset) =
        u32::from(character).checked_sub(0x1D400).and_then(|offset| usize::try_from(offset).ok())
    else {
        return (character, "");
    };
    let Some(alphabet) = ALPHABETS.get(offset / 52) else { return (character, "") };
    let (first, index) = if offset % 52 < 26 { (b'A', offset % 52) } else { (b'a', offset % 52 - 26) };
    let letter = u8::try_from(index).ok().map_or(character, |index| char::from(first + index));
    (letter, alphabet)
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::to_tex;

    #[track_caller]
    fn check(mathml: &str, tex: &str) {
        let html = Html::parse_fragment(&format!("<math>{mathml}</math>"));
        let math = html.root_element().descendent_elements().find(|below| below.value().name() == "math");
        assert_eq!(to_tex(math.unwrap()), tex);
    }

    #[test]
    fn formulas_without_their_source() {
        check("<mi>sin</mi><mo>&#8289;</mo><mi>x</mi>", "\\sin x");
        check("<mfrac><mn>1</mn><mi>c</mi></mfrac>", "\\frac{1}{c}");
        check(
            "<mrow><mo>(</mo><mfrac linethickness='0'><mi>n</mi><mi>k</mi></mfrac><mo>)</mo></mrow>",
            "( \\binom{n}{k} )",
        );
        check(
            "<mover><mrow><mi mathvariant='bold'>B</mi></mrow><mo stretchy='false'>→</mo></mover><mo>=</mo><mn>0</mn>",
            "\\vec{\\mathbf{B}} = 0",
        );
        check(
            "<mi mathvariant='double-struck'>R</mi><mi>𝐱</mi><mi>ℝ</mi>",
            "\\mathbb{R} \\mathbf{x} \\mathbb{R}",
        );
        check(
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>0</mn></mrow><mi>n</mi></munderover>",
            "\\sum_{i = 0}^n",
        );
        check("<msup><mrow><mi>a</mi><mi>b</mi></mrow><mn>2</mn></msup>", "{a b}^2");
        check(
            "<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd><mtd/></mtr></mtable>",
            "\\begin{matrix} a & b \\\\ c &  \\end{matrix}",
        );
        check("<mfenced open='['><mi>a</mi><mi>b</mi></mfenced><mtext>if so</mtext>", "[a, b) \\text{if so}");
    }
}
