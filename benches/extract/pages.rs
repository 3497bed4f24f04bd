//! The pages that are converted: gold pages, long pages made of words, or recorded ones.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context;
use skillcrawl::archive::Archive;

use crate::planted::{Kind, Planted};

/// How many long pages are made, and how many sections each has: a quarter of a megabyte.
const LONG_PAGES: usize = 12;
const SECTIONS: usize = 48;
/// How often each gold page is read: they are short.
const GOLD_COPIES: usize = 4;

/// Words to write pages with.
const WORDS: [&str; 32] = [
    "valve", "pump", "tank", "pipe", "flow", "sensor", "opens", "closes", "slowly", "before", "after",
    "when", "the", "a", "of", "in", "level", "pressure", "reads", "sets", "value", "each", "line", "water",
    "and", "or", "is", "not", "with", "stage", "returns", "state",
];

/// A page to convert.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its address.
    pub url: String,
    /// Its HTML.
    pub html: String,
    /// What its Markdown must hold.
    pub planted: Vec<Planted>,
}

/// The gold pages of the fixtures and the long ones.
///
/// # Errors
///
/// When the fixtures cannot be read.
pub fn made() -> anyhow::Result<Vec<Sample>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/pages");
    let mut files: Vec<_> = std::fs::read_dir(&folder)?.collect::<Result<Vec<_>, _>>()?;
    files.sort_by_key(std::fs::DirEntry::path);
    let mut samples = Vec::new();
    for file in files {
        let html = std::fs::read_to_string(file.path().join("source.html"))?;
        for copy in 0..GOLD_COPIES {
            let url = format!("https://docs.example/{}/{copy}", file.file_name().to_string_lossy());
            samples.push(Sample { url, html: html.clone(), planted: Vec::new() });
        }
    }
    samples.extend((0..LONG_PAGES).map(long_page));
    Ok(samples)
}

/// The pages of an archive or of a `pages.jsonl`, each in the form that was sent, else as rendered.
///
/// # Errors
///
/// When they cannot be read.
pub fn recorded(file: &str) -> anyhow::Result<Vec<Sample>> {
    let archive = Archive::open(Path::new(file)).with_context(|| format!("cannot open `{file}`"))?;
    let mut samples = Vec::new();
    for page in archive.pages() {
        let page = page?;
        let sent =
            page.exchange.as_ref().map(|exchange| String::from_utf8_lossy(&exchange.body).into_owned());
        let html = sent.or_else(|| page.dom.map(|dom| dom.html)).unwrap_or_default();
        samples.push(Sample { url: page.url.to_string(), html, planted: Vec::new() });
    }
    Ok(samples)
}

/// A page with everything that documentation has, as MkDocs writes it: menu, header, footer and long content.
fn long_page(number: usize) -> Sample {
    let mut words = Words { state: number as u64 + 1 };
    let mut planted = Vec::new();
    let mut content = format!("<h1 id=top>{}</h1>\n", words.some(4));
    for section in 0..SECTIONS {
        push_section(&mut content, &mut words, &mut planted, number * SECTIONS + section);
    }
    let menu: String = (0..150)
        .map(|entry| {
            format!(
                "<li class=\"md-nav__item\"><a class=\"md-nav__link\" href=\"/p{entry}/\">{}</a></li>\n",
                words.some(2)
            )
        })
        .collect();
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Page {number} - Manual</title>\
         <meta name=\"generator\" content=\"mkdocs-1.6.1, mkdocs-material-9.6.1\"><style>{}</style></head><body>\
         <header class=\"md-header\"><nav><a href=\"/\">Manual</a></nav></header><nav class=\"md-nav md-nav--primary\"><ul>{menu}</ul></nav>\
         <main class=\"md-main\"><div class=\"md-content\"><article class=\"md-content__inner md-typeset\">{content}</article></div></main>\
         <footer class=\"md-footer\"><p>Made by people.</p></footer><script>{}</script></body></html>",
        ".a { color: red; }\n".repeat(400),
        "window.x = 1;\n".repeat(200),
    );
    Sample { url: format!("https://docs.example/long/{number}/"), html, planted }
}

fn push_section(content: &mut String, words: &mut Words, planted: &mut Vec<Planted>, number: usize) {
    let mut plant = |kind: Kind, forms: &[String]| planted.push(Planted { kind, forms: forms.to_vec() });
    // Writing to a string cannot fail.
    let _ = writeln!(
        content,
        "<h2 id=s{number}>{}<a class=\"headerlink\" href=\"#s{number}\">¶</a></h2>",
        words.some(3)
    );
    for _ in 0..3 {
        let _ = writeln!(
            content,
            "<p>{} <code>{}</code>, <a href=\"../other/#x{number}\">{}</a> <strong>{}</strong> {} <em>{}</em>.</p>",
            words.some(14),
            words.one(),
            words.some(2),
            words.some(2),
            words.some(12),
            words.one(),
        );
    }
    plant(Kind::Link, &[format!("(https://docs.example/long/other/#x{number})")]);
    let _ = writeln!(
        content,
        "<div class=\"language-python highlight\"><pre><span></span><code><span id=__span-{number}><a id=__c{number}></a>\
         <span class=\"k\">def</span><span class=\"w\"> </span><span class=\"nf\">f{number}</span><span class=\"p\">(</span>\
         <span class=\"n\">x</span><span class=\"p\">):</span>\n</span><span>    <span class=\"k\">return</span> \
         <span class=\"n\">x</span> <span class=\"o\">+</span> <span class=\"mi\">{number}</span>\n</span></code></pre></div>"
    );
    plant(Kind::Code, &[format!("```python\ndef f{number}(x):\n    return x + {number}\n```")]);
    let _ = writeln!(
        content,
        "<div class=\"admonition warning\"><p class=\"admonition-title\">Warning</p><p>Mind n{number}: {}.</p></div>",
        words.some(9),
    );
    plant(Kind::Note, &[format!("> [!WARNING]\n> Mind n{number}:")]);
    let _ = writeln!(
        content,
        "<ul>\n<li>{}<ol><li>{}</li><li>{}</li></ol></li>\n<li><p>{}</p></li>\n</ul>",
        words.some(6),
        words.some(4),
        words.some(5),
        words.some(7)
    );
    let _ = writeln!(content, "<table>\n<thead><tr><th>Key</th><th>Meaning</th></tr></thead>\n<tbody>");
    for row in 0..6 {
        let _ =
            writeln!(content, "<tr><td><code>k{number}_{row}|x</code></td><td>{}</td></tr>", words.some(8));
        // Code in cells may come without a backslash before its pipe, which a reader understands as well.
        plant(Kind::Cell, &[format!("k{number}_{row}\\|x"), format!("k{number}_{row}|x")]);
    }
    let _ = writeln!(content, "</tbody></table>");
    let _ = writeln!(
        content,
        "<p>So <span class=\"katex\"><span class=\"katex-mathml\"><math><semantics><mrow><msup><mi>x</mi><mn>{number}</mn></msup></mrow>\
         <annotation encoding=\"application/x-tex\">x^{{{number}}}</annotation></semantics></math></span>\
         <span class=\"katex-html\" aria-hidden=\"true\">x{number}</span></span> holds.</p>"
    );
    plant(Kind::Formula, &[format!("$x^{{{number}}}$")]);
    let _ = writeln!(
        content,
        "<div class=\"tabbed-set tabbed-alternate\" data-tabs=\"{number}:2\"><input type=radio name=t{number} id=t{number}a checked>\
         <input type=radio name=t{number} id=t{number}b><div class=\"tabbed-labels\"><label for=t{number}a>One</label>\
         <label for=t{number}b>Two{number}</label></div><div class=\"tabbed-content\"><div class=\"tabbed-block\"><p>{}</p></div>\
         <div class=\"tabbed-block\"><p>Panel{number} {}</p></div></div></div>",
        words.some(6),
        words.some(6),
    );
    plant(Kind::Tab, &[format!("**Two{number}**\n\nPanel{number} ")]);
}

/// Words in an order that is the same in every run.
struct Words {
    state: u64,
}

impl Words {
    fn one(&mut self) -> &'static str {
        // Numerical Recipes' linear congruential generator; any would do.
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        WORDS[(self.state >> 33) as usize % WORDS.len()]
    }

    fn some(&mut self, count: usize) -> String {
        (0..count).map(|_| self.one()).collect::<Vec<_>>().join(" ")
    }
}
