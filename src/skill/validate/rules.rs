//! What to do about each rule that is not kept.

/// A sentence on the remedy; empty for a rule that nobody knows.
pub(super) fn hint(rule: &str) -> &'static str {
    match rule {
        "broken-link" => "make the link lead to a file or heading that is there, or take it out",
        "case-collision" => "rename one of the two files",
        "compatibility" => "say it shorter",
        "deep-reference" => "list the file in `SKILL.md` or in `references/index.md`",
        "description" => {
            "say in at most 1,024 characters what the skill is about and when to use it, without `<` and `>`"
        }
        "duplicate-entry" => "pack the folder again, with `skillcrawl package`",
        "duplicate-page" => "leave the page in one place and link to it",
        "empty" => "write something into the file, or take it out",
        "encrypted" => "pack the folder again without a password",
        "file-name" => "name files by ASCII letters, digits, hyphens and underscores",
        "frontmatter" => "begin `SKILL.md` with `---`, YAML with `name` and `description`, and `---`",
        "hidden-html" => "take the element out, or show it",
        "html-comment" => "take the comment out, or say it in the text",
        "large" => "split the file at its headings, or build with a smaller `--max-tokens`",
        "metadata" => "quote the values of `metadata`, so that they are strings",
        "name" => "name the skill and its folder the same: lower-case letters, digits, single hyphens",
        "no-skill-md" => "give the folder that holds `SKILL.md`",
        "not-utf8" => "save the file as UTF-8",
        "open-fence" => "close the code fence",
        "orphan" => "link to the file from `SKILL.md` or from what it links to, or take it out",
        "reserved-word" => "choose a name without the word where the skill is to be uploaded",
        "size" => "leave pages out (`exclude`, `max_pages`), or split the skill in two",
        "symlink" => "copy the file into the folder instead",
        "too-long" => "move what is not needed at once into files in `references/`",
        "top-folder" => "pack the folder itself, not what is in it: `skillcrawl package` does so",
        "unknown-key" => "move the key into `metadata`, or take it out",
        "unreadable" => "give a skill folder, or a `.zip` or `.skill` file that holds one",
        "unsafe-path" => "do not unpack this file; ask who made it",
        "unseen-character" => "take the characters out; text that nobody sees has no place in a skill",
        "untelling-name" => "name the file by its subject; `categories` in the config does so",
        "value" => "quote the value, so that it is a string",
        "zip-bomb" => "do not unpack this file; ask who made it",
        _ => "",
    }
}
