//! What stands before a site in place of its pages: a form to sign in, a consent page, or an error under status 200.
//!
//! Two things give it away: pages that ask for a password and hold next to nothing else, and one page that most
//! addresses lead to. A site that has such a page among many others is no such case.

use serde::Serialize;

/// So many addresses that lead to one page are no chance any more.
const MANY: u64 = 10;

/// What stands before a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Barred {
    /// How many of the pages that were read ask to sign in and hold nothing else.
    pub sign_in: u64,
    /// How many of these are pages of the skill.
    #[serde(skip)]
    pub sign_in_kept: u64,
    /// The page that most addresses lead to, where one does.
    pub same_page: Option<SamePage>,
}

/// A page that other addresses lead to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SamePage {
    /// The page.
    pub url: String,
    /// How many other addresses lead there or show the same.
    pub addresses: u64,
    /// How many of these are counted as addresses at which nothing is.
    #[serde(skip)]
    pub not_there: u64,
    /// How many of these were recorded and read.
    #[serde(skip)]
    pub read: u64,
    /// Whether it is a page of the skill.
    #[serde(skip)]
    pub kept: bool,
}

impl SamePage {
    /// Whether more addresses lead there than there are other pages, of so many that were kept.
    pub fn stands_for_most(&self, kept: u64) -> bool {
        self.addresses >= MANY && self.addresses > kept.saturating_sub(u64::from(self.kept))
    }

    /// The page and its addresses in words.
    pub fn sentence(&self) -> String {
        format!("most addresses lead to one and the same page: {} to <{}>", self.addresses, self.url)
    }

    /// What the crawl and the reading of its record found, as one: the page with more addresses, or both together where
    /// they are the same.
    pub fn joined(self, other: Self) -> Self {
        if plain(&self.url) == plain(&other.url) {
            return Self {
                addresses: self.addresses + other.addresses,
                not_there: self.not_there + other.not_there,
                read: self.read + other.read,
                kept: self.kept || other.kept,
                url: self.url,
            };
        }
        if other.addresses > self.addresses { other } else { self }
    }
}

impl Barred {
    /// Whether this is what the site shows, and not a page among others.
    pub fn is_most(&self, read: u64) -> bool {
        self.same_page.is_some() || self.sign_in * 2 > read
    }

    /// What was found, a sentence each.
    pub(super) fn sentences(&self, read: u64) -> Vec<String> {
        let mut sentences: Vec<String> = self.same_page.iter().map(SamePage::sentence).collect();
        if self.sign_in > 0 {
            let verbs =
                if self.sign_in == 1 { "asks to sign in and holds" } else { "ask to sign in and hold" };
            let noun = if read == 1 { "page" } else { "pages" };
            sentences.push(format!("{} of {read} {noun} {verbs} nothing else", self.sign_in));
        }
        sentences
    }

    /// How many of the pages read are no pages of the site; none where such pages are the exception.
    pub(super) fn read(&self, read: u64) -> u64 {
        let same = self.same_page.as_ref().map_or(0, |page| page.read + u64::from(page.kept));
        if self.is_most(read) { self.sign_in.max(same).min(read) } else { 0 }
    }

    /// How many of the skill's pages are none of the site.
    pub(super) fn kept(&self, read: u64) -> u64 {
        let same = self.same_page.as_ref().map_or(0, |page| u64::from(page.kept));
        if self.is_most(read) { self.sign_in_kept.max(same) } else { 0 }
    }

    /// How many addresses lead to the one page that are not counted among the pages read or those that are not there.
    pub(super) fn led(&self) -> u64 {
        let page = self.same_page.as_ref();
        page.map_or(0, |page| page.addresses.saturating_sub(page.not_there + page.read))
    }
}

fn plain(url: &str) -> &str {
    url.split('?').next().unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::SamePage;

    fn page(url: &str, addresses: u64) -> SamePage {
        SamePage { url: url.into(), addresses, kept: true, ..SamePage::default() }
    }

    #[test]
    fn one_page_stands_for_most_where_the_others_are_fewer() {
        assert!(page("https://d.example/in", 10).stands_for_most(1));
        assert!(!page("https://d.example/in", 9).stands_for_most(1));
        assert!(!page("https://d.example/in", 40).stands_for_most(41));
        assert!(page("https://d.example/in", 40).stands_for_most(40));
    }

    #[test]
    fn what_two_looks_found_is_one_page_where_the_address_is() {
        let joined = page("https://d.example/in", 30).joined(page("https://d.example/in?next=%2Fa", 4));
        assert_eq!((joined.url.as_str(), joined.addresses), ("https://d.example/in", 34));
        let joined = page("https://d.example/in", 3).joined(page("https://d.example/sorry", 4));
        assert_eq!((joined.url.as_str(), joined.addresses), ("https://d.example/sorry", 4));
    }
}
