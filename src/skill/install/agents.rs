//! The agents that are known, as `agents.toml` has them.

use std::sync::LazyLock;

use serde::Deserialize;

/// An agent and where it looks for skills.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// What it is called on the command line.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// The folder below the home folder.
    pub user: String,
    /// The folder below a project.
    pub project: String,
    /// Where the folders are documented.
    pub source: String,
    /// Whether that is the agent's own documentation.
    pub sure: bool,
    /// What a user does for the agent to see a new skill.
    pub next: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Agents {
    agent: Vec<Agent>,
}

/// The known agents in order.
pub fn agents() -> &'static [Agent] {
    // The file is part of the program; a test reads it.
    static AGENTS: LazyLock<Vec<Agent>> = LazyLock::new(|| read().unwrap_or_default());
    &AGENTS
}

fn read() -> Result<Vec<Agent>, toml::de::Error> {
    toml::from_str::<Agents>(include_str!("agents.toml")).map(|agents| agents.agent)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_folders_are_relative_and_end_in_skills() {
        let agents = read().unwrap();
        assert!(agents.len() >= 7);
        for agent in agents {
            for folder in [&agent.user, &agent.project] {
                assert!(folder.starts_with('.') && folder.ends_with("/skills"), "{folder}");
            }
        }
    }
}
