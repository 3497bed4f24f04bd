//! Pages without a heading, as a generator writes them that takes titles from headings.

use skillcrawl::config::ExtractRules;
use skillcrawl::extract::read_page;
use skillcrawl::fetched::{Dom, Fetched};
use skillcrawl::pipeline::assemble;
use skillcrawl::profile::Profiles;
use skillcrawl::skill::limits::Limits;

use crate::pages::{config, page};

const BASE: &str = "https://boats.example/docs/";

/// A page with the site's menu, whose `title` names the site alone where the content has no heading.
fn rendered(path: &str, title: &str, content: &str) -> Fetched {
    let html = format!(
        "<html><head><meta name=generator content='VitePress v1.6.4'><title>{title}</title></head><body>\
         <aside class=VPSidebar><nav><a href={BASE}sails>Sails</a><a href={BASE}ropes>Ropes and chains</a>\
         <a href={BASE}hulls>Hulls</a></nav></aside>\
         <div class=VPContent><main><div class=vp-doc><div>{content}</div></div></main></div></body></html>"
    );
    let dom = Dom { html, settled: true, loaded: Vec::new(), routed: false };
    Fetched { dom: Some(dom), twin: None, ..page(&format!("{BASE}{path}"), "") }
}

#[test]
fn pages_without_a_heading_are_called_what_the_site_calls_them() {
    let profiles = Profiles::builtin().unwrap();
    let pages = [
        rendered("sails", "Sails | Harbour", "<h1>Sails</h1><p>Cloth that holds the wind.</p>"),
        rendered("hulls", "Hulls | Harbour", "<h1>Hulls</h1><p>Oak keeps the water out.</p>"),
        rendered("ropes", "Harbour", "<p>Hemp for the sails, steel for the anchor.</p>"),
        rendered("knots", "Harbour", "<h2>Tie a bowline</h2><p>It holds and comes loose again.</p>"),
        rendered("old-maps", "Harbour", "<p>Where the coast was.</p>"),
    ];
    let read = |fetched: &Fetched| read_page(fetched, &profiles, &ExtractRules::default());
    let recorded = pages.map(Ok::<_, std::convert::Infallible>);
    let skill = assemble(recorded, &config("boats", BASE), &Limits::default(), &read).unwrap().skill;
    let mut titles: Vec<&str> =
        skill.references.iter().flat_map(|file| &file.pages).map(|page| page.title.as_str()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["Hulls", "Old maps", "Ropes and chains", "Sails", "Tie a bowline"]);
}
