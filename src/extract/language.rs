//! The language that a page states for a block of code: never guessed, and in one spelling.

use scraper::ElementRef;

use crate::extract::dom::{ancestry, descendants, name};
use crate::profile::SelectorProfile;

/// How far above the code a language may stand.
const MAX_LEVELS: usize = 5;

/// What stands before the language in a class; the longer ones first, since `highlight-source-js` has two.
const PREFIXES: [&str; 6] =
    ["highlight-source-", "highlight-text-", "language-", "lang-", "brush-", "highlight-"];

/// Languages that generators write as a bare class (Pandoc, rustdoc, older highlight.js).
const BARE: [&str; 44] = [
    "bash",
    "shell",
    "sh",
    "zsh",
    "console",
    "powershell",
    "bat",
    "python",
    "py",
    "rust",
    "javascript",
    "js",
    "typescript",
    "ts",
    "jsx",
    "tsx",
    "json",
    "yaml",
    "yml",
    "toml",
    "ini",
    "xml",
    "html",
    "css",
    "scss",
    "sql",
    "c",
    "cpp",
    "csharp",
    "java",
    "kotlin",
    "scala",
    "go",
    "ruby",
    "php",
    "perl",
    "swift",
    "r",
    "julia",
    "haskell",
    "dockerfile",
    "makefile",
    "diff",
    "markdown",
];

/// One spelling for each language; the empty one says that there is none.
const SPELLINGS: [(&str, &str); 56] = [
    ("py", "python"),
    ("py3", "python"),
    ("python3", "python"),
    ("ipython", "python"),
    ("ipython3", "python"),
    ("python-repl", "pycon"),
    ("python-console", "pycon"),
    ("js", "javascript"),
    ("mjs", "javascript"),
    ("cjs", "javascript"),
    ("node", "javascript"),
    ("ts", "typescript"),
    ("mts", "typescript"),
    ("sh", "bash"),
    ("shell", "bash"),
    ("zsh", "bash"),
    ("shellscript", "bash"),
    ("shell-session", "console"),
    ("shellsession", "console"),
    ("terminal", "console"),
    ("session", "console"),
    ("yml", "yaml"),
    ("md", "markdown"),
    ("rs", "rust"),
    ("c++", "cpp"),
    ("cxx", "cpp"),
    ("cs", "csharp"),
    ("c#", "csharp"),
    ("docker", "dockerfile"),
    ("golang", "go"),
    ("rb", "ruby"),
    ("kt", "kotlin"),
    ("ps1", "powershell"),
    ("pwsh", "powershell"),
    ("batchfile", "bat"),
    ("hs", "haskell"),
    ("gql", "graphql"),
    ("tex", "latex"),
    ("make", "makefile"),
    ("mk", "makefile"),
    ("markup", "html"),
    ("html-basic", "html"),
    ("viml", "vim"),
    ("jl", "julia"),
    ("objectivec", "objc"),
    ("proto", "protobuf"),
    ("text", ""),
    ("txt", ""),
    ("plain", ""),
    ("plaintext", ""),
    ("none", ""),
    ("nohighlight", ""),
    ("no-highlight", ""),
    ("output", ""),
    ("undefined", ""),
    ("auto", ""),
];

/// What an element says about the language.
enum Statement {
    Language(String),
    /// It says that there is none.
    NoLanguage,
}

/// The language of a block of code, in one spelling; `None` where the page states none.
pub(super) fn language_of(profile: &SelectorProfile, holder: ElementRef<'_>) -> Option<String> {
    let inner = descendants(holder).filter(|below| matches!(name(*below), "code" | "pre"));
    let own = std::iter::once(holder).chain(inner);
    let above = ancestry(holder).skip(1).take(MAX_LEVELS).take_while(|above| is_wrapper(*above));
    own.map(|element| (element, true))
        .chain(above.map(|element| (element, false)))
        .find_map(|(element, is_own)| statement(profile, element, is_own, holder))
        .and_then(|statement| match statement {
            Statement::Language(language) => Some(language),
            Statement::NoLanguage => None,
        })
}

/// Elements that exist for the sake of the code they hold.
fn is_wrapper(element: ElementRef<'_>) -> bool {
    matches!(
        name(element),
        "div" | "figure" | "pre" | "code" | "td" | "tr" | "tbody" | "table" | "section" | "span"
    ) || name(element).contains('-')
}

fn statement(
    profile: &SelectorProfile,
    element: ElementRef<'_>,
    is_own: bool,
    holder: ElementRef<'_>,
) -> Option<Statement> {
    for attribute in ["data-lang", "data-language", "data-code-language"] {
        if let Some(word) = element.attr(attribute).filter(|word| !word.trim().is_empty()) {
            return Some(named(profile, word));
        }
    }
    let classes: Vec<&str> = element.value().classes().collect();
    let highlighter = classes.iter().position(|class| *class == "hljs");
    for (position, class) in classes.iter().enumerate() {
        // highlight.js adds what it guessed behind its own class; what the author wrote stands before it.
        let is_guess =
            element.attr("data-highlighted").is_some() && highlighter.is_some_and(|at| at < position);
        let Some(word) = prefixed(class).filter(|_| !is_guess) else { continue };
        if *class == "highlight-default" && !has_tokens(holder) {
            // Sphinx falls back to plain text where its default lexer cannot read the code.
            return Some(Statement::NoLanguage);
        }
        return Some(named(profile, word));
    }
    if let Some(word) = element.attr("class").and_then(brush) {
        return Some(named(profile, word));
    }
    let is_bare = |class: &&&str| {
        let word = class.to_ascii_lowercase();
        BARE.contains(&word.as_str())
            || (word.as_str() != "text" && profile.code.languages.contains_key(&word))
    };
    let has_source = classes.contains(&"sourceCode");
    (is_own || has_source)
        .then(|| classes.iter().take(highlighter.unwrap_or(classes.len())).find(is_bare))
        .flatten()
        .map(|word| named(profile, word))
}

fn prefixed(class: &str) -> Option<&str> {
    PREFIXES.iter().find_map(|prefix| class.strip_prefix(prefix))
}

/// `brush: js; toolbar: false`, as SyntaxHighlighter and MDN write it.
fn brush(classes: &str) -> Option<&str> {
    let (_, rest) = classes.split_once("brush:")?;
    rest.split(';').next().map(str::trim).and_then(|word| word.split_whitespace().next())
}

/// Highlighted code has a span with a class for each token.
fn has_tokens(holder: ElementRef<'_>) -> bool {
    descendants(holder).any(|below| name(below) == "span" && below.attr("class").is_some())
}

/// The one spelling of a language word as written: `python` for `ipython3`, nothing for `text`.
fn named(profile: &SelectorProfile, word: &str) -> Statement {
    let word = word.trim().trim_start_matches('.').to_ascii_lowercase();
    let end = word.find(|next: char| next.is_whitespace() || "{,:;[(".contains(next)).unwrap_or(word.len());
    let word = word.get(..end).unwrap_or_default();
    let own = profile.code.languages.get(word).map(String::as_str);
    let common = || SPELLINGS.iter().find(|(alias, _)| *alias == word).map(|(_, language)| *language);
    match own.or_else(common).unwrap_or(word) {
        "" => Statement::NoLanguage,
        language => Statement::Language(language.to_owned()),
    }
}
