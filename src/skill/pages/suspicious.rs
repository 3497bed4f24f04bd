//! What a page says that a person should look at before a model reads it.

use crate::extract::{Audit, Warning, addressing};
use crate::skill::pages::reference::Reference;

/// The kind of the warning for visible text that gives orders to an assistant.
pub const ADDRESSES: &str = "addresses_an_assistant";
/// The kind of the warning for text that was kept out because a visitor does not see it.
pub const HIDDEN: &str = "hidden_text";

/// Warnings of a page: its visible text gives orders to an assistant, and text was kept out of it.
///
/// Visible text stays in the skill as it is; a page on such attacks quotes them.
pub fn warnings(reference: Option<&Reference>, audit: &Audit) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if let Some(found) = reference.and_then(in_reference) {
        let message =
            format!("the page gives orders to an assistant: \"{}\" [{}]", found.words, found.language);
        warnings.push(Warning { kind: ADDRESSES, message });
    }
    let kept_out: Vec<_> = audit.hidden.iter().filter(|text| text.why != "typesetting").collect();
    let telling = kept_out.iter().find(|text| text.addresses).or(kept_out.first());
    if let Some(first) = telling {
        let orders = if first.addresses { ", which gives orders to an assistant" } else { "" };
        let texts = if kept_out.len() == 1 { "text was" } else { "texts were" };
        let message = format!(
            "{} hidden {texts} kept out, as ({}) \"{}\"{orders}",
            kept_out.len(),
            first.why,
            first.excerpt
        );
        warnings.push(Warning { kind: HIDDEN, message });
    }
    warnings
}

fn in_reference(reference: &Reference) -> Option<crate::extract::Addressing> {
    let short = [Some(reference.title.as_str()), reference.description.as_deref()];
    let short = short.into_iter().flatten().chain(reference.breadcrumbs.iter().map(String::as_str));
    short.chain([reference.markdown.as_str()]).find_map(addressing)
}
