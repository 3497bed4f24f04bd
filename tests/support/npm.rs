//! Programs from npm that the tests judge by, installed once into a folder of their own below `target/`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Installs a package, given with its version, and returns the folder that holds its `node_modules`. Test programs that
/// run at the same time wait for each other.
pub fn package(name: &str, package: &str) -> PathBuf {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools");
    std::fs::create_dir_all(&tools).unwrap();
    let lock = File::create(tools.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    let folder = tools.join(name);
    let done = folder.join(package.replace('/', "+"));
    if !done.exists() {
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("package.json"), "{\"private\": true}").unwrap();
        let output = Command::new("npm")
            .args(["install", "--no-audit", "--no-fund", "--ignore-scripts", package])
            .current_dir(&folder)
            .output()
            .unwrap_or_else(|error| panic!("npm: {error}"));
        assert!(
            output.status.success(),
            "npm install {package} failed:\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        File::create(&done).unwrap();
    }
    folder
}
