//! `skillcrawl browser`: finds a browser, or gets one where there is none.

use std::path::{Path, PathBuf};

use anyhow::Context;
use serde_json::json;

use super::args::BrowserCommand;
use super::exit::ExitCode;
use super::failure::Failure;
use super::fetchers::browser_failure;
use super::printer::Printer;
use crate::fetch::browser::{InstallEvent, InstallOptions, Installed, find_chrome, install};

/// Runs the command; the path goes to stdout.
///
/// # Errors
///
/// A [`Failure`] when there is no browser.
pub fn run(command: &BrowserCommand, printer: &Printer) -> Result<ExitCode, Failure> {
    let path = match command {
        BrowserCommand::Install => install_browser(printer)?,
        BrowserCommand::Path(args) => find_chrome(args.chrome.as_deref()).map_err(browser_failure)?,
    };
    printer.result(&path.display().to_string(), &json!({ "path": path }));
    Ok(ExitCode::Success)
}

/// The browser that is there, or a new one.
///
/// # Errors
///
/// A [`Failure`] when it cannot be had.
pub fn ensure_browser(chrome: Option<&Path>, printer: &Printer) -> Result<PathBuf, Failure> {
    match (chrome, find_chrome(chrome)) {
        (_, Ok(path)) => Ok(path),
        (Some(_), Err(error)) => Err(browser_failure(error)),
        (None, Err(_)) => {
            printer.line("there is no browser yet; installing one");
            install_browser(printer)
        }
    }
}

fn install_browser(printer: &Printer) -> Result<PathBuf, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the asynchronous runtime")?;
    let said = |event| say(event, printer);
    let installed = runtime.block_on(install(&InstallOptions::default(), &said)).map_err(|error| {
        Failure::with_code(error, ExitCode::NoBrowser)
            .hint("install Chrome or Chromium by hand, and name it with `--chrome PATH` if it is not found")
    })?;
    Ok(match installed {
        Installed::Already(path) => {
            printer.line("a browser is there already");
            path
        }
        Installed::Now(path) => {
            printer.line("a browser is installed");
            path
        }
    })
}

fn say(event: InstallEvent, printer: &Printer) {
    match event {
        InstallEvent::Running { command } => printer.line(&format!("running `{command}`")),
        InstallEvent::PackagesFailed { cause } => {
            printer.note(&format!("{cause}; trying Chrome for Testing instead"));
        }
        InstallEvent::Downloading { version, done, total } => {
            let of = total.map(|total| format!(" of {} MB", total / 1_000_000)).unwrap_or_default();
            printer.detail(&format!("downloading Chrome for Testing {version}: {} MB{of}", done / 1_000_000));
        }
        InstallEvent::Unpacking => printer.detail("unpacking"),
    }
}
