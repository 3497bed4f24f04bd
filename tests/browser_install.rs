//! Installing a browser from a catalog on loopback that serves tiny archives.

#![expect(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

use std::io::{Cursor, Write};
use std::sync::Mutex;

use axum::Router;
use axum::routing::get;
use skillcrawl::fetch::browser::{
    DownloadError, InstallError, InstallEvent, InstallOptions, Installed, Packages, install,
};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const PROGRAM: &[u8] = b"#!/bin/sh\necho a browser\n";

fn archive(files: &[&str]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for name in files {
        zip.start_file(*name, SimpleFileOptions::default().unix_permissions(0o755)).unwrap();
        zip.write_all(PROGRAM).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Serves a catalog with one build for every platform, and that build.
async fn serve(archive: Vec<u8>) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let builds: Vec<_> = ["linux64", "mac-arm64", "mac-x64", "win64", "win32"]
        .iter()
        .map(|platform| serde_json::json!({ "platform": platform, "url": format!("{base}/build.zip") }))
        .collect();
    let stable = serde_json::json!({ "version": "1.2.3", "downloads": { "chrome-headless-shell": builds } });
    let catalog = serde_json::json!({ "channels": { "Stable": stable } }).to_string();
    let router = Router::new()
        .route("/catalog.json", get(|| async { catalog }))
        .route("/build.zip", get(|| async { archive }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("{base}/catalog.json")
}

fn options(catalog: String, folder: &tempfile::TempDir) -> InstallOptions {
    InstallOptions { catalog, folder: Some(folder.path().join("browser")), packages: Packages::Skip }
}

#[tokio::test]
async fn a_build_is_downloaded_unpacked_and_put_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let catalog = serve(archive(&["shell-linux/LICENSE", "shell-linux/chrome-headless-shell"])).await;
    let options = options(catalog, &folder);
    let events = Mutex::new(Vec::new());
    // Twice: an older build gives way.
    for _ in 0..2 {
        let installed = install(&options, &|event| events.lock().unwrap().push(event)).await.unwrap();
        let Installed::Now(program) = installed else { panic!("{installed:?}") };
        assert_eq!(std::fs::read(&program).unwrap(), PROGRAM);
        let output = std::process::Command::new(&program).output().unwrap();
        assert_eq!(output.stdout, b"a browser\n");
    }
    let events = events.into_inner().unwrap();
    assert!(events.contains(&InstallEvent::Unpacking));
    assert!(
        matches!(&events[0], InstallEvent::Downloading { version, .. } if version == "1.2.3"),
        "{events:?}"
    );
    let left: Vec<_> = std::fs::read_dir(folder.path().join("browser")).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[tokio::test]
async fn an_archive_that_leads_outside_or_holds_no_browser_is_refused() {
    for files in [&["../chrome-headless-shell"], &["shell-linux/README"]] {
        let folder = tempfile::tempdir().unwrap();
        let options = options(serve(archive(files)).await, &folder);
        let error = install(&options, &|_| {}).await.unwrap_err();
        let InstallError::Download(error) = error else { panic!("{error}") };
        assert!(matches!(error, DownloadError::Archive { .. } | DownloadError::NoProgram { .. }), "{error}");
        assert!(!folder.path().join("chrome-headless-shell").exists());
        assert_eq!(std::fs::read_dir(folder.path().join("browser")).unwrap().count(), 0);
    }
}
