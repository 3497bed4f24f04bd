//! `search` and `mcp` as they are typed: what agents use.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::Args;

use super::numbers::from_one;

/// `search`.
#[derive(Debug, Args)]
pub struct SearchArgs {
    /// The skill folder, with its SKILL.md
    pub skill_dir: PathBuf,

    /// What to look for
    #[arg(required = true)]
    pub query: Vec<String>,

    /// How many sections to show
    #[arg(long, value_name = "N", default_value = "5", value_parser = from_one::<NonZeroUsize>)]
    pub limit: NonZeroUsize,

    /// How many of the best sections to leave out
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub offset: usize,
}

/// `mcp`.
#[derive(Debug, Args)]
pub struct McpArgs {
    /// Where `configs/` and `output/` are; default: the current folder
    #[arg(long, value_name = "DIR")]
    pub folder: Option<PathBuf>,

    /// Serve streamable HTTP at this address instead of stdin and stdout; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub http: Option<SocketAddr>,

    /// Let other machines in: an address that is not loopback; needs a token
    #[arg(long, requires = "http")]
    pub allow_remote: bool,

    /// A name or address by which clients reach this server, besides loopback
    #[arg(long, value_name = "HOST", requires = "http")]
    pub allow_host: Vec<String>,

    /// A web page that may use this server, as http://localhost:3000
    #[arg(long, value_name = "ORIGIN", requires = "http")]
    pub allow_origin: Vec<String>,

    /// The file with the token that clients must send; else SKILLCRAWL_MCP_TOKEN, else none is asked for
    #[arg(long, value_name = "FILE", requires = "http")]
    pub token_file: Option<PathBuf>,
}
