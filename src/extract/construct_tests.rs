//! The smallest page that shows each construct as one generator or another writes it.

use super::read_page;
use super::tests::{check, page, profiles};
use crate::config::ExtractRules;
use crate::markdown::to_markdown;

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
fn the_name_of_a_file_states_the_language_where_nothing_else_does() {
    check(
        "<figure><figcaption>src/a.toml</figcaption><pre><code>a = 1</code></pre></figure>",
        "```toml title=\"src/a.toml\"\na = 1\n```\n",
    );
    check(
        "<figure><figcaption>a.py</figcaption><pre><code class=language-text>x</code></pre></figure>",
        "**a.py**\n\n```\nx\n```\n",
    );
    let tabs = |label: &str| {
        format!(
            "<div class=tabs><div role=tablist><button role=tab>{label}</button><button role=tab>B</button></div>\
                 <div role=tabpanel><pre>a = 1</pre></div><div role=tabpanel><p>b</p></div></div>"
        )
    };
    check(&tabs("a.toml"), "**a.toml**\n\n```toml\na = 1\n```\n\n**B**\n\nb\n");
    check(&tabs("Next.js"), "**Next.js**\n\n```\na = 1\n```\n\n**B**\n\nb\n");
}

#[test]
fn a_link_in_code_takes_no_space_from_the_code_around_it() {
    check(
        "<p>(<code><span>str</span> | <span>int</span> | <a href=p>Path</a> | None</code>)</p>",
        "(`str | int |` [`Path`](https://docs.example/guide/p) `| None`)\n",
    );
    check("<p><code>Vec&lt;<a href=t>T</a>&gt;</code></p>", "`Vec<`[`T`](https://docs.example/guide/t)`>`\n");
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
fn versions_of_a_listing_are_blocks_of_their_own() {
    check(
        "<pre><input type=checkbox><code class='language-js mjs'>a</code><code class='language-js cjs'>b</code></pre>",
        "```javascript\na\n```\n\n```javascript\nb\n```\n",
    );
    check("<pre><code>a</code>\n<code>b</code></pre>", "```\na\nb\n```\n");
}

#[test]
fn what_a_word_of_code_shows_when_pointed_at_is_no_code() {
    // Shiki's twoslash in VitePress, with what floats over a word as a `div` within the line.
    check(
        "<pre class='shiki twoslash'><code><span class=line>let <span><div class=v-popper><span>a</span>\
         <div class=twoslash-floating><div>let a: 1</div></div></div></span> = 1</span>\n<span class=line>a</span>\
         <div class='twoslash-meta-line twoslash-error-line'>An error.</div></code></pre>",
        "```\nlet a = 1\na\n```\n",
    );
    // Expressive Code's.
    check(
        "<pre data-language=ts><code><div class=ec-line><div class=code>let <span class=twoslash-hover>\
         <div class=twoslash-popup-container><code class=twoslash-popup-code><pre><code><div class=ec-line>let a</div></code></pre>\
         </code></div><span>a</span></span></div></div></code></pre>",
        "```typescript\nlet a\n```\n",
    );
}

#[test]
fn folded_lines_are_code_and_what_folds_them_is_not() {
    check(
        "<pre><code><details><summary><div>2 collapsed lines</div></summary><div>a</div><div>b</div></details><div>c</div></code></pre>",
        "```\na\nb\nc\n```\n",
    );
}

#[test]
fn diagrams_without_the_margin_of_a_template() {
    check("<pre class=mermaid>\n        graph LR\n A-->B\n    </pre>", "```mermaid\ngraph LR\n A-->B\n```\n");
    check("<pre class=mermaid>\n    a\n      b\n\n    c\n</pre>", "```mermaid\na\n  b\n\nc\n```\n");
}

#[test]
fn lines_of_verse_stay_lines() {
    check(
        "<div class=line-block><div class=line>one</div><div class=line-block><div class=line>two</div></div></div><p>End.</p>",
        "one\\\ntwo\n\nEnd.\n",
    );
    check("<div class=line-block><p>No lines.</p></div>", "No lines.\n");
}

#[test]
fn a_list_in_columns_is_one_list() {
    check(
        "<table class=hlist><tr><td><ul><li>a</li><li>b</li></ul></td><td><ul><li>c</li></ul></td></tr></table>",
        "- a\n- b\n- c\n",
    );
}

#[test]
fn ordered_lists_count_as_the_page_says() {
    check("<ol start=3><li>a</li><li>b</li></ol>", "3. a\n4. b\n");
    check("<ol><li>a</li><li value=7>b</li><li>c</li></ol>", "1. a\n\n7) b\n8) c\n");
    check("<ol><li value=4>a</li><li>b</li></ol>", "4. a\n5. b\n");
    check("<ol reversed><li>a</li><li>b</li></ol>", "2. a\n\n1) b\n");
    check("<ol start=-1><li>a</li><li value=x>b</li></ol>", "1. a\n2. b\n");
    check("<ol><li></li><li>a</li></ol>", "1. a\n");
    check("<ul><li value=3>a</li></ul>", "- a\n");
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

#[test]
fn other_languages_and_the_way_up_as_a_picture_are_no_content() {
    check(
        "<h1>T</h1><p><span>Languages: </span><a href=../en/t>en</a> | <a href=../fr/t hreflang=fr rel=alternate>fr</a></p>\
         <p>x</p><div><a href=#t><img alt=top src=up.gif></a></div>",
        "# T\n\nx\n",
    );
}

#[test]
fn the_heading_of_a_sidebar_is_not_that_of_the_page() {
    let title =
        |html: &str| read_page(&page(None, Some(html), None), profiles(), &ExtractRules::default()).document;
    let sidebar = "<title>sails</title><main><aside><h1><a href=/>Harbour</a></h1></aside><article><h2>Sails</h2><p>All \
                   of them.</p></article></main>";
    let document = title(sidebar);
    assert_eq!(document.title, "sails");
    assert_eq!(to_markdown(&document), "## Sails\n\nAll of them.\n");
}

#[test]
fn the_title_element_names_the_site_behind_the_page_or_in_its_place() {
    let site = |title: &str, heading: &str| {
        let html = format!("<title>{title}</title><main>{heading}<p>All of them.</p></main>");
        read_page(&page(None, Some(&html), None), profiles(), &ExtractRules::default()).document.site
    };
    assert_eq!(site("Sails | Harbour", "<h1>Sails</h1>").as_deref(), Some("Harbour"));
    assert_eq!(site("Sails - Gear - Harbour", "").as_deref(), Some("Harbour"));
    assert_eq!(site("Sails | Harbour - for boats", "<h1>Sails</h1>").as_deref(), Some("Harbour"));
    assert_eq!(site("Harbour", "<h2>Sails</h2>").as_deref(), Some("Harbour"));
    assert_eq!(site("Sails", "<h1>Sails</h1>"), None);
    assert_eq!(site("", "<h1>Sails</h1>"), None);
}
