//! What a page says of itself to crawlers: `meta name=robots` and the header `X-Robots-Tag`.
//!
//! Both hold a list of words. The header may address one crawler by a name before the list, the meta element by its own
//! name. Words that are not about keeping or following are left alone, as are those of other crawlers.

/// What may be done with a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageDirectives {
    /// Whether it may be kept; `noindex` says no.
    pub keep: bool,
    /// Whether its links may be followed; `nofollow` says no.
    pub follow: bool,
}

impl Default for PageDirectives {
    /// What holds for a page that says nothing.
    fn default() -> Self {
        Self { keep: true, follow: true }
    }
}

/// Words that have a value behind a colon, and are no names of crawlers.
const VALUED: [&str; 4] = ["max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"];

impl PageDirectives {
    /// Takes in the content of a `meta` element that addresses us.
    pub fn read_meta(&mut self, content: &str) {
        content.split(',').for_each(|word| self.take(word));
    }

    /// Takes in one line of `X-Robots-Tag`, as the crawler of this product token reads it.
    pub fn read_header(&mut self, value: &str, product_token: &str) {
        let (agent, words) = match value.split_once(':') {
            Some((name, rest)) if is_name(name) => (Some(name.trim()), rest),
            _ => (None, value),
        };
        if agent.is_none_or(|agent| agent == "*" || agent.eq_ignore_ascii_case(product_token)) {
            self.read_meta(words);
        }
    }

    fn take(&mut self, word: &str) {
        match word.trim().to_ascii_lowercase().as_str() {
            "noindex" => self.keep = false,
            "nofollow" => self.follow = false,
            "none" => *self = Self { keep: false, follow: false },
            _ => {}
        }
    }
}

/// Whether what stands before a colon is the name of a crawler.
fn is_name(text: &str) -> bool {
    let text = text.trim();
    !text.contains(',') && !VALUED.iter().any(|word| word.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::PageDirectives;

    fn header(value: &str) -> (bool, bool) {
        let mut directives = PageDirectives::default();
        directives.read_header(value, "skillcrawl");
        (directives.keep, directives.follow)
    }

    #[test]
    fn headers_may_address_one_crawler() {
        assert_eq!(header("noindex"), (false, true));
        assert_eq!(header("NOINDEX, nofollow"), (false, false));
        assert_eq!(header("none"), (false, false));
        assert_eq!(header("all, noarchive, max-snippet: 20"), (true, true));
        assert_eq!(header("otherbot: noindex, nofollow"), (true, true));
        assert_eq!(header("SkillCrawl: noindex"), (false, true));
        assert_eq!(header("*: nofollow"), (true, false));
        assert_eq!(header("unavailable_after: 25 Jun 2030 15:00:00 GMT"), (true, true));
        assert_eq!(header("max-snippet: 20, noindex"), (false, true));
        assert_eq!(header(""), (true, true));
    }

    #[test]
    fn several_add_up() {
        let mut directives = PageDirectives::default();
        directives.read_meta("index, follow");
        assert_eq!(directives, PageDirectives::default());
        directives.read_meta("noindex");
        directives.read_header("nofollow", "skillcrawl");
        assert_eq!(directives, PageDirectives { keep: false, follow: false });
    }
}
