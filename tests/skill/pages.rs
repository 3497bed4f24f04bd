//! Pages made by hand: Markdown in, what the fetcher and the extraction would have given out.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use skillcrawl::config::{
    Discover, ExtractRules, FetchRules, Politeness, Recycling, RenderMode, ScopeRules, SiteConfig, SkillRules,
};
use skillcrawl::document::{
    Block, CodeBlock, Document, Inline, List, ListItem, NavigationItem, Table, plain_text,
};
use skillcrawl::extract::{Audit, Reading};
use skillcrawl::fetched::Fetched;
use skillcrawl::render::Source;
use skillcrawl::url::CanonicalUrl;
use std::time::Duration;

/// A config with defaults for everything but name and base URL.
pub fn config(name: &str, base_url: &str) -> SiteConfig {
    let base_url = url(base_url);
    SiteConfig {
        name: name.into(),
        description: None,
        scope: ScopeRules {
            start_urls: vec![base_url.clone()],
            base_url,
            include: vec![],
            exclude: vec![],
            max_pages: None,
            discover: Discover {
                sitemap: true,
                llms_txt: true,
                links: true,
                navigation: true,
                indexes: true,
            },
            repository: None,
        },
        politeness: Politeness { delay: Duration::ZERO, user_agent: "test".into() },
        fetch: FetchRules {
            router: true,
            render: RenderMode::Never,
            page_timeout: Duration::from_secs(1),
            concurrency: 1,
            retries: 0,
            recycling: Recycling::default(),
        },
        extract: ExtractRules::default(),
        skill: SkillRules::default(),
    }
}

pub fn url(text: &str) -> CanonicalUrl {
    CanonicalUrl::parse(text).unwrap()
}

/// A fetched page that carries its Markdown as its twin.
pub fn page(address: &str, markdown: &str) -> Fetched {
    Fetched {
        url: url(address),
        fetched_at: "2025-11-20T10:00:00Z".parse().unwrap(),
        exchange: None,
        dom: None,
        twin: Some(markdown.to_owned()),
    }
}

pub fn item(title: &str, address: Option<&str>, children: Vec<NavigationItem>) -> NavigationItem {
    NavigationItem { title: title.into(), url: address.map(url), children }
}

/// Reads a page that [`page`] made.
pub fn read(fetched: &Fetched, navigation: &[NavigationItem]) -> Reading {
    let markdown = fetched.twin.clone().unwrap_or_default();
    let mut document = document(&markdown);
    document.navigation = navigation.to_vec();
    Reading {
        document,
        profile: "test".into(),
        source: Source::Twin,
        warnings: vec![],
        audit: Audit::default(),
    }
}

/// Markdown as a document, as far as these tests need it.
pub fn document(markdown: &str) -> Document {
    let mut events = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_GFM);
    let blocks = blocks(&mut events);
    let title = blocks.iter().find_map(|block| match block {
        Block::Heading { level: 1, content, .. } => Some(plain_text(content)),
        _ => None,
    });
    Document { title: title.unwrap_or_default(), blocks, ..Document::default() }
}

fn blocks(events: &mut Parser<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut loose = Vec::new();
    while let Some(event) = events.next() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                blocks.push(Block::Heading { level: level as u8, id: None, content: inlines(events) });
            }
            Event::Start(Tag::Paragraph) => blocks.push(Block::Paragraph(inlines(events))),
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match kind {
                    CodeBlockKind::Fenced(info) if !info.is_empty() => Some(info.to_string()),
                    _ => None,
                };
                let text = plain_text(&inlines(events));
                blocks.push(Block::Code(CodeBlock { language, caption: None, text }));
            }
            Event::Start(Tag::List(start)) => {
                let items = self::blocks(events).into_iter().map(|content| match content {
                    Block::Quote(content) => ListItem { checked: None, content },
                    other => ListItem { checked: None, content: vec![other] },
                });
                blocks.push(Block::List(List { start, items: items.collect() }));
            }
            Event::Start(Tag::Item) => blocks.push(Block::Quote(self::blocks(events))),
            Event::Start(Tag::BlockQuote(kind)) => {
                let content = self::blocks(events);
                blocks.push(match kind {
                    Some(kind) => {
                        Block::Admonition { kind: format!("{kind:?}").to_lowercase(), title: None, content }
                    }
                    None => Block::Quote(content),
                });
            }
            Event::Start(Tag::Table(_)) => {
                let mut rows = Vec::new();
                while let Some(event) = events.next() {
                    match event {
                        Event::Start(Tag::TableHead | Tag::TableRow) => rows.push(Vec::new()),
                        Event::Start(Tag::TableCell) => rows.last_mut().unwrap().push(inlines(events)),
                        Event::End(TagEnd::Table) => break,
                        _ => {}
                    }
                }
                let header = rows.remove(0);
                blocks.push(Block::Table(Table { header, rows, ..Table::default() }));
            }
            Event::Start(_) => blocks.push(Block::Paragraph(inlines(events))),
            Event::End(_) => break,
            Event::Text(text) => loose.push(Inline::Text(text.into_string())),
            Event::Code(text) => loose.push(Inline::Code(text.into_string())),
            _ => {}
        }
    }
    if !loose.is_empty() {
        blocks.insert(0, Block::Paragraph(loose));
    }
    blocks
}

fn inlines(events: &mut Parser<'_>) -> Vec<Inline> {
    let mut content = Vec::new();
    while let Some(event) = events.next() {
        match event {
            Event::Text(text) => content.push(Inline::Text(text.into_string())),
            Event::Code(text) => content.push(Inline::Code(text.into_string())),
            Event::SoftBreak => content.push(Inline::Text(" ".into())),
            Event::Start(Tag::Strong) => content.push(Inline::Strong(inlines(events))),
            Event::Start(Tag::Emphasis) => content.push(Inline::Emphasis(inlines(events))),
            Event::Start(Tag::Link { dest_url, .. }) => {
                content.push(Inline::Link { url: dest_url.into_string(), content: inlines(events) });
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let alt = plain_text(&inlines(events));
                content.push(Inline::Image { url: dest_url.into_string(), alt });
            }
            Event::Start(_) => content.extend(inlines(events)),
            Event::End(_) => break,
            _ => {}
        }
    }
    content
}
