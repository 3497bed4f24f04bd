//! Programs from PyPI that the tests judge by, installed once into a virtual environment below `target/`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The Agent Skills validator of the specification's own authors.
const SKILLS_REF: &str = "skills-ref==0.1.1";

/// The command `agentskills`.
pub fn agentskills() -> &'static Path {
    static COMMAND: OnceLock<PathBuf> = OnceLock::new();
    COMMAND.get_or_init(|| tool("skills-ref", &[SKILLS_REF], "agentskills"))
}

/// Fails the test unless the specification's validator accepts the skill.
#[track_caller]
pub fn check_skill(folder: &Path) {
    let output = Command::new(agentskills()).arg("validate").arg(folder).output().unwrap();
    assert!(
        output.status.success(),
        "agentskills refuses {}:\n{}{}",
        folder.display(),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Installs packages into an environment of their own and returns the path of a command in it. Test programs that run
/// at the same time wait for each other.
pub fn tool(name: &str, packages: &[&str], command: &str) -> PathBuf {
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools");
    std::fs::create_dir_all(&tools).unwrap();
    let lock = File::create(tools.join(format!("{name}.lock"))).unwrap();
    lock.lock().unwrap();
    let environment = tools.join(name);
    let done = environment.join(packages.join("+"));
    if !done.exists() {
        let _ = std::fs::remove_dir_all(&environment);
        run(Command::new("python3").args(["-m", "venv"]).arg(&environment));
        run(Command::new(environment.join("bin/python"))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(packages));
        File::create(&done).unwrap();
    }
    environment.join("bin").join(command)
}

fn run(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?} failed:\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}
