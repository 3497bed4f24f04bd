use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{Rules, examine, hint, size_profiles};

const SKILL_MD: &str = "---\nname: tool\ndescription: A tool. Use when testing.\n---\n\n# Tool\n\nSee [the guide](references/guide.md).\n";

/// A good skill with some files changed or added.
fn folder(files: &[(&str, &str)]) -> (TempDir, PathBuf) {
    let output = tempfile::tempdir().unwrap();
    let folder = output.path().join("tool");
    let good = [("SKILL.md", SKILL_MD), ("references/guide.md", "# Guide\n\nText.\n")];
    for (name, text) in good.iter().chain(files) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    (output, folder)
}

fn rules_of(path: &Path, rules: &Rules) -> Vec<&'static str> {
    examine(path, rules).findings.iter().map(|finding| finding.rule).collect()
}

#[track_caller]
fn check(files: &[(&str, &str)], expected: &[&str]) {
    let (_output, folder) = folder(files);
    let found = rules_of(&folder, &Rules::default());
    assert_eq!(found, expected);
    assert!(found.iter().all(|rule| !hint(rule).is_empty()), "each rule has a hint: {found:?}");
}

#[test]
fn what_is_wrong_is_found_by_its_rule() {
    check(&[], &[]);
    let page = |heading: &str, text: &str| {
        format!("# R\n\n## {heading}\n\nSource: <https://d.example/a>\n\n{text}\n")
    };
    let index = "# Index\n\n[a](a.md) [b](b.md) [c](08.md)\n";
    let linked = format!("{SKILL_MD}\n[all](references/index.md)\n");
    let with = |a: &str, b: &str| {
        let (_output, folder) = folder(&[
            ("SKILL.md", &linked),
            ("references/index.md", index),
            ("references/a.md", a),
            ("references/b.md", b),
            ("references/08.md", "# Eight\n"),
        ]);
        rules_of(&folder, &Rules::default())
    };
    let (first, part) = (page("A", "One."), page("A: Part", "Two."));
    assert_eq!(with(&first, &part), ["untelling-name"], "a page in parts stands once");
    assert_eq!(with(&first, &page("A", "Other.")), ["untelling-name", "duplicate-page"]);
    assert_eq!(with(&first, &page("B", "One.")), ["untelling-name", "duplicate-page"]);
    check(
        &[("references/deep/er.md", "# Deep\n"), ("references/guide.md", "# Guide\n\n[deep](deep/er.md)\n")],
        &["deep-reference"],
    );
    check(&[("references/Guide.md", "# Guide\n")], &["case-collision", "orphan"]);
    let reserved = SKILL_MD.replace("name: tool", "name: claude-tool");
    check(&[("SKILL.md", &reserved)], &["name", "reserved-word"]);
    check(
        &[("references/guide.md", "# Guide\n\n<!-- x -->\n\n<p hidden>x</p>\n")],
        &["hidden-html", "html-comment"],
    );
}

#[test]
fn sizes_are_counted_and_bounded() {
    let (_output, folder) = folder(&[("references/guide.md", &"word ".repeat(300))]);
    let report = examine(&folder, &Rules::default());
    assert!(report.valid && report.findings.is_empty(), "{}", report.to_text());
    assert_eq!(report.totals.fits, ["5mb", "8mb", "30mb"]);
    let guide = report.files.iter().find(|file| file.path == "references/guide.md").unwrap();
    assert_eq!((guide.bytes, guide.tokens, guide.lines), (1500, Some(301), Some(1)));
    assert_eq!(rules_of(&folder, &Rules { max_tokens: 100, size: None }), ["large"]);
    let small = super::SizeProfile { bytes: 100, ..size_profiles()[0].clone() };
    let report = examine(&folder, &Rules { size: Some(small), ..Rules::default() });
    assert_eq!(report.findings[0].rule, "size");
    assert!(
        report.to_text().starts_with("error: size (1)\n  the whole: all files have "),
        "{}",
        report.to_text()
    );
    assert!(report.to_text().ends_with(" tokens") && report.to_text().contains("\nnot valid: 2 files, "));
}

/// A zip of these entries; a target makes a symbolic link.
fn packed(entries: &[(&str, &str, Option<&str>)]) -> (TempDir, PathBuf) {
    let output = tempfile::tempdir().unwrap();
    let path = output.path().join("tool.skill");
    let mut writer = ZipWriter::new(fs::File::create(&path).unwrap());
    for (name, text, target) in entries {
        match target {
            Some(target) => writer.add_symlink(*name, *target, SimpleFileOptions::default()).unwrap(),
            None => {
                writer.start_file(*name, SimpleFileOptions::default()).unwrap();
                writer.write_all(text.as_bytes()).unwrap();
            }
        }
    }
    writer.finish().unwrap();
    (output, path)
}

#[track_caller]
fn check_zip(more: &[(&str, &str, Option<&str>)], expected: &[&str]) {
    let good = [("tool/SKILL.md", SKILL_MD, None), ("tool/references/guide.md", "# Guide\n\nText.\n", None)];
    let (_output, path) = packed(&[&good, more].concat());
    assert_eq!(rules_of(&path, &Rules::default()), expected);
}

#[test]
fn a_zip_is_checked_without_unpacking_it() {
    check_zip(&[], &[]);
    check_zip(&[("../evil.md", "x", None)], &["unsafe-path"]);
    check_zip(&[("/etc/evil", "x", None)], &["unsafe-path"]);
    check_zip(&[("tool\\evil.md", "x", None)], &["unsafe-path"]);
    check_zip(&[("C:/evil", "x", None)], &["unsafe-path"]);
    check_zip(&[("tool/link", "", Some("/etc/passwd"))], &["symlink"]);
    check_zip(&[("other/a.txt", "x", None)], &["top-folder", "name"]);
    check_zip(&[("a.txt", "x", None)], &["top-folder"]);
    check_zip(&[("tool/zeros.txt", &"0".repeat(3_000_000), None)], &["zip-bomb"]);
}

#[test]
fn entries_that_hide_each_other_are_found() {
    let entries = [("tool/SKILL.md", SKILL_MD, None), ("tool/references/guide.md", "# Guide\n", None)];
    let (_output, path) =
        packed(&[&entries[..], &[("tool/references/guidf.md", "# Other\n", None)]].concat());
    // The writer refuses two entries of one name, so one is renamed in the file itself.
    let mut bytes = fs::read(&path).unwrap();
    let (from, to) = (b"guidf.md", b"guide.md");
    for at in 0..bytes.len() - from.len() {
        if &bytes[at..at + from.len()] == from {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }
    fs::write(&path, bytes).unwrap();
    assert!(rules_of(&path, &Rules::default()).contains(&"duplicate-entry"));
    fs::write(&path, "no zip").unwrap();
    assert!(rules_of(&path, &Rules::default()).contains(&"unreadable"));
}
