//! `skillcrawl doctor`: whether this machine has what a crawl needs, and how to mend what it lacks.
//!
//! `browser` starts Chromium and draws a page, `machine` looks at disk, memory, configs and profiles, and `network`
//! at whether anything outside is reached. Nothing is changed, and no site is asked for a page.

mod browser;
mod machine;
mod network;

use serde::Serialize;
use serde_json::json;

use super::args::BrowserArgs;
use super::exit::ExitCode;
use super::failure::Failure;
use super::printer::Printer;

/// What a check found.
#[derive(Debug, Serialize)]
pub struct Check {
    /// What was looked at.
    pub about: &'static str,
    /// How it is.
    pub state: State,
    /// What was found.
    pub found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// As it should be.
    Good,
    /// Crawls work, some of them less well.
    Remark,
    /// Crawls fail.
    Bad,
}

impl Check {
    fn good(about: &'static str, found: impl Into<String>) -> Self {
        Self { about, state: State::Good, found: found.into(), mend: None }
    }

    fn remark(about: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { about, state: State::Remark, found: found.into(), mend: Some(mend.into()) }
    }

    fn bad(about: &'static str, found: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { about, state: State::Bad, found: found.into(), mend: Some(mend.into()) }
    }
}

/// Runs the command: a line for each check on stdout; exit code 5 where no browser works, 1 where something else is bad.
///
/// # Errors
///
/// A [`Failure`] when the asynchronous runtime does not start.
pub fn run(args: &BrowserArgs, printer: &Printer) -> Result<ExitCode, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Failure::new)?;
    let mut checks = vec![machine::versions()];
    let of_browser = runtime.block_on(browser::checks(args.chrome.as_deref()));
    let browser_works = of_browser.iter().all(|check| check.state != State::Bad);
    checks.extend(of_browser);
    checks.extend(machine::checks());
    checks.push(runtime.block_on(network::reached()));
    let all_work = checks.iter().all(|check| check.state != State::Bad);
    let text: Vec<String> = checks.iter().map(in_words).collect();
    printer.result(&text.join("\n"), &json!({ "ok": all_work, "checks": checks }));
    Ok(match (browser_works, all_work) {
        (_, true) => ExitCode::Success,
        (false, _) => ExitCode::NoBrowser,
        (true, false) => ExitCode::Failure,
    })
}

fn in_words(check: &Check) -> String {
    let mark = match check.state {
        State::Good => "ok",
        State::Remark => "remark",
        State::Bad => "bad",
    };
    let mend = check.mend.as_ref().map_or_else(String::new, |mend| format!("\n          {mend}"));
    format!("{mark:<6}  {}: {}{mend}", check.about, check.found)
}
