//! Sitemaps: text in, URLs out (sitemaps.org protocol 0.9).
//!
//! A file lists pages (`urlset`), further sitemaps (`sitemapindex`), is a feed (RSS 2.0 or Atom 1.0, whose entries are
//! pages), or is plain text with a URL a line. Broken XML is normal: whatever was read before the break counts. This module
//! neither fetches nor unpacks nor judges a URL.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::MAX_ENTRIES;
use crate::url::CanonicalUrl;

/// What a sitemap lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sitemap {
    /// Pages, in the order of the file.
    pub pages: Vec<Entry>,
    /// Further sitemaps.
    pub sitemaps: Vec<Entry>,
}

/// A line of a sitemap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What is listed.
    pub url: CanonicalUrl,
    /// When it changed last: `lastmod` of a sitemap, `updated` of a feed in Atom. Where the file names a day only, the
    /// beginning of that day in UTC.
    pub lastmod: Option<Timestamp>,
}

/// Reads a sitemap of any of these forms. Something else, such as an HTML page, lists nothing.
pub fn parse_sitemap(body: &[u8]) -> Sitemap {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') { parse_xml(text) } else { parse_lines(text) }
}

fn parse_lines(text: &str) -> Sitemap {
    let urls = text.lines().filter_map(|line| CanonicalUrl::parse(line).ok());
    let urls = urls.map(|url| Entry { url, lastmod: None });
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
                walk.open(start.local_name().as_ref(), start.name().as_ref(), &mut sitemap);
                walk.link(&start);
            }
            Ok(Event::Empty(start)) => walk.link(&start),
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
    // An entry that the end of a cut file left open may have told its address whole; one that is cut itself is not closed.
    walk.leave(&mut sitemap);
    sitemap
}

/// Where in the file the reader stands.
#[derive(Default)]
struct Walk {
    inside: Option<List>,
    /// The text of the element that is open, if it is one of those that matter.
    text: Option<String>,
    /// What the open entry has told so far.
    url: Option<CanonicalUrl>,
    lastmod: Option<Timestamp>,
}

#[derive(Clone, Copy)]
enum List {
    Pages,
    Sitemaps,
    Feed,
}

impl Walk {
    fn open(&mut self, local_name: &str, name: &str, sitemap: &mut Sitemap) {
        match local_name {
            "url" => self.enter(List::Pages, sitemap),
            "sitemap" => self.enter(List::Sitemaps, sitemap),
            "item" | "entry" => self.enter(List::Feed, sitemap),
            // The feed's own link, before its entries, is that of the site; its own time is that of the feed.
            "link" | "updated" if matches!(self.inside, Some(List::Feed)) && name == local_name => {
                self.text = Some(String::new());
            }
            // `image:loc` and `video:loc` share the local name and are no pages; a prefixed sitemap is unheard of.
            "loc" | "lastmod" if name == local_name => self.text = Some(String::new()),
            _ => {}
        }
    }

    fn enter(&mut self, list: List, sitemap: &mut Sitemap) {
        // What was never closed ends where the next one begins.
        self.leave(sitemap);
        self.inside = Some(list);
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = &mut self.text {
            open.push_str(text);
        }
    }

    /// An entry of Atom names its page by an attribute; other relations than `alternate` are no pages.
    fn link(&mut self, element: &BytesStart<'_>) {
        if element.name().as_ref() != "link" || !matches!(self.inside, Some(List::Feed)) {
            return;
        }
        let value = |name: &str| {
            let attribute = element.try_get_attribute(name).ok().flatten()?;
            attribute.normalized_value(XmlVersion::Implicit1_0).ok().map(Cow::into_owned)
        };
        if self.url.is_none() && value("rel").is_none_or(|rel| rel == "alternate") {
            self.url = value("href").and_then(|href| CanonicalUrl::parse(&href).ok());
        }
    }

    fn close(&mut self, name: &str, sitemap: &mut Sitemap) {
        if let Some(text) = self.text.take() {
            match name {
                "lastmod" | "updated" => self.lastmod = time_of(&text),
                _ => self.url = self.url.take().or_else(|| CanonicalUrl::parse(&text).ok()),
            }
        }
        if matches!(name, "url" | "sitemap" | "item" | "entry") {
            self.leave(sitemap);
        }
    }

    /// Ends the entry that is open.
    fn leave(&mut self, sitemap: &mut Sitemap) {
        let (inside, url, lastmod) = (self.inside.take(), self.url.take(), self.lastmod.take());
        let (Some(inside), Some(url)) = (inside, url) else { return };
        let entry = Entry { url, lastmod };
        match inside {
            List::Pages | List::Feed => sitemap.pages.push(entry),
            List::Sitemaps => sitemap.sitemaps.push(entry),
        }
    }
}

/// A time in the W3C's profile of ISO 8601, which leaves off from the right what is not known.
fn time_of(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let day = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        10 => text.to_owned(),
        _ => return with_time(text),
    };
    day.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// A time of day without an offset is read as UTC, which is what generators mean that forget it.
fn with_time(text: &str) -> Option<Timestamp> {
    let text = text.replacen(' ', "T", 1);
    text.parse().or_else(|_| format!("{text}Z").parse()).ok()
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
    use super::{Entry, parse_sitemap};

    fn check(body: &str, pages: &[&str], sitemaps: &[&str]) {
        let sitemap = parse_sitemap(body.as_bytes());
        let urls = |entries: &[Entry]| entries.iter().map(|entry| entry.url.to_string()).collect::<Vec<_>>();
        assert_eq!(urls(&sitemap.pages), pages, "{body}");
        assert_eq!(urls(&sitemap.sitemaps), sitemaps, "{body}");
    }

    #[test]
    fn times_of_the_last_change() {
        let times = |body: &str| {
            let pages = parse_sitemap(body.as_bytes()).pages;
            pages.iter().map(|page| page.lastmod.map(|time| time.to_string())).collect::<Vec<_>>()
        };
        for (text, time) in [
            ("2024-05-06", Some("2024-05-06T00:00:00Z")),
            ("2024-05", Some("2024-05-01T00:00:00Z")),
            ("2024", Some("2024-01-01T00:00:00Z")),
            (" 2024-05-06T07:08:09+02:00 ", Some("2024-05-06T05:08:09Z")),
            ("2024-05-06T07:08Z", Some("2024-05-06T07:08:00Z")),
            ("2024-05-06 07:08:09", Some("2024-05-06T07:08:09Z")),
            ("yesterday", None),
            ("20é4", None),
            ("", None),
        ] {
            let body = format!(
                "<urlset><url><lastmod>{text}</lastmod><loc>https://d.example/a</loc></url></urlset>"
            );
            assert_eq!(times(&body), [time.map(str::to_owned)], "{text}");
        }
        assert_eq!(
            times(
                "<feed><updated>2020-01-01</updated><entry><updated>2024-05-06T00:00:00Z</updated><link \
                 href='https://d.example/a'/></entry><entry><link href='https://d.example/b'/></entry></feed>"
            ),
            [Some("2024-05-06T00:00:00Z".to_owned()), None]
        );
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
