//! The known word that was probably meant by an unknown one.

/// A word this near (Jaro-Winkler, 0 to 1) to a known one is a likely slip of the hand.
const LIKELY_SLIP: f64 = 0.75;

/// The known word that is nearest in spelling, if one is near.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(word, candidate), candidate))
        .filter(|(similarity, _)| *similarity >= LIKELY_SLIP)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, candidate)| candidate)
}
