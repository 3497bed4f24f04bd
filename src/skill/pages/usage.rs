//! Which documented names the documentation itself uses most, and which of them are settings.

use std::collections::{BTreeMap, BTreeSet};

use crate::skill::pages::reference::Reference;
use crate::skill::pages::symbols::{SymbolRole, looks_like_code};

impl UsedSymbol {
    /// The name as code uses it: the last part of a class's path, the whole of anything else.
    pub fn short(&self) -> &str {
        let last = last_part(&self.name);
        if last.starts_with(|first: char| first.is_ascii_uppercase()) { last } else { &self.name }
    }

    /// Classes before functions, functions before flags and keys.
    fn kind(&self) -> u8 {
        let last = last_part(&self.name);
        match last.chars().next() {
            Some(first) if first.is_ascii_uppercase() => 0,
            Some('-') => 2,
            _ => 1,
        }
    }
}

/// A name that more pages than this document belongs to none of them.
const MOST_OWNERS: usize = 2;
/// The most names of one page, so that others have room.
const MOST_OF_A_PAGE: usize = 4;
/// The same for settings, which stand on few pages.
const MOST_SETTINGS_OF_A_PAGE: usize = 8;
/// Endings of the names of files.
const FILE_TYPES: [&str; 34] = [
    "py",
    "md",
    "mdx",
    "rst",
    "json",
    "jsonl",
    "yaml",
    "yml",
    "txt",
    "toml",
    "sh",
    "js",
    "mjs",
    "ts",
    "tsx",
    "html",
    "ipynb",
    "cpp",
    "cc",
    "h",
    "cu",
    "rs",
    "csv",
    "pt",
    "bin",
    "safetensors",
    "cfg",
    "ini",
    "css",
    "vue",
    "lock",
    "gz",
    "zip",
    "so",
];
/// Names of languages and shells, and those that every tool has.
const COMMON: [&str; 38] = [
    "int",
    "str",
    "self",
    "main",
    "None",
    "True",
    "False",
    "args",
    "kwargs",
    "--help",
    "--version",
    "ValueError",
    "TypeError",
    "RuntimeError",
    "KeyError",
    "AttributeError",
    "ImportError",
    "IndexError",
    "OSError",
    "FileNotFoundError",
    "NotImplementedError",
    "ModuleNotFoundError",
    "AssertionError",
    "MemoryError",
    "StopIteration",
    "Exception",
    "KeyboardInterrupt",
    "DeprecationWarning",
    "UserWarning",
    "SyntaxError",
    "ReferenceError",
    "NameError",
    "PermissionError",
    "to_dict",
    "from_dict",
    "CUDA_VISIBLE_DEVICES",
    "to_json",
    "PYTHONPATH",
];

/// A documented name with its use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedSymbol {
    /// The name.
    pub name: String,
    /// The index of the reference that documents it.
    pub reference: usize,
    /// How many pages mention it.
    pub pages: usize,
    /// How often they mention it together.
    pub mentions: usize,
    /// Whether it is a flag, a configuration key or a variable of the environment.
    pub setting: bool,
}

/// The documented names by the number of pages that mention them, most used first.
///
/// A name is known by its last part too: pages say `SFTTrainer` where the entry says `trl.SFTTrainer`. Names that are
/// ordinary words (`train`, `config`) say nothing on their own and are left out, and so are file names and what belongs
/// to the language.
pub fn used(references: &[Reference]) -> Vec<UsedSymbol> {
    let documented = documented(references);
    // By name on how many pages, and how often.
    let mut uses: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for reference in references {
        let mut here: BTreeMap<&str, usize> = BTreeMap::new();
        words(&reference.markdown).for_each(|word| *here.entry(word).or_default() += 1);
        for (name, times) in here {
            if let Some((short, _)) = documented.get_key_value(name) {
                let (pages, mentions) = uses.entry(short).or_default();
                *pages += 1;
                *mentions += times;
            }
        }
    }
    let mut used: Vec<UsedSymbol> = uses
        .into_iter()
        .filter_map(|(short, (pages, mentions))| {
            let (name, role, reference) = documented.get(short)?;
            let lists_settings = references.get(*reference).is_some_and(lists_settings);
            let setting = is_setting(name, *role, lists_settings);
            let symbol = UsedSymbol { name: name.clone(), reference: *reference, pages, mentions, setting };
            // What only its own page mentions counts as an interface, or where settings are listed.
            let telling =
                if setting { lists_settings } else { symbol.kind() == 0 && *role != SymbolRole::Entry };
            (pages > 1 || telling).then_some(symbol)
        })
        .collect();
    used.sort_by(|left, right| {
        let order = right.pages.cmp(&left.pages).then(left.kind().cmp(&right.kind()));
        order.then(right.mentions.cmp(&left.mentions)).then_with(|| left.name.cmp(&right.name))
    });
    used
}

/// The first of the used names, or of the used settings, only a few of one page.
pub fn most_used(used: &[UsedSymbol], settings: bool, most: usize) -> Vec<&UsedSymbol> {
    let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
    let of_kind = used.iter().filter(|symbol| symbol.setting == settings);
    let spread = of_kind.filter(|symbol| {
        let of_page = taken.entry(symbol.reference).or_default();
        *of_page += 1;
        *of_page <= if settings { MOST_SETTINGS_OF_A_PAGE } else { MOST_OF_A_PAGE }
    });
    spread.take(most).collect()
}

/// Whether a page lists settings, by its title.
fn lists_settings(page: &Reference) -> bool {
    let title = page.title.to_lowercase();
    let words = [
        "config",
        "option",
        "argument",
        "parameter",
        "setting",
        "environment",
        "command line",
        "cli",
        "flags",
    ];
    words.iter().any(|word| title.contains(word))
}

/// Whether a name is a flag, a configuration key or a variable of the environment.
fn is_setting(name: &str, role: SymbolRole, lists_settings: bool) -> bool {
    let key = name.chars().all(|character| {
        character.is_ascii_lowercase() || character.is_ascii_digit() || "_.-".contains(character)
    });
    let variable = name.contains('_')
        && name.chars().all(|character| {
            character.is_ascii_uppercase() || character.is_ascii_digit() || character == '_'
        });
    name.starts_with("--")
        || variable
        || (key && (role == SymbolRole::Entry || (lists_settings && role == SymbolRole::Heading)))
}

/// Whether a name belongs to the language, to the shell or to the files, and not to the tool.
pub fn is_common(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_some_and(|extension| FILE_TYPES.contains(&extension.as_str()))
        || name.contains('/')
        || COMMON.contains(&last_part(name))
        || last_part(name).starts_with("__")
}

/// `Trainer` of `tool.Trainer`.
fn last_part(name: &str) -> &str {
    name.rsplit(['.', ':']).next().unwrap_or(name)
}

/// By short name: the full name, how it is documented, and where.
fn documented(references: &[Reference]) -> BTreeMap<String, (String, SymbolRole, usize)> {
    let mut documented: BTreeMap<String, (String, SymbolRole, usize)> = BTreeMap::new();
    let mut owners: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
    for (index, reference) in references.iter().enumerate() {
        for symbol in &reference.symbols {
            let short = last_part(&symbol.name).to_owned();
            let telling = looks_like_code(&short) || short.starts_with("--");
            if !telling || short.len() < 3 || short.starts_with('_') || is_common(&symbol.name) {
                continue;
            }
            owners.entry(short.clone()).or_default().insert(index);
            let found = (symbol.name.clone(), symbol.role, index);
            let known = documented.entry(short).or_insert_with(|| found.clone());
            // A page that bears the name is its home, whatever others say of it.
            let at_home = |index: usize| {
                references.get(index).is_some_and(|page| page.title == last_part(&symbol.name))
            };
            if (!at_home(index), found.1) < (!at_home(known.2), known.1) {
                *known = found;
            }
        }
    }
    // What many pages document, each for itself, is inherited or common to all and says nothing about any.
    documented.retain(|short, _| owners.get(short).is_some_and(|pages| pages.len() <= MOST_OWNERS));
    documented
}

/// The identifiers and flags of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !(character.is_ascii_alphanumeric() || matches!(character, '_' | '-')))
        .flat_map(|word| {
            let whole = word.starts_with("--").then_some(word);
            whole.into_iter().chain(word.split('-').filter(|part| !part.is_empty()))
        })
}
