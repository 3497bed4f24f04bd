//! Whether a page says that it is not there.

use scraper::{Html, Selector};

use crate::extract::text::one_line;

/// How such pages put it in their titles and headings, in lower case.
const PHRASES: [&str; 22] = [
    "not found",
    "not be found",
    "couldn't find",
    "could not find",
    "can't find",
    "cannot find",
    "doesn't exist",
    "does not exist",
    "no such page",
    "page missing",
    "nicht gefunden",
    "introuvable",
    "non trouvée",
    "no encontrad",
    "não encontrad",
    "non trovata",
    "не найдена",
    "не найден",
    "未找到",
    "找不到",
    "見つかりません",
    "찾을 수 없",
];

/// Whether the title or a first-level heading says so: with one of the usual phrases, or with the number 404.
pub(super) fn says_so(html: &Html) -> bool {
    let Ok(selector) = Selector::parse("title, h1") else { return false };
    html.select(&selector).any(|element| {
        let text = one_line(&element.text().collect::<String>()).to_lowercase().replace('’', "'");
        let has_number = text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "404");
        has_number || PHRASES.iter().any(|phrase| text.contains(phrase))
    })
}

#[cfg(test)]
mod tests {
    use scraper::Html;

    use super::says_so;

    #[test]
    fn titles_and_headings_say_so_and_text_does_not() {
        for html in [
            "<title>404 | Docs</title>",
            "<title>Docs</title><h1>Page Not Found</h1>",
            "<h1>This page doesn’t exist.</h1>",
            "<h1>Seite nicht gefunden</h1>",
            "<title>お探しのページは見つかりませんでした</title>",
        ] {
            assert!(says_so(&Html::parse_document(html)), "{html}");
        }
        for html in ["<title>Errors</title><h1>Errors</h1><p>404 not found</p>", "<h1>Port 4040</h1>"] {
            assert!(!says_so(&Html::parse_document(html)), "{html}");
        }
    }
}
