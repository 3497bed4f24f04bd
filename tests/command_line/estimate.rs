//! `skillcrawl estimate`: within a tenth of what the crawl then finds, for a fiftieth of its requests or twenty, on sites
//! of every kind.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use serde_json::{Value, json};

use crate::support::sandbox::Sandbox;
use crate::support::server::{Canned, Site, SiteServer};

/// The most requests of an estimate of a small site.
const REQUESTS: usize = 20;

/// What an estimate said, and what the crawl then found.
pub struct Compared {
    pub estimate: Value,
    pub likely: u64,
    pub kept: u64,
}

/// Estimates and crawls a site, each counted at its servers, and holds the two to each other.
#[track_caller]
pub fn check(servers: &[&SiteServer], config: &Value) -> Compared {
    let compared = compare(servers, config);
    let (likely, kept) = (compared.likely, compared.kept);
    let off = likely.abs_diff(kept) * 10;
    assert!(off <= kept, "{likely} estimated, {kept} found: {:#}", compared.estimate);
    let pages = &compared.estimate["pages"];
    let (low, high) = (pages["low"].as_u64().unwrap(), pages["high"].as_u64().unwrap());
    assert!(low <= kept && kept <= high, "{kept} found, not from {low} to {high}: {:#}", compared.estimate);
    compared
}

#[track_caller]
fn compare(servers: &[&SiteServer], config: &Value) -> Compared {
    let asked_in_all = || servers.iter().map(|server| server.paths().len()).sum::<usize>();
    let earlier = asked_in_all();
    let asked = || asked_in_all() - earlier;
    let sandbox = Sandbox::new();
    sandbox.config("site", config);
    let run = sandbox.run_with_browser(&["estimate", "site", "--json"]).expect_code(0);
    let estimate = run.json();
    let for_estimate = asked();
    assert_eq!(sandbox.files(""), ["configs/site.json"], "it leaves nothing behind");
    let run = sandbox.run_with_browser(&["scrape", "site", "--json"]).expect_code(0);
    let kept = run.json()["pages"]["kept"].as_u64().unwrap();
    let for_crawl = asked() - for_estimate;
    let most = REQUESTS.max(for_crawl / 50);
    assert!(for_estimate <= most, "{for_estimate} requests for a crawl of {for_crawl}: {estimate:#}");
    assert_eq!(estimate["survey"]["requests"], for_estimate, "{estimate:#}");
    let likely = estimate["pages"]["likely"].as_u64().unwrap();
    println!(
        "{likely} ({}-{}) estimated, {kept} found; {for_estimate} and {for_crawl} requests",
        estimate["pages"]["low"], estimate["pages"]["high"]
    );
    // What is recorded is counted, and nobody is asked.
    let before = asked();
    let again = sandbox.run(&["estimate", "site", "--json"]).expect_code(0).json();
    assert_eq!(asked(), before);
    assert_eq!(
        (&again["pages"]["likely"], &again["survey"]["recorded"]),
        (&json!(kept), &json!(true)),
        "{again:#}"
    );
    Compared { estimate, likely, kept }
}

fn config(server: &SiteServer, render: &str) -> Value {
    json!({"name": "site", "base_url": server.url("/"), "rate_limit": 0, "render": render})
}

/// A page with words of its own.
fn page(title: &str, links: &[String], menu: &[String]) -> Canned {
    let list = |links: &[String]| -> String {
        links.iter().map(|link| format!("<li><a href=\"{link}\">{link}</a></li>")).collect()
    };
    let mut state = title.bytes().fold(17_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    let mut word = || -> String {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (0..6)
            .map(|place| char::from(b'a' + u8::try_from((state >> (8 + place * 3)) % 26).unwrap()))
            .collect()
    };
    let own = (0..40).map(|_| word()).collect::<Vec<_>>().join(" ");
    Canned::html(format!(
        "<html><head><title>{title}</title></head><body><nav><ul>{}</ul></nav><main><h1>{title}</h1><p>This is what there \
         is to say about {title}: {own} and that is all, save for a few words that every page has.</p><ul>{}</ul></main>\
         </body></html>",
        list(menu),
        list(links)
    ))
}

fn sitemap(host: &str, paths: &[String]) -> Canned {
    let urls: String = paths.iter().map(|path| format!("<url><loc>{host}{path}</loc></url>")).collect();
    let headers = vec![("content-type", "application/xml".to_owned())];
    Canned { status: 200, headers, body: format!("<urlset>{urls}</urlset>") }
}

#[test]
fn a_site_with_a_complete_sitemap() {
    let paths: Vec<String> =
        (0..160).map(|number| format!("/guide/part{}/page{number}", number % 9)).collect();
    let server = SiteServer::start(Site::default());
    let mut site = Site::default().with("/", page("Home", &paths[..5], &[]));
    site = site.with("/sitemap.xml", sitemap(&server.url(""), &paths));
    for (number, path) in paths.iter().enumerate() {
        let links = [paths[(number * 7 + 3) % 160].clone(), paths[(number * 13 + 5) % 160].clone()];
        site = site.with(path, page(&format!("Page {number}"), &links, &[]));
    }
    server.serve(site);
    let compared = check(&[&server], &config(&server, "auto"));
    assert_eq!(compared.kept, 161);
    assert_eq!(compared.estimate["crawl"]["needs_browser"], 0.0, "{:#}", compared.estimate);
    let tokens = compared.estimate["skill"]["tokens"].as_u64().unwrap();
    assert!((5_000..60_000).contains(&tokens), "{tokens}");
}

#[test]
fn a_site_whose_sitemap_lacks_a_third() {
    let paths: Vec<String> = (0..150).map(|number| format!("/docs/page{number}")).collect();
    let server = SiteServer::start(Site::default());
    let listed: Vec<String> =
        paths.iter().enumerate().filter(|(at, _)| at % 3 > 0).map(|(_, path)| path.clone()).collect();
    let mut site = Site::default().with("/", page("Home", &paths[..3], &[]));
    site = site.with("/sitemap.xml", sitemap(&server.url(""), &listed));
    for (number, path) in paths.iter().enumerate() {
        let links: Vec<String> =
            (1..7).map(|step| paths[(number * 31 + step * step * 17 + step) % 150].clone()).collect();
        site = site.with(path, page(&format!("Page {number}"), &links, &[]));
    }
    server.serve(site);
    let compared = check(&[&server], &config(&server, "never"));
    assert_eq!(compared.kept, 151);
}

/// Pages as Sphinx makes them, each with links to its neighbours alone, and an inventory of all.
#[test]
fn a_sphinx_site_with_an_inventory() {
    let sandbox = Sandbox::new();
    std::fs::create_dir_all(sandbox.path("site/guide")).unwrap();
    let mut lines = String::from("index std:doc -1 index.html Home\n");
    let write = |name: &str, next: usize| {
        let text: String = (0..60).map(|word| format!("{name} word{word} ")).collect();
        let html = format!(
            "<html><head><meta name=\"generator\" content=\"Docutils 0.19\"><title>{name}</title>\
             <script id=\"documentation_options\" data-url_root=\"./\" src=\"/_static/documentation_options.js\"></script></head>\
             <body><div class=\"document\"><div class=\"documentwrapper\"><div class=\"bodywrapper\"><div class=\"body\" \
             role=\"main\"><section id=\"a\"><h1>{name}</h1><p>{text}</p><a href=\"/guide/p{next}.html\">next</a></section></div>\
             </div></div></div><div class=\"footer\">Created using <a href=\"https://www.sphinx-doc.org/\">Sphinx</a></div>\
             </body></html>"
        );
        sandbox.write(&format!("site/{name}.html"), &html);
    };
    write("index", 0);
    for number in 0..130 {
        write(&format!("guide/p{number}"), (number + 1) % 130);
        lines.push_str(&format!("guide/p{number} std:doc -1 guide/p{number}.html Page {number}\n"));
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(lines.as_bytes()).unwrap();
    let head = b"# Sphinx inventory version 2\n# Project: x\n# Version: 1\n# The remainder is zlib.\n";
    let whole = [&head[..], &packed.finish().unwrap()].concat();
    std::fs::write(sandbox.path("site/objects.inv"), whole).unwrap();
    let server = SiteServer::start(Site::folder(sandbox.path("site")));
    let compared = check(&[&server], &config(&server, "auto"));
    assert_eq!(compared.kept, 131);
}

#[test]
fn a_site_whose_menu_is_on_each_page() {
    let paths: Vec<String> = (0..110).map(|number| format!("/part{}/page{number}", number / 15)).collect();
    let mut site = Site::default().with("/", page("Home", &[], &paths));
    for (number, path) in paths.iter().enumerate() {
        site = site.with(path, page(&format!("Page {number}"), &[], &paths));
    }
    let server = SiteServer::start(site);
    assert_eq!(check(&[&server], &config(&server, "auto")).kept, 111);
}

#[test]
fn a_site_with_a_sidebar_for_each_section() {
    let sizes = [9, 21, 14, 6, 30, 12, 17, 8];
    let sections: Vec<String> = (0..sizes.len()).map(|section| format!("/section{section}/")).collect();
    let mut site = Site::default().with("/", page("Home", &sections, &[]));
    let mut count = 1;
    for (section, size) in sizes.iter().enumerate() {
        let root = &sections[section];
        let own: Vec<String> = (0..*size).map(|number| format!("{root}page{number}")).collect();
        let menu = [sections.clone(), own.clone()].concat();
        site = site.with(root, page(&format!("Section {section}"), &[], &menu));
        for path in &own {
            site = site.with(path, page(path, &[], &menu));
        }
        count += 1 + *size;
    }
    let server = SiteServer::start(site);
    assert_eq!(check(&[&server], &config(&server, "auto")).kept, count);
}

/// The names below a folder of the tree, irregular.
fn children(path: &str) -> Vec<String> {
    let depth = path.trim_matches('/').split('/').filter(|part| !part.is_empty()).count();
    let seed = path.bytes().fold(7_usize, |sum, byte| (sum * 31 + usize::from(byte)) % 1009);
    let count = match depth {
        0 => 7,
        1 => 5 + seed % 3,
        2 => 4 + seed % 3,
        _ => 0,
    };
    let names = ["install", "run", "tune", "deploy", "watch", "repair", "retire"];
    names[..count]
        .iter()
        .map(|name| format!("{path}{}{name}/", ["", "to-", "how-to-"][depth.min(2)]))
        .collect()
}

#[test]
fn a_deep_tree_of_links() {
    let mut site = Site::default();
    let (mut pending, mut count) = (vec!["/".to_owned()], 0);
    while let Some(path) = pending.pop() {
        let below = children(&path);
        let up =
            path.trim_end_matches('/').rsplit_once('/').map_or("/".to_owned(), |(up, _)| format!("{up}/"));
        site = site.with(
            &path,
            page(&format!("Tree {path}"), &[below.clone(), vec![up]].concat(), &["/".to_owned()]),
        );
        pending.extend(below);
        count += 1;
    }
    let server = SiteServer::start(site);
    assert_eq!(check(&[&server], &config(&server, "auto")).kept, count);
}

const APPLICATION: &str = "<!doctype html><html><head><title>App</title></head><body><div id=app>Loading…</div>\
                           <script src=/app.js></script></body></html>";

/// Draws the page of the address, with a menu of all.
fn script(pages: usize) -> String {
    format!(
        "const n = {pages}; const at = location.pathname.split('/').pop() || 'home';\
         const words = Array.from({{length: 60}}, (_, i) => at + ' says word ' + i).join(', ');\
         const menu = Array.from({{length: n}}, (_, i) => `<li><a href=\"/topic/p${{i}}\">Topic ${{i}}</a></li>`).join('');\
         document.title = at;\
         document.getElementById('app').innerHTML = `<nav><ul>${{menu}}</ul></nav><main><h1>About ${{at}}</h1><p>${{words}}</p></main>`;"
    )
}

#[test]
fn an_application_that_draws_itself() {
    let mut site = Site::default().with("/", Canned::html(APPLICATION));
    for number in 0..70 {
        site = site.with(&format!("/topic/p{number}"), Canned::html(APPLICATION));
    }
    let headers = vec![("content-type", "text/javascript".to_owned())];
    site = site.with("/app.js", Canned { status: 200, headers, body: script(70) });
    let server = SiteServer::start(site);
    let compared = check(&[&server], &config(&server, "auto"));
    assert_eq!(compared.kept, 71);
    assert_eq!(compared.estimate["crawl"]["needs_browser"], 1.0, "{:#}", compared.estimate);
}

/// A calendar without an end beside forty pages.
fn calendar(path: &str) -> Option<Canned> {
    let month: u32 = path.strip_prefix("/calendar/")?.parse().ok()?;
    let links = [format!("/calendar/{}", month + 1), format!("/calendar/{}", month.saturating_sub(1))];
    let list: String = links.iter().map(|link| format!("<a href=\"{link}\">other</a> ")).collect();
    Some(Canned::html(format!(
        "<title>Events</title><main><h1>Events in month {month}</h1><p>Nothing is planned for this time. Look at another \
         one with the links below, or subscribe to the calendar to be told when there is something again.</p>{list}</main>"
    )))
}

#[test]
fn a_trap_does_not_make_it_explode() {
    let mut paths: Vec<String> = (0..40)
        .map(|number| format!("/topics/{}", "abcdefghij"[number % 10..].to_owned() + &number.to_string()))
        .collect();
    paths.push("/calendar/300".to_owned());
    let mut site = Site::default().computed(calendar).with("/", page("Home", &paths, &[]));
    for path in &paths[..40] {
        site = site
            .with(path, page(path, &[format!("{path}?print=1"), format!("{path}?sort=up&view=list")], &[]));
    }
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    sandbox.config("site", &config(&server, "never"));
    let estimate = sandbox.run(&["estimate", "site", "--json"]).expect_code(0).json();
    assert!(server.paths().len() <= REQUESTS, "{estimate:#}");
    let likely = estimate["pages"]["likely"].as_u64().unwrap();
    assert!((36..=80).contains(&likely), "{estimate:#}");
}

#[test]
fn a_repository_on_a_forge() {
    const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";
    let files: Vec<String> = (0..60)
        .map(|number| format!("docs/part{}/page{number}.md", number % 7))
        .chain(["README.md".to_owned()])
        .collect();
    let mut raw = Site::default();
    for file in &files {
        let text = format!("# {file}\n\n{}\n", format!("What {file} says. ").repeat(12));
        raw = raw.with(&format!("/acme/tool/{COMMIT}/{file}"), Canned::text(text));
    }
    let answer = |value: Value| Canned {
        status: 200,
        headers: vec![("content-type", "application/json".to_owned())],
        body: value.to_string(),
    };
    let mut tree: Vec<Value> =
        files.iter().map(|path| json!({"path": path, "type": "blob", "mode": "100644"})).collect();
    tree.push(json!({"path": "src/tool.py", "type": "blob", "mode": "100644"}));
    let api = Site::default().with("/repos/acme/tool/commits/HEAD", answer(json!({"sha": COMMIT}))).with(
        &format!("/repos/acme/tool/git/trees/{COMMIT}?recursive=1"),
        answer(json!({"sha": COMMIT, "tree": tree, "truncated": false})),
    );
    let (api, raw) = (SiteServer::start(api), SiteServer::start(raw));
    let config = json!({
        "name": "site", "base_url": "https://github.com/acme/tool", "rate_limit": 0,
        "repository": {
            "raw": raw.url("/{owner}/{repo}/{commit}/{path}"),
            "commit": api.url("/repos/{owner}/{repo}/commits/{ref}"),
            "tree": api.url("/repos/{owner}/{repo}/git/trees/{commit}?recursive=1"),
        },
    });
    assert_eq!(check(&[&api, &raw], &config).kept, 61);
}

#[test]
fn a_large_site_gets_remarks() {
    let paths: Vec<String> = (0..900)
        .map(|number| match number % 9 {
            0..=2 => format!("/api/a{number}"),
            3..=5 => format!("/guide/g{number}"),
            6 | 7 => format!("/tutorials/t{number}"),
            _ => format!("/blog/b{number}"),
        })
        .collect();
    let server = SiteServer::start(Site::default());
    let mut site = Site::default().with("/", page("Home", &paths[..9], &[]));
    site = site.with("/sitemap.xml", sitemap(&server.url(""), &paths));
    for (number, path) in paths.iter().enumerate() {
        site = site.with(path, page(&format!("Page {number}"), &[], &[]));
    }
    server.serve(site);
    let sandbox = Sandbox::new();
    sandbox.config("site", &config(&server, "never"));
    let run = sandbox.run(&["estimate", "site", "--json"]).expect_code(0);
    let estimate = run.json();
    assert!(server.paths().len() <= 20, "{estimate:#}");
    assert!(estimate["pages"]["likely"].as_u64().unwrap().abs_diff(901) < 20, "{estimate:#}");
    assert_eq!(estimate["kept"], 500, "{estimate:#}");
    let remarks = &estimate["remarks"];
    assert_eq!(remarks["exclude"], json!(["/blog/"]), "{remarks:#}");
    let parts = remarks["split"].as_array().unwrap();
    assert_eq!(parts[0]["name"], "site-api", "{remarks:#}");
    assert!(parts.len() >= 2, "{remarks:#}");
    assert!(run.stderr.contains("`max_pages` ends the crawl at 500 pages"), "{}", run.stderr);
    let words = sandbox.run(&["estimate", "site"]).expect_code(0);
    assert!(words.stdout.starts_with("pages    about 9"), "{}", words.stdout);
}

#[test]
fn a_crawl_delay_counts() {
    let paths: Vec<String> = (0..30).map(|number| format!("/page{number}")).collect();
    let mut site = Site::default()
        .with("/", page("Home", &paths, &[]))
        .with("/robots.txt", Canned::text("User-agent: *\nCrawl-delay: 1\nDisallow: /page1\n"));
    for path in &paths {
        site = site.with(path, page(path, &[], &[]));
    }
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    let mut config = config(&server, "never");
    config["rate_limit"] = json!(0.1);
    sandbox.config("site", &config);
    let estimate = sandbox.run(&["estimate", "site", "--json"]).expect_code(0).json();
    assert_eq!(estimate["crawl"]["pause_seconds"], 1.0, "{estimate:#}");
    // `/page1` and what begins like it.
    assert_eq!(estimate["survey"]["robots"]["refused"], 11, "{estimate:#}");
    assert_eq!(estimate["pages"]["likely"], 20, "{estimate:#}");
    assert!(!server.paths().iter().any(|path| path.starts_with("/page1")), "{:?}", server.paths());
}

/// The processes that work for a folder of a test, by their command lines and environment.
#[cfg(target_os = "linux")]
fn processes_of(folder: &std::path::Path) -> Vec<String> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let of = |path: std::path::PathBuf| {
        let environment = std::fs::read(path.join("environ")).unwrap_or_default();
        let command = std::fs::read(path.join("cmdline")).unwrap_or_default();
        let mark = format!("TMPDIR={}", folder.display());
        let is_ours = environment.windows(mark.len()).any(|window| window == mark.as_bytes());
        is_ours.then(|| String::from_utf8_lossy(&command).into_owned())
    };
    entries.filter_map(|entry| of(entry.path())).collect()
}

/// An interrupt in the middle leaves no folder, no browser and no config.
#[test]
#[cfg(target_os = "linux")]
fn an_interrupt_leaves_nothing_behind() {
    use crate::resume::wait_until;
    use crate::support::chrome::chrome;

    let mut site = Site::default().with("/", Canned::html(APPLICATION));
    for number in 0..30 {
        site = site.with(&format!("/topic/p{number}"), Canned::html(APPLICATION));
    }
    let headers = vec![("content-type", "text/javascript".to_owned())];
    site = site.with("/app.js", Canned { status: 200, headers, body: script(30) });
    for command in [["estimate", "site"], ["generate", "URL"]] {
        let server = SiteServer::start(site.clone());
        let sandbox = Sandbox::new();
        let mut config = config(&server, "auto");
        config["rate_limit"] = json!(2);
        sandbox.config("site", &config);
        std::fs::create_dir(sandbox.path("temporary")).unwrap();
        let words = command.map(|word| if word == "URL" { server.url("/") } else { word.to_owned() });
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut child = sandbox
            .command(&words)
            .env("SKILLCRAWL_CHROME", chrome())
            .env("TMPDIR", sandbox.path("temporary"))
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        wait_until(|| server.count("/app.js") > 0);
        let process = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(process, rustix::process::Signal::INT).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130), "{command:?}");
        assert_eq!(sandbox.files(""), ["configs/site.json"], "{command:?}");
        wait_until(|| processes_of(&sandbox.path("temporary")).is_empty());
        assert_eq!(std::fs::read_dir(sandbox.path("temporary")).unwrap().count(), 0, "{command:?}");
    }
}
