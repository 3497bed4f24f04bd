//! `skillcrawl mcp --http`: the server as streamable HTTP (MCP 2025-11-25, Streamable HTTP) at `/mcp`.
//!
//! Loopback unless told otherwise. `Host` and `Origin` are checked, so that no web page reaches the server by a name that
//! leads here (DNS rebinding); a token can be asked for, and has to be where other machines can connect.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use rmcp::transport::streamable_http_server::session::local::{LocalSessionManager, SessionConfig};
use rmcp::transport::{StreamableHttpServerConfig, StreamableHttpService};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::mcp::desk::{Desk, Trust};
use crate::mcp::error::ServeError;
use crate::mcp::lines::LONGEST_MESSAGE;
use crate::mcp::presence::{Sessions, watch};
use crate::mcp::server::Server;
use crate::mcp::token::{Token, check};

/// Where the server is, on its address.
pub const PATH: &str = "/mcp";
/// How often an open stream is written to; a client that is gone is noticed by it.
const KEEP_ALIVE: Duration = Duration::from_secs(5);
/// How long a session may say nothing: a crawl of a large site, without a client that wants to hear of its progress.
const SILENCE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long open streams may take to end once the server ends.
const CLOSING: Duration = Duration::from_secs(5);

/// Who may come in.
#[derive(Clone, Debug)]
pub struct HttpOptions {
    /// Where to listen.
    pub address: SocketAddr,
    /// Whether that may be an address that other machines reach.
    pub allow_remote: bool,
    /// Names and addresses by which clients may reach this server, besides loopback.
    pub hosts: Vec<String>,
    /// Web pages that may use it.
    pub origins: Vec<String>,
    /// The file with the token.
    pub token_file: Option<PathBuf>,
}

/// Serves until `stop` is cancelled; no command outlives it. `ready` is told the address that is listened at.
///
/// # Errors
///
/// A [`ServeError`] when the address is not allowed or cannot be listened at.
pub async fn serve(
    options: &HttpOptions,
    ready: impl FnOnce(SocketAddr),
    stop: CancellationToken,
) -> Result<(), ServeError> {
    let token = Token::find(options.token_file.as_deref())?;
    let is_open = !options.address.ip().is_loopback();
    if is_open && (!options.allow_remote || token.is_none()) {
        return Err(ServeError::Remote { address: options.address });
    }
    let desk = Arc::new(Desk::new(Trust::Stranger)?);
    let failed = |cause| ServeError::Listen { address: options.address, cause };
    let listener = TcpListener::bind(options.address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let router = router(&desk, options, address, token, &stop);
    ready(address);
    let served = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
    let over = async {
        stop.cancelled().await;
        desk.over.cancel();
        tokio::time::sleep(CLOSING).await;
    };
    let ended = tokio::select! {
        ended = async { served.await } => ended.map_err(ServeError::Stopped),
        () = over => Ok(()),
    };
    desk.close().await;
    ended
}

fn router(
    desk: &Arc<Desk>,
    options: &HttpOptions,
    address: SocketAddr,
    token: Option<Token>,
    stop: &CancellationToken,
) -> Router {
    let loopback = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    let own = address.ip().to_string();
    let hosts = loopback.into_iter().chain(Some(own).filter(|_| !address.ip().is_unspecified()));
    let config = StreamableHttpServerConfig::default()
        .with_allowed_hosts(hosts.chain(options.hosts.iter().cloned()))
        .with_allowed_origins(options.origins.iter().cloned())
        .enforce_origin_validation()
        .with_max_request_body_bytes(LONGEST_MESSAGE)
        .with_sse_keep_alive(Some(KEEP_ALIVE))
        .with_cancellation_token(stop.child_token());
    let mut session = SessionConfig::default();
    session.keep_alive = Some(SILENCE);
    let mut sessions = LocalSessionManager::default();
    sessions.session_config = session;
    let desk = Arc::clone(desk);
    let service =
        StreamableHttpService::new(move || Ok(Server::new(Arc::clone(&desk))), Arc::new(sessions), config);
    let router = Router::new()
        .nest_service(PATH, service)
        .layer(from_fn_with_state(Sessions::default(), watch))
        .layer(from_fn(tidy));
    match token {
        Some(token) => router.layer(from_fn_with_state(token, check)),
        None => router,
    }
}

/// No cache on the way keeps an answer; and a session that was ended says so in the way that clients take for success.
async fn tidy(request: Request, next: Next) -> Response {
    let ends_session = request.method() == Method::DELETE;
    let mut response = next.run(request).await;
    if ends_session && response.status() == StatusCode::ACCEPTED {
        *response.status_mut() = StatusCode::NO_CONTENT;
    }
    let value = HeaderValue::from_static("no-store");
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(value);
    response
}
