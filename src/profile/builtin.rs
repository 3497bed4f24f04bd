//! The profiles that are part of the binary; a test keeps this list equal to the folder.

macro_rules! profile {
    ($name:literal) => {
        ($name, include_str!(concat!("../../selectors/", $name, ".toml")))
    };
}

/// Name and text of every file of `selectors/`.
pub(super) const BUILTIN: [(&str, &str); 18] = [
    profile!("docsify"),
    profile!("docusaurus"),
    profile!("generic"),
    profile!("github"),
    profile!("huggingface"),
    profile!("jekyll-minimal-mistakes"),
    profile!("mdbook"),
    profile!("mkdocs"),
    profile!("mkdocs-material"),
    profile!("pytorch-lightning"),
    profile!("quarto"),
    profile!("sphinx"),
    profile!("sphinx-furo"),
    profile!("sphinx-pydata"),
    profile!("sphinx-rtd"),
    profile!("starlight"),
    profile!("vitepress"),
    profile!("vuepress"),
];
