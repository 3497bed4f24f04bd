//! What tools add to Markdown, as Markdown and HTML that every reader understands.
//!
//! In order, line by line and never within code: front matter goes, and its title stays where the text has none; boxes
//! (`:::note`, `::: {.callout-tip}`, ```` ```{warning} ````, `!!! note`, `<Tip>`, `{% hint %}`) become admonitions;
//! fences of MyST and Quarto become plain fences; comments of MDX, imports, labels, attributes and shortcodes that no reader ever sees go.
//! What is not known keeps its content.

mod boxes;
mod fences;
mod front_matter;
mod jsx;
mod lines;

use boxes::Box;
use fences::{Directive, Fence};

/// Markdown in which only CommonMark, GitHub's additions and HTML are left.
pub(super) fn plain_markdown(text: &str) -> String {
    let (title, body) = front_matter::split(text);
    let mut scanner = Scanner::default();
    if let Some(title) = title.filter(|_| !front_matter::has_title(body)) {
        scanner.out.push_str(&format!("# {title}\n\n"));
    }
    let lines: Vec<&str> = body.lines().collect();
    scanner.read(&lines);
    scanner.out
}

/// What is open at a line.
#[derive(Default)]
struct Scanner {
    out: String,
    /// Code, which stays to the letter.
    code: Option<Fence>,
    /// Boxes, the innermost last.
    open: Vec<Box>,
    /// Whether a comment goes on.
    in_comment: bool,
}

impl Scanner {
    fn read(&mut self, lines: &[&str]) {
        let mut at = 0;
        while let Some(line) = lines.get(at) {
            let rest = lines.get(at + 1..).unwrap_or_default();
            at += 1 + self.read_line(line, rest);
        }
        while let Some(open) = self.open.pop() {
            self.out.push_str(&open.end());
        }
    }

    /// Reads a line; says how many of the lines after it were read with it.
    fn read_line(&mut self, line: &str, rest: &[&str]) -> usize {
        if let Some(fence) = &self.code {
            let is_end = fence.is_closed_by(line);
            if is_end {
                self.code = None;
            }
            self.push(line);
            return 0;
        }
        let Some(line) = jsx::without_comments(line, &mut self.in_comment) else { return 0 };
        let line = line.as_str();
        if self.open.last().is_some_and(|open| open.is_closed_by(line)) {
            let text = self.open.pop().map(|open| open.end()).unwrap_or_default();
            self.out.push_str(&text);
            return 0;
        }
        if let Some(fence) = Fence::opened_by(line) {
            return self.read_fence(fence, line, rest);
        }
        if let Some((open, taken)) = Box::opened_by(line, rest) {
            self.out.push_str(&open.start());
            self.open.push(open);
            return taken;
        }
        if let Some((text, taken)) = boxes::indented(line, rest) {
            let inner = plain_lines(&text.body);
            self.out.push_str(&format!("{}{inner}{}", text.start, text.end));
            return taken;
        }
        if !lines::is_machinery(line) {
            let line = jsx::with_plain_styles(&lines::without_roles(line));
            self.push(&line);
        }
        0
    }

    fn read_fence(&mut self, fence: Fence, line: &str, rest: &[&str]) -> usize {
        match fence.directive(rest) {
            None => {
                self.push(line);
                self.code = Some(fence);
                0
            }
            Some((Directive::Code { language }, taken)) => {
                self.push(&format!("{}{language}", fence.marks()));
                self.code = Some(fence);
                taken
            }
            Some((Directive::Text(text), taken)) => {
                self.out.push_str(&text);
                taken
            }
            Some((Directive::Opens(open), taken)) => {
                self.out.push_str(&open.start());
                self.open.push(open);
                taken
            }
        }
    }

    fn push(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }
}

fn plain_lines(body: &[String]) -> String {
    let mut scanner = Scanner::default();
    scanner.read(&body.iter().map(String::as_str).collect::<Vec<_>>());
    scanner.out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests;
