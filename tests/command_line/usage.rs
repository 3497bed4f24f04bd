//! What the program says of its own use: kept as snapshots, so that no option changes unseen, and shown in the README.

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

/// `cargo insta review`, or `INSTA_UPDATE=always cargo test`, takes over a change that is meant.
#[test]
fn the_help_of_each_command_is_as_it_was() {
    let sandbox = Sandbox::new();
    let mut open: Vec<Vec<String>> = vec![Vec::new()];
    let mut seen = 0;
    while let Some(command) = open.pop() {
        let arguments: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        let help = sandbox.run(&arguments).expect_code(0).stdout;
        open.extend(commands_in(&help).map(|name| [command.clone(), vec![name]].concat()));
        let name = if command.is_empty() { "skillcrawl".to_owned() } else { command.join("-") };
        insta::assert_snapshot!(name, help);
        seen += 1;
    }
    assert!(seen > 15, "only {seen} commands were found");
}

/// The names in the list of commands of a help text, without `help` itself.
fn commands_in(help: &str) -> impl Iterator<Item = String> {
    let list = help.split_once("\nCommands:\n").map_or("", |(_, list)| list);
    let entries: Vec<String> = list
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next().map(str::to_owned))
        .filter(|name| !name.is_empty() && name != "help")
        .collect();
    entries.into_iter()
}
