//! The engine, from network to archive: with a scripted fetcher on paused time, and over loopback with servers that
//! log what they were asked and when.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod adaptive;
mod discovery;
mod hosts;
mod http;
mod leases;
mod loopback;
mod markdown;
mod resume;
mod routed;
mod scale;
mod scripted;
mod support;
mod update;
