//! What the site's owner sees: the server's own log.

use std::time::Duration;

use serde_json::json;

use crate::support::sandbox::Sandbox;
use crate::support::server::{Canned, Site, SiteServer};

/// The spacing of requests that the first test asks for: so long that what a busy machine adds to the way of a request
/// is small beside it.
const DELAY: Duration = Duration::from_secs(5);

fn page(title: &str, links: &[&str]) -> Canned {
    let links: String = links.iter().map(|link| format!("<li><a href=\"{link}\">{link}</a></li>")).collect();
    Canned::html(format!(
        "<html><head><title>{title}</title></head><body><main><h1>{title}</h1>\
         <p>The page called {title} says a few words about itself, so that there is something to keep.</p>\
         <ul>{links}</ul></main></body></html>"
    ))
}

#[test]
fn robots_spacing_and_host_hold_in_the_log_of_the_server() {
    // A second site stands for the rest of the world: nothing may ever be asked of it.
    let elsewhere = SiteServer::start(Site::default().with("/page", page("Elsewhere", &[])));
    let foreign = elsewhere.url("/page");
    let picture = format!(
        "<img src=\"{}\"><script src=\"{}\"></script>",
        elsewhere.url("/a.png"),
        elsewhere.url("/a.js")
    );
    let mut home = page(
        "Home",
        &["/guide", "/private/plan", "/moved", "/away", &foreign, "/guide#part", "/guide/?utm_source=x"],
    );
    home.body = home.body.replace("</main>", &format!("</main>{picture}"));
    let site = Site::default()
        .with("/robots.txt", Canned::text("User-agent: *\nDisallow: /private/\nDisallow: /hidden\n"))
        .with("/", home)
        .with("/guide", page("Guide", &["/", "/reference"]))
        .with("/reference", page("Reference", &[]))
        .with("/moved", Canned::redirect("/hidden"))
        .with("/hidden", page("Hidden", &[]))
        .with("/away", Canned::redirect(foreign.clone()))
        .with("/private/plan", page("Plan", &[]));
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    sandbox.config(
        "docs",
        &json!({"name": "docs", "base_url": server.url("/"), "rate_limit": DELAY.as_secs_f64(), "render": "always"}),
    );
    let run = sandbox.run_with_browser(&["build", "docs", "--json"]).expect_code(0);

    let seen = server.seen();
    let pages: Vec<&str> = seen.iter().map(|seen| seen.path.as_str()).collect();
    assert_eq!(pages[0], "/robots.txt", "robots.txt comes first: {pages:?}");
    for refused in ["/private/plan", "/hidden"] {
        assert!(!pages.contains(&refused), "{refused} was asked for: {pages:?}");
    }
    for wanted in ["/", "/guide", "/reference", "/moved", "/away"] {
        assert_eq!(server.count(wanted), 1, "{wanted} in {pages:?}");
    }
    assert!(elsewhere.paths().is_empty(), "the foreign host saw {:?}", elsewhere.paths());
    assert!(seen.iter().all(|seen| seen.user_agent.starts_with("skillcrawl/")), "{seen:?}");
    for pair in seen.windows(2) {
        let gap = pair[1].at - pair[0].at;
        assert!(gap >= DELAY * 14 / 15, "{gap:?} between {} and {}", pair[0].path, pair[1].path);
    }
    let result = run.json();
    assert_eq!(result["pages"]["kept"], 3, "{result}");
    let report = sandbox.read("crawls/docs/report.jsonl");
    for (url, reason) in [
        ("/private/plan", "robots"),
        ("/hidden", "robots"),
        ("/moved", "redirect"),
        ("/away", "out_of_scope"),
    ] {
        let line = report
            .lines()
            .find(|line| line.contains(&format!("\"{}\"", server.url(url))))
            .unwrap_or_else(|| panic!("{url} has no line in\n{report}"));
        assert!(line.contains(reason), "{line}");
    }
}

#[test]
fn a_crawl_delay_longer_than_the_config_wins() {
    let site = Site::default()
        .with("/robots.txt", Canned::text("User-agent: skillcrawl\nCrawl-delay: 12\n"))
        .with("/", page("Home", &["/one"]))
        .with("/one", page("One", &[]));
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    let config =
        json!({"name": "docs", "base_url": server.url("/"), "rate_limit": 0.01, "discover": ["links"]});
    sandbox.config("docs", &config);
    sandbox.run(&["scrape", "docs", "--render", "never"]).expect_code(0);
    let seen = server.seen();
    assert_eq!(server.paths(), ["/robots.txt", "/", "/one"]);
    let gap = seen[2].at - seen[1].at;
    assert!(gap >= Duration::from_millis(11800), "{gap:?}");
}

#[test]
fn the_limit_on_pages_is_kept_and_reported() {
    let links: Vec<String> = (0..20).map(|number| format!("/page-{number}")).collect();
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    let mut site = Site::default().with("/", page("Home", &links));
    for link in &links {
        site = site.with(link, page(link, &[]));
    }
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    sandbox.config(
        "docs",
        &json!({"name": "docs", "base_url": server.url("/"), "rate_limit": 0, "max_pages": 5}),
    );
    let run = sandbox.run(&["scrape", "docs", "--render", "never", "--json"]).expect_code(0);
    assert_eq!(run.json()["pages"]["kept"], 5, "{}", run.stdout);
    assert!(run.stderr.contains("max_pages"), "{}", run.stderr);
    let asked = server.paths().iter().filter(|path| *path == "/" || path.starts_with("/page-")).count();
    assert!(asked <= 5 + 4, "{asked} pages were asked for");
    let more =
        sandbox.run(&["scrape", "docs", "--render", "never", "--json", "--max-pages", "21"]).expect_code(0);
    assert_eq!(more.json()["pages"]["kept"], 21, "{}", more.stdout);
    for link in links {
        assert_eq!(server.count(link), 1, "{link}");
    }
}

#[test]
fn pages_are_kept_and_followed_as_far_as_they_let_themselves() {
    let tagged = |title: &str, links: &[&str], tag: &str| {
        let mut page = page(title, links);
        page.headers.push(("x-robots-tag", tag.to_owned()));
        page
    };
    let with_meta = |title: &str, links: &[&str], content: &str| {
        let mut page = page(title, links);
        page.body =
            page.body.replace("<title>", &format!("<meta name=\"robots\" content=\"{content}\"><title>"));
        page
    };
    let site = Site::default()
        .with("/", page("Home", &["/draft", "/header", "/leaf", "/other"]))
        .with("/draft", with_meta("Draft", &["/behind-draft"], "noindex"))
        .with("/behind-draft", page("Behind", &[]))
        .with("/header", tagged("Header", &["/behind-header"], "noindex, nofollow"))
        .with("/behind-header", page("Unseen", &[]))
        .with("/leaf", with_meta("Leaf", &["/behind-leaf"], "index, NOFOLLOW"))
        .with("/behind-leaf", page("Unseen", &[]))
        .with("/other", tagged("Other", &[], "otherbot: noindex"));
    let server = SiteServer::start(site);
    let sandbox = Sandbox::new();
    sandbox.config(
        "docs",
        &json!({"name": "docs", "base_url": server.url("/"), "rate_limit": 0, "render": "never"}),
    );
    let run = sandbox.run(&["build", "docs", "--json"]).expect_code(0);
    assert_eq!(run.json()["pages"]["skipped"]["noindex"], json!(2));
    assert_eq!(run.json()["pages"]["kept"], json!(4));
    let provenance = sandbox.read("output/docs/skill.json");
    for (path, is_kept) in [("/behind-draft", true), ("/leaf", true), ("/other", true), ("/draft\"", false)] {
        assert_eq!(provenance.contains(&server.url(path)), is_kept, "{path}");
    }
    assert_eq!(server.count("/behind-header") + server.count("/behind-leaf"), 0);
    // It is not asked again, and what is recorded is enough.
    sandbox.run(&["build", "docs"]).expect_code(0);
    assert_eq!(server.count("/draft"), 1);

    let closed = SiteServer::start(Site::default().with("/", tagged("Home", &[], "none")));
    sandbox.config(
        "closed",
        &json!({"name": "closed", "base_url": closed.url("/"), "rate_limit": 0, "render": "never"}),
    );
    let run = sandbox.run(&["build", "closed"]);
    assert!(run.code != 0 && run.stderr.contains("`noindex`"), "{}", run.stderr);
}
