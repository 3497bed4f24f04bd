//! What the integration tests share: a server that counts, a browser that is there, sites that are built, and a
//! command line that is run.

pub mod chrome;
pub mod generated;
pub mod markdown;
pub mod python;
pub mod sandbox;
pub mod server;
pub mod zips;
