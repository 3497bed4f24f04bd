//! What of a text is compared: its words, the names of code among them.

/// Scripts that are written without spaces; each letter of them is a word.
const UNSPACED: [std::ops::RangeInclusive<char>; 4] =
    ['\u{3040}'..='\u{30ff}', '\u{3400}'..='\u{9fff}', '\u{f900}'..='\u{faff}', '\u{20000}'..='\u{2fa1f}'];

/// Words that join others. Alone they say nothing of what is looked for; beside others, as in "out of memory", they do.
const JOINING: [&str; 34] = [
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "does", "for", "from", "how", "i", "in",
    "is", "it", "my", "not", "of", "on", "or", "out", "the", "there", "this", "to", "use", "what", "when",
    "where", "why", "with",
];

/// What a text is compared by: its words, and each two that follow each other.
pub(super) fn terms(text: &str) -> Vec<String> {
    let words = words(text);
    let pairs: Vec<String> =
        words.iter().zip(words.iter().skip(1)).map(|(one, next)| format!("{one} {next}")).collect();
    words.into_iter().chain(pairs).collect()
}

/// What a query is compared by: as [`terms`], without words that only join others, unless there are no more.
pub(super) fn terms_of_query(query: &str) -> Vec<String> {
    let terms = terms(query);
    let telling: Vec<String> =
        terms.iter().filter(|term| !JOINING.contains(&term.as_str())).cloned().collect();
    if telling.iter().any(|term| !term.contains(' ')) { telling } else { terms }
}

/// The words of a text in lower case, in order. A name such as `max_seq_len` or `DataLoader` is a word, and so is each of
/// its parts; an ending of the plural is dropped.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for name in text.split(|letter: char| !letter.is_alphanumeric() && letter != '_') {
        let name = name.trim_matches('_');
        if name.is_empty() {
            continue;
        }
        if name.chars().any(is_unspaced) {
            words.extend(name.chars().map(String::from));
            continue;
        }
        let parts = parts(name);
        if parts.len() > 1 {
            words.extend(parts.iter().map(|part| stem(&part.to_lowercase())));
        }
        words.push(stem(&name.to_lowercase()));
    }
    words
}

fn is_unspaced(letter: char) -> bool {
    UNSPACED.iter().any(|range| range.contains(&letter))
}

/// The parts of a name: between underscores, and where a capital follows a small letter.
fn parts(name: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for piece in name.split('_').filter(|piece| !piece.is_empty()) {
        let mut start = 0;
        let mut small = false;
        for (at, letter) in piece.char_indices() {
            if small && letter.is_uppercase() {
                parts.extend(piece.get(start..at));
                start = at;
            }
            small = letter.is_lowercase();
        }
        parts.extend(piece.get(start..));
    }
    parts
}

/// A word without the ending of the plural, where that is safe to tell.
fn stem(word: &str) -> String {
    let is_plural =
        word.len() > 3 && word.ends_with('s') && !["ss", "us", "is"].iter().any(|end| word.ends_with(end));
    let stem = if is_plural { word.strip_suffix('s') } else { None };
    stem.unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{terms, terms_of_query, words};

    #[test]
    fn pairs_count_too_and_joining_words_only_in_them() {
        assert_eq!(terms("out of memory"), ["out", "of", "memory", "out of", "of memory"]);
        assert_eq!(terms_of_query("how to install"), ["install", "how to", "to install"]);
        assert_eq!(terms_of_query("what is it"), terms("what is it"));
    }

    #[test]
    fn names_are_words_and_so_are_their_parts() {
        let check = |text: &str, expected: &str| assert_eq!(words(text).join(" "), expected);
        check("Set `max_seq_lens`, please.", "set max seq len max_seq_len please");
        check("DataLoader for classes", "data loader dataloader for classe");
        check("status of the class", "status of the class");
        check("训练 loop", "训 练 loop");
        check("__init__ --dry-run", "init dry run");
        check("", "");
    }
}
