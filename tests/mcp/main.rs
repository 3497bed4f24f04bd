//! The Model Context Protocol server as its clients meet it: the official Python client over stdio and HTTP, the
//! Inspector's command line, and bytes that no client would send.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests fail as tests do")]

#[path = "../support/chrome.rs"]
mod chrome;
#[path = "../support/npm.rs"]
mod npm;
#[path = "../support/python.rs"]
#[allow(dead_code, reason = "the other half of it is for other tests")]
mod python;
#[path = "../support/server.rs"]
#[allow(dead_code, reason = "what was asked for is for other tests")]
mod server;

mod http;
mod inspector;
mod python_client;
mod raw;
mod site;
