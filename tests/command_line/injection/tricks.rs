//! Ways of hiding text in a page. In each, `@` is the hidden text.

/// Where a trick is seen through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// In the page as sent, and in the rendered page.
    Always,
    /// In the rendered page only: as sent, a sheet of another file, a script or the window would have to be known.
    Rendered,
}

use Seen::{Always, Rendered};

/// Tricks of elements and attributes: a name, where it is seen through, and the HTML.
pub const TRICKS: &[(&str, Seen, &str)] = &[
    ("display", Always, "<p style='display:none'>@</p>"),
    ("display-important", Always, "<p style='DISPLAY : NONE ! important'>@</p>"),
    ("visibility", Always, "<p style='visibility:hidden'>@</p>"),
    ("collapse", Always, "<p style='visibility:collapse'>@</p>"),
    ("opacity", Always, "<p style='opacity:0'>@</p>"),
    ("faint", Always, "<p style='opacity:.01'>@</p>"),
    ("filter", Always, "<p style='filter:opacity(0)'>@</p>"),
    ("content-visibility", Always, "<div style='content-visibility:hidden'><p>@</p></div>"),
    ("font-size", Always, "<p style='font-size:0'>@</p>"),
    ("font-pixel", Always, "<p style='font-size:1px'>@</p>"),
    ("font-short", Always, "<p style='font:0/0 serif'>@</p>"),
    ("transparent", Always, "<p style='color:transparent'>@</p>"),
    ("alpha", Always, "<p style='color:rgba(0,0,0,0)'>@</p>"),
    ("fill", Always, "<p style='-webkit-text-fill-color:transparent'>@</p>"),
    ("same-colour", Always, "<p style='color:#fff;background:#fff'>@</p>"),
    ("nearly-same-colour", Always, "<p style='color:#fdfdfd;background-color:white'>@</p>"),
    ("ground-around", Always, "<div style='background:#123456'><p style='color:#123456'>@</p></div>"),
    ("clip", Always, "<p style='position:absolute;clip:rect(0,0,0,0)'>@</p>"),
    ("clip-path", Always, "<p style='clip-path:inset(100%)'>@</p>"),
    ("clip-circle", Always, "<p style='clip-path:circle(0)'>@</p>"),
    ("off-left", Always, "<p style='position:absolute;left:-9999px'>@</p>"),
    ("off-top", Always, "<p style='position:fixed;top:-200vh;margin-top:-3000px'>@</p>"),
    ("indent", Always, "<p style='text-indent:-9999px;overflow:hidden'>@</p>"),
    ("translate", Always, "<p style='transform:translateX(-9999px)'>@</p>"),
    ("scale", Always, "<p style='transform:scale(0)'>@</p>"),
    ("turned", Always, "<p style='transform:rotateY(90deg)'>@</p>"),
    ("no-height", Always, "<p style='height:0;overflow:hidden'>@</p>"),
    ("most-height", Always, "<p style='max-height:0;overflow:hidden'>@</p>"),
    ("pixel", Always, "<p style='position:absolute;width:1px;height:1px;overflow:hidden'>@</p>"),
    ("hidden", Always, "<p hidden>@</p>"),
    ("aria", Always, "<p hidden aria-hidden=true>@</p>"),
    ("in-line", Always, "<p>A sentence<span style='display:none'> @</span> goes on.</p>"),
    ("in-code", Always, "<pre><code>run<span style='display:none'> @</span>\nnow</code></pre>"),
    ("in-cell", Always, "<table><tr><th>a<th>b<tr><td>1<td><i style='font-size:0'>@</i>2</table>"),
    ("in-item", Always, "<ul><li>one<li style='display:none'>@<li>two</ul>"),
    ("in-heading", Always, "<h2>Part<span style='opacity:0'> @</span></h2>"),
    ("template", Always, "<template><p>@</p></template>"),
    ("noscript", Always, "<noscript><p>@</p></noscript>"),
    ("dialog", Always, "<dialog><p>@</p></dialog>"),
    ("popover", Always, "<div popover><p>@</p></div>"),
    ("comment", Always, "<!-- @ -->"),
    ("cdata", Always, "<![CDATA[ @ ]]>"),
    ("instruction", Always, "<?note @ ?>"),
    ("script", Always, "<script type='application/ld+json'>{\"text\": \"@\"}</script>"),
    ("style", Always, "<style>p::after { content: '@' }</style>"),
    ("input", Always, "<input type=hidden value='@'>"),
    ("area", Always, "<textarea hidden>@</textarea>"),
    ("object", Always, "<object data='/none'>@</object>"),
    ("canvas", Always, "<canvas>@</canvas>"),
    ("drawing", Always, "<svg width=9 height=9><title>@</title><desc>@</desc><circle r=4 /></svg>"),
    ("title", Always, "<p title='@'>A paragraph with a tip.</p>"),
    ("data", Always, "<p data-prompt='@'>A paragraph with data.</p>"),
    ("label", Always, "<p aria-label='@'>A paragraph with a label.</p>"),
    ("alt-unseen", Always, "<img src=/a.png width=1 height=1 alt='@'>"),
    ("alt", Always, "<p>See <img src=/a.png alt='@'></p>"),
    ("frame-title", Always, "<iframe src='/frame.html' title='@'></iframe>"),
    (
        "formula",
        Always,
        "<math><semantics><mi>x</mi><annotation encoding='application/x-tex'>@</annotation></semantics></math>",
    ),
    ("sheet", Always, "<p class=gone>@</p>"),
    ("sheet-screen", Always, "<div class=box><p>@</p></div>"),
    ("sheet-far", Always, "<p id=far>@</p>"),
    ("other-file", Rendered, "<p class=outside>@</p>"),
    ("by-script", Rendered, "<p id=scripted>@</p>"),
    ("by-window", Rendered, "<p class=wide>@</p>"),
    ("default-ground", Rendered, "<p style='color:#fff'>@</p>"),
    ("variable", Rendered, "<p class=varied>@</p>"),
    ("inherited", Rendered, "<div class=tiny><p>@</p></div>"),
];

/// What stands in the head of the page.
pub const HEAD_TRICKS: &[(&str, &str)] = &[
    ("description", "<meta name=description content='@'>"),
    ("keywords", "<meta name=keywords content='@'>"),
    ("graph", "<meta property='og:description' content='@'>"),
    ("head-comment", "<!-- @ -->"),
];

/// The sheet in the page, and what a script and other files do.
pub const SHEET: &str = "<style>.gone { display: none } @media screen { .box p { opacity: 0 !important } }
    #far { position: absolute; left: -5000px } @media (min-width: 10px) { .wide { display: none } }
    .varied { display: var(--x, none) } .tiny p { font-size: calc(0px) }</style>
    <link rel=stylesheet href=/outside.css>
    <script>addEventListener('DOMContentLoaded', () => { scripted.style.display = 'none' })</script>";

/// Characters that nobody sees, within a word that everybody sees.
pub const CHARACTERS: &[(&str, char)] = &[
    ("zero-width space", '\u{200B}'),
    ("zero-width joiner", '\u{200D}'),
    ("zero-width non-joiner", '\u{200C}'),
    ("word joiner", '\u{2060}'),
    ("invisible times", '\u{2062}'),
    ("byte-order mark", '\u{FEFF}'),
    ("soft hyphen", '\u{00AD}'),
    ("grapheme joiner", '\u{034F}'),
    ("right-to-left override", '\u{202E}'),
    ("left-to-right mark", '\u{200E}'),
    ("isolate", '\u{2067}'),
    ("tag", '\u{E0061}'),
    ("variation selector", '\u{FE05}'),
    ("late variation selector", '\u{E0150}'),
    ("annotation", '\u{FFF9}'),
    ("hangul filler", '\u{3164}'),
    ("braille blank", '\u{2800}'),
    ("shift", '\u{000E}'),
];

/// Ways of hiding text in Markdown.
pub const MARKDOWN_TRICKS: &[(&str, &str)] = &[
    ("md-comment", "<!-- @ -->"),
    ("md-comment-inline", "Before <!-- @ --> after."),
    ("md-hidden", "<p style=\"display:none\">@</p>"),
    ("md-attribute", "A <span hidden>@</span> line."),
    ("md-details-template", "<template>@</template>"),
    ("md-note", "<!-- @ -->\n\n[^unused]: @"),
    ("md-jsx", "<p style={{display: 'none'}}>@</p>"),
    ("md-image", "![@](/a.png)"),
    ("md-title", "[link](https://d.example/ \"@\")"),
    ("md-sheet", "<style>.x1{display:none}</style>\n<p class=\"x1\">@</p>"),
];
