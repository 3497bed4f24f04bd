//! The smallest page that shows each construct as one generator or another writes it.

use super::tests::check;

#[test]
fn the_box_of_a_listing_gives_its_name_and_its_language() {
    check(
        "<figure><figcaption>src/a.js</figcaption><pre><code class=language-js>x()</code></pre></figure>",
        "```javascript title=\"src/a.js\"\nx()\n```\n",
    );
    check(
        "<div class=k1><div class=k2><span>JS</span><button>Copy</button></div><pre><code class=language-js>x()</code></pre></div>",
        "```javascript\nx()\n```\n",
    );
    check("<div><span>YAML</span><span>Copy</span><pre>a: 1</pre></div>", "```yaml\na: 1\n```\n");
    check(
        "<div><span class=name>b.toml</span><pre data-language=toml>a = 1</pre><span>Copied!</span></div>",
        "```toml title=\"b.toml\"\na = 1\n```\n",
    );
    check("<pre data-filename=a.py class=language-py>x</pre>", "```python title=\"a.py\"\nx\n```\n");
}

#[test]
fn prose_beside_a_listing_is_no_part_of_its_box() {
    check("<div>Run this: <pre>x</pre></div>", "Run this:\n\n```\nx\n```\n");
    check(
        "<figure><figcaption><a href=#l1>Listing 1</a>: A listing</figcaption><pre>x</pre></figure>",
        "[Listing 1](https://docs.example/guide/page#l1): A listing\n\n```\nx\n```\n",
    );
    check("<div><p>Rust</p><p>and more.</p><pre>x</pre></div>", "Rust\n\nand more.\n\n```\nx\n```\n");
}

#[test]
fn listings_without_pre() {
    check("<p><code>one<br>two</code></p>", "```\none\ntwo\n```\n");
    check("<p>see <code>one<br>two</code></p>", "see `one two`\n");
    check("<div><code style='white-space: pre'>a = 1\n  b = 2</code></div>", "```\na = 1\n  b = 2\n```\n");
    check(
        "<div class=cm-content data-language=javascript><div class=cm-line>let a;</div><div class=cm-line>  b</div></div>",
        "```javascript\nlet a;\n  b\n```\n",
    );
    check(
        "<div class=fragment><div class=line><span class=lineno>  1</span>int x;</div><div class=line>  y();</div></div>",
        "```\nint x;\n  y();\n```\n",
    );
}

#[test]
fn languages_by_attribute() {
    check("<pre lang=json><code>x</code></pre>", "```json\nx\n```\n");
    check("<pre lang=en><code>x</code></pre>", "```\nx\n```\n");
    check("<pre class='lang:py decode:true'>x</pre>", "```python\nx\n```\n");
    check("<pre syntax=Python>x</pre>", "```python\nx\n```\n");
}

#[test]
fn marks_in_code_stay_out() {
    check(
        "<div class=listingblock><div class=title>app.rb</div><div class=content><pre><code class=language-ruby>puts 1 \
         <i class=conum data-value=1></i><b>(1)</b></code></pre></div></div>",
        "```ruby title=\"app.rb\"\nputs 1\n```\n",
    );
    check("<pre class=rust><span class=boring># use a;\n</span>let x;</pre>", "```rust\nlet x;\n```\n");
}

#[test]
fn headings_are_their_words() {
    check("<h3>Chi<a href=#g class=heading-anchor>Copy address</a></h3>", "### Chi\n");
    check("<h3>Psi<a href=#h>Permalink</a></h3>", "### Psi\n");
    check("<h3><a class=header-anchor href=#h><span>Omega</span></a></h3>", "### Omega\n");
    check("<div role=heading aria-level=4>Rho</div><div role=heading>Tau</div>", "#### Rho\n\n## Tau\n");
    check(
        "<dl><dt><a href=#p>permalink</a><dd>It is an option.</dl>",
        "- **[permalink](https://docs.example/guide/page#p)**\n\n  It is an option.\n",
    );
}

#[test]
fn a_folded_section_is_a_section() {
    check(
        "<details open><summary><section><h4>fn new() -&gt; Self</h4></section></summary><div><p>Makes one.</p></div></details>",
        "#### fn new() -> Self\n\nMakes one.\n",
    );
    check("<details><summary>More</summary><p>In.</p></details>", "**More**\n\nIn.\n");
}

#[test]
fn notes_by_attribute_class_and_table() {
    check("<div class=callout data-callout-type=warning><p>Hot.</p></div>", "> [!WARNING]\n> Hot.\n");
    check(
        "<div class=hint-box><p>x</p></div><div class='hint hint-warning'><p>Hot.</p></div>",
        "x\n\n> [!WARNING]\n> Hot.\n",
    );
    check("<div class=note><h1>T</h1><p>x</p></div>", "# T\n\nx\n");
    check("<aside class=tip><p>So.</p></aside><div class='note wide'>no</div>", "> [!TIP]\n> So.\n\nno\n");
    check(
        "<div class='admonitionblock note'><table><tr><td class=icon><i title=Note></i></td><td class=content>\
         <div class=title>Mind</div><p>So.</p></td></tr></table></div>",
        "> [!NOTE]\n> Mind\n>\n> So.\n",
    );
}

#[test]
fn footnotes_without_a_role() {
    check(
        "<p>See<sup><a href=#fn1 id=r>1</a></sup>.</p><ol><li id=fn1><p>Note. <a href=#ref1>\u{21A9}</a></p></li></ol>",
        "See[^1].\n\n[^1]: Note.\n",
    );
}

#[test]
fn tabs_by_style_alone() {
    check(
        "<div class=t><input type=radio name=g id=a checked><label for=a>npm</label><div><p>One.</p></div>\
         <input type=radio name=g id=b><label for=b>yarn</label><div><p>Two.</p></div></div>",
        "**npm**\n\nOne.\n\n**yarn**\n\nTwo.\n",
    );
    check(
        "<div><input type=radio name=g checked><label title='Linux'>\u{f17c}</label><input type=radio name=g>\
         <label title='Windows'>\u{f17a}</label><section><pre>$ ls</pre></section>\
         <section data-skillcrawl-hidden=display><pre>&gt; dir</pre></section></div>",
        "**Linux**\n\n```\n$ ls\n```\n\n**Windows**\n\n```\n> dir\n```\n",
    );
    check(
        "<div><ul class='nav nav-tabs'><li><a href=#x>A</a></li><li><a href=#y>B</a></li></ul><div class=tab-content>\
         <div class=tab-pane id=x>One.</div><div class=tab-pane id=y data-skillcrawl-hidden=display>Two.</div></div></div>",
        "**A**\n\nOne.\n\n**B**\n\nTwo.\n",
    );
}

#[test]
fn formulas_drawn_on_the_server() {
    check("<p>Is <img class=math src=a.png alt='x^2'> so.</p>", "Is $x^2$ so.\n");
    check("<div class=math><p><img src=a.png alt='E = mc^2'></p></div>", "$$\nE = mc^2\n$$\n");
}

#[test]
fn images_by_their_set() {
    check("<p><img srcset='a.png 1x, b.png 2x' alt=A></p>", "![A](https://docs.example/guide/a.png)\n");
}

#[test]
fn what_every_site_says_around_its_text_goes_where_no_profile_names_it() {
    check(
        "<p>Table of contents</p><h1>T</h1><p>Next to nothing.</p><p>Was this page helpful? Yes No</p><p><a href=n>Next: More</a></p>\
         <p>Last updated on May 1</p><p>Powered by a generator</p>",
        "# T\n\nNext to nothing.\n",
    );
    let entries: String =
        (0..9).map(|number| format!("<li><a href={number}>Page {number}</a></li>")).collect();
    check(&format!("<p>Keys</p><ol>{entries}</ol><h1>Site</h1><h1>T</h1><p>x</p>"), "# T\n\nx\n");
    check(
        "<h1>T</h1><p><a href=n>Next steps</a> are told there.</p>",
        "# T\n\n[Next steps](https://docs.example/guide/n) are told there.\n",
    );
}
