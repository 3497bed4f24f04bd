//! Sitemaps: text in, URLs out (sitemaps.org protocol 0.9).
//!
//! A file lists pages (`urlset`), further sitemaps (`sitemapindex`), is a feed (RSS 2.0 or Atom 1.0, whose entries are
//! pages), or is plain text with a URL a line. Broken XML is normal: whatever was read before the break counts. This module neither fetches nor unpacks nor judges a URL.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::url::CanonicalUrl;

/// The most entries that one file may hold (sitemaps.org).
const MAX_ENTRIES: usize = 50_000;

/// What a sitemap lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// Pages, in the order of the file.
    pub pages: Vec<CanonicalUrl>,
    /// Further sitemaps.
    pub sitemaps: Vec<CanonicalUrl>,
}

/// Reads a sitemap of any of these forms. Something else, such as an HTML page, lists nothing.
pub fn parse_sitemap(body: &[u8]) -> Sitemap {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') { parse_xml(text) } else { parse_lines(text) }
}

fn parse_lines(text: &str) -> Sitemap {
    let urls = text.lines().filter_map(|line| CanonicalUrl::parse(line).ok());
    Sitemap { pages: urls.take(MAX_ENTRIES).collect(), sitemaps: Vec::new() }
}

fn parse_xml(text: &str) -> Sitemap {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;

    let mut sitemap = Sitemap::default();
    let mut walk = Walk::default();
    while sitemap.pages.len() + sitemap.sitemaps.len() < MAX_ENTRIES {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                walk.open(start.local_name().as_ref(), start.name().as_ref());
                walk.link(&start, &mut sitemap);
            }
            Ok(Event::Empty(start)) => walk.link(&start, &mut sitemap),
            Ok(Event::End(end)) => walk.close(end.local_name().as_ref(), &mut sitemap),
            Ok(Event::Text(text)) => walk.text(&text.xml10_content()),
            Ok(Event::CData(text)) => walk.text(&text.xml10_content()),
            Ok(Event::GeneralRef(reference)) => {
                let named = named_reference(&reference.xml10_content());
                let character = reference.resolve_char_ref().ok().flatten();
                walk.text(&character.map_or(named, |character| Cow::Owned(character.to_string())));
            }
            Ok(Event::Eof) | Err(_) => break,
            Ok(_) => {}
        }
    }
    sitemap
}

/// Where in the file the reader stands.
#[derive(Default)]
struct Walk {
    inside: Option<List>,
    location: Option<String>,
}

#[derive(Clone, Copy)]
enum List {
    Pages,
    Sitemaps,
    Feed,
}

impl Walk {
    fn open(&mut self, local_name: &str, name: &str) {
        match local_name {
            "url" => self.inside = Some(List::Pages),
            "sitemap" => self.inside = Some(List::Sitemaps),
            "item" | "entry" => self.inside = Some(List::Feed),
            // The feed's own link, before its entries, is that of the site.
            "link" if matches!(self.inside, Some(List::Feed)) && name == "link" => {
                self.location = Some(String::new());
            }
            // `image:loc` and `video:loc` share the local name and are no pages; a prefixed sitemap is unheard of.
            "loc" if name == "loc" => self.location = Some(String::new()),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(location) = &mut self.location {
            location.push_str(text);
        }
    }

    /// An entry of Atom names its page by an attribute; other relations than `alternate` are no pages.
    fn link(&mut self, element: &BytesStart<'_>, sitemap: &mut Sitemap) {
        if element.name().as_ref() != "link" || !matches!(self.inside, Some(List::Feed)) {
            return;
        }
        let value = |name: &str| {
            let attribute = element.try_get_attribute(name).ok().flatten()?;
            attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)
        };
        if value("rel").is_none_or(|rel| rel == "alternate") {
            sitemap.pages.extend(value("href").and_then(|href| CanonicalUrl::parse(&href).ok()));
        }
    }

    fn close(&mut self, name: &str, sitemap: &mut Sitemap) {
        if matches!(name, "item" | "entry") {
            self.inside = None;
        }
        let Some(location) = self.location.take() else { return };
        let Ok(url) = CanonicalUrl::parse(&location) else { return };
        match self.inside {
            Some(List::Pages | List::Feed) => sitemap.pages.push(url),
            Some(List::Sitemaps) => sitemap.sitemaps.push(url),
            None => {}
        }
    }
}

fn named_reference(name: &str) -> Cow<'static, str> {
    Cow::Borrowed(match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "apos" => "'",
        "quot" => "\"",
        _ => "",
    })
}

#[cfg(test)]
mod tests {
    use super::parse_sitemap;

    fn check(body: &str, pages: &[&str], sitemaps: &[&str]) {
        let sitemap = parse_sitemap(body.as_bytes());
        assert_eq!(sitemap.pages.iter().map(|url| url.as_str()).collect::<Vec<_>>(), pages, "{body}");
        assert_eq!(sitemap.sitemaps.iter().map(|url| url.as_str()).collect::<Vec<_>>(), sitemaps, "{body}");
    }

    #[test]
    fn pages_with_pictures_references_and_cdata() {
        let body = "\u{feff}<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>
            <url><loc> https://d.example/a?x=1&amp;y=2 </loc><image:image><image:loc>https://d.example/p</image:loc>
            </image:image></url><url><loc><![CDATA[https://d.example/b]]></loc></url>
            <url><loc>https://d.example/caf&#xe9;</loc></url><url><loc>/relative</loc></url></urlset>";
        check(
            body,
            &["https://d.example/a?x=1&y=2", "https://d.example/b", "https://d.example/caf%C3%A9"],
            &[],
        );
    }

    #[test]
    fn an_index_lists_sitemaps() {
        let body = "<sitemapindex><sitemap><loc>https://d.example/s1.xml.gz</loc></sitemap></sitemapindex>";
        check(body, &[], &["https://d.example/s1.xml.gz"]);
    }

    #[test]
    fn feeds_list_the_pages_of_their_entries() {
        check(
            "<rss version='2.0'><channel><title>T</title><link>https://d.example/</link><atom:link rel='self' \
             href='https://d.example/feed'/><item><title>A</title><link>https://d.example/a</link><guid>1</guid></item>\
             <item><link>https://d.example/b</link></item></channel></rss>",
            &["https://d.example/a", "https://d.example/b"],
            &[],
        );
        check(
            "<feed xmlns='http://www.w3.org/2005/Atom'><link href='https://d.example/'/><entry><link rel='alternate' \
             href='https://d.example/a?x=1&amp;y=2'/><link rel='edit' href='https://d.example/edit'/></entry><entry>\
             <link href='https://d.example/b'></link></entry></feed>",
            &["https://d.example/a?x=1&y=2", "https://d.example/b"],
            &[],
        );
    }

    #[test]
    fn plain_text_and_broken_files() {
        check(
            "https://d.example/a\r\nnonsense\nhttps://d.example/b\n",
            &["https://d.example/a", "https://d.example/b"],
            &[],
        );
        check(
            "<urlset><url><loc>https://d.example/a</loc></url><url><loc>https://d.exa",
            &["https://d.example/a"],
            &[],
        );
        check("<urlset><url><loc>https://d.example/a?b&c</loc></x></url>", &["https://d.example/a?b&c"], &[]);
        check("<!doctype html><html><body><p>Not found</body></html>", &[], &[]);
        check("", &[], &[]);
    }
}
