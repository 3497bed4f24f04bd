//! Where a page leads: the links that a crawler may follow.

use std::collections::{HashMap, HashSet};

use ego_tree::NodeId;
use scraper::{ElementRef, Selector};

use crate::config::{ExtractRules, PRODUCT_TOKEN};
use crate::content_print::ContentPrint;
use crate::discover::Listing;
use crate::extract::dom::name;
use crate::extract::hidden::is_never_shown;
use crate::extract::page::Page;
use crate::extract::{alternates, api_reference, directives, docs_root, listings, main_content, not_found};
use crate::fetched::Fetched;
use crate::profile::{GENERIC, Profiles, SelectorProfile};
use crate::render::Source;
use crate::robots::PageDirectives;
use crate::url::CanonicalUrl;

/// A link of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlink {
    /// Where to; not checked against scope or robots.
    pub url: CanonicalUrl,
    /// Where it stands.
    pub source: LinkSource,
}

/// Where a link stands in its page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkSource {
    /// In the main content.
    Content,
    /// In a menu, sidebar, header or footer.
    Navigation,
    /// `<link rel=next>`, or a link with `rel=next`.
    Next,
    /// `<link rel=canonical>`, where it names another document than this one.
    Canonical,
}

/// Where a page leads, and what it lets be done with it.
#[derive(Clone, Debug)]
pub struct Leads {
    /// Its links in document order, each address once; none where it says `nofollow`.
    pub links: Vec<Outlink>,
    /// The files that list pages of the site, as far as it points to them; none where it says `nofollow`.
    pub listings: Vec<Listing>,
    /// What it says of itself to crawlers.
    pub directives: PageDirectives,
    /// What its content looks like, in the form that was rendered if there is one; `None` without any content.
    pub print: Option<ContentPrint>,
    /// Whether its title or a first-level heading says that there is no such page.
    pub says_not_found: bool,
    /// Where the page says that the documentation is, if no profile knows the page as one of documentation.
    pub docs_root: Option<CanonicalUrl>,
}

/// The links of a page in document order, each address once; content counts before navigation.
pub fn outlinks(fetched: &Fetched, profiles: &Profiles, rules: &ExtractRules) -> Vec<Outlink> {
    leads(fetched, profiles, rules, PRODUCT_TOKEN).links
}

/// Where a page leads, as the crawler of this product token reads what the page says of itself.
///
/// Every form of the page is asked, the rendered one first, since menus may exist in only one of them. `rel=nofollow` on
/// a single link is no reason to leave it out. Of a viewer of API descriptions, the routes to its operations are none: the
/// reference holds them all.
pub fn leads(fetched: &Fetched, profiles: &Profiles, rules: &ExtractRules, product_token: &str) -> Leads {
    let mut found = Found::default();
    let mut listings = Vec::new();
    let mut directives = directives::of_headers(fetched, product_token);
    let mut says_not_found = false;
    let mut docs_root = None;
    let is_reference = api_reference::find(fetched).is_some_and(|found| found.is_described());
    for rendered in crate::render::renderings(fetched) {
        let page = Page::parse(&rendered);
        directives::read_metas(&mut directives, page.html(), product_token);
        says_not_found |= not_found::says_so(page.html());
        if !directives.follow {
            continue;
        }
        let profile = page.profile(profiles, rules);
        if docs_root.is_none() && profile.name == GENERIC {
            docs_root = docs_root::find(&page);
        }
        // Where the page was not rendered, its Markdown holds the content, and the HTML perhaps "Loading…".
        let is_content = rendered.source == Source::Twin && fetched.dom.is_none();
        let print_as_sent = if is_content { found.print.take() } else { None };
        let own = if is_reference { api_reference::own_routes(page.html()) } else { HashSet::new() };
        collect(&page, &profile, &own, &mut found);
        found.print = found.print.take().or(print_as_sent);
        for listing in listings::find(&page, &profile) {
            if !listings.contains(&listing) {
                listings.push(listing);
            }
        }
    }
    if !directives.follow {
        (found.links, listings) = (Vec::new(), Vec::new());
    }
    Leads { links: found.links, listings, directives, print: found.print, says_not_found, docs_root }
}

/// Links by first appearance.
#[derive(Default)]
struct Found {
    print: Option<ContentPrint>,
    links: Vec<Outlink>,
    index: HashMap<CanonicalUrl, usize>,
}

impl Found {
    fn add(&mut self, url: CanonicalUrl, source: LinkSource) {
        match self.index.get(&url) {
            Some(known) => {
                if let Some(link) = self.links.get_mut(*known) {
                    link.source = link.source.min(source);
                }
            }
            None => {
                self.index.insert(url.clone(), self.links.len());
                self.links.push(Outlink { url, source });
            }
        }
    }
}

/// Routes within the same document that stand in `own` are left out: they lead to parts of what is read already.
fn collect(page: &Page<'_>, profile: &SelectorProfile, own: &HashSet<NodeId>, found: &mut Found) {
    let Ok(selector) = Selector::parse(
        "a[href], area[href], link[rel~=next][href], link[rel~=canonical][href], [data-href]:not([href]), \
         [onclick]:not([href])",
    ) else {
        return;
    };
    let Content { links: inside, text } = content(page, profile);
    if found.print.is_none() && !text.is_empty() {
        found.print = Some(ContentPrint::of(&text, page.url()));
    }
    let translations = alternates::translations(page);
    for link in page.html().select(&selector) {
        let Some(url) = target(link).and_then(|target| page.base().join(target).ok()) else { continue };
        let is_route = url.route().is_some() && url.document() == page.url().document();
        if is_route && own.contains(&link.id()) {
            continue;
        }
        let is_itself = alternates::is_translation(page, link) || alternates::is_own_markdown(page, &url);
        if is_itself || translations.contains(&url) {
            continue;
        }
        let url = match &profile.navigation.anchor_parameter {
            Some(parameter) => url.without_parameter(parameter),
            None => url,
        };
        let is_canonical = alternates::has_relation(link, "canonical");
        if is_canonical && url.document().key() == page.url().document().key() {
            continue;
        }
        let source = if is_canonical {
            LinkSource::Canonical
        } else if inside.contains(&link.id()) {
            LinkSource::Content
        } else if alternates::has_relation(link, "next") {
            LinkSource::Next
        } else {
            LinkSource::Navigation
        };
        found.add(url, source);
    }
}

/// Where an element leads: by its link, by an attribute that scripts read, or by a literal address in its handler.
fn target<'a>(element: ElementRef<'a>) -> Option<&'a str> {
    let named =
        || element.attr("data-href").filter(|target| !target.starts_with('#') || target.starts_with("#/"));
    element.attr("href").or_else(named).or_else(|| element.attr("onclick").and_then(literal_target))
}

/// The address in `location.href = '…'`, `location = '…'`, `location.assign('…')`, `.replace('…')` and `open('…')`,
/// where it is the whole of what stands there.
fn literal_target(handler: &str) -> Option<&str> {
    let (_, rest) = handler.split_once("location").or_else(|| handler.split_once("window.open"))?;
    let rest = rest.strip_prefix(".href").unwrap_or(rest);
    let rest = [".assign", ".replace"].iter().find_map(|call| rest.strip_prefix(call)).unwrap_or(rest);
    let rest = rest.trim_start().strip_prefix(['=', '('])?.trim_start();
    let quote = rest.chars().next().filter(|quote| matches!(quote, '\'' | '"' | '`'))?;
    let (literal, after) = rest.get(1..)?.split_once(quote)?;
    let whole = !after.trim_start().starts_with('+') && !literal.contains("${");
    (whole && !literal.is_empty()).then_some(literal)
}

/// What the main content holds.
#[derive(Default)]
struct Content {
    links: HashSet<NodeId>,
    text: String,
}

/// The links and the text of the main content without what the profile takes out of it.
fn content(page: &Page<'_>, profile: &SelectorProfile) -> Content {
    let mut content = Content::default();
    let Some((root, _)) = main_content::find(page, profile) else { return content };
    let mut pending = vec![(*root, true)];
    while let Some((node, is_shown)) = pending.pop() {
        if let Some(text) = node.value().as_text().filter(|_| is_shown) {
            content.text.push_str(text);
            content.text.push(' ');
        }
        let mut shows_children = is_shown;
        if let Some(element) = ElementRef::wrap(node) {
            if element.id() != root.id() && profile.remove.matches(element) {
                continue;
            }
            if matches!(name(element), "a" | "area") || target(element).is_some() {
                content.links.insert(element.id());
            }
            shows_children = is_shown && !is_never_shown(element);
        }
        pending.extend(node.children().map(|child| (child, shows_children)));
    }
    content
}

#[cfg(test)]
mod tests {
    use super::literal_target;

    #[test]
    fn handlers_lead_where_they_literally_say() {
        for (handler, target) in [
            ("location.href='/a'", Some("/a")),
            ("window.location = \"b.html\"; return false", Some("b.html")),
            ("document.location.assign(`/c`)", Some("/c")),
            ("event.preventDefault(); location.replace ( '/d' )", Some("/d")),
            ("window.open('/e', '_blank')", Some("/e")),
            ("location.href='/f/' + id", None),
            ("location.assign(`/g/${id}`)", None),
            ("location.reload()", None),
            ("if (location.href == x) go()", None),
            ("toggle(this)", None),
        ] {
            assert_eq!(literal_target(handler), target, "{handler}");
        }
    }
}
