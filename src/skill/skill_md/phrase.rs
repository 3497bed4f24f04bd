//! What a title says to do, by its verb: `Scaling to many machines` is to `scale to many machines`.

use crate::skill::pages::symbols::looks_like_code;

/// The longest title that names a task, in characters.
pub const LONGEST: usize = 90;
/// Verbs that say what to do wherever they begin a title.
const VERBS: [&str; 86] = [
    "accelerate",
    "adapt",
    "add",
    "attach",
    "choose",
    "combine",
    "compute",
    "configure",
    "connect",
    "convert",
    "create",
    "customise",
    "customize",
    "define",
    "deploy",
    "detect",
    "diagnose",
    "disable",
    "distribute",
    "embed",
    "enable",
    "enforce",
    "ensure",
    "estimate",
    "evaluate",
    "examine",
    "explore",
    "extend",
    "fine-tune",
    "finetune",
    "fix",
    "force",
    "generate",
    "handle",
    "implement",
    "improve",
    "initialize",
    "inspect",
    "install",
    "instantiate",
    "integrate",
    "invoke",
    "maintain",
    "manage",
    "migrate",
    "modify",
    "monkeypatch",
    "obtain",
    "optimize",
    "organize",
    "override",
    "parallelize",
    "perform",
    "prepare",
    "prevent",
    "publish",
    "push",
    "quantize",
    "reduce",
    "register",
    "remove",
    "rename",
    "render",
    "replace",
    "replicate",
    "resume",
    "retrieve",
    "secure",
    "select",
    "simplify",
    "specify",
    "speed",
    "summarize",
    "switch",
    "synchronize",
    "translate",
    "troubleshoot",
    "tune",
    "understand",
    "update",
    "upgrade",
    "upload",
    "validate",
    "verify",
    "visualize",
    "write",
];
/// Verbs that begin names of things as well (`Train script`, `Use cases`): what follows decides.
const AMBIGUOUS: [&str; 68] = [
    "access",
    "build",
    "cache",
    "change",
    "check",
    "compare",
    "control",
    "copy",
    "deal",
    "debug",
    "develop",
    "download",
    "export",
    "extract",
    "filter",
    "format",
    "freeze",
    "get",
    "import",
    "index",
    "launch",
    "learn",
    "load",
    "log",
    "map",
    "merge",
    "monitor",
    "mount",
    "move",
    "pack",
    "plan",
    "process",
    "profile",
    "query",
    "read",
    "report",
    "return",
    "route",
    "run",
    "sample",
    "save",
    "scale",
    "schedule",
    "search",
    "send",
    "serve",
    "set",
    "shard",
    "share",
    "sort",
    "split",
    "start",
    "store",
    "stream",
    "style",
    "submit",
    "swap",
    "sync",
    "test",
    "trace",
    "track",
    "train",
    "transform",
    "use",
    "view",
    "watch",
    "work",
    "wrap",
];
/// Words that follow a verb and no noun.
const FOLLOWING: [&str; 33] = [
    "a",
    "an",
    "the",
    "your",
    "our",
    "on",
    "with",
    "from",
    "to",
    "in",
    "into",
    "at",
    "for",
    "up",
    "out",
    "using",
    "by",
    "without",
    "multiple",
    "custom",
    "many",
    "several",
    "all",
    "any",
    "its",
    "it",
    "large",
    "different",
    "new",
    "over",
    "across",
    "via",
    "started",
];
/// What a title of two words names where the first says what it is about: `Tuning guide`.
const KINDS: [&str; 16] = [
    "guide",
    "guides",
    "guidelines",
    "tutorial",
    "tutorials",
    "tips",
    "notes",
    "options",
    "settings",
    "parameters",
    "examples",
    "example",
    "reference",
    "steps",
    "scripts",
    "methods",
];

/// What a title says to do, as it follows `to`: `How to scale` and `Scaling to many machines` give `scale` and `scale to
/// many machines`; `None` for a title that names a subject.
pub fn phrase(title: &str) -> Option<String> {
    let task = task_of(title)?;
    // Titles that write each word large are no names for it.
    let small = |word: &str| {
        let lower = word.to_lowercase();
        if FOLLOWING.contains(&lower.as_str()) { lower } else { word.to_owned() }
    };
    Some(task.split(' ').map(small).collect::<Vec<_>>().join(" "))
}

fn task_of(title: &str) -> Option<String> {
    let title = title.trim().trim_end_matches(['.', ':']);
    let words: Vec<&str> = title.split_whitespace().collect();
    if words.len() < 2 || title.chars().count() > LONGEST {
        return None;
    }
    let lower: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let lower: Vec<&str> = lower.iter().map(String::as_str).collect();
    match lower.as_slice() {
        ["how", "to", "use"] => return None,
        ["how", "to", _, ..] => return Some(infinitive(&words, 2).trim_end_matches('?').to_owned()),
        ["how", "do", "i", _, ..] | ["how", "can", "i", _, ..] => {
            return Some(infinitive(&words, 3).trim_end_matches('?').to_owned());
        }
        _ => {}
    }
    let (first, second) = (*lower.first()?, *lower.get(1)?);
    // `Converting it` is understood below what it converts, and a `Tuning guide` is a guide.
    if ["it", "them", "this"].contains(&second) || (words.len() == 2 && KINDS.contains(&second)) {
        return None;
    }
    // One speeds up.
    if verb_of(first).unwrap_or(first) == "speed" && second != "up" {
        return None;
    }
    let follows = FOLLOWING.contains(&second);
    // `Use LoRA with Tool`: a preposition after the object.
    let object = words.len() >= 4
        && lower.iter().skip(2).any(|word| ["with", "on", "from", "for", "to", "in", "into"].contains(word));
    if VERBS.contains(&first) || (AMBIGUOUS.contains(&first) && (follows || object)) {
        return Some(infinitive(&words, 0));
    }
    let verb = verb_of(first)?;
    // `Saving and loading` would need both verbs changed.
    let unmistakable = (VERBS.contains(&verb) || verb == "use") && !matches!(second, "and" | "or" | "&");
    (unmistakable || follows).then(|| format!("{verb} {}", words.get(1..).unwrap_or_default().join(" ")))
}

/// Whether a title is one verb and nothing else, as `Troubleshoot`.
pub fn is_verb(title: &str) -> bool {
    VERBS.contains(&title.to_lowercase().as_str())
}

/// The words from one on, with the first of them in lower case unless it is a name.
fn infinitive(words: &[&str], from: usize) -> String {
    let rest = words.get(from..).unwrap_or_default().join(" ");
    let mut letters = rest.chars();
    match letters.next() {
        Some(first) if !looks_like_code(rest.split(' ').next().unwrap_or_default()) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => rest,
    }
}

/// The known verb of which a word is the form in `ing`.
fn verb_of(gerund: &str) -> Option<&'static str> {
    let stem = gerund.strip_suffix("ing")?;
    VERBS.iter().chain(&AMBIGUOUS).copied().find(|verb| {
        let doubled = verb.chars().next_back().is_some_and(|last| stem.strip_suffix(last) == Some(verb));
        stem == *verb || verb.strip_suffix('e') == Some(stem) || doubled
    })
}

#[cfg(test)]
mod tests {
    use super::phrase;

    #[test]
    fn tasks_begin_with_a_verb() {
        let check = |title: &str, task: &str| assert_eq!(phrase(title).as_deref(), Some(task), "{title}");
        check("How to scale", "scale");
        check("Fine-tune a model", "fine-tune a model");
        check("Fine-tuning with LoRA", "fine-tune with LoRA");
        check("Using the CLI", "use the CLI");
        check("Run on a cluster", "run on a cluster");
        check("Running on TPU", "run on TPU");
        check("Deploying Docker containers", "deploy Docker containers");
        check("Train models with LoRA", "train models with LoRA");
        check("How do I stop a run?", "stop a run");
        check("Debugging a worker", "debug a worker");
        check("Speeding Up Training", "speed up Training");
        check("Tune the batch size", "tune the batch size");
    }

    #[test]
    fn names_of_things_are_no_tasks() {
        for title in [
            "Training",
            "API reference",
            "String formats",
            "trl.training thing",
            "Train script",
            "Use cases",
            "Training Stability & Debugging",
            "Logging levels",
            "Build hooks",
            "Saving and loading checkpoints",
            "Spring cleaning",
            "Tuning Guide",
            "Speed Knobs",
            "Converting it to Tool",
        ] {
            assert_eq!(phrase(title), None, "{title}");
        }
    }
}
