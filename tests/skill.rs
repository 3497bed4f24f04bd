//! From hand-made pages to a skill on disk: what is in it, that it is valid, that equal input gives equal bytes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test ends where something is not as it should be")]

#[path = "skill/pages.rs"]
mod pages;
#[path = "skill/unheaded.rs"]
mod unheaded;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use skillcrawl::config::SiteConfig;
use skillcrawl::document::NavigationItem;
use skillcrawl::fetched::Fetched;
use skillcrawl::pipeline::{Assembly, PageOutcome, PipelineError, assemble};
use skillcrawl::skill::limits::Limits;
use skillcrawl::skill::package::package;
use skillcrawl::skill::validate::{Severity, validate};
use skillcrawl::skill::write::WriteError;

use pages::{config, item, page, read};

const BASE: &str = "https://tool.example/docs/";

/// A small site: a start page, a guide, an API, and what a crawl brings along.
fn site() -> (Vec<Fetched>, Vec<NavigationItem>, SiteConfig) {
    let at = |path: &str| format!("{BASE}{path}");
    let filler = "The loader reads records one by one and hands each to the model. ".repeat(90);
    let pages = vec![
        page(
            BASE,
            "# Welcome to Tool Box\n\nTool Box trains small models on your own records, on one machine or many.\n",
        ),
        page(
            &at("install"),
            "# Installation\n\nTool Box runs on Linux and macOS with Python.\n\n```bash\n$ pip install tool-box\n```\n",
        ),
        page(
            &at("quickstart"),
            "# Quickstart\n\nTrain a first model in three lines.\n\n```python\nfrom tool_box import Trainer\n\n# not a heading\nTrainer(\"records/\").fit()\n```\n\n> [!WARNING]\n> Training overwrites the output folder without asking.\n",
        ),
        page(
            &at("guide/scaling"),
            &format!(
                "# Scaling to many machines\n\n{filler}\n\n## Set `num_workers`\n\nSee [the trainer](https://tool.example/docs/api/trainer#fit) and [elsewhere](https://other.example/).\n"
            ),
        ),
        page(
            &at("guide/data"),
            &format!(
                "# Load your data\n\n{filler} Use `Trainer` for it.\n\n## Formats\n\n| key | meaning |\n| --- | --- |\n| `batch_size` | records a step |\n"
            ),
        ),
        page(
            &at("api/trainer"),
            &format!(
                "# Trainer\n\nThe `Trainer` runs the training loop and keeps checkpoints.\n\n## `Trainer.fit()`\n\n{filler}\n\n### Fit\n\nRuns.\n"
            ),
        ),
        page(
            &at("api/config"),
            &format!(
                "# Config\n\nAll keys of the configuration file, with `batch_size` first.\n\n{filler}\n"
            ),
        ),
        page(&at("api/config/"), "# Config\n\nAn older capture of the same page.\n"),
        page(
            &at("print"),
            "# Trainer\n\nThe `Trainer` runs the training loop and keeps checkpoints.\n\n## `Trainer.fit()`\n\nPLACEHOLDER\n",
        ),
        page(&at("blank"), "# Blank\n"),
    ];
    let mut pages = pages;
    // The printable copy holds to the letter what the page holds.
    pages[8].twin = pages[5].twin.clone();
    pages[7].fetched_at = "2025-11-01T00:00:00Z".parse().unwrap();
    let link = |title: &str, path: &str| item(title, Some(&at(path)), vec![]);
    let navigation = vec![
        item("Home", Some(BASE), vec![]),
        link("Installation", "install"),
        link("Quickstart", "quickstart"),
        item("2. Guide", None, vec![link("Data", "guide/data"), link("Scaling", "guide/scaling")]),
        item("API", None, vec![link("Trainer", "api/trainer"), link("Config", "api/config")]),
    ];
    (pages, navigation, config("tool-box", BASE))
}

fn build(pages: Vec<Fetched>, navigation: &[NavigationItem], config: &SiteConfig) -> Assembly {
    assemble(pages.into_iter().map(Ok::<_, Infallible>), config, &Limits::default(), &|fetched| {
        read(fetched, navigation)
    })
    .unwrap()
}

fn site_assembly() -> Assembly {
    let (pages, navigation, config) = site();
    build(pages, &navigation, &config)
}

fn files_of(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(files_of(&path));
        } else {
            files.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    files
}

#[test]
fn pages_follow_the_navigation_and_stand_once() {
    let skill = site_assembly().skill;
    let outline: Vec<(String, Vec<&str>)> = skill
        .references
        .iter()
        .map(|file| (file.name.clone(), file.pages.iter().map(|page| page.title.as_str()).collect()))
        .collect();
    assert_eq!(
        outline,
        [
            ("overview.md".to_owned(), vec!["Welcome to Tool Box", "Installation", "Quickstart"]),
            ("guide.md".to_owned(), vec!["Load your data", "Scaling to many machines"]),
            ("api.md".to_owned(), vec!["Trainer", "Config"]),
        ]
    );
    let all: String = skill.references.iter().map(|file| file.text.as_str()).collect();
    assert_eq!(all.matches("Source: <").count(), 7);
    assert_eq!(all.matches("Source: <https://tool.example/docs/api/trainer>").count(), 1);
}

#[test]
fn every_page_of_the_archive_is_reported() {
    let reports = site_assembly().pages;
    let outcome = |path: &str| {
        let url = format!("{BASE}{path}");
        reports.iter().find(|report| report.url.as_str() == url).map(|report| report.outcome.clone()).unwrap()
    };
    assert_eq!(reports.len(), 10);
    assert_eq!(outcome("install"), PageOutcome::Kept { file: "references/overview.md".into() });
    assert_eq!(outcome("blank"), PageOutcome::Empty);
    assert_eq!(
        outcome("print"),
        PageOutcome::Duplicate { of: pages::url(&format!("{BASE}api/trainer")) },
        "same content"
    );
    assert_eq!(
        outcome("api/config/"),
        PageOutcome::Duplicate { of: pages::url(&format!("{BASE}api/config")) },
        "same page"
    );
}

#[test]
fn a_page_is_quoted_to_the_letter_below_its_own_heading() {
    let skill = site_assembly().skill;
    let overview = &skill.files["references/overview.md"];
    assert!(overview.starts_with("# Tool Box: Overview\n\n3 pages of the Tool Box documentation:\n\n- [Welcome to Tool Box](#welcome-to-tool-box): Tool Box trains"));
    assert!(
        overview.contains("## Quickstart\n\nSource: <https://tool.example/docs/quickstart>\n\nTrain a first")
    );
    assert!(overview.contains(
        "```python\nfrom tool_box import Trainer\n\n# not a heading\nTrainer(\"records/\").fit()\n```"
    ));
    let guide = &skill.files["references/guide.md"];
    assert!(guide.contains("\n### Set `num_workers`\n"));
    assert!(guide.contains("[the trainer](api.md#fit)"), "links between pages stay in the skill");
    assert!(guide.contains("[elsewhere](https://other.example/)"));
}

#[test]
fn skill_md_says_what_when_and_where() {
    let skill = site_assembly().skill;
    let text = &skill.files["SKILL.md"];
    for part in [
        "name: tool-box\n",
        "description: \"Tool Box trains small models on your own records, on one machine or many. Use when working with Tool Box: ",
        "  fetched: \"2025-11-20\"\n",
        "# Tool Box\n\n> Tool Box trains small models",
        "- To load your data, read [references/guide.md](references/guide.md#load-your-data)\n",
        "## Install\n\n```bash\npip install tool-box\n```\n",
        "## Quick start\n\nTrain a first model in three lines.\n\n```python\nfrom tool_box import Trainer\n",
        "[references/api.md](references/api.md)",
        "- `batch_size`: [Load your data](references/guide.md#load-your-data)",
        "- Training overwrites the output folder without asking. ([Quickstart](references/overview.md#quickstart))",
        "7 pages of <https://tool.example/docs/>, fetched 2025-11-20.",
    ] {
        assert!(text.contains(part), "`{part}` is missing in\n{text}");
    }
}

#[test]
fn sections_without_content_are_left_out() {
    let only = page(BASE, "# Notes\n\nNothing but a paragraph of prose stands on this whole site.\n");
    let text = build(vec![only], &[], &config("notes", BASE)).skill.files["SKILL.md"].clone();
    let headings: Vec<&str> = text.lines().filter(|line| line.starts_with('#')).collect();
    assert_eq!(headings, ["# Notes", "## What to read", "## Source"]);
}

#[test]
fn the_config_s_categories_win() {
    let (pages, navigation, mut config) = site();
    config.skill.categories = vec![
        ("getting_started".into(), vec!["install".into(), "quickstart".into(), "welcome".into()]),
        ("training".into(), vec!["trainer".into(), "scaling".into(), "data".into(), "config".into()]),
    ];
    let skill = build(pages, &navigation, &config).skill;
    let names: Vec<&str> = skill.references.iter().map(|file| file.name.as_str()).collect();
    // 24 KB of training are two files of a good size.
    assert_eq!(
        names,
        ["getting-started.md", "training-config-and-trainer.md", "training-data-and-scaling.md"]
    );
}

#[test]
fn without_navigation_the_addresses_group_and_never_by_number_or_date() {
    let text = |title: &str| {
        format!("# {title}\n\n{}\n", format!("{title} is described here at length. ").repeat(150))
    };
    let paths = [
        "v2/guide/a.html",
        "v2/guide/b.html",
        "v2/08/c.html",
        "v2/2020/05/d.html",
        "v2/fine-tuning/e.html",
        "v2/fine-tuning/f.html",
    ];
    let pages = paths.iter().map(|path| page(&format!("https://tool.example/{path}"), &text(path))).collect();
    let skill = build(pages, &[], &config("tool", "https://tool.example/v2/")).skill;
    for file in &skill.references {
        let stem = file.name.trim_end_matches(".md");
        assert!(
            stem.chars().any(char::is_alphabetic) && !["md", "html", "v2"].contains(&stem),
            "{}",
            file.name
        );
    }
    assert!(skill.files.contains_key("references/fine-tuning.md"), "{:?}", skill.files.keys());
    assert!(skill.files.contains_key("references/guide.md"));
    assert!(skill.files["SKILL.md"].contains("https://tool.example/v2/"));
}

#[test]
fn pages_keep_a_title_that_two_share_and_lose_one_that_most_bear() {
    let titles = |shared: [&str; 4]| -> Vec<String> {
        let paths = ["linux/a", "macos/b", "guide/c", "guide/d"].iter().zip(shared);
        let text =
            |path: &str, title: &str| format!("# {title}\n\nHow to do it.\n\n## Step {path}\n\nDo it now.\n");
        let pages = paths.map(|(path, title)| page(&format!("{BASE}{path}"), &text(path, title))).collect();
        let skill = build(pages, &[], &config("x", BASE)).skill;
        skill.references.iter().flat_map(|file| &file.pages).map(|page| page.title.clone()).collect()
    };
    let two = titles(["Installation", "Installation", "Data", "Models"]);
    assert_eq!(two, ["Data", "Models", "Installation (Linux)", "Installation (Macos)"]);
    let all = titles(["The Book"; 4]);
    assert!(all.iter().all(|title| title.starts_with("Step ")), "{all:?}");
}

#[test]
fn a_large_site_still_gives_a_short_skill_md() {
    let group = |number: usize| ["Alpha", "Beta", "Gamma", "Delta", "Epsilon"][number % 5];
    let pages: Vec<Fetched> = (0..400)
        .map(|number| {
            let name = format!("Widget{}", ["North", "South", "East", "West"][number % 4].repeat(number / 100 + 1));
            let markdown = format!("# {name} {number}\n\nThe widget of number {number} turns records around.\n\n## `{name}{number}.turn()`\n\n{}\n", "It turns. ".repeat(500));
            page(&format!("{BASE}{}/{number}", group(number)), &markdown)
        })
        .collect();
    let output = tempfile::tempdir().unwrap();
    let skill = build(pages, &[], &config("widgets", BASE)).skill;
    let written = skill.write_to(output.path()).unwrap();
    assert_eq!(written.findings, [], "no warnings either");
    assert!(skill.references.iter().all(|file| file.text.len() < 30_000), "files of a size to read");
    assert_eq!(skill.references.iter().map(|file| file.pages.len()).sum::<usize>(), 400);
}

#[test]
fn equal_pages_give_equal_bytes_in_any_order() {
    let (mut pages, navigation, config) = site();
    let once = build(pages.clone(), &navigation, &config);
    pages.reverse();
    pages.swap(1, 4);
    let again = build(pages, &navigation, &config);
    assert_eq!(once.skill, again.skill);
    assert_eq!(once.pages, again.pages);

    let output = tempfile::tempdir().unwrap();
    let zips = ["first", "second"].map(|name| {
        let folder = once.skill.write_to(&output.path().join(name)).unwrap().folder;
        let zip = output.path().join(name).join("tool-box.zip");
        package(&folder, &zip).unwrap();
        fs::read(zip).unwrap()
    });
    assert!(zips[0] == zips[1]);
}

#[test]
fn the_zip_holds_one_folder_with_one_skill_md() {
    let output = tempfile::tempdir().unwrap();
    let folder = site_assembly().skill.write_to(output.path()).unwrap().folder;
    fs::write(folder.join(".hidden"), "x").unwrap();
    let packed = package(&folder, &output.path().join("tool-box.zip")).unwrap();
    let mut archive = zip::ZipArchive::new(fs::File::open(&packed.path).unwrap()).unwrap();
    let names: Vec<String> = (0..archive.len())
        .map(|index| archive.by_index(index).unwrap().name().unwrap().into_owned())
        .collect();
    assert_eq!(
        names,
        [
            "tool-box/SKILL.md",
            "tool-box/references/api.md",
            "tool-box/references/guide.md",
            "tool-box/references/index.md",
            "tool-box/references/overview.md",
            "tool-box/skill.json",
        ]
    );
    let entry = archive.by_index(0).unwrap();
    assert_eq!(entry.unix_mode().unwrap() & 0o777, 0o644);
    assert_eq!(entry.last_modified().unwrap().year(), 1980);
}

#[test]
fn a_folder_that_is_no_skill_is_not_packed() {
    let folder = tempfile::tempdir().unwrap();
    let zip = folder.path().join("out.zip");
    let message = package(folder.path(), &zip).unwrap_err().to_string();
    assert!(message.ends_with("is no valid skill: there is no `SKILL.md`"), "{message}");
    assert!(!zip.exists());
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_refused() {
    let output = tempfile::tempdir().unwrap();
    let folder = site_assembly().skill.write_to(output.path()).unwrap().folder;
    std::os::unix::fs::symlink("/etc/hosts", folder.join("references/hosts.md")).unwrap();
    let message = package(&folder, &output.path().join("x.zip")).unwrap_err().to_string();
    assert!(message.contains("symbolic link"), "{message}");
}

#[test]
fn a_build_that_fails_leaves_the_last_good_one() {
    let output = tempfile::tempdir().unwrap();
    let mut skill = site_assembly().skill;
    let folder = skill.write_to(output.path()).unwrap().folder;
    let before = files_of(&folder);
    skill.files.insert("SKILL.md".into(), "# No frontmatter\n".into());
    let Err(WriteError::Invalid { kept, findings }) = skill.write_to(output.path()) else {
        panic!("it was written")
    };
    assert_eq!(findings[0].rule, "frontmatter");
    assert_eq!(files_of(&folder), before);
    assert!(kept.join("SKILL.md").exists());
    let left: Vec<_> = fs::read_dir(output.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "nothing half-written stays: {left:?}");

    site_assembly().skill.write_to(output.path()).unwrap();
    assert!(!kept.exists(), "a good build clears the rejected one away");
}

#[test]
fn a_foreign_folder_is_not_replaced() {
    let output = tempfile::tempdir().unwrap();
    fs::create_dir(output.path().join("tool-box")).unwrap();
    fs::write(output.path().join("tool-box/thesis.txt"), "mine").unwrap();
    assert!(matches!(site_assembly().skill.write_to(output.path()), Err(WriteError::Occupied { .. })));
    assert!(output.path().join("tool-box/thesis.txt").exists());
}

#[test]
fn nothing_to_read_is_an_error() {
    let none = assemble(
        std::iter::empty::<Result<Fetched, Infallible>>(),
        &config("x", BASE),
        &Limits::default(),
        &|page| read(page, &[]),
    );
    assert!(matches!(none, Err(PipelineError::NoPages)));
    let blank = [Ok::<_, Infallible>(page(BASE, "# Only a title\n"))];
    let empty = assemble(blank, &config("x", BASE), &Limits::default(), &|page| read(page, &[]));
    assert!(matches!(empty, Err(PipelineError::NothingExtracted { pages }) if pages.len() == 1));
    let broken = [Err(std::io::Error::other("cut off"))];
    let failed = assemble(broken, &config("x", BASE), &Limits::default(), &|page| read(page, &[]));
    assert!(matches!(failed, Err(PipelineError::Archive(_))));
}

/// Breaks one file of a good skill and looks for the rule that says so.
fn check_finding(file: &str, text: &str, severity: Severity, rule: &str) {
    let output = tempfile::tempdir().unwrap();
    let folder = site_assembly().skill.write_to(output.path()).unwrap().folder;
    fs::write(folder.join(file), text).unwrap();
    let findings = validate(&folder);
    assert!(
        findings.iter().any(|found| found.severity == severity && found.rule == rule),
        "{rule}: {findings:?}"
    );
}

#[test]
fn the_checks_find_what_is_wrong() {
    let skill_md = |head: &str, body: &str| format!("---\n{head}\n---\n{body}\n");
    let good = "name: tool-box\ndescription: What it is.";
    let error = |text: String, rule: &str| check_finding("SKILL.md", &text, Severity::Error, rule);
    error("# No frontmatter\n".into(), "frontmatter");
    error(skill_md("name: other\ndescription: x", "# T"), "name");
    error(skill_md("name: Tool--Box\ndescription: x", "# T"), "name");
    error(skill_md("name: tool-box", "# T"), "description");
    error(skill_md("name: tool-box\ndescription: a <b> c", "# T"), "description");
    error(skill_md(&format!("name: tool-box\ndescription: {}", "x".repeat(1025)), "# T"), "description");
    error(skill_md(&format!("{good}\nversion: '1'"), "# T"), "unknown-key");
    error(skill_md(&format!("{good}\nmetadata:\n  pages: 3"), "# T"), "metadata");
    error(skill_md(good, &"line\n".repeat(500)), "too-long");
    error(skill_md(good, "[a](references/none.md)"), "broken-link");
    error(skill_md(good, "[a](references/api.md#none)"), "broken-link");
    error(skill_md(good, "```sh\nx"), "open-fence");
    error(skill_md(good, "a\u{202E}b"), "unseen-character");
    error(skill_md(good, ""), "empty");
    check_finding("references/lost.md", "# Lost\n", Severity::Warning, "orphan");
    check_finding("references/api.md", &"word ".repeat(30_000), Severity::Warning, "large");
    check_finding("references/über.md", "# x\n", Severity::Error, "file-name");
}

/// The reference validator from PyPI accepts what is built, and refuses what is broken.
#[test]
fn the_reference_validator_accepts_the_skill() {
    let validator = reference_validator();
    let output = tempfile::tempdir().unwrap();
    let (pages, navigation, mut config) = site();
    config.description = Some("Answers: \"how?\" - {yes}, [no] & 100% # of 'it'".into());
    let folder = build(pages, &navigation, &config).skill.write_to(output.path()).unwrap().folder;
    let run = |folder: &Path| Command::new(&validator).arg("validate").arg(folder).output().unwrap();
    let said = run(&folder);
    assert!(
        said.status.success(),
        "{}{}",
        String::from_utf8_lossy(&said.stdout),
        String::from_utf8_lossy(&said.stderr)
    );
    fs::write(folder.join("SKILL.md"), "---\nname: other\n---\n").unwrap();
    assert!(!run(&folder).status.success());
}

/// Installs PyPI `skills-ref` once below the build folder and gives its command.
fn reference_validator() -> PathBuf {
    let venv = Path::new(env!("CARGO_TARGET_TMPDIR")).join("skills-ref");
    let command = venv.join("bin/agentskills");
    if !command.exists() {
        let run = |program: &Path, arguments: &[&str]| {
            let status = Command::new(program).args(arguments).status();
            assert!(
                status.is_ok_and(|status| status.success()),
                "`{}` failed: Python 3 with venv and PyPI are needed",
                program.display()
            );
        };
        run(Path::new("python3"), &["-m", "venv", &venv.to_string_lossy()]);
        run(&venv.join("bin/pip"), &["install", "--quiet", "skills-ref"]);
    }
    command
}
