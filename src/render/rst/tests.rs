//! Constructs of reStructuredText, and what is written of them.

use super::to_html;

/// Line breaks between elements are of no interest.
fn check(text: &str, expected: &str) {
    let found = to_html(text).replace(">\n", ">").replace("\n<", "<");
    assert_eq!(found, expected.replace(">\n", ">").replace("\n<", "<"), "{text}");
}

#[test]
fn headings_have_levels_by_their_order() {
    check(
        "Title\n=====\n\nA\n--\n\nB b\n~~~\n\nC\n--\n",
        "<h1 id=\"title\">Title</h1><h2 id=\"a\">A</h2><h3 id=\"b-b\">B b</h3><h2 id=\"c\">C</h2>",
    );
    check("=====\nTitle\n=====\n\nA\n=\n", "<h1 id=\"title\">Title</h1><h2 id=\"a\">A</h2>");
    check("a\n\n----\n\nb", "<p>a</p><hr><p>b</p>");
}

#[test]
fn runs_within_a_line() {
    check(
        "*a* **b** ``c *d*`` \\*e* f*g*h",
        "<p><em>a</em> <strong>b</strong> <code>c *d*</code> *e* f*g*h</p>",
    );
    check("2 * 3 * 4 and a_b and *", "<p>2 * 3 * 4 and a_b and *</p>");
    check("re\\ *structured*\\ text", "<p>re<em>structured</em>text</p>");
    check("`name` and `two words`", "<p><code>name</code> and <em>two words</em></p>");
    check(
        ":class:`~a.b.C` :meth:`x` :ref:`Text <label>` :kbd:`Ctrl` :sup:`2` :math:`x^2` :issue:`1`",
        "<p><code>C</code> <code>x()</code> Text <kbd>Ctrl</kbd> <sup>2</sup> <span class=\"math inline\">x^2</span> <code>1</code></p>",
    );
    check("``a`` (``b``), ``c``. ``d``s", "<p><code>a</code> (<code>b</code>), <code>c</code>. ``d``s</p>");
}

#[test]
fn links_by_name_by_address_and_by_order() {
    check(
        "`Site <https://d.example/a_b>`_ and Site_ and `one`__, `two`__ https://e.example/x. me_you\n\n.. _other: https://o.example\n__ https://1.example\n.. __: https://2.example",
        "<p><a href=\"https://d.example/a_b\">Site</a> and Site_ and <a href=\"https://1.example\">one</a>, <a href=\"https://2.example\">two</a> <a href=\"https://e.example/x\">https://e.example/x</a>. me_you</p>",
    );
    check(
        "See other_ and `Long Name`_ and `My Part`_.\n\n.. _other: https://o.example\n.. _long name: other_\n\nMy Part\n-------\n",
        "<p>See <a href=\"https://o.example\">other</a> and <a href=\"https://o.example\">Long Name</a> and <a href=\"#my-part\">My Part</a>.</p><h1 id=\"my-part\">My Part</h1>",
    );
    check(
        ":ref:`here`\n\n.. _here:\n\nA title\n-------\n",
        "<p><a href=\"#a-title\">A title</a></p><span id=\"here\"></span><h1 id=\"a-title\">A title</h1>",
    );
    check(
        "one_ `\\<b>`_ misc_.Name\n\n.. _one:\n.. _two: https://2.example\n.. _\\<b>: https://b.example\n.. _misc: m.rst",
        "<p><a href=\"https://2.example\">one</a> <a href=\"https://b.example\">&lt;b&gt;</a> <a href=\"m.rst\">misc</a>.Name</p><span id=\"one\"></span>",
    );
    check("`Guide <guide.rst>`__", "<p><a href=\"guide.rst\">Guide</a></p>");
}

#[test]
fn notes_find_their_references() {
    check(
        "a [1]_ b [#]_ c [CIT]_ d [x]\n\n.. [1] One.\n.. [#] Two\n   lines.\n.. [CIT] Cited.\n",
        "<p>a <sup class=\"footnote-reference\"><a href=\"#note-1\">1</a></sup> b <sup class=\"footnote-reference\"><a href=\"#note-2\">2</a></sup> c <sup class=\"footnote-reference\"><a href=\"#note-CIT\">CIT</a></sup> d [x]</p>\
         <div class=\"footnote-definition\" id=\"note-1\"><sup class=\"footnote-definition-label\">1</sup><p>One.</p></div>\
         <div class=\"footnote-definition\" id=\"note-2\"><sup class=\"footnote-definition-label\">2</sup><p>Two\nlines.</p></div>\
         <div class=\"footnote-definition\" id=\"note-CIT\"><sup class=\"footnote-definition-label\">CIT</sup><p>Cited.</p></div>",
    );
}

#[test]
fn literal_blocks_and_code() {
    check("Run::\n\n    a\n      b\n\n    c\n\nd", "<p>Run:</p><pre><code>a\n  b\n\nc</code></pre><p>d</p>");
    check("Run ::\n\n  a", "<p>Run</p><pre><code>a</code></pre>");
    check("::\n\n> a\n> b\n\nc", "<pre><code>&gt; a\n&gt; b</code></pre><p>c</p>");
    check(
        ".. code-block:: python\n   :caption: a.py\n   :linenos:\n\n   x = 1\n\n     y\n",
        "<div class=\"literal-block-wrapper\"><div class=\"code-block-caption\"><span class=\"caption-text\">a.py</span></div><pre><code class=\"language-python\">x = 1\n\n  y</code></pre></div>",
    );
    check(".. highlight:: sh\n\n::\n\n  ls", "<pre><code class=\"language-sh\">ls</code></pre>");
    check(
        ">>> 1 + 1\n2\n\na",
        "<pre><code class=\"language-pycon\">&gt;&gt;&gt; 1 + 1\n2</code></pre><p>a</p>",
    );
    check(
        ".. click:example::\n\n    @a\n    def b():\n        pass",
        "<pre><code>@a\ndef b():\n    pass</code></pre>",
    );
    check(".. parsed-literal::\n\n   a **b**", "<pre>a <strong>b</strong></pre>");
    check(".. literalinclude:: ../a.py\n   :lines: 1", "<p><a href=\"../a.py\">../a.py</a></p>");
}

#[test]
fn lists_nest() {
    check(
        "- a\n\n  b\n\n  * c\n- d\n  e\n",
        "<ul><li><p>a</p><p>b</p><ul><li><p>c</p></li></ul></li><li><p>d\ne</p></li></ul>",
    );
    check("3. a\n4. b\n\n   c", "<ol start=\"3\"><li><p>a</p></li><li><p>b</p><p>c</p></li></ol>");
    check("#. a\n#. b", "<ol><li><p>a</p></li><li><p>b</p></li></ol>");
    check("A. Einstein was\nright.", "<p>A. Einstein was\nright.</p>");
    check(
        "- code::\n\n    x\n\n- b",
        "<ul><li><p>code:</p><pre><code>x</code></pre></li><li><p>b</p></li></ul>",
    );
    check(
        "term : class\n  Means *it*.\n\n``b``\n  c\n\nd",
        "<dl><dt>term <span class=\"classifier\">class</span></dt><dd><p>Means <em>it</em>.</p></dd><dt><code>b</code></dt><dd><p>c</p></dd></dl><p>d</p>",
    );
    check(
        ":Name: a\n:param int size: how\n  many\n:returns: b",
        "<dl class=\"field-list\"><dt>Name</dt><dd><p>a</p></dd><dt><strong>size</strong> (<em>int</em>)</dt><dd><p>how\nmany</p></dd><dt>Returns</dt><dd><p>b</p></dd></dl>",
    );
    check(
        "-a          all\n--file=F, -f F\n            the file",
        "<dl class=\"option-list\"><dt><code>-a</code></dt><dd><p>all</p></dd><dt><code>--file=F, -f F</code></dt><dd><p>the file</p></dd></dl>",
    );
    check(
        "| a\n| b\n  c",
        "<div class=\"line-block\"><div class=\"line\">a</div><div class=\"line\">b c</div></div>",
    );
    check("a\n\n   b\n\nc", "<p>a</p><blockquote><p>b</p></blockquote><p>c</p>");
    check(":orphan:\n\na", "<p>a</p>");
}

#[test]
fn boxes_and_changes() {
    check(
        ".. note:: a\n   b\n\n   - c\n",
        "<div class=\"admonition note\"><p>a\nb</p><ul><li><p>c</p></li></ul></div>",
    );
    check(".. warning::\n\n   a", "<div class=\"admonition warning\"><p>a</p></div>");
    check(
        ".. admonition:: Mind *it*\n   :class: tip\n\n   a",
        "<div class=\"admonition tip\"><p class=\"admonition-title\">Mind <em>it</em></p><p>a</p></div>",
    );
    check(
        ".. versionadded:: 1.2\n   The ``x``.",
        "<div class=\"versionadded\"><p><span class=\"versionmodified added\">Added in version 1.2: </span>The <code>x</code>.</p></div>",
    );
    check(".. dropdown:: More\n\n   a", "<details><summary>More</summary><p>a</p></details>");
    check(".. unknown-thing:: x\n\n   a *b*", "<p>a <em>b</em></p>");
    check(".. contents::\n   :local:\n\n.. a comment\n   of two lines\n\n..\n\n   gone\n\na", "<p>a</p>");
}

#[test]
fn grids_with_spans() {
    check(
        "+-----+-----+\n| A   | B   |\n+=====+=====+\n| a   | - b |\n|     | - c |\n+-----+-----+\n| d         |\n+-----------+\n",
        "<table><thead><tr><th><p>A</p></th><th><p>B</p></th></tr></thead><tbody><tr><td><p>a</p></td><td><ul><li><p>b</p></li><li><p>c</p></li></ul></td></tr><tr><td colspan=\"2\"><p>d</p></td></tr></tbody></table>",
    );
    check(
        "+---+---+\n| a | b |\n|   +---+\n|   | c |\n+---+---+\n\nd",
        "<table><tbody><tr><td rowspan=\"2\"><p>a</p></td><td><p>b</p></td></tr><tr><td><p>c</p></td></tr></tbody></table><p>d</p>",
    );
}

#[test]
fn simple_tables() {
    check(
        "=====  =====\nA      B\n=====  =====\na      ``x`` and\n       more\nb      c d e f\n=====  =====\n\nend",
        "<table><thead><tr><th><p>A</p></th><th><p>B</p></th></tr></thead><tbody><tr><td><p>a</p></td><td><p><code>x</code> and\nmore</p></td></tr><tr><td><p>b</p></td><td><p>c d e f</p></td></tr></tbody></table><p>end</p>",
    );
    check(
        "== ==\na  b\n== ==\n",
        "<table><tbody><tr><td><p>a</p></td><td><p>b</p></td></tr></tbody></table>",
    );
}

#[test]
fn tables_as_lists_and_values() {
    check(
        ".. list-table:: T\n   :header-rows: 1\n   :widths: 1 2\n\n   * - A\n     - B\n   * - a\n     - b\n\n       c\n",
        "<table><caption>T</caption><thead><tr><th><p>A</p></th><th><p>B</p></th></tr></thead><tbody><tr><td><p>a</p></td><td><p>b</p><p>c</p></td></tr></tbody></table>",
    );
    check(
        ".. csv-table::\n   :header: A, \"B, b\"\n\n   1, \"x \"\"y\"\"\"\n   2, ``z``\n",
        "<table><thead><tr><th><p>A</p></th><th><p>B, b</p></th></tr></thead><tbody><tr><td><p>1</p></td><td><p>x &quot;y&quot;</p></td></tr><tr><td><p>2</p></td><td><p><code>z</code></p></td></tr></tbody></table>",
    );
}

#[test]
fn pictures_formulas_and_substitutions() {
    check(
        ".. image:: a.png\n   :alt: A\n   :target: https://d.example\n",
        "<p><a href=\"https://d.example\"><img src=\"a.png\" alt=\"A\"></a></p>",
    );
    check(
        ".. figure:: a.png\n\n   The *words*.\n\n   More.",
        "<figure><img src=\"a.png\" alt=\"\"><figcaption>The <em>words</em>.</figcaption></figure><p>More.</p>",
    );
    check(
        ".. math:: a = b\n\n   c",
        "<p><span class=\"math display\">a = b</span></p><p><span class=\"math display\">c</span></p>",
    );
    check(
        "|v| by |logo| |copy| |none|\n\n.. |v| replace:: version **2**\n.. |logo| image:: l.png\n   :alt: L\n.. |copy| unicode:: 0xA9\n",
        "<p>version <strong>2</strong> by <img src=\"l.png\" alt=\"L\"> © |none|</p>",
    );
    check(
        ".. toctree::\n   :maxdepth: 2\n   :caption: Parts\n\n   guide\n   The API <api/index>\n",
        "<p><strong>Parts</strong></p><ul><li><a href=\"guide\">guide</a></li><li><a href=\"api/index\">The API</a></li></ul>",
    );
}

#[test]
fn entries_of_a_reference() {
    check(
        ".. py:function:: f(a, *b)\n                 f(a)\n\n   Does *it*.\n\n   :param a: one\n",
        "<dl class=\"py\"><dt class=\"sig\"><code>f(a, *b)</code></dt><dt class=\"sig\"><code>f(a)</code></dt><dd><p>Does <em>it</em>.</p><dl class=\"field-list\"><dt><strong>a</strong></dt><dd><p>one</p></dd></dl></dd></dl>",
    );
}

#[test]
fn hostile_texts_end() {
    let stairs: String = (0..700).map(|depth| format!("{}a\n\n", " ".repeat(depth))).collect();
    let nested: String = (0..500).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect();
    let ticks = "`".repeat(20_000);
    let stars = "*a ".repeat(4_000);
    let grid = format!("{}\n", "+-".repeat(3_000)).repeat(60);
    for text in
        [stairs, nested, ticks, stars, grid, "|".repeat(20_000), ":a:`".repeat(9_000), "_".repeat(9_000)]
    {
        assert!(to_html(&text).len() < 4_000_000);
    }
}
