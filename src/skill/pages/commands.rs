//! Reading commands: which of them install something, and how.

/// Beginnings of commands that put software on a machine, and the way they do it.
const INSTALLERS: [(&str, Way); 32] = [
    ("pip install ", Way::Pip),
    ("pip3 install ", Way::Pip),
    ("python -m pip install ", Way::Pip),
    ("python3 -m pip install ", Way::Pip),
    ("uv pip install ", Way::Uv),
    ("uv add ", Way::Uv),
    ("uv tool install ", Way::Uv),
    ("pipx install ", Way::Pip),
    ("poetry add ", Way::Poetry),
    ("conda install ", Way::Conda),
    ("mamba install ", Way::Conda),
    ("pixi add ", Way::Conda),
    ("npm install ", Way::Npm),
    ("npm i ", Way::Npm),
    ("npm add ", Way::Npm),
    ("npx create-", Way::Npm),
    ("npm create ", Way::Npm),
    ("yarn add ", Way::Yarn),
    ("pnpm add ", Way::Pnpm),
    ("bun add ", Way::Bun),
    ("deno add ", Way::Deno),
    ("cargo add ", Way::Cargo),
    ("cargo install ", Way::Cargo),
    ("go get ", Way::Go),
    ("go install ", Way::Go),
    ("gem install ", Way::Gem),
    ("brew install ", Way::Brew),
    ("apt install ", Way::System),
    ("apt-get install ", Way::System),
    ("sudo apt install ", Way::System),
    ("docker pull ", Way::Docker),
    ("docker run ", Way::Docker),
];
/// What installs from sources that lie there.
const FROM_SOURCES: [&str; 12] = [
    "pip install",
    "pip3 install",
    "setup.py",
    "make",
    "cmake",
    "npm install",
    "npm ci",
    "yarn install",
    "pnpm install",
    "cargo build",
    "cargo install",
    "poetry install",
];
/// The most lines of a block that installs from sources, and of one command.
const MOST_LINES: usize = 14;
const MOST_CONTINUED: usize = 8;

/// By what a command installs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// pip and its kin.
    Pip,
    /// uv.
    Uv,
    /// Poetry.
    Poetry,
    /// conda and its kin.
    Conda,
    /// npm.
    Npm,
    /// pnpm.
    Pnpm,
    /// Yarn.
    Yarn,
    /// Bun.
    Bun,
    /// Deno.
    Deno,
    /// Cargo.
    Cargo,
    /// Go.
    Go,
    /// RubyGems.
    Gem,
    /// Homebrew.
    Brew,
    /// The system's own packages.
    System,
    /// A container.
    Docker,
}

/// The install commands of a block of code, in order, without prompts; one that goes on over several lines is whole.
pub fn install_commands(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let mut command = without_prompt(line).to_owned();
        if way(&command).is_none() {
            continue;
        }
        let mut more = 0;
        while command.ends_with('\\') && more < MOST_CONTINUED {
            let Some(next) = lines.next() else { break };
            command.push('\n');
            command.push_str(next.trim_end());
            more += 1;
        }
        if !command.ends_with('\\') {
            found.push(command);
        }
    }
    found
}

/// The way a command installs, if it does.
pub fn way(command: &str) -> Option<Way> {
    INSTALLERS.iter().find(|(beginning, _)| command.starts_with(beginning)).map(|(_, way)| *way)
}

/// Whether a block of code fetches the sources and installs from them.
pub fn source_install(code: &str) -> bool {
    let lines: Vec<&str> = code.lines().map(without_prompt).collect();
    let cloned = lines.iter().position(|line| line.starts_with("git clone "));
    cloned.is_some_and(|cloned| {
        let after = lines.iter().skip(cloned + 1);
        lines.len() <= MOST_LINES
            && after.into_iter().any(|line| FROM_SOURCES.iter().any(|command| line.contains(command)))
    })
}

/// Whether a line of code only prepares: it installs, fetches, changes folder or sets the environment.
pub fn prepares(line: &str) -> bool {
    if line.trim_start().starts_with('#') {
        return true;
    }
    let line = without_variables(without_prompt(line));
    let beginnings = [
        "git clone ",
        "cd ",
        "export ",
        "source ",
        ". ",
        "mkdir ",
        "conda create",
        "conda activate",
        "python -m venv",
        "python3 -m venv",
        "virtualenv ",
        "uv venv",
        "uv sync",
        "curl ",
        "wget ",
        "set ",
        "sudo ",
        "apt ",
        "apt-get ",
        "pip ",
        "pip3 ",
        "module load",
        "git lfs",
        "git submodule",
        "git checkout",
        "git pull",
        "nvidia-smi",
        "docker pull",
        "docker login",
        "docker build",
        "npm install",
        "yarn install",
        "pnpm install",
        "npm ci",
        "brew ",
        "python setup.py",
        "pytest",
    ];
    line.is_empty() || way(line).is_some() || beginnings.iter().any(|beginning| line.starts_with(beginning))
}

/// A command without the variables that it is given: `pip install x` of `JOBS=4 pip install x`.
fn without_variables(line: &str) -> &str {
    let is_variable = |word: &str| {
        word.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty()
                && name
                    .chars()
                    .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
        })
    };
    let mut rest = line;
    while let Some((_, after)) = rest.split_once(' ').filter(|(word, _)| is_variable(word)) {
        rest = after.trim_start();
    }
    rest
}

fn without_prompt(line: &str) -> &str {
    let line = line.trim();
    ["$ ", "% ", "> ", "!", "# "].iter().find_map(|prompt| line.strip_prefix(prompt)).unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::{install_commands, prepares, source_install};

    #[test]
    fn install_lines_lose_their_prompt_and_stay_whole() {
        let check = |code: &str, commands: &[&str]| assert_eq!(install_commands(code), commands);
        check("$ pip install trl", &["pip install trl"]);
        check("!pip install -q trl", &["pip install -q trl"]);
        check("npm install --save-dev x", &["npm install --save-dev x"]);
        check("docker run \\\n  --gpus all \\\n  tool:1\nls", &["docker run \\\n  --gpus all \\\n  tool:1"]);
        check("pip install \\", &[]);
        check("print('pip install')", &[]);
    }

    #[test]
    fn sources_are_cloned_and_installed() {
        assert!(source_install("git clone https://d.example/x\ncd x\npip install -e ."));
        assert!(!source_install("git clone https://d.example/x"));
    }

    #[test]
    fn what_prepares_starts_nobody() {
        for line in [
            "export A=1",
            "# note",
            "$ cd x",
            "curl -L x | sh",
            "uv pip install x",
            "JOBS=4 A=b pip install x",
        ] {
            assert!(prepares(line), "{line}");
        }
        for line in ["python train.py", "A=b tool --help", "import tool"] {
            assert!(!prepares(line), "{line}");
        }
    }
}
