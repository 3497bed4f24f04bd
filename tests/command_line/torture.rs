//! A site that holds every trap: the crawl ends, with exactly the pages that somebody wrote.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::sandbox::Sandbox;
use crate::support::server::{Canned, Site, SiteServer};

/// Pages that link in every spelling that a host can answer.
const PLAIN: [&str; 12] = [
    "intro", "install", "guide", "faq", "usage", "license", "plugins", "themes", "hooks", "tests", "release",
    "support",
];

/// What a reader would want of the site, below `/docs/`.
fn wanted() -> BTreeSet<String> {
    let mut wanted: BTreeSet<String> = PLAIN.iter().map(|name| (*name).to_owned()).collect();
    wanted.insert(String::new());
    // The first page of each endless thing is a page.
    wanted.extend(["calendar/2031/05", "list", "shop", "loop", "loop/loop"].map(str::to_owned));
    wanted.extend((1..=12).map(|number| format!("wiki?title=Topic{number}")));
    wanted.extend((1..=12).map(|number| format!("errors/{number}")));
    wanted.extend(["blog/2031/05/first", "blog/2031/06/second"].map(str::to_owned));
    // As deep as documentation goes, and no deeper.
    wanted.extend((1..=20).map(deep));
    wanted
}

fn deep(levels: usize) -> String {
    (1..=levels).map(|level| format!("level{level}")).collect::<Vec<_>>().join("/")
}

fn answer(path: &str) -> Option<Canned> {
    let below = path.strip_prefix("/docs/")?;
    let (name, query) = below.split_once('?').unwrap_or((below, ""));
    let bare = name.trim_end_matches("index.html").trim_end_matches('/');
    let lower = bare.to_lowercase();
    Some(match bare {
        "" if query.is_empty() => home(),
        _ if PLAIN.contains(&bare) => page(bare, &[]),
        // This host knows its pages in lower case, and says so.
        _ if PLAIN.contains(&lower.as_str()) => Canned::redirect(format!("/docs/{lower}")),
        _ if bare.starts_with("calendar/") => calendar(bare)?,
        "list" => list(query),
        // Each visit gets a session of its own.
        _ if bare == "shop" || bare.starts_with("shop;") => {
            page("shop", &[&format!("/docs/shop;jsessionid={:x}", path.len() * 7919)])
        }
        _ if bare.split('/').all(|part| part == "loop") => {
            page(&bare.replace('/', " in "), &[&format!("/docs/{bare}/loop")])
        }
        "wiki" => page(&query.replace("title=", "wiki "), &[]),
        _ if bare.starts_with("errors/") || bare.starts_with("blog/") => page(bare, &[]),
        _ if bare.starts_with("level1") => {
            page(bare, &[&format!("/docs/{}", deep(bare.split('/').count() + 1))])
        }
        // The same words for the printer.
        "print/intro" => page("intro", &[]),
        // The same pages in another version and another language.
        _ if bare.starts_with("v1.2/") || bare.starts_with("fr/") || bare.starts_with("1.x/") => {
            page(&format!("{bare} as it once was"), &["/docs/v1.2/gone", "/docs/fr/gone", "/docs/1.x/gone"])
        }
        // Whatever it is asked for, the server has a page.
        _ => Canned::html(format!(
            "<title>Docs</title><main><h1>Sorry</h1><p>There is nothing under {below}. Perhaps it was moved, or never \
             was there. Go back to the start, use the search above, or write to us and say what you were after.</p></main>"
        )),
    })
}

fn home() -> Canned {
    let mut links: Vec<String> = Vec::new();
    for name in PLAIN {
        let title = name[..1].to_uppercase() + &name[1..];
        links.extend([format!("/docs/{name}"), format!("/docs/{name}/"), format!("/docs/{name}/index.html")]);
        links.extend([format!("/docs/{title}"), format!("/docs/{name}?ref=home")]);
    }
    links.extend(
        wanted()
            .into_iter()
            .filter(|path| !path.starts_with("level1/") && !path.contains("loop/"))
            .map(|path| format!("/docs/{path}")),
    );
    links.extend(
        ["missing/one", "missing/two", "print/intro", "list?sort=name&dir=up"]
            .map(|path| format!("/docs/{path}")),
    );
    for edition in ["v1.2", "fr", "1.x"] {
        links.extend(PLAIN.iter().map(|name| format!("/docs/{edition}/{name}")));
        links.push(format!("/docs/{edition}/gone"));
    }
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    page("home", &links)
}

/// A page with words of its own.
fn page(title: &str, links: &[&str]) -> Canned {
    let links: String = links.iter().map(|link| format!("<li><a href=\"{link}\">more</a></li>")).collect();
    let own: String = title.bytes().map(|byte| format!("word{byte} of {title}, ")).collect();
    Canned::html(format!(
        "<title>{title}</title><main><h1>{title}</h1><p>This is what there is to say about {title}: {own} and that is \
         all, save for a few words that every page has, so that it is long enough to be told from the others by what \
         it says.</p></main><nav><ul>{links}</ul></nav>"
    ))
}

/// A month, which leads to the next, the one before, and each of its days.
fn calendar(path: &str) -> Option<Canned> {
    let mut parts = path.split('/').skip(1).map(|part| part.parse::<u32>().ok());
    let (year, month) = (parts.next()??, parts.next()??);
    let (next, before) = (month % 12 + 1, (month + 10) % 12 + 1);
    let days: String = (1..29)
        .map(|day| format!("<td><a href=\"/docs/calendar/{year}/{month:02}/{day}\">{day}</a>"))
        .collect();
    Some(Canned::html(format!(
        "<title>Events</title><main><h1>Events in {month}/{year}</h1><p>Nothing is planned for this time. Look at another \
         one with the links below, or subscribe to the calendar to be told when there is something again.</p><table>\
         <tr>{days}</table><a href=\"/docs/calendar/{}/{next:02}\">next</a> \
         <a href=\"/docs/calendar/{}/{before:02}\">previous</a></main>",
        if next == 1 { year + 1 } else { year },
        if before == 12 { year - 1 } else { year },
    )))
}

/// A table that can be sorted and filtered without end, and always has the same rows.
fn list(query: &str) -> Canned {
    let links: String = ["name", "size", "date", "owner"]
        .iter()
        .map(|column| format!("<a href=\"/docs/list?{query}&sort={column}&page={}\">by it</a> ", query.len()))
        .collect();
    let mut rows =
        ["alpha one", "beta two", "gamma three", "delta four", "epsilon five", "zeta six", "eta seven"];
    if query.len() % 2 == 1 {
        rows.reverse();
    }
    Canned::html(format!(
        "<title>List</title><main><h1>All tools of the project</h1><p>Sorted as you like it: {}. There are as many as \
         you see here and none besides, whatever you ask for.</p>{links}</main>",
        rows.join(", ")
    ))
}

#[test]
fn every_trap_ends_and_nothing_that_was_written_is_lost() {
    let server = SiteServer::start(Site::default().computed(answer));
    let sandbox = Sandbox::new();
    sandbox.config(
        "docs",
        &json!({
            "name": "docs", "base_url": server.url("/docs/"), "rate_limit": 0, "max_pages": null, "render": "never",
            "retries": 1,
        }),
    );
    let run = sandbox.run(&["scrape", "docs", "--json"]).expect_code(0);
    let result = run.json();

    let report = sandbox.read("crawls/docs/report.jsonl");
    let lines: Vec<Value> = report.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let below =
        |line: &Value| line["url"].as_str().unwrap().rsplit_once("/docs/").map(|(_, below)| below.to_owned());
    let pages = || lines.iter().filter(|line| line["kind"] == "page");
    let kept: BTreeSet<String> = pages()
        .filter(|line| line["outcome"] == "done")
        .filter_map(below)
        .map(|path| path.trim_end_matches('/').to_owned())
        .collect();
    let wanted = wanted();
    let (lost, extra): (Vec<_>, Vec<_>) =
        (wanted.difference(&kept).collect(), kept.difference(&wanted).collect());
    assert!(lost.is_empty() && extra.is_empty(), "lost {lost:?}, kept besides {extra:?}");
    assert_eq!(result["pages"]["kept"], wanted.len(), "{result}");

    for reason in ["trap", "duplicate", "soft_404", "other_version", "other_language", "alias"] {
        assert!(result["pages"]["skipped"][reason].as_u64() > Some(0), "{reason}: {result}");
    }
    // Each page is asked for once, in whatever spelling it is linked first.
    for name in PLAIN {
        let spellings = ["", "/", "/index.html"].map(|end| server.count(&format!("/docs/{name}{end}")));
        assert_eq!(spellings.iter().sum::<usize>(), 1, "{name}: {spellings:?}");
    }
    // What the host's redirects say of capitals, and its answers of a parameter, is learned, not asked for each time.
    let capitals = server.paths().iter().filter(|path| path[6..].starts_with(char::is_uppercase)).count();
    let refs = server.paths().iter().filter(|path| path.ends_with("?ref=home")).count();
    assert!(
        (3..10).contains(&capitals) && (3..10).contains(&refs),
        "{capitals} {refs}: {:?}",
        server.paths()
    );
    let asked = server.paths().len();
    assert!(asked < wanted.len() + 60, "{asked} requests for {} pages", wanted.len());
    println!("{asked} requests for {} pages; {}", wanted.len(), result["pages"]["skipped"]);

    // What was kept at first and turned out to be nothing is not in the archive either, and an update asks for what was
    // kept, and for no trap again.
    let archive = skillcrawl::archive::Archive::open(&sandbox.path("crawls/docs")).unwrap();
    assert_eq!(archive.len(), wanted.len());
    let run = sandbox.run(&["update", "docs", "--json"]).expect_code(0);
    assert_eq!(
        (&run.json()["changed"], &run.json()["checks"]["recorded"]),
        (&json!(false), &json!(0)),
        "{}",
        run.stdout
    );
    let asked_again = server.paths().len() - asked;
    assert!(asked_again < wanted.len() + 10, "{:?}", &server.paths()[asked..]);
}

#[test]
fn a_page_that_is_no_documentation_leads_to_a_proposal() {
    let shop = "<title>Tool</title><body><header><a href=/pricing>Pricing</a><a href=/handbook/docs/>Blog</a>\
        <a href=/docs/tool/stable/>Docs</a></header><h1>The tool of tools</h1><p>Buy it today and be happy with it for \
        ever after, or your money back.</p>";
    let site = Site::default().with("/", Canned::html(shop)).with("/docs/tool/stable/", page("stable", &[]));
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    let config = |base: &str| json!({"name": "tool", "base_url": server.url(base), "rate_limit": 0, "render": "never"});
    sandbox.config("tool", &config("/"));
    let run = sandbox.run(&["scrape", "tool", "--json"]).expect_code(0);
    let docs = server.url("/docs/tool/stable/");
    assert_eq!(run.json()["docs_root"], docs.as_str());
    assert!(run.stderr.contains(&format!("it links to `{docs}`")), "{}", run.stderr);
    sandbox.config("tool", &config("/docs/tool/stable/"));
    let run = sandbox.run(&["scrape", "tool", "--json", "--fresh"]).expect_code(0);
    assert_eq!(run.json()["docs_root"], Value::Null);
}

#[test]
fn pages_that_turn_out_to_be_nothing_leave_the_archive() {
    let answer = |path: &str| -> Option<Canned> {
        let text = match path {
            "/docs/" => "<h1>Home</h1><p>Of the tool.</p><a href=/docs/real>real</a> <a href=/docs/lost-1>1</a> <a href=/docs/lost-2>2</a>".to_owned(),
            "/docs/real" => "<h1>Real</h1><p>A page that somebody wrote, with quite some words about what it is for, how \
                it is used, and where it is not.</p>".to_owned(),
            path if path.starts_with("/docs/") => format!(
                "<h1>Welcome</h1><p>You came by {path}, which leads here from wherever you are, as all roads of this \
                 place do, and we hope that you like what you see and will stay for a while among our many words.</p>"
            ),
            _ => return None,
        };
        Some(Canned::html(format!(
            "<html><head><title>Tool</title></head><body><main>{text}</main></body></html>"
        )))
    };
    let server = SiteServer::start(Site::default().computed(answer));
    let sandbox = Sandbox::new();
    let config = json!({
        "name": "docs", "base_url": server.url("/docs/"), "rate_limit": 0, "render": "never", "discover": ["links"],
    });
    sandbox.config("docs", &config);
    for _ in 0..2 {
        let run = sandbox.run(&["scrape", "docs", "--json"]).expect_code(0);
        assert_eq!(run.json()["pages"]["kept"], 2, "{}", run.stdout);
        let archive = skillcrawl::archive::Archive::open(&sandbox.path("crawls/docs")).unwrap();
        let paths: Vec<&str> = archive.page_urls().map(|url| url.path()).collect();
        assert_eq!(paths, ["/docs/", "/docs/real"]);
    }
}
