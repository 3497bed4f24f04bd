//! Where a reader of SKILL.md begins: how the tool is installed, and a first example that runs.

use crate::rules::{at, section, skill_md};

const START: &str = "# Crate Box\n\nCrate Box is a library that packs crates.\n";

#[test]
fn what_a_special_page_installs_is_not_how_the_tool_is_installed() {
    let pictures = "# Pictures\n\nPictures need more:\n\n```bash\npip install \"crate-box[pictures]\"\npip install git+https://forge.example/ships/crate-box\npip install crate-box-lids\n```\n";
    let text = skill_md(vec![at("", START), at("pictures", pictures)]);
    // Where no other page installs it, the reader learns at least what the package is called.
    assert!(
        section(&text, "Install").starts_with("## Install\n\n```bash\npip install \"crate-box[pictures]\"\n"),
        "{text}"
    );
    assert!(!text.contains("crate-box-lids"), "{text}");
    let troubles = "# Questions\n\nAn old one is replaced:\n\n```bash\npip install -U crate-box\n```\n";
    let text = skill_md(vec![at("", START), at("pictures", pictures), at("questions", troubles)]);
    assert!(
        section(&text, "Install")
            .starts_with("## Install\n\n```bash\npip install -U crate-box\n```\n\nMore in [Questions]"),
        "{text}"
    );
}

#[test]
fn a_tool_that_is_no_package_is_installed_as_its_first_page_says() {
    let text = skill_md(vec![
        at(
            "",
            "# Crate Box\n\nCrate Box is a script that packs crates.\n\n## Run it\n\n```bash\npip install scale\n./pack.py crate.yml\n```\n\n## install\n\n```\npip install wood nails\n```\n",
        ),
        at("other", "# Other\n\nOther things.\n\n## Install\n\n```bash\npip install paint\n```\n"),
    ]);
    assert!(
        section(&text, "Install")
            .starts_with("## Install\n\n```\npip install wood nails\n```\n\nMore in [Crate Box]"),
        "{text}"
    );
    let text = skill_md(vec![
        at("", START),
        at(
            "install",
            "# Installation\n\n```bash\ngit clone https://forge.example/ships/crate-box\ncd crate-box\nmake install\n```\n",
        ),
    ]);
    assert!(section(&text, "Install").contains("\nmake install\n"), "{text}");
}

#[test]
fn the_quick_start_begins_with_no_special_case() {
    let text = skill_md(vec![at(
        "",
        "# Crate Box\n\nCrate Box is a library that packs crates.\n\n## Quick start\n\n### Iron crates\n\nIron rusts. To dry it first, you can also run:\n\n```bash\npack --dry\n```\n\nThere is a list with the format:\n\n```bash\ncrate_one size=8\n```\n\n### Usage\n\nPacking is started with:\n\n```bash\npack [crate.yml] [--depth N]\n```\n\nPack the first crate:\n\n```bash\npack small.yml\n```\n\nIf the crate is deep, run:\n\n```bash\npack --deep deep.yml\n```\n\nUnpack it:\n\n```bash\nunpack small.yml\n```\n",
    )]);
    assert_eq!(
        section(&text, "Quick start"),
        "## Quick start\n\nPack the first crate:\n\n```bash\npack small.yml\n```\n\nUnpack it:\n\n```bash\nunpack small.yml\n```\n\nFrom [Crate Box](references/overview.md#crate-box).\n"
    );
}

#[test]
fn fragments_are_no_first_example() {
    let text = skill_md(vec![
        at("", START),
        at(
            "quickstart",
            "# Quick start\n\nThe options of a run:\n\n```bash\n--depth 3 \\\n--lid oak\n```\n\nA crate is usually made so:\n\n```python\nimport wood\n\ncrate = Crate(...)\nwood.nail(crate)\n```\n\nPack it with one line:\n\n```python\nbox.Packer(depth=3)\n```\n\nAll together:\n\n```python\nimport crate_box as box\n\npacker = box.Packer(depth=3)\n```\n\nGive it a lid:\n\n```python\nlid.close()\n```\n\nPack:\n\n```python\npacker.pack()\n```\n",
        ),
    ]);
    assert_eq!(
        section(&text, "Quick start"),
        "## Quick start\n\nAll together:\n\n```python\nimport crate_box as box\n\npacker = box.Packer(depth=3)\n```\n\nPack:\n\n```python\npacker.pack()\n```\n\nFrom [Quick start](references/overview.md#quick-start).\n"
    );
}

#[test]
fn a_quick_start_of_fragments_is_still_the_site_s_own() {
    let pages = |title: &str| {
        vec![at("", START), at("page", &format!("# {title}\n\nPack:\n\n```python\npacker.pack()\n```\n"))]
    };
    assert!(section(&skill_md(pages("Quick start")), "Quick start").contains("\npacker.pack()\n"));
    // A page that promises nothing starts nobody with a fragment.
    let text = skill_md(pages("Deep crates"));
    assert_eq!((section(&text, "Quick start"), section(&text, "Example")), ("", ""));
}
