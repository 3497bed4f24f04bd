//! A directive in its parts: what stands behind its name, its options, and its content.

use crate::render::rst::lines::{dedent, indent_of, is_blank};

/// A directive in its parts.
pub(super) struct Parts<'a> {
    pub(super) argument: String,
    options: Vec<(&'a str, String)>,
    pub(super) content: Vec<&'a str>,
}

impl<'a> Parts<'a> {
    /// The argument goes on until an option or an empty line; options until an empty line.
    pub(super) fn of(argument: &str, body: &[&'a str]) -> Self {
        let body = dedent_all(body);
        let mut argument = argument.to_owned();
        let mut options: Vec<(&str, String)> = Vec::new();
        let mut at = 0;
        for line in &body {
            if is_blank(line) {
                break;
            }
            let option = line.strip_prefix(':').and_then(|text| text.split_once(':'));
            match (option, options.last_mut()) {
                (Some((name, value)), _) if !name.is_empty() && !name.contains(['`', ' ']) => {
                    options.push((name, value.trim().to_owned()));
                }
                (_, Some((_, value))) if indent_of(line) > 0 => {
                    value.push('\n');
                    value.push_str(line.trim());
                }
                (_, Some(_)) => break,
                (_, None) => {
                    if !argument.is_empty() {
                        argument.push('\n');
                    }
                    argument.push_str(line);
                }
            }
            at += 1;
        }
        let content = dedent(body.get(at..).unwrap_or_default());
        Self { argument, options, content }
    }

    pub(super) fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    /// Argument and content together, for directives that take no argument.
    pub(super) fn whole<'b>(&'b self) -> Vec<&'b str>
    where
        'a: 'b,
    {
        let mut lines: Vec<&str> = self.argument.lines().collect();
        if !lines.is_empty() && !self.content.is_empty() {
            lines.push("");
        }
        lines.extend(&self.content);
        lines
    }
}

/// The lines without their common indentation, blank ones at the top included.
fn dedent_all<'a>(lines: &[&'a str]) -> Vec<&'a str> {
    let least = lines.iter().filter(|line| !is_blank(line)).map(|line| indent_of(line)).min().unwrap_or(0);
    lines.iter().map(|line| line.get(least..).unwrap_or_default()).collect()
}
