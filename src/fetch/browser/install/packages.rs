//! Installs Chromium through the system's package manager, without ever asking a question.

use std::process::Stdio;

use tokio::process::Command;

use super::InstallEvent;

/// A package manager and the packages that may hold Chromium, best first.
struct Manager {
    program: &'static str,
    /// Run first; its failure is not the end (one broken source among many).
    refresh: &'static [&'static str],
    install: &'static [&'static str],
    packages: &'static [&'static str],
    root: Root,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Root {
    Needed,
    Unwanted,
}

const MANAGERS: [Manager; 5] = [
    Manager {
        program: "apt-get",
        refresh: &["update"],
        install: &["install", "-y", "--no-install-recommends"],
        packages: &["chromium-headless-shell", "chromium", "chromium-browser"],
        root: Root::Needed,
    },
    Manager {
        program: "dnf",
        refresh: &[],
        install: &["install", "-y"],
        packages: &["chromium"],
        root: Root::Needed,
    },
    Manager {
        program: "apk",
        refresh: &[],
        install: &["add", "--no-cache"],
        packages: &["chromium"],
        root: Root::Needed,
    },
    Manager {
        program: "pacman",
        refresh: &[],
        install: &["-Sy", "--noconfirm", "--needed"],
        packages: &["chromium"],
        root: Root::Needed,
    },
    Manager {
        program: "brew",
        refresh: &[],
        install: &["install", "--cask"],
        packages: &["google-chrome", "chromium"],
        root: Root::Unwanted,
    },
];

/// Why the package manager brought nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum PackagesError {
    #[error("no known package manager")]
    None,
    #[error("`{program}` needs root, and `sudo` asks for a password")]
    NotAllowed { program: &'static str },
    #[error("`{command}` failed: {said}")]
    Failed { command: String, said: String },
}

/// Installs Chromium with the first package manager that is there.
pub(super) async fn install(progress: &(dyn Fn(InstallEvent) + Sync)) -> Result<(), PackagesError> {
    let Some(manager) = first_present().await else { return Err(PackagesError::None) };
    let prefix: &[&str] = match manager.root {
        Root::Needed if is_root() => &[],
        Root::Needed if runs("sudo", &["-n", "true"]).await => &["sudo", "-n"],
        Root::Needed => return Err(PackagesError::NotAllowed { program: manager.program }),
        Root::Unwanted => &[],
    };
    if !manager.refresh.is_empty() {
        // A source that does not answer need not be the one that has Chromium.
        let _ = run(&[prefix, &[manager.program], manager.refresh].concat(), progress).await;
    }
    let mut result = Err(PackagesError::None);
    for package in manager.packages {
        result = run(&[prefix, &[manager.program], manager.install, &[*package]].concat(), progress).await;
        if result.is_ok() {
            break;
        }
    }
    result
}

async fn first_present() -> Option<&'static Manager> {
    for manager in &MANAGERS {
        if runs(manager.program, &["--version"]).await {
            return Some(manager);
        }
    }
    None
}

async fn runs(program: &str, arguments: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().await.is_ok_and(|status| status.success())
}

async fn run(words: &[&str], progress: &(dyn Fn(InstallEvent) + Sync)) -> Result<(), PackagesError> {
    let command = words.join(" ");
    progress(InstallEvent::Running { command: command.clone() });
    let Some((program, arguments)) = words.split_first() else { return Err(PackagesError::None) };
    let output = Command::new(program)
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| PackagesError::Failed { command: command.clone(), said: error.to_string() })?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let said = stderr.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("nothing on stderr");
    Err(PackagesError::Failed { command, said: said.trim().to_owned() })
}

#[cfg(unix)]
fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}
