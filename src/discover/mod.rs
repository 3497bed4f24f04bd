//! Where pages are named besides the links of other pages: text in, URLs out.
//!
//! One source a file: [`sitemap`] reads sitemaps and feeds, [`llms_txt`] and [`llms_full`] what a site writes for language
//! models, and [`index`] the files that documentation generators write for their own use: inventories, search indexes,
//! maps of pages and menus (`sphinx`, `search_index`, `vitepress`, `next`, `docsify`). Some of these name pages without
//! their ending; `spelling` learns it from the pages that are known. [`place`] says which of such files is about the site.
//!
//! Nothing here fetches, and nothing judges whether a URL belongs to the site: a caller passes what was found through the
//! scope, as it does with links.

mod docsify;
pub mod index;
pub mod llms_full;
pub mod llms_txt;
mod next;
pub mod place;
mod search_index;
pub mod sitemap;
mod spelling;
mod sphinx;
mod vitepress;

use crate::url::CanonicalUrl;

/// The most pages that are taken from one file: as many as a sitemap may hold (sitemaps.org).
const MAX_ENTRIES: usize = 50_000;

/// A file that lists pages, as a page points to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Listing {
    /// A sitemap or a feed.
    Sitemap(CanonicalUrl),
    /// An index of the generator that made the page.
    Index(CanonicalUrl),
    /// Such an index by its name in the root of the documentation, where the page does not say which folder that is.
    IndexAtRoot(String),
}

/// Whether a page is known already, in whatever spelling.
pub type Knows<'a> = dyn Fn(&CanonicalUrl) -> bool + 'a;
