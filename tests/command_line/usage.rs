//! The README shows the usage that the program prints.

use crate::support::sandbox::Sandbox;

#[test]
fn the_readme_shows_the_usage() {
    let help = Sandbox::new().run(&["--help"]).expect_code(0).stdout;
    let readme = include_str!("../../README.md");
    assert!(readme.contains(help.trim_end()), "README.md does not hold the output of --help:\n{help}");
}

#[test]
fn the_readme_shows_what_the_gate_runs() {
    let readme = include_str!("../../README.md");
    let gate = include_str!("../../.ci/run");
    for command in ["cargo test", "cargo run --release -- demo"] {
        assert!(readme.contains(command), "README.md does not show `{command}`");
    }
    assert!(gate.lines().any(|line| line == "cargo test"), "{gate}");
}
