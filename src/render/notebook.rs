//! Jupyter notebooks (nbformat 4, and 3 as far as it says the same) as HTML: text, code, and what the code printed.
//!
//! Pictures within the file, the state of widgets and what went to the error stream are left out. A cell that its author
//! hides from readers is hidden.

use serde_json::Value;

use super::twin;

/// The most lines of one output; a log of training goes on for thousands.
const MOST_LINES: usize = 60;
/// The longest line of an output, in characters.
const LONGEST_LINE: usize = 2_000;

/// Turns a notebook into the body of a page; `None` for what is no notebook.
pub(super) fn to_html(text: &str) -> Option<String> {
    let notebook: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let cells = notebook["cells"].as_array().or_else(|| notebook["worksheets"][0]["cells"].as_array())?;
    let language = language(&notebook["metadata"]);
    let mut html = String::from("<main>");
    for cell in cells.iter().filter(|cell| !is_hidden(cell, &["remove-cell", "remove_cell", "hide"])) {
        push_cell(cell, &language, &mut html);
    }
    html.push_str("</main>");
    Some(html)
}

fn language(metadata: &Value) -> String {
    let stated =
        metadata["language_info"]["name"].as_str().or_else(|| metadata["kernelspec"]["language"].as_str());
    let name = stated.or_else(|| metadata["language"].as_str()).unwrap_or("python").to_lowercase();
    if name == "ipython" { "python".to_owned() } else { name }
}

fn push_cell(cell: &Value, language: &str, html: &mut String) {
    let source = joined(&cell["source"]);
    match cell["cell_type"].as_str() {
        Some("markdown") => html.push_str(&twin::to_body(&source)),
        Some("heading") => {
            let level = cell["level"].as_u64().unwrap_or(1).clamp(1, 6);
            html.push_str(&format!("<h{level}>{}</h{level}>", escape(source.trim())));
        }
        Some("code") => {
            let source = if source.is_empty() { joined(&cell["input"]) } else { source };
            if !is_hidden(cell, &["remove-input", "remove_input", "hide-input", "hide_input"]) {
                push_code(&source, language, html);
            }
            if !is_hidden(cell, &["remove-output", "remove_output", "hide-output", "hide_output"]) {
                let language = cell["language"].as_str().unwrap_or("text");
                cell["outputs"].as_array().into_iter().flatten().for_each(|output| {
                    push_output(output, if language == "python" { "text" } else { language }, html);
                });
            }
        }
        Some("raw")
            if cell["metadata"]["raw_mimetype"].as_str().is_some_and(|kind| kind.contains("rest")) =>
        {
            html.push_str(&super::rst_fragment(&source));
        }
        _ => {}
    }
}

/// Whether a cell bears one of these tags, or is hidden in the way of nbsphinx.
fn is_hidden(cell: &Value, names: &[&str]) -> bool {
    let metadata = &cell["metadata"];
    let mut tags = metadata["tags"].as_array().into_iter().flatten().filter_map(Value::as_str);
    tags.any(|tag| names.contains(&tag))
        || (names.contains(&"remove-cell") && metadata["nbsphinx"].as_str() == Some("hidden"))
}

/// Code; a cell that begins with `%%bash` or the like is in that language.
fn push_code(source: &str, language: &str, html: &mut String) {
    let source = source.trim_end();
    if source.trim().is_empty() {
        return;
    }
    let magic = source.lines().next().and_then(|line| line.strip_prefix("%%"));
    let language = match magic.and_then(|words| words.split_whitespace().next()) {
        Some("bash" | "sh" | "script" | "cmd") => "bash",
        Some(
            name @ ("html" | "javascript" | "js" | "ruby" | "perl" | "latex" | "markdown" | "sql" | "svg"),
        ) => name,
        Some("writefile" | "file") => "text",
        _ => language,
    };
    let code: Vec<&str> = source.lines().filter(|line| !line.starts_with("#|")).collect();
    push_block(&code.join("\n"), language, html);
}

fn push_output(output: &Value, language: &str, html: &mut String) {
    match output["output_type"].as_str() {
        Some("stream")
            if output["name"].as_str() != Some("stderr") && output["stream"].as_str() != Some("stderr") =>
        {
            push_text(&joined(&output["text"]), language, html);
        }
        Some("execute_result" | "display_data" | "pyout") => push_data(output, language, html),
        Some("error" | "pyerr") => {
            let (name, value) = (output["ename"].as_str().unwrap_or_default(), output["evalue"].as_str());
            push_text(&format!("{name}: {}", value.unwrap_or_default()), language, html);
        }
        _ => {}
    }
}

/// The form of a result that says most in text: a table, Markdown, a formula, or plain text.
fn push_data(output: &Value, language: &str, html: &mut String) {
    let form = |kind: &str, old: &str| {
        let text = joined(&output["data"][kind]);
        if text.is_empty() { joined(&output[old]) } else { text }
    };
    let markup = form("text/html", "html");
    if markup.contains("<table") {
        return html.push_str(&format!("<div>{markup}</div>"));
    }
    let markdown = form("text/markdown", "markdown");
    if !markdown.is_empty() {
        return html.push_str(&twin::to_body(&markdown));
    }
    let formula = form("text/latex", "latex");
    if !formula.is_empty() {
        let bare = formula.trim().trim_matches('$').trim_start_matches("\\displaystyle").trim();
        return html.push_str(&format!("<p><span class=\"math display\">{}</span></p>", escape(bare)));
    }
    let text = form("text/plain", "text");
    // What stands for a picture says nothing without it.
    let is_name = text.lines().count() == 1 && text.starts_with('<') && text.trim_end().ends_with('>');
    if !is_name {
        push_text(&text, language, html);
    }
}

/// Printed text as a terminal would show it in the end, cut where it goes on for long.
fn push_text(text: &str, language: &str, html: &mut String) {
    let text = without_colours(text);
    let mut lines: Vec<String> = text
        .trim_end()
        .lines()
        .map(|line| line.rsplit('\r').find(|part| !part.is_empty()).unwrap_or_default())
        .map(|line| line.chars().take(LONGEST_LINE).collect())
        .collect();
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        lines.push("…".to_owned());
    }
    let text = lines.join("\n");
    if !text.trim().is_empty() {
        push_block(&text, language, html);
    }
}

fn push_block(text: &str, language: &str, html: &mut String) {
    let language: String =
        language.chars().filter(|letter| letter.is_alphanumeric() || "+#-_".contains(*letter)).collect();
    html.push_str(&format!("<pre><code class=\"language-{language}\">{}</code></pre>\n", escape(text)));
}

/// The text without the escape sequences that colour it on a terminal.
fn without_colours(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\u{1b}' {
            plain.push(letter);
            continue;
        }
        if letters.next() == Some('[') {
            letters.by_ref().find(char::is_ascii_alphabetic);
        }
    }
    plain
}

/// A text, or a list of its lines.
fn joined(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        _ => String::new(),
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::to_html;

    fn check(cells: Value, html: &str) {
        let notebook =
            json!({"nbformat": 4, "metadata": {"language_info": {"name": "python"}}, "cells": cells});
        let found = to_html(&notebook.to_string()).unwrap();
        assert_eq!(found.replace("\n</main>", "</main>"), format!("<main>{html}</main>"));
    }

    #[test]
    fn text_code_and_what_it_printed() {
        let cells = json!([
            {"cell_type": "markdown", "source": ["# Title\n", "\n", "Some *text*.\n"]},
            {"cell_type": "code", "source": "x = 1 < 2\nprint(x)\n", "outputs": [
                {"output_type": "stream", "name": "stdout", "text": ["0%\r100%\n", "\u{1b}[32mTrue\u{1b}[0m\n"]},
                {"output_type": "stream", "name": "stderr", "text": "a warning"},
                {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo=", "text/plain": "<Figure size 1>"}},
                {"output_type": "execute_result", "data": {"text/plain": ["3"]}}
            ]},
            {"cell_type": "code", "source": "%%bash\nls", "outputs": []},
            {"cell_type": "code", "source": "secret", "metadata": {"tags": ["remove-cell"]}, "outputs": []},
            {"cell_type": "raw", "source": "---\ntitle: x\n---"}
        ]);
        check(
            cells,
            "<h1>Title</h1>\n<p>Some <em>text</em>.</p>\n\
             <pre><code class=\"language-python\">x = 1 &lt; 2\nprint(x)</code></pre>\n\
             <pre><code class=\"language-text\">100%\nTrue</code></pre>\n\
             <pre><code class=\"language-text\">3</code></pre>\n\
             <pre><code class=\"language-bash\">%%bash\nls</code></pre>",
        );
    }

    #[test]
    fn tables_and_formulas_are_kept_as_such() {
        let cells = json!([{"cell_type": "code", "source": "", "outputs": [
            {"output_type": "execute_result", "data": {"text/html": ["<table><tr><td>1</td></tr></table>"], "text/plain": "1"}},
            {"output_type": "execute_result", "data": {"text/latex": "$\\displaystyle x^2$", "text/plain": "x**2"}},
            {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["long"]}
        ]}]);
        check(
            cells,
            "<div><table><tr><td>1</td></tr></table></div><p><span class=\"math display\">x^2</span></p>\
             <pre><code class=\"language-text\">ValueError: no</code></pre>",
        );
    }

    #[test]
    fn the_third_format_and_what_is_none() {
        let old = json!({"metadata": {}, "worksheets": [{"cells": [
            {"cell_type": "heading", "level": 2, "source": "Old"},
            {"cell_type": "code", "language": "python", "input": ["1 + 1"], "outputs": [
                {"output_type": "pyout", "text": ["2"]}]}
        ]}]});
        let html = to_html(&old.to_string()).unwrap();
        assert!(html.starts_with("<main><h2>Old</h2><pre><code class=\"language-python\">1 + 1"), "{html}");
        assert!(html.contains("<code class=\"language-text\">2</code>"), "{html}");
        for text in ["", "{}", "[1]", "{\"cells\": 3}", "<html>"] {
            assert_eq!(to_html(text), None, "{text}");
        }
    }

    #[test]
    fn a_long_log_is_cut() {
        let log: String = (0..500).map(|number| format!("step {number}\n")).collect();
        let cells = json!([{"cell_type": "code", "source": "train()", "outputs": [
            {"output_type": "stream", "name": "stdout", "text": log}]}]);
        let notebook = json!({"cells": cells}).to_string();
        let html = to_html(&notebook).unwrap();
        assert!(html.contains("step 59\n…") && !html.contains("step 60"), "{html}");
    }
}
