//! Discovery in a repository: the forge names the commit, then lists its files; where it does neither, the README and
//! what it links to are read at the branch.
//!
//! Commit and list are candidates like any other, so robots.txt, politeness and archive are the same for them.

use jiff::Timestamp;

use super::events::CrawlEvent;
use super::{Crawl, CrawlError, discovery};
use crate::fetched::Fetched;
use crate::forge::{Repository, parse_commit, parse_next_page, parse_tree};
use crate::frontier::{Candidate, FoundBy, Frontier, Kind, Lease, Outcome, SkipReason};
use crate::url::CanonicalUrl;

/// What a crawl of a repository begins with. Seed URLs that are files at a commit or branch are taken as they are, and
/// where there is nothing else, as in a replay, nobody is asked for a list.
pub(super) fn first_candidates(repository: &Repository, start_urls: &[CanonicalUrl]) -> Vec<Candidate> {
    let is_file = |url: &&CanonicalUrl| repository.raw_file(url).is_some();
    let seeds = start_urls.iter().filter(|url| is_file(url) || !is_of(repository, url));
    let mut candidates: Vec<Candidate> = seeds.cloned().map(Candidate::seed).collect();
    if !start_urls.iter().all(|url| is_file(&url)) {
        let listing = repository.first_listing();
        candidates.extend(
            listing.map(|(url, is_tree)| {
                Candidate::listing(url, if is_tree { Kind::Tree } else { Kind::Commit })
            }),
        );
    }
    candidates
}

/// What the commit or the list of files leads to; nothing where the answer is neither.
pub(super) fn take_listing(
    crawl: &Crawl<'_>,
    lease: &Lease,
    file: &Fetched,
) -> Result<Vec<Candidate>, CrawlError> {
    let Some(repository) = &crawl.config.scope.repository else { return Ok(Vec::new()) };
    let text = String::from_utf8_lossy(discovery::body(file));
    let found = match lease.kind {
        Kind::Commit => parse_commit(&text)
            .and_then(|commit| repository.tree_url(&commit))
            .map(|url| vec![Candidate::listing(url, Kind::Tree)]),
        _ => files(crawl, lease, file, repository, &text),
    };
    if let Some(found) = found {
        return Ok(found);
    }
    let cause = "the answer is none".to_owned();
    (crawl.events)(CrawlEvent::Unlisted { url: lease.url.clone(), cause });
    Ok(by_links(crawl, repository))
}

/// The documentation among the files of a list, and where the list goes on.
fn files(
    crawl: &Crawl<'_>,
    lease: &Lease,
    file: &Fetched,
    repository: &Repository,
    text: &str,
) -> Option<Vec<Candidate>> {
    let (files, is_cut) = parse_tree(text)?;
    let commit = commit_in(&lease.url)?;
    if is_cut {
        (crawl.events)(CrawlEvent::ListCut { url: lease.url.clone() });
    }
    let documents = repository.documents(files);
    let urls = documents.iter().filter_map(|path| repository.raw_url(&commit, path));
    // What stands at a commit never changes.
    let pages =
        urls.map(|url| Candidate { lastmod: Some(Timestamp::UNIX_EPOCH), ..lease.found(url, FoundBy::Tree) });
    let link = file.exchange.as_ref().and_then(|exchange| exchange.header("link"));
    let next = link.and_then(parse_next_page).and_then(|next| file.url.join(next).ok());
    // A page of the list without a commit in its address would not say what its files are of.
    let next = next.filter(|url| commit_in(url).as_ref() == Some(&commit));
    Some(pages.chain(next.map(|url| Candidate::listing(url, Kind::Tree))).collect())
}

/// Ends the files of other commits once the list of this one is there, as after an update that found a new commit.
pub(super) fn retire_others(
    crawl: &mut Crawl<'_>,
    frontier: &mut Frontier,
    lease: &Lease,
    now: Timestamp,
) -> Result<(), CrawlError> {
    let Some(repository) = &crawl.config.scope.repository else { return Ok(()) };
    let Some(commit) = commit_in(&lease.url) else { return Ok(()) };
    let is_other = |url: &CanonicalUrl| {
        repository.raw_file(url).is_some_and(|file| file.is_pinned() && file.reference != commit)
    };
    let others: Vec<CanonicalUrl> = frontier.kept_pages()?.into_iter().filter(is_other).collect();
    let reason = SkipReason::OtherVersion { name: format!("another commit than {commit}") };
    for url in &others {
        crawl
            .recorder
            .record_gone(url, &Outcome::Skipped(reason.clone()), now)
            .map_err(|cause| CrawlError::Record { url: url.clone(), cause })?;
    }
    Ok(frontier.take_back(&others, &reason)?)
}

/// Ends the lease of a list at once where the forge will not give it in this hour: what it asks patience for is not
/// worth waiting for, since there is another way.
pub(super) fn try_again(lease: &Lease, status: Option<u16>, cause: &str) -> Option<Outcome> {
    let is_refused = lease.kind.is_of_repository() && matches!(status, Some(403 | 429));
    is_refused.then(|| Outcome::Failed { cause: cause.to_owned() })
}

/// Goes by the links of the README where a commit or a list ended without an answer.
pub(super) fn heed_outcome(crawl: &Crawl<'_>, lease: &Lease, outcome: &Outcome, found: &mut Vec<Candidate>) {
    let Some(repository) = crawl.config.scope.repository.as_ref().filter(|_| lease.kind.is_of_repository())
    else {
        return;
    };
    let cause = match outcome {
        Outcome::Skipped(SkipReason::HttpStatus(status)) => format!("HTTP {status}"),
        Outcome::Skipped(reason) => reason.word().replace('_', " "),
        Outcome::Failed { cause } => cause.clone(),
        Outcome::Done(_) | Outcome::Redirected { .. } | Outcome::Retry { .. } => return,
    };
    (crawl.events)(CrawlEvent::Unlisted { url: lease.url.clone(), cause });
    found.extend(by_links(crawl, repository));
}

/// The same where robots.txt forbids to ask for them.
pub(super) fn heed_refusal(
    crawl: &mut Crawl<'_>,
    frontier: &mut Frontier,
    url: &CanonicalUrl,
    reason: &SkipReason,
) -> Result<(), CrawlError> {
    let Some(repository) = crawl.config.scope.repository.as_ref().filter(|known| known.is_listing(url))
    else {
        return Ok(());
    };
    let detail = reason.detail().unwrap_or_default();
    (crawl.events)(CrawlEvent::Unlisted { url: url.clone(), cause: format!("robots.txt: {detail}") });
    Ok(frontier.add(&by_links(crawl, repository))?)
}

/// The READMEs and the seed URLs, at the branch. They are seeds: what they say is what the user asked for.
fn by_links(crawl: &Crawl<'_>, repository: &Repository) -> Vec<Candidate> {
    let reference = repository.reference_or_head();
    let named = crawl.config.scope.start_urls.iter().filter_map(|url| {
        let file = repository.file_of(url.as_url(), reference, &|_| false)?;
        let is_document = repository.is_document(&file.path);
        is_document.then(|| repository.raw_url(&file.reference, &file.path))?
    });
    named.chain(repository.entrances()).map(Candidate::seed).collect()
}

fn is_of(repository: &Repository, url: &CanonicalUrl) -> bool {
    repository.file_of(url.as_url(), repository.reference_or_head(), &|_| false).is_some()
}

/// The commit that an address has in it.
fn commit_in(url: &CanonicalUrl) -> Option<String> {
    let mut words = url.as_str().split(|letter: char| !letter.is_ascii_alphanumeric());
    let is_commit =
        |word: &&str| matches!(word.len(), 40 | 64) && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    words.rfind(is_commit).map(str::to_owned)
}
