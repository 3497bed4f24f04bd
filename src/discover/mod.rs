//! Where pages are named besides the links of other pages: text in, URLs out.
//!
//! One source a file: [`sitemap`] reads sitemaps and feeds, [`llms_txt`] the list that a site writes for language models.
//! Nothing here fetches, and nothing judges whether a URL belongs to the site.

pub mod llms_txt;
pub mod sitemap;
