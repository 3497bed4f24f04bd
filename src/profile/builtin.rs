//! The profiles that are part of the binary; a test keeps this list equal to the folder.

macro_rules! profile {
    ($name:literal) => {
        ($name, include_str!(concat!("../../selectors/", $name, ".toml")))
    };
}

/// Name and text of every file of `selectors/`.
pub(super) const BUILTIN: [(&str, &str); 44] = [
    profile!("antora"),
    profile!("asciidoctor"),
    profile!("docsify"),
    profile!("docusaurus"),
    profile!("dokuwiki"),
    profile!("doxygen"),
    profile!("fern"),
    profile!("generic"),
    profile!("gitbook"),
    profile!("github"),
    profile!("huggingface"),
    profile!("hugo-docsy"),
    profile!("hugo-hextra"),
    profile!("javadoc"),
    profile!("jekyll-just-the-docs"),
    profile!("jekyll-minimal-mistakes"),
    profile!("jsdoc"),
    profile!("markdown"),
    profile!("mdbook"),
    profile!("mediawiki"),
    profile!("mintlify"),
    profile!("mkdocs"),
    profile!("mkdocs-material"),
    profile!("nextra"),
    profile!("nodejs"),
    profile!("pdoc"),
    profile!("pytorch-lightning"),
    profile!("quarto"),
    profile!("rdoc"),
    profile!("readme"),
    profile!("rustdoc"),
    profile!("sphinx"),
    profile!("sphinx-book"),
    profile!("sphinx-furo"),
    profile!("sphinx-nvidia"),
    profile!("sphinx-pydata"),
    profile!("sphinx-pytorch"),
    profile!("sphinx-rtd"),
    profile!("starlight"),
    profile!("typedoc"),
    profile!("vitepress"),
    profile!("vuepress"),
    profile!("yard"),
    profile!("zero-md"),
];
