//! # skillcrawl
//!
//! Renders JavaScript-heavy documentation sites in headless Chromium, politely, records what it saw, and turns each
//! site into an Agent Skill: a folder with `SKILL.md`, `references/*.md` and a zip.
//!
//! ## The way of the data
//!
//! ```text
//! configs/NAME.json + selectors/*.toml
//!    └─ SiteConfig, SelectorProfile
//!         └─ FRONTIER ── Lease ──> FETCHER (http | browser | replay) ── Fetched ──> ARCHIVE     crawl.rs, async
//!               ^  scope, robots, politeness            └─ outlinks ─┐
//!               └────────────────────────────────────────────────────┘
//! ARCHIVE ── Fetched ── render ── Rendered ── extract ── Document ── Reference… ── Skill        pipeline.rs, sync
//! ```
//!
//! The archive stands between the two halves: everything after it can be done again, offline, with another profile.
//!
//! ## Where to read
//!
//! [`crawl`] first, then [`pipeline`]; the rest hangs below these two.
//!
//! ## Who may import whom
//!
//! Imports run downwards only; `tests/architecture.rs` keeps these arrows:
//!
//! ```text
//! main → cli → crawl | pipeline → frontier | fetch | archive            (edges: async or I/O)
//!            → mcp                                                      (edge; runs this program, imports vocabulary only)
//!                               → render | extract | markdown | skill | tune | library | survey   (pure, sync)
//!              all → config | profile | document | fetched | content_print | forge | url | scope | robots | discover | openapi   (vocabulary)
//! ```
//!
//! `frontier`, `fetch` and `archive` do not know each other, save that `fetch/replay.rs` reads an archive. `pipeline`
//! sees neither frontier nor fetcher. Nothing below `cli` prints or ends the process.

pub mod archive;
pub mod cli;
pub mod config;
pub mod content_print;
pub mod crawl;
pub mod discover;
pub mod document;
pub mod extract;
pub mod fetch;
pub mod fetched;
pub mod forge;
pub mod frontier;
pub mod library;
pub mod markdown;
pub mod mcp;
pub mod openapi;
pub mod pipeline;
pub mod profile;
pub mod render;
pub mod robots;
pub mod scope;
pub mod skill;
pub mod survey;
pub mod tune;
pub mod url;
