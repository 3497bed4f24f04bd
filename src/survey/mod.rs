//! What a few requests say of a whole site.
//!
//! A survey is a small polite crawl; what it saw is the [`evidence`], as plain values. From there, in order: [`editions`]
//! tells the pages of other versions and languages, `strata` sorts what is known of the site by where it was found,
//! [`extent`] says how many pages a crawl will find (`recaptures`, `unlisted`) and why (`reasons`), [`cost`] what they take, and [`remarks`] what to do where
//! they are too many or too few. [`root`] says where the documentation begins, [`naming`] and [`description`] what to call
//! it, and [`propose`] turns all of it into a config with its reasons.
//!
//! Values in, values out: nothing here asks a network, a clock or a disk, and nothing decides by a host's name.

pub mod cost;
pub mod description;
pub mod editions;
pub mod evidence;
pub mod extent;
pub mod naming;
pub mod propose;
mod reasons;
mod recaptures;
pub mod remarks;
pub mod root;
#[cfg(test)]
mod simulation;
mod strata;
#[cfg(test)]
mod tests;
mod unlisted;

/// A count as a number to reckon with.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn real(count: usize) -> f64 {
    count as f64
}

/// A reckoned number as a count; nothing below zero.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) fn whole(number: f64) -> u64 {
    if number.is_finite() { number.round().max(0.0) as u64 } else { 0 }
}
