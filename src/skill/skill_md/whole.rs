//! Whether a piece of code stands by itself: nothing in it is left to the reader, and it gives a meaning to the names
//! that it calls.
//!
//! Documentation shows fragments as often as programs. What a program calls can be told from its text alone in Python,
//! where names come into being in few ways; in other languages only what is visibly left out is looked for.

use std::collections::BTreeSet;

/// Names that every program of Python has.
const BUILT_IN: [&str; 61] = [
    "abs",
    "all",
    "any",
    "await",
    "bool",
    "bytes",
    "callable",
    "chr",
    "classmethod",
    "cls",
    "dict",
    "dir",
    "display",
    "divmod",
    "enumerate",
    "eval",
    "exec",
    "filter",
    "float",
    "format",
    "frozenset",
    "getattr",
    "globals",
    "hasattr",
    "hash",
    "hex",
    "id",
    "input",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "locals",
    "map",
    "max",
    "min",
    "next",
    "object",
    "open",
    "ord",
    "pow",
    "print",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "self",
    "set",
    "setattr",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "type",
    "vars",
    "zip",
];
/// Words of Python's grammar.
const GRAMMAR: [&str; 35] = [
    "False", "None", "True", "break", "class", "continue", "def", "finally", "global", "nonlocal", "pass",
    "raise", "try", "and", "assert", "async", "case", "del", "elif", "else", "except", "for", "from", "if",
    "import", "in", "is", "lambda", "match", "not", "or", "return", "while", "with", "yield",
];

/// The longest list of imports or parameters that is read over several lines, in characters: in a page that opens brackets
/// without end, each is looked for no further.
const LONGEST_DECLARATION: usize = 2_000;
/// What begins a line that declares names.
const DECLARING: [&str; 5] = ["import ", "from ", "def ", "class ", "async def "];

/// Whether a block is written in Python, by its language or by how it begins to import.
pub fn is_python(language: Option<&str>, code: &str) -> bool {
    let imports = |line: &str| {
        let line = line.strip_prefix(">>> ").unwrap_or(line);
        (line.starts_with("from ") && line.contains(" import "))
            || (line.starts_with("import ") && !line.contains(['\'', '"', '{', ';']))
    };
    match language {
        Some(language) => matches!(language, "python" | "py" | "python3" | "pycon" | "ipython" | "ipython3"),
        None => code.lines().any(imports),
    }
}

/// Whether code leaves something to the reader: `Model(...)`, a line of dots, `<path>`, the options of a command whose
/// beginning is missing.
pub fn leaves_out(code: &str, shell: bool) -> bool {
    let lines = || code.lines().map(str::trim).filter(|line| !line.is_empty());
    let commented = |line: &str| {
        ["# ", "#"]
            .iter()
            .find_map(|mark| line.strip_prefix(mark))
            .is_some_and(|rest| matches!(rest.trim(), "..." | "…"))
    };
    let dots = |line: &str| {
        matches!(line, "..." | "…" | "[...]" | "{...}" | "..., " | "...,")
            || ["(...)", "(...,", ", ...)"].iter().any(|left| line.contains(left))
            || line.contains("(…)")
            || commented(line)
    };
    // Dots are the whole body of a function or class that is only declared; elsewhere they stand for what is not shown.
    // A session of the interpreter goes on after them.
    let session = code.contains(">>> ");
    let mut before = "";
    let visibly = lines().any(|line| {
        let body = line == "..." && (before.ends_with(':') || session) && !shell;
        before = line;
        dots(line) && !body
    });
    if !shell {
        return visibly;
    }
    let options = lines().next().is_some_and(|line| line.starts_with('-'));
    let usage = |word: &str| {
        let named = |open: char, close: char| {
            word.strip_prefix(open).and_then(|rest| rest.split_once(close)).is_some_and(|(name, _)| {
                name.starts_with(|first: char| first.is_alphabetic() || matches!(first, '.' | '-'))
            })
        };
        word == "..." || named('<', '>') || named('[', ']')
    };
    let open = lines().filter(|line| !line.starts_with('#')).any(|line| line.split_whitespace().any(usage));
    visibly || options || open
}

/// Which names of a program are asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// All that it uses.
    Used,
    /// Those that it calls or looks into.
    Called,
}

/// The names that a program of Python uses and gives no meaning to, where `known` have one already.
pub fn unknown_names(code: &str, names_asked: Names, known: &BTreeSet<String>) -> BTreeSet<String> {
    let code = without_strings(code);
    let bound = bound(&code);
    let mut used = BTreeSet::new();
    for (name, before, after) in names(&code) {
        let looked_into = after.starts_with(['(', '.', '[']);
        // `f(depth=3)` names an argument of `f`, and `a.depth` a part of `a`.
        let next = after.trim_start();
        let argument = next.starts_with('=') && !next.starts_with("==");
        let part = before.ends_with('.') && !before.ends_with("..");
        let asked = names_asked == Names::Used && !argument && !name.starts_with("__");
        if (looked_into || asked) && !part && !before.ends_with('@') && !begins_string(name, after) {
            used.insert(name.to_owned());
        }
    }
    used.retain(|name| {
        !bound.contains(name)
            && !known.contains(name)
            && !BUILT_IN.contains(&name.as_str())
            && !GRAMMAR.contains(&name.as_str())
            && !["Error", "Exception", "Warning", "Interrupt"].iter().any(|ending| name.ends_with(ending))
    });
    used
}

/// Whether letters are the mark of a string: the `f` of `f"..."`.
fn begins_string(name: &str, after: &str) -> bool {
    after.starts_with('"') && name.len() <= 2 && name.chars().all(|letter| "rRbBfFuU".contains(letter))
}

/// The names that a program of Python gives a meaning to.
pub fn names_given(code: &str) -> BTreeSet<String> {
    bound(&without_strings(code))
}

/// Everything that is imported, defined, assigned, iterated over or a parameter; without regard to the order.
fn bound(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut take = |text: &str| found.extend(names(text).map(|(name, _, _)| name.to_owned()));
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(rest) = code.get(at..).filter(|rest| !rest.is_empty()) {
        let line = rest.lines().next().unwrap_or_default();
        let trimmed = line.trim_start();
        let trimmed = trimmed.strip_prefix(">>> ").or(trimmed.strip_prefix("... ")).unwrap_or(trimmed);
        if DECLARING.iter().any(|word| trimmed.starts_with(word)) {
            // An import or the parameters of a function may go on over several lines.
            let whole = rest.get(..bracketed(rest, line.len())).unwrap_or(line);
            take(whole);
            at += whole.len() + 1;
            continue;
        }
        at += line.len() + 1;
        // `model=model,` on a line of its own within a call is no assignment.
        if let Some(targets) = targets(trimmed).filter(|_| depth == 0) {
            take(targets);
        }
        let opened = line.matches(['(', '[', '{']).count();
        depth = (depth + opened).saturating_sub(line.matches([')', ']', '}']).count());
        for (word, until) in [("for ", " in "), ("as ", ":"), ("lambda ", ":")] {
            for after in trimmed.match_indices(word).filter_map(|(at, _)| trimmed.get(at + word.len()..)) {
                take(after.split(until).next().unwrap_or_default());
            }
        }
        if let Some((before, _)) = trimmed.split_once(":=") {
            take(before.rsplit(['(', ' ']).find(|part| !part.is_empty()).unwrap_or_default());
        }
    }
    found
}

/// How long a text is up to the end of the line that closes its first bracket, which opens within the first `line` bytes.
fn bracketed(text: &str, line: usize) -> usize {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices().take(LONGEST_DECLARATION) {
        match character {
            '\n' if depth == 0 => return at,
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    // A bracket that nothing closes opens no list.
    line
}

/// The targets of an assignment: `a, b` of `a, b = f()`, `size` of `size: int = 3`.
fn targets(line: &str) -> Option<&str> {
    let (at, _) = line.char_indices().find(|(at, character)| {
        *character == '='
            && !line.get(at + 1..).unwrap_or_default().starts_with('=')
            && !line.get(..*at).unwrap_or_default().ends_with(['=', '!', '<', '>', ':'])
    })?;
    let targets = line.get(..at)?.split(':').next()?;
    // `f(a=1)` gives an argument, not a name; `a.b = 1` and `a[0] = 1` change what is there.
    (!targets.contains(['(', '.', '[']) || targets.starts_with('(')).then_some(targets)
}

/// The identifiers of a text, each with what stands before and after it.
fn names(text: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    let part = |character: char| character.is_alphanumeric() || character == '_';
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.get(at..)?.find(part)?;
        let tail = text.get(start..)?;
        let end = start + tail.find(|character| !part(character)).unwrap_or(tail.len());
        at = end;
        Some((text.get(start..end)?, text.get(..start)?, text.get(end..)?))
    })
    .filter(|(name, _, _)| !name.starts_with(|first: char| first.is_numeric()))
}

/// The code with its strings emptied and its comments taken out; line breaks stay.
fn without_strings(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| rest.starts_with(quote));
        if let Some(quote) = quote {
            let body = rest.get(quote.len()..).unwrap_or_default();
            let end = closing(body, quote);
            kept.push_str("\"\"");
            kept.extend(body.get(..end).unwrap_or_default().chars().filter(|character| *character == '\n'));
            rest = body.get(end + quote.len()..).unwrap_or_default();
        } else if first == '#' || (kept.is_empty() || kept.ends_with('\n')) && matches!(first, '!' | '%') {
            // A comment, or a command to the notebook.
            rest = rest.find('\n').and_then(|end| rest.get(end..)).unwrap_or_default();
        } else {
            kept.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
        }
    }
    kept
}

/// Where a string ends, in bytes; a short one ends with its line at the latest.
fn closing(body: &str, quote: &str) -> usize {
    let mut escaped = false;
    for (at, character) in body.char_indices() {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if body.get(at..).is_some_and(|tail| tail.starts_with(quote))
            || (quote.len() == 1 && character == '\n')
        {
            return at;
        }
    }
    body.len()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Names, is_python, leaves_out, names_given, unknown_names};

    fn unknown(code: &str) -> Vec<String> {
        unknown_names(code, Names::Used, &BTreeSet::new()).into_iter().collect()
    }

    #[test]
    fn a_program_gives_a_meaning_to_what_it_calls() {
        let whole = "import box as b\nfrom crates import (\n    Crate,\n    Lid,\n)\n\n\ndef pack(crate, depth=lid_depth()):\n    for part in crate.parts:\n        print(part.name)  # see other.name(x)\n\nlid, size = Lid(), len(\"a.b(c)\")\nwith open(f'x') as file:\n    file.read()\nb.run([c.x for c in lid.all()])\nkey = lambda k: k.name\n";
        assert_eq!(unknown(whole), Vec::<String>::new());
        assert_eq!(unknown("trainer = L.Trainer(devices=2)\ntrainer.fit()"), ["L"]);
        assert_eq!(unknown("print(f'{x}', weights, depth=None)\nclass A(object):\n    pass"), ["weights"]);
        assert_eq!(
            unknown("import box\nlid = box.Lid(\n    wood=wood,\n    depth=3,\n)\nlid.fit()"),
            ["wood"]
        );
        let called = unknown_names("print(weights)\nlid.fit(crate)", Names::Called, &BTreeSet::new());
        assert_eq!(called.into_iter().collect::<Vec<_>>(), ["lid"]);
        assert_eq!(unknown("model.eval()\nif (a == b):\n    return run(a)"), ["a", "b", "model", "run"]);
        assert_eq!(unknown("data[0] = other.size\n@tool.task\ndef f(): ..."), ["data", "other"]);
        assert_eq!(
            unknown("\"\"\"\nmodel.run()\n\"\"\"\n!pip list(x)\nraise ValueError(1)"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn brackets_that_nothing_closes_cost_little() {
        let open = "def f(a,\n".repeat(20_000);
        assert!(names_given(&open).contains("a"));
    }

    #[test]
    fn names_of_an_earlier_piece_are_known() {
        let known = names_given("from box import Packer\npacker: Packer = Packer()\n");
        assert!(unknown_names("packer.pack()\nPacker().close()", Names::Used, &known).is_empty());
        assert!(!unknown_names("lid.close()", Names::Called, &known).is_empty());
    }

    #[test]
    fn what_is_left_to_the_reader_is_seen() {
        let check = |code: &str, shell: bool, left: bool| assert_eq!(leaves_out(code, shell), left, "{code}");
        check("model = Model(...)", false, true);
        check("a()\n...\nb()", false, true);
        check("a()\n# ...\nb()", false, true);
        check("def f():\n    ...\n\nf()", false, false);
        check("x: Callable[..., int] = f", false, false);
        check(">>> for x in y:\n...     f(x)\n...\n1", false, false);
        check("Trainer(..., depth=3)", false, true);
        check("setup(\n    name=1,\n    ...\n)", false, true);
        check("--depth 3 \\\n--lid", true, true);
        check("pack <crate>", true, true);
        check("pack [crate.yml] [--depth N]", true, true);
        check("pack a.yml ... z.yml", true, true);
        check("pack a.yml < list.txt > out.txt", true, false);
        check("pack 'box[all]' --depth 3 # more ...", true, true);
        check("pack \\\n  --depth 3", true, false);
    }

    #[test]
    fn python_is_told_by_its_name_or_its_imports() {
        assert!(
            is_python(Some("py"), "")
                && is_python(None, "from box import Lid")
                && is_python(None, ">>> import box")
        );
        assert!(!is_python(Some("typescript"), "import box") && !is_python(None, "import { a } from 'b'"));
    }
}
