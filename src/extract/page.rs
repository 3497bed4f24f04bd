//! A parsed page and the profile that reads it.

use std::borrow::Cow;
use std::collections::HashSet;

use scraper::{ElementRef, Html, Node};

use crate::config::{ExtractRules, SelectorOverrides};
use crate::extract::measure::letters;
use crate::extract::nesting::cap_nesting;
use crate::extract::sheet;
use crate::profile::{GENERIC, PageNames, Profiles, SelectorProfile, Selectors};
use crate::render::{Rendered, Source};
use crate::url::CanonicalUrl;

/// HTML as a tree, parsed once, and where its names stand.
pub(super) struct Page<'a> {
    rendered: &'a Rendered,
    html: Html,
    names: PageNames,
}

impl<'a> Page<'a> {
    pub(super) fn parse(rendered: &'a Rendered) -> Self {
        Self::parse_without(rendered, |_| ())
    }

    /// Parses a page and lets `prepare` take out of it what is not to be read.
    pub(super) fn parse_without(rendered: &'a Rendered, prepare: fn(&mut Html)) -> Self {
        let mut html = Html::parse_document(&cap_nesting(&rendered.html));
        // The browser has marked what is hidden in the rendered form.
        if rendered.source != Source::Dom {
            sheet::mark(&mut html);
        }
        prepare(&mut html);
        let names = PageNames::of(&html);
        Self { rendered, html, names }
    }

    /// Takes texts out of the tree, wherever they are the whole of a text node. White space aside.
    pub(super) fn forget(&mut self, texts: &HashSet<String>) {
        if texts.is_empty() {
            return;
        }
        for node in self.html.tree.values_mut() {
            if let Node::Text(text) = node
                && texts.contains(&letters(text))
            {
                text.text.clear();
            }
        }
    }

    pub(super) fn html(&self) -> &Html {
        &self.html
    }

    /// The names in the page.
    pub(super) fn names(&self) -> &PageNames {
        &self.names
    }

    /// The form of the page that this is.
    pub(super) fn source(&self) -> Source {
        self.rendered.source
    }

    /// The elements that each of the selectors matches, in order of preference; where one matches nothing there may be
    /// an empty list or none.
    pub(super) fn select_by_preference(
        &self,
        selectors: &Selectors,
    ) -> impl Iterator<Item = Vec<ElementRef<'_>>> {
        selectors.select_by_preference(&self.html, &self.names)
    }

    /// What relative links resolve against.
    pub(super) fn base(&self) -> &'a CanonicalUrl {
        &self.rendered.base
    }

    /// The page's address.
    pub(super) fn url(&self) -> &'a CanonicalUrl {
        &self.rendered.url
    }

    /// The profile that the rules name, else the one that recognises the page, else the generic one.
    ///
    /// Configs are checked when they are loaded; a name or selector that is wrong all the same falls back here.
    pub(super) fn profile<'p>(
        &self,
        profiles: &'p Profiles,
        rules: &ExtractRules,
    ) -> Cow<'p, SelectorProfile> {
        let named = rules.profile.as_deref().and_then(|name| profiles.get(name).ok());
        let profile = match named
            .or_else(|| profiles.recognise(&self.html, &self.names))
            .or_else(|| profiles.generic())
        {
            Some(profile) => Cow::Borrowed(profile),
            None => Cow::Owned(SelectorProfile::default()),
        };
        if rules.selectors == SelectorOverrides::default() {
            return profile;
        }
        profile.with_overrides(&rules.selectors).map_or(profile, Cow::Owned)
    }
}

/// Whether a profile knows nothing about the page's generator.
pub(super) fn is_generic(profile: &SelectorProfile) -> bool {
    profile.name == GENERIC
}
