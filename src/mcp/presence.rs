//! Whether a client over HTTP is still there.
//!
//! The answer to a call is a stream that stays open while the tool runs. A client that hangs up closes it; one whose
//! connection only broke comes back within moments and reads on (Streamable HTTP, resumability). So a call ends when its
//! stream was closed early and the session has had no open stream for a while.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, request::Parts};
use axum::middleware::Next;
use axum::response::Response;
use futures::Stream;
use rmcp::model::Extensions;
use tokio_util::sync::CancellationToken;

/// How long a client may be away.
const AWAY: Duration = Duration::from_secs(20);
/// The header that names a session (Streamable HTTP, session management).
const SESSION: &str = "mcp-session-id";

/// Whether the client of one request is still there.
#[derive(Clone, Debug, Default)]
pub struct Presence {
    gone: CancellationToken,
}

impl Presence {
    /// What the middleware wrote down of a request over HTTP, if it was one.
    pub fn of_http(extensions: &Extensions) -> Option<Self> {
        extensions.get::<Parts>()?.extensions.get::<Self>().cloned()
    }

    /// Waits until the client is gone.
    pub async fn gone(&self) {
        self.gone.cancelled().await;
    }
}

/// How many streams each session has open.
#[derive(Clone, Debug, Default)]
pub struct Sessions {
    open: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Sessions {
    fn change(&self, session: &str, change: impl FnOnce(usize) -> usize) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = change(open.get(session).copied().unwrap_or(0));
        if count == 0 {
            open.remove(session);
        } else {
            open.insert(session.to_owned(), count);
        }
    }

    fn is_open(&self, session: &str) -> bool {
        self.open.lock().unwrap_or_else(PoisonError::into_inner).contains_key(session)
    }
}

/// Notes for each request whether its client stays.
pub async fn watch(State(sessions): State<Sessions>, mut request: Request, next: Next) -> Response {
    let presence = Presence::default();
    request.extensions_mut().insert(presence.clone());
    let session = session_of(request.headers());
    let response = next.run(request).await;
    let Some(session) = session else { return response };
    sessions.change(&session, |count| count + 1);
    let watched = Watched { sessions, session, presence, is_over: false };
    response.map(|body| Body::from_stream(WatchedBody { body: body.into_data_stream(), watched }))
}

fn session_of(headers: &HeaderMap) -> Option<String> {
    headers.get(SESSION).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

/// A stream that counts as open until it is dropped.
struct Watched {
    sessions: Sessions,
    session: String,
    presence: Presence,
    is_over: bool,
}

impl Drop for Watched {
    fn drop(&mut self) {
        self.sessions.change(&self.session, |count| count.saturating_sub(1));
        if self.is_over {
            return;
        }
        let (sessions, session, presence) =
            (self.sessions.clone(), std::mem::take(&mut self.session), self.presence.clone());
        // Outside of a runtime the server itself has ended, and so have its calls.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                loop {
                    tokio::time::sleep(AWAY).await;
                    if !sessions.is_open(&session) {
                        presence.gone.cancel();
                        return;
                    }
                }
            });
        }
    }
}

/// The body of an answer that is watched.
struct WatchedBody {
    body: axum::body::BodyDataStream,
    watched: Watched,
}

impl Stream for WatchedBody {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        let next = Pin::new(&mut this.body).poll_next(context);
        if let Poll::Ready(None) = next {
            this.watched.is_over = true;
        }
        next
    }
}
