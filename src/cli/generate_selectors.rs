//! Selectors in a new config, for a site that no profile knows.

use super::again::quoted;
use crate::config::file::SelectorsFile;
use crate::fetched::Fetched;
use crate::profile::Profiles;
use crate::survey::evidence::Evidence;
use crate::survey::propose::{Finding, Proposal};
use crate::tune::{SelectorProposal, propose_selectors};

/// Adds selectors to a proposal where the site is read badly without them and they match every page; the findings say
/// what speaks for them, or that there are none and how to tune them.
pub fn add_selectors(proposal: &mut Proposal, evidence: &Evidence, pages: &[Fetched], profiles: &Profiles) {
    if proposal.generator.is_some() || evidence.is_repository {
        return;
    }
    // A page that is empty without the browser, and was not shown there, says nothing of the layout.
    let told = evidence.looked_at.iter().filter(|seen| !seen.is_shell() || seen.needs_browser.is_some());
    let told: Vec<&str> = told.map(|seen| seen.url.as_str()).collect();
    let pages: Vec<Fetched> =
        pages.iter().filter(|page| told.contains(&page.url.as_str())).cloned().collect();
    let Some(SelectorProposal { doubts, selectors, evidence }) = propose_selectors(&pages, profiles) else {
        return;
    };
    let name = proposal.config.name.clone().unwrap_or_default();
    let mut found = doubts;
    found.extend(evidence);
    match selectors {
        Some(selectors) => {
            proposal.config.selectors = Some(SelectorsFile {
                main_content: Some(selectors.main_content),
                title: selectors.title,
                ..SelectorsFile::default()
            });
        }
        None => {
            let name = quoted(&name);
            found.push(format!(
                "no selectors are proposed: run `skillcrawl scrape {name} --max-pages 40`, then \
                 `skillcrawl check {name} --suggest`"
            ));
        }
    }
    let findings = found.into_iter().map(|found| Finding { about: "selectors", found });
    let place = proposal.findings.iter().position(|finding| finding.about == "selectors");
    let place = place.map_or(proposal.findings.len(), |place| place + 1);
    proposal.findings.splice(place..place, findings);
}
