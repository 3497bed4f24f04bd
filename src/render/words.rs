//! Runs of text within Markdown: shortcodes of emoji, and attributes behind links and pictures.

use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

/// What is known at a run of text.
#[derive(Default)]
pub(super) struct Words {
    is_code: bool,
    /// Whether a link or a picture has just ended.
    is_behind_link: bool,
}

impl Words {
    /// The event with its text as people see it.
    pub(super) fn settle<'a>(&mut self, event: Event<'a>) -> Event<'a> {
        let is_behind_link = std::mem::take(&mut self.is_behind_link);
        match event {
            Event::Text(text) if !self.is_code => {
                let text = if is_behind_link { without_attributes(text) } else { text };
                Event::Text(with_emoji(text))
            }
            other => {
                match other {
                    Event::Start(Tag::CodeBlock(_)) => self.is_code = true,
                    Event::End(TagEnd::CodeBlock) => self.is_code = false,
                    Event::End(TagEnd::Link | TagEnd::Image) => self.is_behind_link = true,
                    _ => {}
                }
                other
            }
        }
    }
}

/// `{width=50%}` and `{: .x}` behind a link or picture are for the tool that shows it.
fn without_attributes(text: CowStr<'_>) -> CowStr<'_> {
    let after = text.strip_prefix('{').and_then(|rest| rest.split_once('}')).filter(|(inner, _)| {
        inner.starts_with(['.', '#', ':']) || inner.split_once('=').is_some_and(|(key, _)| !key.contains(' '))
    });
    match after {
        Some((_, after)) => CowStr::from(after.to_owned()),
        None => text,
    }
}

/// `:rocket:` as the character; what names none stays.
fn with_emoji(text: CowStr<'_>) -> CowStr<'_> {
    if text.matches(':').count() < 2 {
        return text;
    }
    let mut written = String::with_capacity(text.len());
    let mut rest = text.as_ref();
    while let Some((before, after)) = rest.split_once(':') {
        written.push_str(before);
        let found =
            after.split_once(':').and_then(|(name, next)| Some((emojis::get_by_shortcode(name)?, next)));
        match found {
            Some((emoji, next)) => {
                written.push_str(emoji.as_str());
                rest = next;
            }
            None => {
                written.push(':');
                rest = after;
            }
        }
    }
    written.push_str(rest);
    CowStr::from(written)
}

#[cfg(test)]
mod tests {
    use crate::render::markdown_to_html;

    fn check(markdown: &str, html: &str) {
        assert_eq!(markdown_to_html(markdown).trim(), format!("<main>{html}\n</main>"));
    }

    #[test]
    fn shortcodes_are_characters_outside_of_code() {
        check(
            ":rocket: at 10:30:00 :no_such: `:rocket:`",
            "<p>🚀 at 10:30:00 :no_such: <code>:rocket:</code></p>",
        );
        check("    a :rocket:", "<pre><code>a :rocket:\n</code></pre>");
    }

    #[test]
    fn attributes_are_not_text() {
        check("![a](b.png){width=50%} c", "<p><img src=\"b.png\" alt=\"a\" /> c</p>");
        check("[a](b){ not this }", "<p><a href=\"b\">a</a>{ not this }</p>");
        check("## Title {#own}", "<h2 id=\"own\">Title</h2>");
    }
}
