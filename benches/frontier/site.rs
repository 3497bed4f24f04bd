//! The made site: numbered pages over 20 hosts.

use std::time::Duration;

use skillcrawl::config::{
    Discover, ExtractRules, FetchRules, Politeness, Recycling, RenderMode, ScopeRules, SiteConfig, SkillRules,
};
use skillcrawl::url::CanonicalUrl;

/// How many hosts there are.
pub const HOSTS: u64 = 20;

/// How many pages a page leads to for the first time.
const CHILDREN: u64 = 4;

/// How many links a page has to pages that others lead to as well.
const OTHERS: u64 = 4;

/// The address of a page. Pages of one number after the other lie on different hosts and in different folders.
pub fn url(number: u64) -> anyhow::Result<CanonicalUrl> {
    let (host, folder) = (number % HOSTS, number / HOSTS % 97);
    Ok(CanonicalUrl::parse(&format!(
        "https://docs{host}.example/en/stable/chapter-{folder}/the-page-of-number-{number}.html"
    ))?)
}

/// The number of a page.
pub fn number(url: &CanonicalUrl) -> Option<u64> {
    url.path().rsplit_once('-')?.1.strip_suffix(".html")?.parse().ok()
}

/// Where a page of a site of so many pages leads: to the next of a tree, and to some that are known already or soon.
pub fn links(number: u64, pages: u64) -> impl Iterator<Item = u64> {
    let children = (1..=CHILDREN).map(move |child| number * CHILDREN + child + HOSTS - 1);
    let others = (1..=OTHERS).map(move |other| (number * 31 + other * 7919) % (number + 1));
    children.filter(move |child| *child < pages).chain(others)
}

/// A config of the first host. URLs of other hosts are admitted as seed URLs only, so each link counts as one.
pub fn config() -> anyhow::Result<SiteConfig> {
    let base_url = url(0)?;
    let start_urls = (0..HOSTS).map(url).collect::<anyhow::Result<_>>()?;
    Ok(SiteConfig {
        name: "bench".to_owned(),
        description: None,
        scope: ScopeRules {
            base_url,
            start_urls,
            include: vec![],
            exclude: vec![],
            max_pages: None,
            discover: Discover {
                sitemap: false,
                llms_txt: false,
                links: true,
                navigation: true,
                indexes: false,
            },
            repository: None,
        },
        politeness: Politeness { delay: Duration::ZERO, user_agent: "skillcrawl/0 (bench)".to_owned() },
        fetch: FetchRules {
            router: true,
            render: RenderMode::Never,
            page_timeout: Duration::from_secs(30),
            concurrency: 8,
            retries: 2,
            recycling: Recycling::default(),
        },
        extract: ExtractRules::default(),
        skill: SkillRules::default(),
    })
}
