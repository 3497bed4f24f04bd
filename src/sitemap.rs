//! Sitemaps: text in, URLs out.
