//! What SKILL.md says and how long it may get: small hand-made pages for every rule.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not as it should be")]

#[path = "skill/pages.rs"]
mod pages;
#[path = "skill_md/routers.rs"]
mod routers;
