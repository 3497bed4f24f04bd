//! The examples of RFC 9309, and what real files hold.

use std::time::Duration;

use proptest::prelude::{ProptestConfig, prop, prop_assert_eq, proptest};
use robotstxt::matcher::{RobotsMatchStrategy, RobotsMatcher};
use serde::Deserialize;

use super::pattern::tests::matches_by_definition;
use super::{Effect, RobotsTxt, Verdict, product_token};
use crate::url::CanonicalUrl;

fn verdict(file: &str, path: &str) -> Verdict {
    let url = CanonicalUrl::parse(&format!("https://docs.example{path}")).unwrap();
    RobotsTxt::parse(file.as_bytes()).rules_for("skillcrawl").verdict(&url)
}

fn check(file: &str, allowed: &[&str], refused: &[&str]) {
    for path in allowed {
        assert_eq!(verdict(file, path), Verdict::Allowed, "{path} by {file:?}");
    }
    for path in refused {
        assert_ne!(verdict(file, path), Verdict::Allowed, "{path} by {file:?}");
    }
}

#[test]
fn the_longest_rule_decides_and_allow_wins_a_tie() {
    check("User-agent: *\nDisallow: /\nAllow: /docs/", &["/docs/a", "/robots.txt"], &["/", "/doc"]);
    check("User-agent: *\nDisallow: /a\nAllow: /a", &["/a"], &[]);
    check("User-agent: *\nDisallow:", &["/a"], &[]);
    check("", &["/a"], &[]);
}

#[test]
fn stars_and_dollars() {
    check("User-agent: *\nDisallow: /*.pdf$", &["/a.pdf?x", "/a.pdfx"], &["/a.pdf", "/b/.pdf"]);
    check("User-agent: *\nDisallow: /*/old/*/x", &["/old/1/x"], &["/a/old/b/xy"]);
    check("User-agent: *\nDisallow: /*?print", &["/a"], &["/a?print=1"]);
    check("User-agent: *\nDisallow: /a$", &["/a/", "/ab"], &["/a"]);
}

#[test]
fn a_group_of_our_own_replaces_the_one_for_all() {
    let file = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: SkillCrawl/2\nDisallow: /x\n\
                User-agent: *\nDisallow: /y\nUser-agent: skillcrawl\nDisallow: /z";
    check(file, &["/", "/y"], &["/x", "/z"]);
    check("User-agent: skillcrawl\nDisallow:\nUser-agent: *\nDisallow: /", &["/"], &[]);
    check("Disallow: /\nUser-agent: *\nAllow: /", &["/a"], &[]);
}

#[test]
fn equal_octets_match_however_they_are_spelled() {
    check("User-agent: *\nDisallow: /caf\u{e9}", &[], &["/caf%c3%a9", "/caf\u{e9}/x"]);
    check("User-agent: *\nDisallow: /%7euser/%61", &["/~user/b"], &["/~user/a", "/%7Euser/a"]);
    check("User-agent: *\nDisallow: /a%2fb", &["/a/b"], &["/a%2Fb"]);
    check("User-agent: *\nDisallow: /a b", &["/a"], &["/a%20b", "/a b"]);
    check("User-agent: *\nDisallow: /100%", &["/100"], &["/100%"]);
}

#[test]
fn a_refusal_names_its_line() {
    let Verdict::Disallowed(rule) = verdict("# hi\n\nUser-agent: *\nDisallow: /p", "/p/q") else {
        panic!("allowed")
    };
    assert_eq!(rule, "`Disallow: /p` in line 4");
}

#[test]
fn odd_files_neither_panic_nor_lose_a_rule() {
    check("\u{feff}User-agent: *\nDisallow: /x", &["/"], &["/x"]);
    let long = format!("User-agent: *\nAllow: /{}\nDisallow: /x\n", "\u{4e16}".repeat(20_000));
    check(&long, &["/"], &["/x"]);
    let unended = format!("User-agent: *\r\nDisallow: /x\r\n# {}", "\u{e9}".repeat(300_000));
    check(&unended, &["/"], &["/x"]);
    let far = format!("User-agent: *\n{}\nDisallow: /", "#\n".repeat(260_000));
    check(&far, &["/"], &[]);
    assert_eq!(RobotsTxt::parse(&[0xff, 0, b'\n', 0x80]), RobotsTxt::default());
}

#[test]
fn delays_and_sitemaps() {
    let file = "Sitemap: https://d.example/s.xml\nUser-agent: *\nCrawl-delay: 1.5\nAllow: /\n\
                User-agent: skillcrawl\nCrawl-delay: 7\nAllow: /\nUser-agent: bad\nCrawl-delay: -1";
    let file = RobotsTxt::parse(file.as_bytes());
    assert_eq!(file.rules_for("skillcrawl").crawl_delay(), Some(Duration::from_secs(7)));
    assert_eq!(file.rules_for("else").crawl_delay(), Some(Duration::from_millis(1500)));
    assert_eq!(file.rules_for("bad").crawl_delay(), None);
    assert_eq!(file.sitemaps(), ["https://d.example/s.xml"]);
}

#[test]
fn index_files_open_their_folder() {
    check("User-agent: *\nDisallow: /\nAllow: /a/index.html", &["/a/", "/a/index.html"], &["/a/b"]);
    let rules = RobotsTxt::parse(b"User-agent: *\nDisallow: /a/index.html").rules_for("x");
    assert!(rules.rules.iter().all(|rule| rule.effect == Effect::Disallow && rule.pattern.len() == 13));
}

#[derive(Default)]
struct ByDefinition;

impl RobotsMatchStrategy for ByDefinition {
    fn match_allow(&self, path: &str, pattern: &str) -> i32 {
        self.match_disallow(path, pattern)
    }

    fn match_disallow(&self, path: &str, pattern: &str) -> i32 {
        let length = i32::try_from(pattern.len()).unwrap();
        if matches_by_definition(pattern.as_bytes(), path.as_bytes()) { length } else { -1 }
    }
}

#[test]
fn lines_of_other_kinds_do_not_split_a_group() {
    // RFC 9309 §2.2.4; the port keeps an older habit of Google's, which would let `skillcrawl` pass here.
    check("User-agent: skillcrawl\nCrawl-delay: 2\nUser-agent: b\nDisallow: /", &[], &["/a"]);
}

/// The cases of `fixtures/robots/google.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(rename = "differs")]
    _differs: Option<String>,
    #[serde(default)]
    before: Vec<u8>,
    robots: String,
    agent: String,
    #[serde(default)]
    allowed: Vec<String>,
    #[serde(default)]
    disallowed: Vec<String>,
    sitemap: Option<String>,
}

/// Writes out `{a*N}`.
fn written_out(text: &str) -> String {
    let Some((head, rest)) = text.split_once("{") else { return text.to_owned() };
    let (run, tail) = rest.split_once("}").unwrap();
    let (letter, times) = run.split_once("*").unwrap();
    format!("{head}{}{}", letter.repeat(times.parse().unwrap()), written_out(tail))
}

#[test]
fn googles_own_cases() {
    let cases: Cases = toml::from_str(include_str!("../../fixtures/robots/google.toml")).unwrap();
    let mut verdicts = 0;
    for case in cases.case {
        let body = [case.before.as_slice(), written_out(&case.robots).as_bytes()].concat();
        let file = RobotsTxt::parse(&body);
        let rules = file.rules_for(&case.agent);
        let verdict = |url: &String| rules.verdict(&CanonicalUrl::parse(&written_out(url)).unwrap());
        for url in &case.allowed {
            assert_eq!(verdict(url), Verdict::Allowed, "{}: {url}", case.name);
        }
        for url in &case.disallowed {
            assert_ne!(verdict(url), Verdict::Allowed, "{}: {url}", case.name);
        }
        if let Some(sitemap) = case.sitemap {
            assert_eq!(file.sitemaps(), [sitemap], "{}", case.name);
            verdicts += 1;
        }
        verdicts += case.allowed.len() + case.disallowed.len();
    }
    assert!(verdicts > 150, "{verdicts}");
}

#[test]
fn product_tokens() {
    assert_eq!(product_token("skillcrawl/0.1 (x)"), "skillcrawl");
    assert_eq!(product_token("My-Bot"), "My-Bot");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn judges_as_googles_matcher(
        lines in prop::collection::vec(
            "(User-agent: (\\*|skillcrawl|other|skillcrawl-x)|(Allow|Disallow|disalow): (/?[ab*$/]{0,6}|/a/index.html)|x|)",
            0..14,
        ),
        path in "/[ab/$]{0,7}(index.html)?(\\?[ab]{0,2})?",
    ) {
        let file = lines.join("\n");
        let url = CanonicalUrl::parse(&format!("https://docs.example{path}")).unwrap();
        let ours = RobotsTxt::parse(file.as_bytes()).rules_for("skillcrawl").verdict(&url);
        let oracle = RobotsMatcher::<ByDefinition>::default()
            .one_agent_allowed_by_robots(&file, "skillcrawl", url.as_str());
        prop_assert_eq!(ours == Verdict::Allowed, oracle, "{} by {:?}", url, file);
    }
}
