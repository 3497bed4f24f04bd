//! A site of no known generator, without landmarks: what its pages suggest, and what they must not.

use jiff::Timestamp;

use crate::config::ExtractRules;
use crate::extract::infer::{Finding, Suggestion, infer};
use crate::fetched::{Dom, Fetched};
use crate::profile::{ProfileText, Profiles};
use crate::url::CanonicalUrl;

const TOPICS: [&str; 8] = ["Install", "Configure", "Plan", "Measure", "Repair", "Deploy", "Trace", "Upgrade"];

/// A page; `extra` goes into its content.
fn page(at: usize, extra: &str) -> Fetched {
    let topic = TOPICS[at];
    let entry = |topic: &&str| format!("<li><a href='/{topic}'>{topic}</a></li>");
    let menu: String = TOPICS.iter().map(entry).collect();
    let next = TOPICS[(at + 1) % TOPICS.len()];
    let html = format!(
        "<html><head><title>{topic} - Tool</title></head><body><div class='shell'>\
         <div class='rail'><h1 class='brand'>Tool</h1><ul>{menu}</ul></div>\
         <div class='pane'><div class='words'>\
         <h1 class='topic'><a href='#{topic}'>{topic}</a><a class='sign' href='#{topic}'>¶</a></h1>\
         <p>How to {topic} the tool, in so many words that nobody else has used about {topic} yet.</p>\
         <p class='remark'>Note</p><p>What to {topic} first is told in the part on <a class='ref' href='/{next}'>{next}</a>.</p>\
         <div class='cl-code'><span class='cl-corner'>sh</span><b class='cl-file'>{topic}.sh</b>\
         <pre><code class='language-sh'>tool {topic}\ntool end</code></pre></div>{extra}\
         <div class='askbox'>Ask the assistant about this page</div>\
         <div class='onward'><a href='/{next}'>{next}</a></div></div></div></div>\
         <div class='base'>Made with care by everyone</div></body></html>"
    );
    Fetched {
        url: CanonicalUrl::parse(&format!("https://d.example/{topic}")).unwrap(),
        fetched_at: Timestamp::UNIX_EPOCH,
        exchange: None,
        dom: Some(Dom { html, settled: true, loaded: Vec::new(), routed: false }),
        twin: None,
    }
}

fn suggest(pages: &[Fetched]) -> Suggestion {
    let profiles = Profiles::builtin().unwrap();
    infer(pages, &profiles, &ExtractRules::default(), None).unwrap()
}

fn selectors(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.selector.as_str()).collect()
}

#[test]
fn pages_show_what_they_have_in_common() {
    let pages: Vec<Fetched> = (0..TOPICS.len()).map(|at| page(at, "")).collect();
    let found = suggest(&pages);
    assert_eq!((found.pages, found.extends.as_str()), (8, "generic"));
    assert_eq!(selectors(&found.main_content), ["div.words"]);
    assert_eq!(selectors(&found.title), ["div.words h1"]);
    assert_eq!(selectors(&found.code_blocks), ["div.cl-code"]);
    assert_eq!(selectors(&found.code_captions), ["b.cl-file"]);
    assert_eq!(selectors(&found.navigation), ["div.rail"]);
    let remove = selectors(&found.remove);
    for noise in ["div.askbox", "div.onward", "a.sign"] {
        assert!(remove.contains(&noise), "{noise} in {remove:?}");
    }
    for content in ["h1.topic", "a.ref", "div.cl-code"] {
        assert!(!remove.contains(&content), "{content} in {remove:?}");
    }
}

#[test]
fn notes_tabs_and_the_generator_are_told_by_what_they_say() {
    let box_of = |at: usize| {
        let (kind, topic) = (["Note", "Warning:"][at % 2], TOPICS[at]);
        format!(
            "<div class='nb nb-x'><span class='nb-kind'>{kind}</span><p>Mind the {topic} of everything.</p></div>\
             <div class='switch'><div class='row'><a class='choice'>Left {topic}</a><a class='choice'>Right</a></div>\
             <div class='half'>On the left we {topic}.</div><div class='half' hidden>On the right {topic} waits.</div></div>"
        )
    };
    let with_generator = |mut page: Fetched| {
        let dom = page.dom.as_mut().unwrap();
        dom.html = dom.html.replace("<head>", "<head><meta name=generator content='Kilnpress 2.1'>");
        page
    };
    let pages: Vec<Fetched> = (0..TOPICS.len()).map(|at| with_generator(page(at, &box_of(at)))).collect();
    let found = suggest(&pages);
    assert_eq!(selectors(&found.generator), ["kilnpress"]);
    assert_eq!(selectors(&found.notes), ["div.nb"]);
    assert_eq!(found.notes[0].evidence, "begins with the kind of a note in 8 of 8 elements, on 8 pages");
    assert_eq!(selectors(&found.note_titles), ["span.nb-kind"]);
    assert_eq!(selectors(&found.tab_sets), ["div.switch"]);
    assert_eq!(selectors(&found.tab_labels), ["a.choice"]);
    assert_eq!(selectors(&found.tab_panels), ["div.half"]);
    let toml = found.to_toml("kiln");
    let profile = ProfileText { name: "kiln".to_owned(), path: "kiln.toml".into(), text: toml.clone() };
    Profiles::with_texts(None, vec![profile]).unwrap();
    assert!(toml.contains("\n[admonition]\nblocks = ["), "{toml}");
    let plain: Vec<Fetched> = (0..TOPICS.len()).map(|at| page(at, "")).collect();
    let found = suggest(&plain);
    assert!(found.notes.is_empty() && found.tab_sets.is_empty() && found.generator.is_empty());
}

#[test]
fn what_says_something_on_a_single_page_stays() {
    let extra = "<div class='askbox'>Mind the step: this box tells something that no other page does.</div>";
    let pages: Vec<Fetched> =
        (0..TOPICS.len()).map(|at| page(at, if at == 3 { extra } else { "" })).collect();
    let found = suggest(&pages);
    assert!(!selectors(&found.remove).contains(&"div.askbox"), "{:?}", found.remove);
}

#[test]
fn a_suggestion_is_a_profile() {
    let pages: Vec<Fetched> = (0..TOPICS.len()).map(|at| page(at, "")).collect();
    let text = suggest(&pages).to_toml("mine");
    let profile = ProfileText { name: "mine".to_owned(), path: "mine.toml".into(), text: text.clone() };
    let profiles = Profiles::with_texts(None, vec![profile]).unwrap();
    let mine = profiles.get("mine").unwrap();
    assert_eq!(mine.extends.as_deref(), Some("generic"));
    assert_eq!(mine.main_content.texts().next(), Some("div.words"), "{text}");
    assert!(text.contains("# Matched 8 of 8 pages, holds 100 % of the text"), "{text}");
}

#[test]
fn two_pages_suggest_nothing() {
    let pages = [page(0, ""), page(1, "")];
    assert_eq!(infer(&pages, &Profiles::builtin().unwrap(), &ExtractRules::default(), None), None);
}
