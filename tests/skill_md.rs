//! What SKILL.md says and how long it may get: small hand-made pages for every rule.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not as it should be")]

#[path = "skill_md/beginnings.rs"]
mod beginnings;
#[path = "skill_md/budget.rs"]
mod budget;
#[path = "skill/pages.rs"]
#[allow(dead_code, reason = "another test that shares the file needs what this one does not")]
mod pages;
#[path = "skill_md/parts.rs"]
mod parts;
#[path = "skill_md/routers.rs"]
mod routers;
#[path = "skill_md/rules.rs"]
mod rules;
