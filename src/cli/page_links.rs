//! What a crawl wants to know of a page that it fetched: where it leads, and whether it is as it was recorded.

use super::judge::SiteJudge;
use crate::config::SiteConfig;
use crate::crawl::PageLinks;
use crate::extract::{Leads, LinkSource, Outlink, leads, read_page};
use crate::fetched::Fetched;
use crate::forge::Repository;
use crate::frontier::FoundBy;
use crate::profile::Profiles;

/// Where a page leads, as the crawl of this site follows it.
pub fn page_links(
    fetched: &Fetched,
    profiles: &Profiles,
    config: &SiteConfig,
    judge: &SiteJudge,
) -> PageLinks {
    let Leads { links, listings, directives, print, says_not_found, docs_root } =
        leads(fetched, profiles, &config.extract, config.politeness.product_token());
    judge.note_docs_root(&fetched.url, docs_root);
    let links = match &config.scope.repository {
        Some(repository) => files_linked(links, fetched, repository),
        None => links,
    };
    judge.note_links(links.iter().map(|link| &link.url));
    let links = links
        .into_iter()
        .map(|link| {
            let found_by = match link.source {
                LinkSource::Content => FoundBy::Content,
                LinkSource::Navigation => FoundBy::Navigation,
                LinkSource::Next => FoundBy::Next,
                LinkSource::Canonical => FoundBy::Canonical,
            };
            (link.url, found_by)
        })
        .collect();
    PageLinks { links, listings, may_keep: directives.keep, print, says_not_found }
}

/// The files of a repository that a file of it links to, at the same branch. At a commit there is nothing to be found:
/// the forge listed every file of it.
fn files_linked(links: Vec<Outlink>, fetched: &Fetched, repository: &Repository) -> Vec<Outlink> {
    let Some(page) = repository.raw_file(&fetched.url).filter(|file| !file.is_pinned()) else {
        return Vec::new();
    };
    let file = |link: Outlink| {
        let file = repository.file_of(link.url.as_url(), &page.reference, &|_| false)?;
        let is_here = file.reference == page.reference && repository.is_document(&file.path);
        let url = repository.raw_url(&file.reference, &file.path).filter(|_| is_here)?;
        Some(Outlink { url, ..link })
    };
    links.into_iter().filter_map(file).collect()
}

/// Whether a reader sees the same in a page and in its record, menus and links included.
pub fn reads_the_same(
    recorded: &Fetched,
    fetched: &Fetched,
    profiles: &Profiles,
    config: &SiteConfig,
) -> bool {
    if recorded.url != fetched.url {
        return false;
    }
    if recorded.dom == fetched.dom && recorded.twin == fetched.twin && body_of(recorded) == body_of(fetched) {
        return true;
    }
    let read = |page: &Fetched| read_page(page, profiles, &config.extract).document;
    read(recorded) == read(fetched)
}

fn body_of(page: &Fetched) -> Option<&[u8]> {
    page.exchange.as_ref().map(|exchange| exchange.body.as_slice())
}
