//! The licence that a page states, by the names that licences are known by.

use std::sync::LazyLock;

use scraper::ElementRef;

use crate::extract::dom::{attr, name};
use crate::extract::page::Page;
use crate::extract::text::one_line;
use crate::profile::Selectors;

/// Ways to write the name of a licence, in lower case with spaces for everything that is no letter or digit, and the
/// identifier of the SPDX licence list. Longer names stand before those that they contain.
const NAMES: [(&str, &str); 46] = [
    ("gnu affero general public license v3", "AGPL-3.0"),
    ("gnu affero general public license version 3", "AGPL-3.0"),
    ("agpl 3 0", "AGPL-3.0"),
    ("agplv3", "AGPL-3.0"),
    ("agpl v3", "AGPL-3.0"),
    ("gnu lesser general public license v3", "LGPL-3.0"),
    ("gnu lesser general public license version 3", "LGPL-3.0"),
    ("lgpl 3 0", "LGPL-3.0"),
    ("lgplv3", "LGPL-3.0"),
    ("lgpl 2 1", "LGPL-2.1"),
    ("gnu general public license v3", "GPL-3.0"),
    ("gnu general public license version 3", "GPL-3.0"),
    ("gpl 3 0", "GPL-3.0"),
    ("gplv3", "GPL-3.0"),
    ("gpl v3", "GPL-3.0"),
    ("gplv2", "GPL-2.0"),
    ("gpl 2 0", "GPL-2.0"),
    ("apache license version 2 0", "Apache-2.0"),
    ("apache license 2 0", "Apache-2.0"),
    ("apache license v2 0", "Apache-2.0"),
    ("apache software license 2 0", "Apache-2.0"),
    ("apache software license version 2 0", "Apache-2.0"),
    ("apache licence 2 0", "Apache-2.0"),
    ("apache v2 0", "Apache-2.0"),
    ("apache 2 0", "Apache-2.0"),
    ("apache 2", "Apache-2.0"),
    ("licenses license 2 0", "Apache-2.0"),
    ("mozilla public license version 2 0", "MPL-2.0"),
    ("mozilla public license 2 0", "MPL-2.0"),
    ("mpl 2 0", "MPL-2.0"),
    ("bsd 3 clause", "BSD-3-Clause"),
    ("3 clause bsd", "BSD-3-Clause"),
    ("bsd 2 clause", "BSD-2-Clause"),
    ("2 clause bsd", "BSD-2-Clause"),
    ("creative commons attribution sharealike 4 0", "CC-BY-SA-4.0"),
    ("cc by sa 4 0", "CC-BY-SA-4.0"),
    ("licenses by sa 4 0", "CC-BY-SA-4.0"),
    ("creative commons attribution 4 0", "CC-BY-4.0"),
    ("cc by 4 0", "CC-BY-4.0"),
    ("licenses by 4 0", "CC-BY-4.0"),
    ("mit license", "MIT"),
    ("mit licence", "MIT"),
    ("mit licensed", "MIT"),
    ("under mit", "MIT"),
    ("under the mit", "MIT"),
    ("licenses mit", "MIT"),
];
/// A longer footer is a page of its own.
const LONGEST_FOOTER: usize = 3_000;
/// The places below the content in which sites state their licence.
static FOOTERS: LazyLock<Selectors> = LazyLock::new(|| {
    Selectors::parse(&["body footer, [role='contentinfo'], .VPFooter, .page__footer"]).unwrap_or_default()
});

/// The licences that a text names, in its order, as identifiers of the SPDX list joined by commas.
pub fn license_named(text: &str) -> Option<String> {
    let mut letters = String::from(" ");
    for character in text.chars() {
        if character.is_alphanumeric() {
            letters.extend(character.to_lowercase());
        } else if !letters.ends_with(' ') {
            letters.push(' ');
        }
    }
    letters.push(' ');
    let mut found: Vec<(usize, &str)> = Vec::new();
    for (words, id) in NAMES {
        let at = letters.find(&format!(" {words} "));
        if let Some(at) = at.filter(|_| !found.iter().any(|(_, known)| *known == id)) {
            found.push((at, id));
        }
    }
    found.sort_unstable();
    let ids: Vec<&str> = found.into_iter().map(|(_, id)| id).collect();
    (!ids.is_empty()).then(|| ids.join(", "))
}

/// The licence that a sentence puts something under; a mere mention, or a dependency's, is none.
pub fn license_stated(sentence: &str) -> Option<String> {
    let lower = sentence.to_lowercase();
    let states = ["licensed", "licenced", "released", "distributed", "available", "provided", "published"]
        .iter()
        .any(|word| lower.contains(&format!("{word} under")));
    let states = states || lower.contains("is licensed") || lower.contains("spdx-license-identifier");
    // The theme of a site has a licence of its own.
    (states && !lower.contains("theme")).then(|| license_named(sentence)).flatten()
}

/// The licence that the page's head, a link or its footer states (`rel=license`, RFC 4946).
pub(super) fn license(page: &Page<'_>) -> Option<String> {
    let states = |element: &ElementRef<'_>| {
        attr(*element, "rel")
            .is_some_and(|rel| rel.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("license")))
    };
    let mut stated = page.names().with_attribute(page.html(), "rel").filter(states);
    let of_link = stated.find_map(|element| {
        let text = one_line(&element.text().collect::<String>());
        let title = attr(element, "title").unwrap_or_default();
        let href = attr(element, "href").unwrap_or_default();
        license_named(&text).or_else(|| license_named(title)).or_else(|| license_named(href))
    });
    of_link.or_else(|| of_footer(page))
}

fn of_footer(page: &Page<'_>) -> Option<String> {
    page.select_by_preference(&FOOTERS).flatten().find_map(|footer| {
        let scripts = footer.descendent_elements().any(|below| matches!(name(below), "script" | "style"));
        let text = one_line(&footer.text().collect::<Vec<_>>().join(" "));
        let usable = !scripts && text.len() <= LONGEST_FOOTER;
        usable.then(|| license_stated(&text)).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::{license, license_named, license_stated};
    use crate::extract::page::Page;
    use crate::render::{Rendered, Source};
    use crate::url::CanonicalUrl;

    #[test]
    fn licences_are_known_by_their_names() {
        let check = |text: &str, license: Option<&str>| {
            assert_eq!(license_named(text).as_deref(), license, "{text}");
        };
        check("Apache License, Version 2.0, January 2004", Some("Apache-2.0"));
        check("MIT License or Apache-2.0", Some("MIT, Apache-2.0"));
        check("https://creativecommons.org/licenses/by-sa/4.0/", Some("CC-BY-SA-4.0"));
        check("https://opensource.org/licenses/MIT", Some("MIT"));
        check("BSD 3-Clause", Some("BSD-3-Clause"));
        check("a course at the MIT", None);
        check("permit licenses", None);
    }

    #[test]
    fn a_mention_is_no_statement() {
        assert_eq!(license_stated("Released under the MIT License.").as_deref(), Some("MIT"));
        assert_eq!(license_stated("The MIT license is short."), None);
        assert_eq!(license_stated("Theme released under the MIT License."), None);
    }

    #[test]
    fn links_and_footers_state_it() {
        let check = |html: &str, expected: Option<&str>| {
            let url = CanonicalUrl::parse("https://docs.example/guide/").unwrap();
            let rendered = Rendered { base: url.clone(), url, html: html.to_owned(), source: Source::Sent };
            assert_eq!(license(&Page::parse(&rendered)).as_deref(), expected, "{html}");
        };
        check("<link rel=license href='https://creativecommons.org/licenses/by/4.0/'>", Some("CC-BY-4.0"));
        check("<main>x</main><a rel='noopener license' href=/l>BSD-3-Clause</a>", Some("BSD-3-Clause"));
        check("<main>x</main><footer><p>Released under the <a>MIT License</a>.</footer>", Some("MIT"));
        check("<main>Released under the MIT License.</main><footer>Contact</footer>", None);
    }
}
