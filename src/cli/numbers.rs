//! Numbers as they are typed.

use std::str::FromStr;

/// A number that may not be zero, such as `NonZeroUsize`.
///
/// # Errors
///
/// What to type instead.
pub fn from_one<N: FromStr>(text: &str) -> Result<N, String> {
    text.parse().map_err(|_| "use a whole number from 1 on".to_owned())
}
