//! The Model Context Protocol server: the program's commands as tools that an agent can call, its skills and configs as
//! resources, and a few prompts.
//!
//! In order: [`stdio`] and [`http`] are the two ways in; [`server`] answers what comes; [`limits`] asks the client for
//! its roots; [`tools`] says for each tool what may be asked and which command line that means, after [`roots`] allowed
//! every path in it; [`child`] runs that command
//! line as a child process in a group of its own, passes its [`progress`] on and ends it when the call is cancelled;
//! [`answer`] turns what it printed into a result of bounded size. [`resources`] reads what [`library`] finds, and
//! [`prompts`] is text.
//!
//! A crawl never runs in this process, so that one that dies takes no other call along; the shell and an agent get the
//! same answer. Nothing here prints: standard output belongs to the protocol. Nothing outside of the roots is read or
//! written.

pub mod answer;
pub mod child;
pub mod desk;
pub mod error;
pub mod http;
pub mod library;
pub mod limits;
pub mod lines;
pub mod paging;
pub mod presence;
pub mod progress;
pub mod prompts;
pub mod resources;
pub mod roots;
pub mod schema;
pub mod server;
pub mod stdio;
pub mod token;
pub mod tools;
