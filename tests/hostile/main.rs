//! Hostile sites: whatever a page or its server does, the crawl goes on, every page ends as a named outcome in the
//! report, and nothing stays behind. Everything is served from loopback and rendered in real Chromium.

#![expect(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests fail as tests do")]

#[path = "../support/mod.rs"]
#[expect(dead_code, reason = "other test programs use the rest")]
mod support;

mod answers;
mod crawl;
mod deaths;
mod exits;
mod processes;
mod recycling;
mod render;
mod requests;
mod resources;
mod scripts;
mod server;
