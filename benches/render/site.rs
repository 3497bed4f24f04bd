//! The site that is crawled: a client-rendered application with a Markdown file a page, all of it made here, the same
//! bytes on every run.
//!
//! The parts are what such sites have: a framework of some 150 KB, a style sheet, pictures, a menu with every page, a
//! second request whose answer is shown late, and a third party's script.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::check::Expected;

const INDEX: &str = include_str!("site/index.html");
const APP: &str = include_str!("site/app.js");
const FRAMEWORK: &str = include_str!("site/framework.js");
const STYLE: &str = include_str!("site/style.css");

/// How large the framework's script is made, in bytes.
const FRAMEWORK_SIZE: usize = 150_000;
const PAGES_PER_GROUP: usize = 20;

/// How the application tells its pages apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Router {
    /// By path, as `/docs/page-7`.
    History,
    /// By fragment, as `/hash/#/page-7`.
    Hash,
}

impl Router {
    /// The path below which the pages are.
    pub fn base(self) -> &'static str {
        match self {
            Self::History => "/docs/",
            Self::Hash => "/hash/",
        }
    }
}

/// A file as it is served.
#[derive(Clone, Debug)]
pub struct File {
    /// The `Content-Type`.
    pub media_type: &'static str,
    /// The body.
    pub body: Vec<u8>,
}

/// Path and query of every address, and what is there.
pub type Files = BTreeMap<String, File>;

/// The files of a site with so many pages; `tracker` is the address of the third party's script.
pub fn files(pages: usize, tracker: &str) -> Files {
    let mut files = Files::new();
    let mut put = |path: String, media_type, body: Vec<u8>| files.insert(path, File { media_type, body });
    put("/assets/framework.js".into(), "text/javascript", framework().into_bytes());
    put("/assets/app.js".into(), "text/javascript", APP.replace("TRACKER", tracker).into_bytes());
    put("/assets/style.css".into(), "text/css", STYLE.into());
    put("/assets/logo.png".into(), "image/png", picture(64));
    put("/assets/diagram.png".into(), "image/png", picture(640));
    put("/t.js".into(), "text/javascript", b"window.visits = (window.visits || 0) + 1;".to_vec());
    put("/content/nav.json".into(), "application/json", navigation(pages).into_bytes());
    for number in 1..=pages {
        put(format!("/content/page-{number}.md"), "text/markdown", page(number).into_bytes());
        put(format!("/content/page-{number}.json"), "application/json", meta(number, pages).into_bytes());
        put(format!("/docs/page-{number}"), "text/html", shell(Router::History));
    }
    put("/docs/".into(), "text/html", shell(Router::History));
    put("/hash/".into(), "text/html", shell(Router::Hash));
    files
}

/// Path and fragment of every page, with what it has to hold.
pub fn expected(router: Router, pages: usize) -> Vec<(String, Expected)> {
    (1..=pages)
        .map(|number| {
            let path = match router {
                Router::History => format!("/docs/page-{number}"),
                Router::Hash => format!("/hash/#/page-{number}"),
            };
            let links =
                format!("href=\"{}", if router == Router::Hash { "/hash/#/page-" } else { "/docs/page-" });
            let expected = Expected {
                texts: vec![format!("{}.</p>", last_words(number)), token(number)],
                counts: vec![
                    ("<h2".to_owned(), sections(number)),
                    ("<pre".to_owned(), sections(number)),
                    ("<tr".to_owned(), 6 * sections(number).div_ceil(2)),
                    (links, pages),
                ],
            };
            (path, expected)
        })
        .collect()
}

fn shell(router: Router) -> Vec<u8> {
    let name = if router == Router::Hash { "hash" } else { "history" };
    INDEX.replace("ROUTER", name).replace("BASE", router.base()).into_bytes()
}

fn sections(number: usize) -> usize {
    5 + number % 4
}

fn last_words(number: usize) -> String {
    format!("These are the last words of page {number}")
}

fn token(number: usize) -> String {
    format!("related-token-{number}-end")
}

fn title(number: usize) -> String {
    const SUBJECTS: [&str; 8] = [
        "Tensors",
        "Schedulers",
        "Pipelines",
        "Datasets",
        "Optimizers",
        "Checkpoints",
        "Samplers",
        "Kernels",
    ];
    format!("{} in practice, part {number}", SUBJECTS[number % SUBJECTS.len()])
}

fn page(number: usize) -> String {
    let mut text = format!("# {}\n\n{}\n", title(number), paragraph(number, 0));
    for section in 1..=sections(number) {
        let _ = write!(text, "\n## Step {section} of {number}\n\n{}\n", paragraph(number, section));
        let _ = write!(text, "\n```python\n{}```\n\n{}\n", code(number, section), paragraph(section, number));
        if section % 2 == 1 {
            text.push_str("\n### Options\n\n| Option | Type | Default |\n| --- | --- | --- |\n");
            for row in 1..=5 {
                let _ = writeln!(
                    text,
                    "| `option_{section}_{row}` | integer, **at least** {row} | `{}` |",
                    row * number
                );
            }
        }
        let _ =
            write!(text, "\n- a point about `step_{section}`\n- see [the next page](page-{})\n", number + 1);
        let _ = write!(text, "\n> Keep an eye on `memory` in step {section}.\n");
    }
    let _ = write!(text, "\n![How it flows](/assets/diagram.png)\n\n{}.\n", last_words(number));
    text
}

fn paragraph(one: usize, other: usize) -> String {
    const WORDS: [&str; 24] = [
        "the", "model", "reads", "each", "batch", "once", "and", "keeps", "its", "state", "beside", "a",
        "cache", "that", "is", "written", "when", "every", "worker", "has", "finished", "its", "own",
        "shard",
    ];
    let mut words: Vec<&str> =
        (0..60).map(|i| WORDS[(i * (one + 3) + i * i * (other + 1) + one) % WORDS.len()]).collect();
    words.push("so use `flush()` **before** reading");
    format!("{}.", words.join(" "))
}

fn code(number: usize, section: usize) -> String {
    let mut code = String::from("import loader\n\n");
    for line in 1..=10 {
        let _ = writeln!(code, "def step_{section}_{line}(batch, size={}):", line * number);
        let _ = writeln!(code, "    # part {line} of page {number}");
        let _ = writeln!(code, "    return loader.read(\"shard-{line}\", batch[{line}:size])");
    }
    code
}

fn navigation(pages: usize) -> String {
    let numbers: Vec<usize> = (1..=pages).collect();
    let groups: Vec<_> = numbers
        .chunks(PAGES_PER_GROUP)
        .enumerate()
        .map(|(group, numbers)| {
            let pages: Vec<_> = numbers.iter().map(|&number| link(number)).collect();
            serde_json::json!({ "title": format!("Part {}", group + 1), "pages": pages })
        })
        .collect();
    serde_json::Value::from(groups).to_string()
}

fn link(number: usize) -> serde_json::Value {
    serde_json::json!({ "page": format!("page-{number}"), "title": title(number) })
}

fn meta(number: usize, pages: usize) -> String {
    let related: Vec<_> = (1..=3)
        .map(|step| {
            let mut related = link((number + step * 7) % pages + 1);
            related["summary"] = paragraph(number, step).into();
            related
        })
        .collect();
    serde_json::json!({ "related": related, "token": token(number) }).to_string()
}

/// The framework: what works of it, and parts up to the size of a real one. Each part is compiled and run on each page.
fn framework() -> String {
    let mut script = FRAMEWORK.to_owned();
    let mut number = 0;
    while script.len() < FRAMEWORK_SIZE {
        number += 1;
        let _ = write!(
            script,
            "Framework.define('part-{number}', (size, sum) => {{\n  const state = new Map([['size', size], ['sum', sum % {0}]]);\n  \
             const keys = [...state.keys()].map((key) => `part-{number}-${{key}}`);\n  \
             for (let i = 0; i < 12; i += 1) state.set(keys[i % keys.length], (state.get('size') * i + {number}) % 97);\n  \
             return [...state.values()].reduce((total, value) => total + Number(value), 0) % {0};\n}});\n",
            number * 31 + 7
        );
    }
    script
}

/// A picture of `side` × `side` pixels: a PNG of noise, so that it has the size of a screenshot.
fn picture(side: u32) -> Vec<u8> {
    // Each row begins with the number of its filter, which is none.
    let mut noise = 12_345_u32;
    let grey = move |column: u32| {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if column == 0 { 0 } else { (noise >> 29) as u8 * 32 }
    };
    let rows: Vec<u8> = (0..side).flat_map(|_| 0..=side).map(grey).collect();
    let mut header = Vec::new();
    header.extend(side.to_be_bytes());
    header.extend(side.to_be_bytes());
    // Eight bits, grey, and the only methods that there are.
    header.extend([8, 0, 0, 0, 0]);
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    // Writing to memory does not fail.
    let _ = std::io::Write::write_all(&mut encoder, &rows);
    let data = encoder.finish().unwrap_or_default();
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, body) in [(b"IHDR", header), (b"IDAT", data), (b"IEND", Vec::new())] {
        png.extend((body.len() as u32).to_be_bytes());
        let mut sum = flate2::Crc::new();
        sum.update(kind);
        sum.update(&body);
        png.extend(kind);
        png.extend(&body);
        png.extend(sum.sum().to_be_bytes());
    }
    png
}
