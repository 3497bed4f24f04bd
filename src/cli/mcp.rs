//! `skillcrawl mcp`: the commands of this program for agents, over the Model Context Protocol.

use anyhow::Context;

use super::args::McpArgs;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::{Format, Printer};
use super::stop::stop_on_signals;
use crate::mcp::error::ServeError;
use crate::mcp::http::{self, HttpOptions};
use crate::mcp::stdio;

/// Runs the server until its client leaves or a signal ends it.
///
/// # Errors
///
/// A [`Failure`] when it cannot listen, or the client does not speak the protocol.
pub fn run(args: &McpArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    // Standard output belongs to the protocol, whatever else was asked for.
    let printer = Printer::new(printer.verbosity(), Format::Text);
    let token_file = args.token_file.as_deref().map(std::path::absolute).transpose();
    let token_file = token_file.context("cannot tell where the token file is")?;
    if let Some(folder) = &args.folder {
        std::env::set_current_dir(folder)
            .with_context(|| format!("cannot work in `{}`", folder.display()))
            .map_err(|error| Failure::with_code(error, ExitCode::Usage).hint("name a folder that is there"))?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the asynchronous runtime")?;
    let stop = stop_on_signals(printer);
    let _over = stop.clone().drop_guard();
    let served = match args.http {
        None => runtime.block_on(stdio::serve(stop)),
        Some(address) => {
            let options = HttpOptions {
                address,
                allow_remote: args.allow_remote,
                hosts: args.allow_host.clone(),
                origins: args.allow_origin.clone(),
                token_file,
            };
            let ready = |address| printer.line(&format!("serving MCP at http://{address}{}", http::PATH));
            runtime.block_on(http::serve(&options, ready, stop))
        }
    };
    // A read of standard input that nobody can break off must not hold the end up.
    runtime.shutdown_background();
    served.map_err(failure)?;
    Ok(ExitCode::Success)
}

fn failure(error: ServeError) -> Failure {
    let hint = error.hint();
    let code = match &error {
        ServeError::Remote { .. } | ServeError::TokenFile { .. } | ServeError::WeakToken { .. } => {
            ExitCode::Usage
        }
        _ => ExitCode::Failure,
    };
    Failure::with_code(error, code).hint_if(hint)
}
