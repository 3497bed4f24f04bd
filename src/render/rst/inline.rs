//! Runs within a line (docutils: inline markup).

use super::escape;
use super::names::Names;
use super::roles;

/// What may stand before the start of markup, besides white space.
const OPENERS: &str = "'\"([{<-/:‘“’«¡¿";
/// What may stand behind its end.
const CLOSERS: &str = "'\")]}>-/\\:.,;!?’”»";
/// How far from its start the end of markup is looked for, in bytes: text that opens and opens would be read again and
/// again otherwise.
const MOST_BYTES: usize = 2_000;
/// The deepest substitution within substitutions.
const MAX_DEPTH: usize = 6;

/// Writes a text as HTML.
pub(super) fn write(text: &str, names: &Names) -> String {
    let mut html = String::with_capacity(text.len() + 16);
    Inline { names, depth: 0, is_plain: false }.run(text, &mut html);
    html
}

/// The text without its markup, as an id is made of it.
pub(super) fn plain(text: &str) -> String {
    let mut html = String::new();
    Inline { names: &Names::default(), depth: 0, is_plain: true }.run(text, &mut html);
    let mut plain = String::new();
    let mut is_tag = false;
    for letter in html.chars() {
        match letter {
            '<' => is_tag = true,
            '>' => is_tag = false,
            _ if !is_tag => plain.push(letter),
            _ => {}
        }
    }
    plain.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

struct Inline<'a> {
    names: &'a Names,
    depth: usize,
    /// Whether what refers is to lose its mark though nobody knows what it refers to.
    is_plain: bool,
}

impl Inline<'_> {
    fn run(&self, text: &str, html: &mut String) {
        let mut at = 0;
        let mut plain = String::new();
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let rest = near(rest);
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            let found = if may_start(before, rest) { self.markup(rest) } else { None };
            let found = found.or_else(|| self.address(before, rest));
            let found = found.or_else(|| self.reference(before, rest));
            if let Some((markup, taken)) = found {
                html.push_str(&escape(&plain));
                plain.clear();
                html.push_str(&markup);
                at += taken;
                continue;
            }
            let Some(letter) = rest.chars().next() else { break };
            at += letter.len_utf8();
            if letter != '\\' {
                plain.push(letter);
                continue;
            }
            // An escaped space is nothing, any other escaped letter itself.
            let Some(escaped) = text.get(at..).and_then(|rest| rest.chars().next()) else { continue };
            at += escaped.len_utf8();
            if !escaped.is_whitespace() {
                plain.push(escaped);
            }
        }
        html.push_str(&escape(&plain));
    }

    /// Markup that has a start and an end.
    fn markup(&self, rest: &str) -> Option<(String, usize)> {
        if let Some(inner) = rest.strip_prefix("``") {
            let end = end_of(inner, "``", Escapes::No)?;
            let code = inner.get(..end)?;
            return Some((format!("<code>{}</code>", escape(code)), end + 4));
        }
        if let Some(inner) = rest.strip_prefix("**") {
            let end = end_of(inner, "**", Escapes::Yes)?;
            return Some((format!("<strong>{}</strong>", self.inner(inner.get(..end)?)), end + 4));
        }
        if let Some(inner) = rest.strip_prefix('*') {
            let end = end_of(inner, "*", Escapes::Yes)?;
            return Some((format!("<em>{}</em>", self.inner(inner.get(..end)?)), end + 2));
        }
        if let Some(inner) = rest.strip_prefix("_`") {
            let end = end_of(inner, "`", Escapes::Yes)?;
            return Some((escape(&unescaped(inner.get(..end)?)), end + 3));
        }
        if rest.starts_with('`') || rest.starts_with(':') {
            return self.interpreted(rest);
        }
        if let Some(inner) = rest.strip_prefix('|') {
            let end = end_of(inner, "|", Escapes::Yes)?;
            return self.substitution(inner, end);
        }
        if let Some(inner) = rest.strip_prefix('[') {
            let (label, after) = inner.split_once("]_")?;
            let is_end =
                after.chars().next().is_none_or(|next| next.is_whitespace() || CLOSERS.contains(next));
            let label = self.names.note(label).filter(|_| is_end && !label.contains(char::is_whitespace))?;
            let note = format!(
                "<sup class=\"footnote-reference\"><a href=\"#note-{0}\">{0}</a></sup>",
                escape(&label)
            );
            return Some((note, rest.len() - after.len()));
        }
        None
    }

    /// `` `text` `` with what stands before and behind: a role, a reference, or neither.
    fn interpreted(&self, rest: &str) -> Option<(String, usize)> {
        let (role, quoted) = match rest.strip_prefix(':') {
            Some(after) => {
                let (name, quoted) = after.split_once(":`")?;
                if name.is_empty() || !name.chars().all(is_of_role) {
                    return None;
                }
                (Some(name), quoted)
            }
            None => (None, rest.strip_prefix('`')?),
        };
        let start = rest.len() - quoted.len();
        let end = end_of_quote(quoted)?;
        let content = quoted.get(..end)?;
        let after = quoted.get(end + 1..)?;
        let taken = start + end + 1;
        if let Some(role) = role {
            return Some((roles::write(role, &unescaped(content), self.names), taken));
        }
        if after.starts_with("__") {
            return Some((self.link(content, Kind::Anonymous), taken + 2));
        }
        if after.starts_with('_') {
            return Some((self.link(content, Kind::Named), taken + 1));
        }
        if let Some((name, behind)) = after.strip_prefix(':').and_then(|after| after.split_once(':'))
            && !name.is_empty()
            && name.chars().all(is_of_role)
            && behind.chars().next().is_none_or(|next| next.is_whitespace() || CLOSERS.contains(next))
        {
            return Some((roles::write(name, &unescaped(content), self.names), taken + name.len() + 2));
        }
        Some((roles::without_role(&unescaped(content)), taken))
    }

    /// A reference to a target, which may be in its own brackets.
    fn link(&self, content: &str, kind: Kind) -> String {
        let inside = content.strip_suffix('>').and_then(|content| content.rsplit_once('<'));
        // A bracket that belongs to the name is escaped, or stands within it.
        let inside = inside.filter(|(text, _)| text.is_empty() || text.ends_with(char::is_whitespace));
        let (text, address) = match inside {
            Some((text, address)) => {
                let address = address.split_whitespace().collect::<String>();
                let other = address.strip_suffix('_').and_then(|name| self.names.address(name));
                (text.trim(), Some(other.unwrap_or_else(|| address.replace('\\', ""))))
            }
            None if kind == Kind::Anonymous => (content, self.names.next_anonymous()),
            None => (content, self.names.address(&unescaped(content))),
        };
        let shown = if text.is_empty() { address.clone().unwrap_or_default() } else { unescaped(text) };
        match address {
            Some(address) => anchor(&address, &escape(&shown)),
            None => escape(&shown),
        }
    }

    fn substitution(&self, inner: &str, end: usize) -> Option<(String, usize)> {
        let name = inner.get(..end)?;
        let behind = inner.get(end + 1..)?;
        let marks = behind.len() - behind.trim_start_matches('_').len();
        let (directive, content) = self.names.substitution(name).filter(|_| self.depth < MAX_DEPTH)?;
        let first = content.lines().next().unwrap_or_default();
        let shown = match directive {
            "image" => super::directive::image(first, content.lines().skip(1)),
            "unicode" => escape(&characters(first)),
            "replace" => {
                let mut html = String::new();
                let deeper = Self { names: self.names, depth: self.depth + 1, is_plain: self.is_plain };
                deeper.run(&content.split_whitespace().collect::<Vec<_>>().join(" "), &mut html);
                html
            }
            _ => return None,
        };
        let address = match marks {
            0 => None,
            1 => self.names.address(name),
            _ => self.names.next_anonymous(),
        };
        let shown = address.map_or(shown.clone(), |address| anchor(&address, &shown));
        Some((shown, end + 2 + marks.min(2)))
    }

    /// `name_` and `name__`: a word that refers.
    fn reference(&self, before: Option<char>, rest: &str) -> Option<(String, usize)> {
        if before.is_some_and(|before| before.is_alphanumeric() || "_-.:+\\`".contains(before)) {
            return None;
        }
        let is_part = |letter: char| letter.is_alphanumeric() || "-_.:+".contains(letter);
        let word = rest.split(|letter: char| !is_part(letter)).next().filter(|word| word.contains('_'))?;
        // The mark is the first line below that no letter follows.
        let end = word.match_indices('_').map(|(at, _)| at).find(|at| {
            let behind = word.get(at + 1..).and_then(|behind| behind.chars().find(|letter| *letter != '_'));
            behind.is_none_or(|letter| !letter.is_alphanumeric())
        })?;
        let name = word.get(..end)?;
        let marks = word.get(end..)?.chars().take_while(|letter| *letter == '_').count();
        let is_name = name.starts_with(char::is_alphanumeric) && name.ends_with(char::is_alphanumeric);
        let address = match marks {
            1 if is_name => self.names.address(name),
            2 if is_name => self.names.next_anonymous(),
            _ => return None,
        };
        match address {
            Some(address) => Some((anchor(&address, &escape(name)), end + marks)),
            None if self.is_plain => Some((escape(name), end + marks)),
            None => None,
        }
    }

    /// An address that stands in the text by itself.
    fn address(&self, before: Option<char>, rest: &str) -> Option<(String, usize)> {
        if before.is_some_and(|before| before.is_alphanumeric() || before == '\\') {
            return None;
        }
        let scheme =
            ["https://", "http://", "ftp://", "mailto:"].into_iter().find(|word| rest.starts_with(*word))?;
        let end = rest.find(|letter: char| letter.is_whitespace() || "<>\"`|\\".contains(letter));
        let mut text = rest.get(..end.unwrap_or(rest.len()))?;
        loop {
            let is_open = text.ends_with(')') && text.matches('(').count() < text.matches(')').count();
            let shorter = text.strip_suffix(['.', ',', ';', ':', '!', '?', '\'', '*', '_', ']']);
            match shorter.or_else(|| is_open.then(|| text.strip_suffix(')')).flatten()) {
                Some(shorter) => text = shorter,
                None => break,
            }
        }
        (text.len() > scheme.len()).then(|| (anchor(text, &escape(text)), text.len()))
    }

    fn inner(&self, text: &str) -> String {
        escape(&unescaped(text))
    }
}

/// The start of a text.
fn near(text: &str) -> &str {
    let mut end = text.len().min(MOST_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or(text)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Named,
    Anonymous,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Escapes {
    Yes,
    No,
}

pub(super) fn anchor(address: &str, shown: &str) -> String {
    format!("<a href=\"{}\">{shown}</a>", escape(address))
}

/// The text without backslashes, of which a doubled one is one.
pub(super) fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => plain.extend(letters.next().filter(|next| !next.is_whitespace())),
            other => plain.push(other),
        }
    }
    plain
}

fn is_of_role(letter: char) -> bool {
    letter.is_alphanumeric() || "-_.:+".contains(letter)
}

/// Whether markup may start here: behind white space or an opening mark, and before something.
fn may_start(before: Option<char>, rest: &str) -> bool {
    let opens = before.is_none_or(|before| {
        before.is_whitespace()
            || OPENERS.contains(before)
            || (!before.is_ascii() && !before.is_alphanumeric())
    });
    let mut letters = rest.chars();
    let is_mark = letters.next().is_some_and(|mark| "`*|[_:".contains(mark));
    opens && is_mark && letters.next().is_some_and(|next| !next.is_whitespace())
}

/// Where markup ends: before its mark, which is behind something and before white space or a closing mark.
fn end_of(text: &str, mark: &str, escapes: Escapes) -> Option<usize> {
    if text.starts_with(char::is_whitespace) {
        return None;
    }
    let mut from = 1.min(text.len());
    while !text.is_char_boundary(from) {
        from += 1;
    }
    while let Some(found) = text.get(from..)?.find(mark) {
        let at = from + found;
        let before = text.get(..at)?.chars().next_back();
        let after = text.get(at + mark.len()..)?;
        let is_escaped = escapes == Escapes::Yes && before == Some('\\');
        let is_behind = before.is_some_and(|before| !before.is_whitespace()) && !is_escaped;
        let closes = after.chars().next().is_none_or(|next| {
            next.is_whitespace() || CLOSERS.contains(next) || (!next.is_ascii() && !next.is_alphanumeric())
        });
        // A reference behind a substitution has its mark.
        if is_behind && (closes || (mark == "|" && after.starts_with('_'))) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// Where the quotation of a role or reference ends.
fn end_of_quote(text: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find('`') {
        let at = from + found;
        let before = text.get(..at)?.chars().next_back()?;
        let is_doubled = text.get(at + 1..)?.starts_with('`');
        if before != '\\' && !before.is_whitespace() && !is_doubled {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

/// `0xA9 U+2014 text` as characters.
fn characters(text: &str) -> String {
    let text = text.split(" .. ").next().unwrap_or_default();
    let character = |word: &str| {
        let digits = ["0x", "U+", "\\u", "\\x", "x"].iter().find_map(|start| word.strip_prefix(start))?;
        char::from_u32(u32::from_str_radix(digits, 16).ok()?).map(String::from)
    };
    text.split_whitespace().map(|word| character(word).unwrap_or_else(|| word.to_owned())).collect()
}
