//! The bundled application, in real Chromium, as `demo` does it: everything that only a script can show is there.

use serde_json::Value;

use crate::support::markdown::{code_blocks, normal_text};
use crate::support::python::check_skill;
use crate::support::sandbox::Sandbox;
use crate::support::zips::check_zip;

#[test]
fn the_demo_builds_a_skill_of_the_bundled_site() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with_browser(&["demo"]).expect_code(0);
    let name = sandbox
        .files("output")
        .into_iter()
        .find_map(|file| file.strip_suffix("/SKILL.md").map(str::to_owned))
        .expect("the demo wrote no SKILL.md");
    assert!(run.stdout.contains(&format!("output/{name}")), "{}", run.stdout);
    let folder = sandbox.path("output").join(&name);
    check_skill(&folder);
    check_zip(&sandbox.path(&format!("output/{name}.zip")), &name);

    let site: Value = serde_json::from_str(include_str!("../../fixtures/sites/spa/site.json")).unwrap();
    let references: String = sandbox
        .files(&format!("output/{name}/references"))
        .iter()
        .map(|file| sandbox.read(&format!("output/{name}/references/{file}")))
        .collect();
    let blocks = code_blocks(&references);
    let provenance: Value =
        serde_json::from_str(&sandbox.read(&format!("output/{name}/skill.json"))).unwrap();
    let urls: Vec<&str> =
        provenance["pages"].as_array().unwrap().iter().map(|page| page["url"].as_str().unwrap()).collect();
    let routes = site["routes"].as_object().unwrap();
    assert_eq!(urls.len(), routes.len(), "{urls:?}");
    for (route, wanted) in routes {
        assert!(urls.iter().any(|url| url.ends_with(route.as_str())), "{route} is missing from {urls:?}");
        let sentence = wanted["sentence"].as_str().unwrap();
        assert!(references.contains(sentence), "{route}: {sentence}");
        for code in wanted["code"].as_array().into_iter().flatten() {
            let language = code["language"].as_str().unwrap_or("");
            let text = code["text"].as_str().unwrap();
            let found =
                blocks.iter().any(|block| block.language == language && normal_text(&block.text) == text);
            assert!(
                found,
                "{route} lacks this block of {language}:
{text}"
            );
        }
    }
}
