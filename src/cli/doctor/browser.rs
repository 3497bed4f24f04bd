//! Whether there is a browser, and whether it draws a page whose text comes from a script.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use super::Check;
use crate::cli::fetchers::browser_failure;
use crate::fetch::browser::{
    Browser, BrowserError, BrowserOptions, RenderJob, RenderOutcome, Sandbox, find_chrome,
};
use crate::fetched::Exchange;
use crate::url::CanonicalUrl;

/// The page that is drawn. `.invalid` is no domain (RFC 2606), so nobody can be asked.
const PAGE: &str = "http://doctor.invalid/";
const HTML: &str = "<!doctype html><title>t</title><main id=m></main><script>\
    document.getElementById('m').innerHTML = '<p id=p>drawn by a script</p>';\
    document.getElementById('m').append(document.getElementById('p').offsetHeight > 0 ? 'with a size' : '');\
    </script>";
const VERSION_DEADLINE: Duration = Duration::from_secs(10);

/// The browser, its sandbox, and what it draws with.
pub(super) async fn checks(chrome: Option<&Path>) -> Vec<Check> {
    let program = match find_chrome(chrome) {
        Ok(program) => program,
        Err(error) => return vec![broken(error)],
    };
    let version = version(&program).await.unwrap_or_else(|| "of an unknown version".to_owned());
    let found = format!("{version} at {}", program.display());
    let options = BrowserOptions {
        chrome: Some(program),
        tabs: 1,
        host_rules: Some("MAP * ~NOTFOUND".to_owned()),
        ..BrowserOptions::default()
    };
    let browser = match Browser::launch(options).await {
        Ok(browser) => browser,
        Err(error) => return vec![broken(error)],
    };
    let drawn = draw(&browser).await;
    let sandbox = browser.sandbox();
    browser.close().await;
    let mut checks = vec![match &drawn {
        Ok(_) => Check::good("browser", format!("{found}, draws what a script writes")),
        Err(why) => Check::bad("browser", format!("{found}, {why}"), "try another one with `--chrome PATH`"),
    }];
    checks.push(match sandbox {
        Sandbox::On => Check::good("sandbox", "on"),
        Sandbox::OffBecauseRoot => Check::remark(
            "sandbox",
            "off, since the program runs as root",
            "run skillcrawl as another user, so that pages are confined",
        ),
    });
    if let Ok(html) = drawn {
        checks.push(if html.contains("with a size") {
            Check::good("fonts", "text has a size")
        } else {
            Check::remark(
                "fonts",
                "text has no size, so it looks as if it were hidden",
                "install a font, as Debian's `fonts-liberation`",
            )
        });
    }
    checks
}

fn broken(error: BrowserError) -> Check {
    let failure = browser_failure(error);
    let mend = failure.hint.unwrap_or_else(|| "`skillcrawl browser install` gets one".to_owned());
    Check::bad("browser", failure.message, mend)
}

/// The HTML of the page after its script ran, or what came instead.
async fn draw(browser: &Browser) -> Result<String, String> {
    let url = CanonicalUrl::parse(PAGE).map_err(|error| error.to_string())?;
    let document = Exchange {
        target: url.clone(),
        request_headers: Vec::new(),
        status: 200,
        response_headers: vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())],
        body: HTML.as_bytes().to_vec(),
    };
    match browser.render(RenderJob { url: &url, document: &document, application: None }).await {
        RenderOutcome::Dom(dom) if dom.html.contains("drawn by a script") => Ok(dom.html),
        RenderOutcome::Dom(_) => Err("does not run the scripts of a page".to_owned()),
        RenderOutcome::Failed { cause } => Err(format!("cannot draw a page: {cause}")),
        _ => Err("led away from the page that it was to draw".to_owned()),
    }
}

/// What the program says of itself.
async fn version(program: &PathBuf) -> Option<String> {
    let mut command = tokio::process::Command::new(program);
    command.arg("--version").stdin(Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(VERSION_DEADLINE, command.output()).await.ok()?.ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().next().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty())
}
