//! Starts Chromium and connects to it.

use std::path::Path;
use std::time::{Duration, Instant};

use super::error::BrowserError;
use super::gate::Gate;
use super::home::profile;
use super::process::{Process, StartError};
use super::session::Client;
use super::{BrowserOptions, WINDOW};

/// How long the browser may take to say where it listens.
const START_DEADLINE: Duration = Duration::from_secs(30);
const START_POLL: Duration = Duration::from_millis(20);
/// How much of stderr an error carries, in characters.
const STDERR_TAIL: usize = 2_000;
/// Renderers beside the one of each tab: Chromium keeps one in reserve, and a tab has two while it changes pages.
const SPARE_RENDERERS: usize = 2;
/// What Chromium writes to stderr before the address of its socket.
const LISTENING: &str = "DevTools listening on ";
/// Below this much shared memory Chromium crashes on larger pages; containers have 64 MB unless told otherwise.
#[cfg(target_os = "linux")]
const LEAST_SHARED_MEMORY: u64 = 1 << 30;

/// Whether Chromium confines its renderers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sandbox {
    /// As it should be.
    On,
    /// Chromium refuses to start its sandbox as root, so it runs without; a caller says so once.
    OffBecauseRoot,
}

/// Switches that are always given.
const SWITCHES: &[&str] = &[
    "--headless=new",
    "--remote-debugging-port=0",
    "--no-startup-window",
    "--no-first-run",
    "--no-default-browser-check",
    // Nothing that the browser itself would say to anybody.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-client-side-phishing-detection",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-field-trial-config",
    "--disable-sync",
    "--disable-breakpad",
    "--disable-crash-reporter",
    "--metrics-recording-only",
    "--no-pings",
    "--dns-prefetch-disable",
    "--disable-features=Translate,MediaRouter,OptimizationHints,InterestFeedContentSuggestions,\
     CertificateTransparencyComponentUpdater,AutofillServerCommunication,Prerender2,DialMediaRouteProvider,FedCm,\
     Reporting,NetworkErrorLogging",
    // HTTP/3 goes round the interception of some requests, and its timeouts are long.
    "--disable-quic",
    // No page is granted anything, and none waits for an answer.
    "--deny-permission-prompts",
    "--block-new-web-contents",
    // Media connections would go round the proxy.
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-gpu",
    "--mute-audio",
    "--hide-scrollbars",
    "--password-store=basic",
    "--use-mock-keychain",
    // Several tabs work at once; none of them is in the background.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    // A page that was left would stay alive in a renderer of its own, and every page would cost a new process.
    "--disable-back-forward-cache",
    "--disable-renderer-backgrounding",
    "--lang=en-US",
];

/// Starts `program` and connects to it.
///
/// # Errors
///
/// [`BrowserError`] when there is no folder for the profile, the program does not start, or does not answer in time.
pub(super) async fn launch(
    program: &Path,
    options: &BrowserOptions,
    gate: &Gate,
) -> Result<(Process, Client), BrowserError> {
    let mut process =
        Process::start(program, |home| arguments(options, gate, home)).map_err(|error| match error {
            StartError::Folder(cause) => BrowserError::Profile(cause),
            StartError::Program(cause) => BrowserError::Start { path: program.to_owned(), cause },
        })?;
    let address = address_of(&mut process, program).await?;
    let client = Client::connect(&address)
        .await
        .map_err(|cause| BrowserError::Connect { path: program.to_owned(), cause: Box::new(cause) })?;
    Ok((process, client))
}

/// Whether a browser started by this user would have its sandbox.
pub(super) fn sandbox() -> Sandbox {
    #[cfg(target_os = "linux")]
    if rustix::process::geteuid().is_root() {
        return Sandbox::OffBecauseRoot;
    }
    Sandbox::On
}

fn arguments(options: &BrowserOptions, gate: &Gate, home: &Path) -> Vec<String> {
    let mut arguments: Vec<String> = SWITCHES.iter().map(|&switch| switch.to_owned()).collect();
    arguments.push(format!("--user-data-dir={}", profile(home).display()));
    arguments.push(format!("--window-size={},{}", WINDOW.0, WINDOW.1));
    // Without a limit renderers pile up; with fewer than this, a page in an endless loop stalls its neighbours.
    let renderers = options.tabs.max(1) + SPARE_RENDERERS;
    arguments.push(format!("--renderer-process-limit={renderers}"));
    arguments.push(format!("--user-agent={}", options.user_agent));
    arguments.push(format!("--proxy-server=socks5://{}", gate.address()));
    // The site itself needs no gate. Without the first word Chromium would go to all of loopback past it.
    let own = options.allowed_authority.as_ref().map(|own| format!(";{}", own.host_port()));
    arguments.push(format!("--proxy-bypass-list=<-loopback>{}", own.unwrap_or_default()));
    if let Some(rules) = &options.host_rules {
        arguments.push(format!("--host-resolver-rules={rules}"));
    }
    if sandbox() == Sandbox::OffBecauseRoot {
        arguments.push("--no-sandbox".to_owned());
    }
    if shared_memory_is_scarce() {
        arguments.push("--disable-dev-shm-usage".to_owned());
    }
    arguments
}

#[cfg(target_os = "linux")]
fn shared_memory_is_scarce() -> bool {
    rustix::fs::statvfs("/dev/shm")
        .map_or(true, |shm| shm.f_bavail.saturating_mul(shm.f_frsize) < LEAST_SHARED_MEMORY)
}

#[cfg(not(target_os = "linux"))]
fn shared_memory_is_scarce() -> bool {
    false
}

/// Waits for the address of the browser's socket. It is read from stderr and not from the profile folder, because a
/// packaged Chromium (snap) sees another `/tmp` than ours.
async fn address_of(process: &mut Process, program: &Path) -> Result<String, BrowserError> {
    let since = Instant::now();
    loop {
        let stderr = process.stderr();
        let listening = stderr.lines().find_map(|line| line.split_once(LISTENING));
        if let Some((_, address)) = listening.filter(|_| stderr.ends_with('\n')) {
            return Ok(address.trim().to_owned());
        }
        let what = match process.ended() {
            Some(status) => format!("ended before it could be used ({status})"),
            None if since.elapsed() > START_DEADLINE => {
                format!("did not answer within {} s", START_DEADLINE.as_secs())
            }
            None => {
                tokio::time::sleep(START_POLL).await;
                continue;
            }
        };
        return Err(BrowserError::Silent { path: program.to_owned(), what, stderr: tail(&process.stderr()) });
    }
}

fn tail(text: &str) -> String {
    let skipped = text.chars().count().saturating_sub(STDERR_TAIL);
    text.chars().skip(skipped).collect()
}
