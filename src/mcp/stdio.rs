//! `skillcrawl mcp`: the server on standard input and output, for the one client that started it.

use std::sync::Arc;

use rmcp::ServiceExt;
use rmcp::service::ServerInitializeError;
use rmcp::transport::stdio_pipes;
use tokio_util::sync::CancellationToken;

use crate::mcp::desk::{Desk, Trust};
use crate::mcp::error::ServeError;
use crate::mcp::lines::Lines;
use crate::mcp::server::Server;

/// Serves until the client closes standard input or `stop` is cancelled; no command outlives it.
///
/// # Errors
///
/// A [`ServeError`] when the client does not speak the protocol.
pub async fn serve(stop: CancellationToken) -> Result<(), ServeError> {
    let desk = Arc::new(Desk::new(Trust::Starter)?);
    let (input, output) = stdio_pipes();
    let server = Server::new(Arc::clone(&desk));
    let ended = match server.serve_with_ct(Lines::new(input, output), stop.clone()).await {
        Ok(running) => {
            let over = desk.over.clone();
            let _stops = tokio::spawn(async move {
                stop.cancelled().await;
                over.cancel();
            });
            // However it ended, it ended.
            let _ = running.waiting().await;
            Ok(())
        }
        // A client that looks whether the program starts and says nothing did nothing wrong.
        Err(ServerInitializeError::ConnectionClosed(_) | ServerInitializeError::Cancelled) => Ok(()),
        Err(cause) => Err(ServeError::Handshake(Box::new(cause))),
    };
    desk.close().await;
    ended
}
