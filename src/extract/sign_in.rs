//! Whether a page asks to sign in and holds nothing else.

use scraper::{ElementRef, Selector};

use crate::document::Block;
use crate::extract::dom::ancestry;
use crate::extract::hidden::is_hidden;
use crate::extract::measure::content_size;

/// The kind of the warning for a page that asks to sign in and holds nothing else.
pub const SIGN_IN: &str = "sign_in";

/// The most letters that stand around such a form: some sentences on accounts and terms, and no guide to them.
const MOST_LETTERS: usize = 600;

/// Whether the main content shows a field for a password, and next to nothing to read. A page that is about signing in says
/// more than that, or shows code.
pub(super) fn asks_to_sign_in(root: ElementRef<'_>, blocks: &[Block]) -> bool {
    let Ok(selector) = Selector::parse("input[type=password i]") else { return false };
    let is_shown = |field: ElementRef<'_>| !ancestry(field).any(is_hidden);
    root.select(&selector).any(is_shown)
        && !blocks.iter().any(|block| matches!(block, Block::Code(_) | Block::Table(_)))
        && content_size(blocks) <= MOST_LETTERS
}
