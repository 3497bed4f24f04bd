//! The token that a client over HTTP has to send, if one is asked for (RFC 6750 §2.1).

use std::path::Path;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::mcp::error::ServeError;

/// The environment variable that holds the token.
pub const VARIABLE: &str = "SKILLCRAWL_MCP_TOKEN";
/// The shortest token, in characters: what is shorter can be guessed.
const SHORTEST: usize = 16;

/// A token, of which only the digest is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token([u8; 32]);

impl Token {
    /// The token in a file, else in the environment, else none.
    ///
    /// # Errors
    ///
    /// A [`ServeError`] when the file cannot be read, or the token is too short to protect anything.
    pub fn find(file: Option<&Path>) -> Result<Option<Self>, ServeError> {
        let text = match file {
            Some(path) => {
                let read = std::fs::read_to_string(path);
                Some(read.map_err(|cause| ServeError::TokenFile { path: path.to_owned(), cause })?)
            }
            None => std::env::var(VARIABLE).ok().filter(|text| !text.trim().is_empty()),
        };
        text.map(|text| Self::new(text.trim())).transpose()
    }

    /// The token that is written so.
    ///
    /// # Errors
    ///
    /// [`ServeError::WeakToken`] when it is too short.
    pub fn new(text: &str) -> Result<Self, ServeError> {
        if text.chars().count() < SHORTEST {
            return Err(ServeError::WeakToken { least: SHORTEST });
        }
        Ok(Self(digest(text)))
    }

    /// Whether a text is the token. How long that takes tells nothing of it: digests are compared, and to their end.
    fn is(&self, text: &str) -> bool {
        let differing = self.0.iter().zip(digest(text)).fold(0, |sum, (one, other)| sum | (one ^ other));
        differing == 0
    }
}

fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Lets requests pass that send the token.
pub async fn check(State(token): State<Token>, request: Request, next: Next) -> Response {
    let sent = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let sent = sent.and_then(|value| value.split_once(' '));
    match sent {
        Some((scheme, text)) if scheme.eq_ignore_ascii_case("bearer") && token.is(text.trim()) => {
            next.run(request).await
        }
        _ => (
            StatusCode::UNAUTHORIZED,
            [(header::WWW_AUTHENTICATE, "Bearer")],
            "the token is missing or wrong\n",
        )
            .into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn only_the_same_token_passes() {
        let token = Token::new("0123456789abcdef").unwrap();
        assert!(token.is("0123456789abcdef"));
        assert!(!token.is("0123456789abcdeF") && !token.is("") && !token.is("0123456789abcdef0"));
        assert!(Token::new("short").is_err());
    }
}
