//! The command that goes on where this one was stopped.

/// This process's own command line, as it is to be typed to go on: without `--fresh`, which would begin anew.
pub fn command_to_go_on() -> String {
    go_on(std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()))
}

/// This process's own command line, as it is to be typed to do the same once more.
pub fn same_command() -> String {
    typed(std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned()))
}

fn go_on(words: impl Iterator<Item = String>) -> String {
    typed(words.filter(|word| word != "--fresh"))
}

fn typed(words: impl Iterator<Item = String>) -> String {
    let words = words.map(|word| quoted(&word));
    std::iter::once("skillcrawl".to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

/// A word as a POSIX shell reads it back.
pub fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_./=:,@%+".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::go_on;

    #[track_caller]
    fn check(words: &[&str], expected: &str) {
        assert_eq!(go_on(words.iter().map(|word| (*word).to_owned())), expected);
    }

    #[test]
    fn the_same_words_go_on_but_for_the_one_that_begins_anew() {
        check(&["scrape", "docs"], "skillcrawl scrape docs");
        check(
            &["build", "configs/a.json", "--fresh", "--max-pages", "9"],
            "skillcrawl build configs/a.json --max-pages 9",
        );
    }

    #[test]
    fn words_are_quoted_for_the_shell() {
        check(&["scrape", "my docs/it's.json", ""], "skillcrawl scrape 'my docs/it'\\''s.json' ''");
    }
}
