//! What a page holds when it is done, in real Chromium against loopback servers: content that comes late, in pieces, out
//! of workers or only when it is seen; what a visitor cannot see; and pages that have another address than they seem to.

#![expect(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests fail as tests do")]

#[path = "support/chrome.rs"]
mod chrome;
#[path = "support/rendered_site.rs"]
mod rendered_site;
#[path = "support/sandbox.rs"]
#[allow(dead_code, reason = "the other half of it is for other tests")]
mod sandbox;
#[path = "support/server.rs"]
#[allow(dead_code, reason = "the other half of it is for other tests")]
mod server;

#[path = "rendering/readiness.rs"]
mod readiness;
#[path = "rendering/router.rs"]
mod router;
#[path = "rendering/routes.rs"]
mod routes;
#[path = "rendering/snapshot.rs"]
mod snapshot;
