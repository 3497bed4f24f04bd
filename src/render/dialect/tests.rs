//! What tools write, and what is left of it.

use super::plain_markdown;

/// Empty lines are of no interest.
fn check(text: &str, expected: &str) {
    let lines = |text: &str| {
        let kept = text.lines().filter(|line| !line.trim().is_empty());
        kept.map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(lines(&plain_markdown(text)), lines(expected), "{text}");
}

#[test]
fn front_matter_gives_a_title_where_there_is_none() {
    check("---\ntitle: \"A: guide\"\norder: 1\n---\n\ntext", "# A: guide\ntext");
    check("---\ntitle: A\n---\n# Own\ntext", "# Own\ntext");
    check("+++\ntitle = \"A\"\n+++\ntext", "# A\ntext");
    check("---\nProse between two rules.\n\n---\ntext", "---\nProse between two rules.\n---\ntext");
    check("```\n---\ntitle: x\n---\n```", "```\n---\ntitle: x\n---\n```");
}

#[test]
fn boxes_of_many_tools_are_admonitions() {
    let note = "<div class=\"admonition note\">\ntext **b**\n</div>";
    for text in [
        ":::note\ntext **b**\n:::",
        "::: note\n\ntext **b**\n\n:::",
        ":::{note}\n:class: x\ntext **b**\n:::",
        "```{note}\ntext **b**\n```",
        "::: {.callout-note collapse=\"true\"}\ntext **b**\n:::",
        "!!! note\n    text **b**",
        "<Note>\ntext **b**\n</Note>",
        "{% hint style=\"note\" %}\ntext **b**\n{% endhint %}",
    ] {
        check(text, note);
    }
    let titled =
        "<div class=\"admonition warning\"><p class=\"admonition-title\">Mind &lt;it></p>\na\n</div>";
    let titled = titled.replace("it>", "it&gt;");
    for text in [
        ":::warning[Mind <it>]\na\n:::",
        ":::{warning} Mind <it>\na\n:::",
        "::: {.callout-warning title=\"Mind <it>\"}\na\n:::",
        "!!! warning \"Mind <it>\"\n\n    a\n",
    ] {
        check(text, &titled);
    }
    check("??? \"More\"\n    a\n\nb", "<details><summary>More</summary>\na\n</details>\nb");
    check("::: details More\na\n:::", "<details><summary>More</summary>\na\n</details>");
}

#[test]
fn boxes_nest_and_code_in_them_stays() {
    check(
        "::::{note}\n```python\n:::\n!!! x\n```\n:::{tip}\nb\n:::\n::::",
        "<div class=\"admonition note\">\n```python\n:::\n!!! x\n```\n<div class=\"admonition tip\">\nb\n</div>\n</div>",
    );
    check(
        "!!! note\n    a\n\n    ```sh\n    run\n    ```\n\nafter",
        "<div class=\"admonition note\">\na\n```sh\nrun\n```\n</div>\nafter",
    );
    check(
        "=== \"Linux\"\n\n    ```sh\n    apt\n    ```\n\n=== \"Mac\"\n\n    brew\n",
        "<p><strong>Linux</strong></p>\n```sh\napt\n```\n<p><strong>Mac</strong></p>\nbrew",
    );
    check("````{note}\n```\na\n```\n````", "<div class=\"admonition note\">\n```\na\n```\n</div>");
    check("::: {.column-margin}\naside\n:::", "aside");
}

#[test]
fn fences_of_myst_and_quarto_are_fences() {
    check("```{code-block} python\n:caption: a.py\nx = 1\n```", "```python\nx = 1\n```");
    check("```{python}\n#| echo: false\nx = 1\n```", "```python\nx = 1\n```");
    check("```{.bash filename=\"x\"}\nls\n```", "```bash\nls\n```");
    check("```{math}\n:label: e\na = b\n```", "$$\na = b\n$$");
    check("```{figure} img/a.png\n:alt: A\nWords.\n```", "![A](img/a.png)\nWords.");
    check("```{toctree}\n:maxdepth: 2\nguide\nApi <api/index>\n```", "- [guide](guide)\n- [Api](api/index)");
    check("```{contents}\n:local:\n```\ntext", "text");
    check("```rust\n{x}\n```", "```rust\n{x}\n```");
    check("```{unknown-thing} a\nb\n```", "```{unknown-thing} a\nb\n```");
}

#[test]
fn what_is_for_tools_alone_goes() {
    check(
        "import Tabs from '@theme/Tabs';\nexport const x = 1\n(label)=\n# T\n{{< include a >}}\n{: .note}\n<Card href=\"x\" />\n[TOC]\ntext",
        "# T\ntext",
    );
    check(
        "<Tabs>\n<TabItem value=\"a\" label=\"Apple\">\n\nfruit\n\n</TabItem>\n</Tabs>",
        "<p><strong>Apple</strong></p>\nfruit",
    );
    check("```js\nimport a from 'b';\n<Card />\n```", "```js\nimport a from 'b';\n<Card />\n```");
    check("import it from there", "");
    check("<https://D.example/>", "<https://D.example/>");
}

#[test]
fn roles_show_their_text() {
    check(
        "See {ref}`the guide <guide>` and {py:class}`~a.B`.",
        "See the guide and `~a.B`.".replace('~', "").as_str(),
    );
    check("{doc}`Start <start.md>`, {math}`x^2`", "[Start](start.md), $x^2$");
    check("`{ref}` and `{x}`y`", "`{ref}` and `{x}`y`");
}
