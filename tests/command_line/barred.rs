//! A site that shows something else in place of its pages, under status 200 and at every address: a form to sign in, a
//! consent page, a check for robots, an error. It is told, and counted.

use serde_json::{Value, json};

use crate::support::sandbox::{Run, Sandbox};
use crate::support::server::{Canned, Site, SiteServer};

const LOGIN: &str = "<html><head><title>Sign in</title></head><body><main><h1>Sign in to your account</h1>\
    <form><label>Password <input type='password'></label><button>Sign in</button></form>\
    <p>Ask the administrator of your workspace where you have none, or have forgotten it, and read the terms of service\
    and the rules on how personal data are kept before you use this part of the site for the first time.</p>\
    </main></body></html>";

/// A sitemap of so many pages, below the server's own address.
fn listed(server: &SiteServer, site: Site) -> Site {
    let urls: String = (0..14)
        .map(|number| format!("<url><loc>{}</loc></url>", server.url(&format!("/page-{number}"))))
        .collect();
    let sitemap = format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>");
    let robots = format!("User-agent: *\nSitemap: {}\n", server.url("/sitemap.xml"));
    let xml = Canned { headers: vec![("content-type", "application/xml".into())], ..Canned::text(sitemap) };
    site.with("/robots.txt", Canned::text(robots)).with("/sitemap.xml", xml)
}

fn build(site: Site) -> (Run, Value) {
    let server = SiteServer::start(Site::default());
    server.serve(listed(&server, site));
    let sandbox = Sandbox::new();
    sandbox.config("docs", &json!({"name": "docs", "base_url": server.url("/"), "rate_limit": 0}));
    let run = sandbox.run(&["build", "docs", "--render", "never", "--json", "--fail-under", "60"]);
    let checklist = run.json()["quality"].clone();
    (run, checklist)
}

fn item<'a>(checklist: &'a Value, id: &str) -> &'a Value {
    checklist["items"].as_array().unwrap().iter().find(|item| item["id"] == id).unwrap()
}

const SAME: &str = "warning: most addresses lead to one and the same page: ";
const SIGN_IN: &str = "to sign in and hold";

#[track_caller]
fn check_barred(site: Site, says: &[&str]) {
    let (run, checklist) = build(site);
    for words in says {
        assert!(run.stderr.contains(words), "`{words}` is not in: {}", run.stderr);
    }
    assert!(run.stderr.contains("\nnote: it may be a sign-in, a consent page"), "{}", run.stderr);
    assert!(!run.stderr.contains("nothing is there"), "told twice: {}", run.stderr);
    assert_eq!(run.code, 3, "{}", run.stderr);
    for id in ["config", "found", "scraped", "answered"] {
        assert_eq!(item(&checklist, id)["verdict"], "fail", "{id}: {checklist:#}");
    }
}

/// Every address but the files that crawlers ask for.
fn is_page(path: &str) -> bool {
    !["/robots.txt", "/sitemap.xml"].contains(&path) && !path.contains("llms")
}

#[test]
fn a_form_to_sign_in_at_every_address_is_told() {
    let answer = |path: &str| is_page(path).then(|| Canned::html(LOGIN));
    check_barred(Site::default().computed(answer), &[SAME, SIGN_IN]);
}

#[test]
fn a_redirect_of_every_address_to_one_is_told() {
    let answer = |path: &str| match path {
        path if path.starts_with("/signin") => Some(Canned::html(LOGIN)),
        path => is_page(path).then(|| Canned::redirect(format!("/signin?next={path}"))),
    };
    check_barred(Site::default().computed(answer), &[SAME, SIGN_IN]);
}

#[test]
fn an_interstitial_that_names_each_request_is_told() {
    let answer = |path: &str| {
        let number: usize = path.bytes().map(usize::from).sum();
        let page = format!(
            "<html><head><title>Just a moment</title></head><body><main><h1>Checking your browser</h1><p>This is done \
             by itself. Your browser will show what you asked for as soon as it is over. Please allow some seconds. \
             Number of your request: {number}</p></main></body></html>"
        );
        is_page(path).then(|| Canned::html(page))
    };
    check_barred(Site::default().computed(answer), &[SAME]);
}

#[test]
fn an_error_in_a_few_words_under_status_200_makes_no_skill() {
    let answer = |path: &str| {
        let page = "<html><head><title>Docs</title></head><body><main><h1>Sorry</h1><p>Please try again later.</p>\
                    </main></body></html>";
        is_page(path).then(|| Canned::html(page))
    };
    let (run, _) = build(Site::default().computed(answer));
    assert_eq!(run.code, 1, "{}", run.stderr);
    let error =
        "error: the 15 recorded pages all show the same, and nothing of their own\nhint: it may be a sign-in";
    assert!(run.stderr.contains(error), "{}", run.stderr);
}

#[test]
fn pages_about_signing_in_and_a_form_among_others_are_no_such_case() {
    let answer = |path: &str| {
        let number: usize = path.strip_prefix("/page-").and_then(|number| number.parse().ok())?;
        // Words that no two pages share, as far as they go.
        let own: Vec<String> = ["token", "cookie", "realm", "grant", "salt"]
            .iter()
            .flat_map(|word| {
                ('a'..='j').map(move |letter| format!("{word}{letter}{}", "xyz".repeat(number + 1)))
            })
            .collect();
        let page = format!(
            "<html><head><title>{title}</title></head><body><main><h1>{title}</h1><p>People prove who they are with a \
             password: {}. It is checked against {}.</p><form><label>Password <input type='password'></label></form>\
             </main></body></html>",
            own.join(" "),
            own.join("-"),
            title = own[number % 5 * 10],
        );
        let body = if path == "/page-3" { LOGIN.to_owned() } else { page };
        Some(Canned::html(body))
    };
    let (run, checklist) = build(Site::default().with("/", Canned::html(FRONT)).computed(answer));
    assert!(!run.stderr.contains("warning:"), "{}", run.stderr);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert_eq!(item(&checklist, "answered")["verdict"], "pass", "{checklist:#}");
    // The one form is among the pages to look at.
    let notes = checklist["pages"].as_array().unwrap();
    assert!(notes.iter().any(|note| note["kind"] == "sign_in"), "{checklist:#}");
}

const FRONT: &str = "<html><head><title>Accounts</title></head><body><main><h1>Accounts</h1><p>How people come in, and \
    what the service does to keep others out, from the first visit to the day on which the account is closed.</p>\
    </main></body></html>";
