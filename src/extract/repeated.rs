//! What pages of one site have in common, where no profile says what the template of the site is.
//!
//! A page that was read by landmarks or by its text may come with the menu before it and the footer behind it. The pages
//! of a site tell: what most of them have is the template. Only what stands before the first block that is the page's
//! own and behind the last one is taken out, and lists of links wherever they stand, so that a heading or an example that
//! many pages share stays where it is part of the text.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::document::{Block, Inline, plain_text};
use crate::extract::boilerplate::drop_repeated_edges;
use crate::extract::stock::{is_at_end, is_link_only, push_lines};
use crate::extract::{Reading, warning};
use crate::profile::GENERIC;
use crate::url::CanonicalUrl;

/// With fewer pages nothing can be said.
const MIN_PAGES: usize = 3;

/// Up to here all pages must agree.
const FEW_PAGES: usize = 5;

/// The share of pages, in per cent, that must repeat a block.
const SHARE: usize = 60;

/// The share of the lines of a menu, in per cent, that must be repeated: the branch of the page itself is its own.
const MENU_SHARE: usize = 50;

/// The most text, in letters, that a trail before the title may have.
const MAX_TRAIL: usize = 160;

/// Takes out of the pages of each site what they repeat: lines at the edges of all of them, and the whole template where
/// no profile recognised the page. The latter is told as a warning of the page.
pub fn drop_repeated<'a>(pages: impl IntoIterator<Item = (&'a CanonicalUrl, &'a mut Reading)>) {
    let mut sites: BTreeMap<String, Vec<&mut Reading>> = BTreeMap::new();
    for (url, reading) in pages {
        sites.entry(url.as_url().authority().to_owned()).or_default().push(reading);
    }
    for mut site in sites.into_values() {
        drop_templates(
            site.iter_mut().filter(|reading| reading.profile == GENERIC).map(|reading| &mut **reading),
        );
        drop_repeated_edges(site.iter_mut().map(|reading| &mut reading.document));
    }
}

fn drop_templates<'a>(pages: impl Iterator<Item = &'a mut Reading>) {
    let pages: Vec<&mut Reading> = pages.collect();
    let enough = match pages.len() {
        few if few < MIN_PAGES => return,
        few if few < FEW_PAGES => few,
        many => many * SHARE / 100 + 1,
    };
    let mut pages_with: HashMap<String, usize> = HashMap::new();
    for page in &pages {
        let mut keys = HashSet::new();
        page.document.blocks.iter().for_each(|block| push_keys(block, &mut keys));
        keys.into_iter().for_each(|key| *pages_with.entry(key).or_default() += 1);
    }
    pages_with.retain(|_, pages| *pages >= enough);
    let template = Template { repeated: pages_with.into_keys().collect() };
    for page in pages {
        let before = page.document.blocks.len();
        template.take_out(&mut page.document.blocks);
        let taken = before - page.document.blocks.len();
        if taken > 0 {
            let (blocks, were) = if taken == 1 { ("block", "was") } else { ("blocks", "were") };
            let message = format!(
                "{taken} {blocks} that most pages of the site repeat {were} taken out as its template"
            );
            page.warnings.push(warning("template_removed", &message));
        }
    }
}

/// The texts that most pages of a site have.
struct Template {
    repeated: HashSet<String>,
}

impl Template {
    fn take_out(&self, blocks: &mut Vec<Block>) {
        self.take_out_head(blocks);
        let last = blocks.iter().rposition(|block| {
            !matches!(block, Block::Rule) && !self.is_of_template(block) && !is_at_end(block)
        });
        // A page of which everything is repeated is left alone.
        let Some(last) = last else { return };
        blocks.truncate(last + 1);
        let mut place = 0;
        blocks.retain(|block| {
            place += 1;
            place == last + 1 || !self.is_menu(block)
        });
    }

    /// Takes out what stands before the title, if that is a template or a trail, and what follows it directly.
    fn take_out_head(&self, blocks: &mut Vec<Block>) {
        let title = blocks.iter().position(|block| matches!(block, Block::Heading { level: 1, .. }));
        let mut start = 0;
        if let Some(title) = title {
            let own: Vec<&Block> =
                blocks.iter().take(title).filter(|block| !self.is_of_template(block)).collect();
            let letters: usize =
                own.iter().filter_map(|block| key(block)).map(|key| key.chars().count()).sum();
            let is_trail =
                own.iter().all(|block| matches!(block, Block::Paragraph(_) | Block::List(_) | Block::Rule));
            if is_trail && letters <= MAX_TRAIL && own.iter().all(|block| is_trail_of_links(block)) {
                blocks.drain(..title);
                start = 1;
            }
        }
        let run = blocks.iter().skip(start).take_while(|block| self.is_of_template(block)).count();
        let mut end = start + run;
        // The heading of what the page says is the page's own, however many pages have one like it.
        while end > start && matches!(blocks.get(end - 1), Some(Block::Heading { .. })) {
            end -= 1;
        }
        if end < blocks.len() {
            blocks.drain(start..end);
        }
    }

    fn is_of_template(&self, block: &Block) -> bool {
        self.is_menu(block) || key(block).is_some_and(|key| self.repeated.contains(&key))
    }

    /// Whether a block is a list of links, most of which most pages have.
    fn is_menu(&self, block: &Block) -> bool {
        let Block::List(list) = block else { return false };
        let mut lines = Vec::new();
        push_lines(list, &mut lines);
        let links = lines.iter().filter(|line| is_link_only(line)).count();
        let repeated = lines.iter().filter(|line| self.repeated.contains(&plain_text(line))).count();
        lines.len() >= 3 && links * 100 >= lines.len() * 80 && repeated * 100 >= lines.len() * MENU_SHARE
    }
}

fn is_trail_of_links(block: &Block) -> bool {
    match block {
        Block::Paragraph(line) => line.iter().any(|inline| matches!(inline, Inline::Link { .. })),
        Block::List(list) => {
            let mut lines = Vec::new();
            push_lines(list, &mut lines);
            lines.iter().any(|line| is_link_only(line))
        }
        _ => true,
    }
}

/// What makes a block the same on two pages; code, tables, formulas and definitions are never of a template.
fn key(block: &Block) -> Option<String> {
    let text = match block {
        Block::Heading { content, .. } | Block::Paragraph(content) => line_key(content),
        Block::List(list) => {
            let keys = list.items.iter().flat_map(|item| &item.content).map(key);
            keys.collect::<Option<Vec<_>>>()?.join("\n")
        }
        Block::Quote(content) | Block::Admonition { content, .. } | Block::Details { content, .. } => {
            content.iter().map(key).collect::<Option<Vec<_>>>()?.join("\n")
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// The words of a line, or the addresses of its images where it has none.
fn line_key(line: &[Inline]) -> String {
    let text = plain_text(line);
    if !text.is_empty() {
        return text;
    }
    let images = line
        .iter()
        .filter_map(|inline| if let Inline::Image { url, .. } = inline { Some(url.as_str()) } else { None });
    images.collect::<Vec<_>>().join(" ")
}

/// The key of a block, and those of the lines of a list.
fn push_keys(block: &Block, keys: &mut HashSet<String>) {
    keys.extend(key(block));
    if let Block::List(list) = block {
        let mut lines = Vec::new();
        push_lines(list, &mut lines);
        keys.extend(lines.iter().map(|line| plain_text(line)));
    }
}

#[cfg(test)]
mod tests {
    use super::drop_repeated;
    use crate::config::ExtractRules;
    use crate::extract::tests::{page, profiles};
    use crate::extract::{Reading, read_page};
    use crate::markdown::to_markdown;
    use crate::url::CanonicalUrl;

    /// What comes of the pages of a site that nobody has described.
    fn read_site(contents: &[&str]) -> Vec<(String, Reading)> {
        let menu =
            "<ul><li><a href=a>Alpha</a></li><li><a href=b>Beta</a></li><li><a href=c>Gamma</a></li></ul>";
        let pages = contents.iter().map(|content| {
            let html = format!(
                "<body><div><div>{menu}<p><a href='/'>Start</a></p>{content}<h3>News</h3><p>Our newsletter, once a month.</p>\
                 <p>Made by people.</p></div></div></body>"
            );
            read_page(&page(Some(&html), None, None), profiles(), &ExtractRules::default())
        });
        let mut readings: Vec<Reading> = pages.collect();
        let url = CanonicalUrl::parse("https://docs.example/").unwrap();
        drop_repeated(readings.iter_mut().map(|reading| (&url, reading)));
        readings.into_iter().map(|reading| (to_markdown(&reading.document), reading)).collect()
    }

    #[test]
    fn what_most_pages_have_around_their_text_is_the_template() {
        let contents = [
            "<h1>One</h1><h2>Options</h2><p>The first page tells of one thing at some length.</p>",
            "<h1>Two</h1><h2>Options</h2><p>The second page tells of another thing at some length.</p>",
            "<h1>Three</h1><h2>Options</h2><p>The third page tells of neither thing at some length.</p>",
        ];
        let read = read_site(&contents);
        assert_eq!(read[0].0, "# One\n\n## Options\n\nThe first page tells of one thing at some length.\n");
        let kinds: Vec<&str> = read[0].1.warnings.iter().map(|warning| warning.kind).collect();
        assert_eq!(kinds, ["profile_generic", "main_content_missing", "template_removed"]);
        let alone = read_site(&contents[..2]);
        assert!(alone[0].0.contains("Our newsletter"), "two pages say nothing");
    }
}
