//! A parsed page and the profile that reads it.

use std::borrow::Cow;
use std::collections::HashSet;

use scraper::{Html, Node};

use crate::config::{ExtractRules, SelectorOverrides};
use crate::extract::measure::letters;
use crate::extract::nesting::cap_nesting;
use crate::profile::{GENERIC, Profiles, SelectorProfile};
use crate::render::Rendered;
use crate::url::CanonicalUrl;

/// HTML as a tree, parsed once.
pub(super) struct Page<'a> {
    rendered: &'a Rendered,
    html: Html,
}

impl<'a> Page<'a> {
    pub(super) fn parse(rendered: &'a Rendered) -> Self {
        Self { rendered, html: Html::parse_document(&cap_nesting(&rendered.html)) }
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

    pub(super) fn html_mut(&mut self) -> &mut Html {
        &mut self.html
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
        let profile = match named.or_else(|| profiles.recognise(&self.html)).or_else(|| profiles.generic()) {
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
