//! Rendering measured: the crawler against a plain Playwright script and against the floor.
//!
//! ```text
//! cargo bench --bench render -- [--site application|hash|docusaurus] [--pages 200] [--tabs 4] [--rounds 3] [--only NAME]…
//!                              [--theirs PATH]
//! ```
//!
//! In order: a client-rendered site is made and served from this process; then, in alternating rounds, each contestant
//! renders all its pages in processes of its own, and every page that it brought is checked to be whole; last comes a
//! table of the medians. A contestant that dropped something is out, and the table says so. Pages a second are counted
//! from the first request that the server saw, so that starting a browser is left out; `with start` is all of it.
//!
//! It needs Linux, Chromium, Node.js and npm (and Python for the Docusaurus site), and works as root and as anybody
//! else. What it installs goes below `target/tools`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the table is what it is for")]

#[cfg(target_os = "linux")]
mod check;
#[cfg(target_os = "linux")]
mod contestants;
#[cfg(target_os = "linux")]
mod measure;
#[cfg(target_os = "linux")]
mod server;
#[cfg(target_os = "linux")]
mod site;
#[cfg(target_os = "linux")]
mod table;
#[cfg(target_os = "linux")]
mod task;
#[cfg(target_os = "linux")]
mod tournament;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<()> {
    tournament::hold()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("this benchmark reads `/proc`, so it runs on Linux only");
}
