//! What went wrong with a call, for the agent that made it: what happened, what to do about it, and the exit code of the
//! command if one ran.

use std::path::PathBuf;

use rmcp::model::{CallToolResult, ContentBlock};
use serde_json::json;

/// Why a tool gave no result. It is a result of the tool to the protocol, so that the agent sees it and can act on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolError {
    /// What happened.
    pub message: String,
    /// What can be done about it.
    pub hint: Option<String>,
    /// The exit code of the command, if one ran to its end.
    pub exit_code: Option<i64>,
}

impl ToolError {
    /// An error without more to say.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, exit_code: None }
    }

    /// Adds what can be done about it.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// As the protocol sends it.
    pub fn into_result(self) -> CallToolResult {
        let mut text = format!("error: {}", self.message);
        if let Some(hint) = &self.hint {
            text.push_str(&format!("\nhint: {hint}"));
        }
        let mut value = json!({ "error": self.message });
        if let Some(object) = value.as_object_mut() {
            object.extend(self.hint.map(|hint| ("hint".to_owned(), json!(hint))));
            object.extend(self.exit_code.map(|code| ("exit_code".to_owned(), json!(code))));
        }
        let mut result = CallToolResult::structured_error(value);
        result.content = vec![ContentBlock::text(text)];
        result
    }
}

/// Why the server itself could not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The program or the working folder is unknown.
    #[error("cannot tell where this program or its working folder is")]
    Surroundings(#[source] std::io::Error),
    /// The client did not begin as the protocol asks.
    #[error("the client did not begin as the protocol asks")]
    Handshake(#[source] Box<rmcp::service::ServerInitializeError>),
    /// The address cannot be listened at.
    #[error("cannot listen at `{address}`")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// An address that other machines reach, without a token or without leave.
    #[error("`{address}` can be reached by other machines")]
    Remote {
        /// The address.
        address: std::net::SocketAddr,
    },
    /// The token file cannot be read.
    #[error("cannot read the token in `{}`", path.display())]
    TokenFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: std::io::Error,
    },
    /// A token that protects nothing.
    #[error("the token is shorter than {least} characters")]
    WeakToken {
        /// The least length.
        least: usize,
    },
    /// The server stopped by itself.
    #[error("the server stopped")]
    Stopped(#[source] std::io::Error),
}

impl ServeError {
    /// What can be done about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Remote { .. } => Some(
                "listen at 127.0.0.1, or give `--allow-remote` and a token (`--token-file` or SKILLCRAWL_MCP_TOKEN)",
            ),
            Self::WeakToken { .. } => Some("make one with `openssl rand -hex 32`"),
            Self::Handshake(_) => {
                Some("this command is for programs that speak MCP; see the README for clients")
            }
            Self::Listen { .. } => Some("choose another port; port 0 takes a free one"),
            _ => None,
        }
    }
}
