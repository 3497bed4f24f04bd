//! How much of a model's attention a text takes.
//!
//! Tokens are counted with `cl100k_base`, a tokenizer whose tables are public. Models have tokenizers of their own; this
//! one is near to all of them, and where they differ it rather counts too many than too few.

use tiktoken_rs::cl100k_base_singleton;

/// The number of tokens of a text.
pub fn tokens(text: &str) -> usize {
    cl100k_base_singleton().count_ordinary(text)
}

#[cfg(test)]
mod tests {
    use super::tokens;

    #[test]
    fn text_is_counted_as_the_tokenizer_cuts_it() {
        let check = |text: &str, count: usize| assert_eq!(tokens(text), count, "{text}");
        check("", 0);
        check("Hello, world!", 4);
        // What is a mark of its own elsewhere is plain text of a page.
        assert!(tokens("<|endoftext|>") > 1);
    }
}
