//! Serves the sites on loopback, from memory, as a static host does: with an age, so that a browser may keep assets.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, header};
use tokio::runtime::Runtime;

use crate::site::{File, Files};

/// A running server; it ends when this is dropped.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    state: Served,
    _runtime: Runtime,
}

#[derive(Clone, Default)]
struct Served {
    files: Arc<Mutex<Arc<Files>>>,
    first: Arc<Mutex<Option<Instant>>>,
}

impl Server {
    /// Listens on a free port; nothing is served yet.
    ///
    /// # Errors
    ///
    /// When there is no port.
    pub fn start() -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
        let address = listener.local_addr()?;
        let state = Served::default();
        let router = Router::new().fallback(answer).with_state(state.clone());
        runtime.spawn(async move { axum::serve(listener, router).await });
        Ok(Self { address, state, _runtime: runtime })
    }

    /// Serves these files from now on.
    pub fn serve(&self, files: Files) {
        *self.state.files.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(files);
    }

    /// When the first request since the last call came.
    pub fn take_first_request(&self) -> Option<Instant> {
        self.state.first.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

async fn answer(State(served): State<Served>, request: Request) -> Response<Body> {
    served.first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(Instant::now);
    let files = Arc::clone(&served.files.lock().unwrap_or_else(PoisonError::into_inner));
    let found = files.get(request.uri().path());
    let (status, media_type, body) = match found {
        Some(File { media_type, body }) => (200, *media_type, body.clone()),
        None => (404, "text/plain", b"not found".to_vec()),
    };
    let builder = Response::builder().status(status).header(header::CONTENT_TYPE, media_type);
    builder.header(header::CACHE_CONTROL, "max-age=600").body(Body::from(body)).unwrap_or_default()
}
