//! The program as its users meet it: commands in, words, files and exit codes out; sites on loopback, pages in real
//! Chromium.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

mod barred;
mod config;
mod enhance;
mod errors;
mod estimate;
mod first_use;
mod fresh;
mod generate;
mod generated_sites;
mod injection;
mod kill;
mod library;
mod other_format;
mod packaging;
mod politeness;
mod refusals;
mod replay;
mod repository;
mod resume;
mod search;
mod seed_plan;
mod shipped;
mod skills;
mod status;
mod take_back;
mod torture;
mod tuning;
mod update;
mod usage;
