//! The four commands of the seed plan from the shell, with its names and folders: they end with a zip.

use crate::support::python::check_skill;
use crate::support::sandbox::Sandbox;
use crate::support::server::{Canned, Site, SiteServer};
use crate::support::zips::check_zip;

fn site() -> Site {
    let topics = ["install", "quickstart", "configure", "datasets", "train", "evaluate", "merge", "serve"];
    let links: String = topics.iter().map(|topic| format!("<a href=/{topic}>{topic}</a> ")).collect();
    let page = |title: &str, text: &str| {
        Canned::html(format!(
            "<title>{title} - Tuner</title><nav>{links}</nav><main><h1>{title}</h1><p>{text}</p>\
             <pre><code class=language-bash>tuner {title}</code></pre></main>"
        ))
    };
    let start = page("Tuner", "Tuner adapts a language model to your own data from one YAML file.");
    topics.iter().fold(Site::default().with("/", start), |site, topic| {
        let text =
            format!("How to {topic} with Tuner, step by step, on a machine with one graphics card or many.");
        site.with(&format!("/{topic}"), page(topic, &text))
    })
}

#[test]
fn the_four_commands_end_with_a_zip() {
    let server = SiteServer::start(site());
    let sandbox = Sandbox::new();
    let description = "Expert guidance for fine-tuning LLMs - YAML configs, LoRA. Use when tuning a model.";
    let url = server.url("/");
    let generate = ["generate", &url, "--name", "axolotl", "--description", description];
    sandbox.run_with_browser(&generate).expect_code(0);
    let estimate = ["estimate", "configs/axolotl.json", "--json"];
    let estimated = sandbox.run_with_browser(&estimate).expect_code(0).json();
    assert_eq!(estimated["pages"]["likely"], 9, "{estimated}");
    sandbox.run_with_browser(&["scrape", "configs/axolotl.json"]).expect_code(0);
    sandbox.run(&["package", "output/axolotl/"]).expect_code(0);
    check_skill(&sandbox.path("output/axolotl"));
    check_zip(&sandbox.path("output/axolotl.zip"), "axolotl");
}
