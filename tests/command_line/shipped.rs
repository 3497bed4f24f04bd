//! The configs that are shipped: the tools of the research library, each in its place.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use skillcrawl::config::SiteConfig;
use skillcrawl::config::catalog::{Entry, catalog};
use skillcrawl::scope::{Judgement, Scope};

/// The tree of the plan.
const TREE: [(&str, &[&str]); 10] = [
    ("1-model-architecture", &["megatron-core", "litgpt", "nanogpt", "rwkv", "gpt-neox"]),
    ("2-tokenization", &["huggingface-tokenizers", "sentencepiece", "tiktoken"]),
    ("3-fine-tuning", &["axolotl", "trl", "llama-factory", "unsloth"]),
    ("4-peft", &["huggingface-peft"]),
    ("5-data-processing", &["nemo-curator"]),
    ("6-post-training", &["trl-alignment", "openrlhf", "verl"]),
    ("7-safety-alignment", &["nemo-guardrails", "constitutional-ai", "perspective-api"]),
    ("8-distributed-training", &["deepspeed", "pytorch-fsdp", "megatron-lm", "accelerate"]),
    ("9-infrastructure", &["pytorch-lightning", "ray-train", "composer"]),
    ("10-optimization", &["flash-attention", "bitsandbytes"]),
];

fn shipped() -> Vec<Entry> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("configs");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.is_file());
    catalog(files.map(|path| (path.clone(), std::fs::read_to_string(&path))))
}

fn configs() -> Vec<SiteConfig> {
    shipped().into_iter().map(|entry| entry.config.unwrap_or_else(|error| panic!("{error}"))).collect()
}

#[test]
fn all_29_load_and_stand_in_their_place() {
    let mut places: BTreeMap<String, String> = BTreeMap::new();
    for (folder, names) in TREE {
        places.extend(names.iter().map(|name| ((*name).to_owned(), folder.to_owned())));
    }
    assert_eq!(places.len(), 29);
    let shipped = shipped();
    let loaded: BTreeMap<String, String> = shipped
        .iter()
        .map(|entry| {
            let config = entry.config.as_ref().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(entry.path.file_stem().unwrap().to_str(), Some(entry.name.as_str()));
            assert!(entry.notes.is_empty(), "{}: {:?}", entry.name, entry.notes);
            let place = config.skill.library.clone().unwrap();
            assert!((1..=3).contains(&place.tier.unwrap()), "{}", entry.name);
            assert!((1..=6).contains(&place.phase.unwrap()), "{}", entry.name);
            (entry.name.clone(), place.folder.unwrap())
        })
        .collect();
    assert_eq!(loaded, places);
    // The most wanted stack comes first.
    let first: Vec<&str> = shipped[..5].iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(first, ["axolotl", "huggingface-peft", "llama-factory", "trl", "unsloth"]);
}

#[test]
fn descriptions_say_what_and_when_and_fit() {
    for config in configs() {
        let description = config.description.unwrap_or_else(|| panic!("{}", config.name));
        let is_fit = (80..=1024).contains(&description.chars().count()) && !description.contains(['<', '>']);
        assert!(is_fit && description.contains(" Use when "), "{}: {description}", config.name);
        for word in [" I ", " you ", " your ", " we ", " our "] {
            assert!(!description.to_lowercase().contains(word), "{}: {description}", config.name);
        }
    }
}

#[test]
fn hosts_are_asked_as_gently_as_they_deserve() {
    for config in configs() {
        let host = config.scope.base_url.host().to_owned();
        let least = if host == "huggingface.co" { 2000 } else { 500 };
        assert!(config.politeness.delay >= Duration::from_millis(least), "{}", config.name);
        assert_eq!(config.scope.max_pages, Some(500), "{}", config.name);
    }
}

#[test]
fn what_a_config_begins_with_is_in_its_scope() {
    for config in configs() {
        let scope = Scope::new(&config.scope).unwrap();
        match &config.scope.repository {
            Some(_) => assert_eq!(config.scope.base_url.host(), "github.com", "{}", config.name),
            None => {
                for seed in &config.scope.start_urls {
                    assert_eq!(scope.judge(seed), Judgement::InScope, "{}: {seed}", config.name);
                }
            }
        }
    }
}

#[test]
fn other_versions_are_left_out_and_pages_that_begin_like_them_are_not() {
    let configs = configs();
    let judge = |name: &str, url: &str| {
        let config = configs.iter().find(|config| config.name == name).unwrap();
        let url = skillcrawl::url::CanonicalUrl::parse(url).unwrap();
        Scope::new(&config.scope).unwrap().judge(&url) == Judgement::InScope
    };
    assert!(judge("trl", "https://huggingface.co/docs/trl/vllm_integration"));
    assert!(!judge("trl", "https://huggingface.co/docs/trl/v0.9.6/sft_trainer"));
    assert!(!judge("accelerate", "https://huggingface.co/docs/accelerate/main/en/index"));
    assert!(judge("trl-alignment", "https://huggingface.co/docs/trl/kto_trainer"));
    assert!(!judge("trl-alignment", "https://huggingface.co/docs/trl/sft_trainer"));
    assert!(judge("pytorch-fsdp", "https://docs.pytorch.org/docs/stable/distributed.fsdp.fully_shard.html"));
    assert!(!judge("pytorch-fsdp", "https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html"));
    assert!(!judge("deepspeed", "https://www.deepspeed.ai/2031/01/02/news.html"));
}
