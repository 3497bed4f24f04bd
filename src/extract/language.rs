//! The language that a page states for a block of code: never guessed, and in one spelling.

use scraper::ElementRef;

use crate::extract::dom::{ancestry, attr, classes, descendants, name};
use crate::profile::SelectorProfile;

/// How far above the code a language may stand.
const MAX_LEVELS: usize = 5;

/// What stands before the language in a class; the longer ones first, since `highlight-source-js` has two.
const PREFIXES: [&str; 8] = [
    "highlight-source-",
    "highlight-text-",
    "mw-highlight-lang-",
    "language-",
    "lang-",
    "lang:",
    "brush-",
    "highlight-",
];

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
const SPELLINGS: [(&str, &str); 57] = [
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
    ("vue-html", "html"),
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

/// How people read the names of languages that are written otherwise in a class.
const DISPLAY_NAMES: [(&str, &str); 24] = [
    ("plain text", ""),
    ("plaintext", ""),
    ("text", ""),
    ("node.js", "javascript"),
    ("nodejs", "javascript"),
    ("vue", "vue"),
    ("svelte", "svelte"),
    ("graphql", "graphql"),
    ("objective-c", "objc"),
    ("visual basic", "vb"),
    ("f#", "fsharp"),
    ("elixir", "elixir"),
    ("erlang", "erlang"),
    ("clojure", "clojure"),
    ("lua", "lua"),
    ("dart", "dart"),
    ("nix", "nix"),
    ("zig", "zig"),
    ("hcl", "hcl"),
    ("mermaid", "mermaid"),
    ("cmake", "cmake"),
    ("nginx", "nginx"),
    ("command line", "console"),
    ("http", "http"),
];

/// The language that a word beside a listing names, in one spelling; empty where it says that there is none.
pub(super) fn display_name(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    let common = SPELLINGS.iter().chain(&DISPLAY_NAMES).find(|(alias, _)| *alias == word);
    // Words that name no language beside a listing, although they may do so in a class.
    if matches!(word.as_str(), "output" | "session" | "none" | "auto" | "undefined" | "make" | "node") {
        return None;
    }
    common.map(|(_, language)| *language).or_else(|| BARE.iter().copied().find(|bare| *bare == word))
}

/// The language that the page states for a block of code, in one spelling; empty where it says that there is none, and
/// `None` where it says nothing.
pub(super) fn stated_language(profile: &SelectorProfile, holder: ElementRef<'_>) -> Option<String> {
    let inner = descendants(holder).filter(|below| matches!(name(*below), "code" | "pre"));
    let own = std::iter::once(holder).chain(inner);
    let above = ancestry(holder).skip(1).take(MAX_LEVELS).take_while(|above| is_wrapper(*above));
    own.map(|element| (element, true))
        .chain(above.map(|element| (element, false)))
        .find_map(|(element, is_own)| statement(profile, element, is_own, holder))
        .map(|statement| match statement {
            Statement::Language(language) => language,
            Statement::NoLanguage => String::new(),
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
    for attribute in
        ["data-lang", "data-language", "data-code-language", "data-code-lang", "syntax", "language"]
    {
        if let Some(word) = attr(element, attribute).filter(|word| !word.trim().is_empty()) {
            return Some(named(profile, word));
        }
    }
    // `lang` is the language of people, save that some write that of the code there; the words do not overlap.
    if let Some(word) = attr(element, "lang").filter(|word| is_own && is_code_word(word)) {
        return Some(named(profile, word));
    }
    let classes: Vec<&str> = classes(element).collect();
    if let Some(word) = cell_language(&classes) {
        return Some(named(profile, word));
    }
    let highlighter = classes.iter().position(|class| *class == "hljs");
    for (position, class) in classes.iter().enumerate() {
        // highlight.js adds what it guessed behind its own class; what the author wrote stands before it.
        let is_guess =
            attr(element, "data-highlighted").is_some() && highlighter.is_some_and(|at| at < position);
        let Some(word) = prefixed(class).filter(|_| !is_guess) else { continue };
        if *class == "highlight-default" {
            // Sphinx falls back to plain text where its default lexer cannot read the code.
            if !has_tokens(holder) {
                return Some(Statement::NoLanguage);
            }
            if let Some(language) = drawn_prompt(holder) {
                return Some(Statement::Language(language.to_owned()));
            }
        }
        return Some(named(profile, word));
    }
    if let Some(word) = attr(element, "class").and_then(brush) {
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

/// Whether a word names a language of code and cannot be a language tag (`go`, `cs` and `sql` all fit one by length).
fn is_code_word(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    word.len() > 3 && (BARE.contains(&word.as_str()) || SPELLINGS.iter().any(|(alias, _)| *alias == word))
}

/// The language of a cell in a notebook that nbconvert or mkdocs-jupyter wrote, whose other classes name the highlighter.
fn cell_language<'a>(classes: &[&'a str]) -> Option<&'a str> {
    let is_cell = classes.iter().any(|class| matches!(*class, "highlight" | "highlight-ipynb"));
    is_cell.then(|| classes.iter().find_map(|class| class.strip_prefix("hl-"))).flatten()
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
    descendants(holder).any(|below| name(below) == "span" && attr(below, "class").is_some())
}

/// The language that a prompt tells which a style sheet within the block draws before its lines. The directive of
/// sphinx-prompt knows the language, and leaves nothing of it in the page but this.
fn drawn_prompt(holder: ElementRef<'_>) -> Option<&'static str> {
    let sheet = descendants(holder).find(|below| name(*below) == "style")?;
    let rules: String = sheet.text().collect();
    let (_, drawn) = rules.split_once("content:")?;
    match drawn.split('"').nth(1)?.trim() {
        "$" | "#" => Some("bash"),
        ">>>" => Some("python"),
        _ => None,
    }
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
