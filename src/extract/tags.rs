//! A walk over the tags of HTML as text, without building a tree: enough to say what a page is made of.

/// A piece of HTML.
#[derive(Debug)]
pub(super) enum Piece<'a> {
    /// The beginning of an element.
    Open(Tag<'a>),
    /// The end of one.
    Close,
    /// A script with its text.
    Script { tag: Tag<'a>, text: &'a str },
    /// Text between tags, as it is written.
    Text(&'a str),
}

/// The beginning of an element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag<'a> {
    /// Its name as it is written.
    pub(super) name: &'a str,
    attributes: &'a str,
}

/// Elements whose text is not markup.
const RAW: [&str; 7] = ["script", "style", "textarea", "title", "noscript", "template", "xmp"];

/// The pieces of a document in order. Comments, and what raw elements hold, are left out.
pub(super) fn pieces(html: &str) -> Pieces<'_> {
    Pieces { rest: html }
}

pub(super) struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let Some(markup) = self.rest.strip_prefix('<') else {
                return Some(Piece::Text(self.take_text()));
            };
            if let Some(comment) = markup.strip_prefix("!--") {
                self.rest = after(comment, "-->");
            } else if markup.starts_with(['!', '?']) {
                self.rest = after(markup, ">");
            } else if markup.starts_with('/') {
                self.rest = after(markup, ">");
                return Some(Piece::Close);
            } else if markup.starts_with(|first: char| first.is_ascii_alphabetic()) {
                return Some(self.take_element(markup));
            } else {
                self.rest = markup;
            }
        }
    }
}

impl<'a> Pieces<'a> {
    fn take_text(&mut self) -> &'a str {
        let (text, rest) = self.rest.split_at(self.rest.find('<').unwrap_or(self.rest.len()));
        self.rest = rest;
        text
    }

    fn take_element(&mut self, markup: &'a str) -> Piece<'a> {
        let (inside, rest) = split_tag(markup);
        self.rest = rest;
        let end =
            inside.find(|letter: char| letter.is_ascii_whitespace() || letter == '/').unwrap_or(inside.len());
        let (name, attributes) = inside.split_at(end);
        let tag = Tag { name, attributes };
        match RAW.iter().find(|raw| raw.eq_ignore_ascii_case(name)) {
            Some(raw) => {
                let text = self.take_raw(raw);
                if *raw == "script" { Piece::Script { tag, text } } else { Piece::Open(tag) }
            }
            None => Piece::Open(tag),
        }
    }

    /// The text of a raw element; its end tag is passed over too.
    fn take_raw(&mut self, name: &str) -> &'a str {
        let ends = self.rest.match_indices("</").find(|(at, _)| {
            let after = self.rest.as_bytes().get(at + 2..at + 2 + name.len());
            after.is_some_and(|after| after.eq_ignore_ascii_case(name.as_bytes()))
        });
        let end = ends.map_or(self.rest.len(), |(at, _)| at);
        let (text, rest) = self.rest.split_at(end);
        self.rest = after(rest, ">");
        text
    }
}

impl<'a> Tag<'a> {
    /// The value of an attribute, as it is written.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        self.attributes().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    }

    /// The attributes with their values, as they are written.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            rest = rest.trim_start_matches(|letter: char| letter.is_ascii_whitespace() || letter == '/');
            if rest.is_empty() {
                return None;
            }
            let end = rest
                .find(|letter: char| letter.is_ascii_whitespace() || letter == '=' || letter == '/')
                .unwrap_or(rest.len());
            // A stray `=` is a name of its own.
            let (key, after_key) = rest.split_at(end.max(rest.chars().next().map_or(1, char::len_utf8)));
            let (value, after_value) = match after_key.trim_start().strip_prefix('=') {
                Some(value) => split_value(value.trim_start()),
                None => ("", after_key),
            };
            rest = after_value;
            Some((key, value))
        })
    }

    /// Whether a text stands anywhere in the attributes; cheap.
    pub(super) fn mentions(&self, text: &str) -> bool {
        self.attributes.contains(text)
    }
}

fn split_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inside) = text.strip_prefix(quote) {
            return inside.split_once(quote).unwrap_or((inside, ""));
        }
    }
    text.split_at(text.find(|letter: char| letter.is_ascii_whitespace()).unwrap_or(text.len()))
}

/// The inside of a tag up to its `>`, which quotes may hide, and what follows it.
fn split_tag(markup: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, byte) in markup.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return (&markup[..at], &markup[at + 1..]),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    (markup, "")
}

fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or("", |(_, rest)| rest)
}
